"""One edition of a topic as a FHIR document: what R4 and R5 have in common.

A document is a Bundle: the Composition first, then a DocumentReference for each link and source, then
the Organizations. Everything in it can be reached from the Composition.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from healthtopics import jsontext
from healthtopics.formats.fhir.exporting.datatypes import (
    EDUCATION_NOTE,
    PROFILES,
    URI,
    coding,
    concept,
    displayed,
    edition_identifier,
    medical_coding,
    profile,
    texts,
    topic_identifier,
)
from healthtopics.formats.fhir.exporting.narrative import Narrator, bullets, definitions
from healthtopics.formats.fhir.exporting.organizations import ToContact, reference, to_organization
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup import write_link
from healthtopics.topic import (
    Coding,
    Edition,
    Identifier,
    LanguageLink,
    LocalizedTerm,
    LocalizedTopic,
    RelatedTopic,
    Source,
    Text,
)
from healthtopics.topic import Resource as Link

_IDENTIFIER_SYSTEMS: Final = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov",
    "doi": "https://doi.org",
    "nct": "http://clinicaltrials.gov",
}
"""FHIR's names of the registries of the topic schema's resource identifiers."""

_WEB_PAGES: Final = frozenset({"page", "article", "search", "tool"})
"""The kinds of resource that are web pages; the topic does not have the encoding of a video or an image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The differences between versions of FHIR in our documents."""

    path: str
    """The path of its instances below the base URL: `fhir/r4`."""
    version: str
    """The release of the standard: `4.0.1`."""
    to_composition: Callable[[LocalizedTopic, Edition, Sequence[JsonObject]], JsonObject]
    """Returns the Composition with these sections."""
    to_translation: Callable[[JsonObject], JsonObject]
    """Returns the DocumentReference.relatesTo that marks a translation of the target."""
    to_contact: ToContact
    link_list: JsonObject
    """Members of a section that lists links as they were on the day of publication."""
    has_canonical_naming_systems: bool
    """Whether a NamingSystem has a canonical URL, a version and a title."""


def to_bundle(topic: LocalizedTopic, edition: Edition, dialect: Dialect) -> JsonObject:
    """Return the document: a Bundle with everything in the edition, still without versions."""
    document = _Document(topic, edition, dialect)
    sections = list(document.sections())
    composition = dialect.to_composition(topic, edition, sections)
    resources = [composition, *document.links.values(), *document.organizations()]
    base = f"{edition.base_url}/{dialect.path}"
    bundle = {
        "resourceType": "Bundle",
        "id": composition["id"],
        "language": topic.language,
        "type": "document",
        "entry": [
            {
                "fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}",
                "resource": _profiled(resource, edition.base_url),
            }
            for resource in resources
        ],
    }
    return _profiled(bundle, edition.base_url)


def _profiled(resource: JsonObject, base_url: str) -> JsonObject:
    """Return a resource that names the profile that it conforms to, if there is one for its type."""
    if (kind := resource["resourceType"]) not in PROFILES:
        return resource
    head = {name: resource[name] for name in ("resourceType", "id")}
    return {**head, "meta": {"profile": [profile(base_url, kind)]}, **resource}


def opening(topic: LocalizedTopic) -> dict[str, str]:
    """Return the narrative of the Composition itself: title and description."""
    narrator = Narrator(topic.language)
    lead = narrator.element("p", topic.description) if topic.description else ""
    return narrator.narrative(narrator.element("h1", topic.title) + lead)


def categories(topic: LocalizedTopic, edition: Edition) -> list[JsonObject]:
    """Return the categories of the document and its topic, and the groups that the topic is in."""
    filed = [
        ("content-types", "health-topic"),
        ("kinds", topic.kind),
        *(("groups", key) for key in topic.groups),
    ]
    return [
        concept(edition.base_url, vocabulary, edition.term(vocabulary, key), topic.language)
        for vocabulary, key in filed
    ]


def document_type(topic: LocalizedTopic, edition: Edition) -> JsonObject:
    """Return LOINC's type of the document, with our own words for it."""
    label = edition.term("content-types", "health-topic").label
    return {"coding": [EDUCATION_NOTE], **texts(topic.language, text=label)}


def subjects(topic: LocalizedTopic, edition: Edition) -> list[JsonObject]:
    """Return the subjects of the topic: a CodeableConcept for each of its codes."""
    return [_subject(code, edition.terms["code-systems"]) for code in topic.codes]


def _subject(code: Coding, systems: Mapping[str, LocalizedTerm]) -> JsonObject:
    found: JsonObject = {"coding": [medical_coding(code, systems)]}
    if code.qualifiers:
        # As MeSH prints a qualified heading; FHIR has no code for the pair.
        found["text"] = "/".join([code.display, *(each.display for each in code.qualifiers)])
    return found


class _Document:
    """Writes the sections, and gathers the resources that they refer to."""

    def __init__(self, topic: LocalizedTopic, edition: Edition, dialect: Dialect) -> None:
        self.links: dict[str, JsonObject] = {}
        """DocumentReferences by id, in the order in which the sections name them."""
        self._organizations: dict[str, LocalizedTerm] = {edition.publisher.id: edition.publisher}
        self._topic = topic
        self._edition = edition
        self._dialect = dialect
        self._language = topic.language
        self._narrator = Narrator(topic.language, self._link, edition.terms.get("urgencies", {}))

    def sections(self) -> Iterator[JsonObject]:
        topic = self._topic
        if topic.also_called:
            names = "".join(self._narrator.element("li", name) for name in topic.also_called)
            yield self._part("also-called", f"<ul>{names}</ul>")
        if questions := list(self._questions()):
            yield {**self._part("summary"), "section": questions}
        yield from self._link_lists()
        if related := [found for found in map(self._related, topic.related_topics) if found]:
            yield self._listing("related-topics", related)
        if topic.primary_institute:
            yield self._primary_institute(topic.primary_institute)
        if topic.other_languages:
            yield self._listing("other-languages", map(self._other_language, topic.other_languages))
        if topic.sources:
            yield self._listing("sources", map(self._source, topic.sources))
        yield self._part("about", self._about())

    def organizations(self) -> Iterator[JsonObject]:
        """Yield the organizations that the other resources refer to, and those that they belong to."""
        waiting = list(self._organizations.values())
        while waiting:
            term = waiting.pop(0)
            yield to_organization(term, self._edition.terms["organizations"], self._dialect.to_contact)
            parent = term.facts.get("parent")
            if parent and parent not in self._organizations:
                self._organizations[parent] = self._edition.term("organizations", parent)
                waiting.append(self._organizations[parent])

    # Sections

    def _part(self, key: str, content: str = "", entries: Sequence[JsonObject] = ()) -> JsonObject:
        """Return the section for a fixed part of every topic."""
        return self._section("parts", key, content, entries)

    def _section(
        self,
        vocabulary: str,
        key: str,
        content: str,
        entries: Sequence[JsonObject],
        more: Mapping[str, Any] = {},
    ) -> JsonObject:
        term = self._edition.term(vocabulary, key)
        section: JsonObject = {
            **texts(self._language, title=term.label),
            "code": {"coding": [displayed(self._edition.base_url, vocabulary, term)]},
        }
        if content:
            section["text"] = self._narrator.narrative(content)
        section |= more
        if entries:
            section["entry"] = list(entries)
        return section

    def _listing(self, key: str, items: Iterable[tuple[str, JsonObject | None]]) -> JsonObject:
        """Return a section of items, each with its line and, if there is one, its entry."""
        found = list(items)
        return self._part(key, bullets(line for line, _ in found), [entry for _, entry in found if entry])

    def _questions(self) -> Iterator[JsonObject]:
        for section in self._topic.sections:
            # A body of only attributions leaves nothing to show here: they are under `about`.
            if content := self._narrator.blocks(section.body):
                aspect = self._edition.term("aspects", section.aspect)
                yield {
                    "id": section.id,
                    **texts(self._language, title=section.heading or aspect.label),
                    "code": {"coding": [displayed(self._edition.base_url, "aspects", aspect)]},
                    "text": self._narrator.narrative(content, "additional"),
                }

    def _link_lists(self) -> Iterator[JsonObject]:
        by_category: dict[str, list[tuple[str, JsonObject]]] = {}
        for resource in self._topic.resources:
            if keys := resource.categories_in(self._language):
                item = self._resource(resource)
                for key in keys:
                    by_category.setdefault(key, []).append(item)
        for key in self._edition.terms.get("categories", ()):  # in the order of the vocabulary
            if items := by_category.get(key):
                content = bullets(line for line, _ in items)
                entries = [entry for _, entry in items]
                yield self._section("categories", key, content, entries, self._dialect.link_list)

    def _primary_institute(self, key: str) -> JsonObject:
        institute = self._edition.term("organizations", key)
        self._organizations[key] = institute
        content = f"<p>{write_link(institute.url, self._narrator.words(institute.label))}</p>"
        return self._part("primary-institute", content, [reference(institute, self._language)])

    def _about(self) -> str:
        topic, narrator, term = self._topic, self._narrator, self._edition.term
        facts = []

        def say(label: Text, content: str) -> None:
            facts.append((narrator.words(label), content))

        publisher = self._edition.publisher
        say(term("parts", "published-by").label, write_link(publisher.url, narrator.words(publisher.label)))
        if review := self._edition.review_in(topic.dates):
            words = narrator.words(Text(f"{review.by} ({review.date})", self._language))
            say(term("parts", "reviewed-by").label, words)
        for each in topic.dates.corrections:
            what = replace(each.what, value=f"{each.what.value} ({each.date})")
            say(term("parts", "correction").label, narrator.words(what))
        if topic.licence:
            licence = term("licences", topic.licence)
            say(term("parts", "licence").label, write_link(licence.url, narrator.words(licence.label)))
        for key in filter(None, (topic.disclaimer, topic.quality_criteria)):
            notice = term("notices", key)
            words = narrator.words(notice.text or notice.label)
            facts.append((write_link(notice.url, narrator.words(notice.label)), words))
        attributions = "".join(narrator.attributions(section.body) for section in topic.sections)
        return attributions + definitions(facts)

    # Items of sections: the line that a reader sees, and the entry for programs

    def _resource(self, resource: Link) -> tuple[str, JsonObject]:
        page_language, url = resource.link_in(self._language)
        # A page that is not in the edition's language has its original title here. The reference then has
        # that title's language, so that it is the same, byte for byte, in every document that lists the page.
        language = page_language if page_language == self._language else resource.title.language
        organizations = [self._edition.term("organizations", key) for key in resource.organizations]
        self._organizations |= {term.id: term for term in organizations}
        original = resource.links.get(SOURCE, url)
        entry = self._document_reference(
            f"{resource.id}/{language}",
            language,
            "external-resource",
            resource.title,
            {
                **_media_type(resource.kind, url),
                "language": page_language,
                "url": url,
                **texts(language, title=resource.title),
            },
            identifiers=_identifiers(resource.identifiers, page_language),
            authors=[reference(term, language) for term in organizations],
            original=original if original != url else "",
        )
        names = ", ".join(self._narrator.words(term.label) for term in organizations)
        line = write_link(url, self._narrator.words(resource.title)) + self._in_english(page_language)
        return f"{line} ({names})" if names else line, entry

    def _related(self, related: str | RelatedTopic) -> tuple[str, JsonObject | None] | None:
        if isinstance(related, RelatedTopic):
            language, url = related.link_in(self._language)
            return write_link(url, self._narrator.words(related.title)) + self._in_english(language), None
        card = self._edition.topics.get(related)
        if card is None:  # not published, or no longer
            return None
        line = write_link(card.page, self._narrator.words(Text(card.title, card.language)))
        return line + self._in_english(card.language), {
            "type": "Composition",
            "identifier": edition_identifier(self._edition.base_url, card),
            **texts(self._language, display=Text(card.title, card.language)),
        }

    def _other_language(self, other: LanguageLink) -> tuple[str, JsonObject]:
        vernacular = Text(other.vernacular_name, other.language or self._language)
        entry = self._document_reference(
            f"language/{other.url}/{self._language}",
            self._language,
            "external-resource",
            other.name,
            {
                **_media_type("page", other.url),
                **({"language": other.language} if other.language else {}),
                "url": other.url,
                **(
                    {"title": vernacular.value}
                    if vernacular.value
                    else texts(self._language, title=other.name)
                ),
            },
        )
        line = write_link(other.url, self._narrator.words(other.name))
        return f"{line} ({self._narrator.words(vernacular)})" if vernacular.value else line, entry

    def _source(self, source: Source) -> tuple[str, JsonObject]:
        title = Text(source.title, source.language)
        entry = self._document_reference(
            f"source/{source.id}/{source.language}",
            source.language,
            "source",
            title,
            attachment(source),
            authors=[{"display": source.publisher}] if source.publisher else [],
        )
        details = ", ".join(filter(None, (source.publisher, source.published)))
        line = write_link(source.url, self._narrator.words(title)) + self._in_english(source.language)
        if details:
            line += f" ({self._narrator.words(Text(details, source.language))})"
        return line + (self._narrator.element("p", source.note) if source.note else ""), entry

    def _link(self, href: str, content: str, around: LanguageTag) -> str:
        """Return a link in a text of that language; readers of the edition are warned of an English page."""
        url = self._edition.resolve(href)
        note = self._in_english(self._edition.language_of(href)) if url and around == self._language else ""
        # The class tells programs that the words are not part of the text.
        return write_link(url, content) + (f'<span class="language">{note}</span>' if note else "")

    def _in_english(self, language: LanguageTag) -> str:
        """Return the words that warn readers of another language; English is the only fallback."""
        if language != SOURCE or self._language == SOURCE:
            return ""
        return f" ({self._narrator.words(self._edition.term('parts', 'in-english').label)})"

    # Resources other than the Composition

    def _document_reference(
        self,
        name: str,
        language: LanguageTag,
        category: str,
        title: Text,
        file: JsonObject,
        *,
        identifiers: Sequence[JsonObject] = (),
        authors: Sequence[JsonObject] = (),
        original: str = "",
    ) -> JsonObject:
        """Store the DocumentReference of a page elsewhere, and return the reference to it.

        `name` is unique within the topic; `original` is the URL of the page that it translates.
        """
        identity = f"link-{jsontext.digest(f'{self._topic.id}/{name}'.encode())[:20]}"
        narrator = Narrator(language)
        url = file.get("url", "")
        resource: JsonObject = {
            "resourceType": "DocumentReference",
            "id": identity,
            "language": language,
            "text": narrator.narrative(f"<p>{write_link(url, narrator.words(title))}</p>"),
        }
        if url:
            resource["identifier"] = [{"system": URI, "value": url}, *identifiers]
        resource["status"] = "current"
        resource["type"] = {"coding": [EDUCATION_NOTE]}
        kind = coding(self._edition.base_url, "content-types", category)
        resource["category"] = [{"coding": [kind]}]
        if authors:
            resource["author"] = list(authors)
        if original:
            target = {"type": "DocumentReference", "identifier": {"system": URI, "value": original}}
            resource["relatesTo"] = [self._dialect.to_translation(target)]
        resource |= texts(language, description=title)
        resource["content"] = [{"attachment": file}]
        self.links[identity] = resource
        return {"reference": f"DocumentReference/{identity}", **texts(self._language, display=title)}


def attachment(source: Source) -> JsonObject:
    """Return the Attachment of a source; only its title if the address is not known."""
    members: JsonObject = {**_media_type("page", source.url), "language": source.language}
    if source.url:
        members["url"] = source.url
    members["title"] = source.title
    if source.published:
        members["creation"] = source.published
    return members


def _media_type(kind: str, url: str) -> JsonObject:
    # Few addresses are worth the time to parse them.
    if ".pdf" in url.lower() and urlsplit(url).path.lower().endswith(".pdf"):
        return {"contentType": "application/pdf"}
    return {"contentType": "text/html"} if url and kind in _WEB_PAGES else {}


def _identifiers(identifiers: Iterable[Identifier], language: LanguageTag) -> list[JsonObject]:
    return [
        {"system": _IDENTIFIER_SYSTEMS[each.system], "value": each.value}
        for each in identifiers
        if each.language in (None, language)
    ]


def edition_of(topic: LocalizedTopic, edition: Edition, language: LanguageTag) -> JsonObject:
    """Return the Identifier of the same topic in another language."""
    return topic_identifier(edition.base_url, f"{topic.id}/{language}")
