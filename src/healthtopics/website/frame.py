"""What all pages have in common: header, search, languages, breadcrumb, footer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Final, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from healthtopics import jsontext
from healthtopics.index.listing import count_groups
from healthtopics.index.opening import TopicIndex
from healthtopics.index.site_words import site_words_in
from healthtopics.language import LanguageTag, direction
from healthtopics.markup.templates import page_templates
from healthtopics.website.addresses import Addresses, Kind, SitePage, path_of
from healthtopics.website.words import Said, Words

_PACKAGE: Final = "healthtopics.website"


class LanguageChoice(NamedTuple):
    """A language that there is a site in."""

    language: str
    name: str
    """The language's own name for itself."""
    direction: str
    editions: int
    address: str
    """That of the same page in the language, or of what comes nearest to it."""
    canonical: str
    """The canonical address of that."""
    front: str
    """The address of the front page."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One page while it is made."""

    index: TopicIndex
    addresses: Addresses
    page: SitePage

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.page.language

    @property
    def content_language(self) -> str:
        """The language of what is in the frame."""
        return self.language

    @cached_property
    def words(self) -> Words:
        """Its words."""
        return Words(self.index, self.language)

    def to(self, kind: Kind = "front", key: str = "", number: int = 1, query: str = "") -> str:
        """Return the address of another page in the language."""
        return self.addresses.page(SitePage(self.language, kind, key, number, query))

    @cached_property
    def languages(self) -> Sequence[LanguageChoice]:
        """The languages that have editions, and that of the page."""
        counts = self.index.edition_counts
        return [
            self._choice(each, counts.get(each, 0))
            for each in self.index.languages
            if each == self.language or each in counts
        ]

    def _choice(self, language: str, editions: int) -> LanguageChoice:
        # Another language may have other letters, fewer pages, and no topic of a group.
        groups = count_groups(self.index, language) if self.page.kind == "groups" else ()
        key = self.page.key if self.page.key in {each.id for each in groups} else ""
        same = self.page._replace(language=language, key=key, number=1)
        return LanguageChoice(
            language,
            site_words_in(self.index, language).autonym or language,
            direction(LanguageTag(language)),
            editions,
            self.addresses.page(same),
            self._absolute(same),
            self.addresses.page(SitePage(language)),
        )

    @property
    def canonical(self) -> str:
        """The canonical address of the page."""
        return self._absolute(self.page)

    def _absolute(self, page: SitePage) -> str:
        return self._below(path_of(page))

    def _below(self, path: str) -> str:
        """Return the address of a path that is relative to the base URL."""
        return f"{self.index.release.base_url.rstrip('/')}/{path}"

    def render(self, template: str, **values: object) -> bytes:
        """Fill in a template, which sets the heading."""
        common = {
            "_": self.words.say,
            "frame": self,
            "to": self.to,
            "words": self.words,
            "numbers": self._emergency_numbers,
            "crumbs": (),
        }
        return fill_in(template, **common, **values)

    def _emergency_numbers(self, either: Said) -> Markup:
        """Return the numbers to call in an emergency, as links; empty if there are none.

        `either` joins the last of several to the others.
        """
        numbers = jsontext.load(self.index.release.emergency_numbers.encode())
        links = [Markup('<a href="tel:{0}">{0}</a>').format(each) for each in numbers]
        if len(links) < 2:
            return Markup().join(links)
        return either.filled(numbers=Markup(", ").join(links[:-1]), last=links[-1]).__html__()


def fill_in(template: str, **values: object) -> bytes:
    """Return a template with values."""
    return _environment().get_template(template).render(values).encode()


def templates() -> dict[str, bytes]:
    """Return the templates, which `interface.po` translates, by the name that references use."""
    folder = resources.files(_PACKAGE) / "templates"
    # Those that say most about a word come first: the frame, then the others.
    names = sorted((each.name for each in folder.iterdir()), key=lambda name: (name != "frame.html", name))
    return {f"src/healthtopics/website/templates/{name}": (folder / name).read_bytes() for name in names}


@cache
def _environment() -> Environment:
    return page_templates(_PACKAGE)
