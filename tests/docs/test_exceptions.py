"""A rule of a linter is switched off in one line only, with the reason beside it."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.samples import ROOT

SWITCH = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:)")
WITH_REASON = re.compile(
    r"# (noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - |pragma: no cover - |type: ignore\[[a-z,-]+\]  # )\w"
)


def without_reason(source: str) -> Iterator[tuple[int, str]]:
    """Yield the comments that switch off a rule and do not say why, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_switch = token.type == tokenize.COMMENT and SWITCH.match(token.string)
        if is_switch and not WITH_REASON.match(token.string):
            yield token.start[0], token.string


def files() -> list[Path]:
    return [
        path
        for folder in ("src", "tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def test_a_rule_is_switched_off_with_its_reason() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {comment}"
        for path in files()
        for line, comment in without_reason(path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("comment", "is_found"),
    [
        ("# noqa: S301 - our own bytes", False),
        ("# noqa: FBT001, FBT002 - as Executor has it", False),
        ("# type: ignore[misc,assignment]  # on purpose", False),
        ("# pragma: no cover - on Windows", False),
        ("# noqa: S301", True),
        ("# noqa", True),
        ("# type: ignore[misc]", True),
        ("# type: ignore", True),
        ("# pragma: no cover", True),
        ("# what noqa means", False),
    ],
)
def test_a_reason_is_on_the_same_line(comment: str, is_found: bool) -> None:  # noqa: FBT001 - a case's value
    assert bool(list(without_reason(f"x = 1  {comment}\n"))) is is_found
