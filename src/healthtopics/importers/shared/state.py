"""The state that an import stores for the next one: assigned ids, and digests of offers.

The state of a topic is some kilobytes, so that of a large collection is kept in a file that is passed in.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, Final

from healthtopics import jsontext
from healthtopics.errors import ImportDataError
from healthtopics.jsontext import JsonObject
from healthtopics.validation.public import compiled

_HINT: Final = "Restore the file from a copy. Without it, everything imported counts as local work."


@dataclass(frozen=True, slots=True)
class GivenIds:
    """The ids that the last import assigned within a topic: they stay, whatever was edited since."""

    sections: Sequence[tuple[str, str]] = ()
    """(heading, id), in order."""
    links: Sequence[tuple[Sequence[str], str]] = ()
    """(marks of the addresses, id), in order; see `mark_of`."""

    @classmethod
    def known(cls, state: Mapping[str, Any]) -> "GivenIds":
        """Return those in the state of a topic; empty if the state is."""
        return cls(state.get("sections", ()), state.get("links", ()))

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "GivenIds":
        """Return those of an offered document."""
        return cls(
            [(heading_of(each), each["id"]) for each in document.get("sections", ())],
            [
                ([mark_of(tag, url) for tag, url in each["links"].items()], each["id"])
                for each in document.get("resources", ())
            ],
        )


def heading_of(section: Mapping[str, Any]) -> str:
    """Return the heading of a section of a topic's document; empty if it has none."""
    heading = section.get("heading", "")
    return str(heading["text"] if isinstance(heading, Mapping) else heading)


def mark_of(language: str, url: str) -> str:
    """Return a digest of an address in a language: 12 hex digits."""
    return jsontext.digest(f"{language} {url}".encode())[:12]


@dataclass(frozen=True, slots=True)
class _Stored:
    """The place of a topic's state in the spool, and the members that are needed without reading it."""

    id: str
    is_withdrawn: bool
    offset: int
    length: int


class TopicStates(MutableMapping[str, JsonObject]):
    """The states of topics by their keys in the collection.

    `id`, `created`, `withdrawn`, `inputs`, `parts` (see `merging`), `sections` and `links` (see `GivenIds`),
    the counts of the report, and the importer's own members. Each is read from the spool when needed;
    changing what was read has no effect here.
    """

    def __init__(self, spool: IO[bytes], stored: Mapping[str, _Stored] | None = None) -> None:
        self._spool = spool
        self._stored = dict(stored or {})

    def copy(self) -> "TopicStates":
        """Return a separate mapping that shares the spool."""
        return TopicStates(self._spool, self._stored)

    def take_back(self, key: str, earlier: "TopicStates") -> None:
        """Restore the state that a topic had in `earlier`, or none; both share the spool."""
        self._stored.pop(key, None)
        if key in earlier:
            self._stored[key] = earlier._stored[key]  # noqa: SLF001 - of this class

    def ids(self) -> Iterator[tuple[str, str]]:
        """Yield each key with the id of the topic."""
        return ((key, stored.id) for key, stored in self._stored.items())

    def id_of(self, key: str) -> str | None:
        """Return the id of a topic by its key; None if it is not known."""
        stored = self._stored.get(key)
        return stored.id if stored else None

    def living(self) -> set[str]:
        """Return the keys of the topics that have not been withdrawn."""
        return {key for key, stored in self._stored.items() if not stored.is_withdrawn}

    def __getitem__(self, key: str) -> JsonObject:
        document: JsonObject = jsontext.load(self._bytes(self._stored[key]))
        return document

    def __setitem__(self, key: str, document: JsonObject) -> None:
        data = jsontext.dump(document).rstrip()
        offset = self._spool.seek(0, 2)
        self._spool.write(data)
        self._stored[key] = _Stored(document["id"], bool(document.get("withdrawn")), offset, length=len(data))

    def __delitem__(self, key: str) -> None:
        del self._stored[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def _bytes(self, stored: _Stored) -> bytes:
        self._spool.seek(stored.offset)
        return self._spool.read(stored.length)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Yield each key with the JSON text of its state, in the order of the ids of the topics."""
        for key, stored in sorted(self._stored.items(), key=lambda item: item[1].id):
            yield key, self._bytes(stored)


@dataclass(slots=True)
class ImportState:
    """The state for the next import once this one is done."""

    generated: str
    """The day of the last file, YYYY-MM-DD; empty before the first import."""
    topics: TopicStates
    names: dict[str, str]
    """`vocabulary/name` → key."""
    vocabularies: dict[str, dict[str, str]]
    """Vocabulary → offered parts."""

    @classmethod
    def read(cls, data: bytes | None, path: str, check: str, spool: IO[bytes]) -> "ImportState":
        """Read the file of the last import; None before the first one.

        The states of the topics are written to `spool`, which must be able to seek.
        Raises JsonTextError, or ImportDataError with the id `check` if the file is damaged.
        """
        state = cls("", TopicStates(spool), {}, {})
        if data is None:
            return state
        document = jsontext.parse(data, path)
        problems = compiled("import-state.schema.json").problems(document, path, check)
        if problems:
            raise ImportDataError([replace(each, hint=_HINT) for each in problems])
        state.generated = document["source"]["generated"]
        state.topics.update(document["topics"])
        state.names = document["names"]
        state.vocabularies = document["vocabularies"]
        return state

    def following(self, day: str) -> "ImportState":
        """Return the initial state for an import of a file of this day."""
        return ImportState(day, self.topics.copy(), dict(self.names), dict(self.vocabularies))

    def chunks(self) -> Iterator[bytes]:
        """Yield the text of the file, topic by topic in the order of their ids."""
        head = jsontext.dump({"source": {"generated": self.generated}, "topics": {}})
        yield head.removesuffix(b"{}\n}\n")
        lead = b"{"
        for key, text in self.topics.texts():
            yield lead + b"\n    " + jsontext.canonical(key) + b": " + text.replace(b"\n", b"\n    ")
            lead = b","
        yield b"{}," if lead == b"{" else b"\n  },"
        tail = {
            "names": dict(sorted(self.names.items())),
            "vocabularies": dict(sorted(self.vocabularies.items())),
        }
        yield jsontext.dump(tail).removeprefix(b"{")
