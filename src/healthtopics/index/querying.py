"""From the words that people type to an expression of FTS5.

A topic must have all words of a query, except those that are common in the language or in the collection. If
few have all of them, those with some in their names or descriptions come after them. Words in the text of a
topic count while few topics have them in their names or descriptions, and never if all words are common.

Words that the texts of the language do not have are looked for in other ways: the last one as the beginning
of a word, then all of them among the names of topics in the other languages. If that fails, they are taken
for misspelled, in the language, then in the others. Last, words that begin alike count.

A query that is the name of a group finds its topics, too. One with some words of the name does if none of
them is elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import search_table
from healthtopics.index.spelling import nearest_word
from healthtopics.index.stems import stem, words

MOST_WORDS: Final = 16
"""The words of a query that are looked for; those after them are ignored."""
LONGEST_WORD: Final = 40
"""In characters; of longer words, the first ones count."""

_NAMES: Final = ("title", "names", "terms")
_ABOUT: Final = (*_NAMES, "description")
_ALL: Final = (*_ABOUT, "headings", "text")

_ENOUGH: Final = 50
"""If so many topics have all words in names and descriptions, those that only mention them are left out."""
_FEW: Final = 10
"""If fewer topics have all words, those that have some are found, too."""
_ALL_BUT_ONE: Final = range(3, 9)
"""Of so many words a topic that lacks some needs all but one, if there is such a topic."""
_COMMON: Final = 5
"""A word that more than one topic in so many has need not be there: symptoms, treatment."""
_MOST_OFFERED: Final = 2
"""If all words are common, the last ones, which topics need not have together."""
_SHORTEST_BEGINNING: Final = 2
"""The letters of an unfinished word."""
_ALIKE: Final = 4
"""Words that share so many first letters are alike; only longer words are compared."""
_MOST_RESPELLED: Final = 4
"""The words of a query that may be misspelled: each is compared with all known ones."""
_NOTHING: Final = '""'
"""The expression that no topic matches."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask the index."""

    language: str
    """Whose table for search the expression is for."""
    expression: str
    names: tuple[str, ...]
    """The stems of the whole query, and without its common words: a topic of this name comes first."""
    begun: str
    """The expression for titles that begin with the query, in any form and without its common words."""
    stems: frozenset[str]
    beginnings: tuple[str, ...]
    """What marks the words in a text."""
    first: tuple[int, ...] = ()
    """The rows that come before the others; none if all have the same claim."""
    whole: str = ""
    """The expression for all words, in any form; empty if every topic that is found has them."""
    is_partial: bool = False
    """Whether no topic has all words."""
    groups: tuple[str, ...] = ()
    """The groups whose topics are found, too, after the others."""
    respelled: Mapping[str, str] = field(default_factory=dict)
    """What is looked for instead of misspelled words; all of them folded."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of the query as expressions."""

    about: str
    """In a name or description; anywhere, if no topic has it there."""
    anywhere: str
    beginning: str = ""
    """What words begin with; empty if they must be whole."""


def plan_search(index: TopicIndex, text: str, language: str, *, is_unfinished: bool = False) -> Plan | None:
    """Return how to find topics by a text, whatever it contains; None if the index has nothing like it.

    `is_unfinished` says that the last word is still being typed.
    """
    given = _given(text)
    if not given:
        return None
    own = _Side(index, language)
    typed = own.read(given, is_unfinished=is_unfinished)
    groups = _groups_named(index, given)
    if typed.is_complete or groups:
        return own.plan(typed, groups)
    return _plan_otherwise(typed) if typed.is_empty else own.plan(own.respell(typed))


def _given(text: str) -> list[str]:
    found = [word[:LONGEST_WORD] for word in islice(words(text), MOST_WORDS)]
    # d&c: letters say something only together.
    return [" ".join(found)] if found and all(len(word) == 1 for word in found) else found


def _plan_otherwise(typed: "_Reading") -> Plan | None:
    """Return how to find topics by words of which none is anywhere in the language."""
    own = typed.side
    others = [_Side(own.index, each, _NAMES, _NAMES) for each in own.index.languages if each != own.language]
    foreign = [side.read(typed.given) for side in others]
    if found := _complete(foreign):
        return found.side.plan(found)
    if groups := _groups_named(own.index, typed.given, is_part=True):
        return own.plan(typed, groups)
    meant = own.respell(typed)
    if not meant.is_complete:
        meant = _complete(each.side.respell(each) for each in foreign) or meant
    return meant.side.plan(meant)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The words of a query as one side understands them; all of them folded."""

    side: "_Side"
    given: Sequence[str]
    core: Sequence[str]
    """Those that say something."""
    terms: Sequence[_Term | None]
    """Those of the core; None for words that are nowhere."""
    is_unfinished: bool
    respelled: Mapping[str, str] = field(default_factory=dict)
    """Which words are among these instead of those that were typed."""

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words that say something."""
        return frozenset(stem(word, self.side.language) for word in self.core)

    @property
    def is_complete(self) -> bool:
        """Whether all words are somewhere."""
        return all(self.terms)

    @property
    def is_empty(self) -> bool:
        """Whether none is anywhere."""
        return not any(self.terms)


def _complete(readings: Iterable[_Reading]) -> _Reading | None:
    return next((each for each in readings if each.is_complete), None)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What topics must have, as expressions."""

    all_words: str
    """All words, in the columns that count."""
    others: str = ""
    """Some of the words; empty if topics with all of them are enough."""
    whole: str = ""
    """As in the plan."""
    first: tuple[int, ...] = ()
    """The rows of topics with all words, if others are wanted, too."""


@dataclass(frozen=True, slots=True)
class _Side:
    """The index in one language."""

    index: TopicIndex
    language: str
    about: Sequence[str] = _ABOUT
    anywhere: Sequence[str] = _ALL

    def read(self, given: Sequence[str], *, is_unfinished: bool = False) -> _Reading:
        """Return how the words of a query are understood."""
        core = _core(given, self.language, is_unfinished=is_unfinished)
        last = len(core) - 1
        terms = [
            self._term(word, is_last=number == last, is_unfinished=is_unfinished and number == last)
            for number, word in enumerate(core)
        ]
        return _Reading(self, given, core, terms, is_unfinished)

    def respell(self, reading: _Reading) -> _Reading:
        """Return a reading of this side with known words instead of misspelled ones."""
        unknown = [word for word, term in zip(reading.core, reading.terms, strict=True) if not term]
        near = {word: nearest_word(self.index, word, self.language) for word in unknown[:_MOST_RESPELLED]}
        respelled = {word: known for word, known in near.items() if known}
        given = [respelled.get(word, word) for word in reading.given]
        return replace(self.read(given, is_unfinished=reading.is_unfinished), respelled=respelled)

    def _term(self, word: str, *, is_last: bool, is_unfinished: bool) -> _Term | None:
        about, anywhere = self._in(self.about, word), self._in(self.anywhere, word)
        is_known = self.has(anywhere)
        is_about = is_known and (about == anywhere or self.has(about))
        whole = _Term(about if is_about else anywhere, anywhere)
        if is_known and not is_unfinished:
            return whole
        begun = self._begun(word) if is_last and len(word) >= _SHORTEST_BEGINNING else None
        if not is_known or not begun:
            return begun or (whole if is_known else None)
        return _Term(f"({whole.about} OR {begun.about})", f"({whole.anywhere} OR {begun.about})", word)

    def _with_alike(self, reading: _Reading) -> list[_Term | None]:
        """Return the terms, and names with words that begin alike for words that are nowhere."""
        return [
            term or (self._begun(word[:_ALIKE]) if len(word) > _ALIKE else None)
            for word, term in zip(reading.core, reading.terms, strict=True)
        ]

    def _begun(self, beginning: str) -> _Term | None:
        expression = f'{_columns(_NAMES)} : "{beginning}" *'
        return _Term(expression, expression, beginning) if self.has(expression) else None

    def _in(self, columns: Sequence[str], word: str) -> str:
        stemmed = _columns(columns, "_stems")
        return f'({_columns(columns)} : "{word}" OR {stemmed} : "{stem(word, self.language)}")'

    def plan(self, reading: _Reading, groups: tuple[str, ...] = ()) -> Plan | None:
        """Return the plan for a reading and the topics of groups; None if it would find nothing."""
        terms = reading.terms if groups else self._with_alike(reading)
        found = [term for term in terms if term]
        if not found and not groups:
            return None
        wanted = self._wanted(found)
        if groups:  # its name is meant, and not topics with some of the words
            wanted = _Wanted(wanted.all_words if reading.is_complete else _NOTHING)
        elif not reading.is_complete:
            wanted = replace(wanted, whole=_NOTHING)
        whole, brief = (self._stems(each) for each in (reading.given, reading.core))
        phrases = (f'{_columns(_NAMES, "_stems")} : "{each}"' for each in {whole: 0, brief: 0} if " " in each)
        return Plan(
            language=self.language,
            expression=" OR ".join(filter(None, (f"({wanted.all_words})", wanted.others, *phrases))),
            names=(whole, brief),
            begun=_begun_titles(reading.given, reading.core, terms, brief),
            stems=reading.stems,
            beginnings=tuple(term.beginning for term in found if term.beginning),
            first=wanted.first,
            whole=wanted.whole,
            is_partial=bool(wanted.whole) and not self.has(wanted.whole),
            groups=groups,
            respelled=reading.respelled,
        )

    def _stems(self, given: Sequence[str]) -> str:
        return " ".join(stem(word, self.language) for word in given)

    def _wanted(self, terms: Sequence[_Term]) -> _Wanted:
        """Return what topics must have of some words; nothing matches if there are none."""
        if not terms:
            return _Wanted(_NOTHING)
        rare = self._rare(terms)
        required = rare or terms
        about = " AND ".join(each.about for each in required)
        # Texts have common words all together, and comparing most texts would take too long.
        whole = " AND ".join(each.anywhere for each in required)
        anywhere = whole if rare else about
        is_enough = self.has(about, _ENOUGH)
        all_words = f"({about if is_enough else anywhere})"
        first = () if is_enough or len(terms) == 1 else self._rows(anywhere, _FEW)
        if is_enough or len(terms) == 1 or len(first) == _FEW:
            # The common words count where they are in a name or description.
            return _Wanted(
                all_words if required == terms else f"{all_words} AND ({_some(terms)} OR {all_words})"
            )
        # Each common word would add most topics, all of which would have to be compared.
        others = self._most(rare) or _some(rare or terms[-_MOST_OFFERED:])
        return _Wanted(all_words, others, whole, first)

    def _rare(self, terms: Sequence[_Term]) -> Sequence[_Term]:
        """Return the words that are not common in the collection; one word alone never is."""
        return [each for each in terms if not self._is_common(each)] if len(terms) > 1 else terms

    def _most(self, terms: Sequence[_Term]) -> str:
        """Return the expression for all words but one; empty if no topic has them."""
        if len(terms) not in _ALL_BUT_ONE:
            return ""
        without_one = (
            " AND ".join(each.about for each in terms if each is not left_out) for left_out in terms
        )
        expression = " OR ".join(f"({each})" for each in without_one)
        return expression if self.has(expression) else ""

    def _is_common(self, term: _Term) -> bool:
        most = self.index.edition_counts.get(self.language, 0) // _COMMON
        return self.has(term.anywhere, most + 1)

    def has(self, expression: str, least: int = 1) -> bool:
        """Return whether so many topics match."""
        table = search_table(self.language)
        query = f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1 OFFSET ?"  # noqa: S608 - our table
        return bool(self.index.rows(query, (expression, least - 1)))

    def _rows(self, expression: str, most: int) -> tuple[int, ...]:
        table = search_table(self.language)
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?"  # noqa: S608 - our table
        return tuple(row for (row,) in self.index.rows(query, (expression, most)))


def _begun_titles(
    given: Sequence[str], core: Sequence[str], terms: Sequence[_Term | None], stems: str
) -> str:
    """Return the expression for titles that begin with a query, its core, or its stems.

    Of words that are nowhere, the beginnings count.
    """
    known = " ".join((term.beginning if term else "") or word for word, term in zip(core, terms, strict=True))
    begun = (f'{{title}} : ^ "{each}" *' for each in {" ".join(given): 0, known: 0})
    return " OR ".join([*begun, f'{{title_stems}} : ^ "{stems}"'])


def _some(terms: Sequence[_Term]) -> str:
    return " OR ".join(each.about for each in terms)


def _columns(names: Sequence[str], suffix: str = "") -> str:
    return f"{{{' '.join(f'{name}{suffix}' for name in names)}}}"


def _core(given: Sequence[str], language: str, *, is_unfinished: bool = False) -> list[str]:
    """Return the words without the common ones of the language; all of them if there are no others.

    A letter at the end is a name, as in hepatitis A, and an unfinished word may become another one.
    """
    common = common_words(language)
    *first, last = given
    kept = [word for word in first if word not in common]
    is_kept = last not in common or is_unfinished or (len(last) == 1 and bool(first))
    return [*kept, last] if is_kept else kept or list(given)


def _groups_named(index: TopicIndex, given: Sequence[str], *, is_part: bool = False) -> tuple[str, ...]:
    """Return the groups with this name in any language; with `is_part`, those that have it in their name."""
    found: dict[str, None] = {}
    for group, language, label in index.kept("SELECT id, language, label FROM groups ORDER BY position"):
        asked, name = (
            frozenset(stem(word, language) for word in _core(each, language))
            for each in (given, list(words(label)))
        )
        if asked == name or (is_part and asked < name):
            found[group] = None
    return tuple(found)


def common_words(language: str) -> frozenset[str]:
    """Return the words of a language that say little about a topic, such as articles."""
    return _listed(language.partition("-")[0])


@cache
def _listed(primary: str) -> frozenset[str]:
    path = files("healthtopics.index") / "stopwords" / f"{primary}.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
