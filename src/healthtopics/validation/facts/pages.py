"""What an edition says of pages elsewhere, and of related topics."""

from collections.abc import Iterator
from typing import Final

from healthtopics.formats.account import Fact, PageAccount
from healthtopics.formats.xhtml import LinkLine, bare
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import HELD, LocalizedTerm, Resource, Source
from healthtopics.validation.facts.subject import Subject, even, languages_of_pages, name_in, with_address


def read_pages(of: Subject) -> Iterator[Fact]:
    """Yield what an edition says of pages elsewhere: links, related topics, institute, languages, sources."""
    yield Fact("the categories of links in their order", tuple(of.groups))
    said: dict[str, tuple[object, ...]] = {}
    for key, resources in of.groups.items():
        yield Fact(f"the heading of {key!r}", (of.label("categories", key),))
        for link in resources:
            if link.id not in said:  # many are in several categories
                said[link.id] = _link(of, link)
        what = f"the links under {key!r}"
        ways = (
            f"the titles of {what}",
            f"{what}, as resources",
            f"{what}, as readers see them",
            f"{what}, for programs",
            f"{what}, on the page",
        )
        yield from map(Fact, ways, zip(*(said[link.id] for link in resources), strict=True))
    yield from _related(of)
    yield from _institute(of)
    yield from _other_languages(of)
    yield from _sources(of)


def _link(of: Subject, link: Resource) -> tuple[object, ...]:
    """Return what is said of a page, in each of the ways of `read_pages`."""
    tag, url = link.link_in(of.language)
    title = even(link.title.value)
    publishers = [of.edition.term("organizations", key) for key in link.organizations]
    names = [even(term.label.value) for term in publishers]
    # A record of a page in another language is the same in all editions.
    own = tag if tag == of.language else link.title.language
    original = link.links.get(SOURCE, url)
    relation = "workTranslation" if tag == SOURCE else "translationOfWork"
    twins = [
        f"{relation}: {twin} {other}"
        for other, twin in link.links.items()
        if twin != url and SOURCE in (tag, other)
    ]
    by = ", ".join(names)
    speakers = [term.label.language for term in publishers]
    spoken = of.spoken(link.title.language, *speakers)
    noted = of.spoken(link.title.language, of.note_language(tag), *speakers)
    named = [f"({name})"] if (name := of.named(tag)) else []
    return (
        of.marked(title, link.title.language),
        PageAccount(
            "external-resource",
            _media_type(link.kind, url),
            title,
            title,
            url,
            tag,
            ", ".join([name_in(term, own) for term in publishers]),
            "",
            _identifiers(link, url, None),
            original if original != url else "",
            own,
            f"{title} | {url}",
        ),
        LinkLine(url, title, bare(f"{of.note(tag)} {by}"), spoken=noted),
        (
            *(_tagged(title, link.title.language, tag), url, tag),
            *(", ".join([_publisher(of, each) for each in publishers]), ""),
            *(_identifiers(link, url, tag), " ".join(twins)),
        ),
        (title, url, " ".join([title, *named, *names]), tag, spoken),
    )


def _tagged(title: str, own: LanguageTag, language: LanguageTag) -> str:
    """Return the title of a page in a language as programs read it: marked if it is in another one."""
    return f"{title}@{own}" if own != language else title


def _publisher(of: Subject, term: LocalizedTerm) -> str:
    """Return an organization as programs read it: what it is, and its name in which language."""
    label = term.label
    # An only name needs no mark in its own edition, and in English never.
    is_marked = label.state in HELD if label.language == SOURCE else label.language != of.language
    mark = f"@{label.language}" if len(term.labels) > 1 or is_marked else ""
    return f"{term.facts.get('type', 'Organization')} {label.value}{mark}"


def _related(of: Subject) -> Iterator[Fact]:
    pages = [*filter(None, map(of.related_page, of.topic.related_topics))]
    seen = [
        LinkLine(url, title, bare(of.note(language)), spoken=of.spoken(own, of.note_language(language)))
        for title, url, language, own in pages
    ]
    yield Fact("the related topics, as readers see them", tuple(seen))
    records = [(_tagged(title, own, language), url, language, "", "") for title, url, language, own in pages]
    yield Fact("the related topics, for programs", tuple(records))
    seen = [
        LinkLine(url, title, of.named(language), language, of.spoken(own))
        for title, url, language, own in pages
    ]
    yield Fact("the related topics, on the page", tuple(seen))
    addresses = tuple(url for _, url, *_ in pages)
    yield Fact("the addresses of the related topics", addresses)
    topics = of.edition.topics
    cards = [topics[each] for each in of.topic.related_topics if isinstance(each, str) and each in topics]
    lines = [f"{card.topic}/{card.language} {card.title}" for card in cards]
    yield Fact("the related topics of the collection", tuple(lines))
    languages = languages_of_pages(of.edition)
    foreign = [
        f"{url} {languages[url]}"
        for url in of.in_text
        if url not in addresses and languages.get(url, of.language) != of.language
    ]
    yield Fact("the pages in another language that the text links to", tuple(foreign))


def _institute(of: Subject) -> Iterator[Fact]:
    key = of.topic.primary_institute
    terms = [of.edition.term("organizations", key)] if key else []
    yield Fact("the institute", tuple(of.reference(term, of.language) for term in terms))
    names = [(term.url, even(term.label.value), of.spoken(term.label.language)) for term in terms]
    lines = [
        LinkLine(url, name, "", spoken=spoken) if url else LinkLine("", "", bare(name))
        for url, name, spoken in names
    ]
    yield Fact("the institute's page, as readers see them", tuple(lines))
    yield Fact("the institute's name and address", tuple(map(with_address, terms)))
    organizations = of.edition.terms["organizations"]
    parents = [organizations.get(term.facts.get("parent", "")) for term in terms]
    yield Fact("what the institute is part of", tuple(with_address(each) for each in parents if each))


def _other_languages(of: Subject) -> Iterator[Fact]:
    what = "the other languages"
    pages = of.topic.other_languages
    for is_named in (False, True):  # pages name the language of each link
        lines = [
            LinkLine(
                page.url,
                even(page.name.value),
                bare(page.vernacular_name),
                (page.language or "") if is_named else "",
                of.spoken(page.name.language, page.language if page.vernacular_name else None),
            )
            for page in pages
        ]
        yield Fact(f"{what}, {'on the page' if is_named else 'as readers see them'}", tuple(lines))
    records = []
    for page in pages:
        name, url, own = even(page.name.value), page.url, of.language
        title = page.vernacular_name or page.name.value
        said = (name, title, url, page.language or "", "", "", url, "", own, f"{name} | {url}")
        records.append(PageAccount("external-resource", _media_type("page", url), *said))
    names = (of.marked(page.name.value, page.name.language) for page in pages)
    yield Fact(f"the titles of {what}", tuple(names))
    yield Fact(f"{what}, as resources", tuple(records))


def _sources(of: Subject) -> Iterator[Fact]:
    what, sources = "the sources", of.topic.sources
    yield Fact(f"{what}, as readers see them", tuple(_source_line(of, each) for each in sources))
    resources = []
    for each in sources:
        title, url, tag, by = each.title, each.url, each.language, each.publisher
        line = f"{even(title)} | {url}"
        said = title, title, url, tag, by, each.published, url, "", tag, line
        resources.append(PageAccount("source", _media_type("page", url), *said))
    yield Fact(f"the titles of {what}", tuple(of.marked(each.title, each.language) for each in sources))
    yield Fact(f"{what}, as resources", tuple(resources))
    lines = [
        f"{'. '.join(filter(None, (each.title, each.publisher, each.published)))} | {each.url}"
        f" | {each.language if each.url else ''} | {each.title if each.url else ''}"
        for each in sources
    ]
    yield Fact("the works that it is based on", tuple(lines))
    records = [
        (
            *(each.title, each.url, each.language),
            f"Organization {each.publisher}" if each.publisher else "",
            each.published,
            f"{each.note.value} {each.note.language}" if each.note else "",
        )
        for each in sources
        if each.url != of.edition.card.page  # a document is not based on itself
    ]
    yield Fact(f"{what}, for programs", tuple(records))
    seen = [
        (
            even(each.title),
            each.url,
            each.language if each.language != of.language else "",
            bare(f"{of.named(each.language)} {each.publisher}"),
            " | ".join(filter(None, (each.published, each.retrieved))),
            even(each.note.value) if each.note else "",
        )
        for each in sources
    ]
    yield Fact(f"{what}, on the page", tuple(seen))


def _source_line(of: Subject, source: Source) -> LinkLine:
    title = even(source.title)
    said = [of.note(source.language), source.publisher, source.published]
    said.append(source.note.value if source.note else "")
    beside = bare(" ".join(filter(None, said)))
    if not source.url:
        return LinkLine("", "", bare(f"{title} {beside}"))
    has_details = source.publisher or source.published
    spoken = of.spoken(
        source.language,
        of.note_language(source.language) if source.language else None,
        source.language if has_details else None,
        source.note.language if source.note else None,
    )
    return LinkLine(source.url, title, beside, spoken=spoken)


def _identifiers(link: Resource, url: str, language: LanguageTag | None) -> str:
    """Return the address and the identifiers of a page; if no language is given, those of twins, too."""
    if not link.identifiers:
        return url
    found = (each.value for each in link.identifiers if not language or each.language in (None, language))
    return " ".join((url, *found))


_WEB_PAGES: Final = frozenset({"page", "article", "search", "tool"})


def _media_type(kind: str, url: str) -> str:
    """Return the media type of a page; empty if nothing tells it, as for a video."""
    path = url.partition("#")[0].partition("?")[0]
    if path.lower().endswith(".pdf"):
        return "application/pdf"
    return "text/html" if url and kind in _WEB_PAGES else ""
