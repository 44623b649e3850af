"""Facts of the FHIR standard that the rules look up: R4 (4.0.1) and R5 (5.0.0)."""

import re
from collections.abc import Mapping
from typing import Final, Literal

Version = Literal["r4", "r5"]
"""The FHIR release a document is in: 4.0.1 or 5.0.0."""


def words(*lines: str) -> frozenset[str]:
    """Return the words of the lines, for tables that would be long as literals."""
    return frozenset(word for line in lines for word in line.split())


RESOURCE_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
REFERENCE = re.compile(
    r"(?:(?P<base>https?://\S+)/)?(?P<local>(?P<type>[A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64})"
)
VERSION = re.compile(r"/_history/[A-Za-z0-9\-.]{1,64}\Z")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
DATE = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
TIME = r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:Z|[+-](0[0-9]|1[0-4]):([0-5][0-9]))"
DATE_TIME = re.compile(f"{DATE}(?:{TIME})?)?)?")
NAME = re.compile(r"[A-Z][A-Za-z0-9_]{1,254}")

TYPES = frozenset(
    {"Bundle", "CapabilityStatement", "CodeSystem", "Composition", "DocumentReference", "Library", "List"}
    | {"NamingSystem", "OperationOutcome", "Organization", "Practitioner", "PractitionerRole", "ValueSet"}
)
"""What may be of any use in these exports; a resource of another type is a slip."""

AUTHORS = frozenset(
    {"Device", "Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"}
)
SOURCES = frozenset({"Device", "Patient", "Practitioner", "PractitionerRole"})
SIGNATORIES = frozenset({"Organization", "Patient", "Practitioner", "PractitionerRole", "RelatedPerson"})
TARGETS_R4: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "Composition": {
        "author": AUTHORS,
        "custodian": frozenset({"Organization"}),
        "party": SIGNATORIES,
        "encounter": frozenset({"Encounter"}),
        # The standard takes anything; ours lead to links, organisations and other topics.
        "entry": frozenset({"Composition", "DocumentReference", "Organization"}),
        "targetReference": frozenset({"Composition"}),
        "resourceReference": frozenset({"Composition", "DocumentReference"}),
    },
    "DocumentReference": {
        "author": AUTHORS,
        "custodian": frozenset({"Organization"}),
        "target": frozenset({"DocumentReference"}),
    },
    "Organization": {"partOf": frozenset({"Organization"})},
    "List": {"source": SOURCES, "item": frozenset({"Composition", "DocumentReference", "Organization"})},
}
TARGETS: Final[Mapping[Version, Mapping[str, Mapping[str, frozenset[str]]]]] = {
    "r4": TARGETS_R4,
    "r5": {
        **TARGETS_R4,
        "DocumentReference": {**TARGETS_R4["DocumentReference"], "author": AUTHORS | {"CareTeam"}},
        "List": {
            **TARGETS_R4["List"],
            "source": SOURCES | {"CareTeam", "Organization", "RelatedPerson"},
        },
    },
}
"""By type and element: what a reference may lead to."""

Required = Mapping[str, Mapping[str, tuple[str, ...]]]
REQUIRED_R4: Final[Required] = {
    "Bundle": {"": ("id", "type", "entry"), "link": ("relation", "url")},
    "Composition": {
        "": ("status", "type", "date", "author", "title"),
        "attester": ("mode",),
        "relatesTo": ("code",),
    },
    "DocumentReference": {
        "": ("status", "content"),
        "content": ("attachment",),
        "relatesTo": ("code", "target"),
    },
    "CodeSystem": {
        "": ("status", "content"),
        "concept": ("code",),
        "designation": ("value",),
        "property": ("code",),
    },
    "ValueSet": {"": ("status",), "compose": ("include",), "concept": ("code",)},
    "List": {"": ("status", "mode"), "entry": ("item",)},
}
REQUIRED: Final[Mapping[Version, Required]] = {
    "r4": REQUIRED_R4,
    "r5": {**REQUIRED_R4, "Composition": {**REQUIRED_R4["Composition"], "relatesTo": ("type",)}},
}
"""By type and name of the object, empty for the resource itself."""

Codes = Mapping[str, Mapping[tuple[str, str], frozenset[str]]]


PUBLICATION = words("draft active retired unknown")
CONTACT = words("phone fax email pager url sms other")
DOCUMENT_RELATIONS = words("replaces transforms signs appends")
CODES_R4: Final[Codes] = {
    "Composition": {
        ("", "status"): words("preliminary final amended entered-in-error"),
        ("relatesTo", "code"): DOCUMENT_RELATIONS,
        ("attester", "mode"): words("personal professional legal official"),
        ("section", "mode"): words("working snapshot changes"),
    },
    "DocumentReference": {
        ("", "status"): words("current superseded entered-in-error"),
        ("", "docStatus"): words("preliminary final amended entered-in-error"),
        ("relatesTo", "code"): DOCUMENT_RELATIONS,
    },
    "Organization": {("telecom", "system"): CONTACT},
    "CodeSystem": {
        ("", "status"): PUBLICATION,
        ("", "content"): words("not-present example fragment complete supplement"),
        ("", "hierarchyMeaning"): words("grouped-by is-a part-of classified-with"),
        ("property", "type"): words("code Coding string integer boolean dateTime decimal"),
    },
    "ValueSet": {("", "status"): PUBLICATION},
    "List": {
        ("", "status"): words("current retired entered-in-error"),
        ("", "mode"): words("working snapshot changes"),
    },
}
COMPOSITION_STATUS_R5 = words(
    "registered partial preliminary final amended corrected appended cancelled",
    "entered-in-error deprecated unknown",
)
CODES: Final[Mapping[Version, Codes]] = {
    "r4": CODES_R4,
    "r5": {
        **CODES_R4,
        "Composition": {
            ("", "status"): COMPOSITION_STATUS_R5,
            ("relatesTo", "type"): words(
                "documentation justification citation predecessor successor derived-from depends-on",
                "composed-of part-of amends amended-with appends appended-with cites cited-by comments-on",
                "comment-in contains contained-in corrects correction-in replaces replaced-with retracts",
                "retracted-by signs similar-to supports supported-with transforms transformed-into",
                "transformed-with documents specification-of created-with cite-as",
            ),
        },
        "DocumentReference": {
            ("", "status"): words("current superseded entered-in-error"),
            ("", "docStatus"): COMPOSITION_STATUS_R5,
        },
    },
}
"""By type, and by the name of the object (empty for the resource itself) and the element in it."""

RELATIONS_SYSTEM = "http://hl7.org/fhir/document-relationship-type"
RELATIONS_R5 = DOCUMENT_RELATIONS | {"incorporates", "summarizes"}
NARRATIVE_STATUS = words("generated extensions additional empty")
DATE_TIMES = frozenset({"creation", "date", "end", "start", "time", "valueDate", "valueDateTime"})
INSTANTS = frozenset({"lastUpdated", "timestamp", "valueInstant"})
BINARY = frozenset({"data", "hash", "valueBase64Binary"})
CONCEPT_PROPERTIES = frozenset(
    {"child", "comment", "deprecated", "inactive", "notSelectable", "parent", "status"}
)
"""Properties of concepts that the standard defines itself."""

NO_URIS = frozenset({("system", "telecom"), ("url", "extension")})
"""Elements and the objects they stand in, where the name promises a URI and the value need not be one."""
PAGING = frozenset({"first", "previous", "prev", "next", "last"})
