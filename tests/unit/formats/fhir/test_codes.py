from typing import Any

from healthtopics.formats.fhir.checking.codes import check_codes, systems_of

SYSTEM = "https://topics.example.org/fhir/CodeSystem/aspect"
SYSTEMS = systems_of(
    [
        {
            "resourceType": "CodeSystem",
            "url": SYSTEM,
            "concept": [{"code": "causes", "display": "Causes"}],
        },
        {"resourceType": "CodeSystem", "url": f"{SYSTEM}-empty"},
        {"resourceType": "ValueSet", "url": "https://topics.example.org/fhir/ValueSet/aspect"},
    ]
)


def found(**coding: Any) -> list[tuple[str, str]]:
    document = {"resourceType": "Composition", "section": [{"code": {"coding": [coding]}}]}
    return [(problem.check, problem.pointer) for problem in check_codes(document, SYSTEMS, "x.json")]


def test_a_code_of_ours_passes_with_its_display_or_without() -> None:
    assert found(system=SYSTEM, code="causes") == []
    assert found(system=SYSTEM, code="causes", display="Causes") == []


def test_a_code_that_our_system_does_not_define_is_found() -> None:
    assert found(system=SYSTEM, code="cause") == [("fhir-code", "/section/0/code/coding/0/code")]
    assert found(system=f"{SYSTEM}-empty", code="causes") == [("fhir-code", "/section/0/code/coding/0/code")]


def test_another_display_than_the_systems_is_found() -> None:
    assert found(system=SYSTEM, code="causes", display="Causas") == [
        ("fhir-code", "/section/0/code/coding/0/display")
    ]


def test_codes_of_others_are_not_judged() -> None:
    assert found(system="http://loinc.org", code="34895-3", display="Education note") == []
