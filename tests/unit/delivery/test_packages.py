"""FHIR packages are served at today's address and at one that never changes."""

from functools import cache

import pytest

from healthtopics.delivery.message import Request
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.release import Manifest, Promise
from support.indexes import bundled_release, index_of
from support.stores import MemoryStore


@cache
def served() -> tuple[Site, MemoryStore, Manifest]:
    store, manifest = bundled_release()
    site = Site(index_of(store, manifest), store, Promise("0" * 64, 1), b"{}")
    return site, store, manifest


@pytest.mark.parametrize("version", ["r4", "r5"])
@pytest.mark.parametrize(
    ("name", "cache_control"),
    [("package.tgz", "max-age=60"), ("package-1.1.0.tgz", "max-age=31536000, immutable")],
)
def test_a_package_is_a_file(version: str, name: str, cache_control: str) -> None:
    site, _, manifest = served()
    response = respond(Request("GET", f"/fhir/{version}/{name}", {}), site)
    fields = dict(response.headers)
    assert (response.status, fields["Content-Type"]) == (200, "application/gzip")
    assert cache_control in fields["Cache-Control"]
    assert "Content-Encoding" not in fields
    assert Promise.of(response.body) == manifest.files[f"fhir/{version}/{name}"].promise


def test_a_package_that_there_never_was_is_not_found() -> None:
    site, _, _ = served()
    assert respond(Request("GET", "/fhir/r4/package-1.7.0.tgz", {}), site).status == 404
