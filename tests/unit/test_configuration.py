import pytest

from healthtopics.configuration import Configuration, LanguagePolicy
from healthtopics.language import LanguageTag

REQUIRED = {"base_url": "https://example.org", "publisher": "healthtopics", "languages": {}}


def test_what_is_left_out_has_its_default() -> None:
    configuration = Configuration.from_dict({**REQUIRED, "languages": {"es": {}}})
    assert configuration == Configuration(
        base_url="https://example.org",
        publisher="healthtopics",
        languages={LanguageTag("es"): LanguagePolicy()},
    )
    assert configuration.formats == ("fhir-r4", "fhir-r5", "schemaorg")
    assert configuration.cadence_hours == 24


def test_what_is_given_is_taken() -> None:
    spanish = {"policy": "fallback", "threshold": 0.5, "locale": "es-US"}
    configuration = Configuration.from_dict(
        {**REQUIRED, "languages": {"es": spanish}, "formats": ["schemaorg"], "cadence": "PT6H"}
    )
    assert configuration.languages == {
        "es": LanguagePolicy(policy="fallback", threshold=0.5, locale=LanguageTag("es-US"))
    }
    assert (configuration.formats, configuration.cadence) == (("schemaorg",), "PT6H")


@pytest.mark.parametrize(
    ("languages", "expected"),
    [((), ("en",)), (("fr", "es"), ("en", "fr", "es")), (("es", "en"), ("en", "es"))],
)
def test_source_language_comes_first_and_once(languages: tuple[str, ...], expected: tuple[str, ...]) -> None:
    configuration = Configuration.from_dict(
        {**REQUIRED, "languages": {language: {} for language in languages}}
    )
    assert configuration.all_languages == expected


@pytest.mark.parametrize(("cadence", "hours"), [("P1D", 24), ("P14D", 336), ("PT1H", 1), ("PT36H", 36)])
def test_cadence_is_counted_in_hours(cadence: str, hours: int) -> None:
    assert Configuration.from_dict({**REQUIRED, "cadence": cadence}).cadence_hours == hours
