"""The translation memory of one language: the translations in all of its catalogues.

It contains nothing fuzzy or untranslated. Whether a translation fits another text is not checked here.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from healthtopics.catalogue import Catalogue, Key

_FEW: Final = 500
"""The number of texts compared for one look-up before more frequent words are ignored."""


class Remembered(NamedTuple):
    """One translation."""

    key: Key
    msgstr: str
    catalogue: str
    """The name of its catalogue: a topic's id, `vocabulary`."""
    is_imported: bool = False
    """Whether an importer wrote it and nobody has edited it since."""


class _Texts:
    """The English texts of one role, the shortest first."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = sorted(texts, key=lambda text: (len(text), text))
        self.lengths = [len(text) for text in self.texts]
        self.by_word: dict[str, list[int]] = {}
        """The indices of the texts that have a word, ascending."""
        for place, text in enumerate(self.texts):
            for word in _words(text):
                self.by_word.setdefault(word, []).append(place)

    def near(self, text: str, similarity: float) -> Iterator[str]:
        """Yield what may be similar: texts of a suitable length that share one of the rarer long words."""
        share = similarity / (
            2 - similarity
        )  # the shorter of two texts has at least this share of the longer
        first = bisect_left(self.lengths, int(len(text) * share))
        last = bisect_right(self.lengths, int(len(text) / share) + 1)
        postings = sorted((self.by_word.get(word, []) for word in _words(text)), key=len)
        found: set[int] = set() if postings else set(range(first, last))
        for places in postings:
            inside = places[bisect_left(places, first) : bisect_left(places, last)]
            if found and len(found) + len(inside) > _FEW:
                break
            found.update(inside)
        return (self.texts[place] for place in sorted(found))


def translations_in(catalogue: Catalogue) -> list[Remembered]:
    """Return what is remembered of a catalogue."""
    name = PurePosixPath(catalogue.path).stem
    return [
        Remembered(key, message.msgstr, name, message.is_imported)
        for key, message in catalogue.messages.items()
        if message.msgstr and not message.is_fuzzy
    ]


class Memory:
    """Translations by their English, exact or similar."""

    def __init__(self, translations: Iterable[Remembered] = ()) -> None:
        """Take the translations in all catalogues of one language, including the vocabulary's."""
        self._by_msgid: dict[str, list[Remembered]] = {}
        self._by_role: dict[str, set[str]] = {}
        for each in translations:
            self._by_msgid.setdefault(each.key.msgid, []).append(each)
            self._by_role.setdefault(each.key.role, set()).add(each.key.msgid)
        self._texts: dict[str, _Texts] = {}
        """The texts of the roles that have been asked for."""

    def exact(self, msgid: str) -> Sequence[Remembered]:
        """Return the translations of exactly this English, in any role."""
        return self._by_msgid.get(msgid, ())

    def similar(self, key: Key, similarity: float, limit: int = 10) -> list[tuple[float, Remembered]]:
        """Return translations of other English texts of the same role, with their similarity, best first.

        The similarity is from `similarity` to 1; texts that share a rare word with this one are compared.
        """
        role = key.role
        if role not in self._by_role:
            return []
        if role not in self._texts:
            self._texts[role] = _Texts(self._by_role[role])
        near = [text for text in self._texts[role].near(key.msgid, similarity) if text != key.msgid]
        best = process.extract(
            key.msgid, near, scorer=fuzz.ratio, processor=None, limit=limit, score_cutoff=similarity * 100
        )
        return [
            (score / 100, each)
            for text, score, _place in best
            for each in self._by_msgid[text]
            if each.key.role == role
        ]


EMPTY: Final = Memory()
"""The memory of a language without translations."""


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


_WORD = re.compile(r"\w{4,}")  # shorter ones are in nearly every text
