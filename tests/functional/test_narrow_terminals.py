"""On a terminal of 60 columns every table fits; in a pipe a table has one line for each row."""

import pytest

from support.terminals import Terminal
from support.workspaces import Workspace


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("catalogue status", "es: topic asthma, messages "),
        ("release list", "current"),
        ("vocabulary aspects", "living-with"),
        ("check asthma", "reading ease"),
        ("catalogue glossary -l es", "miscarriage"),
    ],
)
def test_a_table_fits(published: Workspace, words: str, shown: str) -> None:
    with Terminal(*words.split(), folder=published.folder, columns=60) as terminal:
        assert terminal.end() == 0
        assert shown in terminal.shown
        # A path or a key that is longer than the line stays whole.
        assert [line for line in terminal.shown.splitlines() if len(line) > 60 and " " in line.strip()] == []


def test_a_pipe_has_a_line_for_each_row(published: Workspace) -> None:
    lines = published.run("vocabulary", "aspects").out.splitlines()
    assert len(lines) == 1 + len(published.run("vocabulary", "aspects", "--json").json["entries"])
    assert max(map(len, lines)) > 60
