"""Whatever was published before, and whatever was learnt of it: the same files give the same content."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from healthtopics.cache import NO_CACHE, Cache
from healthtopics.configuration import LanguagePolicy
from healthtopics.formats.table import format_names
from healthtopics.publishing.publication import publish
from healthtopics.publishing.values import Engine, Maker
from healthtopics.publishing.withdrawals import Permission
from healthtopics.release import open_current, verify
from support.collections import MemoryCache
from support.edits import EDITS, SPANISH, sound
from support.files import MemoryFiles
from support.histories import undated
from support.stores import MemoryStore

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests", digest="0" * 64)

ANYTHING = Permission(topics=1000, names=frozenset({"es", *format_names()}))


def _publish(files: MemoryFiles, store: MemoryStore, cache: Cache = NO_CACHE) -> dict[str, str]:
    publish(files, store, now=NOW, maker=MAKER, permission=ANYTHING, engine=Engine(cache=cache))
    current = open_current(store)
    assert not verify(store, current)
    return {name: artifact.sha256 for name, artifact in current.manifest.files.items()}


def _check(names: list[str]) -> None:
    store, cache = MemoryStore(), MemoryCache()
    files = sound()
    _publish(files, store, cache)
    for name in names:
        files = EDITS[name](files)
        held_before = open_current(store).manifest.held
        _publish(files, store, cache)
        if held_before or open_current(store).manifest.held:
            continue
        fresh = MemoryStore()
        _publish(files, fresh)
        assert undated(store) == undated(fresh), name


@pytest.mark.parametrize("name", EDITS)
def test_after_one_edit(name: str) -> None:
    _check([name])


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=2, max_size=6))
def test_after_any_edits(names: list[str]) -> None:
    _check(names)


def _publish_as(names: list[str], *, is_cached: bool) -> list[tuple[dict[str, str], tuple[Any, ...]]]:
    """Publish after each edit, under a policy that holds editions; return what each release was."""
    store = MemoryStore()
    cache = MemoryCache() if is_cached else NO_CACHE
    files = sound().configured(languages={SPANISH: LanguagePolicy()})
    releases: list[tuple[dict[str, str], tuple[Any, ...]]] = [(_publish(files, store, cache), ())]
    for name in names:
        files = EDITS[name](files)
        published = _publish(files, store, cache)
        releases.append((published, open_current(store).manifest.held))
    return releases


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["no Spanish sentence", "a stricter policy"])
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=5))
def test_with_held_editions_the_same_history_gives_the_same_releases(names: list[str]) -> None:
    assert _publish_as(names, is_cached=True) == _publish_as(names, is_cached=False)
