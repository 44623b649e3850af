"""The bundled topics as values, for tests that need real data."""

import re
from functools import cache
from pathlib import Path

from healthtopics.language import LanguageTag
from healthtopics.layout import Files
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection
from support.collections import Judgements

ROOT = Path(__file__).parents[2]
"""The repository, which is also the workspace of the bundled topics."""
TOPICS = ("amniocentesis", "back-pain-and-miscarriage", "miscarriage", "recurrent-miscarriage")
LANGUAGES = (LanguageTag("en"), LanguageTag("es"))
SCHEMAS = sorted(
    path.relative_to(ROOT / "schema").as_posix() for path in (ROOT / "schema").rglob("*.schema.json")
)
"""Every schema by its packaged name: `topic.schema.json`, `public/manifest.schema.json`."""


def documented_checks(prefix: str) -> set[str]:
    """Return the ids with the prefix that docs/checks.md lists; tests/docs compares them with the code."""
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/checks.md").read_text(), re.MULTILINE)
    return {check for row in rows for check in re.findall(rf"`({prefix}[a-z-]+)`", row)}


@cache
def files() -> Files:
    """Return the files of the bundled workspace."""
    return read_files(open_workspace(ROOT))


@cache
def judgements() -> Judgements:
    """Return every edition of the bundled topics."""
    return Judgements(files())


def localized(topic_id: str, language: str) -> LocalizedTopic:
    return judgements().localized(topic_id, language)


def edition(topic_id: str, language: str) -> Edition:
    return judgements().edition(topic_id, language)


def collection() -> PublishedCollection:
    return judgements().collection()
