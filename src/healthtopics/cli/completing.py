"""What a shell completes on Tab: topics, catalogues, languages, releases, vocabularies, commands.

A shell asks at any time: without a workspace, or with a faulty one, nothing is completed.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import typer

from healthtopics.errors import HealthTopicsError

if TYPE_CHECKING:
    from healthtopics.storage.workspace import Workspace

Completer = Callable[[typer.Context, str], list[str]]


def _in_workspace(find: "Callable[[Workspace], Iterable[object]]") -> Completer:
    """Return what completes the words that a function finds in the workspace of a command line."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        from healthtopics.cli.common import workspace_at

        with suppress(HealthTopicsError, OSError):
            words = map(str, find(workspace_at(ctx.params.get("workspace"))))
            given = ctx.params.get("topics") or ()
            return [word for word in words if word.startswith(incomplete) and word not in given]
        return []

    return complete


def _topics(workspace: "Workspace") -> Iterable[str]:
    from healthtopics.storage.workspace import read_files

    return read_files(workspace).topic_names()


def _catalogues(workspace: "Workspace") -> Iterable[str]:
    from healthtopics.layout import WORDS

    return [*_topics(workspace), *WORDS]


def _releases(workspace: "Workspace") -> Iterable[int]:
    from healthtopics.release import numbers
    from healthtopics.storage.local import LocalStore

    return numbers(LocalStore(workspace.folder / "exports"))


def _vocabularies(_workspace: "Workspace") -> Iterable[str]:
    from healthtopics.layout import packaged_vocabularies

    return [path.rpartition("/")[2].removesuffix(".json") for path in packaged_vocabularies()]


topics = _in_workspace(_topics)
catalogues = _in_workspace(_catalogues)
languages = _in_workspace(lambda workspace: workspace.configuration.all_languages)
releases = _in_workspace(_releases)
vocabularies = _in_workspace(_vocabularies)


def commands(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the commands below those that are named already."""
    command: Any = ctx.find_root().command
    for word in ctx.params.get("words") or ():
        command = getattr(command, "commands", {}).get(word)
    below = getattr(command, "commands", {})
    return [name for name, each in below.items() if name.startswith(incomplete) and not each.hidden]
