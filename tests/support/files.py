"""A workspace's files in memory, for tests that publish edited collections."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from healthtopics.catalogues import po
from healthtopics.configuration import Configuration
from healthtopics.language import LanguageTag, posix_locale
from healthtopics.layout import VOCABULARY, Files, catalogue_path, packaged_catalogue, packaged_glossary
from healthtopics.problems import Problem


@dataclass(frozen=True)
class MemoryFiles:
    """Implements `publishing.Files`."""

    configuration: Configuration
    own_topics: Mapping[str, bytes]
    own_catalogues: Mapping[LanguageTag, Mapping[str, bytes]]
    own_vocabularies: Mapping[str, bytes]
    has_shipped_words: bool = True
    own_glossaries: Mapping[LanguageTag, bytes] = field(default_factory=dict)
    own_words: Mapping[LanguageTag, bytes] = field(default_factory=dict)
    own_twins: bytes | None = None
    log: list[str] = field(default_factory=list, compare=False)
    """Every file that was read, in order."""

    @classmethod
    def of(cls, files: Files) -> "MemoryFiles":
        return cls(
            configuration=files.configuration,
            own_topics={name: files.topic(name) for name in files.topic_names()},
            own_catalogues={
                language: {
                    name: data
                    for name in files.catalogue_names(language)
                    if (data := files.catalogue(language, name)) is not None
                }
                for language in files.configuration.languages
            },
            own_vocabularies=files.vocabularies(),
            own_glossaries={
                language: data
                for language in files.configuration.languages
                if (data := files.glossary(language)) is not None
            },
            own_words={
                language: data
                for language in files.configuration.languages
                if (data := files.known_words(language)) is not None
            },
            own_twins=files.twins(),
        )

    def vocabularies(self) -> Mapping[str, bytes]:
        return self.own_vocabularies

    def shipped(self, language: LanguageTag, name: str = VOCABULARY) -> bytes | None:
        return packaged_catalogue(language, name) if self.has_shipped_words else None

    def glossary(self, language: LanguageTag) -> bytes | None:
        return self.own_glossaries.get(language)

    def shipped_glossary(self, language: LanguageTag) -> bytes | None:
        return packaged_glossary(language)

    def known_words(self, language: LanguageTag) -> bytes | None:
        return self.own_words.get(language)

    def twins(self) -> bytes | None:
        return self.own_twins

    def topic_names(self) -> list[str]:
        return sorted(self.own_topics)

    def catalogue_names(self, language: LanguageTag) -> list[str]:
        return sorted(self.own_catalogues.get(language, {}))

    def unreadable_catalogues(self, language: LanguageTag) -> dict[str, str]:
        del language
        return {}

    def unfit(self) -> tuple[Problem, ...]:
        return ()

    def locales(self) -> list[str]:
        return sorted(posix_locale(language) for language, each in self.own_catalogues.items() if each)

    def topic(self, name: str) -> bytes:
        self.log.append(f"topics/{name}.json")
        return self.own_topics[name]

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        self.log.append(catalogue_path(language, name))
        return self.own_catalogues.get(language, {}).get(name)

    def listed_again(self) -> "MemoryFiles":
        return self

    # Edits; each returns another workspace.

    def configured(self, **members: Any) -> "MemoryFiles":
        return replace(self, configuration=replace(self.configuration, **members))

    def document(self, topic: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.own_topics[topic])
        return document

    def with_topic(self, document: Mapping[str, Any], name: str = "") -> "MemoryFiles":
        data = json.dumps(document, ensure_ascii=False).encode()
        return replace(self, own_topics={**self.own_topics, name or document["id"]: data})

    def edited(self, topic: str, **members: Any) -> "MemoryFiles":
        return self.with_topic({**self.document(topic), **members})

    def without_topic(self, topic: str) -> "MemoryFiles":
        return replace(
            self, own_topics={name: each for name, each in self.own_topics.items() if name != topic}
        )

    def with_catalogue(self, language: LanguageTag, name: str, data: bytes) -> "MemoryFiles":
        own = {**self.own_catalogues.get(language, {}), name: data}
        return replace(self, own_catalogues={**self.own_catalogues, language: own})

    def without_catalogues(self) -> "MemoryFiles":
        return replace(self, own_catalogues={})

    def translated(self, language: LanguageTag, name: str, msgid: str, msgstr: str) -> "MemoryFiles":
        """Replace the translation of a message in a catalogue; an empty one removes it."""
        file = po.parse(self.own_catalogues[language][name], name).file
        for entry in file:
            if entry.msgid == msgid:
                entry.msgstr = msgstr
        return self.with_catalogue(language, name, po.serialize(file))

    def replaced(self, language: LanguageTag, name: str, old: str, new: str) -> "MemoryFiles":
        """Replace a text that occurs once in a catalogue."""
        text = self.own_catalogues[language][name].decode()
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        return self.with_catalogue(language, name, text.replace(old, new).encode())

    def with_glossary(self, language: LanguageTag, *terms: Mapping[str, Any]) -> "MemoryFiles":
        data = json.dumps({"terms": terms}, ensure_ascii=False).encode()
        return replace(self, own_glossaries={**self.own_glossaries, language: data})

    def with_twins(self, *rows: Mapping[str, Any]) -> "MemoryFiles":
        return replace(self, own_twins=json.dumps({"twins": rows}).encode())

    def with_vocabulary(self, document: Mapping[str, Any]) -> "MemoryFiles":
        data = json.dumps(document, ensure_ascii=False).encode()
        path = f"vocabulary/{document['id']}.json"
        return replace(self, own_vocabularies={**self.own_vocabularies, path: data})
