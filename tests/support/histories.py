"""The content of releases, to compare them where only their histories differ."""

from typing import Any

from healthtopics.formats.fhir.versions import mark_versions
from healthtopics.publishing.versions import History
from healthtopics.release import TOPICS_SQLITE, Store, open_current, read_artifact
from support.workspaces import read_as_value

TIME = "2026-11-30T06:00:00Z"
"""The time of a release."""


def dated(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a FHIR resource as in a first release."""
    return mark_versions(resource, History(time=TIME))


_DATES = frozenset({"versionId", "lastUpdated", "timestamp", "sdDatePublished", "withdrawn"})
_OF_TOPICS = frozenset({"version", "date", "count"})
"""Members of the code system and the value set of topics that depend on topics that were withdrawn."""


def undated(store: Store) -> dict[str, Any]:
    """Return the current release's artifacts by name: all that does not depend on the releases before."""
    files = open_current(store).manifest.files
    return {
        name: _undated(read_as_value(name, read_artifact(store, name, artifact)))
        for name, artifact in files.items()
        if name != TOPICS_SQLITE and not name.endswith(".tgz")  # which tell what was before
    }


def _undated(value: Any) -> Any:
    if isinstance(value, list):
        return [_undated(each) for each in value]
    if not isinstance(value, dict):
        return value
    dropped = _DATES
    if value.get("resourceType") == "Bundle":
        dropped |= {"identifier"}
    elif value.get("id") == "health-topic":
        dropped |= _OF_TOPICS
        value = {**value, "concept": [each for each in value.get("concept", ()) if not _is_inactive(each)]}
    return {name: _undated(member) for name, member in value.items() if name not in dropped}


def _is_inactive(concept: dict[str, Any]) -> bool:
    return any(each["code"] == "inactive" for each in concept["property"])
