"""What is read in a text: numbers by value, with their units, bounds and dates; what is denied."""

import pytest

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.quantities import can_convert, dimension, is_converted, is_same
from healthtopics.reading.text import read
from healthtopics.reading.tokens import parse_number

ES = LanguageTag("es")
HT = LanguageTag("ht")


@pytest.mark.parametrize(
    ("text", "english", "other"),
    [
        ("7", (7.0,), (7.0,)),
        ("0.3", (0.3,), (0.3,)),
        ("0,3", (0.3,), (0.3,)),
        (".5", (0.5,), (0.5,)),
        ("1,000", (1000.0,), (1000.0, 1.0)),
        ("1.000", (1.0,), (1000.0, 1.0)),
        ("0.125", (0.125,), (0.125,)),
        ("0,125", (0.125,), (0.125,)),
        ("1,000.5", (1000.5,), (1000.5,)),
        ("1.000,5", (1000.5,), (1000.5,)),
        ("1'000,5", (1000.5,), (1000.5,)),
        ("1,000,000", (1e6,), (1e6,)),
        ("1.000.000", (1e6,), (1e6,)),
        ("1500,250", (1500.25,), (1500.25,)),
        ("20th", (20.0,), (20.0,)),
    ],
)
def test_digits_have_a_value_in_every_notation(
    text: str, english: tuple[float, ...], other: tuple[float, ...]
) -> None:
    assert parse_number(text, is_english=True) == english
    assert parse_number(text, is_english=False) == other


def values(text: str, language: LanguageTag) -> list[float]:
    return [number.value for number in read(text, language).numbers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thirty-five", [35]),
        ("one hundred and twenty", [120]),
        ("two hundred thousand", [200_000]),
        ("1.5 million", [1_500_000]),
        ("3 billion", [3e9]),
        ("half a dozen", [6]),
        ("two thirds", [2 / 3]),
        ("one third", [1 / 3]),
        ("two and a half hours", [2.5]),
        ("an hour and a half", [1.5]),
        ("2 1/2 cups, 1½ cups, ¾ cup", [2.5, 1.5, 0.75]),
        ("120/80", [120, 80]),
        ("3 120/80", [3, 120, 80]),
        ("open 24/7", [24, 7]),
        ("the twenty-first day", [21]),
        ("COVID-19, B12 and H1N1", [19, 12, 1, 1]),
        ("stage III or factor V", [3, 5]),
        ("1\u00a0000 people", [1000]),
        ("2 500 mg tablets", [2, 500]),
        ("see https://example.org/a/12 or health.gov/34", []),
        ("CO₂", [2]),
        ("two three", [2, 3]),
        ("a third dose", [3]),
        ("a group", []),
    ],
)
def test_english_numbers(text: str, expected: list[float]) -> None:
    assert values(text, SOURCE) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("treinta y cinco", [35]),
        ("treinta y un días", [31]),
        ("ciento veinte", [120]),
        ("doscientos mil", [200_000]),
        ("mil quinientos", [1500]),
        ("2 mil millones", [2e9]),
        ("dos mil millones", [2e9]),
        ("un millón y medio", [1_500_000]),
        ("ciento veinte mil", [120_000]),
        ("media docena", [6]),
        ("tres cuartas partes, dos tercios", [0.75, 2 / 3]),
        ("2 horas y media", [2.5]),
        ("hora y media", [1.5]),
        ("1 000 personas", [1000]),
        ("el 2.º día y la 3.ª semana", [2, 3]),
        ("una hora", [1]),
        ("una enfermedad", []),
        ("factor VIII", [8]),
        ("ƒ İstanbul 5", [5]),
    ],
)
def test_spanish_numbers(text: str, expected: list[float]) -> None:
    assert values(text, ES) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("20 mg twice a day", SOURCE, [("mg", ""), ("", "day")]),
        ("one or two tablets", SOURCE, [("tablet", ""), ("tablet", "")]),
        ("4 to 6 weeks", SOURCE, [("week", ""), ("week", "")]),
        ("week 20", SOURCE, [("week", "")]),
        ("12 fluid ounces", SOURCE, [("oz", "")]),
        ("20 or more weeks", SOURCE, [("week", "")]),
        ("90 mg/dL", SOURCE, [("mg/dl", "")]),
        ("90 miligramos por decilitro", ES, [("mg/dl", "")]),
        ("semana 20", ES, [("week", "")]),
        ("38 °C", HT, [("c", "")]),
        ("5 grams per glass", SOURCE, [("g", "")]),
    ],
)
def test_units(text: str, language: LanguageTag, expected: list[tuple[str, str]]) -> None:
    assert [(number.unit, number.per) for number in read(text, language).numbers] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("at least 20", SOURCE, ">"),
        ("20 or more", SOURCE, ">"),
        ("up to 20", SOURCE, "<"),
        ("no more than 20", SOURCE, "<"),
        ("at least every 20 hours", SOURCE, ">@"),
        ("more of it, 20", SOURCE, ""),
        ("al menos 20", ES, ">"),
        ("20 años o más", ES, ">"),
        ("adultos mayores de 20 años", ES, ">"),
        ("cada 20 horas", ES, "@"),
        ("1 de cada 20", ES, ""),
    ],
)
def test_bounds(text: str, language: LanguageTag, expected: str) -> None:
    assert read(text, language).numbers[-1].bound == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("March 3, 2024", SOURCE, (2024, 3, 3)),
        ("the 3rd of March", SOURCE, (0, 3, 3)),
        ("in May", SOURCE, (0, 5, 0)),
        ("2026-02-07", SOURCE, (2026, 2, 7)),
        ("02/07/26", SOURCE, (2026, 2, 7)),
        ("3 de marzo de 2024", ES, (2024, 3, 3)),
        ("marzo del 2024", ES, (2024, 3, 0)),
        ("enero", ES, (0, 1, 0)),
    ],
)
def test_dates(text: str, language: LanguageTag, expected: tuple[int, int, int]) -> None:
    assert [day[:3] for day in read(text, language).days] == [expected]


def test_words_that_are_also_months_are_not_dates() -> None:
    assert not read("It may hurt. March on. You may 50 times", SOURCE).days


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("8 p.m.", SOURCE, (1200, True)),
        ("8:30 in the morning", SOURCE, (510, True)),
        ("8:30", SOURCE, (510, False)),
        ("12 a.m.", SOURCE, (0, True)),
        ("12 noon", SOURCE, (720, True)),
        ("8 de la noche", ES, (1200, True)),
        ("12 de la noche", ES, (0, True)),
        ("20:00", ES, (1200, True)),
        ("8 p. m.", ES, (1200, True)),
    ],
)
def test_times(text: str, language: LanguageTag, expected: tuple[int, bool]) -> None:
    (clock,) = read(text, language).clocks
    assert (clock.minutes, clock.is_sure) == expected
    assert not read(text, language).numbers


def test_sentences_end_where_they_end() -> None:
    text = "Ask Dr. Ruiz at 8 a.m. today. Is 0.5 enough?\nNo"
    assert len(read(text, SOURCE).sentences) == 3


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Do not smoke, and never drink.", SOURCE, 2),
        ("No fume ni beba nunca.", ES, 1),
        ("Nunca fume.", ES, 1),
        ("Sin embargo, no es grave.", ES, 1),
    ],
)
def test_denials(text: str, language: LanguageTag, expected: int) -> None:
    assert len(read(text, language).sentences[0].denials) == expected


@pytest.mark.parametrize(
    ("value", "unit", "other", "its_unit", "decimals", "expected"),
    [
        (100.4, "f", 38, "c", 0, True),
        (101, "f", 38.3, "c", 1, True),
        (101, "f", 39, "c", 0, False),
        (37, "c", 98.6, "f", 1, True),
        (2, "f", 1.1, "c", 1, True),  # a rise of 2 °F
        (5, "lb", 2.3, "kg", 1, True),
        (5, "lb", 5, "kg", 0, False),
        (8, "oz", 240, "ml", 0, True),
        (8, "oz", 227, "g", 0, True),
        (240, "ml", 8, "oz", 0, True),
        (1, "cup", 250, "ml", 0, True),
        (6, "ft", 2, "m", 0, True),
        (6, "ft", 3, "m", 0, False),
    ],
)
def test_conversions(
    value: float, unit: str, other: float, its_unit: str, decimals: int, *, expected: bool
) -> None:
    assert is_converted(value, unit, other, its_unit, decimals) is expected


def test_what_measures_the_same() -> None:
    assert is_same(24, "h", 1, "day")
    assert not is_same(24, "h", 2, "day")
    assert can_convert("f", "c")
    assert not can_convert("mg", "mg")
    assert not can_convert("h", "day")
    assert dimension("", is_part=True) == "share"
    assert dimension("tablet") == ""
