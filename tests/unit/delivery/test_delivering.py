"""Codings, ranges and large files, through the function that makes a response of a representation."""

import gzip
import json
from typing import Any

import brotli
import pytest

from healthtopics.compression import CODINGS
from healthtopics.delivery.delivering import deliver
from healthtopics.delivery.encoding import LARGE
from healthtopics.delivery.message import Request, Response
from healthtopics.delivery.parts import Slice
from healthtopics.delivery.problem_details import write_problem
from healthtopics.delivery.representation import Representation, computed
from healthtopics.errors import IntegrityError
from healthtopics.jsontext import digest
from healthtopics.release import object_key
from support.releases import MemoryStore

TEXT = b"Asma, asma, asma. " * 40
LINES = b'{"resourceType": "Basic"}\n' * (LARGE // 20)


def stored(
    store: MemoryStore, data: bytes = TEXT, *, beside: tuple[str, ...] = (), **values: Any
) -> Representation:
    key = object_key("x.json", digest(data))
    store.files[key] = data
    for name in beside:
        store.files[key + CODINGS[name].suffix] = CODINGS[name].pack(data)
    members: dict[str, Any] = {"media_type": "application/json", "modified": "2026-11-20T12:30:15Z"}
    return Representation(content=key, length=len(data), sha256=digest(data), **members | values)


def ask(
    store: MemoryStore, found: Representation, method: str = "GET", **headers: str
) -> tuple[Response, dict[str, str]]:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(method, "/x", fields)
    response = write_problem(deliver(request, found, store), request, None)
    return response, dict(response.headers)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("br, gzip", "br"),
        ("gzip, br;q=0.9", "gzip"),
        ("gzip;q=0.1", "gzip"),
        ("br;q=0, *", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("zstd", None),
        ("*;q=0", None),
        ("identity;q=0", None),
        ("gzip;q=high", None),
        ("gzip," * 1000, None),
    ],
)
def test_the_coding_follows_accept_encoding(accepted: str, coding: str | None) -> None:
    store = MemoryStore()
    response, fields = ask(store, stored(store, beside=("br", "gzip")), accept_encoding=accepted)
    unpack = {None: bytes, "br": brotli.decompress, "gzip": gzip.decompress}[coding]
    assert unpack(response.body) == TEXT
    assert fields.get("Content-Encoding") == coding
    assert fields["Content-Length"] == str(len(response.body))
    assert fields["Vary"] == "Accept-Encoding"


def test_each_coding_has_its_strong_etag() -> None:
    store = MemoryStore()
    found = stored(store, beside=("br", "gzip"))
    tags = {coding: ask(store, found, accept_encoding=coding)[1]["ETag"] for coding in ("br", "gzip", "")}
    assert tags == {
        "br": f'"{found.sha256}-br"',
        "gzip": f'"{found.sha256}-gzip"',
        "": f'"{found.sha256}"',
    }
    for coding, tag in tags.items():
        assert ask(store, found, accept_encoding=coding, if_none_match=tag)[0].status == 304
        assert ask(store, found, accept_encoding="", if_none_match=tag)[0].status == (200 if coding else 304)


def test_what_has_no_compressed_form_is_compressed_on_request_if_it_is_small_text() -> None:
    store = MemoryStore()
    for found, coding in (
        (stored(store), "gzip"),
        (computed(TEXT, "text/html; charset=utf-8"), "gzip"),
        (computed(TEXT, "application/atom+xml"), "gzip"),
        (computed(TEXT, "application/vnd.sqlite3"), None),
        (computed(TEXT[:100], "text/html; charset=utf-8"), None),
        (stored(store, LINES), None),
    ):
        response, fields = ask(store, found, accept_encoding="br, gzip")
        assert fields.get("Content-Encoding") == coding
        assert ("Vary" in fields) == bool(coding)
        if coding:
            assert gzip.decompress(response.body) == TEXT


def test_a_damaged_compressed_form_is_not_sent() -> None:
    store = MemoryStore()
    found = stored(store, beside=("br",))
    for damaged in (b"junk", brotli.compress(TEXT[:-1] + b"!")):
        store.files[str(found.content) + ".br"] = damaged
        response, fields = ask(store, found, accept_encoding="br")
        assert (response.body, "Content-Encoding" in fields) == (TEXT, False)
        assert fields["ETag"] == f'"{found.sha256}"'


def test_head_has_the_length_of_the_chosen_coding() -> None:
    store = MemoryStore()
    for found in (stored(store), stored(store, beside=("br", "gzip")), computed(TEXT, "text/plain")):
        for coding in ("br", "gzip", ""):
            got, headed = (
                ask(store, found, accept_encoding=coding),
                ask(store, found, "HEAD", accept_encoding=coding),
            )
            assert headed[1] == got[1]
            assert headed[0].body == b""


def test_a_part_of_a_file_is_sent() -> None:
    store = MemoryStore()
    found = stored(store)
    response, fields = ask(store, found, range="bytes=6-9")
    assert (response.status, response.body) == (206, TEXT[6:10])
    assert fields["Content-Range"] == f"bytes 6-9/{len(TEXT)}"
    assert fields["Content-Length"] == "4"
    assert fields["ETag"] == f'"{found.sha256}"'
    packed = ask(store, found, accept_encoding="gzip")[0].body
    response, fields = ask(store, found, range="bytes=-5", accept_encoding="gzip")
    assert (response.status, response.body) == (206, packed[-5:])
    assert fields["Content-Range"].endswith(f"/{len(packed)}")


def test_ranges_are_for_get_and_for_files_alone() -> None:
    store = MemoryStore()
    assert ask(store, stored(store), "HEAD", range="bytes=0-1")[0].status == 200
    response, fields = ask(store, computed(TEXT, "text/plain"), range="bytes=0-1")
    assert (response.status, response.body) == (200, TEXT)
    assert "Accept-Ranges" not in fields


def test_a_range_beyond_the_end_says_where_the_end_is() -> None:
    store = MemoryStore()
    response, fields = ask(store, stored(store), accept_language="es", range=f"bytes={len(TEXT)}-")
    assert response.status == 416
    assert fields["Content-Range"] == f"bytes */{len(TEXT)}"
    assert json.loads(response.body)["detail"] == f"aquí solo hay {len(TEXT)} bytes."


def test_a_false_precondition_is_answered_in_the_language_of_the_request() -> None:
    store = MemoryStore()
    response, _ = ask(store, stored(store), accept_language="es", if_match='"x"')
    assert response.status == 412
    assert json.loads(response.body)["title"] == "Condición previa no cumplida"


def test_conditions_do_not_concern_post() -> None:
    store = MemoryStore()
    found = computed(TEXT, "text/plain")
    headers = {"if_none_match": "*", "if_match": '"x"', "range": "bytes=0-1"}
    assert ask(store, found, "POST", **headers)[0].status == 200


def test_a_large_file_is_not_read() -> None:
    class Unread(MemoryStore):
        def read(self, key: str) -> bytes:
            raise AssertionError(key)

    store = Unread()
    found = stored(store, LINES, beside=("gzip",))
    key = str(found.content)
    response, fields = ask(store, found)
    assert (response.body, response.part) == (b"", Slice(key, 0, len(LINES)))
    assert fields["Content-Length"] == str(len(LINES))
    assert ask(store, found, range="bytes=10-")[0].part == Slice(key, 10, len(LINES) - 10)
    store.files[key] = LINES[:-1]
    with pytest.raises(IntegrityError):
        ask(store, found)
    del store.files[key]
    with pytest.raises(IntegrityError):
        ask(store, found)


def test_a_large_compressed_form_is_not_read_either() -> None:
    store = MemoryStore()
    found = stored(store, LINES)
    key = f"{found.content!s}.br"
    store.files[key] = bytes(LARGE)
    response, fields = ask(store, found, accept_encoding="br")
    assert response.part == Slice(key, 0, LARGE)
    assert fields["Content-Encoding"] == "br"
