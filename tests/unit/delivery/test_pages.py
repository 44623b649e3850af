import pytest

from healthtopics.delivery.pages import Link


@pytest.mark.parametrize(
    ("media_type", "label"),
    [
        ("application/fhir+json;fhirVersion=4.0", "FHIR R4"),
        ("application/fhir+json; fhirVersion=5.0", "FHIR R5"),
        ("application/ld+json", "JSON-LD"),
        ("text/csv", "text/csv"),
    ],
)
def test_a_form_is_called_what_people_call_it(media_type: str, label: str) -> None:
    assert Link("/x", media_type).label == label
