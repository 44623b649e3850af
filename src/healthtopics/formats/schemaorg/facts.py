"""Reads what a schema.org document says apart from the text of its sections."""

from collections.abc import Iterator

from healthtopics.formats.account import Fact
from healthtopics.formats.schemaorg.values import codes_of, nodes_in, strings_in, value_of
from healthtopics.jsontext import Document


def read_facts(page: Document) -> Iterator[Fact]:
    """Yield what a MedicalWebPage says."""
    about = value_of(page.get("about"))
    for name in ("name", "headline"):
        yield Fact("the title", _strings(page.get(name)), name)
    yield Fact("the title", _strings(about.get("name")), "about.name")
    tag = str(value_of(about.get("name")).get("@language", ""))
    yield Fact("the language of the subject's name", (tag,), "about.name")
    yield Fact("the address of the page", _strings(page.get("@id")), "@id")
    title = *_strings(page.get("name")), *_strings(page.get("description"))
    yield Fact("the title and the description", title, "name and description")
    yield Fact("all names", _strings(about.get("alternateName")), "about.alternateName")
    yield Fact("the kind", _strings(about.get("@type")), "about.@type")
    yield Fact("the groups", _strings(page.get("keywords")), "keywords")
    codes, pairs = codes_of(about)
    yield Fact(
        "the codes with their displays",
        tuple(f"{code.get('codingSystem')} {code.get('codeValue')} {code.get('name')}" for code in codes),
        "about.code",
    )
    yield Fact("the addresses of the codes", tuple(str(code.get("@id", "")) for code in codes), "about.code")
    headings = tuple(
        f"{code.get('codingSystem')} {code.get('codeValue')} {code.get('name')} {code.get('@id')}"
        for code in pairs
    )
    yield Fact("the pairs of codes and qualifiers", headings, "about.code")
    yield from _read_terms(page)
    yield from _read_relations(page)
    yield from _read_parts(page)


def _read_terms(page: Document) -> Iterator[Fact]:
    yield Fact("the date of the edition", _strings(page.get("dateModified")), "dateModified")
    yield Fact("the date of the first edition", _strings(page.get("datePublished")), "datePublished")
    reviewers = (_name(each) for each in nodes_in(page.get("reviewedBy")))
    reviews = zip(reviewers, _strings(page.get("lastReviewed")), strict=False)
    yield Fact("the reviews", tuple(map(" ".join, reviews)), "reviewedBy and lastReviewed")
    corrections = (
        f"{each.get('datePublished')} {each.get('text')} {each.get('inLanguage')}"
        for each in nodes_in(page.get("correction"))
    )
    yield Fact("the corrections", tuple(corrections), "correction")
    identifiers = nodes_in(page.get("identifier"))
    yield Fact(
        "the identifiers",
        tuple(f"{each.get('propertyID')} {each.get('value')}" for each in identifiers),
        "identifier",
    )
    for name, what in (
        ("publisher", "the publisher's name and address"),
        ("sdPublisher", "the publisher of the data"),
    ):
        yield Fact(what, tuple(map(_organization, nodes_in(page.get(name)))), name)
    for name, what in (
        ("license", "the licence"),
        ("usageInfo", "the disclaimer"),
        ("publishingPrinciples", "the quality criteria"),
        ("sdLicense", "the licence of the data"),
    ):
        yield Fact(what, tuple(_terms_of_use(page[name])) if name in page else (), name)
    site = value_of(page.get("isPartOf"))
    yield Fact("the site", (f"{site.get('url')} {site.get('inLanguage')} {_name(site)}",), "isPartOf")


def _read_relations(page: Document) -> Iterator[Fact]:
    mentioned = nodes_in(page.get("mentions"))
    addresses = _strings(page.get("relatedLink"))
    related = [each for each in mentioned if each.get("url") in addresses]
    yield Fact("the related topics, for programs", tuple(map(_page, related)), "mentions")
    others = [each for each in mentioned if each not in related and "knowsAbout" not in each]
    pages = tuple(f"{each.get('url')} {each.get('inLanguage')}" for each in others)
    yield Fact("the pages in another language that the text links to", pages, "mentions")
    institutes = [each for each in mentioned if "knowsAbout" in each]
    yield Fact("the institute's name and address", tuple(map(_organization, institutes)), "mentions")
    parents = [node for each in institutes for node in nodes_in(each.get("parentOrganization"))]
    yield Fact("what the institute is part of", tuple(map(_organization, parents)), "mentions")
    yield Fact("the addresses of the related topics", addresses, "relatedLink")
    yield Fact("the addresses in the text", _strings(page.get("significantLink")), "significantLink")
    sources = nodes_in(page.get("isBasedOn"))
    comments = [value_of(each.get("comment")) for each in sources]
    notes = [f"{each.get('text', '')} {each.get('inLanguage', '')}".strip() for each in comments]
    records = tuple((*_page(each), note) for each, note in zip(sources, notes, strict=True))
    yield Fact("the sources, for programs", records, "isBasedOn")
    for name in ("workTranslation", "translationOfWork"):
        editions = tuple(map(_page, nodes_in(page.get(name))))
        yield Fact(f"the other editions ({name})", editions, name)


def _read_parts(page: Document) -> Iterator[Fact]:
    parts = nodes_in(page.get("hasPart"))
    places = tuple(str(part.get("position")) for part in parts)
    yield Fact("the positions of the parts", places, "hasPart.position")
    groups = [str(part.get("@id", "")) for part in parts if part.get("@type") == "WebPageElement"]
    categories = tuple(address.rpartition("_")[2] for address in groups)
    yield Fact("the categories of links in their order", categories, "hasPart")
    own = f"{page.get('@id')}#"
    texts: list[tuple[str, ...]] = []
    for part in parts:
        key = _address(part).removeprefix(own)
        if part.get("@type") == "WebPageElement":
            yield from _read_group(part, key.rpartition("_")[2])
        else:
            texts.append(_read_text(part, key))
    yield Fact("the parts of the text, for programs", tuple(texts), "hasPart")


def _read_group(part: Document, category: str) -> Iterator[Fact]:
    listed = value_of(part.get("mainEntity"))
    for name, value in (("name", part.get("name")), ("mainEntity.name", listed.get("name"))):
        yield Fact(f"the heading of {category!r}", _strings(value), name)
    pages = [value_of(each.get("item")) for each in nodes_in(listed.get("itemListElement"))]
    records = tuple((*_page(each), _identifiers(each), _twins(each)) for each in pages)
    yield Fact(f"the links under {category!r}, for programs", records, "itemListElement")


def _identifiers(page: Document) -> str:
    return " ".join(
        [str(page.get("url")), *(str(one.get("value")) for one in nodes_in(page.get("identifier")))]
    )


def _twins(page: Document) -> str:
    return " ".join(
        f"{name}: {node.get('url')} {node.get('inLanguage')}"
        for name in ("workTranslation", "translationOfWork")
        if name in page
        for node in nodes_in(page[name])
    )


def _read_text(part: Document, key: str) -> tuple[str, ...]:
    urgency = value_of(part.get("keywords"))
    return (
        key,
        " ".join(sorted(strings_in(part.get("inLanguage", "")))),
        str(urgency.get("termCode", "")),
        _name(urgency),
        " ".join(_strings(part.get("hasHealthAspect"))),
        str(value_of(part.get("about")).get("@id", "")),
    )


def _page(node: Document) -> tuple[object, ...]:
    publishers = ", ".join([_publisher(each) for each in nodes_in(node.get("publisher"))])
    language, date = node.get("inLanguage", ""), node.get("datePublished", "")
    return _tagged(node.get("name", "")), _address(node), language, publishers, date


def _address(node: Document) -> str:
    """Return the address of a node, with its id if that is another one."""
    url = str(node.get("url", ""))
    id_ = node.get("@id", url)
    return url if id_ == url else f"{url} {id_}"


def _publisher(node: Document) -> str:
    return f"{node.get('@type')} {_tagged(node.get('name', ''))}"


def _tagged(name: object) -> str:
    """Return a name with the language that it is marked with."""
    if isinstance(name, dict):
        return f"{name.get('@value')}@{name.get('@language')}"
    return " ".join(strings_in(name))


def _organization(node: Document) -> str:
    return f"{_name(node)} {node.get('url', '')}".rstrip()


def _name(node: Document) -> str:
    return " ".join(strings_in(node.get("name", "")))


def _terms_of_use(value: object) -> Iterator[str]:
    """Yield the address of a licence or notice; if it has none, its words."""
    if isinstance(value, str):
        yield value
    for node in nodes_in(value):
        yield f"{_name(node)} {node.get('text', '')}".rstrip()


def _strings(value: object) -> tuple[str, ...]:
    return tuple(strings_in(value)) if value is not None else ()
