"""The words in names of topics that are spelled almost like one that no topic has."""

from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import search_table
from healthtopics.index.stems import WORD, fold

_MOST_MISTAKES: Final = ((8, 2), (4, 1))
"""From so many letters on, so many mistakes; the longest first. A mistake is a letter that is missing, wrong
or one too many, or two that are exchanged: the optimal string alignment distance."""
_SHORT: Final = 6
"""Of words with fewer letters the first one must be right: too many words are near them."""
_DISORDERED: Final = 2
"""So many mistakes may be in a word of all the right letters in a wrong order: `athsma`."""
_COMPARED: Final = 20
"""The number of words, with the fewest mistakes, of which the first letters are compared."""


def nearest_word(index: TopicIndex, word: str, language: str) -> str:
    """Return the word of a name that takes the fewest mistakes to become a folded one; empty if none is near.

    Of equally near words, one with the same first letter comes first, then the more frequent one.
    """
    most = next((mistakes for length, mistakes in _MOST_MISTAKES if len(word) >= length), 0)
    if not most:
        return ""
    known = index.vocabulary(language)
    cutoff = max(most, _DISORDERED)
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=cutoff, limit=_COMPARED)
    ranked = (
        (distance, near[0] != word[0], place, near)
        for near, distance, place in found
        if (len(word) >= _SHORT or near[0] == word[0]) and (distance <= most or sorted(near) == sorted(word))
    )
    return min(ranked, default=("",))[-1]


def as_written(index: TopicIndex, word: str, language: str) -> str:
    """Return a folded word as a name in the index has it, with its accents; itself, if none does."""
    table = search_table(language)
    rows = index.rows(
        f"SELECT title, names, terms FROM {table} WHERE {table} MATCH ? ORDER BY rowid LIMIT 1",  # noqa: S608 - our table
        (f'{{title names terms}} : "{word}"',),
    )
    texts = (text or "" for row in rows for text in row)
    written = (each.lower() for text in texts for each in WORD.findall(text) if fold(each) == word)
    return next(written, word)
