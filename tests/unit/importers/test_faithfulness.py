"""The checker of faithfulness, proved by mutants: whatever is changed in a published text is found."""

import copy
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest

from healthtopics.formats.fhir.reading import read_bundle
from healthtopics.formats.html.reading import read_page
from healthtopics.formats.schemaorg.reading import read_web_page
from healthtopics.importers.medlineplus.faithfulness import check_account
from healthtopics.importers.medlineplus.record import Record
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem

HTML = """<p>The abdomen does not <em>always</em> hurt.</p>
<h3>When should I call?</h3>
<p>Call if you have a fever of 101&nbsp;°F for 2 days. See
<a href="https://medlineplus.gov/fever.html">fever</a>.</p>
<ul><li>Strong pain<ul><li>In the chest</li></ul></li><li>No stool</li></ul>
<p class="NLMattribution">National Institute of Pain</p>"""
RECORD = Record(
    id="1", language=LanguageTag("en"), title="Pain", url="https://medlineplus.gov/pain.html", description="",
    created="", line=1, summary=HTML, twin=None, institute=None, also_called=(), see_references=(), groups=(),
    mesh=(), other_languages=(), related=(), sites=(),
)  # fmt: skip


def narrative(text: str) -> dict[str, str]:
    return {
        "status": "additional",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml" lang="en">{text}</div>',
    }


def section(code: str, title: str, text: str) -> dict[str, Any]:
    coding = {"system": "https://topics.example.org/fhir/CodeSystem/topic-section", "code": code}
    return {"id": code, "title": title, "code": {"coding": [coding]}, "text": narrative(text)}


def check_bundle(record: Record, bundle: Any, name: str, labels: Collection[str]) -> list[Problem]:
    return check_account(record, read_bundle(bundle), name, labels)


def check_web_page(record: Record, page: Any, name: str, labels: Collection[str]) -> list[Problem]:
    return check_account(record, read_web_page(page), name, labels)


BUNDLE: dict[str, Any] = {
    "entry": [
        {
            "resource": {
                "section": [
                    {
                        **section("summary", "Summary", ""),
                        "section": [
                            section(
                                "overview", "Overview", "<p>The abdomen does not <em>always</em> hurt.</p>"
                            ),
                            section(
                                "see-a-doctor",
                                "When should I call?",
                                "<p>Call if you have a fever of 101\u00a0°F for 2 days. "
                                'See <a href="https://medlineplus.gov/fever.html">fever</a>.</p>'
                                "<ul><li>Strong pain<ul><li>In the chest</li></ul></li>"
                                "<li>No stool</li></ul>",
                            ),
                        ],
                    },
                    section(
                        "about",
                        "About",
                        "<p>National Institute of Pain</p><dl><dt>Published by</dt><dd>NLM</dd></dl>",
                    ),
                ]
            }
        }
    ]
}
PAGE: dict[str, Any] = {
    "creditText": "National Institute of Pain",
    "hasPart": [
        {
            "@type": "HealthTopicContent",
            "@id": "p#a",
            "headline": "Overview",
            "text": "The abdomen does not always hurt.",
        },
        {
            "@type": "HealthTopicContent",
            "@id": "p#b",
            "headline": "When should I call?",
            "text": "Call if you have a fever of 101\u00a0°F for 2 days. See fever.\n"
            "Strong pain\nIn the chest\nNo stool",
        },
        {"@type": "WebPageElement", "name": "Links"},
    ],
}
LABELS = {"Overview", "Causes"}
MUTANTS = {
    "a lost not": ("does not ", "does "),
    "another number": ("101", "110"),
    "another unit": ("2 days", "2 weeks"),
    "a block gone": ("No stool", ""),
    "a block more": ("No stool", "No stool. Call at once"),
    "a heading changed": ("When should I call?", "When should you call?"),
    "the attribution changed": ("National Institute of Pain", "Institute of Pain"),
    "blocks in another order": ("Strong pain", "No stool"),
}


def replaced(document: Any, old: str, new: str) -> Any:
    if isinstance(document, str):
        return document.replace(old, new)
    if isinstance(document, list):
        return [replaced(each, old, new) for each in document]
    if isinstance(document, dict):
        return {key: replaced(value, old, new) for key, value in document.items()}
    return document


def test_what_says_the_same_is_faithful() -> None:
    assert check_bundle(RECORD, BUNDLE, "b.json", LABELS) == []
    assert check_web_page(RECORD, PAGE, "p.jsonld", LABELS) == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_change_is_found_in_fhir(mutant: str) -> None:
    problems = check_bundle(RECORD, replaced(copy.deepcopy(BUNDLE), *MUTANTS[mutant]), "b.json", LABELS)
    assert "medlineplus-unfaithful" in {problem.check for problem in problems}
    assert all(problem.path == "b.json" for problem in problems)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_change_is_found_in_schema_org(mutant: str) -> None:
    problems = check_web_page(RECORD, replaced(copy.deepcopy(PAGE), *MUTANTS[mutant]), "p.jsonld", LABELS)
    assert [problem.check for problem in problems] != []


def test_a_link_that_leads_elsewhere_is_found() -> None:
    other = replaced(copy.deepcopy(BUNDLE), "medlineplus.gov/fever", "medlineplus.gov/cold")
    (problem,) = check_bundle(RECORD, other, "b.json", LABELS)
    assert problem.check == "medlineplus-link-lost"
    assert "medlineplus.gov/fever.html" in problem.message


HTML_PAGE = """<!DOCTYPE html>
<html lang="en"><body><main>
<section id="overview">
<p>The abdomen does not <em>always</em> hurt.</p>
</section>
<section id="see-a-doctor">
<h2>When should I call?</h2>
<p>Call if you have a fever of 101\u00a0°F for 2 days. See
<a href="https://medlineplus.gov/fever.html">fever</a>.</p>
<ul>
<li>Strong pain
<ul>
<li>In the chest</li>
</ul>
</li>
<li>No stool</li>
</ul>
<p class="attribution">National Institute of Pain</p>
</section>
<section id="page_links"><h2>Learn more</h2></section>
</main></body></html>"""


def test_a_page_that_says_the_same_is_faithful() -> None:
    assert check_account(RECORD, read_page(HTML_PAGE), "p.html", LABELS) == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_change_is_found_in_a_page(mutant: str) -> None:
    changed = HTML_PAGE.replace(*MUTANTS[mutant])
    problems = check_account(RECORD, read_page(changed), "p.html", LABELS)
    assert "medlineplus-unfaithful" in {problem.check for problem in problems}


def test_links_and_kinds_are_found_in_a_page() -> None:
    changed = HTML_PAGE.replace("plus.gov/fever", "plus.gov/cold").replace("h2>", "p>")
    problems = check_account(RECORD, read_page(changed), "p.html", LABELS)
    assert [problem.check for problem in problems] == ["medlineplus-link-lost", "medlineplus-kind-changed"]


def test_a_label_instead_of_a_heading_is_not_a_heading() -> None:
    renamed = replaced(copy.deepcopy(BUNDLE), "When should I call?", "Causes")
    assert [problem.check for problem in check_bundle(RECORD, renamed, "b.json", LABELS)] == [
        "medlineplus-unfaithful"
    ]


# ── links and kinds of lines whose text is the same ──

LINKS = (
    '<p>See <a href="https://a.example/1">one</a> and <a href="https://a.example/2">two</a>.</p>'
    '<p>Or <a href="https://a.example/3">three</a>, then rest.</p>'
)


def checked(original: str, published: str, title: str = "Overview") -> list[Problem]:
    """Compare a summary with a document that has it as one section."""
    document = {
        "entry": [
            {
                "resource": {
                    "section": [{**section("summary", "", ""), "section": [section("x", title, published)]}]
                }
            }
        ]
    }
    return check_bundle(replace(RECORD, summary=original), document, "b.json", LABELS)


def test_links_are_compared_as_addresses_however_they_are_written() -> None:
    published = LINKS.replace("https:", "http:").replace('example/2"', 'example/%32/"')
    assert checked(LINKS, published) == []


@pytest.mark.parametrize(
    ("published", "message"),
    [
        (
            LINKS.replace("/1", "/x").replace("/2", "/1").replace("/x", "/2"),
            (
                "the links of “See one and two.” are https://a.example/2, https://a.example/1, "
                "the original has https://a.example/1, https://a.example/2."
            ),
        ),
        (
            LINKS.replace('<a href="https://a.example/3">three</a>', "three"),
            "the links of “Or three, then rest.” are none, the original has https://a.example/3.",
        ),
        (
            LINKS.replace("rest", '<a href="https://a.example/3">rest</a>'),
            (
                "the links of “Or three, then rest.” are https://a.example/3, https://a.example/3, "
                "the original has https://a.example/3."
            ),
        ),
    ],
    ids=["swapped", "lost", "added"],
)
def test_a_line_whose_links_differ_is_an_error(published: str, message: str) -> None:
    (problem,) = checked(LINKS, published)
    assert (problem.check, problem.level) == ("medlineplus-link-lost", "error")
    assert problem.message == message


def test_links_that_changed_places_between_lines_are_found() -> None:
    swapped = LINKS.replace("/1", "/x").replace("/3", "/1").replace("/x", "/3")
    assert [problem.check for problem in checked(LINKS, swapped)] == ["medlineplus-link-lost"] * 2


@pytest.mark.parametrize(
    ("original", "published", "message"),
    [
        (
            "<ul><li>Rest</li></ul>",
            "<p>Rest</p>",
            "“Rest” is a paragraph, in the original an item of a list.",
        ),
        ("<p>A</p><h3>Rest</h3>", "<p>A</p><p>Rest</p>", "“Rest” is a paragraph, in the original a heading."),
        (
            "<p>Rest</p>",
            "<ul><li>Rest</li></ul>",
            "“Rest” is an item of a list, in the original a paragraph.",
        ),
    ],
    ids=["list", "heading", "paragraph"],
)
def test_the_same_text_as_another_kind_is_a_warning(original: str, published: str, message: str) -> None:
    (problem,) = checked(original, published)
    assert (problem.check, problem.level) == ("medlineplus-kind-changed", "warning")
    assert problem.message == message


def test_schema_org_has_neither_links_nor_kinds() -> None:
    record = replace(RECORD, summary=LINKS + "<ul><li>Rest</li></ul>")
    text = "See one and two.\nOr three, then rest.\nRest"
    page = {"hasPart": [{"@type": "HealthTopicContent", "headline": "Overview", "text": text}]}
    assert check_web_page(record, page, "p.jsonld", LABELS) == []


def test_a_label_that_is_a_heading_of_the_original_must_be_published() -> None:
    original, text = "<h3>Causes</h3><p>Many.</p>", "Many."
    assert checked(original, f"<p>{text}</p>", "Causes") == []
    page = {"hasPart": [{"@type": "HealthTopicContent", "headline": "Causes", "text": text}]}
    record = replace(RECORD, summary=original)
    assert check_web_page(record, page, "p.jsonld", LABELS) == []
    assert [problem.check for problem in checked(original, f"<p>{text}</p>", "Overview")] == [
        "medlineplus-unfaithful"
    ]
