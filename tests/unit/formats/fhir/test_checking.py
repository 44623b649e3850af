import copy
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from healthtopics.formats.fhir.checking.rules import CHECKS, FhirVersion, systems_of
from healthtopics.formats.format import CheckContext
from healthtopics.formats.table import format_named
from healthtopics.problems import Level, Problem, pointer_to
from healthtopics.validation.exports import check_exported
from healthtopics.validation.public import compiled
from support.versions import STALE, fit_versions

EXAMPLES = Path(__file__).parents[4] / "exports/examples/fhir"
TOPIC = "recurrent-miscarriage"
VERSIONS: tuple[FhirVersion, ...] = ("r4", "r5")

Change = Callable[[dict[str, Any]], object]


@cache
def _text(name: str) -> str:
    return (EXAMPLES / name).read_text("utf-8")


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_text(name))
    return document


def bundle(version: FhirVersion, language: str = "en") -> dict[str, Any]:
    return read(f"{version}/{language}/{TOPIC}.json")


COMPANIONS = {
    "codesystem": "CodeSystem/health-topic.json",
    "list": f"List/{TOPIC}-translations.json",
    "valueset": "ValueSet/topic-group.json",
}


def companion(name: str, version: FhirVersion = "r4") -> dict[str, Any]:
    return read(f"{version}/{COMPANIONS[name]}")


def check(document: dict[str, Any], version: FhirVersion = "r4") -> list[Problem]:
    """Check a document as publishing does, with versions that fit what a test changed."""
    systems = systems_of([read(f"{version}/CodeSystem/{name}.json") for name in ("aspect", "topic-kind")])
    fitting = fit_versions(document)
    return check_exported(format_named(f"fhir-{version}"), fitting, "a.json", CheckContext(defined=systems))


def composition(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["entry"][0]["resource"]
    return found


def link(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["entry"][1]["resource"]
    return found


def question(document: dict[str, Any]) -> dict[str, Any]:
    """The first question of the summary."""
    found: dict[str, Any] = composition(document)["section"][1]["section"][0]
    return found


def group(document: dict[str, Any]) -> dict[str, Any]:
    """The section of links."""
    found: dict[str, Any] = composition(document)["section"][2]
    return found


def organization(document: dict[str, Any], version: FhirVersion) -> dict[str, Any]:
    """An organization with a home page."""
    name = {"r4": "telecom", "r5": "contact"}[version]
    found: dict[str, Any] = next(
        entry["resource"][name][0] for entry in document["entry"] if name in entry["resource"]
    )
    return found if version == "r4" else found["telecom"][0]


def narrate(content: str, attributes: str = 'lang="en" xml:lang="en"') -> Change:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml" {attributes}>{content}</div>'
    return lambda document: question(document)["text"].update(div=div)


def stray(index: int, id_: str) -> Change:
    """Add a copy of an entry under another id."""

    def change(document: dict[str, Any]) -> None:
        entry = copy.deepcopy(document["entry"][index])
        entry["fullUrl"] = entry["fullUrl"].removesuffix(entry["resource"]["id"]) + id_
        entry["resource"]["id"] = id_
        document["entry"].append(entry)

    return change


LINK = "link-00000000000000000000"
"""The id of a link that no document has."""


def contain(member: dict[str, Any]) -> Change:
    return lambda document: link(document).update(
        contained=[{"resourceType": "Organization", "id": "inner", "name": "Inner", **member}],
        author=[*link(document)["author"], {"reference": "#inner"}],
    )


EXTENSION = "http://hl7.org/fhir/StructureDefinition/translation"

MUTANTS: dict[str, tuple[str, Change]] = {
    "the version of another content": (
        "fhir-version",
        lambda d: composition(d)["meta"].update(versionId=STALE),
    ),
    "m1 no Composition.type": ("public-schema", lambda d: composition(d).pop("type")),
    "m2 status finished": ("public-schema", lambda d: composition(d).update(status="finished")),
    "m3 author in no entry": (
        "fhir-reference-unresolved",
        lambda d: composition(d)["author"][0].update(reference="Organization/absent"),
    ),
    "m4 script in narrative": ("fhir-narrative-element", narrate("<p>a</p><script>alert(1)</script>")),
    "m5 impossible date": ("public-schema", lambda d: composition(d).update(date="2026-02-30T12:00:00Z")),
    "m5 impossible hour": ("public-schema", lambda d: composition(d).update(date="2026-02-03T25:00:00Z")),
    "m6 duplicate fullUrl": (
        "fhir-duplicate-full-url",
        lambda d: d["entry"].append(copy.deepcopy(d["entry"][-1])),
    ),
    "x1 empty section": (
        "public-schema",
        lambda d: composition(d)["section"].append({"title": "Nothing"}),
    ),
    "x2 no Bundle.identifier": ("public-schema", lambda d: d.pop("identifier")),
    "x2 identifier without system": ("public-schema", lambda d: d["identifier"].pop("system")),
    "x3 Composition not first": ("public-schema", lambda d: d["entry"].reverse()),
    "x5 unclosed tag": ("fhir-narrative-ill-formed", narrate("<p>a<br></p>")),
    "x5 named entity": ("fhir-narrative-ill-formed", narrate("<p>a&nbsp;b</p>")),
    "x6 div without namespace": (
        "public-schema",
        lambda d: question(d)["text"].update(div='<div lang="en" xml:lang="en"><p>a</p></div>'),
    ),
    "x7 onclick": ("fhir-narrative-attribute", narrate('<p onclick="alert(1)">a</p>')),
    "x8 id": ("public-schema", lambda d: link(d).update(id="mis_carriage é")),
    "x9 author is a DocumentReference": (
        "public-schema",
        lambda d: composition(d)["author"][0].update(reference=group(d)["entry"][0]["reference"]),
    ),
    "x10 empty title": ("public-schema", lambda d: composition(d).update(title="")),
    "x11 title of white space": ("public-schema", lambda d: composition(d).update(title=" \t")),
    "x12 no language": ("public-schema", lambda d: link(d).update(language="zz-notalang")),
    "x13 extension without url": (
        "public-schema",
        lambda d: composition(d).update(_title={"extension": [{"valueString": "a"}]}),
    ),
    "x14 extension with value and extension": (
        "public-schema",
        lambda d: composition(d).update(
            _title={
                "extension": [
                    {
                        "url": EXTENSION,
                        "valueString": "a",
                        "extension": [{"url": "content", "valueString": "a"}],
                    }
                ]
            }
        ),
    ),
    "x15 bad base64": (
        "public-schema",
        lambda d: link(d)["content"][0]["attachment"].update(data="no base64!"),
    ),
    "x16 empty array": ("public-schema", lambda d: composition(d).update(category=[])),
    "x16 empty object": ("public-schema", lambda d: composition(d).update(category=[{}])),
    "x16 null": ("public-schema", lambda d: composition(d).update(category=None)),
    "x17 div of white space": ("public-schema", narrate(" \n ")),
    "x17 div of empty paragraph": ("fhir-narrative-empty", narrate("<p>\u00a0</p>")),
    "x18 entry without fullUrl": ("public-schema", lambda d: d["entry"][1].pop("fullUrl")),
    "x19 id is not that of fullUrl": ("fhir-full-url", lambda d: link(d).update(id=LINK)),
    "x20 orphan entry": ("fhir-orphan-entry", stray(-1, "stray")),
    "x21 resourceType documentReference": (
        "public-schema",
        lambda d: link(d).update(resourceType="documentReference"),
    ),
    "fullUrl not absolute": (
        "public-schema",
        lambda d: d["entry"][1].update(fullUrl=d["entry"][1]["fullUrl"].partition("/fhir/r")[2][2:]),
    ),
    "fullUrl under another base": (
        "fhir-full-url",
        lambda d: d["entry"][1].update(
            fullUrl=d["entry"][1]["fullUrl"].replace("healthtopics.example.org", "elsewhere.example")
        ),
    ),
    "entry reached from the wrong side only": ("fhir-reverse-link", stray(1, LINK)),
    "second Composition": (
        "public-schema",
        lambda d: d["entry"].append(
            json.loads(
                json.dumps(d["entry"][0])
                .replace("Composition/miscarriage-en", "Composition/other")
                .replace('"id": "miscarriage-en"', '"id": "other"')
            )
        ),
    ),
    "Bundle is a collection": ("public-schema", lambda d: d.update(type="collection")),
    "Bundle without entries": ("public-schema", lambda d: d.update(entry=[])),
    "no timestamp": ("public-schema", lambda d: d.pop("timestamp")),
    "timestamp without zone": ("public-schema", lambda d: d.update(timestamp="2026-01-15T12:00:00")),
    "entry with request": (
        "public-schema",
        lambda d: d["entry"][0].update(request={"method": "PUT", "url": "a:b"}),
    ),
    "Bundle with total": ("public-schema", lambda d: d.update(total=5)),
    "Bundle with next page": (
        "public-schema",
        lambda d: d.update(link=[{"relation": "next", "url": "https://a.example/"}]),
    ),
    "Bundle.language missing": ("public-schema", lambda d: d.pop("language")),
    "Composition in another language": ("fhir-language", lambda d: d.update(language="es")),
    "link in a third language": ("fhir-language", lambda d: link(d).update(language="fr")),
    "attachment language": (
        "public-schema",
        lambda d: link(d)["content"][0]["attachment"].update(language="english"),
    ),
    "identifier of the link is not its URL": (
        "fhir-link-identifier",
        lambda d: link(d)["identifier"][0].update(value="https://elsewhere.example/"),
    ),
    "identifier is no URI": (
        "public-schema",
        lambda d: link(d)["identifier"].append({"system": "urn:ietf:rfc:3986", "value": "page one"}),
    ),
    "system is no URI": (
        "public-schema",
        lambda d: composition(d)["category"][0]["coding"][0].update(system="mesh"),
    ),
    "contentless link": ("public-schema", lambda d: link(d).pop("content")),
    "status of the link": ("public-schema", lambda d: link(d).update(status="active")),
    "narrative status": ("public-schema", lambda d: question(d)["text"].update(status="final")),
    "narrative without div": ("public-schema", lambda d: question(d)["text"].pop("div")),
    "resource without narrative": ("public-schema", lambda d: link(d).pop("text")),
    "xml:lang differs from lang": ("fhir-narrative-language", narrate("<p>a</p>", 'lang="en" xml:lang="es"')),
    "xml:lang missing": ("public-schema", narrate("<p>a</p>", 'lang="en"')),
    "div in another language": ("fhir-narrative-language", narrate("<p>a</p>", 'lang="es" xml:lang="es"')),
    "span with one lang": ("fhir-narrative-language", narrate('<span lang="es">a</span>')),
    "span in no language": ("fhir-narrative-language", narrate('<span lang="e" xml:lang="e">a</span>')),
    "javascript href": ("fhir-narrative-href", narrate('<a href="javascript:alert(1)">a</a>')),
    "relative href": ("fhir-narrative-href", narrate('<a href="../miscarriage">a</a>')),
    "remote image": ("fhir-narrative-href", narrate('<img src="https://a.example/a.png" alt="a"/>')),
    "style attribute": ("fhir-narrative-attribute", narrate('<p style="background:url(//a)">a</p>')),
    "style element": ("fhir-narrative-element", narrate("<style>p {}</style><p>a</p>")),
    "data attribute": ("fhir-narrative-attribute", narrate('<p data-a="b">a</p>')),
    "form in narrative": ("fhir-narrative-element", narrate("<form><p>a</p></form>")),
    "comment in narrative": ("fhir-narrative-element", narrate("<!-- a --><p>a</p>")),
    "element of another namespace": (
        "fhir-narrative-element",
        narrate('<p>a</p><p xmlns="http://www.w3.org/2000/svg">a</p>'),
    ),
    "custodian is a DocumentReference": (
        "public-schema",
        lambda d: composition(d)["custodian"].update(reference=group(d)["entry"][0]["reference"]),
    ),
    "reference of the wrong stated type": (
        "public-schema",
        lambda d: composition(d)["author"][0].update(type="Practitioner"),
    ),
    "relation to a topic of the wrong type": (
        "public-schema",
        lambda d: link(d).update(
            relatesTo=[
                {
                    "code": "transforms",
                    "target": {
                        "type": "Composition",
                        "identifier": {"system": "urn:ietf:rfc:3986", "value": "https://a.example/"},
                    },
                }
            ]
        ),
    ),
    "reference to nothing": (
        "public-schema",
        lambda d: composition(d).update(custodian={"type": "Organization"}),
    ),
    "reference in no form": (
        "public-schema",
        lambda d: composition(d)["author"][0].update(reference="nlm"),
    ),
    "section entry in no entry": (
        "fhir-reference-unresolved",
        lambda d: group(d)["entry"].append({"reference": f"DocumentReference/{LINK}", "display": "a"}),
    ),
    "blank name among names": (
        "public-schema",
        lambda d: d["entry"][-1]["resource"].update(alias=["Child Health", " "]),
    ),
    "organization without name": (
        "public-schema",
        lambda d: [d["entry"][-1]["resource"].pop(name) for name in ("name", "identifier")],
    ),
    "two sections of one id": ("fhir-id", lambda d: question(d).update(id="causes")),
    "code of no system": ("fhir-code", lambda d: question(d)["code"]["coding"][0].update(code="cause")),
    "another display than the system's": (
        "fhir-code",
        lambda d: composition(d)["category"][1]["coding"][0].update(display="Afección"),
    ),
    "section id with a blank": ("public-schema", lambda d: question(d).update(id="what is")),
    "section with entries and emptyReason": (
        "public-schema",
        lambda d: group(d).update(emptyReason={"text": "a"}),
    ),
    "attachment without contentType": (
        "public-schema",
        lambda d: (
            link(d)["content"][0]["attachment"].pop("contentType"),
            link(d)["content"][0]["attachment"].update(data="YQ=="),
        ),
    ),
    "contained resource with a version": ("public-schema", contain({"meta": {"versionId": "1"}})),
    "contained resource containing another": (
        "public-schema",
        contain({"contained": [{"resourceType": "Organization", "id": "b", "name": "b"}]}),
    ),
    "reference to what is not contained": (
        "public-schema",
        lambda d: link(d)["author"].append({"reference": "#absent"}),
    ),
}

OF_ONE_VERSION: dict[str, tuple[FhirVersion, str, Change]] = {
    "R4 section mode": ("r4", "public-schema", lambda d: group(d).update(mode="final")),
    "R5 section mode": ("r5", "public-schema", lambda d: group(d).update(mode="snapshot")),
    "R4 relation": (
        "r4",
        "public-schema",
        lambda d: composition(d).update(
            relatesTo=[{"code": "translates", "targetIdentifier": {"value": "a"}}]
        ),
    ),
    "R4 relation to nothing": (
        "r4",
        "public-schema",
        lambda d: composition(d).update(relatesTo=[{"code": "transforms"}]),
    ),
    "R5 relation": (
        "r5",
        "public-schema",
        lambda d: composition(d)["relatesTo"][0].update(type="translates"),
    ),
    "R5 relation of a link": (
        "r5",
        "public-schema",
        lambda d: link(d).update(
            relatesTo=[
                {
                    "code": {
                        "coding": [
                            {"system": "http://hl7.org/fhir/document-relationship-type", "code": "translates"}
                        ]
                    },
                    "target": {"identifier": {"system": "urn:ietf:rfc:3986", "value": "https://a.example/"}},
                }
            ]
        ),
    ),
    "R4 attester": (
        "r4",
        "public-schema",
        lambda d: composition(d).update(attester=[{"mode": "medical", "party": {"display": "a"}}]),
    ),
    "R4 registered": ("r4", "public-schema", lambda d: composition(d).update(status="registered")),
    "R4 contact": ("r4", "public-schema", lambda d: organization(d, "r4").update(system="web")),
    "R5 contact": (
        "r5",
        "public-schema",
        lambda d: organization(d, "r5").update(system="web"),
    ),
}


def checks(problems: list[Problem]) -> set[str]:
    return {problem.check for problem in problems}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_good_document_has_no_problems(version: FhirVersion, language: str) -> None:
    assert check(bundle(version, language), version) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["codesystem", "list", "valueset"])
def test_a_good_companion_has_no_problems(name: str, version: FhirVersion) -> None:
    assert check(companion(name, version), version) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MUTANTS)
def test_each_fault_is_found_by_its_check_and_no_other(name: str, version: FhirVersion) -> None:
    expected, change = MUTANTS[name]
    document = bundle(version)
    change(document)
    found = checks(check(document, version))
    assert expected in found
    assert found - {expected} <= CONSEQUENCES.get(name, set())


CONSEQUENCES: dict[str, set[str]] = {
    # One slip that breaks several rules at once.
    "link in a third language": {"fhir-narrative-language"},
}


@pytest.mark.parametrize("name", OF_ONE_VERSION)
def test_each_fault_of_one_version_is_found_by_its_check(name: str) -> None:
    version, expected, change = OF_ONE_VERSION[name]
    document = bundle(version)
    change(document)
    assert checks(check(document, version)) == {expected}


COMPANION_MUTANTS: dict[str, tuple[str, str, Change]] = {
    "code defined twice": (
        "codesystem",
        "fhir-code-system-concept",
        lambda d: d["concept"][1].update(code=d["concept"][0]["code"]),
    ),
    "wrong count": ("codesystem", "fhir-code-system-concept", lambda d: d.update(count=9)),
    "unknown property": (
        "codesystem",
        "fhir-code-system-concept",
        lambda d: d["property"].pop(0),
    ),
    "property leads to no concept": (
        "codesystem",
        "fhir-code-system-concept",
        lambda d: next(p for p in d["concept"][0]["property"] if "valueCode" in p).update(valueCode="absent"),
    ),
    "content": ("codesystem", "public-schema", lambda d: d.update(content="all")),
    "no content": ("codesystem", "public-schema", lambda d: d.pop("content")),
    "name": ("codesystem", "public-schema", lambda d: d.update(name="health topics")),
    "designation without value": (
        "codesystem",
        "public-schema",
        lambda d: d["concept"][0]["designation"][0].pop("value"),
    ),
    "designation in no language": (
        "codesystem",
        "public-schema",
        lambda d: d["concept"][0]["designation"][0].update(language="spanish"),
    ),
    "translation in no language": (
        "codesystem",
        "public-schema",
        lambda d: d["_title"]["extension"][0]["extension"][0].update(valueCode="spanish"),
    ),
    "value set of nothing": (
        "valueset",
        "public-schema",
        lambda d: d["compose"].update(include=[{"version": "1"}]),
    ),
    "list with entries and emptyReason": (
        "list",
        "public-schema",
        lambda d: d.update(emptyReason={"text": "a"}),
    ),
    "list with a source": (
        "list",
        "public-schema",
        lambda d: d.update(source={"reference": "Organization/nlm"}),
    ),
    "list mode": ("list", "public-schema", lambda d: d.update(mode="final")),
    "list entry without item": ("list", "public-schema", lambda d: d["entry"][0].pop("item")),
    "list item is no edition": (
        "list",
        "public-schema",
        lambda d: d["entry"][0]["item"].update(reference="ValueSet/a", type="ValueSet"),
    ),
    "list flag, which is about changes": (
        "list",
        "public-schema",
        lambda d: d["entry"][0].update(flag={"coding": [{"system": "urn:ietf:bcp:47", "code": "es"}]}),
    ),
    "list item without identifier": (
        "list",
        "public-schema",
        lambda d: d["entry"][0]["item"].pop("identifier"),
    ),
}


@pytest.mark.parametrize("name", COMPANION_MUTANTS)
def test_each_fault_of_a_companion_is_found_by_its_check(name: str) -> None:
    kind, expected, change = COMPANION_MUTANTS[name]
    document = companion(kind)
    change(document)
    assert checks(check(document)) == {expected}


def test_every_check_has_a_case() -> None:
    cases = {expected for expected, _ in MUTANTS.values()}
    cases |= {expected for _, expected, _ in COMPANION_MUTANTS.values()}
    assert cases == {*CHECKS, "public-schema"}


def test_a_spanish_document_may_have_a_link_in_english() -> None:
    spanish = bundle("r4", "es")
    english = link(bundle("r4"))
    english["id"] = link(spanish)["id"]
    spanish["entry"][1]["resource"] = english
    assert check(spanish) == []


@pytest.mark.parametrize(
    "content",
    [
        '<a href="#below">a</a>',
        '<a href="mailto:a@a.example">a</a>',
        '<a href="tel:+1-800-555-0100">a</a>',
        '<a href="https://a.example/?a=b&amp;c=%20" hreflang="es">a</a>',
        '<img src="data:image/png;base64,YQ==" alt="a"/>',
        '<p><span lang="es" xml:lang="es">a</span></p>',
        '<table><tr><th scope="col">a</th></tr></table>',
    ],
)
def test_what_a_narrative_may_hold(content: str) -> None:
    document = bundle("r4")
    narrate(content)(document)
    assert check(document) == []


def test_a_reference_that_leads_nowhere_is_reported_in_its_place() -> None:
    document = bundle("r4")
    for index, entry in enumerate(document["entry"]):
        if "custodian" in entry["resource"]:
            entry["resource"]["custodian"]["reference"] = "Organization/nowhere"
            expected = f"/entry/{index}/resource/custodian/reference"
    found = {problem.pointer for problem in check(document)}
    assert expected in found


def test_an_entry_that_only_refers_to_the_document_is_a_warning() -> None:
    document = bundle("r4")
    stray(1, LINK)(document)
    (problem,) = check(document)
    assert (problem.level, problem.pointer) == (Level.WARNING, "/entry/33")


def test_all_faults_of_a_kind_are_reported_at_once_with_their_places() -> None:
    document = bundle("r5")
    composition(document).update(status="finished", title="")
    del document["timestamp"]
    assert {(problem.check, problem.pointer) for problem in check(document, "r5")} == {
        ("public-schema", "/entry/0/resource/status"),
        ("public-schema", "/entry/0/resource/title"),
        ("public-schema", ""),
    }
    document = bundle("r5")
    composition(document)["custodian"]["reference"] = "Organization/absent"
    narrate("<h7>a</h7>")(document)
    assert {(problem.check, problem.pointer) for problem in check(document, "r5")} == {
        ("fhir-reference-unresolved", "/entry/0/resource/custodian/reference"),
        ("fhir-narrative-element", "/entry/0/resource/section/1/section/0/text/div"),
    }


def test_a_problem_names_the_page_of_the_version_at_hand() -> None:
    document = bundle("r5")
    composition(document)["custodian"]["reference"] = "Organization/absent"
    (problem,) = check(document, "r5")
    assert problem.path == "a.json"
    assert problem.spec == "https://hl7.org/fhir/R5/documents.html"


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ("2024-02-29T12:00:00Z", True),
        ("2026-01-15T12:00:00.125Z", True),
        ("2023-02-29T12:00:00Z", False),
        ("2026-13-01T12:00:00Z", False),
        ("2026-01-15T12:00:00-05:00", False),
        ("2026-01-15T12:00Z", False),
        ("2026-01-15T24:00:00Z", False),
        ("2026-01-15T12:00:00", False),
        ("2026-01-15", False),
        ("15.01.2026", False),
        ("0000-01-01T12:00:00Z", False),
        ("2026-01-15T12:00:00Z\n", False),
    ],
)
def test_only_instants_that_exist_are_instants(value: str, *, is_good: bool) -> None:
    document = bundle("r4")
    composition(document)["date"] = value
    assert checks(check(document)) == (set() if is_good else {"public-schema"})


@pytest.mark.parametrize("space", ["\u00a0", "\u2003\u3000", "\u2028", "\x85", "\x1c"])
def test_a_title_of_white_space_is_refused_whatever_space_it_is(space: str) -> None:
    document = bundle("r4")
    composition(document)["title"] = space
    assert {problem.pointer for problem in check(document)} == {"/entry/0/resource/title"}


def places(value: object, steps: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    return [steps, *(place for step, member in members for place in places(member, (*steps, step)))]


def at(value: Any, steps: Iterable[str | int]) -> Any:
    for step in steps:
        value = value[step]
    return value


Place = tuple[str | int, ...]


def compared(document: Any) -> Iterator[tuple[dict[str, Any], str, object, tuple[str, Place]]]:
    """Yield each object that a rule compares, the member to break, a wrong value, and what it is found as."""
    for steps in places(document):
        value = at(document, steps)
        if not isinstance(value, dict):
            continue
        if "div" in value:
            wrong = value["div"].replace(' xml:lang="', ' xml:lang="zh-', 1)
            yield value, "div", wrong, ("fhir-narrative-language", (*steps, "div"))
        elif "reference" in value:
            wrong = value["reference"].partition("/")[0] + "/" + LINK
            yield value, "reference", wrong, ("fhir-reference-unresolved", (*steps, "reference"))
        elif str(value.get("system")).endswith(("/CodeSystem/aspect", "/CodeSystem/topic-kind")):
            yield value, "code", "absent", ("fhir-code", (*steps, "code"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_narrative_reference_and_code_of_a_document_is_compared(version: FhirVersion) -> None:
    document = bundle(version, "es")
    for owner, name, wrong, (expected, steps) in compared(document):
        right, owner[name] = owner[name], wrong
        found = {(problem.check, problem.pointer) for problem in check(document, version)}
        assert (expected, pointer_to(*steps)) in found
        owner[name] = right


@pytest.mark.parametrize("version", VERSIONS)
def test_no_document_that_fits_the_schema_causes_an_exception_in_the_rules(version: FhirVersion) -> None:
    document = bundle(version)
    schema = compiled(f"public/fhir-{version}.schema.json")
    for *steps, last in places(document)[1:]:
        owner = at(document, steps)
        if isinstance(owner, list):
            continue
        before = dict(owner)
        for changed in ({name: each for name, each in before.items() if name != last}, {**before, last: "a"}):
            owner.clear()
            owner.update(changed)
            if schema.is_valid(document):
                check(document, version)
        owner.clear()
        owner.update(before)


def test_no_topic_document_has_a_code_that_is_not_checked() -> None:
    """`define` leaves out the codes of topics."""
    folders = ("r4/en", "r4/es", "r4/List", "r5/en", "r5/es", "r5/List")
    documents = [path.read_text() for folder in folders for path in (EXAMPLES / folder).glob("*.json")]
    assert documents
    assert not any("/fhir/CodeSystem/health-topic" in text for text in documents)
