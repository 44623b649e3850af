from dataclasses import replace

import pytest

from healthtopics.language_server.positions import EntryText, span_of
from healthtopics.problems import Problem

TEXT = """\
msgid ""
msgstr "Language: es\\n"

# A remark.
#. Section “Causes”.
#, fuzzy
msgctxt "paragraph"
msgid "Take 2 pills, \\"now\\"."
msgstr ""
"Tome 3 píldoras, "
"\\"ya\\".\\n"

# lint-ignore: number-changed
msgid "Rest."
msgstr "Descanse."

#~ msgid "Old."
#~ msgstr "Viejo."
"""
FOUND = Problem(check="number-changed", path="a.po", line=7, message="in the translation of “Take 2”: no.")


def part(problem: Problem, text: str = TEXT) -> str:
    span = span_of(problem, text)
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("“2” of the English is not “3”.", "3"),
        ('“píldoras, "ya"” is bad.', 'píldoras, "\n"\\"ya\\"'),
        ("something.", '"Tome 3 píldoras, "\n"\\"ya\\".\\n"'),
        ("“…píldoras, …” is bad.", "píldoras,"),
    ],
)
def test_a_translation_is_marked_by_what_is_quoted_of_it(message: str, shown: str) -> None:
    assert part(replace(FOUND, message=message)) == shown


def test_what_has_no_translation_to_mark_is_marked_in_its_line() -> None:
    assert part(replace(FOUND, line=14, check="dismissal-unneeded")) == "# lint-ignore: number-changed"
    assert part(replace(FOUND, line=8, column=7)) == '"Take 2 pills, \\"now\\"."'
    assert part(replace(FOUND, line=1)) == '"Language: es\\n"'
    assert part(replace(FOUND, line=99)) == ""
    assert part(replace(FOUND, line=None)) == 'msgid ""'
    assert part(FOUND, "") == ""


@pytest.mark.parametrize(
    ("pointer", "shown"),
    [("/a/1", '"🫁"'), ("/a", "["), ("/b~1c", "12.5"), ("/lost", "{"), ("", '{"a": [true, "🫁"],')],
)
def test_a_value_of_json_is_marked(pointer: str, shown: str) -> None:
    text = '{"a": [true, "🫁"],\n "b/c": 12.5}'
    assert part(Problem(check="x", path="a.json", pointer=pointer, message="no."), text) == shown


def test_an_entry_is_found_from_each_of_its_lines() -> None:
    lines = [entry.line if (entry := EntryText.at(TEXT, number)) else 0 for number in range(1, 19)]
    assert lines == [1, 1, 0, 7, 7, 7, 7, 7, 7, 7, 7, 0, 14, 14, 14, 0, 0, 0]


def dismissed(line: int, check: str) -> str:
    entry = EntryText.at(TEXT, line)
    assert entry
    span, text = entry.with_dismissal(check)
    return TEXT[: span.start] + text + TEXT[span.end :]


def test_a_dismissal_joins_the_translators_comments() -> None:
    assert "# A remark.\n# lint-ignore: space-double\n#. Section" in dismissed(9, "space-double")
    assert "\n# lint-ignore: number-changed, space-double\nmsgid" in dismissed(15, "space-double")
    assert dismissed(15, "number-changed") == TEXT
