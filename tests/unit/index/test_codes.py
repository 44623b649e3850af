import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.index.codes import plain_code, topics_with_code
from support.lookups import CODES, site

ICD10 = "2.16.840.1.113883.6.90"
ICD9 = "2.16.840.1.113883.6.103"


def found(system: str, code: str) -> list[tuple[str, str, bool]]:
    return [(each.topic, each.code, each.is_broader) for each in topics_with_code(site().index, system, code)]


@pytest.mark.parametrize("code", ["O03.4", "O034", "o03.4", "o034", " O03.4 "])
def test_dots_case_and_spaces_do_not_matter(code: str) -> None:
    assert found(ICD10, code) == [("incomplete-miscarriage", "O03.4", False)]


@pytest.mark.parametrize(
    "system",
    [
        "2.16.840.1.113883.6.96",
        "urn:oid:2.16.840.1.113883.6.96",
        "URN:OID:2.16.840.1.113883.6.96",
        "http://snomed.info/sct",
        "snomed-ct",
        "SNOMED CT",
        "SNOMEDCT",
        "https://snomed.info/sct",
        "http://snomed.info/sct/",
        "HTTP://SNOMED.INFO/SCT",
    ],
)
def test_a_system_is_an_oid_a_uri_or_a_name(system: str) -> None:
    assert found(system, "17369002") == [("miscarriage", "17369002", False)]


def test_all_topics_with_a_code_answer_for_it() -> None:
    assert found(ICD10, "J45.909") == [("asthma", "J45.909", False), ("childhood-asthma", "J45.909", False)]


@pytest.mark.parametrize(
    ("system", "code", "answer"),
    [
        (ICD10, "O03.42", ("incomplete-miscarriage", "O03.4")),  # the nearest one, not O03
        (ICD10, "O03.5", ("miscarriage", "O03")),  # never a code beside it, O03.4
        (ICD10, "O03.9XXA", ("miscarriage", "O03")),
        (ICD9, "634.92", ("miscarriage", "634")),
        (ICD9, "E885.9", ("falls", "E885")),
    ],
)
def test_the_nearest_code_above_answers_and_is_marked(
    system: str, code: str, answer: tuple[str, str]
) -> None:
    assert found(system, code) == [(*answer, True)]


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (ICD10, "O0"),
        (ICD10, "J4"),
        (ICD10, "O04"),
        (ICD9, "V15.8"),  # below it is V15.88
        (ICD9, "E88"),
        (ICD10, "634"),  # that of another classification
        ("2.16.840.1.113883.6.96", "173690021"),  # digits of SNOMED CT say nothing
        ("loinc", "3016-34"),
        ("2.16.840.1.113883.6.12", "99213"),
        ("unknown", "O03"),
        (ICD10, "O03.4567890123"),
        (ICD10, ""),
        ("", "O03"),
        ("", "fall"),  # of a system without an OID
        ("urn:oid:", "fall"),
    ],
)
def test_other_codes_do_not_answer(system: str, code: str) -> None:
    assert found(system, code) == []


@given(
    st.tuples(st.just("icd-10-cm"), st.from_regex(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?", fullmatch=True))
    | st.tuples(st.just("icd-9-cm"), st.from_regex(r"[0-9V][0-9]{2}(\.[0-9]{1,2})?", fullmatch=True))
)
def test_what_answers_is_the_code_or_the_longest_one_that_it_begins_with(asked: tuple[str, str]) -> None:
    system, code = asked
    plain = plain_code(code)
    known = {plain_code(each) for codes in CODES.values() for of, each in codes if of == system}
    above = [each for each in known if plain.startswith(each)]
    answers = topics_with_code(site().index, system, code)
    assert {plain_code(each.code) for each in answers} == ({max(above, key=len)} if above else set())
    assert all(each.is_broader == (plain_code(each.code) != plain) for each in answers)


@given(st.text(), st.text())
def test_any_text_may_be_asked_for(system: str, code: str) -> None:
    assert isinstance(found(system, code), list)
