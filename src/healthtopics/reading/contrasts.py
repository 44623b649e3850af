"""Concepts that exclude each other: before and after, may and must, the left and the right ear.

`data/contrasts.json` has the sets, without words. The language files have the words of each concept:
accusers, which mean only that, and excuses, which may translate it. A word with `*` or `+` stands for all of
its forms, which `data/forms/<tag>.json` has; an excuse with `-` at its end for any word that begins so.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain, product
from typing import Final, NamedTuple, TypeAlias

from healthtopics.reading.members import Member
from healthtopics.reading.plain import without_accents
from healthtopics.schema import DATA

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST_VERB: Final = 6
"""The fewest letters of a verb with a pronoun after it."""


Place: TypeAlias = tuple[int, int]
_Phrases: TypeAlias = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]
"""By their second words: phrases with their concepts, the longest first."""


Saying: TypeAlias = tuple[int, int, tuple[str, ...]]
"""Where a word or a phrase begins and ends, and the concepts that it says."""


class Opener(NamedTuple):
    """A word that says concepts, or begins phrases that do."""

    start: int
    end: int
    alone: tuple[str, ...]
    """The concepts that it says alone."""
    longer: _Phrases
    """Phrases that begin with it, among them idioms, which say nothing."""

    def may_go_on(self, chunk: str) -> bool:
        """Return whether one of its phrases has all of a chunk of text from here to the space."""
        rest = chunk[self.start :]
        return any(phrase.startswith(rest) for phrases in self.longer.values() for phrase, _ in phrases)


def read_phrase(low: str, start: int, end: int, longer: _Phrases) -> tuple[int, tuple[str, ...]] | None:
    """Return the end of the phrase that begins with a word of a text, and its concepts."""
    following = _WORD.search(low, end)
    for phrase, concepts in longer.get(following[0], ()) if following else ():
        last = start + len(phrase)
        if low.startswith(phrase, start) and not low[last : last + 1].isalpha():
            return last, concepts
    return None


class SaidConcepts:
    """The concepts of a passage that its words surely say, with their places."""

    __slots__ = ("_language", "_words", "concepts", "start", "text")

    def __init__(
        self, concepts: Mapping[str, tuple[Place, ...]], text: str, start: int, language: "ContrastWords"
    ) -> None:
        self.concepts = concepts
        self.text = text
        """The passage in lower case."""
        self.start = start
        """Where it begins."""
        self._language = language
        self._words: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        """Its words, and its verbs without the pronouns after them."""
        if self._words is None:  # of few passages they are asked for
            self._words = frozenset(self._language.words(self.text))
        return self._words


@dataclass(frozen=True, slots=True)
class Excuse:
    """What may translate a concept."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    phrases: tuple[str, ...]

    def find(self, said: SaidConcepts, explained: frozenset[str]) -> Iterator[str]:
        """Yield each of them that a passage has, except among words that are explained otherwise."""
        words = said.words - explained
        yield from self.words & words
        yield from (each for each in self.phrases if each in said.text and each not in explained)
        if self.beginnings:
            yield from (word for word in words if word.startswith(self.beginnings))

    def is_in(self, said: SaidConcepts, explained: frozenset[str]) -> bool:
        """Return whether a passage has any of them, except among words that are explained otherwise."""
        return any(True for _ in self.find(said, explained))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronouns:
    """Pronouns at the end of verbs, in a language that writes them so: `tómelo`, `tomarlo`."""

    clitics: re.Pattern[str]
    """Matches them."""
    clitic_endings: tuple[str, ...]
    """How words end that may have them."""
    hosts: re.Pattern[str]
    """Matches a verb without an accent that may have them."""

    def without(self, word: str) -> str:
        """Return a verb without the pronouns after it and the accent they bring; empty if it has none."""
        if not word.endswith(self.clitic_endings) or len(word) < _SHORTEST_VERB:
            return ""
        stem = self.clitics.sub("", word, count=1)
        bare = without_accents(stem)
        return bare if stem != word and (bare != stem or self.hosts.search(stem)) else ""


@dataclass(frozen=True)
class ContrastWords:
    """The words of one language."""

    alone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that surely say concepts."""
    longer: Mapping[str, _Phrases] = field(default_factory=dict)
    """Phrases that do, and idioms, which say nothing, by their first words."""
    excuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What else may translate each concept, not yet in its forms: few are asked for."""
    forms: Mapping[str, str] = field(default_factory=dict)
    pronouns: "Pronouns | None" = None

    @classmethod
    def parse(
        cls, data: Member, idioms: Sequence[str], forms: Mapping[str, str], pronouns: "Pronouns | None"
    ) -> "ContrastWords":
        """Take what a language file says; raises LanguageDataError."""
        words = {concept: lists["words"].phrases() for concept, lists in data.items()}
        found: dict[str, dict[str, None]] = {phrase: {} for phrase in idioms}
        exact = {phrase for phrases in words.values() for phrase in phrases}.union(idioms)
        for concept, phrases in words.items():
            for phrase, form in chain.from_iterable(
                ((each, form) for form in _forms(each, forms)) for each in phrases
            ):
                # A form that is listed by itself means only that: `nada` is not one of `nadar`.
                if form == phrase or form not in exact:
                    found.setdefault(form, {})[concept] = None
        accusers = _with_last_words(found)
        return cls(
            _words_alone(accusers),
            _phrases(accusers),
            {concept: lists["also"].phrases() for concept, lists in data.items()},
            forms,
            pronouns,
        )

    @cached_property
    def _excuses(self) -> dict[str, Excuse]:
        return {}

    def excuse(self, concept: str) -> Excuse:
        """Return what else may translate a concept."""
        found = self._excuses.get(concept)
        if found is None:
            phrases = [form for each in self.excuses.get(concept, ()) for form in _forms(each, self.forms)]
            found = self._excuses[concept] = Excuse(
                frozenset(each for each in phrases if _WORD.fullmatch(each)),
                tuple(each[:-1] for each in phrases if each.endswith("-") and " " not in each),
                tuple(each.rstrip("-") for each in phrases if " " in each),
            )
        return found

    def _bare(self, word: str) -> str:
        """Return a word without what is joined to it: `mother's`, `tómelo`; empty if nothing is."""
        if word.endswith(("'s", "’s")):
            return word[:-2]
        return self.pronouns.without(word) if self.pronouns else ""

    def words(self, low: str) -> Iterator[str]:
        """Yield the words of a text in lower case, and what they are without what is joined to them."""
        for word in _WORD.findall(low):
            yield word
            if word not in self.alone and word not in self.longer and (bare := self._bare(word)):
                yield bare

    def openers(self, low: str) -> Iterator[Opener]:
        """Yield the words of a text in lower case that say concepts or begin phrases."""
        for match in _WORD.finditer(low):
            word = match[0]
            if word not in self.alone and word not in self.longer:
                word = self._bare(word)
            alone, longer = self.alone.get(word, ()), self.longer.get(word, _NONE)
            if alone or longer:
                yield Opener(*match.span(), alone, longer)

    def read(self, low: str, every: Sequence[Saying], start: int, end: int) -> SaidConcepts:
        """Return the concepts of a passage of a text in lower case that says these."""
        concepts: dict[str, tuple[Place, ...]] = {}
        for place, stop, said in every:
            if start <= place < end:
                for concept in said:
                    concepts[concept] = (*concepts.get(concept, ()), (place, stop))
        return SaidConcepts(concepts, low[start:end], start, self)


_NONE: Final[_Phrases] = {}


def _with_last_words(found: dict[str, dict[str, None]]) -> dict[str, dict[str, None]]:
    """Add what the last words of phrases say where that counts as well: `right ear`."""
    for phrase, concepts in found.items():
        if " " in phrase and any(sets_of_concepts()[concept].is_attribute for concept in concepts):
            concepts.update(found.get(phrase.rpartition(" ")[2], {}))
    return found


def _words_alone(found: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {phrase: tuple(concepts) for phrase, concepts in found.items() if " " not in phrase}


def _phrases(found: Mapping[str, Iterable[str]]) -> dict[str, _Phrases]:
    longer: dict[str, dict[str, list[tuple[str, tuple[str, ...]]]]] = {}
    for phrase in sorted((each for each in found if " " in each), key=len, reverse=True):
        head, second = _WORD.findall(phrase)[:2]
        longer.setdefault(head, {}).setdefault(second, []).append((phrase, tuple(found[phrase])))
    return dict(longer)


def _forms(phrase: str, forms: Mapping[str, str]) -> Iterator[str]:
    """Yield a phrase with its marked words in all their forms."""
    if "*" not in phrase and "+" not in phrase:
        yield phrase
        return
    every = [
        (word[:-1], *forms.get(word, "").split()) if word[-1] in "*+" else (word,) for word in phrase.split()
    ]
    yield from map(" ".join, product(*every))


class ContrastSet(NamedTuple):
    """Concepts of which only one can be meant."""

    name: str
    concepts: tuple[str, ...]
    is_deniable: bool
    """Whether a negation makes another concept of one: `do not stop` is `siga`."""
    near: tuple[frozenset[str], ...]
    """Two that may translate each other: should and must."""
    is_attribute: bool
    """Whether its phrases say what their last word says, too: `right ear`."""
    is_ordered: bool
    """Whether sentences that begin with two of them are orders that contradict each other: stop, continue."""


@cache
def contrast_sets() -> tuple[ContrastSet, ...]:
    """Return the sets of concepts that exclude each other."""
    data = json.loads((DATA / "contrasts.json").read_bytes())
    return tuple(
        ContrastSet(
            name,
            tuple(each["concepts"]),
            each["deniable"],
            tuple(map(frozenset, each.get("near", ()))),
            each.get("attribute", False),
            each.get("order", False),
        )
        for name, each in data.items()
    )


@cache
def sets_of_concepts() -> Mapping[str, ContrastSet]:
    """Return the set of each concept."""
    return {concept: each for each in contrast_sets() for concept in each.concepts}


class Exchange(NamedTuple):
    """A concept of the source that is another one of its set in the target."""

    set: ContrastSet
    lost: str
    come: str


IsTranslated: TypeAlias = Callable[[str, str], bool]
"""Returns whether a word has a counterpart in the other text, other than what says a concept there."""


def exchanged(
    source: SaidConcepts,
    target: SaidConcepts,
    words: tuple[ContrastWords, ContrastWords],
    are_translated: tuple[IsTranslated, IsTranslated],
) -> Iterator[Exchange]:
    """Yield each concept that the target says less often, with the one of its set that it says more often.

    A word that may translate the first excuses it, unless that word already stands for something else: it
    says another concept of both texts, or the other text has another counterpart for it, as it has for
    `prevent` in `evitar`. `are_translated` tells the latter of words of the source and of the target.
    """
    english, language = words
    sets = sets_of_concepts()
    lost: dict[str, list[str]] = {}
    for concept, places in source.concepts.items():
        if len(places) > len(target.concepts.get(concept, ())):
            lost.setdefault(sets[concept].name, []).append(concept)
    if not lost:
        return
    seen: set[str] = set()
    for come, places in target.concepts.items():
        each = sets[come]
        if each.name not in lost or each.name in seen or len(places) <= len(source.concepts.get(come, ())):
            continue
        for gone in lost[each.name]:
            # Excuses are asked last: few come so far. A word that says the one cannot excuse the other.
            if (
                {gone, come} not in each.near
                and _is_needless(
                    each, english.excuse(come), (source, target), (gone, come), are_translated[0]
                )
                and _is_needless(
                    each, language.excuse(gone), (target, source), (come, gone), are_translated[1]
                )
            ):
                seen.add(each.name)
                yield Exchange(each, gone, come)
                break


def _is_needless(
    concepts: ContrastSet,
    excuse: Excuse,
    texts: tuple[SaidConcepts, SaidConcepts],
    exchange: tuple[str, str],
    is_translated: IsTranslated,
) -> bool:
    """Return whether every word of a text that may excuse the exchange stands for something else."""
    rival, own = exchange
    return all(
        concepts.is_deniable and is_translated(word, own)
        for word in excuse.find(texts[0], _explained(*texts, rival, own))
    )


def _explained(said: SaidConcepts, other: SaidConcepts, rival: str, own: str) -> frozenset[str]:
    """Return the words of a passage that cannot excuse: they say the rival, or what other words say.

    A word beside the one in question says it as well: `persist` is in two sets, and so is `perdura`.
    """
    places = set(other.concepts[own])
    shared = (
        concept
        for concept in said.concepts.keys() & other.concepts.keys()
        if places.isdisjoint(other.concepts[concept])
    )
    phrases = [
        said.text[start - said.start : end - said.start]
        for concept in {rival, *shared}
        for start, end in said.concepts[concept]
    ]
    return frozenset(chain(phrases, *map(str.split, phrases)))
