import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from healthtopics.formats.fhir.checking.facts import Version
from healthtopics.formats.fhir.checking.rules import CHECKS, check_bundle, check_resource
from healthtopics.problems import Level, Problem

DOCUMENTS = Path(__file__).parents[2] / "validation/documents"
VERSIONS: tuple[Version, ...] = ("r4", "r5")

Change = Callable[[dict[str, Any]], object]


@cache
def _text(name: str) -> str:
    return (DOCUMENTS / name).read_text(encoding="utf-8")


def bundle(version: Version, language: str = "en") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_text(f"fhir-{version}.{language}.json"))
    return document


def companion(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_text(f"companion.{name}.json"))
    return document


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


def narrate(content: str, attributes: str = 'lang="en" xml:lang="en"') -> Change:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml" {attributes}>{content}</div>'
    return lambda document: question(document)["text"].update(div=div)


def stray_organization(document: dict[str, Any]) -> None:
    entry = json.loads(json.dumps(document["entry"][-1]).replace("nichd", "cdc"))
    document["entry"].append(entry)


def stray_link(document: dict[str, Any]) -> None:
    entry = json.loads(json.dumps(document["entry"][1]).replace("kidshealth-miscarriage-en", "link-stray"))
    document["entry"].append(entry)


def contain(member: dict[str, Any]) -> Change:
    return lambda document: link(document).update(
        contained=[{"resourceType": "Organization", "id": "inner", "name": "Inner", **member}],
        author=[*link(document)["author"], {"reference": "#inner"}],
    )


EXTENSION = "http://hl7.org/fhir/StructureDefinition/translation"

MUTANTS: dict[str, tuple[str, Change]] = {
    "m1 no Composition.type": ("fhir-required", lambda d: composition(d).pop("type")),
    "m2 status finished": ("fhir-code", lambda d: composition(d).update(status="finished")),
    "m3 author in no entry": (
        "fhir-reference-unresolved",
        lambda d: composition(d)["author"][0].update(reference="Organization/absent"),
    ),
    "m4 script in narrative": ("fhir-narrative-element", narrate("<p>a</p><script>alert(1)</script>")),
    "m5 impossible date": ("fhir-date", lambda d: composition(d).update(date="2026-02-30T12:00:00Z")),
    "m5 impossible hour": ("fhir-date", lambda d: composition(d).update(date="2026-02-03T25:00:00Z")),
    "m6 duplicate fullUrl": (
        "fhir-duplicate-full-url",
        lambda d: d["entry"].append(copy.deepcopy(d["entry"][-1])),
    ),
    "x1 empty section": (
        "fhir-section-empty",
        lambda d: composition(d)["section"].append({"title": "Nothing"}),
    ),
    "x2 no Bundle.identifier": ("fhir-bundle-identifier", lambda d: d.pop("identifier")),
    "x2 identifier without system": ("fhir-bundle-identifier", lambda d: d["identifier"].pop("system")),
    "x3 Composition not first": ("fhir-composition-first", lambda d: d["entry"].reverse()),
    "x5 unclosed tag": ("fhir-narrative-ill-formed", narrate("<p>a<br></p>")),
    "x5 named entity": ("fhir-narrative-ill-formed", narrate("<p>a&nbsp;b</p>")),
    "x6 div without namespace": (
        "fhir-narrative-element",
        lambda d: question(d)["text"].update(div='<div lang="en" xml:lang="en"><p>a</p></div>'),
    ),
    "x7 onclick": ("fhir-narrative-attribute", narrate('<p onclick="alert(1)">a</p>')),
    "x8 id": ("fhir-id", lambda d: link(d).update(id="mis_carriage é")),
    "x9 author is a DocumentReference": (
        "fhir-reference-type",
        lambda d: composition(d)["author"][0].update(reference=group(d)["entry"][0]["reference"]),
    ),
    "x10 empty title": ("fhir-empty", lambda d: composition(d).update(title="")),
    "x11 title of white space": ("fhir-empty", lambda d: composition(d).update(title=" \t")),
    "x12 no language": ("fhir-language", lambda d: link(d).update(language="zz-notalang")),
    "x13 extension without url": (
        "fhir-extension",
        lambda d: composition(d).update(_title={"extension": [{"valueString": "a"}]}),
    ),
    "x14 extension with value and extension": (
        "fhir-extension",
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
        "fhir-base64",
        lambda d: link(d)["content"][0]["attachment"].update(data="no base64!"),
    ),
    "x16 empty array": ("fhir-empty", lambda d: composition(d).update(category=[])),
    "x16 empty object": ("fhir-empty", lambda d: composition(d).update(category=[{}])),
    "x16 null": ("fhir-empty", lambda d: composition(d).update(category=None)),
    "x17 div of white space": ("fhir-narrative-empty", narrate(" \n ")),
    "x17 div of empty paragraph": ("fhir-narrative-empty", narrate("<p>\u00a0</p>")),
    "x18 entry without fullUrl": ("fhir-full-url", lambda d: d["entry"][1].pop("fullUrl")),
    "x19 id is not that of fullUrl": ("fhir-full-url", lambda d: link(d).update(id="another")),
    "x20 orphan entry": ("fhir-orphan-entry", stray_organization),
    "x21 resourceType documentReference": (
        "fhir-resource-type",
        lambda d: link(d).update(resourceType="documentReference"),
    ),
    "fullUrl not absolute": (
        "fhir-full-url",
        lambda d: d["entry"][1].update(fullUrl=d["entry"][1]["fullUrl"].partition("/fhir/r")[2][2:]),
    ),
    "fullUrl under another base": (
        "fhir-full-url",
        lambda d: d["entry"][1].update(
            fullUrl="https://elsewhere.example/DocumentReference/kidshealth-miscarriage-en"
        ),
    ),
    "entry reached from the wrong side only": ("fhir-reverse-link", stray_link),
    "second Composition": (
        "fhir-composition-first",
        lambda d: d["entry"].append(
            json.loads(
                json.dumps(d["entry"][0])
                .replace("Composition/miscarriage-en", "Composition/other")
                .replace('"id": "miscarriage-en"', '"id": "other"')
            )
        ),
    ),
    "Bundle is a collection": ("fhir-code", lambda d: d.update(type="collection")),
    "Bundle without entries": ("fhir-composition-first", lambda d: d.update(entry=[])),
    "no timestamp": ("fhir-bundle-timestamp", lambda d: d.pop("timestamp")),
    "timestamp without zone": ("fhir-date", lambda d: d.update(timestamp="2026-01-15T12:00:00")),
    "entry with request": (
        "fhir-bundle-element",
        lambda d: d["entry"][0].update(request={"method": "PUT", "url": "a:b"}),
    ),
    "Bundle with total": ("fhir-bundle-element", lambda d: d.update(total=5)),
    "Bundle with next page": (
        "fhir-bundle-element",
        lambda d: d.update(link=[{"relation": "next", "url": "https://a.example/"}]),
    ),
    "Bundle.language missing": ("fhir-language", lambda d: d.pop("language")),
    "Composition in another language": ("fhir-language", lambda d: d.update(language="es")),
    "link in a third language": ("fhir-language", lambda d: link(d).update(language="fr")),
    "attachment language": (
        "fhir-language",
        lambda d: link(d)["content"][0]["attachment"].update(language="english"),
    ),
    "identifier of the link is not its URL": (
        "fhir-link-identifier",
        lambda d: link(d)["identifier"][0].update(value="https://elsewhere.example/"),
    ),
    "identifier is no URI": (
        "fhir-uri",
        lambda d: link(d)["identifier"].append({"system": "urn:ietf:rfc:3986", "value": "page one"}),
    ),
    "system is no URI": (
        "fhir-uri",
        lambda d: composition(d)["category"][0]["coding"][0].update(system="mesh"),
    ),
    "contentless link": ("fhir-required", lambda d: link(d).pop("content")),
    "status of the link": ("fhir-code", lambda d: link(d).update(status="active")),
    "narrative status": ("fhir-code", lambda d: question(d)["text"].update(status="final")),
    "narrative without div": ("fhir-required", lambda d: question(d)["text"].pop("div")),
    "resource without narrative": ("fhir-narrative-missing", lambda d: link(d).pop("text")),
    "xml:lang differs from lang": ("fhir-narrative-language", narrate("a", 'lang="en" xml:lang="es"')),
    "xml:lang missing": ("fhir-narrative-language", narrate("a", 'lang="en"')),
    "div in another language": ("fhir-narrative-language", narrate("a", 'lang="es" xml:lang="es"')),
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
        "fhir-reference-type",
        lambda d: composition(d)["custodian"].update(reference=group(d)["entry"][0]["reference"]),
    ),
    "reference of the wrong stated type": (
        "fhir-reference-type",
        lambda d: composition(d)["author"][0].update(type="Practitioner"),
    ),
    "relation to a topic of the wrong type": (
        "fhir-reference-type",
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
        "fhir-reference-empty",
        lambda d: composition(d).update(custodian={"type": "Organization"}),
    ),
    "reference in no form": (
        "fhir-reference-unresolved",
        lambda d: composition(d)["author"][0].update(reference="nlm"),
    ),
    "section entry in no entry": (
        "fhir-reference-unresolved",
        lambda d: group(d)["entry"].append({"reference": "DocumentReference/absent"}),
    ),
    "blank name among names": (
        "fhir-empty",
        lambda d: d["entry"][-1]["resource"].update(alias=["Child Health", " "]),
    ),
    "organization without name": (
        "fhir-invariant",
        lambda d: [d["entry"][-1]["resource"].pop(name) for name in ("name", "identifier")],
    ),
    "two sections of one id": ("fhir-id", lambda d: composition(d)["section"][0].update(id="causes")),
    "section id with a blank": ("fhir-id", lambda d: question(d).update(id="what is")),
    "section with entries and emptyReason": (
        "fhir-invariant",
        lambda d: group(d).update(emptyReason={"text": "a"}),
    ),
    "attachment without contentType": (
        "fhir-invariant",
        lambda d: (
            link(d)["content"][0]["attachment"].pop("contentType"),
            link(d)["content"][0]["attachment"].update(data="YQ=="),
        ),
    ),
    "contained resource with a version": ("fhir-contained", contain({"meta": {"versionId": "1"}})),
    "contained resource containing another": (
        "fhir-contained",
        contain({"contained": [{"resourceType": "Organization", "id": "b", "name": "b"}]}),
    ),
    "reference to what is not contained": (
        "fhir-reference-unresolved",
        lambda d: link(d)["author"].append({"reference": "#absent"}),
    ),
}

OF_ONE_VERSION: dict[str, tuple[Version, str, Change]] = {
    "R4 section mode": ("r4", "fhir-code", lambda d: group(d).update(mode="final")),
    "R5 section mode": ("r5", "fhir-section-mode", lambda d: group(d).update(mode="snapshot")),
    "R4 relation": (
        "r4",
        "fhir-code",
        lambda d: composition(d).update(
            relatesTo=[{"code": "translates", "targetIdentifier": {"value": "a"}}]
        ),
    ),
    "R4 relation to nothing": (
        "r4",
        "fhir-required",
        lambda d: composition(d).update(relatesTo=[{"code": "transforms"}]),
    ),
    "R5 relation": ("r5", "fhir-code", lambda d: composition(d)["relatesTo"][0].update(type="translates")),
    "R5 relation of a link": (
        "r5",
        "fhir-code",
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
        "fhir-code",
        lambda d: composition(d).update(attester=[{"mode": "medical", "party": {"display": "a"}}]),
    ),
    "R4 registered": ("r4", "fhir-code", lambda d: composition(d).update(status="registered")),
    "R4 contact": ("r4", "fhir-code", lambda d: d["entry"][2]["resource"]["telecom"][0].update(system="web")),
    "R5 contact": (
        "r5",
        "fhir-code",
        lambda d: d["entry"][2]["resource"]["contact"][0]["telecom"][0].update(system="web"),
    ),
}


def checks(problems: list[Problem]) -> set[str]:
    return {problem.check for problem in problems}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_good_document_has_no_problems(version: Version, language: str) -> None:
    assert check_bundle(bundle(version, language), "a.json", version) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["codesystem", "list", "valueset"])
def test_a_good_companion_has_no_problems(name: str, version: Version) -> None:
    assert check_resource(companion(name), "a.json", version) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", MUTANTS)
def test_each_fault_is_found_by_its_check_and_no_other(name: str, version: Version) -> None:
    check, change = MUTANTS[name]
    document = bundle(version)
    change(document)
    found = checks(check_bundle(document, "a.json", version))
    assert check in found
    assert found - {check} <= CONSEQUENCES.get(name, set())


CONSEQUENCES: dict[str, set[str]] = {
    # One slip that breaks several rules at once.
    "x12 no language": {"fhir-narrative-language"},
    "link in a third language": {"fhir-narrative-language"},
    "Bundle without entries": {"fhir-empty"},
    "x8 id": {"fhir-full-url"},
    "contained resource containing another": {"fhir-reference-unresolved"},
}


@pytest.mark.parametrize("name", OF_ONE_VERSION)
def test_each_fault_of_one_version_is_found_by_its_check(name: str) -> None:
    version, check, change = OF_ONE_VERSION[name]
    document = bundle(version)
    change(document)
    assert checks(check_bundle(document, "a.json", version)) == {check}


COMPANION_MUTANTS: dict[str, tuple[str, str, Change]] = {
    "code defined twice": (
        "codesystem",
        "fhir-code-system-concept",
        lambda d: d["concept"][1].update(code="miscarriage"),
    ),
    "wrong count": ("codesystem", "fhir-code-system-concept", lambda d: d.update(count=3)),
    "unknown property": (
        "codesystem",
        "fhir-code-system-concept",
        lambda d: d["concept"][0]["property"][0].update(code="icd"),
    ),
    "property leads to no concept": (
        "codesystem",
        "fhir-code-system-concept",
        lambda d: d["concept"][0]["property"][1].update(valueCode="absent"),
    ),
    "content": ("codesystem", "fhir-code", lambda d: d.update(content="all")),
    "no content": ("codesystem", "fhir-required", lambda d: d.pop("content")),
    "name": ("codesystem", "fhir-invariant", lambda d: d.update(name="health topics")),
    "designation without value": (
        "codesystem",
        "fhir-required",
        lambda d: d["concept"][0]["designation"][0].pop("value"),
    ),
    "designation in no language": (
        "codesystem",
        "fhir-language",
        lambda d: d["concept"][0]["designation"][0].update(language="spanish"),
    ),
    "translation in no language": (
        "codesystem",
        "fhir-language",
        lambda d: d["_title"]["extension"][0]["extension"][0].update(valueCode="spanish"),
    ),
    "value set of nothing": (
        "valueset",
        "fhir-invariant",
        lambda d: d["compose"].update(include=[{"version": "1"}]),
    ),
    "list with entries and emptyReason": (
        "list",
        "fhir-invariant",
        lambda d: d.update(emptyReason={"text": "a"}),
    ),
    "list mode": ("list", "fhir-code", lambda d: d.update(mode="final")),
    "list entry without item": ("list", "fhir-required", lambda d: d["entry"][0].pop("item")),
    "list item is no edition": (
        "list",
        "fhir-reference-type",
        lambda d: d["entry"][0]["item"].update(reference="ValueSet/a", type="ValueSet"),
    ),
    "list flag is no language": (
        "list",
        "fhir-language",
        lambda d: d["entry"][0]["flag"]["coding"][0].update(code="spanish"),
    ),
}


@pytest.mark.parametrize("name", COMPANION_MUTANTS)
def test_each_fault_of_a_companion_is_found_by_its_check(name: str) -> None:
    kind, check, change = COMPANION_MUTANTS[name]
    document = companion(kind)
    change(document)
    assert checks(check_resource(document, "a.json", "r4")) == {check}


def test_a_list_of_r4_has_no_organization_as_its_source() -> None:
    document = companion("list")
    document["source"] = {"reference": "Organization/nlm"}
    assert checks(check_resource(document, "a.json", "r4")) == {"fhir-reference-type"}
    assert check_resource(document, "a.json", "r5") == []


def test_every_check_has_a_case() -> None:
    cases = {check for check, _ in MUTANTS.values()} | {check for _, check, _ in OF_ONE_VERSION.values()}
    cases |= {check for _, check, _ in COMPANION_MUTANTS.values()}
    assert cases == set(CHECKS)


def test_a_link_in_english_may_stand_in_a_spanish_document() -> None:
    spanish = bundle("r4", "es")
    english = link(bundle("r4"))
    english["id"] = link(spanish)["id"]
    del link(spanish)["relatesTo"]
    spanish["entry"][1]["resource"] = english
    assert check_bundle(spanish, "a.json", "r4") == []


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
    assert check_bundle(document, "a.json", "r4") == []


def test_a_document_may_link_to_itself() -> None:
    document = bundle("r4")
    document["link"] = [{"relation": "self", "url": "https://a.example/"}]
    assert check_bundle(document, "a.json", "r4") == []


def test_a_link_of_the_document_needs_its_members() -> None:
    document = bundle("r4")
    document["link"] = [{"relation": "self"}]
    (problem,) = check_bundle(document, "a.json", "r4")
    assert (problem.check, problem.pointer) == ("fhir-required", "/link/0")


def test_the_same_fault_in_two_documents_is_told_of_each_in_its_place() -> None:
    document = bundle("r4")
    (place, organization) = next(
        (index, entry["resource"])
        for index, entry in enumerate(document["entry"])
        if entry["resource"]["resourceType"] == "Organization"
    )
    organization["language"] = "no tag"
    other = copy.deepcopy(document)
    other["entry"].insert(1, other["entry"].pop(place))
    for each, path, index in ((document, "a.json", place), (other, "b.json", 1)):
        found = {(problem.path, problem.pointer) for problem in check_bundle(each, path, "r4")}
        assert (path, f"/entry/{index}/resource/language") in found
        assert {each_path for each_path, _ in found} == {path}


def test_a_reference_that_leads_nowhere_is_told_in_its_place() -> None:
    document = bundle("r4")
    for index, entry in enumerate(document["entry"]):
        if "custodian" in entry["resource"]:
            entry["resource"]["custodian"]["reference"] = "Organization/nowhere"
            expected = f"/entry/{index}/resource/custodian/reference"
    found = {problem.pointer for problem in check_bundle(document, "a.json", "r4")}
    assert expected in found


def test_an_entry_that_only_refers_to_the_document_is_a_warning() -> None:
    document = bundle("r4")
    stray_link(document)
    (problem,) = check_bundle(document, "a.json", "r4")
    assert (problem.level, problem.pointer) == (Level.WARNING, "/entry/5")


def test_all_faults_are_reported_at_once_with_their_places() -> None:
    document = bundle("r5")
    composition(document).update(status="finished", title="")
    del document["timestamp"]
    found = {(problem.check, problem.pointer) for problem in check_bundle(document, "a.json", "r5")}
    assert found == {
        ("fhir-code", "/entry/0/resource/status"),
        ("fhir-empty", "/entry/0/resource/title"),
        ("fhir-bundle-timestamp", ""),
    }


def test_a_problem_names_the_page_of_the_version_at_hand() -> None:
    document = bundle("r5")
    del document["timestamp"]
    (problem,) = check_bundle(document, "a.json", "r5")
    assert problem.path == "a.json"
    assert problem.spec == "https://hl7.org/fhir/R5/bundle.html"


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ("2026", True),
        ("2026-01", True),
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("2026-13", False),
        ("2026-01-15T12:00:00Z", True),
        ("2026-01-15T12:00:00.125-05:00", True),
        ("2016-12-31T23:59:60Z", True),
        ("2026-01-15T12:00Z", False),
        ("2026-01-15T24:00:00Z", False),
        ("2026-01-15T12:00:00", False),
        ("15.01.2026", False),
        ("0000-01-01", False),
        ("2026-01-15\n", False),
    ],
)
def test_only_dates_that_exist_are_dates(value: str, *, is_good: bool) -> None:
    document = bundle("r4")
    composition(document)["date"] = value
    assert checks(check_bundle(document, "a.json", "r4")) == (set() if is_good else {"fhir-date"})


def places(value: object, steps: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    return [steps, *(place for step, member in members for place in places(member, (*steps, step)))]


@pytest.mark.parametrize("strange", [None, 5, True, "a", [], {}, [[]], [{"a": []}], {"reference": ["a"]}])
@pytest.mark.parametrize("version", VERSIONS)
def test_no_value_anywhere_makes_it_stumble(version: Version, strange: object) -> None:
    good = bundle(version, "es")
    for *steps, last in places(good)[1:]:
        document = copy.deepcopy(good)
        owner: Any = document
        for step in steps:
            owner = owner[step]
        owner[last] = strange
        check_bundle(document, "a.json", version)
