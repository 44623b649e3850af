"""What can be exported: our own formats, and those that other distributions add.

Nothing else knows a format by its name. A format is loaded when it is first asked for; to
read a configuration, its name is enough.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pkgutil import resolve_name
from typing import Final

from healthtopics.errors import ConfigurationError, PluginError
from healthtopics.formats.format import Format
from healthtopics.plugins import load_plugin, plugin_names

GROUP: Final = "healthtopics.formats"
"""The group of the entry points that add a format: its name → an object of the class `Format`."""

OWN: Final[Mapping[str, str]] = {
    "fhir-r4": "healthtopics.formats.fhir.rows:R4",
    "fhir-r5": "healthtopics.formats.fhir.rows:R5",
    "schemaorg": "healthtopics.formats.schemaorg.row:SCHEMAORG",
    "html": "healthtopics.formats.html.row:HTML",
}
"""Where the row of each of our formats is, as in an entry point. Who asks for no format gets the first."""

DEFAULT: Final = ("fhir-r4", "fhir-r5", "schemaorg")
"""What a workspace exports that does not choose."""

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FOLDER: Final = re.compile(r"[a-z0-9]+([/-][a-z0-9]+)*")
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,9}")


@cache
def format_names() -> tuple[str, ...]:
    """Return the names of all formats, ours first.

    Raises PluginError where another distribution adds a format of one of our names.
    """
    foreign = plugin_names(GROUP)
    for name, distribution in foreign.items():
        if name in OWN:
            raise PluginError(GROUP, name, distribution, f"{name!r} is the name of a format of healthtopics.")
    return (*OWN, *sorted(foreign))


@cache
def format_named(name: str) -> Format:
    """Return a format, loaded when it is first asked for.

    Raises ConfigurationError where there is none of that name, PluginError where it cannot be used.
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
        raise PluginError(GROUP, name, plugin.distribution, fault)
    if fault := _fault(name, row):
        raise PluginError(GROUP, name, plugin.distribution, fault)
    return row


def formats_named(names: Iterable[str]) -> list[Format]:
    """Return formats that are used together.

    Raises what `format_named` raises, and ConfigurationError where two of them use the same folder.
    """
    found = [format_named(name) for name in names]
    folders: dict[str, Format] = {}
    for each in found:
        other = folders.setdefault(each.folder, each)
        if other is not each:
            raise ConfigurationError(
                f"the formats {other.name!r} and {each.name!r} both write to {each.folder}/. "
                "Remove one of them from `formats` in healthtopics.toml."
            )
    return found


def find_format(name: str) -> Format | None:
    """Return a format that a release was made with; None where it is not installed here."""
    try:
        return format_named(name)
    except ConfigurationError:
        return None


def _fault(name: str, row: Format) -> str:
    """Return what is wrong with the row of a foreign format; empty where nothing is."""
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
