"""`healthtopics catalogue glossary`: the words that translators agreed on."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from healthtopics import jsontext
from healthtopics.cli import options
from healthtopics.cli.common import (
    languages_of,
    overview_of,
    print_table,
    table_lines,
    workspace_at,
    write_output,
)
from healthtopics.cli.exits import count
from healthtopics.language import LanguageTag

if TYPE_CHECKING:
    from healthtopics.glossary import Glossary
    from healthtopics.publishing.overview import Overview


class GlossaryFormat(StrEnum):
    """The form in which the glossary is shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TBX = "tbx"
    WEBLATE = "weblate"


def glossary(
    language: options.Language = None,
    form: Annotated[
        GlossaryFormat,
        typer.Option("--format", help="table to look at, json as the file is, others for other tools."),
    ] = GlossaryFormat.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write it to this file.")
    ] = None,
    workspace: options.Workspace = None,
) -> None:
    """Show the glossary of a language, or export it.

    Spreadsheets read `csv`, termbases `tbx`, the glossary of a Weblate `weblate`.

    Examples:
    healthtopics catalogue glossary -l es                                # as a table
    healthtopics catalogue glossary -l es --format tbx -o glossary.tbx   # for a termbase
    """
    opened = workspace_at(workspace)
    found = _glossary(overview_of(opened, ()), languages_of(opened, language))
    if output is None and form is GlossaryFormat.TABLE:
        print_table(_HEADS, _rows(found))
        return
    if output is None:
        typer.echo(_serialize(found, form), nl=False)
        return
    write_output(output, _serialize(found, form))
    typer.echo(f"{count(len(found.terms), 'term')} written to {output}.")


def _glossary(overview: "Overview", wanted: Sequence[LanguageTag]) -> "Glossary":
    glossaries = overview.sources.glossaries
    languages = [tag for tag in wanted if tag in glossaries and glossaries[tag].terms]
    if not languages:
        raise typer.BadParameter("there is no glossary. Write locales/<language>/glossary.json.")
    if len(languages) > 1:
        raise typer.BadParameter(f"name one of the languages with --language: {', '.join(languages)}.")
    return glossaries[languages[0]]


def _serialize(found: "Glossary", form: GlossaryFormat) -> bytes:
    from healthtopics.catalogues.termbase import to_csv, to_tbx, to_weblate

    match form:
        case GlossaryFormat.CSV:
            return to_csv(found)
        case GlossaryFormat.TBX:
            return to_tbx(found)
        case GlossaryFormat.WEBLATE:
            return to_weblate(found)
        case GlossaryFormat.JSON:
            return jsontext.dump(found.to_dict())
    return "".join(f"{line}\n" for line in table_lines(_HEADS, _rows(found))).encode()


_HEADS: Final = ("english", "kind", "translation", "never")


def _rows(found: "Glossary") -> list[tuple[str, ...]]:
    return [
        (
            term.english[0].citation,
            term.kind,
            "; ".join(term.suggestions) or "-",
            "; ".join(each.family.text for each in term.forbidden) or "-",
        )
        for term in found.terms
    ]
