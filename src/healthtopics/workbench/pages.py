"""The pages of the workbench, from values to HTML. The workbench itself speaks English."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from healthtopics.language import direction
from healthtopics.publishing.worklist import TO_DO, Edition, Sheet, Work, to_do


def status_page(sheets: Sequence[Sheet], release: int | None, *, is_live: bool = False) -> bytes:
    """Return the page that tells how far all catalogues have come; a live one links to the previews."""
    languages = list(dict.fromkeys(sheet.language for sheet in sheets))
    return render(
        "status.html",
        title="Translations",
        sheets=sheets,
        by_language={
            language: [sheet for sheet in sheets if sheet.language == language] for language in languages
        },
        queue=to_do(sheets),
        release=release,
        is_live=is_live,
    )


def render(template: str, **values: object) -> bytes:
    """Fill in a template of the workbench."""
    return _environment().get_template(template).render(values).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("healthtopics.workbench"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"Work": Work, "Edition": Edition, "TO_DO": TO_DO, "direction": direction}
    return environment
