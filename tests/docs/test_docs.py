"""What exists is documented, and what is documented exists."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer.main

from healthtopics import cli
from healthtopics.checks.table import CHECKS
from healthtopics.cli import exits
from healthtopics.validation.topics import TopicReferences, TopicSchema
from support.documents import section, topic, vocabulary
from support.samples import ROOT


def documented(name: str) -> str:
    return (ROOT / name).read_text()


def name_of(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def parameters(node: ast.AST) -> tuple[str, list[str]]:
    """Return the name of a function or class, and what a call of it takes."""
    match node:
        case ast.FunctionDef(name=name, args=args):
            names = [each.arg for each in (*args.posonlyargs, *args.args)]
            return name, names[1:] if names[:1] in (["self"], ["cls"]) else names
        case ast.ClassDef(name=name, body=body):
            return name, [name_of(each.target) for each in body if isinstance(each, ast.AnnAssign)]
    return "", []


class Ids:
    """The ids of checks in the source: what is given to, and what is assigned to, anything called `check`."""

    def __init__(self) -> None:
        # The service has no checks; the ids there are those of examples.
        paths = sorted(
            each for each in (ROOT / "src").rglob("*.py") if "delivery" not in each.relative_to(ROOT).parts
        )
        trees = [ast.parse(path.read_bytes()) for path in paths]
        self.nodes = [node for tree in trees for node in ast.walk(tree)]
        self.takers: dict[str, set[int]] = defaultdict(set, {"Check": {0}})
        self.values: dict[str, list[ast.expr]] = defaultdict(list)
        for name, names in map(parameters, self.nodes):
            if "check" in names:
                self.takers[name].add(names.index("check"))
        for node in self.nodes:
            self._note(node)
        found = {each for value in self._given() for each in self._resolve(value)}
        self.found = {each for each in found if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", each)}

    def _note(self, node: ast.AST) -> None:
        """Note what a name stands for."""
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                for target, each in zip(names, values, strict=True):
                    self.values[name_of(target)].append(each)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.values[name].append(value)
                self.takers[name] |= self.takers.get(name_of(value), set())  # a shorter name of a method
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.values[name_of(target)].append(value)
            case ast.keyword(arg=str(name), value=value):
                self.values[name].append(value)
            case ast.FunctionDef(args=args) if args.defaults:
                last = args.args[-len(args.defaults) :]
                for parameter, default in zip(last, args.defaults, strict=False):
                    self.values[parameter.arg].append(default)

    def _given(self) -> Iterator[ast.expr]:
        yield from self.values["check"]
        for node in self.nodes:
            if isinstance(node, ast.Call):
                for place in self.takers.get(name_of(node.func), ()):
                    yield from node.args[place : place + 1]

    def _resolve(self, value: ast.expr) -> Iterator[str]:
        match value:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=body, orelse=other):
                yield from self._resolve(body)
                yield from self._resolve(other)
            case ast.Name() | ast.Attribute() if name_of(value) not in ("check", "name"):
                for each in self.values[name_of(value)]:
                    if isinstance(each, ast.Constant):
                        yield from self._resolve(each)


@cache
def check_ids() -> list[str]:
    return sorted(Ids().found | {row.id for row in CHECKS.rows})


@pytest.mark.parametrize("check", check_ids())
def test_a_check_is_documented(check: str) -> None:
    assert f"`{check}`" in documented("docs/checks.md")


def test_a_documented_check_exists() -> None:
    rows = [line for line in documented("docs/checks.md").splitlines() if line.startswith("| `")]
    named = {
        check for row in rows for check in re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", row.split("|")[1])
    }
    assert named <= set(check_ids())


def sentences() -> list[Any]:
    """Return what the tables with a right and a wrong sentence say: check, right, wrong."""
    rows = [line.split(" | ") for line in documented("docs/checks.md").splitlines() if line.startswith("| `")]
    return [
        pytest.param(row[0][3:-1], row[3], row[4].removesuffix(" |"), id=row[0][3:-1])
        for row in rows
        if len(row) == 5
    ]


def as_written(sentence: str) -> str:
    """Return a sentence of the documentation with the characters that a reader would not see there."""
    sentence = re.sub(r"\[U\+([0-9A-F]{4})\]", lambda match: chr(int(match[1], 16)), sentence)
    return sentence.replace("[ ]", " ").replace("`", "")


@pytest.mark.parametrize(("check", "right", "wrong"), sentences())
def test_the_sentences_of_the_documentation_are_tested_examples(check: str, right: str, wrong: str) -> None:
    pairs = json.loads(documented(f"tests/examples/checks/{check}.json"))["pairs"]
    assert as_written(right) in [text for pair in pairs for text in pair["right"]]
    assert as_written(wrong) in [text for pair in pairs for text in pair["wrong"]]


def commands() -> list[str]:
    """Return every command that `--help` lists, groups as `group command`."""
    root: Any = typer.main.get_command(cli.app)
    names: list[str] = []
    for name, command in root.commands.items():
        if not command.hidden:
            below = getattr(command, "commands", {})
            names += [f"{name} {each}" for each in below] or [name]
    return names


@pytest.mark.parametrize("command", commands())
def test_a_command_is_in_the_table(command: str) -> None:
    table = documented("docs/commands.md")
    group, _, below = command.partition(" ")
    rows = [line for line in table.splitlines() if line.startswith(f"| `healthtopics {group}")]
    assert any(re.search(rf"\b{below or group}\b", line) for line in rows)


@pytest.mark.parametrize("code", [value for name, value in vars(exits).items() if name.startswith("EXIT_")])
def test_an_exit_code_is_in_the_table(code: int) -> None:
    assert re.search(rf"^\| {code} \|", documented("docs/commands.md"), re.MULTILINE)


@pytest.mark.parametrize(
    "schema", sorted(path.relative_to(ROOT) for path in (ROOT / "schema").rglob("*.schema.json")), ids=str
)
def test_every_schema_describes_itself(schema: str) -> None:
    text = (ROOT / schema).read_text()
    assert '"description"' in text
    assert '"title"' in text


def test_no_document_names_a_path_that_does_not_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for path in re.findall(r"\]\(([^)#:]+)\)", documented(name)):
            assert (ROOT / path).exists(), f"{name}: {path}"


def test_the_examples_of_a_topic_are_valid() -> None:
    recipe = (ROOT / "CONTRIBUTING.md").read_text().partition("## Add a topic")[2].partition("\n## ")[0]
    callout, members = (json.loads(each) for each in re.findall(r"```json\n(.*?)```", recipe, re.DOTALL))
    document = topic(sections=[section("signs", callout)], **members)
    problems = TopicSchema().check(document, "topics/asthma.json", TopicReferences(vocabulary()))
    assert {each.check for each in problems} <= {"unknown-key"}, "the vocabulary is empty here"


def test_every_decision_has_its_own_number() -> None:
    paths = sorted((ROOT / "docs/adr").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        assert re.match(rf"# {int(path.name[:4])}\. ", path.read_text()), path.name
