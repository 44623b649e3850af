"""The documents of topics as in production, and every check that production runs on them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from healthtopics.formats.format import CheckContext, Exported, Format, Version
from healthtopics.formats.table import OWN, format_named
from healthtopics.problems import Problem
from healthtopics.topic import LocalizedTopic
from healthtopics.validation.expected import Expected, expect
from healthtopics.validation.exports import check_editions, check_exported
from support.collections import Judgements

FORMATS: Final = tuple(OWN)
Facts = tuple[str, str]
"""Format and language."""

_MOMENT: Final = "2026-11-20T12:00:00Z"


def marked(format_: str, document: Exported) -> Exported:
    """Return a document with the versions of its content."""
    versioning = format_named(format_).versioning
    if versioning is None:
        return document
    found: Exported = versioning.mark(document, _since)
    return found


def _since(_key: str, digest_at: Callable[[str], str]) -> Version:
    return Version(_MOMENT, digest_at(_MOMENT))


@dataclass(frozen=True)
class TopicExports:
    """All documents of one topic, and what they are checked against."""

    topic: str
    documents: Mapping[Facts, Exported]
    localized: Mapping[str, LocalizedTopic]
    expected: Mapping[Facts, Expected]
    defined: Mapping[str, Any]

    def problems(self, changed: Mapping[Facts, Exported] | None = None) -> list[Problem]:
        """Return what production reports of the documents, or of those that are changed.

        Production compares them with all formats; here only with their own, which finds less and is faster.
        """
        formats = FORMATS if changed is None else {name for name, _ in changed}
        documents = {facts: each for facts, each in self.documents.items() if facts[0] in formats}
        documents |= changed or {}
        if found := self.problems_alone(documents if changed is None else changed):
            return found  # production compares them, too, but one error is enough
        return check_editions(documents, self.topic, (), expected=self.expected, is_free=self.is_free)

    def problems_alone(self, documents: Mapping[Facts, Exported]) -> list[Problem]:
        """Return what is wrong with each of some documents by itself."""
        found: list[Problem] = []
        for (name, language), document in documents.items():
            context = CheckContext(topic=self.localized[language], defined=self.defined[name])
            format_ = format_named(name)
            found += check_exported(format_, document, format_.artifact(language, self.topic), context)
        return found

    @property
    def is_free(self) -> bool:
        """Return whether each language has its own sections."""
        return any(each.extra.get("unit") == "topic" for each in self.localized.values())


def export(judgements: Judgements, topics: Iterable[str]) -> Iterator[TopicExports]:
    """Yield the documents of topics: every published edition in every format."""
    defined = {name: _define(format_named(name), judgements) for name in FORMATS}
    for topic in topics:
        documents: dict[Facts, Exported] = {}
        expected: dict[Facts, Expected] = {}
        languages = [str(language) for language in judgements.outcome.cards.get(topic, ())]
        localized = {language: judgements.localized(topic, language) for language in languages}
        for language, each in localized.items():
            edition = judgements.edition(topic, language)
            wanted = expect(each, edition)
            for name in FORMATS:
                documents[name, language] = marked(name, format_named(name).export(each, edition))
                expected[name, language] = wanted
        yield TopicExports(topic, documents, localized, expected, defined)


def _define(format_: Format, judgements: Judgements) -> Any:
    if format_.define is None or format_.export_collection is None:
        return None
    return format_.define(format_.export_collection(judgements.collection()).values())
