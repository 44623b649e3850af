"""`healthtopics publish`: the command that scheduled jobs run."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.claims import pointer_of, reporting_claims
from healthtopics.cli.common import permission_for, work_on, workspace_and_store
from healthtopics.cli.exits import EXIT_PROBLEMS, FROM_A_COPY, REPAIR, count
from healthtopics.cli.findings import print_problems
from healthtopics.cli.holding import print_drafts, print_held
from healthtopics.cli.jobs import announce_quietly, notifying_webhooks, start_job
from healthtopics.cli.repairing import begin_repair
from healthtopics.cli.run import current
from healthtopics.errors import IntegrityError, LostEditionError, ReleaseError
from healthtopics.release import Manifest, objects_of

if TYPE_CHECKING:
    from healthtopics.cli.repairing import StoreRepair
    from healthtopics.publishing.publication import Outcome


def publish(
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    as_of: options.AsOf = None,
    correct_clock: Annotated[
        bool,
        typer.Option(
            "--correct-clock",
            help="After a clock was ahead: publish with the right time, though the last release is later.",
        ),
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="The same as `release repair`.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Publish again after a rollback, which stopped that.")
    ] = False,
    allow_withdrawals: options.AllowWithdrawals = None,
    mode: options.Mode = "0644",
    compress: options.Precompress = False,
    strict: options.Strict = False,
    no_cache: options.NoCache = False,
    verbose: options.Verbose = False,
) -> None:
    """Build a release and publish it if anything changed.

    Examples:
    healthtopics publish                                      # what changed
    healthtopics publish --strict --log json --timeout 3600   # as a scheduled job
    healthtopics publish --allow-withdrawals 1                # one topic goes
    """
    from healthtopics.publishing.dating import Dating
    from healthtopics.publishing.precompressing import precompress
    from healthtopics.publishing.publication import publish as publish_release

    opened, store = workspace_and_store(workspace, exports, mode)
    start_job(opened.folder, opened.jobs)
    permission = permission_for(allow_withdrawals, opened.configuration, store)
    dating = Dating(
        as_of=clock.moment(as_of) if as_of is not None else None,
        source_date=clock.source_date(),
        correct_clock=correct_clock,
    )
    repairing = None
    try:
        # Read only once no other publisher is at work: newer texts must never be followed by older ones.
        with (
            notifying_webhooks(opened, store),
            store.locked(),
            reporting_claims(store),
            work_on(opened, "Publishing", no_cache=no_cache, exports=True) as (files, maker, engine),
        ):
            repairing = begin_repair(opened, store) if repair else None
            outcome = publish_release(
                files,
                store,
                now=clock.now(),
                maker=maker,
                dating=dating,
                repair=repair,
                resume=resume,
                permission=permission,
                ready=lambda release: compress and precompress(store, objects_of(release), check=repair),
                engine=engine,
            )
            pointer = pointer_of(store)
            result = "published" if outcome.is_new else "unchanged" if outcome.pinned is None else "pinned"
            trial = opened.configuration.trial
            current().answer(result, **_members(outcome, pointer), trial=trial)
            announce_quietly(opened, store)
            _measure(outcome, pointer)
    except LostEditionError:
        _report_repair(repairing, is_verbose=verbose)
        raise
    except IntegrityError as error:
        advised = ReleaseError(f"{error}\n{FROM_A_COPY if repair else REPAIR}")
        advised.__notes__ = getattr(error, "__notes__", [])
        raise advised from error
    left = repairing.left() if repairing else []
    print_problems([*left, *outcome.warnings], is_verbose=verbose)
    if repairing:
        repairing.report(left)
    _print_outcome(outcome, store.folder, is_verbose=verbose)
    _print_trial(is_trial=trial)
    if left or (strict and outcome.held and outcome.pinned is None):
        raise typer.Exit(EXIT_PROBLEMS)


def _print_trial(*, is_trial: bool) -> None:
    if is_trial:
        typer.echo("This is a trial (`trial = true` in healthtopics.toml), and every page says so.")


def _report_repair(repairing: "StoreRepair | None", *, is_verbose: bool) -> None:
    """Report what was repaired although nothing could be published."""
    if repairing:
        left = repairing.left()
        print_problems(left, is_verbose=is_verbose)
        repairing.report(left)


def _members(outcome: "Outcome", pointer: Mapping[str, Any]) -> dict[str, Any]:
    manifest = outcome.manifest
    return {
        "release": manifest.number,
        "sequence": pointer.get("sequence"),
        "manifest": pointer.get("manifest", {}).get("sha256"),
        "expires": pointer.get("expires"),
        "previous": manifest.previous.number if manifest.previous else None,
        "topics": len(manifest.coverage),
        "artifacts": len(manifest.files),
        "exported": outcome.exported,
        "added": len(outcome.changes["added"]),
        "changed": len(outcome.changes["changed"]),
        "removed": len(outcome.changes["removed"]),
        **({"movedFrom": outcome.moved_from} if outcome.moved_from else {}),
        **({"reasons": outcome.reasons} if outcome.reasons else {}),
        **({} if outcome.pinned is None else {"pinned": outcome.pinned}),
        "held": outcome.held,
        "drafts": outcome.drafts,
    }


def _measure(outcome: "Outcome", pointer: Mapping[str, Any]) -> None:
    if (job := current().job) and job.metrics is not None and pointer:
        from healthtopics.metrics import measure_release

        job.measures = measure_release(
            outcome.manifest,
            pointer,
            held=Counter(held.language for held in outcome.held),
            new=len(outcome.changes["added"]) + len(outcome.changes["changed"]),
        )


def _print_new(outcome: "Outcome") -> None:
    manifest, changes = outcome.manifest, outcome.changes
    typer.echo(
        f"Published release {manifest.number}: {count(len(changes['added']), 'artifact')} added, "
        f"{len(changes['changed'])} changed, {len(changes['removed'])} removed."
    )
    if outcome.moved_from:
        typer.echo(
            f"The address {outcome.moved_from} was a trial: every page now has {manifest.base_url}. "
            "Nothing leads there from the old address."
        )
    if outcome.reasons:
        typer.echo(f"No topic changed. Reasons for the release: {'; '.join(outcome.reasons)}.")


def _print_outcome(outcome: "Outcome", folder: Path, *, is_verbose: bool) -> None:
    manifest = outcome.manifest
    if outcome.is_new:
        _print_new(outcome)
    if outcome.pinned is not None:
        typer.echo(
            f"Pinned: release {manifest.number} stays current, as somebody has gone back to release "
            f"{outcome.pinned}. Nothing new is published until `healthtopics publish --resume`."
        )
    elif not outcome.is_new:
        again = f" {count(outcome.exported, 'artifact')} made again." if outcome.exported else ""
        typer.echo(f"Nothing changed: release {manifest.number} stays current.{again}")
    topics = count(len(manifest.coverage), "topic")
    typer.echo(f"{topics}: {_editions(manifest)}; {count(len(manifest.files), 'artifact')}.")
    print_held(outcome.held, is_verbose=is_verbose, compares=True)
    print_drafts(outcome.drafts, is_verbose=is_verbose)
    typer.echo(f"Manifest: {folder / 'releases' / f'{manifest.number:06d}' / 'manifest.json'}")


def _editions(manifest: Manifest) -> str:
    counts = dict.fromkeys(manifest.languages, 0)
    for _topic, language in {
        (each.topic, each.language) for each in manifest.files.values() if each.topic and each.language
    }:
        counts[language] += 1
    return ", ".join(f"{count} in {language}" for language, count in counts.items())
