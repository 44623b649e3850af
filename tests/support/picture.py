"""Take the pictures of the documentation: `PYTHONPATH=tests .venv/bin/python -m support.picture`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from support.browsers import chromium
from support.previews import opened, previewing
from support.samples import ROOT
from support.workspaces import bundled

PAGE = ROOT / "exports/examples/html/en/miscarriage.html"
IMAGES = ROOT / "docs/images"
TYPED = "El aborto espontáneo es la pérdida de un embarazo antes de la semana 30."


def take() -> None:
    """Write the pictures of the README and of the page for translators."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 700})
        page.goto(PAGE.as_uri())
        page.screenshot(path=IMAGES / "page.png")
        with tempfile.TemporaryDirectory() as folder:
            _take_preview(browser, Path(folder) / "workspace")


def _take_preview(browser: Browser, folder: Path) -> None:
    bundled(folder)
    with previewing(folder) as preview, opened(browser, preview.address, "/es/miscarriage") as page:
        page.set_viewport_size({"width": 1280, "height": 860})
        page.frame_locator("[name=translation]").locator("section p .message").first.click()
        page.get_by_role("textbox", name="Translation: Español").fill(TYPED)
        page.locator("#findings code").first.wait_for()
        page.screenshot(path=IMAGES / "preview.png")


if __name__ == "__main__":
    take()
