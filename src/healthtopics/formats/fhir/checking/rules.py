"""The rules of FHIR that compare one place of a document with another; R4 and R5, over plain JSON.

Elements, cardinalities, codes, dates and URIs are in the public schemas, under which the documents are
already valid.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from healthtopics.formats.fhir.checking.narrative import read_narrative
from healthtopics.jsontext import short_digest
from healthtopics.language import SOURCE
from healthtopics.problems import Level, Problem, Trail, pointer_of

FhirVersion = Literal["r4", "r5"]
"""The FHIR release of a document: 4.0.1 or 5.0.0."""

Systems = Mapping[str, Mapping[str, str]]
"""The display of every code, by code, by the URL of its system."""

CHECKS: Final[Mapping[str, str]] = {
    "fhir-code": "terminologies.html",
    "fhir-code-system-concept": "codesystem.html",
    "fhir-duplicate-full-url": "bundle.html",
    "fhir-full-url": "bundle.html",
    "fhir-id": "resource.html",
    "fhir-language": "languages.html",
    "fhir-link-identifier": "",
    "fhir-narrative-attribute": "narrative.html",
    "fhir-narrative-element": "narrative.html",
    "fhir-narrative-empty": "narrative.html",
    "fhir-narrative-href": "narrative.html",
    "fhir-narrative-ill-formed": "narrative.html",
    "fhir-narrative-language": "narrative.html",
    "fhir-orphan-entry": "documents.html",
    "fhir-reference-unresolved": "documents.html",
    "fhir-reverse-link": "documents.html",
    "fhir-version": "resource.html",
}
"""Every check of this module, with the page of the standard that requires it; empty if it is our own rule."""

CONCEPT_PROPERTIES: Final = frozenset(
    {"child", "comment", "deprecated", "inactive", "notSelectable", "parent", "status"}
)
"""Properties of concepts that the standard defines itself."""

_UNCOMPARED: Final = frozenset({"contact", "content", "extension", "identifier", "meta", "telecom", "type"})
"""Elements in which the public schemas allow no references, narratives, element ids or codes of ours."""


def systems_of(resources: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the codes that the CodeSystems among the resources define."""
    return {
        resource["url"]: {concept["code"]: concept["display"] for concept in resource.get("concept", ())}
        for resource in resources
        if resource["resourceType"] == "CodeSystem"
    }


def check_document(
    document: Mapping[str, Any], path: str, systems: Systems, *, version: FhirVersion
) -> list[Problem]:
    """Return every fault of a Bundle or a single resource that is valid under its public schema.

    `path` only names it in the problems. `systems` are our own code systems; other codes are not checked.
    """
    checker = _Checker(path, systems, version)
    checker.check_version(document, None)
    if document["resourceType"] == "Bundle":
        checker.check_bundle(document)
    else:
        checker.check_resource(document, None)
    return checker.problems


@dataclass(frozen=True, slots=True)
class _Entry:
    steps: Trail
    full_url: str
    key: str
    """`Type/id`."""
    references: list[tuple[Trail, str]]
    """The literal references in its resource, each with its place."""


@dataclass(slots=True)
class _Found:
    """The findings of the walk through one resource."""

    language: str
    references: list[tuple[Trail, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class _Checker:
    """Collects the problems of one document."""

    def __init__(self, path: str, systems: Systems, version: FhirVersion) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._systems = systems
        self._version = version

    def _report(
        self, check: str, steps: Trail, message: str, hint: str = "", level: Level = Level.ERROR
    ) -> None:
        page = CHECKS[check]
        self.problems.append(
            Problem(
                check=check,
                level=level,
                path=self._path,
                pointer=pointer_of(steps),
                message=message,
                hint=hint,
                spec=f"https://hl7.org/fhir/{self._version.upper()}/{page}" if page else "",
            )
        )

    # The document as a whole

    def check_bundle(self, bundle: Mapping[str, Any]) -> None:
        entries: list[_Entry] = []
        for index, entry in enumerate(bundle["entry"]):
            steps: Trail = ((None, "entry"), index)
            place, resource = (steps, "resource"), entry["resource"]
            self.check_version(resource, place)
            key = f"{resource['resourceType']}/{resource['id']}"
            entries.append(_Entry(steps, entry["fullUrl"], key, self.check_resource(resource, place)))
            if resource["resourceType"] == "DocumentReference":
                self._check_link(resource, bundle["language"], place)
            elif resource["resourceType"] == "Composition":
                self._check_language(resource, (bundle["language"],), place)
        self._check_full_urls(entries)
        self._check_references(entries)

    def _check_link(self, link: Mapping[str, Any], language: str, steps: Trail) -> None:
        (content,) = link["content"]
        page = content["attachment"]
        self._check_language(link, (language, SOURCE, page.get("language")), steps)
        if "url" in page and all(each["value"] != page["url"] for each in link.get("identifier", ())):
            message = f"no identifier of the link is its URL, {page['url']!r}."
            self._report("fhir-link-identifier", (steps, "identifier"), message)

    def _check_language(
        self, resource: Mapping[str, Any], allowed: tuple[str | None, ...], steps: Trail
    ) -> None:
        if resource["language"] not in allowed:
            self._report(
                "fhir-language",
                (steps, "language"),
                f"the resource is in {resource['language']!r}, its Bundle in {allowed[0]!r}.",
                "A DocumentReference may also be in English or in the language of its link.",
            )

    def _check_full_urls(self, entries: list[_Entry]) -> None:
        seen: set[str] = set()
        base = _base(entries)
        for entry in entries:
            steps = (entry.steps, "fullUrl")
            if entry.full_url in seen:
                message = f"{entry.full_url!r} is also the fullUrl of another entry (bdl-7)."
                self._report("fhir-duplicate-full-url", steps, message)
            elif not entry.full_url.endswith(f"/{entry.key}"):
                self._report("fhir-full-url", steps, f"{entry.full_url!r} does not end in '/{entry.key}'.")
            elif entry.full_url != f"{base}/{entry.key}":
                message = f"{entry.full_url!r} has another base than the first entry, {base!r}."
                self._report("fhir-full-url", steps, message)
            seen.add(entry.full_url)

    def _check_references(self, entries: list[_Entry]) -> None:
        base = _base(entries)
        index: dict[str, int] = {}
        for number, entry in enumerate(entries):
            # A wrong fullUrl is one fault; it must not break every reference as well.
            for name in (entry.full_url.removeprefix(f"{base}/"), entry.key):
                index.setdefault(name, number)
        edges: list[set[int]] = [set() for _ in entries]
        for number, entry in enumerate(entries):
            for steps, literal in entry.references:
                target = index.get(literal)
                if target is None:
                    self._report(
                        "fhir-reference-unresolved",
                        steps,
                        f"{literal!r} is in no entry of this document.",
                        "Add the resource to the Bundle, or refer by identifier.",
                    )
                else:
                    edges[number].add(target)
        self._check_reachable(entries, edges, index)

    def _check_reachable(
        self, entries: list[_Entry], edges: list[set[int]], index: Mapping[str, int]
    ) -> None:
        reached = _closure({0}, edges)
        linked = set(reached)
        while grown := {n for n, targets in enumerate(edges) if n not in linked and targets & linked}:
            linked |= _closure(grown, edges)
        for number, entry in enumerate(entries):
            if number in reached or index[entry.key] != number:
                continue  # the second entry of a key has a fullUrl that is reported
            if number in linked:
                self._report(
                    "fhir-reverse-link",
                    entry.steps,
                    f"{entry.key!r} refers to the document, but nothing in the document leads to it.",
                    level=Level.WARNING,
                )
            else:
                message = f"nothing in the document leads to {entry.key!r}."
                self._report("fhir-orphan-entry", entry.steps, message)

    # One resource

    def check_version(self, resource: Mapping[str, Any], steps: Trail) -> None:
        """Check that a resource that has a version has that of its content."""
        meta = resource.get("meta", {})
        if "versionId" not in meta:
            return
        rest = {name: value for name, value in meta.items() if name != "versionId"}
        version = short_digest({**resource, "meta": rest})
        if meta["versionId"] != version:
            message = f"the versionId is {meta['versionId']!r}, that of the content is {version!r}."
            hint = "Programs that compare versions would keep an older content; export the document again."
            self._report("fhir-version", ((steps, "meta"), "versionId"), message, hint)

    def check_resource(self, resource: Mapping[str, Any], steps: Trail) -> list[tuple[Trail, str]]:
        """Check a resource; return its literal references, each with its place."""
        found = _Found(resource["language"])
        self._check_below(resource, steps, found)
        if resource["resourceType"] == "CodeSystem":
            self._check_concepts(resource, steps)
        return found.references

    def _check_below(self, value: Mapping[str, Any], steps: Trail, found: "_Found") -> None:
        for key, member in value.items():
            kind = type(member)
            if kind is str or key in _UNCOMPARED:
                continue
            if kind is dict:
                self._check_object(member, (steps, key), found)
            elif kind is list:
                above = (steps, key)
                for index, each in enumerate(member):
                    if type(each) is dict:
                        self._check_object(each, (above, index), found)

    def _check_object(self, value: Mapping[str, Any], place: Trail, found: "_Found") -> None:
        if "div" in value:
            self._check_narrative(value["div"], found.language, (place, "div"))
        elif "reference" in value:
            found.references.append(((place, "reference"), value["reference"]))
        elif "system" in value:
            self._check_coding(value, place)
        else:
            if "id" in value:
                if value["id"] in found.ids:
                    message = f"{value['id']!r} is the id of two elements of this resource."
                    self._report("fhir-id", (place, "id"), message)
                found.ids.add(value["id"])
            self._check_below(value, place, found)

    def _check_narrative(self, div: str, language: str, place: Trail) -> None:
        narrative = read_narrative(div)
        for fault in narrative.faults:
            self._report(fault.check, place, fault.message, fault.hint)
        if narrative.is_readable and narrative.languages != {language}:
            stated = ", ".join(sorted(repr(tag) if tag else "none" for tag in narrative.languages))
            message = f"the div's lang and xml:lang ({stated}) differ from the resource's, {language!r}."
            self._report("fhir-narrative-language", place, message)

    def _check_coding(self, coding: Mapping[str, Any], place: Trail) -> None:
        displays = self._systems.get(coding["system"])
        if displays is None or "code" not in coding:
            return
        code = coding["code"]
        display = displays.get(code)
        hint = "The CodeSystem is exported beside the topics, from the vocabulary."
        if display is None:
            message = f"{code!r} is not a code of {coding['system']}."
            self._report("fhir-code", (place, "code"), message, hint)
        elif coding.get("display", display) != display:
            message = f"the display of {code!r} is {coding['display']!r}; its system says {display!r}."
            self._report("fhir-code", (place, "display"), message, hint)

    def _check_concepts(self, system: Mapping[str, Any], steps: Trail) -> None:
        concepts = system.get("concept", ())
        codes = {concept["code"] for concept in concepts}
        properties = {each["code"]: each["type"] for each in system.get("property", ())}
        if system["count"] != len(concepts):
            message = f"the count is {system['count']}, the system has {len(concepts)} concepts."
            self._report("fhir-code-system-concept", (steps, "count"), message)
        seen: set[str] = set()
        for number, concept in enumerate(concepts):
            place = ((steps, "concept"), number)
            if concept["code"] in seen:
                message = f"{concept['code']!r} is defined twice (csd-1)."
                self._report("fhir-code-system-concept", place, message)
            seen.add(concept["code"])
            for index, member in enumerate(concept.get("property", ())):
                if fault := _property_fault(member, properties, codes):
                    self._report("fhir-code-system-concept", ((place, "property"), index), fault)


def _base(entries: list[_Entry]) -> str:
    """Return the part of the first fullUrl before `/Type/id`."""
    return entries[0].full_url.removesuffix(f"/{entries[0].key}")


def _property_fault(
    member: Mapping[str, Any], properties: Mapping[str, str], codes: frozenset[str] | set[str]
) -> str:
    """Return what is wrong with a property of a concept; empty if nothing is."""
    name = member["code"]
    if name not in properties and name not in CONCEPT_PROPERTIES:
        return f"{name!r} is not a property of this system."
    if properties.get(name) == "code" and member.get("valueCode") not in codes:
        return f"{member.get('valueCode')!r} is not a code of this system."
    return ""


def _closure(start: set[int], edges: list[set[int]]) -> set[int]:
    reached = set(start)
    waiting = list(start)
    while waiting:
        for target in edges[waiting.pop()] - reached:
            reached.add(target)
            waiting.append(target)
    return reached
