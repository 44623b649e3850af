"""The part of a text that shows why it was found."""

import string

from hypothesis import given
from hypothesis import strategies as st

from healthtopics.index.snippets import Snippet, WantedWords, find_snippet
from healthtopics.index.stems import stems


def wanted(text: str, language: str = "en", *beginnings: str) -> WantedWords:
    return WantedWords(language, frozenset(stems(text, language)), beginnings)


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[each.start : each.start + each.length] for each in snippet.marks]


def test_words_are_marked_whatever_their_form() -> None:
    found = find_snippet(["Dos abortos y un ABORTO."], wanted("aborto", "es"))
    assert found.text == "Dos abortos y un ABORTO."
    assert marked(found) == ["abortos", "ABORTO"]


def test_accents_do_not_move_the_marks() -> None:
    found = find_snippet(["La pe\u0301rdida, œdème: el riñón"], wanted("perdida rinon", "es"))
    assert marked(found) == ["pe\u0301rdida", "riñón"]


def test_words_are_found_in_capitals_and_after_any_sign_but_not_within_words() -> None:
    found = find_snippet(
        ["ÁRBOL (a\u0301rbol), subárbol;\n¿A\u0301RBOLES? 2árboles árbol"], wanted("arbol", "es")
    )
    assert marked(found) == ["ÁRBOL", "a\u0301rbol", "A\u0301RBOLES", "árbol"]


def test_beginnings_are_marked_as_whole_words() -> None:
    assert marked(find_snippet(["Miscarriages and mice"], wanted("", "en", "misc"))) == ["Miscarriages"]


def test_the_passage_with_most_of_the_words_is_taken() -> None:
    passages = ["The heart.", "Nothing.", "A heart attack.", "An attack of the heart."]
    assert find_snippet(passages, wanted("heart attack")).text == "A heart attack."


def test_without_a_word_it_is_the_beginning() -> None:
    assert find_snippet(["First.", "Second."], wanted("heart")) == Snippet("First.")
    assert find_snippet([], wanted("heart")) == Snippet()


def test_a_long_text_is_cut_between_words() -> None:
    found = find_snippet(["one two " * 60 + "heart " + "three four " * 60], wanted("heart"))
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert marked(found) == ["heart"]
    assert set(found.text.strip("…").split()) <= {"one", "two", "heart", "three", "four"}


@given(
    st.lists(st.text(string.ascii_letters + "áñ \u0301-", max_size=400), max_size=4),
    st.text(string.ascii_letters + " ", max_size=30),
)
def test_every_mark_is_a_wanted_word_within_the_text(passages: list[str], query: str) -> None:
    looked_for = wanted(query)
    found = find_snippet(passages, looked_for)
    assert len(found.text) <= 202 or max(map(len, found.text.split())) > 100
    assert all(looked_for.match(each) for each in marked(found))
