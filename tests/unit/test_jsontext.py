from typing import Any

import pytest

from healthtopics import jsontext
from healthtopics.errors import JsonTextError


def refused(data: bytes) -> list[tuple[str, int | None, int | None, str]]:
    with pytest.raises(JsonTextError) as caught:
        jsontext.parse(data, "x.json")
    return [
        (problem.check, problem.line, problem.column, problem.pointer) for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"\xef\xbb\xbf{}", ("json-bom", None, None, ""), id="byte order mark"),
        pytest.param(b'{"a":\n"\xff"}', ("json-encoding", 2, 2, ""), id="not UTF-8"),
        pytest.param("{}".encode("utf-16"), ("json-encoding", 1, 1, ""), id="UTF-16"),
        pytest.param(b"[" * 101 + b"]" * 101, ("json-depth", None, None, ""), id="too deep"),
        pytest.param(b"", ("json-syntax", 1, 1, ""), id="empty"),
        pytest.param(b'{\n"a" 1}', ("json-syntax", 2, 5, ""), id="missing colon"),
        pytest.param(b"[NaN]", ("json-syntax", 1, 2, ""), id="NaN"),
        pytest.param(b"[1e999]", ("json-syntax", 1, 2, ""), id="infinity by overflow"),
        pytest.param(b"[" + b"9" * 5000 + b"]", ("json-syntax", 1, 2, ""), id="endless integer"),
        pytest.param(b'["\\ud800"]', ("json-syntax", 1, 3, ""), id="lone surrogate"),
        pytest.param(b"{} {}", ("json-syntax", 1, 4, ""), id="two documents"),
    ],
)
def test_text_that_readers_disagree_about_is_refused_with_its_place(
    data: bytes, problem: tuple[str, int | None, int | None, str]
) -> None:
    assert refused(data) == [problem]


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ('{"a": }', 7, "a value is missing"),
        ("['a']", 2, "a value is missing"),
        ("{a: 1}", 2, "the name of a property is missing"),
        ('{"a" 1}', 6, "a colon is missing"),
        ('{"a": "b" c"}', 11, "a comma, or the closing bracket, is missing"),
        ("{} {}", 4, "the document has ended before this"),
        ('["ñ", "x', 7, "the closing quotation mark of this text is missing"),
        ('["a\tb"]', 4, "a text has a line break or a tab"),
        ('["\\x"]', 3, "a text has a backslash that begins no known character"),
        ("[NaN]", 2, "this is not valid JSON: "),
    ],
)
def test_a_fault_of_the_syntax_is_in_plain_words(text: str, column: int, words: str) -> None:
    with pytest.raises(JsonTextError) as error:
        jsontext.parse(text.encode(), "x.json")
    (problem,) = error.value.problems
    assert problem.message.startswith(words)
    assert (problem.line, problem.column) == (1, column)
    assert problem.hint


def test_a_byte_is_counted_in_characters() -> None:
    with pytest.raises(JsonTextError) as error:
        jsontext.parse('{\n"ñ": "'.encode() + b'\xff"}', "x.json")
    (problem,) = error.value.problems
    assert (problem.line, problem.column) == (2, 7)


def test_every_duplicate_key_is_reported_once_with_its_pointer() -> None:
    data = b'{"a": [{"x": 1, "x": 2, "x": 3}], "b/c": 1, "b/c": 2, "d": {"e": 1}}'
    assert [pointer for _, _, _, pointer in refused(data)] == ["/b~1c", "/a/0/x"]
    with pytest.raises(JsonTextError, match="the key 'b/c' comes more than once"):
        jsontext.parse(data, "x.json")


def test_brackets_in_long_texts_do_not_count_as_nesting() -> None:
    value = ["[" for _ in range(200)] + ["]" for _ in range(200)]
    balanced = ["[]" * 200]
    assert jsontext.parse(jsontext.dump(balanced), "x.json") == balanced
    with pytest.raises(JsonTextError):  # erring upwards is safe
        jsontext.parse(jsontext.dump(value), "x.json")


def test_a_hundred_levels_are_read() -> None:
    assert jsontext.parse(b"[" * 100 + b"]" * 100, "x.json")


def test_same_key_in_different_objects_is_not_a_duplicate() -> None:
    assert jsontext.parse(b'[{"a": 1}, {"a": {"a": 2}}]', "x.json") == [{"a": 1}, {"a": {"a": 2}}]


def test_dump_keeps_the_order_of_keys_and_ends_in_one_newline() -> None:
    assert jsontext.dump({"b": "ñ", "a": [1]}) == '{\n  "b": "ñ",\n  "a": [\n    1\n  ]\n}\n'.encode()


@pytest.mark.parametrize(
    "value",
    [{}, {"a": []}, {"a": {}}, {"a": [1, [2, "x\\n\n"], {"b": [{"c": None}, []]}], 'é"': {"d": {"e": "f"}}}],
)
def test_parts_of_a_dump_make_the_dump(value: dict[str, Any]) -> None:
    parts = jsontext.Dumped(value)
    assert b"".join(parts) == jsontext.dump(value)
    assert b"".join(parts) == jsontext.dump(value)


def test_dump_line_is_one_line() -> None:
    assert jsontext.dump_line({"b": "x\ny", "a": 1}) == b'{"b":"x\\ny","a":1}\n'


def test_canonical_sorts_keys_and_drops_white_space() -> None:
    assert jsontext.canonical({"b": 1, "a": {"d": 1, "c": 2}}) == b'{"a":{"c":2,"d":1},"b":1}'


def test_digest_is_sha_256_in_hex() -> None:
    # FIPS 180-4, the example for the message "abc".
    assert jsontext.digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_equal_values_have_one_short_digest() -> None:
    assert jsontext.short_digest({"a": 1, "b": [2]}) == jsontext.short_digest({"b": [2], "a": 1})
    assert jsontext.short_digest({"a": 1}) == jsontext.digest(b'{"a":1}')[:16]


@pytest.mark.parametrize("data", [b"", b"  "])
def test_an_empty_file_is_to_be_restored(data: bytes) -> None:
    with pytest.raises(JsonTextError) as raised:
        jsontext.parse(data, "x.json")
    (problem,) = raised.value.problems
    assert (problem.message, problem.line) == ("the file is empty.", 1)
    assert problem.hint == "Restore it from a backup or from git, or delete it."
