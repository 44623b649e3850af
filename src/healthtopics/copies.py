"""What a folder knows that holds a copy of another store: where it came from, and what has reached its disk.

A publisher's own store has no such files. `pull` and `release copy` write them.
"""

from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal

import msgspec

from healthtopics.errors import ReleaseError

COPY: Final = ".copy.json"
"""The key of the file in which a copy says that it is one; it is never served."""
SELECTION: Final = "selection.json"
"""The file in the folder of a release that says which part of it a copy holds; without it, all of it."""


class Selection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a release: the artifacts that all members allow; an empty one allows everything."""

    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Artifacts that span languages belong to every language."""
    names: tuple[str, ...] = ()
    """Patterns of the shell, `*` including slashes."""
    index: bool = True
    """Whether `topics.sqlite` belongs to it, which only a service needs."""

    def takes(self, name: str, *, format_: str, language: str) -> bool:
        """Return whether an artifact belongs to it that is not an index."""
        return (
            (not self.formats or format_ in self.formats)
            and (not self.languages or language in ("", *self.languages))
            and (not self.names or any(fnmatchcase(name, pattern) for pattern in self.names))
        )


EVERYTHING: Final = Selection()


def parse_selection(data: bytes, where: str) -> Selection:
    """Return which part of a release a copy holds; raises ReleaseError if that cannot be understood."""
    try:
        return msgspec.json.decode(data, type=Selection)
    except msgspec.DecodeError as error:
        raise ReleaseError(
            f"{where}: this does not say which part of the release is here: {error}."
        ) from None


class Copy(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A copy of the releases of another store."""

    made_by: Literal["pull", "release copy"]
    source: str
    """The address of the service, without user and password; or the folder."""
    flushed: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?\Z")] = ""
    """The digest of the manifest whose objects have all reached the disk; empty if there is none yet."""

    precompressed: bool = False
    """Whether pulls make compressed forms of the objects."""

    def advice(self, folder: str) -> str:
        """Return what makes a damaged copy whole again."""
        if self.made_by == "pull":
            return f"Run `healthtopics pull {self.source} {folder} --verify`: it fetches damaged files again."
        return (
            f"Run `healthtopics release copy {folder}` where {self.source} is: it copies damaged files again."
        )


def parse_copy(data: bytes, where: str) -> Copy:
    """Return what a copy knows of itself; raises ReleaseError if it cannot be understood."""
    try:
        return msgspec.json.decode(data, type=Copy)
    except msgspec.DecodeError as error:
        raise ReleaseError(
            f"{where}: this does not say what the folder is a copy of: {error}. Pull or copy into the folder "
            "again, which writes the file again. A publisher's own folder has no such file: remove it there."
        ) from None
