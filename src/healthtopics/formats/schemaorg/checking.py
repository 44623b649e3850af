"""Check schema.org JSON-LD against the terms that we emit; `terms.json` has the facts about them.

A term that the table lacks is unknown. It works on the JSON tree, not on triples: processors drop
what is invalid without a word, and the tree still has it. No network, no context is ever loaded.
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from healthtopics import markup
from healthtopics.language import SOURCE, LanguageTag, parse_language
from healthtopics.problems import Problem, pointer_to

Document = Mapping[str, Any]
Place: TypeAlias = "tuple[Place, str | int] | None"
"""The way from the root, innermost step last; a pointer is only made of it where there is a problem."""

_SCHEMA: Final = "https://schema.org/"
_CONTEXTS: Final = ("https://schema.org", "https://schema.org/", "http://schema.org", "http://schema.org/")
_MEMBER: Final = re.compile(r"https?://schema\.org/(.*)", re.DOTALL)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?")

CHECKS: Final = (
    "schemaorg-context",
    "schemaorg-dangling-id",
    "schemaorg-date",
    "schemaorg-domain",
    "schemaorg-duplicate-id",
    "schemaorg-id",
    "schemaorg-language",
    "schemaorg-list-item",
    "schemaorg-question",
    "schemaorg-range",
    "schemaorg-reciprocity",
    "schemaorg-superseded",
    "schemaorg-unknown-term",
    "schemaorg-url",
)
"""Every check of this module."""

_SINGLE: Final = frozenset(
    {"codeValue", "codingSystem", "dateModified", "datePublished", "headline", "inLanguage", "name"}
    | {"numberOfItems", "position", "text", "url"}
)
"""Properties that have one value: two nodes of one @id that differ here contradict each other."""


@dataclass(frozen=True)
class _Property:
    """What the vocabulary says of a property, ready for the walk."""

    name: str
    domain: frozenset[str]
    range: frozenset[str]
    superseded_by: tuple[str, ...]
    members: frozenset[str]
    """The members of the enumerations in its range."""

    @cached_property
    def takes_any_string(self) -> bool:
        return "Text" in self.range and not self.members and self.name != "inLanguage"


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    ancestors: Mapping[str, frozenset[str]]
    """Class → itself and all its superclasses."""
    properties: Mapping[str, _Property]


@cache
def _vocabulary() -> _Vocabulary:
    facts = json.loads((resources.files(__package__) / "terms.json").read_bytes())
    classes = {name: each["subClassOf"] for name, each in facts["classes"].items()}

    def ancestors(name: str) -> frozenset[str]:
        return frozenset({name}).union(*map(ancestors, classes[name]))

    return _Vocabulary(
        {name: ancestors(name) for name in classes},
        {
            name: _Property(
                name,
                frozenset(each["domain"]),
                frozenset(each["range"]),
                tuple(each.get("supersededBy", ())),
                frozenset(
                    member
                    for enumeration in each["range"]
                    for member in facts["enumerations"].get(enumeration, ())
                ),
            )
            for name, each in facts["properties"].items()
        },
    )


def check_document(document: Document, path: str) -> list[Problem]:
    """Return all that is wrong with a document: one tree, or several in a root `@graph`.

    `path` names the document in the problems. It is made of plain dicts and lists, as a parser gives them.
    """
    walk = _Walk(path, _vocabulary())
    if "@graph" not in document:
        walk.visit_root(document, None)
    else:
        for name in document.keys() - {"@context", "@graph"}:
            walk.find("unknown-term", (None, name), f"{name!r} may not stand beside @graph.")
        for index, node in enumerate(_values(document["@graph"])):
            walk.visit_root(node, ((None, "@graph"), index))
    walk.check_context(document.get("@context"))
    walk.check_references()
    return walk.problems


def _values(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pointer(place: Place) -> str:
    steps: list[str | int] = []
    while place:
        place, step = place
        steps.append(step)
    return pointer_to(*reversed(steps))


@dataclass(slots=True)
class _Described:
    """What the nodes of one @id say together."""

    types: frozenset[str]
    single: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    path: str
    vocabulary: _Vocabulary
    problems: list[Problem] = field(default_factory=list)
    described: dict[str, _Described] = field(default_factory=dict)
    references: list[tuple[str, _Property, Place]] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    """Where the roots live."""

    def find(self, rule: str, place: Place, message: str, hint: str = "", term: str = "") -> None:
        self.problems.append(
            Problem(
                check=f"schemaorg-{rule}",
                path=self.path,
                pointer=_pointer(place),
                message=message,
                hint=hint,
                spec=f"{_SCHEMA}{term}" if term else "",
            )
        )

    def check_context(self, context: object) -> None:
        place: Place = (None, "@context")
        for each in _values(context):
            if isinstance(each, dict):
                if "@language" in each:
                    message = "@language in the context tags every string, codes and URLs included."
                    self.find("language", place, message, "Say inLanguage on the nodes instead.")
                if each.get("@vocab") in _CONTEXTS:
                    continue
            elif each in _CONTEXTS:
                continue
            message = f"{json.dumps(each)} does not give the terms of schema.org."
            self.find("context", place, message, 'Write "https://schema.org".')

    def visit_root(self, node: object, place: Place) -> None:
        if not isinstance(node, dict):
            self.find("range", place, f"{json.dumps(node)} is no node.", "Put an object here.")
            return
        types = self._visit_node(node, place, is_root=True)
        address = node.get("@id")
        if address is None:
            self.find("id", place, "the document's own node has no @id.", "Give the page's canonical URL.")
        elif "WebPage" in types and node.get("url", address) != address:
            message = f"@id {address!r} and url {node['url']!r} differ."
            self.find("id", (place, "@id"), message, "A page is identified by its URL.", "url")
        if _is_address(address):
            self.hosts.add(urlsplit(str(address)).netloc)

    def _types(self, node: Document, place: Place) -> frozenset[str]:
        types: frozenset[str] = frozenset()
        names = _values(node.get("@type", []))
        if not names:
            self.find("unknown-term", place, "the node has no @type.", "Say what it is.")
        for name in names:
            known = self.vocabulary.ancestors.get(name) if isinstance(name, str) else None
            if known is None:
                self.find(
                    "unknown-term",
                    (place, "@type"),
                    f"{json.dumps(name, ensure_ascii=False)} is no type that we know.",
                    _suggest(str(name), self.vocabulary.ancestors),
                )
            else:
                types |= known
        return types

    def _visit_node(self, node: Document, place: Place, *, is_root: bool = False) -> frozenset[str]:
        types = self._types(node, place)
        for name, value in node.items():
            known = self.vocabulary.properties.get(name)
            if known is None:
                self._visit_other(name, value, (place, name), is_root=is_root)
                continue
            if known.superseded_by or (types and types.isdisjoint(known.domain)):
                self._refuse_property(known, types, (place, name))
            if isinstance(value, str) and known.takes_any_string:
                continue
            if isinstance(value, list):
                for index, each in enumerate(value):
                    self._visit_value(known, each, ((place, name), index))
            else:
                self._visit_value(known, value, (place, name))
        if "ListItem" in types:
            self._check_list_item(node, place)
        elif "ItemList" in types:
            self._check_item_list(node, place)
        elif "Question" in types and not (
            "name" in node and node.keys() & {"acceptedAnswer", "suggestedAnswer"}
        ):
            hint = "Give name, and acceptedAnswer or suggestedAnswer."
            self.find("question", place, "a Question without its words or its answer.", hint, "Question")
        self._describe(node, types, place)
        return types

    def _refuse_property(self, known: _Property, types: frozenset[str], place: Place) -> None:
        if known.superseded_by:
            successors = _either(known.superseded_by)
            message = f"{known.name!r} is superseded by {successors}."
            self.find("superseded", place, message, f"Use {successors}.", known.name)
        if types and types.isdisjoint(known.domain):
            hint = f"It belongs to {_either(known.domain)}."
            self.find("domain", place, f"{known.name!r} does not belong to this type.", hint, known.name)

    def _visit_other(self, name: str, value: object, place: Place, *, is_root: bool) -> None:
        if name == "@id":
            if not _is_address(value):
                message = f"{json.dumps(value, ensure_ascii=False)} is no absolute http(s) address."
                self.find("id", place, message, "Processors drop or bend such a node without a word.")
        elif not (name == "@type" or (is_root and name == "@context")):
            hint = _suggest(name, self.vocabulary.properties)
            self.find("unknown-term", place, f"{name!r} is no property that we know.", hint)

    def _visit_value(self, known: _Property, value: object, place: Place) -> None:
        if isinstance(value, str):
            self._visit_string(known, value, place)
        elif isinstance(value, dict):
            if "@value" in value:
                self._visit_value_object(known, value, place)
            elif value.keys() == {"@id"}:
                self._visit_reference(known, value["@id"], place)
            else:
                types = self._visit_node(value, place)
                if types and types.isdisjoint(known.range):
                    self._refuse(known, " and ".join(map(str, _values(value["@type"]))), place)
        else:
            if isinstance(value, bool):
                datatypes = {"Boolean"}
            elif isinstance(value, int):
                datatypes = {"Integer", "Number"}
            else:
                datatypes = {"Number"} if isinstance(value, float) else set()
            if known.range.isdisjoint(datatypes):
                self._refuse(known, json.dumps(value), place)

    def _refuse(self, known: _Property, what: str, place: Place) -> None:
        hint = f"It takes {_either(known.range)}."
        if known.members:
            hint = f"{hint[:-1]}, as the member's URL: “{_SCHEMA}{min(known.members)}”."
        self.find("range", place, f"{known.name!r} does not take {what}.", hint, known.name)

    def _visit_string(self, known: _Property, value: str, place: Place) -> None:
        member = _MEMBER.fullmatch(value) if known.members else None
        if member:
            if member[1] not in known.members:
                hint = _suggest(member[1], known.members)
                self.find("unknown-term", place, f"{value!r} is no member that we know.", hint, known.name)
        elif known.name == "inLanguage":
            self._check_language(value, place)
        elif known.takes_any_string:
            return
        elif "URL" in known.range:
            if not _is_address(value):
                message = f"{value!r} is no absolute http(s) address."
                self.find("url", place, message, "Percent-encode what a URL may not hold.", known.name)
        elif known.range & {"Date", "DateTime"}:
            if not (_is_day(value) or ("DateTime" in known.range and _is_instant(value))):
                hint = f"Write it as ISO 8601 has it, as {_either(known.range)}."
                self.find("date", place, f"{value!r} is no such date.", hint, known.name)
        else:
            self._refuse(known, f"the string {value!r}", place)

    def _check_language(self, value: object, place: Place) -> None:
        try:
            parse_language(str(value))
        except ValueError as error:
            self.find("language", place, str(error), "Use the BCP 47 tag.", "inLanguage")

    def _visit_value_object(self, known: _Property, value: Document, place: Place) -> None:
        if not (isinstance(value["@value"], str) and "Text" in known.range):
            self._refuse(known, f"the value object {json.dumps(value, ensure_ascii=False)}", place)
        if "@language" in value:
            self._check_language(value["@language"], (place, "@language"))
        for name in value.keys() - {"@value", "@language"}:
            self.find("unknown-term", (place, name), f"{name!r} does not belong into a value object.")

    def _visit_reference(self, known: _Property, target: object, place: Place) -> None:
        if isinstance(target, str) and known.members and _MEMBER.fullmatch(target):
            self._visit_string(known, target, (place, "@id"))
            return
        self._visit_other("@id", target, (place, "@id"), is_root=False)
        if _is_address(target):
            self.references.append((str(target), known, place))

    def _check_list_item(self, node: Document, place: Place) -> None:
        item = node.get("item")
        is_named = "name" in node or (isinstance(item, dict) and "name" in item)
        if not (is_named and "position" in node):
            message = "a ListItem without position or name."
            hint = "Give position, and name here or on the item."
            self.find("list-item", place, message, hint, "ListItem")

    def _check_item_list(self, node: Document, place: Place) -> None:
        items = [each for each in _values(node.get("itemListElement", [])) if isinstance(each, dict)]
        number = node.get("numberOfItems", len(items))
        if number != len(items):
            message = f"numberOfItems is {number}, and the list has {len(items)}."
            self.find("list-item", (place, "numberOfItems"), message, "Count again.", "numberOfItems")
        positions = [each["position"] for each in items if "position" in each]
        if positions != list(range(1, len(positions) + 1)):
            message = f"the positions are {positions}."
            self.find("list-item", place, message, "Number the items 1, 2, 3 …", "position")

    def _describe(self, node: Document, types: frozenset[str], place: Place) -> None:
        address = node.get("@id")
        if not isinstance(address, str):
            return
        described = self.described.setdefault(address, _Described(types))
        described.types |= types
        for name in _SINGLE & node.keys():
            if name == "name" and "CreativeWork" in types:
                continue  # a work may be cited by more than one title
            known = described.single.setdefault(name, node[name])
            if known != node[name]:
                message = (
                    f"{address!r} has {name} {known!r} elsewhere in the document, and {node[name]!r} here."
                )
                self.find("duplicate-id", (place, name), message, "One @id is one thing.", name)

    def check_references(self) -> None:
        """Hold references against the nodes that they name, once all are known."""
        for target, known, place in self.references:
            described = self.described.get(target)
            if described is None:
                address = urlsplit(target)
                if address.fragment or address.netloc in self.hosts:
                    message = f"{target!r} is described nowhere in the document."
                    self.find("dangling-id", (place, "@id"), message, "Describe it, or mend the reference.")
            elif described.types and described.types.isdisjoint(known.range):
                self._refuse(known, f"what {target!r} is", place)


def _suggest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else "The table of terms has what we emit."


def _either(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


def _is_address(value: object) -> bool:
    return isinstance(value, str) and bool(markup.URL.fullmatch(value))


def _is_day(value: str) -> bool:
    return _parses(_DAY, date, value)


def _is_instant(value: str) -> bool:
    return _parses(_INSTANT, datetime, value)


def _parses(form: re.Pattern[str], kind: type[date], value: str) -> bool:
    try:
        return bool(form.fullmatch(value) and kind.fromisoformat(value))
    except ValueError:
        return False


def check_reciprocity(documents: Mapping[LanguageTag, Document], path: str) -> list[Problem]:
    """Return where the editions of one topic disagree: which page translates which, and what they are about.

    `documents` holds each edition that was made from the same state of the topic, valid under the public
    schema; without one in the source language there is nothing to compare. Pointers lead into the document
    that the message names first.
    """
    original = documents.get(SOURCE)
    if original is None:
        return []
    return [
        Problem(
            check="schemaorg-reciprocity",
            path=path,
            pointer=pointer,
            message=message,
            hint="Editions come from one topic: export them together.",
            spec=f"{_SCHEMA}{term}",
        )
        for language, translation in documents.items()
        if language != SOURCE
        for pointer, message, term in _disagreements(original, translation, language)
    ]


def _disagreements(
    original: Document, translation: Document, language: LanguageTag
) -> Iterator[tuple[str, str, str]]:
    """Yield pointer, message and term."""
    if _card(translation) not in [_card(each) for each in _values(original.get("workTranslation", []))]:
        message = f"the {SOURCE} document does not name the {language} page as its translation."
        yield pointer_to("workTranslation"), message, "workTranslation"
    if _card(translation.get("translationOfWork", {})) != _card(original):
        message = f"the {language} document does not name the {SOURCE} page as its original."
        yield pointer_to("translationOfWork"), message, "translationOfWork"
    for name in ("@id", "@type", "code"):
        mine, theirs = (each.get("about", {}).get(name) for each in (translation, original))
        if mine != theirs:
            message = f"the {language} document is about {mine!r}, the {SOURCE} one about {theirs!r}."
            yield pointer_to("about", name), message, "about"
    aspects = _aspects(original)
    for section, aspect in _aspects(translation).items():
        if section in aspects and aspects[section] != aspect:
            message = f"section {section!r}: {aspect!r} in {language}, {aspects[section]!r} in {SOURCE}."
            yield pointer_to("hasPart"), message, "hasHealthAspect"
    yield from _unpaired_items(original, translation, language)


def _unpaired_items(
    original: Document, translation: Document, language: LanguageTag
) -> Iterator[tuple[str, str, str]]:
    theirs, mine = _twins(original, "workTranslation"), _twins(translation, "translationOfWork")
    for page, (pointer, originals) in mine.items():
        for each in originals:
            if each in theirs and page not in theirs[each][1]:
                message = (
                    f"the {language} document says {page!r} translates {each!r}, the {SOURCE} one does not."
                )
                yield pointer, message, "translationOfWork"
    for page, (pointer, translations) in theirs.items():
        for each in translations:
            if each in mine and page not in mine[each][1]:
                message = (
                    f"the {SOURCE} document says {each!r} translates {page!r}, the {language} one does not."
                )
                yield pointer, message, "workTranslation"


def _card(page: Document) -> tuple[object, ...]:
    name = page.get("name")
    words = name.get("@value") if isinstance(name, dict) else name
    return page.get("@id"), words, page.get("inLanguage")


def _aspects(document: Document) -> dict[str, object]:
    """Return the aspect of each section by the section's key."""
    return {
        part["@id"].rpartition("#")[2]: part.get("hasHealthAspect")
        for part in document.get("hasPart", [])
        if part.get("@type") == "HealthTopicContent"
    }


def _twins(document: Document, term: str) -> dict[str, tuple[str, set[str]]]:
    """Return for each linked page where it stands first, and every page that `term` names there."""
    found: dict[str, tuple[str, set[str]]] = {}
    for part, element in enumerate(document.get("hasPart", [])):
        for index, listed in enumerate(element.get("mainEntity", {}).get("itemListElement", [])):
            item = listed["item"]
            pointer = pointer_to("hasPart", part, "mainEntity", "itemListElement", index, "item")
            named = {each["@id"] for each in _values(item.get(term, []))}
            found.setdefault(item["@id"], (pointer, set()))[1].update(named)
    return found
