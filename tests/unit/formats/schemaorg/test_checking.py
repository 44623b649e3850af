"""What the schema.org checker finds: one broken document a rule, and nothing in what we export."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from healthtopics.configuration import LanguagePolicy
from healthtopics.formats.schemaorg.checking import WORKS, check_reciprocity
from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.formats.schemaorg.versions import mark_version
from healthtopics.formats.table import format_named
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.publishing.versions import History
from healthtopics.schema import DATA, packaged
from healthtopics.validation.exports import check_exported
from healthtopics.validation.public import check_public
from support import samples
from support.collections import Judgements
from support.files import MemoryFiles
from support.histories import TIME

EN, ES = LanguageTag("en"), LanguageTag("es")
PATH = "schemaorg/en/miscarriage.jsonld"

Node = dict[str, Any]
Break = Callable[[Node], object]


@cache
def exported(topic: str, language: LanguageTag) -> Node:
    """Export a bundled topic; what its translation still lacks is there in English."""
    policy = LanguagePolicy(policy="fallback", threshold=0)
    collection = Judgements(MemoryFiles.of(samples.files()).configured(languages={ES: policy}))
    page = to_web_page(collection.localized(topic, language), collection.edition(topic, language))
    return mark_version(page, History(time=TIME))


def miscarriage(language: LanguageTag = EN) -> Node:
    return deepcopy(exported("miscarriage", language))


def broken(break_it: Break) -> list[Problem]:
    document = miscarriage()
    break_it(document)
    return check(document)


def check(document: Node) -> list[Problem]:
    """Check a document as publishing does."""
    return check_exported(format_named("schemaorg"), document, PATH)


def found(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.check.removeprefix("schemaorg-"), problem.pointer) for problem in problems]


def groups(document: Node) -> list[Node]:
    return [part for part in document["hasPart"] if part["@type"] == "WebPageElement"]


def links(document: Node) -> list[Node]:
    return [each["item"] for group in groups(document) for each in group["mainEntity"]["itemListElement"]]


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("topic", samples.TOPICS)
def test_what_we_export_is_clean(topic: str, language: LanguageTag) -> None:
    document = exported(topic, language)
    assert check(document) == []


@pytest.mark.parametrize("topic", samples.TOPICS)
def test_the_editions_that_we_export_agree(topic: str) -> None:
    assert (
        check_reciprocity({language: exported(topic, language) for language in samples.LANGUAGES}, topic)
        == []
    )


ABOUT_TEST = {"@type": "MedicalTest", "name": "Ultrasound"}
QUESTION = {"@type": "Question", "name": "Why?", "inLanguage": "en"}


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        pytest.param(
            lambda page: page.update(alsoCalled=["Pregnancy loss"]),
            ("public-schema", "/alsoCalled"),
            id="unknown property",
        ),
        pytest.param(
            lambda page: page["about"].update(signOrSymptom=ABOUT_TEST),
            ("public-schema", "/about/signOrSymptom"),
            id="wrong range, node",
        ),
        pytest.param(
            lambda page: page["about"]["code"][0].update(code="D000022"),
            ("public-schema", "/about/code/0/code"),
            id="wrong range, literal",
        ),
        pytest.param(
            lambda page: page.update(hasHealthAspect="https://schema.org/CausesHealthAspect"),
            ("public-schema", "/hasHealthAspect"),
            id="wrong domain",
        ),
        pytest.param(
            lambda page: page.update(mainEntity={"@type": "HealthTopicSection"}),
            ("public-schema", "/mainEntity"),
            id="unknown type",
        ),
        pytest.param(
            lambda page: page["hasPart"][0].update(
                hasHealthAspect="https://schema.org/DiagnosisHealthAspect"
            ),
            ("public-schema", "/hasPart/0/hasHealthAspect"),
            id="unknown member",
        ),
        pytest.param(
            lambda page: page["hasPart"][0].update(hasHealthAspect="Causes"),
            ("public-schema", "/hasPart/0/hasHealthAspect"),
            id="member without its address",
        ),
        pytest.param(
            lambda page: page.update(dateModified="05/06/2024"),
            ("public-schema", "/dateModified"),
            id="bad date",
        ),
        pytest.param(
            lambda page: page.update(dateModified="2026-02-30"),
            ("public-schema", "/dateModified"),
            id="no such day",
        ),
        pytest.param(
            lambda page: page.update(lastReviewed="2026-02-03T00:00:00Z"),
            ("public-schema", "/lastReviewed"),
            id="an instant where only a day may stand",
        ),
        pytest.param(
            lambda page: page.update(license="Public domain"),
            ("public-schema", "/license"),
            id="words as an address",
        ),
        pytest.param(
            lambda page: page["relatedLink"].append("miscarriage html"),
            ("public-schema", "/relatedLink/5"),
            id="bad address",
        ),
        pytest.param(
            lambda page: page.update(mainEntity=[QUESTION]),
            ("public-schema", "/mainEntity"),
            id="question without an answer",
        ),
        pytest.param(
            lambda page: groups(page)[0]["mainEntity"]["itemListElement"][0]["item"].pop("name"),
            ("public-schema", "/hasPart/9/mainEntity/itemListElement/0/item"),
            id="list item without a name",
        ),
        pytest.param(
            lambda page: groups(page)[0]["mainEntity"].update(numberOfItems=99),
            ("list-item", "/hasPart/9/mainEntity/numberOfItems"),
            id="wrong number of items",
        ),
        pytest.param(
            lambda page: groups(page)[0]["mainEntity"]["itemListElement"].reverse(),
            ("list-item", "/hasPart/9/mainEntity"),
            id="positions out of order",
        ),
        pytest.param(
            lambda page: page.update(inLanguage="english"),
            ("public-schema", "/inLanguage"),
            id="bad language",
        ),
        pytest.param(
            lambda page: page.update(description={"@value": "Miscarriage", "@language": "EN"}),
            ("public-schema", "/description/@language"),
            id="bad language of a value",
        ),
        pytest.param(lambda page: page.update(aspect="Causes"), ("public-schema", "/aspect"), id="aspect"),
        pytest.param(
            lambda page: page.update(significantLinks="https://example.org/"),
            ("public-schema", "/significantLinks"),
            id="significantLinks",
        ),
        pytest.param(
            lambda page: page["isBasedOn"][0].update({"@id": "miscarriage.html"}),
            ("public-schema", "/isBasedOn/0/@id"),
            id="relative @id",
        ),
        pytest.param(lambda page: page.pop("@id"), ("public-schema", ""), id="root without @id"),
        pytest.param(
            lambda page: page.update(url="https://example.org/"), ("id", "/@id"), id="page not at its address"
        ),
        pytest.param(
            lambda page: page["hasPart"][1].update({"@id": page["hasPart"][0]["@id"], "headline": None}),
            ("public-schema", "/hasPart/1/headline"),
            id="null",
        ),
        pytest.param(
            lambda page: page["hasPart"][0].update(about={"@id": "https://elsewhere.example/x#subject"}),
            ("dangling-id", "/hasPart/0/about/@id"),
            id="reference to nothing",
        ),
        pytest.param(
            lambda page: page["publisher"].update(parentOrganization={"@id": page["about"]["@id"]}),
            ("public-schema", "/publisher/parentOrganization"),
            id="reference to the wrong thing",
        ),
        pytest.param(
            lambda page: page["sdPublisher"].update(name="Somebody else"),
            ("duplicate-id", "/sdPublisher/name"),
            id="one @id, two names",
        ),
        pytest.param(
            lambda page: page.update(inLanguage={"@value": "en"}, position=True),
            ("public-schema", "/position"),
            id="boolean as a number",
        ),
        pytest.param(
            lambda page: page.update(license={"@value": "https://example.org/"}),
            ("public-schema", "/license"),
            id="value object where only an address may stand",
        ),
        pytest.param(
            lambda page: page["about"].update({"@reverse": {}}),
            ("public-schema", "/about/@reverse"),
            id="keyword",
        ),
        pytest.param(
            lambda page: page.update({"@context": "https://example.org/context"}),
            ("public-schema", "/@context"),
            id="foreign context",
        ),
        pytest.param(
            lambda page: page.update({"@context": {"@vocab": "http://schema.org/", "@language": "es"}}),
            ("public-schema", "/@context"),
            id="language in the context",
        ),
    ],
)
def test_a_broken_document_is_reported(break_it: Break, expected: tuple[str, str]) -> None:
    assert expected in found(broken(break_it))


def test_every_fault_is_found_at_once() -> None:
    def break_twice(page: Node) -> None:
        page["url"] = "https://example.org/"
        groups(page)[0]["mainEntity"]["numberOfItems"] = 99

    assert found(broken(break_twice)) == [
        ("id", "/@id"),
        ("list-item", "/hasPart/9/mainEntity/numberOfItems"),
    ]


def test_a_problem_says_what_to_do_and_where_the_standard_says_so() -> None:
    (problem,) = broken(lambda page: page.update(url="https://example.org/"))
    assert problem.path == PATH
    assert problem.hint == "A page is identified by its URL."
    assert problem.spec == "https://schema.org/url"


def test_a_page_may_be_cited_by_two_titles() -> None:
    def cite(page: Node) -> None:
        cited = {name: links(page)[0][name] for name in ("@type", "@id", "url", "inLanguage")}
        page["isBasedOn"].append({**cited, "name": "By another title"})

    assert broken(cite) == []


def disagreements(break_it: Callable[[Node, Node], object]) -> list[tuple[str, str]]:
    english, translated = miscarriage(EN), miscarriage(ES)
    break_it(english, translated)
    return found(check_reciprocity({EN: english, ES: translated}, PATH))


def first_twin(document: Node, term: str) -> Node:
    return next(link for link in links(document) if term in link)


@pytest.mark.parametrize(
    ("break_it", "pointer"),
    [
        pytest.param(lambda en, _: en.pop("workTranslation"), "/workTranslation", id="one way only"),
        pytest.param(
            lambda _, es: es.pop("translationOfWork"), "/translationOfWork", id="the other way only"
        ),
        pytest.param(
            lambda _, es: es.update(translationOfWork={"@id": es["@id"]}), "/translationOfWork", id="itself"
        ),
        pytest.param(lambda _, es: es.update(name="Otro"), "/workTranslation", id="another title"),
        pytest.param(
            lambda _, es: es["about"].update({"@id": "https://example.org/#subject"}),
            "/about/@id",
            id="another subject",
        ),
        pytest.param(lambda _, es: es["about"].pop("code"), "/about/code", id="other codes"),
        pytest.param(lambda _, es: es["hasPart"][0].pop("hasHealthAspect"), "/hasPart", id="another aspect"),
        pytest.param(
            lambda en, _: first_twin(en, "workTranslation").pop("workTranslation"),
            "/hasPart/9/mainEntity/itemListElement/3/item",
            id="a link's translation, one way",
        ),
        pytest.param(
            lambda _, es: first_twin(es, "translationOfWork").pop("translationOfWork"),
            "/hasPart/9/mainEntity/itemListElement/3/item",
            id="a link's translation, the other way",
        ),
    ],
)
def test_editions_that_disagree_are_reported(break_it: Callable[[Node, Node], object], pointer: str) -> None:
    assert ("reciprocity", pointer) in disagreements(break_it)


def test_without_the_original_there_is_nothing_to_compare() -> None:
    assert check_reciprocity({ES: miscarriage(ES)}, PATH) == []


def schema_faults(break_it: Break) -> list[str]:
    document = miscarriage()
    break_it(document)
    return [problem.pointer for problem in check_public("public/schemaorg.schema.json", document, PATH)]


@pytest.mark.parametrize(
    ("break_it", "pointer"),
    [
        pytest.param(lambda page: page.update(extra=1), "/extra", id="unknown member"),
        pytest.param(lambda page: page.pop("inLanguage"), "", id="missing member"),
        pytest.param(lambda page: page.update(dateModified="2026-02-03\n"), "/dateModified", id="new line"),
        pytest.param(lambda page: page["about"].update(code=[]), "/about/code", id="empty array"),
    ],
)
def test_the_public_schema_refuses_what_we_do_not_promise(break_it: Break, pointer: str) -> None:
    assert any(fault.startswith(pointer) for fault in schema_faults(break_it))


def walk_schema(schema: object) -> list[Node]:
    if isinstance(schema, list):
        return [found for each in schema for found in walk_schema(each)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(found for each in schema.values() for found in walk_schema(each))]


def test_the_public_schema_describes_every_property_and_refuses_all_others() -> None:
    schema = json.loads((DATA / "schema/public/schemaorg.schema.json").read_bytes())
    for part in walk_schema(schema):
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            for name, below in part["properties"].items():
                target = schema["$defs"][below["$ref"].rpartition("/")[2]] if "$ref" in below else below
                assert below.get("description") or target.get("description"), name


@cache
def facts() -> Node:
    """What schema.org's vocabulary says of the terms that we know; the conformance tests compare them."""
    path = samples.ROOT / "tests/conformance/schemaorg/terms.json"
    terms: Node = json.loads(path.read_bytes())
    return terms


def ancestors(name: str) -> set[str]:
    return {name}.union(*map(ancestors, facts()["classes"][name]["subClassOf"]))


def alternatives(schema: Node) -> list[Node]:
    """Return the forms that a value may have, arrays and references resolved."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return alternatives({"name": name, **packaged("public/schemaorg.schema.json")["$defs"][name]})
    if "oneOf" in schema:
        return [form for each in schema["oneOf"] for form in alternatives(each)]
    return alternatives(schema["items"]) if "items" in schema else [schema]


def types_of(node: Node) -> list[str]:
    types = alternatives(node["properties"]["@type"])[0]
    return list(types["enum"]) if "enum" in types else [types["const"]]


def ranges_of(form: Node) -> set[str]:
    """Return what a property may take so that its values have this form."""
    if form.get("type") == "object":
        if "@type" in form["properties"]:
            return set.intersection(*map(ancestors, types_of(form)))
        return {"Text"} if "@value" in form["properties"] else {"Thing"}
    if form.get("type") == "integer":
        return {"Integer", "Number"}
    values = form.get("enum", [form["const"]] if "const" in form else [])
    if values and str(values[0]).startswith("https://schema.org/"):
        members = {str(value).rpartition("/")[2] for value in values}
        return {name for name, known in facts()["enumerations"].items() if members <= set(known)}
    if values == [True]:
        return {"Boolean"}
    return {"url": {"URL"}, "date": {"Date"}}.get(form.get("name", ""), {"Text"})


def test_the_public_schema_allows_only_what_the_vocabulary_knows() -> None:
    public = packaged("public/schemaorg.schema.json")
    for node in walk_schema(public):
        if "@type" not in node.get("properties", ()):
            continue
        for name, below in node["properties"].items():
            if name.startswith("@"):
                continue
            known = facts()["properties"][name]
            assert "supersededBy" not in known
            typed = node["then"]["properties"] if name == "code" else node["properties"]
            for type_ in types_of({"properties": typed}):
                assert not ancestors(type_).isdisjoint(known["domain"]), (type_, name)
            for form in alternatives(below):
                assert ranges_of(form) & {*known["range"]}, (name, form)


def test_the_works_that_may_have_several_titles_are_those_of_the_schema() -> None:
    public = packaged("public/schemaorg.schema.json")
    types = {
        type_
        for node in walk_schema(public)
        if {"@type", "@id", "name"} <= node.get("properties", {}).keys() and "code" not in node["properties"]
        for type_ in types_of(node)
    }
    assert {type_ for type_ in types if "CreativeWork" in ancestors(type_)} == WORKS


def test_the_context_maps_every_address_and_date_as_schema_org_does() -> None:
    context = json.loads((DATA / "schema/public/context.jsonld").read_bytes())["@context"]
    terms, public = facts(), packaged("public/schemaorg.schema.json")
    emitted = {name for part in walk_schema(public) for name in part.get("properties", ())}
    for name in emitted - {"@context", "@type", "@id", "@value", "@language"}:
        kinds = set(terms["properties"][name]["range"])
        if "Date" in kinds:
            assert context[name] == {"@id": f"schema:{name}", "@type": "schema:Date"}
        elif "URL" in kinds and "Text" not in kinds:
            assert context[name] == {"@id": f"schema:{name}", "@type": "@id"}
        else:
            assert name not in context
