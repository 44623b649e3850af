"""Shared objects are values: nothing is keyed by `id()`, which another object may have later."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"


def test_nothing_calls_id() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Name) and node.id == "id" and isinstance(node.ctx, ast.Load)
    ]
    assert found == []
