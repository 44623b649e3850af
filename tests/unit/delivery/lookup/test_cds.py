import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.delivery.lookup.cds import ROUTES, SERVICES
from healthtopics.delivery.lookup.request import MOST_CONCEPTS
from healthtopics.delivery.message import Request, Response
from support.lookups import BASE, answered

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
SNOMED = "http://snomed.info/sct"
HOOKS = {service.hook: service.name for service in SERVICES}
LANGUAGES = {"es": [{"language": {"coding": [{"code": "es-MX"}]}}], "": []}


def post(hook: str, document: object, **headers: str) -> Response:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    fields = {"content-type": "application/json", **{key.replace("_", "-"): v for key, v in headers.items()}}
    return answered(Request("POST", f"/cds-services/{HOOKS[hook]}", fields, "", body))


def request(hook: str, *, context: object = None, prefetch: object = None) -> dict[str, Any]:
    found = {"hook": hook, "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "context": context or {}}
    return found if prefetch is None else found | {"prefetch": prefetch}


def concept(*codings: tuple[str, str]) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


def condition(*codings: tuple[str, str], **members: object) -> dict[str, Any]:
    return {"resourceType": "Condition", "code": concept(*codings), **members}


def bundle(*resources: object) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}


def cards(response: Response) -> list[dict[str, Any]]:
    assert response.status == 200
    document = json.loads(response.body)
    jsonschema.validate(document, ROUTES[1].answers[200].schema or {})
    found: list[dict[str, Any]] = document["cards"]
    return found


def viewed(*resources: object, **headers: str) -> list[dict[str, Any]]:
    prefetch = {"conditions": bundle(*resources)}
    return cards(post("patient-view", request("patient-view", prefetch=prefetch), **headers))


def linked(found: list[dict[str, Any]]) -> list[list[str]]:
    return [[link["url"].removeprefix(f"{BASE}/") for link in card["links"]] for card in found]


def test_the_services_are_listed() -> None:
    response = answered(Request("GET", "/cds-services"))
    document = json.loads(response.body)
    jsonschema.validate(document, ROUTES[0].answers[200].schema or {})
    assert [(each["id"], each["hook"]) for each in document["services"]] == [
        ("topics-for-problems", "patient-view"),
        ("topics-for-new-problem", "problem-list-item-create"),
        ("topics-for-orders", "order-select"),
    ]
    assert document["services"][0]["prefetch"]["conditions"].startswith(
        "Condition?patient={{context.patientId}}"
    )


def test_the_services_are_described_in_the_language_of_the_reader() -> None:
    english, spanish = (
        answered(Request("GET", "/cds-services", {"accept-language": each})) for each in ("fr", "es-MX")
    )
    for response, language, title in (
        (english, "en", "Health topics for a new problem"),
        (spanish, "es", "Temas de salud para un problema nuevo"),
    ):
        assert dict(response.headers)["Content-Language"] == language
        assert "Accept-Language" in dict(response.headers)["Vary"]
        assert json.loads(response.body)["services"][1]["title"] == title


def test_a_problem_has_a_card_with_links() -> None:
    assert viewed(condition((ICD10, "O03.4"))) == [
        {
            "summary": "Information for the patient: Incomplete miscarriage",
            "detail": "Incomplete miscarriage.",
            "indicator": "info",
            "source": {"label": "topics.example.org", "url": f"{BASE}/"},
            "links": [
                {
                    "label": "Incomplete miscarriage (English)",
                    "url": f"{BASE}/en/incomplete-miscarriage",
                    "type": "absolute",
                },
                {
                    "label": "Aborto espontáneo incompleto (Español)",
                    "url": f"{BASE}/es/incomplete-miscarriage",
                    "type": "absolute",
                },
            ],
        }
    ]


def test_nothing_can_be_reported_about_a_card() -> None:
    response = answered(Request("POST", "/cds-services/topics-for-problems/feedback", body=b"{}"))
    assert response.status == 404


def test_the_link_in_the_language_of_the_patient_comes_first() -> None:
    patient = {
        "resourceType": "Patient",
        "communication": [
            {"language": {"coding": [{"code": "en"}]}},
            {"language": {"coding": [{"code": "es-MX"}]}, "preferred": True},
        ],
    }
    prefetch = {"patient": patient, "conditions": bundle(condition((ICD10, "J45")))}
    (card,) = cards(post("patient-view", request("patient-view", prefetch=prefetch)))
    assert [link["url"] for link in card["links"]] == [f"{BASE}/es/asthma", f"{BASE}/en/asthma"]
    assert card["summary"] == "Information for the patient: Asthma"


def test_the_words_of_a_card_are_in_the_language_of_the_clinician() -> None:
    (card,) = viewed(condition((ICD10, "J45")), accept_language="es-PR, en;q=0.5")
    assert card["summary"] == "Información para el paciente: Asma"


def test_a_topic_has_no_card_in_a_language_that_it_does_not_have() -> None:
    metformin = {
        "resourceType": "MedicationRequest",
        "medicationCodeableConcept": concept(("http://hl7.org/fhir/sid/ndc", "0093-1048-01")),
    }
    assert viewed(metformin, accept_language="es") == []
    (card,) = viewed(metformin)
    assert card["summary"] == "Information for the patient: Metformin"


def test_a_broader_topic_is_marked() -> None:
    (card,) = viewed(condition((ICD10, "O03.42")), accept_language="es")
    assert card["detail"] == (
        "No hay un tema específico sobre O03.42. Este es más general.\n\nAborto espontáneo incompleto."
    )
    (exact,) = viewed(condition((ICD10, "O03.42")), condition((ICD10, "O03.4")))
    assert exact["detail"] == "Incomplete miscarriage."


@pytest.mark.parametrize(
    ("code", "topics"),
    [
        ({"text": "Asthma"}, [["en/asthma", "es/asthma"]]),
        ({"text": "ASMA", "coding": [{"display": "Asthma"}]}, [["en/asthma", "es/asthma"]]),
        ({"text": "Asthma", "coding": [{"system": ICD10, "code": "ZZZ99"}]}, []),
        ({"text": "children"}, []),
        ({"text": "asth"}, []),
        ({"text": 1}, []),
        ({"text": "x" * 501}, []),
    ],
)
def test_a_concept_without_a_code_is_looked_up_by_its_text(code: object, topics: list[list[str]]) -> None:
    assert linked(viewed({"resourceType": "Condition", "code": code})) == topics


@pytest.mark.parametrize(
    "members",
    [
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
        {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
        {"clinicalStatus": {"coding": [{"code": "resolved"}]}},
        {"status": "entered-in-error"},
    ],
)
def test_what_the_patient_does_not_have_has_no_card(members: dict[str, object]) -> None:
    assert viewed(condition((ICD10, "J45"), **members)) == []


def test_an_exact_topic_comes_before_a_broader_one_of_the_same_concept() -> None:
    found = viewed(condition((ICD10, "O03.42"), (SNOMED, "17369002")))
    assert linked(found) == [["en/miscarriage", "es/miscarriage"]]
    assert linked(viewed(condition((ICD10, "O03.42")))) == [
        ["en/incomplete-miscarriage", "es/incomplete-miscarriage"]
    ]


def test_a_topic_has_one_card() -> None:
    assert len(viewed(condition((ICD10, "O03")), condition((SNOMED, "17369002")))) == 1


def test_a_new_problem_is_in_the_context() -> None:
    context = {"patientId": "1", "userId": "Practitioner/1", "conditions": bundle(condition((ICD10, "J45")))}
    hook = "problem-list-item-create"
    assert linked(cards(post(hook, request(hook, context=context)))) == [["en/asthma", "es/asthma"]]


def test_orders_have_cards_if_they_are_selected() -> None:
    rxnorm = ("http://www.nlm.nih.gov/research/umls/rxnorm", "861004")
    drafts = bundle(
        {"resourceType": "ServiceRequest", "id": "1", "code": concept(("http://loinc.org", "3016-3"))},
        {"resourceType": "MedicationRequest", "id": "2", "medication": {"concept": concept(rxnorm)}},
        {
            "resourceType": "MedicationRequest",
            "id": "3",
            "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": concept(rxnorm)}],
        },
        {
            "resourceType": "ServiceRequest",
            "id": "4",
            "code": {"concept": concept(("http://loinc.org", "3016-3"))},
        },
    )

    def selected(*selections: str) -> list[list[str]]:
        context = {"draftOrders": drafts, "selections": list(selections)}
        return linked(cards(post("order-select", request("order-select", context=context))))

    tsh, metformin = ["en/thyroid-test", "es/thyroid-test"], ["en/metformin"]
    assert selected("ServiceRequest/1") == [tsh]
    assert selected("MedicationRequest/2") == [metformin]
    assert selected("MedicationRequest/3") == [metformin]
    assert selected("ServiceRequest/4") == [tsh]
    assert selected() == []
    unselected = request("order-select", context={"draftOrders": drafts})
    assert len(cards(post("order-select", unselected))) == 2, "without selections, all of them"


def test_the_number_of_cards_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthtopics.delivery.lookup.cds._MOST_CARDS", 2)
    found = viewed(condition((ICD10, "J45.909")), condition((ICD10, "O03")))
    assert linked(found) == [["en/asthma", "es/asthma"], ["en/childhood-asthma", "es/childhood-asthma"]]


def test_the_number_of_texts_is_limited() -> None:
    texts = [{"resourceType": "Condition", "code": {"text": each}} for each in (*"abcde", "asthma")]
    assert viewed(*texts) == []
    assert len(viewed(*texts[1:], condition((ICD10, "J45")))) == 1
    assert len(viewed(*texts, condition((ICD10, "J45")))) == 1, "codes count on"


def test_the_number_of_codes_is_limited() -> None:
    assert viewed(*[condition((SNOMED, "0"))] * MOST_CONCEPTS, condition((ICD10, "J45"))) == []
    assert len(viewed(*[condition((SNOMED, "0"))] * (MOST_CONCEPTS - 1), condition((ICD10, "J45")))) == 1


@pytest.mark.parametrize(
    ("change", "status", "parameter"),
    [
        ({"hook": None}, 400, "hook"),
        ({"hook": "order-sign"}, 400, "hook"),
        ({"hookInstance": 1}, 400, "hookInstance"),
        ({"context": []}, 400, "context"),
        ({"prefetch": "x"}, 400, "prefetch"),
        ({"prefetch": {}}, 412, "prefetch"),
    ],
)
def test_a_bad_request_is_explained(change: dict[str, object], status: int, parameter: str) -> None:
    document = request("patient-view", prefetch={"conditions": bundle()}) | change
    response = post("patient-view", document)
    found = json.loads(response.body)
    assert (response.status, found["parameter"]) == (status, parameter)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"a":1,"a":2}', b"\xff", b"[" * 1000])
def test_a_body_that_is_not_a_json_object_is_refused(body: bytes) -> None:
    response = post("patient-view", body)
    assert response.status == 400
    assert json.loads(response.body)["detail"].startswith("the body must be a JSON object")


def test_a_service_that_does_not_exist_is_not_found() -> None:
    response = answered(Request("POST", "/cds-services/x", {"content-type": "application/json"}, "", b"{}"))
    assert response.status == 404
    assert "topics-for-problems" in json.loads(response.body)["detail"]


def test_data_that_the_sender_does_not_have_gives_no_cards() -> None:
    assert cards(post("patient-view", request("patient-view", prefetch={"conditions": None}))) == []


MEMBERS = {
    *("resourceType", "entry", "resource", "contained", "code", "coding", "system", "concept", "medication"),
    *("status", "clinicalStatus", "verificationStatus", "communication", "language", "preferred"),
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(max_size=5)
    | st.sampled_from(["Condition", "Bundle", "es"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(sorted(MEMBERS)),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.sampled_from(sorted(HOOKS)), JSON, JSON, JSON)
def test_no_data_fails(hook: str, conditions: object, patient: object, orders: object) -> None:
    prefetch = {"conditions": conditions, "patient": patient}
    document = request(hook, context={"draftOrders": orders, "selections": orders}, prefetch=prefetch)
    cards(post(hook, document))


@given(st.binary() | JSON.map(json.dumps).map(str.encode))
def test_no_body_fails(body: bytes) -> None:
    assert post("patient-view", body).status in (200, 400, 412)
