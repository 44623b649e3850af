import copy
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from healthtopics import jsontext
from healthtopics.errors import JsonTextError
from healthtopics.formats.table import OWN
from healthtopics.language import LanguageTag
from healthtopics.layout import packaged_glossary, packaged_vocabularies
from healthtopics.problems import Problem
from healthtopics.validation.configuration import check_configuration
from healthtopics.validation.glossary import check_glossary
from healthtopics.validation.topics import (
    TopicReferences,
    TopicSchema,
    check_duplicate_topics,
    check_vocabulary,
    check_vocabulary_references,
)
from healthtopics.validation.twins import check_twins
from healthtopics.vocabulary import Vocabulary
from support.documents import Document, own, resource, section, topic, vocabulary

EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS = ("configurations", "glossaries", "topics", "twins", "vocabularies")


@cache
def collected() -> TopicReferences:
    """Return the packaged vocabularies, and the topics to which the examples may refer."""
    documents = [(path, json.loads(data)) for path, data in packaged_vocabularies().items()]
    return TopicReferences(Vocabulary.merge(documents), frozenset({"asthma", "copd", "lung-cancer"}))


@cache
def schema() -> TopicSchema:
    return TopicSchema()


def check(**members: Any) -> list[Problem]:
    return schema().check(topic(**members), "topics/asthma.json", collected())


# ── examples: dropping a file in is adding a test ──


def problems_of(path: Path) -> list[Problem]:
    """Judge an example by the folder that it is in.

    A topic's file is named `<check>-<case>.<id>.json`, and judged as if it were `<id>.json`.
    """
    kind = path.parents[1].name
    if kind == "configurations":
        return check_configuration(tomllib.loads(path.read_text(encoding="utf-8")), path.name, tuple(OWN))
    try:
        document = jsontext.parse(path.read_bytes(), path.name)
    except JsonTextError as error:
        return list(error.problems)
    if kind == "glossaries":
        return check_glossary(document, path.name)
    if kind == "twins":
        return check_twins(document, path.name, ["en", "es"])
    if kind == "vocabularies":
        return check_vocabulary(document, path.name)
    return schema().check(document, f"{path.stem.rpartition('.')[2]}.json", collected())


def examples(verdict: str, *suffixes: str) -> list[Any]:
    paths = [path for kind in KINDS for path in sorted((EXAMPLES / kind / verdict).iterdir())]
    return [
        pytest.param(path, id=f"{path.parents[1].name}-{path.stem}")
        for path in paths
        if path.suffix in suffixes
    ]


@pytest.mark.parametrize("path", examples("valid", ".json", ".toml"))
def test_valid_example_has_no_problems(path: Path) -> None:
    assert problems_of(path) == []


@pytest.mark.parametrize("path", examples("invalid", ".json", ".toml"))
def test_invalid_example_has_the_problems_beside_it(path: Path) -> None:
    problems = problems_of(path)
    printed = "\n".join(map(str, problems))
    for line in path.with_name(f"{path.stem}.problems.txt").read_text(encoding="utf-8").splitlines():
        assert line in printed
    assert any(path.stem.startswith(problem.check) for problem in problems), (
        f"named after none of its checks: {printed}"
    )
    assert all(problem.hint for problem in problems if not problem.check.endswith("-schema"))


@pytest.mark.parametrize("path", examples("invalid", ".txt"))
def test_list_of_problems_has_its_example(path: Path) -> None:
    name = path.name.removesuffix(".problems.txt")
    assert any(path.with_name(name + suffix).exists() for suffix in (".json", ".toml"))


# ── topics ──


def test_faults_against_the_schema_and_the_rules_come_at_once() -> None:
    problems = check(kind=3, title="", dates={"created": "x"}, relatedTopics=["nowhere"])
    assert {(problem.check, problem.pointer) for problem in problems} == {
        *(("topic-schema", pointer) for pointer in ("/kind", "/title", "/dates", "/dates/created")),
        ("unknown-topic", "/relatedTopics/0"),
    }


@pytest.mark.parametrize("document", [None, [], "topic", 3], ids=repr)
def test_document_that_is_not_an_object_is_a_problem(document: object) -> None:
    problems = schema().check(document, "topics/asthma.json", collected())
    assert [problem.check for problem in problems] == ["topic-schema"]


def test_faults_beyond_the_schema_are_all_reported() -> None:
    problems = check(
        id="flu",
        kind="malady",
        relatedTopics=["nowhere"],
        dates={"created": "2026-11-20", "updated": "2026-11-01"},
        sections=[section("a", {"paragraph": "a & b"}), section("a", {"paragraph": "c"})],
    )
    assert sorted(problem.check for problem in problems) == [
        "date-order", "duplicate-id", "markup-ill-formed", "topic-file-name", "unknown-key", "unknown-topic",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        pytest.param(
            {"sections": [section("a", {"list": ["x", {"item": "&", "list": ["y"]}]})]},
            "/sections/0/body/0/list/1/item",
            id="item",
        ),
        pytest.param(
            {"sections": [section("a", {"paragraph": "x"}, {"attribution": "<b>x</b>"})]},
            "/sections/0/body/1/attribution",
            id="attribution",
        ),
        pytest.param(
            {"sections": [section("a", {"paragraph": "x"}, {"paragraph": own("uno & dos")})]},
            "/sections/0/body/1/paragraph",
            id="own text",
        ),
    ],
)
def test_markup_is_checked_wherever_it_is_allowed(members: Mapping[str, Any], pointer: str) -> None:
    assert [problem.pointer for problem in check(**members)] == [pointer]


def test_plain_text_may_hold_what_would_be_markup() -> None:
    assert check(title="Pain < 3 & fever", resources=[resource(title=own("Dosis < 5 mg"))]) == []


def places(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.check, problem.pointer) for problem in problems]


SPANISH = section("a", {"paragraph": own("uno")}, heading=own("Uno"))


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        pytest.param([SPANISH], ["/sections"], id="all of it"),
        pytest.param([section("a", {"paragraph": own("uno")})], ["/sections"], id="all but the heading"),
        pytest.param([section("a", {"list": [own("uno")]})], ["/sections"], id="every item"),
        pytest.param([section("a", {"paragraph": own("one", "en")})], [], id="English of its own"),
        pytest.param([SPANISH, section("b", {"paragraph": "two"})], [], id="another section is in English"),
    ],
)
def test_something_of_a_topic_is_in_english(sections: list[Document], expected: list[str]) -> None:
    assert places(check(sections=sections)) == [("no-source-text", pointer) for pointer in expected]


BASED_ON = {"attribution": "Based on x."}


@pytest.mark.parametrize(
    ("body", "language"),
    [
        pytest.param([BASED_ON], "in 'en'", id="everywhere"),
        pytest.param([{"paragraph": own("uno")}, BASED_ON], "in 'en'", id="in English"),
        pytest.param(
            [{"paragraph": "one"}, {"attribution": own("x")}, {"list": [own("un", "fr")]}],
            "", id="nowhere, with own text",
        ),
        pytest.param(
            [{"paragraph": own("one", "en")}, {"attribution": own("x")}], "in 'es'", id="in Spanish",
        ),
        pytest.param([{"paragraph": own("one", "en")}, BASED_ON], "in languages without", id="in all others"),
        pytest.param([{"paragraph": "one"}, BASED_ON], "", id="nowhere"),
    ],
)  # fmt: skip
def test_a_section_has_more_than_attributions(body: list[Document], language: str) -> None:
    problems = check(sections=[section("first", {"paragraph": "x"}), section("a", *body)])
    assert places(problems) == ([("section-empty", "/sections/1/body")] if language else [])
    assert all(language in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        pytest.param({"title": "\u00a0"}, "/title", id="no-break space"),
        pytest.param({"alsoCalled": ["x", "\u200b\ufeff"]}, "/alsoCalled/1", id="format characters"),
        pytest.param({"description": own("\u2003")}, "/description/text", id="own text"),
        pytest.param(
            {"sources": [{"id": "a", "title": "\u2060", "language": "en"}]},
            "/sources/0/title",
            id="no message",
        ),
        pytest.param(
            {"sections": [section("a", {"paragraph": "\u00a0"})]},
            "/sections/0/body/0/paragraph",
            id="marked up, once",
        ),
        pytest.param(
            {"sections": [section("a", {"paragraph": "<em></em>"})]}, "/sections/0/body/0/paragraph", id="tag"
        ),
        pytest.param(
            {"sections": [section("a", {"list": ["x", "&#160;"]})]},
            "/sections/0/body/0/list/1",
            id="reference",
        ),
    ],
)
def test_invisible_text_is_blank(members: Mapping[str, Any], pointer: str) -> None:
    assert places(check(**members)) == [("text-blank", pointer)]


EN, ES = "https://example.org/en", "https://example.org/es"


def source(language: str, url: str) -> Document:
    return {"id": "source", "title": "x", "language": language, "url": url}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param(
            {"resources": [resource(links={"en": EN})], "sources": [source("es", EN)]},
            ["/sources/0/url"],
            id="link and source",
        ),
        pytest.param({"pages": {"en": EN, "es": EN}}, ["/pages/es"], id="own pages"),
        pytest.param(
            {"pages": {"en": EN}, "resources": [resource(links={"es": EN})]},
            ["/resources/0/links/es"],
            id="own page and link",
        ),
        pytest.param(
            {"resources": [resource("a", links={"en": EN, "es": ES}), resource("b", links={"en": ES})]},
            ["/resources/1/links/en"],
            id="twin and link",
        ),
        pytest.param(
            {
                "resources": [resource(links={"en": EN})],
                "relatedTopics": ["copd", {"title": "x", "links": {"es": EN}}],
            },
            ["/relatedTopics/1/links/es"],
            id="link and related topic",
        ),
        pytest.param(
            {"resources": [resource(links={"en": EN, "es": EN})], "sources": [source("en", EN)]},
            ["/sources/0/url"],
            id="only in the Spanish edition",
        ),
        pytest.param(
            {"resources": [resource(links={"en": EN, "es": EN})]}, [], id="a page in both languages"
        ),
        pytest.param(
            {"resources": [resource(links={"en": EN})], "sources": [source("en", EN)]}, [], id="the same"
        ),
        pytest.param(
            {
                "resources": [
                    resource("a", categories={"en": ["start-here"], "es": []}, links={"en": EN}),
                    resource("b", categories={"en": [], "es": ["start-here"]}, links={"es": EN}),
                ]
            },
            [],
            id="each in another edition",
        ),
        pytest.param(
            {
                "resources": [
                    resource("a", title=own("one", "en"), links={"en": EN}),
                    resource("b", title=own("uno"), links={"es": EN}),
                ]
            },
            [],
            id="each with a title for another edition",
        ),
    ],
)
def test_a_page_has_one_language(members: Mapping[str, Any], expected: list[str]) -> None:
    assert places(check(**members)) == [("url-language-conflict", pointer) for pointer in expected]


@pytest.mark.parametrize("code", ["O03", "C12.345-6", "1A2B/XY&7"])
def test_code_of_a_classification_is_taken(code: str) -> None:
    assert check(codes=[{"system": "mesh", "code": code, "display": "x"}]) == []


@pytest.mark.parametrize("code", ["O 03", "<O03", "O03>", "É1", "O\u00a003", "{1}"])
def test_code_that_no_address_may_hold_is_refused(code: str) -> None:
    problems = check(codes=[{"system": "mesh", "code": code, "display": "x"}])
    assert places(problems) == [("topic-schema", "/codes/0/code")]


@pytest.mark.parametrize("title", ["a\ufffe", "\uffff", "a\ufffeb"])
def test_noncharacters_are_refused(title: str) -> None:
    assert places(check(title=title)) == [("topic-schema", "/title")]


def test_links_and_related_topics_must_be_known() -> None:
    text = '<a href="topic:astma">x</a> <a href="topic:copd">y</a>'
    problems = check(sections=[section("a", {"paragraph": text})], relatedTopics=["copd", "zzz"])
    assert [(problem.check, problem.pointer, problem.hint) for problem in problems] == [
        ("unknown-topic", "/sections/0/body/0/paragraph", "Did you mean 'asthma'?"),
        ("unknown-topic", "/relatedTopics/1", "Link to a page elsewhere by its address instead."),
    ]


def test_unknown_key_says_which_was_meant_or_where_to_add_it() -> None:
    problems = check(kind="conditon", groups=["zzz"])
    assert [(problem.pointer, problem.hint) for problem in problems] == [
        ("/kind", "Did you mean 'condition'?"),
        (
            "/groups/0",
            (
                "Known are pregnancy-and-reproduction, female-reproductive-system, symptoms, "
                "diagnostic-tests; your own go into vocabulary/groups.json."
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"updated": "2026-11-01"}, []),
        ({"publishFrom": "2026-12-01", "withdrawFrom": "2026-12-02"}, []),
        ({"publishFrom": "2026-12-01", "withdrawFrom": "2026-12-01"}, ["/dates/withdrawFrom"]),
        ({"updated": "2026-10-31"}, ["/dates/updated"]),
    ],
    ids=["same day", "one day", "no day", "before it was created"],
)
def test_dates_are_in_order(dates: dict[str, str], expected: list[str]) -> None:
    problems = check(dates={"created": "2026-11-01", "updated": "2026-11-20", **dates})
    assert [problem.pointer for problem in problems] == expected


def test_two_files_with_one_id_are_both_reported() -> None:
    ids = {"topics/b.json": "asthma", "topics/a.json": "asthma", "topics/copd.json": "copd"}
    problems = check_duplicate_topics(ids)
    assert [(problem.path, problem.message) for problem in problems] == [
        ("topics/a.json", "'asthma' is also the id of topics/b.json."),
        ("topics/b.json", "'asthma' is also the id of topics/a.json."),
    ]


def test_checking_changes_nothing() -> None:
    document = topic(alsoCalled=["a", own("b")])
    before = copy.deepcopy(document)
    schema().check(document, "topics/asthma.json", collected())
    assert document == before


# ── glossaries ──


def test_packaged_glossary_is_valid() -> None:
    assert check_glossary(json.loads(packaged_glossary(LanguageTag("es")) or b"null"), "glossary.json") == []


def test_a_document_that_is_not_a_glossary() -> None:
    assert [problem.check for problem in check_glossary([], "g.json")] == ["glossary-schema"]


# ── vocabularies ──


@pytest.mark.parametrize("path", sorted(packaged_vocabularies()))
def test_packaged_vocabulary_is_valid(path: str) -> None:
    assert check_vocabulary(json.loads(packaged_vocabularies()[path]), path) == []


def test_references_between_packaged_entries_resolve() -> None:
    assert check_vocabulary_references(collected().vocabulary) == []


@pytest.mark.parametrize(
    ("name", "entry", "missing"),
    [
        ("kinds", {"label": "Drug"}, ["schemaType"]),
        ("code-systems", {"label": "MeSH"}, ["system", "codingSystem"]),
        ("notices", {"label": "Disclaimer"}, ["text"]),
        ("groups", {"name": "Lungs"}, ["label"]),
        ("organizations", {"label": "NIH"}, ["name"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_entry_has_what_the_exports_need(name: str, entry: Document, missing: list[str]) -> None:
    document = {"id": name, "title": "Words", "entries": [{"id": "x", **entry}]}
    problems = check_vocabulary(document, "v.json")
    assert [problem.check for problem in problems] == ["vocabulary-member"] * len(missing)
    assert all(repr(member) in problem.message for member, problem in zip(missing, problems, strict=True))


def test_blank_label_is_a_problem() -> None:
    document = {"id": "groups", "title": "Words", "entries": [{"id": "x", "label": "\u200b"}]}
    assert places(check_vocabulary(document, "v.json")) == [("text-blank", "/entries/0/label")]


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({"a": "b", "b": ""}, []),
        ({"a": "zzz"}, [("unknown-key", "/entries/0/parent")]),
        ({"a": "a"}, [("vocabulary-circle", "/entries/0/parent")]),
        (
            {"x": "a", "a": "b", "b": "a"},
            [("vocabulary-circle", "/entries/1/parent"), ("vocabulary-circle", "/entries/2/parent")],
        ),
    ],
    ids=["known", "unknown", "itself", "a circle"],
)
def test_organization_is_part_of_a_known_one_and_never_of_itself(
    parents: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    entries = [
        {"id": key, "name": key, **({"parent": parent} if parent else {})} for key, parent in parents.items()
    ]
    problems = check_vocabulary_references(vocabulary(organizations=entries))
    assert [(problem.check, problem.pointer) for problem in problems] == expected


@pytest.mark.parametrize("date", ["yesterday", "2026-02-30", ""])
def test_what_is_not_a_date_is_reported_once(date: str) -> None:
    (problem,) = check(dates={"created": "2026-11-10", "updated": date})
    assert problem.pointer == "/dates/updated"
    assert "is not a valid date" in problem.message
