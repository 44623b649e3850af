"""What `healthtopics release repair` does besides publishing: it looks at everything, before and after."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from healthtopics.cli.common import progress_bar, work_on
from healthtopics.cli.exits import FROM_A_COPY, count
from healthtopics.cli.run import current
from healthtopics.release import numbers

if TYPE_CHECKING:
    from healthtopics.problems import Problem
    from healthtopics.publishing.verifying import StoreReport
    from healthtopics.storage.local import LocalStore
    from healthtopics.storage.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StoreRepair:
    """A repair that has begun: what the store could give is written, the build follows."""

    store: "LocalStore"
    damaged: frozenset[str]
    """The keys of everything that was damaged or missing."""

    def left(self) -> "list[Problem]":
        """Return what is damaged still, once the release has been made again."""
        problems = _look_at(self.store).problems if self.damaged else []
        return [replace(each, hint=FROM_A_COPY) for each in problems]

    def report(self, left: "list[Problem]") -> None:
        """Report the result."""
        run = current()
        repaired = len(self.damaged.difference(each.path for each in left))
        run.members |= {"repaired": repaired, "damaged": len(left)}
        if left:
            run.result = "failed"
            typer.echo(f"{count(len(left), 'file')} could not be repaired.")
        if repaired:
            typer.echo(f"{count(repaired, 'file')} repaired.")
        elif not left:
            typer.echo("Nothing was damaged.")


def begin_repair(workspace: "Workspace", store: "LocalStore") -> StoreRepair:
    """Read everything, and write again what the store itself can give, and lost parts of the manifest."""
    from healthtopics.publishing.remaking import lost_parts, make_parts_again
    from healthtopics.publishing.repairing import repair_from_store
    from healthtopics.storage.scratch import temporary_folder

    if not numbers(store):
        return StoreRepair(store, frozenset())
    report = _look_at(store)
    damaged = set(report.damaged)
    repair_from_store(workspace.configuration, store, report, temporary_folder)
    if lost := lost_parts(store):
        with work_on(workspace, "Making again", exports=True) as (files, maker, engine):
            make_parts_again(files, store, lost, maker=maker, engine=engine)
        # Only now is known what their artifacts must be.
        report = _look_at(store)
        damaged.update(report.damaged)
        repair_from_store(workspace.configuration, store, report, temporary_folder)
    return StoreRepair(store, frozenset(damaged))


def _look_at(store: "LocalStore") -> "StoreReport":
    from healthtopics.publishing.verifying import verify_store

    with progress_bar("Verifying") as progress:
        return verify_store(store, progress=progress)
