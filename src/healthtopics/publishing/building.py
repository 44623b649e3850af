"""From a workspace's files to the artifacts of a release, topic by topic, in as many processes as there are.

    examine     every topic by itself → its cards, coverage, links and problems          examining
    decide      all of that together → which editions readers get, which are held
    export      the topics of one shard after the other → artifacts in the store         exporting
    manifest    of all that was made and all that was taken over

Between the passes only cards and digests are kept, so that memory hardly grows with the collection. What is
known of an unchanged topic comes from the record of the last publication.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.errors import BuildError, ReleaseError
from healthtopics.formats.table import format_named, formats_named
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import Files, TopicBytes, catalogue_path, topic_path
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.publishing.editions import Cards, compose_collection, hold, is_current, read_cards
from healthtopics.publishing.examining import Examined, Reading, examine_each
from healthtopics.publishing.exporting import (
    ExportedShard,
    Exporting,
    Shard,
    ShardTopic,
    Workshop,
    export_shard,
)
from healthtopics.publishing.record import UNKNOWN, Known
from healthtopics.publishing.sources import Basis, check_together, gather, read_topic
from healthtopics.publishing.values import INDEX, PLAIN, Built, Engine, Maker
from healthtopics.publishing.workers import Shared, spread
from healthtopics.release import Artifact, Held, Manifest, Opened, Store, instant
from healthtopics.topic import Card, Coverage
from healthtopics.validation import check_public

INDEX_FORMAT = "index"

_SHARDS = 64
"""NDJSON files a resource type. Fixed for ever: a topic's resources stay in the same file."""
_CHUNK: Final = 16
"""Topics that a worker examines at a time."""
_FEW: Final = 24
"""As many topics are made before other processes could have started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one topic."""

    examined: Examined
    key: str = ""
    """The digest of all that its artifacts are made from; empty where it has none."""
    made: str = ""
    """The digest of the names of its artifacts, each with its `inputs`."""
    warnings: tuple[Problem, ...] = ()
    """What was found when they were made."""

    @classmethod
    def parse(cls, text: bytes) -> "Entry":
        """Read what `serialize` gave."""
        document = jsontext.load(text)
        return cls(
            examined=Examined.from_dict(document["examined"]),
            key=document["key"],
            made=document["made"],
            warnings=tuple(map(Problem.from_dict, document["warnings"])),
        )

    def serialize(self) -> bytes:
        """Return JSON on one line, without the line feed."""
        warnings = [warning.to_dict() for warning in self.warnings]
        members = {"examined": self.examined.to_dict(), "key": self.key, "made": self.made}
        return jsontext.dump_line({**members, "warnings": warnings}).rstrip(b"\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What readers get, and what they do not get yet."""

    cards: Cards
    """Of all editions that readers get, the carried-over ones included; ids sorted."""
    held: tuple[Held, ...]
    coverage: Mapping[str, Mapping[LanguageTag, Coverage]]


def build(
    files: Files,
    store: Store,
    previous: Opened | None,
    *,
    now: datetime,
    maker: Maker,
    damaged: frozenset[str] = frozenset(),
    known: Known = UNKNOWN,
    engine: Engine = PLAIN,
) -> Built:
    """Make every artifact, check it, and put it into the store; nothing is visible yet.

    `damaged` names artifacts of the last release that must not be taken over. `known` is what the last
    publication learnt.

    Raises BuildError with the problems of every file, or of every document that is not fit to leave,
    ConfigurationError where the workspace's publisher is not in the vocabulary, ReleaseError where an edition
    would have to be carried over that is damaged, StorageError where a file changes meanwhile.
    """
    today = now.astimezone(UTC).date().isoformat()
    recorded = previous.manifest.files if previous else {}
    basis, problems = gather(files, schema=engine.schema, checks=engine.checks)
    entries = _entries(known)
    examined = _examine(basis, files, entries, engine.executor)
    problems += _judge_together(basis, files, examined)
    if has_errors(problems):
        raise BuildError(problems)
    earlier = read_cards(store, recorded, damaged)
    standing = _decide(examined, today, earlier)
    _refuse_what_cannot_be_made_again(standing, recorded, damaged)
    builder = _Builder(
        basis=basis,
        files=files,
        store=store,
        software=maker.digest,
        recorded=recorded,
        damaged=damaged,
        known=known,
        entries=entries,
        examined=examined,
        standing=standing,
    )
    exported = builder.export(engine)
    found = {name: list(each) for name, each in sorted(exported.found.items())}
    for name, cards in standing.cards.items():
        found[name] += _check_dates(cards, earlier.get(name, {}))
    for name, cards in earlier.items():
        found.setdefault(name, []).extend(_check_removed(cards, standing.cards.get(name, {})))
    if has_errors(problem for each in found.values() for problem in each):
        raise BuildError([problem for each in found.values() for problem in each])
    warnings = {name: _accept(each, examined.get(name), exported) for name, each in found.items()}
    return Built(
        manifest=Manifest(
            number=previous.manifest.number + 1 if previous else 1,
            previous=(previous.manifest.number, previous.sha256) if previous else None,
            time=instant(now),
            base_url=basis.configuration.base_url,
            software=maker.name,
            languages=basis.configuration.all_languages,
            coverage={
                topic: {language: counts.to_dict() for language, counts in by_language.items()}
                for topic, by_language in standing.coverage.items()
            },
            held=standing.held,
            files=dict(sorted(exported.files.items())),
        ),
        exported=len(exported.made),
        warnings=(*problems, *(warning for each in warnings.values() for warning in each)),
        digests={name: each.digest for name, each in examined.items()},
        topics=builder.entries_of(warnings),
        until=min((day for each in examined.values() for day in each.days if day > today), default=""),
    )


def _entries(known: Known) -> dict[str, Entry]:
    """Return what is known of each topic whose files are those of then."""
    entries = {name: Entry.parse(known.topics[name]) for name in known.digests if name in known.topics}
    return {name: each for name, each in entries.items() if each.examined.digest == known.digests[name]}


def _examine(
    basis: Basis, files: Files, entries: Mapping[str, Entry], executor: Executor | None
) -> dict[str, Examined]:
    """Return what is known of every topic; what is not known yet is found out. Names are sorted."""
    found = {
        name: entry.examined
        for name, entry in entries.items()
        if basis.topics.issuperset(entry.examined.links)  # a link to a topic that is gone is an error now
    }
    left = [name for name in files.topic_names() if name not in found]
    chunks = [left[start : start + _CHUNK] for start in range(0, len(left), _CHUNK)]
    reading = Shared(Reading(basis=basis, files=files))
    for each in spread(executor if len(left) > _FEW else None, examine_each, reading, chunks):
        found |= {examined.name: examined for examined in each}
    return dict(sorted(found.items()))


def _judge_together(basis: Basis, files: Files, examined: Mapping[str, Examined]) -> list[Problem]:
    return check_together(
        basis,
        {name: each.id for name, each in examined.items()},
        {name: each.problems for name, each in examined.items()},
        lambda known, name: read_topic(known, name, TopicBytes.of(files, name)).problems,
    )


def _decide(
    examined: Mapping[str, Examined], today: str, earlier: Mapping[str, Mapping[LanguageTag, Card]]
) -> Standing:
    """Decide which editions readers get; that of the last release stands in the place of one that is held."""
    cards: dict[str, dict[LanguageTag, Card]] = {}
    held: list[Held] = []
    coverage: dict[str, dict[LanguageTag, Coverage]] = {}
    for name, topic in examined.items():
        if not is_current(topic.publish_from, topic.withdraw_from, today):
            continue
        last = earlier.get(name, {})
        for language, verdict in topic.verdicts.items():
            coverage.setdefault(name, {})[language] = verdict.coverage
            card = verdict.card or last.get(language)
            if card is not None:
                cards.setdefault(name, {})[language] = card
            if verdict.card is None:
                held.append(hold(name, language, verdict.coverage, verdict.findings, last.get(language)))
    return Standing(cards=cards, held=tuple(held), coverage=coverage)


def _refuse_what_cannot_be_made_again(
    standing: Standing, recorded: Mapping[str, Artifact], damaged: frozenset[str]
) -> None:
    """Raise ReleaseError where the only copy of an edition that is held today is damaged."""
    held = {(held.topic, held.language) for held in standing.held}
    lost = [
        name
        for name, artifact in recorded.items()
        if (artifact.topic, artifact.language) in held and not damaged.isdisjoint({name, INDEX})
    ]
    if lost:
        raise ReleaseError(
            f"{', '.join(lost)}: these editions are held, so that they cannot be made again from today's "
            "texts, and they or the index that describes them are damaged. Restore them from a copy, or "
            "complete the translations."
        )


_ABOUT_CHANGE: Final = ("edition-removed", "stale-date")
"""Checks that compare with the last release: what they find is said once."""


def _check_dates(cards: Mapping[LanguageTag, Card], earlier: Mapping[LanguageTag, Card]) -> Iterator[Problem]:
    """Yield a warning where an edition says something else than it did, under the same date."""
    for language, card in cards.items():
        before = earlier.get(language)
        if before is None or before.updated != card.updated or before.content in ("", card.content):
            continue
        is_source = language == SOURCE
        yield Problem(
            check="stale-date",
            level=Level.WARNING,
            path=topic_path(card.topic) if is_source else catalogue_path(language, card.topic),
            pointer="/dates/updated" if is_source else "",
            message=f"the {language} edition changed, its date is still {card.updated}.",
            hint="Set dates.updated to the day of the change."
            if is_source
            else "Set PO-Revision-Date in the header of the catalogue; most editors do so when they save.",
        )


def _check_removed(
    earlier: Mapping[LanguageTag, Card], cards: Mapping[LanguageTag, Card]
) -> Iterator[Problem]:
    for language, card in earlier.items():
        if language not in cards:
            yield Problem(
                check="edition-removed",
                level=Level.WARNING,
                path=topic_path(card.topic),
                message=f"the {language} edition of the last release is gone.",
                hint="Readers that link to it find nothing. Was that meant?",
            )


def _accept(
    problems: Sequence[Problem], topic: Examined | None, exported: ExportedShard
) -> tuple[Problem, ...]:
    """Return the warnings that the topic does not accept, and one for each acceptance that nothing needs.

    What was taken over was not checked again, so only a topic that was made anew tells what it needs.
    """
    if topic is None:
        return tuple(problems)
    left = [problem for problem in problems if problem.check not in topic.accepted]
    found = {problem.check for problem in problems}
    if topic.name in exported.made_anew:
        left += [
            Problem(
                check="accept-unneeded",
                level=Level.WARNING,
                path=topic_path(topic.name),
                pointer=f"/accept/{index}",
                message=f"nothing here is found by {check!r}.",
                hint="Remove the entry; it would hide the next real finding.",
            )
            for index, check in enumerate(topic.accepted)
            if check not in found
        ]
    return tuple(left)


@dataclass(kw_only=True)
class _Builder:
    basis: Basis
    files: Files
    store: Store
    software: str
    recorded: Mapping[str, Artifact]
    """The artifacts of the last release."""
    damaged: frozenset[str]
    known: Known
    entries: Mapping[str, Entry]
    examined: Mapping[str, Examined]
    standing: Standing
    exported: ExportedShard = field(default_factory=ExportedShard)

    def __post_init__(self) -> None:
        self._cards = {format_: self._cards_in(format_) for format_ in self.basis.configuration.formats}
        """By format: the editions that there are in it."""
        distinct = {id(cards): cards for cards in self._cards.values()}  # mostly the same for all formats
        digests = {
            key: {name: jsontext.digest(jsontext.dump_line(each)) for name, each in cards.items()}
            for key, cards in distinct.items()
        }
        self._card_digests = [digests[id(cards)] for cards in self._cards.values()]
        """In the order of the formats: the digest of the cards of each topic."""
        self._keys = {name: self._key(name) for name in self.standing.cards}
        self._own = _by_topic(self.recorded)
        self._unchanged = frozenset(name for name in self._keys if self._is_unchanged(name))

    def export(self, engine: Engine) -> ExportedShard:
        """Make or take over every artifact."""
        defined = self._export_together()
        workshop = Workshop(
            basis=self.basis, files=self.files, store=self.store, software=self.software, defined=defined
        )
        executor = engine.executor if len(self._keys) - len(self._unchanged) > _FEW else None
        done = 0
        for made in spread(executor, export_shard, Shared(workshop), self._shards()):
            self.exported.add(made)
            for _ in made.found:
                done += 1
                engine.progress(done, len(self._keys))
        return self.exported

    def entries_of(self, warnings: Mapping[str, Sequence[Problem]]) -> dict[str, bytes]:
        """Return what the record shall say of each topic."""
        own = _by_topic(self.exported.files)
        entries: dict[str, bytes] = {}
        for name, examined in self.examined.items():
            if name in self._unchanged:
                entries[name] = self.known.topics[name]
                continue
            entry = Entry(
                examined=examined,
                key=self._keys.get(name, ""),
                made=_made(own.get(name, {})),
                warnings=tuple(each for each in warnings.get(name, ()) if each.check not in _ABOUT_CHANGE),
            )
            entries[name] = entry.serialize()
        return entries

    def _cards_in(self, format_: str) -> Cards:
        """Return the cards of the editions that there are in a format; what is carried over may lack one."""
        lacking = {
            (name, language)
            for name, cards in self.standing.cards.items()
            for language in cards
            if self.examined[name].verdicts[language].card is None
            and format_named(format_).artifact(language, name) not in self.recorded
        }
        if not lacking:
            return self.standing.cards  # the same object, so that it is handed over only once
        return {
            name: {language: card for language, card in cards.items() if (name, language) not in lacking}
            for name, cards in self.standing.cards.items()
        }

    def _linked(self, names: Iterable[str]) -> list[str]:
        """Return the names of topics and of those that they link to, sorted."""
        return sorted({*names, *(link for each in names for link in self.examined[each].links)})

    def _around(self, names: Iterable[str]) -> dict[str, Cards]:
        """Return, by format, the cards of topics and of those that they link to."""
        wanted = self._linked(names)
        parts: dict[int, Cards] = {}
        for cards in self._cards.values():
            if id(cards) not in parts:
                parts[id(cards)] = {name: cards[name] for name in wanted if name in cards}
        return {format_: parts[id(cards)] for format_, cards in self._cards.items()}

    def _key(self, name: str) -> str:
        """Return the digest of all that the artifacts of a topic are made from."""
        published = [language for language, each in self.examined[name].verdicts.items() if each.card]
        around = [
            [(each, digests[each]) for each in self._linked([name]) if each in digests]
            for digests in self._card_digests
        ]
        parts = [self.known.basis, self.examined[name].digest, published, around]
        return jsontext.digest(jsontext.dump_line(parts))

    def _is_unchanged(self, name: str) -> bool:
        entry, own = self.entries.get(name), self._own.get(name, {})
        return (
            entry is not None
            and entry.key == self._keys[name]
            and entry.made == _made(own)
            and self.damaged.isdisjoint(own)
        )

    def _shards(self) -> Iterator[Shard]:
        for number, names in _by_shard(self.standing.cards).items():
            bulk = f"-{number:02x}.ndjson"
            recorded = {name: each for name, each in self._own.get("", {}).items() if name.endswith(bulk)}
            for name in names:
                recorded |= self._own.get(name, {})
            yield Shard(
                number=number,
                topics=tuple(map(self._topic, names)),
                cards=self._around(names),
                recorded=recorded,
                damaged=self.damaged.intersection(recorded),
            )

    def _topic(self, name: str) -> ShardTopic:
        examined = self.examined[name]
        return ShardTopic(
            name=name,
            digest=examined.digest,
            links=examined.links,
            coverage={language: each.coverage for language, each in examined.verdicts.items() if each.card},
            is_unchanged=name in self._unchanged,
            warnings=self.entries[name].warnings if name in self.entries else (),
        )

    def _export_together(self) -> dict[str, Any]:
        """Export what spans all topics; return what that defines, by format."""
        defined: dict[str, Any] = {}
        exporting = Exporting(self.store, self.software, self.recorded, self.damaged, defined)
        for format_ in formats_named(self.basis.configuration.formats):
            if not format_.export_collection:
                continue
            documents = format_.export_collection(
                compose_collection(self._cards[format_.name], self.basis.terms, self.basis.configuration)
            )
            if format_.define:
                defined[format_.name] = format_.define(documents.values())
            for name, document in documents.items():
                inputs = exporting.inputs(format_.name, document)
                if not exporting.take_over(name, inputs):
                    exporting.offer(format_, name, document, inputs)
            if format_.bulk:
                exporting.put_bulk(format_, format_.bulk, documents.values())
        self._export_index(exporting)
        self.exported.add(exporting.exported)
        return defined

    def _export_index(self, exporting: Exporting) -> None:
        document = {
            "baseUrl": self.basis.configuration.base_url,
            "topics": [
                {"id": topic, "editions": [card.to_dict() for card in cards.values()]}
                for topic, cards in self.standing.cards.items()
            ],
        }
        inputs = exporting.inputs(INDEX_FORMAT, document)
        if not exporting.take_over(INDEX, inputs):
            exporting.report("", check_public("public/topics.schema.json", document, INDEX))
            facts = {"media_type": "application/json", "format": INDEX_FORMAT, "inputs": inputs}
            exporting.put(INDEX, jsontext.dump(document), **facts)


def _by_topic(files: Mapping[str, Artifact]) -> dict[str, dict[str, Artifact]]:
    """Group artifacts by their topic; those that span all topics stand under the empty name."""
    found: dict[str, dict[str, Artifact]] = {}
    for name, artifact in files.items():
        found.setdefault(artifact.topic, {})[name] = artifact
    return found


def _made(files: Mapping[str, Artifact]) -> str:
    pairs = sorted((name, artifact.inputs) for name, artifact in files.items())
    return jsontext.digest(jsontext.dump_line(pairs))


def _by_shard(topics: Iterable[str]) -> dict[int, list[str]]:
    shards: dict[int, list[str]] = {}
    for topic in topics:
        shard = int(jsontext.digest(topic.encode())[:8], 16) % _SHARDS
        shards.setdefault(shard, []).append(topic)
    return dict(sorted(shards.items()))
