"""A workspace on disk: read all that it holds, write catalogues back.

healthtopics.toml
topics/<id>.json
vocabulary/<name>.json                     optional, merged over the packaged ones
locales/<locale>/LC_MESSAGES/<id>.po
"""

import json
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthtopics import jsontext
from healthtopics.catalogue import Catalogue
from healthtopics.configuration import Configuration
from healthtopics.errors import CatalogueError, ConfigurationError, JsonTextError, StorageError
from healthtopics.language import LanguageTag, posix_locale
from healthtopics.problems import Level, Problem
from healthtopics.publishing import VOCABULARY, Files, catalogue_path
from healthtopics.schema import packaged_catalogue, packaged_vocabularies
from healthtopics.translation import po
from healthtopics.validation import check_configuration

CONFIGURATION = "healthtopics.toml"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with a healthtopics.toml."""

    folder: Path
    configuration: Configuration

    def relative(self, path: Path) -> str:
        """Return the path as problems name it."""
        return path.relative_to(self.folder).as_posix()


def find_workspace(start: Path) -> Path:
    """Return the nearest folder at or above `start` that has a healthtopics.toml.

    Raises ConfigurationError where there is none.
    """
    for folder in (start, *start.parents):
        if (folder / CONFIGURATION).is_file():
            return folder
    raise ConfigurationError(
        f"{start}: no {CONFIGURATION} here or above. Run `healthtopics init` for a new workspace."
    )


def open_workspace(folder: Path) -> Workspace:
    """Read the configuration; raises ConfigurationError with everything that is wrong with it."""
    path = folder / CONFIGURATION
    if not path.is_file():
        raise ConfigurationError(
            f"{path}: there is no such file. Run `healthtopics init` for a new workspace."
        )
    try:
        # As JSON, which the schema speaks of: dates of TOML, which have no place here, become strings.
        document = json.loads(json.dumps(tomllib.loads(_read(path).decode("utf-8")), default=str))
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path}: the file is not UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: {error}.") from None
    problems = check_configuration(document, CONFIGURATION)
    if problems:
        raise ConfigurationError("\n".join(map(str, problems)))
    return Workspace(folder, Configuration.from_dict(document))


def topic_names(workspace: Workspace) -> list[str]:
    """Return the names of all topic files, readable or not."""
    return [path.stem for path in _files(workspace.folder / "topics", "*.json")]


def read_files(workspace: Workspace) -> Files:
    """Read topics, vocabularies and catalogues; what cannot be parsed is among the problems."""
    problems: list[Problem] = []
    own = _read_documents(workspace, "vocabulary", problems)
    packaged = [(path, jsontext.parse(data, path)) for path, data in packaged_vocabularies().items()]
    topics = _read_documents(workspace, "topics", problems)
    if not topics and not problems:
        problems.append(
            Problem(
                check="no-topics",
                path="topics",
                message="there is no topic here.",
                hint="Add topics/<id>.json; `healthtopics init` shows an example.",
            )
        )
    names = frozenset(topic_names(workspace))
    catalogues = {
        language: _read_catalogues(workspace, language, names, problems)
        for language in workspace.configuration.languages
    }
    return Files(
        configuration=workspace.configuration,
        vocabularies=[*packaged, *own],
        topics=topics,
        catalogues=catalogues,
        problems=problems,
    )


def read_catalogue_files(workspace: Workspace, language: LanguageTag) -> dict[str, bytes]:
    """Return the text of every catalogue of a language, by its name."""
    folder = (workspace.folder / catalogue_path(language, VOCABULARY)).parent
    return {path.stem: _read(path) for path in _files(folder, "*.po")}


def read_bytes(workspace: Workspace, path: str) -> bytes | None:
    """Return the bytes of one file of the workspace, or None where there is none."""
    target = workspace.folder / path
    return _read(target) if target.is_file() else None


def read_document(workspace: Workspace, path: str) -> dict[str, Any] | None:
    """Return one JSON document, or None where there is none; raises JsonTextError."""
    data = read_bytes(workspace, path)
    return None if data is None else jsontext.parse(data, path)


def read_vocabularies(workspace: Workspace) -> list[tuple[str, Any]]:
    """Return (path, document) of every vocabulary, the packaged ones first; raises JsonTextError."""
    problems: list[Problem] = []
    own = _read_documents(workspace, "vocabulary", problems)
    if problems:
        raise JsonTextError(problems)
    return [*((path, jsontext.parse(data, path)) for path, data in packaged_vocabularies().items()), *own]


def read_vocabulary_catalogue(workspace: Workspace, language: LanguageTag) -> Catalogue:
    """Return the words of a language, the workspace's own over the packaged ones; raises CatalogueError."""
    path = catalogue_path(language, VOCABULARY)
    data = read_bytes(workspace, path)
    own = po.to_catalogue(po.parse(data, path).file, language, path) if data is not None else None
    shipped = shipped_catalogue(language)
    if own and shipped:
        return own.over(shipped)
    return own or shipped or Catalogue(language, path)


def shipped_catalogue(language: LanguageTag) -> Catalogue | None:
    """Return the packaged words of a language, or None where it has none."""
    packaged = packaged_catalogue(posix_locale(language), VOCABULARY)
    if packaged is None:
        return None
    path = catalogue_path(language, VOCABULARY)
    return po.to_catalogue(po.parse(packaged, path).file, language, path)


def write_file(workspace: Workspace, path: str, data: bytes) -> None:
    """Write one file of the workspace in one step; an unchanged one is left alone."""
    target = workspace.folder / path
    temporary = target.with_name(f".tmp-{os.getpid()}-{target.name}")
    try:
        if target.is_file() and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # else a power cut could leave a translator's file empty
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written ({error.strerror}).") from error


def create_workspace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new workspace; raises ConfigurationError, writing nothing, where one of the files exists."""
    existing = [path for path in files if (folder / path).exists()]
    if existing:
        raise ConfigurationError(
            f"{folder}: {', '.join(existing)} exists already. Choose an empty folder; nothing was written."
        )
    for path, data in files.items():
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        except OSError as error:
            raise StorageError(f"{target}: cannot be written ({error.strerror}).") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror}).") from error


def _files(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder, sorted; hidden ones are what editors and systems leave there."""
    return sorted(path for path in folder.glob(pattern) if not path.name.startswith("."))


def _read_documents(workspace: Workspace, name: str, problems: list[Problem]) -> Sequence[tuple[str, Any]]:
    documents: list[tuple[str, Any]] = []
    for path in _files(workspace.folder / name, "*.json"):
        relative = workspace.relative(path)
        try:
            documents.append((relative, jsontext.parse(_read(path), relative)))
        except JsonTextError as error:
            problems.extend(error.problems)
    return documents


def _read_catalogues(
    workspace: Workspace, language: LanguageTag, topics: frozenset[str], problems: list[Problem]
) -> dict[str, Catalogue]:
    catalogues: dict[str, Catalogue] = {}
    for name, data in read_catalogue_files(workspace, language).items():
        path = catalogue_path(language, name)
        if name not in topics and name != VOCABULARY:
            problems.append(
                Problem(
                    check="catalogue-without-topic",
                    level=Level.WARNING,
                    path=path,
                    message=f"there is no topic {name!r}; nothing uses this catalogue.",
                    hint="Remove the file, or rename it to the id of its topic.",
                )
            )
        try:
            text = po.parse(data, path)
        except CatalogueError as error:
            problems.extend(error.problems)
            continue
        problems.extend(text.warnings)
        catalogues[name] = po.to_catalogue(text.file, language, path)
    if (shipped := shipped_catalogue(language)) is not None:
        own = catalogues.get(VOCABULARY)
        catalogues[VOCABULARY] = own.over(shipped) if own else shipped
    return catalogues
