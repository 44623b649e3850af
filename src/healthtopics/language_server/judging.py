"""What is wrong with open documents: judged as `check` and `catalogue check` do, with unsaved texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from healthtopics.errors import (
    ConfigurationError,
    DataError,
    HealthTopicsError,
    InvalidConfigurationError,
)
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import CONFIGURATION, TOPICS, Files, catalogue_path
from healthtopics.problems import Problem
from healthtopics.publishing.checking import check_topics
from healthtopics.publishing.overview import findings_of
from healthtopics.publishing.sources import surroundings_of
from healthtopics.publishing.values import PLAIN, Maker
from healthtopics.storage.workspace import find_workspace, open_workspace, read_files
from healthtopics.translation.single_file import check_alone


@dataclass(slots=True)
class _Opened:
    """The open documents of one workspace."""

    texts: dict[str, bytes] = field(default_factory=dict)
    """By their paths in the workspace."""
    places: dict[str, Path] = field(default_factory=dict)


def judge(texts: Mapping[Path, bytes], maker: Maker, now: datetime) -> dict[Path, list[Problem]]:
    """Return the problems of each document; those outside a workspace are judged alone.

    What is not open is read from the disk. A workspace that cannot be read is a problem of its own documents.
    """
    found: dict[Path, list[Problem]] = {path: [] for path in texts}
    workspaces: dict[Path, _Opened] = {}
    for path, data in texts.items():
        folder = _workspace_of(path)
        if folder is None:
            found[path] = _alone(data, path, path.name)
        else:
            opened = workspaces.setdefault(folder, _Opened())
            name = path.relative_to(folder).as_posix()
            opened.texts[name], opened.places[name] = data, path
    for folder, opened in workspaces.items():
        for problem in dict.fromkeys(_of_workspace(folder, opened, maker, now)):
            if problem.path in opened.places:
                found[opened.places[problem.path]].append(problem)
    return found


def _of_workspace(folder: Path, opened: _Opened, maker: Maker, now: datetime) -> Iterator[Problem]:
    """Yield the problems of the documents; each has one if the workspace cannot be read."""
    try:
        yield from _judge_together(folder, opened, maker, now)
    except HealthTopicsError as error:
        problems = error.problems if isinstance(error, DataError | InvalidConfigurationError) else ()
        yield from problems
        reason = str(next(iter(problems), error)).partition("\n")[0]
        for path in opened.places.keys() - {problem.path for problem in problems}:
            yield Problem(
                check="workspace-unreadable",
                path=path,
                message=f"was not checked, since its workspace cannot be read: {reason}",
                hint="Fix that first.",
            )


def _workspace_of(path: Path) -> Path | None:
    try:
        return find_workspace(path.parent)
    except ConfigurationError:
        return None


def _judge_together(folder: Path, opened: _Opened, maker: Maker, now: datetime) -> Iterator[Problem]:
    workspace = open_workspace(folder, is_judged=True, unsaved=opened.texts.get(CONFIGURATION))
    files = read_files(workspace, opened.texts, is_judged=True)
    known = dict(_catalogues(workspace.configuration.languages, opened.texts))
    for path in opened.texts:
        if path.endswith(".po") and path not in known:
            yield from _alone(opened.texts[path], folder / path, path, files)
    languages = tuple(dict.fromkeys(language for language, _name in known.values()))
    names = tuple(dict.fromkeys(name for _language, name in known.values()))
    yield from workspace.judged(findings_of(files, maker, PLAIN, languages, names))
    if topics := [name for name in files.topic_names() if f"{TOPICS}/{name}.json" in opened.texts]:
        yield from check_topics(files, topics, now=now, maker=maker).problems


def _catalogues(
    languages: Iterable[LanguageTag], paths: Iterable[str]
) -> Iterator[tuple[str, tuple[LanguageTag, str]]]:
    """Yield the language and the name of each catalogue of the workspace among the paths."""
    for path in paths:
        name = Path(path).stem
        for language in languages:
            if language != SOURCE and catalogue_path(language, name) == path:
                yield path, (language, name)


def _alone(data: bytes, file: Path, path: str, files: Files | None = None) -> list[Problem]:
    """Judge a file by itself, with what its workspace knows if it is in one."""
    if file.suffix != ".po":
        return []
    around = None if files is None else surroundings_of(files, file.name.partition(".")[0])
    try:
        return check_alone(data, path, around).problems
    except DataError as error:
        return list(error.problems)
