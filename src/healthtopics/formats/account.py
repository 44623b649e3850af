"""What a document says, whatever its format: what it is about, its texts, links and translations.

Each format reads its documents into an account. What compares documents compares accounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Passage(NamedTuple):
    """One text that a reader sees as a unit, that of a list item without the items below it."""

    text: str
    """Plain, white space of every sort made one space, none at the ends."""
    kind: Literal["heading", "paragraph", "item", "attribution"] = "paragraph"
    links: tuple[str, ...] = ()
    """The addresses that its words lead to, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionAccount:
    """A section of the text."""

    heading: str | None
    """None where it has none, or where the format does not tell it from the text."""
    aspect: str = ""
    """What it is about, as the format calls it; empty where the format does not say."""
    passages: tuple[Passage, ...]
    """The text below the heading, in reading order."""
    languages: frozenset[str] = frozenset()
    """The languages that the text says it is in, besides that of the whole document."""


class LinkAccount(NamedTuple):
    """A link to a page elsewhere."""

    url: str
    originals: frozenset[str] = frozenset()
    """The addresses of the pages that this page is said to translate."""
    translations: frozenset[str] = frozenset()
    """The addresses of the pages that are said to translate this page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the document of an edition says."""

    language: str
    address: str
    """What other editions call this one: a page, or an identifier."""
    title: str
    subject: str = ""
    """The identifier of what the topic is about; empty where the format has none."""
    codes: tuple[tuple[str, str], ...] | None = None
    """Each with its system, as the format calls it; None where the format has no codes."""
    sections: Mapping[str, SectionAccount] | None = None
    """By id, in the document's order; None where the format has no sections."""
    credits: tuple[Passage, ...] = ()
    """Attributions of the text, where they are not in the sections."""
    links: Mapping[str, tuple[LinkAccount, ...]] | None = None
    """By category, in the document's order; None where the format has no links."""
    original: str | None = None
    """The address of the edition that this one says it translates, empty where it names none.

    None where the format never names it.
    """
    translations: Mapping[str, str] | None = None
    """The addresses of its translations, by language; None where only they name this one."""
    is_plain: bool = False
    """Whether its texts have neither links nor kinds."""
