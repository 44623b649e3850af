"""`healthtopics init`: from an empty folder to a release."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from healthtopics.configuration import Configuration
from healthtopics.release import open_current, read_artifact
from healthtopics.schema import packaged
from healthtopics.storage.local import LocalStore
from support.samples import ROOT
from support.terminals import Terminal
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


def test_every_file_names_a_schema_that_is_there(started: Workspace) -> None:
    for path in ("topics/handwashing.json", "vocabulary/organizations.json"):
        file = started.folder / path
        assert (file.parent / json.loads(file.read_bytes())["$schema"]).is_file()
    first = (started.folder / "healthtopics.toml").read_text().partition("\n")[0]
    assert (started.folder / first.removeprefix("#:schema ")).is_file()
    settings = json.loads((started.folder / ".vscode/settings.json").read_bytes())
    for each in settings["json.schemas"]:
        assert (started.folder / each["url"]).is_file()
    assert ".schema/" in (started.folder / "README.md").read_text()


def test_old_schemas_are_reported_and_renewed(started: Workspace) -> None:
    started.write(".schema/topic.schema.json", "{}")
    (found,) = started.run("check", "--json").json["problems"]
    assert (found["check"], found["level"], found["path"]) == (
        "schema-outdated",
        "warning",
        ".schema/topic.schema.json",
    )
    (found,) = started.run("check", "handwashing", "--json").json["problems"]
    assert found["check"] == "schema-outdated"
    assert started.run("init", "--update").out == "updated .schema/topic.schema.json\n"
    assert started.run("check", "--json").json["problems"] == []
    assert started.run("init", "--update", "--json").json["files"] == []
    assert "--update: change address" in started.run("init", "--update", "--languages", "pt", code=2).err


def test_git_merges_catalogues_as_the_readme_says(started: Workspace) -> None:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=started.folder, capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "-q")
    commands = re.findall(r"(?m)^git (config .*)$", (started.folder / "README.md").read_text())
    assert len(commands) == 2
    for command in commands:
        git(*shlex.split(command))
    path = "locales/es/LC_MESSAGES/handwashing.po"
    assert git("check-attr", "merge", path) == f"{path}: merge: healthtopics\n"
    assert git("config", "merge.healthtopics.driver").startswith("healthtopics catalogue merge ")


ASKED = [
    ("published? [https://healthtopics.example]: ", "ftp://clinic"),
    ("is not a valid http or https address: it does not begin with https://", None),
    ("published? [https://healthtopics.example]: ", "https://topics.riverside-clinic.net/"),
    ("texts? [Example Publisher]: ", "Riverside Clinic"),
    ("besides English, or none? [es]: ", "es, pt"),
    ("healthtopics serve.", None),
]


def test_a_terminal_is_asked_for_address_publisher_and_languages(tmp_path: Path) -> None:
    with Terminal("init", "site", folder=tmp_path) as terminal:
        for question, answer in ASKED:
            terminal.expect(question)
            if answer is not None:
                terminal.send(f"{answer}\n")
        assert terminal.end() == 0
    settings = tomllib.loads((tmp_path / "site/healthtopics.toml").read_text())
    assert settings["base_url"] == "https://topics.riverside-clinic.net"
    assert settings["publisher"] == "riverside-clinic"
    assert list(settings["languages"]) == ["es", "pt"]
    assert "trial" not in settings
    assert run("check", "-C", "site", folder=tmp_path).code == 0


def test_ctrl_c_at_a_question_writes_nothing(tmp_path: Path) -> None:
    with Terminal("init", "site", folder=tmp_path) as terminal:
        terminal.expect("published?")
        terminal.send("\x03")
        assert terminal.end() == 130
    assert list(tmp_path.iterdir()) == []


def test_options_answer_without_a_terminal(tmp_path: Path) -> None:
    words = ("--base-url", "http://127.0.0.1:8000", "--publisher", "Clínica Río", "--languages", "fr")
    told = run("init", "site", *words, "--json", folder=tmp_path).json
    assert told["trial"] is True
    site = Workspace(tmp_path / "site")
    settings = tomllib.loads((site.folder / "healthtopics.toml").read_text())
    assert (settings["publisher"], settings["trial"], list(settings["languages"])) == (
        "clinica-rio",
        True,
        ["fr"],
    )
    assert not (site.folder / "locales").exists()
    site.run("catalogue", "update")
    site.run("check")


@pytest.mark.parametrize(
    ("option", "value", "fault"),
    [
        ("--base-url", "topics.clinic.net", "is not a valid http or https address"),
        ("--publisher", " ", "a publisher needs a name."),
        ("--languages", "en", "topics are written in 'en'"),
        ("--languages", "xx-YY-ZZ", "--languages: "),
    ],
)
def test_wrong_options_write_nothing(tmp_path: Path, option: str, value: str, fault: str) -> None:
    assert fault in run("init", "site", option, value, folder=tmp_path).err
    assert list(tmp_path.iterdir()) == []


class TestTrial:
    """Addresses that nobody else can open are published only as a trial."""

    @pytest.mark.parametrize(
        ("host", "is_reserved"),
        [
            ("healthtopics.example", True),
            ("topics.example.org", True),
            ("EXAMPLE.com:8443", True),
            ("site.test", True),
            ("localhost:8000", True),
            ("127.0.0.1:8000", True),
            ("[::1]:8000", True),
            ("x.invalid.", True),
            ("myexample.org", False),
            ("example.org.clinic.net", False),
            ("192.0.2.1", False),
            ("test", True),
            ("contest", False),
        ],
    )
    def test_reserved_hosts(self, host: str, *, is_reserved: bool) -> None:
        configuration = Configuration.from_dict(
            {"base_url": f"https://{host}/topics", "publisher": "clinic", "languages": {}}, ()
        )
        assert configuration.has_reserved_host is is_reserved

    def test_publish_says_that_it_is_one(self, started: Workspace) -> None:
        done = started.publish()
        assert "This is a trial (`trial = true` in healthtopics.toml), and every page says so." in done.out
        assert started.publish("--json").json["trial"] is True

    @pytest.mark.parametrize("command", ["publish", "check", "check handwashing"])
    def test_without_that_it_is_refused(self, started: Workspace, command: str) -> None:
        started.replace("healthtopics.toml", "\ntrial = true\n", "\n")
        (found,) = started.run(*command.split(), "--json", code=78).json["problems"]
        assert (found["check"], found["pointer"]) == ("reserved-host", "/base_url")
        assert "`trial = true`" in found["hint"]
        assert not (started.folder / "exports/current").exists()

    def test_a_real_address_is_not_a_trial(self, started: Workspace) -> None:
        started.replace("healthtopics.toml", "\ntrial = true\n", "\n")
        started.replace("healthtopics.toml", "https://healthtopics.example", "https://topics.clinic.net")
        assert started.publish("--json").json["trial"] is False
        assert "trial" not in started.publish().out


def test_releases_are_kept_out_of_version_control(started: Workspace) -> None:
    assert "exports/" in (started.folder / ".gitignore").read_text().split()
    assert not (started.folder / "gitignore").exists()


def test_what_translators_programs_write_is_kept_out_and_lokalize_wraps_nothing(started: Workspace) -> None:
    assert "*.mo" in (started.folder / ".gitignore").read_text().split()
    assert "[RegExps]\nWordWrap=-1\n" in (started.folder / "index.lokalize").read_text()


def test_the_current_folder_is_the_default(tmp_path: Path) -> None:
    assert run("init", folder=tmp_path).code == 0
    assert (tmp_path / "healthtopics.toml").is_file()


def test_existing_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "healthtopics.toml").write_text("# mine\n")
    done = run("init", folder=tmp_path)
    assert done.code == 78
    assert "the folder is not empty: healthtopics.toml. Nothing was written." in done.err
    assert "`healthtopics init --update`" in done.err
    assert dict(tree(tmp_path)) == {"healthtopics.toml": b"# mine\n"}


def test_a_start_that_was_stopped_is_finished_by_the_next(started: Workspace) -> None:
    whole = dict(tree(started.folder))
    (started.folder / "healthtopics.toml").unlink()
    (started.folder / "locales/es/LC_MESSAGES/handwashing.po").unlink()
    started.run("init")
    assert dict(tree(started.folder)) == whole
    assert "not empty: healthtopics.toml." in started.run("init", "--languages", "fr", code=78).err
    assert dict(tree(started.folder)) == whole


def test_of_many_files_in_the_way_few_are_named(started: Workspace) -> None:
    (started.folder / "healthtopics.toml").unlink()
    for path in started.folder.rglob("*"):
        if path.is_file():
            path.write_bytes(b"mine")
    said = started.run("init", code=78).err
    assert "the folder is not empty: .editorconfig, .gitattributes, .gitignore and " in said
    assert "Name a folder that does not have them: `healthtopics init FOLDER`." in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://topics.clinic.net", None),
        ("http://127.0.0.1:8000", "It is a trial, as nobody else can open http://127.0.0.1:8000"),
        ("https://healthtopics.example", "before others rely on it, set base_url"),
    ],
)
def test_the_address_is_asked_for_only_where_it_lacks(tmp_path: Path, url: str, said: str | None) -> None:
    out = run("init", "site", "--base-url", url, "--languages", "none", folder=tmp_path).out
    assert said in out if said else "trial" not in out
    assert out.count("Next there: ") == 1
    assert "Next there: healthtopics check, healthtopics publish, " in out
    assert tomllib.loads((tmp_path / "site/healthtopics.toml").read_text())["languages"] == {}


def test_a_language_without_catalogues_needs_an_update_first(tmp_path: Path) -> None:
    out = run("init", "site", "--languages", "es,pt", folder=tmp_path).out
    assert "Next there: healthtopics catalogue update, healthtopics check, " in out


def test_a_publisher_without_latin_letters_has_a_key_that_is_said(tmp_path: Path) -> None:
    out = run("init", "site", "--publisher", "健康", folder=tmp_path).out
    assert "The publisher has the key `publisher`, as keys have Latin letters" in out
    assert tomllib.loads((tmp_path / "site/healthtopics.toml").read_text())["publisher"] == "publisher"
    (entry,) = json.loads((tmp_path / "site/vocabulary/organizations.json").read_bytes())["entries"]
    assert (entry["id"], entry["name"]) == ("publisher", "健康")
    assert run("check", "-C", "site", folder=tmp_path).code == 0


def test_every_document_that_a_workspace_names_can_be_found(started: Workspace) -> None:
    text = (started.folder / "healthtopics.toml").read_text() + (started.folder / "README.md").read_text()
    assert "docs/" not in text, "a workspace has no documents of the source"
    commands = re.findall(r"`healthtopics help ([a-z ]+)`", text)
    assert commands == ["publish", "serve"]
    for each in commands:
        assert "Usage:" in started.run("help", *each.split()).out
    schemas = re.findall(r"(\.schema/\S+\.json)", text)
    assert ".schema/configuration.schema.json" in schemas
    for each in schemas:
        assert (started.folder / each).is_file()


def test_the_copy_of_the_readme_has_no_address_of_an_example(tmp_path: Path) -> None:
    lines = (ROOT / "README.md").read_text().partition("mkdir -p build/try")[2].partition("```")[0]
    for name in ("topics", "vocabulary", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "healthtopics.toml", tmp_path)
    prepare = [each for each in lines.strip().splitlines() if not each.startswith(".venv/")]
    assert len(prepare) == 2
    script = "\n".join(["set -e", "mkdir -p build/try", *prepare])
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
    assert run("publish", "-C", "build/try", folder=tmp_path).code == 0
    store = LocalStore(tmp_path / "build/try/exports")
    for name, artifact in open_current(store).manifest.files.items():
        if name.endswith((".json", ".jsonld", ".html")):
            assert b"healthtopics.example.org" not in read_artifact(store, name, artifact), name


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
