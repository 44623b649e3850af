"""The files of a FHIR package: definitions, an ImplementationGuide that lists them, and examples.

Specification: HL7's "FHIR NPM Packages" (hl7.org/fhir/packages.html). Loaders differ from it: so definitions
are in the flat folder `package/` alone, no file there is anything but a resource, and the manifest names the
version of FHIR twice, as HL7's loader and HAPI's do not know the core package of R5.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.formats.fhir.capability import guide_url, server_definitions
from healthtopics.formats.fhir.exporting.companions import TOPICS
from healthtopics.formats.fhir.exporting.datatypes import package_id, profile
from healthtopics.formats.fhir.exporting.document import Dialect
from healthtopics.formats.fhir.exporting.narrative import Narrator
from healthtopics.formats.format import PackageFacts
from healthtopics.jsontext import Document, JsonObject
from healthtopics.language import SOURCE
from healthtopics.topic import Text

_KINDS: Final = ("CodeSystem", "NamingSystem", "StructureDefinition", "ValueSet")
_INDEXED: Final = ("resourceType", "id", "url", "version", "kind", "type")
_TITLE: Final = "Health topics"


def is_packaged(name: str) -> bool:
    """Return whether an artifact is a definition for the package.

    The topics themselves are not: a code system that changes with every title does not define anything.
    """
    _, kind, identity = name.removesuffix(".json").rsplit("/", 2)
    return kind in _KINDS and (kind == "NamingSystem" or identity != TOPICS)


def package_files(
    definitions: Iterable[Document], examples: Iterable[Document], facts: PackageFacts, *, dialect: Dialect
) -> Mapping[str, bytes]:
    """Return the files of the package by their path, `package/package.json` first."""
    described = server_definitions(dialect.version, facts.base_url)
    named = {_file_name(each): each for each in (*definitions, *described)}
    shown = {_file_name(each): each for each in examples}
    guide = _guide(named, shown, facts, dialect)
    named[_file_name(guide)] = guide
    files = {"package/package.json": jsontext.dump(_manifest(guide, facts, dialect))}
    for folder, documents in (("package", named), ("package/example", shown)):
        files[f"{folder}/.index.json"] = jsontext.dump(_index(documents))
        files |= {f"{folder}/{name}": jsontext.dump(each) for name, each in sorted(documents.items())}
    return files


def _file_name(document: Document) -> str:
    return f"{document['resourceType']}-{document['id']}.json"


def _index(documents: Mapping[str, Document]) -> JsonObject:
    return {
        "index-version": 2,
        "files": [
            {"filename": name, **{key: each[key] for key in _INDEXED if isinstance(each.get(key), str)}}
            for name, each in sorted(documents.items())
        ],
    }


def _manifest(guide: JsonObject, facts: PackageFacts, dialect: Dialect) -> JsonObject:
    major = dialect.path.rpartition("/")[2]
    return {
        "name": guide["packageId"],
        "version": guide["version"],
        "title": guide["title"],
        "description": guide["description"],
        "type": "IG",
        "canonical": f"{facts.base_url}/fhir",
        "url": f"{facts.base_url}/{dialect.path}",
        "author": guide["publisher"],
        "fhirVersions": [dialect.version],
        "languages": list(facts.languages),
        "dependencies": {f"hl7.fhir.{major}.core": dialect.version},
    }


def _guide(
    definitions: Mapping[str, Document],
    examples: Mapping[str, Document],
    facts: PackageFacts,
    dialect: Dialect,
) -> JsonObject:
    identity = package_id(facts.base_url, dialect.version)
    narrator = Narrator(SOURCE)
    publishers = [each["publisher"] for each in definitions.values() if "publisher" in each]
    return {
        "resourceType": "ImplementationGuide",
        "id": identity[:64],
        "language": SOURCE,
        "text": narrator.narrative(narrator.element("p", Text(_TITLE))),
        "url": guide_url(dialect.version, facts.base_url),
        "version": facts.version,
        "name": "HealthTopics",
        "title": _TITLE,
        "status": "active",
        "experimental": False,
        "publisher": publishers[0],
        "description": "Profiles, vocabularies and identifiers of the documents that this publisher exports, "
        "and what servers of them can do.",
        "packageId": identity,
        "fhirVersion": [dialect.version],
        "definition": {"resource": list(_listed(definitions, examples, facts, dialect))},
    }


def _listed(
    definitions: Mapping[str, Document],
    examples: Mapping[str, Document],
    facts: PackageFacts,
    dialect: Dialect,
) -> Iterator[JsonObject]:
    """Yield what the guide holds; R4 says in one member that it is an example, and of what, R5 in two."""
    is_r4 = dialect.version.startswith("4")
    for each in [*definitions.values(), *examples.values()]:
        kind = each["resourceType"]
        listed: dict[str, Any] = {"reference": {"reference": f"{kind}/{each['id']}"}}
        listed["name"] = each.get("title") or each.get("name") or each["id"]
        is_example = _file_name(each) in examples
        if is_example and is_r4:
            listed["exampleCanonical"] = profile(facts.base_url, kind)
        elif is_example:
            listed |= {"isExample": True, "profile": [profile(facts.base_url, kind)]}
        else:
            listed["exampleBoolean" if is_r4 else "isExample"] = False
        yield listed
