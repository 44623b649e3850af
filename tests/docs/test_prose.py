"""Messages, docstrings, comments, names and documentation avoid the phrases of prose.toml."""

import ast
import io
import json
import re
import tokenize
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.samples import ROOT

PROSE = tomllib.loads((ROOT / "tests/docs/prose.toml").read_text())
PATTERNS, NAMES = (
    [(re.compile(each["pattern"], re.IGNORECASE), each["say"]) for each in PROSE[kind]]
    for kind in ("phrase", "name")
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of prose, and the line on which it starts."""

    line: int
    text: str


def of_python(source: str) -> Iterator[Passage]:
    """Yield every string and every comment."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Passage(node.lineno, node.value)
    yield from _comments(source)


def _comments(source: str) -> Iterator[Passage]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Passage(token.start[0], token.string)


def names_in(source: str) -> Iterator[Passage]:
    """Yield the names that a Python file gives, as words."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                pass
            case ast.Name(id=name, ctx=ast.Store()):
                pass
            case _:
                continue
        yield Passage(node.lineno, re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name))


def of_test(source: str) -> Iterator[Passage]:
    """Yield the comments and docstrings of a test, and its names as words; its strings are data."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield Passage(node.lineno, node.name.replace("_", " "))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            docstring = node.body[0]
            yield Passage(docstring.lineno, ast.get_docstring(node, clean=False) or "")
    yield from _comments(source)


def of_schema(source: str) -> Iterator[Passage]:
    """Yield what a schema says to people: titles, descriptions and comments."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for name, below in value.items():
                if name in ("title", "description", "comment", "$comment") and isinstance(below, str):
                    yield below
                else:
                    yield from walk(below)
        elif isinstance(value, list):
            for below in value:
                yield from walk(below)

    for text in walk(json.loads(source)):
        yield Passage(source[: source.find(json.dumps(text, ensure_ascii=False))].count("\n") + 1, text)


def of_template(source: str) -> Iterator[Passage]:
    """Yield what a page shows, and comments for translators; of expressions and statements only the lines."""
    yield Passage(1, re.sub(r"(?s)\{[{%].*?[}%]\}", lambda match: "\n" * match[0].count("\n"), source))


def of_changelog(source: str) -> Iterator[Passage]:
    """Yield what is not released yet: a release is described once."""
    head, _, rest = source.partition("\n## ")
    yield Passage(head.count("\n") + 2, rest.partition("\n## ")[0])


def passages(path: Path) -> Iterator[Passage]:
    source = path.read_text("utf-8")
    name = path.relative_to(ROOT).as_posix()
    if name == "CHANGELOG.md":
        yield from of_changelog(source)
    elif name.startswith("tests/"):
        yield from of_test(source)
    elif path.suffix == ".py":
        yield from of_python(source)
    elif path.suffix == ".json":
        yield from of_schema(source)
    elif path.suffix == ".html":
        yield from of_template(source)
    else:
        yield Passage(1, source)


def found(
    passage: Passage, patterns: Sequence[tuple[re.Pattern[str], str]] = PATTERNS
) -> Iterator[tuple[int, str, str]]:
    """Yield line, phrase and what to write instead."""
    lines = [number for number, line in enumerate(passage.text.split("\n")) for _ in line.split()]
    text = " ".join(passage.text.split())
    for pattern, say in patterns:
        for match in pattern.finditer(text):
            word = text.count(" ", 0, match.start())
            yield passage.line + lines[word], match[0], say


def files() -> list[str]:
    paths = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "benchmarks").glob("*.py"),
        *(path for path in (ROOT / "schema").rglob("*.json") if path.name.endswith(".schema.json")),
        *(ROOT / "src").rglob("*.html"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "benchmarks").glob("*.md"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile")),
    ]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths if "node_modules" not in path.parts)


@pytest.mark.parametrize("name", files())
def test_a_file_has_no_stilted_phrase(name: str) -> None:
    hits = [
        f"{name}:{line}: “{phrase}”: write {say}"
        for passage in passages(ROOT / name)
        for line, phrase, say in found(passage)
    ]
    assert not hits, "\n".join(hits)


@pytest.mark.parametrize(
    "name", [name for name in files() if name.startswith("src/") and name.endswith(".py")]
)
def test_names_are_plain_words(name: str) -> None:
    hits = [
        f"{name}:{line}: “{word}”: write {say}"
        for passage in names_in((ROOT / name).read_text("utf-8"))
        for line, word, say in found(passage, NAMES)
    ]
    assert not hits, "\n".join(hits)


def test_names_of_every_kind_are_read() -> None:
    source = "class AnyOne:\n    def tell_it(self, to_whom):\n        told = 1\n        return told.left\n"
    assert {each.text.strip() for each in names_in(source)} == {
        "Any One",
        "tell it",
        "self",
        "to whom",
        "told",
    }


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("“x” is no URL.", 1),
        ("There is no URL.", 0),
        ("It is no longer there.", 0),
        ("a record of other software is none", 1),
        ("What is in the way\n    of the edition", 1),
        ("fmt stands for format", 0),
        ("Where it\nstands.", 1),
        ("Understand and recommend", 0),
        ("Mend it.", 1),
    ],
)
def test_phrases_are_found_across_lines_and_idioms_are_left_alone(text: str, count: int) -> None:
    assert len(list(found(Passage(1, text)))) == count


def test_every_part_of_a_python_file_is_read() -> None:
    source = '"""Mend."""\n# mends\nX = f"{1} mended"\ndef test_mending() -> None:\n    """Mend."""\n'
    assert [each.text for each in of_python(source)] == ["Mend.", " mended", "Mend.", "# mends"]
    assert [each.text for each in of_test(source)] == ["Mend.", "test mending", "Mend.", "# mends"]
