from dataclasses import replace

import pytest

from healthtopics import jsontext
from healthtopics.problems import Level, Problem, excerpts, has_errors, pointer_to, printable

PROBLEM = Problem(check="unknown-key", path="topics/asthma.json", message="there is no such key.")


@pytest.mark.parametrize(
    ("problem", "place"),
    [
        pytest.param(PROBLEM, "topics/asthma.json", id="file"),
        pytest.param(replace(PROBLEM, pointer="/kind"), "topics/asthma.json#/kind", id="pointer"),
        pytest.param(replace(PROBLEM, line=3), "topics/asthma.json:3", id="line"),
        pytest.param(replace(PROBLEM, line=3, column=7), "topics/asthma.json:3:7", id="line and column"),
    ],
)
def test_place_is_a_link_for_editors(problem: Problem, place: str) -> None:
    assert problem.place == place


def test_printed_problem_names_place_level_rule_hint_and_standard() -> None:
    problem = replace(PROBLEM, level=Level.WARNING, hint="Add it.", spec="https://example.org/rule")
    assert str(problem).splitlines() == [
        "topics/asthma.json  warning  unknown-key  there is no such key.",
        "  hint: Add it.",
        "  see: https://example.org/rule",
    ]


def test_json_form_has_every_member_and_plain_values() -> None:
    assert jsontext.load(jsontext.dump(replace(PROBLEM, line=3))) == {
        "check": "unknown-key",
        "level": "error",
        "path": "topics/asthma.json",
        "line": 3,
        "column": None,
        "pointer": "",
        "message": "there is no such key.",
        "hint": "",
        "spec": "",
    }


def test_only_errors_stop_a_publication() -> None:
    assert has_errors([replace(PROBLEM, level=Level.INFO), PROBLEM])
    assert not has_errors([replace(PROBLEM, level=Level.INFO), replace(PROBLEM, level=Level.WARNING)])


@pytest.mark.parametrize(
    ("steps", "pointer"),
    [((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "m~n"), "/a~1b/m~0n"), (("~1",), "/~01"), (("",), "/")],
)
def test_pointer_follows_rfc_6901(steps: tuple[str | int, ...], pointer: str) -> None:
    assert pointer_to(*steps) == pointer


def test_two_long_texts_are_quoted_from_shortly_before_their_difference() -> None:
    same = "Call your doctor if you have a fever. " * 4
    one, other = excerpts(f"{same}Take 2 tablets.", f"{same}Take 20 tablets.")
    assert (one, other) == ("…have a fever. Take 2 tablets.", "…have a fever. Take 20 tablets.")
    assert excerpts("Take 2 tablets.", "Take 20 tablets.") == ("Take 2 tablets.", "Take 20 tablets.")
    assert max(map(len, excerpts("Take 2. " + same, "Take 20. " + same))) == 60


def test_no_quotation_forges_a_line() -> None:
    forged = "x\nerror  all is lost\r\u2028\u202e\x1b[2J"
    problem = Problem(check="c", path=forged, message=f"“{forged}” is wrong.", hint=f"Delete “{forged}”.")
    quoted = r"x\nerror  all is lost\r\u2028\u202e\x1b[2J"
    assert str(problem).splitlines() == [
        f"{quoted}  error  c  “{quoted}” is wrong.",
        f"  hint: Delete “{quoted}”.",
    ]


def test_a_name_is_shown_as_it_is() -> None:
    assert printable("señal 2.json") == "señal 2.json"
    assert printable("a\nb\u202e") == r"a\nb\u202e"
