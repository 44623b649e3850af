"""`$export`: what it is of, its status, its files, and bad input."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from healthtopics.delivery.encoding import LARGE
from healthtopics.delivery.fhir import bulk_files
from healthtopics.delivery.parts import JoinedSlices, MadeBytes, OpenBytes, Slice, opened
from healthtopics.release import object_key
from support.fhir import WITHDRAWN, ask, found, site

EXPORT = "/fhir/r4/$export"
ASYNC = "respond-async"


def first_time() -> str:
    time: str = site().index.value("SELECT time FROM releases ORDER BY number LIMIT 1")
    return time


def begun(query: str = "", version: str = "r4", prefer: str = ASYNC) -> str:
    """Return the address of the status of an export, without the base URL."""
    response = ask(f"/fhir/{version}/$export{query}", prefer=prefer)
    assert response.status == 202, response.body
    address = dict(response.headers)["Content-Location"]
    assert address in json.loads(response.body)["issue"][0]["diagnostics"]
    return address.removeprefix(site().base_url)


def status(query: str = "", version: str = "r4", prefer: str = ASYNC) -> Any:
    response = ask(begun(query, version, prefer))
    assert (response.status, dict(response.headers)["Content-Type"]) == (200, "application/json")
    return json.loads(response.body)


def lines(file: Any) -> list[Any]:
    """Return what is in a file of a manifest."""
    response = ask(file["url"].removeprefix(site().base_url))
    fields = dict(response.headers)
    assert (response.status, fields["Content-Type"]) == (200, "application/fhir+ndjson")
    data = response.body
    if isinstance(response.part, MadeBytes):
        data = b"".join(response.part.make())
    elif response.part:
        slices = response.part.within(0, response.part.length)
        data = b"".join(site().objects.read_slice(each.key, each.offset, each.length) for each in slices)
    assert int(fields["Content-Length"]) == len(data) == file.get("fileSize", len(data))
    found = [json.loads(each) for each in data.splitlines()]
    assert len(found) == file.get("count", len(found))
    return found


def ids(manifest: Any, type_: str = "") -> set[str]:
    """Return type and id of what an export has."""
    files = [each for each in manifest["output"] if type_ in ("", each["type"])]
    return {f"{each['resourceType']}/{each['id']}" for file in files for each in lines(file)}


def everything(type_: str = "", version: str = "4.0") -> set[str]:
    rows = site().index.rows(
        "SELECT type, id FROM fhir_resources WHERE fhir = ? AND ? IN ('', type) AND type <> 'Bundle'",
        (version, type_),
    )
    return {f"{type_}/{id_}" for type_, id_ in rows}


@pytest.mark.parametrize(("version", "number"), [("r4", "4.0"), ("r5", "5.0")])
def test_a_full_export_is_the_files_of_the_release(version: str, number: str) -> None:
    manifest = status(version=version)
    assert ids(manifest) == everything(version=number)
    keys = {object_key(each, artifact.sha256) for each, artifact in _ndjson(version)}
    prefix = f"{site().base_url}/"
    assert {each["url"].removeprefix(prefix) for each in manifest["output"]} == keys
    assert (manifest["deleted"], manifest["error"]) == ([], [])
    assert manifest["transactionTime"] == site().time
    assert manifest["request"] == f"{prefix}fhir/{version}/$export"
    assert manifest["requiresAccessToken"] is False


def _ndjson(version: str) -> list[tuple[str, Any]]:
    query = "SELECT name FROM artifacts WHERE name LIKE ?"
    names = [name for (name,) in site().index.rows(query, (f"fhir/{version}/ndjson/%",))]
    return [(name, site().artifact(name)) for name in names]


def test_a_status_says_until_when_its_files_are_there() -> None:
    fields = dict(ask(begun()).headers)
    assert fields["Expires"]
    assert "private" in fields["Cache-Control"]


def test_only_some_types() -> None:
    assert ids(status("?_type=List,Organization")) == everything("List") | everything("Organization")
    assert ids(status("?_type=List&_type=Organization")) == ids(status("?_type=List,Organization"))


def test_what_changed_after_a_withdrawal() -> None:
    manifest = status(f"?_since={first_time()}")
    (deleted,) = manifest["deleted"]
    gone = [entry["request"]["url"] for line in lines(deleted) for entry in line["entry"]]
    assert f"Composition/{WITHDRAWN}-en" in gone
    assert not [each for each in gone if each.startswith("Bundle/")], "they are not exported"
    changed = ids(manifest)
    assert changed
    assert changed.isdisjoint(gone)
    expected = {
        f"{type_}/{id_}"
        for type_, id_ in site().index.rows(
            """
            SELECT type, id FROM fhir_resources
            WHERE fhir = '4.0' AND type <> 'Bundle' AND last_updated > ?
            """,
            (first_time(),),
        )
    }
    assert changed == expected != everything()


def test_deletions_are_of_the_types_that_are_wanted() -> None:
    manifest = status(f"?_since={first_time()}&_type=List")
    urls = [line["entry"][0]["request"]["url"] for line in lines(manifest["deleted"][0])]
    assert urls == [f"List/{WITHDRAWN}-translations"]
    assert status(f"?_since={first_time()}&_until={first_time()}")["deleted"] == []


def test_deletions_are_made_while_they_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = status(f"?_since={first_time()}")["deleted"]
    target = file["url"].removeprefix(site().base_url)
    whole = ask(target)
    assert ask(target, if_none_match=dict(whole.headers)["ETag"]).status == 304
    assert ask(target, range="bytes=0-1").status == 200, "there are no parts of it"
    assert "Accept-Ranges" not in dict(whole.headers)
    monkeypatch.setattr("healthtopics.delivery.encoding.LARGE", 100)
    monkeypatch.setattr("healthtopics.index.bulk._SOME", 3)
    response = ask(target)
    assert isinstance(response.part, MadeBytes)
    assert b"".join(response.part.make()) == whole.body
    opened_part = opened(response.part)
    assert isinstance(opened_part, OpenBytes)
    pieces = iter(lambda: opened_part.read(1000), b"")
    assert [len(each) for each in pieces] == [1000] * (len(whole.body) // 1000) + [len(whole.body) % 1000]


def test_times_are_instants_in_any_zone() -> None:
    time = first_time()
    assert time.endswith("Z")
    same = f"{time.removesuffix('Z')}.000%2B00:00"
    asked = status(f"?_since={same}")
    assert asked["output"] == status(f"?_since={time}")["output"]
    assert status(f"?_since={site().time}")["output"] == []
    assert ids(status(f"?_until={site().time}")) == everything() - ids(status(f"?_since={first_time()}"))
    assert ids(status(f"?_until={site().time.removesuffix('Z')}.5Z")) == everything()


def test_searches_restrict_their_types_only() -> None:
    search = quote("DocumentReference?language=es")
    manifest = status(f"?_type=DocumentReference,List&_typeFilter={search}")
    languages = {
        each["content"][0]["attachment"]["language"]
        for file in manifest["output"]
        if file["type"] == "DocumentReference"
        for each in lines(file)
    }
    assert languages == {"es"}
    assert ids(manifest, "List") == everything("List")


def test_several_searches_are_alternatives() -> None:
    english, spanish = (f"Composition?_id=miscarriage-{each}" for each in ("en", "es"))
    expected = {"Composition/miscarriage-en", "Composition/miscarriage-es"}
    for query in (
        urlencode({"_typeFilter": f"{english},{spanish}"}),
        urlencode([("_typeFilter", english), ("_typeFilter", spanish)]),
        urlencode({"_typeFilter": "Composition?_id=miscarriage-en,miscarriage-es"}),
        urlencode({"_typeFilter": "Composition?_id=miscarriage%2Den%2Cmiscarriage-es"}),
    ):
        manifest = status(f"?_type=Composition&{query}")
        assert ids(manifest) == expected, query
        assert len(manifest["output"]) == 1


def test_a_search_and_a_time_restrict_together() -> None:
    query = urlencode({"_typeFilter": "List?_id=health-topics,miscarriage-translations", "_type": "List"})
    whole = ids(status(f"?{query}"))
    assert whole
    assert ids(status(f"?{query}&_since={site().time}")) == set()


def test_a_search_that_finds_nothing_has_no_file() -> None:
    query = urlencode({"_typeFilter": "Composition?_id=none", "_type": "Composition"})
    assert status(f"?{query}")["output"] == []


def parameters(*pairs: tuple[str, str, Any]) -> str:
    given = [{"name": name, member: value} for name, member, value in pairs]
    return json.dumps({"resourceType": "Parameters", "parameter": given})


@pytest.mark.parametrize("media_type", ["application/fhir+json", "application/json; charset=utf-8"])
def test_parameters_may_be_in_the_body(media_type: str) -> None:
    body = parameters(
        ("_type", "valueString", "Composition"),
        ("_outputFormat", "valueCode", "ndjson"),
        ("_since", "valueInstant", first_time()),
        ("_typeFilter", "valueString", "Composition?_language=es"),
    )
    response = ask(EXPORT, method="POST", body=body, content_type=media_type, prefer=ASYNC)
    assert response.status == 202, response.body
    fields = dict(response.headers)
    query = f"?_type=Composition&_since={first_time()}&_typeFilter=Composition?_language%3Des"
    expected = begun(query)
    assert fields["Content-Location"] == f"{site().base_url}{expected}"
    assert "no-store" in fields["Cache-Control"]


def test_a_body_may_be_empty() -> None:
    assert ask(EXPORT, method="POST", prefer=ASYNC).status == 202


def test_what_is_not_supported_is_ignored_and_reported_if_the_client_allows_it() -> None:
    query = "?_elements=id&_type=Patient,List&includeAssociatedData=x"
    manifest = status(query, prefer="respond-async, handling=lenient")
    assert ids(manifest) == everything("List")
    (error,) = manifest["error"]
    assert error["type"] == "OperationOutcome"
    texts = [line["issue"][0]["diagnostics"] for line in lines(error)]
    assert [next(word for word in text.split() if "_" in word or "D" in word) for text in texts] == [
        "_elements",
        "includeAssociatedData",
        "_type=Patient",
    ]
    assert {line["issue"][0]["severity"] for line in lines(error)} == {"warning"}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("_outputFormat=application/fhir%2Bxml", "_outputFormat"),
        ("_outputFormat=csv", "_outputFormat"),
        ("_type=Patient", "_type"),
        ("_type=Bundle", "_type"),
        ("_type=", "_type"),
        ("_type=List,,Composition", "_type"),
        ("_since=yesterday", "_since"),
        ("_since=", "_since"),
        ("_since=2026-13-01T00:00:00Z", "_since"),
        ("_since=2026-11-30T00:00:00Z&_since=2026-11-29T00:00:00Z", "_since"),
        ("_until=2026-11-30T25:00:00Z", "_until"),
        ("_typeFilter=", "_typeFilter"),
        ("_typeFilter=Composition", "_typeFilter"),
        ("_typeFilter=Patient%3Fname%3Dx", "_typeFilter"),
        ("_typeFilter=Bundle%3F_id%3Dx", "_typeFilter"),
        ("_typeFilter=Composition%3Fdate%3Dx", "_typeFilter"),
        ("_typeFilter=Composition%3Fnonsense%3Dx", "_typeFilter"),
        ("_typeFilter=Composition%3F_sort%3Dtitle", "_typeFilter"),
        ("_typeFilter=Composition%3F_include%3DComposition:entry", "_typeFilter"),
        ("_typeFilter=Composition%3Ftitle:nonsense%3Dx", "_typeFilter"),
        ("_typeFilter=Composition%3Ftitle%3D%25FF", "_typeFilter"),
        ("_type=List&_typeFilter=Composition%3F_id%3Dx", "_typeFilter"),
        ("_typeFilter=Composition%3F" + "%26".join(["_id%3Dx"] * 21), "_typeFilter"),
        (urlencode([("_typeFilter", f"Composition?_id={each}") for each in range(51)]), "_typeFilter"),
        ("_elements=id", "_elements"),
        ("patient=Patient/1", "patient"),
        ("_unused=x", "_unused"),
        ("_typeFilter=" + "x" * 4001, "_typeFilter"),
        ("_since=2026-11-30T00:00:00Z%00", "_since"),
        ("_type=%ff", None),
    ],
)
def test_bad_values(query: str, where: str | None) -> None:
    outcome = found(f"{EXPORT}?{query}", status=400, prefer=ASYNC)
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0].get("expression") == ([where] if where else None)
    # The status and the files read their addresses in the same way.
    for path in (f"{EXPORT}/2", f"{EXPORT}/2/Composition.ndjson", f"{EXPORT}/2/deleted.ndjson"):
        if where != "_unused":
            assert ask(f"{path}?{query}").status == 400


@pytest.mark.parametrize(
    "body",
    [
        "[",
        "[]",
        '{"resourceType": "Bundle"}',
        '{"resourceType": "Parameters", "parameter": 1}',
        '{"resourceType": "Parameters", "parameter": [1]}',
        '{"resourceType": "Parameters", "parameter": [{"valueString": "x"}]}',
        parameters(("_since", "valueInstant", 1)),
        parameters(("_type", "valueReference", {"reference": "x"})),
        parameters(("patient", "valueReference", {"reference": "Patient/1"})),
        parameters(("_typeFilter", "valueString", "Composition?_id=" + "x" * 900)).replace("_id=", "_id=a,"),
    ],
)
def test_bad_bodies(body: str) -> None:
    response = ask(EXPORT, method="POST", body=body, content_type="application/fhir+json", prefer=ASYNC)
    if "Composition?" in body:
        assert response.status == 202
    else:
        assert response.status == 400
    assert json.loads(response.body)["resourceType"] == "OperationOutcome"


def test_a_wrong_value_in_a_body_is_not_taken_for_an_empty_one() -> None:
    body = parameters(("_type", "valueReference", {"reference": "x"}))
    response = ask(EXPORT, method="POST", body=body, content_type="application/fhir+json", prefer=ASYNC)
    assert "the parameter _type has no value of the right type" in response.body.decode()
    unsupported = parameters(("patient", "valueReference", {"reference": "Patient/1"}))
    lenient = ask(
        EXPORT,
        method="POST",
        body=unsupported,
        content_type="application/fhir+json",
        prefer=f"{ASYNC}, handling=lenient",
    )
    assert dict(lenient.headers)["Content-Location"].endswith("?_unused=patient")


def test_what_is_wanted_must_fit_into_an_address() -> None:
    many = [("_typeFilter", "valueString", f"Composition?_id={each}{'x' * 300}") for each in range(40)]
    response = ask(
        EXPORT, method="POST", body=parameters(*many), content_type="application/fhir+json", prefer=ASYNC
    )
    assert response.status == 400
    assert "Divide it" in json.loads(response.body)["issue"][0]["diagnostics"]


def test_other_bodies_are_refused() -> None:
    assert (
        ask(EXPORT, method="POST", body="<x/>", content_type="application/fhir+xml", prefer=ASYNC).status
        == 415
    )


@pytest.mark.parametrize("prefer", ["", "handling=lenient", "respond-asynchronously", "return=minimal"])
def test_an_export_is_asynchronous(prefer: str) -> None:
    outcome = found(EXPORT, status=400, prefer=prefer)
    assert "Prefer: respond-async" in outcome["issue"][0]["diagnostics"]
    spanish = found(f"{EXPORT}?lang=es", status=400, prefer=prefer)
    assert "asíncronas" in spanish["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "prefer", ["respond-async", 'handling="lenient", Respond-Async;x=1', " respond-async "]
)
def test_a_preference_is_found_among_others(prefer: str) -> None:
    assert ask(EXPORT, prefer=prefer).status == 202


def test_xml_is_not_to_be_had() -> None:
    found(EXPORT, status=406, accept="application/fhir+xml", prefer=ASYNC)
    assert ask(EXPORT, accept="application/fhir+json", prefer=ASYNC).status == 202


def test_the_end_of_an_export_is_accepted() -> None:
    response = ask(begun("?_type=List"), method="DELETE")
    assert response.status == 202
    assert json.loads(response.body)["resourceType"] == "OperationOutcome"
    assert dict(ask(EXPORT, method="OPTIONS").headers)["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_an_earlier_release_can_still_be_exported() -> None:
    response = ask(f"{EXPORT}/1")
    manifest = json.loads(response.body)
    assert manifest["transactionTime"] == first_time()
    assert "Expires" not in dict(response.headers)
    assert f"Composition/{WITHDRAWN}-en" in ids(manifest)
    query = urlencode({"_typeFilter": f"Composition?_id={WITHDRAWN}-en", "_type": "Composition"})
    assert ids(json.loads(ask(f"{EXPORT}/1?{query}").body)) == {f"Composition/{WITHDRAWN}-en"}


@pytest.mark.parametrize("path", ["", "/Composition.ndjson", "/deleted.ndjson", "/outcome.ndjson"])
def test_a_release_that_is_gone_says_what_to_do(path: str) -> None:
    gone = replace(site(), earlier=lambda _number: None)
    outcome = found(f"{EXPORT}/1{path}", gone, 410)
    assert f"{site().base_url}/fhir/r4/$export" in outcome["issue"][0]["diagnostics"]
    assert "no release 99" in found(f"{EXPORT}/99{path}", gone, 404)["issue"][0]["diagnostics"]


def test_only_an_export_that_is_there_can_be_ended() -> None:
    gone = replace(site(), earlier=lambda _number: None)
    for target, status_ in ((f"{EXPORT}/2", 202), (f"{EXPORT}/99", 404), (f"{EXPORT}/1", 410)):
        response = ask(target, gone, method="DELETE")
        assert (response.status, json.loads(response.body)["resourceType"]) == (status_, "OperationOutcome")
    assert ask(f"{EXPORT}/2?_type=Patient", method="DELETE").status == 400


def test_a_part_beyond_the_end_is_refused_as_documented() -> None:
    path = f"{EXPORT}/2/Composition.ndjson"
    response = ask(f"{path}?_since=2000-01-01T00:00:00Z", range="bytes=999999999-")
    assert (response.status, json.loads(response.body)["resourceType"]) == (416, "OperationOutcome")
    paths = json.loads(ask("/openapi.json").body)["paths"]
    documented = paths["/fhir/{fhir}/$export/{release}/{type}.ndjson"]["get"]["responses"]["416"]["content"]
    assert [each for each in documented if each in dict(response.headers)["Content-Type"]] == [*documented]


def test_a_file_of_a_type_that_is_not_exported_is_not_found() -> None:
    for type_ in ("Patient", "Bundle"):
        found(f"{EXPORT}/2/{type_}.ndjson", status=404)


def test_searches_stay_out_of_shared_caches() -> None:
    query = urlencode({"_typeFilter": "Composition?context=D000022"})
    for path in (EXPORT, f"{EXPORT}/2", f"{EXPORT}/2/Composition.ndjson"):
        response = ask(f"{path}?{query}", prefer=ASYNC)
        fields = dict(response.headers)
        assert response.is_private
        assert "public" not in fields["Cache-Control"]
        assert fields["Referrer-Policy"] == "no-referrer"


def test_a_file_has_parts_conditions_and_codings() -> None:
    target = f"{EXPORT}/2/Composition.ndjson?_since=2000-01-01T00:00:00Z"
    response = ask(target)
    fields = dict(response.headers)
    assert fields["Cache-Control"] == "public, max-age=31536000, immutable"
    assert ask(target, if_none_match=fields["ETag"]).status == 304
    part = ask(target, range="bytes=10-19")
    assert (part.status, part.body) == (206, response.body[10:20])
    assert dict(ask(target, accept_encoding="gzip").headers)["Content-Encoding"] == "gzip"
    head = ask(target, method="HEAD")
    assert (head.body, dict(head.headers)["Content-Length"]) == (b"", str(len(response.body)))


def test_large_files_are_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    target = f"{EXPORT}/2/Composition.ndjson?_since=2000-01-01T00:00:00Z"
    whole = ask(target).body
    monkeypatch.setattr("healthtopics.delivery.encoding.LARGE", 100)
    assert LARGE > 100
    response = ask(target)
    assert response.body == b""
    assert isinstance(response.part, JoinedSlices)
    assert response.part.length == len(whole)
    for offset, length in ((0, len(whole)), (5, 20_000), (len(whole) - 1, 1)):
        slices = response.part.within(offset, length)
        data = b"".join(site().objects.read_slice(each.key, each.offset, each.length) for each in slices)
        assert data == whole[offset : offset + length]


def test_joined_slices_that_follow_each_other_are_one() -> None:
    joined = JoinedSlices.of([Slice("a", 0, 3), Slice("a", 3, 2), Slice("a", 9, 1), Slice("b", 10, 4)])
    assert joined.slices == (Slice("a", 0, 5), Slice("a", 9, 1), Slice("b", 10, 4))
    assert joined.length == 10
    assert list(joined.within(4, 3)) == [Slice("a", 4, 1), Slice("a", 9, 1), Slice("b", 10, 1)]
    assert list(joined.within(10, 5)) == []
    assert JoinedSlices.of([]).length == 0


def test_the_statement_lists_both_operations() -> None:
    statement = found("/fhir/r4/metadata")
    bulk_publish = "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-publish"
    assert bulk_publish in statement["instantiates"]
    (rest,) = statement["rest"]
    definitions = {each["name"]: each["definition"] for each in rest["operation"]}
    prefix = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition"
    assert definitions == {"export": f"{prefix}/export", "bulk-publish": f"{prefix}/bulk-publish"}


def test_a_key_is_needed_where_the_service_needs_one() -> None:
    closed = replace(site(), is_key_required=True)
    assert json.loads(ask(f"{EXPORT}/2", closed).body)["requiresAccessToken"] is True
    assert json.loads(ask("/fhir/r4/$bulk-publish", closed).body)["requiresAccessToken"] is True


class TestCostlySearches:
    """Searches may read so much of the index as there are resources of their type."""

    COSTLY = "&".join(f"_typeFilter=DocumentReference?language:not%3Dx{number}" for number in range(30))

    @pytest.fixture(autouse=True)
    def _limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bulk_files, "MOST_STEPS", 2_000)
        monkeypatch.setattr(bulk_files, "MOST_STEPS_EACH", 25)

    def refused(self, address: str) -> None:
        said = found(address, status=422)["issue"][0]
        assert said["code"] == "too-costly"
        assert "read more of the index than an export may" in said["details"]["text"]

    def test_the_status_is_refused(self) -> None:
        self.refused(begun(f"?{self.COSTLY}"))

    def test_a_file_is_refused(self) -> None:
        address = begun(f"?{self.COSTLY}").replace("?", "/DocumentReference.ndjson?", 1)
        self.refused(address)

    def test_others_are_not(self) -> None:
        one = status("?_type=DocumentReference&_typeFilter=DocumentReference?language%3Des")
        assert ids(one) < everything("DocumentReference")
        assert ids(status(f"?_since={first_time()}")) <= everything()
        assert ids(status()) == everything()
