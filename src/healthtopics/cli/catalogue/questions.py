"""`healthtopics catalogue questions`: what translators have asked."""

import csv
import io
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from healthtopics import jsontext
from healthtopics.cli import options
from healthtopics.cli.common import known_topics, languages_of, workspace_at, write_output
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import current
from healthtopics.errors import CatalogueError
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem

if TYPE_CHECKING:
    from healthtopics.catalogues.editing import EditableEntry
    from healthtopics.catalogues.questions import Question
    from healthtopics.storage.workspace import Workspace


class QuestionsFormat(StrEnum):
    """The form in which questions are shown."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


class _Asked(NamedTuple):
    language: LanguageTag
    path: str
    entry: "EditableEntry"
    question: "Question"

    def to_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "line": self.entry.line,
            "language": self.language,
            "context": self.entry.key.msgctxt,
            "english": self.entry.key.msgid,
            "translation": self.entry.msgstr,
            "open": self.question.is_open,
            **self.question.to_dict(),
        }


def questions(
    topics: options.Catalogues = None,
    language: options.Language = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are answered, too.")] = False,
    form: Annotated[
        QuestionsFormat, typer.Option("--format", help="text to read; json and csv for other programs.")
    ] = QuestionsFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write them to this file.")
    ] = None,
    workspace: options.Workspace = None,
) -> None:
    """List what translators have asked and nobody has answered.

    `ask` and `answer` write questions and answers; so does any editor of catalogues, as comments:
    ASK (Ana Ruiz, 2026-12-01): Which thermometer?

    Examples:
    healthtopics catalogue questions                                       # the open ones
    healthtopics catalogue questions --all --format csv -o questions.csv   # for a spreadsheet
    """
    opened = workspace_at(workspace)
    problems: list[Problem] = []
    found = [
        each
        for tag in languages_of(opened, language)
        for each in _asked(opened, tag, topics, problems)
        if everything or each.question.is_open
    ]
    current().answer(questions=[each.to_dict() for each in found])
    if output is not None:
        write_output(output, _serialize(found, form))
        typer.echo(f"{count(len(found), 'question')} written to {output}.")
    else:
        typer.echo(_serialize(found, form), nl=False)
    print_problems(problems)
    if problems:
        raise typer.Exit(EXIT_PROBLEMS)


def _asked(
    workspace: "Workspace", language: LanguageTag, topics: list[str] | None, problems: list[Problem]
) -> Iterator[_Asked]:
    from healthtopics.catalogues.editing import entries_in
    from healthtopics.layout import catalogue_path
    from healthtopics.storage.workspace import read_catalogue_files

    texts = read_catalogue_files(workspace, language)
    for name in known_topics(topics, list(texts)):
        path = catalogue_path(language, name)
        try:
            entries = entries_in(texts[name], path)
        except CatalogueError as error:
            problems += error.problems
            continue
        for entry in entries:
            for question in entry.questions:
                yield _Asked(language, path, entry, question)


def _serialize(found: list[_Asked], form: QuestionsFormat) -> bytes:
    match form:
        case QuestionsFormat.JSON:
            return jsontext.dump([each.to_dict() for each in found])
        case QuestionsFormat.CSV:
            return _csv(found)
    lines = [line for each in found for line in _lines(each)] or ["No open question."]
    return "".join(f"{line}\n" for line in lines).encode()


_COLUMNS: Final = (
    "path",
    "line",
    "language",
    "context",
    "english",
    "translation",
    "open",
    "by",
    "date",
    "text",
)


def _csv(found: list[_Asked]) -> bytes:
    """Return a header row and one row per question, RFC 4180, with the byte order mark of spreadsheets."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*_COLUMNS, "answers"])
    for each in found:
        members = each.to_dict()
        answers = "\n".join(f"{said.signature}: {said.text}" for said in each.question.answers)
        writer.writerow([*(members[name] for name in _COLUMNS), answers])
    return file.getvalue().encode("utf-8-sig")


def _lines(each: _Asked) -> Iterator[str]:
    asked = each.question.asked
    yield f"{each.path}:{each.entry.line}  “{' '.join(each.entry.key.msgid.split())}”"
    yield f"  {asked.signature}: {asked.text}"
    for said in each.question.answers:
        yield f"    {said.signature}: {said.text}"
