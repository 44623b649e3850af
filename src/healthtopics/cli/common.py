"""What commands share: the opened workspace, and how results are shown."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from difflib import get_close_matches
from pathlib import Path
from shutil import get_terminal_size, which
from textwrap import wrap
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import typer

from healthtopics.cli.exits import REPAIR
from healthtopics.cli.log import log_message
from healthtopics.cli.run import current
from healthtopics.errors import (
    HealthTopicsError,
    InvalidConfigurationError,
    JsonTextError,
    NoCurrentReleaseError,
    ReleaseError,
    UnusablePathError,
    refusal,
)
from healthtopics.language import LanguageTag, parse_language

if TYPE_CHECKING:
    from healthtopics.configuration import Configuration
    from healthtopics.layout import Files
    from healthtopics.network.pull import PullResult
    from healthtopics.publishing.overview import Overview
    from healthtopics.publishing.values import Engine, Maker
    from healthtopics.publishing.withdrawals import Permission
    from healthtopics.storage.local import LocalStore
    from healthtopics.storage.workspace import Workspace
    from healthtopics.workers import Progress

_PATIENCE_S: Final = 2.0
"""Work that is finished sooner shows no progress bar."""


def workspace_at(folder: Path | None) -> "Workspace":
    """Open the workspace that the user names, or the one around the current folder.

    A command that judges opens one with a faulty configuration, too.
    """
    from healthtopics.storage.workspace import find_workspace, open_workspace

    found = folder.resolve() if folder else find_workspace(Path.cwd())
    current().workspace = found
    return open_workspace(found, is_judged=current().is_judging)


def name_in_git(folder: Path) -> str:
    """Return the name that git writes into commits there; empty if it knows none."""
    import subprocess

    git = which("git")
    if git is None:
        return ""
    asked = subprocess.run(  # noqa: S603 - git itself
        [git, "config", "user.name"], cwd=folder, check=False, capture_output=True
    )
    return asked.stdout.decode("utf-8", "replace").strip()


def overview_of(workspace: "Workspace", names: Sequence[str] | None = None) -> "Overview":
    """Read and judge the whole workspace, or some of its topics; raises as `look_at` does."""
    from healthtopics.publishing.overview import look_at

    with work_on(workspace, "Reading") as work:
        return look_at(*work, names)


class OpenWorkspace(NamedTuple):
    """An open workspace, and the engine to work with."""

    files: "Files"
    maker: "Maker"
    engine: "Engine"
    """Processes, one for each processor, started at the first task; the cache; a progress bar."""


@contextmanager
def work_on(
    workspace: "Workspace", label: str, *, no_cache: bool = False, exports: bool = False
) -> Iterator[OpenWorkspace]:
    """Open a workspace for work; the label is that of the progress bar.

    With `exports`, topics that are judged and then exported are translated once.
    """
    from io import BytesIO

    from healthtopics.cache import NO_CACHE
    from healthtopics.publishing.values import Engine
    from healthtopics.storage import software
    from healthtopics.storage.cache import WorkspaceCache
    from healthtopics.storage.processes import Processes
    from healthtopics.storage.scratch import open_spool, scratch_folder, temporary_folder
    from healthtopics.storage.workspace import read_files

    cache = NO_CACHE if no_cache else WorkspaceCache(workspace.folder)
    with (
        scratch_folder() if exports else nullcontext(NO_CACHE) as scratch,
        progress_bar(label) as progress,
        Processes() as executor,
    ):
        engine = Engine(
            executor=executor,
            cache=cache,
            scratch=scratch,
            spool=BytesIO if scratch is NO_CACHE else open_spool,
            folder=temporary_folder,
            progress=progress,
        )
        files = read_files(workspace, is_judged=exports or current().is_judging)
        yield OpenWorkspace(files, software.maker(), engine)


def store_at(folder: Path | None, workspace: Path | None) -> "LocalStore":
    """Open the store that the user names; by default, the one in the workspace."""
    from healthtopics.storage.local import LocalStore

    store = LocalStore(folder or workspace_at(workspace).folder / "exports")
    current().store = store
    return store


def advice_for(store: "LocalStore") -> str:
    """Return what makes damaged files of a store whole again: in a copy, what made the copy."""
    from healthtopics.storage.copies import copy_in

    try:
        copy = copy_in(store)
    except HealthTopicsError as error:  # what a copy knows of itself is damaged, too
        return str(error)
    return copy.advice(str(store.folder)) if copy else REPAIR


def workspace_and_store(
    workspace: Path | None, exports: Path | None, mode: str
) -> "tuple[Workspace, LocalStore]":
    """Open a workspace and the publisher's own store; a copy is refused, also outside a workspace."""
    from healthtopics.storage.copies import refuse_copy
    from healthtopics.storage.local import LocalStore

    permissions = mode_of(mode)
    if exports:
        refuse_copy(LocalStore(exports))
    opened = workspace_at(workspace)
    store = LocalStore(exports or opened.folder / "exports", permissions)
    refuse_copy(store)
    return opened, store


def mode_of(text: str) -> int:
    """Return the permissions that the user names, octal, for files that are written."""
    if not re.fullmatch("0?[67][0-7][0-7]", text):
        raise typer.BadParameter(
            f"--mode: {text!r} is not a mode like 0644 with which you can read and write."
        )
    return int(text, 8)


def service_at(url: str) -> str:
    """Return the address of a service that the user names; report every request that is tried again."""
    from stamina.instrumentation import RetryDetails, set_on_retry_hooks

    from healthtopics.network.fetching import ATTEMPTS, base_of, reason_of

    try:
        base = base_of(url)
    except ReleaseError as error:
        raise typer.BadParameter(str(error)) from None

    def log_retry(details: RetryDetails) -> None:
        attempt = f"attempt {details.retry_num + 1} of {ATTEMPTS}"
        log_message(f"{base}: {reason_of(details.caused_by)}; trying again, {attempt}.")

    set_on_retry_hooks([log_retry])
    return base


def members_of(result: "PullResult") -> dict[str, Any]:
    """Return what programs read about a release that was fetched."""
    return {
        "release": result.number,
        "sequence": result.sequence,
        "manifest": result.manifest,
        "fetched": result.fetched,
        "reused": result.reused,
        "bytes": result.bytes,
    }


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print columns that a person can read and `awk` can cut; numbers are on the right.

    On a terminal that is too narrow for them, long words are wrapped; where even that does not help, each row
    is a paragraph.
    """
    lines = list(table_lines(heads, rows))
    if sys.stdout.isatty() and max(map(len, lines)) > (columns := get_terminal_size().columns):
        lines = list(_narrow_lines(heads, rows, columns))
    for line in lines:
        typer.echo(line)


def _narrow_lines(heads: Sequence[str], rows: Sequence[Sequence[object]], columns: int) -> Iterator[str]:
    """Yield a table in lines of so many columns at most, as far as its words allow."""
    cells = [list(heads), *([str(cell) for cell in row] for row in rows)]
    longest = [
        max(len(word) for cell in column for word in [*cell.split(), ""])
        for column in zip(*cells, strict=True)
    ]
    if sum(longest) + 2 * (len(heads) - 1) <= columns:
        from rich.console import Console
        from rich.table import Table

        table = Table(*heads, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        for row in cells[1:]:
            table.add_row(*row)
        console = Console(width=columns, color_system=None, markup=False, highlight=False)
        with console.capture() as captured:
            console.print(table)
        yield from (line.rstrip() for line in captured.get().splitlines())
        return
    for row in cells[1:]:
        facts = (f"{head} {cell}".strip() for head, cell in zip(heads[1:], row[1:], strict=True) if cell)
        text = f"{row[0]}: {', '.join(facts)}"
        yield from wrap(
            text, columns, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a table as `print_table` prints them."""
    cells = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [bool(rows) and all(isinstance(row[at], int) for row in rows) for at in range(len(heads))]
    for line in cells:
        padded = (
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, right, strict=True)
        )
        yield "  ".join(padded).rstrip()


def read_input(path: Path) -> bytes:
    """Read a file that the user names: a usage error if there is none.

    Raises what `refusal` returns if the system refuses it.
    """
    with reading_input(path):
        return path.read_bytes()


@contextmanager
def reading_input(name: object) -> Iterator[None]:
    """Say what is wrong with a file that the user names, as `read_input` does."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise typer.BadParameter(f"{name}: {error.strerror}.") from None
    except OSError as error:
        raise refusal(error, f"{name}: cannot be read ({error.strerror}).") from error


def write_output(path: Path, data: bytes) -> None:
    """Write the file that the user names, all of it or nothing.

    A missing folder, or a folder in the file's place, is a usage error; raises as `writing` does if the
    disk refuses.
    """
    from healthtopics.storage.workspace import replace_file

    try:
        replace_file(path, data)
    except UnusablePathError as error:
        match error.__cause__:
            case FileNotFoundError() | NotADirectoryError() | IsADirectoryError() as wrong:
                raise typer.BadParameter(f"{path}: {wrong.strerror}.") from None
        raise


def known_topics(wanted: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    """Return the topics that the user names, by their ids or files; an unknown one is a usage error."""
    named = [_topic_of(word) for word in wanted or ()]
    unknown = [topic for topic in named if topic not in known]
    if unknown and unknown[0].endswith(".po"):
        raise typer.BadParameter(
            f"{unknown[0]!r} is a file, not a topic. Name the topic without .po, or use --file."
        )
    if unknown:
        raise typer.BadParameter(
            f"there is no topic {', '.join(map(repr, unknown))}. {_nearest(unknown[0], known)}"
        )
    return named or list(known)


def _topic_of(word: str) -> str:
    """Return the topic of a file `topics/<id>.json`, and any other word as it is."""
    from healthtopics.layout import TOPICS

    path = Path(word)
    return path.stem if path.suffix == ".json" and path.parent.name == TOPICS else word


def known_release(number: int, known: Sequence[int]) -> None:
    """Check a number that the user names; an unknown one is a usage error."""
    if number not in known:
        raise typer.BadParameter(
            f"there is no release {number}. There are: {', '.join(map(str, known)) or 'none yet'}."
        )


def permission_for(
    values: Sequence[str] | None, configuration: "Configuration", store: "LocalStore"
) -> "Permission":
    """Return what the user permits to withdraw.

    Anything but a number of topics, and a language or a format that the last release or the configuration
    has, is a usage error.
    """
    from healthtopics.publishing.withdrawals import Permission
    from healthtopics.release import open_current

    permission = Permission.of(values or ())
    known = {*configuration.all_languages, *configuration.formats}
    try:
        if permission.names - known:
            last = open_current(store).manifest
            known |= {*last.languages, *(each.format for each in last.files.values())}
    except NoCurrentReleaseError:
        pass
    except (ReleaseError, JsonTextError):  # damaged: the command itself reports that
        return permission
    for value in values or ():
        if value not in known and not (value.isdecimal() and int(value) >= 1):
            raise typer.BadParameter(
                f"--allow-withdrawals: {value!r} is not a number of topics, and no language or format of the "
                f"last release or of healthtopics.toml. There are: {', '.join(sorted(known))}."
            )
    return permission


def sound_topics(wanted: Sequence[str] | None, overview: "Overview") -> list[str]:
    """Return the named topics that could be read, or all but drafts; an unknown one is a usage error."""
    if not wanted:
        return list(overview.finished)
    return [name for name in known_topics(wanted, list(overview.decided)) if name in overview.topics]


def languages_of(
    workspace: "Workspace", wanted: str | None, *, has_source: bool = False
) -> list[LanguageTag]:
    """Return the languages that the user names; an unknown one is a usage error.

    `has_source` says whether the source language is one of them.
    Raises InvalidConfigurationError if faults of the configuration may be why a language is unknown.
    """
    configuration = workspace.configuration
    known = list(configuration.all_languages if has_source else configuration.languages)
    if wanted is None:
        return known
    if wanted not in known and workspace.faults:
        raise InvalidConfigurationError(workspace.faults)
    if wanted not in known:
        try:
            message = f"language {parse_language(wanted)!r} is not in healthtopics.toml."
        except ValueError as error:
            message = str(error)
        raise typer.BadParameter(f"{message} Configured: {', '.join(known)}.")
    return [tag for tag in known if tag == wanted]


def language_named(tag: str) -> LanguageTag:
    """Return the language that the user names; a nonexistent one is a usage error."""
    from healthtopics.catalogues.languages import known_language

    try:
        return known_language(tag)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _nearest(wrong: str, right: Sequence[str]) -> str:
    near = get_close_matches(wrong, right, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    few = ", ".join(right[:10]) + (", …" if len(right) > 10 else "")
    return f"There are: {few}." if right else "There are none yet."


@contextmanager
def progress_bar(label: str, *, clock: Callable[[], float] = monotonic) -> Iterator["Progress"]:
    """Show a progress bar on a terminal once the work has taken two seconds; elsewhere show nothing."""
    started = clock()
    with ExitStack() as shown:
        bars: list[Progress] = []

        def progress(done: int, total: int) -> None:
            if not bars and clock() - started >= _PATIENCE_S:
                bars.append(_show_bar(label, shown))
            for update in bars:
                update(done, total)

        yield progress if sys.stderr.isatty() else lambda _done, _total: None


def _show_bar(label: str, shown: ExitStack) -> "Progress":
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = shown.enter_context(Bar(console=Console(stderr=True), transient=True))
    task = bar.add_task(label, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total)
