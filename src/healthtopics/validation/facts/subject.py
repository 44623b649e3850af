"""What the facts of an edition are made from."""

from collections.abc import Iterable, Iterator, Mapping

from healthtopics.formats.account import Passage, SectionAccount
from healthtopics.formats.xhtml import bare
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import (
    Callout,
    Edition,
    LocalizedTerm,
    LocalizedTopic,
    RelatedTopic,
    Resource,
    Section,
    Text,
    texts_in,
)


class Subject:
    """A localized topic, the edition around it, and what several facts are made from."""

    def __init__(
        self, topic: LocalizedTopic, edition: Edition, sections: Mapping[str, SectionAccount]
    ) -> None:
        self.topic = topic
        self.edition = edition
        self.sections = sections
        self.language = topic.language
        self.groups = by_category(topic, edition)
        self.in_text = self._links_in_text()
        self.updated = edition.card.updated[:10]
        self.created = topic.dates.created_in.get(topic.language, topic.dates.created)
        self.review = edition.review_in(topic.dates)
        self.english = "" if topic.language == SOURCE else self.label("parts", "in-english")
        self._english_is_in = edition.term("parts", "in-english").label.language

    def _links_in_text(self) -> list[str]:
        passages = (
            passage
            for section in self.topic.sections
            for account in [self.sections[section.id]]
            for passage in _in_order(section, account)
        )
        return list(dict.fromkeys(link for each in passages for link in each.links))

    def label(self, vocabulary: str, key: str) -> str:
        """Return the label of a term."""
        return even(self.edition.term(vocabulary, key).label.value)

    def named(self, language: LanguageTag) -> str:
        """Return the name of another language, as a page has it beside a link."""
        words = self.edition.interface
        return bare(words.language_name(language)) if words and language != self.language else ""

    def reference(self, term: LocalizedTerm, language: LanguageTag) -> str:
        """Return a reference to an organization, with its name in a language."""
        return f"Organization/{term.id} {name_in(term, language)}"

    def spoken(self, *languages: LanguageTag | None) -> str:
        """Return how words in some languages are marked: not at all where it is the edition's."""
        return " ".join([each for each in languages if each and each != self.language])

    def marked(self, title: str, language: LanguageTag) -> str:
        """Return a title with its language, if that is another one than the edition's."""
        return f"{title} ({spoken})" if (spoken := self.spoken(language)) else title

    def note(self, language: LanguageTag) -> str:
        """Return the words that warn readers of a page in English."""
        return self.english if language == SOURCE else ""

    def note_language(self, language: LanguageTag) -> LanguageTag | None:
        """Return the language of the note: English where its words are not translated; None without one."""
        return self._english_is_in if self.note(language) else None

    def definition(self, part: str, said: Iterable[Text], url: str = "") -> str:
        """Return a term of a definition list, its descriptions and the address that they link to."""
        parts = [bare(self.label("parts", part)), *(bare(each.value) for each in said), url]
        return " | ".join(filter(None, parts))

    def related_page(self, related: str | RelatedTopic) -> tuple[str, str, LanguageTag, LanguageTag] | None:
        """Return title, address, language, and language of the title; None if it is not published."""
        if isinstance(related, RelatedTopic):
            language, url = related.link_in(self.language)
            return even(related.title.value), url, language, related.title.language
        card = self.edition.topics.get(related)
        return (even(card.title), card.page, card.language, card.language) if card else None

    def identity(self, language: LanguageTag) -> str:
        """Return the identifier of the edition in a language, with its system."""
        return f"{self.edition.base_url}/fhir/NamingSystem/health-topic {self.topic.id}/{language}"

    def notices(self, *, has_text: bool) -> Iterator[str]:
        """Yield the licence, the disclaimer and the quality criteria as readers see them."""
        topic, edition = self.topic, self.edition
        if topic.licence:
            licence = edition.term("licences", topic.licence)
            yield self.definition("licence", [licence.label], licence.url)
        for key in filter(None, (topic.disclaimer, topic.quality_criteria)):
            notice = edition.term("notices", key)
            said = notice.text or (notice.label if has_text else None)
            parts = [bare(notice.label.value), notice.url, bare(said.value) if said else ""]
            yield " | ".join(filter(None, parts))


def _in_order(section: Section, account: SectionAccount) -> Iterator[Passage]:
    """Yield the passages of a section, with those of its callouts in their place."""
    passages, callouts = iter(account.passages), iter(account.callouts)
    for block in section.body:
        if isinstance(block, Callout):
            yield from next(callouts).passages
        else:
            for _ in texts_in(block):
                yield next(passages)


def name_in(term: LocalizedTerm, language: LanguageTag) -> str:
    """Return the name of a term in a language, or the only one that it has."""
    return term.labels.get(language) or next(iter(term.labels.values()))


def with_address(term: LocalizedTerm) -> str:
    """Return the name of a term, and its address if it has one."""
    return f"{term.label.value} {term.url}".rstrip()


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
