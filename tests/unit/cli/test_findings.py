"""What people see of problems: each once, in the order of their places, many of a kind together."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from healthtopics.cli.findings import print_problems
from healthtopics.cli.run import Run, begin, current
from healthtopics.problems import Level, Problem


@pytest.fixture(autouse=True)
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield begin(Run(workspace=tmp_path))
    begin(Run())


def problems(count: int, check: str = "medlineplus-no-twin") -> list[Problem]:
    return [
        Problem(
            check=check, level=Level.WARNING, path="x.xml", line=line, message=f"record {line}.", hint="Look."
        )
        for line in range(1, count + 1)
    ]


def test_a_hint_that_repeats_itself_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems(problems(40))
    printed = capsys.readouterr().err
    assert (printed.count("record"), printed.count("hint: Look.")) == (40, 1)


def test_of_many_problems_each_kind_has_three_examples_and_its_number(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = Problem(check="medlineplus-id", path="x.xml", message="two.")
    print_problems([*problems(981), error, *problems(2, "medlineplus-no-summary")])
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if "hint" not in line] == [
        "x.xml  error  medlineplus-id  two.",
        "x.xml:1  warning  medlineplus-no-summary  record 1.",
        "x.xml:2  warning  medlineplus-no-summary  record 2.",
        "x.xml:1  warning  medlineplus-no-twin  record 1.",
        "x.xml:2  warning  medlineplus-no-twin  record 2.",
        "x.xml:3  warning  medlineplus-no-twin  record 3.",
        "  … 978 more × warning  medlineplus-no-twin; --verbose lists every one",
    ]


def test_verbose_prints_everything(capsys: pytest.CaptureFixture[str]) -> None:
    note = Problem(check="note", level=Level.INFO, path="x.xml", message="a note.")
    print_problems([*problems(981), note], is_verbose=True)
    printed = capsys.readouterr().err
    assert (printed.count("hint: Look."), printed.count("a note.")) == (981, 1)


def test_notes_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    print_problems([Problem(check="note", level=Level.INFO, path="x.xml", message="a note.")])
    assert capsys.readouterr().err == "1 note besides; --verbose lists them.\n"


def test_each_finding_comes_once_in_the_order_of_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    found = problems(3)
    print_problems([found[2], found[0], found[1], found[0]])
    assert [each.line for each in current().problems] == [1, 2, 3]
    assert capsys.readouterr().err.count("record") == 3


def test_a_command_that_judges_prints_on_standard_output(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run.is_judging = True
    print_problems(problems(1))
    assert capsys.readouterr() == ("x.xml:1  warning  medlineplus-no-twin  record 1.\n  hint: Look.\n", "")


TOPIC = '{\n  "id": "asthma",\n  "título": {"a/b": [1,\n 2]}}\n'
TOML = 'base_url = "https://a.example"\n\n[languages.es]\npolicy = "complete"\n'


@pytest.mark.parametrize(
    ("path", "pointer", "place"),
    [
        ("topics/asthma.json", "/id", "topics/asthma.json:2:9"),
        ("topics/asthma.json", "/título/a~1b/1", "topics/asthma.json:4:2"),
        ("topics/asthma.json", "/título/missing", "topics/asthma.json:3:13"),
        ("topics/asthma.json", "", "topics/asthma.json:1:1"),
        ("healthtopics.toml", "/languages/es/policy", "healthtopics.toml:4:10"),
        ("topics/broken.json", "/id", "topics/broken.json#/id"),
        ("topics/deep.json", "/id", "topics/deep.json#/id"),
        ("topics/not-here.json", "/id", "topics/not-here.json#/id"),
        ("fhir-r4/es/asthma", "/id", "fhir-r4/es/asthma#/id"),
    ],
)
def test_a_pointer_becomes_line_and_column(tmp_path: Path, path: str, pointer: str, place: str) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics/asthma.json").write_text(TOPIC)
    (tmp_path / "topics/broken.json").write_text("{")
    (tmp_path / "topics/deep.json").write_text("[" * 5000 + "]" * 5000)
    (tmp_path / "healthtopics.toml").write_text(TOML)
    print_problems([Problem(check="x", path=path, pointer=pointer, message="m.")])
    (problem,) = current().problems
    assert (problem.place, problem.pointer) == (place, pointer)


def test_pointers_into_something_else_stay(tmp_path: Path) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics/asthma.json").write_text(TOPIC)
    offered = Problem(check="x", path="topics/asthma.json", pointer="/id", message="m.")
    print_problems([offered], finds_places=False)
    assert current().problems == [offered]


class TestColor:
    def printed(self, capsys: pytest.CaptureFixture[str]) -> str:
        levels = zip(Level, ("one.", "two.", "three."), strict=True)
        print_problems(
            [
                Problem(check="c", level=level, path="[b].po", line=1, message=message)
                for level, message in levels
            ],
            is_verbose=True,
        )
        return capsys.readouterr().err

    def test_plain_in_a_pipe(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.printed(capsys).splitlines()[0] == "[b].po:1  error  c  one."

    def test_symbols_and_colors_by_level(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
        assert self.printed(capsys).splitlines() == [
            "\x1b[1m[b].po:1\x1b[0m  \x1b[1;31m✗ error\x1b[0m  c  one.",
            "\x1b[1m[b].po:1\x1b[0m  \x1b[33m! warning\x1b[0m  c  two.",
            "\x1b[1m[b].po:1\x1b[0m  \x1b[36m· info\x1b[0m  c  three.",
        ]

    def test_symbols_without_colors(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("NO_COLOR", "1")
        printed = self.printed(capsys)
        assert "✗ error" in printed
        assert "\x1b[31m" not in printed
        assert ";31m" not in printed
