"""Checks, their input and their findings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from healthtopics.checks.alignment import Aligned, align
from healthtopics.checks.comparison import Comparison, compare
from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.reading.languages import Prose, is_known, prose_of
from healthtopics.reading.masking import is_usual, running, unquoted
from healthtopics.reading.plain import plain_text, words_of
from healthtopics.schema import MessageRule


class Need(StrEnum):
    """What a check must know about a translation; where it is unknown, the check is skipped."""

    FORM = "form"
    """Only the form of the text, so that pseudo-languages are checked too."""
    TOPIC = "topic"
    """The form, and which pages of the topic are translations of each other."""
    TEXT = "text"
    """A text in a real language."""
    WORDS = "words"
    """The words of the language for numbers, times and negation."""
    PROSE = "prose"
    """The rules for writing the language."""
    GLOSSARY = "glossary"
    """A glossary of the language."""


class Spot(NamedTuple):
    """Where something is in a text: characters of its words without markup, or elements of its markup."""

    start: int
    end: int
    of: str = "words"
    """Or "markup"."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table of checks: an id, and everything that depends on it."""

    id: str
    """Permanent and never reused."""
    of_message: "MessageCheck | None" = None
    """Yields the findings on one translation. Several checks may share a function; it runs once."""
    of_topic: "TopicCheck | None" = None
    """Yields the findings on all translations of a topic together."""
    level: Level = Level.ERROR
    """The level of most of its findings."""
    needs: Need = Need.TEXT
    is_dismissible: bool = True
    """Whether a translator may overrule it; a text with any other finding is never published."""
    formerly: tuple[str, ...] = ()
    """Former ids: comments that dismiss these dismiss this check."""
    doc: str = ""
    """What is wrong, in one sentence. The checks of this package have theirs in docs/checks.md."""

    def finding(
        self,
        message: str,
        hint: str = "",
        level: Level | None = None,
        *,
        english: tuple[int, int] | Spot | None = None,
        translation: tuple[int, int] | Spot | None = None,
    ) -> "Finding":
        """Return a finding of this check on a place of either text, by default with the check's own level."""
        return Finding(
            self,
            message,
            hint or self.doc,
            self.level if level is None else level,
            english and Spot(*english),
            translation and Spot(*translation),
        )

    def is_dismissed(self, dismissed: frozenset[str]) -> bool:
        """Return whether the check is dismissible and one of its ids is dismissed."""
        return self.is_dismissible and not dismissed.isdisjoint((self.id, *self.formerly))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one translation."""

    row: Check
    message: str
    hint: str
    level: Level
    """An error holds the edition; a warning asks somebody to look at it, and holds nothing."""
    english: Spot | None = None
    """What it is about: of findings on one place, the strongest is shown."""
    translation: Spot | None = None

    @property
    def check(self) -> str:
        """The id of the check."""
        return self.row.id

    @property
    def is_unfit(self) -> bool:
        """Whether a text with this finding is never published, not even imported text."""
        return not self.row.is_dismissible

    def at(self, path: str, line: int | None, *, pointer: str = "") -> Problem:
        """Return the finding as a problem of a file."""
        return Problem(
            check=self.check,
            level=self.level,
            path=path,
            line=line,
            pointer=pointer,
            message=self.message,
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True)
class Twins:
    """Which address in the translation may replace which one in the English text."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    beyond: "Twins | None" = None
    """Further ones, which yield to these: those of the whole workspace."""

    @classmethod
    def from_links(cls, links: Iterable[Mapping[str, str]], language: str) -> "Twins":
        """Collect from objects {language: URL}: every other address may become the one in `language`."""
        found: dict[str, set[str]] = {}
        for group in links:
            twin = group.get(language)
            for tag, url in group.items():
                if twin and tag != language:
                    found.setdefault(url, set()).add(twin)
        return cls({url: frozenset(twins) for url, twins in found.items()})

    def over(self, beyond: "Twins | None") -> "Twins":
        """Return these, and others that yield to them."""
        return replace(self, beyond=beyond)

    def stands_for(self, target: str, source: str) -> bool:
        """Return whether `target` in a translation is `source` in the English, or its twin."""
        if target == source or target in self.of.get(source, ()):
            return True
        return self.beyond is not None and self.beyond.stands_for(target, source)

    def find(self, source: str) -> str | None:
        """Return the twin of an address; None if there is none, or if nothing says which one of several."""
        twins = self.of.get(source)
        if twins is None:
            return self.beyond.find(source) if self.beyond else None
        return next(iter(twins)) if len(twins) == 1 else None


@dataclass(frozen=True)
class Pair:
    """A message with a translation that is not fuzzy. What several checks need is read once."""

    rule: MessageRule
    msgid: str
    msgstr: str
    twins: Twins = Twins()
    language: LanguageTag = SOURCE
    """The language of the translation."""
    glossary: Glossary | None = None
    """The glossary of that language, if there is one."""
    emergency_numbers: tuple[str, ...] = ()
    """What readers call in an emergency; empty if the region is not known."""

    @cached_property
    def source(self) -> str:
        """The words of the English, without markup; one paragraph, item or heading a line."""
        return plain_text(self.rule, self.msgid)

    @cached_property
    def target(self) -> str:
        """The words of the translation in the same form, without anything that looks like a tag."""
        return plain_text(self.rule, self.msgstr)

    @cached_property
    def source_words(self) -> frozenset[str]:
        """The words of the English, in lower case, except those with digits."""
        return words_of(self.source)

    @cached_property
    def target_words(self) -> frozenset[str]:
        """The words of the translation in the same form."""
        return words_of(self.target)

    @cached_property
    def running(self) -> str:
        """The translation with addresses and placeholders overwritten."""
        return running(self.target)

    @cached_property
    def unquoted(self) -> str:
        """The running translation without quotations."""
        return unquoted(self.running)

    @cached_property
    def is_usual(self) -> bool:
        """Whether the translation has only characters that need no closer look."""
        return is_usual(self.target)

    @cached_property
    def comparison(self) -> Comparison:
        """The differences in numbers, times and denials; must not be changed.

        Broken markup cannot be distinguished from words: another check reports it, and nothing is compared.
        """
        has_tags = self.rule.markup == "block" or "<" in self.msgstr
        if self.rule.markup and has_tags and self.target == self.msgstr:
            return compare("", "", self.language)
        return compare(self.source, self.target, self.language)

    @cached_property
    def aligned(self) -> Sequence[Aligned]:
        """The sentences of both texts, side by side."""
        return align(self.comparison, self.language, is_free=self.rule.markup == "block")

    @cached_property
    def source_concepts(self) -> frozenset[str]:
        """The concepts of the English that exclude others."""
        return frozenset(concept for each in self.aligned for concept in each.said[0].concepts)

    @cached_property
    def target_concepts(self) -> frozenset[str]:
        """Those of the translation."""
        return frozenset(concept for each in self.aligned for concept in each.said[1].concepts)

    @cached_property
    def is_known(self) -> bool:
        """Whether the words of the language are known, and not only its digits."""
        return is_known(self.language)

    @cached_property
    def prose(self) -> Prose:
        """The rules for writing the language. Raises LookupError if there are none."""
        prose = prose_of(self.language)
        if prose is None:
            raise LookupError(self.language)
        return prose

    @property
    def is_name(self) -> bool:
        """Whether the text names a page or an organization, so that it may be the same as in English."""
        return bool(self.rule.languages) or self.rule.is_optional


MessageCheck: TypeAlias = Callable[[Pair], Iterable[Finding]]
TopicCheck: TypeAlias = Callable[[Sequence[Pair]], Iterable[tuple[Pair, Finding]]]
"""A function of all messages of a topic that have a translation, in document order."""


def links_of(document: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield every object of addresses by language (`links`, `pages`) anywhere in a document."""
    for name, value in document.items():
        if isinstance(value, dict):
            if name in ("links", "pages"):
                yield value
            else:
                yield from links_of(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    yield from links_of(item)
