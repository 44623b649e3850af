import pytest

from healthtopics.translation.safety import is_safety_critical


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
        "About 1 in 5 adults has it.",
        "The test takes 15 minutes.",
        "Doctors studied 900 women.",
        "Diabetes: National Institutes of Health",
        "One thing is certain.",
        "A group of organs",
        "Take a walk with a friend.",
        "It was not known then.",
    ],
)
def test_what_only_informs_is_not(msgid: str) -> None:
    assert not is_safety_critical(msgid)
