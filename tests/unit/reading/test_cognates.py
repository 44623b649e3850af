import pytest

from healthtopics.reading.cognates import are_cognates


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("lisinopril", "lisinopril"),
        ("levothyroxine", "levotiroxina"),
        ("acetaminophen", "acetaminofén"),
        ("clotrimazole", "clotrimazol"),
        ("hydrochlorothiazide", "hidroclorotiazida"),
        ("spironolactone", "espironolactona"),
        ("retinopathy", "retinopatía"),
        ("tetanus", "tétanos"),
        ("cirrhosis", "cirrosis"),
        ("lymphoma", "linfoma"),
    ],
)
def test_names_that_differ_in_spelling_alone(english: str, spanish: str) -> None:
    assert are_cognates(english, spanish)


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("penicillin", "penicilamina"),
        ("prednisone", "primidona"),
        ("hyponatremia", "hipernatremia"),
        ("norovirus", "rotavirus"),
        ("melanoma", "mieloma"),
        ("valacyclovir", "valganciclovir"),
    ],
)
def test_names_that_look_alike(english: str, spanish: str) -> None:
    assert not are_cognates(english, spanish)
