"""`healthtopics check`: everything that publish would do, without writing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import (
    known_topics,
    print_table,
    store_at,
    work_on,
    workspace_at,
)
from healthtopics.cli.exits import EXIT_OK, code_of, count, explain, judged
from healthtopics.cli.findings import next_step, print_problems, print_summary, with_places
from healthtopics.cli.holding import print_drafts, print_held, tally_all
from healthtopics.cli.run import current
from healthtopics.errors import DataError, HealthTopicsError, InvalidConfigurationError
from healthtopics.language import LanguageTag
from healthtopics.problems import has_errors
from healthtopics.publishing.values import TextEase

if TYPE_CHECKING:
    from healthtopics.publishing.latest import LastRelease
    from healthtopics.storage.local import LocalStore


def check(
    topics: options.Topics = None,
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    as_of: options.AsOf = None,
    strict: options.Strict = False,
    no_cache: options.NoCache = False,
    verbose: options.Verbose = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again after each save, until Ctrl-C ends it.")
    ] = False,
) -> None:
    """Check topics, catalogues and the exports they would give.

    It writes nothing but its cache.

    If topics are named, only their files are checked, with what they link to and the words they use.

    If there is a release in `exports`, texts that changed under its date are reported, and drafts of topics
    that are published. What else would be withdrawn is reported by publish.

    Examples:
    healthtopics check                                          # everything
    healthtopics check asthma --watch                           # again after each save
    healthtopics check asthma topics/cough.json                 # some topics
    healthtopics check --output-format sarif > findings.sarif   # for code scanning
    """
    current().is_judging = True
    wish = _Wish(topics, workspace, exports, as_of, strict=strict, no_cache=no_cache, verbose=verbose)
    if watch and current().output.is_document:
        raise typer.BadParameter("--watch: it never ends, so there is no document to print.")
    if watch:
        import asyncio

        asyncio.run(_watch(wish))
    elif code := _check(wish):
        raise typer.Exit(code)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the user wants to have checked."""

    topics: Sequence[str] | None
    workspace: Path | None
    exports: Path | None
    as_of: str | None
    strict: bool
    no_cache: bool
    verbose: bool


async def _watch(wish: _Wish) -> None:
    """Check at each save; what has not changed since the last time comes from the cache."""
    import asyncio

    from healthtopics.storage.watching import watch

    saves = watch(workspace_at(wish.workspace))
    while True:
        save = asyncio.ensure_future(anext(saves))
        await asyncio.sleep(0)  # from here on no save is missed
        _check_again(wish)
        await save


def _check_again(wish: _Wish) -> None:
    """Check once more, whatever is wrong: the next save may correct it."""
    time = clock.now().astimezone().strftime("%H:%M:%S")
    typer.echo(f"\n── {time}, Ctrl-C ends this ──\n")
    try:
        _check(wish)
    except (DataError, InvalidConfigurationError) as error:
        print_problems(error.problems, is_verbose=wish.verbose)
        print_summary(error.problems, is_verbose=wish.verbose)
    except HealthTopicsError as error:
        typer.echo(explain(error), err=True)


def _check(wish: _Wish) -> int:
    """Check once, print what was found, and return the exit code."""
    from healthtopics.publishing.checking import check_all, check_topics
    from healthtopics.storage.workspace import check_schema_copies

    now = clock.due(wish.as_of)
    opened = workspace_at(wish.workspace)
    release = _last_release(store_at(wish.exports, opened.folder))
    with work_on(opened, "Checking", no_cache=wish.no_cache, exports=True) as (files, maker, engine):
        names = known_topics(wish.topics, files.topic_names())
        if wish.topics:
            checked = check_topics(files, names, now=now, maker=maker, engine=engine, release=release)
        else:
            checked = check_all(files, now=now, maker=maker, engine=engine, release=release)
    problems = opened.judged([*checked.problems, *check_schema_copies(opened)])
    held = checked.held
    failed = has_errors(problems) or (wish.strict and bool(held))
    print_problems(problems, is_verbose=wish.verbose)
    print_held(held, is_verbose=wish.verbose, compares=False)
    print_drafts(checked.drafts, is_verbose=wish.verbose)
    _print_ease(checked.ease, shows_sections=bool(wish.topics))
    todo = next_step(problems, is_verbose=wish.verbose)
    typer.echo(f"{count(len(names), 'topic')} checked: {tally_all(problems, held)}.{todo}")
    run = current()
    code = code_of(problems) if failed else EXIT_OK
    run.answer(judged(code), topics=names, held=held, drafts=checked.drafts, readingEase=checked.ease)
    because = (problem for each in held for problem in each.problems)
    run.problems = [*run.problems, *with_places(because, run.workspace)]
    return code


def _last_release(store: "LocalStore") -> "LastRelease | None":
    """Return the published release; None if there is none, or if it cannot be read."""
    from healthtopics.publishing.latest import last_release

    try:
        return last_release(store)
    except HealthTopicsError:  # `publish` and `release verify` say what is damaged
        return None


def _print_ease(ease: Mapping[str, Mapping[LanguageTag, TextEase]], *, shows_sections: bool) -> None:
    """Print how easy topics are to read: section by section, or from the easiest topic to the hardest."""
    from healthtopics.reading.ease import ease_formula

    languages = {language: ease_formula(language) for each in ease.values() for language in each}
    names = {language: formula.name for language, formula in languages.items() if formula}
    if shows_sections and ease:
        heads = [f"{language}: {name}" for language, name in names.items()]
        rows = [row for topic in ease for row in _ease_rows(topic, ease[topic], names)]
        print_table(["reading ease", *heads], rows)
    elif ease:
        for language, name in names.items():
            _print_range(f"Reading ease ({language}, {name})", [each.get(language) for each in ease.values()])


def _print_range(label: str, eases: Iterable[TextEase | None]) -> None:
    values = sorted(each.whole for each in eases if each is not None and each.whole is not None)
    if values:
        typer.echo(f"{label}: {values[0]} to {values[-1]}, median {median(values):.1f}.")


def _ease_rows(
    name: str, ease: Mapping[LanguageTag, TextEase], languages: Iterable[LanguageTag]
) -> Iterator[list[str]]:
    yield [name, *(_value(each.whole if (each := ease.get(language)) else None) for language in languages)]
    for section in dict.fromkeys(section for each in ease.values() for section in each.sections):
        values = (
            each.sections.get(section) if (each := ease.get(language)) else None for language in languages
        )
        yield [f"  {section}", *map(_value, values)]


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
