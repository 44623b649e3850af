"""read, vread, history and errors of the FHIR server."""

import json
from dataclasses import replace

import pytest

from healthtopics.copies import Selection
from healthtopics.delivery.conditional import http_date
from healthtopics.delivery.fhir import reading
from healthtopics.delivery.site import Site
from healthtopics.errors import IntegrityError
from healthtopics.formats.fhir.capability import DEFINED
from healthtopics.formats.fhir.exporting.datatypes import PROFILES
from healthtopics.index.opening import TopicIndex
from healthtopics.index.resources import resource_types, versions_of
from healthtopics.storage.local import LocalStore
from support.fhir import WITHDRAWN, ask, found, site, workspace
from support.stores import MemoryStore


class Shifted(LocalStore):
    """A store whose files have other bytes at their beginning."""

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        return super().read_slice(key, offset + 7, length)


BOTH = pytest.mark.parametrize("version", ["r4", "r5"])
NUMBERS = {"r4": "4.0", "r5": "5.0"}


@BOTH
def test_every_resource_of_the_release_can_be_read(version: str) -> None:
    index = site().index
    for type_ in resource_types(index, NUMBERS[version]):
        query = "SELECT id FROM fhir_resources WHERE fhir = ? AND type = ?"
        ids = index.rows(query, (NUMBERS[version], type_))
        assert ids
        for (id_,) in ids:
            response = ask(f"/fhir/{version}/{type_}/{id_}")
            document, fields = json.loads(response.body), dict(response.headers)
            assert (response.status, document["resourceType"], document["id"]) == (200, type_, id_)
            assert fields["ETag"] == f'W/"{document["meta"]["versionId"]}"'
            assert fields["Last-Modified"] == http_date(document["meta"]["lastUpdated"])
            assert fields.get("Content-Language", "") == document.get("language", "")


def test_the_bytes_are_those_of_the_release() -> None:
    document = ask("/fhir/r4/es/miscarriage.json").body
    assert ask("/fhir/r4/Bundle/miscarriage-es").body == document
    line = ask("/fhir/r4/Composition/miscarriage-es").body
    assert json.loads(line) == json.loads(document)["entry"][0]["resource"]
    assert line.endswith(b"}")


@BOTH
def test_all_references_of_a_composition_lead_somewhere(version: str) -> None:
    composition = ask(f"/fhir/{version}/Composition/miscarriage-es").body.decode()
    references = {part.partition('"')[0] for part in composition.split('"reference":"')[1:]}
    assert len(references) > 20
    for reference in references:
        assert ask(f"/fhir/{version}/{reference}").status == 200


def test_a_client_that_has_the_version_gets_304() -> None:
    target = "/fhir/r4/Composition/miscarriage-es"
    fields = dict(ask(target).headers)
    assert ask(target, if_none_match=fields["ETag"]).status == 304
    assert ask(target, if_none_match=fields["ETag"].removeprefix("W/")).status == 304
    assert ask(target, if_modified_since=fields["Last-Modified"]).status == 304
    assert ask(target, if_none_match='W/"other"').status == 200
    assert ask(target, if_match=fields["ETag"]).status == 412  # weak tags never match


def test_a_version_can_be_read_by_its_id_and_never_changes() -> None:
    (version, *_) = versions_of(site().index, "4.0", "CodeSystem", "health-topic")[::-1]
    assert not version.is_current
    target = f"/fhir/r4/CodeSystem/health-topic/_history/{version.version_id}"
    response = ask(target)
    assert json.loads(response.body)["meta"]["versionId"] == version.version_id
    assert "immutable" in dict(response.headers)["Cache-Control"]
    issue = found("/fhir/r4/CodeSystem/health-topic/_history/none", status=404)["issue"][0]
    assert "has no version none" in issue["details"]["text"]


def test_history_begins_with_the_current_version() -> None:
    bundle = found("/fhir/r4/CodeSystem/health-topic/_history")
    assert (bundle["type"], bundle["total"]) == ("history", 2)
    current, first = bundle["entry"]
    assert current["resource"] == found("/fhir/r4/CodeSystem/health-topic")
    assert (current["request"]["method"], first["request"]["method"]) == ("PUT", "POST")
    assert first["response"]["etag"] == f'W/"{first["resource"]["meta"]["versionId"]}"'


def test_a_history_has_pages_of_one_release() -> None:
    target = f"/fhir/r4/List/{WITHDRAWN}-translations/_history"
    whole = found(target)
    first = found(f"{target}?_count=1&_since=2000-01-01T00:00:00Z")
    assert (first["total"], first["entry"]) == (2, whole["entry"][:1])
    links = {each["relation"]: each["url"].removeprefix(site().base_url) for each in first["link"]}
    assert links["next"].endswith("/_history?_since=2000-01-01T00:00:00Z&_count=1&page=2-1")
    last = found(links["next"])
    assert (last["entry"], [each["relation"] for each in last["link"]]) == (whole["entry"][1:], ["self"])
    earlier = found(f"{target}?page=1-0")
    assert [each["request"]["method"] for each in earlier["entry"]] == ["POST"]
    assert found(f"{target}?_count=0").keys().isdisjoint({"entry"})
    assert found(f"{target}?_count=900")["link"][0]["url"].endswith("_count=200")
    pruned = replace(site(), earlier=lambda _: None)
    found(f"{target}?page=1-0", pruned, status=410)
    found(f"{target}?page=9-0", status=400)


def test_a_page_of_a_history_ends_after_some_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    bundle = found("/fhir/r4/CodeSystem/health-topic/_history")
    assert (bundle["total"], len(bundle["entry"])) == (2, 1)
    assert bundle["link"][1]["url"].endswith("page=2-1")


def test_a_history_since_an_instant_has_what_happened_then_or_later() -> None:
    target = f"/fhir/r4/List/{WITHDRAWN}-translations/_history"
    deleted, created = (each["response"]["lastModified"] for each in found(target)["entry"])
    for since, count in (
        (created, 2),
        (created.replace("Z", ".5Z"), 1),
        (deleted, 1),
        (deleted.replace("Z", "%2B00:00"), 1),
        (deleted.replace("Z", ".001Z"), 0),
        ("2100", 0),
    ):
        bundle = found(f"{target}?_since={since}")
        assert (bundle["total"], len(bundle.get("entry", ()))) == (count, count)
    for bad in ("yesterday", "2026-13", "%00"):
        assert found(f"{target}?_since={bad}", status=400)["issue"][0]["expression"] == ["_since"]


@pytest.mark.parametrize("name", [f"Composition/{WITHDRAWN}-en", f"List/{WITHDRAWN}-translations"])
def test_what_was_withdrawn_is_gone_and_has_a_history(name: str) -> None:
    issue = found(f"/fhir/r4/{name}", status=410)["issue"][0]
    assert (issue["code"], "was withdrawn" in issue["details"]["text"]) == ("deleted", True)
    deleted, created = found(f"/fhir/r4/{name}/_history")["entry"]
    assert deleted["request"] == {"method": "DELETE", "url": name}
    assert deleted["response"] == {"status": "204", "lastModified": site().time}
    last = found(f"/fhir/r4/{name}/_history/{created['resource']['meta']['versionId']}")
    assert last == created["resource"]


def test_a_version_whose_file_was_pruned_is_not_found() -> None:
    (version,) = versions_of(site().index, "4.0", "Composition", f"{WITHDRAWN}-en")
    bare = replace(site(), objects=MemoryStore())
    target = f"/fhir/r4/Composition/{WITHDRAWN}-en/_history"
    issue = found(f"{target}/{version.version_id}", bare, status=404)["issue"][0]
    assert "went with its release" in issue["details"]["text"]
    assert [each["request"]["method"] for each in found(target, bare)["entry"]] == ["DELETE"]


def test_wrong_bytes_are_never_sent() -> None:
    with pytest.raises(IntegrityError):
        ask("/fhir/r4/Composition/miscarriage-es", replace(site(), objects=MemoryStore()))

    with pytest.raises(IntegrityError):
        ask("/fhir/r4/Composition/miscarriage-es", replace(site(), objects=Shifted(workspace().store.folder)))


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/fhir/r4/Composition/none-en", 404, "not-found"),
        ("/fhir/r4/Patient/1", 404, "not-found"),
        ("/fhir/r4/Patient", 404, "not-found"),
        ("/fhir/r4/nothing/at/all", 404, "not-found"),
        ("/fhir/r4/en/none.json", 404, "not-found"),
        ("/fhir/r4", 404, "not-found"),
        ("/fhir/r6/Composition/miscarriage-es", 404, "not-found"),
        ("/fhir/CodeSystem/none", 404, "not-found"),
        ("/fhir/r4/Composition/none-en/_history", 404, "not-found"),
        ("/fhir/r4/Composition/miscarriage-es?speed=1", 400, "invalid"),
        ("/fhir/r4/Composition/miscarriage-es?_summary=none", 400, "invalid"),
        ("/fhir/r4/Composition/miscarriage-es?_elements=%zz", 400, "invalid"),
        ("/fhir/r4/Composition/miscarriage-es?_format=xml", 406, "not-supported"),
        ("/fhir/r5/metadata?_format=application/fhir%2Bxml", 406, "not-supported"),
    ],
)
def test_every_error_is_an_operation_outcome_in_the_language_asked_for(
    target: str, status: int, code: str
) -> None:
    english = found(target, status=status)
    assert (english["resourceType"], english["language"]) == ("OperationOutcome", "en")
    (issue,) = english["issue"]
    assert (issue["severity"], issue["code"]) == ("error", code)
    for spanish in (
        found(target, status=status, accept_language="es-MX,en;q=0.5"),
        *([found(f"{target}&lang=es", status=status, accept_language="en")] if "?" in target else []),
    ):
        assert spanish["language"] == "es"
        assert spanish["issue"][0]["details"]["text"] != issue["details"]["text"]
    assert "Accept-Language" in dict(ask(target).headers)["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/fhir/r4/Patient",
        "/fhir/r4/Patient/$export",
        "/fhir/r4/Composition/miscarriage-es/$none",
        "/fhir/r6/metadata",
    ],
)
def test_what_is_nowhere_leads_to_what_the_servers_have(path: str) -> None:
    for language, words in (("en", "What the FHIR servers have: /fhir."), ("es", "servidores FHIR: /fhir.")):
        (issue,) = found(path, status=404, accept_language=language)["issue"]
        assert issue["details"]["text"].endswith(words)
    assert ask("/fhir", accept="text/html").status == 200


def test_other_methods_are_not_allowed() -> None:
    response = ask("/fhir/r4/Composition/miscarriage-es", method="DELETE")
    assert (response.status, json.loads(response.body)["issue"][0]["code"]) == (405, "not-supported")
    assert dict(response.headers)["Allow"] == "GET, HEAD, OPTIONS"
    head = ask("/fhir/r4/Composition/none", method="HEAD")
    assert (head.status, head.body) == (404, b"")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json", 200),
        ("application/json", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("application/fhir+json;fhirVersion=4.0", 200),
        ("application/fhir+json;fhirVersion=3.0", 406),
        ("application/fhir+xml", 406),
        ("text/turtle", 406),
    ],
)
def test_there_is_json_only(accept: str, status: int) -> None:
    document = found("/fhir/r4/Composition/miscarriage-es", status=status, accept=accept)
    if status == 406:
        assert "JSON only" in document["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    "name", ["json", "application/json", "application/fhir+json", "application/fhir%2Bjson"]
)
def test_the_parameter_comes_before_the_header(name: str) -> None:
    assert found(f"/fhir/r4/metadata?_format={name}", accept="text/turtle")["fhirVersion"] == "4.0.1"


@pytest.mark.parametrize("version", ["5.0", "5.0.0"])
def test_who_wants_another_version_of_fhir_learns_where_it_is(version: str) -> None:
    media_type = f"application/fhir+json; fhirVersion={version}"
    by_header = found("/fhir/r4/metadata", status=406, accept=media_type)
    assert f"{site().base_url}/fhir/r5." in by_header["issue"][0]["details"]["text"]
    assert found(f"/fhir/r4/metadata?_format={media_type.replace('+', '%2B')}", status=406) == by_header
    assert found(f"/fhir/r5/metadata?_format={media_type}")["fhirVersion"] == "5.0.0"


def test_a_part_of_a_resource_says_that_it_is_one() -> None:
    whole = found("/fhir/r4/Composition/miscarriage-es")
    for asked, there, missing in (
        ("_summary=true", "event", "section"),
        ("_summary=text", "text", "section"),
        ("_summary=data", "section", "text"),
        ("_elements=event", "event", "category"),
    ):
        part = found(f"/fhir/r4/Composition/miscarriage-es?{asked}")
        assert part["meta"]["tag"][0]["code"] == "SUBSETTED"
        assert (part[there], missing in part) == (whole[there], False)
        assert part["status"] == "final"
    pretty = ask("/fhir/r4/Composition/miscarriage-es?_pretty=true").body
    assert (json.loads(pretty), pretty.count(b"\n") > 100) == (whole, True)


@BOTH
def test_the_capability_statement_describes_what_is_there(version: str) -> None:
    statement = found(f"/fhir/{version}/metadata")
    assert (statement["fhirVersion"][:3], statement["implementation"]["url"]) == (
        NUMBERS[version],
        f"{site().base_url}/fhir/{version}",
    )
    (rest,) = statement["rest"]
    released = resource_types(site().index, NUMBERS[version])
    assert [each["type"] for each in rest["resource"]] == sorted([*released, *DEFINED])
    for resource in rest["resource"]:
        codes = {each["code"] for each in resource["interaction"]}
        if resource["type"] in DEFINED:
            assert codes == {"read"}
            continue
        assert codes >= {"read", "vread", "history-instance"}
        is_found = resource["type"] not in ("NamingSystem", "StructureDefinition")
        assert ("search-type" in codes) == is_found
        names = {each["name"] for each in resource.get("searchParam", ())}
        assert names >= {"_id", "_lastUpdated", "_language"} if is_found else "searchParam" not in resource
        assert ("supportedProfile" in resource) == (resource["type"] in PROFILES)
    assert ("acceptLanguage" in statement) == (version == "r5")


def test_a_partial_copy_answers_for_what_it_has() -> None:
    r5_only = _copy(Selection(formats=(_name("5.0"),)))
    assert found("/fhir/r5/Composition/miscarriage-es", r5_only)["id"] == "miscarriage-es"
    assert "R4" in found("/fhir/r4/metadata", r5_only, status=404)["issue"][0]["details"]["text"]
    spanish = _copy(Selection(languages=("es",)))
    assert found("/fhir/r4/Bundle/miscarriage-es", spanish)["id"] == "miscarriage-es"
    found("/fhir/r4/Bundle/miscarriage-en", spanish, status=404)
    for criterion in ("type=document", "_language=en,es", ""):
        bundle = found(f"/fhir/r4/Bundle?{criterion}", spanish)
        assert (bundle["total"], {each["resource"]["language"] for each in bundle["entry"]}) == (4, {"es"})
    found("/fhir/r4/metadata", _copy(Selection(names=("*/Composition-*",))), status=404)


def _copy(selection: Selection) -> Site:
    return replace(site(), index=TopicIndex(site().index.path, selection))


def _name(number: str) -> str:
    return next(each.name for each in site().formats.values() if each.fhir_version == number)


def test_addresses_of_files_stay() -> None:
    for name in ("fhir/r4/en/miscarriage.json", "fhir/r5/CodeSystem/aspect.json", "fhir/CodeSystem/aspect"):
        assert ask(f"/{name}").status == 200


def test_a_base_url_with_a_path_is_that_of_every_address() -> None:
    index = TopicIndex(site().index.path)
    index.__dict__["release"] = index.release._replace(base_url="https://example.org/health")
    moved = replace(site(), index=index)
    for prefix in ("/health", ""):
        bundle = found(f"{prefix}/fhir/r4/Composition?_count=1", moved)
        assert bundle["link"][0]["url"] == "https://example.org/health/fhir/r4/Composition?_count=1"
        assert bundle["entry"][0]["fullUrl"].startswith("https://example.org/health/fhir/r4/Composition/")
