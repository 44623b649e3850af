"""The artifacts of a release in a folder by their names, and a site of them: nobody has to know digests."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from healthtopics.errors import StorageError, UnusablePathError
from healthtopics.jsontext import dump
from healthtopics.release import Opened, check_promised, object_key, promised_parts
from healthtopics.storage.atomic import (
    created,
    exchange,
    flush,
    flush_file_system,
    mode_of_folder,
    writing,
)
from healthtopics.storage.local import LocalStore
from healthtopics.workers import Progress

MARK: Final = ".unpacked.json"
"""The file that says that a folder was made here, and what is in it."""
_OUTCOME: Final = "The folder is as it was."


def unpack(
    store: LocalStore,
    opened: Opened,
    folder: Path,
    *,
    site: Iterable[tuple[str, bytes]] = (),
    link: bool = False,
    mode: int = 0o644,
    progress: Progress = lambda _done, _total: None,
) -> None:
    """Write the artifacts of a release into a folder, in one step; every byte is compared on the way.

    The folder must be missing or empty, or hold only what was unpacked into it before. With `link`, the
    artifacts are those of the store, under another name; other files get the mode, whatever the umask.
    `site` has names and contents of files that are not of the release.

    Raises UnusablePathError for any other folder, IntegrityError if an artifact is damaged.
    """
    folder = folder.resolve()
    _check_place(store, folder)
    with _waiting(folder) as waiting:
        files = opened.manifest.files
        for done, (name, artifact) in enumerate(files.items()):
            progress(done, len(files))
            key, target = object_key(name, artifact.sha256), waiting / name
            with _placing(target, mode):
                if link:
                    check_promised(store, key, artifact.promise)
                    os.link(store.folder / key, target)
                else:
                    with created(target, mode) as file:
                        file.writelines(promised_parts(store, key, artifact.promise))
        names = list(files)
        for name, content in site:
            names.append(name)
            with _placing(waiting / name, mode), created(waiting / name, mode) as file:
                file.write(content)
        mark = {"release": opened.manifest.number, "manifest": opened.sha256, "names": names}
        with writing(folder, _OUTCOME):
            with created(waiting / MARK, mode) as file:
                file.write(dump(mark))
            waiting.chmod(mode_of_folder(mode))
            flush_file_system(waiting)
            _check_place(store, folder)  # again: somebody may have put files there meanwhile
            if folder.exists() and any(folder.iterdir()):
                exchange(waiting, folder)
            else:
                waiting.replace(folder)
            flush(folder.parent)


@contextmanager
def _placing(target: Path, mode: int) -> Iterator[None]:
    """Make the folders of a file that is written here."""
    with writing(target, _OUTCOME):
        _make(target.parent, mode)
        yield


def _make(folder: Path, mode: int) -> None:
    """Make a folder for artifacts, and those above it that are missing."""
    if folder.is_dir():
        return
    _make(folder.parent, mode)
    folder.mkdir()
    folder.chmod(mode_of_folder(mode))


@contextmanager
def _waiting(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside the wanted one; it is removed if it is still there afterwards."""
    waiting = folder.with_name(f".tmp-{folder.name}")
    with writing(folder, _OUTCOME):
        folder.parent.mkdir(parents=True, exist_ok=True)
        waiting.mkdir(exist_ok=True)
        lock = os.open(waiting, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageError(
                f"{folder}: something else is being unpacked here. Run this again when it has finished."
            ) from None
        with writing(folder, _OUTCOME):
            for left in waiting.iterdir():  # by a run that was killed
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        try:
            yield waiting
        except BaseException:
            shutil.rmtree(waiting, ignore_errors=True)
            raise
        if waiting.exists():
            with writing(waiting, "The release is in its place; here is what was there before. Remove it."):
                shutil.rmtree(waiting)
    finally:
        os.close(lock)


def _check_place(store: LocalStore, folder: Path) -> None:
    """Raise UnusablePathError if something could be lost that was not unpacked into a folder."""
    releases = store.folder.resolve()
    if folder == releases or releases in folder.parents or folder in releases.parents:
        raise UnusablePathError(f"{folder}: the releases themselves are here. Name another folder.")
    if not os.path.lexists(folder):
        return
    with writing(folder, _OUTCOME):
        if not folder.is_dir():
            raise UnusablePathError(f"{folder}: is not a folder. Name another one.")
        known = _names(folder)
        for path, folders, names in os.walk(folder):
            links = [each for each in folders if Path(path, each).is_symlink()]
            for name in (*names, *links):
                inside = Path(path, name).relative_to(folder).as_posix()
                if inside not in known:
                    raise UnusablePathError(
                        f"{folder}: has {inside}, which `release unpack` did not put there. Name an empty "
                        "folder, or a new one."
                    )


def _names(folder: Path) -> frozenset[str]:
    """Return the names of the files that were unpacked into a folder before."""
    try:
        mark = json.loads((folder / MARK).read_bytes())
        return frozenset([MARK, *map(str, mark["names"])])
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        return frozenset()
