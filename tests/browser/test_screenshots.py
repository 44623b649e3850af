"""What pages look like, compared with stored pictures.

The font is always the same (`support.browsers`), yet versions of Chromium draw the edges of letters in
different ways. So squares of eight pixels are compared by their mean color, which is enough to find what is
lost, has moved or has another color.
`HEALTHTOPICS_REWRITE_GOLDENS=1` writes them again; look at them.
"""

import io
import os
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from support.sites import Site

pytestmark = pytest.mark.browser

STORED: Final = Path(__file__).parent / "screenshots"
PAGES: Final = {"front": "", "letters": "/letters", "topic": "/back-pain-and-miscarriage"}
WIDTHS: Final = {"narrow": 320, "wide": 1280}
SQUARE: Final = 8
CHANGED: Final = 24
"""Of 255: a square whose mean differs by more, in one of the colors, is another one."""
MOST_CHANGED: Final = 0.003
"""The part of all squares that may be others: a line of text is more."""


@pytest.fixture
def site(folder: Path) -> Site:
    return Site("files", folder.as_uri())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_it_looks_as_before(
    browser: Browser, site: Site, language: str, name: str, width: str, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[width], "height": 800}, reduced_motion="reduce")
    page.goto(site.address(f"{language}{PAGES[name]}"))
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.close()
    stored = STORED / f"{name}-{language}-{width}.png"
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        picture.quantize(16).save(stored, optimize=True)
    seen = tmp_path / stored.name
    picture.save(seen)
    with Image.open(stored) as before:
        assert changed(before.convert("RGB"), picture) <= MOST_CHANGED, f"look at {seen} and {stored}"


def changed(before: Image.Image, now: Image.Image) -> float:
    """Return which part of a picture has changed."""
    size = max(before.width, now.width), max(before.height, now.height)
    small = []
    for each in (before, now):
        whole = Image.new("RGB", size, "magenta")  # what one of them does not have is another color
        whole.paste(each)
        small.append(whole.reduce(SQUARE))
    red, green, blue = ImageChops.difference(*small).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    counts = most.histogram()
    return sum(counts[CHANGED + 1 :]) / sum(counts)


def test_what_the_comparison_finds() -> None:
    before = Image.new("RGB", (1280, 3000), "white")
    lost, moved, shade = before.copy(), before.copy(), before.copy()
    card = Image.new("RGB", (600, 120), "#d4351c")
    before.paste(card, (100, 1000))
    moved.paste(card, (100, 1020))
    shade.paste(Image.new("RGB", (600, 120), "#00703c"), (100, 1000))
    assert changed(before, before) == 0
    for other in (lost, moved, shade, before.resize((1280, 2980))):
        assert changed(before, other) > MOST_CHANGED
