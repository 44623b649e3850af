"""Search: what is found, in which order, and that no input breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.index.describing import describe_card, describe_topic
from healthtopics.index.opening import TopicIndex
from healthtopics.index.querying import plan_search
from healthtopics.index.rows import GroupRow, Row, SectionRow
from healthtopics.index.search import Found, search
from healthtopics.index.stems import stems
from healthtopics.language import LanguageTag
from healthtopics.topic import Card
from support import lookups
from support.indexes import RELEASE, bundled_index, written
from support.searching import LANGUAGES, collection


def topics(text: str, language: str = "en", *, limit: int = 10, is_unfinished: bool = False) -> list[str]:
    found = search(collection(), text, language, limit=limit, is_unfinished=is_unfinished)
    return [hit.topic for hit in found.hits]


def coded() -> TopicIndex:
    return lookups.site().index


SYNTAX = (
    '"',
    '""',
    "'",
    "NEAR(a b, 3)",
    "title: heart",
    "{title} : heart",
    "heart AND",
    "OR",
    "NOT heart",
    "heart*",
    "^heart",
    "heart + attack",
    "a\x00b",
    "\ud800",
    "%",
    "-heart",
    "(heart",
    ")",
    ":",
    "½ ¾",
    "l·l ŀl",
    "心臓",
    "a" * 5000,
    "heart " * 500,
)
ANY = st.text() | st.lists(st.sampled_from([*SYNTAX, "heart", "diabetes"]), max_size=8).map(" ".join)


@given(ANY, st.sampled_from(LANGUAGES), st.booleans(), st.integers(0, 50))
def test_no_input_raises(text: str, language: str, is_unfinished: bool, offset: int) -> None:  # noqa: FBT001 - Hypothesis gives it
    found = search(collection(), text, language, limit=5, offset=offset, is_unfinished=is_unfinished)
    assert len(found.hits) == max(0, min(5, found.total - offset))


@pytest.mark.parametrize("text", SYNTAX)
def test_the_syntax_of_fts5_has_no_meaning(text: str) -> None:
    plain = " ".join(each for each in text.replace("_", " ").split())
    assert topics(text) == topics(f" {plain.lower()} ?!")


@pytest.mark.parametrize("text", ["", " ", "¿?", "_", "\x00", "qwrtzx"])
def test_nothing_is_found(text: str) -> None:
    assert search(collection(), text, "en", limit=5) == Found()


def test_pages_have_every_topic_once_and_know_the_total() -> None:
    whole = search(collection(), "pain", "en", limit=500)
    pages = [
        search(collection(), "pain", "en", limit=7, offset=offset) for offset in range(0, whole.total, 7)
    ]
    assert [hit.topic for page in pages for hit in page.hits] == [hit.topic for hit in whole.hits]
    assert {page.total for page in pages} == {whole.total} == {len(whole.hits)}
    beyond = search(collection(), "pain", "en", limit=7, offset=10_000)
    assert (beyond.total, beyond.hits) == (whole.total, ())


@pytest.mark.parametrize("text", ["misc", "miscarriages", "recurrent misc", "spontaneous ab"])
def test_an_unfinished_word_finds_topics(text: str) -> None:
    assert {"recurrent-miscarriage", "miscarriage"} <= set(topics(text, is_unfinished=True))


def test_titles_that_begin_with_the_query_come_first_and_the_shortest_of_them_before_all() -> None:
    assert topics("misc", is_unfinished=True)[:2] == ["miscarriage", "recurrent-miscarriage"]
    found = search(bundled_index(), "aborto", "es", limit=2)
    assert [hit.topic for hit in found.hits] == ["miscarriage", "recurrent-miscarriage"]


@pytest.mark.parametrize("text", ["aborto", "un aborto", "el aborto", "¿Qué es un aborto?", "abortos"])
def test_articles_and_the_plural_do_not_change_the_order(text: str) -> None:
    found = search(bundled_index(), text, "es", limit=2)
    assert [hit.topic for hit in found.hits] == ["miscarriage", "recurrent-miscarriage"]


@pytest.mark.parametrize(
    ("text", "language", "corrected", "searched"),
    [
        ("misscarriage", "en", "miscarriage", "en"),
        ("mischarriages", "en", "miscarriages", "en"),
        ("abotro", "es", "aborto", "es"),
        ("¿Un ABOTRO espontaneo?", "es", "¿Un aborto espontaneo?", "es"),
        ("aborto expontaneo", "es", "aborto espontáneo", "es"),
        ("misscarriage", "es", "miscarriage", "en"),
        ("abotro", "en", "aborto", "es"),
    ],
)
def test_a_misspelled_word_is_corrected_and_reported(
    text: str, language: str, corrected: str, searched: str
) -> None:
    found = search(bundled_index(), text, language, limit=2)
    assert (found.corrected, found.searched, found.is_partial) == (corrected, searched, False)
    assert found.hits[0].topic == "miscarriage"
    assert found.hits == search(bundled_index(), corrected, language, limit=2).hits


def test_the_right_letters_in_a_wrong_order_are_corrected() -> None:
    found = search(collection(), "athsma", "en", limit=1)
    assert (found.corrected, found.hits[0].topic) == ("asthma", "asthma")


@pytest.mark.parametrize("text", ["miscarriage", "misc", "recurrent misc", "asthma xyzzyx", "aborto", "abo"])
def test_a_word_that_is_known_or_like_none_is_not_corrected(text: str) -> None:
    assert search(collection(), text, "en", limit=1).corrected == ""


def test_words_that_begin_alike_come_last() -> None:
    found = search(bundled_index(), "miscarrimonious", "en", limit=2)
    assert [hit.topic for hit in found.hits] == ["miscarriage", "recurrent-miscarriage"]
    assert (found.corrected, found.is_partial) == ("", True)


def grouped() -> TopicIndex:
    """Return an index of three topics, two of them in a group with a name that no text has."""
    rows: list[Row] = [
        GroupRow("circulation", "en", 1, "Blood, Heart and Circulation"),
        GroupRow("circulation", "es", 1, "Sangre, corazón y circulación"),
        GroupRow("lungs", "en", 2, "Lungs"),
    ]
    for topic, title, group in (
        ("anemia", "Anemia", "circulation"),
        ("angina", "Angina of the heart", "circulation"),
        ("cough", "Cough", "lungs"),
    ):
        card = Card(
            topic=topic,
            language=LanguageTag("en"),
            title=title,
            page="",
            updated="",
            kind="condition",
            groups=(group,),
        )
        rows += describe_topic({card.language: card}, {})
        rows += describe_card(card, created="", since="", state="complete", as_of="")
    return written(rows=rows)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Blood, Heart and Circulation", ["anemia", "angina"]),
        ("heart circulation blood", ["anemia", "angina"]),
        ("sangre corazon y circulacion", ["anemia", "angina"]),
        ("circulation", ["anemia", "angina"]),
        ("lung", ["cough"]),
        ("heart", ["angina"]),
        ("circulation cough", ["cough"]),
    ],
)
def test_the_name_of_a_group_finds_its_topics(text: str, topics: list[str]) -> None:
    found = search(grouped(), text, "en", limit=5)
    assert [hit.topic for hit in found.hits] == topics
    assert found.total == len(topics)
    assert found.is_partial == (text == "circulation cough")


def test_the_topics_of_a_group_come_after_those_with_its_name() -> None:
    index = bundled_index()
    label = index.value("SELECT label FROM groups WHERE language = 'es' ORDER BY position")
    assert search(index, label, "es", limit=9).total == len(
        {
            topic
            for (topic,) in index.rows(
                "SELECT topic FROM topic_groups WHERE group_id = (SELECT id FROM groups ORDER BY position)"
            )
        }
    )


@pytest.mark.parametrize("text", ["O03.4", " o034 ", "O034"])
def test_a_code_finds_the_topics_that_have_it(text: str) -> None:
    found = search(coded(), text, "es", limit=5)
    assert [(hit.topic, hit.title) for hit in found.hits] == [
        ("incomplete-miscarriage", "Aborto espontáneo incompleto")
    ]
    assert (found.total, found.searched, found.is_partial) == (1, "", False)
    assert found.hits[0].snippet.marks == ()


def test_topics_with_a_code_come_in_pages() -> None:
    for offset, topics in enumerate((["asthma"], ["childhood-asthma"], [])):
        found = search(coded(), "j45.909", "en", limit=1, offset=offset)
        assert (found.total, [hit.topic for hit in found.hits]) == (2, topics)


def test_what_looks_like_a_code_is_words_if_no_topic_has_the_code() -> None:
    assert search(bundled_index(), "O03.4", "en", limit=5) == Found(), "not 100.4°F"
    assert search(bundled_index(), "100.4", "en", limit=5).total > 0
    assert search(coded(), "634", "en", limit=5).total == 0, "a short number may be anything"


def test_an_unfinished_word_may_also_be_whole() -> None:
    assert topics("flu", is_unfinished=True)[0] == "flu"
    assert "edema" in topics("flu", is_unfinished=True), "fluid retention"
    assert "edema" not in topics("flu")


@pytest.mark.parametrize(
    ("text", "language", "topic", "searched"),
    [
        ("miscarriage", "es", "miscarriage", "en"),
        ("morning sickness", "es", "morning-sickness", "en"),
        ("pérdida del embarazo", "en", "miscarriage", "es"),
        ("azúcar alta", "en", "hyperglycemia", "es"),
        ("hepatitis", "es", "hepatitis-a", "es"),
    ],
)
def test_names_in_the_other_language_find_the_edition_in_this_one(
    text: str, language: str, topic: str, searched: str
) -> None:
    found = search(collection(), text, language, limit=5)
    assert found.searched == searched
    assert found.hits[0].topic == topic
    assert found.hits[0].page.endswith(f"/{language}/{found.hits[0].topic}")


def test_words_of_the_other_language_are_not_marked() -> None:
    found = search(collection(), "miscarriage", "es", limit=1)
    assert found.hits[0].snippet.marks == ()
    assert found.hits[0].snippet.text == found.hits[0].description


def test_the_words_are_marked() -> None:
    (hit,) = search(collection(), "cálculo biliar", "es", limit=1).hits
    marks = [hit.snippet.text[each.start : each.start + each.length] for each in hit.snippet.marks]
    assert hit.topic == "gallstones"
    assert marks == ["biliar"]


def test_a_name_comes_before_topics_that_have_more_of_the_word() -> None:
    assert topics("diabetes")[0] == "diabetes"
    assert topics("embarazo", "es")[0] == "pregnancy"
    assert topics("what is a miscarriage")[0] == "miscarriage"


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("hemorrhoid", "en", "hemorrhoids"),
        ("Strokes", "en", "stroke"),
        ("mareada", "es", "dizziness-and-vertigo"),
        ("calculo renal", "es", "kidney-stones"),
        ("càlculos", "es", "gallstones"),
    ],
)
def test_other_forms_are_found_by_their_stems(text: str, language: str, topic: str) -> None:
    plan = plan_search(collection(), text, language)
    assert plan is not None
    assert (plan.language, plan.beginnings) == (language, ()), "not as a word that begins alike"
    assert topic in topics(text, language)[:2]


def test_letters_are_looked_for_together() -> None:
    found = search(bundled_index(), "d&c", "en", limit=5)
    assert [hit.topic for hit in found.hits] == ["miscarriage"], "not 38°C"
    assert topics("hepatitis b")[0] == "hepatitis-b"


def test_a_common_word_need_not_be_there() -> None:
    assert "symptom" in stems("symptoms", "en")
    assert "gout" in topics("symptoms of gout")


def test_words_that_most_texts_have_do_not_find_most_topics() -> None:
    common = ["water", "sleep", "food", "rest"]
    rows: list[Row] = []
    for number in range(20):
        card = Card(
            topic=f"topic-{number:02}",
            language=LanguageTag("en"),
            title=f"Title {number}",
            page="",
            updated="",
            kind="condition",
            description=f"About {common[number % 4]}.",
        )
        rows += describe_card(card, created="", since="", state="complete", as_of="")
        rows.append(SectionRow(card.topic, "en", 1, "care", "", "Care", " ".join(common)))
    index = written(rows=rows)
    assert search(index, "water sleep food rest", "en", limit=1).total == 10, "about food or rest"


def test_topics_with_some_of_the_words_come_after_those_with_all() -> None:
    found = topics("naloxone overdose zebra")
    assert found[0] == "opioid-use-disorder"


def test_words_that_no_topic_has_together_find_topics_with_one() -> None:
    assert set(topics("naloxone methotrexate")) == {"opioid-use-disorder", "rheumatoid-arthritis"}


def test_of_three_words_that_no_topic_has_together_two_are_needed() -> None:
    assert topics("naloxone overdose insulin") == ["opioid-use-disorder"]
    assert len(topics("naloxone insulin")) > 1


def test_an_answer_says_whether_a_topic_has_all_words() -> None:
    for text, is_partial in (
        ("asthma", False),
        ("morning sickness", False),
        ("asthma xyzzyx", True),
        ("asthmatoid", True),
        ("asthmatoid pregnancy", True),
        ("astma", False),
        ("asthma miscarriage diabetes", True),
    ):
        assert search(collection(), text, "en", limit=1).is_partial == is_partial, text


@pytest.mark.parametrize(
    ("text", "is_partial", "lacking"),
    [
        ("lung cancer", True, {"recurrent-miscarriage", "amniocentesis"}),
        ("pain cancer", False, {"back-pain-and-miscarriage"}),
        ("miscarriage", False, set()),
        ("miscarriage xyzzyx", True, None),
    ],
)
def test_a_topic_says_whether_it_has_all_words(
    text: str,
    is_partial: bool,  # noqa: FBT001 - pytest gives it
    lacking: set[str] | None,
) -> None:
    found = search(bundled_index(), text, "en", limit=9)
    assert found.is_partial == is_partial
    without = {hit.topic for hit in found.hits if hit.is_partial}
    assert without == ({hit.topic for hit in found.hits} if lacking is None else lacking)


def test_a_language_without_a_list_of_common_words_is_searched_too() -> None:
    card = Card(
        topic="flu", language=LanguageTag("fr"), title="La grippe", page="", updated="", kind="condition"
    )
    rows = describe_card(card, created="", since="", state="complete", as_of="")
    index = written(RELEASE._replace(languages='["en","fr"]'), rows)
    assert [hit.topic for hit in search(index, "LES GRIPPES", "fr", limit=1).hits] == ["flu"]
