"""What a check is given and what it says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.plain import plain_text, words_of
from healthtopics.schema import MessageRule


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one translation."""

    check: str
    message: str
    hint: str = ""
    level: Level = Level.ERROR
    """An error holds the edition; a warning is for somebody to look at, and holds nothing."""


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
        """Tell whether `target` in a translation is `source` of the English, or its twin."""
        return target == source or target in self.of.get(source, frozenset())


@dataclass(frozen=True)
class Pair:
    """A message with its translation, which is there and not fuzzy."""

    rule: MessageRule
    msgid: str
    msgstr: str
    twins: Twins = Twins()
    language: LanguageTag = SOURCE
    """Of the translation; checks that know a language are silent in all others."""
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

    @property
    def is_name(self) -> bool:
        """Whether the text names a page or an organisation, so that it may be what it is in English."""
        return bool(self.rule.languages) or self.rule.is_optional


MessageCheck: TypeAlias = Callable[[Pair], Iterable[Finding]]
CatalogueCheck: TypeAlias = Callable[[Sequence[Pair]], Iterable[tuple[Pair, Finding]]]


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked of translations that are there and not fuzzy."""

    of_message: Sequence[MessageCheck] = ()
    of_form: Sequence[MessageCheck] = ()
    """Those of the former that ask nothing of the words, as a pseudo-language has none."""
    of_catalogue: Sequence[CatalogueCheck] = ()
    """Each is given all messages of a topic that have a translation, in document order."""


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
