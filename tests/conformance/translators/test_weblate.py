"""Weblate itself, with PostgreSQL and Redis of Debian: what it writes, enforces and merges.

It is under the GPL: it runs in a separate environment, as a separate process.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from healthtopics.catalogues import po
from support.samples import ROOT

HERE: Final = Path(__file__).parent
WEBLATE: Final = ROOT / ".venv-weblate/bin"
HEALTHTOPICS: Final = Path(sys.executable).parent / "healthtopics"
POSTGRESQL: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
CATALOGUE: Final = "locales/es/LC_MESSAGES/miscarriage.po"
ENGLISH: Final = (
    "A miscarriage means that a pregnancy ends unexpectedly before the 20th week. Read about possible "
    "causes, signs, diagnosis, treatment, and prevention."
)

pytestmark = pytest.mark.weblate


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of this project in a repository of git; and a bare one to push to."""
    folder = tmp_path_factory.mktemp("git") / "outside"
    folder.mkdir()
    for name in ("topics", "locales", "vocabulary"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("healthtopics.toml", ".gitattributes"):
        shutil.copy(ROOT / name, folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "user.name", "Bea")
    git(folder, "config", "user.email", "bea@example.org")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Start")
    bare = folder.with_name("topics.git")
    subprocess.run(["git", "clone", "--quiet", "--bare", folder, bare], check=True)
    git(folder, "remote", "add", "origin", f"file://{bare}")
    git(folder, "fetch", "--quiet")
    git(folder, "branch", "--quiet", "--set-upstream-to=origin/main")
    return folder


@pytest.fixture(scope="module")
def weblate() -> Iterator[dict[str, str]]:
    """The environment of a Weblate, whose database and Redis run until the end."""
    # The folders of pytest are for one user only, and another one runs the database.
    with TemporaryDirectory() as folder, ExitStack() as stack:
        yield _start(Path(folder), stack)


def _start(root: Path, stack: ExitStack) -> dict[str, str]:
    root.chmod(0o755)
    (root / "database").mkdir()
    as_user: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses root
        shutil.chown(root / "database", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    database, redis = free_port(), free_port()
    data = root / "database/data"
    options = f"-p {database} -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories="
    control = [*as_user, str(POSTGRESQL[-1] / "pg_ctl"), "-D", str(data)]
    run = [*as_user, str(POSTGRESQL[-1] / "initdb"), "-D", str(data), "-A", "trust", "-U", "weblate"]
    subprocess.run(run, check=True, capture_output=True, cwd=root)
    log = str(root / "database/log")
    subprocess.run(
        [*control, "-o", options, "-l", log, "-w", "start"],
        check=True,
        cwd=root,
        stdout=subprocess.DEVNULL,
    )
    stack.callback(
        subprocess.run, [*control, "-m", "immediate", "stop"], cwd=root, check=True, capture_output=True
    )
    server = subprocess.Popen(
        ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", ""],
        cwd=root,
        stdout=subprocess.DEVNULL,
    )
    stack.callback(server.wait)
    stack.callback(server.terminate)
    psql = ["psql", "-h", "127.0.0.1", "-p", str(database), "-U", "weblate", "-q"]
    subprocess.run([*psql, "postgres", "-c", "create database weblate"], check=True)
    extensions = ["-c", "create extension pg_trgm", "-c", "create extension btree_gin"]
    subprocess.run([*psql, "weblate", *extensions], check=True)
    home = root / "data/home"
    home.mkdir(parents=True)
    driver = f"{HEALTHTOPICS} catalogue merge %O %A %B --path %P"
    (home / ".gitconfig").write_text(f'[merge "healthtopics"]\n\tdriver = {driver}\n')
    return {
        **os.environ,
        "WEBLATE_ROOT": str(root),
        "WEBLATE_DATABASE": str(database),
        "WEBLATE_REDIS": str(redis),
        "HEALTHTOPICS": str(HEALTHTOPICS),
        "DJANGO_SETTINGS_MODULE": "weblate_settings",
        "PYTHONPATH": f"{HERE}:{ROOT / 'contrib/weblate'}",
    }


def spanish(data: bytes) -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in po.parse(data, CATALOGUE).file}


@pytest.fixture(scope="module")
def seen(weblate: dict[str, str], repository: Path) -> dict[str, Any]:
    """What people see who translate one message wrongly, then right, while somebody else works outside."""
    subprocess.run(
        [WEBLATE / "weblate", "migrate", "--noinput"], env=weblate, check=True, capture_output=True
    )
    text = (repository / CATALOGUE).read_bytes()
    before = spanish(text)[ENGLISH]
    plan = {
        "repository": str(repository.with_name("topics.git")),
        "outside": str(repository),
        "english": ENGLISH,
        "wrong": before.replace("20", "29"),
        "right": before.replace("los signos", "las señales"),
        "again": before.replace("los signos", "los síntomas"),
        "before": f'msgstr "{spanish(text)["Miscarriage"]}"',
        "after": 'msgstr "Aborto espontáneo, de fuera"',
    }
    command = [str(WEBLATE / "python"), str(HERE / "weblate_work.py"), json.dumps(plan)]
    done = subprocess.run(command, env=weblate, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "plan": plan}


def test_no_check_fails_on_what_is_shipped(seen: dict[str, Any]) -> None:
    assert "healthtopics" not in seen["checks"]


def test_a_wrong_translation_needs_editing(seen: dict[str, Any]) -> None:
    assert not seen["wrong"]["is_translated"]
    assert "(number-changed)" in seen["wrong"]["checks"]["healthtopics"]
    assert seen["right"] == {"is_translated": True, "checks": {}}


def test_a_commit_has_what_was_typed_and_the_header(seen: dict[str, Any]) -> None:
    lines = [
        line for line in seen["diff"].splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    typed = [line for line in lines if line[1:].startswith("msgstr")]
    assert typed[1] == f'+msgstr "{seen["plan"]["right"]}"'
    assert len(typed) == 2
    header = {line[2:].partition(":")[0] for line in lines if line not in typed}
    assert header == {"PO-Revision-Date", "Last-Translator", "Plural-Forms", "X-Generator"}


def test_two_people_in_different_minutes_are_merged(seen: dict[str, Any]) -> None:
    assert seen["merged"]
    assert "MergeFailure" not in seen["alerts"]
    both = spanish(seen["both"].encode())
    assert both[ENGLISH] == seen["plan"]["again"]
    assert both["Miscarriage"] == "Aborto espontáneo, de fuera"
