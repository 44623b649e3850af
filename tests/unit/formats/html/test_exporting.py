"""What the page of an edition says, and how."""

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree, html

from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.formats.html.checking import check_page
from healthtopics.formats.html.exporting import Html, templates, to_page
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.schema import packaged, plan_messages
from healthtopics.topic import HELD, Card, LocalizedTopic, Text, texts_in
from support import pages, samples
from support.documents import own, resource, section, topic
from support.localized import localize

PLAN = plan_messages(packaged("topic.schema.json"))
ES = LanguageTag("es")
HOSTILE = '</title></script><script>alert("1")</script>\' & <b>'


def english(**members: Any) -> LocalizedTopic:
    return localize(PLAN, topic(**members), IDENTITY)


def spanish(*messages: Message, **members: Any) -> LocalizedTopic:
    title = Message(Key("title", "Asthma"), "Asma")
    return localize(PLAN, topic(**members), Catalogue.of(ES, [title, *messages]))


def page_of(localized: LocalizedTopic, *languages: LanguageTag, **others: Any) -> Any:
    edition = pages.edition(localized, *languages, **others)
    return etree.fromstring(to_page(localized, edition, pages.data(localized)).encode())


def said(page: Any, path: str) -> list[str]:
    """Return the words, or the values, of what the XPath finds, spaces evened."""
    return [
        str(each) if isinstance(each, str) else " ".join("".join(each.itertext()).split())
        for each in page.xpath(path)
    ]


# ── the whole of a page ──


@pytest.mark.parametrize("language", samples.LANGUAGES)
@pytest.mark.parametrize("name", samples.TOPICS)
def test_browsers_read_the_same_as_xml_tools(name: str, language: str) -> None:
    localized = samples.localized(name, language)
    page = to_page(localized, samples.edition(name, language), {"@id": "x"})
    as_xml = [str(each.tag) for each in etree.fromstring(page.encode()).iter("*")]
    as_html = [str(each.tag) for each in html.document_fromstring(page.encode()).iter("*")]
    assert as_html == as_xml


def test_language_and_direction_of_the_page() -> None:
    page = page_of(spanish())
    assert (page.get("lang"), page.get("dir")) == ("es", "ltr")


def test_head_names_the_page_its_editions_and_who_asks_for_none() -> None:
    page = page_of(spanish(description="Of the lungs."), SOURCE)
    assert said(page, "//title") == ["Asma"]
    assert said(page, "//link[@rel='canonical']/@href") == ["https://topics.example/es/asthma"]
    assert [
        (link.get("hreflang"), link.get("href")) for link in page.iter("link") if link.get("hreflang")
    ] == [
        ("en", "https://topics.example/en/asthma"),
        ("es", "https://topics.example/es/asthma"),
        ("x-default", "https://topics.example/topics/asthma"),
    ]
    (description,) = [each for each in page.iter("meta") if each.get("name") == "description"]
    assert (description.get("content"), description.get("lang")) == ("Of the lungs.", "en")


def test_editions_are_named_in_their_own_language() -> None:
    page = page_of(spanish(), SOURCE)
    english_link, spanish_link = page.xpath("//nav[@class='languages']//a")
    assert (english_link.get("hreflang"), english_link.get("aria-current")) == ("en", None)
    assert (english_link[0].get("lang"), english_link[0].text) == ("en", "English")
    assert (spanish_link.text, spanish_link.get("aria-current")) == ("Español", "page")
    assert not page_of(spanish()).xpath("//nav[@class='languages']")


def test_contents_from_three_headings_on() -> None:
    sections = [section(f"s{n}", {"paragraph": "Text."}, heading=f"Heading {n}") for n in range(3)]
    assert said(page_of(english(sections=sections)), "//nav[@class='contents']//a/@href") == [
        "#s0",
        "#s1",
        "#s2",
    ]
    assert not page_of(english(sections=sections[:2])).xpath("//main/nav")
    del sections[0]["heading"]
    assert not page_of(english(sections=sections)).xpath("//main/nav")


def test_body_of_a_section() -> None:
    blocks: list[dict[str, Any]] = [
        {"paragraph": 'See <a href="topic:cough">cough</a> and <a href="topic:gone">more</a>.'},
        {"subheading": "A & B"},
        {"list": ["One", {"item": "Two", "list": ["<em>Three</em>"], "ordered": True}]},
        {"attribution": "By us."},
    ]
    localized = english(sections=[section("a", *blocks)])
    page = page_of(localized, topics={"cough": pages.card("cough", SOURCE)})
    (part,) = page.xpath("//section[@id='a']")
    text = etree.tostring(part, encoding="unicode").split()
    assert " ".join(text) == (
        '<section id="a"> <h2>Summary</h2> '
        '<p>See <a href="https://topics.example/en/cough">cough</a> and more.</p> <h3>A &amp; B</h3> '
        "<ul> <li>One</li> <li>Two <ol> <li><em>Three</em></li> </ol> </li> </ul> "
        '<p class="attribution">By us.</p> </section>'
    )


LINKED = '{} <a href="https://e.example/a">{}</a>, <a href="https://e.example/b">{}</a>.'


def test_a_link_in_the_text_says_which_language_its_page_is_in() -> None:
    english_text = 'Read <a href="https://e.example/a">this</a>.'
    source, translated = LINKED.format("See", "this", "that"), LINKED.format("Vea", "esto", "eso")
    localized = spanish(
        Message(Key("paragraph", source), translated),
        sections=[section("a", {"paragraph": source}, {"paragraph": english_text})],
    )
    edition = replace(pages.edition(localized), pages={"https://e.example/a": SOURCE})
    page = to_page(localized, edition, pages.data(localized))
    assert (
        '<p>Vea <a href="https://e.example/a" hreflang="en">esto</a><span class="language"> (inglés)</span>, '
        '<a href="https://e.example/b">eso</a>.</p>'
    ) in page
    # Text that is English already needs no such words.
    assert f'<span lang="en">{english_text}</span>' in page
    assert check_page(page, "p", localized) == []


def test_a_link_to_a_topic_without_an_edition_says_so() -> None:
    source, translated = (
        text.format("topic:cough", "topic:x")
        for text in (
            'See <a href="{}">cough</a>, <a href="{}">x</a>.',
            'Vea <a href="{}">tos</a>, <a href="{}">x</a>.',
        )
    )
    localized = spanish(
        Message(Key("paragraph", source), translated), sections=[section("a", {"paragraph": source})]
    )
    page = page_of(localized, topics={"cough": pages.card("cough", SOURCE)})
    assert said(page, "//section[@id='a']/p") == ["Vea tos (inglés), x."]


def test_headings_follow_the_title_where_a_section_has_none() -> None:
    part = section("a", {"subheading": "Below"})
    del part["heading"]
    page = page_of(english(sections=[part]))
    assert said(page, "//main//*[self::h1 or self::h2 or self::h3]")[:2] == ["Asthma", "Below"]
    assert said(page, "//section[@id='a']/h2") == ["Below"]


def test_links_by_category_with_their_language_and_organizations() -> None:
    localized = spanish(
        resources=[
            resource("a", categories=["start-here", "videos"], organizations=["nih"]),
            resource("b", categories={"en": ["start-here"], "es": []}, title="Hidden"),
            resource("c", title=own("Solo aquí"), links={"es": "https://example.org/es"}),
        ]
    )
    page = page_of(localized)
    assert said(page, "//*[@id='page_links']/h2") == ["Más información"]
    assert said(page, "//*[@id='links_start-here']//h3") == ["the start-here"]
    assert said(page, "//*[@id='links_start-here_list']/li") == [
        "About Asthma (inglés) the nih",
        "Solo aquí",
    ]
    assert said(page, "//*[@id='links_videos_list']/li/a/@href") == ["https://example.org/asthma"]
    assert "Hidden" not in said(page, "//body")[0]


def test_related_topics_that_readers_get() -> None:
    outside = {"title": "Cold", "links": {"en": "https://example.org/cold"}}
    localized = spanish(relatedTopics=["cough", "gone", outside])
    page = page_of(localized, topics={"cough": pages.card("cough", ES, "Tos")})
    assert said(page, "//*[@id='page_related']//li") == ["Tos", "Cold (inglés)"]
    assert said(page, "//*[@id='page_related']//a/@hreflang") == ["es", "en"]


def test_other_languages_sources_and_what_is_said_about_the_page() -> None:
    other = {
        "name": "Arabic",
        "vernacularName": "العربية",
        "language": "ar",
        "url": "https://example.org/ar",
    }
    source = {
        "id": "x",
        "title": "Asthma",
        "publisher": "House",
        "url": "https://example.org/x",
        "language": "en",
        "published": "2025-01-02",
        "retrieved": "2026-01-03",
        "note": "Used.",
    }
    localized = spanish(
        otherLanguages=[other],
        sources=[source],
        dates={
            "created": "2026-01-01",
            "updated": "2026-01-20",
            "reviews": [{"date": "2026-01-21", "by": "Dr. A", "languages": ["es"]}],
            "reviewBy": "2028-01-21",
        },
        seeReferences=["Wheezing"],
        primaryInstitute="nhlbi",
        licence="cc0",
        disclaimer="advice",
        qualityCriteria="criteria",
    )
    page = page_of(localized)
    (vernacular,) = page.xpath("//*[@id='other_languages']//*[@lang='ar']")
    assert (vernacular.get("dir"), vernacular.text) == ("rtl", "العربية")
    assert said(page, "//*[@id='page_sources']//li/p") == ["Asthma (inglés), House", "Used."]
    assert said(page, "//*[@id='page_sources']//li/p//*[@lang='en']") == [
        "Asthma",
        "House",
        "Used.",
    ]
    assert said(page, "//*[@id='page_sources']//dd") == ["2 de enero de 2025", "3 de enero de 2026"]
    assert said(page, "//footer//dd") == [
        "House",
        "20 de enero de 2026",
        "Dr. A, 21 de enero de 2026",
        "21 de enero de 2028",
        "Wheezing",
        "the nhlbi",
        "the cc0",
        "the advice",
        "the criteria",
        "House. Asma. Last updated: 20 de enero de 2026. https://topics.example/es/asthma",
        "2026.01.20",
    ]
    days = ["2026-01-20", "2026-01-21", "2028-01-21", "2026-01-20"]
    assert said(page, "//footer//dd/time/@datetime") == days


# ── languages ──


def test_a_page_says_when_its_review_is_due_and_not_that_nobody_reviewed_it() -> None:
    dates = {"created": "2026-01-02", "updated": "2026-02-03", "reviewBy": "2027-02-03"}
    page = page_of(english(dates=dates))
    terms, words = said(page, "//footer/dl/dt"), said(page, "//footer/dl/dd")
    assert words[terms.index("Review due by")] == "2027-02-03"
    assert "We have no record of an expert review of this text" in words


def test_what_is_not_in_the_language_of_the_page_says_so() -> None:
    page = page_of(spanish(alsoCalled=["Wheezing"], sections=[section("a", {"list": ["One <em>x</em>"]})]))
    assert said(page, "//main/*[not(@class='trust')]//span[@lang='en']") == ["Wheezing", "Summary", "One x"]
    assert said(page, "//a[@class='skip']/span/@lang") == ["en"]
    assert not page.xpath("//h1/span")


def test_right_to_left_page_turns_what_is_left_to_right() -> None:
    localized = replace(english(), language=LanguageTag("ar"))
    edition = replace(
        pages.edition(english()), interface=replace(pages.INTERFACES[SOURCE], language=LanguageTag("ar"))
    )
    page: Any = etree.fromstring(to_page(localized, edition, {}).encode())
    assert page.get("dir") == "rtl"
    assert page.xpath("//h1/span/@dir") == ["ltr"]


# ── nothing gets out ──


def test_hostile_text_stays_text() -> None:
    localized = english(
        title=HOSTILE, description=HOSTILE, sections=[section("a", {"paragraph": "&lt;b>"}, heading=HOSTILE)]
    )
    page = page_of(localized)
    assert said(page, "//h1") == [HOSTILE]
    assert said(page, "//title") == [HOSTILE]
    assert said(page, "//meta[@name='description']/@content") == [HOSTILE]
    assert said(page, "//section/p") == ["<b>"]
    assert len(page.xpath("//script")) == 1


def test_data_cannot_end_its_element_and_stays_the_same() -> None:
    document = {"name": HOSTILE, "text": "a < b & c > d"}
    localized = english()
    text = to_page(localized, pages.edition(localized), document)
    (script,) = etree.fromstring(text.encode()).iter("script")
    assert json.loads(script.text or "") == document
    assert text.count("</script>") == 1


# ── the hook ──


def test_every_text_of_the_topic_passes_the_hook_with_its_place() -> None:
    seen: list[tuple[str, str, str]] = []

    def write(text: Text, content: Html, origin: str) -> Html:
        seen.append((origin, text.pointer, text.value))
        return Html(f"<mark>{content}</mark>")

    localized = spanish(alsoCalled=["Wheezing"], resources=[resource(organizations=["nih"])])
    page = to_page(localized, pages.edition(localized), pages.data(localized), write=write)
    of_topic = {(pointer, value) for origin, pointer, value in seen if origin == "topic"}
    assert of_topic == {(text.pointer, text.value) for text in texts_in(localized)}
    assert ("vocabulary", "", "the nih") in seen
    assert ("interface", "", "Más información") in seen
    root: Any = etree.fromstring(page.encode())
    assert said(root, "//h1/mark") == ["Asma"]
    assert said(root, "//title") == ["Asma"], "attributes and the head have no element of their own"


def test_states_come_through() -> None:
    localized = spanish()
    assert {text.state for text in texts_in(localized.sections)} <= HELD


def test_edition_without_an_interface_has_no_page() -> None:
    localized = english()
    edition = replace(pages.edition(localized), interface=None)
    with pytest.raises(ValueError, match="no interface"):
        to_page(localized, edition, {})


def test_templates_have_the_names_of_their_files() -> None:
    for path, data in templates().items():
        assert (samples.ROOT / path).read_bytes() == data


# ── callouts ──

CALLOUTS = [
    {
        "callout": "Call 911 if you",
        "urgency": "emergency",
        "body": [{"list": ["<em>faint</em>", "cannot breathe"]}],
    },
    {"callout": "Ask", "urgency": "routine", "body": [{"paragraph": "At the next visit."}]},
]


def test_a_callout_is_a_card_whose_heading_says_how_urgent_it_is() -> None:
    page = page_of(english(sections=[section("help", *CALLOUTS, {"paragraph": "x"})]))
    first, second = page.xpath("//section[@id='help']/section")
    assert (first.get("class"), first.get("id")) == ("callout emergency", "help_callout_1")
    assert (second.get("class"), second.get("id")) == ("callout routine", "help_callout_2")
    assert said(first, "*") == ["the emergency: Call 911 if you", "faint cannot breathe"]
    assert [each.tag for each in first] == ["h3", "ul"]
    assert said(page, f"//*[@id='{first.get('aria-labelledby')}']") == ["the emergency: Call 911 if you"]


def test_a_callout_in_a_section_without_a_heading_keeps_the_outline() -> None:
    whole = section("help", *CALLOUTS[:1])
    del whole["heading"]
    page = page_of(english(sections=[whole]))
    assert said(page, "//section[@id='help']//h2") == ["the emergency: Call 911 if you"]


def test_words_of_a_callout_that_wait_for_translation_are_marked() -> None:
    page = page_of(spanish(sections=[section("help", *CALLOUTS[:1])]))
    assert said(page, "//h3/span[@lang='en']") == ["Call 911 if you"]


# ── around the text ──


def test_a_section_leads_to_the_same_one_in_other_editions_that_have_it() -> None:
    localized = spanish(sections=[section(each, heading=each.upper()) for each in "abc"])
    edition = pages.edition(localized, SOURCE)
    english_card = replace(edition.editions[SOURCE], sections=("a", "c"))

    def others(card: Card) -> list[str]:
        known = replace(edition, editions={**edition.editions, SOURCE: card})
        page: Any = etree.fromstring(to_page(localized, known, pages.data(localized)).encode())
        return said(page, "//p[@class='editions']/a/@href")

    assert others(english_card) == [
        "https://topics.example/en/asthma#a",
        "https://topics.example/en/asthma#c",
    ]
    known = replace(edition, editions={**edition.editions, SOURCE: english_card})
    page: Any = etree.fromstring(to_page(localized, known, pages.data(localized)).encode())
    named = said(page, "//p[@class='editions']/a")
    assert named == ["English: A", "English: C"], "a list of links says where each leads"
    assert others(replace(english_card, page="https://elsewhere.example/asthma")) == []
    assert others(edition.editions[SOURCE]) == [], "a release before this one recorded no sections"


def test_long_lists_of_links_are_folded_and_all_say_how_long_they_are() -> None:
    links = [
        resource(f"r{n}", categories=["videos"] if n < 3 else ["videos", "start-here"]) for n in range(5)
    ]
    page = page_of(english(resources=links, sources=[]))
    assert said(page, "//summary") == ["the videos (5)", "the start-here (2)"]
    assert [each.get("open") for each in page.iter("details")] == [None, "open"]


@pytest.mark.parametrize(("count", "is_open"), [(3, "open"), (4, None)])
def test_long_lists_of_sources_are_folded(count: int, is_open: str | None) -> None:
    found = [{"id": f"s{n}", "title": f"Source {n}", "language": "en"} for n in range(count)]
    page = page_of(english(sources=found))
    (details,) = page.xpath("//section[@id='page_sources']/details")
    assert (details.get("open"), said(details, "summary")) == (is_open, [f"the sources ({count})"])
    assert len(details.findall("ul/li")) == count


@pytest.mark.parametrize(
    ("groups", "between"),
    [
        (["lungs", "skin"], ("the lungs", "https://topics.example/en/groups/lungs")),
        ([], ("Topics A to Z", "https://topics.example/en/letters")),
    ],
)
def test_a_reader_gets_from_a_page_to_all_the_others(groups: list[str], between: tuple[str, str]) -> None:
    page = page_of(english(groups=groups))
    home = ("the home", "https://topics.example/en")
    links = page.xpath("//nav[@class='crumbs']//a")
    assert [(each.text, each.get("href")) for each in links] == [home, between]
    assert said(page, "//nav[@class='crumbs']//*[@aria-current]") == ["Asthma"]
    (name,) = page.xpath("//header//p[@class='name']/a")
    assert (name.text, name.get("href")) == home
    (form,) = page.iter("form")
    assert (form.get("action"), form.get("method")) == ("https://topics.example/en/search", "get")
    assert said(form, "label/@for") == said(form, ".//input/@id")
    assert said(form, ".//input/@name") == ["q"]


def test_a_page_has_its_icon_in_itself() -> None:
    (address,) = page_of(english()).xpath("//link[@rel='icon']/@href")
    kind, _, text = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert etree.fromstring(b64decode(text)).tag == "{http://www.w3.org/2000/svg}svg"


def test_what_readers_judge_the_page_by_is_below_the_title() -> None:
    source = {"id": "x", "title": "Asthma", "url": "https://example.org/x", "language": "en"}
    dates = {
        "created": "2026-01-01",
        "updated": "2026-01-20",
        "reviews": [{"date": "2026-01-21", "by": "Dr. A", "languages": ["en"]}],
        "corrections": [
            {"date": "2026-01-10", "what": "It said two."},
            {"date": "2026-01-20", "what": "It said ten."},
            {"date": "2026-01-15", "what": "It said six."},
        ],
    }
    page = page_of(english(sources=[source], dates=dates))
    told = page.xpath("//footer//dt[starts-with(., 'Corrected on')]/following-sibling::dd[1]")
    assert [each.text for each in told] == ["It said ten.", "It said six.", "It said two."]
    assert said(page, "//ul[@class='trust']/li") == [
        "Last updated: 2026-01-20",
        "the reviewed-by: Dr. A, 2026-01-21",
        "Corrected on 2026-01-20",
        "the sources (1)",
        "Handout to print, in large letters",
    ]
    for href in said(page, "//ul[@class='trust']//a/@href"):
        assert page.xpath(f"//*[@id='{href[1:]}']")


def test_every_page_says_what_to_call_and_that_it_is_not_advice() -> None:
    localized = english()
    edition = replace(pages.edition(localized), emergency_numbers=("112", "999", "911"))
    page: Any = etree.fromstring(to_page(localized, edition, pages.data(localized)).encode())
    assert said(page, "//header/p[@class='help']") == ["In an emergency, call 112, 999 or 911."]
    assert said(page, "//header/p[@class='help']/a/@href") == ["tel:112", "tel:999", "tel:911"]
    assert "This page does not replace the advice of a health care provider." in said(page, "//footer//dd")


@pytest.mark.parametrize(
    ("contact", "seen", "href"),
    [
        (
            "mailto:us@example.org",
            "us@example.org",
            "mailto:us@example.org?subject=Asthma%3A%20https%3A%2F%2Ftopics.example%2Fen%2Fasthma",
        ),
        ("https://example.org/report?a&b", "example.org/report?a&b", "https://example.org/report?a&b"),
    ],
)
def test_a_problem_with_the_page_is_reported_to_its_publisher(contact: str, seen: str, href: str) -> None:
    localized = english()
    edition = replace(pages.edition(localized), contact=contact)
    text = to_page(localized, edition, pages.data(localized))
    page: Any = etree.fromstring(text.encode())
    (link,) = page.xpath("//dt[.='Report a problem with this page']/following-sibling::dd[1]/a")
    assert (link.text, link.get("href")) == (seen, href)
    assert check_page(text, "p", localized) == []
    assert not page_of(localized).xpath("//dt[.='Report a problem with this page']")


def test_a_trial_says_so_before_everything_else() -> None:
    localized = english()
    page: Any = etree.fromstring(
        to_page(localized, replace(pages.edition(localized), trial=True), pages.data(localized)).encode()
    )
    assert said(page, "//body/*")[1] == "This site is a trial. Do not rely on what its pages say."
    assert not page_of(localized).xpath("//*[@class='trial']")


def test_other_sites_show_title_description_and_address() -> None:
    page = page_of(spanish(description="Of the lungs."))
    found = {str(each.get("property")): str(each.get("content")) for each in page.xpath("//meta[@property]")}
    assert found == {
        "og:type": "article",
        "og:title": "Asma",
        "og:description": "Of the lungs.",
        "og:url": "https://topics.example/es/asthma",
        "og:site_name": "the home",
        "og:locale": "es_US",
    }


def test_the_version_changes_with_the_content_and_its_day() -> None:
    card = pages.card("asthma", SOURCE)
    assert card.version == "2026.01.20"
    assert replace(card, content="0123456789abcdef").version == "2026.01.20-01234567"
