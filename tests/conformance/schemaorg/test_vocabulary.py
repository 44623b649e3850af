"""Our table of terms and our small context say of schema.org what its vocabulary package says."""

import json
from copy import deepcopy
from typing import Any

import pytest
from pyld import jsonld

from conformance.schemaorg import vocabulary
from conformance.schemaorg.documents import examples
from conformance.schemaorg.mutants import MUTANTS, PAIR_MUTANTS
from conformance.schemaorg.tools import (
    OUR_CONTEXT,
    ROOT,
    canonize,
    compare_contexts,
    compare_readers,
    run_jsonld,
)
from support.samples import documented_checks

TABLE: dict[str, Any] = json.loads((ROOT / "tests/conformance/schemaorg/terms.json").read_bytes())
NAME, DOCUMENT = next(iter(examples().items()))


@pytest.mark.parametrize("name", TABLE["classes"])
def test_a_class_of_our_table_is_as_the_vocabulary_has_it(name: str) -> None:
    known = vocabulary.load()
    assert TABLE["classes"][name] == {
        "subClassOf": sorted(known.classes[name]),
        **status(name),
    }


def status(name: str) -> dict[str, str]:
    part = vocabulary.load().status.get(name)
    return {"status": part} if part else {}


@pytest.mark.parametrize("name", TABLE["properties"])
def test_a_property_of_our_table_is_as_the_vocabulary_has_it(name: str) -> None:
    known = vocabulary.load().properties[name]
    assert TABLE["properties"][name] == {
        "domain": sorted(known.domain),
        "range": sorted(known.range),
        **({"supersededBy": sorted(known.superseded_by)} if known.superseded_by else {}),
        **status(name),
    }


@pytest.mark.parametrize("name", TABLE["enumerations"])
def test_an_enumeration_of_our_table_has_the_members_that_the_vocabulary_has(name: str) -> None:
    assert TABLE["enumerations"][name] == sorted(vocabulary.load().members[name])


def test_the_table_has_every_enumeration_in_the_range_of_its_properties() -> None:
    enumerations = vocabulary.load().members.keys()
    in_ranges = {name for each in TABLE["properties"].values() for name in each["range"]}
    assert in_ranges & enumerations <= TABLE["enumerations"].keys()


def test_the_table_has_the_superclasses_of_its_classes() -> None:
    supers = {name for each in TABLE["classes"].values() for name in each["subClassOf"]}
    assert supers <= TABLE["classes"].keys()


def test_our_context_types_each_term_of_our_table_as_the_whole_one_does() -> None:
    whole = vocabulary.to_context()
    superseded = {name for name, each in TABLE["properties"].items() if "supersededBy" in each}
    typed = {name: whole[name] for name in TABLE["properties"] if "@type" in whole[name]}
    ours = {name: each for name, each in OUR_CONTEXT.items() if name not in ("@vocab", "schema")}
    assert ours == {name: each for name, each in typed.items() if name not in superseded}


@pytest.mark.parametrize("name", [name for name, each in OUR_CONTEXT.items() if isinstance(each, dict)])
def test_without_one_of_its_terms_our_context_gives_other_quads(name: str) -> None:
    value = "https://example.org/" if OUR_CONTEXT[name]["@type"] == "@id" else "2026-11-20"
    document = {NAME: {**DOCUMENT, name: value}}
    assert not compare_contexts(document)
    assert compare_contexts(document, {term: each for term, each in OUR_CONTEXT.items() if term != name})


def test_readers_disagree_over_a_broken_address() -> None:
    broken = deepcopy(DOCUMENT)
    broken["relatedLink"] = ["https://example.org/a b"]
    assert compare_readers({NAME: broken})


def test_no_address_but_that_of_schema_org_is_ever_asked_for() -> None:
    foreign = {**DOCUMENT, "@context": "https://example.org/context.jsonld"}
    with pytest.raises(jsonld.JsonLdError):
        canonize(foreign)
    assert "is not to be loaded" in run_jsonld({NAME: foreign})[0].message


def test_the_checks_of_the_mutants_are_ours() -> None:
    named = {mutant.check for mutant in MUTANTS} | {mutant.check for mutant in PAIR_MUTANTS}
    # No third-party tool compares the @id of a page with its url.
    assert named == {*documented_checks("schemaorg-"), "public-schema"} - {"schemaorg-id"}
