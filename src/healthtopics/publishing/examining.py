"""The first pass: every topic by itself, from its bytes to what the others and the manifest need of it.

Parsed, judged, translated into each language; then all of it is let go but a card of each edition, its
coverage, its links and what is wrong with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from healthtopics.language import LanguageTag
from healthtopics.layout import Files, TopicBytes
from healthtopics.problems import Problem, has_errors
from healthtopics.publishing.editions import Judged, is_in_the_way, judge, links_of_editions, used_terms
from healthtopics.publishing.sources import Basis, TopicFiles, id_of, read_topic
from healthtopics.publishing.workers import Shared
from healthtopics.topic import Card, Coverage, Topic
from healthtopics.translation.translate import translate

MOST_PROBLEMS = 20
"""What is kept of the problems that hold one edition; the counts tell the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one edition."""

    coverage: Coverage
    card: Card | None
    """None where the edition is held."""
    findings: tuple[Problem, ...] = ()
    """The first of what is in the way of an edition that is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What is known of one topic without its text."""

    name: str
    """Of its file; its id, where nothing is wrong."""
    id: str
    """What its document calls itself; empty where it has no id."""
    digest: str
    """Of the bytes of its files."""
    problems: tuple[Problem, ...] = ()
    publish_from: str = ""
    withdraw_from: str = ""
    links: tuple[str, ...] = ()
    """The ids of the topics that it links or relates to, sorted."""
    accepted: tuple[str, ...] = ()
    """The checks whose findings its author accepts."""
    verdicts: Mapping[LanguageTag, Verdict] = field(default_factory=dict)
    """By language, the source language first; none where the topic has errors."""

    @property
    def days(self) -> tuple[str, str]:
        """The days on which it comes and goes by its own dates, ISO; each may be empty."""
        return self.publish_from, self.withdraw_from

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "digest": self.digest,
            "problems": [problem.to_dict() for problem in self.problems],
            "days": list(self.days),
            "links": list(self.links),
            "accepted": list(self.accepted),
            "verdicts": {
                language: {
                    "coverage": verdict.coverage.to_dict(),
                    "card": verdict.card.to_dict() if verdict.card else None,
                    "findings": [finding.to_dict() for finding in verdict.findings],
                }
                for language, verdict in self.verdicts.items()
            },
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "Examined":
        """Read back what `to_dict` gave of a topic without errors, whose name is its id."""
        publish_from, withdraw_from = document["days"]
        return cls(
            name=document["name"],
            id=document["name"],
            digest=document["digest"],
            problems=tuple(map(Problem.from_dict, document["problems"])),
            publish_from=publish_from,
            withdraw_from=withdraw_from,
            links=tuple(document["links"]),
            accepted=tuple(document["accepted"]),
            verdicts={
                LanguageTag(language): Verdict(
                    coverage=Coverage.from_dict(verdict["coverage"]),
                    card=Card.from_dict(verdict["card"]) if verdict["card"] else None,
                    findings=tuple(map(Problem.from_dict, verdict["findings"])),
                )
                for language, verdict in document["verdicts"].items()
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What every task of this pass needs."""

    basis: Basis
    files: Files


def examine_each(reading: Shared[Reading], names: Sequence[str]) -> list[Examined]:
    """Read and examine some topics: the task of a worker."""
    basis, files = reading.value.basis, reading.value.files
    return [examine(basis, name, TopicBytes.of(files, name)) for name in names]


def examine(basis: Basis, name: str, data: TopicBytes) -> Examined:
    """Examine one topic; without terms in the basis it is judged, but not translated."""
    read = read_topic(basis, name, data)
    if has_errors(read.problems) or not basis.terms:
        return Examined(name=name, id=id_of(read.document), digest=data.digest, problems=read.problems)
    topic = Topic.from_dict(read.document)
    judged = _judge(basis, read, topic)
    editions = [each.prepared.topic for each in judged.values() if each.prepared]
    return Examined(
        name=name,
        id=topic.id,
        digest=data.digest,
        problems=read.problems,
        publish_from=topic.dates.publish_from,
        withdraw_from=topic.dates.withdraw_from,
        links=tuple(sorted(links_of_editions(read.document, editions))),
        accepted=tuple(each.check for each in topic.accept),
        verdicts={
            language: Verdict(
                coverage=each.coverage,
                card=each.prepared.card if each.prepared else None,
                findings=() if each.prepared else tuple(filter(is_in_the_way, each.findings))[:MOST_PROBLEMS],
            )
            for language, each in judged.items()
        },
    )


def _judge(basis: Basis, read: TopicFiles, topic: Topic) -> dict[LanguageTag, Judged]:
    configuration = basis.configuration
    used = used_terms(topic, configuration.publisher, basis.vocabulary)
    judged: dict[LanguageTag, Judged] = {}
    for language in configuration.all_languages:
        catalogue = read.catalogues[language]
        translation = translate(
            basis.schema.plan,
            read.document,
            catalogue,
            checks=basis.checks,
            glossary=basis.glossaries.get(language),
        )
        judged[language] = judge(translation, used, basis.terms[language], configuration, catalogue)
    return judged
