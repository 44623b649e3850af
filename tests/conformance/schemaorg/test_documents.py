"""Our JSON-LD passes third-party validators, and each mutant of it fails where it must."""

from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from conformance.schemaorg.documents import Document, examples, pairs, variations
from conformance.schemaorg.mutants import MUTANTS, PAIR_MUTANTS, Mutant, PairMutant
from conformance.schemaorg.tools import COMPARISONS, TOOLS, Tool, run_translations, shacl_version
from conformance.support.findings import ERROR, Finding, by_file, record
from healthtopics.formats.table import format_named
from healthtopics.validation.exports import check_editions, check_exported

ORIGINAL = "schemaorg/en/a-condition.jsonld"
TRANSLATION = "schemaorg/es/a-condition.jsonld"
# No validator for the web takes a text with its language beside it; see waits() and for_web().
WEB_TOOLS = ("schema-dts", "adobe")


def waits(document: Document) -> bool:
    """Return whether a text of the document still waits for its translation, and says so."""
    return '"@value"' in str(for_web(document)).replace("'", '"')


def for_web(document: Document) -> Document:
    """Return a document whose names in its own language are plain strings."""

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "@value" in value and value.get("@language") == document["inLanguage"]:
            return value["@value"]
        return {name: plain(member) for name, member in value.items()}

    found: Document = plain(document)
    return found


@cache
def model() -> Document:
    """What the mutants are made from: one of everything, so that the tools are soon done with them."""
    document = deepcopy(variations()[ORIGINAL])
    section = next(part for part in document["hasPart"] if "hasHealthAspect" in part)
    links = next(part for part in document["hasPart"] if "mainEntity" in part)
    del links["mainEntity"]["itemListElement"][1:]
    links["mainEntity"]["numberOfItems"] = 1
    return {**document, "hasPart": [section, links]}


@cache
def mutated() -> dict[str, Document]:
    made = {"the model": model()}
    for mutant in MUTANTS:
        document = deepcopy(model())
        mutant.change(document)
        made[mutant.name] = document
    return made


@cache
def found(tool: Tool) -> dict[str, list[Finding]]:
    """Everything that a tool says about all documents: one run of it."""
    documents = {**examples(), **variations(), **mutated()}
    if tool.name in WEB_TOOLS:
        documents = {name: for_web(document) for name, document in documents.items()}
    return by_file(documents, tool.run(documents))


def by_name(tool: Tool) -> str:
    return tool.name


@pytest.mark.parametrize("tool", TOOLS, ids=by_name)
def test_nothing_is_found_in_the_exports(tool: Tool) -> None:
    of_exports = {name: found(tool)[name] for name in examples()}
    record(tool.name, tool.version(), tool.checks, of_exports)
    assert not [finding for each in of_exports.values() for finding in each]


@pytest.mark.parametrize("tool", TOOLS, ids=by_name)
def test_nothing_is_found_in_topics_and_links_of_every_kind(tool: Tool) -> None:
    judged = [name for name, each in variations().items() if not (waits(each) and tool.name in WEB_TOOLS)]
    assert judged
    assert not [finding for name in judged for finding in found(tool)[name]]


def test_the_web_tools_refuse_only_a_text_with_its_language() -> None:
    dts, adobe = (found(tool)[TRANSLATION] for tool in TOOLS if tool.name in WEB_TOOLS)
    assert dts
    assert {finding.place.partition(":")[0] for finding in dts} == {'"@value"'}
    assert adobe
    assert {'"item.name"' in finding.message for finding in adobe} == {True}


@pytest.mark.parametrize("tool", COMPARISONS, ids=by_name)
def test_every_reader_reads_the_same(tool: Tool) -> None:
    findings = by_file(examples(), tool.run(examples()))
    record(tool.name, tool.version(), tool.checks, findings)
    assert not [finding for each in findings.values() for finding in each]
    assert not tool.run(variations())


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_defect_is_caught_by_ours_and_by_just_these_tools(mutant: Mutant) -> None:
    document = mutated()[mutant.name]
    assert mutant.check in {
        problem.check for problem in check_exported(format_named("schemaorg"), document, mutant.name)
    }
    assert {tool.name for tool in TOOLS if found(tool)[mutant.name]} == mutant.caught_by
    assert mutant.caught_by


def test_the_model_of_the_mutants_has_no_defect() -> None:
    assert not check_exported(format_named("schemaorg"), model(), ORIGINAL)
    assert not [finding for tool in TOOLS for finding in found(tool)["the model"]]


def test_the_editions_of_a_topic_translate_each_other() -> None:
    assert pairs()
    findings = by_file(pairs(), run_translations(pairs()))
    checks = "The English and the Spanish document of a topic as one graph: inverse properties, one subject."
    record("pyshacl", shacl_version(), checks, findings)
    assert not [finding for each in findings.values() for finding in each]


@pytest.mark.parametrize("mutant", PAIR_MUTANTS, ids=lambda mutant: mutant.name)
def test_a_defect_between_editions_is_caught_by_ours_and_by_shacl(mutant: PairMutant) -> None:
    original, translation = deepcopy(variations()[ORIGINAL]), deepcopy(variations()[TRANSLATION])
    assert mutant.check not in ours(original, translation)
    assert not run_translations({mutant.name: (original, translation)})
    mutant.change(original, translation)
    assert mutant.check in ours(original, translation)
    assert ERROR in {each.severity for each in run_translations({mutant.name: (original, translation)})}


def ours(original: Document, translation: Document) -> set[str]:
    documents = {("schemaorg", "en"): original, ("schemaorg", "es"): translation}
    return {problem.check for problem in check_editions(documents, "a-condition", ())}
