"""The table of formats: the built-in ones, and those of other distributions.

Format names are used nowhere else. A format is loaded when it is first needed; reading a configuration
needs only its name.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from pkgutil import resolve_name
from typing import Any, Final

from healthtopics.errors import ConfigurationError, InvalidConfigurationError
from healthtopics.formats.account import Account
from healthtopics.formats.format import Bulk, BulkResource, Format, Version, Versioning
from healthtopics.jsontext import canonical
from healthtopics.layout import CONFIGURATION
from healthtopics.plugins import (
    Guarded,
    PluginOrigin,
    fault_in_value,
    load_plugin,
    plugin_names,
)
from healthtopics.problems import Problem, has_surrogates
from healthtopics.topic import PublishedCollection

GROUP: Final = "healthtopics.formats"
"""The group of entry points that add a format: its name → an object of the class `Format`."""

OWN: Final[Mapping[str, str]] = {
    "fhir-r4": "healthtopics.formats.fhir.rows:R4",
    "fhir-r5": "healthtopics.formats.fhir.rows:R5",
    "schemaorg": "healthtopics.formats.schemaorg.row:SCHEMAORG",
    "html": "healthtopics.formats.html.row:HTML",
}
"""The rows of the built-in formats, as entry points. The first is the default of a request."""

DEFAULT: Final = ("fhir-r4", "fhir-r5", "schemaorg", "html")
"""The formats of a workspace that does not choose."""

PAGES: Final = "html"
"""The format of pages: those of the site, and those that the preview shows."""

TEXTS: Final = "schemaorg"
"""The format from which the index has its texts, if an edition has it: it is read fastest, and gives headings
apart."""

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FOLDER: Final = re.compile(r"[a-z0-9]+([/-][a-z0-9]+)*")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,9}")
_STEM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ARTIFACT: Final = re.compile(rf"{_STEM.pattern}(/{_STEM.pattern})*\.[a-z]{{1,9}}")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@cache
def format_names() -> tuple[str, ...]:
    """Return the names of all formats, the built-in ones first.

    Raises PluginError if another distribution adds a format with a built-in name.
    """
    foreign = plugin_names(GROUP)
    for name, distribution in foreign.items():
        if name in OWN:
            fault = f"{name!r} is the name of a format of healthtopics."
            raise PluginOrigin(distribution, name, GROUP).error(fault)
    return (*OWN, *sorted(foreign))


@cache
def format_named(name: str) -> Format:
    """Return a format, loading it when it is first needed.

    Raises ConfigurationError if there is none of that name, PluginError if it cannot be used.
    """
    if name in OWN:
        own: Format = resolve_name(OWN[name])
        return own
    if name not in format_names():
        raise ConfigurationError(
            f"there is no format {name!r}; there are {', '.join(format_names())}. "
            "Another distribution may have added it: install that again."
        )
    plugin = load_plugin(GROUP, name)
    row = plugin.value
    if not isinstance(row, Format):
        fault = f"it is not a {Format.__module__}.Format but of the class {type(row).__name__}."
        raise plugin.origin.error(fault)
    if fault := _fault(name, row):
        raise plugin.origin.error(fault)
    return _guarded(row, plugin.origin)


def formats_named(names: Iterable[str]) -> list[Format]:
    """Return formats that are used together.

    Raises what `format_named` raises, and InvalidConfigurationError if two of them use the same folder.
    """
    found = [format_named(name) for name in names]
    folders: dict[str, Format] = {}
    for each in found:
        other = folders.setdefault(each.folder, each)
        if other is not each:
            problem = Problem(
                check="formats-conflict",
                path=CONFIGURATION,
                pointer="/formats",
                message=f"the formats {other.name!r} and {each.name!r} both write to {each.folder}/.",
                hint="Remove one of them from `formats`.",
            )
            raise InvalidConfigurationError([problem])
    return found


def find_format(name: str) -> Format | None:
    """Return a format that a release was made with; None if it is not installed here."""
    try:
        return format_named(name)
    except ConfigurationError:
        return None


def _fault(name: str, row: Format) -> str:
    """Return what is wrong with the row of a foreign format; empty if nothing is."""
    parts = ((row, Format), (row.bulk, Bulk), (row.versioning, Versioning))
    for part, class_ in parts:
        if part is not None and (fault := fault_in_value(part, class_)):
            return f"it is {fault}."
    for media_type in (row.media_type, *([row.bulk.media_type] if row.bulk else [])):
        if not _MEDIA_TYPE.fullmatch(media_type):
            return f"{media_type!r} is not a media type in lower case and without parameters."
    if row.name != name or not _NAME.fullmatch(name):
        return (
            f"the format calls itself {row.name!r}. Give it the name of its entry point: "
            "lower-case letters, digits and single dashes."
        )
    if not _FOLDER.fullmatch(row.folder) or not _SUFFIX.fullmatch(row.suffix):
        return (
            f"its artifacts cannot be named {row.artifact('en', 'example')!r}: use lower-case letters and "
            "digits for the folder and the suffix."
        )
    return ""


def _guarded(row: Format, origin: PluginOrigin) -> Format:
    """Return a foreign format whose functions raise PluginError alone."""
    faults: dict[str, Callable[..., str]] = {
        "templates": _fault_of_templates,
        "export": partial(_fault_of_document, row),
        "export_collection": partial(_fault_of_documents, row),
        "export_beside": partial(_fault_of_documents, row),
        "combine": partial(_fault_of_document, row),
        "withdraw": partial(_fault_of_document, row),
        "check": _fault_of_problems,
        "define": _fault_of_json,
        "read": _fault_of_account,
        "aspects": _fault_of_json,
        "check_editions": _fault_of_problems,
    }
    functions: dict[str, Any] = {
        name: Guarded(origin, function, fault_in)
        for name, fault_in in faults.items()
        if (function := getattr(row, name)) is not None
    }
    bulk = row.bulk and replace(row.bulk, resources=Guarded(origin, row.bulk.resources, _fault_of_resources))
    versioning = row.versioning and Versioning(
        mark=Guarded(origin, row.versioning.mark, partial(_fault_of_document, row)),
        read=Guarded(origin, row.versioning.read, _fault_of_versions),
    )
    return replace(row, **functions, bulk=bulk, versioning=versioning)


def _fault_of_templates(result: Mapping[object, object]) -> str:
    wrong = [path for path, text in result.items() if not (isinstance(path, str) and isinstance(text, bytes))]
    return f"the template {wrong[0]!r}, which is not named by a text and made of bytes" if wrong else ""


def _fault_of_document(row: Format, result: object, *_arguments: object) -> str:
    if row.media_type.endswith("json"):
        return _fault_of_json(result) if isinstance(result, dict) else "what is not a JSON object"
    if not isinstance(result, str):
        return f"what is not a text, as {row.media_type} is"
    return "a text with half of a surrogate pair" if has_surrogates(result) else ""


def _fault_of_documents(row: Format, result: Mapping[object, object], collection: PublishedCollection) -> str:
    taken = [f"{row.folder}/{folder}/" for folder in ("ndjson", *collection.languages)]
    for name, document in result.items():
        if (
            not isinstance(name, str)
            or not _ARTIFACT.fullmatch(name)
            or not name.startswith(f"{row.folder}/")
        ):
            return f"an artifact named {name!r}; name it {row.folder}/….{row.suffix[1:]}"
        if name.startswith(tuple(taken)):
            return f"an artifact named {name!r}, in the folder of editions or bulk data"
        if not isinstance(document, dict):
            return f"what is not a JSON object as the artifact {name!r}"
    return _fault_of_json(result)


def _fault_of_json(result: object, *_arguments: object) -> str:
    try:
        canonical(result)
    except TypeError as error:  # of orjson: what the value holds
        return f"what is not JSON ({error})"
    return ""


def _fault_of_account(result: object, _document: object) -> str:
    return fault_in_value(result, Account)


def _fault_of_problems(result: Iterable[object], *_arguments: object) -> str:
    return next(filter(None, (fault_in_value(each, Problem) for each in result)), "")


def _fault_of_versions(result: Iterable[tuple[object, object]], _data: object) -> str:
    for key, version in result:
        if not isinstance(key, str):
            return f"the key {key!r}, which is not a text"
        if fault := fault_in_value(version, Version):
            return fault
    return ""


def _fault_of_resources(result: Iterable[BulkResource], _document: object) -> str:
    for each in result:
        if fault := fault_in_value(each, BulkResource) or _fault_of_json(each.resource):
            return fault
        if not _STEM.fullmatch(each.type):
            return f"a BulkResource whose type, {each.type!r}, cannot name a file"
    return ""
