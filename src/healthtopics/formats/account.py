"""The content of a document in any format: its subject, texts, links and translations.

Each format reads its documents into an account, so that documents of different formats can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Mark(NamedTuple):
    """Words that are a link, emphasized, or in another language than the document."""

    kind: str
    """The address of the link, the name of the element, or the tag of the language."""
    words: str


class Passage(NamedTuple):
    """One text that a reader sees as a unit; that of a list item excludes the items below it."""

    text: str
    """Plain text with single spaces, stripped."""
    kind: Literal["heading", "paragraph", "item", "attribution"] = "paragraph"
    links: tuple[str, ...] = ()
    """The addresses that its words link to, in order."""
    lists: str = ""
    """The lists that it is in, from the outside: `ol/ul`."""
    marks: tuple[Mark, ...] = ()
    """The words that are marked up, in order."""
    notes: tuple[str, ...] = ()
    """The words beside its links that name the language of the page; they are not part of the text."""


class CalloutAccount(NamedTuple):
    """A callout: what readers must do, and how fast."""

    urgency: str
    """emergency, urgent or routine."""
    label: str
    """The same in words that readers see."""
    heading: str
    passages: tuple[Passage, ...]
    """The text below the heading, in reading order."""
    marks: tuple[Mark, ...] = ()
    """Those of the heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionAccount:
    """A section of the text."""

    heading: str | None
    """None if it has none, or if the format does not separate it from the text."""
    is_headed: bool = True
    """Whether readers see the heading."""
    heading_language: str = ""
    """The language that the heading is marked with; empty if it is that of the document, or not known."""
    aspect: str = ""
    """Its aspect in the words of the format; empty if the format does not give it."""
    passages: tuple[Passage, ...]
    """The text below the heading, in reading order, without callouts."""
    callouts: tuple[CalloutAccount, ...] = ()
    languages: frozenset[str] = frozenset()
    """The languages that the text is marked with, except that of the whole document."""

    @property
    def is_shown(self) -> bool:
        """Return whether it has more than attributions, which some formats show elsewhere."""
        return bool(self.callouts) or any(each.kind != "attribution" for each in self.passages)


class LinkAccount(NamedTuple):
    """A link to a page elsewhere."""

    url: str
    originals: frozenset[str] = frozenset()
    """The addresses of the pages that this page is said to translate."""
    translations: frozenset[str] = frozenset()
    """The addresses of the pages that are said to translate this page."""
    title: str = ""
    """Its words; empty if the format gives none."""
    language: str = ""
    """That of the page; empty if the format does not give it."""
    publishers: tuple[str, ...] = ()
    """The names of the organizations that publish the page; none if the format does not give them."""


class PageAccount(NamedTuple):
    """What a resource of its own says of a page elsewhere."""

    category: str
    media_type: str
    name: str
    title: str
    """Of its content."""
    url: str
    language: str
    authors: str
    published: str
    identifiers: str
    originals: str
    """The identifiers of the pages that it translates."""
    own_language: str
    """That of the resource."""
    text: str
    """Its title and address, as readers see them."""


class Fact(NamedTuple):
    """What a document says in one place, apart from the text of its sections."""

    what: str
    """What it is about, the same in all formats, as messages name it: `the title`."""
    values: tuple[object, ...]
    """In the document's order; empty if the document does not say it there. Each is a string, or a tuple of
    what is said of one page."""
    place: str = ""
    """Where the document says it, in the words of the format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The content of an edition's document."""

    language: str
    address: str
    """How other editions refer to this one: a page, or an identifier."""
    title: str
    names: tuple[str, ...] | None = None
    """Other names of the subject; None if the format has none."""
    description: str | None = None
    """Empty if the document has none; None if the format never has one."""
    created: str | None = None
    """The day on which the edition was first published; None if the format does not give it."""
    licence: str | None = None
    """The address of the terms of use; empty if they have none, None if the format does not give it."""
    institute: tuple[str, str] | None = None
    """Name and address of the primary institute, empty if there is none; None if the format has none."""
    related: tuple[str, ...] | None = None
    """The titles of related topics; None if the format has none."""
    subject: str = ""
    """The identifier of the topic's subject; empty if the format has none."""
    codes: tuple[tuple[str, str], ...] | None = None
    """Each with its system, in the words of the format; None if the format has no codes."""
    headings: tuple[str, ...] | None = None
    """The codes with their qualifiers, in words: “Asthma/therapy”; None if the format has no qualifiers."""
    sections: Mapping[str, SectionAccount] | None = None
    """By id, in the document's order; None if the format has no sections."""
    credits: tuple[Passage, ...] = ()
    """Attributions of the text, if they are not in the sections."""
    links: Mapping[str, tuple[LinkAccount, ...]] | None = None
    """By category, in the document's order; None if the format has no links."""
    original: str | None = None
    """The address of the edition that this one says it translates, empty if it names none.

    None if the format never names it.
    """
    translations: Mapping[str, str] | None = None
    """The addresses of its translations, by language; None if only they name this one."""
    facts: tuple[Fact, ...] = ()
    """Everything else that it says. A document may say the same in several places; what it never says is
    left out."""
    unique: tuple[Fact, ...] = ()
    """What no other edition of the topic may say: the identifier of its document, its version."""
    embedded: tuple["Account", ...] = ()
    """The documents of other formats that are part of this one, for programs."""
    is_plain: bool = False
    """Whether its texts are words alone, without kinds, links, lists and marks."""
