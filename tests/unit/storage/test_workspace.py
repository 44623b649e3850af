import errno
import json
import os
from pathlib import Path

import pytest

from healthtopics.errors import (
    ConfigurationError,
    DataError,
    InvalidConfigurationError,
    StorageError,
    UnusablePathError,
)
from healthtopics.language import LanguageTag
from healthtopics.publishing.overview import look_at
from healthtopics.publishing.values import Engine
from healthtopics.storage import atomic, locking
from healthtopics.storage import workspace as module
from healthtopics.storage.atomic import written_beside
from healthtopics.storage.cache import lock_of
from healthtopics.storage.listing import MOST_BYTES, MOST_SHARED
from healthtopics.storage.workspace import (
    Workspace,
    change_file,
    create_workspace,
    find_workspace,
    open_workspace,
    overwrite_file,
    read_bytes,
    read_catalogue_files,
    read_files,
    replace_file,
    write_file,
)
from support.collections import MAKER
from support.workspaces import CONFIGURATION, TOPICS

SPANISH = LanguageTag("es")
PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: es\\n"

msgid "Fever"
msgstr "Fiebre"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "healthtopics.toml").write_text(CONFIGURATION)
    _write(tmp_path / "topics/fever.json", json.dumps(TOPICS["fever"]))
    _write(tmp_path / "locales/es/LC_MESSAGES/fever.po", PO)
    return open_workspace(tmp_path)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(
    "name",
    [
        b"topics/caf\xe9.json",
        b"vocabulary/caf\xe9.json",
        b"locales/es/LC_MESSAGES/caf\xe9.po",
        b"locales/caf\xe9/LC_MESSAGES/fever.po",
    ],
)
def test_a_name_that_is_not_utf_8_is_reported(workspace: Workspace, name: bytes) -> None:
    path = workspace.folder / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.touch()
    except OSError:
        pytest.skip("this file system has no such names")
    with pytest.raises(DataError, match=r"^\w+/.*caf\\xe9.*  error  file-name-encoding  the name"):
        look_at(read_files(workspace), MAKER, Engine())


def test_files_that_are_too_large_are_reported_together(workspace: Workspace) -> None:
    sizes = {
        "topics/fever.json": MOST_BYTES,
        "vocabulary/groups.json": MOST_SHARED,
        "locales/es/LC_MESSAGES/cough.po": MOST_BYTES,
        "locales/es/LC_MESSAGES/vocabulary.po": MOST_SHARED,
    }
    for name, size in sizes.items():
        _write(workspace.folder / name, "")
        os.truncate(workspace.folder / name, size)
    read_files(workspace)
    for name, size in sizes.items():
        os.truncate(workspace.folder / name, size + 1)
    with pytest.raises(DataError) as raised:
        read_files(workspace)
    found = {(each.path, each.check) for each in raised.value.problems}
    assert found == {(name, "file-too-large") for name in sizes}


def test_what_is_listed_without_its_size_is_measured_when_it_is_read(workspace: Workspace) -> None:
    path = workspace.folder / "topics/cough.json"
    _write(path, "")
    files = read_files(workspace)
    os.truncate(path, MOST_BYTES + 1)
    with pytest.raises(DataError, match=r"cough.json  error  file-too-large  the file has 8,388,609 bytes"):
        files.topic("cough")


@pytest.mark.parametrize("name", ["twins.json", "imports/medlineplus.json"])
def test_what_topics_share_grows_with_them(workspace: Workspace, name: str) -> None:
    path = workspace.folder / name
    _write(path, "")
    os.truncate(path, MOST_BYTES + 1)
    assert len(read_bytes(workspace, name) or b"") == MOST_BYTES + 1


class TestFind:
    def test_here_or_above(self, workspace: Workspace) -> None:
        for below in (".", "topics", "locales/es/LC_MESSAGES"):
            assert find_workspace((workspace.folder / below).resolve()) == workspace.folder

    def test_nowhere(self, tmp_path: Path) -> None:
        with pytest.raises(
            ConfigurationError,
            match=r"no healthtopics.toml here or above. Name .* with --workspace. Run `healthtopics init`",
        ):
            find_workspace(tmp_path)


class TestOpen:
    def test_reads_the_configuration(self, workspace: Workspace) -> None:
        assert workspace.configuration.base_url == "https://topics.example.org"
        assert list(workspace.configuration.languages) == ["es"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                b"base_url = ",
                "healthtopics.toml  error  configuration-toml  this is not valid TOML: Inv",
            ),
            (
                b"[jobs]\nx y",
                "healthtopics.toml:2:3  error  configuration-toml  this is not valid TOML: Exp",
            ),
            (b"# \xc3\xa9\n# \xff", "toml:2:3  error  configuration-toml  the text is not UTF-8."),
            (b"", "healthtopics.toml"),
            (b"[languages.es]\npolicy = 'fallback'\nthreshold = nan", "#/languages/es/threshold"),
            (b'base_url = "x"\ncolour = 1\n', "healthtopics.toml#/colour"),
        ],
    )
    def test_says_everything_that_is_wrong(self, tmp_path: Path, text: bytes, said: str) -> None:
        (tmp_path / "healthtopics.toml").write_bytes(text)
        with pytest.raises(InvalidConfigurationError) as raised:
            open_workspace(tmp_path)
        assert said in str(raised.value)
        assert {each.path for each in raised.value.problems} == {"healthtopics.toml"}
        assert str(tmp_path) not in str(raised.value)

    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match=r"there is no such file. Run `healthtopics init`"):
            open_workspace(tmp_path)


class TestRead:
    def test_everything_in_it(self, workspace: Workspace) -> None:
        files = read_files(workspace)
        assert files.topic_names() == ("fever",)
        assert json.loads(files.topic("fever")) == TOPICS["fever"]
        assert files.catalogue_names(SPANISH) == ["fever"]
        assert files.catalogue(SPANISH, "fever") == PO.encode()
        assert {path.split("/")[0] for path in files.vocabularies()} == {"schema"}

    def test_its_own_vocabulary_after_the_packaged_ones(self, workspace: Workspace) -> None:
        _write(workspace.folder / "vocabulary/groups.json", "{}")
        assert list(read_files(workspace).vocabularies().items())[-1] == ("vocabulary/groups.json", b"{}")

    def test_the_packaged_words_in_spanish(self, workspace: Workspace) -> None:
        assert "Comience aquí" in (read_files(workspace).shipped(SPANISH) or b"").decode()

    def test_a_language_without_packaged_words(self, workspace: Workspace) -> None:
        assert read_files(workspace).shipped(LanguageTag("fr")) is None

    def test_its_own_glossary_and_the_packaged_one(self, workspace: Workspace) -> None:
        files = read_files(workspace)
        assert files.glossary(SPANISH) is None
        assert b'"miscarriage"' in (files.shipped_glossary(SPANISH) or b"")
        assert files.shipped_glossary(LanguageTag("fr")) is None
        _write(workspace.folder / "locales/es/glossary.json", "{}")
        assert read_files(workspace).glossary(SPANISH) == b"{}"

    def test_its_words_for_spelling(self, workspace: Workspace) -> None:
        assert read_files(workspace).known_words(SPANISH) is None
        _write(workspace.folder / "locales/es/words.txt", "telesalud")
        assert read_files(workspace).known_words(SPANISH) == b"telesalud"

    def test_its_twins(self, workspace: Workspace) -> None:
        assert read_files(workspace).twins() is None
        _write(workspace.folder / "twins.json", "{}")
        assert read_files(workspace).twins() == b"{}"

    def test_a_catalogue_that_is_not_there(self, workspace: Workspace) -> None:
        assert read_files(workspace).catalogue(SPANISH, "cold") is None

    def test_what_editors_leave_behind(self, workspace: Workspace) -> None:
        (workspace.folder / "topics/.#fever.json").symlink_to("author@laptop.1234")
        _write(workspace.folder / "topics/fever.json~", "{")
        _write(workspace.folder / "locales/es/LC_MESSAGES/.fever.po.swp", "x")
        _write(workspace.folder / "locales/es/LC_MESSAGES/.tmp-1-fever.po", "x")
        assert read_files(workspace).topic_names() == ("fever",)
        assert read_files(workspace).catalogue_names(SPANISH) == ["fever"]
        assert list(read_catalogue_files(workspace, SPANISH)) == ["fever"]

    def test_folders_of_catalogues_whatever_their_name(self, workspace: Workspace) -> None:
        _write(workspace.folder / "locales/Spanish/LC_MESSAGES/fever.po", "x")
        _write(workspace.folder / "locales/fr/glossary.csv", "x")
        _write(workspace.folder / "locales/.git/LC_MESSAGES/fever.po", "x")
        assert read_files(workspace).locales() == ["Spanish", "es"]

    def test_a_link_that_leads_nowhere(self, workspace: Workspace) -> None:
        (workspace.folder / "topics/cold.json").symlink_to("../else.json")
        with pytest.raises(
            DataError, match=r"cold.json  error  file-unreadable  is a link that leads nowhere"
        ):
            read_files(workspace)
        (workspace.folder / "else.json").write_text("{}")
        files = read_files(workspace)
        (workspace.folder / "else.json").unlink()
        with pytest.raises(UnusablePathError, match=r"cold.json: cannot be read: the link leads nowhere"):
            files.topic("cold")


class TestWrite:
    def test_in_one_step(self, workspace: Workspace) -> None:
        write_file(workspace, "locales/fr/LC_MESSAGES/fever.po", b"x", was=None)
        folder = workspace.folder / "locales/fr/LC_MESSAGES"
        assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("fever.po", b"x")]

    def test_what_is_unchanged_is_left_alone(self, workspace: Workspace) -> None:
        path = workspace.folder / "topics/fever.json"
        before = path.stat()
        write_file(workspace, "topics/fever.json", path.read_bytes(), was=path.read_bytes())
        assert path.stat() == before

    def test_what_cannot_be_written_leaves_no_debris(self, workspace: Workspace) -> None:
        (workspace.folder / "topics/cold.json").mkdir()
        before = sorted(workspace.folder.rglob("topics/*"))
        with pytest.raises(UnusablePathError, match=r"cold.json: cannot be written"):
            write_file(workspace, "topics/cold.json", b"{}", was=None)
        assert sorted(workspace.folder.rglob("topics/*")) == before


class TestCreate:
    def test_all_files(self, tmp_path: Path) -> None:
        create_workspace(tmp_path / "new", {"a": b"1", "b/c": b"2"})
        assert (tmp_path / "new/b/c").read_bytes() == b"2"

    def test_nothing_where_one_exists(self, tmp_path: Path) -> None:
        (tmp_path / "b").write_bytes(b"mine")
        with pytest.raises(ConfigurationError, match=r"the folder is not empty: b\. Nothing was written"):
            create_workspace(tmp_path, {"a": b"1", "b": b"2"})
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("b", b"mine")]

    def test_a_file_in_place_of_the_folder(self, tmp_path: Path) -> None:
        (tmp_path / "new").write_bytes(b"")
        with pytest.raises(UnusablePathError, match="cannot be written"):
            create_workspace(tmp_path / "new", {"a": b"1"})


def test_what_was_saved_in_the_meantime_is_not_overwritten(workspace: Workspace) -> None:
    write_file(workspace, "locales/es/a.po", b"one", was=None)
    (workspace.folder / "locales/es/a.po").write_bytes(b"somebody's")
    with pytest.raises(StorageError, match="was saved while this was at work"):
        write_file(workspace, "locales/es/a.po", b"two", was=b"one")
    assert (workspace.folder / "locales/es/a.po").read_bytes() == b"somebody's"
    with pytest.raises(StorageError):
        write_file(workspace, "locales/es/a.po", b"two", was=None)


class TestOtherPrograms:
    """They know no lock of ours, and save at any moment."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        (tmp_path / "a.po").write_bytes(b"one")
        return tmp_path / "a.po"

    @pytest.fixture(params=["exchange", "no exchange"])
    def _system(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        if request.param == "no exchange":

            def refuse(*_: Path) -> None:
                raise OSError(errno.EINVAL, "such as a network file system")

            monkeypatch.setattr(module, "exchange", refuse)

    @pytest.mark.usefixtures("_system")
    def test_what_is_saved_while_ours_reaches_the_disk_stays(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flush = os.fsync

        def flush_slowly(descriptor: int) -> None:
            path.write_bytes(b"somebody's")
            flush(descriptor)

        monkeypatch.setattr(os, "fsync", flush_slowly)
        with pytest.raises(StorageError, match="was saved while this was at work"):
            overwrite_file(path, b"two", was=b"one")
        assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == {"a.po": b"somebody's"}

    @pytest.mark.parametrize("saves", [1, 2, 3])
    def test_what_is_saved_at_the_last_moment_is_put_back(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, saves: int
    ) -> None:
        """Between any two of our steps, the last save is what is there in the end."""
        texts = [f"somebody's {number}".encode() for number in range(saves)]
        left = iter(texts)

        def save_first(one: Path, other: Path) -> None:
            if text := next(left, None):
                written = path.with_name("theirs")
                written.write_bytes(text)
                written.replace(path)
            atomic.exchange(one, other)

        monkeypatch.setattr(module, "exchange", save_first)
        with pytest.raises(StorageError):
            overwrite_file(path, b"two", was=b"one")
        assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == {"a.po": texts[-1]}

    @pytest.mark.usefixtures("_system")
    def test_a_file_that_nobody_else_saves_is_written(self, path: Path) -> None:
        path.chmod(0o640)
        overwrite_file(path, b"two", was=b"one")
        overwrite_file(path.with_name("b.po"), b"new", was=None)
        found = {each.name: each.read_bytes() for each in path.parent.iterdir()}
        assert found == {"a.po": b"two", "b.po": b"new"}
        assert path.stat().st_mode & 0o777 == 0o640

    def test_our_own_processes_wait_for_each_other(
        self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(locking, "_PATIENCE_S", 0)

        def change(data: bytes) -> bytes:
            with pytest.raises(StorageError, match="another process holds the lock"):
                write_file(workspace, "topics/fever.json", b"{}", was=data)
            return data + b" "

        change_file(workspace, "topics/fever.json", change)
        with locking.briefly_locked(lock_of(workspace.folder), workspace.folder), pytest.raises(StorageError):
            write_file(workspace, "topics/cold.json", b"{}", was=None)
        write_file(workspace, "topics/cold.json", b"{}", was=None)


def test_a_link_stays_a_link_and_a_mode_a_mode(workspace: Workspace) -> None:
    file, link = workspace.folder / "real.po", workspace.folder / "link.po"
    file.write_bytes(b"one")
    file.chmod(0o640)
    link.symlink_to(file)
    replace_file(link, b"two")
    assert link.is_symlink()
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o777 == 0o640


def test_two_writers_of_the_same_number_do_not_take_each_others_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two containers on one volume have processes of the same number."""
    path = tmp_path / "a.po"
    replace = Path.replace

    def write_meanwhile(file: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        replace_file(path, b"two")
        return replace(file, target)

    monkeypatch.setattr(Path, "replace", write_meanwhile)
    replace_file(path, b"one")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a.po": b"one"}


def test_what_a_killed_process_left_in_the_folder_is_removed(tmp_path: Path) -> None:
    left, at_work, other = (tmp_path / f".tmp-{name}" for name in ("0" * 16, "1" * 16, "mine"))
    for path in (left, other):
        path.write_bytes(b"half")
    with written_beside(at_work, (b"half",)):
        replace_file(tmp_path / "a.po", b"whole")
        assert sorted(tmp_path.iterdir()) == sorted([at_work, other, tmp_path / "a.po"])
