"""What has changed places, or counts otherwise without a number: warnings, for words are free."""

import pytest

from healthtopics.checks.table import check_pair
from healthtopics.checks.values import Pair
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.schema import MessageRule

RULE = MessageRule("paragraph", "A paragraph.", markup="inline")
DOSES = "Children ages 1 to 3 need 700 mg of calcium a day; children ages 4 to 8 need 1,000 mg."
SALT = "Eat less salt and more potassium."
AGES = "Adults: 500 mg. Children: 250 mg."
SPOONS = "Give 10 mL to adults and 5 mL to children."
TABLETS = "Take 1 tablet in the morning and 2 tablets at night."


def found(english: str, spanish: str) -> list[tuple[str, Level]]:
    findings = check_pair(Pair(RULE, english, spanish, language=LanguageTag("es")))
    assert all(finding.message and finding.hint for finding in findings)
    return [(finding.check, finding.level) for finding in findings]


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (DOSES, "Los niños de 1 a 3 años necesitan 700 mg de calcio al día; los de 4 a 8 años, 1000 mg."),
        (DOSES, "Necesitan 1000 mg de calcio al día los niños de 4 a 8 años; los de 1 a 3 años, 700 mg."),
        (SALT, "Consuma menos sal y más potasio."),
        (TABLETS, "Por la noche tome 2 tabletas y por la mañana, 1 tableta."),
        (AGES, "Adultos: 500 mg. Niños: 250 mg."),
        (AGES, "Niños: 250 mg. Adultos: 500 mg."),
        (SPOONS, "A los niños deles 5 mL y a los adultos, 10 mL."),
        ("Smoking doubles your risk.", "Fumar duplica su riesgo."),
        ("The pain can last for several weeks.", "El dolor puede durar varias semanas."),
    ],
)
def test_what_is_said_in_another_order_may_be_right(english: str, spanish: str) -> None:
    assert found(english, spanish) == []


@pytest.mark.parametrize(
    ("english", "spanish", "check"),
    [
        (
            DOSES,
            "Los niños de 1 a 3 años necesitan 1000 mg de calcio al día; los de 4 a 8 años, 700 mg.",
            "number-changed",
        ),
        (AGES, "Adultos: 250 mg. Niños: 500 mg.", "number-changed"),
        (SPOONS, "Administre 5 mL a los adultos y 10 mL a los niños.", "number-changed"),
        (
            "Take 20 mg on day 1 and 10 mg on day 2.",
            "Tome 10 mg el día 1 y 20 mg el día 2.",
            "number-changed",
        ),
        (SALT, "Consuma más sal y menos potasio.", "contrast-changed"),
        (TABLETS, "Tome 1 tableta por la noche y 2 tabletas por la mañana.", "number-changed"),
        ("Smoking doubles your risk.", "Fumar triplica su riesgo.", "number-added"),
        ("The pain can last for several weeks.", "El dolor puede durar varios años.", "unit-changed"),
        ("Take it with a full glass of water.", "Tómelo con una cucharada de agua.", "unit-changed"),
    ],
)
def test_what_may_have_changed_is_pointed_out(english: str, spanish: str, check: str) -> None:
    assert found(english, spanish) == [(check, Level.WARNING)]
