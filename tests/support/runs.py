"""Runs of words, to find sentences that are too near a source."""

import html
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

LENGTH: Final = 9
"""The number of words in a run."""

_ADDRESS: Final = re.compile(r"https?://\S+")
_TAG: Final = re.compile(r"<[^>]+>")
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words_in(text: str) -> list[str]:
    """Return the words of a text, case-folded, without tags, addresses and punctuation."""
    text = _ADDRESS.sub(" ", _TAG.sub("", text))
    return _WORD.findall(html.unescape(text).replace("’", "'").casefold())


def digests_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield every run of words in a text with its digest: 10 hex digits of the SHA-256 of the words."""
    words = words_in(text)
    for start in range(len(words) - LENGTH + 1):
        run = " ".join(words[start : start + LENGTH])
        yield sha256(run.encode()).hexdigest()[:10], run
