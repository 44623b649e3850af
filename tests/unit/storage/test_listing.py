"""A workspace is listed once: what cannot be listed or read is never taken for absent, nor waited for."""

import errno
import json
import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthtopics.errors import DataError, HealthTopicsError, StorageError, UnusablePathError
from healthtopics.language import LanguageTag
from healthtopics.storage.listing import list_files, read_file
from healthtopics.storage.workspace import find_workspace, open_workspace, read_files
from support.workspaces import CONFIGURATION, ORGANIZATIONS, TOPICS

SPANISH = LanguageTag("es")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    for name in ("topics", "vocabulary", "locales/es/LC_MESSAGES"):
        (folder / name).mkdir(parents=True)
    (folder / "healthtopics.toml").write_text(CONFIGURATION)
    (folder / "vocabulary/organizations.json").write_text(json.dumps(ORGANIZATIONS))
    (folder / "topics/cough.json").write_text(json.dumps(TOPICS["cough"]))
    (folder / "locales/es/LC_MESSAGES/cough.po").write_bytes(b"")
    return folder


@pytest.mark.parametrize("where", ["topics", "vocabulary", "locales", "locales/es/LC_MESSAGES"])
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.EIO, StorageError),
        (errno.EMFILE, StorageError),
        (errno.EACCES, UnusablePathError),
        (errno.ENOTDIR, UnusablePathError),
    ],
)
def test_an_unreadable_listing_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, where: str, code: int, kind: type[HealthTopicsError]
) -> None:
    scandir: Callable[..., Any] = os.scandir

    def fail(path: Path) -> Any:
        if path == folder / where:
            raise OSError(code, os.strerror(code))
        return scandir(path)

    workspace = open_workspace(folder)
    monkeypatch.setattr(os, "scandir", fail)
    with pytest.raises(kind, match=f"{where}: cannot be read \\({os.strerror(code)}\\)") as raised:
        read_files(workspace)
    assert type(raised.value) is kind


@pytest.mark.parametrize("where", ["topics", "vocabulary", "locales/es/LC_MESSAGES"])
def test_a_file_in_place_of_a_folder(folder: Path, where: str) -> None:
    (folder / where).rename(folder / "moved")
    (folder / where).write_bytes(b"")
    with pytest.raises(UnusablePathError, match=f"{where}: cannot be read \\(Not a directory\\)"):
        list_files(folder)


def test_a_link_that_leads_nowhere_in_place_of_a_folder(folder: Path) -> None:
    (folder / "topics").rename(folder / "moved")
    (folder / "topics").symlink_to("nowhere")
    with pytest.raises(UnusablePathError, match="topics: cannot be read: the link leads nowhere"):
        list_files(folder)


def test_folders_may_be_absent(tmp_path: Path) -> None:
    listing = list_files(tmp_path)
    assert (listing.topics, listing.vocabularies, dict(listing.locales)) == ((), (), {})


@pytest.mark.parametrize(
    "path", ["topics/cough.json", "locales/es/LC_MESSAGES/cough.po", "vocabulary/organizations.json"]
)
def test_what_was_listed_and_is_gone_is_not_taken_for_absent(folder: Path, path: str) -> None:
    files = read_files(open_workspace(folder))
    (folder / path).unlink()
    with pytest.raises(StorageError, match=f"{path}: it was removed while the workspace was read. Run this"):
        [files.topic("cough"), files.catalogue(SPANISH, "cough"), files.vocabularies()]
    assert "cough" in files.topic_names()


def test_what_came_later_is_not_there(folder: Path) -> None:
    files = read_files(open_workspace(folder))
    for path in (
        "topics/new.json",
        "locales/es/LC_MESSAGES/new.po",
        "locales/es/glossary.json",
        "locales/es/words.txt",
        "twins.json",
    ):
        (folder / path).write_bytes(b"{}")
    assert "new" not in files.topic_names()
    assert "new" not in files.catalogue_names(SPANISH)
    assert (files.catalogue(SPANISH, "new"), files.glossary(SPANISH), files.twins()) == (None, None, None)
    again = files.listed_again()
    assert "new" in again.topic_names()
    assert (again.catalogue(SPANISH, "new"), again.glossary(SPANISH), again.twins()) == (b"{}",) * 3


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero: it never ends
    except PermissionError:
        path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # addresses of sockets are short
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


@pytest.mark.parametrize(
    ("make", "words"),
    [(_pipe, "a pipe"), (_device, "a device"), (_socket, "a socket"), (Path.mkdir, "a folder")],
)
@pytest.mark.parametrize(
    "path",
    ["topics/x.json", "vocabulary/x.json", "locales/es/glossary.json", "locales/es/words.txt", "twins.json"],
)
def test_what_is_not_a_file_is_refused_by_name(
    folder: Path, path: str, make: Callable[[Path], object], words: str
) -> None:
    (folder / path).unlink(missing_ok=True)
    make(folder / path)
    with pytest.raises(DataError, match=f"{path}  error  file-unreadable  is {words}, not a file"):
        list_files(folder)
    assert [each.path for each in list_files(folder, is_judged=True).unfit] == [path]


@pytest.mark.parametrize(
    ("make", "words"),
    [(_pipe, "a pipe"), (_device, "a device"), (_socket, "a socket"), (Path.mkdir, "a folder")],
)
def test_what_is_in_place_of_the_configuration_is_refused(
    folder: Path, make: Callable[[Path], object], words: str
) -> None:
    (folder / "healthtopics.toml").unlink()
    make(folder / "healthtopics.toml")
    with pytest.raises(UnusablePathError, match=f"healthtopics.toml: cannot be read: it is {words}"):
        open_workspace(find_workspace(folder))


def test_files_that_may_not_be_read_are_reported_together(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run as root, who may read everything."""
    readable = os.access
    forbidden = {"cough.json", "x.po"}
    (folder / "locales/es/LC_MESSAGES/x.po").write_text("")

    def access(path: os.DirEntry[str], mode: int, **options: bool) -> bool:
        return path.name not in forbidden and readable(path, mode, **options)

    monkeypatch.setattr(os, "access", access)
    found = list_files(folder, is_judged=True)
    assert {each.path for each in found.unfit} == {"topics/cough.json", "locales/es/LC_MESSAGES/x.po"}
    assert {each.check for each in found.unfit} == {"file-unreadable"}
    assert "cough" not in found.topics


@pytest.mark.parametrize(
    ("make", "kind"),
    [(_pipe, "a pipe"), (_device, "a device"), (_socket, "a socket"), (Path.mkdir, "a folder")],
)
def test_a_catalogue_that_is_not_a_file_is_left_out(
    folder: Path, make: Callable[[Path], object], kind: str
) -> None:
    make(folder / "locales/es/LC_MESSAGES/x.po")
    (folder / "locales/es/LC_MESSAGES/y.po").symlink_to("y.po")
    files = read_files(open_workspace(folder))
    assert files.unreadable_catalogues(SPANISH) == {"x": kind, "y": "a link that leads nowhere"}
    assert files.catalogue(SPANISH, "x") is None


def test_a_file_that_becomes_a_pipe_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "topics/cough.json"
    ordinary = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda _path: ordinary)
    with pytest.raises(UnusablePathError, match="it is a pipe"):
        read_file(path)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nerror: all is lost.json", r"a\\nerror: all is lost\.json"),
        ("a\x1b[2Jb.json", r"a\\x1b\[2Jb\.json"),
        ("a\u202eb.json", r"a\\u202eb\.json"),
        ("a\u2028b.json", r"a\\u2028b\.json"),
    ],
)
@pytest.mark.parametrize("where", ["topics", "vocabulary", "locales/es/LC_MESSAGES", "locales"])
def test_a_name_that_could_forge_a_line_is_refused(folder: Path, where: str, name: str, shown: str) -> None:
    path = folder / where / name
    if where == "locales":
        path = path / "LC_MESSAGES/x.po"
        path.parent.mkdir(parents=True)
    elif where.endswith("MESSAGES"):
        path = path.with_suffix(".po")
        shown = shown.replace("json", "po")
    path.write_bytes(b"")
    with pytest.raises(DataError, match=f"^{where}/{shown}  error  file-name-control  the name") as raised:
        list_files(folder)
    assert len(str(raised.value).splitlines()) == 2  # the problem and its hint
    assert len(raised.value.problems) == 1


def test_a_folder_whose_name_could_forge_a_line_is_quoted(tmp_path: Path) -> None:
    folder = tmp_path / "a\nb"
    folder.mkdir()
    with pytest.raises(StorageError) as raised:
        read_file(folder / "none")
    assert "a\\nb" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("kind", ["loop", "nowhere", "file"])
def test_a_lost_folder_of_a_language_is_not_an_untranslated_language(folder: Path, kind: str) -> None:
    spanish = folder / "locales/es"
    shutil.rmtree(spanish)
    if kind == "file":
        spanish.write_text("")
    else:
        spanish.symlink_to({"loop": "es", "nowhere": "elsewhere"}[kind])
    (folder / "locales/weblate.json").write_text("{}")
    with pytest.raises(UnusablePathError, match="locales/es: is not a folder"):
        list_files(folder)
