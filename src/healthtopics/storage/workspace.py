"""A workspace on disk: reads all its files, writes catalogues back."""

import json
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from healthtopics.configuration import Configuration, JobSettings, LanguagePolicy, ServeSettings, add_language
from healthtopics.errors import ConfigurationError, InvalidConfigurationError, StorageError
from healthtopics.formats.table import DEFAULT, format_names
from healthtopics.language import LanguageTag, posix_locale
from healthtopics.layout import (
    CONFIGURATION,
    TWINS,
    VOCABULARY,
    catalogue_path,
    glossary_path,
    known_words_path,
    packaged_catalogue,
    packaged_glossary,
    packaged_vocabularies,
    topic_path,
    vocabulary_path,
)
from healthtopics.problems import Level, Problem, position_of
from healthtopics.schema import DATA
from healthtopics.storage.atomic import exchange, sweep, writing, written_beside
from healthtopics.storage.cache import lock_of
from healthtopics.storage.listing import Listing, LocaleFolder, list_files, most_bytes, read_file
from healthtopics.storage.locking import briefly_locked
from healthtopics.validation.configuration import check_configuration, valid_configuration


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with a healthtopics.toml."""

    folder: Path
    configuration: Configuration
    jobs: JobSettings = field(default_factory=JobSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    faults: tuple[Problem, ...] = ()
    """What is wrong with its configuration, if it was opened nevertheless, to be judged."""

    def judged(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the faults of the configuration, and problems of the rest that do not follow from them."""
        unclear = {"catalogue-without-language"} if self.faults else set()
        return [*self.faults, *(each for each in problems if each.check not in unclear)]


def find_workspace(start: Path) -> Path:
    """Return the nearest folder at or above `start` that has a healthtopics.toml.

    Raises ConfigurationError if there is none.
    """
    for folder in (start, *start.parents):
        if os.path.lexists(folder / CONFIGURATION):
            return folder
    raise ConfigurationError(
        f"{start}: no {CONFIGURATION} here or above. Name the workspace with --workspace. Run `healthtopics "
        "init` for a new one."
    )


def open_workspace(folder: Path, *, is_judged: bool = False, unsaved: bytes | None = None) -> Workspace:
    """Read the configuration; raises InvalidConfigurationError with everything that is wrong with it.

    If the workspace `is_judged`, only if there is nothing that its topics could be judged with. `unsaved` is
    what an editor has of the configuration. Raises ConfigurationError if there is none.
    """
    path = folder / CONFIGURATION
    if not os.path.lexists(path):
        raise ConfigurationError(
            f"{path}: there is no such file. Run `healthtopics init` for a new workspace."
        )
    data = read_file(path) if unsaved is None else unsaved
    return _with_configuration(folder, data, is_judged=is_judged)


def _with_configuration(folder: Path, data: bytes, *, is_judged: bool = False) -> Workspace:
    try:
        # As JSON, for which the schema is written: what JSON does not have, dates and nan, becomes strings.
        text = json.dumps(tomllib.loads(data.decode("utf-8")), default=str)
        document = json.loads(text, parse_constant=str)
    except UnicodeDecodeError as error:
        line, column = position_of(data, error.start)
        problem = Problem(
            check="configuration-toml",
            path=CONFIGURATION,
            line=line,
            column=column,
            message="the text is not UTF-8.",
            hint="Save the file as UTF-8.",
        )
        document, problems = {}, [problem]
    except tomllib.TOMLDecodeError as error:
        document, problems = {}, [_toml_problem(error)]
    else:
        problems = check_configuration(document, CONFIGURATION, format_names())
    if problems:
        document = valid_configuration(document, format_names()) if is_judged else None
        if document is None:
            raise InvalidConfigurationError(problems)
    return Workspace(
        folder,
        Configuration.from_dict(document, DEFAULT),
        JobSettings.from_dict(document),
        ServeSettings.from_dict(document),
        tuple(problems),
    )


_TOML_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
"""How the library ends its message, as only Python 3.14 gives the place by itself."""


def _toml_problem(error: tomllib.TOMLDecodeError) -> Problem:
    """Return what is wrong with the syntax, at its place in our form."""
    reason = str(error)
    place = _TOML_PLACE.search(reason)
    line, column = place.groups() if place else (None, None)
    return Problem(
        check="configuration-toml",
        path=CONFIGURATION,
        line=int(line) if line else None,
        column=int(column) if column else None,
        message=f"this is not valid TOML: {reason[: place.start()] if place else reason}.",
        hint="Fix the text around this place; a missing quotation mark or bracket is the usual cause."
        if line
        else "The file ends within a value; a missing quotation mark or bracket is the usual cause.",
        spec="https://toml.io/en/v1.0.0",
    )


def with_language(
    workspace: Workspace, language: LanguageTag, policy: LanguagePolicy
) -> tuple[Workspace, bytes]:
    """Return the workspace with one more language, and the text of its configuration; writes nothing.

    Raises ConfigurationError if the language, or this policy, cannot be added to the text.
    """
    path = workspace.folder / CONFIGURATION
    try:
        data = add_language(read_file(path).decode("utf-8"), language, policy).encode()
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: `languages` is not a table that can be added to. Write this into it by hand, "
            f"then run `healthtopics catalogue update`: {error}"
        ) from None
    return _with_configuration(workspace.folder, data), data


@dataclass(frozen=True, slots=True)
class WorkspaceFiles:
    """The files of a workspace as they were listed, read when needed; implements `publishing.Files`."""

    workspace: Workspace
    listing: Listing
    unsaved: Mapping[str, bytes] = field(default_factory=dict)
    """What an editor has of files and has not saved yet, by path."""

    @property
    def configuration(self) -> Configuration:
        """The configuration of the workspace."""
        return self.workspace.configuration

    def vocabularies(self) -> dict[str, bytes]:
        """Return the vocabularies by path: the packaged ones first, then the workspace's own."""
        own = map(vocabulary_path, self.listing.vocabularies)
        return {**packaged_vocabularies(), **{path: self._read(path) for path in own}}

    def shipped(self, language: LanguageTag, name: str = VOCABULARY) -> bytes | None:
        """Return a packaged catalogue of words."""
        return packaged_catalogue(language, name)

    def glossary(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own glossary of a language; None if there is none."""
        return self._read(glossary_path(language)) if self._locale(language).has_glossary else None

    def shipped_glossary(self, language: LanguageTag) -> bytes | None:
        """Return the packaged glossary of a language."""
        return packaged_glossary(language)

    def known_words(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own words that spelling accepts in a language; None if there are none."""
        return self._read(known_words_path(language)) if self._locale(language).has_known_words else None

    def twins(self) -> bytes | None:
        """Return the pages elsewhere that exist in several languages; None if there is no such file."""
        return self._read(TWINS) if self.listing.has_twins else None

    def topic_names(self) -> Sequence[str]:
        """Return the names of all topic files, readable or not."""
        return self.listing.topics

    def catalogue_names(self, language: LanguageTag) -> list[str]:
        """Return the names of all catalogue files of a language, readable or not."""
        return [name for name, kind in self._locale(language).catalogues.items() if not kind]

    def unreadable_catalogues(self, language: LanguageTag) -> dict[str, str]:
        """Return what is there instead of catalogues, by name, if not a file: "a pipe"."""
        return {name: kind for name, kind in self._locale(language).catalogues.items() if kind}

    def unfit(self) -> tuple[Problem, ...]:
        """Return what is wrong with files that are left out."""
        return self.listing.unfit

    def locales(self) -> list[str]:
        """Return the names of the folders of catalogues, including those not named after a language."""
        return [name for name, folder in self.listing.locales.items() if folder.catalogues]

    def topic(self, name: str) -> bytes:
        """Return the bytes of a topic."""
        return self._read(topic_path(name))

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        """Return the bytes of a catalogue; None if there is none."""
        is_file = not self._locale(language).catalogues.get(name, "missing")
        return self._read(catalogue_path(language, name)) if is_file else None

    def listed_again(self) -> "WorkspaceFiles":
        """Return the files as they are listed now."""
        return read_files(self.workspace, self.unsaved)

    def _locale(self, language: LanguageTag) -> LocaleFolder:
        return self.listing.locales.get(posix_locale(language), LocaleFolder({}))

    def _read(self, path: str) -> bytes:
        if (text := self.unsaved.get(path)) is not None:
            return text
        return read_file(self.workspace.folder / path, most_bytes(path))


def read_files(
    workspace: Workspace, unsaved: Mapping[str, bytes] | None = None, *, is_judged: bool = False
) -> WorkspaceFiles:
    """List the files of a workspace; nothing is read yet. Raises as `list_files` does.

    `unsaved` has what an editor has not saved yet of some of them, by path.
    """
    return WorkspaceFiles(workspace, list_files(workspace.folder, is_judged=is_judged), unsaved or {})


def read_catalogue_files(workspace: Workspace, language: LanguageTag) -> dict[str, bytes]:
    """Return the bytes of every catalogue of a language, by its name."""
    files = read_files(workspace)
    return {name: files.catalogue(language, name) or b"" for name in files.catalogue_names(language)}


def read_bytes(workspace: Workspace, path: str) -> bytes | None:
    """Return the bytes of one file of the workspace; None if there is none."""
    target = workspace.folder / path
    return read_file(target, most_bytes(path)) if target.is_file() else None


def write_file(workspace: Workspace, path: str, data: bytes, *, was: bytes | None) -> None:
    """Write one file of the workspace as `overwrite_file` does, while no other process of ours writes any."""
    target = workspace.folder / path
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with briefly_locked(lock_of(workspace.folder), target):
        overwrite_file(target, data, was=was, name=path)


def change_file(workspace: Workspace, path: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change one file of the workspace in one step, and return its new text.

    `change` gets what is there, and again if another program has saved something else before the result was
    written: so nobody's work is overwritten. It may raise to write nothing. Raises StorageError.
    """
    target = workspace.folder / path
    with briefly_locked(lock_of(workspace.folder), target):
        for _attempt in range(_ATTEMPTS):
            was = read_bytes(workspace, path)
            if was is None:
                raise StorageError(f"{path} is no longer there. Run this again.")
            data = change(was)
            if _has_replaced(target, data, was):
                return data
    raise StorageError(f"{path} is saved again and again by another program. Run this again.")


_ATTEMPTS: Final = 5


def overwrite_file(path: Path, data: bytes, *, was: bytes | None, name: str = "") -> None:
    """Write a file of an existing folder in one step over what was read from it, None for no file.

    If another program has saved something else in the meantime, that stays. `name` is what errors call the
    file. Raises StorageError.
    """
    if not _has_replaced(path, data, was):
        raise StorageError(
            f"{name or path} was saved while this was at work; it was left as it is. Run this again."
        )


def replace_file(path: Path, data: bytes) -> None:
    """Write a file of an existing folder in one step; an unchanged one is left alone.

    A link stays a link, and a file keeps its permissions. What is not a file (a pipe, a terminal) is written
    to directly. Raises StorageError.
    """
    target = path.resolve()
    with writing(path):
        if _content(target) == data:
            return
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        with _prepared(target, data) as file:
            file.replace(target)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


@contextmanager
def _prepared(target: Path, data: bytes) -> Iterator[Path]:
    """Write what is to replace a file, and flush it to the disk, with the same permissions."""
    sweep(target.parent)
    # Two containers on one volume may have processes of the same number.
    temporary = target.with_name(f".tmp-{secrets.token_hex(8)}")
    with written_beside(temporary, (data,)) as file:
        if target.is_file():
            shutil.copymode(target, file)
        yield file


def _has_replaced(path: Path, data: bytes, was: bytes | None) -> bool:
    """Write a file as `replace_file` does if it is what was read; return whether it was.

    Other programs know no lock of ours, so that the comparison is the last step: the new file takes the place
    of the old one, and if that turns out to be something else than what was read, it is put back. Where files
    cannot be exchanged (there is none yet, or the system has no such call), they are compared right before.
    """
    target = path.resolve()
    with writing(path):
        if _content(target) != was:
            return False
        if data == was:
            sweep(target.parent)  # what a run that was refused could not remove
            return True
        with _prepared(target, data) as file:
            if was is None or not _is_exchanged(file, target):
                if _content(target) != was:
                    return False
                file.replace(target)
                return True
            put, expected = data, was
            # Another program may save once more while its text is put back: then that comes out.
            while (found := file.read_bytes()) != expected:
                put, expected = found, put
                exchange(file, target)
            file.unlink()
            return put is data


def _is_exchanged(one: Path, other: Path) -> bool:
    try:
        exchange(one, other)
    except OSError:
        return False
    return True


_SCHEMAS: Final = ("topic", "vocabulary", "glossary", "twins", "configuration")


def schema_copies() -> dict[str, bytes]:
    """Return the schemas that editors use, by their paths in a workspace."""
    return {
        f".schema/{name}.schema.json": (DATA / "schema" / f"{name}.schema.json").read_bytes()
        for name in _SCHEMAS
    }


def check_schema_copies(workspace: Workspace) -> list[Problem]:
    """Return a warning if editors use schemas of another version; a workspace need not have copies."""
    kept = {path: (read_bytes(workspace, path), data) for path, data in schema_copies().items()}
    return [
        Problem(
            check="schema-outdated",
            level=Level.WARNING,
            path=path,
            message="this is not the schema of the installed version of healthtopics.",
            hint="Run `healthtopics init --update`, so that editors show what is valid today.",
        )
        for path, (data, current) in kept.items()
        if data not in (None, current)
    ]


_FEW: Final = 3
"""This many files that exist already are named."""


def refuse_existing(folder: Path, files: Mapping[str, bytes]) -> None:
    """Raise ConfigurationError if one of the files of a new workspace is there with another content.

    Those of a start that was stopped do not prevent the next one.
    """
    existing = [path for path, data in files.items() if _differs(folder / path, data)]
    if not existing:
        return
    named = sorted(existing)[:_FEW]
    more = f" and {len(existing) - _FEW} more" if len(existing) > _FEW else ""
    advice = (
        "It is a workspace already: `healthtopics init --update` renews its schemas."
        if CONFIGURATION in existing
        else "Name a folder that does not have them: `healthtopics init FOLDER`."
    )
    raise ConfigurationError(
        f"{folder}: the folder is not empty: {', '.join(named)}{more}. Nothing was written. {advice}"
    )


def _differs(path: Path, data: bytes) -> bool:
    """Return whether something else than these bytes is there."""
    if not path.is_file():
        return os.path.lexists(path)
    return path.stat().st_size != len(data) or path.read_bytes() != data


def create_workspace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new workspace, its configuration last; raises as `refuse_existing` does, writing nothing."""
    refuse_existing(folder, files)
    for path, data in sorted(files.items(), key=lambda each: each[0] == CONFIGURATION):
        target = folder / path
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, data)
