"""The two plain pages for people: which topics and variants there are, and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from healthtopics.language import LanguageTag, direction


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a variant."""

    address: str
    media_type: str
    label: str


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """One edition of a topic, as the pages show it."""

    language: str
    title: str
    description: str
    address: str
    links: Sequence[Link]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction(LanguageTag(self.language))


def topic_page(*, base_url: str, home: str, shown: ListedEdition, editions: Sequence[ListedEdition]) -> bytes:
    """Return the page of one edition: title, description, and links to every variant of every edition."""
    return _render("topic.html", {"home": home, "shown": shown, "editions": editions}, base_url)


def home_page(
    *,
    base_url: str,
    language: str,
    number: int,
    time: str,
    links: Sequence[str],
    topics: Sequence[tuple[str, Sequence[ListedEdition]]],
) -> bytes:
    """Return the page of topics, each with its negotiated address and its editions."""
    values = {
        "language": language,
        "direction": direction(LanguageTag(language)),
        "number": number,
        "time": time,
        "links": links,
        "topics": topics,
    }
    return _render("home.html", values, base_url)


def _render(template: str, values: Mapping[str, object], base_url: str) -> bytes:
    site = urlsplit(base_url).netloc
    return _environment().get_template(template).render(values, site=site).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("healthtopics.delivery"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
