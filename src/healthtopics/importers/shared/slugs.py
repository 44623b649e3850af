"""Keys from names: lower-case words with dashes."""

import re
import unicodedata
from collections.abc import Collection
from itertools import chain, count

_FALLBACK = "topic"


def slug(
    name: str, longest: int, taken: Collection[str] = (), suffix: str = "", fallback: str = _FALLBACK
) -> str:
    """Return a key for a name, at most `longest` characters, cut between words, and not in `taken`.

    A key that is taken gets the suffix, or the first number from 2 on that makes it new. A name without a
    Latin letter or digit has the `fallback`.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    key = _cut(re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-") or fallback, longest)
    others = [suffix] if suffix else []
    candidates = chain(
        [key], (f"{_cut(key, longest - len(end) - 1)}-{end}" for end in chain(others, map(str, count(2))))
    )
    return next(candidate for candidate in candidates if candidate not in taken)


def _cut(key: str, longest: int) -> str:
    if len(key) <= longest:
        return key
    shorter = key[: longest + 1].rpartition("-")[0]
    return (shorter or key[:longest]).strip("-")
