"""Take the picture of the README: `PYTHONPATH=tests .venv/bin/python -m support.picture`."""

from support.browsers import chromium
from support.samples import ROOT

PAGE = ROOT / "exports/examples/html/en/miscarriage.html"
PICTURE = ROOT / "docs/images/page.png"


def take() -> None:
    """Write the picture."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 700})
        page.goto(PAGE.as_uri())
        page.screenshot(path=PICTURE)


if __name__ == "__main__":
    take()
