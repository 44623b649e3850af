"""Reads what a schema.org document says apart from the text of its sections."""

from collections.abc import Iterator
from functools import lru_cache

from healthtopics.formats.account import Fact
from healthtopics.formats.schemaorg.values import codes_of, nodes_in, strings_in, value_of
from healthtopics.jsontext import Document, dump_line, load


def read_facts(page: Document) -> tuple[Fact, ...]:
    """Return what a MedicalWebPage says."""
    return _recall(dump_line(page))


@lru_cache(maxsize=16)
def _recall(data: bytes) -> tuple[Fact, ...]:
    """Return what a document says; pages embed one that has been read just before."""
    return tuple(_read(load(data)))


def _read(page: Document) -> Iterator[Fact]:
    about = value_of(page.get("about"))
    for name in ("name", "headline"):
        yield Fact("the title", _strings(page.get(name)), name)
    yield Fact("the title", _strings(about.get("name")), "about.name")
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
    yield Fact("the sources, for programs", tuple(map(_page, sources)), "isBasedOn")
    comments = [value_of(each.get("comment")) for each in sources]
    notes = tuple(f"{each.get('text', '')} {each.get('inLanguage', '')}".strip() for each in comments)
    yield Fact("the notes on the sources", notes, "isBasedOn.comment")
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
    languages: dict[str, str] = {}
    for part in parts:
        address = str(part.get("@id", ""))
        key = address.rpartition("#")[2]
        if part.get("@type") != "WebPageElement":
            languages[key] = " ".join(sorted(strings_in(part.get("inLanguage", ""))))
            yield from _read_text(part, key, address)
            continue
        listed = value_of(part.get("mainEntity"))
        category = key.rpartition("_")[2]
        for name, value in (("name", part.get("name")), ("mainEntity.name", listed.get("name"))):
            yield Fact(f"the heading of {category!r}", _strings(value), name)
        pages = [value_of(each.get("item")) for each in nodes_in(listed.get("itemListElement"))]
        what = f"the links under {category!r}"
        yield Fact(f"{what}, for programs", tuple(map(_page, pages)), address)
        identifiers = tuple(
            " ".join(
                (
                    str(each.get("url")),
                    *(str(one.get("value")) for one in nodes_in(each.get("identifier"))),
                )
            )
            for each in pages
        )
        yield Fact(f"the identifiers of {what}", identifiers, address)
        twins = tuple(
            " ".join(
                f"{name}: {node.get('url')} {node.get('inLanguage')}"
                for name in ("workTranslation", "translationOfWork")
                for node in nodes_in(each.get(name))
            )
            for each in pages
        )
        yield Fact(f"the translations of {what}", twins, address)
    yield Fact(
        "the languages of the sections", tuple(f"{key}: {each}" for key, each in languages.items()), "hasPart"
    )


def _read_text(part: Document, key: str, address: str) -> Iterator[Fact]:
    text = str(part.get("headline", "")), *str(part.get("text", "")).split("\n")
    yield Fact(f"the text of {key!r}", tuple(" ".join(line.split()) for line in text), address)
    urgency = value_of(part.get("keywords"))
    yield Fact(
        f"the urgency of {key!r}",
        (f"{urgency.get('termCode', '')} {_name(urgency)}".strip(),),
        address,
    )
    yield Fact(f"the aspect of {key!r}", _strings(part.get("hasHealthAspect")), address)


def _page(node: Document) -> str:
    publishers = ", ".join(map(_name, nodes_in(node.get("publisher"))))
    members = (_name(node), node.get("url", ""), node.get("inLanguage", ""), publishers)
    return " | ".join(map(str, (*members, node.get("datePublished", ""))))


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
