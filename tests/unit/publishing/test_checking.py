"""The answer about some topics is the same with a cache, without it, and after every kind of edit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from healthtopics.cache import NO_CACHE, Cache
from healthtopics.language import LanguageTag
from healthtopics.publishing.checking import Checked, check_topics
from healthtopics.publishing.values import Engine, Maker
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.collections import MemoryCache
from support.files import MemoryFiles

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
MAKER = Maker(name="tests 1", digest="1" * 64)
SPANISH = LanguageTag("es")
CATALOGUE = "locales/es/LC_MESSAGES"
OWN = ["topics/asthma.json", f"{CATALOGUE}/asthma.po", "topics/cough.json", f"{CATALOGUE}/cough.po"]
WORDS = (
    b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    b'#, fuzzy\nmsgctxt "label"\nmsgid "Start Here"\nmsgstr "Empiece"\n'
)

EDITS: dict[str, Callable[[MemoryFiles], MemoryFiles]] = {
    "the topic": lambda files: files.edited("asthma", relatedTopics=["cough", "fever"]),
    "its catalogue": lambda files: files.translated(SPANISH, "asthma", "Asthma", ""),
    "a link in the catalogue": lambda files: files.replaced(
        SPANISH, "asthma", r"topic:cough\">tos", r"topic:fever\">tos"
    ),
    "a linked topic": lambda files: files.edited("cough", title="Coughing"),
    "a linked topic's dates": lambda files: files.edited(
        "cough", dates={**files.document("cough")["dates"], "withdrawFrom": "2026-11-21"}
    ),
    "a linked topic's syntax": lambda files: replace(files, own_topics={**files.own_topics, "cough": b"{"}),
    "a deleted topic": lambda files: files.without_topic("cough"),
    "the words": lambda files: files.with_catalogue(SPANISH, "vocabulary", WORDS),
    "a vocabulary": lambda files: files.with_vocabulary(
        {"id": "categories", "title": "Own", "entries": [{"id": "own", "label": "Own"}]}
    ),
    "nothing": lambda files: files,
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder = tmp_path_factory.mktemp("checking") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


def _check(files: MemoryFiles, cache: Cache = NO_CACHE, now: datetime = NOW) -> Checked:
    return check_topics(files, ["asthma"], now=now, maker=MAKER, engine=Engine(cache=cache))


def test_the_answer_is_recalled_from_the_topic_and_what_it_links_to(files: MemoryFiles) -> None:
    cache = MemoryCache()
    first = _check(files, cache)
    files.log.clear()
    assert _check(files, cache) == first
    assert sorted(set(files.log) - {f"{CATALOGUE}/{name}.po" for name in ("vocabulary", "interface")}) == (
        sorted(OWN)
    )
    assert len(files.log) == len(set(files.log))  # nothing is read for being parsed


def test_an_edit_elsewhere_needs_no_other_answer(files: MemoryFiles) -> None:
    cache = MemoryCache()
    first = _check(files, cache)
    known = dict(cache.values)
    assert _check(files.edited("fever", title="High fever"), cache) == first
    assert cache.values == known


def test_it_is_the_same_as_without_a_cache_after_every_edit_and_its_undoing(files: MemoryFiles) -> None:
    cache = MemoryCache()
    before = _check(files)
    for name, edit in EDITS.items():
        assert _check(files, cache) == before, name
        edited = edit(files)
        expected = _check(edited)
        assert [_check(edited, cache), _check(edited, cache)] == [expected, expected], name


def test_it_changes_on_the_day_on_which_a_linked_topic_goes(files: MemoryFiles) -> None:
    cache = MemoryCache()
    going = EDITS["a linked topic's dates"](files)
    for day, found in ((20, []), (21, ["link-unpublished"]), (22, ["link-unpublished"]), (20, [])):
        now = NOW.replace(day=day)
        checked = _check(going, cache, now)
        assert checked == _check(going, now=now)
        assert [problem.check for problem in checked.problems] == found
