"""How many errors of the labelled set the checks catch, how many right pairs they flag, and which do it.

    PYTHONPATH=tests python tests/labelled/measure.py [--half held-out] [--list]

A pair is flagged if it has a finding at the level of an error or a warning. `--list` shows each pair that was
missed, and each right one that was flagged; it is for the development part.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, NamedTuple

from healthtopics.checks.table import CHECKS, check_pair
from healthtopics.checks.values import Finding, Pair
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.schema import MessageRule, packaged, plan_messages, rules_of
from labelled.pairs import DEVELOPMENT, PARTS, Label, read_pairs
from support.samples import ROOT

SPANISH: Final = LanguageTag("es")
GOAL_CAUGHT: Final = 0.82
GOAL_FLAGGED: Final = 0.05
GOAL_ERRORS: Final = 0.007
RIGHT_PER_WRONG: Final = 50
"""In catalogues that were written with care, about so many translations are right for each wrong one."""
GOAL_SHARE: Final = 0.003
"""The greatest share of right pairs that one check may flag."""


@dataclass(frozen=True)
class Verdict:
    """What the checks said of one pair of the set."""

    label: Label
    findings: Sequence[Finding]

    @property
    def is_flagged(self) -> bool:
        return bool(self.findings)

    @property
    def has_error(self) -> bool:
        return any(each.level is Level.ERROR for each in self.findings)

    @property
    def checks(self) -> frozenset[str]:
        return frozenset(each.check for each in self.findings)

    def __str__(self) -> str:
        said = "".join(f"\n    {each.level} {each.check}: {each.message}" for each in self.findings)
        name = f"{self.label['id']} {self.label.get('kind', '')}".strip()
        return f"{name}\n  {self.label['english']}\n  {self.label['spanish']}{said}"


class Worth(NamedTuple):
    """What one check is worth."""

    check: str
    right: int
    wrong: int
    precision: float
    """The share of wrong pairs among what it flags, with `RIGHT_PER_WRONG` right ones for each."""
    recall: float
    """The share of wrong pairs that it flags, of whatever kind."""
    alone: int
    """The wrong pairs that no other check flags."""


@dataclass(frozen=True)
class Measured:
    """The result for one part."""

    right: Sequence[Verdict]
    wrong: Sequence[Verdict]

    @property
    def caught(self) -> float:
        return _share(each.is_flagged for each in self.wrong)

    @property
    def flagged(self) -> float:
        return _share(each.is_flagged for each in self.right)

    @property
    def with_error(self) -> float:
        return _share(each.has_error for each in self.right)

    @cached_property
    def by_kind(self) -> dict[str, tuple[int, int]]:
        """By kind, how many wrong pairs were caught, and how many there are."""
        every = Counter(each.label["kind"] for each in self.wrong)
        found = Counter(each.label["kind"] for each in self.wrong if each.is_flagged)
        return {kind: (found[kind], every[kind]) for kind in sorted(every)}

    @cached_property
    def by_check(self) -> Sequence[Worth]:
        """What each check that found something is worth, the most alarms first."""
        right = Counter(check for each in self.right for check in each.checks)
        wrong = Counter(check for each in self.wrong for check in each.checks)
        alone = Counter(check for each in self.wrong for check in each.checks if len(each.checks) == 1)
        return sorted(
            (self._worth(check, right[check], wrong[check], alone[check]) for check in right | wrong),
            key=lambda worth: (-worth.right, worth.wrong, worth.check),
        )

    def _worth(self, check: str, right: int, wrong: int, alone: int) -> Worth:
        false, true = RIGHT_PER_WRONG * right / len(self.right), wrong / len(self.wrong)
        return Worth(check, right, wrong, true / (true + false), true, alone)


def _share(flags: Iterable[bool]) -> float:
    every = list(flags)
    return sum(every) / len(every) if every else 0.0


def measure(part: str) -> Measured:
    """Ask every check of every pair of a part."""
    right, wrong = (tuple(map(_judge, read_pairs(label, part))) for label in ("right", "wrong"))
    return Measured(right, wrong)


def pair_of(label: Label) -> Pair:
    """Return the pair of a label as the checks get it."""
    rule = rules()[label["role"]]
    return Pair(rule, label["english"], label["spanish"], language=SPANISH, glossary=glossary())


def _judge(label: Label) -> Verdict:
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


def report(part: str, measured: Measured) -> Iterator[str]:
    """Yield what was measured, line by line, as Markdown."""
    wrong, right = len(measured.wrong), len(measured.right)
    yield f"{part}: {measured.caught:.1%} of {wrong} wrong pairs caught, goal {GOAL_CAUGHT:.0%}"
    yield f"{part}: {measured.flagged:.1%} of {right} right pairs flagged, goal {GOAL_FLAGGED:.0%}"
    yield f"{part}: {measured.with_error:.1%} of {right} right pairs with an error, goal {GOAL_ERRORS:.1%}"
    yield from ("", "| kind | caught | of |", "|---|--:|--:|")
    yield from (f"| {kind} | {found} | {every} |" for kind, (found, every) in measured.by_kind.items())
    yield from (
        "",
        f"| check | right | wrong | alone | recall | precision, {RIGHT_PER_WRONG} : 1 |",
        "|---|--:|--:|--:|--:|--:|",
    )
    for each in measured.by_check:
        yield (
            f"| `{each.check}` | {each.right} | {each.wrong} | {each.alone} |"
            f" {each.recall:.1%} | {each.precision:.0%} |"
        )


def main() -> None:
    """Print what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the checks on the labelled set.")
    parser.add_argument("--half", choices=PARTS, default=DEVELOPMENT)
    parser.add_argument("--list", action="store_true", help="show what was missed, and what was flagged")
    arguments = parser.parse_args()
    measured = measure(arguments.half)
    print("\n".join(report(arguments.half, measured)))  # noqa: T201 - its purpose
    if arguments.list:
        missed = (each for each in measured.wrong if not each.is_flagged)
        flagged = (each for each in measured.right if each.is_flagged)
        print(*missed, *flagged, sep="\n")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
