"""What one import leaves for the next."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics import jsontext
from healthtopics.errors import ImportDataError
from healthtopics.importers.shared.state import ImportState

TEXTS = st.text(max_size=8)
TOPICS = st.dictionaries(
    TEXTS,
    st.fixed_dictionaries(
        {
            "id": st.text("abc", min_size=1, max_size=3),
            "parts": st.dictionaries(TEXTS, TEXTS, max_size=2),
            "sections": st.lists(st.tuples(TEXTS, TEXTS).map(list), max_size=2),
            "links": st.lists(st.tuples(st.lists(TEXTS, max_size=2), TEXTS).map(list), max_size=2),
        }
    ),
    max_size=4,
)
STATES = st.fixed_dictionaries(
    {
        "source": st.fixed_dictionaries({"generated": TEXTS}),
        "topics": TOPICS,
        "names": st.dictionaries(TEXTS, TEXTS, max_size=3),
        "vocabularies": st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), max_size=2),
    }
)


def read(document: Any) -> ImportState:
    return ImportState.read(jsontext.dump(document), "imports/x.json", "x-state", io.BytesIO())


def ordered(document: dict[str, Any]) -> dict[str, Any]:
    """Return the state as the file has it."""
    return {
        "source": document["source"],
        "topics": dict(sorted(document["topics"].items(), key=lambda item: str(item[1]["id"]))),
        "names": dict(sorted(document["names"].items())),
        "vocabularies": dict(sorted(document["vocabularies"].items())),
    }


@given(STATES)
def test_the_parts_of_the_file_are_the_file(document: dict[str, Any]) -> None:
    state = read(document)
    text = b"".join(state.chunks())
    assert text == jsontext.dump(ordered(document))
    assert b"".join(read(jsontext.load(text)).chunks()) == text


def test_before_the_first_import_nothing_is_known() -> None:
    state = ImportState.read(None, "imports/x.json", "x-state", io.BytesIO())
    assert (len(state.topics), state.generated) == (0, "")
    assert state.topics.id_of("1") is None


def topic(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "parts": {}, "sections": [], "links": [], **more}


def test_what_follows_leaves_the_former_state_alone() -> None:
    before = read({"source": {"generated": "2026-01-01"}, "topics": {}, "names": {}, "vocabularies": {}})
    before.topics["1"] = topic("one")
    after = before.following("2026-01-02")
    after.topics["1"] = topic("one", withdrawn="2026-01-02")
    after.topics["2"] = topic("two")
    assert dict(before.topics) == {"1": topic("one")}
    assert (before.topics.living(), after.topics.living()) == ({"1"}, {"2"})
    after.topics.take_back("1", before.topics)
    after.topics.take_back("2", before.topics)
    assert dict(after.topics) == dict(before.topics)


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ([], ""),
        ({"topics": {}, "names": {}, "vocabularies": {}}, ""),
        ({"source": {}, "topics": {}, "names": {}, "vocabularies": {}}, "/source"),
        (
            {"source": {"generated": ""}, "topics": {"1": {}}, "names": {}, "vocabularies": {}},
            "/topics/1",
        ),
        (
            {"source": {"generated": ""}, "topics": {}, "names": {"a": 1}, "vocabularies": {}},
            "/names/a",
        ),
        (
            {"source": {"generated": ""}, "topics": {}, "names": {}, "vocabularies": {"a": []}},
            "/vocabularies/a",
        ),
    ],
)
def test_a_damaged_state_is_refused_with_its_place(document: Any, pointer: str) -> None:
    with pytest.raises(ImportDataError) as caught:
        read(document)
    assert (caught.value.problems[0].check, caught.value.problems[0].pointer) == ("x-state", pointer)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"sections": [["heading"]]}, "/sections/0"),
        ({"sections": [["heading", "id", "more"]]}, "/sections/0"),
        ({"links": [["mark", "id"]]}, "/links/0/0"),
        ({"messages": {"blocks": -1}}, "/messages/blocks"),
        ({"messages": {"pages": 1}}, "/messages/pages"),
        ({"repaired": {"tag": "1"}}, "/repaired/tag"),
        ({"withdrawn": 1}, "/withdrawn"),
    ],
)
def test_the_damaged_state_of_a_topic_is_refused_with_its_place(
    members: dict[str, Any], pointer: str
) -> None:
    document = {
        "source": {"generated": ""},
        "topics": {"1": topic("a", **members)},
        "names": {},
        "vocabularies": {},
    }
    with pytest.raises(ImportDataError) as caught:
        read(document)
    assert caught.value.problems[0].pointer == f"/topics/1{pointer}"
