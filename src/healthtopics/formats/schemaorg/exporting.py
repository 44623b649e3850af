"""Exports an edition as schema.org JSON-LD: one tree, its root a `MedicalWebPage`. Checks nothing.

Addresses never change: sections and callouts are `{page}#{id}`, link groups `{page}#links_{category}`. The
underscore, which keys never have, separates a group from any section that the topic has or may get.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from healthtopics import markup
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import (
    HELD,
    Attribution,
    Block,
    Callout,
    Coding,
    Correction,
    Edition,
    Identifier,
    List,
    LocalizedTerm,
    LocalizedTopic,
    RelatedTopic,
    Resource,
    Section,
    Source,
    Subheading,
    Text,
    TopicLink,
)

Node = dict[str, Any]

_SCHEMA: Final = "https://schema.org"

_RESOURCE_TYPES: Final[Mapping[str, str]] = {
    "page": "WebPage",
    "article": "ScholarlyArticle",
    "search": "SearchResultsPage",
    "video": "WebPage",
    "image": "ImageObject",
    "audio": "AudioObject",
    "tool": "WebApplication",
}


def to_web_page(topic: LocalizedTopic, edition: Edition) -> Node:
    """Return the document of one edition; equal arguments give equal documents, keys in a fixed order.

    Texts are plain strings. Only a text that is not translated yet, in a node that cannot have `inLanguage`
    for
    it alone, is `{"@value": …, "@language": …}`.
    """
    card = edition.card
    updated = card.updated[:10]
    review = edition.review_in(topic.dates)
    licence = _term(edition, "licences", topic.licence)
    subject = f"{edition.base_url}/topics/{topic.id}#subject"
    members: Node = {
        "@context": _SCHEMA,
        "@type": "MedicalWebPage",
        "@id": card.page,
        "url": card.page,
        "identifier": _topic_identifiers(topic, edition.base_url),
        "name": _words(topic.title),
        "headline": _words(topic.title),
        "inLanguage": topic.language,
        "datePublished": topic.dates.created_in.get(topic.language, topic.dates.created),
        "dateModified": updated,
        "lastReviewed": review.date if review else None,
        "reviewedBy": _reviewer(review.by, edition) if review else None,
        "correction": [_correction(each) for each in topic.dates.corrections],
        # `abstract` would mean the same, but is pending in schema.org; `description` is core.
        "description": _words(topic.description) if topic.description else None,
        "about": _subject(topic, edition, subject),
        "keywords": [_label(edition.term("groups", group), topic.language) for group in topic.groups],
        "isPartOf": _web_site(edition, topic.language),
        "publisher": _organization(edition.publisher, edition),
        "audience": {"@type": "MedicalAudience", "audienceType": "Patient"},
        "isAccessibleForFree": True,
        "license": _terms_of_use(licence),
        "usageInfo": _terms_of_use(_term(edition, "notices", topic.disclaimer)),
        "publishingPrinciples": _terms_of_use(_term(edition, "notices", topic.quality_criteria)),
        "creditText": [_words(text) for text in _attributions(topic.sections)],
        "relatedLink": [page["url"] for page in _related_pages(topic, edition)],
        "significantLink": _in_text_links(topic, edition),
        "mentions": [
            *_related_pages(topic, edition),
            *_foreign_pages(topic, edition),
            *_primary_institute(topic, edition, subject),
        ],
        "hasPart": _parts(topic, edition, subject),
        "isBasedOn": [_source(source) for source in topic.sources if source.url != card.page],
        "sdPublisher": _organization(edition.data_publisher, edition),
        "sdLicense": licence.url if licence else "",
        **_translations(edition),
    }
    return _drop_empty(members)


def _drop_empty(members: Node) -> Node:
    return {name: value for name, value in members.items() if value or value == 0}


def _tagged(text: Text) -> Node:
    return {"@value": text.value, "@language": text.language}


def _words(text: Text) -> str | Node:
    return _tagged(text) if text.state in HELD else text.value


def _title(title: Text, language: LanguageTag) -> str | Node:
    """Return the title of a page, marked if it is in another language: in English, or not translated yet."""
    return _tagged(title) if title.language != language else title.value


def _label(term: LocalizedTerm, language: LanguageTag) -> str | Node:
    """Return the label for a document in that language, marked if it is in another one."""
    return _tagged(term.label) if term.label.language != language else term.label.value


def _plain(text: Text) -> Text:
    return Text(markup.parse(text.value).plain(), text.language, text.state)


def _in_language(texts: Iterable[Text]) -> str | list[str]:
    """Return the language of all the texts, or all their languages in order of appearance."""
    languages: list[str] = list(dict.fromkeys(text.language for text in texts))
    return languages[0] if len(languages) == 1 else languages


def _term(edition: Edition, vocabulary: str, key: str) -> LocalizedTerm | None:
    return edition.term(vocabulary, key) if key else None


def _terms_of_use(term: LocalizedTerm | None) -> str | Node:
    """Return the address of a licence or notice; if it has none, its node."""
    if term is None or term.url:
        return term.url if term else ""
    return _drop_empty(
        {
            "@type": "CreativeWork",
            "name": term.label.value,
            "text": term.text.value if term.text else "",
            "inLanguage": _in_language(text for text in (term.label, term.text) if text),
        }
    )


def _property_value(system: str, value: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": system, "value": value}


def _topic_identifiers(topic: LocalizedTopic, base_url: str) -> list[Node]:
    """Identify the topic by the URLs of FHIR's `Identifier.system`, so that the two exports can be joined."""
    own = Identifier("health-topic", topic.id)
    return [
        _property_value(f"{base_url}/fhir/NamingSystem/{identifier.system}", identifier.value)
        for identifier in (own, *topic.identifiers)
        if identifier.language in (None, topic.language)
    ]


def _subject(topic: LocalizedTopic, edition: Edition, subject: str) -> Node:
    names = {text.value: text for text in topic.also_called}
    names.pop(topic.title.value, None)
    return _drop_empty(
        {
            "@type": edition.term("kinds", topic.kind).facts["schemaType"],
            "@id": subject,
            # The node is one in all languages, so that each of its names needs its language.
            "name": _tagged(topic.title),
            "alternateName": [_tagged(text) for text in names.values()],
            "code": [
                node
                for code in topic.codes
                for node in _medical_codes(code, edition.term("code-systems", code.system))
            ],
        }
    )


def _medical_codes(code: Coding, system: LocalizedTerm) -> Iterator[Node]:
    """Yield a code, then each pair with a qualifier, which has its own code in MeSH: D001249Q000188."""
    yield _medical_code(code.code, code.display, system)
    for each in code.qualifiers:
        yield _medical_code(code.code + each.code, f"{code.display}/{each.display}", system)


def _medical_code(code: str, display: str, system: LocalizedTerm) -> Node:
    return _drop_empty(
        {
            "@type": "MedicalCode",
            "@id": system.facts.get("iri", "").replace("{code}", code),
            "codeValue": code,
            "codingSystem": system.facts["codingSystem"],
            "name": display,
        }
    )


def _web_site(edition: Edition, language: LanguageTag) -> Node:
    site = f"{edition.base_url}/{language}"
    name = _label(edition.term("parts", "home"), language)
    return {"@type": "WebSite", "@id": f"{site}#website", "url": site, "name": name, "inLanguage": language}


def _organization(term: LocalizedTerm, edition: Edition) -> Node:
    home = term.home or f"{edition.base_url}/organizations/{term.id}"
    return _drop_empty(
        {
            "@type": term.facts.get("type", "Organization"),
            "@id": f"{home}#organization",
            "name": _name(term, edition.card.language),
            "url": term.url,
        }
    )


def _name(term: LocalizedTerm, language: LanguageTag) -> str | Node:
    """Return the name of an organization, whose node is one in all languages."""
    if len(term.labels) > 1:
        return _tagged(term.label)
    # An only name in English needs no mark: organizations keep theirs by rule.
    return _words(term.label) if term.label.language == SOURCE else _label(term, language)


def _reviewer(name: str, edition: Edition) -> Node:
    organization = edition.organization_named(name)
    return _organization(organization, edition) if organization else {"@type": "Person", "name": name}


def _correction(correction: Correction) -> Node:
    return {
        "@type": "CorrectionComment",
        "datePublished": correction.date,
        "text": correction.what.value,
        "inLanguage": correction.what.language,
    }


def _primary_institute(topic: LocalizedTopic, edition: Edition, subject: str) -> Iterator[Node]:
    institute = _term(edition, "organizations", topic.primary_institute)
    if institute is None:
        return
    node = {**_organization(institute, edition), "knowsAbout": {"@id": subject}}
    parent = edition.terms["organizations"].get(institute.facts.get("parent", ""))
    if parent:
        node["parentOrganization"] = _organization(parent, edition)
    yield node


def _web_page(page: TopicLink) -> Node:
    return _medical_web_page(page.page, page.title, page.language)


def _medical_web_page(url: str, name: str | Node, language: LanguageTag) -> Node:
    return {"@type": "MedicalWebPage", "@id": url, "url": url, "name": name, "inLanguage": language}


def _translations(edition: Edition) -> Node:
    if edition.card.language == SOURCE:
        others = [card for language, card in edition.editions.items() if language != SOURCE]
        return {"workTranslation": [_web_page(card) for card in others]}
    original = edition.editions.get(SOURCE)
    return {"translationOfWork": _web_page(original)} if original else {}


def _related_pages(topic: LocalizedTopic, edition: Edition) -> Iterator[Node]:
    for related in topic.related_topics:
        if isinstance(related, RelatedTopic):
            language, url = related.link_in(topic.language)
            yield _medical_web_page(url, _title(related.title, language), language)
        elif related in edition.topics:
            yield _web_page(edition.topics[related])


def _texts(block: Block) -> Iterator[Text]:
    """Yield the texts of a block in reading order, still marked up, without headings, which are plain."""
    if isinstance(block, Subheading):
        return
    if isinstance(block, Callout):
        yield from (text for each in block.body for text in _texts(each))
        return
    if not isinstance(block, List):
        yield block.text
        return
    for item in block.items:
        yield item.text
        if item.below:
            yield from _texts(item.below)


def _lines(block: Block) -> Iterator[Text]:
    """Yield what a reader sees of a block: one line per heading, paragraph and item, without markup."""
    if isinstance(block, Subheading):
        yield block.text
    yield from map(_plain, _texts(block))


def _attributions(sections: Iterable[Section]) -> list[Text]:
    blocks = (block for section in sections for block in section.body)
    return list(dict.fromkeys(_plain(block.text) for block in blocks if isinstance(block, Attribution)))


def _hrefs(topic: LocalizedTopic) -> Iterator[str]:
    """Yield where the links in the text lead, in the inline markup's form."""
    texts = (text for section in topic.sections for block in section.body for text in _texts(block))
    return (href for text in texts for href in markup.parse(text.value).hrefs())


def _in_text_links(topic: LocalizedTopic, edition: Edition) -> list[str]:
    links = [*map(edition.resolve, _hrefs(topic)), *(other.url for other in topic.other_languages)]
    return [link for link in dict.fromkeys(links) if link]


def _foreign_pages(topic: LocalizedTopic, edition: Edition) -> Iterator[Node]:
    """Yield the pages in another language that the text links to, except those of related topics."""
    seen = {page["@id"] for page in _related_pages(topic, edition)}
    for href in _hrefs(topic):
        url, language = edition.resolve(href), edition.language_of(href)
        if url and url not in seen and language != topic.language:
            seen.add(url)
            card = edition.topics.get(href.removeprefix("topic:"))
            page = {"@type": "WebPage", "@id": url, "url": url, "inLanguage": language}
            yield _web_page(card) if card else page


def _parts(topic: LocalizedTopic, edition: Edition, subject: str) -> list[Node]:
    parts = [*_sections(topic, edition, subject), *_link_groups(topic, edition)]
    for position, part in enumerate(parts, start=1):
        part["position"] = position
    return parts


def _sections(topic: LocalizedTopic, edition: Edition, subject: str) -> Iterator[Node]:
    """Yield the sections, each followed by its callouts; `_parts` sets their positions."""
    for section in topic.sections:
        address = f"{edition.card.page}#{section.id}"
        aspect = edition.term("aspects", section.aspect)
        heading = section.heading or aspect.label
        health_aspect = aspect.facts.get("healthAspect")
        blocks = [block for block in section.body if not isinstance(block, (Attribution, Callout))]
        texts = [line for block in blocks for line in _lines(block)]
        yield _drop_empty(
            {
                "@type": "HealthTopicContent",
                "@id": address,
                "url": address,
                "position": 0,
                "headline": heading.value,
                "inLanguage": _in_language([heading, *texts]),
                "about": {"@id": subject},
                "text": "\n".join(text.value for text in texts),
                # A section of callouts alone has no text that its aspect could be about.
                "hasHealthAspect": f"{_SCHEMA}/{health_aspect}HealthAspect"
                if health_aspect and texts
                else None,
            }
        )

        for key, callout in section.callouts.items():
            yield _callout(callout, f"{edition.card.page}#{key}", address, edition, subject)


def _callout(callout: Callout, address: str, section: str, edition: Edition, subject: str) -> Node:
    texts = [line for block in callout.body for line in _lines(block)]
    urgency = edition.term("urgencies", callout.urgency)
    return {
        "@type": "HealthTopicContent",
        "@id": address,
        "url": address,
        "position": 0,
        "headline": callout.heading.value,
        "inLanguage": _in_language([callout.heading, *texts]),
        "about": {"@id": subject},
        "isPartOf": {"@type": "HealthTopicContent", "@id": section},
        "keywords": {
            "@type": "DefinedTerm",
            "termCode": callout.urgency,
            "name": _label(urgency, edition.card.language),
        },
        "text": "\n".join(text.value for text in texts),
        "hasHealthAspect": f"{_SCHEMA}/SeeDoctorHealthAspect",
    }


def _link_groups(topic: LocalizedTopic, edition: Edition) -> Iterator[Node]:
    groups = {
        key: [resource for resource in topic.resources if key in resource.categories_in(topic.language)]
        for key in edition.terms.get("categories", ())
    }
    filled = {key: resources for key, resources in groups.items() if resources}
    for key, resources in filled.items():
        address = f"{edition.card.page}#links_{key}"
        category = edition.term("categories", key)
        yield {
            "@type": "WebPageElement",
            "@id": address,
            "url": address,
            "position": 0,
            "name": category.label.value,
            "inLanguage": category.label.language,
            "mainEntity": {
                "@type": "ItemList",
                "@id": f"{address}_list",
                "name": _label(category, topic.language),
                "numberOfItems": len(resources),
                "itemListOrder": f"{_SCHEMA}/ItemListOrderAscending",
                "itemListElement": [
                    {"@type": "ListItem", "position": place, "item": _resource(resource, topic, edition)}
                    for place, resource in enumerate(resources, start=1)
                ],
            },
        }


def _resource(resource: Resource, topic: LocalizedTopic, edition: Edition) -> Node:
    language, url = resource.link_in(topic.language)
    page_type = _RESOURCE_TYPES[resource.kind]
    publishers = [
        _organization(edition.term("organizations", key), edition) for key in resource.organizations
    ]
    # The edition has the title only in its own language: a twin has no name.
    twins = {
        other: {"@type": page_type, "@id": twin, "url": twin, "inLanguage": other}
        for other, twin in resource.links.items()
        if twin != url
    }
    return _drop_empty(
        {
            "@type": page_type,
            "@id": url,
            "url": url,
            "name": _title(resource.title, language),
            "inLanguage": language,
            "identifier": [_property_value(each.system, each.value) for each in resource.identifiers],
            "publisher": publishers[0] if len(publishers) == 1 else publishers,
            "workTranslation": list(twins.values()) if language == SOURCE else [],
            "translationOfWork": twins.get(SOURCE),
        }
    )


def _source(source: Source) -> Node:
    note = source.note
    return _drop_empty(
        {
            "@type": "WebPage" if source.url else "CreativeWork",
            "@id": source.url,
            "url": source.url,
            "name": source.title,
            "inLanguage": source.language,
            "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else None,
            "datePublished": source.published,
            # A `description` would share the source's inLanguage; the note is in the edition's language.
            "comment": {"@type": "Comment", "text": note.value, "inLanguage": note.language}
            if note
            else None,
        }
    )
