"""The checker of pages: each fault that it knows, made in a page that is right."""

from dataclasses import replace

import pytest

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.formats.html.checking import check_page
from healthtopics.formats.html.exporting import to_page
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import Text
from support import pages, samples
from support.documents import resource, section, topic
from support.localized import localize

ES = LanguageTag("es")
TOPIC = localize(
    plan_messages(packaged("topic.schema.json")),
    topic(
        alsoCalled=["Wheezing"],
        sections=[
            section(
                "causes",
                {"paragraph": 'Of <a href="https://example.org/air">air</a>.'},
                {"subheading": "More"},
                {"list": [{"item": "One", "list": ["Two"]}]},
            ),
            section(
                "help",
                {"callout": "Call 911", "urgency": "emergency", "body": [{"paragraph": "Now."}]},
            ),
        ],
        resources=[resource(), resource("hidden", title="Hidden", categories={"es": []})],
    ),
    Catalogue.of(ES, [Message(Key("title", "Asthma"), "Asma")]),
)
DATA = {
    **pages.data(TOPIC),
    "hasPart": [{"@id": "https://topics.example/es/asthma#causes", "about": {"@id": "https://x.example/"}}],
}
PAGE = to_page(TOPIC, pages.edition(TOPIC, SOURCE), DATA)

NOW = '<p><span lang="en">Now.</span></p>'
"""The text of the callout."""


def found(page: str) -> list[str]:
    problems = check_page(page, "html/es/asthma.html", TOPIC)
    assert {problem.path for problem in problems} <= {"html/es/asthma.html"}
    return [problem.check for problem in problems]


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("name", samples.TOPICS)
def test_nothing_is_wrong_with_the_bundled_pages(name: str, language: str) -> None:
    page = (samples.ROOT / f"exports/examples/html/{language}/{name}.html").read_text()
    assert check_page(page, "page", samples.localized(name, language)) == []


def test_nothing_is_wrong_with_the_page() -> None:
    assert found(PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("</main>", "", "html-ill-formed"),
        ("<h1>", "&nbsp;<h1>", "html-ill-formed"),
        ('<html lang="es"', '<html lang="pt"', "html-language"),
        ('<html lang="es"', "<html", "html-language"),
        ('lang="es" dir="ltr"', 'lang="es"', "html-language"),
        ('lang="es" dir="ltr"', 'lang="es" dir="rtl"', "html-language"),
        ('<span lang="en">Wheezing', '<span lang="english">Wheezing', "html-language"),
        ('<span lang="en">Wheezing', '<span lang="ar">Wheezing', "html-language"),
        ("<h1>Asma</h1>", "<p>Asma</p>", "html-heading"),
        ("<h1>Asma</h1>", "<h1>Asma</h1><h1>Asma</h1>", "html-heading"),
        ("<h1>Asma</h1>", "<h2>Asma</h2><h1>Asma</h1>", "html-heading"),
        ("<h1>Asma</h1>", "<h1>Asma</h1><h2> </h2>", "html-heading"),
        ('<h3><span lang="en">More</span></h3>', '<h4><span lang="en">More</span></h4>', "html-heading"),
        ("<title>Asma</title>", "<title> </title>", "html-heading"),
        ("<title>Asma</title>", "", "html-heading"),
        ('id="causes"', 'id="page_links"', "html-duplicate-id"),
        ('id="main_content"', 'id="content"', "html-link"),
        ('id="page_languages"', 'id="languages"', "html-link"),
        ('href="https://example.org/air"', 'href="/air"', "html-link"),
        ('href="https://example.org/air"', 'href="javascript:alert(1)"', "html-link"),
        ('href="https://example.org/air"', "", "html-link"),
        (">air<", "><", "html-empty-link"),
        ('rel="canonical"', 'rel="shortlink"', "html-alternate"),
        ('hreflang="en" href="https://topics', 'hreflang="es" href="https://topics', "html-alternate"),
        ('alternate" hreflang="es"', 'alternate" hreflang="pt"', "html-alternate"),
        ('type="application/ld+json"', 'type="text/javascript"', "html-script"),
        ("</body>", "<script>1</script></body>", "html-script"),
        ("<main ", '<main onclick="x" ', "html-script"),
        ("<h1>Asma</h1>", '<h1>Asma</h1><img alt="No" />', "html-element"),
        ("<h1>Asma</h1>", '<h1 title="No">Asma</h1>', "html-element"),
        ("<h1>Asma</h1>", '<h1>Asma</h1><section aria-labelledby="page_languages" />', "html-link"),
        ("<head>", '<head><base href="https://example.net/" />', "html-element"),
        ("<head>", '<head><meta name="robots" content="noindex" />', "html-element"),
        ("<head>", '<head><meta http-equiv="refresh" content="0" />', "html-element"),
        ('type="application/ld+json"', 'type="text/javascript"', "html-data"),
        ('{"@id"', '{"@id" "@id"', "html-data"),
        ('{"@id"', '[{"@id"', "html-data"),
        ('"inLanguage":"es"', '"inLanguage":"en"', "html-data"),
        ('{"@id":"https://topics.example/es/', '{"@id":"https://topics.example/en/', "html-data"),
        ("es/asthma#causes", "es/asthma#outlook", "html-data"),
        ("es/asthma#causes", "es/cough#causes", "html-data"),
        ("Wheezing", "Whistling", "html-text"),
        ('class="urgency"', 'class="by"', "html-callout"),
        ('class="urgency">the emergency:', 'class="urgency">', "html-callout"),
        ('aria-labelledby="help_callout_1_heading"', "", "html-callout"),
        (NOW, f"<details><summary>x</summary>{NOW}</details>", "html-hidden"),
        (NOW, NOW.replace("<p", '<p class="whole"'), "html-hidden"),
        (NOW, NOW.replace("<p", '<p class="skip"'), "html-hidden"),
        (NOW, NOW.replace("<p", '<p class="hidden"'), "html-hidden"),
        (NOW, NOW.replace("<p", '<p role="presentation"'), "html-element"),
        (NOW, NOW.replace("<p", '<p role="search"'), "html-element"),
        (NOW, f"{NOW}<div>x</div>", "html-element"),
        (NOW, f'{NOW}<form action="https://example.net/"></form>', "html-element"),
        ("</form>", '<input name="insurance" /></form>', "html-element"),
        ('action="https://topics.example/es/search"', 'action="/es/search"', "html-link"),
        ('rel="icon" type="image/svg+xml" href="data:', 'rel="icon" href="x-data:', "html-link"),
        ('property="og:title"', 'property="og:image"', "html-element"),
        ('property="og:title"', 'property="og:title" name="robots"', "html-element"),
        ('href="https://example.org/air"', 'href="tel:+1-900-555-0100"', "html-link"),
        ('<span lang="en">Wheezing</span>', "Wheezing", "html-text"),
        ('<span lang="en">Wheezing</span>', 'Wheezing <span lang="en">x</span>', "html-text"),
        ("Two", "", "html-text"),
    ],
)
def test_fault(old: str, new: str, check: str) -> None:
    assert old in PAGE
    assert check in found(PAGE.replace(old, new, 1))


def test_a_text_is_looked_for_in_the_body_only() -> None:
    assert "html-text" not in found(PAGE.replace("<h1>Asma</h1>", "<h1>Otra</h1>", 1))
    body = PAGE.index("<body>")
    assert found(PAGE[:body] + PAGE[body:].replace("Asma", "Otra")) == ["html-text"]


def test_a_text_that_the_page_does_not_know_is_missed() -> None:
    changed = replace(TOPIC, description=Text("Nothing less.", ES))
    (problem,) = check_page(PAGE, "page", changed)
    assert problem.check == "html-text"
    assert "Nothing less." in problem.message


def test_data_may_hold_what_looks_like_an_escape() -> None:
    data = {**DATA, "description": "Both & and \\u0026."}
    assert found(to_page(TOPIC, pages.edition(TOPIC, SOURCE), data)) == []
