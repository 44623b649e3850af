from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.metrics import (
    Attempt,
    Measures,
    Series,
    measure_attempt,
    measure_pointer,
    measure_release,
    read_metrics,
    write_metrics,
)
from healthtopics.release import open_current
from support.releases import MemoryStore, publish

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
TOPICS: Measures = {
    Series("topics", (("language", "en"),)): 3,
    Series("topics", (("language", "es"),)): 2,
    Series("release_number"): 7,
}


def attempt(
    exit_code: int = 0, *, command: str = "publish", folder: str = "/srv/topics", day: int = 0
) -> Attempt:
    return Attempt(
        command=command,
        folder=folder,
        ended=NOW.replace(day=20 + day),
        seconds=1.5,
        exit_code=exit_code,
    )


def value(measures: Measures, name: str, *, command: str = "publish", **labels: str) -> float | None:
    pairs = {"command": command, "folder": "/srv/topics", **labels}
    return measures.get(Series(name, tuple(sorted(pairs.items()))))


def test_a_success_says_everything() -> None:
    found = measure_attempt({}, attempt(), TOPICS)
    assert value(found, "last_success_timestamp_seconds") == NOW.timestamp()
    assert value(found, "last_attempt_timestamp_seconds") == NOW.timestamp()
    assert (value(found, "exit_code"), value(found, "duration_seconds")) == (0, 1.5)
    assert value(found, "topics", language="es") == 2
    assert value(found, "release_number") == 7


def test_a_failure_keeps_what_is_still_true() -> None:
    found = measure_attempt(measure_attempt({}, attempt(), TOPICS), attempt(1, day=1), {})
    assert value(found, "exit_code") == 1
    assert value(found, "last_success_timestamp_seconds") == NOW.timestamp()
    assert value(found, "last_attempt_timestamp_seconds") == NOW.timestamp() + 86_400
    assert value(found, "topics", language="es") == 2


def test_a_language_that_was_removed_leaves() -> None:
    found = measure_attempt(
        measure_attempt({}, attempt(), TOPICS), attempt(), {Series("topics", (("language", "en"),)): 3}
    )
    assert value(found, "topics", language="en") == 3
    assert value(found, "topics", language="es") is None
    assert value(found, "release_number") is None


def test_other_jobs_are_left_alone() -> None:
    imported = measure_attempt({}, attempt(command="import medlineplus"), {})
    elsewhere = measure_attempt(imported, attempt(folder="/srv/other"), TOPICS)
    found = measure_attempt(elsewhere, attempt(), {Series("release_number"): 8})
    assert elsewhere.items() <= found.items()
    assert value(found, "exit_code", command="import medlineplus") == 0


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=8),
            st.sampled_from([0, 1, 75]),
        ),
        max_size=4,
    )
)
def test_a_file_says_what_was_written(runs: list[tuple[str, int]]) -> None:
    measures: Measures = {}
    for folder, code in runs:
        measures = measure_attempt(measures, attempt(code, folder=folder), TOPICS if code == 0 else {})
        assert read_metrics(write_metrics(measures).decode()) == measures


def test_what_is_not_ours_is_dropped() -> None:
    own = 'healthtopics_exit_code{command="pull",folder="/a"} 3'
    lines = [
        "other 1",
        "healthtopics_unknown 2",
        "healthtopics_topics 3",
        'healthtopics_exit_code{job="a"} 4',
        own,
    ]
    measures = read_metrics("\n".join([*lines, ""]))
    assert measures == {Series("exit_code", (("command", "pull"), ("folder", "/a"))): 3}
    assert own in write_metrics(measures).decode()


@given(st.data())
def test_a_damaged_file_is_refused_or_read_in_part(data: st.DataObject) -> None:
    text = write_metrics(measure_attempt({}, attempt(), TOPICS)).decode()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        text = (
            text[:at]
            + data.draw(st.text('{}=",\\ \n#x1é\0', max_size=2))
            + text[at + data.draw(st.integers(0, 9)) :]
        )
    try:
        measures = read_metrics(text)
    except ValueError:
        return
    write_metrics(measure_attempt(measures, attempt(), TOPICS))


@pytest.mark.parametrize("text", ["<html>", "healthtopics_exit_code{folder=", "healthtopics_exit_code x\n"])
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - in the words of the library
        read_metrics(text)


def test_a_release_is_measured_by_language() -> None:
    store = MemoryStore()
    publish(store)
    opened = open_current(store)
    pointer = {**opened.pointer, "sequence": 9, "pinned": 4}
    found = measure_release(opened.manifest, pointer, held={"es": 1}, new=2)
    files = opened.manifest.files
    assert found[Series("release_number")] == opened.manifest.number
    assert found[Series("release_sequence")] == 9
    assert found[Series("release_pinned")] == 4
    assert found[Series("artifacts_new")] == 2
    assert found[Series("artifacts_reused")] == len(files) - 2
    assert found[Series("artifact_bytes")] == sum(each.length for each in files.values())
    for language, held in (("en", 0), ("es", 1)):
        labels = (("language", language),)
        assert found[Series("topics", labels)] == 2
        assert found[Series("held_editions", labels)] == held


def test_a_pointer_of_older_software_has_no_sequence() -> None:
    found = measure_pointer({"number": 3, "expires": "2026-11-22T06:00:00Z"})
    assert (found[Series("release_sequence")], found[Series("release_pinned")]) == (0, 0)
    expires = datetime(2026, 11, 22, 6, tzinfo=UTC).timestamp()
    assert found[Series("release_expires_timestamp_seconds")] == expires
