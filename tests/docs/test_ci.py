"""CI runs every test: those of `make test`, the slow ones, and the third-party tools."""

import re
import tomllib

from support.samples import ROOT

PYTEST = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
MAKEFILE = (ROOT / "Makefile").read_text()
CI = (ROOT / ".ci/run").read_text()


def recipe(target: str) -> str:
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return str(lines)


def test_every_target_with_tests_runs_in_ci() -> None:
    targets = re.findall(r"^make (\w+)", CI, re.MULTILINE)
    assert targets == ["test", "slow", "faults", "conformance"]
    assert "tests" in recipe("test").split()
    assert "-m 'not slow'" in recipe("tests")
    assert "-m slow" in recipe("slow")
    assert "tests/conformance" in recipe("conformance")
    assert "tests/faults" in recipe("faults")


def test_every_file_of_tests_is_collected() -> None:
    collected = [ROOT / path for path in (*PYTEST["testpaths"], "tests/conformance", "tests/faults")]
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if "node_modules" not in path.parts]
    assert [path for path in files if not any(folder in path.parents for folder in collected)] == []


def test_a_distribution_says_what_it_does_while_it_is_made() -> None:
    steps = re.findall(
        r"(\d of 3|build --no-isolation|install --require-hashes|cyclonedx-py)", recipe("dist")
    )
    assert steps == [
        "1 of 3",
        "build --no-isolation",
        "2 of 3",
        "install --require-hashes",
        "3 of 3",
        "cyclonedx-py",
    ]
