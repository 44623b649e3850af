"""The small file that says which release is current; readers order pointers by their sequence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from healthtopics.errors import JsonTextError, NoCurrentReleaseError, PointerError, ReleaseError
from healthtopics.jsontext import digest, parse
from healthtopics.release.keys import CURRENT, POINTER, release_key
from healthtopics.release.manifest import Promise
from healthtopics.release.store import Store, numbers


def instant(moment: datetime) -> str:
    """Return an aware moment as `YYYY-MM-DDTHH:MM:SSZ`, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a pointer says besides which release is current."""

    sequence: int
    """Grows by one with every pointer that is written. Readers order pointers by it, never by time."""
    now: datetime
    cadence_hours: int
    pinned: int | None = None
    """The number of the release that was gone back to, until publishing is resumed."""


def point_to(number: int, *, manifest: bytes, changes: bytes, confirmation: Confirmation) -> dict[str, Any]:
    """Return the pointer to a release, `current.json`; it expires after twice the cadence."""

    def promise(name: str, data: bytes) -> dict[str, Any]:
        return {"key": release_key(number, name), "sha256": digest(data), "length": len(data)}

    now = confirmation.now
    pointer = {
        "number": number,
        "sequence": confirmation.sequence,
        "manifest": promise("manifest.json", manifest),
        "changes": promise("changes.json", changes),
        "time": instant(now),
        "expires": instant(now + timedelta(hours=2 * confirmation.cadence_hours)),
    }
    return pointer if confirmation.pinned is None else {**pointer, "pinned": confirmation.pinned}


def sequence_of(pointer: Mapping[str, Any]) -> int:
    """Return the sequence number of a pointer; 0 for one of a version of the software that wrote none."""
    sequence = pointer.get("sequence", 0)
    return sequence if isinstance(sequence, int) else 0


LEAP: Final = 1_000_000
"""More pointers than can have been written since the last one that can be read."""


def next_sequence(store: Store) -> int:
    """Return the sequence number of the next pointer: more than that of any pointer that readers have seen.

    It leaps where a pointer is damaged, as nobody knows its number any more.
    """
    # A switch that readers saw may be lost in a power cut, so the latest release counts, too.
    latest = (release_key(number, POINTER) for number in reversed(numbers(store)))
    known, step = 0, 1
    for key in (CURRENT, *latest):
        try:
            known = max(known, sequence_of(pointer_at(store, key)))
        except FileNotFoundError:  # claimed, but not finished
            continue
        except (ReleaseError, JsonTextError):
            step = LEAP
            continue
        if key != CURRENT:
            break
    return known + step


def read_pointer(store: Store) -> Mapping[str, Any]:
    """Return `current.json`.

    Raises NoCurrentReleaseError if nothing is published, PointerError if it is damaged.
    """
    try:
        pointer: Mapping[str, Any] = parse(store.read(CURRENT), CURRENT)
    except FileNotFoundError:
        raise NoCurrentReleaseError(CURRENT) from None
    except JsonTextError:
        raise PointerError(CURRENT) from None
    return pointer


def pointer_at(store: Store, key: str) -> Mapping[str, Any]:
    """Return any pointer; raises FileNotFoundError, and JsonTextError or ReleaseError if it is not one."""
    pointer: Mapping[str, Any] = parse(store.read(key), key)
    promise_in(pointer)
    return pointer


def promise_in(pointer: Mapping[str, Any]) -> tuple[int, Promise]:
    """Return the number of a pointer's release, and what its manifest must be.

    Raises PointerError if it is not a pointer to a release.
    """
    try:
        number, manifest = pointer["number"], pointer["manifest"]
        release_key(number)
        return number, Promise(manifest["sha256"], manifest["length"])
    except (KeyError, TypeError, ValueError):
        raise PointerError(CURRENT) from None
