"""`healthtopics sign-off`: somebody with the knowledge to do it has read a topic."""

from datetime import date
from typing import Annotated

import typer

from healthtopics.cli import clock, completing, options
from healthtopics.cli.common import known_topics, languages_of, overview_of, workspace_at
from healthtopics.errors import BuildError
from healthtopics.language import SOURCE
from healthtopics.layout import topic_path
from healthtopics.problems import has_errors


def sign_off(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="The id of the topic.", autocompletion=completing.topics)
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="The person or body that reviewed it, by name.")
    ],
    on: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help="The day of the review; today if left out.")
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language",
            "-l",
            metavar="LANGUAGE",
            help="An edition that was read; repeatable. English if left out.",
            autocompletion=completing.languages,
        ),
    ] = None,
    following: Annotated[
        str | None, typer.Option("--next", metavar="DAY", help="The last day for the next review.")
    ] = None,
    workspace: options.Workspace = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="TIME", help="The day of the review, if it is not today: 2026-11-20."
        ),
    ] = None,
) -> None:
    """Record that somebody has reviewed a topic.

    Readers see the review until the text changes.

    Examples:
    healthtopics sign-off asthma --by "Dr. Ana Ruiz" -l en -l es --next 2027-12-03   # both editions
    """
    from healthtopics import jsontext
    from healthtopics.publishing.reviews import check_sign_off, with_review
    from healthtopics.storage.workspace import read_bytes, read_files, write_file
    from healthtopics.topic import Review
    from healthtopics.validation.topics import TopicReferences

    opened = workspace_at(workspace)
    (name,) = known_topics([topic], read_files(opened).topic_names())
    tags = [languages_of(opened, tag, has_source=True)[0] for tag in language or [SOURCE]]
    # Not that of SOURCE_DATE_EPOCH, which makes exports reproducible: people review on the day that it is.
    today = (clock.moment(as_of) if as_of is not None else clock.now()).date().isoformat()
    review = Review(date=_day(on, today, "--date"), by=by.strip(), languages=tuple(dict.fromkeys(tags)))
    if review.date > today:
        raise typer.BadParameter(f"--date: {review.date} is still to come.")
    next_day = _day(following, "", "--next")
    if next_day and next_day <= review.date:
        raise typer.BadParameter(f"--next: {next_day} is not after {review.date}, the day of this review.")
    path = topic_path(name)
    was = read_bytes(opened, path)
    overview = overview_of(opened, [name])
    decided = overview.decided[name]
    problems = list(check_sign_off(decided, review))
    document = with_review(jsontext.parse(was or b"", path), review, decided, next_day)
    references = TopicReferences(overview.sources.vocabulary)
    problems += overview.sources.schema.check(document, path, references)
    if has_errors(problems):
        raise BuildError(problems)
    write_file(opened, path, jsontext.dump(document), was=was)
    typer.echo(f"{path}: reviewed by {review.by} on {review.date} ({', '.join(review.languages)}).")
    due = document["dates"].get("reviewBy", "")
    if due and due <= today:
        typer.echo(f"The next review was due by {due}: set a later day with --next.", err=True)


def _day(text: str | None, default: str, option: str) -> str:
    """Return the day that the user names."""
    if text is None:
        return default
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter(f"{option}: {text!r} is not a day like 2026-11-20.") from None
