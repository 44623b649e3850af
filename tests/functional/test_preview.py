"""`healthtopics catalogue preview` in a real browser: Debian's Chromium, driven by Playwright."""

import re
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from support.axe import violations
from support.browsers import chromium
from support.previews import follows, opened, previewing, side
from support.workspaces import LUNGS, Workspace

pytestmark = pytest.mark.browser

CATALOGUE = "locales/es/LC_MESSAGES/fever.po"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(fresh: Workspace) -> Iterator[str]:
    with previewing(fresh.folder) as preview:
        yield preview.address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def test_both_languages_are_side_by_side(page: Page) -> None:
    expect(page.frame_locator("[name=english]").locator("h1 .message")).to_have_text("Fever")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("Fiebre")
    english, translation = (
        page.locator(f"iframe[name={name}]").bounding_box() for name in ("english", "translation")
    )
    assert english
    assert translation
    assert english["y"] == translation["y"]
    assert english["x"] + english["width"] <= translation["x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/es/fever", "/es/fever/catalogue"])
def test_everybody_can_use_it_frames_included(
    page: Page, fresh: Workspace, path: str, scheme: Literal["light", "dark"]
) -> None:
    fresh.replace(CATALOGUE, 'msgctxt "title"', '#, fuzzy\n#| msgid "Fewer"\nmsgctxt "title"')
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    page.wait_for_selector("html[data-live]", state="attached")
    found = violations(page)
    assert not found, "\n".join(found)


def test_a_saved_catalogue_shows_at_once_and_the_place_is_kept(page: Page, fresh: Workspace) -> None:
    translation = side(page, "translation")
    page.set_viewport_size({"width": 1200, "height": 400})
    translation.evaluate("window.scrollTo(0, 120)")
    fresh.replace(CATALOGUE, 'msgstr "La fiebre es una', 'msgstr "¡La fiebre! Es una')
    expect(page.frame_locator("[name=translation]").locator("main")).to_contain_text("¡La fiebre! Es una")
    assert translation.evaluate("window.scrollY") == 120
    expect(page.get_by_role("status")).to_contain_text("Changed.")


AT_TOP = (
    "[...document.querySelectorAll('.message[data-place^=\"/\"]')]"
    ".find(each => each.getBoundingClientRect().bottom > 1).dataset.place"
)
"""The place of the message at the top of a side."""


def becomes(frame: Frame, condition: str) -> None:
    """Look at every frame that is drawn; Playwright's own way needs `eval`, which the pages forbid."""
    look = "(left) => CONDITION ? done() : left ? requestAnimationFrame(() => look(left - 1)) : done(STATE)"
    state = "`not so, at ${window.scrollY}`"
    script = look.replace("CONDITION", condition).replace("STATE", state)
    assert frame.evaluate(f"new Promise((done) => {{ const look = {script}; look(300); }})") is None


def test_both_sides_scroll_together_unless_that_is_switched_off(page: Page, fresh: Workspace) -> None:
    # Spanish that is much longer: the sides would part.
    long = "El asma es una enfermedad de los <strong>pulmones</strong>. " + "Los pulmones. " * 200
    fresh.edit_catalogue("asthma", LUNGS, msgstr=long)
    page.goto("/es/asthma")
    follows(page)
    page.set_viewport_size({"width": 1200, "height": 300})
    english, translation = side(page, "english"), side(page, "translation")
    heading = "document.querySelector('section [data-place=\"/sections/0/heading\"]')"
    for leader, other in ((english, translation), (translation, english)):
        leader.evaluate("window.scrollTo(0, 0)")
        leader.evaluate(f"{heading}.scrollIntoView()")
        becomes(other, f"Math.abs({heading}.getBoundingClientRect().top) < 3")
        assert leader.evaluate(AT_TOP) == other.evaluate(AT_TOP)
    # In the middle of what is long on one side, its short twin is half out of sight, too.
    paragraph = "/sections/0/body/0/paragraph"
    translation.evaluate(f"document.querySelector('[data-place=\"{paragraph}\"]').scrollIntoView()")
    translation.evaluate("window.scrollBy(0, 300)")
    becomes(english, f"{AT_TOP} === '{paragraph}'")
    assert translation.evaluate(AT_TOP) == paragraph
    page.get_by_label("Scroll both sides together").uncheck()
    # It stays so on the next page.
    page.goto("/es/asthma")
    follows(page)
    expect(page.get_by_label("Scroll both sides together")).not_to_be_checked()
    side(page, "translation").evaluate("window.scrollTo(0, 200)")
    two_frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
    side(page, "translation").evaluate(two_frames)
    assert side(page, "english").evaluate("window.scrollY") == 0


def test_what_changed_in_the_english_is_marked_in_the_page(page: Page, fresh: Workspace) -> None:
    fresh.replace(CATALOGUE, 'msgctxt "title"', '#, fuzzy\n#| msgid "Fewer"\nmsgctxt "title"')
    remark = page.frame_locator("[name=translation]").locator("h1 .remark")
    expect(remark).to_have_text("fuzzy The English has changed: FewerFever", use_inner_text=True)
    expect(remark.locator("del")).to_have_text("Fewer")
    expect(remark.locator("ins")).to_have_text("Fever")
    english = page.frame_locator("[name=english]").locator("h1 .remark")
    assert english.inner_text() == "The English has changed: FewerFever"


def test_the_keyboard_stays_where_it_is(page: Page, fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "What is a fever?", msgstr="")
    page.get_by_role("combobox", name="Show").select_option("todo")
    expect(page.locator("#rows li:visible")).to_have_count(1)
    link = page.locator("#rows li:visible a")
    link.focus()
    where = link.get_attribute("href")
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    expect(page.locator("#rows li:visible")).to_have_count(2)
    assert page.evaluate("document.activeElement.getAttribute('href')") == where
    fresh.edit_catalogue("fever", "Fever", msgstr="La fiebre")
    expect(page.locator("#rows li:visible")).to_have_count(1)
    assert page.evaluate("document.activeElement.getAttribute('href')") == where
    link = page.frame_locator("[name=translation]").locator("h1 a.where")
    link.focus()
    fresh.edit_catalogue("fever", "Fever", msgstr="Fiebre")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("Fiebre")
    expect(link).to_be_focused()


def test_a_line_is_shown_with_the_comments_above_it(page: Page, fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "What a fever is.", msgstr="La fiebre.\t")
    page.set_viewport_size({"width": 1200, "height": 420})
    lines = (fresh.folder / CATALOGUE).read_text().split("\n")
    at = lines.index('msgctxt "description"') + 1
    page.goto(f"/es/fever/catalogue#L{at}")
    first = at
    while lines[first - 2]:
        first -= 1
    assert first < at
    for number in (first, at):
        expect(page.locator(f"#L{number}")).to_be_in_viewport()
    expect(page.get_by_text("message-tab")).to_be_in_viewport()


def test_a_half_saved_configuration_is_reported_and_the_page_stays(page: Page, fresh: Workspace) -> None:
    fresh.replace("healthtopics.toml", "[languages.es]", "[languages.es")
    expect(page.get_by_role("alert")).to_contain_text("this is not valid TOML: Expected")
    expect(page.get_by_role("status")).to_contain_text("cannot be read")
    expect(page.get_by_role("status")).to_have_class("alarm")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("Fiebre")
    # A new visitor sees the problem too, and gets the page as soon as it can be shown.
    page.goto("/es/fever")
    page.wait_for_selector("html[data-live]", state="attached")
    expect(page.locator("#problems")).to_contain_text("this is not valid TOML: Expected")
    fresh.replace("healthtopics.toml", "[languages.es", "[languages.es]")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("Fiebre")


def test_a_problem_of_a_file_leads_to_its_line(page: Page, fresh: Workspace) -> None:
    fresh.replace(CATALOGUE, 'msgstr "Fiebre"', 'msgstr "Fiebre')
    page.get_by_role("alert").get_by_role("link").first.click()
    page.wait_for_url("**/es/fever/catalogue#L*")
    line = page.url.rpartition("#")[2]
    expect(page.locator(f"#{line}")).to_contain_text('msgstr "Fiebre')
    expect(page.locator(f"#{line}")).to_be_in_viewport()


def test_states_are_shown_and_described(page: Page, fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "What is a fever?", msgstr="")
    fresh.edit_catalogue("fever", "A fever is a high body temperature.", is_fuzzy=True)
    fresh.edit_catalogue("fever", "What a fever is.", msgstr="Qué es\tla fiebre.")
    spanish = page.frame_locator("[name=translation]")
    missing = spanish.locator(".message.missing")
    expect(missing).to_have_text("What is a fever?")
    expect(spanish.locator("h2", has=missing).locator(".remark")).to_have_text("not translated")
    expect(spanish.locator(".message.fuzzy")).to_contain_text("temperatura")
    expect(spanish.locator(".message.blocked")).to_have_text("What a fever is.")
    expect(spanish.get_by_text("message-tab")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("3 messages to do")
    # Color alone says nothing: each state has its own line, too.
    lines = {
        state: spanish.locator(f".message.{state}").evaluate("each => getComputedStyle(each).outlineStyle")
        for state in ("missing", "fuzzy", "blocked")
    }
    assert lines == {"missing": "dashed", "fuzzy": "dotted", "blocked": "solid"}


def test_a_line_leads_to_its_text(page: Page) -> None:
    page.goto("/es/fever/catalogue")
    back = page.get_by_role("link", name="edit", exact=True).first
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/es/fever#m-*")
    expect(page.get_by_role("textbox", name="Translation: Español")).to_have_value("Fiebre")
    for name in ("english", "translation"):
        expect(page.frame_locator(f"[name={name}]").locator("h1 .message")).to_have_class(
            re.compile(r"\bfound\b")
        )


def test_a_link_within_the_page_stays_in_its_side(page: Page) -> None:
    skip = page.frame_locator("[name=translation]").locator("a.skip")
    skip.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[name=translation]').contentWindow.location.hash")
    assert page.url.endswith("/es/fever")
    page.frame_locator("[name=translation]").locator("a[href='/es']:visible").first.click()
    page.wait_for_url(lambda url: url.endswith("/"))
    expect(page.get_by_role("row", name="Fever")).to_contain_text("ready")


def test_a_half_saved_file_is_reported_and_the_last_state_stays(page: Page, fresh: Workspace) -> None:
    fresh.replace(CATALOGUE, 'msgstr "Fiebre"', 'msgstr "Fiebre')
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(f"{CATALOGUE}:")
    expect(alert).to_contain_text("po-unterminated")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("Fiebre")
    fresh.replace(CATALOGUE, 'msgstr "Fiebre', 'msgstr "La fiebre"')
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("La fiebre")
    expect(alert).to_be_empty()


def test_a_change_of_the_english_shows_too(page: Page, fresh: Workspace) -> None:
    fresh.edit_topic("fever", lambda topic: topic.update(title="High fever"))
    expect(page.frame_locator("[name=english]").locator("h1 .message")).to_have_text("High fever")
    expect(page.frame_locator("[name=translation]").locator(".message.missing")).to_have_text("High fever")


def test_the_catalogue_and_the_overview_follow_too(page: Page, fresh: Workspace) -> None:
    page.goto("/es/fever/catalogue")
    page.wait_for_selector("html[data-live]", state="attached")
    fresh.edit_catalogue("fever", "Fever", msgstr="La fiebre")
    expect(page.locator("#lines")).to_contain_text('msgstr "La fiebre"')
    page.goto("/")
    page.wait_for_selector("html[data-live]", state="attached")
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    expect(page.get_by_role("row", name="Fever")).to_contain_text("held")


LONG = f'Read <a href="https://www.example.org/{"address" * 12}">this</a>.'


@pytest.mark.parametrize("address_", ["/", "/es/fever", "/es/fever/catalogue"])
def test_nothing_is_wider_than_a_small_screen(page: Page, fresh: Workspace, address_: str) -> None:
    fresh.edit_topic("fever", lambda topic: topic["sections"][0]["body"].append({"paragraph": LONG}))
    fresh.run("catalogue", "update")
    for msgid in ("What is a fever?", LONG):
        fresh.edit_catalogue("fever", msgid, msgstr="")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address_)
    page.wait_for_selector("h1")
    for frame in page.frames:
        assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), frame.url


def test_the_written_status_is_not_wider_either(browser: Browser, fresh: Workspace) -> None:
    fresh.edit_topic("fever", lambda topic: topic["sections"][0]["body"].append({"paragraph": LONG}))
    fresh.run("catalogue", "update")
    fresh.run("catalogue", "status", "--html", "status.html")
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((fresh.folder / "status.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


def test_every_control_has_a_name_and_can_be_reached(page: Page) -> None:
    for frame in page.frames:
        for link in frame.get_by_role("link").all():
            assert (link.get_attribute("aria-label") or link.inner_text()).strip()
    assert [each.get_attribute("title") for each in page.locator("iframe").all()] == [
        "The topic in English",
        "The topic in the language es",
    ]
    for name in ("Skip to content", "Skip to the translation", "Skip to the messages"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name=name)).to_be_focused()
        expect(page.get_by_role("link", name=name)).to_be_in_viewport()
    page.get_by_role("link", name="Skip to the translation").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "translation"


def test_a_preview_that_is_stopped_says_so(browser: Browser, fresh: Workspace) -> None:
    page = browser.new_page()
    with previewing(fresh.folder) as preview:
        page.goto(f"{preview.address}/es/fever")
        follows(page)
        assert httpx.get(f"{preview.address}/es/nothing").status_code == 404
    expect(page.get_by_role("status")).to_contain_text("has been stopped")
    page.close()
