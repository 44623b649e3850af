"""A workspace's files as bytes: what publishing asks for, where it lies, and digests that tell what changed.

Nothing is parsed here, so that a publication with nothing to do needs no more than this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from healthtopics import jsontext
from healthtopics.configuration import Configuration
from healthtopics.language import SOURCE, LanguageTag, posix_locale

VOCABULARY = "vocabulary"
"""The name of the catalogue of the fixed words."""
INTERFACE = "interface"
"""The name of the catalogue of what pages say of their own."""
WORDS = (VOCABULARY, INTERFACE)
"""The names of the catalogues that are no topic's."""


class Files(Protocol):
    """What a workspace holds, as bytes, one file at a time. Other processes get a pickled copy."""

    @property
    def configuration(self) -> Configuration:
        """What the workspace has decided."""
        ...

    def vocabularies(self) -> Mapping[str, bytes]:
        """Return the vocabularies by path: the packaged ones first, then the workspace's own."""
        ...

    def shipped(self, language: LanguageTag, name: str = VOCABULARY) -> bytes | None:
        """Return a packaged catalogue of words, over which the workspace's own wins."""
        ...

    def glossary(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own glossary of a language, or None where there is none."""
        ...

    def shipped_glossary(self, language: LanguageTag) -> bytes | None:
        """Return the packaged glossary of a language, over whose terms the workspace's own win."""
        ...

    def topic_names(self) -> Sequence[str]:
        """Return the names of all topic files, sorted; the name of a file is the id of its topic."""
        ...

    def catalogue_names(self, language: LanguageTag) -> Sequence[str]:
        """Return the names of all catalogue files of a language, sorted."""
        ...

    def unreadable_catalogues(self, language: LanguageTag) -> Sequence[str]:
        """Return the names of what lies where catalogues do and is no file: folders, links to nothing."""
        ...

    def locales(self) -> Sequence[str]:
        """Return the names of the folders that hold catalogues, sorted, whether of a language or not."""
        ...

    def topic(self, name: str) -> bytes:
        """Return the bytes of a topic."""
        ...

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        """Return the bytes of a catalogue, or None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class TopicBytes:
    """The files of one topic as they are."""

    topic: bytes
    catalogues: Mapping[LanguageTag, bytes | None]

    @classmethod
    def of(cls, files: Files, name: str) -> "TopicBytes":
        """Read them."""
        languages = (each for each in files.configuration.languages if each != SOURCE)
        return cls(files.topic(name), {language: files.catalogue(language, name) for language in languages})

    @property
    def digest(self) -> str:
        """Of all the bytes."""
        digests = {
            language: None if data is None else jsontext.digest(data)
            for language, data in self.catalogues.items()
        }
        return jsontext.digest(jsontext.dump_line([jsontext.digest(self.topic), digests]))


def topic_path(name: str) -> str:
    """Return where a topic lies, relative to the workspace."""
    return f"topics/{name}.json"


def catalogue_path(language: LanguageTag, name: str) -> str:
    """Return where the catalogue of a topic or of the vocabulary lies, relative to the workspace."""
    return f"locales/{posix_locale(language)}/LC_MESSAGES/{name}.po"


def glossary_path(language: LanguageTag) -> str:
    """Return where the workspace's own glossary lies, relative to the workspace."""
    return f"locales/{posix_locale(language)}/glossary.json"
