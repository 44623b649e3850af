"""What the checks of numbers and negation hold for whatever a text says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.checks.table import check_pair
from healthtopics.checks.values import Pair
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.tokens import parse_number
from healthtopics.schema import MessageRule

PLAIN = MessageRule("title", "A title.")
PARTS = (
    "20|1,000|1.000|0,5|½|1/2|mg|µg|tablets|every|at least|no|sin|not|hasta|March|marzo|3|2024|8 p.m.|one|un"
    "|media|hora|and|y|a|to|de cada|million|mil|%|°F|°C|38|100.4|1-800-222-1222|a@b.org|I|II|stage|tipo|.|,|("
    "|third|dos|treinta|May|noon|noche|in the morning|o más|entre|between|02/07/2026|8:30|8 a. m."
)
WORDS = st.sampled_from(PARTS.split("|"))
TEXTS = (st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40)).filter(str.strip)


@given(TEXTS, TEXTS, st.sampled_from(["es", "ht", "ar"]))
def test_no_text_stops_the_checks(english: str, other: str, language: str) -> None:
    for finding in check_pair(Pair(PLAIN, english, other, language=LanguageTag(language))):
        assert finding.message
        assert finding.hint


@given(st.text("0123456789/½.,' ", max_size=600), st.sampled_from(["", " millones", " mg", " °C", " %"]))
def test_no_run_of_digits_stops_the_checks(digits: str, unit: str) -> None:
    check_pair(Pair(PLAIN, f"Take {digits}{unit}", f"Tome {digits}{unit}", language=LanguageTag("es")))
    check_pair(Pair(PLAIN, "Take 1/2", f"Tome {digits}{unit}", language=LanguageTag("es")))


@given(st.integers(0, 10**9), st.integers(0, 999))
def test_a_number_is_itself_in_every_notation(whole: int, decimals: int) -> None:
    grouped = f"{whole:,}"
    expected = whole + decimals / 1000 if decimals % 10 else whole
    fraction = f"{decimals:03}" if decimals % 10 else ""
    for group, point in ((",", "."), (".", ","), ("'", ",")):
        text = grouped.replace(",", group) + (point + fraction if fraction else "")
        if whole >= 1000 or not fraction:
            assert pytest.approx(expected) in parse_number(text, is_english=False)


@given(st.integers(2, 9999), st.sampled_from(["mg", "ml", "%", "°C"]))
def test_a_message_that_is_its_own_translation_has_no_finding_on_its_numbers(number: int, unit: str) -> None:
    text = f"{number} {unit}"
    assert not check_pair(Pair(PLAIN, text, text, language=SOURCE))
    changed = check_pair(Pair(PLAIN, text, f"{number * 10} {unit}", language=LanguageTag("ht")))
    assert [finding.check for finding in changed] == ["number-changed"]
