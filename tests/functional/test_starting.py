"""`healthtopics init`: from an empty folder to a release."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from healthtopics.schema import packaged
from support.workspaces import Workspace, run, tree


@pytest.fixture
def started(tmp_path: Path) -> Workspace:
    done = run("init", "site", folder=tmp_path)
    assert done.code == 0
    assert f"A workspace with one worked example is in {tmp_path / 'site'}." in done.out
    return Workspace(tmp_path / "site")


def test_the_example_is_sound_and_complete(started: Workspace) -> None:
    assert started.run("check", "--strict").out.splitlines()[-1] == "1 topic checked: no problems."
    done = started.publish("--strict")
    assert "1 topic: 1 in en, 1 in es; " in done.out
    started.run("release", "verify")


def test_the_example_is_as_the_tools_write_it(started: Workspace) -> None:
    before = dict(tree(started.folder))
    started.run("catalogue", "update")
    after = dict(tree(started.folder))
    shipped = {name: data for name, data in after.items() if name in before}
    assert shipped == before


def test_the_configuration_names_every_setting(started: Workspace) -> None:
    text = (started.folder / "healthtopics.toml").read_text()
    text = re.sub(r"(?m)^# (?=\[|\w+ = )", "", text)
    started.write("healthtopics.toml", text)
    settings = tomllib.loads(text)
    assert settings.keys() == packaged("configuration.schema.json")["properties"].keys()
    started.run("catalogue", "update")
    assert started.run("check", "--strict").out.splitlines()[-1] == "1 topic checked: no problems."
    # What jobs report would leave this machine.
    started.replace("healthtopics.toml", text[text.index("[jobs]") :], "")
    assert any(name.startswith("html/es/") for name in _published(started))


def _published(workspace: Workspace) -> list[str]:
    workspace.publish("--strict")
    return list(workspace.current().manifest.files)


def test_the_schemas_are_where_the_readme_says(started: Workspace) -> None:
    readme = (started.folder / "README.md").read_text()
    (command,) = re.findall(r"python -c \"(.*)\"", readme)
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    named = re.search(r"\((`topic`.*?)\):", readme)
    assert named
    for name in named[1].replace("`", "").split(", "):
        assert (Path(done.stdout.strip()) / f"{name}.schema.json").is_file()


def test_releases_are_kept_out_of_version_control(started: Workspace) -> None:
    assert "exports/" in (started.folder / ".gitignore").read_text().split()
    assert not (started.folder / "gitignore").exists()


def test_the_current_folder_is_the_default(tmp_path: Path) -> None:
    assert run("init", folder=tmp_path).code == 0
    assert (tmp_path / "healthtopics.toml").is_file()


def test_existing_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "healthtopics.toml").write_text("# mine\n")
    done = run("init", folder=tmp_path)
    assert done.code == 78
    assert "healthtopics.toml exists already. Choose an empty folder; nothing was written." in done.err
    assert dict(tree(tmp_path)) == {"healthtopics.toml": b"# mine\n"}


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "site").write_bytes(b"")
    done = run("init", "site", folder=tmp_path)
    assert done.code == 78
    assert "cannot be written (" in done.err


def test_a_terminal_that_knows_few_characters_turns_no_success_into_a_failure(fresh: Workspace) -> None:
    fresh.edit_catalogue("cough", "Cough", msgstr="")  # its problem quotes with “ and ”
    script = Path(sys.executable).parent / "healthtopics"
    done = subprocess.run(
        [script, "publish"],
        cwd=fresh.folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert rb"\u201cCough\u201d has no translation" in done.stdout
