"""The pages of the workbench, from values to HTML. The workbench itself is in English."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from jinja2 import Environment

from healthtopics.language import direction
from healthtopics.layout import parse_catalogue_path
from healthtopics.markup.templates import page_templates
from healthtopics.problems import Problem
from healthtopics.reading.difference import word_difference
from healthtopics.translation.interface import autonym
from healthtopics.workbench.desk import id_of
from healthtopics.workbench.sheets import TO_DO, EditionState, Sheet, Work, to_do

SAID: Final[Mapping[Work, str]] = {
    Work.BLOCKED: "to correct",
    Work.FUZZY: "fuzzy",
    Work.MISSING: "not translated",
    Work.REVIEW: "to review",
    Work.WARNED: "worth a look",
}
"""The kinds of work in words."""


def status_page(
    sheets: Sequence[Sheet], release: int | None, today: str, *, version: str | None = None
) -> bytes:
    """Return the page that shows how far all catalogues are translated on a day, ISO.

    With a version it is live: it links to the previews and follows the files.
    """
    languages = list(dict.fromkeys(sheet.language for sheet in sheets))
    return render(
        "status.html",
        title="Translations",
        sheets=sheets,
        by_language={
            language: [sheet for sheet in sheets if sheet.language == language] for language in languages
        },
        queue=to_do(sheet for sheet in sheets if not sheet.is_draft),
        release=release,
        today=today,
        is_live=version is not None,
        version=version or "",
    )


def render(template: str, **values: object) -> bytes:
    """Fill in a template of the workbench."""
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> Environment:
    environment = page_templates("healthtopics.workbench")
    environment.globals |= {
        "Work": Work,
        "EditionState": EditionState,
        "TO_DO": TO_DO,
        "SAID": SAID,
        "difference": word_difference,
        "direction": direction,
        "autonym": autonym,
        "id_of": id_of,
    }
    environment.filters |= {"address": _address}
    return environment


def _address(problem: Problem) -> str:
    """Return the page that shows the place of a problem; empty if there is none."""
    found = parse_catalogue_path(problem.path)
    if found is None:
        return ""
    locale, name = found
    page = f"/{locale.replace('_', '-')}/{name}/catalogue"
    return page if problem.line is None else f"{page}#L{problem.line}"
