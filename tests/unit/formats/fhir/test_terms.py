"""What a concept of a code system is called."""

import pytest

from healthtopics.formats.fhir.terms import designations, display_in

SYNONYM = {"language": "es", "use": {"code": "synonym"}, "value": "Aborto natural"}
TITLE = {"language": "es", "value": "Aborto espontáneo"}


@pytest.mark.parametrize(
    ("names", "language", "expected"),
    [
        ([SYNONYM, TITLE], "es", "Aborto espontáneo"),
        ([SYNONYM], "es", "Miscarriage"),  # a synonym alone is not a title
        ([TITLE], "en", "Miscarriage"),
        ([TITLE], "fr", "Miscarriage"),
    ],
)
def test_a_display_is_a_title_in_the_language(
    names: list[dict[str, object]], language: str, expected: str
) -> None:
    concept = {"code": "miscarriage", "display": "Miscarriage", "designation": names}
    assert display_in(concept, language, "en") == expected


def test_a_concept_without_a_display_is_called_by_its_code() -> None:
    assert display_in({"code": "causes"}, "es", "en") == "causes"
    assert designations({"code": "causes"}, "en") == []
