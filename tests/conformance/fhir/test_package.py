"""Other software loads the FHIR packages, offline: SUSHI's loader, and HAPI's."""

import json
import subprocess
import tarfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest

from conformance.fhir import tools
from conformance.schemaorg.documents import MAKER, NOW
from conformance.support.findings import ERROR, Finding, record
from healthtopics.publishing.publication import publish
from healthtopics.release import read_artifact
from support.samples import files
from support.stores import MemoryStore

VERSIONS: Final = ("r4", "r5")


@cache
def package(version: str) -> bytes:
    store = MemoryStore()
    manifest = publish(files(), store, now=NOW, maker=MAKER).manifest
    name = f"fhir/{version}/package.tgz"
    return read_artifact(store, name, manifest.files[name])


@cache
def contents(version: str) -> dict[str, dict[str, Any]]:
    with tarfile.open(fileobj=BytesIO(package(version))) as archive:
        return {each.name: json.load(file) for each in archive if (file := archive.extractfile(each))}


def canonicals(version: str) -> set[str]:
    return {
        each["url"]
        for name, each in contents(version).items()
        if name.startswith("package/") and "resourceType" in each and "url" in each
    }


def judge(tool: str, checks: str, version: str, loaded: set[str], wanted: set[str]) -> None:
    name = f"fhir/{version}/package.tgz"
    missing = [Finding(name, tool, ERROR, url) for url in sorted(wanted - loaded)]
    installed = tools.hapi_version() if tool == "hapi" else tools.npm_version(tool)
    record(f"{tool} package ({version.upper()})", installed, checks, {name: missing})
    assert loaded == wanted


@pytest.mark.parametrize("version", VERSIONS)
def test_the_loader_of_sushi_finds_every_canonical(version: str, tmp_path: Path) -> None:
    about = contents(version)["package/package.json"]
    with tarfile.open(fileobj=BytesIO(package(version))) as archive:
        archive.extractall(tmp_path / f"{about['name']}#{about['version']}", filter="data")
    asked = json.dumps({"name": about["name"], "version": about["version"]})
    run = subprocess.run(
        ["node", tools.HERE / "packages.mjs", tmp_path],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    status, *found = map(json.loads, run.stdout.splitlines())
    assert status == {"name": about["name"], "status": "LOADED"}
    what = "Loads the FHIR package, and finds each canonical by its URL."
    judge("fhir-package-loader", what, version, {each["url"] for each in found}, canonicals(version))


@pytest.mark.parametrize("version", VERSIONS)
def test_hapi_offers_every_definition_to_validators(version: str, tmp_path: Path) -> None:
    (tmp_path / "package.tgz").write_bytes(package(version))
    path = f"{tmp_path}:{tools.HAPI / 'classes'}:{tools.HAPI / 'lib' / '*'}"
    run = subprocess.run(
        ["java", "-cp", path, "healthtopics.conformance.Load", version, "package.tgz"],
        capture_output=True,
        text=True,
        check=True,
    )
    # The support is for validators: it has no use for guides and naming systems.
    kinds = ("/CodeSystem/", "/StructureDefinition/", "/ValueSet/")
    wanted = {url for url in canonicals(version) if any(kind in url for kind in kinds)}
    what = "Loads the FHIR package, for validators: code systems, value sets and profiles."
    judge("hapi", what, version, {line.split()[1] for line in run.stdout.splitlines()}, wanted)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_hl7_engine_accepts_every_definition(version: str) -> None:
    definitions = {
        f"fhir/{version}/{name}": each
        for name, each in contents(version).items()
        if name.startswith("package/") and "resourceType" in each and each["resourceType"] != "Bundle"
    }
    changed = {
        f"fhir/{version}/changed-{kind}": {**each, member: value}
        for kind, member, value in (
            ("CapabilityStatement", "kind", "nonsense"),
            ("OperationDefinition", "code", None),
            ("ImplementationGuide", "fhirVersion", ["9.9"]),
        )
        for each in definitions.values()
        if each["resourceType"] == kind
    }
    kinds = ("CodeSystem", "ValueSet", "StructureDefinition")
    known = {name: each for name, each in definitions.items() if each["resourceType"] in kinds}
    found = tools.run_hapi({**definitions, **changed}, known)
    wrong = {name for name, findings in found.items() if any(each.severity == ERROR for each in findings)}
    assert wrong == changed.keys()
