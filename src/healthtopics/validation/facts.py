"""What an edition should say apart from the text of its sections, made from the localized topic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from healthtopics.formats.account import Fact, PageAccount, Passage, SectionAccount
from healthtopics.formats.xhtml import LinkLine, bare
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import (
    HELD,
    Attribution,
    Callout,
    Edition,
    Interface,
    LocalizedTerm,
    LocalizedTopic,
    RelatedTopic,
    Resource,
    Section,
    Source,
    Text,
    texts_in,
)


def facts_of(
    topic: LocalizedTopic, edition: Edition, sections: Mapping[str, SectionAccount]
) -> Iterator[Fact]:
    """Yield every fact that some format states of an edition; where formats differ, in each of their ways."""
    return _Facts(topic, edition, sections).read()


class _Facts:
    def __init__(
        self, topic: LocalizedTopic, edition: Edition, sections: Mapping[str, SectionAccount]
    ) -> None:
        self._topic = topic
        self._edition = edition
        self._sections = sections
        self._language = topic.language
        self._groups = by_category(topic, edition)
        self._pages: dict[str, tuple[object, ...]] = {}
        """What is said of the page of each resource."""
        self._in_text = self._links_in_text()
        self._updated = edition.card.updated[:10]
        self._created = topic.dates.created_in.get(topic.language, topic.dates.created)
        self._review = edition.review_in(topic.dates)
        self._english = "" if topic.language == SOURCE else self._label("parts", "in-english")

    def read(self) -> Iterator[Fact]:
        topic, edition = self._topic, self._edition
        title = topic.title.value
        description = [topic.description.value] if topic.description else []
        identity = f"{topic.id}-{topic.language}"
        names = dict.fromkeys(each.value for each in topic.also_called)
        names.pop(title, None)
        for what, values in (
            ("the title", [title]),
            ("the description", description),
            ("the title and the description", [title, *description]),
            ("the language of the subject's name", [topic.title.language]),
            ("the canonical address and name", self._canonical()),
            ("the other names", [each.value for each in topic.also_called]),
            ("all names", list(names)),
            ("the id of the edition", [identity, identity]),
            ("the identifier of the edition", [self._identity(topic.language)]),
            ("the address of the page", [edition.card.page]),
            ("the date of the edition", [self._updated]),
            ("the date of the first edition", [*filter(None, [self._created])]),
            ("the positions of the parts", self._positions()),
            (
                "the addresses in the text",
                list(dict.fromkeys([*self._in_text, *(each.url for each in topic.other_languages)])),
            ),
            (
                "the site",
                [f"{edition.base_url}/{topic.language} {topic.language} {self._label('parts', 'home')}"],
            ),
            ("the parts of the document", self._parts()),
        ):
            yield Fact(what, tuple(map(even, values)))
        yield from self._kinds()
        yield from self._codes()
        yield from self._terms()
        yield from self._reviews()
        yield from self._texts()
        yield Fact("the categories of links in their order", tuple(self._groups))
        for key, resources in self._groups.items():
            yield Fact(f"the heading of {key!r}", (self._label("categories", key),))
            yield from self._links(f"the links under {key!r}", resources)
        yield from self._related()
        yield from self._institute()
        yield from self._other_languages()
        yield from self._sources()
        yield from self._editions()
        for term in edition.terms["organizations"].values():
            yield self._organization(term)
        if edition.interface:
            yield from self._page(edition.interface)

    def _label(self, vocabulary: str, key: str) -> str:
        return even(self._edition.term(vocabulary, key).label.value)

    def _canonical(self) -> list[str]:
        name = "".join(word.capitalize() for word in self._topic.id.split("-"))
        is_name = name[0].isalpha() and len(name) > 1
        address = f"{self._edition.base_url}/fhir/Composition/{self._topic.id}-{self._language}"
        return [address, name if is_name else f"Topic{name}"]

    def _positions(self) -> list[str]:
        callouts = sum(len(section.callouts) for section in self._sections.values())
        count = len(self._sections) + callouts + len(self._groups)
        return [str(position) for position in range(1, count + 1)]

    def _links_in_text(self) -> list[str]:
        passages = (
            passage
            for section in self._topic.sections
            for account in [self._sections[section.id]]
            for passage in _in_order(section, account)
        )
        return list(dict.fromkeys(link for each in passages for link in each.links))

    def _parts(self) -> list[str]:
        topic = self._topic
        shown = {
            "also-called": topic.also_called,
            "summary": [each for each in self._sections.values() if each.is_shown],
            "related-topics": [*filter(None, map(self._related_page, topic.related_topics))],
            "primary-institute": topic.primary_institute,
            "other-languages": topic.other_languages,
            "sources": topic.sources,
            "about": True,
        }
        return [f"{key}: {self._label('parts', key)}" for key, content in shown.items() if content]

    def _kinds(self) -> Iterator[Fact]:
        topic = self._topic
        kind = self._edition.term("kinds", topic.kind)
        groups = [self._label("groups", key) for key in topic.groups]
        document = self._label("content-types", "health-topic")
        labels = (document, document, even(kind.label.value), *groups)
        yield Fact("what kind of document it is", labels)
        yield Fact("the codes of its kind and groups", ("health-topic", topic.kind, *topic.groups))
        yield Fact("the kind", (kind.facts["schemaType"],))
        yield Fact("the groups", tuple(groups))

    def _codes(self) -> Iterator[Fact]:
        codes = [(code, self._edition.term("code-systems", code.system).facts) for code in self._topic.codes]
        for name in ("system", "codingSystem"):
            yield Fact(
                "the codes with their displays",
                tuple(f"{facts.get(name)} {code.code} {code.display}" for code, facts in codes),
            )
        addresses = tuple(facts.get("iri", "").replace("{code}", code.code) for code, facts in codes)
        yield Fact("the addresses of the codes", addresses)
        pairs = (
            f"{facts.get('codingSystem')} {code.code}{each.code} {code.display}/{each.display} "
            + facts.get("iri", "").replace("{code}", code.code + each.code)
            for code, facts in codes
            for each in code.qualifiers
        )
        yield Fact("the pairs of codes and qualifiers", tuple(pairs))
        headings = (
            "/".join([code.display, *(each.display for each in code.qualifiers)])
            for code, _ in codes
            if code.qualifiers
        )
        yield Fact("the qualified headings", tuple(headings))

    def _terms(self) -> Iterator[Fact]:
        topic, edition = self._topic, self._edition
        publisher, data = edition.publisher, edition.data_publisher
        yield Fact("the publisher", (self._reference(publisher, self._language),))
        yield Fact("the publisher's name and address", (_named(publisher),))
        yield Fact("the publisher of the data", (_named(data),))
        identifiers = [("health-topic", topic.id)]
        identifiers += [
            (each.system, each.value) for each in topic.identifiers if each.language in (None, topic.language)
        ]
        base = f"{edition.base_url}/fhir/NamingSystem/"
        yield Fact("the identifiers", tuple(f"{base}{system} {value}" for system, value in identifiers))
        licence = edition.term("licences", topic.licence) if topic.licence else None
        yield Fact("the licence of the data", (licence.url,) if licence and licence.url else ())
        for what, term in (
            ("the licence", licence),
            ("the disclaimer", edition.term("notices", topic.disclaimer) if topic.disclaimer else None),
            (
                "the quality criteria",
                edition.term("notices", topic.quality_criteria) if topic.quality_criteria else None,
            ),
        ):
            yield Fact(what, (term.url or _said(term.label, term.text),) if term else ())

    def _reviews(self) -> Iterator[Fact]:
        review = self._review
        yield Fact("the reviews", (f"{review.by} {review.date}",) if review else ())
        about = [
            self._definition("published-by", [self._edition.publisher.label], self._edition.publisher.url)
        ]
        if review:
            about.append(self._definition("reviewed-by", [Text(f"{review.by} ({review.date})")]))
        corrections = self._topic.dates.corrections
        about += [
            self._definition("correction", [Text(f"{each.what.value} ({each.date})")]) for each in corrections
        ]
        said = (f"{each.date} {each.what.value} {each.what.language}" for each in corrections)
        yield Fact("the corrections", tuple(said))
        about += self._notices(has_text=True)
        yield Fact("the facts about the page", tuple(about))

    def _notices(self, *, has_text: bool) -> Iterator[str]:
        """Yield the licence, the disclaimer and the quality criteria as readers see them."""
        topic, edition = self._topic, self._edition
        if topic.licence:
            licence = edition.term("licences", topic.licence)
            yield self._definition("licence", [licence.label], licence.url)
        for key in filter(None, (topic.disclaimer, topic.quality_criteria)):
            notice = edition.term("notices", key)
            said = notice.text or (notice.label if has_text else None)
            parts = [bare(notice.label.value), notice.url, bare(said.value) if said else ""]
            yield " | ".join(filter(None, parts))

    def _definition(self, part: str, said: Iterable[Text], url: str = "") -> str:
        parts = [bare(self._label("parts", part)), *(bare(each.value) for each in said), url]
        return " | ".join(filter(None, parts))

    def _texts(self) -> Iterator[Fact]:
        """Yield what programs read of each section and callout beside its text."""
        parts: list[tuple[str, ...]] = []
        subject = f"{self._edition.base_url}/topics/{self._topic.id}#subject"
        for section in self._topic.sections:
            account = self._sections[section.id]
            term = self._edition.term("aspects", section.aspect)
            texts = [each for each in section.body if not isinstance(each, (Attribution, Callout))]
            has_text = any(each.kind != "attribution" for each in account.passages)
            aspect = _aspect(term.facts.get("healthAspect") if has_text else "")
            heading = section.heading or term.label
            is_all_own = not account.languages and heading.language == self._language
            spoken = self._language if is_all_own else _spoken([heading, texts])
            parts.append((section.id, spoken, "", "", aspect, subject))
            for (key, each), said in zip(section.callouts.items(), account.callouts, strict=True):
                parts.append((key, _spoken(each), said.urgency, said.label, _aspect("SeeDoctor"), subject))
        yield Fact("the aspects of the sections", tuple(self._aspects()))
        yield Fact("the parts of the text, for programs", tuple(parts))

    def _aspects(self) -> Iterator[str]:
        for section in self._topic.sections:
            if self._sections[section.id].is_shown:
                yield f"{section.id}: {section.aspect}"

    # Pages elsewhere

    def _links(self, what: str, resources: Sequence[Resource]) -> Iterator[Fact]:
        ways = (
            f"the titles of {what}",
            f"{what}, as resources",
            f"{what}, as readers see them",
            f"{what}, for programs",
            f"{what}, on the page",
        )
        for link in resources:
            if link.id not in self._pages:  # many are in several categories
                self._pages[link.id] = self._link(link)
        said = [self._pages[link.id] for link in resources]
        yield from map(Fact, ways, zip(*said, strict=True))

    def _link(self, link: Resource) -> tuple[object, ...]:
        """Return what is said of a page, in each of the ways of `_links`."""
        tag, url = link.link_in(self._language)
        title = even(link.title.value)
        publishers = [self._edition.term("organizations", key) for key in link.organizations]
        names = [even(term.label.value) for term in publishers]
        # A record of a page in another language is the same in all editions.
        own = tag if tag == self._language else link.title.language
        original = link.links.get(SOURCE, url)
        relation = "workTranslation" if tag == SOURCE else "translationOfWork"
        twins = [
            f"{relation}: {twin} {other}"
            for other, twin in link.links.items()
            if twin != url and SOURCE in (tag, other)
        ]
        by = ", ".join(names)
        spoken = self._spoken(link.title.language, *(term.label.language for term in publishers))
        named = [f"({name})"] if (name := self._named(tag)) else []
        return (
            self._marked(title, link.title.language),
            PageAccount(
                "external-resource",
                _media_type(link.kind, url),
                title,
                title,
                url,
                tag,
                ", ".join([_name_in(term, own) for term in publishers]),
                "",
                _identifiers(link, url, None),
                original if original != url else "",
                own,
                f"{title} | {url}",
            ),
            LinkLine(url, title, bare(f"{self._note(tag)} {by}"), spoken=spoken),
            (
                *(title, url, tag, ", ".join(map(self._publisher, publishers)), ""),
                *(_identifiers(link, url, tag), " ".join(twins)),
            ),
            (title, url, " ".join([title, *named, *names]), tag, spoken),
        )

    def _spoken(self, *languages: LanguageTag | None) -> str:
        """Return how words in some languages are marked: not at all where it is the edition's."""
        return " ".join([each for each in languages if each and each != self._language])

    def _marked(self, title: str, language: LanguageTag) -> str:
        """Return a title with its language, if that is another one than the edition's."""
        return f"{title} ({spoken})" if (spoken := self._spoken(language)) else title

    def _publisher(self, term: LocalizedTerm) -> str:
        """Return an organisation as programs read it: what it is, and its name in which language."""
        label = term.label
        # An only name needs no mark in its own edition, and in English never.
        is_marked = label.state in HELD if label.language == SOURCE else label.language != self._language
        mark = f"@{label.language}" if len(term.labels) > 1 or is_marked else ""
        return f"{term.facts.get('type', 'Organization')} {label.value}{mark}"

    def _note(self, language: LanguageTag) -> str:
        """Return the words that warn readers of a page in English."""
        return self._english if language == SOURCE else ""

    def _related_page(self, related: str | RelatedTopic) -> tuple[str, str, LanguageTag, LanguageTag] | None:
        """Return title, address, language, and language of the title; None if it is not published."""
        if isinstance(related, RelatedTopic):
            language, url = related.link_in(self._language)
            return even(related.title.value), url, language, related.title.language
        card = self._edition.topics.get(related)
        return (even(card.title), card.page, card.language, card.language) if card else None

    def _related(self) -> Iterator[Fact]:
        pages = [*filter(None, map(self._related_page, self._topic.related_topics))]
        seen = [
            LinkLine(url, title, bare(self._note(language)), spoken=self._spoken(own))
            for title, url, language, own in pages
        ]
        yield Fact("the related topics, as readers see them", tuple(seen))
        records = [(title, url, language, "", "") for title, url, language, _ in pages]
        yield Fact("the related topics, for programs", tuple(records))
        seen = [
            LinkLine(url, title, self._named(language), language, self._spoken(own))
            for title, url, language, own in pages
        ]
        yield Fact("the related topics, on the page", tuple(seen))
        addresses = tuple(url for _, url, *_ in pages)
        yield Fact("the addresses of the related topics", addresses)
        topics = self._edition.topics
        cards = [
            topics[each] for each in self._topic.related_topics if isinstance(each, str) and each in topics
        ]
        lines = [f"{card.topic}/{card.language} {card.title}" for card in cards]
        yield Fact("the related topics of the collection", tuple(lines))
        languages = languages_of_pages(self._edition)
        foreign = [
            f"{url} {languages[url]}"
            for url in self._in_text
            if url not in addresses and languages.get(url, self._language) != self._language
        ]
        yield Fact("the pages in another language that the text links to", tuple(foreign))

    def _named(self, language: LanguageTag) -> str:
        """Return the name of another language, as a page has it beside a link."""
        words = self._edition.interface
        return bare(words.language_name(language)) if words and language != self._language else ""

    def _institute(self) -> Iterator[Fact]:
        key = self._topic.primary_institute
        terms = [self._edition.term("organizations", key)] if key else []
        yield Fact("the institute", tuple(self._reference(term, self._language) for term in terms))
        names = [(term.url, even(term.label.value), self._spoken(term.label.language)) for term in terms]
        lines = [
            LinkLine(url, name, "", spoken=spoken) if url else LinkLine("", "", bare(name))
            for url, name, spoken in names
        ]
        yield Fact("the institute's page, as readers see them", tuple(lines))
        yield Fact("the institute's name and address", tuple(map(_named, terms)))
        organizations = self._edition.terms["organizations"]
        parents = [organizations.get(term.facts.get("parent", "")) for term in terms]
        yield Fact("what the institute is part of", tuple(_named(each) for each in parents if each))

    def _other_languages(self) -> Iterator[Fact]:
        what = "the other languages"
        pages = self._topic.other_languages
        for is_named in (False, True):  # pages name the language of each link
            lines = [
                LinkLine(
                    page.url,
                    even(page.name.value),
                    bare(page.vernacular_name),
                    (page.language or "") if is_named else "",
                    self._spoken(page.name.language, page.language if page.vernacular_name else None),
                )
                for page in pages
            ]
            yield Fact(f"{what}, {'on the page' if is_named else 'as readers see them'}", tuple(lines))
        records = []
        for page in pages:
            name, url, own = even(page.name.value), page.url, self._language
            title = page.vernacular_name or page.name.value
            said = (name, title, url, page.language or "", "", "", url, "", own, f"{name} | {url}")
            records.append(PageAccount("external-resource", _media_type("page", url), *said))
        names = (self._marked(page.name.value, page.name.language) for page in pages)
        yield Fact(f"the titles of {what}", tuple(names))
        yield Fact(f"{what}, as resources", tuple(records))

    def _sources(self) -> Iterator[Fact]:
        what, sources = "the sources", self._topic.sources
        yield Fact(f"{what}, as readers see them", tuple(map(self._source_line, sources)))
        resources = []
        for each in sources:
            title, url, tag, by = each.title, each.url, each.language, each.publisher
            line = f"{even(title)} | {url}"
            said = title, title, url, tag, by, each.published, url, "", tag, line
            resources.append(PageAccount("source", _media_type("page", url), *said))
        yield Fact(
            f"the titles of {what}", tuple(self._marked(each.title, each.language) for each in sources)
        )
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
            if each.url != self._edition.card.page  # a document is not based on itself
        ]
        yield Fact(f"{what}, for programs", tuple(records))
        seen = [
            (
                even(each.title),
                each.url,
                each.language if each.language != self._language else "",
                bare(f"{self._named(each.language)} {each.publisher}"),
                " | ".join(filter(None, (each.published, each.retrieved))),
                even(each.note.value) if each.note else "",
            )
            for each in sources
        ]
        yield Fact(f"{what}, on the page", tuple(seen))

    def _source_line(self, source: Source) -> LinkLine:
        title = even(source.title)
        said = [self._note(source.language), source.publisher, source.published]
        said.append(source.note.value if source.note else "")
        beside = bare(" ".join(filter(None, said)))
        if not source.url:
            return LinkLine("", "", bare(f"{title} {beside}"))
        has_details = source.publisher or source.published
        spoken = self._spoken(
            source.language,
            source.language if has_details else None,
            source.note.language if source.note else None,
        )
        return LinkLine(source.url, title, beside, spoken=spoken)

    # Editions, organisations, and the words of the page

    def _editions(self) -> Iterator[Fact]:
        cards = self._edition.editions
        pages = [f"{language} {card.page}" for language, card in cards.items()]
        everywhere = f"x-default {self._edition.base_url}/topics/{self._topic.id}"
        yield Fact("the editions", (*pages, everywhere))
        lines = {language: (card.title, card.page, language, "", "") for language, card in cards.items()}
        is_source = self._language == SOURCE
        others = [line for language, line in lines.items() if language != SOURCE and is_source]
        yield Fact("the other editions (workTranslation)", tuple(others))
        transformed = [f"transforms {self._identity(SOURCE)}"] if SOURCE in cards and not is_source else []
        yield Fact("the other editions, by identifier", tuple(transformed))
        if is_source:
            into = [f"transformed-into {self._identity(each)}" for each in cards if each != SOURCE]
            yield Fact("the other editions, by identifier", tuple(into))
        original = [lines[SOURCE]] if SOURCE in lines and not is_source else []
        yield Fact("the other editions (translationOfWork)", tuple(original))

    def _identity(self, language: LanguageTag) -> str:
        return f"{self._edition.base_url}/fhir/NamingSystem/health-topic {self._topic.id}/{language}"

    def _organization(self, term: LocalizedTerm) -> Fact:
        name = even(_name_in(term, SOURCE))
        parent = self._edition.terms["organizations"].get(term.facts.get("parent", ""))
        whole = self._reference(parent, SOURCE) if parent else ""
        others = [f"{language} {label}" for language, label in term.labels.items() if language != SOURCE]
        return Fact(f"the organisation {term.id!r}", (name, name, term.url, term.url, whole, *others))

    def _reference(self, term: LocalizedTerm, language: LanguageTag) -> str:
        return f"Organization/{term.id} {_name_in(term, language)}"

    def _page(self, words: Interface) -> Iterator[Fact]:
        topic, edition, dates = self._topic, self._edition, self._topic.dates
        home = f"{edition.base_url}/{topic.language} {self._label('parts', 'home')}"
        yield Fact("the home page", (home,))
        names = [
            f"{language} {card.page} {even(words.autonyms.get(language, language))}"
            for language, card in edition.editions.items()
        ]
        yield Fact("the names of the editions", tuple(names) if len(names) > 1 else ())
        headed = {key: each.heading for key, each in self._sections.items() if each.is_headed}
        contents = [f"#{key} {heading}" for key, heading in headed.items()] if len(headed) > 2 else []
        yield Fact("the table of contents", tuple(contents))
        shown = (
            ("page_links", self._groups, words.word("Learn more").value),
            ("", [*filter(None, map(self._related_page, topic.related_topics))], "related-topics"),
            ("", topic.other_languages, "other-languages"),
            ("", topic.sources, "sources"),
        )
        headings = [key if id_ else self._label("parts", key) for id_, content, key in shown if content]
        yield Fact("the headings of the lists", tuple(map(even, headings)))
        days = [self._updated, self._review.date if self._review else "", dates.review_by]
        days += [each.date for each in dates.corrections]
        yield Fact("the days below the text", tuple(filter(None, days)))
        for source in topic.sources:
            days += [source.published, source.retrieved]
        for day in filter(None, dict.fromkeys(days)):
            yield Fact(f"the day {day!r} in words", (even(words.day(day)),))
        yield Fact("the facts below the text", tuple(self._footer(words)))
        notices = [edition.term("notices", key) for key in (topic.disclaimer, topic.quality_criteria) if key]
        said = [edition.publisher.label, *(each.what for each in dates.corrections), *topic.see_references]
        if topic.primary_institute:
            said.append(edition.term("organizations", topic.primary_institute).label)
        if topic.licence:
            said.append(edition.term("licences", topic.licence).label)
        said += (text for each in notices for text in (each.label, each.text) if text)
        yield Fact("the languages below the text", (self._spoken(*(each.language for each in said)),))

    def _footer(self, words: Interface) -> Iterator[str]:
        topic, edition, dates = self._topic, self._edition, self._topic.dates

        def line(label: str, *said: str) -> str:
            return " | ".join((bare(words.word(label).value), *map(bare, said)))

        yield self._definition("published-by", [edition.publisher.label], edition.publisher.url)
        yield line("Last updated", words.day(self._updated))
        if self._review:
            day = words.day(self._review.date)
            yield self._definition("reviewed-by", [Text(f"{self._review.by}, {day}")])
        else:
            yield self._definition("reviewed-by", [words.word("No review is recorded here")])
        if dates.review_by:
            yield line("Review due by", words.day(dates.review_by))
        for each in dates.corrections:
            label = f"{words.word('Corrected on').value} {words.day(each.date)}"
            yield f"{bare(label)} | {bare(each.what.value)}"
        if topic.see_references:
            yield line("Also found under", *(each.value for each in topic.see_references))
        if topic.primary_institute:
            institute = edition.term("organizations", topic.primary_institute)
            yield self._definition("primary-institute", [institute.label], institute.url)
        yield from self._notices(has_text=False)


def _in_order(section: Section, account: SectionAccount) -> Iterator[Passage]:
    """Yield the passages of a section, with those of its callouts in their place."""
    passages, callouts = iter(account.passages), iter(account.callouts)
    for block in section.body:
        if isinstance(block, Callout):
            yield from next(callouts).passages
        else:
            for _ in texts_in(block):
                yield next(passages)


def _identifiers(link: Resource, url: str, language: LanguageTag | None) -> str:
    """Return the address and the identifiers of a page; if no language is given, those of twins, too."""
    if not link.identifiers:
        return url
    found = (each.value for each in link.identifiers if not language or each.language in (None, language))
    return " ".join((url, *found))


def _spoken(texts: object) -> str:
    return " ".join(sorted({text.language for text in texts_in(texts)}))


_WEB_PAGES: Final = frozenset({"page", "article", "search", "tool"})


def _media_type(kind: str, url: str) -> str:
    """Return the media type of a page; empty if nothing tells it, as for a video."""
    path = url.partition("#")[0].partition("?")[0]
    if path.lower().endswith(".pdf"):
        return "application/pdf"
    return "text/html" if url and kind in _WEB_PAGES else ""


def _aspect(name: str | None) -> str:
    return f"https://schema.org/{name}HealthAspect" if name else ""


def _name_in(term: LocalizedTerm, language: LanguageTag) -> str:
    return term.labels.get(language) or next(iter(term.labels.values()))


def _named(term: LocalizedTerm) -> str:
    return f"{term.label.value} {term.url}".rstrip()


def _said(label: Text, text: Text | None) -> str:
    return f"{label.value} {text.value if text else ''}".rstrip()


def languages_of_pages(edition: Edition) -> dict[str, LanguageTag]:
    """Return the languages of the pages that the text of an edition links to, as far as they are known."""
    return {card.page: card.language for card in edition.topics.values()} | dict(edition.pages)


def by_category(topic: LocalizedTopic, edition: Edition) -> dict[str, list[Resource]]:
    """Return the links of an edition by category, in the order of the vocabulary."""
    found: dict[str, list[Resource]] = {key: [] for key in edition.terms.get("categories", ())}
    for resource in topic.resources:
        for key in resource.categories_in(topic.language):
            found.setdefault(key, []).append(resource)
    return {key: resources for key, resources in found.items() if resources}


def even(text: str) -> str:
    """Return text with single spaces, as readers see it."""
    return " ".join(text.split())
