"""A collection meets a workspace: which files change, and what is to be said about it. No disk."""

import html
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol
from urllib.parse import urljoin

from healthtopics import jsontext
from healthtopics.catalogue import IDENTITY, Catalogue, Key
from healthtopics.catalogues import po
from healthtopics.catalogues.imported import Imported, Origin, import_translations
from healthtopics.catalogues.template import template_of, template_of_vocabulary
from healthtopics.catalogues.update import Header
from healthtopics.checks.table import judge_in
from healthtopics.errors import DataError, ImportDataError, JsonTextError
from healthtopics.glossary import Glossary
from healthtopics.importers.medlineplus import records
from healthtopics.importers.medlineplus.pairing import SPANISH, Document
from healthtopics.importers.medlineplus.record import Record
from healthtopics.importers.medlineplus.slugs import slug
from healthtopics.importers.medlineplus.state import GivenIds, State
from healthtopics.importers.medlineplus.terms import CATEGORIES, ORGANIZATIONS, Survey, Terms
from healthtopics.importers.medlineplus.topic import Collected, ImportedTopic, compose
from healthtopics.importers.merge import digests_of, merge
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import LOCALES, TOPICS, folder_of, topic_path, vocabulary_path
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.schema import packaged_plan
from healthtopics.topic import LocalizedTerm, linked_topics
from healthtopics.translation.terms import localize_terms
from healthtopics.validation import Collected as Known
from healthtopics.validation import TopicSchema, check_vocabulary
from healthtopics.vocabulary import Vocabulary

VOCABULARY: Final = "vocabulary"
"""The name of the catalogue of the fixed words."""
SOURCE_NAME: Final = "medlineplus"
TRANSLATOR: Final = "MedlinePlus, U.S. National Library of Medicine"
_UNFIT: Final = frozenset({"topic-schema", "topic-shape", "duplicate-id"})
"""Faults of a topic of the workspace that leave nothing to work with."""
_FEW: Final = 10
_SHARE: Final = 0.05
"""As many topics, or this share of them, may go from one file to the next; more is no daily change."""
_LINKS: Final = re.compile(r"""\b(?:href\s*=\s*["']([^"']*)["']|tid\s*=\s*["']([0-9]+)["'])""")
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
    """One import: iterate over `changes()` to its end, then read `state`, `topics` and `problems`."""

    def __init__(
        self,
        collection: records.Collection,
        files: Files,
        state: State,
        *,
        software: str,
        catalogue_path: Callable[[LanguageTag, str], str],
        only: Collection[str] = (),
        glossary: Glossary | None = None,
    ) -> None:
        """Prepare it; `state` is what the last import left.

        `software` stands for the code: another version may read the same file differently. `only` names
        English records by their MedlinePlus ids; all of them if empty. `glossary` is that of the
        translations: the comments of their catalogues name its terms.

        Raises ImportDataError where the file tells no day, or an earlier one than the last file, and other
        DataErrors where the words of the workspace cannot be read.
        """
        self.topics: list[TopicReport] = []
        self.problems: list[Problem] = list(collection.problems)
        self._collection = collection
        self._refuse_a_wrong_day(state)
        self._files = files
        self._software = software
        self._glossary = glossary
        self._catalogue_path = catalogue_path
        self._schema = TopicSchema()
        self._vocabularies = _read_vocabularies(files)
        shipped = files.shipped(SPANISH)
        self._shipped = self._words(shipped) if shipped is not None else None
        self._before = state
        self._after = State(
            collection.generated, dict(state.topics), dict(state.names), dict(state.vocabularies)
        )
        self._only = frozenset(only)
        self._names_of_topics = frozenset(files.topic_names())
        self._pairs = [(one, other) for one, other in collection.pairs() if not only or one.id in only]
        self._first = collection.generated
        self._spoken: set[str] = set()
        self._by_target: dict[tuple[LanguageTag, str], str] = {}
        self._linked: dict[str, frozenset[str]] = {}
        self._collected = Collected(
            terms=Terms(), plan=self._schema.plan, find=self._find, day=collection.generated
        )
        self._vocabulary = Vocabulary.merge(self._vocabularies.items())
        self._ids = dict(self._give_ids())
        self._all_names = self._names_of_topics | frozenset(self._ids.values())

    @property
    def state(self) -> Document:
        """What the next import needs to know of this one."""
        return self._after.to_dict()

    def changes(self, progress: Progress = lambda _done, _total: None) -> Iterator[Change]:
        """Yield every file that changes, of one path the last time counts.

        The state, which must be written last, is not among them.
        """
        terms = self._survey()
        self._collected = replace(self._collected, terms=terms)
        yield from self._merge_vocabularies(terms)
        self._find_targets(frozenset())
        for done, (english, spanish) in enumerate(self._pairs, 1):
            yield from self._topic(english, spanish)
            progress(done, len(self._pairs))
        yield from self._without_faulty_targets()
        if not self._only and self._collection.is_complete:
            yield from self._withdrawn()

    def _refuse_a_wrong_day(self, state: State) -> None:
        generated, path = self._collection.generated, self._collection.path
        if not generated:
            # The reader has said so, or why it did not even come so far.
            raise ImportDataError(self.problems)
        if generated < state.generated:
            problem = Problem(
                check="medlineplus-older",
                path=path,
                message=f"the file is of {generated}, but that of {state.generated} has been imported.",
                hint="Import the newest file; an older one would bring back what NLM has changed.",
            )
            raise ImportDataError([*self.problems, problem])

    def _document(self, name: str) -> Document | None:
        """Return a topic of the workspace, fit to be worked with; None where there is none.

        Raises DataError with what is wrong with it.
        """
        if name not in self._names_of_topics:
            return None
        path = topic_path(name)
        document: Document = jsontext.parse(self._files.topic(name), path)
        problems = self._schema.check(document, path, self._known_topics)
        errors = [each for each in problems if each.check in _UNFIT]
        if errors:
            raise ImportDataError(errors)
        return document

    @property
    def _known_topics(self) -> Known:
        return Known(self._vocabulary, self._all_names)

    # Names

    def _words(self, data: bytes) -> Catalogue:
        path = self._catalogue_path(SPANISH, VOCABULARY)
        return po.to_catalogue(po.parse(data, path).file, SPANISH, path)

    def _terms(self) -> Mapping[str, Mapping[str, LocalizedTerm]]:
        """Return the vocabulary as it is, with the labels of both languages."""
        own = self._files.catalogue(SPANISH, VOCABULARY)
        words = self._words(own) if own is not None else Catalogue(SPANISH)
        words = words.over(self._shipped) if self._shipped else words
        plan = packaged_plan("vocabulary.schema.json")
        return localize_terms(plan, self._vocabulary, [IDENTITY, words])[SOURCE].terms

    def _give_ids(self) -> Iterator[tuple[str, str]]:
        """Yield the id of every topic by MedlinePlus id: that of the last import, else made of its title."""
        known = self._before.topics
        taken = {*_TAKEN, *self._names_of_topics, *(each["id"] for each in known.values())}
        here = self._imported_here() if any(english.id not in known for english, _ in self._pairs) else {}
        for english, spanish in self._pairs:
            if english.id in known:
                yield english.id, known[english.id]["id"]
                continue
            adopted = here.get(english.id) or (here.get(spanish.id) if spanish else None)
            if adopted:
                yield english.id, adopted
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
            yield english.id, key

    def _imported_here(self) -> dict[str, str]:
        """Return the topics that say which MedlinePlus record they are, though the state does not know them.

        So they are after a state was lost, an import was cut off, or NLM gave a record another id.
        """
        here = {entry.id for entry in self._collection.entries.values()}
        living = {each["id"] for english, each in self._before.topics.items() if english in here}
        found: dict[str, str] = {}
        for name in sorted(self._names_of_topics - living):
            try:
                document = jsontext.parse(self._files.topic(name), name)
                for each in document["identifiers"]:
                    if each["system"] == SOURCE_NAME:
                        found.setdefault(each["value"], name)
            except (DataError, KeyError, TypeError):  # no topic of ours, or one whose faults `check` tells
                continue
        return found

    def _find_targets(self, without: Collection[str]) -> None:
        """Find what links may lead to; `without` has the ids of topics that there will not be."""
        self._by_target = {target: key for target, key in self._targets() if key not in without}

    def _targets(self) -> Iterator[tuple[tuple[LanguageTag, str], str]]:
        """Yield what links may lead to: page and MedlinePlus id of every edition that there will be.

        A Spanish page without an edition here stays a link to the page: English would stand behind `topic:`.
        """
        entries = self._collection.entries
        known = self._before.topics
        for english in entries.values():
            key = self._ids.get(english.id) or known.get(english.id, {}).get("id")
            is_gone = english.id in known and key not in self._names_of_topics
            if key is None or is_gone:
                continue
            twin = entries.get(english.twin or "")
            for entry in filter(None, (english, twin if twin and twin.id in self._spoken else None)):
                yield (entry.language, _address(entry.url)), key
                yield (entry.language, f"tid:{entry.id}"), key

    def _find(self, target: str, language: LanguageTag) -> str | None:
        return self._by_target.get((language, target if target.startswith("tid:") else _address(target)))

    # Vocabularies

    def _survey(self) -> Terms:
        """Look at the whole collection, so that a part of it is imported as it would be with the rest."""
        survey = Survey()
        wanted = {english.id for english, _ in self._pairs}
        for entry, twin in self._collection.pairs():
            english, spanish = self._records(entry, twin)
            survey.add(english, spanish, is_wanted=entry.id in wanted)
            self._first = min(self._first, english.created or self._first)
            if spanish and english.summary and spanish.summary:
                self._spoken.add(spanish.id)
        ours = {
            name: {part.removeprefix("entries/") for part in parts if part != "entries"}
            for name, parts in self._before.vocabularies.items()
        }
        return survey.settle(self._terms(), self._before.names, ours)

    def _records(self, english: records.Entry, spanish: records.Entry | None) -> tuple[Record, Record | None]:
        """Return both records; without the Spanish one where it has a text and the English one has none."""
        one = self._collection.record(english.id)
        other = self._collection.record(spanish.id) if spanish else None
        is_alone = other is not None and bool(other.summary) and not one.summary
        return one, None if is_alone else other

    def _merge_vocabularies(self, terms: Terms) -> Iterator[Change]:
        self._after.names = terms.known
        packaged_ones = [
            document for path, document in self._vocabularies.items() if path.startswith("schema/")
        ]
        merged_ones = dict(self._vocabularies)
        for packaged_one in sorted(packaged_ones, key=lambda document: str(document["id"])):
            name = packaged_one["id"]
            path = vocabulary_path(name)
            current = self._vocabularies.get(path)
            new = {entry["id"]: entry for entry in terms.entries.get(name, ())}
            if current is None and not new:
                continue
            document = current or {"id": name, "title": packaged_one["title"], "entries": []}
            base = self._before.vocabularies.get(name, {})
            # What the file no longer names may still stand in topics that were withdrawn or written here.
            offered = [
                new.pop(entry["id"], entry)
                for entry in document["entries"]
                if entry["id"] in new or f"entries/{entry['id']}" in base
            ] + list(new.values())
            if offered:
                merged = merge({"entries": offered}, {"entries": document["entries"]}, base)
                self._after.vocabularies[name] = digests_of({"entries": offered})
                changed = {**document, **merged.document}
                if changed != current:
                    document = changed
                    yield Change(path, jsontext.dump(document))
            merged_ones[path] = document
        self._vocabulary = Vocabulary.merge(merged_ones.items())
        translations = {
            Key(role, name): Imported(msgstr=spanish)
            for name, spanish in terms.spanish.items()
            for role in ("label", "organization")
        }
        template = template_of_vocabulary(self._vocabulary, SPANISH)
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
            judge=judge_in(SPANISH),
            shipped=shipped,
            withdraws=report is not None,
        )
        if report is not None:
            report.clashes += [f"{path}: {key.msgctxt} “{key.msgid[:60]}”" for key in result.clashes]
        # The template of the vocabulary has no date of its own: alone it is no reason to write the file.
        if result.data != data and (result.is_changed or name != VOCABULARY):
            yield Change(path, result.data)

    # Topics

    def _topic(self, english: records.Entry, spanish: records.Entry | None) -> Iterator[Change]:
        report = TopicReport(self._ids[english.id], english.id, spanish.id if spanish else None)
        self.topics.append(report)
        try:
            yield from self._import_topic(english, spanish, report)
        except DataError as error:
            report.outcome = "faulty"
            for each in error.problems:
                is_ours = folder_of(each.path) in (TOPICS, LOCALES)
                path = each.path if is_ours else self._collection.path
                self.problems.append(replace(each, path=path, line=each.line if is_ours else english.line))

    def _import_topic(
        self, english: records.Entry, spanish: records.Entry | None, report: TopicReport
    ) -> Iterator[Change]:
        known = self._before.topics.get(english.id)
        current = self._document(report.id)
        if known and current is None:
            report.outcome = "deleted here"
            return
        one, other = self._records(english, spanish)
        self._tell_of_spanish(one, spanish, other, known)
        inputs = self._inputs(one, other)
        has_catalogue = self._files.catalogue(SPANISH, report.id) is not None or not other
        if known and known.get("inputs") == inputs and not known.get("withdrawn") and has_catalogue:
            report.take_counts(known)  # the file says nothing new of this topic; whatever was done here stays
            return
        imported = compose(report.id, one, other, self._before.given(english.id), self._collected)
        _tell(report, imported)
        document, is_changed = self._merged(one, imported.document, current, known or {}, report)
        self._linked[english.id] = frozenset(target for target, _pointer in linked_topics(document))
        given = GivenIds.of(imported.document)
        state = {
            "id": report.id,
            **({"spanish": spanish.id} if spanish else {}),
            "created": one.created,
            "inputs": inputs,
            **report.counts(),
            "parts": digests_of(_without_dates(imported.document)),
            "sections": [list(each) for each in given.sections],
            "links": [list(each) for each in given.links],
        }
        template = template_of(self._schema.plan, document, SPANISH, self._glossary)
        header = Header(
            language=SPANISH, subject=f"topic “{report.id}”", created=document["dates"]["updated"]
        )
        changes = list(self._catalogue(report.id, template, header, imported.translations, report=report))
        if is_changed:
            changes.insert(0, Change(topic_path(report.id), jsontext.dump(document)))
        if report.outcome == "unchanged" and changes:
            report.outcome = "changed"
        self._after.topics[english.id] = state
        yield from changes

    def _tell_of_spanish(
        self, one: Record, spanish: records.Entry | None, other: Record | None, known: Document | None
    ) -> None:
        problem = Problem(
            check="medlineplus-spanish-alone",
            level=Level.WARNING,
            path=self._collection.path,
            line=one.line,
            message=f"record {one.id}, “{one.title}”, has no summary, but its Spanish twin has one.",
            hint="It is imported in English alone.",
        )
        if spanish and other is None:
            self.problems.append(problem)
        elif known and known.get("spanish") and spanish is None:
            message = f"record {one.id}, “{one.title}”, has lost its Spanish twin."
            hint = "Its Spanish edition is held from now on; withdraw the topic to take it away."
            self.problems.append(
                replace(problem, check="medlineplus-spanish-withdrawn", message=message, hint=hint)
            )

    def _inputs(self, english: Record, spanish: Record | None) -> str:
        """Return a digest of all that a topic is made from: records, keys of words, links to other topics."""
        both = [record for record in (english, spanish) if record]
        known = self._collected.terms.known
        names = {
            f"{kind}/{name}"
            for record in both
            for site in record.sites
            for kind, each in ((CATEGORIES, site.categories), (ORGANIZATIONS, site.organizations))
            for name in each
        }
        parts = [
            self._software,
            [(name, known.get(name)) for name in sorted(names)],
            [
                (target, self._find(target, record.language))
                for record in both
                for target in _targets_of(record)
            ],
            [replace(record, line=0) for record in both],
        ]
        return jsontext.digest(jsontext.canonical(parts))[:16]

    def _merged(
        self,
        english: Record,
        offered: Document,
        current: Document | None,
        known: Document,
        report: TopicReport,
    ) -> tuple[Document, bool]:
        """Return the topic as the workspace shall have it, and whether that differs from what it has.

        Raises ImportDataError where what the file offers is no topic that could be published.
        """
        if current is None:
            self._refuse_unfit(offered)
            report.outcome = "added"
            return offered, True
        content, clashes = _merge_topic(offered, current, known.get("parts", {}))
        dates = dict(current["dates"])
        if english.created and english.created != known.get("created", english.created):
            dates["created"] = english.created
        if known.get("withdrawn") and dates.get("withdrawFrom") == known["withdrawn"]:
            del dates["withdrawFrom"]
            report.outcome = "returned"
        if self._faults_of({**content, "dates": dates}):
            self._refuse_unfit(offered)
            # Each side is sound, both together are not: the local one stands, whole.
            content, clashes = _without_dates(current), ["the whole topic"]
        report.clashes += [f"{topic_path(report.id)}: {part}" for part in clashes]
        content = _ordered(content, offered)
        if content == _without_dates(current) and dates == current["dates"]:
            return current, False
        dates["updated"] = max(self._collection.generated, current["dates"]["updated"])
        return _ordered({**content, "dates": dates}, offered), True

    def _faults_of(self, document: Document) -> list[Problem]:
        path = topic_path(document["id"])
        plain = jsontext.load(jsontext.canonical(document))  # texts that know their Spanish are no JSON
        found = self._schema.check(plain, path, self._known_topics)
        return [problem for problem in found if problem.level is Level.ERROR]

    def _refuse_unfit(self, document: Document) -> None:
        """Raise where a topic as the file has it would stop every publication."""
        if faults := self._faults_of(document):
            raise ImportDataError(
                [
                    replace(
                        each, path=self._collection.path, message=f"topic {document['id']!r}: {each.message}"
                    )
                    for each in faults
                ]
            )

    def _without_faulty_targets(self) -> Iterator[Change]:
        """Make again the topics that link to one that turned out faulty and is not in the workspace."""
        missing = {
            report.id
            for report in self.topics
            if report.outcome == "faulty" and report.id not in self._names_of_topics
        }
        if not missing:
            return
        self._find_targets(missing)
        for english, spanish in self._pairs:
            if not missing.isdisjoint(self._linked.get(english.id, ())):
                self.topics = [report for report in self.topics if report.english != english.id]
                yield from self._topic(english, spanish)

    def _withdrawn(self) -> Iterator[Change]:
        """Mark the topics that the file no longer has; nothing is deleted."""
        here = {*self._collection.entries, *self._collection.left_out}
        living = {english for english, known in self._before.topics.items() if not known.get("withdrawn")}
        adopted = set(self._ids.values())
        gone = [
            english for english in sorted(living - here) if self._before.topics[english]["id"] not in adopted
        ]
        if len(gone) > max(_FEW, _SHARE * len(living)):
            self.problems.append(
                Problem(
                    check="medlineplus-many-gone",
                    path=self._collection.path,
                    message=f"{len(gone):,} of {len(living):,} topics are not in the file.",
                    hint="Is it the whole collection? --keep-going imports the rest and withdraws nothing.",
                )
            )
            return
        for english in gone:
            known = self._before.topics[english]
            current = self._document(known["id"])
            if current is None:
                continue
            day = self._collection.generated
            self.topics.append(TopicReport(known["id"], english, known.get("spanish"), "withdrawn"))
            self._after.topics[english] = {**known, "withdrawn": day}
            if not current["dates"].get("withdrawFrom"):
                dates = {**current["dates"], "withdrawFrom": day}
                yield Change(topic_path(known["id"]), jsontext.dump({**current, "dates": dates}))
        for english in living - here - set(gone):  # NLM gave these records another id
            del self._after.topics[english]


def _read_vocabularies(files: Files) -> dict[str, Document]:
    """Return the vocabularies by path; raises ImportDataError with everything that is wrong with them."""
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for path, data in files.vocabularies().items():
        try:
            found[path] = jsontext.parse(data, path)
        except JsonTextError as error:
            problems += error.problems
            continue
        problems += check_vocabulary(found[path], path)
    if has_errors(problems):
        raise ImportDataError(problems)
    return found


def _merge_topic(offered: Document, current: Document, base: Mapping[str, str]) -> tuple[Document, list[str]]:
    """Merge the contents; how large the units are goes with the sections that it speaks of."""
    merged = merge(_without_dates(offered), _without_dates(current), base)
    content, clashes = merged.document, list(merged.clashes)
    if offered.get("unit") != current.get("unit"):
        is_local = any(part.partition("/")[0] in ("unit", "sections") for part in merged.local)
        winner = current if is_local else offered
        for member in ("unit", "sections"):
            content.pop(member, None)
            if member in winner:
                content[member] = winner[member]
        if is_local:
            clashes = [part for part in clashes if part.partition("/")[0] not in ("unit", "sections")]
            clashes.append("sections")
    return content, clashes


def _targets_of(record: Record) -> Iterator[str]:
    """Yield everything that a record may link to within the collection, as it stands there."""
    yield from (f"tid:{related.id}" for related in record.related)
    for href, tid in _LINKS.findall(record.summary or ""):
        yield f"tid:{tid}" if tid else urljoin(record.url, html.unescape(href))


def topics_by_id(collection: records.Collection, state: State) -> dict[str, str]:
    """Return the MedlinePlus id of every English record by what users call it.

    That is this id itself, its twin's, the topic's id, or the slug of its title.
    """
    known = {each["id"]: english for english, each in state.topics.items() if english in collection.entries}
    pairs = list(collection.pairs())
    slugs = {slug(english.title, 50): english.id for english, _ in reversed(pairs)}
    twins = {spanish.id: english.id for english, spanish in pairs if spanish}
    return {**slugs, **known, **twins, **{english.id: english.id for english, _ in pairs}}


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
