"""What a reader of one release has to fetch and to forget to have the next."""

from collections.abc import Mapping
from typing import Any, Final

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


_MOST: Final = 5
"""This many editions are named in a reason."""


def reasons_besides_topics(new: Manifest, old: Manifest) -> tuple[str, ...]:
    """Return in words why a release came that has the same documents of topics; empty if one differs."""
    if _documents(new) != _documents(old):
        return ()
    before, after = ({(each.topic, each.language) for each in one.held} for one in (old, new))
    counts = [
        f"{topic} ({language}): {now['translated']:,} of {now['messages']:,} messages"
        for topic, editions in new.coverage.items()
        for language, now in editions.items()
        if now != old.coverage.get(topic, {}).get(language, now)
    ]
    found = {
        "languages now:": list(new.languages) if new.languages != old.languages else [],
        "held now:": [f"{topic} ({language})" for topic, language in sorted(after - before)],
        "no longer held:": [f"{topic} ({language})" for topic, language in sorted(before - after)],
        "translated so far:": counts,
    }
    more = {what: f" and {len(names) - _MOST:,} more" for what, names in found.items() if len(names) > _MOST}
    return tuple(
        f"{what} {', '.join(names[:_MOST])}{more.get(what, '')}" for what, names in found.items() if names
    )


def _documents(manifest: Manifest) -> dict[str, str]:
    """Return the digests of what belongs to one topic; the index, say, also knows what is held."""
    return {name: each.sha256 for name, each in manifest.files.items() if each.topic}


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
