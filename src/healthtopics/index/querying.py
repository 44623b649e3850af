"""From the words that people type to an expression of FTS5.

A topic must have all words of a query, except those that are common in the language or in the collection. If
few have all of them, those with some in their names or descriptions come after them. Words in the text of a
topic count while few topics have them in their names or descriptions, and never if all words are common.

Words that the texts of the language do not have are looked for in other ways: the last one as the beginning
of a word, then all of them among the names of topics in the other languages, then as words that begin alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import search_table
from healthtopics.index.stems import stem, words

MOST_WORDS: Final = 16
"""The words of a query that are looked for; those after them are ignored."""
_LONGEST: Final = 40
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
    is_partial: bool = False
    """Whether no topic has all words, as they are or in other forms."""


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
    given = [word[:_LONGEST] for word in islice(words(text), MOST_WORDS)]
    if not given:
        return None
    if all(len(word) == 1 for word in given):
        given = [" ".join(given)]  # d&c: letters say something only together
    own = _Side(index, language)
    core = _core(given, language, is_unfinished=is_unfinished)
    terms = own.terms(core, is_unfinished=is_unfinished)
    if not any(terms):
        for other in index.languages:
            if other != language and (plan := _plan_by_names(_Side(index, other, _NAMES, _NAMES), given)):
                return plan
    found = [term or own.alike(word) for word, term in zip(core, terms, strict=True)]
    plan = own.plan(given, core, found)
    return plan if plan is None or all(terms) else replace(plan, is_partial=True)


def _plan_by_names(side: "_Side", given: Sequence[str]) -> Plan | None:
    """Return how to find the names in another language; None unless all words are there."""
    core = _core(given, side.language)
    terms = side.terms(core)
    return side.plan(given, core, terms) if all(terms) else None


@dataclass(frozen=True, slots=True)
class _Side:
    """The index in one language."""

    index: TopicIndex
    language: str
    about: Sequence[str] = _ABOUT
    anywhere: Sequence[str] = _ALL

    def terms(self, core: Sequence[str], *, is_unfinished: bool = False) -> list[_Term | None]:
        """Return each word as a term; None for words that are nowhere."""
        last = len(core) - 1
        return [
            self._term(word, is_last=number == last, is_unfinished=is_unfinished and number == last)
            for number, word in enumerate(core)
        ]

    def _term(self, word: str, *, is_last: bool, is_unfinished: bool) -> _Term | None:
        about, anywhere = self._in(self.about, word), self._in(self.anywhere, word)
        is_known = self.has(anywhere)
        whole = _Term(about if self.has(about) else anywhere, anywhere)
        if is_known and not is_unfinished:
            return whole
        begun = self._begun(word) if is_last and len(word) >= _SHORTEST_BEGINNING else None
        if not is_known or not begun:
            return begun or (whole if is_known else None)
        return _Term(f"({whole.about} OR {begun.about})", f"({whole.anywhere} OR {begun.about})", word)

    def alike(self, word: str) -> _Term | None:
        """Return the names with words that begin like this one."""
        return self._begun(word[:_ALIKE]) if len(word) > _ALIKE else None

    def _begun(self, beginning: str) -> _Term | None:
        expression = f'{_columns(_NAMES)} : "{beginning}" *'
        return _Term(expression, expression, beginning) if self.has(expression) else None

    def _in(self, columns: Sequence[str], word: str) -> str:
        stemmed = _columns(columns, "_stems")
        return f'({_columns(columns)} : "{word}" OR {stemmed} : "{stem(word, self.language)}")'

    def plan(self, given: Sequence[str], core: Sequence[str], terms: Sequence[_Term | None]) -> Plan | None:
        """Return the plan for the terms that there are; None if there are none."""
        found = [term for term in terms if term]
        if not found:
            return None
        expression, first, is_partial = self._expression(found)
        whole, brief = (" ".join(stem(word, self.language) for word in each) for each in (given, core))
        phrases = (f'{_columns(_NAMES, "_stems")} : "{each}"' for each in {whole: 0, brief: 0} if " " in each)
        return Plan(
            language=self.language,
            expression=" OR ".join([f"({expression})", *phrases]),
            names=(whole, brief),
            begun=_begun_titles(given, core, terms, brief),
            stems=frozenset(stem(word, self.language) for word in core),
            beginnings=tuple(term.beginning for term in found if term.beginning),
            first=first,
            is_partial=is_partial or len(found) < len(terms),
        )

    def _expression(self, terms: Sequence[_Term]) -> tuple[str, tuple[int, ...], bool]:
        """Return what topics must have, the rows of those that come first, and whether none has all words."""
        rare = self._rare(terms)
        required = rare or terms
        about = " AND ".join(each.about for each in required)
        # Texts have common words all together, and comparing most texts would take too long.
        anywhere = " AND ".join(each.anywhere for each in required) if rare else about
        is_enough = self.has(about, _ENOUGH)
        all_words = f"({about if is_enough else anywhere})"
        first = () if is_enough or len(terms) == 1 else self._rows(anywhere, _FEW)
        if is_enough or len(terms) == 1 or len(first) == _FEW:
            # The common words count where they are in a name or description.
            return (
                (all_words if required == terms else f"{all_words} AND ({_some(terms)} OR {all_words})"),
                (),
                False,
            )
        # Each common word would add most topics, all of which would have to be compared.
        others = self._most(rare) or _some(rare or terms[-_MOST_OFFERED:])
        return f"{all_words} OR {others}", first, bool(rare) and not first

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


def common_words(language: str) -> frozenset[str]:
    """Return the words of a language that say little about a topic, such as articles."""
    return _listed(language.partition("-")[0])


@cache
def _listed(primary: str) -> frozenset[str]:
    path = files("healthtopics.index") / "stopwords" / f"{primary}.txt"
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()
