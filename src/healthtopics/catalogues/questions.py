"""Questions about a message, and their answers, as lines of its translator comment.

`# ASK (Ana Ruiz, 2026-12-01): Which cough?`, and below it `# ANSWER (Li Wei, 2026-12-02): The dry one.`
Comments survive every tool; a question and its answers stay together when two sides are merged. What people
write without a name or a day, `# ASK: children too?`, is a question as well.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from healthtopics import jsontext

_LINE: Final = re.compile(r"(ASK|ANSWER)(?: *\((?:(.+?), ([0-9]{4}-[0-9]{2}-[0-9]{2})|(.*?))\))?: *(\S.*)")
UNKNOWN: Final = "unknown"
"""The name of somebody who has not written it."""


class Statement(NamedTuple):
    """A question or an answer."""

    by: str
    day: str
    """ISO; empty if it is not written."""
    text: str

    @property
    def signature(self) -> str:
        """Who has written it, and when."""
        return ", ".join(filter(None, (self.by, self.day)))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"by": self.by, "date": self.day, "text": self.text}


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answers below it."""

    asked: Statement
    answers: tuple[Statement, ...] = ()

    @property
    def id(self) -> str:
        """What it is called while others come and go: a digest of who asked what, and when."""
        return jsontext.short_digest(list(self.asked))

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.answers

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {**self.asked.to_dict(), "answers": [each.to_dict() for each in self.answers]}


def questions_in(comment: str) -> tuple[Question, ...]:
    """Return the questions of a translator comment, in order; an answer without a question is left out."""
    found: list[tuple[Statement, list[Statement]]] = []
    for match in _matches(comment):
        _, name, day, other, said = match.groups()
        statement = Statement((name or other or "").strip() or UNKNOWN, day or "", said)
        if match[1] == "ASK":
            found.append((statement, []))
        elif found:
            found[-1][1].append(statement)
    return tuple(Question(asked, tuple(answers)) for asked, answers in found)


def with_question(comment: str, asked: Statement) -> str:
    """Return a translator comment with one more question at its end, on one line."""
    return "\n".join([*_lines(comment), _line("ASK", asked)])


def with_answer(comment: str, number: int, answer: Statement) -> str:
    """Return a translator comment with an answer below the question of this number, counted from 0."""
    lines = _lines(comment)
    place = [place for place, line in enumerate(lines) if _word(line) == "ASK"][number]
    lines.insert(_end_of_answers(lines, place), _line("ANSWER", answer))
    return "\n".join(lines)


def with_answers_below(lines: list[str], other: list[str]) -> list[str]:
    """Return the lines of a comment in which each answer is below the question that it has in another one.

    A question that is missing comes back: without it nobody understands the answer.
    """
    found = list(lines)
    asked = ""
    for line in other:
        match _word(line):
            case "ASK":
                asked = line
            case "ANSWER" if asked and line in found:
                if asked not in found:
                    found.insert(found.index(line), asked)
                place = found.index(asked)
                if line not in found[place : _end_of_answers(found, place)]:
                    found.remove(line)
                    place = found.index(asked)
                    found.insert(_end_of_answers(found, place), line)
    return found


def is_statement(line: str) -> bool:
    """Return whether a line of a translator comment is a question or an answer."""
    return bool(_word(line))


def _word(line: str) -> str:
    """Return ASK or ANSWER, empty for another line of a comment."""
    match = _LINE.fullmatch(line)
    return match[1] if match else ""


def _end_of_answers(lines: list[str], asked: int) -> int:
    """Return where the next answer to a question belongs, which is in the line `asked`."""
    end = asked + 1
    for place in range(asked + 1, len(lines)):
        word = _word(lines[place])
        if word == "ASK":
            break
        end = place + 1 if word else end
    return end


def _matches(comment: str) -> list[re.Match[str]]:
    if "ASK" not in comment:
        return []
    return [match for line in comment.split("\n") if (match := _LINE.fullmatch(line))]


def _lines(comment: str) -> list[str]:
    return comment.split("\n") if comment else []


def _line(word: str, said: Statement) -> str:
    by, text = (" ".join(each.split()) for each in (said.by, said.text))
    return f"{word} ({by}, {said.day}): {text}"
