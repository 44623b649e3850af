"""The bundled topics as values, for tests that need something real."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from healthtopics.language import LanguageTag
from healthtopics.layout import Files
from healthtopics.publishing import Editions, Sources, assemble, collection_of, edition_of, prepare
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection

ROOT = Path(__file__).parents[2]
"""The repository, which is also the workspace of the bundled topics."""
TOPICS = ("amniocentesis", "back-pain-and-miscarriage", "miscarriage", "recurrent-miscarriage")
LANGUAGES = (LanguageTag("en"), LanguageTag("es"))
SCHEMAS = sorted(
    path.relative_to(ROOT / "schema").as_posix() for path in (ROOT / "schema").rglob("*.schema.json")
)
"""Every schema by its packaged name: `topic.schema.json`, `public/manifest.schema.json`."""


@cache
def files(*formats: str) -> Files:
    """The bundled workspace, as its files are; these formats are exported besides its own."""
    workspace = open_workspace(ROOT)
    configuration = workspace.configuration
    configuration = replace(configuration, formats=(*configuration.formats, *formats))
    return read_files(replace(workspace, configuration=configuration))


@cache
def sources() -> Sources:
    """The bundled workspace, judged."""
    return assemble(files())


@cache
def editions() -> Editions:
    """Every edition of the bundled topics."""
    return prepare(sources(), today="2026-11-20")


def localized(topic_id: str, language: str) -> LocalizedTopic:
    return editions().prepared[topic_id][LanguageTag(language)].topic


def edition(topic_id: str, language: str) -> Edition:
    return edition_of(sources(), editions(), topic_id, LanguageTag(language))


def collection() -> PublishedCollection:
    return collection_of(sources(), editions())
