"""A store in a folder that holds a copy of another store, whatever somebody else has left in that folder."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from healthtopics.copies import COPY, Copy, parse_copy
from healthtopics.errors import ConfigurationError, UnusablePathError
from healthtopics.layout import CONFIGURATION
from healthtopics.release import numbers
from healthtopics.storage.atomic import writing
from healthtopics.storage.local import LocalStore

_NAMES: Final = {
    "objects/sha256": re.compile(r"[0-9a-f]{2}"),
    "releases": re.compile(r"[0-9]{6,}"),
}
"""The names of the folders in these folders."""


class CopyStore(LocalStore):
    """A store for a copy; nothing is written to it through a link."""

    def check(self) -> None:
        """Raise UnusablePathError for what prevents a copy.

        A file or a link where a folder is due, a folder where the link `current` is due, a workspace, or the
        store of one.
        """
        with writing(self.folder):
            wrong = next(_obstacles(self.folder), "") or self._own()
        if wrong:
            raise UnusablePathError(f"{wrong} Nothing was written.")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other writer out, as in any store; raises what `check` raises before it writes."""
        self.check()
        with super().locked():
            yield

    def _own(self) -> str:
        """Return why the folder is a publisher's own; empty if it may hold a copy."""
        folder = self.folder.resolve()
        if os.path.lexists(folder / CONFIGURATION):
            return f"{self.folder}: is a workspace. Name another folder for the copy."
        # Elsewhere it is a copy that lost the file: the next one writes it again.
        if os.path.lexists(folder.parent / CONFIGURATION) and not os.path.lexists(folder / COPY):
            with contextlib.suppress(FileNotFoundError):
                if numbers(self):
                    return (
                        f"{self.folder}: holds the releases of the workspace {folder.parent}; as a copy it "
                        "could not be published to any more. Name another folder for the copy. To get lost "
                        "releases back, run `healthtopics release adopt`."
                    )
        return ""


def copy_in(store: LocalStore) -> Copy | None:
    """Return what a store knows of itself if it is a copy; None for a publisher's own."""
    try:
        return parse_copy(store.read(COPY), str(store.folder / COPY))
    except FileNotFoundError:
        return None


def refuse_copy(store: LocalStore) -> None:
    """Raise ConfigurationError if a store is a copy, to which nobody publishes."""
    if copy := copy_in(store):
        raise ConfigurationError(
            f"{store.folder} is a copy of {copy.source}, made by `healthtopics {copy.made_by}`. A release "
            "made here would be another one than the publisher's next. Publish to another folder with "
            f"--exports. If the copy is damaged: {copy.advice(str(store.folder))} If this is the publisher's "
            f"own store from now on, remove {store.folder / COPY}."
        )


def _obstacles(folder: Path) -> Iterator[str]:
    """Yield what keeps a copy from being written to a folder."""
    # The user may name a link to a folder; inside of it, a link could lead anywhere.
    if os.path.lexists(folder) and not folder.is_dir():
        what = "a link that leads nowhere" if folder.is_symlink() else "not a folder"
        yield f"{folder}: is {what}. Name a folder for the copy, or remove this."
    for inside in _inner_folders(folder):
        if inside.is_symlink():
            yield _link(inside)
        elif not inside.is_dir():
            yield f"{inside}: is not a folder. Remove it, then run this again."
    current = folder / "current"
    if os.path.lexists(current) and not current.is_symlink():
        yield (
            f"{current}: is not the link that leads to the current release; a program that follows links may "
            "have copied it. Remove it, then run this again: what is here already is not fetched again."
        )
    lock = folder / ".lock"
    if lock.is_symlink():
        yield _link(lock)


def _link(path: Path) -> str:
    return f"{path}: is a link, and a copy is never written through one. Remove it, then run this again."


def _inner_folders(folder: Path) -> Iterator[Path]:
    """Yield the entries of a store that must be folders, each before those in it."""
    for parent, name in _NAMES.items():
        for each in (*reversed(PurePath(parent).parents), PurePath(parent)):
            if each.parts and os.path.lexists(folder / each):
                yield folder / each
        if not (folder / parent).is_dir():
            continue
        for inner in sorted((folder / parent).iterdir()):
            if name.fullmatch(inner.name):
                yield inner
                if os.path.lexists(inner / "pointers"):
                    yield inner / "pointers"
