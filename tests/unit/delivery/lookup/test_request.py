from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.delivery.lookup.request import (
    LONGEST,
    MOST_CONCEPTS,
    MOST_SEARCHED,
    RECIPIENTS,
    BadRequestError,
    Concept,
    KnowledgeRequest,
    match_language,
    read_request,
)
from support.lookups import write_request

LANGUAGES = ("en", "es")
TYPES = ("text/xml", "application/json", "application/javascript")
ICD10 = "2.16.840.1.113883.6.90"
CRITERIA = "mainSearchCriteria"
CODES = "&".join(f"{CRITERIA}.v.c{n}=x&{CRITERIA}.v.cs{n}=S" for n in range(MOST_CONCEPTS))


def read(query: str) -> KnowledgeRequest:
    return read_request(parse_qsl(query, keep_blank_values=True), languages=LANGUAGES, response_types=TYPES)


def faults(query: str) -> list[str]:
    with pytest.raises(BadRequestError) as caught:
        read(query)
    return [fault.parameter for fault in caught.value.faults]


def test_a_request_of_a_client_of_connect() -> None:
    request = read(
        f"mainSearchCriteria.v.cs={ICD10}&mainSearchCriteria.v.c=O03.4&mainSearchCriteria.v.dn="
        "&informationRecipient.languageCode.c=es&knowledgeResponseType=application/json"
    )
    assert request == KnowledgeRequest(
        concepts=(Concept("O03.4", ICD10),), language="es", response_type="application/json"
    )


def test_a_request_with_everything_that_the_guide_has() -> None:
    request = read(
        "representedOrganization.id.root=1.3.6.1.4&patientPerson.administrativeGenderCode.c=F&age.v.v=77"
        "&age.v.u=a&taskContext.c.c=PROBLISTREV&performer=PROV&performer.languageCode.c=en"
        f"&mainSearchCriteria.v.c=O03.4&mainSearchCriteria.v.cs={ICD10}&mainSearchCriteria.v.ot=pregnancy+loss"
        "&subTopic.v.c=Q000628&subTopic.v.cs=2.16.840.1.113883.6.177&subTopic.v.dn=therapy"
        "&informationRecipient=PROV&informationRecipient.languageCode.c=en-US"
    )
    assert request == KnowledgeRequest(
        concepts=(Concept("O03.4", ICD10, "pregnancy loss"),),
        subtopics=(Concept("Q000628", "2.16.840.1.113883.6.177", "therapy"),),
        recipient="PROV",
        language="en",
    )


@pytest.mark.parametrize(
    "steps",
    [
        ".v.c=A .v.cs=S .v.c1=B .v.cs1=T",
        ".v.c=A .v.cs=S 1.v.c=B 1.v.cs=T",
        "1.v.c=A .v.cs1=S 2.v.c=B .v2.cs=T",
        ".v.c0=A .v.cs0=S .v.c1=B .v.cs1=T",
        ".v.c7=B .v.cs7=T .v.c=A .v.cs=S",
        ".v.c=A .v.cs=S .v.c=B .v.cs=T",
        ".v.c=A .v.c=B .v.cs=S .v.cs=T",
        ".value.code=A .value.codeSystem=S 1.value.code=B 1.value.codeSystemName=T",
        ".V.C=A .v.CS=S .V.c1=B .V.cs1=T",
    ],
)
def test_instances_are_numbered_after_any_step_or_repeated(steps: str) -> None:
    query = "&".join(f"{CRITERIA}{step}" for step in steps.split())
    assert read(query).concepts == (Concept("A", "S"), Concept("B", "T"))
    assert read(query.upper()).concepts == (Concept("A", "S"), Concept("B", "T"))


def test_many_codes_are_read() -> None:
    assert len(read(CODES).concepts) == MOST_CONCEPTS


def test_the_order_of_instances_is_that_of_their_numbers() -> None:
    query = "&".join(f"{CRITERIA}.v.c{number}={number}&{CRITERIA}.v.cs{number}=S" for number in (10, 9, 2))
    assert [each.code for each in read(query).concepts] == ["2", "9", "10"]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", ["mainSearchCriteria.v.c"]),
        ("mainSearchCriteria.v.cs=S", ["mainSearchCriteria.v.c"]),
        ("mainSearchCriteria.v.c=A", ["mainSearchCriteria.v.cs"]),
        ("mainSearchCriteria.v.c=A&mainSearchCriteria.v.c=B&mainSearchCriteria.v.cs=S", [f"{CRITERIA}.v.cs"]),
        (
            "mainSearchCriteria.v.c=A&mainSearchCriteria.v.cs=S&mainSearchCriteria3.v.c=B",
            [f"{CRITERIA}.v.cs3"],
        ),
        (
            f"{CRITERIA}.v.dn=x&informationRecipient.languageCode.c=fr",
            ["informationRecipient.languageCode.c"],
        ),
        (f"{CRITERIA}.v.dn=x&informationRecipient=DOG", ["informationRecipient"]),
        (f"{CRITERIA}.v.dn=x&knowledgeResponseType=image/png", ["knowledgeResponseType"]),
        (f"{CRITERIA}.v.dn=x&callback=alert(1)", ["callback"]),
        (f"{CRITERIA}.v.dn=x&callback=" + "a" * 65, ["callback"]),
        (f"{CRITERIA}.v.dn=x&callback=1a", ["callback"]),
        (f"{CRITERIA}.v.dn=x&callback=a&callback=b", ["callback"]),
        (f"{CRITERIA}.v.dn=x%00", ["mainSearchCriteria.v.dn"]),
        (f"{CRITERIA}.v.dn=" + "x" * (LONGEST + 1), ["mainSearchCriteria.v.dn"]),
        (f"{CODES}&{CRITERIA}.v.c99=x&{CRITERIA}.v.cs99=S", [CRITERIA]),
        ("&".join(f"{CRITERIA}.v.dn{n}=x" for n in range(MOST_SEARCHED + 1)), ["mainSearchCriteria.v.dn"]),
        (
            f"{CRITERIA}.v.c=A&informationRecipient=DOG&knowledgeResponseType=image/png",
            ["mainSearchCriteria.v.cs", "informationRecipient", "knowledgeResponseType"],
        ),
    ],
)
def test_a_bad_request_names_every_wrong_parameter(query: str, parameters: list[str]) -> None:
    assert faults(query) == parameters


def test_a_second_code_needs_its_own_code_system() -> None:
    with pytest.raises(BadRequestError, match=r"code 2 has no code system: each code needs its own"):
        read(f"{CRITERIA}.v.c=A&{CRITERIA}.v.c=B&{CRITERIA}.v.cs=S")


@pytest.mark.parametrize("callback", ["a", "$", "_x", "jQuery1120_17.done", "a" * 64])
def test_a_callback_is_the_name_of_a_function(callback: str) -> None:
    assert read(f"mainSearchCriteria.v.dn=x&callback={callback}").callback == callback


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("es-MX", "es"),
        ("es_us", "es"),
        ("es-419", "es"),
        ("spa", "es"),
        ("sp", "es"),
        ("spanish", "es"),
        ("en-US", "en"),
        ("eng", "en"),
        ("fr", ""),
        ("e", ""),
        ("-", ""),
        ("", ""),
    ],
)
def test_a_language_is_looked_up(asked: str, language: str) -> None:
    assert match_language(asked, LANGUAGES) == language


def test_what_is_wrong_is_said_in_the_language_of_the_request() -> None:
    with pytest.raises(BadRequestError) as caught:
        read("informationRecipient.languageCode.c=es-MX")
    assert caught.value.language == "es"
    (fault,) = caught.value.faults
    assert fault.detail.es.startswith("la solicitud no tiene ni un código")


def test_no_message_repeats_a_value_of_the_request() -> None:
    with pytest.raises(BadRequestError) as caught:
        read(
            "mainSearchCriteria.v.c=SECRET&informationRecipient=SECRET&knowledgeResponseType=SECRET"
            "&informationRecipient.languageCode.c=SECRET&callback=SECRET()&subTopic.v.dn=SECRET%01"
        )
    assert len(caught.value.faults) == 6
    assert "SECRET" not in str(caught.value)


NAMES = st.sampled_from(
    [
        f"{root}{number}.v{number}.{field}"
        for root in ("mainSearchCriteria", "subTopic")
        for number in ("", "1", "12")
        for field in ("c", "cs", "dn", "ot", "csn", "c1", "x")
    ]
    + ["informationRecipient", "informationRecipient.languageCode.c", "knowledgeResponseType", "callback"]
)


@given(st.lists(st.tuples(NAMES | st.text(), st.text() | st.sampled_from(["", "es", "PAT", "text/xml"]))))
def test_any_parameters_are_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        request = read_request(pairs, languages=LANGUAGES, response_types=TYPES)
    except BadRequestError as error:
        assert error.faults  # noqa: PT017 - either outcome is right
    else:
        assert 0 < len(request.concepts) <= MOST_CONCEPTS


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
CONCEPTS = st.builds(Concept, TEXTS, TEXTS, st.just("") | TEXTS) | st.builds(
    Concept, st.just(""), st.just("") | TEXTS, TEXTS
)


@given(
    st.builds(
        KnowledgeRequest,
        concepts=st.lists(CONCEPTS, min_size=1, max_size=5).map(tuple),
        subtopics=st.lists(CONCEPTS, max_size=3).map(tuple),
        language=st.sampled_from(["", *LANGUAGES]),
        recipient=st.sampled_from(RECIPIENTS),
        response_type=st.sampled_from(["", *TYPES]),
        callback=st.just("") | st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$.]{0,63}", fullmatch=True),
    )
)
def test_what_is_written_is_read(request: KnowledgeRequest) -> None:
    assert read_request(write_request(request), languages=LANGUAGES, response_types=TYPES) == request
