"""Every function and class of src is used by src itself; what only tests use belongs to the tests."""

import ast
import re
import tomllib
from functools import cache

import pytest
from vulture import Vulture

from support.samples import ROOT

SOURCE = ROOT / "src/healthtopics"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CALLED_FROM_OUTSIDE = {
    "handle_starttag": "html.parser calls it",
    "handle_endtag": "html.parser calls it",
    "handle_data": "html.parser calls it",
    "writable": "io calls it",
    "connection_made": "asyncio calls it",
    "connection_lost": "asyncio calls it",
    "data_received": "asyncio calls it",
    "eof_received": "asyncio calls it",
    "pause_writing": "asyncio calls it",
    "resume_writing": "asyncio calls it",
    "on_message_begin": "httptools calls it",
    "on_url": "httptools calls it",
    "on_header": "httptools calls it",
    "on_headers_complete": "httptools calls it",
    "on_body": "httptools calls it",
    "on_message_complete": "httptools calls it",
    "format_help": "Typer calls it",
}
"""Names that nothing in src uses, with who does."""


def entry_points() -> set[str]:
    groups = [PROJECT["scripts"], *PROJECT["entry-points"].values()]
    return {target.rpartition(":")[2] for group in groups for target in group.values()}


def words_of_templates() -> set[str]:
    paths = (path for path in SOURCE.rglob("templates/*") if path.suffix in (".html", ".md"))
    return {word for path in paths for word in re.findall(r"\w+", path.read_text())}


class Reader(Vulture):  # type: ignore[misc]  # vulture has no types
    def visit_Assign(self, node: ast.Assign) -> None:  # noqa: N802 - the name of its visitor
        """Do not count a name in `__all__` as used, as vulture does."""


@cache
def unused() -> dict[str, str]:
    """Return each function and class that no code in src uses, with its place."""
    vulture = Reader(ignore_decorators=["@*.command", "@*.callback", "@*.feature"])
    vulture.scavenge([SOURCE])
    return {
        item.name: f"{item.filename.relative_to(SOURCE)}:{item.first_lineno}: {item.typ} {item.name}"
        for item in vulture.get_unused_code()
        if item.typ in ("function", "method", "property", "class") and not item.name.startswith("__")
    }


def test_no_function_or_class_is_there_for_tests_only() -> None:
    used = entry_points() | words_of_templates() | CALLED_FROM_OUTSIDE.keys()
    found = [place for name, place in unused().items() if name not in used]
    assert not found, "used by no code in src:\n" + "\n".join(found)


@pytest.mark.parametrize("name", CALLED_FROM_OUTSIDE)
def test_an_exception_is_needed(name: str) -> None:
    assert name in unused()
