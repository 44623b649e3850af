from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from healthtopics.importers.shared.merging import MergedDocument, digests_of, merge_documents

Json = dict[str, Any]
OLD: Json = {
    "title": "Pain",
    "kind": "other",
    "resources": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}],
}


def merged(offered: Json, current: Json, base: Json = OLD) -> MergedDocument:
    return merge_documents(offered, current, digests_of(base))


def test_what_was_not_edited_here_follows_the_source() -> None:
    offered = {
        **OLD,
        "title": "Pain and aches",
        "resources": [{"id": "b", "title": "B2"}, {"id": "c", "title": "C"}],
    }
    result = merged(offered, OLD)
    assert result.document == offered
    assert result.clashes == result.local == ()


def test_local_work_wins_part_by_part() -> None:
    current = {
        **OLD,
        "kind": "symptom",
        "resources": [{"id": "a", "title": "A, corrected"}, {"id": "b", "title": "B"}],
    }
    offered = {**OLD, "title": "Pain and aches", "resources": [*OLD["resources"], {"id": "c", "title": "C"}]}
    result = merged(offered, current)
    assert result.document == {
        "title": "Pain and aches",
        "kind": "symptom",
        "resources": [
            {"id": "a", "title": "A, corrected"},
            {"id": "b", "title": "B"},
            {"id": "c", "title": "C"},
        ],
    }
    assert result.clashes == ()
    assert result.local == ("kind", "resources/a")


def test_a_part_that_both_changed_is_a_clash_and_the_local_one_stays() -> None:
    result = merged({**OLD, "kind": "condition"}, {**OLD, "kind": "symptom"})
    assert result.document["kind"] == "symptom"
    assert result.clashes == ("kind",)


def test_the_same_change_on_both_sides_is_not_a_clash() -> None:
    result = merged({**OLD, "kind": "symptom"}, {**OLD, "kind": "symptom"})
    assert result.local == ()


def test_a_link_removed_here_stays_away() -> None:
    current = {**OLD, "resources": [{"id": "b", "title": "B"}]}
    assert merged(OLD, current).document == current


def test_a_link_of_ones_own_stays_when_the_source_changes_its_order() -> None:
    current = {**OLD, "resources": [*OLD["resources"], {"id": "own", "title": "Own"}]}
    offered = {**OLD, "resources": OLD["resources"][::-1]}
    result = merged(offered, current)
    assert {item["id"] for item in result.document["resources"]} == {"a", "b", "own"}


def test_a_link_that_the_source_drops_goes_unless_it_was_edited() -> None:
    offered = {**OLD, "resources": OLD["resources"][1:]}
    assert merged(offered, OLD).document == offered
    edited = {**OLD, "resources": [{"id": "a", "title": "A, corrected"}, OLD["resources"][1]]}
    result = merged(offered, edited)
    assert result.document["resources"] == [{"id": "b", "title": "B"}, {"id": "a", "title": "A, corrected"}]
    assert result.clashes == ("resources/a",)


def test_the_last_link_gone_takes_the_list_with_it() -> None:
    assert "resources" not in merged({"title": "Pain", "kind": "other"}, OLD).document


items = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcd"), "title": st.sampled_from(["1", "2", "3"])}),
    max_size=4,
    unique_by=lambda item: item["id"],
)
documents = st.fixed_dictionaries(
    {"title": st.sampled_from(["x", "y"])},
    optional={"kind": st.sampled_from(["k", "l"]), "resources": items.filter(bool)},
)


@given(documents, documents)
def test_without_local_work_the_offer_is_taken_whole(base: Json, offered: Json) -> None:
    assert merged(offered, base, base).document == offered


@given(documents, documents)
def test_with_an_unchanged_offer_the_workspace_stays(base: Json, current: Json) -> None:
    result = merged(base, current, base)
    assert result.document == current
    assert result.clashes == ()


@given(documents, documents, documents)
def test_a_second_import_of_the_same_changes_nothing(base: Json, offered: Json, current: Json) -> None:
    once = merged(offered, current, base).document
    again = merged(offered, once, offered)
    assert again.document == once
    assert again.clashes == ()
