"""`$document` and `$everything` of an edition."""

import json

import pytest

from support.fhir import WITHDRAWN, ask, found


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_the_document_is_what_was_published(version: str) -> None:
    response = ask(f"/fhir/{version}/Composition/miscarriage-es/$document")
    assert response.body == ask(f"/fhir/{version}/es/miscarriage.json").body
    document = found(f"/fhir/{version}/Composition/miscarriage-es/$document")
    assert dict(response.headers)["ETag"] == f'W/"{document["meta"]["versionId"]}"'


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_everything_is_the_composition_and_everything_it_refers_to(version: str) -> None:
    bundle = found(f"/fhir/{version}/Composition/miscarriage-es/$everything")
    first, *others = bundle["entry"]
    assert (bundle["type"], bundle["total"], first["search"]["mode"]) == ("searchset", 1, "match")
    assert first["resource"] == found(f"/fhir/{version}/Composition/miscarriage-es")
    here = {f"{each['resource']['resourceType']}/{each['resource']['id']}" for each in others}
    body = ask(f"/fhir/{version}/Composition/miscarriage-es").body.decode()
    assert {part.partition('"')[0] for part in body.split('"reference":"')[1:]} <= here
    assert {each["search"]["mode"] for each in others} == {"include"}


@pytest.mark.parametrize("operation", ["$document", "$everything"])
def test_an_operation_answers_what_reading_would(operation: str) -> None:
    missing = found(f"/fhir/r4/Composition/none-en/{operation}", status=404)
    assert missing["issue"][0]["diagnostics"] == "there is no Composition/none-en."
    found(f"/fhir/r4/Composition/{WITHDRAWN}-en/{operation}", status=410)
    found(f"/fhir/r4/Composition/miscarriage-es/{operation}?_format=xml", status=406)
    found("/fhir/r4/Organization/nih/$everything", status=404)


@pytest.mark.parametrize("operation", ["$document", "$everything"])
def test_a_client_that_posts_gets_the_same(operation: str) -> None:
    target = f"/fhir/r4/Composition/miscarriage-es/{operation}"
    for body in ("", '{"resourceType": "Parameters"}'):
        response = ask(target, method="POST", body=body, content_type="application/fhir+json")
        assert (response.status, response.body) == (200, ask(target).body)
        assert dict(response.headers)["Cache-Control"] == "no-store"
    for body in ("[]", '{"resourceType": "Parameters", "parameter": [{"name": "x", "valueString": "y"}]}'):
        refusal = ask(target, method="POST", body=body, content_type="application/fhir+json")
        assert (refusal.status, json.loads(refusal.body)["issue"][0]["code"]) == (400, "invalid")


def test_a_document_may_be_asked_to_stay_where_it_is() -> None:
    target = "/fhir/r4/Composition/miscarriage-es/$document"
    assert ask(f"{target}?persist=true").body == ask("/fhir/r4/Bundle/miscarriage-es").body
    assert found(f"{target}?persist=maybe", status=400)["issue"][0]["expression"] == ["persist"]
