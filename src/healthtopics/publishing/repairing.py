"""Makes again what can be made from the store itself; what needs the texts of the workspace, a build makes.

Nothing is guessed: whatever is written has the digest that a release or a pointer promises.
"""

from collections.abc import Iterator
from datetime import datetime

from healthtopics import jsontext
from healthtopics.compression import CODINGS
from healthtopics.configuration import Configuration
from healthtopics.errors import DataError, IntegrityError, ReleaseError
from healthtopics.publishing.finishing import changes_of
from healthtopics.publishing.indexing import Folder, restore_index
from healthtopics.publishing.packaging import packages_in, restore_packages
from healthtopics.publishing.verifying import StoreReport
from healthtopics.release import (
    POINTER,
    TOPICS_SQLITE,
    Confirmation,
    Promise,
    Store,
    check_bytes,
    numbers,
    object_key,
    open_release,
    point_to,
    pointer_at,
    read_promised,
    release_key,
    sequence_of,
)


def repair_from_store(
    configuration: Configuration, store: Store, report: StoreReport, folder: Folder
) -> None:
    """Write what is damaged again, as far as the rest of the store says what it was.

    Objects come from their compressed forms, and these from objects; an index is made again from the other
    artifacts, in a folder for temporary files; lists of changes are compared again; a pointer that no reader
    follows any more is made for its release. That of the last release, with the switch, is made by every
    publication.
    """
    written = [
        key
        for key, promise in report.objects.items()
        if key in report.damaged and _restore(store, key, promise)
    ]
    for number in report.releases:
        written += _packages_again(store, report, number)
        written += _index_again(store, report, number, folder)
    for key, promise in report.objects.items():
        written += _compress_again(store, report, key, promise)
    for number in report.releases:
        if release_key(number, "changes.json") in report.damaged:
            written += _list_again(store, number)
    for number in report.releases[:-1]:
        if release_key(number, POINTER) in report.damaged:
            written += _point_again(configuration, store, number)
    if written:
        store.flush()


def _restore(store: Store, key: str, promise: Promise) -> bool:
    for coding in CODINGS.values():
        try:
            data = coding.unpack(store.read(key + coding.suffix), promise.length)
            check_bytes(key, data, promise)
        except (FileNotFoundError, ValueError, IntegrityError):
            continue
        store.replace(key, data)
        return True
    return False


def _index_again(store: Store, report: StoreReport, number: int, folder: Folder) -> Iterator[str]:
    try:
        manifest = open_release(store, number).manifest
    except (DataError, ReleaseError):
        return
    index = manifest.files.get(TOPICS_SQLITE)
    key = object_key(TOPICS_SQLITE, index.sha256) if index else ""
    if key in report.damaged and restore_index(store, manifest, folder):
        yield key


def _packages_again(store: Store, report: StoreReport, number: int) -> Iterator[str]:
    try:
        manifest = open_release(store, number).manifest
    except (DataError, ReleaseError):
        return
    packages = packages_in(manifest)
    if any(object_key(name, each.sha256) in report.damaged for name, each in packages.items()):
        yield from restore_packages(store, manifest)


def _compress_again(store: Store, report: StoreReport, key: str, promise: Promise) -> Iterator[str]:
    wrong = [coding for coding in CODINGS.values() if key + coding.suffix in report.damaged]
    if not wrong:
        return
    try:
        data = read_promised(store, key, promise)
    except IntegrityError:
        return
    for coding in wrong:
        store.replace(key + coding.suffix, coding.pack(data))
        yield key + coding.suffix


def _list_again(store: Store, number: int) -> Iterator[str]:
    """Compare two manifests again, if the list is then what the pointer promised."""
    key = release_key(number, "changes.json")
    try:
        manifest = open_release(store, number).manifest
        old = open_release(store, manifest.previous.number).manifest if manifest.previous else None
        data = jsontext.dump(changes_of(store, manifest, old))
    except (DataError, ReleaseError):  # the one before was pruned, or is damaged itself
        return
    try:
        pointer = pointer_at(store, release_key(number, POINTER))
        check_bytes(key, data, Promise(pointer["changes"]["sha256"], pointer["changes"]["length"]))
    except IntegrityError:
        return
    except (FileNotFoundError, DataError, ReleaseError, LookupError, TypeError):
        pass  # there is no promise to keep
    store.replace(key, data)
    yield key


def _point_again(configuration: Configuration, store: Store, number: int) -> Iterator[str]:
    """Make the pointer of a release that is not the last, from what it leads to."""
    key = release_key(number, POINTER)
    try:
        opened = open_release(store, number)
        changes = store.read(release_key(number, "changes.json"))
        jsontext.parse(changes, key)
    except (FileNotFoundError, DataError, ReleaseError):
        return
    earlier = [_sequence(store, each) for each in numbers(store) if each < number]
    confirmation = Confirmation(
        sequence=max(earlier, default=0) + 1,
        now=datetime.fromisoformat(opened.manifest.time),
        cadence_hours=configuration.cadence_hours,
    )
    pointer = point_to(number, manifest=opened.text, changes=changes, confirmation=confirmation)
    store.replace(key, jsontext.dump(pointer))
    yield key


def _sequence(store: Store, number: int) -> int:
    key = release_key(number, POINTER)
    try:
        return sequence_of(jsontext.parse(store.read(key), key))
    except (FileNotFoundError, DataError, ReleaseError, AttributeError):
        return 0
