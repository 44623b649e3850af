"""docs/dependencies.md names every library of the product, and the lock pins them and all others."""

import os
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.samples import ROOT

PATH = ROOT / "docs/dependencies.md"
PAGE = PATH.read_text()
START, END = "<!-- indirect: generated -->\n", "<!-- end of indirect -->"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CHOSEN = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
SHA256 = re.compile(r"--hash=sha256:[0-9a-f]{64}")
"""What `make lock` writes."""


def locked(name: str) -> dict[str, tuple[Requirement, list[str], str]]:
    """Return what a lock pins, by name: the requirement, its digests, the comment with what needs it."""
    entries = re.split(r"(?m)^(?=[a-z0-9])", (ROOT / name).read_text())[1:]
    found: dict[str, tuple[Requirement, list[str], str]] = {}
    for entry in entries:
        requirement = Requirement(entry.partition("\\")[0])
        found[canonicalize_name(requirement.name)] = requirement, SHA256.findall(entry), entry
    return found


PRODUCT, EVERYTHING = locked("requirements.txt"), locked("constraints.txt")


def licence(name: str) -> str | None:
    """Return what an installed package says about its licence; None if this environment does not have it."""
    try:
        found: Any = metadata(name)  # an email message, which its type does not say
    except PackageNotFoundError:
        return None
    classifiers = [
        each.rpartition(" :: ")[2] for each in found.get_all("Classifier") or [] if "License ::" in each
    ]
    return found.get("License-Expression") or ", ".join(classifiers) or found.get("License")


def indirect() -> str:
    """Return the table of what the chosen libraries bring."""
    chosen = {canonicalize_name(each.name) for each in CHOSEN}
    # A library of another system or Python is not installed here: its licence was written down where it is.
    written = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    lines = ["| library | licence | needed by | where |", "|---|---|---|---|"]
    for name, (requirement, _, comment) in PRODUCT.items():
        if name not in chosen:
            needed = ", ".join(
                f"`{each}`"
                for each in re.findall(r"#\s+(?:via )?((?!via$)[a-z][\w.-]*)$", comment, re.MULTILINE)
            )
            where = f"`{requirement.marker}`" if requirement.marker else "everywhere"
            lines.append(f"| `{name}` | {licence(name) or written.get(name, '?')} | {needed} | {where} |")
    return "\n".join([*lines, ""])


def test_what_comes_indirectly_is_listed_with_its_licence() -> None:
    before, rest = PAGE.split(START)
    shown, after = rest.split(END)
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        PATH.write_text(f"{before}{START}{indirect()}{END}{after}")
        return
    assert shown == indirect(), "run `make goldens` and review the difference"
    assert "?" not in shown, (
        "install the library once, on a system or a Python that needs it, to read its licence"
    )


def declared() -> list[Requirement]:
    groups = PROJECT["dependency-groups"].values()
    lines = [line for group in groups for line in group if isinstance(line, str)]
    return [*CHOSEN, *map(Requirement, [*lines, *PROJECT["build-system"]["requires"]])]


@pytest.mark.parametrize("requirement", CHOSEN, ids=str)
def test_a_chosen_library_has_a_reason(requirement: Requirement) -> None:
    assert f"`{requirement.name.lower()}`" in PAGE.partition(START)[0].lower()


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_a_declared_dependency_is_locked_in_a_version_that_fits(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    assert name in EVERYTHING, "run `make lock`"
    (pin,) = EVERYTHING[name][0].specifier
    assert pin.operator == "=="
    assert requirement.specifier.contains(pin.version), "run `make lock`"


def test_the_two_locks_agree() -> None:
    assert {canonicalize_name(each.name) for each in CHOSEN} <= PRODUCT.keys(), "run `make lock`"
    for name, (requirement, digests, _) in PRODUCT.items():
        assert EVERYTHING[name][0].specifier == requirement.specifier, "run `make lock`"
        assert EVERYTHING[name][1] == digests, "run `make lock`"


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_pin_has_digests(name: str) -> None:
    requirement, digests, _ = EVERYTHING[name]
    assert re.fullmatch(r"==[^,*]+", str(requirement.specifier))
    assert digests, "a line without a digest: run `make lock`"
