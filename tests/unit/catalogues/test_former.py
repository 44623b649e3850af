"""The former texts of an entry, in its comment."""

import pytest

from healthtopics.catalogues.former import Former, former_in, former_lines


@pytest.mark.parametrize(
    "former",
    [
        Former("Take 20 mg.", "Tome 20 mg."),
        Former("One\nTwo", "Uno\nDos\n"),
        Former("A back\\slash and \\n", "\\\\"),
    ],
)
def test_both_texts_come_back(former: Former) -> None:
    lines = former_lines(former)
    assert lines.count("\n") == 1
    assert former_in(f"A remark.\n{lines}\nlint-ignore: number-lost") == former


@pytest.mark.parametrize(
    "comment", ["", "former English: Take 20 mg.", "The former English: a\nformer translation: b"]
)
def test_one_line_alone_is_a_remark(comment: str) -> None:
    assert former_in(comment) is None
