"""Whatever was published before, and whatever was learnt of it: the same files give the same artifacts."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from healthtopics.cache import NO_CACHE, Cache
from healthtopics.configuration import LanguagePolicy
from healthtopics.language import LanguageTag
from healthtopics.publishing.publication import publish
from healthtopics.publishing.values import Engine, Maker
from healthtopics.release import open_current, verify
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.collections import MemoryCache
from support.files import MemoryFiles
from support.stores import MemoryStore
from support.workspaces import ORGANIZATIONS, TOPICS

SPANISH = LanguageTag("es")
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)
Edit = Callable[[MemoryFiles], MemoryFiles]


@cache
def sound() -> MemoryFiles:
    """Three topics under a policy that holds little: a held edition is what only a history has."""
    with TemporaryDirectory() as folder:
        workspace = workspaces.create(Path(folder) / "workspace")
        files = MemoryFiles.of(read_files(open_workspace(workspace.folder)))
    return files.configured(languages={SPANISH: LanguagePolicy(policy="fallback", threshold=0.5)})


def _topic(topic: str, **members: Any) -> Edit:
    return lambda files: files.edited(topic, **members) if topic in files.own_topics else files


def _translation(topic: str, msgid: str, msgstr: str) -> Edit:
    def edit(files: MemoryFiles) -> MemoryFiles:
        is_there = topic in files.own_catalogues.get(SPANISH, {})
        return files.translated(SPANISH, topic, msgid, msgstr) if is_there else files

    return edit


def _spaced(files: MemoryFiles) -> MemoryFiles:
    return files.with_topic(files.document("asthma"))


def _dated(topic: str, **dates: str) -> Edit:
    return _topic(topic, dates={**TOPICS[topic]["dates"], **dates})


EDITS: dict[str, Edit] = {
    "another kind": _topic("cough", kind="condition"),
    "a heading": _topic(
        "cough", sections=[{**TOPICS["cough"]["sections"][0], "heading": "Why do people cough?"}]
    ),
    "a title": _topic("cough", title="Coughing"),
    "the title again": _topic("cough", title="Cough"),
    "a relation": _topic("cough", relatedTopics=["asthma"]),
    "white space": _spaced,
    "a Spanish title": _translation("cough", "Cough", "La tos"),
    "the Spanish title again": _translation("cough", "Cough", "Tos"),
    "no Spanish title": _translation("asthma", "Asthma", ""),
    "a Spanish sentence": _translation("fever", "What a fever is.", "Lo que es la fiebre."),
    "no Spanish sentence": _translation("fever", "What a fever is.", ""),
    "a refused translation": _translation("asthma", workspaces.LUNGS, "Los pulmones."),
    "a catalogue gone": lambda files: files.without_catalogues(),
    "a topic gone": lambda files: files.without_topic("fever"),
    "a topic back": lambda files: files.with_topic(TOPICS["fever"]),
    "a topic of tomorrow": _dated("fever", publishFrom="2026-11-21"),
    "a topic of yesterday": _dated("cough", withdrawFrom="2026-11-19"),
    "a date": _dated("cough", updated="2026-11-15"),
    "a vocabulary": lambda files: files.with_vocabulary(
        {"id": "categories", "title": "Own", "entries": [{"id": "own", "label": "Own"}]}
    ),
    "another name of the clinic": lambda files: files.with_vocabulary(
        {**ORGANIZATIONS, "entries": [{**ORGANIZATIONS["entries"][0], "name": "Other Clinic"}]}  # type: ignore[dict-item]  # a literal of mixed values
    ),
    "a translated label": lambda files: files.with_catalogue(
        SPANISH,
        "vocabulary",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\n'
        'msgctxt "label"\nmsgid "Start Here"\nmsgstr "Empiece aquí"\n'.encode(),
    ),
    "a word of the glossary": lambda files: files.with_glossary(
        SPANISH, {"id": "fever", "english": ["fever"], "translations": ["calentura"]}
    ),
    "a name of the glossary": lambda files: files.with_glossary(
        SPANISH, {"id": "lungs", "kind": "name", "english": ["lungs"]}
    ),
    "fewer formats": lambda files: files.configured(formats=("fhir-r4", "schemaorg")),
    "all formats": lambda files: files.configured(formats=("fhir-r4", "fhir-r5", "schemaorg")),
    "a stricter policy": lambda files: files.configured(
        languages={SPANISH: LanguagePolicy(policy="fallback", threshold=0.9)}
    ),
    "one language": lambda files: files.configured(languages={}),
    "two languages": lambda files: files.configured(
        languages={SPANISH: LanguagePolicy(policy="fallback", threshold=0.5)}
    ),
}


def _publish(files: MemoryFiles, store: MemoryStore, cache: Cache = NO_CACHE) -> dict[str, str]:
    publish(files, store, now=NOW, maker=MAKER, engine=Engine(cache=cache))
    current = open_current(store)
    assert not verify(store, current)
    return {name: artifact.sha256 for name, artifact in current.manifest.files.items()}


def _check(names: list[str]) -> None:
    store, cache = MemoryStore(), MemoryCache()
    files = sound()
    _publish(files, store, cache)
    for name in names:
        files = EDITS[name](files)
        held_before = open_current(store).manifest.held
        published = _publish(files, store, cache)
        if held_before or open_current(store).manifest.held:
            continue
        assert published == _publish(files, MemoryStore()), name


@pytest.mark.parametrize("name", EDITS)
def test_after_one_edit(name: str) -> None:
    _check([name])


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=2, max_size=6))
def test_after_any_edits(names: list[str]) -> None:
    _check(names)


def _publish_as(names: list[str], *, is_cached: bool) -> list[tuple[dict[str, str], tuple[Any, ...]]]:
    """Publish after each edit, under a policy that holds editions; return what each release was."""
    store = MemoryStore()
    cache = MemoryCache() if is_cached else NO_CACHE
    files = sound().configured(languages={SPANISH: LanguagePolicy()})
    releases: list[tuple[dict[str, str], tuple[Any, ...]]] = [(_publish(files, store, cache), ())]
    for name in names:
        files = EDITS[name](files)
        published = _publish(files, store, cache)
        releases.append((published, open_current(store).manifest.held))
    return releases


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["no Spanish sentence", "a stricter policy"])
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=5))
def test_with_held_editions_the_same_history_gives_the_same_releases(names: list[str]) -> None:
    assert _publish_as(names, is_cached=True) == _publish_as(names, is_cached=False)
