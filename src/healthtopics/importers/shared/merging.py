"""Merges a foreign document with the workspace's revision of its last version: local work wins.

A document is merged part by part: each member of the object, and of a list of objects with ids each item.
A digest of every part that the last import offered shows who changed what since (a three-way merge, with the
digest in place of the common ancestor).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics.jsontext import Document, short_digest

PartDigests = Mapping[str, str]
"""Part → the first 16 hex digits of the SHA-256 of its canonical JSON. A part is `title`,
`resources/abdominal-mass` or, for the order of a list with ids, `resources`."""


@dataclass(frozen=True, slots=True)
class MergedDocument:
    """The document for the workspace."""

    document: dict[str, Any]
    clashes: tuple[str, ...]
    """Parts that both sides changed since the last import; the local one stays."""
    local: tuple[str, ...]
    """Parts in which the workspace differs from the offer, including the clashes."""


def digests_of(document: Document) -> dict[str, str]:
    """Return the digest of every part of a document."""
    found: dict[str, str] = {}
    for member, value in document.items():
        if _has_ids(value):
            found |= {f"{member}/{item['id']}": short_digest(item) for item in value}
            found[member] = short_digest([item["id"] for item in value])
        else:
            found[member] = short_digest(value)
    return found


def merge_documents(offered: Document, current: Document, base: PartDigests) -> MergedDocument:
    """Merge an offered document into that of the workspace.

    `base` holds the digests of the last import's offer; a part of the workspace that is not in it is local
    work.
    """
    return _Merge(base).document(offered, current)


class _Merge:
    def __init__(self, base: PartDigests) -> None:
        self._base = base
        self._clashes: list[str] = []
        self._local: list[str] = []

    def document(self, offered: Document, current: Document) -> MergedDocument:
        merged: dict[str, Any] = {}
        # The offered order first: it is the schema's. Members that only the workspace has follow.
        for member in [*offered, *(name for name in current if name not in offered)]:
            here, there = current.get(member), offered.get(member)
            if _has_ids(here) or _has_ids(there):
                value = self._items(member, there, here) or None
            else:
                value = self._choose(member, there, here)
            if value is not None:
                merged[member] = value
        return MergedDocument(merged, tuple(self._clashes), tuple(self._local))

    def _items(
        self, member: str, offered: list[Document] | None, current: list[Document] | None
    ) -> list[Any]:
        here, there = ({item["id"]: item for item in items or ()} for items in (current, offered))
        # An empty list is not the same as no list: only the latter was never there.
        orders = (None if items is None else [item["id"] for item in items] for items in (offered, current))
        order = self._choose(member, *orders) or []
        keys = dict.fromkeys([*order, *there, *here])
        items = [self._choose(f"{member}/{key}", there.get(key), here.get(key)) for key in keys]
        return [item for item in items if item is not None]

    def _choose(self, part: str, offered: Any, current: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return the offered value, or the workspace's if it was changed there."""
        if current == offered:
            return offered
        known = self._base.get(part)
        is_local = (short_digest(current) if current is not None else None) != known
        if not is_local:
            return offered
        self._local.append(part)
        if (short_digest(offered) if offered is not None else None) != known:
            self._clashes.append(part)
        return current


def _has_ids(value: object) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(i, Mapping) and "id" in i for i in value)
    )
