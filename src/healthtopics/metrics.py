"""What a job did, as metrics in the Prometheus text format.

One file holds the series of all jobs that report to it. A run replaces its own; one that fails keeps what the
last successful run said of the release.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from healthtopics.release import Manifest

_PREFIX: Final = "healthtopics_"
_ABOUT_RUNS: Final = {
    "last_attempt_timestamp_seconds": "When the job ended last, whatever the result.",
    "last_success_timestamp_seconds": "When the job ended last with exit code 0.",
    "exit_code": "Exit code of the last run.",
    "duration_seconds": "How long the last run took.",
}
_ABOUT_RESULTS: Final = {
    "release_number": "Number of the current release.",
    "release_sequence": "Sequence number of the pointer to the current release.",
    "release_pinned": "Number of the release that a rollback went back to; 0 for none.",
    "release_expires_timestamp_seconds": "When readers take the current release for stale.",
    "topics": "Topics that readers get, by language.",
    "untranslated_messages": "Messages without a usable translation, by language.",
    "held_editions": "Editions that are held, by language.",
    "artifacts_new": "Files that the last run added or changed.",
    "artifacts_reused": "Files of the current release that the last run took over.",
    "artifact_bytes": "Size of the files of the current release.",
    "fetched_files": "Files that the last pull fetched.",
    "fetched_bytes": "Size of what the last pull fetched.",
    "webhook_messages_pending": "Messages that webhooks have not taken yet.",
}
_BY_LANGUAGE: Final = ("topics", "untranslated_messages", "held_editions")
HELP: Final = {**_ABOUT_RUNS, **_ABOUT_RESULTS}
"""What each metric says, by its name without prefix."""

Labels = tuple[tuple[str, str], ...]
"""Sorted pairs of name and value."""


class Series(NamedTuple):
    """The name of a metric, without prefix, and its labels."""

    name: str
    labels: Labels = ()


Measures = Mapping[Series, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A run of a job that has ended."""

    command: str
    folder: str
    """The workspace, or the copy: with the command, it tells the jobs of a machine apart."""
    ended: datetime
    seconds: float
    exit_code: int


def measure_release(
    manifest: Manifest, pointer: Mapping[str, Any], *, held: Mapping[str, int], new: int
) -> dict[Series, float]:
    """Return the measures of the current release; `held` counts editions by language, `new` its new files."""
    editions = {(each.topic, each.language) for each in manifest.files.values() if each.topic}
    topics = Counter(language for _topic, language in editions if language)
    untranslated: Counter[str] = Counter()
    for languages in manifest.coverage.values():
        for language, counts in languages.items():
            untranslated[language] += counts["messages"] - counts["translated"]
    found: dict[Series, float] = {
        **measure_pointer(pointer),
        Series("artifacts_new"): new,
        Series("artifacts_reused"): len(manifest.files) - new,
        Series("artifact_bytes"): sum(each.length for each in manifest.files.values()),
    }
    for language in manifest.languages:
        labels = (("language", language),)
        found[Series("topics", labels)] = topics[language]
        found[Series("untranslated_messages", labels)] = untranslated[language]
        found[Series("held_editions", labels)] = held.get(language, 0)
    return found


def measure_pointer(pointer: Mapping[str, Any]) -> dict[Series, float]:
    """Return what `current.json` says."""
    return {
        Series("release_number"): pointer["number"],
        Series("release_sequence"): pointer.get("sequence", 0),
        Series("release_pinned"): pointer.get("pinned", 0),
        Series("release_expires_timestamp_seconds"): datetime.fromisoformat(pointer["expires"]).timestamp(),
    }


def measure_attempt(before: Measures, attempt: Attempt, measures: Measures) -> Measures:
    """Return the series of a file after an attempt; `before` are those that it had."""
    own = (("command", attempt.command), ("folder", attempt.folder))

    def of_job(series: Series) -> Series:
        return Series(series.name, tuple(sorted({**dict(series.labels), **dict(own)}.items())))

    def is_kept(series: Series) -> bool:
        is_own = set(own) <= set(series.labels)
        return not (is_own and measures and series.name in _ABOUT_RESULTS)

    now = attempt.ended.timestamp()
    runs = {
        Series("last_attempt_timestamp_seconds"): now,
        Series("exit_code"): attempt.exit_code,
        Series("duration_seconds"): attempt.seconds,
    }
    if attempt.exit_code == 0:
        runs[Series("last_success_timestamp_seconds")] = now
    found = {series: value for series, value in before.items() if is_kept(series)}
    return found | {of_job(series): value for series, value in (runs | dict(measures)).items()}


def read_metrics(text: str) -> Measures:
    """Return the series of a file that `write_metrics` made, without any others.

    Raises ValueError for what is not in the text format.
    """
    try:
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    except (LookupError, TypeError) as error:  # the library's parser expects the format
        raise ValueError(str(error)) from None
    found = {}
    for sample in samples:
        name = sample.name.removeprefix(_PREFIX)
        if name in HELP and sample.labels.keys() == _labels_of(name):
            found[Series(name, tuple(sorted(sample.labels.items())))] = sample.value
    return found


def _labels_of(name: str) -> set[str]:
    return {"command", "folder"} | ({"language"} if name in _BY_LANGUAGE else set())


def write_metrics(measures: Measures) -> bytes:
    """Return the text of a file with these series."""
    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for series in sorted(measures):
        if series.name not in gauges:
            names = [name for name, _value in series.labels]
            gauges[series.name] = Gauge(_PREFIX + series.name, HELP[series.name], names, registry=registry)
        gauges[series.name].labels(**dict(series.labels)).set(measures[series])
    return generate_latest(registry)
