import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.compression import CODINGS, ContentCoding

BOTH = pytest.mark.parametrize("coding", CODINGS.values(), ids=lambda coding: coding.name)


@BOTH
@given(data=st.binary(max_size=3000))
def test_what_is_packed_can_be_unpacked_and_is_the_same_each_time(coding: ContentCoding, data: bytes) -> None:
    packed = coding.pack(data)
    assert packed == coding.pack(data)
    assert coding.unpack(packed, len(data)) == data


@BOTH
@pytest.mark.parametrize("most", [0, 1, 1000, 2**20])
def test_a_bomb_is_cut(coding: ContentCoding, most: int) -> None:
    found = coding.unpack(coding.pack(bytes(30 * 2**20)), most)
    assert most < len(found) < most + 2**20


@BOTH
@pytest.mark.parametrize("cut", [0, 1, 5, -1])
def test_half_of_one_is_not_one(coding: ContentCoding, cut: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        coding.unpack(coding.pack(b"asthma " * 100)[:cut], 700)


@BOTH
@pytest.mark.parametrize("data", [b"", b"{}", b"\xff" * 50])
def test_what_was_never_packed(coding: ContentCoding, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        coding.unpack(data, 50)


@BOTH
def test_something_after_the_end(coding: ContentCoding) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        coding.unpack(coding.pack(b"asthma") + b"x", 6)


def test_no_day_and_no_name_are_in_a_file() -> None:
    assert CODINGS["gzip"].pack(b"")[:10] == bytes.fromhex("1f8b08000000000002 03")
