"""How many errors of the labelled set the checks catch, and how many right pairs they disturb.

    PYTHONPATH=tests python tests/labelled/measure.py [--half held-out] [--list]

Caught, or disturbed, is a pair with a finding at the level of an error or a warning. `--list` shows each pair
that was missed or disturbed; it is for the development half.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from healthtopics.checks.table import CHECKS, check_pair
from healthtopics.checks.values import Finding, Pair
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.schema import MessageRule, packaged, plan_messages, rules_of
from labelled.mutate import HALVES, read_pairs
from support.samples import ROOT

SPANISH = LanguageTag("es")
GOAL_CAUGHT = 0.98
GOAL_DISTURBED = 0.03


@dataclass(frozen=True)
class Verdict:
    """What the checks said of one pair of the set."""

    label: dict[str, Any]
    findings: Sequence[Finding]

    @property
    def is_flagged(self) -> bool:
        return bool(self.findings)

    def __str__(self) -> str:
        row = f" row {self.label['row']} ({self.label['error']})" if "row" in self.label else ""
        said = "".join(f"\n    {each.check}: {each.message}" for each in self.findings)
        return f"{self.label['id']}{row}\n  {self.label['english']}\n  {self.label['spanish']}{said}"


@dataclass(frozen=True)
class Measured:
    """The result for one half."""

    right: Sequence[Verdict]
    wrong: Sequence[Verdict]

    @property
    def caught(self) -> float:
        return sum(each.is_flagged for each in self.wrong) / len(self.wrong)

    @property
    def disturbed(self) -> float:
        return sum(each.is_flagged for each in self.right) / len(self.right)

    def by_row(self) -> dict[int, tuple[int, int]]:
        """Return by row how many pairs were caught, and how many there are."""
        every = Counter(each.label["row"] for each in self.wrong)
        found = Counter(each.label["row"] for each in self.wrong if each.is_flagged)
        return {row: (found[row], every[row]) for row in sorted(every)}


def measure(half: str) -> Measured:
    """Ask every check of every pair of a half."""
    return Measured(*(tuple(map(_judge, read_pairs(kind, half))) for kind in ("right", "wrong")))


def pair_of(label: dict[str, Any]) -> Pair:
    """Return the pair of a label as the checks get it."""
    rule = rules()[label["role"]]
    return Pair(rule, label["english"], label["spanish"], language=SPANISH, glossary=glossary())


def _judge(label: dict[str, Any]) -> Verdict:
    found = check_pair(pair_of(label), CHECKS)
    return Verdict(label, [each for each in found if each.level is not Level.INFO])


@cache
def rules() -> dict[str, MessageRule]:
    """Return the rule of each role."""
    schemas = ("topic.schema.json", "vocabulary.schema.json")
    return rules_of(*(plan_messages(packaged(name)) for name in schemas))


@cache
def glossary() -> Glossary:
    """Return the packaged glossary."""
    return Glossary.merge(SPANISH, [json.loads((ROOT / "locales/es/glossary.json").read_bytes())])


def report(half: str, measured: Measured, listed: Iterable[Verdict] = ()) -> str:
    """Return what was measured, for people."""
    wrong, right = len(measured.wrong), len(measured.right)
    lines = [
        f"{half}: {measured.caught:.1%} of {wrong} wrong pairs caught, goal {GOAL_CAUGHT:.0%}",
        f"{half}: {measured.disturbed:.1%} of {right} right pairs disturbed, goal {GOAL_DISTURBED:.0%}",
        *(f"  row {row:2}: {found} of {every}" for row, (found, every) in measured.by_row().items()),
        *map(str, listed),
    ]
    return "\n".join(lines)


def main() -> None:
    """Print what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the checks on the labelled set.")
    parser.add_argument("--half", choices=HALVES, default="development")
    parser.add_argument("--list", action="store_true", help="show what was missed and what was disturbed")
    arguments = parser.parse_args()
    measured = measure(arguments.half)
    listed = [
        *(each for each in measured.wrong if not each.is_flagged),
        *(each for each in measured.right if each.is_flagged),
    ]
    print(report(arguments.half, measured, listed if arguments.list else ()))  # noqa: T201 - its purpose


if __name__ == "__main__":
    main()
