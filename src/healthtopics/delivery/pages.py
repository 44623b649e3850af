"""The two plain pages for people: which topics and variants there are, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment

from healthtopics.language import LanguageTag, direction
from healthtopics.markup.templates import page_templates

HTML: Final = "text/html"
HTML_UTF8: Final = f"{HTML}; charset=utf-8"
"""The Content-Type of pages."""
POLICIES: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'",
    ),
    # The address of a look-up or a search may say what somebody has.
    ("Referrer-Policy", "no-referrer"),
)
"""Header fields of the pages of topics, which have their style and icon in them, and a form for searches."""
SITE_POLICIES: Final = (
    (
        "Content-Security-Policy",
        (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    ("Referrer-Policy", "no-referrer"),
)
"""Header fields of the pages of the site, which load a style sheet, a script and an icon."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a variant."""

    address: str
    media_type: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """One edition of a topic, as the pages show it."""

    language: str
    title: str
    description: str
    address: str
    links: Sequence[PageLink]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction(LanguageTag(self.language))


def render(template: str, **values: object) -> bytes:
    """Fill in a template of the service."""
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> Environment:
    return page_templates("healthtopics.delivery")
