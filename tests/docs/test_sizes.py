"""No function, file or package of the source grows beyond what one can keep in mind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from radon.complexity import cc_visit

from support.samples import ROOT

SOURCE = ROOT / "src/healthtopics"
MOST_LINES = 600
MOST_OF_THE_SOURCE = 0.2
MOST_COMPLEX = 15


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def files() -> Iterator[Path]:
    return SOURCE.rglob("*.py")


def test_no_file_is_too_long() -> None:
    assert {path.name: lines_of(path) for path in files() if lines_of(path) > MOST_LINES} == {}


@pytest.mark.parametrize("package", sorted({path.parent.name for path in SOURCE.glob("*/__init__.py")}))
def test_no_package_is_more_than_a_fifth(package: str) -> None:
    own = sum(map(lines_of, (SOURCE / package).rglob("*.py")))
    assert own <= MOST_OF_THE_SOURCE * sum(map(lines_of, files()))


def test_no_function_is_too_complex() -> None:
    blocks = ((path.stem, block) for path in files() for block in cc_visit(path.read_text()))
    complex_ = {
        f"{module}.{block.fullname}": block.complexity
        for module, block in blocks
        if block.letter in "FM" and block.complexity > MOST_COMPLEX
    }
    assert complex_ == {}
