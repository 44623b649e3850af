"""The controlled vocabularies as values: what can be referred to by key. No files, no languages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from healthtopics.jsontext import Document
from healthtopics.problems import pointer_to


@dataclass(frozen=True, slots=True)
class VocabularyEntry:
    """One entry as its author wrote it."""

    document: Document
    path: str
    """The file of the entry."""
    pointer: str = ""
    """Its place in the file, a JSON pointer."""

    @property
    def name(self) -> str:
        """The label as its author wrote it; for an organization, its own name."""
        label = self.document.get("label") or self.document["name"]
        return str(label["text"] if isinstance(label, Mapping) else label)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All vocabularies together, a workspace's entries merged over the packaged ones."""

    titles: Mapping[str, VocabularyEntry]
    """Vocabulary → an object with its `title`."""
    entries: Mapping[str, Mapping[str, VocabularyEntry]]
    """Vocabulary → key → entry, in the order of the exports."""
    _ranks: dict[str, dict[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def merge(cls, documents: Iterable[tuple[str, Document]]) -> "Vocabulary":
        """Merge (path, document) pairs.

        Of two entries with one key the later one wins, in the first one's place.
        """
        titles: dict[str, VocabularyEntry] = {}
        entries: dict[str, dict[str, VocabularyEntry]] = {}
        for path, document in documents:
            titles.setdefault(document["id"], VocabularyEntry({"title": document["title"]}, path))
            known = entries.setdefault(document["id"], {})
            for index, entry in enumerate(document["entries"]):
                known[entry["id"]] = VocabularyEntry(entry, path, pointer_to("entries", index))
        return cls(titles, entries)

    def has(self, vocabulary: str, key: str) -> bool:
        """Return whether the vocabulary has an entry with that key."""
        return key in self.entries.get(vocabulary, {})

    def keys(self, vocabulary: str) -> list[str]:
        """Return the keys of a vocabulary in its order; empty for an unknown one."""
        return list(self.entries.get(vocabulary, {}))

    def ranks(self, vocabulary: str) -> Mapping[str, int]:
        """Return the position of every key in its vocabulary."""
        if vocabulary not in self._ranks:
            self._ranks[vocabulary] = {key: rank for rank, key in enumerate(self.keys(vocabulary))}
        return self._ranks[vocabulary]

    def above(self, organization: str) -> list[str]:
        """Return the organizations that this one is part of, nearest first; a cycle is followed only once."""
        entries = self.entries["organizations"]
        found: list[str] = []
        key = organization
        while key in entries and (parent := entries[key].document.get("parent")) and parent not in found:
            found.append(parent)
            key = parent
        return found

    def walk(self) -> Iterator[tuple[str, VocabularyEntry]]:
        """Yield every entry with the id of its vocabulary."""
        for vocabulary, entries in self.entries.items():
            for entry in entries.values():
                yield vocabulary, entry
