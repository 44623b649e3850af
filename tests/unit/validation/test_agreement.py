import json
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from healthtopics.formats.account import Account
from healthtopics.formats.table import OWN, format_named
from healthtopics.language import LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.topic import Block, List, ListItem, LocalizedTopic, Text, TextState
from healthtopics.validation.agreement import check_agreement
from healthtopics.validation.expected import expect
from support import samples
from support.samples import documented_checks

DOCUMENTS = Path(__file__).parent / "documents"
FORMATS = ("fhir-r4", "fhir-r5", "schemaorg")

Documents = dict[tuple[str, str], dict[str, Any]]


@cache
def _text(name: str) -> str:
    return (DOCUMENTS / name).read_text(encoding="utf-8")


def documents() -> Documents:
    """All documents of one topic, which agree."""
    return {
        (format_, language): json.loads(_text(f"{format_}.{language}.json"))
        for format_, language in product(FORMATS, ("en", "es"))
    }


def accounts_of(changed: Documents) -> dict[tuple[str, str], Account]:
    return {(name, language): format_named(name).read(each) for (name, language), each in changed.items()}


def check(changed: Documents, carried: Collection[str] = (), *, is_free: bool = False) -> list[Problem]:
    compared = {facts: each for facts, each in changed.items() if facts[1] not in carried}
    return check_agreement(accounts_of(compared), "miscarriage", carried, is_free=is_free)


def composition(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["entry"][0]["resource"]
    return found


def questions(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = composition(document)["section"][1]["section"]
    return found


def link(document: dict[str, Any]) -> dict[str, Any]:
    """The first linked page of a schema.org document."""
    found: dict[str, Any] = document["hasPart"][2]["mainEntity"]["itemListElement"][0]["item"]
    return found


def in_english(change: str) -> Callable[[Documents], object]:
    """Give the Spanish document the English text of its first section; `change` goes around it."""

    def apply(d: Documents) -> None:
        english = questions(d["fhir-r4", "en"])[0]["text"]["div"].replace('"en"', '"es"')
        start, end = english.index(">") + 1, english.rindex("<")
        div = english[:start] + change.format(english[start:end]) + english[end:]
        for version in ("fhir-r4", "fhir-r5"):
            questions(d[version, "es"])[0]["text"]["div"] = div

    return apply


def without_section(d: Documents, *languages: str) -> None:
    for language in languages:
        del questions(d["fhir-r4", language])[1]
        del questions(d["fhir-r5", language])[1]
        del d["schemaorg", language]["hasPart"][1]


FAULTS: dict[str, tuple[str, str, Callable[[Documents], object]]] = {
    "title differs between formats": (
        "agreement-title",
        "schemaorg/en/miscarriage",
        lambda d: d["schemaorg", "en"].update(name="Miscarriages"),
    ),
    "code missing in one format": (
        "agreement-codes",
        "fhir-r5/en/miscarriage",
        lambda d: composition(d["fhir-r5", "en"]).pop("event"),
    ),
    "code differs between languages": (
        "agreement-codes",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"]["about"]["code"][0].update(codeValue="D000023"),
    ),
    "sections in another order": (
        "agreement-sections",
        "fhir-r5/en/miscarriage",
        lambda d: questions(d["fhir-r5", "en"]).reverse(),
    ),
    "section missing in one format": (
        "agreement-sections",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"]["hasPart"].pop(1),
    ),
    "heading differs between formats": (
        "agreement-headings",
        "fhir-r5/es/miscarriage",
        lambda d: questions(d["fhir-r5", "es"])[0].update(title="¿Qué?"),
    ),
    "aspect differs between languages": (
        "agreement-aspects",
        "fhir-r4/es/miscarriage",
        lambda d: questions(d["fhir-r4", "es"])[0]["code"]["coding"][0].update(code="causes"),
    ),
    "health aspect differs between languages": (
        "agreement-aspects",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"]["hasPart"][0].pop("hasHealthAspect"),
    ),
    "link differs between formats": (
        "agreement-links",
        "fhir-r5/en/miscarriage",
        lambda d: d["fhir-r5", "en"]["entry"][1]["resource"]["content"][0]["attachment"].update(url="a:b"),
    ),
    "link missing in one format": (
        "agreement-links",
        "schemaorg/en/miscarriage",
        lambda d: d["schemaorg", "en"]["hasPart"][2]["mainEntity"].update(itemListElement=[]),
    ),
    "category missing in one format": (
        "agreement-links",
        "schemaorg/en/miscarriage",
        lambda d: d["schemaorg", "en"]["hasPart"].pop(2),
    ),
    "subject differs between languages": (
        "agreement-subject",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"]["about"].update({"@id": "https://a.example/#subject"}),
    ),
    "document in another language": (
        "agreement-language",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"].update(inLanguage="en"),
    ),
    "translation names no original": (
        "agreement-translation",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"].pop("translationOfWork"),
    ),
    "translation names another original": (
        "agreement-translation",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"]["translationOfWork"].update({"@id": "https://a.example/"}),
    ),
    "original names no translation": (
        "agreement-translation",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "en"].pop("workTranslation"),
    ),
    "original names another page": (
        "agreement-translation",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "en"]["workTranslation"][0].update({"@id": "https://a.example/"}),
    ),
    "original names an edition that is not there": (
        "agreement-translation",
        "schemaorg/en/miscarriage",
        lambda d: d["schemaorg", "en"]["workTranslation"].append(
            {"@id": "https://a.example/", "inLanguage": "fr"}
        ),
    ),
    "link names no original": (
        "agreement-translation",
        "schemaorg/es/miscarriage",
        lambda d: link(d["schemaorg", "es"]).pop("translationOfWork"),
    ),
    "link names no translation": (
        "agreement-translation",
        "schemaorg/es/miscarriage",
        lambda d: link(d["schemaorg", "en"]).pop("workTranslation"),
    ),
    "R4 translation transforms nothing": (
        "agreement-translation",
        "fhir-r4/es/miscarriage",
        lambda d: composition(d["fhir-r4", "es"]).pop("relatesTo"),
    ),
    "R4 translation replaces its original": (
        "agreement-translation",
        "fhir-r4/es/miscarriage",
        lambda d: composition(d["fhir-r4", "es"])["relatesTo"][0].update(code="replaces"),
    ),
    "R5 translation transforms itself": (
        "agreement-translation",
        "fhir-r5/es/miscarriage",
        lambda d: composition(d["fhir-r5", "es"])["relatesTo"][0]["resourceReference"]["identifier"].update(
            value="miscarriage/es"
        ),
    ),
    "English text in the Spanish page": (
        "agreement-untranslated",
        "schemaorg/es/miscarriage",
        lambda d: d["schemaorg", "es"]["hasPart"][0].update(text=d["schemaorg", "en"]["hasPart"][0]["text"]),
    ),
    "English text in the Spanish document": (
        "agreement-untranslated",
        "fhir-r4/es/miscarriage",
        in_english("{}"),
    ),
}


CALLOUT_WORDS = {
    "en": ("Emergency", "Call 911 right away if you", "bleed through two pads an hour, for two hours"),
    "es": ("Emergencia", "Llame al 911 de inmediato si", "empapa dos toallas por hora, durante dos horas"),
}


def with_callouts() -> Documents:
    """All documents of one topic, which agree, with a callout in the first section."""
    changed = documents()
    for language, (label, heading, item) in CALLOUT_WORDS.items():
        callout = (
            f'<div class="callout emergency"><p class="urgency">{label}</p><h3>{heading}</h3>'
            f"<ul><li>{item}</li></ul></div>"
        )
        for version in ("fhir-r4", "fhir-r5"):
            text = questions(changed[version, language])[0]["text"]
            text["div"] = text["div"].removesuffix("</div>") + callout + "</div>"
        parts = changed["schemaorg", language]["hasPart"]
        parts.append(
            {
                "@type": "HealthTopicContent",
                "@id": f"{parts[0]['@id']}_callout_1",
                "isPartOf": {"@id": parts[0]["@id"]},
                "inLanguage": language,
                "headline": heading,
                "keywords": {"@type": "DefinedTerm", "termCode": "emergency", "name": label},
                "text": item,
            }
        )
    return changed


def narrate(old: str, new: str) -> Callable[[Documents], object]:
    """Replace words in the Spanish narratives of R5 alone."""

    def apply(d: Documents) -> None:
        text = questions(d["fhir-r5", "es"])[0]["text"]
        assert old in text["div"]
        text["div"] = text["div"].replace(old, new)

    return apply


def in_english_everywhere(d: Documents) -> None:
    """Give the Spanish documents the English words of the callout, and only that."""
    for words, others in zip(CALLOUT_WORDS["es"], CALLOUT_WORDS["en"], strict=True):
        for version in ("fhir-r4", "fhir-r5"):
            text = questions(d[version, "es"])[0]["text"]
            text["div"] = text["div"].replace(words, others)
    d["schemaorg", "es"]["hasPart"][-1] = {
        **d["schemaorg", "en"]["hasPart"][-1],
        "isPartOf": d["schemaorg", "es"]["hasPart"][-1]["isPartOf"],
        "inLanguage": "es",
    }


CALLOUT_FAULTS: dict[str, tuple[str, str, Callable[[Documents], object]]] = {
    "urgency of one format": (
        "agreement-callouts",
        "fhir-r5/es/miscarriage",
        narrate('"callout emergency"', '"callout routine"'),
    ),
    "words for the urgency": (
        "agreement-callouts",
        "fhir-r5/es/miscarriage",
        narrate(">Emergencia<", ">Consejo<"),
    ),
    "heading of one format": (
        "agreement-callouts",
        "fhir-r5/es/miscarriage",
        narrate("Llame al 911", "Llame al 112"),
    ),
    "item lost in one format": (
        "agreement-callouts",
        "fhir-r5/es/miscarriage",
        narrate("<li>empapa dos toallas por hora, durante dos horas</li>", "<li>sangra</li>"),
    ),
    "callout lost in one format": (
        "agreement-callouts",
        "schemaorg/en/miscarriage",
        lambda d: d["schemaorg", "en"]["hasPart"].pop(),
    ),
    "callout lost in one language": (
        "agreement-callouts",
        "schemaorg/es/miscarriage",
        lambda d: d.update(
            {facts: each for facts, each in documents().items() if facts[1] == "es"},
        ),
    ),
    "callout in English and nothing says so": (
        "agreement-untranslated",
        "fhir-r4/es/miscarriage",
        in_english_everywhere,
    ),
}


@pytest.mark.parametrize("name", CALLOUT_FAULTS)
def test_each_contradiction_in_a_callout_is_found(name: str) -> None:
    check_id, path, change = CALLOUT_FAULTS[name]
    changed = with_callouts()
    change(changed)
    problems = check(changed)
    assert {problem.check for problem in problems if problem.level is Level.ERROR} == {check_id}
    assert path in {problem.path for problem in problems}


def test_documents_that_tell_the_same_agree() -> None:
    assert check(documents()) == []
    assert check(with_callouts()) == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_contradiction_is_found(name: str) -> None:
    check_id, path, change = FAULTS[name]
    changed = documents()
    change(changed)
    problems = check(changed)
    assert {problem.check for problem in problems if problem.level is Level.ERROR} == {check_id}
    assert path in {problem.path for problem in problems}


def test_every_check_has_a_case() -> None:
    cases = [*FAULTS.values(), *CALLOUT_FAULTS.values(), *UNTRUE.values()]
    assert {check_id for check_id, *_ in cases} == documented_checks("agreement-")


UNTRUE: dict[str, tuple[str, str, Callable[[dict[str, Any]], object], str]] = {
    "a word of the text": (
        "agreement-text",
        "fhir-r4",
        lambda d: questions(d)[0]["text"].update(div='<div lang="es"><p>Otro texto.</p></div>'),
        "the text of 'overview': paragraph “Otro texto.”, but paragraph “",
    ),
    "a name in the data": (
        "agreement-facts",
        "schemaorg",
        lambda d: d["about"]["code"][0].update(name="Appendicitis"),
        "the codes with their displays (about.code): “MeSH D000022 Appendicitis”, but ",
    ),
}


@pytest.mark.parametrize("name", UNTRUE)
def test_each_document_is_compared_with_its_topic(name: str) -> None:
    check_id, format_, change, message = UNTRUE[name]
    topic, edition = samples.localized("miscarriage", "es"), samples.edition("miscarriage", "es")
    document: dict[str, Any] = json.loads(json.dumps(format_named(format_).export(topic, edition)))
    facts = (format_, "es")
    expected = {facts: expect(topic, edition)}
    assert check_agreement(accounts_of({facts: document}), "miscarriage", (), expected=expected) == []
    change(document)
    (problem, *_) = check_agreement(accounts_of({facts: document}), "miscarriage", (), expected=expected)
    assert problem.check == check_id
    assert problem.path == f"{format_}/es/miscarriage"
    assert problem.message.startswith(message)
    assert problem.message.endswith(" in topics/miscarriage.json.")


@pytest.mark.parametrize(
    ("sentence", "checks"),
    [
        ("Food & Drug Administration is the agency", set()),
        ("Food & Drug Administration is our agency.", {"agreement-untranslated"}),
    ],
)
def test_a_copy_is_as_long_as_its_reader_sees_it_in_every_format(sentence: str, checks: set[str]) -> None:
    changed = documents()
    for language in ("en", "es"):
        for version in ("fhir-r4", "fhir-r5"):
            div = f'<div lang="{language}"><ul><li>{sentence.replace("&", "&amp;")}</li></ul></div>'
            questions(changed[version, language])[0]["text"]["div"] = div
        changed["schemaorg", language]["hasPart"][0]["text"] = sentence
    problems = check(changed)
    assert {problem.check for problem in problems} == checks
    assert len(problems) in {0, len(FORMATS)}


def test_the_spanish_document_may_have_english_text_that_is_marked() -> None:
    changed = documents()
    in_english('<div lang="en" xml:lang="en">{}</div>')(changed)
    page = changed["schemaorg", "es"]["hasPart"][0]
    page.update(text=changed["schemaorg", "en"]["hasPart"][0]["text"], inLanguage="en")
    assert check(changed) == []


def test_a_short_text_and_a_title_may_be_the_same_in_both_languages() -> None:
    changed = documents()
    for language in ("en", "es"):
        page = changed["schemaorg", language]
        page["name"] = "Asma"
        page["hasPart"][0]["text"] = "Asma."
        for version in ("fhir-r4", "fhir-r5"):
            composition(changed[version, language])["title"] = "Asma"
    assert check(changed) == []


def test_a_section_of_short_lines_may_be_the_same_in_both_languages() -> None:
    changed = documents()
    names = ["Mifepristone", "Misoprostol", "Paracetamol", "Ibuprofen"]
    for language in ("en", "es"):
        changed["schemaorg", language]["hasPart"][0]["text"] = "\n".join(names)
        for version in ("fhir-r4", "fhir-r5"):
            div = f'<div lang="{language}"><ul>{"".join(f"<li>{name}</li>" for name in names)}</ul></div>'
            questions(changed[version, language])[0]["text"]["div"] = div
    assert check(changed) == []


def list_links(page: dict[str, Any], *items: dict[str, Any]) -> None:
    page["hasPart"][2]["mainEntity"]["itemListElement"] = [{"item": item} for item in items]


def node(url: str, **members: Any) -> dict[str, Any]:
    return {"@id": url, "url": url, **members}


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        pytest.param(
            [node("a:1", workTranslation=[node("b:1")]), node("a:2", workTranslation=[node("b:1")])],
            [node("b:1", translationOfWork=node("a:1")), node("b:1", translationOfWork=node("a:2"))],
            id="two pages with one twin",
        ),
        pytest.param(
            [node("a:1", workTranslation=[node("b:1")]), node("a:1", workTranslation=[node("b:2")])],
            [node("b:1", translationOfWork=node("a:1")), node("b:2", translationOfWork=node("a:1"))],
            id="one page with two twins",
        ),
    ],
)
def test_links_may_share_their_pages(english: list[dict[str, Any]], spanish: list[dict[str, Any]]) -> None:
    changed = {facts: document for facts, document in documents().items() if facts[0] == "schemaorg"}
    list_links(changed["schemaorg", "en"], *english)
    list_links(changed["schemaorg", "es"], *spanish)
    assert check(changed) == []


def test_every_contradiction_says_where_to_look() -> None:
    changed = documents()
    changed["schemaorg", "en"].update(name="Miscarriages")
    assert all("topics/miscarriage.json" in problem.hint for problem in check(changed))


def test_a_section_that_only_one_language_has_is_worth_a_word() -> None:
    changed = documents()
    without_section(changed, "es")
    problems = check(changed)
    assert {problem.level for problem in problems} == {Level.INFO}
    assert {problem.check for problem in problems} == {"agreement-sections"}


def test_a_topic_that_is_translated_as_a_whole_may_have_other_sections_in_each_language() -> None:
    changed = documents()
    for format_ in ("fhir-r4", "fhir-r5"):
        del questions(changed[format_, "es"])[0]
    del changed["schemaorg", "es"]["hasPart"][0]
    assert {problem.check for problem in check(changed)} == {"agreement-sections"}
    assert check(changed, is_free=True) == []


@pytest.mark.parametrize("written", ["en", "es"])
def test_the_language_of_the_title_of_a_link_is_compared_in_every_format(written: str) -> None:
    """A page in Spanish with an English title."""
    topic, edition = samples.localized("miscarriage", "es"), samples.edition("miscarriage", "es")

    def titled(tag: str) -> LocalizedTopic:
        title = Text("What to do about it", LanguageTag(tag), TextState.TRANSLATED)
        found = [replace(each, title=title) if "es" in each.links else each for each in topic.resources]
        return replace(topic, resources=tuple(found))

    accounts = {
        (name, "es"): format_named(name).read(format_named(name).export(titled(written), edition))
        for name in OWN
    }
    wanted = expect(titled("en"), edition)
    found = check_agreement(accounts, "miscarriage", (), expected=dict.fromkeys(accounts, wanted))
    assert {each.path.split("/")[0] for each in found} == (set() if written == "en" else set(OWN))


def item(text: str, *below: ListItem) -> ListItem:
    return ListItem(Text(text, LanguageTag("es")), below)


NESTED = List((item("Avise", item("de día"), item("de noche")),))
FLAT = List((item("Avise"), item("de día"), item("de noche")))
SHORT = List((item("Avise"),))


def ending_in(topic: LocalizedTopic, block: Block) -> LocalizedTopic:
    """Return a topic whose first section has one block more."""
    first, *others = topic.sections
    return replace(topic, sections=(replace(first, body=(*first.body, block)), *others))


@pytest.mark.parametrize(
    ("wanted", "written", "problems"),
    [
        (NESTED, NESTED, 0),
        (NESTED, SHORT, 4),
        (SHORT, NESTED, 4),
        (NESTED, FLAT, 3),  # a plain text is the same
    ],
    ids=["the same", "lost", "added", "flattened"],
)
def test_a_list_in_an_item_of_one_language_is_compared_with_the_text_of_that_language(
    wanted: List, written: List, problems: int
) -> None:
    """The Spanish text alone has the list: languages may differ in that, a document and its topic may not."""
    topics = {language: samples.localized("miscarriage", language) for language in ("en", "es")}
    editions = {language: samples.edition("miscarriage", language) for language in topics}
    expected = {
        "en": expect(topics["en"], editions["en"]),
        "es": expect(ending_in(topics["es"], wanted), editions["es"]),
    }
    exported = topics | {"es": ending_in(topics["es"], written)}
    accounts = {
        (name, language): format_named(name).read(format_named(name).export(topic, editions[language]))
        for name in OWN
        for language, topic in exported.items()
    }
    found = check_agreement(
        accounts, "miscarriage", (), expected={facts: expected[facts[1]] for facts in accounts}
    )
    assert {(each.check, each.path.split("/")[1]) for each in found} <= {("agreement-text", "es")}
    assert len(found) == problems


def test_sections_that_both_languages_have_are_still_compared() -> None:
    changed = documents()
    for format_ in ("fhir-r4", "fhir-r5"):
        questions(changed[format_, "es"])[0]["code"]["coding"][0]["code"] = "outlook"
    found = check(changed, is_free=True)
    assert {problem.check for problem in found} == {"agreement-aspects"}


def test_editions_may_order_their_sections_each_in_its_way() -> None:
    changed = documents()
    for version in ("fhir-r4", "fhir-r5"):
        questions(changed[version, "es"]).reverse()
    parts = changed["schemaorg", "es"]["hasPart"]
    parts[0], parts[1] = parts[1], parts[0]
    assert check(changed) == []


def test_editions_may_file_their_links_each_in_its_way() -> None:
    changed = documents()
    for version in ("fhir-r4", "fhir-r5"):
        del composition(changed[version, "es"])["section"][2]
    del changed["schemaorg", "es"]["hasPart"][2]
    assert check(changed) == []


def test_an_edition_that_is_held_is_left_out() -> None:
    changed = documents()
    changed["schemaorg", "es"] = {}
    assert check(changed) != []
    assert check(changed, {"es"}) == []


def test_the_original_may_name_an_edition_that_is_held() -> None:
    english = {facts: document for facts, document in documents().items() if facts[1] == "en"}
    assert check(english, {"es"}) == []


def test_one_format_alone_agrees_with_itself() -> None:
    pages = {facts: document for facts, document in documents().items() if facts[0] == "schemaorg"}
    assert check(pages) == []


def test_a_format_is_compared_in_what_it_says() -> None:
    accounts = accounts_of(documents())
    (name, language), account = next(iter(accounts.items()))
    title = replace(account, codes=None, sections=None, links=None)
    others = {
        ("titles", language): title,
        **{facts: each for facts, each in accounts.items() if facts[0] != name},
    }
    assert check_agreement(others, "miscarriage", ()) == []
    others["titles", language] = replace(title, title="Other")
    assert [each.check for each in check_agreement(others, "miscarriage", ())] == ["agreement-title"]


def test_a_gap_does_not_part_the_formats_around_it() -> None:
    changed = documents()
    changed["schemaorg", "en"]["about"]["code"] = []
    changed["schemaorg", "es"]["about"]["code"] = []
    accounts = accounts_of(changed)
    ordered = {(name, "en"): accounts[name, "en"] for name in ("fhir-r4", "fhir-r5", "schemaorg")}
    ordered["fhir-r5", "en"] = replace(accounts["fhir-r5", "en"], codes=None)
    assert "agreement-codes" in {each.check for each in check_agreement(ordered, "miscarriage", ())}


def test_fragments_of_categories_may_have_a_prefix() -> None:
    changed = documents()
    for language in ("en", "es"):
        part = changed["schemaorg", language]["hasPart"][2]
        part["@id"] = part["@id"].replace("#start-here", "#links_start-here")
    assert check(changed) == []


@pytest.mark.parametrize(
    "strange", [{}, {"entry": 5}, {"entry": [{"resource": []}], "hasPart": "a", "about": []}]
)
def test_no_document_causes_an_exception(strange: dict[str, Any]) -> None:
    check(dict.fromkeys(documents(), strange))
