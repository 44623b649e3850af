"""A request that the documentation shows, and what comes back."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final
from urllib.parse import urlencode

_NAME: Final = re.compile(r"\{([a-z][a-z0-9-]*)\}")
_WIDEST: Final = 100
"""Longer commands continue on another line."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request that readers can copy, and what comes back."""

    name: str
    """Where the documentation refers to it; never changes."""
    operation: str
    """That of the route."""
    title: str
    """In English; `es.json` has the Spanish."""
    path: str
    """Relative to the base URL, without leading slash."""
    query: Pairs = ()
    headers: Pairs = ()
    form: Pairs = ()
    """The parameters of a POST request."""
    document: str = ""
    """The JSON body of a POST request."""
    deletes: bool = False
    """Whether it is a DELETE request."""
    status: int = 200
    answer: Pairs = ()
    """Headers of the answer."""
    shows: tuple[str, ...] = ()
    """Texts that the body has."""

    def filled(self, values: Mapping[str, str]) -> "Example | None":
        """Return the example with the values of a release; None if it lacks one."""
        texts = (
            self.path,
            self.document,
            *self.shows,
            *chain(*self.query, *self.headers, *self.form, *self.answer),
        )
        if any(name not in values for text in texts for name in _NAME.findall(text)):
            return None

        def fill(text: str) -> str:
            return _NAME.sub(lambda match: values[match[1]], text)

        def fill_pairs(pairs: Pairs) -> Pairs:
            return tuple((name, fill(value)) for name, value in pairs)

        return replace(
            self,
            path=fill(self.path),
            query=fill_pairs(self.query),
            headers=fill_pairs(self.headers),
            form=fill_pairs(self.form),
            document=fill(self.document),
            answer=fill_pairs(self.answer),
            shows=tuple(map(fill, self.shows)),
        )

    @property
    def method(self) -> str:
        """The method of the request."""
        if self.deletes:
            return "DELETE"
        return "POST" if self.form or self.document else "GET"

    def curl(self, base: str) -> str:
        """Return the request as a command for a shell."""
        query = f"?{urlencode(self.query, safe=':,/')}" if self.query else ""
        parts = [
            *(["-X DELETE"] if self.deletes else []),
            *(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers),
            *(f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in self.form),
            *([f"--json {shlex.quote(self.document)}"] if self.document else []),
            shlex.quote(f"{base}/{self.path}{query}"),
        ]
        command = " ".join(["curl", *parts])
        return command if len(command) <= _WIDEST else " \\\n  ".join(["curl", *parts])
