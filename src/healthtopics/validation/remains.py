"""What is left of a document without what breaks its schema, so that rules can judge the rest at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from healthtopics.jsontext import Json, JsonObject
from healthtopics.problems import Problem, Steps, pointer_to


@dataclass(frozen=True, slots=True)
class Remains:
    """The valid part of a document."""

    document: JsonObject
    _origins: Mapping[Steps, Steps]
    """The place of each value in the whole document, by its place in this part."""
    _removed: frozenset[Steps]

    def origin(self, steps: Steps) -> Steps:
        """Return the place in the whole document; of something new, that of what is around it."""
        known = next(steps[:end] for end in range(len(steps), -1, -1) if steps[:end] in self._origins)
        return self._origins[known] + steps[len(known) :]

    def restored(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield problems of this part at their places in the whole document.

        Those of a value from which something is missing here are left out: they may be only about that.
        """
        pointers = self._pointers()
        removed = [pointer_to(*steps) for steps in self._removed]
        for problem in problems:
            pointer = _restored(problem.pointer, pointers)
            if not any(_is_within(pointer, each) or _is_within(each, pointer) for each in removed):
                yield replace(problem, pointer=pointer)

    def restored_links(self, links: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield links, each a target with the pointer of its place, at their places in the whole document."""
        pointers = self._pointers()
        return ((target, _restored(pointer, pointers)) for target, pointer in links)

    def _pointers(self) -> dict[str, str]:
        return {pointer_to(*here): pointer_to(*there) for here, there in self._origins.items()}


def remove(document: JsonObject, removed: frozenset[Steps], substitutes: Mapping[str, Json]) -> Remains:
    """Return a document without some of its values; required members at the top are substituted."""
    origins: dict[Steps, Steps] = {}
    part = _without(document, removed, (), (), origins)
    missing = {name: value for name, value in substitutes.items() if name not in part}
    gone = removed | {(name,) for name in missing}
    return Remains({**part, **missing}, origins, frozenset(gone))


def _without(
    value: Json, removed: frozenset[Steps], there: Steps, here: Steps, origins: dict[Steps, Steps]
) -> Json:
    origins[here] = there
    if isinstance(value, Mapping):
        return {
            name: _without(below, removed, (*there, name), (*here, name), origins)
            for name, below in value.items()
            if (*there, name) not in removed
        }
    if isinstance(value, list):
        kept = [index for index in range(len(value)) if (*there, index) not in removed]
        return [
            _without(value[index], removed, (*there, index), (*here, place), origins)
            for place, index in enumerate(kept)
        ]
    return value


def _restored(pointer: str, pointers: Mapping[str, str]) -> str:
    """Return a pointer into a part as one into the whole; what is below a known place stays."""
    above, rest = pointer, ""
    while above not in pointers:
        above, _, name = above.rpartition("/")
        rest = f"/{name}{rest}"
    return pointers[above] + rest


def _is_within(pointer: str, other: str) -> bool:
    """Return whether one pointer is another one, or below it."""
    return pointer == other or pointer.startswith(f"{other}/")
