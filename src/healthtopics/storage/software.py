"""Which software this is: its name, a digest of every byte that can change an artifact, and versions."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Final

from healthtopics import __version__
from healthtopics.jsontext import digest
from healthtopics.plugins import package_files, plugin_distributions, plugin_files
from healthtopics.publishing.values import Maker

PLUGIN_GROUPS: Final = ("healthtopics.checks", "healthtopics.formats")
_LIBRARIES: Final = (
    *("babel", "jinja2", "jsonschema", "jsonschema-rs", "lxml", "msgspec", "orjson", "polib", "rapidfuzz"),
)
"""Those whose version may change what is found in a topic, a catalogue or an export."""


@cache
def maker() -> Maker:
    """Return the software's name, a digest over the installed package, and the versions of the rest.

    The digest covers every file of the package, and what other distributions add. It is among the inputs of
    every artifact, so that a new version of the software rebuilds what it must.
    """
    named = chain(package_files(Path(__file__).parents[1]), plugin_files(*PLUGIN_GROUPS))
    listing = (f"{name} {digest(path.read_bytes())}\n" for name, path in named)
    return Maker(
        name=f"healthtopics {__version__}",
        digest=digest("".join(listing).encode()),
        versions=(
            f"{platform.python_implementation()} {platform.python_version()}",
            *(f"{name} {_version(name)}" for name in _LIBRARIES),
            *plugin_distributions(*PLUGIN_GROUPS),
        ),
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # bundled without its metadata
        return ""
