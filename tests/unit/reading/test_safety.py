import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.reading.safety import critical_phrases, is_safety_critical
from healthtopics.schema import MessageRule

WORDS = ["take", "20", "mg", "30 seconds", "to", "percent", "not", "avoid", "half", "a week", "½", "in 1,000"]
WORDS += ["or more", "<em>5</em>", "&lt;", "May", "B12", "age", "\n", "(", "once"]


@pytest.mark.parametrize(
    "msgid",
    [
        "Take 20 mg of the medicine.",
        "Adults may have up to 2 tablets",
        "a half tablet at night",
        "One to two puffs",
        "The usual amount is 400mcg",
        "A fever of 100.4 °F or higher",
        "A blood pressure of 120/80 mmHg",
        "1 tsp. of the syrup",
        "Apply the cream twice a day.",
        "Rinse every 6 hours.",
        "once daily",
        "Scrub your hands for at least 20 seconds.",
        "Wait 30 seconds, then breathe out.",
        "within 24 to 48 hours",
        "Children under 2 years",
        "Not for people older than 65",
        "Do not take aspirin.",
        "You should not eat before the test.",
        "Don’t drive.",
        "It is not safe in pregnancy.",
        "Never mix <em>bleach</em> with ammonia",
        "Avoid alcohol.",
        "Not unless your doctor says so",
        "Contraindicated in pregnancy",
        "People who are allergic to eggs",
        "An overdose can be fatal.",
        "Call 911.",
        "Call your provider right away if you bleed.",
        "Get emergency help",
        "Swallow the whole pill.",
        "If you missed a dose, wait.",
        "About 1 in 5 adults has it.",
        "The test takes 15 minutes.",
        "It was not known then.",
        "Wash for 30 seconds.",
        "12 or more weeks",
        "About 60 percent of them",
        "Children under 5",
        "At age 65",
        "Stop it.",
        "It is dangerous.",
        "Avoiding smoke helps.",
    ],
)
def test_what_can_hurt_is_critical(msgid: str) -> None:
    assert is_safety_critical(msgid)


@pytest.mark.parametrize(
    "msgid",
    [
        "Miscarriage",
        "What is asthma?",
        "Most people feel better within a few weeks.",
        "Doctors studied 900 women.",
        "Diabetes: National Institutes of Health",
        "One thing is certain.",
        "COVID-19 and ICD-9-CM in 1974",
        "From 1990 to 1995",
        'See <a href="https://example.org/20-mg/not">this</a>.',
        "A group of organs",
        "Take a walk with a friend.",
    ],
)
def test_what_only_informs_is_not(msgid: str) -> None:
    assert not is_safety_critical(msgid)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do not take more than 20 mg, and not 40 mg.", ["not", "20 mg", "40 mg"]),
        ("A 6-week course without food", ["6-week", "without"]),
        ("between 0.1 and 0.3 percent (1 to 3 in 1,000)", ["0.1 and 0.3 percent", "1 to 3 in 1,000"]),
        ("About 50 to 60 percent", ["50 to 60 percent"]),
        ("for 12 or more weeks", ["12 or more weeks"]),
        ("4 or 5 weeks", ["4 or 5 weeks"]),
        ("4 weeks or 5 days", ["4 weeks", "5 days"]),
        ("week 20, week 30", ["week 20", "week 30"]),
        ("ages 12 to 15", ["ages 12 to 15"]),
        ("older than 65", ["65"]),
        ("120/80, then 1 in 5", ["120/80", "1 in 5"]),
        ("&lt; 5 mg a day", ["5 mg"]),
        ("<p>Not 5</p><p>mg</p>", ["Not"]),
        ("Stop it; it is unsafe and too much, avoided.", ["Stop", "unsafe", "too much", "avoided"]),
        ("a teaspoon for a week", ["a teaspoon"]),
        ("In the second trimester or the 3rd trimester", ["second trimester", "3rd trimester"]),
        ("No milk, nor tea: water instead, refrain.", ["No", "nor", "instead", "refrain"]),
        ("water instead of milk", ["instead of"]),
        ("without a unit", ["without"]),
        ("on May 4", []),
        ("COVID-19 and ICD-9-CM in 1974", []),
        ('See <a href="https://example.org/20-mg/not">this</a>.', []),
    ],
)
def test_quantities_negations_and_warnings_are_named(text: str, expected: list[str]) -> None:
    assert list(critical_phrases(text)) == expected


@given(st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join))
def test_what_has_something_to_check_twice_is_critical(msgid: str) -> None:
    assert is_safety_critical(msgid) or not critical_phrases(msgid)


def test_whatever_a_callout_says_is_critical() -> None:
    assert not is_safety_critical("sudden dizziness", MessageRule("list-item", ""))
    assert is_safety_critical("sudden dizziness", MessageRule("callout-item", "", is_critical=True))
