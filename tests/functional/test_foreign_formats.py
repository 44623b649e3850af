"""A format of another distribution: built, installed, published, served, listed and verified."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from support.distributions import Distribution, Environment
from support.samples import ROOT
from support.workspaces import Workspace

PAGE = (ROOT / "docs/exports.md").read_text()
(MODULE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
GROUP, NAME, TARGET = re.findall(r'\[project\.entry-points\."(.*)"\]\n(\w+) = "(.*)"', PAGE)[0]
MEDIA_TYPE = "application/vnd.clinic+json"
EXAMPLE = ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml"
MANY = 30
"""More topics than one process does by itself."""

pytestmark = pytest.mark.slow


def distribution(module: str = MODULE, name: str = NAME) -> Distribution:
    return Distribution(
        name="clinic-format", files={"clinic_format.py": module}, entry_points={GROUP: {name: TARGET}}
    )


def changed(module: str, old: str, new: str) -> str:
    """Return the module with another line, which it must have."""
    assert module.count(old) == 1
    return module.replace(old, new)


def saying_the_process(module: str) -> str:
    """Let each document say which process made it."""
    said = changed(
        module, '"language": topic.language,', '"language": topic.language, "by": current_process().name,'
    )
    return f"from multiprocessing import current_process\n{said}"


def losing_items(module: str) -> str:
    """Let each list keep only its first item."""
    return changed(module, "for text in texts_in(block)]", "for text in texts_in(block)][:1]")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment.create(tmp_path_factory.mktemp("foreign") / "environment")


def with_formats(workspace: Workspace, *formats: str) -> None:
    workspace.replace("healthtopics.toml", "cadence", f"formats = {json.dumps(formats)}\ncadence")


@contextmanager
def serving(environment: Environment, workspace: Workspace) -> Iterator[str]:
    """Serve the workspace's release and yield the service's address."""
    start = "from healthtopics.cli import main; main()"
    command = [str(environment.python), "-c", start, "serve", "-C", str(workspace.folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            (address,) = re.findall(r"http://\S+/", process.stdout.readline())
            yield address
        finally:
            process.terminate()


def test_a_foreign_format_is_published_served_listed_and_verified(
    environment: Environment, fresh: Workspace
) -> None:
    topic = json.loads((fresh.folder / "topics/fever.json").read_text())
    for number in range(MANY):
        fresh.add_topic({**topic, "id": f"fever-{number}"})
    with_formats(fresh, "fhir-r4", NAME, "html")
    environment.install(distribution(saying_the_process(MODULE)))
    done = environment.healthtopics("publish", "-C", fresh.folder)
    assert done.returncode == 0, done.stderr
    name = "clinic/es/fever.json"
    artifact = fresh.current().manifest.files[name]
    assert (artifact.format, artifact.media_type, artifact.topic) == (NAME, MEDIA_TYPE, "fever")
    assert "MainProcess" not in fresh.artifact(name)["by"]
    assert name in environment.healthtopics("release", "show", "--artifacts", "-C", fresh.folder).stdout
    assert environment.healthtopics("release", "verify", "-C", fresh.folder).returncode == 0
    with serving(environment, fresh) as address:
        headers = {"Accept": MEDIA_TYPE, "Accept-Language": "es"}
        answer = httpx.get(f"{address}topics/fever", headers=headers)
        assert answer.headers["Content-Type"] == MEDIA_TYPE
        assert answer.json()["title"] == "Fiebre"
        assert f'type="{MEDIA_TYPE}"' in httpx.get(f"{address}en/fever").headers["Link"]


def test_a_foreign_format_is_compared_with_the_original(environment: Environment, fresh: Workspace) -> None:
    for path in fresh.folder.glob("topics/*"):
        path.unlink()
    with_formats(fresh, "schemaorg", NAME)
    environment.install(distribution())
    assert environment.healthtopics("import", "medlineplus", EXAMPLE, "-C", fresh.folder).returncode == 0
    done = environment.healthtopics("publish", "-C", fresh.folder)
    assert done.returncode == 0, done.stderr
    verify = ("import", "medlineplus", EXAMPLE, "--verify", "-C", fresh.folder)
    done = environment.healthtopics(*verify)
    assert "100.00% faithful" in done.stdout, done.stderr

    environment.install(distribution(losing_items(MODULE)))
    # A text that it loses never leaves, so that there is nothing for --verify to find.
    done = environment.healthtopics("publish", "-C", fresh.folder)
    assert done.returncode == 1
    assert "clinic/en/abdominal-pain  error  agreement-text" in done.stderr


@pytest.mark.parametrize(
    ("module", "name", "reason"),
    [
        (f"import missing_module\n{MODULE}", NAME, "No module named 'missing_module'"),
        (
            MODULE.replace("CLINIC = Format(", "CLINIC = dict("),
            NAME,
            "is not a healthtopics.formats.format.Format",
        ),
        (MODULE.replace('name="clinic"', 'name="other"'), NAME, "the format calls itself 'other'"),
        (MODULE.replace('folder="clinic"', 'folder="../x"'), NAME, "its artifacts cannot be named"),
        (MODULE.replace('folder="clinic"', 'folder="schemaorg"'), NAME, "both write to schemaorg/"),
        (MODULE.replace('"maxLength": 200', '"maxLength": "x"'), NAME, "is not a valid JSON Schema"),
        (MODULE, "html", "'html' is the name of a format of healthtopics"),
    ],
    ids=["load", "class", "name", "folder", "same folder", "schema", "collision"],
)
def test_a_foreign_format_that_cannot_be_used_is_refused(
    environment: Environment, fresh: Workspace, module: str, name: str, reason: str
) -> None:
    with_formats(fresh, "schemaorg", name)
    environment.install(distribution(module, name))
    done = environment.healthtopics("publish", "-C", fresh.folder)
    assert reason in done.stderr
    assert done.returncode == 78


def test_a_format_that_is_not_installed_is_named(fresh: Workspace) -> None:
    with_formats(fresh, "schemaorg", NAME)
    done = fresh.run("check", code=78)
    assert "“clinic” is not one of fhir-r4, fhir-r5, schemaorg, html" in done.out
