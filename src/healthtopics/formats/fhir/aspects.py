"""Reads the aspects of the sections of a FHIR document without reading the rest of it."""

import msgspec


class _Coding(msgspec.Struct):
    code: str = ""


class _Concept(msgspec.Struct):
    coding: list[_Coding] = []


class _Section(msgspec.Struct):
    id: str = ""
    code: _Concept = msgspec.field(default_factory=_Concept)
    section: list["_Section"] = []


class _Resource(msgspec.Struct):
    section: list[_Section] = []


class _Entry(msgspec.Struct):
    resource: _Resource


class _Document(msgspec.Struct):
    entry: list[_Entry] = []


def read_aspects(data: bytes) -> dict[str, str]:
    """Return the aspect of each section of an edition, by the id of the section."""
    document = msgspec.json.decode(data, type=_Document)
    parts = (part for entry in document.entry for part in entry.resource.section)
    return {
        each.id: each.code.coding[0].code
        for part in parts
        for each in part.section
        if each.id and each.code.coding
    }
