"""The checker of faithfulness, proved by mutants: whatever is changed in a published text is found."""

import copy
from typing import Any

import pytest

from healthtopics.importers.medlineplus.faithfulness import check_bundle, check_web_page
from healthtopics.importers.medlineplus.record import Record
from healthtopics.language import LanguageTag

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
    return {"title": title, "code": {"coding": [{"code": code}]}, "text": narrative(text)}


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
        {"@type": "HealthTopicContent", "headline": "Overview", "text": "The abdomen does not always hurt."},
        {
            "@type": "HealthTopicContent",
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


def test_a_label_in_the_place_of_a_heading_is_no_heading() -> None:
    renamed = replaced(copy.deepcopy(BUNDLE), "When should I call?", "Causes")
    assert [problem.check for problem in check_bundle(RECORD, renamed, "b.json", LABELS)] == [
        "medlineplus-unfaithful"
    ]
