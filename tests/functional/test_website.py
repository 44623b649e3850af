"""The site in a browser, with English, Spanish and a language that is written from right to left."""

from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

import httpx
import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from healthtopics.server.service import Service
from healthtopics.storage.local import LocalStore
from healthtopics.website.addresses import path_of
from healthtopics.website.table import pages_of
from support import workspaces
from support.browsers import chromium
from support.serving import client_of, running

BASE = "https://healthtopics.example.org"
LANGUAGES = ("en", "es", "ar-XB")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> LocalStore:
    workspace = workspaces.bundled(tmp_path_factory.mktemp("website") / "workspace")
    workspace.run("catalogue", "pseudo")
    configuration = (workspace.folder / "healthtopics.toml").read_text()
    workspace.write("healthtopics.toml", f'{configuration}\n[languages.ar-XB]\npolicy = "complete"\n')
    assert workspace.run("publish").code == 0
    return workspace.store


@pytest.fixture(scope="module")
def site(store: LocalStore) -> Iterator[str]:
    with running(Service(store)) as worker:
        yield worker.url.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_every_link_leads_somewhere_and_every_page_is_reached(store: LocalStore) -> None:
    service = Service(store)
    with client_of(service) as client:
        seen, waiting = set[str](), [f"{BASE}/"]
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.1"})
            assert answer.status_code == 200, address
            if answer.headers["Content-Type"].startswith("text/html"):
                waiting += links_in(answer, address)
    assert service.served.site is not None
    pages = {f"{BASE}/{path_of(each)}" for each in pages_of(service.served.site.index)}
    assert pages <= seen
    assert f"{BASE}/es/miscarriage" in seen


def links_in(answer: httpx.Response, address: str) -> list[str]:
    tree: Any = html.document_fromstring(answer.text)
    found = tree.xpath("//a/@href | //link/@href | //script/@src | //form/@action")
    joined = (urldefrag(urljoin(address, each))[0] for each in found)
    # The server answers for its own health.
    return [each for each in joined if each.startswith(f"{BASE}/") and f"{BASE}/health/" not in each]


@pytest.mark.browser
def test_a_look_up_fits_a_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/application?mainSearchCriteria.v.dn=miscarriage")
    assert page.locator("article").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1600, "light")])
def test_pages_fit_and_load_nothing_from_elsewhere(
    browser: Browser, site: str, language: str, width: int, scheme: Literal["dark", "light"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    requests, messages = list[str](), list[str]()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    for path in (
        "",
        "/letters",
        "/groups/pregnancy-and-reproduction",
        "/new",
        "/search?q=a",
        "/about",
        "/partners",
    ):
        page.goto(f"{site}/{language}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert page.evaluate(TOO_SMALL) == [], path
        is_rtl = page.locator("h1").evaluate("heading => getComputedStyle(heading).direction") == "rtl"
        assert is_rtl is (language == "ar-XB")
    assert messages == []
    assert all(each.startswith(site) for each in requests)
    context.close()


TOO_SMALL = """
[...document.querySelectorAll("a, button, input")].filter(each => {
  const box = each.getBoundingClientRect();
  const isInSentence = getComputedStyle(each).display === "inline";
  const isSmall = box.width < 24 || box.height < 24;
  return each.checkVisibility() && !each.closest(".skip") && !isInSentence && isSmall;
}).map(each => each.outerHTML)
"""
"""The targets of fewer than 24 px, except links within sentences."""


@pytest.fixture
def front(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/es")
    yield page
    context.close()


@pytest.mark.browser
def test_topics_are_suggested_while_somebody_types(front: Page, site: str) -> None:
    search, status = front.get_by_role("combobox"), front.get_by_role("status")
    search.press_sequentially("abor")
    options = front.get_by_role("option")
    options.first.wait_for()
    assert status.text_content() == f"Temas sugeridos: {options.count()}"
    assert search.get_attribute("aria-expanded") == "true"
    first, second = (options.nth(each).text_content() for each in range(2))
    search.press("ArrowDown")
    search.press("ArrowDown")
    search.press("ArrowUp")
    chosen = search.get_attribute("aria-activedescendant")
    assert front.locator("[aria-selected=true]").get_attribute("id") == chosen
    assert front.locator("[aria-selected=true]").text_content() == first
    search.press("Escape")
    assert search.get_attribute("aria-expanded") == "false"
    assert search.get_attribute("aria-activedescendant") is None
    assert search.input_value() == "abor"
    search.press("ArrowDown")
    search.press("ArrowDown")
    assert front.locator("[aria-selected=true]").text_content() == second
    search.press("Enter")
    front.wait_for_url(f"{site}/es/*")
    assert front.locator("h1").text_content() == second


@pytest.mark.browser
def test_a_suggestion_can_be_clicked_and_nothing_found_is_said(front: Page, site: str) -> None:
    search = front.get_by_role("combobox")
    search.fill("xyzzyq")
    front.get_by_role("status").get_by_text("Ningún tema sugerido").wait_for(state="attached")
    assert search.get_attribute("aria-expanded") == "false"
    search.fill("amnio")
    front.get_by_role("option", name="Amniocentesis").first.click()
    front.wait_for_url(f"{site}/es/amniocentesis")


@pytest.mark.browser
def test_enter_without_a_choice_asks_for_all_results(front: Page, site: str) -> None:
    front.get_by_role("combobox").fill("aborto")
    front.get_by_role("combobox").press("Enter")
    front.wait_for_url(f"{site}/es/search?q=aborto")
    assert front.get_by_text("Temas encontrados:").is_visible()


@pytest.mark.browser
def test_search_works_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en")
    page.get_by_role("searchbox").fill("miscariage")
    page.get_by_role("button", name="Search").click()
    assert page.url == f"{site}/en/search?q=miscariage"
    page.get_by_role("link", name="Recurrent Miscarriage").click()
    assert page.locator("h1").text_content() == "Recurrent Miscarriage"
    context.close()


@pytest.mark.browser
def test_the_keyboard_reaches_the_text_first_and_print_leaves_out_what_leads_on(front: Page) -> None:
    front.keyboard.press("Tab")
    assert front.evaluate("document.activeElement.hash") == "#main_content"
    front.emulate_media(media="print")
    assert not front.get_by_role("search").is_visible()
    assert front.get_by_role("heading", level=1).is_visible()
