import pytest

from healthtopics.language import LanguageTag
from healthtopics.reading.emergencies import emergency_numbers


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Call 911 right away.", ["911"]),
        ("en", "Dial 999 or 112 at once.", ["999", "112"]),
        ("en", "Call the emergency services on 000.", ["000"]),
        ("en", "The emergency number is 112.", ["112"]),
        ("en", "Call an ambulance (061).", ["061"]),
        ("en", "Calling 112, 999 and 000 is free.", ["112", "999", "000"]),
        ("es", "Llame al 911 o vaya a la sala de emergencias.", ["911"]),
        ("es", "Llame de inmediato al 112.", ["112"]),
        ("es", "Marque el 061 o el 112", ["061"]),
        ("es", "LLÁMENOS AL 112", ["112"]),
        ("es", "el número de emergencias es el 112", ["112"]),
        ("es-US", "Pida una ambulancia al 061", ["061"]),
        ("en", "Call triple zero (000).", ["000"]),
        ("en", "Call your local emergency number, such as 999.", ["999"]),
        ("en", "Call the emergency number such as 999 or 112", ["999", "112"]),
        ("en", "Contact 112 in an emergency.", ["112"]),
        ("es", "Comuníquese con el 112.", ["112"]),
        ("es", "Contacte el 112", ["112"]),
        ("es", "Llame al número de emergencias, como el 112", ["112"]),
    ],
)
def test_number_that_readers_are_to_call_is_found(language: str, text: str, expected: list[str]) -> None:
    found = list(emergency_numbers(text, LanguageTag(language)))
    assert [each.number for each in found] == expected
    assert [text[each.start : each.end] for each in found] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Call 9-9-9 at once.", ("999", "9-9-9")),
        ("en", "Dial 1-1-2.", ("112", "1-1-2")),
        ("es", "Llame al 1 1 2.", ("112", "1 1 2")),
    ],
)
def test_number_may_be_written_digit_by_digit(language: str, text: str, expected: tuple[str, str]) -> None:
    (found,) = emergency_numbers(text, LanguageTag(language))
    assert (found.number, text[found.start : found.end]) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Take 112 mg."),
        ("en", "Call 115 minutes after the first dose."),
        ("es", "Llame 115 minutos después."),
        ("en", "Call 100% of them."),
        ("en", "Call 1-1-2-3."),
        ("en", "Call your provider if your temperature is above 100."),
        ("en", "Call 112-555-0123 or 112 555 0123."),
        ("en", "Call 1-800-999-1222."),
        ("en", "Call or text 988."),
        ("en", "Call the 24-hour line: 301-555-0123."),
        ("en", "About 100 of 999 people"),
        ("es", "Llame si la fiebre pasa de 100."),
        ("es", "Tome 112 mg."),
        ("fr", "Appelez le 112."),
    ],
)
def test_other_numbers_are_not(language: str, text: str) -> None:
    assert list(emergency_numbers(text, LanguageTag(language))) == []
