import copy
from dataclasses import replace
from typing import Any

import pytest

from healthtopics.errors import InvalidTopicError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.schema import packaged
from healthtopics.topic import (
    Acceptance,
    Attribution,
    Card,
    Coding,
    Correction,
    Coverage,
    Dates,
    Edition,
    FormerReview,
    Identifier,
    LanguageLink,
    List,
    ListItem,
    LocalizedTerm,
    LocalizedTopic,
    Paragraph,
    Qualifier,
    RelatedTopic,
    Resource,
    Review,
    Section,
    Source,
    Subheading,
    Text,
    TextState,
    Topic,
    choose_link,
    is_copy,
    linked_topics,
    strings,
)
from healthtopics.topic.document import _TEXT, _object_of, _shape_of
from support.documents import own, resource, section, topic

ES = LanguageTag("es")
FR = LanguageTag("fr")
DE = LanguageTag("de")

FULL = topic(
    alsoCalled=["Bronchial asthma", own("Asma bronquial")],
    seeReferences=["Wheezing"],
    description="A disease of the airways.",
    pages={"en": "https://example.org/asthma"},
    identifiers=[{"system": "medlineplus", "value": "13", "language": "es"}, {"system": "x", "value": "1"}],
    codes=[
        {
            "system": "mesh",
            "code": "D001249",
            "display": "Asthma",
            "qualifiers": [{"code": "Q000150", "display": "complications"}],
        }
    ],
    groups=["lungs"],
    primaryInstitute="nhlbi",
    publisher="healthtopics",
    sections=[
        section(
            "causes",
            {"paragraph": own("Solo en español."), "context": "cause"},
            {"list": ["One", {"item": "Two", "list": ["Three"], "ordered": True, "context": "c"}]},
            {"list": ["First"], "ordered": True, "context": "steps"},
            {"attribution": "NHLBI", "context": "who"},
            context="of asthma",
        )
    ],
    resources=[
        resource(
            categories={"en": ["start-here"], "es": []},
            organizations=["nhlbi"],
            identifiers=[{"system": "pmid", "value": "1"}],
            context="a page",
        )
    ],
    relatedTopics=["copd", {"title": "Cough", "links": {"en": "https://example.org/cough"}, "context": "x"}],
    otherLanguages=[
        {
            "name": "French",
            "vernacularName": "français",
            "language": "fr",
            "url": "https://example.org/fr",
            "context": "x",
        }
    ],
    dates={
        "created": "2026-11-01",
        "updated": "2026-11-20",
        "reviews": [{"date": "2026-11-21", "by": "Dr. Ng", "languages": ["en"]}],
        "reviewed": {"date": "2026-11-10", "by": "Dr. Ng"},
        "reviewBy": "2027-11-10",
        "corrections": [{"date": "2026-11-20", "what": "It said 20 weeks; 12 is right."}],
        "publishFrom": "2026-11-21",
        "withdrawFrom": "2030-01-01",
    },
    sources=[
        {
            "id": "nhlbi",
            "title": "What Is Asthma?",
            "publisher": "NHLBI",
            "url": "https://example.org/",
            "language": "en",
            "published": "2026-01-01",
            "retrieved": "2026-11-01",
            "note": "For the causes.",
            "context": "note",
        }
    ],
    licence="cc0",
    disclaimer="not-advice",
    qualityCriteria="criteria",
    accept=[{"check": "date-order", "reason": "It is so."}],
)
FULL["$schema"] = "../schema/topic.schema.json"


def test_full_topic_comes_back_and_the_document_stays_untouched() -> None:
    before = copy.deepcopy(FULL)
    assert Topic.from_dict(FULL).to_dict() == FULL
    assert before == FULL


def test_members_come_in_the_order_of_the_schema_and_unknown_ones_last() -> None:
    shuffled = {"tagline": "Breathe.", **dict(reversed(FULL.items()))}
    written = list(Topic.from_dict(shuffled).to_dict())
    assert written[:5] == ["id", "kind", "title", "alsoCalled", "seeReferences"]
    assert written[-2:] == ["tagline", "$schema"]


NOT_SHOWN = {"$schema", "context", "unit"}
"""Members that speak to translators and editors; they survive as what a value does not know."""


@pytest.mark.parametrize(
    ("cls", "pointer"),
    [
        (Topic, ""),
        (Identifier, "/properties/identifiers/items"),
        (Coding, "/properties/codes/items"),
        (Qualifier, "/properties/codes/items/properties/qualifiers/items"),
        (Section, "/properties/sections/items"),
        (Resource, "/properties/resources/items"),
        (RelatedTopic, "/properties/relatedTopics/items/oneOf/1"),
        (LanguageLink, "/properties/otherLanguages/items"),
        (Dates, "/properties/dates"),
        (Review, "/properties/dates/properties/reviews/items"),
        (FormerReview, "/properties/dates/properties/reviewed"),
        (Correction, "/properties/dates/properties/corrections/items"),
        (Source, "/properties/sources/items"),
        (Acceptance, "/properties/accept/items"),
        (Paragraph, "/$defs/block/oneOf/0"),
        (List, "/$defs/block/oneOf/1"),
        (Subheading, "/$defs/block/oneOf/2"),
        (Attribution, "/$defs/block/oneOf/3"),
        (ListItem, "/$defs/items/items/oneOf/1"),
    ],
)
def test_fields_are_the_members_of_the_schema_in_its_order(cls: type, pointer: str) -> None:
    schema: Any = packaged("topic.schema.json")
    for step in pointer.split("/")[1:]:
        schema = schema[int(step) if isinstance(schema, list) else step]
    rows = _object_of(cls)._rows
    assert [row.name for row in rows] == [name for name in schema["properties"] if name not in NOT_SHOWN]
    required = {row.name for row in rows if row.is_required}
    assert required == {name for name in schema["required"] if (cls, name) != (ListItem, "list")}
    messages = {
        name
        for name, member in schema["properties"].items()
        if "x-message" in member or "x-message" in member.get("items", {})
    }
    texts = {row.name for row in rows if row.shape in (_TEXT, _shape_of(tuple[Text, ...]))}
    assert messages - NOT_SHOWN - {"sections", "body"} == texts


@pytest.mark.parametrize(
    "where",
    [
        pytest.param((), id="topic"),
        pytest.param(("sections", 0), id="section"),
        pytest.param(("sections", 0, "body", 0), id="paragraph"),
        pytest.param(("sections", 0, "body", 1), id="list"),
        pytest.param(("sections", 0, "body", 1, "list", 1), id="item"),
        pytest.param(("resources", 0), id="resource"),
        pytest.param(("relatedTopics", 1), id="related topic"),
        pytest.param(("otherLanguages", 0), id="other language"),
        pytest.param(("identifiers", 1), id="identifier"),
        pytest.param(("codes", 0), id="code"),
        pytest.param(("codes", 0, "qualifiers", 0), id="qualifier"),
        pytest.param(("dates",), id="dates"),
        pytest.param(("dates", "reviews", 0), id="review"),
        pytest.param(("dates", "reviewed"), id="former review"),
        pytest.param(("dates", "corrections", 0), id="correction"),
        pytest.param(("accept", 0), id="acceptance"),
        pytest.param(("sources", 0), id="source"),
    ],
)
def test_members_that_we_do_not_know_are_kept(where: tuple[str | int, ...]) -> None:
    document = copy.deepcopy(FULL)
    at: Any = document
    for step in where:
        at = at[step]
    at["later"] = {"version": 2}
    assert Topic.from_dict(document).to_dict() == document


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        pytest.param({"title": 1}, "/title", id="text of a wrong type"),
        pytest.param({"title": {"text": "x"}}, "/title", id="own text without language"),
        pytest.param({"kind": 1}, "/kind", id="string of a wrong type"),
        pytest.param({"sections": {}}, "/sections", id="object for an array"),
        pytest.param({"sections": ["x"]}, "/sections/0", id="string for an object"),
        pytest.param(
            {"sections": [section("a", {"list": [{"item": 1, "list": ["x"]}]})]},
            "/sections/0/body/0/list/0/item",
            id="item",
        ),
        pytest.param({"sections": [section("a", {})]}, "/sections/0/body/0", id="block of no kind"),
        pytest.param({"resources": [resource(links={"en": 1})]}, "/resources/0/links/en", id="link"),
        pytest.param(
            {"resources": [resource(categories={"es": [1]})]}, "/resources/0/categories/es/0", id="category"
        ),
        pytest.param({"codes": [{"system": "mesh"}]}, "/codes/0", id="code"),
        pytest.param(
            {"codes": [{"system": "a", "code": "b", "display": "c", "qualifiers": [{"code": "d"}]}]},
            "/codes/0/qualifiers/0",
            id="qualifier",
        ),
        pytest.param({"accept": [{"check": "x"}]}, "/accept/0", id="acceptance without reason"),
        pytest.param({"dates": {"created": "2026-11-01"}}, "/dates", id="dates"),
        pytest.param({"relatedTopics": [{"title": "x", "links": []}]}, "/relatedTopics/0/links", id="links"),
    ],
)
def test_an_invalid_topic_is_refused_with_its_pointer(members: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidTopicError) as caught:
        Topic.from_dict(topic(**members), "topics/asthma.json")
    (problem,) = caught.value.problems
    assert (problem.path, problem.pointer) == ("topics/asthma.json", pointer)


@pytest.mark.parametrize("name", ["id", "kind", "title", "dates", "sources"])
def test_missing_member_is_named(name: str) -> None:
    document = topic()
    del document[name]
    with pytest.raises(InvalidTopicError, match=f"'{name}' is missing"):
        Topic.from_dict(document)


def test_references_name_vocabulary_key_and_way() -> None:
    document = topic(
        codes=FULL["codes"],
        groups=["lungs"],
        publisher="us",
        licence="cc0",
        resources=[resource(organizations=["nih"]), resource(categories={"es": ["women"]})],
    )
    assert Topic.from_dict(document).references() == [
        ("kinds", "condition", ("kind",)),
        ("code-systems", "mesh", ("codes", 0, "system")),
        ("groups", "lungs", ("groups", 0)),
        ("organizations", "us", ("publisher",)),
        ("aspects", "overview", ("sections", 0, "aspect")),
        ("categories", "start-here", ("resources", 0, "categories", 0)),
        ("organizations", "nih", ("resources", 0, "organizations", 0)),
        ("categories", "women", ("resources", 1, "categories", "es", 0)),
        ("licences", "cc0", ("licence",)),
    ]


def test_localized_topic_takes_texts_and_writes_foreign_ones_with_their_language() -> None:
    title = Text("Asma", ES, TextState.TRANSLATED)
    french = Text("Asthme", FR, TextState.OWN)
    localized = LocalizedTopic.from_document(topic(title=title, alsoCalled=[french]), ES, Coverage(1, 1))
    assert (localized.language, localized.title, localized.also_called) == (ES, title, (french,))
    assert localized.to_dict()["alsoCalled"] == [{"text": "Asthme", "language": "fr"}]


def test_lists_know_their_order_and_what_is_below() -> None:
    items = Topic.from_dict(FULL).sections[0].body[1]
    assert isinstance(items, List)
    three = (ListItem(Text("Three")),)
    two = ListItem(Text("Two"), three, is_ordered=True, extra={"context": "c"})
    assert items == List((ListItem(Text("One")), two))
    assert two.below == List(three, is_ordered=True)
    assert three[0].below is None


def test_own_text_keeps_its_language() -> None:
    paragraph = Topic.from_dict(FULL).sections[0].body[0]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == Text("Solo en español.", ES, TextState.OWN)


@pytest.mark.parametrize(
    ("categories", "language", "expected"),
    [
        (("a", "b"), ES, ("a", "b")),
        ({SOURCE: ("a",), ES: ()}, ES, ()),
        ({SOURCE: ("a",)}, ES, ("a",)),
        ({FR: ("a",)}, ES, ()),
    ],
    ids=["the same everywhere", "hidden here", "as in the source language", "only elsewhere"],
)
def test_categories_of_an_edition(categories: Any, language: LanguageTag, expected: tuple[str, ...]) -> None:
    page = Resource(id="a", categories=categories, title=Text("A"), kind="page", links={})
    assert page.categories_in(language) == expected


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ({SOURCE: "https://en", ES: "https://es"}, (ES, "https://es")),
        ({FR: "https://fr", SOURCE: "https://en"}, (SOURCE, "https://en")),
        ({FR: "https://fr"}, (FR, "https://fr")),
        ({FR: "https://fr", DE: "https://de"}, (DE, "https://de")),
    ],
    ids=["its own", "else English", "else any", "of several the first by tag"],
)
def test_link_of_an_edition(links: dict[LanguageTag, str], expected: tuple[LanguageTag, str]) -> None:
    page = Resource(id="a", categories=(), title=Text("A"), kind="page", links=links)
    assert page.link_in(ES) == expected
    assert RelatedTopic(title=Text("A"), links=links).link_in(ES) == expected


def test_without_any_link_there_is_none() -> None:
    with pytest.raises(ValueError, match="no link"):
        choose_link({}, ES)


def test_linked_topics_are_those_of_the_text_and_the_related_ones() -> None:
    document = topic(
        title='Plain < text & <a href="topic:none">',
        sections=[
            section(
                "a",
                {"paragraph": 'See <a href="topic:copd">x</a> and <a href="https://example.org/">y</a>.'},
                {"list": ["topic:none", {"item": own('<em><a href="topic:flu">z</a></em>'), "list": ["w"]}]},
            )
        ],
        relatedTopics=[{"title": "Cough", "links": {"en": "https://example.org/"}}, "asthma"],
    )
    assert list(linked_topics(document)) == [
        ("copd", "/sections/0/body/0/paragraph"),
        ("flu", "/sections/0/body/1/list/1/item/text"),
        ("asthma", "/relatedTopics/1"),
    ]
    assert list(linked_topics({})) == []


def test_strings_come_with_the_way_to_them() -> None:
    assert strings({"a": ["x", {"b": "y"}, 1, None]}) == [("x", ("a", 0)), ("y", ("a", 1, "b"))]


@pytest.mark.parametrize(
    ("text", "original", "expected"),
    [
        ("a" * 41, "a" * 41, True),
        ("a" * 40, "a" * 40, False),
        ("a" * 41, "b" * 41, False),
        ("1" * 41, "1" * 41, False),
    ],
    ids=["long", "short", "another", "without letters"],
)
def test_a_copy_is_too_long_to_be_the_same_by_chance(text: str, original: str, *, expected: bool) -> None:
    assert is_copy(text, original) is expected


def test_coverage_adds_up_and_is_complete_when_all_is_translated() -> None:
    total = Coverage.total([Coverage(3, 1, 1, 1, 0), Coverage(2, 1, 0, 0, 1)])
    assert total == Coverage(messages=5, translated=2, missing=1, fuzzy=1, blocked=1)
    assert not total.is_complete
    assert Coverage(2, 2).is_complete
    assert Coverage().is_complete


CARD = Card(
    topic="asthma",
    language=ES,
    title="Asma",
    page="https://example.org/es/asthma",
    updated="2026-11-20T00:00:00Z",
    kind="condition",
)


@pytest.mark.parametrize(
    "card",
    [
        CARD,
        Card(
            topic="asthma", language=ES, title="Asma", page="https://example.org/es/asthma",
            updated="2026-11-20T00:00:00Z", kind="condition", description="Una enfermedad.",
            synonyms=("Asma bronquial",), index_terms=("Bronquios",), groups=("lungs",), related=("copd",),
            codes=(Coding("mesh", "D001249", "Asthma", (Qualifier("Q1", "x"),)),),
        ),
    ],
    ids=["small", "full"],
)  # fmt: skip
def test_card_comes_back(card: Card) -> None:
    assert Card.from_dict(card.to_dict()) == card


def test_edition_resolves_links_and_finds_terms() -> None:
    term = LocalizedTerm(id="healthtopics", label=Text("Us"), labels={SOURCE: "Us"})
    edition = Edition(
        base_url="https://example.org",
        card=CARD,
        publisher=term,
        data_publisher=term,
        terms={"organizations": {"healthtopics": term}},
        editions={ES: CARD},
        topics={"asthma": CARD},
    )
    assert edition.term("organizations", "healthtopics") is term
    assert edition.resolve("https://example.org/x") == "https://example.org/x"
    assert edition.resolve("topic:asthma") == "https://example.org/es/asthma"
    assert edition.resolve("topic:unpublished") == ""


REVIEWS = (
    Review(date="2026-02-01", by="Dr. A", languages=(SOURCE, ES)),
    Review(date="2026-03-01", by="Dr. B", languages=(SOURCE,)),
    Review(date="2026-01-01", by="Dr. C", languages=(ES,)),
)


@pytest.mark.parametrize(
    ("language", "changed", "expected"),
    [
        pytest.param(SOURCE, "2026-01-01", "Dr. B", id="the last one"),
        pytest.param(SOURCE, "2026-03-01", "Dr. B", id="on the day of the change"),
        pytest.param(SOURCE, "2026-03-02", None, id="before the change"),
        pytest.param(ES, "2026-01-01", "Dr. A", id="of this edition"),
        pytest.param(ES, "2026-02-02", None, id="the other edition alone"),
        pytest.param(LanguageTag("fr"), "2026-01-01", None, id="of no review"),
    ],
)
def test_readers_see_the_last_review_of_their_edition_since_its_text_changed(
    language: LanguageTag, changed: str, expected: str | None
) -> None:
    review = Dates(created="2026-01-01", updated="2026-01-01", reviews=REVIEWS).review_of(language, changed)
    assert (review.by if review else None) == expected


def test_a_review_in_the_former_form_is_one_of_the_english_text() -> None:
    dates = Dates(
        created="2026-01-01", updated="2026-01-01", reviewed=FormerReview(date="2026-02-01", by="Dr. A")
    )
    review = dates.review_of(SOURCE, "2026-01-01")
    assert review == Review(date="2026-02-01", by="Dr. A", languages=(SOURCE,))
    assert dates.review_of(ES, "2026-01-01") is None


def test_an_edition_knows_the_languages_of_pages() -> None:
    term = LocalizedTerm(id="healthtopics", label=Text("Us"), labels={SOURCE: "Us"})
    edition = Edition(
        base_url="https://example.org",
        card=replace(CARD, language=ES),
        publisher=term,
        data_publisher=term,
        terms={},
        editions={},
        topics={"asthma": replace(CARD, language=SOURCE)},
        pages={"https://example.org/x": SOURCE},
    )
    languages = [
        edition.language_of(href)
        for href in ("topic:asthma", "topic:unpublished", "https://example.org/x", "https://example.org/y")
    ]
    assert languages == [SOURCE, ES, SOURCE, ES]
