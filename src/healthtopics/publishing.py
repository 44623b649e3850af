"""From a workspace's files to a release: the only place where validation, translation and exporters meet.

    assemble    documents and catalogues → Sources, or every problem
    build       Sources → objects in the store, and the manifest that would make them a release
    publish     build, and make it visible if it says anything new

No disk, no clock, no environment: a store, the moment and the identity of the software are handed in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.configuration import Configuration
from healthtopics.errors import BuildError, ConfigurationError, NoCurrentReleaseError, ReleaseExistsError
from healthtopics.exporters import COLLECTION_EXPORTERS, EXPORTERS, fhir
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem, has_errors
from healthtopics.release import (
    Artifact,
    Held,
    Manifest,
    Opened,
    Store,
    compare,
    instant,
    numbers,
    open_current,
    open_release,
    point_to,
    put_object,
    read_artifact,
    release_key,
)
from healthtopics.schema import MessagePlan, packaged, plan_messages
from healthtopics.topic import Card, Collection, Coverage, Edition, LocalizedTopic, Term, Topic
from healthtopics.translation import LocalizedTerms, localize_terms, translate
from healthtopics.validation import (
    Collected,
    TopicSchema,
    check_agreement,
    check_duplicate_topics,
    check_format,
    check_public,
    check_vocabulary,
    check_vocabulary_references,
)
from healthtopics.vocabulary import Vocabulary

Document = Mapping[str, Any]
Progress = Callable[[int, int], None]
"""Told how many topics of how many are done."""

INDEX: Final = "topics.json"
"""The artifact that lists all topics with the card of each edition."""
INDEX_FORMAT: Final = "index"

_SHARDS: Final = 64
"""NDJSON files a resource type. Fixed for ever: a topic's resources stay in the same file."""
_MOST_PROBLEMS: Final = 20
"""What the manifest lists of the problems that hold one edition; the counts tell the rest."""
_SHARED_VOCABULARIES: Final = ("parts", "content-types", "list-kinds")
"""Words that every edition uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What a workspace holds, parsed but not judged."""

    configuration: Configuration
    vocabularies: Sequence[tuple[str, Any]]
    """(path, document): the packaged ones first, then the workspace's own."""
    topics: Sequence[tuple[str, Any]]
    """(path, document)."""
    catalogues: Mapping[LanguageTag, Mapping[str, Catalogue]]
    """Language → topic id or `vocabulary` → catalogue."""
    problems: Sequence[Problem] = ()
    """What could not even be parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a release is made from, free of errors."""

    configuration: Configuration
    vocabulary: Vocabulary
    topics: Mapping[str, Document]
    """By id, ids sorted."""
    catalogues: Mapping[LanguageTag, Mapping[str, Catalogue]]
    plan: MessagePlan
    """Of the topic schema."""
    warnings: tuple[Problem, ...] = ()


def assemble(files: Files, schema: TopicSchema | None = None) -> Sources:
    """Judge everything that a workspace holds.

    Raises BuildError with every problem of every file, ConfigurationError where the workspace's
    publisher is not in the vocabulary.
    """
    schema = schema or TopicSchema()
    problems = list(files.problems)
    sound: list[tuple[str, Document]] = []
    for path, document in files.vocabularies:
        found = check_vocabulary(document, path)
        problems += found
        sound += [] if has_errors(found) else [(path, document)]
    vocabulary = Vocabulary.merge(sound)
    problems += check_vocabulary_references(vocabulary)
    ids = {path: document["id"] for path, document in files.topics if _has_id(document)}
    problems += check_duplicate_topics(ids)
    collected = Collected(vocabulary, frozenset(ids.values()))
    for path, document in files.topics:
        problems += schema.check(document, path, collected)
    if has_errors(problems):
        raise BuildError(problems)
    publisher = files.configuration.publisher
    if not vocabulary.has("organizations", publisher):
        raise ConfigurationError(
            f"healthtopics.toml: publisher {publisher!r} is no entry of the vocabulary `organizations`. "
            "Add it to vocabulary/organizations.json."
        )
    return Sources(
        configuration=files.configuration,
        vocabulary=vocabulary,
        topics={document["id"]: document for _, document in sorted(files.topics, key=lambda pair: pair[1]["id"])},
        catalogues=files.catalogues,
        plan=schema.plan,
        warnings=tuple(problems),
    )


def _has_id(document: object) -> bool:
    return isinstance(document, Mapping) and isinstance(document.get("id"), str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One edition of one topic, translated and ready for the exporters."""

    topic: LocalizedTopic
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """All editions of all topics: what is published today, what is held and why."""

    terms: Mapping[LanguageTag, LocalizedTerms]
    prepared: Mapping[str, Mapping[LanguageTag, Prepared]]
    cards: Mapping[str, Mapping[LanguageTag, Card]]
    """Of all editions that readers get, the carried-over ones included."""
    held: tuple[Held, ...]
    coverage: Mapping[str, Mapping[LanguageTag, Coverage]]
    findings: Mapping[tuple[str, LanguageTag], tuple[Problem, ...]]
    """(topic, language) → what is in the way of a complete edition."""


def prepare(
    sources: Sources, *, today: str, earlier: Mapping[str, Mapping[LanguageTag, Card]] | None = None
) -> Editions:
    """Translate every topic into every language and decide which editions are published.

    `today` is an ISO day, for scheduled publication and withdrawal; `earlier` holds the cards
    of the last release, whose editions stand in the place of those that are not complete.
    """
    configuration = sources.configuration
    terms = _localize_vocabulary(sources)
    prepared: dict[str, dict[LanguageTag, Prepared]] = {}
    cards: dict[str, dict[LanguageTag, Card]] = {}
    coverage: dict[str, dict[LanguageTag, Coverage]] = {}
    held: list[Held] = []
    found: dict[tuple[str, LanguageTag], tuple[Problem, ...]] = {}
    for topic_id, document in sources.topics.items():
        topic = Topic.from_dict(document)
        if not _is_current(topic, today):
            continue
        for language in configuration.all_languages:
            catalogue = _catalogue(sources, language, topic_id)
            translation = translate(sources.plan, document, catalogue)
            counts, findings = translation.coverage, translation.findings
            for vocabulary, key in _used_terms(topic, configuration.publisher, sources.vocabulary):
                counts += terms[language].coverage[vocabulary, key]
                findings += terms[language].findings[vocabulary, key]
            coverage.setdefault(topic_id, {})[language] = counts
            found[topic_id, language] = tuple(dict.fromkeys(findings))
            if translation.document is not None and _is_publishable(configuration, language, counts):
                localized = LocalizedTopic.from_document(translation.document, language, counts)
                card = _card(localized, configuration, catalogue)
                prepared.setdefault(topic_id, {})[language] = Prepared(topic=localized, card=card)
                cards.setdefault(topic_id, {})[language] = card
                continue
            last = (earlier or {}).get(topic_id, {}).get(language)
            if last is not None:
                cards.setdefault(topic_id, {})[language] = last
            held.append(
                Held(
                    topic=topic_id,
                    language=language,
                    as_of=last.updated if last else None,
                    coverage=counts.to_dict(),
                    problems=tuple(finding.to_dict() for finding in found[topic_id, language]),
                )
            )
    return Editions(
        terms=terms, prepared=prepared, cards=cards, held=tuple(held), coverage=coverage, findings=found
    )


def edition_of(sources: Sources, editions: Editions, topic_id: str, language: LanguageTag) -> Edition:
    """Compose what the exporters need besides the topic: only what this topic really uses."""
    prepared = editions.prepared[topic_id][language]
    topic = prepared.topic
    terms = editions.terms[language].terms
    used: dict[str, dict[str, Term]] = {}
    for vocabulary, key in _used_terms(topic, sources.configuration.publisher, sources.vocabulary):
        used.setdefault(vocabulary, {})[key] = terms[vocabulary][key]
    # Exporters list categories and the like in the order of the vocabulary.
    ordered = {
        name: {key: keys[key] for key in sources.vocabulary.keys(name) if key in keys}
        for name, keys in used.items()
    }
    linked = {
        target: by_language.get(language, by_language[SOURCE])
        for target in _linked_topics(sources.topics[topic_id])
        if (by_language := editions.cards.get(target)) and (language in by_language or SOURCE in by_language)
    }
    return Edition(
        base_url=sources.configuration.base_url,
        card=prepared.card,
        publisher=terms["organizations"][topic.publisher or sources.configuration.publisher],
        terms=ordered,
        editions=editions.cards[topic_id],
        topics=linked,
    )


def collection_of(sources: Sources, editions: Editions) -> Collection:
    """Compose what the exporters of the whole collection need."""
    source_terms = editions.terms[SOURCE]
    languages = sources.configuration.all_languages
    return Collection(
        base_url=sources.configuration.base_url,
        publisher=source_terms.terms["organizations"][sources.configuration.publisher],
        languages=languages,
        cards=editions.cards,
        terms=source_terms.terms,
        titles={
            name: {
                language: editions.terms[language].titles[name].value
                for language in languages
                if editions.terms[language].titles[name].language == language
            }
            for name in source_terms.titles
        },
    )


@dataclass(slots=True, kw_only=True)
class Built:
    """A manifest whose artifacts are in the store, not yet a release."""

    manifest: Manifest
    exported: int = 0
    """Artifacts that were made in this run; all others were taken over from the last release."""
    warnings: tuple[Problem, ...] = ()


def build(
    sources: Sources,
    store: Store,
    previous: Opened | None,
    *,
    now: datetime,
    software: str,
    maker: str,
    progress: Progress = lambda _done, _total: None,
) -> Built:
    """Make every artifact, check it, and put it into the store; what did not change is taken over.

    `software` is named in the manifest; `maker` stands for every byte of code and schema
    that could change an artifact. Raises BuildError with the problems of every document
    that is not fit to leave; nothing is visible by then.
    """
    return _Builder(sources, store, previous, now, software, maker).build(progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a publication came to."""

    manifest: Manifest
    is_new: bool
    """False where nothing changed: the manifest is that of the release that stands."""
    changes: Mapping[str, Any]
    """As in `changes.json`; empty lists where nothing changed."""
    exported: int
    warnings: tuple[Problem, ...] = ()


def publish(
    sources: Sources,
    store: Store,
    *,
    now: datetime,
    software: str,
    maker: str,
    progress: Progress = lambda _done, _total: None,
) -> Outcome:
    """Build a release and make it the current one if it says anything that the last one did not.

    The order of writes: objects, manifest (its creation claims the number), changes, pointers, the switch.
    A publisher that died after the claim is finished first.
    """
    previous = _roll_forward(sources.configuration, store, now)
    built = build(sources, store, previous, now=now, software=software, maker=maker, progress=progress)
    old = previous.manifest if previous else None
    if previous is not None and built.manifest.says_the_same(old):
        _point(sources.configuration, store, previous, now)
        return Outcome(
            manifest=previous.manifest,
            is_new=False,
            changes=compare(previous.manifest, previous.manifest),
            exported=built.exported,
            warnings=built.warnings,
        )
    manifest = built.manifest
    document = manifest.to_dict()
    _refuse(check_public("public/manifest.schema.json", document, "manifest.json"))
    text = jsontext.dump(document)
    if not store.create(release_key(manifest.number, "manifest.json"), text):
        raise ReleaseExistsError(manifest.number)
    opened = Opened(manifest, text, jsontext.digest(text), {})
    changes = _finish(sources.configuration, store, opened, old, now)
    return Outcome(
        manifest=manifest, is_new=True, changes=changes, exported=built.exported, warnings=built.warnings
    )


def _roll_forward(configuration: Configuration, store: Store, now: datetime) -> Opened | None:
    """Return the last release; one that was claimed but never became current is finished first."""
    known = numbers(store)
    if not known:
        return None
    last = open_release(store, known[-1])
    try:
        current = open_current(store)
    except NoCurrentReleaseError:
        current = None
    if current is None or current.manifest.number < known[-1]:
        old = open_release(store, known[-2]).manifest if len(known) > 1 else None
        _finish(configuration, store, last, old, now)
    return last


def _finish(
    configuration: Configuration, store: Store, opened: Opened, old: Manifest | None, now: datetime
) -> Mapping[str, Any]:
    changes = compare(opened.manifest, old)
    _refuse(check_public("public/changes.schema.json", changes, "changes.json"))
    store.replace(release_key(opened.manifest.number, "changes.json"), jsontext.dump(changes))
    _point(configuration, store, opened, now)
    store.switch(opened.manifest.number)
    return changes


def _point(configuration: Configuration, store: Store, opened: Opened, now: datetime) -> None:
    number = opened.manifest.number
    pointer = point_to(number, opened.text, opened.sha256, now=now, cadence_hours=configuration.cadence_hours)
    _refuse(check_public("public/current.schema.json", pointer, "current.json"))
    store.replace(release_key(number, "pointers/current.json"), jsontext.dump(pointer))


def _refuse(problems: Sequence[Problem]) -> None:
    if has_errors(problems):
        raise BuildError(problems)


def _localize_vocabulary(sources: Sources) -> dict[LanguageTag, LocalizedTerms]:
    plan = plan_messages(packaged("vocabulary.schema.json"))
    catalogues = [_catalogue(sources, language, "vocabulary") for language in sources.configuration.all_languages]
    return {
        catalogue.language: localize_terms(plan, sources.vocabulary, catalogues, catalogue.language)
        for catalogue in catalogues
    }


def _catalogue(sources: Sources, language: LanguageTag, name: str) -> Catalogue:
    if language == SOURCE:
        return IDENTITY
    path = f"locales/{language}/{name}.po"
    return sources.catalogues.get(language, {}).get(name) or Catalogue(language, path)


def _is_current(topic: Topic, today: str) -> bool:
    dates = topic.dates
    return dates.publish_from <= today and (not dates.withdraw_from or today < dates.withdraw_from)


def _is_publishable(configuration: Configuration, language: LanguageTag, coverage: Coverage) -> bool:
    if language == SOURCE or coverage.is_complete:
        return True
    rule = configuration.languages[language]
    return rule.policy == "fallback" and coverage.translated >= rule.threshold * coverage.messages


def _used_terms(topic: Topic, publisher: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return the vocabulary entries whose words an edition of the topic shows, each once."""
    used = {(name, key): None for name in _SHARED_VOCABULARIES for key in vocabulary.keys(name)}
    used |= {(name, key): None for name, key, _ in topic.references()}
    used["organizations", topic.publisher or publisher] = None
    for name, key in list(used):
        while name == "organizations" and (above := vocabulary.entries[name][key].document.get("parent")):
            used[name, above] = None
            key = above  # noqa: PLW2901 - climbing
    return list(used)


def _linked_topics(document: Document) -> list[str]:
    """Return the ids of the topics that this one links to in its text or is related to, each once, sorted."""
    found = {related for related in document.get("relatedTopics", ()) if isinstance(related, str)}
    found.update(_links_in(document["sections"]))
    return sorted(found)


def _links_in(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for member in value.values():
            yield from _links_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from _links_in(item)
    elif isinstance(value, str) and 'href="topic:' in value.replace("'", '"'):
        for part in value.replace("'", '"').split('href="topic:')[1:]:
            yield part.partition('"')[0]


def _card(topic: LocalizedTopic, configuration: Configuration, catalogue: Catalogue) -> Card:
    page = topic.pages.get(topic.language) or f"{configuration.base_url}/{topic.language}/{topic.id}"
    return Card(
        topic=topic.id,
        language=topic.language,
        title=topic.title.value,
        page=page,
        updated=max(f"{topic.dates.updated}T00:00:00Z", catalogue.revised),
        kind=topic.kind,
        description=topic.description.value if topic.description else "",
        synonyms=tuple(text.value for text in (*topic.also_called, *topic.see_references)),
        codes=topic.codes,
        groups=topic.groups,
        related=tuple(related for related in topic.related_topics if isinstance(related, str)),
    )


def _shard(topic_id: str) -> int:
    return int(jsontext.digest(topic_id.encode())[:8], 16) % _SHARDS


def _by_shard(topics: Iterable[str]) -> dict[int, list[str]]:
    shards: dict[int, list[str]] = {}
    for topic in topics:
        shards.setdefault(_shard(topic), []).append(topic)
    return dict(sorted(shards.items()))


@dataclass(slots=True)
class _Builder:
    sources: Sources
    store: Store
    previous: Opened | None
    now: datetime
    software: str
    maker: str
    files: dict[str, Artifact] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    exported: int = 0

    @property
    def _known(self) -> Mapping[str, Artifact]:
        return self.previous.manifest.files if self.previous else {}

    def build(self, progress: Progress) -> Built:
        today = self.now.astimezone(UTC).date().isoformat()
        editions = prepare(self.sources, today=today, earlier=self._earlier_cards())
        organizations: dict[str, dict[str, Document]] = {}
        lists: dict[str, dict[str, Document]] = {}
        collection = collection_of(self.sources, editions)
        self._export_collection(collection, lists)
        done = 0
        for shard, topics in _by_shard(editions.cards).items():
            resources: dict[str, dict[str, list[Document]]] = {}
            for topic_id in topics:
                documents = self._export_topic(editions, topic_id)
                for (format_, _language), document in documents.items():
                    if format_.startswith("fhir-"):
                        _sort_resources(document, resources.setdefault(format_, {}), organizations.setdefault(format_, {}))
                for format_, by_topic in lists.items():
                    if topic_id in by_topic:
                        resources.setdefault(format_, {}).setdefault("List", []).append(by_topic[topic_id])
                done += 1
                progress(done, len(editions.cards))
            for format_, by_type in resources.items():
                for type_, found in by_type.items():
                    self._put_ndjson(format_, f"{type_}-{shard:02x}", found)
        for format_, by_id in organizations.items():
            self._put_ndjson(format_, "Organization", [by_id[key] for key in sorted(by_id)])
        self._export_index(editions)
        if has_errors(self.problems):
            raise BuildError(self.problems)
        return Built(
            manifest=self._manifest(editions),
            exported=self.exported,
            warnings=(*self.sources.warnings, *self.warnings),
        )

    def _earlier_cards(self) -> dict[str, dict[LanguageTag, Card]]:
        if self.previous is None or INDEX not in self._known:
            return {}
        index = jsontext.parse(read_artifact(self.store, INDEX, self._known[INDEX]), INDEX)
        return {
            entry["id"]: {LanguageTag(card["language"]): Card.from_dict(card) for card in entry["editions"]}
            for entry in index["topics"]
        }

    def _export_topic(self, editions: Editions, topic_id: str) -> dict[tuple[str, str], Document]:
        """Make, or take over, every format of every edition; return all that readers get, by format and language."""
        names: dict[tuple[str, str], str] = {}
        fresh: dict[str, Document] = {}
        for language in editions.cards[topic_id]:
            prepared = editions.prepared.get(topic_id, {}).get(language)
            edition = edition_of(self.sources, editions, topic_id, language) if prepared else None
            for format_ in self.sources.configuration.formats:
                exporter = EXPORTERS[format_]
                name = exporter.name(language, topic_id)
                if prepared is None or edition is None:
                    if name not in self._known:
                        continue
                    self.files[name] = self._known[name]
                else:
                    inputs = self._inputs(format_, prepared.topic, edition)
                    if not self._take_over(name, inputs):
                        document = exporter.export(prepared.topic, edition)
                        fresh[name] = document
                        self._check(format_, exporter.schema, document, name)
                        self._put(
                            name,
                            jsontext.dump(document),
                            Artifact(
                                sha256="",
                                length=0,
                                media_type=exporter.media_type,
                                inputs=inputs,
                                format=format_,
                                topic=topic_id,
                                language=language,
                            ),
                        )
                names[format_, language] = name
        documents = {
            facts: fresh[name] if name in fresh else self._read(name)
            for facts, name in names.items()
            if fresh or facts[0].startswith("fhir-")
        }
        if fresh:
            skipped = frozenset(editions.cards[topic_id]) - frozenset(editions.prepared.get(topic_id, {}))
            self._report(check_agreement(documents, topic_id, skipped))
        return documents

    def _export_collection(
        self, collection: Collection, lists: dict[str, dict[str, Document]]
    ) -> None:
        for format_ in self.sources.configuration.formats:
            if format_ not in COLLECTION_EXPORTERS:
                continue
            exporter = COLLECTION_EXPORTERS[format_]
            inputs = self._inputs(format_, "collection", collection)
            by_type: dict[str, list[Document]] = {}
            for name, document in exporter.export(collection).items():
                topic_id = fhir.topic_of_companion(document)
                if topic_id:
                    lists.setdefault(format_, {})[topic_id] = document
                else:
                    by_type.setdefault(document["resourceType"], []).append(document)
                if not self._take_over(name, inputs):
                    self._check(format_, exporter.schema, document, name)
                    artifact = Artifact(
                        sha256="", length=0, media_type=exporter.media_type, inputs=inputs, format=format_, topic=topic_id
                    )
                    self._put(name, jsontext.dump(document), artifact)
            for type_, found in by_type.items():
                self._put_ndjson(format_, type_, found)

    def _export_index(self, editions: Editions) -> None:
        document = {
            "baseUrl": self.sources.configuration.base_url,
            "topics": [
                {"id": topic, "editions": [card.to_dict() for card in cards.values()]}
                for topic, cards in editions.cards.items()
            ],
        }
        self._report(check_public("public/topics.schema.json", document, INDEX))
        data = jsontext.dump(document)
        inputs = self._inputs(INDEX_FORMAT, jsontext.digest(data))
        artifact = Artifact(sha256="", length=0, media_type="application/json", inputs=inputs, format=INDEX_FORMAT)
        if not self._take_over(INDEX, inputs):
            self._put(INDEX, data, artifact)

    def _put_ndjson(self, format_: str, stem: str, resources: Sequence[Document]) -> None:
        name = f"{EXPORTERS[format_].folder}/ndjson/{stem}.ndjson"
        data = b"".join(map(jsontext.dump_line, resources))
        inputs = self._inputs(format_, "ndjson", jsontext.digest(data))
        if not self._take_over(name, inputs):
            artifact = Artifact(
                sha256="", length=0, media_type="application/fhir+ndjson", inputs=inputs, format=format_
            )
            self._put(name, data, artifact)

    def _inputs(self, *parts: object) -> str:
        return jsontext.digest(jsontext.canonical([self.maker, *parts]))

    def _take_over(self, name: str, inputs: str) -> bool:
        known = self._known.get(name)
        if known is None or known.inputs != inputs:
            return False
        self.files[name] = known
        return True

    def _put(self, name: str, data: bytes, artifact: Artifact) -> None:
        self.exported += 1
        self.files[name] = Artifact(
            sha256=put_object(self.store, name, data),
            length=len(data),
            media_type=artifact.media_type,
            inputs=artifact.inputs,
            format=artifact.format,
            topic=artifact.topic,
            language=artifact.language,
        )

    def _read(self, name: str) -> Document:
        document: Document = jsontext.parse(read_artifact(self.store, name, self.files[name]), name)
        return document

    def _check(self, format_: str, schema: str, document: Document, name: str) -> None:
        self._report(check_public(schema, document, name))
        self._report(check_format(format_, document, name))

    def _report(self, problems: Sequence[Problem]) -> None:
        (self.problems if has_errors(problems) else self.warnings).extend(problems)

    def _manifest(self, editions: Editions) -> Manifest:
        previous = self.previous
        return Manifest(
            number=previous.manifest.number + 1 if previous else 1,
            previous=(previous.manifest.number, previous.sha256) if previous else None,
            time=instant(self.now),
            base_url=self.sources.configuration.base_url,
            software=self.software,
            languages=self.sources.configuration.all_languages,
            coverage={
                topic: {language: counts.to_dict() for language, counts in by_language.items()}
                for topic, by_language in editions.coverage.items()
            },
            held=tuple(
                Held(
                    topic=held.topic,
                    language=held.language,
                    as_of=held.as_of,
                    coverage=held.coverage,
                    problems=held.problems[:_MOST_PROBLEMS],
                )
                for held in editions.held
            ),
            files=dict(sorted(self.files.items())),
        )


def _sort_resources(
    bundle: Document, by_type: dict[str, list[Document]], organizations: dict[str, Document]
) -> None:
    for resource in fhir.bundle_resources(bundle):
        if resource["resourceType"] == "Organization":
            organizations[resource["id"]] = resource
        else:
            by_type.setdefault(resource["resourceType"], []).append(resource)
