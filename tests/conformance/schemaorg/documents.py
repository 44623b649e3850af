"""The documents that the tools judge: those of exports/examples/, and variations of what they leave out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import polib

from healthtopics.configuration import LanguagePolicy
from healthtopics.language import LanguageTag
from healthtopics.layout import VOCABULARY
from healthtopics.publishing.building import build
from healthtopics.publishing.dating import Moment
from healthtopics.publishing.values import Maker
from healthtopics.release import read_artifact
from healthtopics.storage.workspace import open_workspace, read_files
from support.files import MemoryFiles
from support.samples import ROOT
from support.stores import MemoryStore

Document = dict[str, Any]

EXAMPLES: Final = ROOT / "exports" / "examples"
NOW: Final = datetime(2026, 11, 20, tzinfo=UTC)
MAKER: Final = Maker(name="conformance", digest="0" * 64)


@cache
def examples() -> Mapping[str, Document]:
    """Return every committed JSON-LD document by its path under exports/examples/."""
    paths = sorted(EXAMPLES.glob("schemaorg/*/*.jsonld"))
    return {path.relative_to(EXAMPLES).as_posix(): json.loads(path.read_bytes()) for path in paths}


@cache
def pairs() -> Mapping[str, tuple[Document, Document]]:
    """Return the English and the Spanish document of each bundled topic that has both."""
    topics = [name.split("/")[-1] for name in examples() if name.startswith("schemaorg/es/")]
    return {name: (examples()[f"schemaorg/en/{name}"], examples()[f"schemaorg/es/{name}"]) for name in topics}


@cache
def varied_files(*, are_words_translated: bool = True) -> MemoryFiles:
    """Return a workspace with one topic more for each kind, each with links of every kind.

    One of them has a Spanish edition too: its title is translated, and the policy lets the rest stay in
    English; the fixed words as well, where these are not translated.
    """
    files = MemoryFiles.of(read_files(open_workspace(ROOT)))
    written = (ROOT / "tests/examples/topics/valid/nearly-everything.asthma.json").read_text("utf-8")
    model = json.loads(written.replace("copd", "miscarriage"))  # a topic that is there
    reviewers = ("National Institutes of Health", "Dr. Ng")  # an organization that we know, and a person
    kinds = json.loads((ROOT / "schema/vocabulary/kinds.json").read_bytes())["entries"]
    resource_schema = json.loads((ROOT / "schema/topic.schema.json").read_bytes())["properties"]["resources"]
    links = [
        {**model["resources"][0], "id": f"link-{kind}", "kind": kind, "links": _links(kind)}
        for kind in resource_schema["items"]["properties"]["kind"]["enum"]
    ]
    topics = [
        {
            **model,
            "id": f"a-{kind['id']}",
            "kind": kind["id"],
            "pages": {"en": f"https://example.org/{kind['id']}"},
            "dates": {
                "created": "2024-02-29",
                "updated": "2026-11-20",
                "reviews": [{"date": "2026-11-20", "by": reviewers[number % 2], "languages": ["en", "es"]}],
                "reviewBy": "2027-11-20",
            },
            "resources": [*model["resources"], *links],
        }
        for number, kind in enumerate(kinds)
    ]
    spanish = LanguageTag("es")
    entry = polib.POEntry(msgctxt=f"title|{model['context']}", msgid=model["title"], msgstr="Asma")
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\n'
    files = files.with_catalogue(spanish, topics[0]["id"], f"{header}{entry}".encode())
    if not are_words_translated:
        files = replace(files.with_catalogue(spanish, VOCABULARY, header.encode()), has_shipped_words=False)
    fallback = LanguagePolicy(policy="fallback", threshold=0.0)
    for topic in topics:
        files = files.with_topic(topic)
    return files.configured(languages={spanish: fallback})


def _links(kind: str) -> dict[str, str]:
    return {language: f"https://example.org/{language}/{kind}" for language in ("en", "es")}


@cache
def variations() -> Mapping[str, Document]:
    """Return the JSON-LD documents of the varied topics, by the artifact's name."""
    store = MemoryStore()
    manifest = build(varied_files(), store, None, moment=Moment.at(NOW), maker=MAKER).manifest
    return {
        name: json.loads(read_artifact(store, name, artifact))
        for name, artifact in manifest.files.items()
        if artifact.format == "schemaorg" and artifact.topic.startswith("a-")
    }
