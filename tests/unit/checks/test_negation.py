"""A negation that is plainly lost holds an edition; one that a free translation may say does not."""

import pytest

from healthtopics.checks.table import check_pair
from healthtopics.checks.values import Pair
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.orders import read_orders
from unit.checks.test_check_examples import RULES

SPANISH = LanguageTag("es")


def levels(english: str, spanish: str, *checks: str) -> list[Level]:
    found = check_pair(Pair(RULES["paragraph"], english, spanish, language=SPANISH))
    return [finding.level for finding in found if finding.check in checks]


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Don't panic.", "Mantenga la calma."),
        ("Do not ignore chest pain.", "Preste atención al dolor de pecho."),
        ("Do not skip doses.", "Tome todas las dosis."),
    ],
)
def test_a_free_translation_is_only_to_be_looked_at(english: str, spanish: str) -> None:
    assert levels(english, spanish, "negation-lost") == [Level.WARNING]


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Do not take it, even if you keep feeling ill.", "Tómelo, aunque siga sintiéndose enfermo."),
        ("Never leave a child alone in the bath.", "Deje siempre a un niño solo en la bañera."),
        ("Do not eat, drink, or smoke.", "Coma, beba y fume siempre."),
    ],
)
def test_an_order_that_is_turned_round_holds_whatever_else_is_said(english: str, spanish: str) -> None:
    assert levels(english, spanish, "negation-lost", "contrast-changed") == [Level.ERROR]


def test_a_denied_order_that_has_changed_places_is_to_be_looked_at() -> None:
    english = "Take 20 mg of drug A. Do not take drug B."
    assert levels(english, "Tome 20 mg del medicamento A. No tome el B.", "negation-moved") == []
    swapped = "No tome 20 mg del medicamento A. Tome el medicamento B."
    assert levels(english, swapped, "negation-moved") == [Level.WARNING]


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "do not eat, drink, or smoke", [("eat", True), ("drink", True), ("smoke", True)]),
        ("es", "no fume o nade; llame", [("smoke", True), ("swim", True), ("call", False)]),
        ("en", "do not take aspirin and call your doctor", [("take", True), ("call", False)]),
        ("en", "people who take aspirin", []),
        ("es", "no se lo dé a nadie", [("give", True)]),
        ("es", "cuando tome este medicamento, llámela", [("call", False)]),
        ("fr", "ne prenez pas", []),
    ],
)
def test_orders_are_read(language: str, text: str, wanted: list[tuple[str, bool]]) -> None:
    found = read_orders(text, LanguageTag(language))
    assert [(name, order.is_denied) for order in found for name in sorted(order.verbs)] == wanted
