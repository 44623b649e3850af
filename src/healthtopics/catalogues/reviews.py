"""Who has read a translation beside the translator: `# reviewed: <name>, <day>, <digest>` in its comment.

The digest is that of `origin`: of msgctxt, msgid and msgstr. When either text changes, the mark holds no
longer, whichever tool changed it. `# translated: <name>, <day>, <digest>` says in the same way who wrote a
translation, where a workspace asks for reviews: the header names only who saved the file last (see
`translators`).
"""

import re
from email.utils import parseaddr
from typing import Final, NamedTuple

from healthtopics.catalogue import Key
from healthtopics.catalogues.origin import digest_of_texts

UNKNOWN: Final = "unknown"
"""The name of a translator whom nobody knows, and the day of a translation whose file has no valid date."""
_MARK: Final = re.compile(
    rf"(reviewed|translated): (.+), ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{UNKNOWN}), ([0-9a-f]{{16}})"
)


class Reviewed(NamedTuple):
    """Somebody has read both texts."""

    by: str
    day: str
    """ISO."""


def review_of(key: Key, msgstr: str, comment: str) -> Reviewed | None:
    """Return the last review of exactly these texts by somebody who did not write them; None if none is."""
    if "reviewed: " not in comment:
        return None
    translator = translator_of(key, msgstr, comment)
    found = [
        by_day
        for by_day in _marks("reviewed", key, msgstr, comment)
        if not is_same_person(by_day.by, translator)
    ]
    return found[-1] if found else None


def translator_of(key: Key, msgstr: str, comment: str) -> str:
    """Return who wrote exactly this translation, as far as the comment says; empty if it does not."""
    found = _marks("translated", key, msgstr, comment)
    return found[-1].by if found else ""


def with_review(comment: str, key: Key, msgstr: str, review: Reviewed) -> str:
    """Return a translator comment with a review of these texts, and without marks of former ones."""
    return _with_mark("reviewed", comment, key, msgstr, review)


def with_translator(comment: str, key: Key, msgstr: str, by: str, day: str) -> str:
    """Return a translator comment that says who wrote this translation."""
    return _with_mark("translated", comment, key, msgstr, Reviewed(by, day))


def without_outdated_marks(comment: str, key: Key, msgstr: str) -> str:
    """Return a translator comment without the marks of other texts than these."""
    if "reviewed: " not in comment and "translated: " not in comment:
        return comment
    digest = digest_of_texts(key, msgstr)
    return "\n".join(
        line for line in comment.split("\n") if not (match := _MARK.fullmatch(line)) or match[4] == digest
    )


def is_review_mark(line: str) -> bool:
    """Return whether a line of a translator comment is one of these marks."""
    return _MARK.fullmatch(line) is not None


def is_same_person(one: str, other: str) -> bool:
    """Return whether two names are one person's; each may have an address, `Ana Ruiz <ana@clinic.org>`."""
    (name, address), (other_name, other_address) = (_person(each) for each in (one, other))
    return bool((address and address == other_address) or (name and name == other_name))


def _person(text: str) -> tuple[str, str]:
    name, address = parseaddr(text) if "<" in text else (text, "")
    return " ".join((name or text).split()).casefold(), address.casefold()


def _marks(word: str, key: Key, msgstr: str, comment: str) -> list[Reviewed]:
    digest = digest_of_texts(key, msgstr)
    matches = filter(None, map(_MARK.fullmatch, comment.split("\n")))
    return [Reviewed(match[2], match[3]) for match in matches if match[1] == word and match[4] == digest]


def _with_mark(word: str, comment: str, key: Key, msgstr: str, mark: Reviewed) -> str:
    line = f"{word}: {' '.join(mark.by.split())}, {mark.day}, {digest_of_texts(key, msgstr)}"
    kept = without_outdated_marks(comment, key, msgstr)
    lines = [each for each in kept.split("\n") if not each.startswith(f"{word}: {UNKNOWN}, ")] if kept else []
    return "\n".join(lines if line in lines else [*lines, line])
