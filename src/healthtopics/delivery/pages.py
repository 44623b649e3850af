"""What pages for people that the service makes itself say, and what browsers let pages do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

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
_LOADING: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
SITE_POLICIES: Final = (
    ("Content-Security-Policy", f"{_LOADING}; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
)
"""Header fields of the pages of the site, which load a style sheet, a script and an icon."""
FRAMED_POLICIES: Final = (
    ("Content-Security-Policy", _LOADING),
    ("Referrer-Policy", "no-referrer"),
)
"""The same for answers that electronic health records show within their own pages."""


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


def fill_in(template: str, **values: object) -> Markup:
    """Return a template of the service with values."""
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - the template escapes


@cache
def _environment() -> Environment:
    return page_templates("healthtopics.delivery")
