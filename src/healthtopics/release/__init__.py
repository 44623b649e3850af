"""Releases as values: the manifest, the layout of a store, what changed, what is damaged.

A store holds, under the same keys on disk, over HTTP and as object names:

    objects/sha256/ab/abcdef….json       immutable bytes, named after their digest
    objects/sha256/cd/cdef01….json       immutable, too: the parts of manifests, which releases share
    releases/000042/manifest.json        immutable; creating it makes the release
    releases/000042/changes.json         immutable; against the release before
    releases/000042/pointers/…           small files with names that stay the same, rendered for this release
    current/…                            the pointers of the current release

No file system and no clock here; a `Store` is passed in.
"""

from healthtopics.release.changes import compare
from healthtopics.release.keys import (
    CURRENT,
    INDEX,
    INDEXES,
    POINTER,
    TOPICS_SQLITE,
    Digest,
    object_key,
    release_in,
    release_key,
)
from healthtopics.release.manifest import (
    COLLECTION,
    MANIFEST_VERSION,
    SHARDS,
    Artifact,
    Held,
    Manifest,
    Name,
    PartId,
    Previous,
    Promise,
    Split,
    part_key,
    part_of,
    promises_of,
    read_collection,
    read_manifest,
    read_parts,
    shard_of,
    split,
)
from healthtopics.release.opening import (
    Opened,
    objects_of,
    open_current,
    open_release,
    select,
    selection_in,
    verify,
)
from healthtopics.release.pointer import (
    LEAP,
    Confirmation,
    instant,
    next_sequence,
    point_to,
    pointer_at,
    promise_in,
    read_pointer,
    sequence_of,
)
from healthtopics.release.store import (
    Store,
    check_bytes,
    check_promised,
    damaged_siblings,
    has_sibling,
    lacking,
    numbers,
    promised_parts,
    put_manifest_parts,
    put_parts,
    read_artifact,
    read_promised,
    refuse,
)

__all__ = [
    "COLLECTION",
    "CURRENT",
    "INDEX",
    "INDEXES",
    "LEAP",
    "MANIFEST_VERSION",
    "POINTER",
    "SHARDS",
    "TOPICS_SQLITE",
    "Artifact",
    "Confirmation",
    "Digest",
    "Held",
    "Manifest",
    "Name",
    "Opened",
    "PartId",
    "Previous",
    "Promise",
    "Split",
    "Store",
    "check_bytes",
    "check_promised",
    "compare",
    "damaged_siblings",
    "has_sibling",
    "instant",
    "lacking",
    "next_sequence",
    "numbers",
    "object_key",
    "objects_of",
    "open_current",
    "open_release",
    "part_key",
    "part_of",
    "point_to",
    "pointer_at",
    "promise_in",
    "promised_parts",
    "promises_of",
    "put_manifest_parts",
    "put_parts",
    "read_artifact",
    "read_collection",
    "read_manifest",
    "read_parts",
    "read_pointer",
    "read_promised",
    "refuse",
    "release_in",
    "release_key",
    "select",
    "selection_in",
    "sequence_of",
    "shard_of",
    "split",
    "verify",
]
