"""What the last publication learnt of each topic, so that an unchanged one is not read again.

A file of lines: the first tells which files and which release it speaks of; then a line for each topic, its
name and what is known of it. It belongs to no release and no reader needs it: without it, or with one that
is damaged, everything is examined again and comes out the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from healthtopics import jsontext

_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known, and of what."""

    basis: str
    """The digest of the software and of all that the topics rest on; under another one nothing here holds."""
    state: str
    """The digest of all files of the workspace."""
    release: str
    """The digest of the manifest that stood when this was written."""
    since: str
    """The day of the publication, ISO."""
    until: str
    """The next day on which a topic comes or goes by its own dates; empty where there is none."""
    warnings: Sequence[Mapping[str, Any]]
    """Of the publication, each as `Problem.to_dict` gives it."""
    held: Sequence[Mapping[str, Any]]
    """As `Held.to_dict` gives them."""
    topics: Mapping[str, bytes] = field(default_factory=dict)
    """By name, what is known of a topic: JSON on one line, without the line feed."""

    def stands(self, state: str, release: str, today: str) -> bool:
        """Tell whether a publication of these files today would do all that the last one did again."""
        is_day = self.since <= today and (not self.until or today < self.until)
        return is_day and (self.state, self.release) == (state, release)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the last publication's record knows of a workspace whose topics rest on the same as then."""

    basis: str = ""
    """As in `Record`, of today."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """By topic, of the bytes of its files today; read only where the record can know the topic."""
    topics: Mapping[str, bytes] = field(default_factory=dict)
    """As in `Record`."""

    @property
    def state(self) -> str:
        """The digest of all files of the workspace, where each was read."""
        return jsontext.digest(jsontext.dump_line([self.basis, sorted(self.digests.items())]))


UNKNOWN: Final = Known()


def parse(data: bytes) -> Record | None:
    """Read what `serialize` wrote; None for anything else."""
    head, _, rest = data.partition(b"\n")
    try:
        members = orjson.loads(head)
        if members.pop("version") != _VERSION or members.pop("sha256") != jsontext.digest(rest):
            return None
        lines = (line.partition(b"\t") for line in rest.splitlines())
        return Record(**members, topics={name.decode(): text for name, _, text in lines})
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def serialize(record: Record) -> bytes:
    """Return the lines."""
    rest = b"".join(b"%s\t%s\n" % (name.encode(), text) for name, text in record.topics.items())
    names = ("basis", "state", "release", "since", "until", "warnings", "held")
    members = {name: getattr(record, name) for name in names}
    head = {"version": _VERSION, "sha256": jsontext.digest(rest), **members}
    return jsontext.dump_line(head) + rest
