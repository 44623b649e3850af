"""`healthtopics catalogue set`, `review`, `ask`, `answer`, `dismiss`: change single entries."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from healthtopics.cli import clock, completing, options
from healthtopics.cli.common import known_topics, languages_of, name_in_git, workspace_at
from healthtopics.cli.exits import EXIT_PROBLEMS, count
from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import current
from healthtopics.errors import CatalogueError
from healthtopics.problems import excerpt

if TYPE_CHECKING:
    from healthtopics.catalogue import Key
    from healthtopics.catalogues.editing import Change, EditableEntry
    from healthtopics.problems import Problem
    from healthtopics.storage.workspace import Workspace

_MOST: Final = 10
"""The number of entries that are listed where a name is ambiguous."""
_Name = Annotated[
    str,
    typer.Argument(
        metavar="CATALOGUE",
        help="The id of a topic, `vocabulary` or `interface`.",
        autocompletion=completing.catalogues,
    ),
]
_HOW: Final = (
    "its kind (`title`), its place (`/sections/overview/heading`), its English or how that begins, or its "
    "line, as `check` prints it"
)
_Entry = Annotated[str, typer.Option("--entry", metavar="ENTRY", help=f"The entry: {_HOW}.")]
_Entries = Annotated[
    list[str] | None, typer.Option("--entry", metavar="ENTRY", help=f"An entry, repeatable: {_HOW}.")
]


def _said(value: str | None) -> str | None:
    """Refuse what is given and empty: nobody could use such a comment."""
    if value is not None and not value.strip():
        raise typer.BadParameter("it is empty.")
    return value


_By = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Your name; without it, the `user.name` of git.",
        callback=_said,
    ),
]


def set_(
    catalogue: _Name,
    text: Annotated[
        str, typer.Argument(metavar="TRANSLATION", help=r"The translation; `\n` begins a new line.")
    ],
    entry: _Entry,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="NAME",
            help="Your name, for the header: Ana Ruiz <ana@clinic.org>; without it, the `user.name` of git.",
            callback=_said,
        ),
    ] = None,
    was: Annotated[
        str | None,
        typer.Option("--was", metavar="TRANSLATION", help="Write only if this is still the translation."),
    ] = None,
    fuzzy: Annotated[bool, typer.Option("--fuzzy", help="It needs work: it is not published.")] = False,
    language: options.Language = None,
    workspace: options.Workspace = None,
) -> None:
    """Write the translation of one entry.

    Only its lines change, and in the header of the file the date and the translator, who is nobody if no name
    is known. A translation that is replaced is shown, and so is what the checks find in the new one.

    Examples:
    healthtopics catalogue set fever Fiebre -l es --entry title --by "Ana Ruiz"     # confirmed
    healthtopics catalogue set fever "Tome 20 mg." -l es --entry "Take 20" --fuzzy   # needs work
    """
    from healthtopics.catalogues.editing import sign, translate_as
    from healthtopics.catalogues.po_header import header_date

    now = clock.now()
    place = _place(workspace, catalogue, language)
    by = by or name_in_git(place.workspace.folder)
    expected = None if was is None else _text(was)
    if place.is_reviewed and not by:
        raise typer.BadParameter("--by: reviewers of this language need to know who the translator is.")
    change = translate_as(_text(text), is_fuzzy=fuzzy, by=by or "", day=_day(), is_marked=place.is_reviewed)
    found = _entries(place, [entry])
    written = _change(
        place,
        found,
        change,
        expected=expected,
        finish=lambda data: sign(data, place.path, header_date(now), by or "", is_marked=place.is_reviewed),
    )
    if written != place.data:
        print_problems(_findings(place, written, [each.key for each in found]))


def review(
    catalogue: _Name,
    entry: _Entries = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All translations of the catalogue that are not fuzzy.")
    ] = False,
    by: _By = None,
    translator: Annotated[
        str | None,
        typer.Option(
            "--translator",
            metavar="NAME",
            help="Who translated them, where the file does not say it; a comment then says so.",
            callback=_said,
        ),
    ] = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
) -> None:
    """Mark translations as read by a second person.

    Not by who translated them last. The mark holds until either text changes. With --all, entries that this
    person cannot review are left out and counted.

    Examples:
    healthtopics catalogue review fever -l es --entry title --by "Dr. Ana Ruiz"   # one entry
    healthtopics catalogue review fever -l es --all --by "Dr. Ana Ruiz"           # all of the topic
    """
    from healthtopics.catalogues.editing import last_translator
    from healthtopics.catalogues.editing import review as reviewing

    if bool(entry) == everything:
        raise typer.BadParameter("name the entries with --entry, or review all of them with --all.")
    place = _place(workspace, catalogue, language)
    found = _entries(place, entry or ())
    if everything:
        found = [each for each in found if each.msgstr and not each.is_fuzzy and each.review is None]
    change = reviewing(
        _known(by, place),
        _day(),
        last_translator(place.data, place.path),
        translator=translator or "",
        is_required=place.is_reviewed,
    )
    _change(place, found, change, leaves_out_refused=everything)


def ask(
    catalogue: _Name,
    text: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know.", callback=_said)],
    entry: _Entry,
    by: _By = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
) -> None:
    """Ask about one entry.

    The question is a comment in the file, which everybody sees who translates.

    Examples:
    healthtopics catalogue ask fever "Which fever?" -l es --entry title --by "Ana Ruiz"   # the title
    """
    from healthtopics.catalogues.editing import ask as asking

    place = _place(workspace, catalogue, language)
    _change(place, _entries(place, [entry]), asking(_known(by, place), _day(), text))


def answer(
    catalogue: _Name,
    text: Annotated[str, typer.Argument(metavar="ANSWER", help="What you reply.", callback=_said)],
    entry: _Entry,
    by: _By = None,
    question: Annotated[
        int | None,
        typer.Option("--question", metavar="N", min=1, help="Which question, if several are open; from 1."),
    ] = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
) -> None:
    """Answer the question about one entry.

    `healthtopics catalogue questions` lists them.

    Examples:
    healthtopics catalogue answer fever "Any of them." -l es --entry title --by "Li Wei"   # the title
    """
    from healthtopics.catalogues.editing import answer as answering

    place = _place(workspace, catalogue, language)
    number = None if question is None else question - 1
    _change(place, _entries(place, [entry]), answering(_known(by, place), _day(), text, number))


def dismiss(
    catalogue: _Name,
    checks: Annotated[
        list[str], typer.Argument(metavar="CHECK", help="Ids of checks, as findings name them.")
    ],
    entry: _Entry,
    by: _By = None,
    language: options.Language = None,
    workspace: options.Workspace = None,
) -> None:
    """Dismiss findings about one entry that are wrong.

    For the two texts as they are: when either changes, the entry is checked again. Who dismissed it, and
    when, is in the file beside the dismissal.

    Examples:
    healthtopics catalogue dismiss fever length-ratio -l es --entry title --by "Ana Ruiz"   # the title
    """
    from healthtopics.catalogues.editing import dismiss as dismissing
    from healthtopics.checks.dismissal import check_dismissal_comment
    from healthtopics.checks.table import installed_checks

    for fault in check_dismissal_comment(f"lint-ignore: {', '.join(checks)}", installed_checks()):
        raise typer.BadParameter(f"{fault.message} {fault.hint}")
    place = _place(workspace, catalogue, language)
    entries = _entries(place, [entry])
    found = {each.check for each in _findings(place, place.data, [each.key for each in entries])}
    if strange := sorted({*checks} - found):
        known = ", ".join(sorted(found)) or "none"
        raise typer.BadParameter(f"{strange[0]}: there is no such finding in this entry. There are: {known}.")
    _change(place, entries, dismissing(checks, _known(by, place), _day()))


# ── what they share ──────────────────────────────────────────────────────────────────────────────────────


class _Place(NamedTuple):
    """One catalogue as it was read."""

    workspace: "Workspace"
    path: str
    data: bytes
    is_reviewed: bool
    """Whether its edition waits for reviews."""


def _place(folder: Path | None, catalogue: str, language: str | None) -> _Place:
    from healthtopics.layout import WORDS, catalogue_path
    from healthtopics.storage.workspace import read_bytes, read_files

    opened = workspace_at(folder)
    tags = languages_of(opened, language)
    if len(tags) != 1:
        raise typer.BadParameter(f"name the language with --language: {', '.join(tags)}.")
    files = read_files(opened)
    known = dict.fromkeys([*files.topic_names(), *WORDS, *files.catalogue_names(tags[0])])
    (name,) = known_topics([catalogue], list(known))
    path = catalogue_path(tags[0], name)
    data = read_bytes(opened, path)
    if data is None:
        raise typer.BadParameter(f"there is no {path}. Run `healthtopics catalogue update` first.")
    is_reviewed = opened.configuration.languages[tags[0]].review == "required"
    return _Place(opened, path, data, is_reviewed)


def _entries(place: _Place, names: Sequence[str]) -> "list[EditableEntry]":
    """Return the entries of these names, or all; a name of none, or of several, is a usage error."""
    from healthtopics.catalogues.editing import entries_in

    entries = entries_in(place.data, place.path)
    return [_one(place.path, entries, name) for name in names] if names else list(entries)


def _one(path: str, entries: "Sequence[EditableEntry]", name: str) -> "EditableEntry":
    from healthtopics.catalogues.editing import entries_named

    match entries_named(entries, name, path):
        case [entry]:
            return entry
        case []:
            raise typer.BadParameter(f"--entry: no entry of {path} is “{name}”. It is {_HOW}.")
        case found:
            shown = [f"  {path}:{each.line}  {_shown(each)}" for each in found[:_MOST]]
            more = [f"  … and {len(found) - _MOST} more"] if len(found) > _MOST else []
            lines = "\n".join([*shown, *more])
            raise typer.BadParameter(
                f"--entry: “{name}” may be {len(found):,} entries; name one of them:\n{lines}"
            )


def _shown(entry: "EditableEntry") -> str:
    place = entry.places[0].partition("#")[2] if entry.places else entry.key.msgctxt
    return f"{place}  “{excerpt(' '.join(entry.key.msgid.split()))}”"


def _known(by: str | None, place: _Place) -> str:
    """Return the name of who does it; a usage error if it is not known."""
    name = by or name_in_git(place.workspace.folder)
    if not name:
        raise typer.BadParameter("--by: write your name; git knows none here.")
    return name


def _change(
    place: _Place,
    entries: "Sequence[EditableEntry]",
    change: "Change",
    *,
    expected: str | None = None,
    finish: Callable[[bytes], bytes] = lambda data: data,
    leaves_out_refused: bool = False,
) -> bytes:
    """Change entries as they were read, unless somebody has changed their translations since.

    If `leaves_out_refused`, entries that do not permit the change stay as they are, and are counted. Returns
    the text of the file.
    """
    from healthtopics.catalogues.editing import change_entry, entries_in
    from healthtopics.storage.workspace import change_file

    refused: dict[Key, Problem] = {}

    def change_all(data: bytes) -> bytes:
        changed = data
        refused.clear()
        for each in entries:
            version = each.version if expected in (None, each.msgstr) else ""
            try:
                changed = change_entry(changed, place.path, each.key, change, version=version)
            except CatalogueError as error:
                (problem,) = error.problems
                if not leaves_out_refused or problem.check != "entry-refused":
                    raise
                refused[each.key] = problem
        return data if changed == data else finish(changed)

    written = change_file(place.workspace, place.path, change_all)
    is_changed = written != place.data
    entries = [each for each in entries if each.key not in refused]
    now = {each.key: each for each in entries_in(written, place.path)}
    lines = {each.key: now[each.key].line for each in entries}
    current().answer(
        path=place.path, entries=list(lines.values()) if is_changed else [], left_out=len(refused)
    )
    for reason, number in Counter(each.hint for each in refused.values()).items():
        typer.echo(f"{count(number, 'message')} left out. {reason}", err=True)
    if not is_changed:
        typer.echo("Nothing was changed.")
        if refused:
            raise typer.Exit(EXIT_PROBLEMS)
        return written
    for each in entries:
        typer.echo(f"{place.path}:{lines[each.key]}  “{excerpt(' '.join(each.key.msgid.split()))}”")
        if each.msgstr and now[each.key].msgstr != each.msgstr:
            typer.echo(f"  It was “{excerpt(' '.join(each.msgstr.split()))}”.")
    typer.echo(f"{count(len(entries), 'message')} changed.")
    return written


def _findings(place: _Place, data: bytes, keys: "Sequence[Key]") -> "list[Problem]":
    """Return what the checks find in some entries of the catalogue."""
    from healthtopics.catalogues.editing import entries_in
    from healthtopics.publishing.sources import surroundings_of
    from healthtopics.storage.workspace import read_files
    from healthtopics.translation.single_file import check_alone

    around = surroundings_of(read_files(place.workspace), Path(place.path).stem)
    spans = [each.lines for each in entries_in(data, place.path) if each.key in keys]
    problems = check_alone(data, place.path, around, keys).problems
    return [each for each in problems if any(first <= (each.line or 0) <= last for first, last in spans)]


def _day() -> str:
    return clock.now().date().isoformat()


def _text(words: str) -> str:
    return words.replace("\\n", "\n")
