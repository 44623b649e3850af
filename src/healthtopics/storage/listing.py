"""What a workspace holds: listed once, and read without waiting.

`glob` hides errors: a folder that cannot be listed looks like an empty one, and all in it would be withdrawn.
A file that was listed is never taken for absent: if it cannot be read, the command ends.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from healthtopics.errors import DataError, HealthTopicsError, StorageError, UnusablePathError, refusal
from healthtopics.layout import CATALOGUES, LOCALES, TOPICS, TWINS, VOCABULARY, WORDS
from healthtopics.problems import Problem, has_surrogates, printable

_GLOSSARY: Final = "glossary.json"
_KNOWN_WORDS: Final = "words.txt"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(_\w+)*")
"""The name of a language's folder; beside them people keep files such as README or weblate.json."""
MOST_BYTES: Final = 8 * 2**20
"""The largest file of one topic; a long one has some 200 kB. What is faulty takes up to forty times its size
in memory while it is examined."""
MOST_SHARED: Final = 256 * 2**20
"""The largest file that topics share, which grows with them: of 10,000, twins.json has some 45 MB and the
state of an import 104 MB."""
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class LocaleFolder:
    """The files of one language, whether it is configured or not."""

    catalogues: Mapping[str, str]
    """By name, sorted: what is there instead of a file, for example "a pipe"; empty for a file."""
    has_glossary: bool = False
    has_known_words: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The names of the files in a workspace at one moment.

    Hidden files, which editors and systems leave there, are left out.
    """

    topics: tuple[str, ...]
    vocabularies: tuple[str, ...]
    locales: Mapping[str, LocaleFolder]
    """By the name of the folder, sorted."""
    has_twins: bool
    unfit: tuple[Problem, ...] = ()
    """What is wrong with files that are not listed: their names, their sizes, or that they cannot be read."""


def list_files(folder: Path, *, is_judged: bool = False) -> Listing:
    """List the files of a workspace.

    Raises DataError with every name that is not UTF-8 or has characters that nobody sees, and every file that
    is too large or cannot be read; if the workspace `is_judged`, the others are listed. Raises
    UnusablePathError or StorageError if a folder cannot be listed.
    """
    problems: list[Problem] = []

    def is_fit(inside: str, entry: os.DirEntry[str]) -> bool:
        path = f"{inside}/{entry.name}".removeprefix("./")
        if not entry.name.isprintable():
            found = [_unfit_name(inside, entry.name)]
        else:
            found = [*_too_large(path, _size(entry), most_bytes(path)), *_unreadable(path, entry)]
        problems.extend(found)
        return not found

    def names(inside: str, suffix: str = "") -> Iterator[os.DirEntry[str]]:
        return (entry for entry in _entries(folder / inside, suffix) if is_fit(inside, entry))

    def has(inside: str, name: str) -> bool:
        return any(entry.name == name for entry in _entries(folder / inside, name) if is_fit(inside, entry))

    def stems(inside: str) -> tuple[str, ...]:
        return tuple(entry.name.removesuffix(".json") for entry in names(inside, ".json"))

    topics, vocabularies = stems(TOPICS), stems(VOCABULARY)
    locales = {}
    for locale in _entries(folder / LOCALES):
        if not _is(locale.is_dir):
            _refuse_lost_language(Path(locale))
            continue
        inside = f"{LOCALES}/{locale.name}"
        catalogues = {
            entry.name.removesuffix(".po"): "" if _is(entry.is_file) else kind_of(Path(entry))
            for entry in names(f"{inside}/{CATALOGUES}", ".po")
        }
        found = LocaleFolder(catalogues, has(inside, _GLOSSARY), has(inside, _KNOWN_WORDS))
        if locale.name.isprintable():
            locales[locale.name] = found
        elif found != LocaleFolder({}):
            problems.append(_unfit_name(LOCALES, locale.name))
    has_twins = has(".", TWINS)
    if problems and not is_judged:
        raise DataError(problems)
    return Listing(topics, vocabularies, locales, has_twins, tuple(problems))


def _refuse_lost_language(path: Path) -> None:
    """Raise UnusablePathError if something other than a folder is where the catalogues of a language are due.

    To take it for a language without catalogues would withdraw every edition.
    """
    if _LANGUAGE.fullmatch(path.name):
        raise UnusablePathError(
            f"{printable(str(path))}: is not a folder, or a link that leads nowhere. The catalogues of "
            "a language are due here: restore the folder, or remove this."
        )


def _entries(folder: Path, suffix: str = "") -> list[os.DirEntry[str]]:
    """Return what is in a folder, sorted, without hidden files; nothing if there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            found = [each for each in entries if each.name.endswith(suffix) and not each.name.startswith(".")]
    except FileNotFoundError as error:
        if folder.is_symlink():
            raise unreadable(folder, error) from error
        return []
    except OSError as error:
        raise unreadable(folder, error) from error
    return sorted(found, key=lambda each: each.name)


def kind_of(path: Path) -> str:
    """Return what is there instead of a file, for example "a pipe"; empty for a file."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if path.is_symlink():
            return "a link that leads nowhere"
        raise unreadable(path, error) from error
    return _words(mode)


def _words(mode: int) -> str:
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "")


def _is(kind: Callable[[], bool]) -> bool:
    """Return whether an entry is of a kind; a link that leads to itself is of none."""
    try:
        return kind()
    except OSError:
        return False


def _unfit_name(folder: str, name: str) -> Problem:
    is_utf_8 = not has_surrogates(name)
    shown = printable(name) if is_utf_8 else os.fsencode(name).decode("utf-8", "backslashreplace")
    return Problem(
        check="file-name-control" if is_utf_8 else "file-name-encoding",
        path=f"{folder}/{printable(shown)}",
        message="the name of the file has characters that nobody sees."
        if is_utf_8
        else "the name of the file is not UTF-8.",
        hint="Rename it: topics and languages have names of ASCII characters.",
    )


def _size(entry: os.DirEntry[str]) -> int:
    """Return the size of a file; 0 if the system does not say, which is reported when the file is read."""
    try:
        return entry.stat().st_size
    except OSError:
        return 0


def most_bytes(path: str) -> int:
    """Return how large the file at a path in a workspace may be."""
    folder, _, name = path.rpartition("/")
    is_of_one_topic = folder == TOPICS or (
        folder.endswith(f"/{CATALOGUES}") and name.removesuffix(".po") not in WORDS
    )
    return MOST_BYTES if is_of_one_topic else MOST_SHARED


def _unreadable(path: str, entry: os.DirEntry[str]) -> Iterator[Problem]:
    """Yield a problem if something else is in place of a file, or if it may not be read.

    What is in place of a catalogue is in the listing, and reported with the catalogues.
    """
    kind = "" if path.endswith(".po") or _is(entry.is_file) else kind_of(Path(entry))
    if kind or (_is(entry.is_file) and not os.access(entry, os.R_OK, effective_ids=True)):
        yield Problem(
            check="file-unreadable",
            path=path,
            message=f"is {kind}, not a file." if kind else "may not be read: permission denied.",
            hint="Remove it, or put the file in its place: from version control, if it is there."
            if kind
            else "Let the user who runs this read the file.",
        )


def _too_large(path: str, size: int, most: int) -> Iterator[Problem]:
    if size > most:
        advice = ": a long topic has some 200,000 bytes" if most == MOST_BYTES else ""
        yield Problem(
            check="file-too-large",
            path=path,
            message=f"the file has {size:,} bytes, more than {most:,}.",
            hint=f"Divide it, or restore it{advice}.",
        )


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file.

    Raises UnusablePathError or StorageError if it cannot be read, DataError if it has more than `most` bytes.

    What is not a file is refused at once: reading a pipe would wait for its other end, and to open a device
    can do anything.
    """
    try:
        _refuse_others(path, path.stat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            _refuse_others(path, os.fstat(descriptor).st_mode)
            data = file.read(most + 1)
            size = os.fstat(descriptor).st_size
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > most:
        raise DataError([*_too_large(printable(path.name), size, most)])
    return data


def _refuse_others(path: Path, mode: int) -> None:
    """Raise UnusablePathError unless it is the mode of a file."""
    if words := _words(mode):
        raise UnusablePathError(
            f"{printable(str(path))}: cannot be read: it is {words}, not a file. "
            "Put a file in its place, or remove it."
        )


def unreadable(path: Path, error: OSError) -> HealthTopicsError:
    """Return the error for what was listed and cannot be read: whether it helps to run the command again."""
    shown = printable(str(path))
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return UnusablePathError(
                f"{shown}: cannot be read: the link leads nowhere. Restore what it leads to, or remove it."
            )
        return StorageError(f"{shown}: it was removed while the workspace was read. Run this again.")
    return refusal(error, f"{shown}: cannot be read ({error.strerror}).")
