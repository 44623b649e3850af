"""Which software this is: its name for people, and a digest of every byte that can change an artifact."""

from functools import cache
from pathlib import Path

from healthtopics import __version__
from healthtopics.jsontext import digest
from healthtopics.publishing import Maker


@cache
def maker() -> Maker:
    """Return the software's name, and a digest over the installed package: code, schemas, terms.

    It is among the inputs of every artifact, so that a new version of the software rebuilds what it must.
    """
    package = Path(__file__).parents[1]
    files = (
        path
        for path in sorted(package.rglob("*"))
        if path.suffix in (".py", ".json", ".html") and "__pycache__" not in path.parts
    )
    listing = (f"{path.relative_to(package).as_posix()} {digest(path.read_bytes())}\n" for path in files)
    return Maker(name=f"healthtopics {__version__}", digest=digest("".join(listing).encode()))
