"""What is printed of held editions, those with errors first, and of drafts."""

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import typer

from healthtopics.checks.presence import MESSAGE_UNREVIEWED
from healthtopics.cli.exits import count, tally
from healthtopics.cli.findings import Output, with_places
from healthtopics.cli.run import OutputFormat, current
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.publishing.deciding import MOST_PROBLEMS
from healthtopics.release import Held

_MOST: Final = 10
"""This many editions are printed with their reasons, and this many reasons of each."""
_FEW: Final = 3
"""This many topics are named."""


def print_held(held: Sequence[Held], *, is_verbose: bool, compares: bool) -> None:
    """Print which editions are held, and why; whether it `compares` with the last release is said, too.

    Unless `is_verbose`, an edition that only lacks translations is counted where its language lacks many.
    """
    if current().output is not OutputFormat.TEXT:
        return
    out = Output(sys.stdout)
    shown, counted = _divided(held, is_verbose=is_verbose)
    for each in shown if is_verbose else shown[:_MOST]:
        _print_one(out, each, is_verbose=is_verbose, compares=compares)
    if len(shown) > _MOST and not is_verbose:
        out.print(f"Held: {count(len(shown) - _MOST, 'more edition')}; --verbose lists every one.")
    for line in counted:
        out.print(line)


def print_drafts(drafts: Sequence[str], *, is_verbose: bool) -> None:
    """Print which topics are unfinished, and so not published."""
    if drafts and current().output is OutputFormat.TEXT:
        shown = drafts if is_verbose else drafts[:_MOST]
        more = f" and {len(drafts) - len(shown):,} more; --verbose lists every one" * (
            len(shown) < len(drafts)
        )
        typer.echo(f"Draft, not published: {', '.join(shown)}{more}.")


def _divided(held: Sequence[Held], *, is_verbose: bool) -> tuple[list[Held], list[str]]:
    """Return the editions that are shown one by one, and a line for each language that lacks many texts.

    Those with errors come first.
    """
    shown = [each for each in held if has_errors(each.problems)]
    waiting = sorted((each for each in held if each not in shown), key=lambda each: each.language)
    counted: list[str] = []
    for language, same in groupby(waiting, lambda each: each.language):
        editions = list(same)
        reasons = {problem for each in editions for problem in each.problems}
        if is_verbose or len(reasons) <= _MOST:
            shown += editions
        else:
            counted.append(_counted(language, editions, len(reasons)))
    return shown, counted


def tally_all(problems: Sequence[Problem], held: Sequence[Held]) -> str:
    """Return how many problems there are and how many editions are held, in words."""
    faulty = sum(has_errors(each.problems) for each in held)
    counts = [] if faulty and not problems else [tally(problems)]
    if held:
        errors = f" ({faulty:,} with errors)" if faulty else ""
        counts.append(f"{count(len(held), 'edition')} held{errors}")
    return ", ".join(counts)


def _counted(language: str, editions: Sequence[Held], reasons: int) -> str:
    # Of an edition that lacks much, not every reason is kept; editions share the words of the vocabulary.
    is_cut = any(len(each.problems) >= MOST_PROBLEMS for each in editions)
    lacking = max(each.coverage["messages"] - each.coverage["translated"] for each in editions)
    messages = max(reasons, lacking)
    least = "at least " if is_cut and len(editions) > 1 else ""
    is_read = all(problem.check != MESSAGE_UNREVIEWED.id for each in editions for problem in each.problems)
    lacks = "not translated" if is_read else "not translated or not reviewed"
    named = [each.topic for each in editions]
    topics = ", ".join(named) if len(named) <= _FEW else count(len(named), "topic")
    return (
        f"Held: {topics} ({language}): {least}{count(messages, 'message')} {lacks} yet; "
        f"`healthtopics catalogue check --language {language}` lists them."
    )


def _print_one(out: Output, held: Held, *, is_verbose: bool, compares: bool) -> None:
    state = ""
    if compares:
        state = f", the edition of {held.as_of} stays" if held.as_of else ", not published"
    out.print(f"Held: {held.topic} ({held.language}){state}. Reasons:", "bold")
    reasons = _errors_first(with_places(held.problems, current().workspace))
    out.print_all(reasons if is_verbose else reasons[:_MOST], is_verbose=is_verbose, indent="  ")
    if len(reasons) > _MOST and not is_verbose:
        out.print(f"  … and {len(reasons) - _MOST:,} more; --verbose lists every one.")


def _errors_first(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda each: list(Level).index(each.level))
