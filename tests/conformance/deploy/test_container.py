"""The image of deploy/Containerfile: built without a registry, then it publishes, serves and pulls."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import workspaces
from support.samples import ROOT
from support.workspaces import Workspace

RELEASE = "bookworm"
PYTHON = "3.11"
"""Of that release of Debian."""
OWNER = 10001
"""The user of the image."""


class Buildah:
    """buildah with separate storage; it needs no daemon, and isolates by chroot."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def command(self, *words: str | Path) -> list[str]:
        storage = [
            "--root",
            self._folder / "root",
            "--runroot",
            self._folder / "run",
            "--storage-driver",
            "vfs",
        ]
        return ["buildah", *map(str, storage), *map(str, words)]

    def __call__(self, *words: str | Path) -> str:
        done = subprocess.run(self.command(*words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout.strip()


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Buildah, str]]:
    """Build the image on a root file system from debootstrap, with wheels that were fetched before."""
    if os.geteuid() != 0:
        pytest.skip("needs root: debootstrap and chroot")
    folder = tmp_path_factory.mktemp("container")
    buildah = Buildah(folder / "storage")
    root, wheels, pip = folder / "rootfs", folder / "wheels", folder / "pip.conf"
    packages = "--include=python3,python3-venv,ca-certificates"
    system = subprocess.run(
        ["debootstrap", "--variant=minbase", packages, RELEASE, root],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if system.returncode:
        pytest.skip(f"debootstrap cannot make a system here: {system.stdout[-300:]}")
    fetch(wheels)
    pip.write_text("[global]\nno-index = true\nfind-links = /wheels\n")
    base = buildah("from", "scratch")
    buildah("add", base, root, "/")
    buildah("commit", "--quiet", "--rm", base, "localhost/base")
    shutil.rmtree(root)
    buildah(
        *("build", "--isolation", "chroot", "--pull-never", "--build-arg", "BASE=localhost/base"),
        *("--volume", f"{wheels}:/wheels:ro", "--volume", f"{pip}:/etc/pip.conf:ro"),
        *("--file", ROOT / "deploy/Containerfile", "--tag", "localhost/healthtopics", ROOT),
    )
    yield buildah, "localhost/healthtopics"
    buildah("rm", "--all")
    buildah("rmi", "--all", "--force")


def fetch(folder: Path) -> None:
    """Fetch the wheels of all dependencies, and of what builds the wheel of the source."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder),
            *("--only-binary", ":all:", "--python-version", PYTHON, "--constraint", ROOT / "constraints.txt"),
            *("--requirement", ROOT / "requirements.txt", *project["build-system"]["requires"]),
        ],
        check=True,
    )


@pytest.mark.buildah
def test_the_image_publishes_serves_and_pulls(image: tuple[Buildah, str], tmp_path: Path) -> None:
    buildah, name = image
    workspace = workspaces.create(tmp_path / "workspace")
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in (workspace.folder, copy, *workspace.folder.rglob("*")):
        os.chown(path, OWNER, OWNER)

    def run(*words: str) -> list[str]:
        volumes = ("--volume", f"{workspace.folder}:/workspace", "--volume", f"{copy}:/copy")
        container = buildah("from", "--pull-never", name)
        return buildah.command(
            "run", "--isolation", "chroot", *volumes, container, "--", "healthtopics", *words
        )

    def result_of(*words: str) -> dict[str, object]:
        done = subprocess.run(run(*words), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    assert result_of("publish", "--json")["result"] == "published"
    assert {path.stat().st_uid for path in workspace.exports.rglob("*")} == {OWNER}
    serving = run("serve", "--port", "0", "--exports", "/workspace/exports")
    with subprocess.Popen(serving, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as service:
        try:
            assert service.stdout is not None
            found = (re.search(r"http://127\.0\.0\.1:[0-9]+", line) for line in service.stdout)
            pulled = result_of("pull", next(filter(None, found))[0], "/copy", "--json")
        finally:
            service.terminate()
    assert (pulled["result"], pulled["release"]) == ("pulled", 1)
    Workspace(tmp_path).run("release", "verify", "--exports", str(copy))
