"""What a folder knows that holds a copy of another store: where it came from, and what has reached its disk.

A publisher's own store has no such file. `pull` and `release copy` write it; it is never served.
"""

from typing import Annotated, Final, Literal

import msgspec

from healthtopics.errors import ReleaseError

COPY: Final = ".copy.json"
"""The key of the file in which a copy says that it is one."""


class Copy(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A copy of the releases of another store."""

    made_by: Literal["pull", "release copy"]
    source: str
    """The address of the service, without user and password; or the folder."""
    flushed: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?\Z")] = ""
    """The digest of the manifest whose objects have all reached the disk; empty if there is none yet."""

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
        raise ReleaseError(f"{where}: this does not say what the folder is a copy of: {error}.") from None
