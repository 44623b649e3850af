"""The rules of FHIR documents that no public tool checks in full, over plain JSON. No network, no files.

What the standard's JSON Schema can say (unknown elements, types) is left to the public schemas.
Every problem of a document is reported, with a pointer to its place.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache
from typing import Any, Final, TypeAlias

from healthtopics import jsontext
from healthtopics.formats.fhir.checking.facts import (
    BINARY,
    CODES,
    CONCEPT_PROPERTIES,
    DATE_TIME,
    DATE_TIMES,
    INSTANTS,
    NAME,
    NARRATIVE_STATUS,
    NO_URIS,
    PAGING,
    REFERENCE,
    RELATIONS_R5,
    RELATIONS_SYSTEM,
    REQUIRED,
    RESOURCE_ID,
    TARGETS,
    TYPES,
    URI,
    VERSION,
    Version,
)
from healthtopics.formats.fhir.checking.narrative import read_narrative
from healthtopics.language import SOURCE, parse_language
from healthtopics.markup import URL
from healthtopics.problems import Level, Problem, pointer_to

Steps: TypeAlias = "tuple[()] | tuple[Steps, str | int]"
"""A place in a document: nothing for its root, else the place above and a key or index."""

_JUDGED_STRINGS: Final = frozenset({"language", "id", "system", "url", *DATE_TIMES, *INSTANTS, *BINARY})
"""The names of the strings that some rule is about, besides coded ones."""

CHECKS: Final[Mapping[str, str]] = {
    "fhir-base64": "datatypes.html#base64Binary",
    "fhir-bundle-element": "bundle.html",
    "fhir-bundle-identifier": "bundle.html",
    "fhir-bundle-timestamp": "bundle.html",
    "fhir-code": "terminologies.html",
    "fhir-code-system-concept": "codesystem.html",
    "fhir-composition-first": "documents.html",
    "fhir-contained": "domainresource.html",
    "fhir-date": "datatypes.html#dateTime",
    "fhir-duplicate-full-url": "bundle.html",
    "fhir-empty": "json.html",
    "fhir-extension": "extensibility.html",
    "fhir-full-url": "bundle.html",
    "fhir-id": "resource.html",
    "fhir-invariant": "conformance-rules.html",
    "fhir-language": "languages.html",
    "fhir-link-identifier": "",
    "fhir-narrative-attribute": "narrative.html",
    "fhir-narrative-element": "narrative.html",
    "fhir-narrative-empty": "narrative.html",
    "fhir-narrative-href": "narrative.html",
    "fhir-narrative-ill-formed": "narrative.html",
    "fhir-narrative-language": "narrative.html",
    "fhir-narrative-missing": "narrative.html",
    "fhir-orphan-entry": "documents.html",
    "fhir-reference-empty": "references.html",
    "fhir-reference-type": "references.html",
    "fhir-reference-unresolved": "documents.html",
    "fhir-required": "",
    "fhir-resource-type": "resourcelist.html",
    "fhir-reverse-link": "documents.html",
    "fhir-section-empty": "composition.html",
    "fhir-section-mode": "composition.html",
    "fhir-uri": "datatypes.html#uri",
}
"""Every check of this module, with the page of the standard that decides; empty where we do."""


def check_bundle(bundle: Mapping[str, Any], path: str, version: Version) -> list[Problem]:
    """Return every fault of a document Bundle; `path` only names it in the problems."""
    checker = _Checker(path, version)
    checker.check_document(bundle)
    return checker.problems


def check_resource(resource: Mapping[str, Any], path: str, version: Version) -> list[Problem]:
    """Return every fault of a resource that stands by itself; where its references lead is not checked."""
    checker = _Checker(path, version)
    checker.check_resource(resource, ())
    return checker.problems


@dataclass(slots=True)
class _Resource:
    """What one walk through a resource has gathered."""

    type: str
    language: str
    contained: frozenset[str]
    """The ids of the resources in it."""
    codes: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """The row of `CODES` for its type."""
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The row of `REQUIRED` for its type."""
    targets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The row of `TARGETS` for its type."""
    references: list[tuple[Steps, str]] = field(default_factory=list)
    """The literal references to other resources, each with its place."""
    ids: set[str] = field(default_factory=set)
    """The ids of its elements."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the Bundle, once its resource has been walked."""

    steps: Steps
    full_url: str
    key: str
    """`Type/id`."""
    resource: _Resource


@dataclass(frozen=True, slots=True)
class _Judged:
    """One resource by itself, whatever document it stands in."""

    resource: _Resource
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, body: Mapping[str, Any], version: Version) -> "_Judged":
        checker = _Checker("", version)
        resource = checker.check_resource(body, ())
        return cls(resource, tuple(checker.problems))


@lru_cache(maxsize=1024)
def _judged(text: bytes, version: Version) -> _Judged:
    return _Judged.of(jsontext.load(text), version)


class _Checker:
    """Collects the problems of one document."""

    def __init__(self, path: str, version: Version) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._version = version

    def _report(
        self, check: str, steps: Steps, message: str, hint: str = "", level: Level = Level.ERROR
    ) -> None:
        page = CHECKS[check]
        self.problems.append(
            Problem(
                check=check,
                level=level,
                path=self._path,
                pointer=pointer_to(*_unrolled(steps)),
                message=message,
                hint=hint,
                spec=f"https://hl7.org/fhir/{self._version.upper()}/{page}" if page else "",
            )
        )

    # The document as a whole.

    def check_document(self, bundle: Mapping[str, Any]) -> None:
        language = bundle.get("language")
        frame = _Resource(
            "Bundle",
            language if isinstance(language, str) else "",
            frozenset(),
            required=REQUIRED[self._version]["Bundle"],
        )
        self._walk(_without(bundle, "id", "entry"), (), "", frame)
        self._check_frame(bundle)
        entries = self._entries(bundle, frame)
        self._check_full_urls(entries)
        self._check_references(entries)

    def _check_frame(self, bundle: Mapping[str, Any]) -> None:
        self._check_language(bundle, ())
        self._check_resource_id(bundle, ())
        self._check_required("Bundle", "", bundle, ())
        if bundle.get("resourceType") != "Bundle":
            self._report("fhir-resource-type", ((), "resourceType"), "a document is a Bundle.")
        if bundle.get("type", "document") != "document":
            self._report("fhir-code", ((), "type"), f"{_short(bundle['type'])} is no 'document'.")
        identifier = _object(bundle.get("identifier"))
        if not (identifier.get("system") and identifier.get("value")):
            self._report(
                "fhir-bundle-identifier",
                ((), "identifier"),
                "a document's identifier has a system and a value (bdl-9).",
            )
        if "timestamp" not in bundle:
            self._report("fhir-bundle-timestamp", (), "a document has a timestamp (bdl-10).")
        for name in ("total", "issues"):
            if name in bundle:
                self._report(
                    "fhir-bundle-element", ((), name), f"a document has no {name!r} (bdl-1, bdl-17)."
                )
        for index, link in enumerate(_objects(bundle.get("link"))):
            if str(link.get("relation")) in PAGING:
                self._report("fhir-bundle-element", (((), "link"), index), "a document has no pages to turn.")

    def _entries(self, bundle: Mapping[str, Any], frame: _Resource) -> list[_Entry]:
        entries: list[_Entry] = []
        for index, entry in enumerate(_objects(bundle.get("entry"))):
            steps: Steps = (((), "entry"), index)
            for name in ("search", "request", "response"):
                if name in entry:
                    self._report(
                        "fhir-bundle-element",
                        (steps, name),
                        f"a document's entry has no {name!r} (bdl-2 to 4).",
                    )
            self._walk(_without(entry, "resource"), steps, "entry", frame)
            body = entry.get("resource")
            if not isinstance(body, dict):
                self._report("fhir-required", steps, "the entry has no 'resource' (bdl-5).")
                continue
            resource = self._judge(body, (steps, "resource"))
            full_url = entry.get("fullUrl")
            key = f"{resource.type}/{body.get('id')}"
            entries.append(_Entry(steps, full_url if isinstance(full_url, str) else "", key, resource))
            self._check_entry_language(body, frame.language, (steps, "resource"))
            if resource.type == "DocumentReference":
                self._check_link_identifier(body, (steps, "resource"))
        if not entries or entries[0].resource.type != "Composition":
            self._report(
                "fhir-composition-first",
                ((), "entry"),
                "the first entry of a document is its Composition (bdl-11).",
            )
        for later in entries[1:]:
            if later.resource.type == "Composition" == entries[0].resource.type:
                self._report("fhir-composition-first", later.steps, "a document has one Composition.")
        return entries

    def _judge(self, body: Mapping[str, Any], steps: Steps) -> _Resource:
        """Check a resource of the document; the places in what is returned are those in the resource."""
        try:
            text = jsontext.dump_line(body)
        except TypeError:  # no JSON; the rules tell what of it they can
            judged = _Judged.of(body, self._version)
        else:
            # The text of a document is in no other; links and organisations are in many.
            is_alone = body.get("resourceType") == "Composition"
            judged = _Judged.of(body, self._version) if is_alone else _judged(text, self._version)
        prefix = pointer_to(*_unrolled(steps))
        self.problems += [
            replace(problem, path=self._path, pointer=prefix + problem.pointer) for problem in judged.problems
        ]
        return judged.resource

    def _check_entry_language(self, body: Mapping[str, Any], language: str, steps: Steps) -> None:
        own = body.get("language")
        if own in (None, language) or not language or body.get("resourceType") == "Organization":
            return
        if body.get("resourceType") == "DocumentReference":
            contents = _objects(body.get("content"))
            if own in [SOURCE, *(_object(content.get("attachment")).get("language") for content in contents)]:
                return
        self._report(
            "fhir-language",
            (steps, "language"),
            f"the resource is in {_short(own)}, its Bundle in {language!r}.",
            "An Organization is in any language; a DocumentReference also in English or its link's.",
        )

    def _check_link_identifier(self, body: Mapping[str, Any], steps: Steps) -> None:
        urls = [_object(content.get("attachment")).get("url") for content in _objects(body.get("content"))]
        names = [each.get("value") for each in _objects(body.get("identifier"))]
        for url in urls:
            if url is not None and url not in names:
                self._report(
                    "fhir-link-identifier",
                    (steps, "identifier"),
                    f"no identifier of the link is its URL, {_short(url)}.",
                )

    def _check_full_urls(self, entries: list[_Entry]) -> None:
        seen: set[str] = set()
        base = _base(entries)
        for entry in entries:
            steps = (entry.steps, "fullUrl")
            if entry.full_url in seen and entry.full_url:
                self._report(
                    "fhir-duplicate-full-url",
                    steps,
                    f"{entry.full_url!r} stands in another entry too (bdl-7).",
                )
                continue
            seen.add(entry.full_url)
            if not entry.full_url:
                self._report("fhir-full-url", entry.steps, "the entry has no fullUrl (R5: bdl-15).")
            elif not URL.fullmatch(entry.full_url):
                self._report("fhir-full-url", steps, f"{entry.full_url!r} is no absolute http(s) URL.")
            elif entry.resource.type in TYPES and not entry.full_url.endswith(f"/{entry.key}"):
                self._report("fhir-full-url", steps, f"{entry.full_url!r} does not end in '/{entry.key}'.")
            elif entry.resource.type in TYPES and entry.full_url != f"{base}/{entry.key}":
                self._report(
                    "fhir-full-url",
                    steps,
                    f"{entry.full_url!r} is under another base than the first entry, {base!r}.",
                )

    # References.

    def _check_references(self, entries: list[_Entry]) -> None:
        base = _base(entries)
        index: dict[str, int] = {}
        for number, entry in enumerate(entries):
            # A wrong fullUrl is one fault; it must not break every reference as well.
            for name in (entry.full_url, f"{base}/{entry.key}"):
                index.setdefault(name, number)
        edges: list[set[int]] = [set() for _ in entries]
        for number, entry in enumerate(entries):
            for steps, literal in entry.resource.references:
                target = index.get(_absolute(literal, base))
                if target is None:
                    self._report(
                        "fhir-reference-unresolved",
                        _below((entry.steps, "resource"), steps),
                        f"{_short(literal)} is in no entry of this document.",
                        "Add the resource to the Bundle, or refer by identifier.",
                    )
                else:
                    edges[number].add(target)
        self._check_reachable(entries, edges, index)

    def _check_reachable(
        self, entries: list[_Entry], edges: list[set[int]], index: Mapping[str, int]
    ) -> None:
        roots = [number for number, entry in enumerate(entries) if entry.resource.type == "Composition"]
        if not roots:
            return
        reached = _closure({roots[0]}, edges)
        linked = set(reached)
        while grown := {n for n, targets in enumerate(edges) if n not in linked and targets & linked}:
            linked |= _closure(grown, edges)
        for number, entry in enumerate(entries):
            if number in reached or entry.resource.type == "Composition":
                continue
            if index.get(entry.full_url, number) != number:
                continue  # the same fullUrl again; that is reported
            if number in linked:
                self._report(
                    "fhir-reverse-link",
                    entry.steps,
                    f"{entry.key!r} refers to the document, but nothing in the document leads to it.",
                    level=Level.WARNING,
                )
            else:
                self._report(
                    "fhir-orphan-entry", entry.steps, f"nothing in the document leads to {entry.key!r}."
                )

    def _check_reference(
        self, reference: Mapping[str, Any], element: str, steps: Steps, resource: _Resource
    ) -> None:
        literal = reference.get("reference")
        stated = reference.get("type")
        if not reference.keys() & {"reference", "identifier", "display"}:
            self._report(
                "fhir-reference-empty", steps, "a Reference needs a reference, an identifier or a display."
            )
        if not isinstance(literal, str):
            if isinstance(stated, str):
                self._check_target(resource.type, element, stated, (steps, "type"))
            return
        place = (steps, "reference")
        if literal.startswith("#"):
            if literal[1:] not in resource.contained and literal != "#":
                self._report("fhir-reference-unresolved", place, f"{literal!r} is not contained (ref-1).")
            return
        match = REFERENCE.fullmatch(VERSION.sub("", literal))
        if match:
            self._check_target(resource.type, element, match["type"], place)
            if isinstance(stated, str) and stated != match["type"]:
                self._report("fhir-reference-type", (steps, "type"), f"{literal!r} is no {stated}.")
        resource.references.append((place, literal))

    def _check_target(self, owner: str, element: str, target: str, steps: Steps) -> None:
        allowed = TARGETS[self._version].get(owner, {}).get(element)
        if allowed is not None and target not in allowed:
            self._report(
                "fhir-reference-type",
                steps,
                f"{owner} {element!r} leads to a {target}; allowed are {_listed(allowed)}.",
            )

    # One resource.

    def check_resource(
        self, resource: Mapping[str, Any], steps: Steps, *, is_contained: bool = False
    ) -> _Resource:
        type_ = resource.get("resourceType")
        language = resource.get("language")
        gathered = _Resource(
            type_ if isinstance(type_, str) else "",
            language if isinstance(language, str) else "",
            frozenset(str(each.get("id")) for each in _objects(resource.get("contained"))),
            CODES[self._version].get(type_ if isinstance(type_, str) else "", {}),
            REQUIRED[self._version].get(type_ if isinstance(type_, str) else "", {}),
            TARGETS[self._version].get(type_ if isinstance(type_, str) else "", {}),
        )
        if gathered.type not in TYPES:
            self._report(
                "fhir-resource-type",
                (steps, "resourceType"),
                f"{_short(type_)} is no resource type of these exports.",
            )
        self._check_resource_id(resource, steps)
        if not is_contained:
            self._check_language(resource, steps)
            if "text" not in resource:
                self._report(
                    "fhir-narrative-missing",
                    steps,
                    "the resource has no narrative (dom-6).",
                    level=Level.WARNING,
                )
        self._check_contained(resource, steps)
        self._walk(_without(resource, "id", "contained"), steps, "", gathered)
        self._check_invariants(gathered.type, resource, steps)
        return gathered

    def _check_resource_id(self, resource: Mapping[str, Any], steps: Steps) -> None:
        identity = resource.get("id")
        if identity is None:
            self._report("fhir-required", steps, "the resource has no 'id'.")
        elif not isinstance(identity, str) or not RESOURCE_ID.fullmatch(identity):
            self._report(
                "fhir-id",
                (steps, "id"),
                f"{_short(identity)} is no id.",
                "An id is 1 to 64 ASCII letters, digits, '-' and '.'.",
            )

    def _check_language(self, resource: Mapping[str, Any], steps: Steps) -> None:
        if not isinstance(resource.get("language"), str):
            self._report("fhir-language", steps, "the resource does not say its language.")

    def _check_contained(self, resource: Mapping[str, Any], steps: Steps) -> None:
        for index, inner in enumerate(_objects(resource.get("contained"))):
            place = ((steps, "contained"), index)
            self.check_resource(inner, place, is_contained=True)
            meta = _object(inner.get("meta"))
            if "contained" in inner:
                self._report("fhir-contained", place, "a contained resource contains no other (dom-2).")
            if meta.keys() & {"lastUpdated", "security", "versionId"}:
                self._report(
                    "fhir-contained",
                    place,
                    "a contained resource has no version, date or label (dom-4, dom-5).",
                )
            if f"#{inner.get('id')}" not in _literals(resource):
                self._report(
                    "fhir-contained", place, "nothing in the resource refers to the contained one (dom-3)."
                )

    def _check_required(self, type_: str, parent: str, value: Mapping[str, Any], steps: Steps) -> None:
        for name in REQUIRED[self._version].get(type_, {}).get(parent, ()):
            if name not in value:
                where = f"{type_}.{parent}" if parent else type_
                self._report("fhir-required", steps, f"{where} needs {name!r}.")

    # Every value below a resource.

    def _walk(self, value: Mapping[str, Any], steps: Steps, parent: str, resource: _Resource) -> None:
        for key, member in value.items():
            if isinstance(member, str):
                if (
                    key in _JUDGED_STRINGS
                    or not member
                    or member.isspace()
                    or (parent, key) in resource.codes
                ):
                    self._check_string(key, member, steps, parent, resource)
            elif isinstance(member, dict):
                self._check_object(key, member, (steps, key), resource)
            elif isinstance(member, list):
                self._check_array(key, member, (steps, key), resource)
            elif member is None:
                self._report("fhir-empty", (steps, key), "null stands for nothing.", "Leave the element out.")

    def _check_array(self, key: str, values: list[Any], steps: Steps, resource: _Resource) -> None:
        if not values:
            self._report("fhir-empty", steps, "an array is never empty.", "Leave the element out.")
        for index, member in enumerate(values):
            if isinstance(member, dict):
                self._check_object(key, member, (steps, index), resource)
            elif isinstance(member, str):
                if not member or member.isspace():
                    self._report_blank(member, (steps, index))
            elif member is None and not key.startswith("_"):
                self._report(
                    "fhir-empty", (steps, index), "null stands for nothing.", "Leave the element out."
                )

    def _check_object(self, key: str, value: Mapping[str, Any], steps: Steps, resource: _Resource) -> None:
        if not value:
            self._report("fhir-empty", steps, "an object is never empty.", "Leave the element out.")
        if key == "text" and ("div" in value or "status" in value):
            self._check_narrative(value, steps, resource)
            return
        if key in ("extension", "modifierExtension"):
            self._check_extension(value, steps)
        elif isinstance(value.get("reference"), str) or key in resource.targets:
            self._check_reference(value, key, steps, resource)
        if key in resource.required:
            self._check_required(resource.type, key, value, steps)
        if value.get("system") == "urn:ietf:rfc:3986":
            name = value.get("value")
            if not isinstance(name, str) or not URI.fullmatch(name):
                self._report("fhir-uri", (steps, "value"), f"{_short(name)} is no absolute URI.")
        elif value.get("system") == "urn:ietf:bcp:47":
            self._check_tag(value.get("code"), (steps, "code"))
        if "data" in value and "contentType" not in value:
            self._report("fhir-invariant", steps, "an attachment with data says its contentType (att-1).")
        self._walk(value, steps, key, resource)

    def _check_string(self, key: str, value: str, steps: Steps, parent: str, resource: _Resource) -> None:
        if not value or value.isspace():
            self._report_blank(value, (steps, key))
            return
        allowed = resource.codes.get((parent, key))
        if allowed is not None and value not in allowed:
            self._report("fhir-code", (steps, key), f"{_short(value)} is not one of {_listed(allowed)}.")
        if key == "language":
            self._check_tag(value, (steps, key))
        elif key in DATE_TIMES or key in INSTANTS:
            is_instant = key in INSTANTS or (key == "date" and resource.type == "DocumentReference")
            if not _is_date_time(value, is_instant=is_instant):
                kind = "instant" if is_instant else "date"
                self._report("fhir-date", (steps, key), f"{value!r} is no {kind} that exists.")
        elif key == "id":
            self._check_element_id(value, (steps, key), resource)
        elif key in BINARY:
            self._check_binary(value, (steps, key))
        elif (key, parent) not in NO_URIS and key in ("system", "url") and not URI.fullmatch(value):
            self._report("fhir-uri", (steps, key), f"{_short(value)} is no absolute URI.")

    def _report_blank(self, value: str, steps: Steps) -> None:
        what = "only white space" if value else "empty"
        self._report("fhir-empty", steps, f"the string is {what}.", "Leave the element out.")

    def _check_tag(self, value: object, steps: Steps) -> None:
        try:
            parse_language(value if isinstance(value, str) else "")
        except ValueError:
            self._report(
                "fhir-language",
                steps,
                f"{_short(value)} is no language tag.",
                "Tags look like es, es-US or zh-Hans.",
            )

    def _check_element_id(self, value: str, steps: Steps, resource: _Resource) -> None:
        if value in resource.ids:
            self._report("fhir-id", steps, f"{value!r} is the id of two elements of this resource.")
        resource.ids.add(value)
        if any(character.isspace() for character in value):
            self._report("fhir-id", steps, f"{value!r} has white space in it.")

    def _check_binary(self, value: str, steps: Steps) -> None:
        try:
            base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            self._report("fhir-base64", steps, f"{_short(value)} is no base64.")

    def _check_extension(self, value: Mapping[str, Any], steps: Steps) -> None:
        if not isinstance(value.get("url"), str):
            self._report("fhir-extension", steps, "an extension says by its 'url' what it is.")
        values = [key for key in value if key.startswith("value")]
        if len(values) + ("extension" in value) != 1:
            self._report("fhir-extension", steps, "an extension has either one value or extensions (ext-1).")
        if value.get("url") == "lang" and "valueCode" in value:
            self._check_tag(value["valueCode"], (steps, "valueCode"))

    # Narratives.

    def _check_narrative(self, text: Mapping[str, Any], steps: Steps, resource: _Resource) -> None:
        status = text.get("status")
        if str(status) not in NARRATIVE_STATUS:
            self._report(
                "fhir-code" if "status" in text else "fhir-required",
                (steps, "status"),
                f"the narrative's status {_short(status)} is not one of {_listed(NARRATIVE_STATUS)}.",
            )
        div = text.get("div")
        if not isinstance(div, str):
            self._report("fhir-required", steps, "the narrative has no 'div'.")
            return
        place = (steps, "div")
        narrative = read_narrative(div)
        for check, message, hint in narrative.faults:
            self._report(check, place, message, hint)
        if narrative.is_readable and resource.language and narrative.languages != {resource.language}:
            stated = ", ".join(sorted(repr(tag) if tag else "none" for tag in narrative.languages))
            self._report(
                "fhir-narrative-language",
                place,
                f"the div's lang and xml:lang ({stated}) are not {resource.language!r}, the resource's.",
            )

    # Rules of single resource types.

    def _check_invariants(self, type_: str, resource: Mapping[str, Any], steps: Steps) -> None:
        self._check_required(type_, "", resource, steps)
        match type_:
            case "Composition":
                self._check_sections(resource, steps)
                self._check_composition_relations(resource, steps)
            case "DocumentReference" if self._version == "r5":
                self._check_relation_codes(resource, steps)
            case "Organization":
                if "name" not in resource and "identifier" not in resource:
                    self._report(
                        "fhir-invariant", steps, "an Organization has a name or an identifier (org-1)."
                    )
            case "CodeSystem":
                self._check_name(resource, steps)
                self._check_concepts(resource, steps)
            case "ValueSet":
                self._check_name(resource, steps)
                self._check_includes(resource, steps)
            case "List":
                if "emptyReason" in resource and "entry" in resource:
                    self._report("fhir-invariant", steps, "a List with entries has no emptyReason (lst-1).")

    def _check_sections(self, owner: Mapping[str, Any], steps: Steps) -> None:
        for index, section in enumerate(_objects(owner.get("section"))):
            place = ((steps, "section"), index)
            if not section.keys() & {"text", "entry", "section"}:
                self._report(
                    "fhir-section-empty", place, "a section has a text, entries or sections (cmp-1)."
                )
            if "emptyReason" in section and "entry" in section:
                self._report("fhir-invariant", place, "a section with entries has no emptyReason (cmp-2).")
            if "mode" in section and self._version == "r5":
                self._report("fhir-section-mode", (place, "mode"), "R5 sections have no 'mode'.")
            self._check_sections(section, place)

    def _check_composition_relations(self, resource: Mapping[str, Any], steps: Steps) -> None:
        targets = {
            "r4": {"targetIdentifier", "targetReference"},
            "r5": {"citation", "document", "resource", "resourceReference"},
        }[self._version]
        for index, relation in enumerate(_objects(resource.get("relatesTo"))):
            if not relation.keys() & targets:
                self._report("fhir-required", ((steps, "relatesTo"), index), "the relation leads nowhere.")

    def _check_relation_codes(self, resource: Mapping[str, Any], steps: Steps) -> None:
        for index, relation in enumerate(_objects(resource.get("relatesTo"))):
            for coding in _objects(_object(relation.get("code")).get("coding")):
                if coding.get("system") == RELATIONS_SYSTEM and str(coding.get("code")) not in RELATIONS_R5:
                    self._report(
                        "fhir-code",
                        (((steps, "relatesTo"), index), "code"),
                        f"{_short(coding.get('code'))} is not one of {_listed(RELATIONS_R5)}.",
                    )

    def _check_name(self, resource: Mapping[str, Any], steps: Steps) -> None:
        name = resource.get("name")
        if isinstance(name, str) and not NAME.fullmatch(name):
            self._report(
                "fhir-invariant",
                (steps, "name"),
                f"{_short(name)} cannot name a class in a program (csd-0, vsd-0).",
            )

    def _check_concepts(self, system: Mapping[str, Any], steps: Steps) -> None:
        concepts = list(_concepts(system, steps))
        codes = [concept.get("code") for _, concept in concepts]
        known = {code for code in codes if isinstance(code, str)}
        properties = {str(each.get("code")): each.get("type") for each in _objects(system.get("property"))}
        count = system.get("count")
        if system.get("content") == "complete" and count is not None and count != len(concepts):
            self._report(
                "fhir-code-system-concept",
                (steps, "count"),
                f"{count} are counted, {len(concepts)} are there.",
            )
        seen: set[str] = set()
        for place, concept in concepts:
            code = concept.get("code")
            if isinstance(code, str):
                if code in seen:
                    self._report("fhir-code-system-concept", place, f"{code!r} is defined twice (csd-1).")
                seen.add(code)
            for index, member in enumerate(_objects(concept.get("property"))):
                name = str(member.get("code"))
                if name not in properties and name not in CONCEPT_PROPERTIES:
                    self._report(
                        "fhir-code-system-concept",
                        ((place, "property"), index),
                        f"{name!r} is no property of this system.",
                    )
                elif properties.get(name) == "code" and str(member.get("valueCode")) not in known:
                    self._report(
                        "fhir-code-system-concept",
                        ((place, "property"), index),
                        f"{_short(member.get('valueCode'))} is no code of this system.",
                    )

    def _check_includes(self, resource: Mapping[str, Any], steps: Steps) -> None:
        for index, include in enumerate(_objects(_object(resource.get("compose")).get("include"))):
            if not include.keys() & {"system", "valueSet"}:
                self._report(
                    "fhir-invariant",
                    (((steps, "compose"), "include"), index),
                    "an include names a system or a value set (vsd-1).",
                )


@lru_cache(maxsize=4096)
def _is_date_time(value: str, *, is_instant: bool) -> bool:
    match = DATE_TIME.fullmatch(value)
    if match is None or (is_instant and match[4] is None):
        return False
    year, month, day, hour, minute, second = match.groups()[:6]
    try:
        date(int(year), int(month or 1), int(day or 1))
        if hour:
            time(int(hour), int(minute), min(int(second), 59))
    except ValueError:
        return False
    return second is None or int(second) <= 60  # a leap second is one


def _below(place: Steps, steps: Steps) -> Steps:
    for step in _unrolled(steps):
        place = (place, step)
    return place


def _unrolled(steps: Steps) -> tuple[str | int, ...]:
    found: list[str | int] = []
    while steps:
        steps, last = steps
        found.append(last)
    return tuple(reversed(found))


def _base(entries: list[_Entry]) -> str:
    """Return what stands before `/Type/id` in the first fullUrl that has both."""
    for entry in entries:
        if match := REFERENCE.fullmatch(entry.full_url):
            return match["base"] or ""
    return ""


def _absolute(literal: str, base: str) -> str:
    """Return the fullUrl that a literal reference asks for; it may name a version."""
    literal = VERSION.sub("", literal)
    match = REFERENCE.fullmatch(literal)
    return f"{base}/{literal}" if match and not match["base"] else literal


def _closure(start: set[int], edges: list[set[int]]) -> set[int]:
    reached = set(start)
    open_nodes = list(start)
    while open_nodes:
        for target in edges[open_nodes.pop()] - reached:
            reached.add(target)
            open_nodes.append(target)
    return reached


def _literals(value: object) -> set[str]:
    """Return every literal reference below a value."""
    found: set[str] = set()
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            found.add(value["reference"])
        for member in value.values():
            found |= _literals(member)
    elif isinstance(value, list):
        for member in value:
            found |= _literals(member)
    return found


def _concepts(owner: Mapping[str, Any], steps: Steps) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    for index, concept in enumerate(_objects(owner.get("concept"))):
        place = ((steps, "concept"), index)
        yield place, concept
        yield from _concepts(concept, place)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _without(value: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return {key: member for key, member in value.items() if key not in names}


def _objects(value: object) -> list[Mapping[str, Any]]:
    """Return the members of an array; what is no object counts as an empty one, so that indices hold."""
    return [_object(member) for member in value] if isinstance(value, list) else []


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
