"""Valid documents with one defect each, and who must catch it.

The first kind is a defect in one document; the second in how the editions of a topic refer to one another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

Document = dict[str, Any]

SCHEMA: Final = "public-schema"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect."""

    name: str
    change: Callable[[Document], object]
    """Puts the defect into a document."""
    caught_by: frozenset[str]
    """The tools of others that must find it, and no others do."""
    check: str
    """Our own check that must find it."""


@dataclass(frozen=True, slots=True)
class PairMutant:
    """One defect between an English document and its Spanish one; SHACL on both together must find it."""

    name: str
    change: Callable[[Document, Document], object]
    check: str


def _section(document: Document) -> Document:
    return next(part for part in document["hasPart"] if "hasHealthAspect" in part)


def _list(document: Document) -> Document:
    return next(part["mainEntity"] for part in document["hasPart"] if part["@type"] == "WebPageElement")


def _item(document: Document) -> Document:
    item: Document = _list(document)["itemListElement"][0]
    return item


def _code(document: Document) -> Document:
    code: Document = document["about"]["code"][0]
    return code


def _mutant(name: str, change: Callable[[Document], object], caught_by: str, check: str) -> Mutant:
    return Mutant(name, change, frozenset(caught_by.split()), check)


MUTANTS: Final = (
    _mutant("missing type", lambda d: _section(d).pop("@type"), "pyshacl", SCHEMA),
    _mutant(
        "unknown type",
        lambda d: _section(d).update({"@type": "HealthTopicSection"}),
        "schema-dts adobe pyshacl",
        SCHEMA,
    ),
    _mutant(
        "space in the type",
        lambda d: d.update({"@type": "MedicalWebPage "}),
        "schema-dts adobe pyshacl jsonld.js",
        SCHEMA,
    ),
    _mutant(
        "no type in the list",
        lambda d: _section(d).update({"@type": []}),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "unknown property",
        lambda d: d["about"].update(alsoCalled="Name"),
        "schema-dts adobe pyshacl",
        SCHEMA,
    ),
    _mutant(
        "property in the wrong case",
        lambda d: _section(d).update(inlanguage="en"),
        "schema-dts adobe pyshacl",
        SCHEMA,
    ),
    _mutant(
        "unknown enumeration member",
        lambda d: _section(d).update(hasHealthAspect="https://schema.org/DiagnosisHealthAspect"),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "enumeration member by its bare name",
        lambda d: _section(d).update(hasHealthAspect="OverviewHealthAspect"),
        "pyshacl",
        SCHEMA,
    ),
    _mutant(
        "enumeration member by a relative address",
        lambda d: _section(d).update(hasHealthAspect={"@id": "OverviewHealthAspect"}),
        "pyshacl jsonld.js",
        SCHEMA,
    ),
    _mutant(
        "wrong range: another class",
        lambda d: d.update(publisher={"@type": "MedicalCondition", "name": "Name"}),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "wrong range: a string for a node",
        lambda d: d["about"].update(code="D000022"),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "wrong range: a string for true",
        lambda d: d.update(isAccessibleForFree="yes"),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "wrong range: a word for a number",
        lambda d: _list(d).update(numberOfItems="two"),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "wrong range: a number for text",
        lambda d: _code(d).update(codeValue=22),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant("wrong range: null", lambda d: _code(d).update(codeValue=None), "schema-dts", SCHEMA),
    _mutant(
        "wrong reference type",
        lambda d: d.update(publisher={"@id": d["about"]["@id"]}),
        "pyshacl",
        SCHEMA,
    ),
    _mutant(
        "wrong domain",
        lambda d: d.update(hasHealthAspect="https://schema.org/OverviewHealthAspect"),
        "schema-dts adobe pyshacl",
        SCHEMA,
    ),
    _mutant(
        "language where none belongs",
        lambda d: d["about"].update(inLanguage="en"),
        "schema-dts adobe pyshacl",
        SCHEMA,
    ),
    _mutant("superseded term: aspect", lambda d: d.update(aspect="Overview"), "pyshacl", SCHEMA),
    _mutant(
        "superseded term: significantLinks",
        lambda d: d.update(significantLinks="https://example.org/"),
        "pyshacl",
        SCHEMA,
    ),
    _mutant("bad URL: words", lambda d: d.update(license="Public domain"), "jsonld.js", SCHEMA),
    _mutant(
        "bad URL: a space",
        lambda d: d.update(relatedLink=["https://example.org/a b"]),
        "jsonld.js",
        SCHEMA,
    ),
    _mutant("bad URL: relative", lambda d: d.update(relatedLink=["asthma.html"]), "jsonld.js", SCHEMA),
    _mutant(
        "bad @id: relative",
        lambda d: _item(d)["item"].update({"@id": "asthma.html"}),
        "jsonld.js",
        SCHEMA,
    ),
    _mutant(
        "bad @id: a space",
        lambda d: _item(d)["item"].update({"@id": "https://example.org/a b"}),
        "jsonld.js",
        SCHEMA,
    ),
    _mutant("bad date: US form", lambda d: d.update(dateModified="05/06/2024"), "pyshacl", SCHEMA),
    _mutant("bad date: no such day", lambda d: d.update(dateModified="2026-02-30"), "pyshacl", SCHEMA),
    _mutant(
        "bad date: a moment for a day",
        lambda d: d.update(lastReviewed="2026-11-20T12:00:00Z"),
        "pyshacl",
        SCHEMA,
    ),
    # schema-dts notices that the names of the document are then in another language than the document.
    _mutant("wrong language: a name", lambda d: d.update(inLanguage="english"), "icu schema-dts", SCHEMA),
    _mutant(
        "wrong language: a POSIX locale", lambda d: d.update(inLanguage="es_US"), "icu schema-dts", SCHEMA
    ),
    _mutant(
        "language map",
        lambda d: d["about"].update(name={"en": "Name", "es": "Nombre"}),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "language in the context",
        lambda d: d.update({"@context": {"@vocab": "http://schema.org/", "@language": "en"}}),
        "schema-dts pyshacl",
        SCHEMA,
    ),
    _mutant(
        "foreign context",
        lambda d: d.update({"@context": "https://example.org/"}),
        "schema-dts pyshacl jsonld.js",
        SCHEMA,
    ),
    _mutant("list item without a position", lambda d: _item(d).pop("position"), "adobe", SCHEMA),
    _mutant("list item without a name", lambda d: _item(d)["item"].pop("name"), "adobe", SCHEMA),
    _mutant("wrong count", lambda d: _list(d).update(numberOfItems=99), "pyshacl", "schemaorg-list-item"),
    _mutant(
        "one @id, two things",
        lambda d: _section(d).update({"@id": d["@id"], "url": d["@id"], "headline": "Another"}),
        "pyshacl",
        "schemaorg-duplicate-id",
    ),
    _mutant(
        "reference to nothing",
        lambda d: _section(d).update(about={"@id": f"{d['about']['@id']}s"}),
        "pyshacl",
        "schemaorg-dangling-id",
    ),
)
"""Defects in one document."""


def _twin(document: Document, term: str) -> Document:
    """Return a linked page that names its twin in the other language."""
    return next(
        listed["item"]
        for part in document["hasPart"]
        for listed in part.get("mainEntity", {}).get("itemListElement", [])
        if term in listed["item"]
    )


PAIR_MUTANTS: Final = tuple(
    PairMutant(name, change, "schemaorg-reciprocity")
    for name, change in (
        ("original names no translation", lambda en, _: en.pop("workTranslation")),
        ("translation names no original", lambda _, es: es.pop("translationOfWork")),
        (
            "translation names itself",
            lambda _, es: es.update(
                translationOfWork={**es["translationOfWork"], "@id": es["@id"], "url": es["@id"]}
            ),
        ),
        ("original without an @id", lambda en, _: en.pop("@id")),
        ("translation in the wrong language", lambda _, es: es.update(inLanguage="en")),
        ("another subject", lambda _, es: es["about"].update({"@id": f"{es['about']['@id']}s"})),
        (
            "linked page names no original",
            lambda _, es: _twin(es, "translationOfWork").pop("translationOfWork"),
        ),
        (
            "linked page names no translation",
            lambda en, _: _twin(en, "workTranslation").pop("workTranslation"),
        ),
    )
)
"""Defects between the editions of a topic."""
