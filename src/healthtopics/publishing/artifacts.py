"""The artifacts of a collection, made or taken over, in as many processes as are available."""

import pickle
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from healthtopics import jsontext
from healthtopics.cache import key_of, recall, remember
from healthtopics.formats.format import Format
from healthtopics.formats.table import format_named, formats_named
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE
from healthtopics.problems import Problem
from healthtopics.publishing.deciding import ChosenEditions, Decided, Verdict
from healthtopics.publishing.digests import Rules
from healthtopics.publishing.editions import (
    compose_collection,
    listed_configuration,
    listed_words,
    site_words,
)
from healthtopics.publishing.exporting import (
    ExportedShard,
    Exporting,
    Lacking,
    Shard,
    ShardTopic,
    Workshop,
    cards_in,
    export_shard,
)
from healthtopics.publishing.sources import Sources
from healthtopics.publishing.values import Engine
from healthtopics.publishing.versions import NDJSON, History, read_versions
from healthtopics.release import INDEX, Artifact, Store, shard_of
from healthtopics.validation.public import check_public
from healthtopics.workers import FEW, Shared, spread

INDEX_FORMAT = "index"

_OF_SHARD = re.compile(r"-[0-9a-f]{2}\.ndjson$")
"""The end of their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the cache has about the artifacts of one topic."""

    made: str
    """The digest of their names, each with its `inputs`."""
    found: tuple[Problem, ...]
    """The problems found in them."""


@dataclass
class _Together(Exporting):
    """Makes the documents that span all topics."""

    dates: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By format: the dates of the resources in them, by key."""


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """The work of making the artifacts of some topics."""

    sources: Sources
    rules: Rules
    store: Store | None
    """None if documents are only checked."""
    software: str
    decided: Mapping[str, Decided]
    chosen: ChosenEditions
    names: Collection[str]
    """The topics whose artifacts are wanted; others are only link targets."""
    recorded: Mapping[str, Artifact] = field(default_factory=dict)
    """The artifacts of the last release."""
    damaged: Mapping[str, str] = field(default_factory=dict)
    """Those of them that must not be taken over, each with the time since which it was unchanged."""
    carried: frozenset[tuple[str, str]] = frozenset()
    """(topic, language) of the editions that the last release carried over."""
    time: str
    """The time of the release that is made."""

    def export(self, engine: Engine) -> ExportedShard:
        """Make or take over every artifact; problems in those of a topic are under its name.

        The executor is shut down when the shared work is done.
        """
        together = self._export_together(engine)
        defined = jsontext.short_digest(together.defined)
        keys = {name: self._key(name, defined) for name in sorted(self.names)}
        known = dict(recall(engine.cache, keys, Made))
        unchanged = frozenset(name for name, made in known.items() if self._is_unchanged(name, made))
        workshop = Workshop(
            sources=self.sources,
            store=self.store,
            software=self.software,
            defined=together.defined,
            scratch=engine.scratch,
            spool=engine.spool,
            time=self.time,
            shared=together.dates,
        )
        executor = engine.executor if len(keys) - len(unchanged) > FEW else None
        steps, count = len(self.decided), len(self.decided) + len(keys)
        result = together.exported
        with engine.spool() as waiting:
            for shard in spread(executor, export_shard, Shared(workshop), self._shards(unchanged)):
                self._remember(engine, keys, shard)
                # Descriptions of artifacts take 5 kB a topic: they wait until the workers' memory is free.
                pickle.dump(shard.files, waiting)
                shard.files.clear()
                result.add(shard)
                engine.progress(steps + len(result.done), count)
            if engine.executor:
                engine.executor.shutdown()
            end = waiting.tell()
            waiting.seek(0)
            while waiting.tell() < end:
                result.files.update(pickle.load(waiting))  # noqa: S301 - this process wrote it
        result.found.update({name: list(known[name].found) for name in unchanged})
        return result

    def _remember(self, engine: Engine, keys: Mapping[str, str], exported: ExportedShard) -> None:
        own = _by_topic(exported.files)
        values = {
            keys[name]: Made(made=_made(own.get(name, {})), found=tuple(found))
            for name, found in exported.found.items()
        }
        remember(engine.cache, values)

    @cached_property
    def _own(self) -> Mapping[str, Mapping[str, Artifact]]:
        return _by_topic(self.recorded)

    @cached_property
    def _lacking(self) -> Mapping[str, Lacking]:
        """By format: the editions that are carried over and missing from it; usually empty."""
        carried = [
            (name, language)
            for name, cards in self.chosen.cards.items()
            for language in cards
            if self.decided[name].verdicts[language].card is None
        ]
        return {
            format_: frozenset(
                (name, language)
                for name, language in carried
                if format_named(format_).artifact(language, name) not in self.recorded
            )
            for format_ in self.sources.configuration.formats
        }

    @cached_property
    def _links(self) -> Mapping[str, str]:
        """The digest of what links to each topic show of it."""
        return {
            name: jsontext.digest(jsontext.dump_line([card.link for card in cards.values()]))
            for name, cards in self.chosen.cards.items()
        }

    def _linked(self, names: Iterable[str]) -> list[str]:
        """Return the names of topics and of those that they link to, if they have cards; sorted."""
        found = {*names, *(link for each in names for link in self.decided[each].links)}
        return sorted(found & self.chosen.cards.keys())

    def _lacking_of(self, names: Iterable[str]) -> dict[str, Lacking]:
        wanted = frozenset(names)
        return {
            format_: frozenset(each for each in lacking if each[0] in wanted)
            for format_, lacking in self._lacking.items()
        }

    def _key(self, name: str, defined: str) -> str:
        """Return the key of everything that the artifacts of a topic are made from and checked against."""
        decided, linked = self.decided[name], self._linked([name])
        return key_of(
            "made",
            self.rules.words,
            defined,
            name,
            decided.digest,
            [language for language, verdict in decided.verdicts.items() if verdict.card],
            list(self.chosen.cards[name].values()),
            [[each, self._links[each]] for each in linked],
            [[format_, sorted(lacking)] for format_, lacking in self._lacking_of(linked).items()],
            sorted(each.sha256 for each in self._own.get(name, {}).values() if self._is_carried(name, each)),
        )

    def _is_carried(self, name: str, artifact: Artifact) -> bool:
        verdict = dict(self._verdicts(name)).get(artifact.language)
        return verdict is not None and verdict.card is None

    def _verdicts(self, name: str) -> Iterator[tuple[str, Verdict]]:
        for language, verdict in self.decided[name].verdicts.items():
            yield str(language), verdict

    def _is_unchanged(self, name: str, known: Made) -> bool:
        if self.store is None:
            return True
        own = self._own.get(name, {})
        if any((name, tag) in self.carried and verdict.card for tag, verdict in self._verdicts(name)):
            return False  # what it shares with other topics may have got another date meanwhile
        return known.made == _made(own) and self.damaged.keys().isdisjoint(own)

    def _shards(self, unchanged: frozenset[str]) -> Iterator[Shard]:
        for number, names in _by_shard(self.names).items():
            linked = self._linked(names)
            bulk = f"-{number:02x}.ndjson"
            recorded = {name: each for name, each in self._own.get("", {}).items() if name.endswith(bulk)}
            for name in names:
                recorded |= self._own.get(name, {})
            yield Shard(
                number=number,
                topics=tuple(self._topic(name, is_unchanged=name in unchanged) for name in names),
                cards={name: self.chosen.cards[name] for name in linked},
                lacking=self._lacking_of(linked),
                recorded=recorded,
                damaged={name: self.damaged[name] for name in self.damaged.keys() & recorded.keys()},
            )

    def _topic(self, name: str, *, is_unchanged: bool) -> ShardTopic:
        decided = self.decided[name]
        return ShardTopic(
            name=name,
            digest=decided.digest,
            links=decided.links,
            coverage={tag: verdict.coverage for tag, verdict in decided.verdicts.items() if verdict.card},
            is_unchanged=is_unchanged,
        )

    def _export_together(self, engine: Engine) -> "_Together":
        """Export what spans all topics."""
        exporting = _Together(self.store, self.software, self.recorded, self.damaged)
        for format_ in formats_named(self.sources.configuration.formats):
            self._export_collection(exporting, engine, format_)
        index = {
            **listed_configuration(self.sources.configuration),
            "topics": [
                {"id": topic, "editions": [card.to_dict() for card in editions.values()]}
                for topic, editions in self.chosen.cards.items()
            ],
            "withdrawn": [tombstone.to_dict() for tombstone in self.chosen.withdrawn],
            "vocabulary": listed_words(self.sources.terms[SOURCE].terms),
            "site": {
                language: site_words(terms, self.sources.configuration.publisher).to_dict()
                for language, terms in self.sources.site_terms.items()
            },
        }
        inputs = {INDEX: exporting.inputs(INDEX_FORMAT, index)}
        valid = partial(check_public, "public/topics.schema.json")
        self._offer(exporting, engine, {INDEX: index}, inputs, valid)
        return exporting

    def _export_collection(self, exporting: "_Together", engine: Engine, format_: Format) -> None:
        """Export what spans all topics in a format; only what it defines, and the dates, stay in memory."""
        if not format_.export_collection:
            return
        cards = cards_in(self.chosen.cards, self._lacking[format_.name])
        withdrawn = self.chosen.withdrawn
        collection = compose_collection(
            cards, self.sources.terms, self.sources.configuration, withdrawn=withdrawn
        )
        exported = format_.export_collection(collection)
        if format_.define:
            exporting.defined[format_.name] = format_.define(exported.values())
        inputs = {name: exporting.inputs(format_.name, document) for name, document in exported.items()}
        documents = self._date(exporting, format_, exported)
        check = partial(exporting.check, format_)
        facts = {"format_": format_.name, "media_type": format_.media_type}
        self._offer(exporting, engine, documents, inputs, check, **facts)
        if format_.bulk and self.store is not None:
            exporting.put_bulk(format_, format_.bulk, documents.values())

    def _date(
        self, exporting: "_Together", format_: Format, exported: Mapping[str, JsonObject]
    ) -> dict[str, JsonObject]:
        """Return the documents of a format that span all topics, with their versions."""
        own = {name: each for name, each in self._own.get("", {}).items() if not _OF_SHARD.search(name)}
        bulk = {name: each for name, each in own.items() if name.endswith(NDJSON)}
        files = bulk if format_.bulk and self.damaged.keys().isdisjoint(bulk) else own
        damaged = frozenset(self.damaged)
        earlier = read_versions(self.store, format_, files, damaged) if self.store else {}
        history = History(time=self.time, earlier=earlier)
        documents = {
            name: exporting.mark(format_, name, document, history) for name, document in exported.items()
        }
        exporting.dates[format_.name] = history.given
        return documents

    def _offer(
        self,
        exporting: Exporting,
        engine: Engine,
        documents: Mapping[str, JsonObject],
        inputs: Mapping[str, str],
        check: Callable[[JsonObject, str], Iterable[Problem]],
        *,
        format_: str = INDEX_FORMAT,
        media_type: str = "application/json",
    ) -> None:
        """Check documents of a format unless their problems are cached; put or take over each."""
        key = key_of("documents", self.rules.judging, inputs)
        known = dict(recall(engine.cache, {key: key}, Made)).get(key)
        if known is None:
            found = (problem for name, document in documents.items() for problem in check(document, name))
            known = Made(made="", found=tuple(found))
            remember(engine.cache, {key: known})
        exporting.report("", known.found)
        for name, document in documents.items():
            if not exporting.take_over(name, inputs[name]):
                facts = {"media_type": media_type, "format": format_, "inputs": inputs[name]}
                exporting.put(name, jsontext.Dumped(document), **facts)


def _by_topic(files: Mapping[str, Artifact]) -> dict[str, dict[str, Artifact]]:
    """Group artifacts by topic; those that span all topics are under the empty name."""
    found: dict[str, dict[str, Artifact]] = {}
    for name, artifact in files.items():
        found.setdefault(artifact.topic, {})[name] = artifact
    return found


def _made(files: Mapping[str, Artifact]) -> str:
    pairs = sorted((name, artifact.inputs) for name, artifact in files.items())
    return jsontext.digest(jsontext.dump_line(pairs))


def _by_shard(topics: Iterable[str]) -> dict[int, list[str]]:
    shards: dict[int, list[str]] = {}
    for topic in sorted(topics):
        shards.setdefault(shard_of(topic), []).append(topic)
    return dict(sorted(shards.items()))
