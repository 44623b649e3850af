"""The second pass: the topics of one shard → their artifacts, made, checked and stored.

A shard holds the topics whose resources share NDJSON files. Documents live as long as their topic is at work;
what goes on is the description of each artifact. The unchanged are taken over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from healthtopics import jsontext
from healthtopics.checks.table import NO_CHECKS
from healthtopics.errors import StorageError
from healthtopics.formats.format import Bulk, CheckContext, Exported, Format
from healthtopics.formats.table import formats_named
from healthtopics.language import LanguageTag
from healthtopics.layout import Files, TopicBytes, topic_path
from healthtopics.problems import Problem
from healthtopics.publishing.editions import Cards, Prepared, compose_collection, compose_edition
from healthtopics.publishing.sources import Basis, parse_topic
from healthtopics.publishing.workers import Shared
from healthtopics.release import Artifact, Store, put_object, read_artifact
from healthtopics.topic import Coverage, Edition, LocalizedTopic
from healthtopics.translation.translate import translate
from healthtopics.validation import check_editions, check_exported

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What every task of this pass needs."""

    basis: Basis
    files: Files
    store: Store
    software: str
    """The digest of every byte of code and schema that could change an artifact."""
    defined: Mapping[str, Any]
    """By format: what the documents that span all topics define; see `Format.define`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardTopic:
    """One topic of a shard."""

    name: str
    digest: str
    """Of the bytes of its files, as they were examined."""
    links: tuple[str, ...]
    coverage: Mapping[LanguageTag, Coverage]
    """Of the editions that are published as they stand today; others that have a card are carried over."""
    is_unchanged: bool
    """Its artifacts are those of the last release, without another look."""
    warnings: tuple[Problem, ...]
    """What was found when those were made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The topics whose resources share NDJSON files."""

    number: int
    topics: tuple[ShardTopic, ...]
    cards: Mapping[str, Cards]
    """By format: the editions that there are in it of these topics, and of those that they link to."""
    recorded: Mapping[str, Artifact]
    """Of the last release: the artifacts of these topics, and the shard's own."""
    damaged: frozenset[str]
    """Those of them that must not be taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedShard:
    """What became of a shard, or of what spans all topics."""

    files: dict[str, Artifact] = field(default_factory=dict)
    found: dict[str, list[Problem]] = field(default_factory=dict)
    """By topic; under the empty name what concerns all of them."""
    made: set[str] = field(default_factory=set)
    """The artifacts that were made; all others were taken over."""
    made_anew: set[str] = field(default_factory=set)
    """The topics of which no edition was taken over."""

    def add(self, other: "ExportedShard") -> None:
        """Take in what became of another part."""
        self.files.update(other.files)
        self.made.update(other.made)
        self.made_anew.update(other.made_anew)
        for topic, problems in other.found.items():
            self.found.setdefault(topic, []).extend(problems)


def export_shard(workshop: Shared[Workshop], shard: Shard) -> ExportedShard:
    """Make, or take over, every artifact of a shard: the task of a worker."""
    exporting = _ShardExporting(workshop.value, shard)
    exporting.export()
    return exporting.exported


@dataclass
class Exporting:
    """Makes artifacts, or takes them over from the last release."""

    store: Store
    software: str
    recorded: Mapping[str, Artifact]
    damaged: frozenset[str]
    defined: Mapping[str, Any] = field(default_factory=dict)
    exported: ExportedShard = field(default_factory=ExportedShard)

    def offer(
        self,
        format_: Format,
        name: str,
        document: Exported,
        inputs: str,
        *,
        topic: str = "",
        edition: LocalizedTopic | None = None,
    ) -> None:
        """Check a document and put it into the store."""
        context = CheckContext(topic=edition, defined=self.defined.get(format_.name))
        self.report(topic, check_exported(format_, document, name, context))
        data = document.encode() if isinstance(document, str) else jsontext.dump(document)
        facts = {"media_type": format_.media_type, "format": format_.name, "inputs": inputs}
        self.put(name, data, topic=topic, language=edition.language if edition else "", **facts)

    def put_ndjson(self, format_: Format, bulk: Bulk, stem: str, lines: Sequence[bytes], inputs: str) -> None:
        """Put resources into the store, one a line, unless the last release has the same."""
        name = f"{format_.folder}/ndjson/{stem}.ndjson"
        if not self.take_over(name, inputs):
            facts = {"media_type": bulk.media_type, "format": format_.name, "inputs": inputs}
            self.put(name, b"".join(lines), **facts)

    def put_bulk(self, format_: Format, bulk: Bulk, documents: Iterable[Document]) -> None:
        """Put what spans all topics into the store as NDJSON."""
        by_type: dict[str, list[bytes]] = {}
        for document in documents:
            for each in bulk.resources(document):
                by_type.setdefault(each.type, []).append(jsontext.dump_line(each.resource))
        for type_, lines in by_type.items():
            inputs = self.inputs(format_.name, "ndjson", list(map(jsontext.digest, lines)))
            self.put_ndjson(format_, bulk, type_, lines, inputs)

    def report(self, topic: str, problems: Iterable[Problem]) -> None:
        """Keep problems for the end, so that all come at once."""
        self.exported.found.setdefault(topic, []).extend(problems)

    def inputs(self, *parts: object) -> str:
        """Return the digest of all that an artifact is made from."""
        # In the order of the documents, which decides the order in the exports.
        return jsontext.digest(jsontext.dump_line([self.software, *parts]))

    def take_over(self, name: str, inputs: str) -> bool:
        """Take an artifact of the last release over, where it was made from the same."""
        known = self.recorded.get(name)
        if known is None or known.inputs != inputs or name in self.damaged:
            return False
        self.exported.files[name] = known
        return True

    def put(self, name: str, data: bytes, **facts: str) -> None:
        """Store an artifact."""
        sha256 = put_object(self.store, name, data)
        self.exported.files[name] = Artifact(sha256=sha256, length=len(data), **facts)
        self.exported.made.add(name)

    def read(self, format_: Format, name: str) -> Exported:
        """Read an artifact that was made before."""
        return format_.parse(read_artifact(self.store, name, self.exported.files[name]))


Lines = Mapping[str, Sequence[bytes]]
"""By resource type: resources, each as a line of NDJSON."""


class _ShardExporting(Exporting):
    def __init__(self, workshop: Workshop, shard: Shard) -> None:
        super().__init__(workshop.store, workshop.software, shard.recorded, shard.damaged, workshop.defined)
        self._basis = workshop.basis
        self._files = workshop.files
        self._shard = shard
        self._formats = formats_named(workshop.basis.configuration.formats)
        self._names: dict[str, list[str]] = {}
        """The artifacts of each topic."""
        self._lines: dict[str, dict[str, Lines]] = {}
        """By topic and format: what of it stands in the NDJSON files, where something of it was made."""

    def export(self) -> None:
        for topic in self._shard.topics:
            if topic.is_unchanged:
                self._keep(topic)
            else:
                self._export_topic(topic)
        for format_ in self._formats:
            if format_.bulk:
                self._export_bulk(format_, format_.bulk)

    def _keep(self, topic: ShardTopic) -> None:
        """Take over all that there is of a topic."""
        own = {name: each for name, each in self.recorded.items() if each.topic == topic.name}
        self._names[topic.name] = list(own)
        self.exported.files.update(own)
        self.report(topic.name, topic.warnings)

    def _export_topic(self, topic: ShardTopic) -> None:
        """Make, or take over, every format of every edition, and what stands beside them."""
        made: dict[str, Exported] = {}
        """The documents that were made, by name."""
        is_free = False
        for prepared in self._localize(topic):
            is_free = prepared.topic.extra.get("unit") == "topic"
            self._export_edition(prepared, topic, made)
        editions = {
            (format_, language): format_.artifact(language, topic.name)
            for language in self._basis.configuration.all_languages
            for format_ in self._formats
            if language in self._shard.cards[format_.name].get(topic.name, {})
        }
        for (_, language), name in editions.items():
            if language not in topic.coverage:  # the last complete edition is carried over, byte for byte
                self.exported.files[name] = self.recorded[name]
        if self.exported.made.issuperset(editions.values()):
            self.exported.made_anew.add(topic.name)
        if made:
            documents: dict[tuple[str, str], Exported] = {
                (format_.name, language): made.get(name) or self.read(format_, name)
                for (format_, language), name in editions.items()
            }
            carried = frozenset(language for _, language in editions) - topic.coverage.keys()
            self.report(topic.name, check_editions(documents, topic.name, carried, is_free=is_free))
        self._names[topic.name] = [*editions.values(), *self._export_beside(topic.name, made)]
        if made:
            self._lines[topic.name] = {
                format_.name: self._lines_of(topic.name, format_, format_.bulk, made)
                for format_ in self._formats
                if format_.bulk
            }
        taken_over = frozenset(self._names[topic.name]) - self.exported.made
        self.report(topic.name, (each for each in topic.warnings if each.path in taken_over))

    def _localize(self, topic: ShardTopic) -> Iterator[Prepared]:
        """Translate a topic, as it was examined, into the languages in which it is published."""
        if not topic.coverage:
            return
        data = TopicBytes.of(self._files, topic.name)
        if data.digest != topic.digest:
            raise StorageError(
                f"{topic_path(topic.name)} or one of its catalogues changed while it was being published. "
                "Run this again."
            )
        parsed = parse_topic(topic.name, data)
        for language, coverage in topic.coverage.items():
            # What the checks refuse stays in English; where they refused nothing, they are not asked again.
            checks = self._basis.checks if coverage.blocked else NO_CHECKS
            catalogue = parsed.catalogues[language]
            translation = translate(
                self._basis.schema.plan,
                parsed.document,
                catalogue,
                checks=checks,
                glossary=self._basis.glossaries.get(language),
            )
            localized = LocalizedTopic.from_document(translation.document or {}, language, coverage)
            card = next(
                by_topic[topic.name][language]
                for by_topic in self._shard.cards.values()
                if language in by_topic.get(topic.name, {})
            )
            yield Prepared(topic=localized, card=card)

    def _export_edition(self, prepared: Prepared, topic: ShardTopic, made: dict[str, Exported]) -> None:
        basis, language = self._basis, prepared.topic.language
        said = jsontext.digest(jsontext.dump_line(prepared.topic))
        composed: dict[int, tuple[Edition, str]] = {}
        for format_ in self._formats:
            cards = self._shard.cards[format_.name]  # mostly the same for all formats
            if id(cards) not in composed:
                edition = compose_edition(
                    prepared, topic.links, cards, basis.terms[language], basis.vocabulary, basis.configuration
                )
                composed[id(cards)] = edition, jsontext.digest(jsontext.dump_line(edition))
            edition, around = composed[id(cards)]
            name = format_.artifact(language, topic.name)
            inputs = self.inputs(format_.name, said, around)
            if self.take_over(name, inputs):
                continue
            document = format_.export(prepared.topic, edition)
            made[name] = document
            self.offer(format_, name, document, inputs, topic=topic.name, edition=prepared.topic)

    def _export_beside(self, topic: str, made: dict[str, Exported]) -> Iterator[str]:
        """Export what a format says of a topic beside its editions; yield the names."""
        for format_ in self._formats:
            cards = self._shard.cards[format_.name].get(topic)
            if not cards or not format_.export_beside:
                continue
            one = compose_collection({topic: cards}, self._basis.terms, self._basis.configuration)
            for name, document in format_.export_beside(one).items():
                inputs = self.inputs(format_.name, document)
                if not self.take_over(name, inputs):
                    made[name] = document
                    self.offer(format_, name, document, inputs, topic=topic)
                yield name

    def _bulk_names(self, topic: str, format_: Format) -> list[str]:
        """Return which artifacts of a topic go into the NDJSON files: what spans its languages first."""
        files, languages = self.exported.files, ["", *self._basis.configuration.all_languages]
        own = [name for name in self._names[topic] if files[name].format == format_.name]
        return sorted(own, key=lambda name: languages.index(files[name].language))

    def _lines_of(self, topic: str, format_: Format, bulk: Bulk, made: Mapping[str, Exported]) -> Lines:
        """Return what of a topic stands in the NDJSON files."""
        by_type: dict[str, dict[str, bytes]] = {}
        for name in self._bulk_names(topic, format_):
            for each in bulk.resources(made.get(name) or self.read(format_, name)):
                # The editions of a topic share resources; each stands here once, of two versions the English.
                lines = by_type.setdefault(each.type, {})
                if each.id not in lines:
                    lines[each.id] = jsontext.dump_line(each.resource)
        return {type_: list(lines.values()) for type_, lines in by_type.items() if lines}

    def _export_bulk(self, format_: Format, bulk: Bulk) -> None:
        """Write the resources of the shard's topics as NDJSON, one file a type."""
        number, files = self._shard.number, self.exported.files
        topics = [topic.name for topic in self._shard.topics]
        digests = [files[name].sha256 for topic in topics for name in self._bulk_names(topic, format_)]
        inputs = self.inputs(format_.name, "ndjson", number, digests)
        unchanged = {name: each for name, each in self.recorded.items() if each.inputs == inputs}
        if unchanged and self.damaged.isdisjoint(unchanged):
            files.update(unchanged)
            return
        by_type: dict[str, list[bytes]] = {}
        for topic in topics:
            lines = self._lines.get(topic, {}).get(format_.name)
            for type_, own in (lines or self._lines_of(topic, format_, bulk, {})).items():
                by_type.setdefault(type_, []).extend(own)
        for type_, every in by_type.items():
            self.put_ndjson(format_, bulk, f"{type_}-{number:02x}", every, inputs)
