"""From sources to the artifacts of a release: made, checked and stored; the unchanged are taken over."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any

from healthtopics import jsontext
from healthtopics.errors import BuildError, ReleaseError
from healthtopics.exporters import COLLECTION_EXPORTERS, EXPORTERS, CollectionExporter, Exporter, fhir
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.publishing.editions import Cards, Editions, collection_of, edition_of, prepare
from healthtopics.publishing.sources import Sources
from healthtopics.release import Artifact, Manifest, Opened, Store, instant, put_object, read_artifact
from healthtopics.topic import Card
from healthtopics.validation import (
    Systems,
    check_codes,
    check_editions,
    check_format,
    check_public,
    systems_of,
)

Document = Mapping[str, Any]
Progress = Callable[[int, int], None]
"""Told how many topics of how many are done."""

INDEX = "topics.json"
"""The artifact that lists all topics with the card of each edition."""
INDEX_FORMAT = "index"

_SHARDS = 64
"""NDJSON files a resource type. Fixed for ever: a topic's resources stay in the same file."""
_MOST_PROBLEMS = 20
"""What the manifest lists of the problems that hold one edition; the counts tell the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Which software builds the release."""

    name: str
    """Name and version, as the manifest says it."""
    digest: str
    """Stands for every byte of code and schema that could change an artifact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A manifest whose artifacts are in the store, not yet a release."""

    manifest: Manifest
    exported: int
    """Artifacts that were made in this run; all others were taken over from the last release."""
    warnings: tuple[Problem, ...]


def build(
    sources: Sources,
    store: Store,
    previous: Opened | None,
    *,
    now: datetime,
    maker: Maker,
    damaged: frozenset[str] = frozenset(),
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Make every artifact, check it, and put it into the store; nothing is visible yet.

    `damaged` names artifacts of the last release that must not be taken over.

    Raises BuildError with the problems of every document that is not fit to leave, ReleaseError where an
    edition would have to be carried over that is damaged.
    """
    builder = _Builder(sources, store, previous.manifest.files if previous else {}, damaged, maker)
    earlier = builder.earlier_cards()
    editions = prepare(sources, today=now.astimezone(UTC).date().isoformat(), earlier=earlier)
    builder.export(editions, progress)
    problems = [problem for found in builder.found.values() for problem in found]
    if has_errors(problems):
        raise BuildError(problems)
    manifest = _manifest(sources, editions, previous, builder.files, now=now, maker=maker)
    warnings = (*sources.warnings, *_accept(sources, builder))
    return Built(manifest=manifest, exported=builder.exported, warnings=warnings)


def _accept(sources: Sources, builder: "_Builder") -> Iterator[Problem]:
    """Yield the warnings that no topic accepts, and a warning for each acceptance that nothing needs.

    What was taken over was not checked again, so only a topic that was made anew tells what it needs.
    """
    for topic, problems in builder.found.items():
        accepted = [each["check"] for each in sources.topics.get(topic, {}).get("accept", ())]
        yield from (problem for problem in problems if problem.check not in accepted)
        for index, check in enumerate(accepted):
            if topic in builder.made_anew and all(problem.check != check for problem in problems):
                yield Problem(
                    check="accept-unneeded",
                    level=Level.WARNING,
                    path=f"topics/{topic}.json",
                    pointer=f"/accept/{index}",
                    message=f"nothing here is found by {check!r}.",
                    hint="Remove the entry; it would hide the next real finding.",
                )


def _manifest(
    sources: Sources,
    editions: Editions,
    previous: Opened | None,
    files: Mapping[str, Artifact],
    *,
    now: datetime,
    maker: Maker,
) -> Manifest:
    return Manifest(
        number=previous.manifest.number + 1 if previous else 1,
        previous=(previous.manifest.number, previous.sha256) if previous else None,
        time=instant(now),
        base_url=sources.configuration.base_url,
        software=maker.name,
        languages=sources.configuration.all_languages,
        coverage={
            topic: {language: counts.to_dict() for language, counts in by_language.items()}
            for topic, by_language in editions.coverage.items()
        },
        held=tuple(replace(held, problems=held.problems[:_MOST_PROBLEMS]) for held in editions.held),
        files=dict(sorted(files.items())),
    )


@dataclass
class _Builder:
    sources: Sources
    store: Store
    recorded: Mapping[str, Artifact]
    """The artifacts of the last release."""
    damaged: frozenset[str]
    """Those of them that must not be taken over."""
    maker: Maker
    files: dict[str, Artifact] = field(default_factory=dict)
    found: dict[str, list[Problem]] = field(default_factory=dict)
    """By topic; under the empty name what concerns all of them."""
    earlier: dict[str, dict[LanguageTag, Card]] = field(default_factory=dict)
    """The cards of the last release, by topic and language."""
    cards: dict[str, Cards] = field(default_factory=dict)
    """By format: the editions that there are in it."""
    systems: Systems = field(default_factory=dict)
    """What our own code systems define."""
    made_anew: set[str] = field(default_factory=set)
    """The topics of which nothing was taken over."""
    exported: int = 0

    def earlier_cards(self) -> dict[str, dict[LanguageTag, Card]]:
        """Read the cards of the last release."""
        if INDEX in self.recorded and INDEX not in self.damaged:
            index = jsontext.parse(read_artifact(self.store, INDEX, self.recorded[INDEX]), INDEX)
            self.earlier = {
                entry["id"]: {
                    LanguageTag(card["language"]): Card.from_dict(card) for card in entry["editions"]
                }
                for entry in index["topics"]
            }
        return self.earlier

    def export(self, editions: Editions, progress: Progress) -> None:
        """Make or take over every artifact; the topics of one NDJSON file at a time, to keep memory flat."""
        self._refuse_what_cannot_be_made_again(editions)
        self.cards = {
            format_: self._cards(editions, format_) for format_ in self.sources.configuration.formats
        }
        lists = self._export_collection(editions)
        done = 0
        for shard, topics in _by_shard(editions.cards).items():
            documents: dict[str, Document] = {}
            for topic in topics:
                documents |= self._export_topic(editions, topic)
                done += 1
                progress(done, len(editions.cards))
            for format_ in self._fhir_formats:
                self._export_shard(format_, shard, topics, documents, lists.get(format_, {}))
        self._export_index(editions)
        self._report_removed(editions)

    def _refuse_what_cannot_be_made_again(self, editions: Editions) -> None:
        """Raise ReleaseError where the only copy of an edition that is held today is damaged."""
        held = {(held.topic, held.language) for held in editions.held}
        lost = [
            name
            for name, artifact in self.recorded.items()
            if (artifact.topic, artifact.language) in held and not self.damaged.isdisjoint({name, INDEX})
        ]
        if lost:
            raise ReleaseError(
                f"{', '.join(lost)}: these editions are held, so that they cannot be made again from today's "
                "texts, and they or the index that describes them are damaged. Restore them from a copy, or "
                "complete the translations."
            )

    def _report_removed(self, editions: Editions) -> None:
        for topic, cards in self.earlier.items():
            self._report(
                topic,
                (
                    Problem(
                        check="edition-removed",
                        level=Level.WARNING,
                        path=f"topics/{topic}.json",
                        message=f"the {language} edition of the last release is gone.",
                        hint="Readers that link to it find nothing. Was that meant?",
                    )
                    for language in cards
                    if language not in editions.cards.get(topic, {})
                ),
            )

    def _cards(self, editions: Editions, format_: str) -> Cards:
        """Return the cards of the editions that there are in a format; what is carried over may lack one."""
        return {
            topic: {
                language: card
                for language, card in cards.items()
                if language in editions.prepared.get(topic, {})
                or EXPORTERS[format_].name(language, topic) in self.recorded
            }
            for topic, cards in editions.cards.items()
        }

    @cached_property
    def _recorded_by_inputs(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for name, artifact in self.recorded.items():
            names.setdefault(artifact.inputs, []).append(name)
        return names

    @property
    def _fhir_formats(self) -> list[str]:
        return [format_ for format_ in self.sources.configuration.formats if format_ in COLLECTION_EXPORTERS]

    def _export_topic(self, editions: Editions, topic: str) -> dict[str, Document]:
        """Make, or take over, every format of every edition; return those that were made, by name."""
        names: dict[tuple[str, str], str] = {}
        made: dict[str, Document] = {}
        prepared = editions.prepared.get(topic, {})
        self._report(topic, ())
        for language in editions.cards[topic]:
            for format_ in self.sources.configuration.formats:
                exporter = EXPORTERS[format_]
                name = exporter.name(language, topic)
                if language in prepared:
                    document = self._export_edition(editions, exporter, topic, language)
                    if document is not None:
                        made[name] = document
                elif name in self.recorded:  # the last complete edition is carried over, byte for byte
                    self.files[name] = self.recorded[name]
                if name in self.files:
                    names[format_, language] = name
        self._report(topic, (found for each in prepared.values() for found in self._check_date(each.card)))
        if len(made) == len(names):
            self.made_anew.add(topic)
        if made:
            documents = {facts: made.get(name) or self._read(name) for facts, name in names.items()}
            carried = frozenset(editions.cards[topic]) - prepared.keys()
            is_free = self.sources.topics[topic].get("unit") == "topic"
            self._report(topic, check_editions(documents, topic, carried, is_free=is_free))
        return made

    def _check_date(self, card: Card) -> Iterator[Problem]:
        """Yield a warning where an edition says something else than it did, under the same date."""
        before = self.earlier.get(card.topic, {}).get(card.language)
        if before is None or before.updated != card.updated or before.content in ("", card.content):
            return
        is_source = card.language == SOURCE
        catalogue = self.sources.catalogue(card.language, card.topic)
        yield Problem(
            check="stale-date",
            level=Level.WARNING,
            path=f"topics/{card.topic}.json" if is_source else catalogue.path,
            pointer="/dates/updated" if is_source else "",
            message=f"the {card.language} edition changed, its date is still {card.updated}.",
            hint="Set dates.updated to the day of the change."
            if is_source
            else "Set PO-Revision-Date in the header of the catalogue; most editors do so when they save.",
        )

    def _export_edition(
        self, editions: Editions, exporter: Exporter, topic: str, language: LanguageTag
    ) -> Document | None:
        localized = editions.prepared[topic][language].topic
        edition = edition_of(self.sources, editions, topic, language, self.cards[exporter.format])
        return self._offer(
            exporter,
            exporter.name(language, topic),
            (localized, edition),
            lambda: exporter.export(localized, edition),
            topic=topic,
            language=language,
        )

    def _export_collection(self, editions: Editions) -> dict[str, dict[str, Document]]:
        """Export what spans all topics; return what is about one topic each, by format and topic."""
        lists: dict[str, dict[str, Document]] = {}
        for format_ in self._fhir_formats:
            exporter = COLLECTION_EXPORTERS[format_]
            by_type: dict[str, list[Document]] = {}
            companions = exporter.export(collection_of(self.sources, editions, self.cards[format_]))
            self.systems = systems_of(companions.values())
            for name, document in companions.items():
                topic = fhir.topic_of_companion(document)
                if topic:
                    lists.setdefault(format_, {})[topic] = document
                else:
                    by_type.setdefault(document["resourceType"], []).append(document)
                self._offer(exporter, name, (document,), partial(dict, document), topic=topic)
            for type_, resources in by_type.items():
                self._put_ndjson(format_, type_, resources, self._inputs(format_, "ndjson", resources))
        return lists

    def _export_shard(
        self,
        format_: str,
        shard: int,
        topics: Sequence[str],
        made: Mapping[str, Document],
        lists: Mapping[str, Document],
    ) -> None:
        """Write the resources of some topics as NDJSON, one file a type."""
        names = [
            name
            for topic in topics
            for language in self.sources.configuration.all_languages
            if (name := EXPORTERS[format_].name(language, topic)) in self.files
        ]
        companions = [lists[topic] for topic in topics if topic in lists]
        inputs = self._inputs(
            format_, "ndjson", shard, [self.files[name].sha256 for name in names], companions
        )
        unchanged = self._recorded_by_inputs.get(inputs, [])
        if unchanged and self.damaged.isdisjoint(unchanged):
            self.files |= {name: self.recorded[name] for name in unchanged}
            return
        resources = list(companions)
        for name in names:
            resources += fhir.bundle_resources(made.get(name) or self._read(name))
        by_type: dict[str, dict[str, Document]] = {}
        for resource in resources:
            # Organisations are shared by all topics and exported with the collection. The editions of a topic
            # share other resources; each stands here once, and of two versions that of the English edition.
            if resource["resourceType"] != "Organization":
                by_type.setdefault(resource["resourceType"], {}).setdefault(resource["id"], resource)
        for type_, by_id in by_type.items():
            self._put_ndjson(format_, f"{type_}-{shard:02x}", list(by_id.values()), inputs)

    def _export_index(self, editions: Editions) -> None:
        document = {
            "baseUrl": self.sources.configuration.base_url,
            "topics": [
                {"id": topic, "editions": [card.to_dict() for card in cards.values()]}
                for topic, cards in editions.cards.items()
            ],
        }
        inputs = self._inputs(INDEX_FORMAT, document)
        if not self._take_over(INDEX, inputs):
            self._report("", check_public("public/topics.schema.json", document, INDEX))
            facts = {"media_type": "application/json", "format": INDEX_FORMAT, "inputs": inputs}
            self._put(INDEX, jsontext.dump(document), **facts)

    def _offer(
        self,
        exporter: Exporter | CollectionExporter,
        name: str,
        inputs: Iterable[object],
        make: Callable[[], Document],
        *,
        topic: str = "",
        language: str = "",
    ) -> Document | None:
        """Take an artifact over where its inputs are the same; else make, check, store and return it."""
        wanted = self._inputs(exporter.format, *inputs)
        if self._take_over(name, wanted):
            return None
        document = make()
        self._report(topic, check_public(exporter.schema, document, name))
        self._report(topic, check_format(exporter.format, document, name))
        self._report(topic, check_codes(document, self.systems, name))
        facts = {"media_type": exporter.media_type, "format": exporter.format, "inputs": wanted}
        self._put(name, jsontext.dump(document), topic=topic, language=language, **facts)
        return document

    def _put_ndjson(self, format_: str, stem: str, resources: Sequence[Document], inputs: str) -> None:
        name = f"{EXPORTERS[format_].folder}/ndjson/{stem}.ndjson"
        if not self._take_over(name, inputs):
            facts = {"media_type": "application/fhir+ndjson", "format": format_, "inputs": inputs}
            self._put(name, b"".join(map(jsontext.dump_line, resources)), **facts)

    def _report(self, topic: str, problems: Iterable[Problem]) -> None:
        self.found.setdefault(topic, []).extend(problems)

    def _inputs(self, *parts: object) -> str:
        # In the order of the documents, which decides the order in the exports.
        return jsontext.digest(jsontext.dump_line([self.maker.digest, *parts]))

    def _take_over(self, name: str, inputs: str) -> bool:
        known = self.recorded.get(name)
        if known is None or known.inputs != inputs or name in self.damaged:
            return False
        self.files[name] = known
        return True

    def _put(self, name: str, data: bytes, **facts: str) -> None:
        self.exported += 1
        sha256 = put_object(self.store, name, data)
        self.files[name] = Artifact(sha256=sha256, length=len(data), **facts)

    def _read(self, name: str) -> Document:
        document: Document = jsontext.parse(read_artifact(self.store, name, self.files[name]), name)
        return document


def _by_shard(topics: Iterable[str]) -> dict[int, list[str]]:
    shards: dict[int, list[str]] = {}
    for topic in topics:
        shard = int(jsontext.digest(topic.encode())[:8], 16) % _SHARDS
        shards.setdefault(shard, []).append(topic)
    return dict(sorted(shards.items()))
