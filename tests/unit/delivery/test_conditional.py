"""Conditions and ranges of requests, by the rules of RFC 9110 §13 and §14."""

import re

import pytest

from healthtopics.delivery import conditional
from healthtopics.delivery.conditional import Range, http_date, judge, read_range
from healthtopics.delivery.negotiation import LONGEST

ETAG = '"a,b"'
MODIFIED = "2026-11-20T12:30:15Z"
LATER, SAME, EARLIER = (
    "Fri, 20 Nov 2026 12:30:16 GMT",
    "Fri, 20 Nov 2026 12:30:15 GMT",
    "Fri, 20 Nov 2026 12:30:14 GMT",
)


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, 200),
        ({"if-none-match": ETAG}, 304),
        ({"if-none-match": f"W/{ETAG}"}, 304),
        ({"if-none-match": f'"x" , ,W/"y",{ETAG}'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"a", "b"'}, 200),
        ({"if-none-match": "a,b"}, 200),
        ({"if-none-match": ""}, 200),
        ({"if-none-match": f"junk {ETAG}"}, 200),
        ({"if-none-match": '"x"', "if-modified-since": LATER}, 200),
        ({"if-none-match": ETAG, "if-modified-since": EARLIER}, 304),
        ({"if-modified-since": LATER}, 304),
        ({"if-modified-since": SAME}, 304),
        ({"if-modified-since": EARLIER}, 200),
        ({"if-modified-since": "Fri, 20 Nov 2026 12:30:15 -0000"}, 304),
        ({"if-modified-since": "Friday, 20-Nov-26 12:30:15 GMT"}, 304),
        ({"if-modified-since": "yesterday"}, 200),
        ({"if-modified-since": "Fri, 99 Nov 2026 12:30:15 GMT"}, 200),
        ({"if-match": ETAG}, 200),
        ({"if-match": f'"x", {ETAG}'}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": f"W/{ETAG}"}, 412),
        ({"if-match": '"x"'}, 412),
        ({"if-match": '"x"', "if-none-match": ETAG}, 412),
        ({"if-match": ETAG, "if-none-match": ETAG}, 304),
        ({"if-match": ETAG, "if-unmodified-since": EARLIER}, 200),
        ({"if-unmodified-since": EARLIER}, 412),
        ({"if-unmodified-since": SAME}, 200),
        ({"if-unmodified-since": "yesterday"}, 200),
    ],
)  # fmt: skip
def test_conditions_are_judged_in_their_order(headers: dict[str, str], verdict: int) -> None:
    assert judge(headers, ETAG, MODIFIED) == verdict


def test_an_overlong_list_of_tags_matches_nothing() -> None:
    longest, longer = ETAG.rjust(LONGEST, ","), ETAG.rjust(LONGEST + 1, ",")
    assert [judge({"if-none-match": each}, ETAG, MODIFIED) for each in (longest, longer)] == [304, 200]
    assert [judge({"if-match": each}, ETAG, MODIFIED) for each in (longest, longer)] == [200, 412]


def test_the_pattern_of_tags_never_tries_again() -> None:
    """Every repetition without a limit is possessive: what it took it keeps, so that the time is linear."""
    without_classes = re.sub(r"\[[^]]*\]", "x", conditional._TAGS.pattern)
    assert re.findall(r"(?<!\\)[*+][*+]?", without_classes) == ["*+"] * 3


def test_times_are_not_judged_if_it_is_not_known_when_the_bytes_changed() -> None:
    assert judge({"if-modified-since": LATER}, ETAG, "") == 200
    assert judge({"if-unmodified-since": EARLIER}, ETAG, "") == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes=0-0", Range(0, 1)),
        ("bytes=2-4", Range(2, 3)),
        ("BYTES= 2-4 ", Range(2, 3)),
        ("bytes=7-", Range(7, 3)),
        ("bytes=7-99", Range(7, 3)),
        ("bytes=-3", Range(7, 3)),
        ("bytes=-99", Range(0, 10)),
        ("bytes=10-", Range(10, 0)),
        ("bytes=99-100", Range(99, 0)),
        ("bytes=-0", Range(10, 0)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("bytes=a-b", None),
        ("bytes=٠-١", None),
        ("items=0-1", None),
        ("", None),
    ],
)
def test_a_single_range_is_read(text: str, expected: Range | None) -> None:
    assert read_range({"range": text}, ETAG, MODIFIED, 10) == expected


@pytest.mark.parametrize(
    ("condition", "has_part"),
    [
        (ETAG, True),
        (f"W/{ETAG}", False),
        ('"x"', False),
        (SAME, True),
        (LATER, False),
        (EARLIER, False),
        ("yesterday", False),
    ],
)
def test_a_part_is_sent_only_of_what_the_client_has_already(*, condition: str, has_part: bool) -> None:
    found = read_range({"range": "bytes=0-1", "if-range": condition}, ETAG, MODIFIED, 10)
    assert found == (Range(0, 2) if has_part else None)


def test_a_time_is_written_as_http_does() -> None:
    assert http_date("2026-11-20T12:30:15Z") == SAME
