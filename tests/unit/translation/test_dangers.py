import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.translation.dangers import (
    critical_phrases,
    differences,
    is_dangerous_word,
    is_safe_to_suggest,
)

WORDS = st.sampled_from(
    ["take", "20", "mg", "200", "not", "don't", "½", "four", "weeks", ",", "ICD-9", "CM", "%"]
)
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Take 4 tablets.", "Take four tablets!"),
        ("Take 1,000 mg.", "Take 1000 milligrams, please."),
        ("Take 20mg.", "Take 20 mg"),
        ("Use 5 µg.", "Use 5 micrograms."),
        ("Use 5 \u03bcg.", "Use 5 \u00b5g."),
        ("It happens in 10% of cases.", "It happens in 10 percent of the cases."),
        ("Don't smoke.", "Do not smoke."),
        ("You can’t smoke.", "You cannot smoke."),
        ("4-6 weeks", "4 to 6 weeks"),
        ('See <a href="https://example.org/1">this</a>.', 'See <a href="https://example.org/2">this</a>.'),
        ("Am I pregnant? Group g. Letters l and m.", "I may be pregnant."),
        ('<h3 id="type-2">Fever</h3>', "<h3>Fever</h3>"),
        ("<h3>Fever</h3>\n<p>It passes.</p>", "<p>Fever.</p>\n<p>It passes.</p>"),
        ("Fever", "Fevers"),
        ("Rest after the test.", "Rest."),
        ("It hurts more before meals than after.", "It hurts before meals."),
    ],
)
def test_safe_changes(old: str, new: str) -> None:
    assert is_safe_to_suggest(old, new)
    assert is_safe_to_suggest(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Take 20 mg.", "Take 200 mg."),
        ("Take 0.5 mg.", "Take 5 mg."),
        ("Take .5 mg.", "Take 5 mg."),
        ("Take ½ tablet.", "Take 1 tablet."),
        ("Take one tablet.", "Take two tablets."),
        ("Take half a tablet.", "Take a tablet."),
        ("Take it once a day.", "Take it twice a day."),
        ("The first dose.", "The second dose."),
        ("Between 4 and 6 weeks.", "Between 6 and 4 weeks."),
        ("5 mg", "5 mcg"),
        ("5 g", "5 mg"),
        ("5 g", "5 kg"),
        ("5 ml", "5 l"),
        ("5%", "5"),
        ("38 °C", "38 °F"),
        ("at 10 a.m.", "at 10 p.m."),
        ("for days", "for weeks"),
        ("a teaspoon", "a tablespoon"),
        ("every hour", "every minute"),
        ("You should get it.", "You should not get it."),
        ("You should get it.", "You shouldn't get it."),
        ("You should get it.", "You shouldn’t get it."),
        ("It is safe.", "It is never safe."),
        ("with food", "without food"),
        ("Drink alcohol.", "Avoid alcohol."),
        ("if you bleed", "unless you bleed"),
        ("There is a cure.", "There is no cure."),
        ("Take your medicine.", "Stop taking your medicine."),
        ("12 or more weeks", "12 or fewer weeks"),
        ("Children older than 2 years", "Children younger than 2 years"),
        ("A higher dose", "A lower dose"),
        ("You are more likely to get it.", "You are less likely to get it."),
        ("It is likely.", "It is unlikely."),
        ("Take it before meals.", "Take it after meals."),
        ("a small amount", "a large amount"),
        ("mild pain", "severe pain"),
        ("Get emergency help if you bleed.", "Get emergency help only if you bleed."),
        ("the lower jaw", "the upper jaw"),
        ("the left eye", "the right eye"),
        ("less salt and more water", "more salt and less water"),
        ("It increases the risk.", "It reduces the risk."),
        ("It gets better.", "It gets worse."),
        ("for external use", "for internal use"),
        ("Keep it cold.", "Keep it warm."),
        ("It is safe.", "It is unsafe."),
        ("Do it even if it hurts.", "Do it if it hurts."),
    ],
)
def test_dangerous_changes(old: str, new: str) -> None:
    assert not is_safe_to_suggest(old, new)
    assert not is_safe_to_suggest(new, old)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Take 20 mg.", "Take 200 mg.", ["20 mg → 200 mg"]),
        ("Take 20mg.", "Take 20 mcg.", ["20mg → 20 mcg"]),
        ("Take it.", "Do not take it.", ["not (new)"]),
        ("Don’t take it.", "Take it.", ["Don't (gone)"]),
        ("After 12 or more weeks.", "After 12 or fewer weeks.", ["more → fewer"]),
        ("Rest 4 to 6 weeks.", "Rest 6 to 8 weeks.", ["4 … 6 weeks → 6 … 8 weeks"]),
        ("Take one tablet daily.", "Never take two tablets daily.", ["one tablet → Never … two tablets"]),
        ("Take 4 tablets.", "Take four tablets.", []),
        ("Rest.", "Sleep.", []),
    ],
)
def test_what_differs_is_named_as_the_texts_have_it(old: str, new: str, expected: list[str]) -> None:
    assert differences(old, new) == expected


@given(TEXTS, TEXTS)
def test_something_is_named_just_where_it_is_not_safe(old: str, new: str) -> None:
    assert bool(differences(old, new)) is not is_safe_to_suggest(old, new)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do not take more than 20 mg, and not 40 mg.", ["not", "20 mg", "40 mg"]),
        ("A 6-week course without food", ["6-week", "without"]),
        ("between 0.1 and 0.3 percent (1 to 3 in 1,000)", ["0.1 and 0.3 percent"]),
        ("50 to 60 percent, or 5–10 mg", ["50 to 60 percent", "5–10 mg"]),
        ("After 12 or more weeks", ["12 or more weeks"]),
        ("in 2 or 3 days and 4 weeks", ["2 or 3 days", "4 weeks"]),
        ("COVID-19 and ICD-9-CM in 1974", []),
        ('See <a href="https://example.org/20-mg/not">this</a>.', []),
    ],
)
def test_quantities_and_negations_are_critical(text: str, expected: list[str]) -> None:
    assert critical_phrases(text) == expected


def test_a_word_by_itself() -> None:
    assert all(map(is_dangerous_word, ("Not", "mg", "four", "can’t", "WEEKS")))
    assert not any(map(is_dangerous_word, ("note", "fever", "")))
