"""What other distributions add: the objects of an entry point group such as `healthtopics.checks`."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

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
    found = []
    for entry in entry_points(group=group):
        distribution = f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
        try:
            value = entry.load()
        except Exception as error:  # whatever the foreign module raises while it is imported
            reason = f"{entry.value} cannot be loaded: {error}"
            raise PluginError(group, entry.name, distribution, reason) from error
        found.append(Plugin(entry.name, distribution, value))
    return tuple(sorted(found, key=lambda plugin: (plugin.distribution, plugin.name)))
