"""What an error means for the releases that a command makes: none becomes visible and stays unreported."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from healthtopics.cli.run import current
from healthtopics.errors import HealthTopicsError
from healthtopics.jsontext import parse
from healthtopics.release import CURRENT, numbers

if TYPE_CHECKING:
    from healthtopics.storage.local import LocalStore


@contextmanager
def reporting_claims(store: "LocalStore") -> Iterator[None]:
    """Let an error say, and the answer of the run, whether it came before or after a release."""
    before, seen = numbers(store), pointer_of(store).get("number")
    try:
        yield
    except BaseException as error:
        with suppress(HealthTopicsError, OSError):  # which would hide what has happened
            claimed = [number for number in numbers(store) if number not in before]
            error.add_note(_explain(claimed, seen, pointer_of(store).get("number")))
        raise


def _explain(claimed: list[int], seen: int | None, shown: int | None) -> str:
    """Return what an error means for the releases of this run, and put it into the answer of the run.

    `seen` is the release that readers saw before the run, `shown` the one that they see now: it may be that
    of an earlier run, which this one has finished.
    """
    if shown not in (None, seen):
        current().answer("published", release=shown)
        return f"Release {shown} was published before this."
    if claimed:
        current().answer(release=claimed[-1])
        return f"Release {claimed[-1]} is complete but not current yet: the next run makes it so."
    return "Nothing was published."


def pointer_of(store: "LocalStore") -> dict[str, Any]:
    """Return the pointer that readers see; empty if there is none to be read."""
    try:
        pointer = parse(store.read(CURRENT), CURRENT)
    except (FileNotFoundError, HealthTopicsError):
        return {}
    return pointer if isinstance(pointer, dict) else {}
