"""Every format reads what it exports: the accounts of an edition say the same."""

from collections.abc import Mapping

import pytest
from lxml import etree

from healthtopics.formats.account import Account, Mark, Passage, SectionAccount
from healthtopics.formats.table import format_named
from healthtopics.formats.xhtml import read_text
from support.samples import LANGUAGES, ROOT, TOPICS

FORMATS = ("fhir-r4", "fhir-r5", "schemaorg", "html")
"""Those that hold a whole edition."""


def account(name: str, topic: str, language: str) -> Account:
    format_ = format_named(name)
    data = (ROOT / "exports/examples" / format_.artifact(language, topic)).read_bytes()
    return format_.read(format_.parse(data))


def sections(account: Account) -> Mapping[str, SectionAccount]:
    assert account.sections is not None
    return account.sections


def urls(account: Account) -> dict[str, list[str]]:
    assert account.links is not None
    return {key: [link.url for link in links] for key, links in account.links.items()}


def words(account: Account) -> list[str]:
    """Return every text of an account, attributions last; headings that may be labels are left out."""
    headings = {section.heading for section in sections(account).values()}
    passages = [each for section in sections(account).values() for each in section.passages]
    credits_ = [*account.credits, *(each for each in passages if each.kind == "attribution")]
    body = [each for each in passages if each.kind != "attribution" and each.text not in headings]
    return [each.text for each in (*body, *credits_)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("name", FORMATS)
def test_formats_say_the_same_of_an_edition(name: str, topic: str, language: str) -> None:
    expected, actual = account(FORMATS[0], topic, language), account(name, topic, language)
    assert actual.language == expected.language == language
    assert actual.title == expected.title
    assert list(sections(actual)) == list(sections(expected))
    headings = [each.heading for each in sections(expected).values()]
    assert [each for each in words(actual) if each not in headings] == words(expected)
    assert urls(actual) == urls(expected)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_translation_names_its_original(name: str, topic: str) -> None:
    english, spanish = (account(name, topic, language) for language in ("en", "es"))
    assert spanish.original == english.address
    assert english.original == ""
    if english.translations is not None:
        assert english.translations == {"es": spanish.address}


@pytest.mark.parametrize("topic", TOPICS)
def test_texts_keep_their_kinds_and_links_in_markup(topic: str) -> None:
    narrated, shown = (account(name, topic, "en") for name in ("fhir-r4", "html"))
    for key, section in sections(narrated).items():
        page = [each for each in sections(shown)[key].passages if each.kind != "attribution"]
        headed = [Passage(section.heading or "", "heading"), *section.passages]
        assert page in (headed, list(section.passages))


@pytest.mark.parametrize(
    ("xhtml", "expected"),
    [
        (
            "<div>loose <p>text</p> around</div>",
            [("loose", "paragraph"), ("text", "paragraph"), ("around", "paragraph")],
        ),
        ("<div><ul><li>a<ul><li>b</li></ul>c</li></ul></div>", [("a", "item"), ("b", "item"), ("c", "item")]),
        ("<div><h3>a</h3><p>b\n <em>c</em></p></div>", [("a", "heading"), ("b c", "paragraph")]),
        ('<div><p class="attribution">a</p></div>', [("a", "attribution")]),
        ("<div><p> </p></div>", []),
    ],
)
def test_no_text_is_lost_wherever_it_is(xhtml: str, expected: list[tuple[str, str]]) -> None:
    passages, *_ = read_text([etree.fromstring(xhtml)])
    assert [(each.text, each.kind) for each in passages] == expected


def test_links_and_languages_of_the_text_are_read() -> None:
    root = etree.fromstring(
        '<p lang="es">a <a href="x:1">b</a><a href="x:2"> </a> <span lang="en">c</span></p>'
    )
    passages, _, languages, _ = read_text([root])
    marks = (Mark("x:1", "b"), Mark("en", "c"))
    assert passages == (Passage("a b c", "paragraph", ("x:1",), marks=marks),)
    assert languages == {"en"}


def test_the_language_of_a_linked_page_is_left_out_of_the_text() -> None:
    root = etree.fromstring(
        '<p lang="es">Vea <a href="x:1">b</a><span class="language"> (<span lang="en">x</span>)</span>.</p>'
    )
    passages, _, languages, _ = read_text([root])
    marks = (Mark("x:1", "b"),)
    assert passages == (Passage("Vea b.", "paragraph", ("x:1",), marks=marks, notes=("x",)),)
    assert not languages


@pytest.mark.parametrize("name", ["fhir-r4", "fhir-r5", "schemaorg"])
@pytest.mark.parametrize("document", [{}, {"entry": 5}, {"hasPart": "a", "about": []}])
def test_reading_does_not_fail_on_other_documents(name: str, document: dict[str, object]) -> None:
    assert format_named(name).read(document).sections == {}


@pytest.mark.parametrize("page", ["", "<p>", "<html><body><main><section/></main></body></html>"])
def test_reading_does_not_fail_on_other_pages(page: str) -> None:
    assert format_named("html").read(page).sections == {}
