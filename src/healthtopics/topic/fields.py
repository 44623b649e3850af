"""Annotations for fields of a topic's values: the JSON name and the vocabulary."""

from dataclasses import dataclass
from typing import Annotated, TypeAlias


@dataclass(frozen=True, slots=True)
class JsonName:
    """The name of the member, if it is not the field's name in camel case."""

    name: str
    stands_alone: bool = False
    """Whether the document is this member's value instead of an object if there are no other members."""


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
UrgencyKey: TypeAlias = Annotated[str, KeyOf("urgencies")]
