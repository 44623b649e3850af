"""Where an entry of a catalogue comes from, if an importer wrote it: `# origin: medlineplus 3f2a9c…`.

The digest is of the entry as it was imported. While it fits, nobody has edited the entry since.
"""

import re
from typing import Final

from healthtopics import jsontext
from healthtopics.catalogue import Key

_ORIGIN: Final = re.compile(r"^origin: [a-z0-9-]+ ([0-9a-f]{16})$", re.MULTILINE)


def origin_of(key: Key, msgstr: str, source: str) -> str:
    """Return the line of the translator comment: the source (one word) and the digest of the entry."""
    return f"origin: {source} {_digest(key, msgstr)}"


def is_imported(comment: str, key: Key, msgstr: str) -> bool:
    """Tell whether the translator comment says that the entry was imported, and it is as it was then."""
    match = _ORIGIN.search(comment)
    return match is not None and match[1] == _digest(key, msgstr)


def _digest(key: Key, msgstr: str) -> str:
    return jsontext.digest(jsontext.canonical([key.msgctxt, key.msgid, msgstr]))[:16]
