"""Every FHIR export passes third-party tools, and each of them can fail."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache, partial
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Final

import pytest

from conformance.fhir import tools
from conformance.fhir.mutants import BUNDLE, EDITION_MUTANTS, MUTANTS, EditionMutant, Mutant
from conformance.fhir.profiles import PROFILE_MUTANTS, ProfileMutant
from conformance.fhir.tools import Findings, Tool, of_version
from conformance.support.findings import ERROR, WARNING, Documents, Finding, record
from healthtopics.formats.fhir.checking.rules import systems_of
from healthtopics.formats.format import CheckContext
from healthtopics.formats.table import format_named
from healthtopics.problems import Problem
from healthtopics.validation.exports import check_editions, check_exported

ROOT: Final = Path(__file__).parents[3]
EXAMPLES: Final = ROOT / "exports" / "examples"
ACCEPTED: Final = tomllib.loads((tools.HAPI.parent / "warnings.toml").read_text("utf-8"))["warning"]
VERSIONS: Final = ("r4", "r5")
TOPIC: Final = "miscarriage"


@cache
def exports() -> Documents:
    """Every Bundle and companion that we publish, by its name."""
    return {
        path.relative_to(EXAMPLES).as_posix(): json.loads(path.read_bytes())
        for path in sorted((EXAMPLES / "fhir").rglob("*.json"))
    }


@cache
def mutants() -> Documents:
    return {
        f"fhir/{version}/{mutant.name}": mutant.of(exports()[f"fhir/{version}/{mutant.base}.json"])
        for mutant in MUTANTS
        for version in mutant.versions
    }


@cache
def profile_mutants() -> Documents:
    """Documents for the HL7 engine alone: the other tools know only the standard."""
    return {
        f"fhir/{version}/{mutant.name}": mutant.of(exports()[f"fhir/{version}/{BUNDLE}.json"])
        for mutant in PROFILE_MUTANTS
        for version in VERSIONS
    }


def definitions() -> Documents:
    """Our own code systems, value sets and profiles, which an engine must know to judge our documents."""
    return {
        name: document
        for name, document in exports().items()
        if document["resourceType"] in ("CodeSystem", "ValueSet", "StructureDefinition")
    }


TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool(
            "hapi",
            VERSIONS,
            tools.hapi_version,
            "The HL7 validation engine: structure, invariants, bindings, references, documents, narratives, "
            "and our own profiles, which every document names.",
            lambda documents: tools.run_hapi(documents, definitions()),
        ),
        Tool(
            "medplum",
            ("r4",),
            partial(tools.npm_version, "@medplum/core"),
            "Structure, types and invariants, as Medplum's server checks them.",
            tools.run_medplum,
        ),
        Tool(
            "fhirpath",
            VERSIONS,
            partial(tools.npm_version, "fhirpath"),
            "The invariants of the standard's StructureDefinitions.",
            tools.run_fhirpath,
        ),
        Tool(
            "typescript",
            VERSIONS,
            lambda: f"{tools.npm_version('typescript')} (@types/fhir {tools.npm_version('@types/fhir')})",
            "The types, members and required codes of every resource, as @types/fhir declares them.",
            tools.run_typescript,
        ),
        Tool(
            "jsonschema",
            VERSIONS,
            partial(installed, "jsonschema"),
            "Every resource against its own definition in HL7's JSON Schema.",
            tools.run_jsonschema,
        ),
        Tool(
            "fhir.resources",
            VERSIONS,
            partial(installed, "fhir.resources"),
            "Structure and types, as pydantic models; R4 is read as R4B.",
            tools.run_fhir_resources,
        ),
        Tool(
            "fhir-xhtml",
            VERSIONS,
            lambda: "5.0.0",
            "Every narrative against HL7's schema of the XHTML that FHIR lets through.",
            tools.run_xhtml,
        ),
    )
}


@cache
def verdict(name: str) -> Findings:
    """Run a tool once over all its questions here."""
    tool = TOOLS[name]
    more = profile_mutants() if name == "hapi" else {}
    documents = {
        name: document
        for name, document in {**exports(), **mutants(), **more}.items()
        if tools.version_of(name) in tool.versions
    }
    return tool.run(documents)


def of_exports(name: str, version: str) -> dict[str, list[Finding]]:
    found = verdict(name)
    return {document: found[document] for document in of_version(exports(), version)}


MUTANTS_OF_VERSIONS: Final = [
    pytest.param(mutant, version, id=f"{mutant.name}-{version}")
    for mutant in MUTANTS
    for version in mutant.versions
]
TOOL_VERSIONS: Final = [(tool.name, version) for tool in TOOLS.values() for version in tool.versions]


def test_the_examples_hold_both_languages_in_both_releases() -> None:
    for version in VERSIONS:
        for language in ("en", "es"):
            assert f"fhir/{version}/{language}/{TOPIC}.json" in exports()


@pytest.mark.parametrize("version", VERSIONS)
def test_bulk_files_hold_nothing_that_the_tools_have_not_seen(version: str) -> None:
    seen = {json.dumps(each) for each in _resources(of_version(exports(), version))}
    for path in (EXAMPLES / "fhir" / version / "ndjson").glob("*.ndjson"):
        for line in path.read_text("utf-8").splitlines():
            assert json.dumps(json.loads(line)) in seen, f"{path}: {line[:120]}"


@pytest.mark.parametrize(("name", "version"), TOOL_VERSIONS)
def test_no_export_has_an_error(name: str, version: str) -> None:
    found = of_exports(name, version)
    tool = TOOLS[name]
    record(f"{name} ({version.upper()})", tool.version(), tool.checks, found)
    assert [each for findings in found.values() for each in findings if each.severity == ERROR] == []


@pytest.mark.parametrize(("name", "version"), TOOL_VERSIONS)
def test_the_warnings_are_those_that_are_listed(name: str, version: str) -> None:
    warnings = [
        finding
        for findings in of_exports(name, version).values()
        for finding in findings
        if finding.severity == WARNING
    ]
    if name != "hapi":
        assert warnings == []
        return
    assert [each for each in warnings if not _accepted(each)] == []
    for rule in ACCEPTED:
        if rule["version"] == version:
            given = Counter((each.file, each.place) for each in warnings if _matches(rule, each))
            assert given == Counter(_places(rule)), rule


@pytest.mark.parametrize(("mutant", "version"), MUTANTS_OF_VERSIONS)
def test_each_mutant_is_caught_by_the_tools_that_are_known_to(mutant: Mutant, version: str) -> None:
    expected = {tool for tool in mutant.caught_by(version) if version in TOOLS[tool].versions}
    name = f"fhir/{version}/{mutant.name}"
    caught = {
        tool.name
        for tool in TOOLS.values()
        if version in tool.versions and any(not _accepted(each) for each in verdict(tool.name)[name])
    }
    assert caught == expected


PROFILED: Final = {
    "Bundle": "topic-bundle",
    "Composition": "topic-composition",
    "DocumentReference": "topic-document-reference",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_document_names_the_profiles_that_the_engine_judges_it_by(version: str) -> None:
    profiles = {each["url"] for each in definitions().values() if "differential" in each}
    for resource in _resources(of_version(exports(), version)):
        named = resource["meta"].get("profile", [])
        wanted = PROFILED.get(resource["resourceType"])
        assert [each.rpartition("/")[2] for each in named] == ([wanted] if wanted else [])
        assert set(named) <= profiles


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mutant", PROFILE_MUTANTS, ids=lambda mutant: mutant.name)
def test_the_engine_refuses_a_document_that_breaks_its_profile(mutant: ProfileMutant, version: str) -> None:
    found = verdict("hapi")[f"fhir/{version}/{mutant.name}"]
    reasons = [each.message for each in found if each.severity == ERROR]
    assert any(all(words in each for words in mutant.says) for each in reasons)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_is_caught_by_another_tool_or_says_why_not(mutant: Mutant) -> None:
    assert bool(mutant.caught_by("r4") | mutant.caught_by("r5")) != bool(mutant.alone)


@pytest.mark.parametrize(("mutant", "version"), MUTANTS_OF_VERSIONS)
def test_we_catch_each_mutant(mutant: Mutant, version: str) -> None:
    name = f"fhir/{version}/{mutant.name}"
    document = mutants()[name]
    assert mutant.ours in {problem.check for problem in our_problems(name, document)}


@pytest.mark.parametrize("version", VERSIONS)
def test_we_find_nothing_in_what_we_publish(version: str) -> None:
    for name, document in of_version(exports(), version).items():
        assert our_problems(name, document) == []


def our_problems(name: str, document: Mapping[str, Any]) -> list[Problem]:
    context = CheckContext(defined=systems_of(definitions().values()))
    return check_exported(format_named(f"fhir-{tools.version_of(name)}"), dict(document), name, context)


def _resources(documents: Documents) -> Iterator[Mapping[str, Any]]:
    for document in documents.values():
        yield document
        for entry in document.get("entry", ()):
            if "resource" in entry:
                yield entry["resource"]


def _accepted(finding: Finding) -> bool:
    return finding.tool == "hapi" and any(_matches(rule, finding) for rule in ACCEPTED)


def _matches(rule: Mapping[str, Any], finding: Finding) -> bool:
    return (
        finding.severity == WARNING
        and tools.version_of(finding.file) == rule["version"]
        and re.fullmatch(rule["message"], finding.message) is not None
        and any(_path(finding) == path for path in rule["on"])
    )


def _path(finding: Finding) -> str:
    """Return the path of an element without ids and indices: `Composition.event.code`."""
    match = re.fullmatch(r"Bundle\.entry\[[0-9]+\]\.resource/\*(\w+)/[^*]+\*/\.(.*)", finding.place)
    return re.sub(r"\[[0-9]+\]", "", f"{match[1]}.{match[2]}") if match else finding.place


def _places(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield where a rule says that its warning is, as the engine names places."""
    for name, document in of_version(exports(), rule["version"]).items():
        for index, entry in enumerate(document.get("entry", ())):
            resource = entry.get("resource", {})
            for path in rule["on"]:
                type_, *elements = path.split(".")
                if resource.get("resourceType") == type_:
                    root = f"Bundle.entry[{index}].resource/*{type_}/{resource['id']}*/"
                    for place, concept in _values(resource, elements, root):
                        if any(coding["system"] == rule["system"] for coding in concept["coding"]):
                            yield name, place


def _values(value: Any, elements: list[str], place: str) -> Iterator[tuple[str, Any]]:
    """Yield what is under a path of names, each with its place."""
    if not elements:
        yield place, value
    elif elements[0] in value:
        member = value[elements[0]]
        if isinstance(member, list):
            for index, each in enumerate(member):
                yield from _values(each, elements[1:], f"{place}.{elements[0]}[{index}]")
        else:
            yield from _values(member, elements[1:], f"{place}.{elements[0]}")


# An independent server, loaded with both editions of a topic.


def editions(version: str = "r4") -> dict[str, dict[str, Any]]:
    return {
        language: deepcopy(dict(exports()[f"fhir/{version}/{language}/{TOPIC}.json"]))
        for language in ("en", "es")
    }


@cache
def questions() -> dict[str, tuple[str, set[str]]]:
    """What partners ask, each with the query and what it must find; the values come from the exports."""
    english, spanish = (each["entry"][0]["resource"] for each in editions().values())
    mesh = next(
        coding
        for event in english["event"]
        for code in event["code"]
        for coding in code["coding"]
        if coding["system"] == "https://www.nlm.nih.gov/mesh"
    )
    group = next(
        coding
        for section in english["section"]
        for coding in section["code"]["coding"]
        if coding["code"] == "start-here"
    )
    link = next(
        entry["resource"]
        for entry in editions()["es"]["entry"]
        if entry["resource"]["resourceType"] == "DocumentReference"
        and entry["resource"]["language"] == "es"
        and "relatesTo" in entry["resource"]
    )
    relation = next(each for each in spanish["relatesTo"] if each["code"] == "transforms")
    source = relation["targetIdentifier"]
    twin = next(each for each in link["relatesTo"] if each["code"] == "transforms")["target"]["identifier"]
    both = {f"Composition/{english['id']}", f"Composition/{spanish['id']}"}
    in_english, in_spanish = ({f"Composition/{each['id']}"} for each in (english, spanish))
    spanish_link = f"DocumentReference/{link['id']}"
    [english_link] = (
        f"DocumentReference/{entry['resource']['id']}"
        for entry in editions()["en"]["entry"]
        if entry["resource"]["resourceType"] == "DocumentReference"
        and twin in entry["resource"].get("identifier", ())
    )
    return {
        "MeSH code": (f"Composition?context={mesh['system']}|{mesh['code']}", both),
        "Spanish title": (f"Composition?title={spanish['title']}", in_spanish),
        "section code": (f"Composition?section={group['system']}|{group['code']}", both),
        "Spanish link's URL": (
            f"DocumentReference?location={link['content'][0]['attachment']['url']}",
            {spanish_link},
        ),
        "topic of the Spanish link": (f"Composition?entry={spanish_link}", in_spanish),
        "what the Spanish edition transforms": (
            f"Composition?identifier={source['system']}|{source['value']}",
            in_english,
        ),
        "what transforms the English edition": (
            f"Composition?related-id={source['system']}|{source['value']}",
            in_spanish,
        ),
        "what the Spanish link transforms": (
            f"DocumentReference?identifier={twin['system']}|{twin['value']}",
            {english_link},
        ),
    }


def wrong_answers(documents: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the questions that the server does not answer rightly when it holds these documents."""
    # What both editions hold, the organizations and English links, is one resource on a server.
    resources = {
        (entry["resource"]["resourceType"], entry["resource"]["id"]): entry["resource"]
        for document in documents.values()
        for entry in document["entry"]
    }
    found = tools.search(resources.values(), [query for query, _ in questions().values()])
    return {name for name, (query, wanted) in questions().items() if set(found[query]) != wanted}


def test_an_independent_server_finds_the_topic() -> None:
    found = wrong_answers(editions())
    record(
        "Medplum MemoryRepository (R4)",
        tools.npm_version("@medplum/fhir-router"),
        f"{len(questions())} searches over both editions of a topic: {', '.join(questions())}.",
        {
            f"fhir/r4/{language}/{TOPIC}.json": [
                Finding(TOPIC, "search", ERROR, question) for question in found
            ]
            for language in editions()
        },
    )
    assert found == set()


@pytest.mark.parametrize("mutant", EDITION_MUTANTS, ids=lambda mutant: mutant.name)
def test_each_mutant_of_the_editions_is_caught_by_a_search(mutant: EditionMutant) -> None:
    documents = editions()
    mutant.change(documents)
    assert wrong_answers(documents) == set(mutant.unanswered)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mutant", EDITION_MUTANTS, ids=lambda mutant: mutant.name)
def test_we_catch_each_mutant_of_the_editions(mutant: EditionMutant, version: str) -> None:
    documents = editions(version)
    mutant.change(documents)
    others = {
        ("schemaorg", language): json.loads(
            (EXAMPLES / "schemaorg" / language / f"{TOPIC}.jsonld").read_bytes()
        )
        for language in documents
    }
    by_format = {(f"fhir-{version}", language): document for language, document in documents.items()}
    problems = check_editions({**by_format, **others}, TOPIC, ())
    assert mutant.ours in {problem.check for problem in problems}
