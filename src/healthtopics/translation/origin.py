"""The mark of text that an importer wrote: it tells, later on, whether somebody has edited it since.

The mark is a translator comment of the entry, `# origin: <source> <digest>`; the digest is the first 16 hex
digits of the SHA-256 of the canonical JSON of [msgctxt, msgid, msgstr].
"""

import re

from healthtopics import jsontext
from healthtopics.catalogue import Key

_ORIGIN = re.compile(r"origin: ([a-z0-9]+(?:-[a-z0-9]+)*) [0-9a-f]{16}")


def origin_of(key: Key, msgstr: str, source: str) -> str:
    """Return the line of the comment, without `# `, for a message that comes from `source` (a key)."""
    digest = jsontext.digest(jsontext.canonical([key.msgctxt, key.msgid, msgstr]))
    return f"origin: {source} {digest[:16]}"


def is_as_imported(key: Key, msgstr: str, comment: str) -> bool:
    """Tell whether the translator comment says that an importer wrote just this."""
    if "origin: " not in comment:
        return False
    return any(
        (match := _ORIGIN.fullmatch(line)) and line == origin_of(key, msgstr, match[1])
        for line in comment.split("\n")
    )


def without_origin(comment: str) -> str:
    """Return a translator comment without the mark."""
    return "\n".join(line for line in comment.split("\n") if not _ORIGIN.fullmatch(line))
