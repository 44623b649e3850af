"""docs/architecture.md describes the code as it is: every module, the floors, the functions that it names."""

import os
import re
import tomllib
from pkgutil import iter_modules, resolve_name

import pytest

import healthtopics
from support.samples import ROOT

PATH = ROOT / "docs/architecture.md"
PAGE = PATH.read_text()
START, END = "<!-- floors: generated -->\n", "<!-- end of floors -->"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [contract for contract in CONTRACTS if contract["type"] == "layers"]
MODULES = sorted(module.name for module in iter_modules(healthtopics.__path__))
WITH_FLOORS = (
    "healthtopics",
    "healthtopics.catalogues",
    "healthtopics.checks",
    "healthtopics.delivery.documentation",
    "healthtopics.index",
    "healthtopics.publishing",
    "healthtopics.reading",
    "healthtopics.importers",
    "healthtopics.importers.shared",
    "healthtopics.importers.medlineplus",
)


def floors() -> str:
    """Return the floors of pyproject.toml as they are on the page."""
    lines = ["```"]
    for contract in LAYERS:
        for container in contract["containers"]:
            lines += [container, *(f"    {layer}" for layer in contract["layers"])]
    return "\n".join([*lines, "```", ""])


def test_the_floors_are_those_that_the_linter_checks() -> None:
    before, rest = PAGE.split(START)
    shown, after = rest.split(END)
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        PATH.write_text(f"{before}{START}{floors()}{END}{after}")
        return
    assert shown == floors(), "run `make goldens` and review the difference"


@pytest.mark.parametrize("container", WITH_FLOORS)
def test_a_package_has_floors_and_every_module_in_it_one(container: str) -> None:
    (contract,) = [each for each in LAYERS if container in each["containers"]]
    assert contract["exhaustive"] is True


def test_every_module_has_one_line() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == [name for name in MODULES if name not in ("data", "example")]


def named() -> list[str]:
    """Return the dotted names on the page, those of files left out."""
    names = re.findall(r"`(\w+(?:\.\w+)+)(?:\(\))?`", PAGE)
    return sorted({name for name in names if not name.endswith((".toml", ".json"))})


def test_the_walk_names_functions_from_each_step() -> None:
    modules = {name.partition(".")[0] for name in named()}
    assert {"storage", "publishing", "validation", "translation", "formats", "release"} <= modules


@pytest.mark.parametrize("name", named())
def test_what_the_page_names_exists(name: str) -> None:
    assert resolve_name(f"healthtopics.{name}") is not None
