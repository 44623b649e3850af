"""A workspace's files as bytes: their paths, the reader that publishing needs, and digests of changes.

    healthtopics.toml
    topics/<id>.json
    vocabulary/<name>.json                     optional, merged over the packaged ones
    locales/<locale>/LC_MESSAGES/<id>.po
    locales/<locale>/glossary.json             optional, its terms win over the packaged ones
    locales/<locale>/words.txt                 optional, words that spelling accepts
    twins.json                                 optional

Nothing is parsed here, so that a publication with nothing to do needs only this module.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol, TypeVar

from healthtopics import jsontext
from healthtopics.configuration import Configuration
from healthtopics.language import SOURCE, LanguageTag, posix_locale
from healthtopics.problems import Problem
from healthtopics.schema import DATA

_T = TypeVar("_T")

VOCABULARY: Final = "vocabulary"
"""The name of the catalogue of the fixed words, and of the folder of vocabularies."""
INTERFACE: Final = "interface"
"""The name of the catalogue of the words of pages."""
WORDS: Final = (VOCABULARY, INTERFACE)
"""The names of the catalogues that belong to no topic."""

CONFIGURATION: Final = "healthtopics.toml"
TOPICS: Final = "topics"
LOCALES: Final = "locales"
CATALOGUES: Final = "LC_MESSAGES"
"""The folder of catalogues within that of a language."""
FOLDERS: Final = (TOPICS, LOCALES, VOCABULARY)
TWINS: Final = "twins.json"
"""Pages elsewhere that are one page in several languages."""
FILES: Final = (CONFIGURATION, TWINS)
"""The files at the top of a workspace; all others are in its folders."""


class Files(Protocol):
    """The files of a workspace, as bytes, one at a time. Other processes get a pickled copy."""

    @property
    def configuration(self) -> Configuration:
        """The configuration of the workspace."""

    def vocabularies(self) -> Mapping[str, bytes]:
        """Return the vocabularies by path: the packaged ones first, then the workspace's own."""

    def shipped(self, language: LanguageTag, name: str = VOCABULARY) -> bytes | None:
        """Return a packaged catalogue of words, over which the workspace's own wins."""

    def glossary(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own glossary of a language; None if there is none."""

    def shipped_glossary(self, language: LanguageTag) -> bytes | None:
        """Return the packaged glossary of a language, whose terms yield to the workspace's own."""

    def known_words(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own words that spelling accepts in a language; None if there are none."""

    def twins(self) -> bytes | None:
        """Return the pages elsewhere that exist in several languages; None if there is no such file."""

    def topic_names(self) -> Sequence[str]:
        """Return the names of all topic files, sorted; the name of a file is the id of its topic."""

    def catalogue_names(self, language: LanguageTag) -> Sequence[str]:
        """Return the names of all catalogue files of a language, sorted."""

    def unreadable_catalogues(self, language: LanguageTag) -> Mapping[str, str]:
        """Return what is there instead of catalogues, by name, if not a file: "a pipe"."""

    def unfit(self) -> Sequence[Problem]:
        """Return what is wrong with files that are left out: their names, or their sizes."""

    def locales(self) -> Sequence[str]:
        """Return the names of all folders of catalogues, sorted, even those not named after a language."""

    def topic(self, name: str) -> bytes:
        """Return the bytes of a topic."""

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        """Return the bytes of a catalogue; None if there is none."""

    def listed_again(self) -> "Files":
        """Return the files as they are now: their names are those of the moment at which they were listed."""


class Snapshot:
    """Files with a cache of what all topics share, so that the digest is that of the bytes used.

    Implements `Files`. The files of a topic are read again each time.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._read: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, files: Files) -> "Snapshot":
        """Return the files themselves if they are a snapshot, otherwise a new snapshot of them."""
        return files if isinstance(files, cls) else cls(files)

    def __reduce__(self) -> "tuple[type[Snapshot], tuple[Files]]":
        return Snapshot, (self._files,)  # workers read topics themselves

    def _once(self, read: Callable[..., _T], *of: Hashable) -> _T:
        key = (read.__name__, *of)
        if key not in self._read:
            self._read[key] = read(*of)
        found: _T = self._read[key]
        return found

    @property
    def configuration(self) -> Configuration:
        """The configuration of the workspace."""
        return self._files.configuration

    def vocabularies(self) -> Mapping[str, bytes]:
        """Return the vocabularies by path."""
        return self._once(self._files.vocabularies)

    def shipped(self, language: LanguageTag, name: str = VOCABULARY) -> bytes | None:
        """Return a packaged catalogue of words."""
        return self._once(self._files.shipped, language, name)

    def glossary(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own glossary of a language."""
        return self._once(self._files.glossary, language)

    def shipped_glossary(self, language: LanguageTag) -> bytes | None:
        """Return the packaged glossary of a language."""
        return self._once(self._files.shipped_glossary, language)

    def known_words(self, language: LanguageTag) -> bytes | None:
        """Return the workspace's own words that spelling accepts in a language."""
        return self._once(self._files.known_words, language)

    def twins(self) -> bytes | None:
        """Return the pages elsewhere that exist in several languages."""
        return self._once(self._files.twins)

    def topic_names(self) -> Sequence[str]:
        """Return the names of all topic files."""
        return self._once(self._files.topic_names)

    def catalogue_names(self, language: LanguageTag) -> Sequence[str]:
        """Return the names of all catalogue files of a language."""
        return self._once(self._files.catalogue_names, language)

    def unreadable_catalogues(self, language: LanguageTag) -> Mapping[str, str]:
        """Return what is there instead of catalogues that are not files."""
        return self._once(self._files.unreadable_catalogues, language)

    def unfit(self) -> Sequence[Problem]:
        """Return what is wrong with files that are left out."""
        return self._files.unfit()

    def locales(self) -> Sequence[str]:
        """Return the names of the folders of catalogues."""
        return self._once(self._files.locales)

    def topic(self, name: str) -> bytes:
        """Return the bytes of a topic."""
        return self._files.topic(name)

    def catalogue(self, language: LanguageTag, name: str) -> bytes | None:
        """Return the bytes of a catalogue; one that does not belong to a topic is read once."""
        if name not in WORDS and name in self._topics:
            return self._files.catalogue(language, name)
        return self._once(self._files.catalogue, language, name)

    def listed_again(self) -> Files:
        """Return the files as they are now."""
        return self._files.listed_again()

    @cached_property
    def _topics(self) -> frozenset[str]:
        return frozenset(self.topic_names())


@dataclass(frozen=True, slots=True)
class TopicBytes:
    """The bytes of the files of one topic."""

    topic: bytes
    catalogues: Mapping[LanguageTag, bytes | None]

    @classmethod
    def of(cls, files: Files, name: str) -> "TopicBytes":
        """Read the files of a topic."""
        languages = (each for each in files.configuration.languages if each != SOURCE)
        return cls(files.topic(name), {language: files.catalogue(language, name) for language in languages})

    @property
    def digest(self) -> str:
        """The digest of all the bytes."""
        digests = {
            language: None if data is None else jsontext.digest(data)
            for language, data in self.catalogues.items()
        }
        return jsontext.digest(jsontext.dump_line([jsontext.digest(self.topic), digests]))


def folder_of(path: str) -> str:
    """Return the first part of a path that is relative to the workspace: `topics`, `locales`."""
    return path.partition("/")[0]


def topic_path(name: str) -> str:
    """Return the path of a topic, relative to the workspace."""
    return f"{TOPICS}/{name}.json"


def catalogue_path(language: LanguageTag, name: str) -> str:
    """Return the path of the catalogue of a topic or of the vocabulary, relative to the workspace."""
    return f"{LOCALES}/{posix_locale(language)}/{CATALOGUES}/{name}.po"


def parse_catalogue_path(path: str) -> tuple[str, str] | None:
    """Return the name of the language's folder and that of the catalogue; None for any other path."""
    match path.split("/"):
        case [folder, locale, catalogues, file] if (folder, catalogues) == (LOCALES, CATALOGUES):
            return locale, file.removesuffix(".po")
    return None


def vocabulary_path(name: str) -> str:
    """Return the path of the workspace's own vocabulary, relative to the workspace."""
    return f"{VOCABULARY}/{name}.json"


def glossary_path(language: LanguageTag) -> str:
    """Return the path of the workspace's own glossary, relative to the workspace."""
    return f"{LOCALES}/{posix_locale(language)}/glossary.json"


def known_words_path(language: LanguageTag) -> str:
    """Return the path of the workspace's own words that spelling accepts, relative to the workspace."""
    return f"{LOCALES}/{posix_locale(language)}/words.txt"


def packaged_vocabularies() -> dict[str, bytes]:
    """Return the packaged vocabularies as JSON text, by the name that references and problems use."""
    folder = DATA / "schema" / VOCABULARY
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return {f"schema/{VOCABULARY}/{name}": (folder / name).read_bytes() for name in names}


def packaged_catalogue(language: LanguageTag, name: str) -> bytes | None:
    """Return a packaged .po file (`vocabulary`, `interface`); None if the language has none."""
    return _packaged(catalogue_path(language, name))


def packaged_glossary(language: LanguageTag) -> bytes | None:
    """Return the packaged glossary of a language as JSON text; None if it has none."""
    return _packaged(glossary_path(language))


def _packaged(path: str) -> bytes | None:
    file = DATA.joinpath(path)
    return file.read_bytes() if file.is_file() else None
