"""`healthtopics release show` and `release diff`: what a release holds and what it changed, for people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from msgspec import to_builtins

from healthtopics.cli import clock, completing, options
from healthtopics.cli.common import known_release, store_at
from healthtopics.cli.exits import count
from healthtopics.cli.run import OutputFormat, current
from healthtopics.errors import NoCurrentReleaseError
from healthtopics.release import (
    INDEX,
    Opened,
    instant,
    numbers,
    open_current,
    open_release,
    read_artifact,
)

if TYPE_CHECKING:
    from healthtopics.publishing.differing import ReleaseDifference
    from healthtopics.storage.local import LocalStore

NumberArgument = Annotated[
    int | None,
    typer.Argument(
        metavar="N",
        help="The number of a release; the current one if left out.",
        autocompletion=completing.releases,
    ),
]
_MOST_HELD: Final = 5
"""This many held editions are shown."""
_MOST_CHANGES: Final = 9
"""This many lines about changes are shown."""


def show(
    number: NumberArgument = None,
    artifacts: Annotated[
        bool, typer.Option("--artifacts", help="List all artifacts, with length and digest.")
    ] = False,
    artifact: Annotated[
        str | None,
        typer.Option("--artifact", metavar="NAME", help="Print this artifact, for example topics.json."),
    ] = None,
    workspace: options.Workspace = None,
    exports: options.Exports = None,
) -> None:
    """Show a release: topics, editions, changes, size, expiry.

    Examples:
    healthtopics release show                                         # the current one
    healthtopics release show 41 --artifacts                          # with its files
    healthtopics release show --artifact schemaorg/es/asthma.jsonld   # one file
    """
    if artifact is not None and current().output is OutputFormat.JSON:
        raise typer.BadParameter("--artifact prints the artifact's own bytes. Leave out --json.")
    store = store_at(exports, workspace)
    opened = open_numbered(store, number)
    manifest = opened.manifest
    if artifact is not None:
        if artifact not in manifest.files and (part := _part(opened)):
            raise typer.BadParameter(
                f"this copy does not hold {artifact!r}, only a part of release {manifest.number}: {part}; "
                "`healthtopics release show --artifacts` lists what is here."
            )
        if artifact not in manifest.files:
            raise typer.BadParameter(
                f"release {manifest.number} has no artifact {artifact!r}; "
                "`healthtopics release show --artifacts` lists all of them."
            )
        typer.echo(read_artifact(store, artifact, manifest.files[artifact]), nl=False)
        return
    facts = _facts(store, opened)
    difference = _difference(store, opened)
    members = {**facts, "difference": difference.to_dict() if difference else None}
    current().answer(**({**to_builtins(manifest), **members} if artifacts else members))
    for line in _lines(opened, facts, difference):
        typer.echo(line)
    if artifacts:
        width = max(map(len, manifest.files), default=0)
        for name, each in manifest.files.items():
            typer.echo(f"{name:{width}}  {each.length:>11,} bytes  {each.sha256[:12]}")


def diff(
    old: Annotated[
        int,
        typer.Argument(
            metavar="A", help="The number of the older release.", autocompletion=completing.releases
        ),
    ],
    new: Annotated[
        int,
        typer.Argument(
            metavar="B", help="The number of the newer release.", autocompletion=completing.releases
        ),
    ],
    workspace: options.Workspace = None,
    exports: options.Exports = None,
) -> None:
    """Show what readers see differently in another release.

    It is listed by topic and language.

    Examples:
    healthtopics release diff 41 42   # what 42 changed
    """
    from healthtopics.publishing.differing import describe, differ

    store = store_at(exports, workspace)
    known = numbers(store)
    for number in (old, new):
        known_release(number, known)
    difference = differ(store, open_release(store, old), open_release(store, new))
    current().answer(difference=difference.to_dict())
    typer.echo(f"From release {old} to release {new}:")
    for line in describe(difference):
        typer.echo(f"  {line}")


def open_numbered(store: "LocalStore", number: int | None) -> Opened:
    """Open the release that the user names, or the current one; an unknown number is a usage error."""
    if number is None:
        try:
            return open_current(store)
        except NoCurrentReleaseError:
            raise NoCurrentReleaseError(str(store.folder)) from None
    known_release(number, numbers(store))
    try:
        latest = open_current(store)
    except NoCurrentReleaseError:
        return open_release(store, number)
    return latest if latest.manifest.number == number else open_release(store, number)


def _difference(store: "LocalStore", opened: Opened) -> "ReleaseDifference | None":
    """Return what a release changed; None if the one before is not here."""
    from healthtopics.publishing.differing import differ

    previous = opened.manifest.previous
    if previous is None or previous.number not in numbers(store):
        return None
    return differ(store, open_release(store, previous.number), opened)


def _facts(store: "LocalStore", opened: Opened) -> dict[str, Any]:
    from healthtopics.publishing.deciding import read_index
    from healthtopics.publishing.differing import held_since

    manifest, pointer = opened.manifest, opened.pointer
    index = read_index(store, manifest.files)
    editions = {(topic, str(language)) for topic, cards in index.cards.items() for language in cards}
    if _part(opened):  # the index is that of the whole release
        editions &= {(each.topic, each.language) for each in manifest.files.values()}
    by_language = Counter(language for _topic, language in editions)
    since = held_since(store, opened)
    sizes = {each.sha256: each.length for each in manifest.files.values()}
    return {
        "release": manifest.number,
        "time": manifest.time,
        "baseUrl": manifest.base_url,
        "software": manifest.software,
        "isCurrent": bool(pointer),
        "confirmed": pointer.get("time"),
        "expires": pointer.get("expires"),
        "pinned": pointer.get("pinned"),
        "topics": len({topic for topic, _language in editions}),
        "editions": {language: by_language[language] for language in manifest.languages},
        "withdrawn": len(index.withdrawn),
        "artifacts": len(manifest.files),
        "bytes": sum(sizes.values()),
        "formats": dict(Counter(each.format for name, each in manifest.files.items() if name != INDEX)),
        "held": [
            {
                "topic": each.topic,
                "language": each.language,
                "asOf": each.as_of,
                "sinceRelease": since[each.topic, each.language][0],
                "since": since[each.topic, each.language][1],
            }
            for each in manifest.held
        ],
    }


def _lines(opened: Opened, facts: dict[str, Any], difference: "ReleaseDifference | None") -> Iterator[str]:
    yield f"Release {facts['release']} of {facts['time']}, {facts['baseUrl']}, by {facts['software']}"
    if not facts["isCurrent"]:
        yield "It is not the current one."
    elif facts["expires"] < instant(clock.now()):
        yield f"Current, but expired at {facts['expires']}: it was last confirmed at {facts['confirmed']}."
    else:
        yield f"Current, confirmed at {facts['confirmed']}, expires at {facts['expires']}."
    if facts["pinned"] is not None:
        yield (
            f"Pinned: it is release {facts['pinned']} again, since a rollback. Nothing new is published "
            "until `healthtopics publish --resume`."
        )
    if part := _part(opened):
        yield f"This copy holds only a part of it: {part}."
    editions = ", ".join(
        f"{number:,} in {language}" for language, number in facts["editions"].items() if number
    )
    withdrawn = f"; {facts['withdrawn']:,} withdrawn over time" if facts["withdrawn"] else ""
    yield f"{count(facts['topics'], 'topic')}{editions and f': {editions}'}{withdrawn}."
    formats = ", ".join(f"{number:,} {name}" for name, number in facts["formats"].items())
    yield f"{count(facts['artifacts'], 'artifact')}, {facts['bytes']:,} bytes: {formats}."
    yield from _held_lines(facts["held"])
    if difference is not None:
        yield from _change_lines(difference)
    elif opened.manifest.previous is not None:
        yield f"Release {opened.manifest.previous.number}, to compare with, is not here."


def _part(opened: Opened) -> str:
    """Return which part of the release a copy holds; empty if it holds all of it."""
    wanted = opened.selection
    return ", ".join((*wanted.formats, *wanted.languages, *wanted.names))


def _held_lines(held: Sequence[dict[str, Any]]) -> Iterator[str]:
    if held:
        yield f"{count(len(held), 'edition')} held:"
    for each in sorted(held, key=lambda one: one["since"])[:_MOST_HELD]:
        readers = f"readers get that of {each['asOf']}" if each["asOf"] else "not published"
        since = f"since release {each['sinceRelease']} of {each['since']}"
        yield f"  {each['topic']} ({each['language']}), {since}: {readers}"
    if len(held) > _MOST_HELD:
        yield f"  … and {len(held) - _MOST_HELD:,} more; --json lists all of them."


def _change_lines(difference: "ReleaseDifference") -> Iterator[str]:
    from healthtopics.publishing.differing import describe

    lines = list(describe(difference))
    yield f"Since release {difference.old}:"
    yield from (f"  {line}" for line in lines[:_MOST_CHANGES])
    if len(lines) > _MOST_CHANGES:
        yield f"  … `healthtopics release diff {difference.old} {difference.new}` shows the rest."
