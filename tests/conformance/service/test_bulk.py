"""A stock client of `$export`, and a kit that tests FHIR servers, use the service as it is."""

import json
import socket
import subprocess
import sys
from contextlib import closing
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from pyrofile_validator.api_testing import ApiTestOptions, load_builtin_api_test_plan, run_api_tests

from conformance.service.conftest import BASE
from conformance.service.exchanges import Examined
from conformance.support.findings import ERROR, Finding, record
from healthtopics.release import open_current, read_artifact
from support import workspaces
from support.processes import serving

SMART_FETCH: Final = Path(sys.executable).with_name("smart-fetch")
TYPE: Final = "DocumentReference"
GONE: Final = ("asthma", "cough")
"""The topics that are withdrawn; they refer to each other."""


def lines(paths: list[Path]) -> list[Any]:
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def published(workspace: workspaces.Workspace) -> dict[str, Any]:
    """Return the links in the current release, by id."""
    found = {}
    for name, artifact in open_current(workspace.store).manifest.files.items():
        if name.startswith(f"fhir/r4/ndjson/{TYPE}"):
            for line in read_artifact(workspace.store, name, artifact).splitlines():
                resource = json.loads(line)
                found[resource["id"]] = resource
    return found


def fetch(
    workspace: workspaces.Workspace, port: int, folder: Path, *options: str
) -> tuple[list[Any], list[str]]:
    """Export with smart-fetch; return the resources, and the addresses of those that were deleted."""
    with serving(
        "serve", "-C", workspace.folder, "--port", str(port), log=folder.with_suffix(".log")
    ) as server:
        words = ["bulk", "--fhir-url", f"{server.url}/fhir/r4", "--type", TYPE, "--no-default-filters"]
        command = [*map(str, (SMART_FETCH, *words, "--no-compression", *options, folder))]
        subprocess.run(command, check=True, capture_output=True)
    deleted = lines(sorted(folder.glob("deleted/*.ndjson")))
    urls = [entry["request"]["url"] for bundle in deleted for entry in bundle["entry"]]
    return lines(sorted(folder.glob(f"{TYPE}.*.ndjson"))), urls


def test_smart_fetch_exports_everything_and_then_what_changed(tmp_path: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workspace = workspaces.bundled(tmp_path / "workspace")
    workspace.replace("healthtopics.toml", BASE, f"http://127.0.0.1:{port}")
    for topic in ("fever", *GONE):
        workspace.add_topic(workspaces.TOPICS[topic])
    workspace.run("publish")
    before = published(workspace)
    exported, deleted = fetch(workspace, port, tmp_path / "everything")
    is_whole = {each["id"]: each for each in exported} == before and deleted == []

    for topic in GONE:
        (workspace.folder / f"topics/{topic}.json").unlink()
    workspace.run("publish", "--allow-withdrawals", str(len(GONE)))
    after = published(workspace)
    time = min(each["meta"]["lastUpdated"] for each in before.values())
    # It takes a server that cannot search patients by `_lastUpdated` for one without `_since`.
    options = ("--since-mode", "updated", "--since", time)
    exported, deleted = fetch(workspace, port, tmp_path / "changes", *options)
    changed = [each for each in after.values() if each["meta"]["lastUpdated"] > time]
    gone = {f"{TYPE}/{id_}" for id_ in before.keys() - after.keys()}
    assert gone
    is_right = exported == changed and set(deleted) == gone and len(deleted) == len(gone)

    checks = "Exports all links, and after a withdrawal what changed and what was deleted since."
    wrong = [] if is_whole and is_right else [Finding("r4", "smart-fetch", ERROR, "not what was published")]
    record("smart-fetch", installed("smart-fetch"), checks, {"r4": wrong})
    assert is_whole
    assert is_right


# Its plan also validates what is answered, and has no R4 definitions of Bundle, CodeSystem and Composition.
# It would need a folder of them (`ValidatorConfig.local_package_paths`), one to a file. The HL7 engine has
# them in a separate package, and validates all resources of these types in tests/conformance/fhir.
@pytest.mark.parametrize(
    ("type_", "id_"),
    [
        ("DocumentReference", ""),
        ("List", "miscarriage-translations"),
        ("Organization", "nlm"),
        ("ValueSet", "aspect"),
    ],
)
def test_pyrofile_finds_nothing_wrong(service: Examined, type_: str, id_: str) -> None:
    base = f"{service.url}/fhir/r4"
    resource = (
        httpx.get(f"{base}/{type_}/{id_}").json()
        if id_
        else httpx.get(f"{base}/{type_}?_count=1").json()["entry"][0]["resource"]
    )
    inputs = {"resourceType": type_, "resourceId": resource["id"], "versionId": resource["meta"]["versionId"]}
    report = run_api_tests(base, load_builtin_api_test_plan("base-r4"), options=ApiTestOptions(inputs=inputs))
    wrong = [
        Finding(type_, "pyrofile-validator", ERROR, f"{each.name}: {each.status.value}")
        for each in report.scenarios
        if each.status.value != "PASS"
    ]
    checks = f"Its plan for R4 servers, for the type {type_}."
    record("pyrofile-validator, API", installed("pyrofile-validator"), checks, {type_: wrong})
    assert (report.passed, report.failed, report.skipped, wrong) == (8, 0, 0, [])
