"""The bundled topics: everything that we export of them is accepted by every judge that we have."""

from typing import Any

import pytest
from fhir.resources import get_fhir_model_class as r5_model
from fhir.resources.R4B import get_fhir_model_class as r4_model
from support import samples

from healthtopics.exporters.fhir import (
    bundle_resources,
    to_r4_bundle,
    to_r4_companions,
    to_r5_bundle,
    to_r5_companions,
)
from healthtopics.schema import packaged

EXPORTS = {"r4": to_r4_bundle, "r5": to_r5_bundle}
COMPANIONS = {"r4": to_r4_companions, "r5": to_r5_companions}
MODELS = {"r4": r4_model, "r5": r5_model}


def assert_accepted(version: str, resource: dict[str, Any]) -> None:
    import jsonschema  # noqa: PLC0415

    schema = packaged(f"public/fhir-{version}.schema.json")
    jsonschema.Draft202012Validator(schema).validate(resource)
    MODELS[version](resource["resourceType"]).model_validate(resource)
