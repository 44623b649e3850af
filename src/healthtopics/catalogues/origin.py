"""Marks in translator comments that reveal whether somebody has edited a translation since.

`# origin: <source> <digest>` marks what an importer wrote, `# confirmed: <digest>.` what an update made
fuzzy and a translator had confirmed for the former English. The digest is the first 16 hex digits of the
SHA-256 of the canonical JSON of [msgctxt, msgid, msgstr].
"""

import re

from healthtopics import jsontext
from healthtopics.catalogue import Key

_ORIGIN = re.compile(r"origin: ([a-z0-9]+(?:-[a-z0-9]+)*) [0-9a-f]{16}")


def origin_of(key: Key, msgstr: str, source: str) -> str:
    """Return the line of the comment, without `# `, for a message that comes from `source` (a key)."""
    return f"origin: {source} {digest_of_texts(key, msgstr)}"


CONFIRMED = re.compile(r"confirmed: [0-9a-f]{16}\.?")
"""The comment of a translation that was confirmed for the former English; older ones have no full stop."""


def confirmation_of(key: Key, msgstr: str) -> str:
    """Return the line of the comment, without `# `, for a translation that is confirmed for a message."""
    return f"confirmed: {digest_of_texts(key, msgstr)}."


def is_as_confirmed(key: Key, msgstr: str, comment: str) -> bool:
    """Return whether the translator comment says that somebody had confirmed exactly this."""
    if "confirmed: " not in comment:
        return False
    line = confirmation_of(key, msgstr)
    return not {line, line.removesuffix(".")}.isdisjoint(comment.split("\n"))


def digest_of_texts(key: Key, msgstr: str) -> str:
    """Return a digest of a message and its translation: 16 hex digits."""
    return jsontext.short_digest([key.msgctxt, key.msgid, msgstr])


def is_as_imported(key: Key, msgstr: str, comment: str) -> bool:
    """Return whether the translator comment says that an importer wrote exactly this."""
    if "origin: " not in comment:
        return False
    return any(
        (match := _ORIGIN.fullmatch(line)) and line == origin_of(key, msgstr, match[1])
        for line in comment.split("\n")
    )


def without_origin(comment: str) -> str:
    """Return a translator comment without the mark."""
    return "\n".join(line for line in comment.split("\n") if not _ORIGIN.fullmatch(line))
