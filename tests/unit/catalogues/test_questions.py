"""Questions and answers in translator comments."""

import pytest

from healthtopics.catalogues.questions import (
    Question,
    Statement,
    questions_in,
    with_answer,
    with_answers_below,
    with_question,
)

ANA = "ASK (Ana Ruiz, 2026-12-01): Which cough?"
LI = "ANSWER (Li Wei, 2026-12-02): The dry one."
EVA = "ASK (Eva, 2026-12-03): Adults, too?"


def test_a_question_has_the_answers_below_it() -> None:
    found = questions_in(f"A remark.\n{ANA}\n{LI}\nlint-ignore: number-lost\n{EVA}")
    assert found == (
        Question(
            Statement("Ana Ruiz", "2026-12-01", "Which cough?"),
            (Statement("Li Wei", "2026-12-02", "The dry one."),),
        ),
        Question(Statement("Eva", "2026-12-03", "Adults, too?")),
    )
    assert [each.is_open for each in found] == [False, True]


@pytest.mark.parametrize(
    "line",
    [
        "Ask: Which cough?",
        "ASK Ana: Which cough?",
        "ASK:",
        "ASK (Ana, 2026-12-01):",
        "Please ASK (Ana, 2026-12-01): Which cough?",
    ],
)
def test_other_lines_are_remarks(line: str) -> None:
    assert questions_in(line) == ()


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("ASK: Which cough?", "unknown"),
        ("ASK:Which cough?", "unknown"),
        ("ASK (): Which cough?", "unknown"),
        ("ASK (Ana): Which cough?", "Ana"),
        ("ASK (Ana, yesterday): Which cough?", "Ana, yesterday"),
    ],
)
def test_a_question_without_a_name_or_a_day_is_one_as_well(line: str, by: str) -> None:
    (question,) = questions_in(f"{line}\nANSWER: The dry one.")
    assert question.asked == Statement(by, "", "Which cough?")
    assert question.asked.signature == by
    assert question.answers == (Statement("unknown", "", "The dry one."),)
    assert with_answer(line, 0, Statement("Li Wei", "2026-12-02", "The dry one.")) == f"{line}\n{LI}"


def test_a_name_may_have_a_comma_and_brackets() -> None:
    (question,) = questions_in("ASK (Ruiz, Ana (MD), 2026-12-01): Which?")
    assert question.asked == Statement("Ruiz, Ana (MD)", "2026-12-01", "Which?")


def test_an_answer_without_a_question_is_left_out() -> None:
    assert questions_in(f"{LI}\n{ANA}") == (Question(Statement("Ana Ruiz", "2026-12-01", "Which cough?")),)


def test_a_question_is_one_line() -> None:
    asked = Statement("Ana  Ruiz", "2026-12-01", "Which\ncough?")
    assert with_question("", asked) == ANA
    assert with_question("A remark.", asked) == f"A remark.\n{ANA}"


def test_an_answer_goes_below_its_question_and_the_answers_before_it() -> None:
    more = Statement("Li Wei", "2026-12-04", "Always.")
    line = "ANSWER (Li Wei, 2026-12-04): Always."
    assert with_answer(f"{ANA}\n{LI}\nA remark.\n{EVA}", 0, more) == f"{ANA}\n{LI}\n{line}\nA remark.\n{EVA}"
    assert with_answer(f"{ANA}\nA remark.\n{EVA}", 0, more) == f"{ANA}\n{line}\nA remark.\n{EVA}"
    assert with_answer(f"{ANA}\n{EVA}\nA remark.", 1, more) == f"{ANA}\n{EVA}\n{line}\nA remark."


def test_an_answer_of_the_other_side_stays_below_its_question() -> None:
    assert with_answers_below([ANA, EVA, LI], [ANA, LI]) == [ANA, LI, EVA]
    assert with_answers_below([ANA, LI, EVA], [ANA, LI]) == [ANA, LI, EVA]
    assert with_answers_below([EVA, LI], [ANA, LI]) == [EVA, ANA, LI]
    assert with_answers_below([EVA], [ANA, LI]) == [EVA]
