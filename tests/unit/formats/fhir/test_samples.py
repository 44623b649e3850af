"""The bundled topics: the public schemas, our checker and fhir.resources accept all we export of them."""

from collections.abc import Callable
from typing import Any

import pytest
from fhir.resources import get_fhir_model_class as r5_model
from fhir.resources.R4B import get_fhir_model_class as r4_model

from healthtopics.formats.fhir.checking.rules import FhirVersion, check_document
from healthtopics.formats.fhir.exporting.companions import to_companions
from healthtopics.formats.fhir.exporting.document import to_bundle
from healthtopics.formats.fhir.exporting.r4 import R4
from healthtopics.formats.fhir.exporting.r5 import R5
from healthtopics.validation.public import check_public
from support import samples
from support.documents import bundle_resources
from support.histories import dated

DIALECTS = {"r4": R4, "r5": R5}
MODELS: dict[str, Callable[[str], Any]] = {"r4": r4_model, "r5": r5_model}


def assert_accepted(version: str, resource: dict[str, Any]) -> None:
    assert check_public(f"public/fhir-{version}.schema.json", resource, resource["id"]) == []
    MODELS[version](resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("topic", samples.TOPICS)
@pytest.mark.parametrize("version", ["r4", "r5"])
def test_documents_are_accepted(version: FhirVersion, topic: str, language: str) -> None:
    bundle = dated(
        to_bundle(samples.localized(topic, language), samples.edition(topic, language), DIALECTS[version])
    )
    for resource in [bundle, *bundle_resources(bundle)]:
        assert_accepted(version, resource)
    assert check_document(bundle, topic, {}, version=version) == []


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_companions_are_accepted(version: FhirVersion) -> None:
    for name, resource in to_companions(samples.collection(), DIALECTS[version]).items():
        assert_accepted(version, dated(resource))
        assert check_document(resource, name, {}, version=version) == []


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_a_resource_is_the_same_wherever_it_is(version: FhirVersion) -> None:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for topic in samples.TOPICS:
        for language in samples.LANGUAGES:
            bundle = to_bundle(
                samples.localized(topic, language), samples.edition(topic, language), DIALECTS[version]
            )
            for resource in bundle_resources(bundle):
                key = (resource["resourceType"], resource["id"])
                assert found.setdefault(key, resource) == resource
