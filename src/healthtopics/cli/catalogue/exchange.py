"""`healthtopics catalogue export` and `import`: send catalogues to an agency as XLIFF, and take them back."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import (
    known_topics,
    languages_of,
    overview_of,
    read_input,
    workspace_at,
    write_output,
)
from healthtopics.cli.exits import EXIT_PROBLEMS, count, tally
from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import current
from healthtopics.errors import BuildError, DataError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem, has_errors

if TYPE_CHECKING:
    from healthtopics.catalogues.xliff import ExportedXliff
    from healthtopics.catalogues.xliff_merging import Joined
    from healthtopics.catalogues.xliff_units import Outgoing
    from healthtopics.publishing.overview import Overview
    from healthtopics.storage.workspace import Workspace

_SUFFIXES = {".xlf", ".xliff"}
_MEMORY = ".tmx"


class AgencyFormat(StrEnum):
    """The choices of `--format`."""

    XLIFF_1 = "xliff-1"
    XLIFF_2 = "xliff-2"


class Only(StrEnum):
    """The choices of `--only`."""

    TO_DO = "todo"
    ALL = "all"


def export(
    topics: options.Catalogues = None,
    language: options.Language = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A folder: a file for each catalogue. A name in .xlf: one file. A name in .tmx: the memory.",
        ),
    ] = Path(),
    only: Annotated[
        Only, typer.Option("--only", help="What is missing or fuzzy, or all messages.")
    ] = Only.TO_DO,
    fill: Annotated[
        bool,
        typer.Option(
            "--fill",
            help="Put the English where no translation is, marked as untranslated: OmegaT needs it.",
        ),
    ] = False,
    form: Annotated[
        AgencyFormat,
        typer.Option("--format", help="xliff-1 is XLIFF 1.2, which every tool opens; xliff-2 is XLIFF 2.1."),
    ] = AgencyFormat.XLIFF_1,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite existing files, including an agency's work.")
    ] = False,
    workspace: options.Workspace = None,
) -> None:
    """Write catalogues as XLIFF for a translation agency.

    Tags and links are protected. A file in .tmx has all translations that are finished, as a
    translation memory.

    Examples:
    healthtopics catalogue export -l es -o to-agency                      # what is to do
    healthtopics catalogue export -l es -o memory.tmx                     # all translations
    healthtopics catalogue export asthma -l es --only all -o asthma.xlf   # one file
    """
    from healthtopics.catalogues import xliff

    opened = workspace_at(workspace)
    overview = overview_of(opened)
    languages = languages_of(opened, language)
    if output.suffix.lower() == _MEMORY:
        _export_memory(opened, languages, topics, output)
        return
    if _is_file(output) and len(languages) > 1:
        raise typer.BadParameter(f"{output} can hold one language. Say which: --language {languages[0]}.")
    sheets = [sheet for tag in languages for sheet in _sheets(opened, overview, tag, topics)]
    if outdated := [problem for sheet in sheets for problem in _outdated(overview, sheet)]:
        raise BuildError(outdated)
    exported = {
        path: xliff.serialize(
            group,
            only_todo=only is Only.TO_DO,
            is_filled=fill,
            version=xliff.XliffVersion(form),
        )
        for path, group in _grouped(sheets, output).items()
    }
    _write_all({path: each for path, each in exported.items() if each.units}, force=force)
    problems = [problem for each in exported.values() for problem in each.problems]
    print_problems(problems)
    if has_errors(problems):
        raise typer.Exit(EXIT_PROBLEMS)


def _export_memory(
    workspace: "Workspace", languages: Sequence[LanguageTag], topics: Sequence[str] | None, output: Path
) -> None:
    from healthtopics.catalogues import po
    from healthtopics.catalogues.memory import translations_in
    from healthtopics.catalogues.tmx import to_tmx
    from healthtopics.layout import catalogue_path
    from healthtopics.storage.workspace import read_catalogue_files

    if len(languages) > 1:
        raise typer.BadParameter(f"{output} can hold one language. Say which: --language {languages[0]}.")
    (language,) = languages
    texts = read_catalogue_files(workspace, language)
    found = []
    for name in known_topics(topics, list(texts)):
        path = catalogue_path(language, name)
        found += translations_in(po.to_catalogue(po.parse(texts[name], path).file, language, path))
    write_output(output, to_tmx(found, language))
    typer.echo(f"{output}  {count(len(found), 'translation')}")


def _sheets(
    workspace: "Workspace", overview: "Overview", language: LanguageTag, topics: Sequence[str] | None
) -> "Iterator[Outgoing]":
    from healthtopics.catalogues import po
    from healthtopics.catalogues.xliff_units import Outgoing
    from healthtopics.layout import INTERFACE, VOCABULARY, catalogue_path
    from healthtopics.storage.workspace import read_catalogue_files

    texts = read_catalogue_files(workspace, language)
    for name in known_topics(topics, [*overview.topics, VOCABULARY, INTERFACE]):
        path = catalogue_path(language, name)
        if name in texts:
            yield Outgoing(path=path, language=language, file=po.parse(texts[name], path).file)
        elif topics:
            raise typer.BadParameter(f"there is no {path}. Run `healthtopics catalogue update` first.")


def _is_file(output: Path) -> bool:
    return output.suffix.lower() in _SUFFIXES


def _grouped(sheets: "Sequence[Outgoing]", output: Path) -> "Mapping[Path, Sequence[Outgoing]]":
    """Return the catalogues for each file: all of them if the output is one file, otherwise one each."""
    if _is_file(output):
        return {output: sheets}
    return {output / f"{Path(each.path).stem}.{each.language}.xlf": [each] for each in sheets}


def _outdated(overview: "Overview", sheet: "Outgoing") -> Iterator[Problem]:
    """Yield a problem if the catalogue is not up to date with its topic."""
    from healthtopics.workbench.catalogues import template_for

    template, _header = template_for(overview, sheet.language, Path(sheet.path).stem)
    live = {(entry.msgctxt, entry.msgid) for entry in sheet.file if not entry.obsolete}
    if live != {(message.key.msgctxt, message.key.msgid) for message in template}:
        yield Problem(
            check="catalogue-behind",
            path=sheet.path,
            message="the English has changed since the catalogue was updated.",
            hint="Run `healthtopics catalogue update`, so that nobody is paid for a text that is gone.",
        )


def _refuse_to_overwrite(files: "Mapping[Path, ExportedXliff]") -> None:
    """Raise BadParameter for files with other content, perhaps an agency's work."""
    there = [str(path) for path, each in files.items() if path.is_file() and path.read_bytes() != each.data]
    if there:
        raise typer.BadParameter(
            f"{', '.join(there)}: already there; it may be an agency's work. Nothing was written. "
            "Import it first, choose another --output, or write over it with --force."
        )


def _write_all(files: "Mapping[Path, ExportedXliff]", *, force: bool) -> None:
    if not force:
        _refuse_to_overwrite(files)
    for path, each in files.items():
        _write(path, each)
    if not files:
        typer.echo("Nothing is to be translated; nothing was written.")


def _write(path: Path, exported: "ExportedXliff") -> None:
    from healthtopics.storage.atomic import writing

    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_output(path, exported.data)
    typer.echo(f"{path}  {count(exported.units, 'message')}, {count(exported.words, 'word')}")


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="XLIFF files that an agency has sent back.")
    ],
    agency: Annotated[
        str,
        typer.Option(
            "--agency",
            metavar="NAME",
            help="Who sends them: where reviews are required, the translator; and the reviewer of what is "
            "signed-off, if healthtopics.toml lets that count.",
        ),
    ] = "the agency",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be imported; write nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing at all if anything was refused.")
    ] = False,
    workspace: options.Workspace = None,
) -> None:
    """Take translations from XLIFF files into the catalogues.

    What cannot be taken is reported line by line.

    Examples:
    healthtopics catalogue import from-agency/asthma.es.xlf   # take it
    healthtopics catalogue import asthma.xlf --dry-run        # only look
    """
    from healthtopics.storage.workspace import write_file

    opened = workspace_at(workspace)
    catalogues = _catalogues(opened)
    texts: dict[str, bytes] = {}
    merged: list[tuple[str, Joined]] = []
    problems: list[Problem] = []
    languages = opened.configuration.languages
    signers = {tag: agency for tag, policy in languages.items() if policy.signed_off_is_reviewed}
    translators = {tag: agency for tag, policy in languages.items() if policy.review == "required"}
    for file in files:
        for original, result in _merge(file, catalogues, texts, problems, signers, translators):
            texts[original] = result.data
            merged.append((original, result))
            problems += result.problems
    is_kept = dry_run or (strict and has_errors(problems))
    for original in {} if is_kept else texts:
        _tag, was = catalogues[original]
        write_file(opened, original, texts[original], was=was)
    rows = [
        {
            "path": original,
            "taken": each.taken,
            "unchanged": each.unchanged,
            "untranslated": each.untranslated,
            "noted": each.noted,
        }
        for original, each in merged
    ]
    current().answer(written=not is_kept, catalogues=rows)
    _print(merged, problems, is_written=not is_kept)
    if has_errors(problems):
        raise typer.Exit(EXIT_PROBLEMS)


def _print(merged: "Sequence[tuple[str, Joined]]", problems: Sequence[Problem], *, is_written: bool) -> None:
    print_problems(problems)
    for original, each in merged:
        typer.echo(
            f"{original}  {count(each.taken, 'translation')} taken, {each.unchanged:,} unchanged, "
            f"{each.untranslated:,} not translated"
        )
    found = tally(problems).capitalize() if problems else "Nothing was refused"
    is_taken = any(each.taken for _original, each in merged)
    after = " Next: `healthtopics catalogue check`." if is_taken else ""
    typer.echo(f"{found}.{after if is_written else ' Nothing was written.'}")


def _catalogues(workspace: "Workspace") -> dict[str, tuple[LanguageTag, bytes]]:
    """Return every catalogue of the workspace by its path, which XLIFF files refer to."""
    from healthtopics.layout import catalogue_path
    from healthtopics.storage.workspace import read_catalogue_files

    return {
        catalogue_path(tag, name): (tag, data)
        for tag in workspace.configuration.languages
        if tag != SOURCE
        for name, data in read_catalogue_files(workspace, tag).items()
    }


def _merge(
    file: Path,
    catalogues: Mapping[str, tuple[LanguageTag, bytes]],
    texts: Mapping[str, bytes],
    problems: list[Problem],
    signers: Mapping[LanguageTag, str],
    translators: Mapping[LanguageTag, str],
) -> "Iterator[tuple[str, Joined]]":
    """Yield each catalogue merged with translations of the file, whose faults are added to `problems`.

    `texts` holds the catalogues that files before this one have changed, `signers` whom signed-off
    translations count as reviewed by, `translators` whom comments name as the translator.
    """
    from healthtopics.catalogues import xliff, xliff_merging

    try:
        parts = xliff.parse(read_input(file), str(file))
    except DataError as error:
        problems += error.problems
        return
    for part in parts:
        if part.original not in catalogues:
            problems.append(
                Problem(
                    check="xliff-catalogue",
                    path=str(file),
                    line=part.line,
                    message=f"there is no catalogue {part.original!r} in this workspace.",
                    hint="Nothing of it is taken. Was it exported from here, and its “original” kept?",
                )
            )
            continue
        language, data = catalogues[part.original]
        wrong = xliff_merging.check_languages(part, language, str(file))
        problems += wrong
        if wrong:
            continue
        try:
            now = clock.now()
            before = texts.get(part.original, data)
            signer, translator = signers.get(language, ""), translators.get(language, "")
            yield (
                part.original,
                xliff_merging.merge(before, part, str(file), now, signed_off=signer, agency=translator),
            )
        except DataError as error:
            problems += error.problems
