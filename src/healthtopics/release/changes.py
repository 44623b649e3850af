"""What a reader of one release has to fetch and to forget to have the next."""

from collections.abc import Mapping
from typing import Any

from healthtopics.release.manifest import Artifact, Manifest


def compare(new: Manifest, old: Manifest | None, reasons: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """Return what a reader of the old release has to fetch and to forget: `changes.json`.

    `reasons` says by (topic, language) what was corrected in editions that have changed.
    """
    before, after = old.files if old else {}, new.files
    both = sorted(after.keys() & before.keys())
    changed = [name for name in both if before[name].sha256 != after[name].sha256]
    return {
        "number": new.number,
        "previous": old.number if old else None,
        "added": [_change(name, after[name], None) for name in sorted(after.keys() - before.keys())],
        "changed": [
            _change(
                name, after[name], before[name], reasons.get((after[name].topic, after[name].language), "")
            )
            for name in changed
        ],
        "removed": [_change(name, None, before[name]) for name in sorted(before.keys() - after.keys())],
    }


def _change(name: str, new: Artifact | None, old: Artifact | None, reason: str = "") -> dict[str, Any]:
    either = new or old
    members = {
        "name": name,
        "format": either and either.format,
        "topic": either and either.topic,
        "language": either and either.language,
        "sha256": new and new.sha256,
        "previousSha256": old and old.sha256,
        "reason": reason,
    }
    return {name: value for name, value in members.items() if value}
