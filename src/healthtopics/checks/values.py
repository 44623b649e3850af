"""What a check is, what it is given and what it finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from healthtopics.checks.comparison import Comparison, compare
from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.languages import Prose, is_known, prose_of
from healthtopics.reading.masking import is_usual, running, unquoted
from healthtopics.reading.plain import plain_text, words_of
from healthtopics.schema import MessageRule


class Need(StrEnum):
    """What a check must know of a translation; where that is unknown, it is not asked."""

    FORM = "form"
    """Only how the text is put together, so that it is asked of pseudo-languages too."""
    TOPIC = "topic"
    """The same, and which pages of the topic are translations of each other."""
    TEXT = "text"
    """A text in a language that somebody speaks."""
    WORDS = "words"
    """What the words of the language say about numbers, times and negation."""
    PROSE = "prose"
    """How the language is written."""
    GLOSSARY = "glossary"
    """A glossary of the language."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table of checks: an id, and all that depends on it."""

    id: str
    """Permanent and never reused."""
    of_message: "MessageCheck | None" = None
    """Yields what is wrong with one translation. Several checks may share a function; it runs once."""
    of_topic: "TopicCheck | None" = None
    """Yields what only all translations of a topic together show."""
    level: Level = Level.ERROR
    """Of most of its findings."""
    needs: Need = Need.TEXT
    is_dismissible: bool = True
    """Whether a translator may overrule it; a text with any other finding is never published."""
    formerly: tuple[str, ...] = ()
    """Former ids: comments that dismiss these dismiss this check."""
    doc: str = ""
    """What is wrong, in one sentence. The checks of this package have theirs in docs/checks.md."""

    def finding(self, message: str, hint: str = "", level: Level | None = None) -> "Finding":
        """Return a finding of this check; without a level it has that of the check."""
        return Finding(self, message, hint or self.doc, self.level if level is None else level)

    def is_dismissed(self, dismissed: frozenset[str]) -> bool:
        """Return whether a translator may overrule the check, and has done so."""
        return self.is_dismissible and not dismissed.isdisjoint((self.id, *self.formerly))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one translation."""

    row: Check
    message: str
    hint: str
    level: Level
    """An error holds the edition; a warning is for somebody to look at, and holds nothing."""

    @property
    def check(self) -> str:
        """The id of the check."""
        return self.row.id

    @property
    def is_unfit(self) -> bool:
        """Whether no text with it is ever published, not even imported text."""
        return not self.row.is_dismissible


@dataclass(frozen=True, slots=True)
class Twins:
    """Which address in the translation may stand for which one in the English text."""

    of: Mapping[str, frozenset[str]] = field(default_factory=dict)

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

    def stands_for(self, target: str, source: str) -> bool:
        """Return whether `target` in a translation is `source` of the English, or its twin."""
        return target == source or target in self.of.get(source, frozenset())


@dataclass(frozen=True)
class Pair:
    """A message with its translation, which is there and not fuzzy. What several checks need is read once."""

    rule: MessageRule
    msgid: str
    msgstr: str
    twins: Twins = Twins()
    language: LanguageTag = SOURCE
    """Of the translation."""
    glossary: Glossary | None = None
    """Of the translation's language, where there is one."""

    @cached_property
    def source(self) -> str:
        """The words of the English, without markup; one paragraph, item or heading a line."""
        return plain_text(self.rule, self.msgid)

    @cached_property
    def target(self) -> str:
        """The words of the translation in the same form; whatever looks like a tag is none of them."""
        return plain_text(self.rule, self.msgstr)

    @cached_property
    def source_words(self) -> frozenset[str]:
        """The words of the English, in lower case, those with digits left out."""
        return words_of(self.source)

    @cached_property
    def target_words(self) -> frozenset[str]:
        """The words of the translation in the same form."""
        return words_of(self.target)

    @cached_property
    def running(self) -> str:
        """The translation without addresses and placeholders, each overwritten."""
        return running(self.target)

    @cached_property
    def unquoted(self) -> str:
        """The same without quotations."""
        return unquoted(self.running)

    @cached_property
    def is_usual(self) -> bool:
        """Whether the translation has only characters that need no closer look."""
        return is_usual(self.target)

    @cached_property
    def comparison(self) -> Comparison:
        """What both texts say in numbers, times and denials; not to be changed.

        Broken markup cannot be distinguished from words: another check reports it, and nothing is compared.
        """
        has_tags = self.rule.markup == "block" or "<" in self.msgstr
        if self.rule.markup and has_tags and self.target == self.msgstr:
            return compare("", "", self.language)
        return compare(self.source, self.target, self.language)

    @cached_property
    def is_known(self) -> bool:
        """Whether the words of the language are known, or only its digits."""
        return is_known(self.language)

    @cached_property
    def prose(self) -> Prose:
        """How the language is written, for checks that need it. Raises LookupError where nobody knows."""
        prose = prose_of(self.language)
        if prose is None:
            raise LookupError(self.language)
        return prose

    @property
    def is_name(self) -> bool:
        """Whether the text names a page or an organisation, so that it may be what it is in English."""
        return bool(self.rule.languages) or self.rule.is_optional


MessageCheck: TypeAlias = Callable[[Pair], Iterable[Finding]]
TopicCheck: TypeAlias = Callable[[Sequence[Pair]], Iterable[tuple[Pair, Finding]]]
"""It is given all messages of a topic that have a translation, in document order."""


def links_of(document: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    """Yield every object of addresses by language (`links`, `pages`) anywhere in a document."""
    for name, value in document.items():
        if name in ("links", "pages") and isinstance(value, Mapping):
            yield value
        elif isinstance(value, Mapping):
            yield from links_of(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    yield from links_of(item)
