"""A workspace's files as bytes: where they lie, what publishing asks for, and digests that tell what changed.

    healthtopics.toml
    topics/<id>.json
    vocabulary/<name>.json                     optional, merged over the packaged ones
    locales/<locale>/LC_MESSAGES/<id>.po
    locales/<locale>/glossary.json             optional, its terms win over the packaged ones

Nothing is parsed here, so that a publication with nothing to do needs no more than this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from healthtopics import jsontext
from healthtopics.configuration import Configuration
from healthtopics.language import SOURCE, LanguageTag, posix_locale
from healthtopics.schema import DATA

VOCABULARY: Final = "vocabulary"
"""The name of the catalogue of the fixed words, and of the folder of vocabularies."""
INTERFACE: Final = "interface"
"""The name of the catalogue of what pages say of their own."""
WORDS: Final = (VOCABULARY, INTERFACE)
"""The names of the catalogues that belong to no topic."""

CONFIGURATION: Final = "healthtopics.toml"
TOPICS: Final = "topics"
LOCALES: Final = "locales"
CATALOGUES: Final = "LC_MESSAGES"
"""Within the folder of a language."""
FOLDERS: Final = (TOPICS, LOCALES, VOCABULARY)
"""All that a workspace holds besides its configuration."""


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
        """Return the names of all that is not a file among the catalogues: folders, broken links."""
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


def folder_of(path: str) -> str:
    """Return the first part of a path that is relative to the workspace: `topics`, `locales`."""
    return path.partition("/")[0]


def topic_path(name: str) -> str:
    """Return where a topic lies, relative to the workspace."""
    return f"{TOPICS}/{name}.json"


def catalogue_path(language: LanguageTag, name: str) -> str:
    """Return where the catalogue of a topic or of the vocabulary lies, relative to the workspace."""
    return f"{LOCALES}/{posix_locale(language)}/{CATALOGUES}/{name}.po"


def parse_catalogue_path(path: str) -> tuple[str, str] | None:
    """Return the name of the language's folder and that of the catalogue; None for any other path."""
    match path.split("/"):
        case [folder, locale, catalogues, file] if (folder, catalogues) == (LOCALES, CATALOGUES):
            return locale, file.removesuffix(".po")
    return None


def vocabulary_path(name: str) -> str:
    """Return where the workspace's own vocabulary lies, relative to the workspace."""
    return f"{VOCABULARY}/{name}.json"


def glossary_path(language: LanguageTag) -> str:
    """Return where the workspace's own glossary lies, relative to the workspace."""
    return f"{LOCALES}/{posix_locale(language)}/glossary.json"


def packaged_vocabularies() -> dict[str, bytes]:
    """Return the packaged vocabularies as JSON text, by the name that references and problems give them."""
    folder = DATA / "schema" / VOCABULARY
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return {f"schema/{VOCABULARY}/{name}": (folder / name).read_bytes() for name in names}


def packaged_catalogue(language: LanguageTag, name: str) -> bytes | None:
    """Return a packaged .po file (`vocabulary`, `interface`), or None where the language has none."""
    return _packaged(catalogue_path(language, name))


def packaged_glossary(language: LanguageTag) -> bytes | None:
    """Return the packaged glossary of a language as JSON text, or None where it has none."""
    return _packaged(glossary_path(language))


def _packaged(path: str) -> bytes | None:
    file = DATA.joinpath(path)
    return file.read_bytes() if file.is_file() else None
