"""What all pages have in common: header, search, languages, breadcrumb, footer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Final, NamedTuple

from jinja2 import Environment

from healthtopics.index.opening import TopicIndex
from healthtopics.index.site_words import site_words_in
from healthtopics.language import LanguageTag, direction
from healthtopics.markup.templates import page_templates
from healthtopics.website.addresses import Addresses, Kind, SitePage, path_of
from healthtopics.website.words import Said, Words

_PACKAGE: Final = "healthtopics.website"


class Crumb(NamedTuple):
    """A step of the way from the front page to a page."""

    label: Said
    address: str


class LanguageChoice(NamedTuple):
    """A page, or what comes nearest to it, in another language."""

    language: str
    name: str
    """The language's own name for itself."""
    direction: str
    address: str


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

    @cached_property
    def words(self) -> Words:
        """Its words."""
        return Words(self.index, self.language)

    def to(self, kind: Kind = "front", key: str = "", number: int = 1, query: str = "") -> str:
        """Return the address of another page in the language."""
        return self.addresses.page(SitePage(self.language, kind, key, number, query))

    @cached_property
    def languages(self) -> Sequence[LanguageChoice]:
        """The languages that have editions, and that of the page; each leads to the same page if it can."""
        key = self.page.key if self.page.kind == "groups" else ""
        shown = {self.language, *self.index.edition_counts}
        return [
            LanguageChoice(
                each,
                site_words_in(self.index, each).autonym or each,
                direction(LanguageTag(each)),
                self.addresses.page(self.page._replace(language=each, key=key, number=1)),
            )
            for each in self.index.languages
            if each in shown
        ]

    @property
    def canonical(self) -> str:
        """The canonical address of the page."""
        return f"{self.index.release.base_url.rstrip('/')}/{path_of(self.page)}"

    def render(
        self,
        template: str,
        heading: Said,
        *,
        description: Said | None = None,
        crumbs: Sequence[Crumb] = (),
        **values: object,
    ) -> bytes:
        """Fill in a template; `crumbs` are the pages between the front page and this one."""
        words = self.words
        common = {
            "_": words.say,
            "frame": self,
            "to": self.to,
            "words": words,
            "heading": heading,
            "description": description,
            "crumbs": crumbs,
        }
        return _environment().get_template(template).render({**common, **values}).encode()


def templates() -> dict[str, bytes]:
    """Return the templates, which `interface.po` translates, by the name that references use."""
    folder = resources.files(_PACKAGE) / "templates"
    # Those that say most about a word come first: the frame, then the others.
    names = sorted((each.name for each in folder.iterdir()), key=lambda name: (name != "frame.html", name))
    return {f"src/healthtopics/website/templates/{name}": (folder / name).read_bytes() for name in names}


@cache
def _environment() -> Environment:
    return page_templates(_PACKAGE)
