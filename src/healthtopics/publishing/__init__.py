"""From a workspace's files to a release: the only place where validation, translation and exporters meet.

    assemble    documents and catalogues → Sources, or every problem            sources
    prepare     Sources → editions: translated, or held and why                  editions
    build       editions → artifacts in the store, and their manifest            building
    publish     all of it, visible if it says anything new                       publication

No disk, no clock, no environment: a store, the moment and the identity of the software are handed in.
"""

from healthtopics.publishing.building import INDEX, Built, Maker, Progress, build
from healthtopics.publishing.editions import Editions, Prepared, collection_of, edition_of, prepare
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.sources import VOCABULARY, Files, Sources, assemble, catalogue_path

__all__ = [
    "INDEX",
    "VOCABULARY",
    "Built",
    "Editions",
    "Files",
    "Maker",
    "Outcome",
    "Prepared",
    "Progress",
    "Sources",
    "assemble",
    "build",
    "catalogue_path",
    "collection_of",
    "edition_of",
    "prepare",
    "publish",
]
