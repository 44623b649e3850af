"""A pair of records → one topic in both languages."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from healthtopics import jsontext
from healthtopics.catalogue import Key
from healthtopics.catalogues.imported import Imported
from healthtopics.importers.medlineplus.languages import find_other_language
from healthtopics.importers.medlineplus.pairing import (
    ENGLISH,
    SPANISH,
    Bilingual,
    Document,
    Paired,
    aspect_of,
    pair_summaries,
    translations_of,
)
from healthtopics.importers.medlineplus.record import Record, Site
from healthtopics.importers.medlineplus.slugs import slug
from healthtopics.importers.medlineplus.state import GivenIds, mark_of
from healthtopics.importers.medlineplus.summary import Part, Repair, read_summary
from healthtopics.importers.medlineplus.terms import Terms, is_shown
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.schema import MessagePlan, Place

PUBLISHER: Final = "nlm"
"""Who answers for the text: a key of the vocabulary `organizations`."""
IDENTIFIER_SYSTEM: Final = "medlineplus"

_LONGEST_TITLE: Final = 120
_LONGEST_DESCRIPTION: Final = 200
_LONGEST_CONTEXT: Final = 60
_PUBMED = re.compile(
    r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]+)/?"
)
_TRIAL = re.compile(r"https?://(?:www\.)?clinicaltrials\.gov/(?:ct2/show|show|study)/(NCT[0-9]{8})\b.*")
_KINDS_OF_TOPIC: Final = {"symptoms": "symptom", "diagnostic-tests": "test"}
"""The groups whose every topic is of one kind; of all other topics the file does not tell."""


@dataclass(slots=True, kw_only=True)
class ImportedTopic:
    """One topic as the file has it."""

    document: Document
    translations: dict[Key, Imported] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    blocks: int = 0
    """Messages of the summary that are one block: a heading, a paragraph, an item, an attribution."""
    sections: int = 0
    """Messages that are the body of a section."""
    summaries: int = 0
    """Messages that are the whole summary: 0 or 1."""
    doubts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What the topics of a collection need to know of one another."""

    terms: Terms
    plan: MessagePlan
    """Of the topic schema."""
    find: Callable[[str, LanguageTag], str | None]
    """Gives the id of a topic by a page, or a MedlinePlus id (`tid:351`), of that language; None for none."""
    day: str
    """The file's date-generated, YYYY-MM-DD."""


def compose(
    topic_id: str, english: Record, spanish: Record | None, given: GivenIds, collected: Collected
) -> ImportedTopic:
    """Make the topic; what has an id of the last import keeps it."""
    return _Composer(topic_id, english, spanish, given, collected).compose()


class _Composer:
    def __init__(
        self, topic_id: str, english: Record, spanish: Record | None, given: GivenIds, collected: Collected
    ) -> None:
        self._id = topic_id
        self._english = english
        self._spanish = spanish
        self._given = given
        self._collected = collected
        self._repairs: list[Repair] = []

    def compose(self) -> ImportedTopic:
        english = self._parts(self._english)
        spanish = self._parts(self._spanish) if self._spanish and english else None
        resources = self._resources()
        twins = {
            each["links"][SPANISH]: each["links"][ENGLISH] for each in resources if len(each["links"]) > 1
        }
        headings = {part.heading for part in [*english, *(spanish or ())]}
        whole: set[str] = set()
        contexts: dict[tuple[str | int, ...], str] = {}
        while True:
            paired = pair_summaries(english, spanish or None, self._identifier(headings), twins, whole=whole)
            document = self._document(paired, resources)
            for steps, context in contexts.items():
                _at(document, steps)["context"] = context
            translations, conflicts = translations_of(self._collected.plan, document, paired)
            if not conflicts:
                break
            for place in conflicts:
                self._tell_apart(place, document, contexts, whole)
        return ImportedTopic(
            document=document,
            translations=translations,
            repairs=self._repairs,
            blocks=sum(key.role in _BLOCK_ROLES for key in translations),
            sections=len(paired.units) - paired.is_one_unit,
            summaries=int(paired.is_one_unit),
            doubts=paired.doubts,
        )

    # The document

    def _document(self, paired: Paired, resources: Sequence[Document]) -> Document:
        english, spanish = self._english, self._spanish
        terms = self._collected.terms
        groups = list(dict.fromkeys(terms.group(group.id) for group in english.groups))
        institute = english.institute
        pages = {record.language: record.url for record in (english, spanish) if record and record.url}
        members: Document = {
            "id": self._id,
            "kind": next((kind for group, kind in _KINDS_OF_TOPIC.items() if group in groups), "other"),
            "title": self._both(
                self._cut(english.title, _LONGEST_TITLE, "title"), spanish.title if spanish else ""
            ),
            "alsoCalled": self._names(english.also_called, spanish.also_called if spanish else ()),
            "seeReferences": self._names(english.see_references, spanish.see_references if spanish else ()),
            "description": self._description(),
            "pages": pages,
            "identifiers": [
                {"system": IDENTIFIER_SYSTEM, "value": record.id, "language": record.language}
                for record in (english, spanish)
                if record
            ],
            "codes": [
                {
                    "system": "mesh",
                    "code": heading.descriptor.id,
                    "display": heading.descriptor.text,
                    "qualifiers": [{"code": each.id, "display": each.text} for each in heading.qualifiers],
                }
                for heading in english.mesh
            ],
            "groups": groups,
            "primaryInstitute": terms.organization(institute.name) if institute else "",
            "publisher": PUBLISHER,
            "unit": "topic" if paired.is_one_unit else "",
            "sections": paired.sections,
            "resources": [dict(resource) for resource in resources],
            "relatedTopics": list(self._related()),
            "otherLanguages": list(self._other_languages()),
            "dates": {"created": english.created or self._collected.day, "updated": self._collected.day},
            "sources": [self._source(record) for record in (english, spanish) if record],
            "qualityCriteria": "medlineplus-criteria",
        }
        for code in members["codes"]:
            if not code["qualifiers"]:
                del code["qualifiers"]
        return {name: value for name, value in members.items() if value not in ("", [], {}, None)}

    def _both(self, english: str, spanish: str) -> Any:  # noqa: ANN401 - a text or own text
        """Return a text in both languages, or the own text of the only one that has it."""
        if english and spanish:
            return Bilingual(english, spanish)
        if english:
            return {"text": english, "language": ENGLISH} if self._spanish else english
        return {"text": spanish, "language": SPANISH} if spanish else None

    def _names(self, english: Sequence[str], spanish: Sequence[str]) -> list[Any]:
        """Return a list that is one message; where one language has none, the other's own texts."""
        here, there = list(dict.fromkeys(english)), list(dict.fromkeys(spanish))
        if here and there:
            return [Bilingual(here[0], "\n".join(there)), *here[1:]]
        return [self._both(name, "") for name in here] + [self._both("", name) for name in there]

    def _description(self) -> Any:  # noqa: ANN401 - a text or own text
        records = (self._english, self._spanish)
        here, there = (
            self._cut(record.description, _LONGEST_DESCRIPTION, "description") if record else ""
            for record in records
        )
        return self._both(here, there)

    def _cut(self, text: str, longest: int, what: str) -> str:
        if len(text) <= longest:
            return text
        repair = Repair(
            "medlineplus-too-long", f"the {what} has {len(text)} characters; it was cut to {longest}."
        )
        if repair not in self._repairs:
            self._repairs.append(repair)
        words = text[:longest].rpartition(" ")[0].rstrip(" ,;:.–-")
        return f"{words or text[: longest - 1]}…"

    def _source(self, record: Record) -> Document:
        key = IDENTIFIER_SYSTEM if record.language == SOURCE else f"{IDENTIFIER_SYSTEM}-{record.language}"
        return {
            "id": key,
            "title": record.title,
            "publisher": "MedlinePlus",
            **({"url": record.url} if record.url else {}),
            "language": record.language,
        }

    # The summary

    def _parts(self, record: Record) -> list[Part]:
        if not record.summary:
            return []

        def find(target: str) -> str | None:
            return self._collected.find(target, record.language)

        summary = read_summary(record.summary, record.url, find)
        self._repairs += summary.repairs
        return list(summary.sections)

    def _identifier(self, headings: Collection[str]) -> Callable[[str, str], str]:
        """Return what gives sections their ids: those of the last import, else by what they are about.

        A heading that is gone leaves its id to one that is new and asks the same.
        """
        given = list(self._given.sections)
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

    def _resources(self) -> list[Document]:
        given: dict[str, list[str]] = {}
        for marks, key in self._given.links:
            for mark in marks:
                given.setdefault(mark, []).append(key)
        taken = {key for _, key in self._given.links}
        found: list[Document] = []
        linked = {site.url for record in (self._english, self._spanish) if record for site in record.sites}
        for english, spanish in self._paired_sites():
            resource = self._resource(english, spanish, linked)
            if resource is None:
                continue
            used = {each["id"] for each in found}
            keys = (key for link in resource["links"].items() for key in given.get(mark_of(*link), ()))
            key = next((key for key in keys if key not in used), "")
            if not key:
                site = english or spanish
                mark = jsontext.digest(site.url.encode())[:6] if site else ""
                key = slug(site.title if site else "", 64, taken | used, mark)
            found.append({"id": key, **resource})
        return found

    def _paired_sites(self) -> list[tuple[Site | None, Site | None]]:
        """Return English links with their Spanish twins, then the Spanish ones that have none."""
        there = list(self._spanish.sites) if self._spanish else []
        pairs: list[tuple[Site | None, Site | None]] = []
        for site in self._english.sites:
            twin = next((other for other in there if other.url == site.twin_url), None) or next(
                (other for other in there if other.twin_url == site.url), None
            )
            if twin:
                there.remove(twin)
            pairs.append((site, twin))
        return [*pairs, *((None, site) for site in there)]

    def _resource(self, english: Site | None, spanish: Site | None, linked: set[str]) -> Document | None:
        here, there = (self._categories(site) if site else [] for site in (english, spanish))
        site = english or spanish
        if site is None or not (here or there):
            title = site.title if site else ""
            self._repairs.append(
                Repair("medlineplus-link-hidden", f"“{title}” stands in no category that readers see.")
            )
            return None
        links = {}
        if english or (spanish and spanish.twin_url and spanish.twin_url not in linked):
            links[ENGLISH] = english.url if english else spanish.twin_url if spanish else ""
        if spanish or (english and english.twin_url and english.twin_url not in linked):
            links[SPANISH] = spanish.url if spanish else english.twin_url if english else ""
        names = dict.fromkeys(name for each in (english, spanish) if each for name in each.organizations)
        organizations = list(dict.fromkeys(self._collected.terms.organization(name) for name in names))
        by_language: Any = here or there
        if english and spanish and here != there:
            by_language = {ENGLISH: here, SPANISH: there}
        resource = {
            "categories": by_language,
            "title": self._both(english.title if english else "", spanish.title if spanish else ""),
            "organizations": organizations,
            **_kind(site),
            "links": links,
        }
        return {name: value for name, value in resource.items() if value not in ([], None)}

    def _categories(self, site: Site) -> list[str]:
        return list(dict.fromkeys(self._collected.terms.category(n) for n in site.categories if is_shown(n)))

    def _related(self) -> Any:  # noqa: ANN401 - ids and objects
        seen: set[str] = {self._id}
        for record in filter(None, (self._english, self._spanish)):
            for related in record.related:
                key = self._collected.find(f"tid:{related.id}", record.language)
                if key is None and related.url:
                    title = self._own(related.title, record.language)
                    yield {"title": title, "links": {record.language: related.url}}
                elif key is not None and key not in seen:
                    seen.add(key)
                    yield key

    def _own(self, text: str, language: LanguageTag) -> Any:  # noqa: ANN401 - a text or own text
        return self._both(text, "") if language == ENGLISH else self._both("", text)

    def _other_languages(self) -> Any:  # noqa: ANN401 - objects
        own_pages = {record.url for record in (self._english, self._spanish) if record}
        for other in self._english.other_languages:
            if not other.url or other.url in own_pages:
                continue  # the Spanish edition itself, or an address that was dropped and reported
            tag, spanish = find_other_language(other.name)
            name = self._both(other.name, spanish) if self._spanish else other.name
            yield {
                "name": name,
                **({"vernacularName": other.vernacular_name} if other.vernacular_name else {}),
                **({"language": tag} if tag else {}),
                "url": other.url,
            }

    # Messages

    def _tell_apart(
        self,
        place: Place,
        document: Document,
        contexts: dict[tuple[str | int, ...], str],
        whole: set[str],
    ) -> None:
        """Make two texts that are the same in English different messages: by context, or a larger unit."""
        steps = place.steps[:-1]
        while steps and not isinstance(_at(document, steps), dict):
            steps = steps[:-1]
        bearer = _at(document, steps)
        if place.steps[0] == "sections" and (len(place.steps) > 5 or steps in contexts):
            # Two items of one list: nothing between them could carry a context.
            whole.add(document["sections"][place.steps[1]]["id"])
            contexts.clear()
            return
        contexts[steps] = _context(bearer, contexts)


_BLOCK_ROLES: Final = {"heading", "subheading", "paragraph", "list-item", "attribution"}


def _context(bearer: Mapping[str, Any], contexts: Mapping[tuple[str | int, ...], str]) -> str:
    """Return a word or two that tell this text from its homonyms: the site, or the address."""
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


def _kind(site: Site) -> Document:
    """Return what is behind a link, as far as the file tells, and its identifiers."""
    told = " ".join((*site.descriptions, *site.categories)).casefold()
    if match := _PUBMED.fullmatch(site.url):
        return {"kind": "article", "identifiers": [{"system": "pmid", "value": match[1]}]}
    if match := _TRIAL.fullmatch(site.url):
        return {"kind": "page", "identifiers": [{"system": "nct", "value": match[1]}]}
    if "clinicaltrials.gov/" in site.url:
        return {"kind": "search"}
    return {"kind": "video" if re.search(r"\bv[ií]deos?\b", told) else "page"}
