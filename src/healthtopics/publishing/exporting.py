"""Makes, checks and stores artifacts as decided: the topics of one shard after the other.

A shard holds the topics whose resources share NDJSON files. Documents are kept only while their topic is
exported; afterwards only the description of each artifact is. Unchanged artifacts are taken over.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from os import SEEK_END
from typing import IO, Any, TypeVar

from healthtopics import jsontext
from healthtopics.cache import Cache
from healthtopics.checks.table import NO_CHECKS
from healthtopics.errors import PluginError, StorageError
from healthtopics.formats.format import Bulk, CheckContext, Exported, Format
from healthtopics.formats.table import formats_named
from healthtopics.jsontext import Document
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import topic_path
from healthtopics.problems import Problem
from healthtopics.publishing.editions import (
    Cards,
    compose_collection,
    compose_edition,
    foreign_pages,
    links_in_text,
)
from healthtopics.publishing.judging import find_translated, translate_topic
from healthtopics.publishing.sources import Sources
from healthtopics.publishing.versions import History, read_versions, versions_in
from healthtopics.release import Artifact, Store, put_parts, read_artifact
from healthtopics.topic import Card, Coverage, Edition, LocalizedTopic
from healthtopics.validation.expected import Expected, expect
from healthtopics.validation.exports import check_editions, check_exported
from healthtopics.workers import Shared

Lacking = frozenset[tuple[str, LanguageTag]]
"""(topic, language) of editions that are missing from a format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The data that every task of this pass needs."""

    sources: Sources
    store: Store | None
    """None if documents are only checked."""
    software: str
    """The digest of every byte of code and schema that could change an artifact."""
    defined: dict[str, Any]
    """By format: what the documents that span all topics define; see `Format.define`."""
    scratch: Cache
    """Where the first pass left the topics that it translated."""
    spool: Callable[[], IO[bytes]]
    """Opens an empty file, for the lines of a shard."""
    time: str
    """The time of the release."""
    shared: Mapping[str, Mapping[str, str]]
    """By format: the dates of the resources in the documents that span all topics, by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardTopic:
    """One topic of a shard."""

    name: str
    digest: str
    """The digest of the bytes of its files, as they were judged."""
    links: tuple[str, ...]
    coverage: Mapping[LanguageTag, Coverage]
    """The coverage of the editions that are published as they are today; others with a card are carried over.
    """
    is_unchanged: bool
    """Whether its artifacts are those of the last release, without checking them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """The topics whose resources share NDJSON files."""

    number: int
    topics: tuple[ShardTopic, ...]
    cards: Cards
    """The cards of these topics and of those that they link to."""
    lacking: Mapping[str, Lacking]
    """By format: which of these editions are missing from it; usually empty."""
    recorded: Mapping[str, Artifact]
    """The artifacts of these topics in the last release, and the shard's own."""
    damaged: Mapping[str, str]
    """Those of them that must not be taken over, each with the time since which it was unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedShard:
    """The result for a shard, or for what spans all topics."""

    files: dict[str, Artifact] = field(default_factory=dict)
    found: dict[str, list[Problem]] = field(default_factory=dict)
    """By topic that was made; problems that concern all of them are under the empty name."""
    done: list[str] = field(default_factory=list)
    """The topics that are finished, including those taken over."""

    def add(self, other: "ExportedShard") -> None:
        """Merge the result of another part."""
        self.files.update(other.files)
        self.done.extend(other.done)
        for topic, problems in other.found.items():
            self.found.setdefault(topic, []).extend(problems)


def export_shard(workshop: Shared[Workshop], shard: Shard) -> ExportedShard:
    """Make, or take over, every artifact of a shard: the task of a worker."""
    with workshop.value.spool() as file:
        exporting = _ShardExporting(workshop.value, shard, file)
        exporting.export()
    return exporting.exported


def cards_in(cards: Cards, lacking: Lacking) -> Cards:
    """Return the cards of the editions that a format has."""
    if not lacking:
        return cards
    return {
        name: {language: card for language, card in each.items() if (name, language) not in lacking}
        for name, each in cards.items()
    }


_Exported = TypeVar("_Exported", bound=Exported)


@dataclass
class Exporting:
    """Makes artifacts, or takes them over from the last release."""

    store: Store | None
    software: str
    recorded: Mapping[str, Artifact]
    damaged: Mapping[str, str]
    defined: dict[str, Any] = field(default_factory=dict)
    exported: ExportedShard = field(default_factory=ExportedShard)

    def mark(self, format_: Format, name: str, document: _Exported, history: History) -> _Exported:
        """Return a document with its versions, if the format has any."""
        if format_.versioning is None:
            return document
        mark = format_.versioning.mark
        if name in self.damaged:
            # Its date cannot be read any more; it is right if it gives the bytes of the last release.
            past = history.at(self.damaged[name])
            again: _Exported = mark(document, past)
            if jsontext.digest(b"".join(_parts_of(again))) == self.recorded[name].sha256:
                history.given.update(past.given)
                return again
        marked: _Exported = mark(document, history)
        return marked

    def check(
        self, format_: Format, document: Exported, name: str, edition: LocalizedTopic | None = None
    ) -> Iterable[Problem]:
        """Return what is wrong with a document."""
        context = CheckContext(topic=edition, defined=self.defined.get(format_.name))
        return check_exported(format_, document, name, context)

    def offer(
        self,
        format_: Format,
        name: str,
        document: Exported,
        inputs: str,
        *,
        topic: str,
        edition: LocalizedTopic | None = None,
    ) -> None:
        """Check a document of a topic and put it into the store."""
        self.report(topic, self.check(format_, document, name, edition))
        facts = {"media_type": format_.media_type, "format": format_.name, "inputs": inputs}
        self.put(name, document, topic=topic, language=edition.language if edition else "", **facts)

    def put_ndjson(self, format_: Format, bulk: Bulk, stem: str, lines: Iterable[bytes], inputs: str) -> None:
        """Put resources into the store, each on its own line, unless the last release has the same.

        `lines` may hold several in a row, and is read twice.
        """
        name = f"{format_.folder}/ndjson/{stem}.ndjson"
        if not self.take_over(name, inputs):
            facts = {"media_type": bulk.media_type, "format": format_.name, "inputs": inputs}
            self.put(name, lines, **facts)

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
        """Record problems, which are reported together at the end."""
        self.exported.found.setdefault(topic, []).extend(problems)

    def inputs(self, *parts: object) -> str:
        """Return the digest of everything that an artifact is made from."""
        # In the order of the documents, which decides the order in the exports.
        return jsontext.digest(jsontext.dump_line([self.software, *parts]))

    def take_over(self, name: str, inputs: str) -> bool:
        """Take over an artifact of the last release if it was made from the same inputs."""
        known = self.recorded.get(name)
        if known is None or known.inputs != inputs or name in self.damaged:
            return False
        self.exported.files[name] = known
        return True

    def put(self, name: str, content: Exported | Iterable[bytes], **facts: str) -> None:
        """Store an artifact; without a store, only describe it."""
        sha256, length = "", 0
        if self.store is not None:
            sha256, length = put_parts(self.store, name, _parts_of(content))
        self.exported.files[name] = Artifact(sha256=sha256, length=length, **facts)

    def read(self, format_: Format, name: str) -> Exported:
        """Read an artifact of the last release."""
        if self.store is None:
            raise FileNotFoundError(name)  # without a store nothing is taken over
        return format_.parse(read_artifact(self.store, name, self.exported.files[name]))


def _parts_of(content: Exported | Iterable[bytes]) -> Iterable[bytes]:
    match content:
        case str():
            return (content.encode(),)
        case dict():
            return (jsontext.dump(content),)
    return content


Place = tuple[int, int]
"""The place of bytes in a file: offset and length."""


@dataclass(frozen=True, slots=True)
class _Spooled:
    """Bytes at some places of a file."""

    file: IO[bytes]
    places: Iterable[Place]

    def __iter__(self) -> Iterator[bytes]:
        for offset, length in self.places:
            self.file.seek(offset)
            yield self.file.read(length)


class _ShardExporting(Exporting):
    def __init__(self, workshop: Workshop, shard: Shard, spool: IO[bytes]) -> None:
        super().__init__(workshop.store, workshop.software, shard.recorded, shard.damaged, workshop.defined)
        self._time = workshop.time
        self._shared = workshop.shared
        self._histories: dict[str, History] = {}
        """By format, as they are needed."""
        self._sources = workshop.sources
        self._scratch = workshop.scratch
        self._shard = shard
        self._formats = formats_named(workshop.sources.configuration.formats)
        self._cards = {
            lacking: cards_in(shard.cards, lacking) for lacking in map(self._lacking, self._formats)
        }
        self._names: dict[str, list[str]] = {}
        """The artifacts of each topic."""
        self._lost: set[str] = set()
        """The damaged artifacts of editions that are carried over: nothing can make them again."""
        self._spool = spool
        self._lines: dict[tuple[str, str], Mapping[str, Place]] = {}
        """By topic and format, if some of it was made: where its lines are in the spool, by resource type."""

    def export(self) -> None:
        for topic in self._shard.topics:
            try:
                if topic.is_unchanged:
                    self._keep(topic)
                else:
                    self._export_topic(topic)
            except PluginError as error:
                error.add_note(f"It was working on the topic {topic.name!r}.")
                raise
            self.exported.done.append(topic.name)
        if self.store is not None:
            for format_ in self._formats:
                if format_.bulk:
                    self._export_bulk(format_, format_.bulk)

    def _history(self, format_: Format) -> History:
        """Return the history of the resources in this shard."""
        found = self._histories.get(format_.name)
        if found is None:
            changed = {topic.name for topic in self._shard.topics if not topic.is_unchanged}
            files = {name: each for name, each in self.recorded.items() if each.topic in {"", *changed}}
            earlier = read_versions(self.store, format_, files, frozenset(self.damaged)) if self.store else {}
            shared = self._shared.get(format_.name, {})
            found = self._histories[format_.name] = History(time=self._time, earlier=earlier, shared=shared)
        return found

    def _lacking(self, format_: Format) -> Lacking:
        return self._shard.lacking.get(format_.name, frozenset())

    def _cards_of(self, topic: str, format_: Format) -> Mapping[LanguageTag, Card]:
        """Return the cards of a topic's editions in a format."""
        return self._cards[self._lacking(format_)].get(topic, {})

    def _keep(self, topic: ShardTopic) -> None:
        """Take over everything of a topic."""
        own = {name: each for name, each in self.recorded.items() if each.topic == topic.name}
        self._names[topic.name] = list(own)
        self.exported.files.update(own)

    def _export_topic(self, topic: ShardTopic) -> None:
        """Make every format of every edition, and the documents beside them."""
        self.report(topic.name, ())
        made: dict[str, Exported] = {}
        """The documents that were made, by name."""
        expected: dict[tuple[str, str], Expected] = {}
        """What each of them should say, by format and language."""
        is_free = False
        documents = self._documents(topic) if topic.coverage else {}
        english: frozenset[str] = frozenset()
        if len(documents) > 1:
            english = frozenset(links_in_text(LocalizedTopic.from_document(documents[SOURCE], SOURCE)))
        for language, coverage in topic.coverage.items():
            localized = LocalizedTopic.from_document(documents[language], language, coverage)
            is_free = localized.extra.get("unit") == "topic"
            self._export_edition(localized, topic, english, made, expected)
        editions = {
            (format_, language): format_.artifact(language, topic.name)
            for language in self._sources.configuration.all_languages
            for format_ in self._formats
            if language in self._cards_of(topic.name, format_)
        }
        for (format_, language), name in editions.items():
            if language not in topic.coverage:
                self._carry_over(format_, name, made)
        exported: dict[tuple[str, str], Exported] = {
            (format_.name, language): made.get(name) or self.read(format_, name)
            for (format_, language), name in editions.items()
            if name not in self._lost
        }
        carried = frozenset(language for _, language in editions) - topic.coverage.keys()
        problems = check_editions(exported, topic.name, carried, expected=expected, is_free=is_free)
        self.report(topic.name, problems)
        self._names[topic.name] = [*editions.values(), *self._export_beside(topic.name, made)]
        self._spool_topic(topic, made)

    def _spool_topic(self, topic: ShardTopic, made: Mapping[str, Exported]) -> None:
        """Write a topic's lines in the NDJSON files of every format to the spool."""
        if self.store is not None:
            for format_ in self._formats:
                if format_.bulk:
                    lines = self._spool_lines(topic, format_, format_.bulk, made)
                    self._lines[topic.name, format_.name] = lines

    def _documents(self, topic: ShardTopic) -> Mapping[LanguageTag, Document]:
        """Return a topic, as it was judged, in English and in the languages in which it is published."""
        return find_translated(self._scratch, topic.name, topic.digest) or self._translate(topic)

    def _translate(self, topic: ShardTopic) -> Mapping[LanguageTag, Document]:
        """Translate a topic that was judged in an earlier run."""
        read = self._sources.read(topic.name, is_judged=True)
        if read.digest != topic.digest:
            raise StorageError(
                f"{topic_path(topic.name)} or one of its catalogues changed while it was being published. "
                "Run this again."
            )
        # What the checks refuse stays in English; if they refused nothing, they are not run again.
        is_blocked = any(coverage.blocked for coverage in topic.coverage.values())
        checks = self._sources.checks if is_blocked else NO_CHECKS
        translations = translate_topic(self._sources, read, {SOURCE, *topic.coverage}, checks)
        return {language: translation.document or {} for language, translation in translations.items()}

    def _export_edition(
        self,
        localized: LocalizedTopic,
        topic: ShardTopic,
        english: Container[str],
        made: dict[str, Exported],
        expected: dict[tuple[str, str], Expected],
    ) -> None:
        sources, language = self._sources, localized.language
        said = jsontext.digest(jsontext.dump_line(localized))
        pages = foreign_pages(localized, sources.page_languages, english)
        composed: dict[Lacking, tuple[Edition, str, Expected]] = {}
        for lacking, cards in self._cards.items():
            edition = compose_edition(
                localized,
                self._shard.cards[topic.name][language],
                topic.links,
                cards,
                sources.terms[language],
                vocabulary=sources.vocabulary,
                configuration=sources.configuration,
                pages=pages,
            )
            around = jsontext.digest(jsontext.dump_line(edition))
            composed[lacking] = edition, around, expect(localized, edition)
        for format_ in self._formats:
            edition, around, wanted = composed[self._lacking(format_)]
            expected[format_.name, language] = wanted
            name = format_.artifact(language, topic.name)
            document = self.mark(format_, name, format_.export(localized, edition), self._history(format_))
            made[name] = document
            inputs = self.inputs(format_.name, said, around)
            self.offer(format_, name, document, inputs, topic=topic.name, edition=localized)

    def _carry_over(self, format_: Format, name: str, made: dict[str, Exported]) -> None:
        """Take the last complete edition over, byte for byte, except for dates that are later than now.

        A damaged one is left out: the build ends with an error once everything else is made again.
        """
        self.exported.files[name] = known = self.recorded[name]
        if name in self.damaged:
            self._lost.add(name)
            return
        if self.store is None or format_.versioning is None:
            return
        earlier = versions_in(format_, read_artifact(self.store, name, known))
        if any(version.since > self._time for version in earlier.values()):
            history = History(time=self._time, earlier=earlier)
            made[name] = self.mark(format_, name, self.read(format_, name), history)
            facts = {
                each: getattr(known, each) for each in ("media_type", "topic", "language", "format", "inputs")
            }
            self.put(name, made[name], **facts)

    def _export_beside(self, topic: str, made: dict[str, Exported]) -> Iterator[str]:
        """Export the documents of a format beside the editions of a topic; yield the names."""
        for format_ in self._formats:
            cards = self._cards_of(topic, format_)
            if not cards or not format_.export_beside:
                continue
            one = compose_collection({topic: cards}, self._sources.terms, self._sources.configuration)
            for name, exported in format_.export_beside(one).items():
                document = self.mark(format_, name, exported, self._history(format_))
                made[name] = document
                self.offer(format_, name, document, self.inputs(format_.name, exported), topic=topic)
                yield name

    def _bulk_names(self, topic: str, format_: Format) -> list[str]:
        """Return the artifacts of a topic that go into the NDJSON files: what spans its languages first."""
        files, languages = self.exported.files, ["", *self._sources.configuration.all_languages]
        own = [name for name in self._names[topic] if files[name].format == format_.name]
        return sorted(own, key=lambda name: languages.index(files[name].language))

    def _spool_lines(
        self, topic: ShardTopic, format_: Format, bulk: Bulk, made: Mapping[str, Exported]
    ) -> Mapping[str, Place]:
        """Write a topic's lines in the NDJSON files to the spool, and return where they are."""
        by_type: dict[str, dict[str, bytes]] = {}
        for name in self._bulk_names(topic.name, format_):
            if name in self._lost:
                continue
            language = self.exported.files[name].language
            is_carried = bool(language) and language not in topic.coverage
            for each in bulk.resources(made.get(name) or self.read(format_, name)):
                # The editions of a topic share resources; each is here once, of two versions the English.
                lines = by_type.setdefault(each.type, {})
                if each.id not in lines:
                    resource = dict(each.resource)
                    if is_carried:  # the last release may have had the version of another edition
                        resource = self.mark(format_, "", resource, self._history(format_))
                    lines[each.id] = jsontext.dump_line(resource)
        places = {}
        for type_, lines in by_type.items():
            data = b"".join(lines.values())
            places[type_] = self._spool.seek(0, SEEK_END), len(data)
            self._spool.write(data)
        return places

    def _export_bulk(self, format_: Format, bulk: Bulk) -> None:
        """Write the resources of the shard's topics as NDJSON, one file per type."""
        number, files = self._shard.number, self.exported.files
        topics = self._shard.topics
        digests = [files[name].sha256 for topic in topics for name in self._bulk_names(topic.name, format_)]
        inputs = self.inputs(format_.name, "ndjson", number, digests)
        unchanged = {name: each for name, each in self.recorded.items() if each.inputs == inputs}
        if unchanged and self.damaged.keys().isdisjoint(unchanged):
            files.update(unchanged)
            return
        by_type: dict[str, list[Place]] = {}
        for topic in topics:
            lines = self._lines.get((topic.name, format_.name))
            for type_, place in (lines or self._spool_lines(topic, format_, bulk, {})).items():
                by_type.setdefault(type_, []).append(place)
        for type_, places in by_type.items():
            lines_of_all = _Spooled(self._spool, places)
            self.put_ndjson(format_, bulk, f"{type_}-{number:02x}", lines_of_all, inputs)
