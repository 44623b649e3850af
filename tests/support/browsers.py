"""A real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from support.samples import ROOT

_QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
# The same letters in the same places on every machine.
_EVEN = ["--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb"]
_FONTS = {"FONTCONFIG_FILE": str(ROOT / "tests/support/fonts.conf")}
_FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser that makes no requests except those of its pages; it has one font, DejaVu Sans."""
    assert _FONT.exists(), "DejaVu Sans is not installed (Debian's fonts-dejavu-core)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*_QUIET, *_EVEN], env={**os.environ, **_FONTS}
        )
        yield browser
        browser.close()
