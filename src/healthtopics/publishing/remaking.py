"""Makes damaged parts of a manifest again, from the texts that they were made from.

A part is a function of the texts of its topics, of the release before, of the time and of the software. Where
none of them has changed, building the release again gives the same bytes, which the manifest promises.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from healthtopics.errors import DataError, ReleaseError
from healthtopics.jsontext import parse
from healthtopics.layout import Files
from healthtopics.publishing.building import build
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.values import PLAIN, Engine, Maker
from healthtopics.release import (
    Promise,
    Store,
    lacking,
    numbers,
    open_release,
    part_key,
    read_parts,
    release_key,
    split,
)


def lost_parts(store: Store) -> dict[str, Promise]:
    """Return the parts of the last manifest that are missing or damaged, by id; none if it cannot be read."""
    try:
        _, parts = _root(store, numbers(store)[-1])
    except (DataError, ReleaseError):
        return {}
    damaged = lacking(store, {part_key(promise): promise for promise in parts.values()}, ())
    return {name: promise for name, promise in parts.items() if part_key(promise) in damaged}


def make_parts_again(
    files: Files, store: Store, lost: Mapping[str, Promise], *, maker: Maker, engine: Engine = PLAIN
) -> None:
    """Write lost parts of the last manifest again if today's texts give the promised bytes.

    Each is built as in the first release that had it, since releases share the parts that have not changed.
    Raises what the disk and the configuration cause; texts that are not fit to be published give no part.
    """
    by_release: defaultdict[int, list[Promise]] = defaultdict(list)
    for name, promise in lost.items():
        by_release[_first_with(store, name, promise)].append(promise)
    for number, promises in by_release.items():
        try:
            made = set(_build_again(files, store, number, maker, engine))
        except (DataError, ReleaseError):
            continue
        for text in made:
            if (promise := Promise.of(text)) in promises:
                store.replace(part_key(promise), text)


def _first_with(store: Store, name: str, promise: Promise) -> int:
    """Return the first of the last releases that have a part."""
    known = numbers(store)
    number = known[-1]
    while number - 1 in known:
        try:
            _, parts = _root(store, number - 1)
        except (DataError, ReleaseError):
            break
        if parts.get(name) != promise:
            break
        number -= 1
    return number


def _build_again(files: Files, store: Store, number: int, maker: Maker, engine: Engine) -> Iterator[bytes]:
    """Build the release of a number again, and yield the parts of its manifest."""
    root, _ = _root(store, number)
    previous = open_release(store, number - 1) if root["previous"] else None
    moment = Moment.at(datetime.fromisoformat(root["time"]))
    built = build(files, store, previous, moment=moment, maker=maker, engine=engine)
    yield from split(built.manifest).parts.values()


def _root(store: Store, number: int) -> tuple[Mapping[str, Any], Mapping[str, Promise]]:
    """Return a manifest without its parts, and what these must be."""
    key = release_key(number, "manifest.json")
    document = parse(store.read(key), key)
    return document, read_parts(document, key)
