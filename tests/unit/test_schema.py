from typing import Any

import pytest

from healthtopics.language import LanguageTag
from healthtopics.schema import (
    DROPPED,
    MessagePlan,
    Place,
    is_own_text,
    packaged,
    plan_messages,
    walk,
)
from support.documents import own, resource, section, topic
from support.samples import SCHEMAS

TOPIC = plan_messages(packaged("topic.schema.json"))
MESSAGE = {"role": "label", "comment": "A label."}


def places(plan: MessagePlan, document: Any) -> list[Place]:
    found: list[Place] = []
    walk(plan, document, found.append, lambda place, _language: found.append(place))
    return found


def drop_own(plan: MessagePlan, document: Any) -> Any:
    return walk(
        plan,
        document,
        lambda place: list(place.lines) if place.rule.is_list else place.msgid,
        lambda *_: DROPPED,
    )


def annotations(schema: Any) -> set[tuple[str, str]]:
    if isinstance(schema, dict):
        own_rule = schema.get("x-message")
        here = {(own_rule["role"], own_rule["comment"])} if isinstance(own_rule, dict) else set()
        return here.union(*(annotations(below) for below in schema.values()))
    return set().union(*map(annotations, schema)) if isinstance(schema, list) else set()


def reached(plan: MessagePlan, seen: set[int]) -> set[tuple[str, str]]:
    if id(plan) in seen:
        return set()
    seen.add(id(plan))
    below = [
        *plan.properties.values(),
        *plan.branches,
        *(each for each in (plan.additional, plan.items) if each),
    ]
    here = {(rule.role, rule.comment) for rule in (plan.message, plan.unit) if rule}
    return here.union(*(reached(each, seen) for each in below))


# ── what is packaged ──


@pytest.mark.parametrize("name", SCHEMAS)
def test_packaged_schema_is_found_by_its_name_and_id(name: str) -> None:
    assert str(packaged(name)["$id"]).endswith(f"/{name}")


# ── the plan ──


@pytest.mark.parametrize("name", ["topic.schema.json", "vocabulary.schema.json"])
def test_plan_reaches_every_annotation_of_the_schema(name: str) -> None:
    schema = packaged(name)
    assert reached(plan_messages(schema), set()) == annotations(schema) != set()


def test_rule_has_the_limit_beside_the_reference_and_all_members() -> None:
    rules = {place.rule.role: place.rule for place in places(TOPIC, topic(description="x", alsoCalled=["y"]))}
    assert (rules["description"].limit, rules["paragraph"].limit) == (200, None)
    assert (rules["also-called"].is_list, rules["title"].is_list) == (True, False)
    assert (rules["paragraph"].markup, rules["heading"].markup) == ("inline", "")
    vocabulary = plan_messages(packaged("vocabulary.schema.json"))
    entries = {"id": "organizations", "title": "x", "entries": [{"id": "nih", "name": "NIH"}]}
    assert [place.rule.is_optional for place in places(vocabulary, entries)] == [False, True]


@pytest.mark.parametrize(
    "definitions",
    [
        pytest.param({"tag": {"type": "string", "maxLength": 9, "x-message": MESSAGE}}, id="direct"),
        pytest.param(
            {
                "plain": {"type": "string"},
                "tag": {"$ref": "#/$defs/plain", "maxLength": 9, "x-message": MESSAGE},
            },
            id="through another definition",
        ),
    ],
)
def test_annotation_in_a_definition_counts_wherever_it_is_referred_to(definitions: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/tag"}}, "$defs": definitions}
    (place,) = places(plan_messages(schema), {"a": "Words"})
    assert (place.msgid, place.rule.role, place.rule.limit) == ("Words", "label", 9)


def test_limit_beside_a_reference_wins_over_that_of_the_definition() -> None:
    schema = {
        "properties": {"a": {"$ref": "#/$defs/tag", "maxLength": 5}},
        "$defs": {
            "tag": {"$ref": "#/$defs/short", "x-message": MESSAGE},
            "short": {"type": "string", "maxLength": 9},
        },
    }
    assert [place.rule.limit for place in places(plan_messages(schema), {"a": "Words"})] == [5]


def test_messages_are_under_free_names_and_in_open_branches() -> None:
    schema = {
        "additionalProperties": {
            "oneOf": [
                {"type": "object", "required": ["label"], "properties": {"label": {"x-message": MESSAGE}}},
                {"type": "array", "items": {"type": "string", "x-message": MESSAGE}},
                {"type": "string"},
            ]
        }
    }
    document = {"a": {"label": "One", "more": 1}, "b": ["Two"], "c": "no message", "d": 4}
    assert [place.pointer for place in places(plan_messages(schema), document)] == ["/a/label", "/b/0"]


def test_closed_branch_is_recognized_by_its_names() -> None:
    first = {"type": "object", "additionalProperties": False, "properties": {"a": {"x-message": MESSAGE}}}
    second = {"type": "object", "additionalProperties": False, "properties": {"a": {}, "b": {}}}
    plan = plan_messages({"oneOf": [first, second]})
    assert len(places(plan, {"a": "x"})) == 1
    assert not places(plan, {"a": "x", "b": "y"})


def test_branch_that_is_a_list_message_is_distinguished_from_text() -> None:
    of_lines = {"type": "array", "x-message": {**MESSAGE, "list": True}}
    plan = plan_messages(
        {"properties": {"a": {"oneOf": [of_lines, {"type": "string", "x-message": MESSAGE}]}}}
    )
    assert [place.lines for place in places(plan, {"a": ["x", "y"]})] == [("x", "y")]
    assert [place.lines for place in places(plan, {"a": "x"})] == [("x",)]


def test_reference_out_of_the_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="within the schema"):
        plan_messages({"properties": {"a": {"$ref": "other.json#/a"}}})


# ── the places ──


def test_messages_come_in_the_order_of_the_schema_not_of_the_document() -> None:
    document = dict(reversed(topic(description="About.").items()))
    assert [place.msgctxt for place in places(TOPIC, document)] == [
        "title",
        "description",
        "heading",
        "paragraph",
    ]


def test_place_has_pointer_by_index_and_reference_by_id() -> None:
    nested = {"list": [{"item": "One", "list": ["Two"]}]}
    document = topic(sections=[section("causes", {"paragraph": "x"}, nested)])
    found = {place.msgid: place for place in places(TOPIC, document)}
    assert found["Two"].pointer == "/sections/0/body/1/list/0/list/0"
    assert found["Two"].reference == ("sections", "causes", "body")
    assert found["Two"].parents[-1] == nested["list"][0]
    assert [found["Summary"].reference, found["Asthma"].reference] == [
        ("sections", "causes", "heading"),
        ("title",),
    ]


def test_context_of_the_nearest_object_becomes_part_of_the_key() -> None:
    document = topic(
        context="disease",
        sections=[section("causes", {"paragraph": "x", "context": "first"}, {"paragraph": "x"})],
    )
    assert [place.msgctxt for place in places(TOPIC, document)] == [
        "title|disease", "heading", "paragraph|first", "paragraph",
    ]  # fmt: skip


def test_title_of_a_link_concerns_the_languages_of_its_links() -> None:
    links = {"en": "https://example.org/", "es": "https://example.org/es"}
    document = topic(resources=[resource(links=links)])
    title = next(place for place in places(TOPIC, document) if place.rule.role == "resource-title")
    assert [title.concerns(LanguageTag(tag)) for tag in ("es", "fr")] == [True, False]
    assert places(TOPIC, document)[0].concerns(LanguageTag("fr"))


def test_own_text_has_its_place_too() -> None:
    document = topic(alsoCalled=["a", own("b")], sections=[section("x", {"list": [own("c")]})])
    assert [(place.pointer, place.lines) for place in places(TOPIC, document)[1:]] == [
        ("/alsoCalled", ("a",)), ("/alsoCalled/1", ("b",)),
        ("/sections/0/heading", ("Summary",)), ("/sections/0/body/0/list/0", ("c",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [(own("a"), True), ({"text": "a"}, False), ({**own("a"), "more": 1}, False), ("a", False)],
)
def test_own_text_is_recognized_by_its_two_members(value: object, expected: bool) -> None:  # noqa: FBT001 - a case's value
    assert is_own_text(value) is expected


# ── dropped text takes with it what depends on it ──


@pytest.mark.parametrize(
    ("members", "path", "expected"),
    [
        pytest.param({"alsoCalled": ["a", own("b")]}, ("alsoCalled",), ["a"], id="one of two names"),
        pytest.param({"description": own("a")}, ("description",), None, id="optional member"),
        pytest.param({"alsoCalled": [own("a")]}, ("alsoCalled",), None, id="list that becomes too short"),
        pytest.param(
            {"resources": [resource(title=own("a"))]}, ("resources",), [], id="object that requires it"
        ),
        pytest.param(
            {"sections": [section("a", {"list": ["x", {"item": own("a"), "list": ["y"]}]})]},
            ("sections", 0, "body", 0),
            {"list": ["x"]},
            id="item with the list below",
        ),
        pytest.param(
            {"sections": [section("a", {"list": ["x", {"item": "b", "list": [own("y")]}]})]},
            ("sections", 0, "body", 0),
            {"list": ["x"]},
            id="item whose list has gone",
        ),
        pytest.param(
            {"sections": [section("a", {"list": [own("x")]}, {"paragraph": "y"})]},
            ("sections", 0, "body"),
            [{"paragraph": "y"}],
            id="block",
        ),
        pytest.param(
            {"sections": [section("a", {"paragraph": own("x")}), section("b", {"paragraph": "y"})]},
            ("sections",),
            [section("b", {"paragraph": "y"})],
            id="section without a body",
        ),
        pytest.param(
            {
                "sections": [
                    section("a", {"paragraph": "x"}, heading=own("x")),
                    section("b", {"paragraph": "y"}),
                ]
            },
            ("sections",),
            [section("b", {"paragraph": "y"})],
            id="section without a heading",
        ),
    ],
)
def test_dropped_text_takes_with_it_what_depends_on_it(
    members: dict[str, Any], path: tuple[str | int, ...], expected: object
) -> None:
    value = drop_own(TOPIC, topic(**members))
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step]
    assert value == expected


def test_document_of_which_nothing_is_left_is_dropped() -> None:
    assert drop_own(TOPIC, topic(sections=[section("a", {"paragraph": own("x")})])) is DROPPED


def test_nothing_below_a_dropped_heading_is_visited() -> None:
    document = topic(sections=[section("a", {"paragraph": "unseen"}, heading=own("x"))])
    seen: list[str] = []
    walk(TOPIC, document, lambda place: seen.append(place.msgid), lambda *_: DROPPED)
    assert seen == ["Asthma"]


def test_empty_list_that_was_empty_before_stays() -> None:
    assert drop_own(TOPIC, topic(groups=[], relatedTopics=[]))["relatedTopics"] == []


# ── what is translated as a whole ──

BLOCKS: list[dict[str, Any]] = [
    {"paragraph": "x"},
    {"subheading": "y"},
    {"list": ["z", {"item": "a", "list": ["b"]}]},
]
TEXT = "<p>x</p>\n<h3>y</h3>\n<ul>\n<li>z</li>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"
BY = {"attribution": "Based on w."}


def test_blocks_of_a_section_are_one_message_beside_its_heading_and_attributions() -> None:
    document = topic(sections=[section("causes", BLOCKS[0], BY, *BLOCKS[1:], unit="section")])
    heading, unit, attribution = places(TOPIC, document)[1:]
    assert (heading.msgctxt, attribution.msgid) == ("heading", "Based on w.")
    assert (unit.msgctxt, unit.msgid, unit.unit) == ("section", TEXT, tuple(BLOCKS))
    assert (unit.pointer, unit.reference) == ("/sections/0/body", ("sections", "causes"))
    assert (unit.rule.markup, unit.rule.unit) == ("block", "section")
    assert attribution.pointer == "/sections/0/body/1/attribution"


def test_sections_of_a_topic_are_one_message_beside_their_attributions() -> None:
    first = section("a", *BLOCKS, BY, context="first")
    del first["heading"]
    document = topic(unit="topic", context="lungs", sections=[first, section("b", {"paragraph": "c & d"})])
    unit, attribution = places(TOPIC, document)[1:]
    text = f'<h3 id="a"></h3>\n{TEXT}\n<h3 id="b">Summary</h3>\n<p>c & d</p>'
    assert (unit.msgctxt, unit.msgid) == ("summary|lungs", text)
    assert (unit.pointer, unit.reference) == ("/sections", ("sections",))
    assert [part["id"] for part in unit.unit] == ["a", "b"]
    assert unit.unit[0] == {"id": "a", "body": tuple(BLOCKS)}
    assert attribution.reference == ("sections", "a", "body")


@pytest.mark.parametrize("unit", ["section", "topic"])
def test_unit_of_another_size_counts_only_at_its_place(unit: str) -> None:
    in_section = {"unit": unit} if unit == "topic" else {}
    in_topic = {"unit": unit} if unit == "section" else {}
    document = topic(sections=[section("a", {"paragraph": "x"}, **in_section)], **in_topic)
    assert [place.rule.role for place in places(TOPIC, document)] == ["title", "heading", "paragraph"]


def test_what_the_visitor_gives_replaces_the_body_and_attributions_follow() -> None:
    document = topic(sections=[section("causes", BY, *BLOCKS, {"attribution": own("v")}, unit="section")])
    found = walk(
        TOPIC,
        document,
        lambda place: [{"paragraph": "new"}] if place.rule.unit else place.msgid.upper(),
        lambda *_: DROPPED,
    )
    assert found["sections"] == [
        {
            "id": "causes", "aspect": "overview", "heading": "SUMMARY", "unit": "section",
            "body": [{"paragraph": "new"}, {"attribution": "BASED ON W."}],
        }
    ]  # fmt: skip


def test_sections_of_the_visitor_keep_the_rest_of_the_sections_that_they_replace() -> None:
    document = topic(
        unit="topic",
        sections=[
            section("a", BY, *BLOCKS),
            section("b", *BLOCKS, {"attribution": "Also v."}) | {"aspect": "causes"},
            section("c", *BLOCKS),
        ],
    )
    new = [
        {"id": "b", "heading": "B", "body": [{"paragraph": "1"}]},
        {"id": "a", "body": [{"paragraph": "2"}]},
    ]
    found = walk(
        TOPIC, document, lambda place: new if place.rule.unit else place.msgid.upper(), lambda *_: DROPPED
    )
    assert found["sections"] == [
        {"id": "b", "aspect": "causes", "heading": "B", "body": [{"paragraph": "1"}]},
        {
            "id": "a", "aspect": "overview",
            "body": [{"paragraph": "2"}, {"attribution": "BASED ON W."}, {"attribution": "ALSO V."}],
        },
    ]  # fmt: skip


@pytest.mark.parametrize("members", [{"unit": "topic"}, {}])
def test_unit_without_blocks_is_not_a_message(members: dict[str, Any]) -> None:
    unit = {} if members else {"unit": "section"}
    document = topic(sections=[section("a", BY, **unit)], **members)
    assert {place.rule.role for place in places(TOPIC, document)} <= {"title", "heading", "attribution"}


@pytest.mark.parametrize("unit", [{"sections": "section"}, {"topic": "topic"}], ids=["section", "topic"])
def test_dropped_unit_takes_the_topic_with_it(unit: dict[str, str]) -> None:
    in_section = {"unit": "section"} if "sections" in unit else {}
    in_topic = {"unit": "topic"} if "topic" in unit else {}
    document = topic(sections=[section("a", *BLOCKS, **in_section)], **in_topic)
    found = walk(TOPIC, document, lambda place: DROPPED if place.rule.unit else "", lambda *_: DROPPED)
    assert found is DROPPED


def test_topic_without_sections_stays() -> None:
    document = topic(resources=[resource()])
    del document["sections"]
    assert drop_own(TOPIC, document) == document


def test_section_without_a_heading_stays() -> None:
    first = section("a", {"paragraph": "x"})
    del first["heading"]
    assert drop_own(TOPIC, topic(sections=[first]))["sections"] == [first]


# ── callouts ──

CALL: dict[str, Any] = {
    "callout": "Call 911",
    "urgency": "emergency",
    "body": [{"paragraph": "If you"}, {"list": ["cannot breathe"]}],
}
CALLED = {
    "callout": "CALL 911",
    "urgency": "emergency",
    "body": [{"paragraph": "IF YOU"}, {"list": ["CANNOT BREATHE"]}],
}
ROLES = ["callout", "callout-paragraph", "callout-item"]


def replaced(document: Any, unit: list[Any]) -> Any:
    return walk(
        TOPIC, document, lambda place: unit if place.rule.unit else place.msgid.upper(), lambda *_: DROPPED
    )


def test_texts_of_a_callout_are_critical_separate_messages() -> None:
    document = topic(sections=[section("causes", {"paragraph": "x"}, CALL)])
    found = places(TOPIC, document)[3:]
    assert [place.rule.role for place in found] == ROLES
    assert all(place.rule.is_critical for place in found)
    assert not any(place.rule.is_critical for place in places(TOPIC, document)[:3])
    assert [place.pointer for place in found] == [
        "/sections/0/body/1/callout",
        "/sections/0/body/1/body/0/paragraph",
        "/sections/0/body/1/body/1/list/0",
    ]


@pytest.mark.parametrize("members", [{"unit": "topic"}, {}])
def test_texts_of_a_callout_are_messages_beside_a_unit(members: dict[str, Any]) -> None:
    unit = {} if members else {"unit": "section"}
    document = topic(sections=[section("a", CALL, *BLOCKS, BY, **unit)], **members)
    found = places(TOPIC, document)
    assert [place.rule.role for place in found][-4:] == [*ROLES, "attribution"]
    (whole,) = [place for place in found if place.rule.unit]
    assert "911" not in whole.msgid


def test_callouts_keep_their_side_of_a_section_that_is_translated_as_a_whole() -> None:
    later = {**CALL, "callout": "Later"}
    document = topic(sections=[section("a", CALL, BY, *BLOCKS, later, unit="section")])
    (found,) = replaced(document, [{"paragraph": "new"}])["sections"]
    assert found["body"] == [
        CALLED,
        {"paragraph": "new"},
        {**CALLED, "callout": "LATER"},
        {"attribution": "BASED ON W."},
    ]


def test_callouts_stay_with_their_section_wherever_a_translation_puts_it() -> None:
    document = topic(
        unit="topic",
        sections=[section("a", CALL, *BLOCKS), section("b", *BLOCKS, {**CALL, "callout": "b"}, BY)],
    )
    new = [{"id": "b", "body": [{"paragraph": "1"}]}, {"id": "a", "body": [{"paragraph": "2"}]}]
    found = replaced(document, new)["sections"]
    assert [each["id"] for each in found] == ["b", "a"]
    assert found[0]["body"] == [{"paragraph": "1"}, {**CALLED, "callout": "B"}]
    assert found[1]["body"] == [CALLED, {"paragraph": "2"}, {"attribution": "BASED ON W."}]


def test_callouts_of_a_section_that_a_translation_leaves_out_are_not_lost() -> None:
    document = topic(unit="topic", sections=[section("a", CALL, *BLOCKS), section("b", *BLOCKS)])
    (found,) = replaced(document, [{"id": "b", "body": [{"paragraph": "1"}]}])["sections"]
    assert found["body"] == [{"paragraph": "1"}, CALLED]


def test_section_of_callouts_alone_keeps_its_place_in_a_topic_that_is_translated_as_a_whole() -> None:
    alone = section("help", CALL, heading="Get help")
    document = topic(unit="topic", sections=[section("a", *BLOCKS), alone, section("b", *BLOCKS)])
    new = [{"id": key, "body": [{"paragraph": key}]} for key in ("a", "b")]
    found = replaced(document, new)["sections"]
    assert [each["id"] for each in found] == ["a", "help", "b"]
    assert found[1] == {**alone, "heading": "GET HELP", "body": [CALLED]}
    assert [each["id"] for each in replaced(document, new[1:])["sections"]] == ["help", "b"]


def test_topic_of_callouts_alone_stays() -> None:
    document = topic(unit="topic", sections=[section("help", CALL)])
    assert [each["body"] for each in replaced(document, [])["sections"]] == [[CALLED]]
