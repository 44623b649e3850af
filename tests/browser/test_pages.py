"""What holds for every page: everybody can use it, at every width, and it is small and quiet."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from support.axe import violations
from support.sites import Site

pytestmark = pytest.mark.browser

TOPIC: Final = "miscarriage"
PAGES: Final = (
    "",
    *("/letters", "/groups", "/new", "/about", "/partners", "/languages", "/search"),
    *(f"/{TOPIC}", "/back-pain-and-miscarriage"),
)
"""One of each kind, after the language."""
WIDTHS: Final = (320, 768, 1280, 1600)
MOST: Final = 100_000
"""Bytes of a page with all that it loads, pictures apart, as gzip sends them."""
SHIFTS: Final = """
window.shifted = 0;
new PerformanceObserver((seen) => {
  for (const each of seen.getEntries()) window.shifted += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""

TITLES: Final = {"en": "Miscarriage", "es": "Aborto espontáneo"}


@contextmanager
def opened(browser: Browser, *, width: int = 1280, scripts: bool = True) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    yield context.new_page()
    context.close()


# Both have the same pages; in files, it is only what the script and other links could change.
@pytest.mark.parametrize(
    ("site", "path"),
    [*(("service", path) for path in PAGES), *(("files", path) for path in ("", "/search", f"/{TOPIC}"))],
    indirect=["site"],
)
def test_everybody_can_use_it(browser: Browser, site: Site, language: str, path: str) -> None:
    with opened(browser) as page:
        page.goto(site.address(f"{language}{path}"))
        found = violations(page)
        page.emulate_media(color_scheme="dark")
        found += violations(page, "color-contrast")
        page.set_viewport_size({"width": 320, "height": 640})
        found += violations(page, "target-size")
    assert not found, "\n".join(found)


def test_it_fits_every_width(browser: Browser, site: Site, language: str) -> None:
    wider = []
    with opened(browser) as page:
        for path in PAGES:
            page.goto(site.address(f"{language}{path}"))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                    wider.append(f"{path} at {width}: {found}")
    assert wider == []


def test_it_is_small_and_quiet_and_stays_where_it_is(browser: Browser, site: Site, language: str) -> None:
    faults = list[str]()
    for path in PAGES:
        with opened(browser) as page:
            faults += _faults(page, site, f"{language}{path}")
    assert not faults, "\n".join(faults)


def _faults(page: Page, site: Site, path: str) -> list[str]:
    faults = list[str]()
    answers = list[Response]()
    page.add_init_script(SHIFTS)
    page.on("console", lambda said: faults.append(f"{path}: {said.text}"))
    page.on("pageerror", lambda error: faults.append(f"{path}: {error}"))
    page.on("response", lambda response: answers.append(response))  # noqa: PLW0108 - Playwright asks more of it
    page.goto(site.address(path), wait_until="load")
    sizes = {each.url: _weight(each) for each in answers}
    if sum(sizes.values()) > MOST:
        faults.append(f"{path} is too large: {sizes}")
    if shifted := page.evaluate("window.shifted"):
        faults.append(f"{path} shifts by {shifted}")
    return [*faults, *(f"{path} asks {each}" for each in sizes if not each.startswith(site.root))]


def _weight(response: Response) -> int:
    is_picture = response.request.resource_type == "image"
    return 0 if is_picture else len(gzip.compress(response.body(), mtime=0))


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_needs_a_script(browser: Browser, site: Site, language: str) -> None:
    with opened(browser, scripts=False) as page:
        page.goto(site.address(language))
        search = page.get_by_role("search")
        if site.kind == "service":
            search.get_by_role("searchbox").fill(TITLES[language])
            search.get_by_role("searchbox").press("Enter")
            page.get_by_role("main").get_by_role("link", name=TITLES[language], exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
            page.goto(site.address(language))
        else:
            expect(search).to_have_count(0)  # what nobody can see is in no role
        page.get_by_role("contentinfo").locator("[href$='letters'], [href$='letters.html']").click()
        page.get_by_role("main").get_by_role("link", name=TITLES[language], exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
        folded = page.locator("details").first
        expect(folded).not_to_have_attribute("open", "")
        folded.locator("summary").click()
        expect(folded.get_by_role("link").first).to_be_visible()


@pytest.mark.parametrize(
    ("language", "typed"),
    [("en", "miscarr"), ("en", "spontaneous abortions"), ("es", "espontaneo"), ("es", "ABORTO NATURAL")],
)
def test_search_as_you_type(browser: Browser, site: Site, language: str, typed: str) -> None:
    with opened(browser) as page:
        page.goto(site.address(language))
        page.get_by_role("combobox").press_sequentially(typed)
        page.get_by_role("option", name=TITLES[language], exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])


@pytest.mark.parametrize(("language", "typed"), [("en", "misc"), ("es", "pérdida espontanea")])
def test_results_of_a_search(browser: Browser, site: Site, language: str, typed: str) -> None:
    with opened(browser) as page:
        page.goto(site.address(language))
        box = page.get_by_role("combobox")
        box.fill(typed)
        box.press("Enter")
        found = page.get_by_role("main").get_by_role("link", name=TITLES[language], exact=True)
        expect(found).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "said", "title"),
    [
        ("hormones ligaments", "Topics found: ", "Back Pain and Miscarriage"),  # only in a text
        ("pain feel like", "Topics found: ", "Back Pain and Miscarriage"),  # a heading
        ("miscarriage giraffe", "No topic has all of these words. These have some of them.", "Miscarriage"),
        ("xyzzyq", "No topic was found. What may help: Check the spelling.", ""),
    ],
)
def test_a_search_finds_and_says_the_same_with_and_without_a_service(
    browser: Browser, site: Site, typed: str, said: str, title: str
) -> None:
    with opened(browser) as page:
        page.goto(site.address(f"en/{TOPIC}"))
        page.get_by_role("searchbox").fill(typed)
        page.get_by_role("searchbox").press("Enter")
        main = page.get_by_role("main")
        expect(main.get_by_role("heading", level=1)).to_have_text(f"Search results for “{typed}”")
        expect(page).to_have_title(f"Search results for “{typed}” – Health topics")
        expect(main).to_contain_text(said)
        if title:
            expect(main.get_by_role("link", name=title, exact=True)).to_be_visible()


def test_without_a_script_files_say_how_to_search(browser: Browser, folder: Path) -> None:
    with opened(browser, scripts=False) as page:
        page.goto((folder / "es" / f"{TOPIC}.html").as_uri())
        page.get_by_role("searchbox").fill("aborto")
        page.get_by_role("searchbox").press("Enter")
        main = page.get_by_role("main")
        expect(main).to_contain_text("La búsqueda en esta copia del sitio necesita JavaScript.")
        main.get_by_role("link", name="Temas por orden alfabético").click()
        expect(page.get_by_role("link", name=TITLES["es"], exact=True)).to_be_visible()
