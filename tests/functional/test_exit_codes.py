"""Exit codes, and what is said with them."""

import fcntl
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from healthtopics import cli
from support.workspaces import ACCEPT, NOW, TOPICS, Workspace, build_commands, run, tree

HOLD = """
import fcntl, sys
with open(sys.argv[1], "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("locked", flush=True)
    sys.stdin.read()
"""


class TestWrongUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("publish", "--frobnicate"),
            ("frobnicate",),
            ("publish", "--as-of", "yesterday"),
            ("check", "astma"),
            ("catalogue", "check", "astma"),
            ("catalogue", "update", "--language", "fr"),
            ("catalogue", "check", "--file", "nowhere.po"),
            ("release", "show", "7"),
            ("release", "verify", "7"),
            ("release", "show", "--artifact", "nowhere.json"),
        ],
        ids=" ".join,
    )
    def test_it_ends_with_2_and_changes_nothing(
        self, published: Workspace, arguments: tuple[str, ...]
    ) -> None:
        before = dict(tree(published.folder))
        done = published.run(*arguments, code=2)
        assert not done.out
        assert "Usage: healthtopics" in done.err
        assert dict(tree(published.folder)) == before

    def test_a_slip_of_the_pen_is_recognized(self, published: Workspace) -> None:
        assert "there is no topic 'astma'. Did you mean 'asthma'?" in _words(
            published.run("check", "astma", code=2).err
        )
        assert "There are: asthma, cough, fever." in _words(published.run("check", "zzz", code=2).err)

    def test_a_topic_may_be_named_by_its_file(self, published: Workspace) -> None:
        by_id = published.run("check", "asthma").out
        assert published.run("check", "topics/asthma.json").out == by_id
        assert published.run("check", str(published.folder / "topics/asthma.json")).out == by_id
        assert "there is no topic 'elsewhere/asthma.json'." in _words(
            published.run("check", "elsewhere/asthma.json", code=2).err
        )

    def test_a_release_that_is_not_there(self, published: Workspace) -> None:
        assert "there is no release 7. There are: 1." in _words(
            published.run("release", "show", "7", code=2).err
        )


class TestWrongConfiguration:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('base_url = "https', 'base_url = "ftp', "healthtopics.toml#/base_url"),
            ('publisher = "clinic"', 'publisher = "nobody"', "publisher 'nobody' is not an entry"),
            (
                'publisher = "clinic"',
                "publisher = clinic",
                "healthtopics.toml:2:13  error  configuration-toml",
            ),
            ("cadence", "cadenze", "healthtopics.toml#/cadenze"),
            ('"P1D"', '"daily"', "healthtopics.toml#/cadence"),
            ('"P1D"', "2026-11-20", "healthtopics.toml#/cadence"),
            ('"P1D"', '"P99999999999D"', "healthtopics.toml#/cadence"),
            ("[languages.es]", "[languages.en]", "healthtopics.toml#/languages"),
            ('"complete"', '"sometimes"', "healthtopics.toml#/languages/es/policy"),
        ],
    )
    def test_it_ends_with_78_and_says_where(self, fresh: Workspace, old: str, new: str, said: str) -> None:
        fresh.replace("healthtopics.toml", old, new)
        done = fresh.publish(code=78)
        assert (fresh.place(said) if "#" in said else said) in done.err
        assert not (fresh.exports / "releases").exists()

    def test_a_file_that_is_not_utf8(self, fresh: Workspace) -> None:
        fresh.write("healthtopics.toml", b"# \xe9\n")
        assert "is not UTF-8" in fresh.publish(code=78).err

    def test_no_workspace(self, tmp_path: Path) -> None:
        done = run("publish", folder=tmp_path)
        assert done.code == 78
        assert "no healthtopics.toml here or above. Name the workspace with --workspace." in done.err
        done = run("publish", "-C", "elsewhere", folder=tmp_path)
        assert done.code == 78
        assert "elsewhere/healthtopics.toml: there is no such file." in done.err

    def test_a_workspace_is_found_from_below_and_by_name(self, fresh: Workspace, tmp_path: Path) -> None:
        assert run("check", folder=fresh.folder / "locales/es").code == 0
        assert run("check", "-C", str(fresh.folder), folder=tmp_path).code == 0


class TestTryAgain:
    def test_another_publisher_is_at_work(self, published: Workspace) -> None:
        holder = subprocess.Popen(
            [
                sys.executable,
                "-c",
                HOLD,
                published.exports / ".lock",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "locked\n"
            done = published.publish(code=75)
            assert "another publisher is at work here" in done.err
            assert published.run("release", "verify").code == 0, "reading needs no lock"
            assert holder.stdin is not None
            holder.stdin.close()
        published.publish()  # the lock goes with the process that held it

    def test_a_stale_lock_file_does_not_block(self, published: Workspace) -> None:
        with (published.exports / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
        published.publish()

    def test_a_file_in_place_of_the_folder(self, fresh: Workspace) -> None:
        fresh.write("exports", b"")
        done = fresh.publish(code=78)
        assert "exports: cannot be written (" in done.err

    def test_a_folder_in_place_of_the_lock(self, fresh: Workspace) -> None:
        (fresh.exports / ".lock").mkdir(parents=True)
        assert "cannot be written (" in fresh.publish(code=78).err

    def test_a_read_only_folder_before_the_first_release(self, fresh: Workspace, mounted: Path) -> None:
        _mount("-o", "remount,ro", mounted)
        done = fresh.publish("--exports", str(mounted), code=78)
        assert done.err.endswith("mounted: cannot be written (Read-only file system).\n")

    def test_a_read_only_store(self, published: Workspace, mounted: Path) -> None:
        published.publish("--exports", str(mounted))
        _mount("-o", "remount,ro", mounted)
        published.edit_catalogue("cough", "Cough", msgstr="La tos")
        done = published.publish("--exports", str(mounted), code=78)
        assert "cannot be written (Read-only file system). The last release stays current." in done.err
        published.run("release", "verify", "--exports", str(mounted))

    def test_a_full_disk_leaves_the_last_release_and_no_debris(
        self, published: Workspace, mounted: Path
    ) -> None:
        published.publish("--exports", str(mounted))
        free = os.statvfs(mounted)
        (mounted / "filler").write_bytes(b"x" * free.f_bavail * free.f_frsize)
        published.edit_catalogue("cough", "Cough", msgstr="La tos")

        done = published.publish("--exports", str(mounted), code=75)

        assert "No space left on device" in done.err
        assert not list(mounted.rglob(".tmp-*"))
        published.run("release", "verify", "--exports", str(mounted))
        (mounted / "filler").unlink()
        done = published.publish("--exports", str(mounted))
        assert done.out.startswith("Published release 2")
        published.run("release", "verify", "--exports", str(mounted))

    def test_a_pipe_that_does_not_fit_on_the_disk(self, fresh: Workspace, mounted: Path) -> None:
        """An import reads its file twice, so that of a pipe it keeps a copy."""
        done = subprocess.run(
            [Path(sys.executable).with_name("healthtopics"), "import", "medlineplus", "-"],
            input=bytes(6_000_000),
            cwd=fresh.folder,
            env={**os.environ, "TMPDIR": str(mounted)},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (75, b"-: cannot be read (No space left on device).\n")


def test_an_input_that_the_system_refuses(fresh: Workspace) -> None:
    (fresh.folder / "loop.xml").symlink_to("loop.xml")
    done = fresh.run("import", "medlineplus", "loop.xml", code=78)
    assert done.err == "loop.xml: cannot be read (Too many levels of symbolic links).\n"


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A small separate file system."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", folder):
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def _mount(*arguments: str | Path) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


class TestBug:
    @pytest.fixture(autouse=True)
    def _command(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Add a command that fails, past the cache of the tree of commands."""
        monkeypatch.setattr(typer.main, "get_command", inspect.unwrap(typer.main.get_command))

        def divide() -> float:
            return 1 / 0

        cli.app.command("divide")(divide)
        build_commands.cache_clear()
        yield
        cli.app.registered_commands.pop()
        build_commands.cache_clear()

    def test_it_ends_with_70_and_asks_for_a_report(self, tmp_path: Path) -> None:
        done = run("divide", folder=tmp_path)
        assert done.code == 70
        assert "This is a bug in healthtopics: ZeroDivisionError: division by zero" in done.err
        assert "healthtopics --debug" in done.err
        assert "Traceback" not in done.err

    def test_debug_shows_where_under_the_same_code(self, tmp_path: Path) -> None:
        done = run("--debug", "divide", folder=tmp_path)
        assert done.code == 70
        assert "Traceback (most recent call last)" in done.err
        assert "This is a bug" in done.err


class TestDone:
    def test_help_ends_with_0(self, tmp_path: Path) -> None:
        assert run("--help", folder=tmp_path).code == 0

    def test_nothing_published_yet(self, fresh: Workspace) -> None:
        assert fresh.run("release", "list").out == "No release yet. Run `healthtopics publish`.\n"
        done = fresh.run("release", "show", code=1)
        assert done.err == f"{fresh.exports}: no release here yet. Run `healthtopics publish` first.\n"


def test_the_installed_command_is_the_same_program(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "healthtopics"
    done = subprocess.run([script, "publish"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 78
    assert "healthtopics init" in done.stderr


def test_a_check_of_a_topic_reports_only_its_own_errors(published: Workspace) -> None:
    published.write("topics/broken.json", b"{")
    done = published.run("check", "asthma")
    assert (done.err, done.out.splitlines()[-1]) == ("", "1 topic checked: no problems.")
    assert "topics/broken.json:1" in published.run("check", code=1).out


def test_a_check_of_a_topic_reports_links_to_what_is_not_published(published: Workspace) -> None:
    published.write("topics/cough.json", b"{")
    done = published.run("check", "asthma")
    assert "topics/asthma.json:1:1  warning  link-unpublished  it links to 'cough'" in done.out
    (published.folder / "topics/cough.json").unlink()
    assert "unknown-topic" in published.run("check", "asthma", code=1).out


@pytest.mark.parametrize(
    "command", [("check", "asthma"), ("check", "asthma", "cough"), ("check",), ("publish",)]
)
def test_a_link_to_a_topic_that_comes_later_is_reported_until_it_is_accepted(
    fresh: Workspace, command: tuple[str, ...]
) -> None:
    fresh.edit_topic("cough", lambda topic: topic["dates"].update(publishFrom="2027-01-01"))
    done = fresh.run(*command, "--as-of", NOW)
    said = done.out + done.err
    assert said.count("topics/asthma.json:1:1  warning  link-unpublished  it links to 'cough'") == 1
    accepted = {"check": "link-unpublished", "reason": "It comes in January."}
    fresh.edit_topic("asthma", lambda topic: topic.update(accept=[*ACCEPT, accepted]))
    done = fresh.run(*command, "--as-of", NOW)
    assert "warning" not in done.out + done.err
    if command != ("publish",):
        said = fresh.run(*command, "--as-of", "2027-01-02T06:00:00Z").out
        assert f"{fresh.place('topics/asthma.json#/accept/1')}  warning  accept-unneeded" in said


def test_warnings_about_other_topics_can_wait(published: Workspace) -> None:
    (published.folder / "topics/fever.json").rename(published.folder / "fever.json")
    assert "fever.po" in published.run("check").out
    assert TOPICS["asthma"]["title"] == "Asthma"
    published.edit_catalogue("cough", "Cough", msgstr="")
    done = published.run("check", "asthma")
    assert (done.err, done.out.splitlines()[-1]) == ("", "1 topic checked: no problems.")


def _words(text: str) -> str:
    """Undo the wrapping of usage messages."""
    return " ".join(text.replace("│", " ").split())
