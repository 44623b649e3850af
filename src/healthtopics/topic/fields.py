"""What a field of a topic's values says beyond its own name and type: its JSON name, its vocabulary."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias


@dataclass(frozen=True, slots=True)
class JsonName:
    """The name of the member, where it is not the field's own in camel case."""

    name: str
    stands_alone: bool = False
    """Where the object has nothing else, the document is this member's value instead of an object."""


@dataclass(frozen=True, slots=True)
class KeyOf:
    """The string is a key of this vocabulary."""

    vocabulary: str


AspectKey: TypeAlias = Annotated[str, KeyOf("aspects")]
CategoryKey: TypeAlias = Annotated[str, KeyOf("categories")]
CodeSystemKey: TypeAlias = Annotated[str, KeyOf("code-systems")]
GroupKey: TypeAlias = Annotated[str, KeyOf("groups")]
KindKey: TypeAlias = Annotated[str, KeyOf("kinds")]
LicenceKey: TypeAlias = Annotated[str, KeyOf("licences")]
NoticeKey: TypeAlias = Annotated[str, KeyOf("notices")]
OrganizationKey: TypeAlias = Annotated[str, KeyOf("organizations")]
