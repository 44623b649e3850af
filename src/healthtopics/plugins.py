"""What other distributions add: the objects of an entry point group such as `healthtopics.checks`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from healthtopics.errors import PluginError


@dataclass(frozen=True, slots=True)
class Plugin:
    """One object that a distribution offers."""

    name: str
    """Of the entry point."""
    distribution: str
    """Name and version: `acme-checks 1.0`."""
    value: object


@cache
def load_plugins(group: str) -> tuple[Plugin, ...]:
    """Return the objects of every installed distribution, by distribution and name.

    Raises PluginError where one cannot be imported.
    """
    found = [_load(group, entry) for entry in entry_points(group=group)]
    return tuple(sorted(found, key=lambda plugin: (plugin.distribution, plugin.name)))


def plugin_names(group: str) -> dict[str, str]:
    """Return the names of the entry points, each with its distribution; nothing is imported.

    Raises PluginError where two distributions use the same name.
    """
    found: dict[str, str] = {}
    for entry in entry_points(group=group):
        distribution = _distribution(entry)
        if found.setdefault(entry.name, distribution) != distribution:
            raise PluginError(group, entry.name, distribution, f"{found[entry.name]} uses the same name.")
    return found


def load_plugin(group: str, name: str) -> Plugin:
    """Return the object of that name; raises PluginError where it cannot be imported."""
    (entry,) = entry_points(group=group, name=name)
    return _load(group, entry)


def plugin_files(*groups: str) -> Iterator[tuple[str, Path]]:
    """Yield every file of the packages that entry points lead to, each with a name; import nothing."""
    packages = {entry.module.partition(".")[0] for group in groups for entry in entry_points(group=group)}
    for package in sorted(packages):
        spec = find_spec(package)
        for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    yield f"{package}/{path.relative_to(folder).as_posix()}", path
        if spec and not spec.submodule_search_locations and spec.origin:
            yield package, Path(spec.origin)


def plugin_distributions(*groups: str) -> list[str]:
    """Return the distributions that add something to these groups, with their versions; import nothing."""
    return sorted({_distribution(entry) for group in groups for entry in entry_points(group=group)})


def _load(group: str, entry: EntryPoint) -> Plugin:
    try:
        value = entry.load()
    except Exception as error:  # whatever the foreign module raises while it is imported
        reason = f"{entry.value} cannot be loaded: {error}"
        raise PluginError(group, entry.name, _distribution(entry), reason) from error
    return Plugin(entry.name, _distribution(entry), value)


def _distribution(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
