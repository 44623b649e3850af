"""Plug-ins of other distributions: the objects of an entry point group such as `healthtopics.checks`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from healthtopics.errors import PluginError
from healthtopics.problems import excerpt, has_surrogates


@dataclass(frozen=True, slots=True, order=True)
class PluginOrigin:
    """Where a foreign object comes from."""

    distribution: str
    """Name and version: `acme-checks 1.0`."""
    name: str
    """The name of the entry point."""
    group: str

    def error(self, reason: str) -> PluginError:
        """Return an error that names the distribution and the entry point."""
        return PluginError(self.group, self.name, self.distribution, reason)


@dataclass(frozen=True, slots=True)
class Plugin:
    """One object that a distribution offers."""

    origin: PluginOrigin
    value: object


@dataclass(frozen=True, slots=True)
class Guarded:
    """A function of another distribution. Any exception it raises becomes a PluginError that names it.

    So does a result with a fault. Two are equal if they call the same function.
    """

    origin: PluginOrigin = field(compare=False)
    function: Callable[..., Any]
    fault_in: Callable[..., str]
    """Returns what is wrong with the result, given it and the arguments; empty if nothing is."""

    def __call__(self, *arguments: object) -> Any:  # noqa: ANN401 - as the function has it
        """Call the function; results of a generator are returned as a list."""
        name = getattr(self.function, "__qualname__", type(self.function).__qualname__)
        try:
            result = self.function(*arguments)
            if isinstance(result, Iterator):
                result = list(result)
        except PluginError:  # of another distribution, whose function this one calls
            raise
        except Exception as error:  # any exception of the foreign function
            raise self.origin.error(f"{name}() raised {type(error).__name__}: {error}") from error
        try:
            fault = self.fault_in(result, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever an object of another class raises
            fault = f"{excerpt(repr(result))}, which cannot be used ({error})"
        if fault:
            raise self.origin.error(f"{name}() returned {fault}.")
        return result


def fault_in_value(value: object, class_: type) -> str:
    """Return why a foreign value is not a sound object of a dataclass of ours; empty if it is one."""
    noun = f"{'an' if class_.__name__[0] in 'AEIO' else 'a'} {class_.__name__}"
    if not isinstance(value, class_):
        return f"{value!r}, which is not {noun}"
    for name, hint in _hints(class_).items():
        member = getattr(value, name)
        if not _fits(member, hint):
            return f"{noun} whose {name} is {member!r}"
    return ""


_hints = cache(get_type_hints)


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type hint
    """Return whether a value is of the type; text must be possible to write as UTF-8."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in get_args(hint))
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, origin or hint) and not (isinstance(value, str) and has_surrogates(value))


@cache
def load_plugins(group: str) -> tuple[Plugin, ...]:
    """Return the objects of every installed distribution, by distribution and name.

    Raises PluginError if one cannot be imported.
    """
    found = [_load(group, entry) for entry in entry_points(group=group)]
    return tuple(sorted(found, key=lambda plugin: plugin.origin))


def plugin_names(group: str) -> dict[str, str]:
    """Return the names of the entry points, each with its distribution; nothing is imported.

    Raises PluginError if two distributions use the same name.
    """
    found: dict[str, str] = {}
    for entry in entry_points(group=group):
        distribution = _distribution(entry)
        if found.setdefault(entry.name, distribution) != distribution:
            raise _origin(group, entry).error(f"{found[entry.name]} uses the same name.")
    return found


def load_plugin(group: str, name: str) -> Plugin:
    """Return the object of that name; raises PluginError if it cannot be imported."""
    (entry,) = entry_points(group=group, name=name)
    return _load(group, entry)


def plugin_files(*groups: str) -> Iterator[tuple[str, Path]]:
    """Yield every file of the packages that entry points lead to, each with a name; import nothing."""
    packages = {entry.module.partition(".")[0] for group in groups for entry in entry_points(group=group)}
    for package in sorted(packages):
        spec = find_spec(package)
        for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
            for name, path in package_files(folder):
                yield f"{package}/{name}", path
        if spec and not spec.submodule_search_locations and spec.origin:
            yield package, Path(spec.origin)


def package_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of an installed package, sorted, with its path relative to the package's folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), path


def plugin_distributions(*groups: str) -> list[str]:
    """Return the distributions that add something to these groups, with their versions; import nothing."""
    return sorted({_distribution(entry) for group in groups for entry in entry_points(group=group)})


def _load(group: str, entry: EntryPoint) -> Plugin:
    try:
        value = entry.load()
    except Exception as error:  # any exception of the foreign module while it is imported
        raise _origin(group, entry).error(f"{entry.value} cannot be loaded: {error}") from error
    return Plugin(_origin(group, entry), value)


def _origin(group: str, entry: EntryPoint) -> PluginOrigin:
    return PluginOrigin(distribution=_distribution(entry), name=entry.name, group=group)


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
