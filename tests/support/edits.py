"""Edits of a workspace in memory, for tests that publish one after the other."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from healthtopics.configuration import LanguagePolicy
from healthtopics.formats.table import DEFAULT
from healthtopics.language import LanguageTag
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.files import MemoryFiles
from support.workspaces import ORGANIZATIONS, TOPICS

SPANISH = LanguageTag("es")
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
    "no Spanish sentence of asthma": _translation("asthma", workspaces.LUNGS, ""),
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
    "all formats": lambda files: files.configured(formats=DEFAULT),
    "a stricter policy": lambda files: files.configured(
        languages={SPANISH: LanguagePolicy(policy="fallback", threshold=0.9)}
    ),
    "one language": lambda files: files.configured(languages={}),
    "two languages": lambda files: files.configured(
        languages={SPANISH: LanguagePolicy(policy="fallback", threshold=0.5)}
    ),
}
