"""A collection meets a workspace: which files change, and what is to be said about it. No disk."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from healthtopics import jsontext
from healthtopics.catalogue import IDENTITY, Catalogue, Key
from healthtopics.errors import ImportDataError
from healthtopics.importers.medlineplus import records
from healthtopics.importers.medlineplus.pairing import SPANISH, Document
from healthtopics.importers.medlineplus.record import Record
from healthtopics.importers.medlineplus.slugs import slug
from healthtopics.importers.medlineplus.terms import CATEGORIES, ORGANIZATIONS, Survey, Terms, merged_entries
from healthtopics.importers.medlineplus.topic import Collected, ImportedTopic, compose
from healthtopics.importers.merge import digests_of, merge
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import Term
from healthtopics.translation import (
    Header,
    Imported,
    Origin,
    import_translations,
    localize_terms,
    po,
    template_of,
    template_of_vocabulary,
)
from healthtopics.vocabulary import Vocabulary

VOCABULARY: Final = "vocabulary"
"""The name of the catalogue of the fixed words."""
SOURCE_NAME: Final = "medlineplus"
TRANSLATOR: Final = "MedlinePlus, U.S. National Library of Medicine"
STATE: Final = "imports/medlineplus.json"
"""Where the workspace keeps what the last import offered."""
_KINDS: Final = (CATEGORIES, ORGANIZATIONS)
_TAKEN: Final = (VOCABULARY, "interface")
"""No ids of topics: catalogues have these names."""

Progress = Callable[[int, int], None]
"""Told how many topics of how many are done."""


class Files(Protocol):
    """What a workspace holds, as bytes."""

    def vocabularies(self) -> Mapping[str, bytes]:
        """Return the vocabularies by path: the packaged ones, under `schema/`, then the workspace's own."""

    def shipped(self, language: LanguageTag) -> bytes | None:
        """Return the packaged catalogue of the vocabulary."""

    def topic_names(self) -> Sequence[str]:
        """Return the names of all topic files, which are the ids of the topics."""

    def topic(self, name: str) -> bytes:
        """Return the bytes of a topic."""

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        """Return the bytes of a catalogue, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file of the workspace that gets new bytes."""

    path: str
    data: bytes


@dataclass(slots=True)
class TopicReport:
    """What became of one topic."""

    id: str
    english: str
    spanish: str | None
    outcome: str = "unchanged"
    """added, changed, unchanged, withdrawn, returned, deleted here, faulty."""
    blocks: int = 0
    sections: int = 0
    summaries: int = 0
    doubts: int = 0
    repairs: list[dict[str, str]] = field(default_factory=list)
    """Each repair of this run; of a topic whose records are the same as last time, none is told again."""
    repaired: dict[str, int] = field(default_factory=dict)
    """How many repairs of each kind its text needed."""
    clashes: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of the report."""
        return {
            "id": self.id,
            "english": self.english,
            "spanish": self.spanish,
            "outcome": self.outcome,
            **self.counts(),
            "repairs": self.repairs,
            "clashes": self.clashes,
        }

    def counts(self) -> dict[str, Any]:
        """Return what the summary came to: messages by unit, doubts, repairs by kind."""
        return {
            "messages": {"blocks": self.blocks, "sections": self.sections, "summaries": self.summaries},
            "doubts": self.doubts,
            "repaired": self.repaired,
        }

    def take_counts(self, counts: Document) -> None:
        """Take what `counts` gave in an earlier run."""
        messages = counts["messages"]
        self.blocks, self.sections, self.summaries = (
            messages[unit] for unit in ("blocks", "sections", "summaries")
        )
        self.doubts, self.repaired = counts["doubts"], dict(counts["repaired"])


class Import:
    """One import: iterate over `changes()`, then read `state`, `topics` and `problems`."""

    def __init__(
        self,
        collection: records.Collection,
        files: Files,
        state: Document | None,
        *,
        software: str,
        catalogue_path: Callable[[LanguageTag, str], str],
        only: Collection[str] = (),
    ) -> None:
        """Prepare it. `state` is what the last import left, None for the first one.

        `software` stands for the code: another version may read the same file differently. `only` names
        English records by their MedlinePlus ids; all of them if empty. Raises JsonTextError or CatalogueError
        where the words of the workspace cannot be read.
        """
        self.topics: list[TopicReport] = []
        self.problems: list[Problem] = list(collection.problems)
        self._collection = collection
        self._files = files
        self._names_of_topics = frozenset(files.topic_names())
        self._software = software
        self._catalogue_path = catalogue_path
        self._plan = plan_messages(packaged("topic.schema.json"))
        self._vocabularies = {path: jsontext.parse(data, path) for path, data in files.vocabularies().items()}
        shipped = files.shipped(SPANISH)
        self._shipped = self._words(shipped) if shipped is not None else None
        self._only = frozenset(only)
        state = state or {}
        self._topics: dict[str, Document] = dict(state.get("topics", {}))
        self._names: dict[str, str] = dict(state.get("names", {}))
        self._entries: dict[str, dict[str, str]] = dict(state.get("vocabularies", {}))
        self._ids: dict[str, str] = {}
        self._first = collection.generated
        """The day on which the oldest topic was created: the age of the vocabulary's template."""
        self._here = {*collection.entries, *collection.left_out}
        self._pairs = [(one, other) for one, other in collection.pairs() if not only or one.id in only]
        self._give_ids()

    @property
    def state(self) -> Document:
        """What the next import needs to know of this one."""
        return {
            "source": {"generated": self._collection.generated},
            "topics": dict(sorted(self._topics.items(), key=lambda item: item[1]["id"])),
            "names": dict(sorted(self._names.items())),
            "vocabularies": self._entries,
        }

    def changes(self, progress: Progress = lambda _done, _total: None) -> Iterator[Change]:
        """Yield every file that changes; the state, which must be written last, is not among them."""
        terms = self._survey()
        yield from self._merge_vocabularies(terms)
        collected = Collected(terms=terms, plan=self._plan, find=self._find, day=self._collection.generated)
        for done, (english, spanish) in enumerate(self._pairs, 1):
            yield from self._topic(english, spanish, collected)
            progress(done, len(self._pairs))
        if not self._only and self._collection.is_complete:
            yield from self._withdrawn()

    def _document(self, name: str) -> Document | None:
        if name not in self._names_of_topics:
            return None
        path = f"topics/{name}.json"
        document: Document = jsontext.parse(self._files.topic(name), path)
        return document

    # Names

    def _words(self, data: bytes) -> Catalogue:
        path = self._catalogue_path(SPANISH, VOCABULARY)
        return po.to_catalogue(po.parse(data, path).file, SPANISH, path)

    def _terms(self) -> Mapping[str, Mapping[str, Term]]:
        """Return the vocabulary as it is, with the labels of both languages."""
        own = self._files.catalogue(SPANISH, VOCABULARY)
        words = self._words(own) if own is not None else Catalogue(SPANISH)
        words = words.over(self._shipped) if self._shipped else words
        plan = plan_messages(packaged("vocabulary.schema.json"))
        return localize_terms(plan, Vocabulary.merge(self._vocabularies.items()), [IDENTITY, words])[
            SOURCE
        ].terms

    def _give_ids(self) -> None:
        """Give every topic its id: that of the last import, else one made of its title."""
        taken = {*_TAKEN, *self._names_of_topics, *(each["id"] for each in self._topics.values())}
        for english, _ in self._pairs:
            known = self._topics.get(english.id)
            if known:
                self._ids[english.id] = known["id"]
                continue
            plain = slug(english.title, 50)
            key = slug(english.title, 50, taken, english.id)
            if key != plain and plain in self._names_of_topics:
                self.problems.append(
                    Problem(
                        check="medlineplus-id-taken",
                        level=Level.WARNING,
                        path=self._collection.path,
                        line=english.line,
                        message=f"the workspace has a topic {plain!r} of its own; this one becomes {key!r}.",
                        hint="Remove one of the two if they are the same topic.",
                    )
                )
            taken.add(key)
            self._ids[english.id] = key

    def _find_targets(self, spoken: Collection[str]) -> None:
        self._by_target = dict(self._targets(spoken))
        self._targets_digest = jsontext.digest(jsontext.canonical(sorted(map(str, self._by_target.items()))))

    def _targets(self, spoken: Collection[str]) -> Iterator[tuple[tuple[LanguageTag, str], str]]:
        """Yield what links may lead to: page and MedlinePlus id of every edition that there will be.

        A Spanish page without an edition here stays a link to the page: English would stand behind `topic:`.
        `spoken` has the ids of the Spanish records of this import that become editions.
        """
        entries = self._collection.entries
        for english in entries.values():
            key = self._ids.get(english.id) or self._topics.get(english.id, {}).get("id")
            if key is None:
                continue
            twin = entries.get(english.twin or "")
            is_spoken = twin is not None and (twin.id in spoken or english.id not in self._ids)
            for entry in filter(None, (english, twin if is_spoken else None)):
                yield (entry.language, _address(entry.url)), key
                yield (entry.language, f"tid:{entry.id}"), key

    def _find(self, target: str, language: LanguageTag) -> str | None:
        return self._by_target.get((language, target if target.startswith("tid:") else _address(target)))

    # Vocabularies

    def _survey(self) -> Terms:
        survey = Survey()
        spoken: set[str] = set()
        for entry, twin in self._pairs:
            english, spanish = self._records(entry, twin)
            survey.add(english, spanish)
            self._first = min(self._first, english.created or self._first)
            if spanish and english.summary and spanish.summary:
                spoken.add(spanish.id)
        self._find_targets(spoken)
        ours = {
            name: {part.removeprefix("entries/") for part in parts if part != "entries"}
            for name, parts in self._entries.items()
        }
        return survey.settle(self._terms(), self._names, ours)

    def _records(self, english: records.Entry, spanish: records.Entry | None) -> tuple[Record, Record | None]:
        record = self._collection.record
        return record(english.id), record(spanish.id) if spanish else None

    def _merge_vocabularies(self, terms: Terms) -> Iterator[Change]:
        self._names = terms.known
        packaged_ones = {
            path: each for path, each in self._vocabularies.items() if path.startswith("schema/")
        }
        titles = {document["id"]: document for document in packaged_ones.values()}
        merged_ones = dict(self._vocabularies)
        for name in sorted(titles):
            path = f"vocabulary/{name}.json"
            current = self._vocabularies.get(path)
            offered = terms.entries.get(name, [])
            if current is None and not offered:
                continue
            document = current or {"id": name, "title": titles[name]["title"], "entries": []}
            base = self._entries.get(name, {})
            # What the file no longer names may still stand in topics that were withdrawn or written here.
            stays = [entry for entry in document["entries"] if f"entries/{entry['id']}" in base]
            offered = merged_entries(offered, stays)
            if offered:
                merged = merge({"entries": offered}, {"entries": document["entries"]}, base)
                self._entries[name] = digests_of({"entries": offered})
                changed = {**document, **merged.document}
                if changed != current:
                    document = changed
                    yield Change(path, jsontext.dump(document))
            merged_ones[path] = document
        vocabulary = Vocabulary.merge(merged_ones.items())
        yield from self._vocabulary_catalogue(vocabulary, terms)

    def _vocabulary_catalogue(self, vocabulary: Vocabulary, terms: Terms) -> Iterator[Change]:
        translations = {
            Key(role, name): Imported(msgstr=spanish)
            for name, spanish in terms.spanish.items()
            for role in ("label", "organization")
        }
        template = template_of_vocabulary(vocabulary, SPANISH)
        header = Header(language=SPANISH, subject="the vocabulary", created=self._first)
        yield from self._catalogue(VOCABULARY, template, header, translations, self._shipped)

    def _catalogue(
        self,
        name: str,
        template: Sequence[Any],
        header: Header,
        translations: Mapping[Key, Imported],
        shipped: Catalogue | None = None,
        report: TopicReport | None = None,
    ) -> Iterator[Change]:
        path = self._catalogue_path(SPANISH, name)
        data = self._files.catalogue(SPANISH, name)
        if data is None and not translations:
            return
        result = import_translations(
            template,
            data,
            header,
            translations,
            origin=Origin(source=SOURCE_NAME, translator=TRANSLATOR, day=self._collection.generated),
            path=path,
            shipped=shipped,
        )
        if report is not None:
            report.clashes += [f"{path}: {key.msgctxt} “{key.msgid[:60]}”" for key in result.clashes]
        # The template of the vocabulary has no date of its own: alone it is no reason to write the file.
        if result.data != data and (result.is_changed or name != VOCABULARY):
            yield Change(path, result.data)

    # Topics

    def _topic(
        self, english: records.Entry, spanish: records.Entry | None, collected: Collected
    ) -> Iterator[Change]:
        key = self._ids[english.id]
        known = self._topics.get(english.id)
        report = TopicReport(key, english.id, spanish.id if spanish else None)
        self.topics.append(report)
        current = self._document(key) if known else None
        if known and current is None:
            report.outcome = "deleted here"
            return
        inputs = self._inputs(*self._records(english, spanish), collected)
        if known and known.get("inputs") == inputs and not known.get("withdrawn"):
            report.take_counts(known)  # the file says nothing new of this topic; whatever was done here stays
            return
        try:
            imported = compose(key, *self._records(english, spanish), current, collected)
        except ImportDataError as error:
            report.outcome = "faulty"
            self.problems += [
                replace(each, path=self._collection.path, line=english.line) for each in error.problems
            ]
            return
        _tell(report, imported)
        document, is_changed = self._merged(english.id, imported.document, current, report)
        self._topics[english.id] = {
            "id": key,
            **({"spanish": spanish.id} if spanish else {}),
            "inputs": inputs,
            **report.counts(),
            "parts": digests_of(_without_dates(imported.document)),
        }
        if is_changed:
            yield Change(f"topics/{key}.json", jsontext.dump(document))
        template = template_of(self._plan, document, SPANISH)
        header = Header(language=SPANISH, subject=f"topic “{key}”", created=document["dates"]["updated"])
        translations = {
            message: Imported(msgstr=each.msgstr, note=each.note)
            for message, each in imported.translations.items()
        }
        changes = list(self._catalogue(key, template, header, translations, report=report))
        if report.outcome == "unchanged" and (is_changed or changes):
            report.outcome = "changed"
        yield from changes

    def _inputs(self, english: Record, spanish: Record | None, collected: Collected) -> str:
        """Return a digest of all that a topic is made from: records, keys of its words, other topics."""
        both = [record for record in (english, spanish) if record]
        names = {
            name
            for record in both
            for site in record.sites
            for name in (*site.categories, *site.organizations)
        }
        keys = [
            (name, collected.terms.known.get(f"{kind}/{name}")) for name in sorted(names) for kind in _KINDS
        ]
        parts = [self._software, self._targets_digest, keys, both]
        return jsontext.digest(jsontext.canonical(parts))[:16]

    def _merged(
        self, english: str, offered: Document, current: Document | None, report: TopicReport
    ) -> tuple[Document, bool]:
        """Return the topic as the workspace shall have it, and whether that differs from what it has."""
        if current is None:
            report.outcome = "added"
            return offered, True
        known = self._topics[english]
        merged = merge(_without_dates(offered), _without_dates(current), known["parts"])
        report.clashes += [f"topics/{report.id}.json: {part}" for part in merged.clashes]
        dates = {**current["dates"], "created": offered["dates"]["created"]}
        if known.get("withdrawn") and dates.get("withdrawFrom") == known["withdrawn"]:
            del dates["withdrawFrom"]
            report.outcome = "returned"
        content = _ordered(merged.document, offered)
        if (
            content == {name: value for name, value in current.items() if name != "dates"}
            and dates == current["dates"]
        ):
            return current, False
        dates["updated"] = max(self._collection.generated, current["dates"]["updated"])
        return _ordered({**content, "dates": dates}, offered), True

    def _withdrawn(self) -> Iterator[Change]:
        """Mark the topics that the file no longer has; nothing is deleted."""
        for english, known in self._topics.items():
            current = self._document(known["id"])
            if english in self._here or known.get("withdrawn") or current is None:
                continue
            day = self._collection.generated
            self.topics.append(TopicReport(known["id"], english, known.get("spanish"), "withdrawn"))
            if not current["dates"].get("withdrawFrom"):
                dates = {**current["dates"], "withdrawFrom": day}
                self._topics[english] = {**known, "withdrawn": day}
                yield Change(f"topics/{known['id']}.json", jsontext.dump({**current, "dates": dates}))


def topics_by_id(collection: records.Collection, state: Document | None) -> dict[str, str]:
    """Return the MedlinePlus id of every English record by what users call it: that, its id, its slug."""
    known = {each["id"]: english for english, each in (state or {}).get("topics", {}).items()}
    english = [entry for entry, _ in collection.pairs()]
    slugs = {slug(entry.title, 50): entry.id for entry in reversed(english)}
    return {**slugs, **known, **{entry.id: entry.id for entry in english}}


def totals(topics: Sequence[TopicReport]) -> dict[str, Any]:
    """Return the sums over all topics: outcomes, messages by unit, doubts, repairs by kind, clashes."""
    return {
        "topics": len(topics),
        "outcomes": dict(sorted(Counter(topic.outcome for topic in topics).items())),
        "messages": {
            unit: sum(getattr(topic, unit) for topic in topics)
            for unit in ("blocks", "sections", "summaries")
        },
        "doubts": sum(topic.doubts for topic in topics),
        "repaired": dict(sorted(sum((Counter(topic.repaired) for topic in topics), Counter()).items())),
        "clashes": sum(len(topic.clashes) for topic in topics),
    }


def _tell(report: TopicReport, imported: ImportedTopic) -> None:
    report.blocks, report.sections, report.summaries = imported.blocks, imported.sections, imported.summaries
    report.doubts = imported.doubts
    report.repairs = [{"check": repair.check, "message": repair.message} for repair in imported.repairs]
    report.repaired = dict(sorted(Counter(repair.check for repair in imported.repairs).items()))


def _without_dates(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "dates"}


def _ordered(document: Document, like: Document) -> Document:
    """Return the members in the order of another document, what that does not have last."""
    return {name: document[name] for name in [*like, *document] if name in document}


def _address(url: str) -> str:
    """Return what two spellings of one page's address have in common."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/").casefold()
