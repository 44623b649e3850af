"""What `make dist` builds: the wheel, installed as users do, its metadata, and its bill of materials."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.samples import ROOT

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def built(pattern: str) -> Path:
    found = list((ROOT / "dist").glob(pattern))
    assert len(found) == 1, "run `make dist`"
    return found[0]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch what the lock pins by pip, as it is configured on this machine: what follows needs no index."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    locked = ["--require-hashes", "--requirement", str(ROOT / "requirements.txt")]
    subprocess.run([*pip, "download", "--dest", folder, *locked], check=True)
    return folder


@pytest.fixture
def empty(tmp_path: Path, wheels: Path) -> dict[str, str]:
    """The environment of somebody who has nothing yet."""
    (tmp_path / "home").mkdir()
    return {
        "PATH": f"{tmp_path / 'home/.local/bin'}:{BIN}:/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "UV_OFFLINE": "1",
        "UV_FIND_LINKS": str(wheels),
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
    }


def run(*command: str | Path, folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_pipx_installs_the_command(empty: dict[str, str], tmp_path: Path) -> None:
    run("pipx", "install", "--python", sys.executable, built("*.whl"), folder=tmp_path, env=empty)
    healthtopics = tmp_path / "home/.local/bin/healthtopics"
    run(healthtopics, "init", "site", folder=tmp_path, env=empty)
    done = json.loads(run(healthtopics, "publish", "--json", folder=tmp_path / "site", env=empty))
    assert done["result"] == "published"


def test_uvx_runs_the_command(empty: dict[str, str], tmp_path: Path) -> None:
    uvx: list[str | Path] = ["uvx", "--from", built("*.whl"), "healthtopics"]
    run(*uvx, "init", "site", folder=tmp_path, env=empty)
    done = json.loads(run(*uvx, "publish", "--json", folder=tmp_path / "site", env=empty))
    assert done["result"] == "published"


def metadata() -> Any:
    with zipfile.ZipFile(built("*.whl")) as wheel:
        (name,) = [each for each in wheel.namelist() if each.endswith(".dist-info/METADATA")]
        return Parser().parsestr(wheel.read(name).decode())


def test_the_page_of_an_index_has_only_absolute_links() -> None:
    page = metadata().get_payload()
    targets = re.findall(r"\]\(([^)]+)\)", page)
    source = PROJECT["urls"]["Source"]
    relative = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / "README.md").read_text())
    assert len(targets) >= len(relative) > 20
    for each in targets:
        assert re.match(rf"{source}/(blob|raw)/main/|#", each), each
    assert all(f"/main/{each}" in page for each in relative)


def test_no_index_takes_it_while_its_addresses_are_examples() -> None:
    urls = metadata().get_all("Project-URL")
    assert {each.partition(",")[0] for each in urls} == set(PROJECT["urls"])
    is_example = any("example.org" in each for each in urls)
    assert is_example == ("Private :: Do Not Upload" in metadata().get_all("Classifier"))


def test_the_bill_of_materials_is_valid_and_complete() -> None:
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 - only `make dist` installs it
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415 - as above

    text = built("*.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert (
        JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"library"', '"books"')) is not None
    )
    bill = json.loads(text)
    assert bill["metadata"]["component"]["version"] == PROJECT["version"]
    found = {canonicalize_name(each["name"]): each for each in bill["components"]}
    found.pop(canonicalize_name("healthtopics"), None)
    locked = {}
    for line in re.findall(r"(?m)^[a-z0-9].*(?= \\$)", (ROOT / "requirements.txt").read_text()):
        requirement = Requirement(line)
        if not requirement.marker or requirement.marker.evaluate():
            locked[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    assert {name: each["version"] for name, each in found.items()} == locked
    assert [name for name, each in found.items() if not each.get("licenses")] == []
