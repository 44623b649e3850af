"""Every schema of ours is one, and each of its rules refuses something; two libraries agree on all of it."""

from functools import cache
from importlib.metadata import version
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from conformance.jsonschema.examples import examples
from conformance.jsonschema.rules import Proof, Prover, rules_of
from conformance.support.findings import ERROR, Finding, record
from healthtopics.schema import packaged
from support.samples import SCHEMAS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FHIR = ("public/fhir-r4.schema.json", "public/fhir-r5.schema.json")
ALONE = ("Bundle", "CodeSystem", "List", "NamingSystem", "StructureDefinition", "ValueSet")
"""The types of resources that are not only in documents."""
UNPROVABLE = {
    **{
        (schema, f"/$defs/{rule}"): "what has another resourceType, or none, never comes to this definition"
        for schema in FHIR
        for rule in (
            *(f"{each}/required/0" for each in (*ALONE, "Organization")),
            *(f"{each}/properties/resourceType/const" for each in (*ALONE, "DocumentReference")),
        )
    },
    **{
        (schema, f"/$defs/organization/{rule}"): "an entry without a resource is judged as that of a page"
        for schema in FHIR
        for rule in ("type", "required/1")
    },
    (
        "topic.schema.json",
        "/properties/ownDescriptions/items/maxLength",
    ): "it limits the message of the same role, not the object that is here",
}
"""Rules that no document can break, each with the reason."""


@cache
def proofs(name: str) -> list[Proof]:
    return Prover(dict(packaged(name)), examples(name)).prove()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_conforms_to_the_metaschema(name: str) -> None:
    schema = packaged(name)
    assert schema["$schema"] == DRAFT
    assert Draft202012Validator(Draft202012Validator.META_SCHEMA).is_valid(schema)
    assert jsonschema_rs.meta.is_valid(dict(schema))


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_rule_of_a_schema_refuses_something(name: str) -> None:
    unproved = [
        f"{proof.rule}: {'nothing it refuses was found' if proof.is_reached else 'no example reaches it'}"
        for proof in proofs(name)
        if proof.example is None and (name, str(proof.rule)) not in UNPROVABLE
    ]
    record(
        name,
        f"jsonschema {version('jsonschema')}, jsonschema-rs {version('jsonschema-rs')}",
        "Each of its rules refuses a document, and both libraries say so.",
        {name: [Finding(name, name, ERROR, each) for each in unproved]},
    )
    assert not unproved


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_libraries_agree(name: str) -> None:
    assert not [str(proof.rule) for proof in proofs(name) if proof.disputed is not None]


@pytest.mark.parametrize(("name", "rule"), UNPROVABLE)
def test_what_counts_as_unprovable_is_so(name: str, rule: str) -> None:
    (proof,) = (each for each in proofs(name) if str(each.rule) == rule)
    assert proof.example is None


def test_a_rule_that_refuses_nothing_is_detected() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"name": {"type": "string", "pattern": ""}, "age": {"minimum": 0}},
    }
    found = {str(proof.rule): proof for proof in Prover(schema, [{"name": "Ng"}]).prove()}
    assert found["/type"].example is not None
    assert found["/properties/name/pattern"].example is None
    assert not found["/properties/age/minimum"].is_reached


def test_an_unknown_keyword_is_an_error() -> None:
    with pytest.raises(ValueError, match="multipleOf"):
        list(rules_of({"multipleOf": 2}))
