"""Valid documents of every kind that our schemas are about, rich enough that each rule meets something."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from msgspec.structs import replace

from conformance.schemaorg.documents import MAKER, NOW, varied_files
from healthtopics import jsontext
from healthtopics.delivery.lookup.finding import find_feed
from healthtopics.delivery.lookup.hl7json import write_json
from healthtopics.delivery.lookup.request import Concept, KnowledgeRequest
from healthtopics.formats.table import format_named
from healthtopics.publishing.publication import publish
from healthtopics.publishing.withdrawals import Permission
from healthtopics.release import numbers, open_release, part_key, read_artifact
from support.files import MemoryFiles
from support.indexes import bundled_release
from support.lists import TARGETS, answers
from support.lookups import site
from support.samples import ROOT, files
from support.stores import MemoryStore
from support.workspaces import CONFIGURATION, ORGANIZATIONS, Workspace

Document = dict[str, Any]

_LARGEST: Final = 80_000
"""Of an export, in bytes: the reference implementation takes its time over the larger ones."""
_RECORDS: Final = ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml"
_ANYTHING: Final = Permission(topics=1000, names=frozenset({"es"}))
_MOST_MEMBERS: Final = 20
"""Of an object whose members the language schema names; one with more is a table of words."""


def _read(pattern: str) -> Iterator[Document]:
    for path in sorted(ROOT.glob(pattern)):
        yield json.loads(path.read_bytes())


def _topics() -> Iterator[Document]:
    yield from _read("topics/*.json")
    for topic in _read("tests/examples/topics/valid/*.json"):
        yield topic
        yield _with_context({**topic, "publisher": "nih"})
        yield {**topic, "primaryInstitute": {"en": "nih", "es": "nlm"}}
        yield {**topic, "draft": True}


def _with_context(value: Any) -> Any:
    """Return a topic with a `context` wherever an author may give one."""
    if isinstance(value, list):
        return [_with_context(each) for each in value]
    if not isinstance(value, dict):
        return value
    bears = value.keys() & {
        "heading",
        "paragraph",
        "subheading",
        "list",
        "attribution",
        "item",
        "name",
        "title",
        "note",
    }
    is_own = bears & {"paragraph", "attribution"} and all(isinstance(value[each], dict) for each in bears)
    context = {"context": "disease"} if bears and not is_own else {}
    return {**{name: _with_context(each) for name, each in value.items()}, **context}


def _vocabularies() -> Iterator[Document]:
    yield from _read("schema/vocabulary/*.json")
    yield from _read("vocabulary/*.json")
    yield from _read("tests/examples/vocabularies/valid/*.json")


def _glossaries() -> Iterator[Document]:
    yield from _read("locales/*/glossary.json")
    yield from _read("tests/examples/glossaries/valid/*.json")


def _twins() -> Iterator[Document]:
    yield from _read("twins.json")
    yield from _read("tests/examples/twins/valid/*.json")


def _configurations() -> Iterator[Document]:
    for path in sorted(ROOT.glob("tests/examples/configurations/valid/*.toml")):
        yield tomllib.loads(path.read_text("utf-8"))


def _languages() -> Iterator[Document]:
    """Yield the data of each language with a few words of each list: thousands would prove the same rules."""
    for whole in _read("src/healthtopics/data/languages/*.json"):
        language = {name: _with_few_words(part) for name, part in whole.items()}
        before = language["bounds"]["before"]
        yield {**language, "bounds": {"before": before, "after": before}}  # no language has each kind after


def _with_few_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_few_words(each) for each in (value[:2] if set(map(type, value)) == {str} else value)]
    if not isinstance(value, dict):
        return value
    is_table = len(value) > _MOST_MEMBERS
    members = list(value.items())[: 2 if is_table else None]
    return {name: _with_few_words(each) for name, each in members}


def _import_states() -> Iterator[Document]:
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.write("healthtopics.toml", CONFIGURATION)
        workspace.write("vocabulary/organizations.json", json.dumps(ORGANIZATIONS))
        workspace.run(
            "import", "medlineplus", str(ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml")
        )
        for path in workspace.folder.glob("imports/*.json"):
            state = json.loads(path.read_bytes())
            yield state
            # As after a file that no longer has the topics.
            topics = {
                key: {**each, "withdrawn": "2026-11-20", "repaired": {"tab": 1}}
                for key, each in state["topics"].items()
            }
            yield {**state, "topics": topics}


def _corrected(varied: MemoryFiles) -> MemoryFiles:
    """Return the files with a topic in which something was put right."""
    name = next(name for name in varied.topic_names() if name.startswith("a-"))
    document = json.loads(varied.topic(name))
    document["dates"]["corrections"] = [{"date": "2026-11-20", "what": "It said 20 weeks; 12 is right."}]
    return varied.with_topic(document)


@cache
def _store() -> MemoryStore:
    """Return five releases: the bundled topics, more topics, changed ones twice, and fewer, some held."""
    store = MemoryStore()
    bundled = MemoryFiles.of(files())
    for each in (
        bundled,
        varied_files(),
        varied_files(are_words_translated=False),
        _corrected(varied_files()),
        bundled.without_catalogues(),
    ):
        publish(each, store, now=NOW, maker=MAKER, permission=_ANYTHING)
    return store


def _pointers() -> Iterator[Document]:
    for pointer in _files("/current.json"):
        yield pointer
        yield {**pointer, "pinned": 1}


def _first_manifests() -> Iterator[Document]:
    """Yield manifests in the form that they had before they came in parts."""
    store = _store()
    for number in numbers(store):
        manifest = replace(open_release(store, number).manifest, manifest_version=1)
        yield json.loads(jsontext.dump(manifest))


def _manifest_parts() -> Iterator[Document]:
    store = _store()
    parts = {part for number in numbers(store) for part in open_release(store, number).parts.values()}
    yield from (json.loads(store.read(key)) for key in sorted(map(part_key, parts)))


def _files(name: str) -> Iterator[Document]:
    store = _store()
    yield from (json.loads(store.read(key)) for key in store.keys("releases/") if key.endswith(name))


def _artifacts(prefix: str, *suffixes: str) -> Iterator[Document]:
    store = _store()
    seen = set()
    for number in (1, 3, 4, 5):
        for name, artifact in open_release(store, number).manifest.files.items():
            if not (name.startswith(prefix) and name.endswith(suffixes)) or artifact.sha256 in seen:
                continue
            seen.add(artifact.sha256)
            lines = read_artifact(store, name, artifact)
            for line in lines.splitlines() if name.endswith(".ndjson") else [lines]:
                if len(line) <= _LARGEST:
                    yield jsontext.parse(line, name)


def _knowledge_responses() -> Iterator[Document]:
    for code in ("O03", "O03.42", "unknown"):
        concept = Concept(code, "icd-10-cm")
        for language in ("en", "es"):
            feed = find_feed(site(), KnowledgeRequest(concepts=(concept,), language=language))
            yield json.loads(write_json(feed))


def _combined(*names: str) -> Iterator[Document]:
    """Yield answers in several languages, from the editions of the bundled topics."""
    store, manifest = bundled_release()
    files = manifest.files
    topics = sorted({each.topic for each in files.values() if each.topic and each.language})
    for format_ in map(format_named, names):
        for topic in topics:
            artifacts = [format_.artifact(language, topic) for language in ("en", "es")]
            if format_.combine and all(name in files for name in artifacts):
                documents = [json.loads(read_artifact(store, name, files[name])) for name in artifacts]
                yield format_.combine(documents)


_EXAMPLES: Final[Mapping[str, Callable[[], Iterator[Document]]]] = {
    "configuration.schema.json": _configurations,
    "glossary.schema.json": _glossaries,
    "import-state.schema.json": _import_states,
    "language.schema.json": _languages,
    "public/changes.schema.json": lambda: _files("/changes.json"),
    "public/current.schema.json": _pointers,
    "public/fhir-editions.schema.json": lambda: _combined("fhir-r4", "fhir-r5"),
    "public/fhir-r4.schema.json": lambda: _artifacts("fhir/r4/", ".json", ".ndjson"),
    "public/fhir-r5.schema.json": lambda: _artifacts("fhir/r5/", ".json", ".ndjson"),
    "public/knowledge-response.schema.json": _knowledge_responses,
    "public/manifest.schema.json": lambda: _files("/manifest.json"),
    "public/manifest-1.schema.json": _first_manifests,
    "public/manifest-part.schema.json": _manifest_parts,
    **{f"public/{name}.schema.json": partial(answers, name) for name in TARGETS},
    "public/schemaorg-editions.schema.json": lambda: _combined("schemaorg"),
    "public/schemaorg.schema.json": lambda: _artifacts("schemaorg/", ".jsonld"),
    "public/topics.schema.json": lambda: _artifacts("topics", ".json"),
    "topic.schema.json": _topics,
    "twins.schema.json": _twins,
    "vocabulary.schema.json": _vocabularies,
}


def examples(schema_name: str) -> list[Document]:
    """Return valid documents for a packaged schema, the smallest first."""
    return sorted(_EXAMPLES[schema_name](), key=lambda document: len(str(document)))
