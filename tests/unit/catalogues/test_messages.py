import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues.messages import extract
from healthtopics.language import LanguageTag
from healthtopics.schema import packaged, plan_messages
from support.documents import Document, own, resource, section, topic

PLAN = plan_messages(packaged("topic.schema.json"))
ES = LanguageTag("es")
LINKS = {"en": "https://example.org/", "es": "https://example.org/es"}


def test_messages_come_in_the_order_of_the_page_each_key_once() -> None:
    document = topic(
        alsoCalled=["Bronchial asthma", "Asthma bronchiale"],
        sections=[section("a", {"paragraph": "x"}, {"list": ["x", "y"]}, {"paragraph": "x"})],
    )
    assert [message.key for message in extract(PLAN, document, "t.json")] == [
        Key("title", "Asthma"),
        Key("also-called", "Bronchial asthma\nAsthma bronchiale"),
        Key("heading", "Summary"),
        Key("paragraph", "x"),
        Key("list-item", "x"),
        Key("list-item", "y"),
    ]


def test_comments_say_what_the_text_is_and_where_it_is() -> None:
    document = topic(description="About.", sections=[section("a", {"paragraph": "x"}, heading="Causes")])
    comments = {message.key.msgid: message.comments for message in extract(PLAN, document, "t.json")}
    assert comments["x"] == ("Topic “Asthma”, section “Causes”.", "A paragraph.")
    assert comments["Causes"] == ("Topic “Asthma”.", "The heading of a section.", "Limit: 200 characters.")
    assert comments["Asthma"][0] == "The title of the topic."
    assert comments["About."][-1] == "Limit: 200 characters."


def test_comments_say_that_a_text_is_in_a_callout_and_how_urgent_it_is() -> None:
    callout = {"callout": "Call 911 if you", "urgency": "emergency", "body": [{"list": ["faint"]}]}
    document = topic(sections=[section("a", {"paragraph": "x"}, callout, heading="Danger")])
    heading, item = extract(PLAN, document, "t.json")[-2:]
    assert heading.key == Key("callout", "Call 911 if you")
    assert heading.comments == (
        "Topic “Asthma”, section “Danger”, callout (emergency).",
        "The heading of a callout, which says what readers must do and how fast.",
        "Limit: 120 characters.",
        "Safety: readers act on this at once: check every word twice.",
    )
    assert item.comments == (
        "Topic “Asthma”, section “Danger”, callout “Call 911 if you” (emergency).",
        "An item of a list in a callout, which says when to get help.",
        "Safety: readers act on this at once: check every word twice.",
    )


def test_section_with_an_own_heading_is_not_named() -> None:
    document = topic(sections=[section("a", {"paragraph": "x"}, heading=own("Causas"))])
    messages = extract(PLAN, document, "t.json")
    assert messages[-1].comments == ("Topic “Asthma”.", "A paragraph.")


def test_reference_survives_insertions_and_other_places_are_comments() -> None:
    document = topic(
        sections=[
            section("a", {"paragraph": "y"}, {"paragraph": "x"}, {"paragraph": "x"}),
            section("b", {"paragraph": "x"}, heading="More"),
        ]
    )
    message = extract(PLAN, document, "topics/asthma.json")[-2]
    assert message.reference == "topics/asthma.json#/sections/a/body"
    assert message.comments[-1] == "Also at: topics/asthma.json#/sections/b/body"
    assert len(message.comments) == 3


def test_title_of_a_link_is_extracted_only_for_languages_that_have_the_page() -> None:
    document = topic(resources=[resource("one"), resource("two", title="Both", links=LINKS)])
    titles = {
        tag: [m for m in extract(PLAN, document, "t.json", tag) if m.key.msgctxt == "resource-title"]
        for tag in (None, ES, LanguageTag("fr"))
    }
    assert {tag: [m.key.msgid for m in found] for tag, found in titles.items()} == {
        None: ["About Asthma", "Both"], ES: ["Both"], "fr": [],
    }  # fmt: skip
    assert titles[ES][0].comments[-1] == "The page in your language: https://example.org/es"


def test_definition_of_an_entry_tells_what_it_means() -> None:
    plan = plan_messages(packaged("vocabulary.schema.json"))
    entry = {"id": "outlook", "label": "Outlook", "definition": "How it will go on."}
    (message,) = extract(plan, {"entries": [entry]}, "v.json")
    assert message.comments[-1] == "Meaning: How it will go on."
    assert message.reference == "v.json#/entries/outlook/label"


def test_context_distinguishes_homonyms() -> None:
    document = topic(sections=[section("a", {"paragraph": "x", "context": "first"}, {"paragraph": "x"})])
    assert [message.key.msgctxt for message in extract(PLAN, document, "t.json")][-2:] == [
        "paragraph|first",
        "paragraph",
    ]


@pytest.mark.parametrize(("language", "expected"), [("es", ["heading", "paragraph"]), ("fr", ["heading"])])
def test_what_depends_on_own_text_is_extracted_for_its_language_only(
    language: str, expected: list[str]
) -> None:
    document = topic(
        sections=[
            section("a", {"paragraph": "x"}),
            section("b", {"paragraph": "Translate me."}, heading=own("Solo")),
        ]
    )
    found = [message.key for message in extract(PLAN, document, "t.json", LanguageTag(language))]
    assert [key.msgctxt for key in found if key.msgid in ("Summary", "Translate me.")] == expected


def test_a_list_item_quotes_the_words_before_its_list() -> None:
    long = f"{'Very early in the pregnancy, ' * 9}you may see <em>signs</em> such as R&amp;D:"
    document = topic(
        sections=[
            section(
                "a",
                {"paragraph": long},
                {"list": ["x", {"item": "Fever <em>and</em>", "list": ["y", {"item": "z", "list": ["zz"]}]}]},
            ),
            section("b", {"list": ["v"]}),
            section("c", {"subheading": "Children < 2 years"}, {"list": ["w"]}),
        ]
    )
    lead_in = {
        message.key.msgid: [line for line in message.comments if line.startswith("The list comes after: ")]
        for message in extract(PLAN, document, "t.json")
        if message.key.msgctxt == "list-item"
    }
    (after_paragraph,) = lead_in["x"]
    assert after_paragraph.startswith("The list comes after: “…")
    assert after_paragraph.endswith("in the pregnancy, you may see signs such as R&D:”")
    assert len(after_paragraph) < 150
    assert lead_in["Fever <em>and</em>"] == lead_in["x"]
    assert lead_in["y"] == lead_in["z"] == ["The list comes after: “Fever and”"]
    assert lead_in["zz"] == ["The list comes after: “z”"]
    assert lead_in["v"] == []
    assert lead_in["w"] == ["The list comes after: “Children < 2 years”"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain.", []),
        ("<em>Marked.</em>", ["Keep the tags."]),
        ('<a href="https://example.org/">Linked.</a>', ["Keep the tags and their href."]),
        (
            '<a href="topic:cough">Linked &amp; more.</a>',
            [
                "Keep the tags and their href.",
                "A href of the form topic:… leads to that topic in your language.",
                "Write & as &amp; and < as &lt;.",
            ],
        ),
        ("Do not take <em>20 mg</em>.", ["Keep the tags.", "Safety: check twice: “not”, “20 mg”."]),
    ],
)
def test_comments_say_what_the_markup_requires(text: str, expected: list[str]) -> None:
    message = extract(PLAN, topic(sections=[section("a", {"paragraph": text})]), "t.json")[-1]
    assert list(message.comments[2:]) == expected


@pytest.mark.parametrize(("kind", "expected"), [("video", ["What the link leads to: video."]), ("page", [])])
def test_comments_say_what_a_link_leads_to(kind: str, expected: list[str]) -> None:
    document = topic(resources=[resource("two", title="Both", links=LINKS, kind=kind)])
    comments = extract(PLAN, document, "t.json", ES)[-1].comments
    assert [line for line in comments if line.startswith("What ")] == expected


def test_what_is_inserted_elsewhere_changes_no_comment() -> None:
    blocks: list[Document] = [{"paragraph": "x:"}, {"list": ["y", "z"]}]
    before = extract(PLAN, topic(sections=[section("a", *blocks)]), "t.json")
    more: list[Document] = [{"paragraph": "New."}, {"paragraph": "x:"}, {"list": ["first", "y", "z", "last"]}]
    after = extract(PLAN, topic(sections=[section("b", heading="New"), section("a", *more)]), "t.json")
    assert {m.key: m.comments for m in before}.items() <= {m.key: m.comments for m in after}.items()
