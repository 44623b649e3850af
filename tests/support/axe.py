"""axe-core in a page and in all frames in it: WCAG 2.2 at level AA, and its best practices."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_RULES: Final = (
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
)


def violations(page: Page, *rules: str) -> list[str]:
    """Return what a page violates, a line for each element; only the rules named, if any are."""
    # The top one asks those in its frames, which must be there before.
    for frame in reversed(page.frames):
        frame.evaluate(AXE_SCRIPT)
    # Without a second look at style sheets, which pages in files forbid, and which no rule here needs.
    options = {
        "runOnly": list(rules or _RULES),
        "resultTypes": ["violations", "incomplete"],
        "preload": False,
    }
    found = page.evaluate("options => axe.run(options)", options)
    untested = [each for each in found["incomplete"] if each["id"] == "frame-tested"]
    return [line for each in (*found["violations"], *untested) for line in _lines(each)]


def _lines(violation: Mapping[str, Any]) -> Iterator[str]:
    for node in violation["nodes"]:
        why = [each["message"] for key in ("any", "all", "none") for each in node[key]]
        yield f"{violation['id']}: {' '.join(map(str, node['target']))}: {'; '.join(why)}"
