"""`$bulk-publish`: its pages. What clients make of them is in tests/property/test_bulk.py."""

import json
from dataclasses import replace
from typing import Any

import pytest

from support.fhir import WITHDRAWN, ask, found, site

ROOT = "/fhir/r4/$bulk-publish"


def first_time() -> str:
    time: str = site().index.value("SELECT time FROM releases ORDER BY number LIMIT 1")
    return time


def page(target: str) -> Any:
    response = ask(target)
    fields = dict(response.headers)
    assert (response.status, fields["Content-Type"]) == (200, "application/json"), response.body
    assert fields["Cache-Control"] == "public, max-age=10"
    assert ask(target, if_none_match=fields["ETag"]).status == 304
    return json.loads(response.body)


def link(target: str) -> str:
    (found,) = page(target)["link"]
    assert found["relation"] == "next"
    url: str = found["url"]
    return url.removeprefix(site().base_url)


@pytest.mark.parametrize("version", ["r4", "r5"])
def test_the_root_has_every_file_and_leads_to_what_comes_next(version: str) -> None:
    root = f"/fhir/{version}/$bulk-publish"
    manifest = page(root)
    assert manifest["transactionTime"] == site().time
    assert manifest["updateCadence"] == "PT24H"
    assert manifest["outputFormat"] == "application/fhir+ndjson"
    assert {each["type"] for each in manifest["output"]} >= {"Composition", "DocumentReference", "CodeSystem"}
    for each in manifest["output"]:
        response = ask(each["url"].removeprefix(site().base_url), accept_encoding="identity")
        assert dict(response.headers)["Cache-Control"] == "public, max-age=31536000, immutable"
        assert dict(response.headers)["Content-Type"] == "application/fhir+ndjson"
        assert len(response.body) == each["fileSize"]
        assert {json.loads(line)["resourceType"] for line in response.body.splitlines()} == {each["type"]}
    following = link(root)
    assert following == f"{root}/{site().time}"
    pending = page(following)
    assert (pending["output"], pending["deleted"]) == ([], [])
    assert {**manifest, "output": [], "link": pending["link"]} == pending
    assert link(following) == "#pending"


def test_who_has_an_earlier_release_is_led_to_the_changes() -> None:
    changes = link(f"{ROOT}/{first_time()}")
    assert changes == f"{ROOT}/{first_time()}/2"
    manifest = page(changes)
    assert manifest["transactionTime"] == site().time
    assert link(changes) == f"{ROOT}/{site().time}"
    (deleted,) = manifest["deleted"]
    text = ask(deleted["url"].removeprefix(site().base_url)).body.decode()
    assert f'"Composition/{WITHDRAWN}-en"' in text
    assert manifest["output"]


def test_a_time_of_no_release_is_closed() -> None:
    unknown = f"{ROOT}/2026-01-01T00:00:00Z"
    assert link(unknown) == link(f"{unknown}/2") == "#closed"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/2099-01-01T00:00:00Z", 404),
        ("/2099-01-01T00:00:00Z/2", 404),
        ("/yesterday", 404),
        ("/2026-11-30", 404),
        ("/2020-99-01T00:00:00Z", 400),
        ("/2021-02-29T00:00:00Z/2", 400),
        (f"/{'2026-11-30T06:00:00Z'}/99", 404),
        ("/2026-11-30T06:00:00Z/x", 404),
        ("?_since=2026-11-30T06:00:00Z", 400),
    ],
)
def test_bad_addresses(path: str, status: int) -> None:
    assert found(f"{ROOT}{path}", status=status)["resourceType"] == "OperationOutcome"


def test_changes_up_to_a_release_that_is_gone_are_elsewhere() -> None:
    gone = replace(site(), earlier=lambda _number: None)
    outcome = found(f"{ROOT}/{first_time()}/1", gone, 410)
    assert f"{ROOT}/{first_time()}" in outcome["issue"][0]["diagnostics"]


def test_xml_is_not_to_be_had() -> None:
    for path in ("", f"/{site().time}", f"/{first_time()}/2"):
        found(f"{ROOT}{path}", status=406, accept="application/fhir+xml")
