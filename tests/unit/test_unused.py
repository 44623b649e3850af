"""Every name that src defines is used by src itself; what only tests use belongs to the tests."""

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
    "debug": "typer makes the option of it; `main` reads it before typer runs",
    "ALL": "typer offers the members of an enum as choices",
    "EXIT_OK": "documented with the other exit codes; Python exits with it by default",
    "EXIT_USAGE": "documented with the other exit codes; typer exits with it by itself",
    "handle_starttag": "html.parser calls it",
    "handle_endtag": "html.parser calls it",
    "handle_data": "html.parser calls it",
    "XmlDeclHandler": "expat reads it",
    "StartDoctypeDeclHandler": "expat reads it",
    "StartElementHandler": "expat reads it",
    "collection_of": "nothing: publishing is to give the tests what it uses itself",
    "globals": "Jinja reads it",
    "filters": "Jinja reads it",
}
"""Names that nothing in src uses, with who does."""


def entry_points() -> set[str]:
    groups = [PROJECT["scripts"], *PROJECT["entry-points"].values()]
    return {target.rpartition(":")[2] for group in groups for target in group.values()}


def loaded_by_name() -> set[str]:
    """Return what strings in src name as entry points do: `healthtopics.formats.html.row:HTML`."""
    texts = (path.read_text() for path in SOURCE.rglob("*.py"))
    return {name for text in texts for name in re.findall(r'"healthtopics(?:\.\w+)+:(\w+)"', text)}


def words_of_templates() -> set[str]:
    return {word for path in SOURCE.rglob("*.html") for word in re.findall(r"\w+", path.read_text())}


class Reader(Vulture):  # type: ignore[misc]  # vulture has no types
    def visit_Assign(self, node: ast.Assign) -> None:  # noqa: N802  # the name of its visitor
        """Do not count a name in `__all__` as used, as vulture does."""


@cache
def unused() -> dict[str, str]:
    """Return each name that no code in src uses, with its place."""
    vulture = Reader(ignore_decorators=["@*.command", "@*.callback"])
    vulture.scavenge([SOURCE])
    return {
        item.name: f"{item.filename.relative_to(SOURCE)}:{item.first_lineno}: {item.typ} {item.name}"
        for item in vulture.get_unused_code()
        if item.typ != "import" and not item.name.startswith("__")
    }


def test_nothing_is_defined_for_tests_alone() -> None:
    used = entry_points() | loaded_by_name() | words_of_templates() | CALLED_FROM_OUTSIDE.keys()
    found = [place for name, place in unused().items() if name not in used]
    assert not found, "used by no code in src:\n" + "\n".join(found)


@pytest.mark.parametrize("name", CALLED_FROM_OUTSIDE)
def test_an_exception_is_needed(name: str) -> None:
    assert name in unused()
