"""`$document` and `$everything` of an edition."""

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
    found(f"/fhir/r4/Composition/none-en/{operation}", status=404)
    found(f"/fhir/r4/Composition/{WITHDRAWN}-en/{operation}", status=410)
    found(f"/fhir/r4/Composition/miscarriage-es/{operation}?_format=xml", status=406)
    found("/fhir/r4/Organization/nih/$everything", status=404)
