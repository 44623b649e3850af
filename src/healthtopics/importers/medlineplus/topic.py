"""A pair of records → one topic in both languages."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from healthtopics.importers.medlineplus.languages import find_other_language
from healthtopics.importers.medlineplus.links import resources_of
from healthtopics.importers.medlineplus.pairing import (
    Bilingual,
    PairedSummaries,
    are_translations,
    aspect_of,
    both_texts,
    is_english,
    lines_of,
    pair_summaries,
    translations_of,
)
from healthtopics.importers.medlineplus.record import ENGLISH, SPANISH, MeshHeading, Record, RecordReference
from healthtopics.importers.medlineplus.summary import SummarySection, read_summary
from healthtopics.importers.medlineplus.terms import VocabularyKeys
from healthtopics.importers.shared.report import MessageCounts, Repair
from healthtopics.importers.shared.slugs import slug
from healthtopics.importers.shared.state import GivenIds
from healthtopics.importers.shared.topics import OfferedTopic
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Steps, excerpt
from healthtopics.reading.languages import prose_of, source_words
from healthtopics.schema import MessagePlan, Place
from healthtopics.topic import is_copy

PUBLISHER: Final = "nlm"
"""The organization responsible for the text: a key of the vocabulary `organizations`."""
IDENTIFIER_SYSTEM: Final = "medlineplus"

LONGEST_TITLE: Final = 120
LONGEST_DESCRIPTION: Final = 200
_LONGEST_CONTEXT: Final = 60
_SHORTEST_BEGINNING: Final = 40
"""Of a text that is cut, in characters; a shorter sentence alone says too little."""
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s+(?:[¿¡“«\"(]|[^\W\d_a-zà-ÿ]))")
"""The end of a sentence before another one."""
_KINDS_OF_TOPIC: Final = {"symptoms": "symptom", "diagnostic-tests": "test"}
"""The groups whose topics are all of one kind; for other topics the file does not give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFacts:
    """What the topics of a collection need to know about one another."""

    keys: VocabularyKeys
    plan: MessagePlan
    """The plan of the topic schema."""
    find: Callable[[str, LanguageTag], str | None]
    """Returns the id of a topic for a page, or a MedlinePlus id (`tid:351`), of that language, or None."""
    day: str
    """The file's date-generated, YYYY-MM-DD."""


def cut(text: str, longest: int) -> str:
    """Return a text, or as many whole sentences of it as fit; if there are none, its first words."""
    if len(text) <= longest:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if match.end() <= longest]
    for end in reversed(ends):
        if end > _SHORTEST_BEGINNING and not _is_abbreviated(text[:end]):
            return text[:end]
    words = text[:longest].rpartition(" ")[0].rstrip(" ,;:.–-")
    return f"{words or text[: longest - 1]}…"


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield text[start : match.end()].strip()
        start = match.end()
    yield text[start:].strip()


def _is_abbreviated(text: str) -> bool:
    """Return whether a text ends with an abbreviation of either language, such as Dr."""
    prose = prose_of(SPANISH)
    patterns = [source_words().abbreviation, *([prose.abbreviation] if prose else [])]
    return any(pattern.search(text) for pattern in patterns)


def compose(
    topic_id: str, english: Record, spanish: Record | None, given: GivenIds, facts: CollectionFacts
) -> OfferedTopic:
    """Make the topic; ids of the last import are kept."""
    return _Composer(topic_id, english, spanish, given, facts).compose()


@dataclass(slots=True)
class _Composer:
    id: str
    english: Record
    spanish: Record | None
    given: GivenIds
    facts: CollectionFacts
    repairs: list[Repair] = field(default_factory=list)

    @property
    def records(self) -> tuple[Record, ...]:
        return (self.english, self.spanish) if self.spanish else (self.english,)

    def compose(self) -> OfferedTopic:
        english = self._sections(self.english)
        spanish = self._sections(self.spanish) if self.spanish and english else None
        self._look_for_english(english, spanish or ())
        resources, repairs = resources_of(self.english, self.spanish, self.given, self.facts.keys)
        self.repairs += repairs
        twins = {
            each["links"][SPANISH]: each["links"][ENGLISH] for each in resources if len(each["links"]) > 1
        }
        headings = {section.heading for section in [*english, *(spanish or ())]}
        homonyms = _Homonyms()
        while True:
            identify = self._identifier(headings)
            paired = pair_summaries(english, spanish or None, identify, twins, whole=homonyms.whole)
            document = self._document(paired, resources)
            homonyms.write_contexts(document)
            translations, conflicts = translations_of(self.facts.plan, document, paired)
            if not conflicts:
                break
            for place in conflicts:
                homonyms.distinguish(place, document)
        counts = MessageCounts(
            blocks=sum(key.role in _BLOCK_ROLES for key in translations),
            sections=len(paired.units) - paired.is_one_unit,
            summaries=int(paired.is_one_unit),
            doubts=paired.doubts,
            repaired=dict(sorted(Counter(repair.check for repair in self.repairs).items())),
        )
        return OfferedTopic(
            document=document, translations=translations, counts=counts, repairs=tuple(self.repairs)
        )

    # The document

    def _document(self, paired: PairedSummaries, resources: Sequence[JsonObject]) -> JsonObject:
        english, spanish = self.english, self.spanish
        keys = self.facts.keys
        groups = list(dict.fromkeys(keys.group(group.id) for group in english.groups))
        title = self._cut(english.title, LONGEST_TITLE, "title")
        names, index = self._spanish_names()
        members: JsonObject = {
            "id": self.id,
            "kind": _kind_of(groups),
            "title": self._both(title, spanish.title if spanish else ""),
            "alsoCalled": self._names(english.also_called, names),
            "seeReferences": self._names(english.see_references, index),
            **self._descriptions(),
            "pages": {record.language: record.url for record in self.records if record.url},
            "identifiers": [
                {"system": IDENTIFIER_SYSTEM, "value": record.id, "language": record.language}
                for record in self.records
            ],
            "codes": list(map(_code, english.mesh)),
            "groups": groups,
            "primaryInstitute": self._institute(),
            "publisher": PUBLISHER,
            "unit": "topic" if paired.is_one_unit else "",
            "sections": paired.sections,
            "resources": [dict(resource) for resource in resources],
            "relatedTopics": list(self._related()),
            "otherLanguages": list(self._other_languages()),
            "dates": self._dates(),
            "sources": list(map(_source, self.records)),
            "qualityCriteria": "medlineplus-criteria",
        }
        return {name: value for name, value in members.items() if value not in ("", [], {}, None)}

    def _both(self, english: str, spanish: str) -> Any:  # noqa: ANN401 - a text or own text
        return both_texts(english, spanish, is_bilingual=self.spanish is not None)

    def _institute(self) -> str | JsonObject:
        """Return the key of the institute; the keys by language unless all records name the same."""
        named: JsonObject = {
            record.language: self.facts.keys.organization(record.institute.name)
            for record in self.records
            if record.institute
        }
        is_one = len(named) == len(self.records) and len({*named.values()}) == 1
        return str(named[ENGLISH]) if is_one else named

    def _spanish_names(self) -> tuple[list[str], list[str]]:
        """Return the names and the index terms of the Spanish record, without those that are English."""
        if self.spanish is None:
            return [], []
        names = self._in_spanish(self.spanish.also_called, "another name")
        return names, self._in_spanish(self.spanish.see_references, "an index term")

    def _in_spanish(self, texts: Sequence[str], what: str) -> list[str]:
        """Return the texts that are not English; report the others, which are left out."""
        for text in filter(is_english, texts):
            message = f"“{excerpt(text)}”, {what} in the Spanish record, is English and was left out."
            self._report("medlineplus-english-in-spanish", message)
        return [text for text in texts if not is_english(text)]

    def _names(self, english: Sequence[str], spanish: Sequence[str]) -> list[Any]:
        """Return a list that is one message; if one language has none, the other's own texts."""
        here, there = list(dict.fromkeys(english)), list(dict.fromkeys(spanish))
        if here and there:
            return [Bilingual(here[0], "\n".join(there)), *here[1:]]
        return [self._both(name, "") for name in here] + [self._both("", name) for name in there]

    def _descriptions(self) -> JsonObject:
        """Return the description; those of both languages if the Spanish one certainly says something else.

        A text that was cut does not say what the other says.
        """
        whole = [self.english.description]
        if self.spanish and self.spanish.description:
            whole += self._in_spanish([self.spanish.description], "the description")
        texts = [self._cut(text, LONGEST_DESCRIPTION, "description") for text in whole]
        english, spanish = (*texts, "")[:2]
        if not (english and spanish) or (texts == whole and are_translations(english, spanish)):
            return {"description": self._both(english, spanish)}
        own = zip((ENGLISH, SPANISH), texts, strict=True)
        return {"ownDescriptions": [{"text": text, "language": language} for language, text in own]}

    def _report(self, check: str, message: str) -> None:
        """Report once what was repaired, or needs to be looked at."""
        repair = Repair(check, message)
        if repair not in self.repairs:
            self.repairs.append(repair)

    def _cut(self, text: str, longest: int, what: str) -> str:
        """Return a text, or its first sentences if it is too long; if there are none, its first words."""
        if len(text) <= longest:
            return text
        message = f"the {what} has {len(text)} characters; only the beginning is kept, at most {longest}."
        self._report("medlineplus-too-long", message)
        return cut(text, longest)

    def _dates(self) -> JsonObject:
        created = self.english.created or self.facts.day
        for record in self.records:
            if not record.created:
                message = f"the record in {record.language!r} has no date of creation; {created} is used."
                self._report("medlineplus-created-missing", message)
        first = self.spanish.created if self.spanish else ""
        other = {"createdIn": {SPANISH: first}} if first not in ("", created) else {}
        return {"created": created, **other, "updated": self.facts.day}

    # The summary

    def _sections(self, record: Record) -> list[SummarySection]:
        if not record.summary:
            return []

        def find(target: str) -> str | None:
            return self.facts.find(target, record.language)

        summary = read_summary(record.summary, record.url, find)
        self.repairs += summary.repairs
        return list(summary.sections)

    def _look_for_english(self, english: Sequence[SummarySection], spanish: Sequence[SummarySection]) -> None:
        """Report English text in the Spanish record: whole lines, which the edition marks, and sentences."""
        if self.spanish is None:
            return
        lines = frozenset(lines_of(english))
        titles = (self.spanish.title, *(site.title for site in self.spanish.sites))
        for line in (*titles, *lines_of(spanish)):
            is_whole = is_english(line) or (line in lines and is_copy(line, line))
            for text in [line] if is_whole else filter(is_english, _sentences(line)):
                self._report("medlineplus-english-in-spanish", f"“{excerpt(text)}” is English.")

    def _identifier(self, headings: Collection[str]) -> Callable[[str, str], str]:
        """Return a function that assigns ids to sections: those of the last import, else by their aspect.

        A heading that is gone leaves its id to a new one with the same aspect.
        """
        given = list(self.given.sections)
        names = {key for _, key in given}
        used: set[str] = set()

        def identify(aspect: str, heading: str) -> str:
            same = [key for known, key in given if known == heading and key not in used]
            renamed = [
                key
                for known, key in given
                if known not in headings and key not in used and aspect_of(known) == aspect != "other"
            ]
            key = next(iter([*same, *renamed]), "")
            if not key:
                taken = used | names
                wanted = aspect if aspect != "other" and aspect not in taken else heading or aspect
                key = slug(wanted, 64, taken)
            used.add(key)
            return key

        return identify

    # Links

    def _related(self) -> Iterator[str | JsonObject]:
        seen: set[str] = {self.id}
        for record in self.records:
            for related in record.related:
                key = self.facts.find(f"tid:{related.id}", record.language)
                if key is None and self._is_foreign(related, record.language):
                    message = f"the related topic “{related.name}” is in another language and was left out."
                    self._report("medlineplus-related-language", message)
                elif key is None and related.url:
                    is_english = record.language == ENGLISH
                    title = self._both(related.name, "") if is_english else self._both("", related.name)
                    yield {"title": title, "links": {record.language: related.url}}
                elif key is not None and key not in seen:
                    seen.add(key)
                    yield key

    def _is_foreign(self, related: RecordReference, language: LanguageTag) -> bool:
        """Return whether a record names one of another language, not to be shown as its own."""
        if self.facts.find(f"tid:{related.id}", SPANISH if language == ENGLISH else ENGLISH):
            return True
        parts = urlsplit(related.url)
        is_ours = (parts.hostname or "").removeprefix("www.") == "medlineplus.gov"
        return is_ours and parts.path.startswith("/spanish/") != (language == SPANISH)

    def _other_languages(self) -> Iterator[JsonObject]:
        own_pages = {record.url for record in self.records}
        for other in self.english.other_languages:
            if not other.url or other.url in own_pages:
                continue  # the Spanish edition itself, or an address that was dropped and reported
            tag, spanish = find_other_language(other.name)
            name = self._both(other.name, spanish) if self.spanish else other.name
            yield {
                "name": name,
                **({"vernacularName": other.vernacular_name} if other.vernacular_name else {}),
                **({"language": tag} if tag else {}),
                "url": other.url,
            }


_BLOCK_ROLES: Final = {"heading", "subheading", "paragraph", "list-item", "attribution"}


def _kind_of(groups: Collection[str]) -> str:
    return next((kind for group, kind in _KINDS_OF_TOPIC.items() if group in groups), "other")


def _code(heading: MeshHeading) -> JsonObject:
    qualifiers = [{"code": each.id, "display": each.name} for each in heading.qualifiers]
    return {
        "system": "mesh",
        "code": heading.descriptor.id,
        "display": heading.descriptor.name,
        **({"qualifiers": qualifiers} if qualifiers else {}),
    }


def _source(record: Record) -> JsonObject:
    return {
        "id": IDENTIFIER_SYSTEM if record.language == SOURCE else f"{IDENTIFIER_SYSTEM}-{record.language}",
        "title": record.title,
        "publisher": "MedlinePlus",
        **({"url": record.url} if record.url else {}),
        "language": record.language,
    }


class _Homonyms:
    """Makes separate messages of texts that are the same in English but not in Spanish."""

    def __init__(self) -> None:
        self.whole: set[str] = set()
        """The ids of sections that are one unit for this."""
        self._contexts: dict[Steps, str] = {}

    def write_contexts(self, document: JsonObject) -> None:
        """Add contexts to the objects with such texts."""
        for steps, context in self._contexts.items():
            _at(document, steps)["context"] = context

    def distinguish(self, place: Place, document: JsonObject) -> None:
        """Distinguish a text from its homonyms, by a context or by a larger unit."""
        steps = place.steps[:-1]
        while steps and not isinstance(_at(document, steps), dict):
            steps = steps[:-1]
        if place.steps[0] == "sections" and (len(place.steps) > 5 or steps in self._contexts):
            # Two items of one list: nothing between them could have a context.
            self.whole.add(document["sections"][place.steps[1]]["id"])
            self._contexts.clear()
            return
        self._contexts[steps] = _context(_at(document, steps), self._contexts)


def _context(bearer: Mapping[str, Any], contexts: Mapping[Steps, str]) -> str:
    """Return a word or two that distinguish this text from its homonyms: the site, or the address."""
    hosts = [urlsplit(url).netloc for url in bearer.get("links", {}).values()]
    given: list[str] = [
        *bearer.get("organizations", ()),
        *hosts,
        str(bearer.get("id", "")),
        f"no. {len(contexts) + 2}",
    ]
    used = {*contexts.values(), bearer.get("context")}
    return next(
        words for words in (each[:_LONGEST_CONTEXT].strip() for each in given) if words and words not in used
    )


def _at(document: Any, steps: Sequence[str | int]) -> Any:  # noqa: ANN401 - any JSON value
    for step in steps:
        document = document[step]
    return document
