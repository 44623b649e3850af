"""From a workspace's files to a release: the only place where validation, translation and exporters meet.

    examine     every topic by itself: its files judged and translated       examining
    build       topics in chunks → artifacts in the store, their manifest    building, exporting
    publish     all of it, visible if it says anything new                   publication
    assemble, prepare    the same in memory, for looking at a collection     sources, editions

No disk, no clock, no environment: files, a store, the moment and the identity of the software are handed in.
What needs the heavy libraries is imported when it is first asked for: a publication with nothing to do asks
for none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.record import Known
from healthtopics.publishing.values import INDEX, Built, Engine, Maker, Progress

if TYPE_CHECKING:
    from healthtopics.publishing.building import build
    from healthtopics.publishing.editions import Editions, Prepared, collection_of, edition_of, prepare
    from healthtopics.publishing.sources import Sources, assemble, gather, has_pages, interface_template

__all__ = [
    "INDEX",
    "Built",
    "Editions",
    "Engine",
    "Known",
    "Maker",
    "Outcome",
    "Prepared",
    "Progress",
    "Sources",
    "assemble",
    "build",
    "collection_of",
    "edition_of",
    "gather",
    "has_pages",
    "interface_template",
    "prepare",
    "publish",
]

_LATER = {
    "building": ("build",),
    "editions": ("Editions", "Prepared", "collection_of", "edition_of", "prepare"),
    "sources": ("Sources", "assemble", "gather", "has_pages", "interface_template"),
}


def __getattr__(name: str) -> object:
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
