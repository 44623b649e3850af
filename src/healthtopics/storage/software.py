"""Which software this is: its name for people, and a digest of every byte that can change an artifact."""

from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from healthtopics import __version__
from healthtopics.jsontext import digest
from healthtopics.plugins import plugin_files
from healthtopics.publishing.values import Maker

PLUGIN_GROUPS: Final = ("healthtopics.checks", "healthtopics.formats")


@cache
def maker() -> Maker:
    """Return the software's name, and a digest over the installed package: code, schemas, terms.

    What other distributions add to it counts, too. It is among the inputs of every artifact, so that a new
    version of the software rebuilds what it must.
    """
    package = Path(__file__).parents[1]
    files = (
        path
        for path in sorted(package.rglob("*"))
        if path.suffix in (".py", ".json", ".html") and "__pycache__" not in path.parts
    )
    named = chain(
        ((path.relative_to(package).as_posix(), path) for path in files), plugin_files(*PLUGIN_GROUPS)
    )
    listing = (f"{name} {digest(path.read_bytes())}\n" for name, path in named)
    return Maker(name=f"healthtopics {__version__}", digest=digest("".join(listing).encode()))
