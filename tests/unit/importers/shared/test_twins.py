"""Which rows of twins.json an import adds, changes and removes."""

from typing import Any

import pytest

from healthtopics import jsontext
from healthtopics.errors import DataError
from healthtopics.importers.shared.source import ImportChecks, ImportSource
from healthtopics.importers.shared.twins import StatedTwins, merge_twins
from healthtopics.language import LanguageTag

SOURCE_OF_ROWS = ImportSource(
    name="medlineplus",
    translator="NLM",
    language=LanguageTag("es"),
    checks=ImportChecks(id_taken="a", many_gone="b", older="c", state="d"),
    path="file.xml",
    day="2026-11-30",
)


def url(name: str) -> str:
    return f"https://e.example/{name}"


def row(*names: str, by: str = "") -> dict[str, Any]:
    pages = dict(zip(("en", "es"), map(url, names), strict=False))
    return {"pages": pages, **({"from": by} if by else {})}


def ours(*names: str) -> dict[str, Any]:
    return row(*names, by="medlineplus")


def stated(*pairs: tuple[str, str]) -> StatedTwins:
    found = StatedTwins()
    for english, translation in pairs:
        found.add(url(english), url(translation))
    return found


def merged(rows: list[Any] | None, *pairs: tuple[str, str], is_whole: bool = True) -> list[Any] | None:
    """Return the rows after an import; None if the file stays as it is."""
    data = None if rows is None else jsontext.dump({"$schema": "x", "twins": rows})
    changes = list(merge_twins(data, stated(*pairs), SOURCE_OF_ROWS, is_whole=is_whole))
    if not changes:
        return None
    (change,) = changes
    assert change.path == "twins.json"
    assert change.data
    document = jsontext.parse(change.data, "twins.json")
    assert document.get("$schema") == (None if rows is None else "x")
    found: list[Any] = document["twins"]
    return found


def test_the_first_import_writes_the_file_sorted() -> None:
    assert merged(None, ("b", "b-es"), ("a", "a-es")) == [ours("a", "a-es"), ours("b", "b-es")]
    assert merged(None) is None


@pytest.mark.parametrize(
    "rows", [[ours("a", "a-es"), row("b", "b-es")], [row("b", "b-es"), ours("a", "a-es")]]
)
def test_the_same_again_changes_nothing(rows: list[Any]) -> None:
    assert merged(rows, ("a", "a-es")) is None


def test_what_is_no_longer_stated_goes_and_what_changed_changes() -> None:
    rows = [ours("a", "a-es"), ours("b", "b-es"), row("c", "c-es"), row("d", "d-es", by="other")]
    after = [*rows[2:], ours("b", "new-es")]
    assert merged(rows, ("b", "new-es")) == after


def test_a_part_of_a_collection_removes_nothing() -> None:
    rows = [ours("a", "a-es"), ours("b", "b-es")]
    assert merged(rows, is_whole=False) is None
    assert merged(rows, ("b", "new-es"), is_whole=False) == [ours("a", "a-es"), ours("b", "new-es")]
    # The other row says that this page is English.
    assert merged(rows, ("c", "a"), is_whole=False) is None


def test_a_row_of_a_person_wins() -> None:
    rows = [row("a", "mine"), row("only-english"), ours("b", "b-es")]
    assert merged(rows, ("a", "a-es"), ("only-english", "x-es"), ("b", "b-es")) is None
    # The person says that this page is Spanish, and that one English.
    assert merged(rows, ("mine", "a-es"), ("c", "only-english"), ("b", "b-es")) is None


@pytest.mark.parametrize("other", [row("a", "mine"), row("a", "mine", by="other"), ours("a", "mine")])
def test_a_page_that_is_the_twin_of_another_row_is_not_stated_again(other: dict[str, Any]) -> None:
    is_whole = other.get("from") != "medlineplus"
    assert merged([other, ours("a2", "x")], ("a2", "mine"), is_whole=is_whole) == (
        [other] if is_whole else None
    )


def test_what_a_person_takes_over_is_no_longer_ours() -> None:
    assert merged([row("a", "mine"), ours("b", "b-es")], ("a", "a-es")) == [row("a", "mine")]


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "a")],
        [("a", "a-es"), ("a", "other-es")],
        [("a", "a-es"), ("a-es", "third")],
        [("a", "a-es"), ("a2", "a-es")],
    ],
)
def test_pairs_that_contradict_each_other_are_left_out(pairs: list[tuple[str, str]]) -> None:
    assert merged(None, *pairs, ("b", "b-es")) == [ours("b", "b-es")]


def test_addresses_that_the_schema_refuses_are_left_out() -> None:
    found = StatedTwins()
    found.add("ftp://e.example/", url("a"))
    found.add(url("a"), url("b" * 2000))
    assert found.certain() == {}


@pytest.mark.parametrize("data", [b"{", b'{"twins": [{"pages": {}}]}'])
def test_a_faulty_file_is_reported(data: bytes) -> None:
    with pytest.raises(DataError) as raised:
        list(merge_twins(data, stated(), SOURCE_OF_ROWS, is_whole=True))
    assert {problem.path for problem in raised.value.problems} == {"twins.json"}
