"""No release withdraws more than a limit unless somebody permits it."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from healthtopics.errors import BuildError, StorageError
from healthtopics.language import LanguageTag
from healthtopics.publishing.publication import Outcome, publish
from healthtopics.publishing.values import Maker
from healthtopics.publishing.withdrawals import Permission, check_withdrawals
from healthtopics.release import Artifact, Manifest
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.files import MemoryFiles
from support.stores import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
SPANISH = LanguageTag("es")
MAKER = Maker(name="tests 1", digest="1" * 64)
FORMATS = ("fhir-r4", "fhir-r5")


def _manifest(
    topics: Collection[int], languages: Collection[str] = ("en", "es"), formats: Collection[str] = FORMATS
) -> Manifest:
    artifacts = {
        f"{format_}/{language}/t{number}.json": Artifact(
            sha256="0" * 64,
            length=0,
            media_type="",
            topic=f"t{number}",
            language=language,
            format=format_,
            inputs="",
        )
        for number in topics
        for language in languages
        for format_ in formats
    }
    spanning = {"topics.json": Artifact(sha256="0" * 64, length=0, media_type="", format="index", inputs="")}
    return Manifest(
        number=7,
        previous=None,
        time="",
        base_url="",
        software="",
        languages=tuple(languages),
        coverage={},
        held=(),
        files={**spanning, **artifacts},
    )


def _checks(last: Manifest, following: Manifest, *due: str, allow: Collection[str] = ()) -> list[str]:
    return [each.check for each in check_withdrawals(last, following, due, Permission.of(allow))]


@pytest.mark.parametrize(
    ("before", "lost", "found"),
    [
        (1000, 0, 0),
        (1000, 100, 0),  # a tenth
        (1000, 101, 1),
        (20, 5, 0),  # five may always go
        (20, 6, 1),
        (60, 6, 0),
        (59, 6, 1),
        (9, 5, 1),  # more than half
        (8, 4, 0),
        (2, 1, 0),
        (1, 1, 1),
    ],
)
def test_the_limit_of_topics(before: int, lost: int, found: int) -> None:
    rest = _manifest(range(lost, before)) if lost < before else _manifest((9999,))
    assert _checks(_manifest(range(before)), rest) == ["withdrawn-topics"] * found


def test_the_topics_are_named_and_so_is_the_way_out() -> None:
    (problem,) = check_withdrawals(_manifest(range(20)), _manifest(range(6, 20)), ())
    assert problem.message == "6 of the 20 topics of release 7 would be withdrawn: t0, t1, t2, t3, t4, t5."
    assert "`healthtopics publish --allow-withdrawals 6`" in problem.hint
    (many,) = check_withdrawals(_manifest(range(2000)), _manifest(range(1000)), ())
    assert many.message.endswith(", t1099 and 900 more.")


@pytest.mark.parametrize(
    ("allow", "found"),
    [((), 1), (("5",), 1), (("6",), 0), (("6", "2"), 0), (("es",), 1)],
)
def test_a_number_permits_so_many_topics(allow: Collection[str], found: int) -> None:
    checks = _checks(_manifest(range(20)), _manifest(range(6, 20)), allow=allow)
    assert checks == ["withdrawn-topics"] * found


def test_topics_that_are_due_do_not_count() -> None:
    last, following = _manifest(range(20)), _manifest(range(6, 20))
    assert _checks(last, following, "t0") == []
    assert _checks(last, following, "t9") == ["withdrawn-topics"]
    # The last topic that a language has may go on its day.
    spanish = replace_files(_manifest(range(20), ("en",)), _manifest((0,), ("es",)))
    assert _checks(spanish, _manifest(range(1, 20), ("en",)), "t0") == []
    assert _checks(_manifest((1,)), _manifest(()), "t1") == []


def replace_files(first: Manifest, second: Manifest) -> Manifest:
    """Return the first manifest with the files of both."""
    return msgspec.structs.replace(first, files={**first.files, **second.files})


@pytest.mark.parametrize("allow", [(), ("3",), ("fr",), ("fhir-r5",)])
def test_a_whole_language(allow: Collection[str]) -> None:
    assert _checks(_manifest((1, 2)), _manifest((1, 2), ("en",)), allow=allow) == ["withdrawn-language"]
    assert _checks(_manifest((1, 2)), _manifest((1, 2), ("en",)), allow=(*allow, "es")) == []


@pytest.mark.parametrize("allow", [(), ("3",), ("es",), ("fhir-r4",)])
def test_a_whole_format(allow: Collection[str]) -> None:
    assert _checks(_manifest((1, 2)), _manifest((1, 2), formats=("fhir-r4",)), allow=allow) == [
        "withdrawn-format"
    ]
    assert (
        _checks(_manifest((1, 2)), _manifest((1, 2), formats=("fhir-r4",)), allow=(*allow, "fhir-r5")) == []
    )


# In a publication


@dataclass(frozen=True)
class Moving(MemoryFiles):
    """Files of which some are there only when they are listed for the second time."""

    later: "MemoryFiles | None" = field(default=None, compare=False)

    def listed_again(self) -> MemoryFiles:
        return self.later or self


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("withdrawals") / "workspace"
    files = MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))
    # Nothing links to another topic.
    files = files.edited("asthma", relatedTopics=[], sections=files.document("cough")["sections"])
    words = files.own_catalogues[SPANISH]
    return files.with_catalogue(SPANISH, "asthma", words["asthma"] + words["cough"].partition(b"\n\n")[2])


def _publish(files: MemoryFiles, store: MemoryStore, **options: Any) -> Outcome:
    return publish(files, store, now=NOW + timedelta(days=len(store.objects)), maker=MAKER, **options)


def test_a_refused_release_changes_nothing(files: MemoryFiles) -> None:
    store = MemoryStore()
    _publish(files, store)
    fewer = files.without_topic("cough").without_topic("fever")
    with pytest.raises(
        BuildError, match=r"2 of the 3 topics of release 1 would be withdrawn: cough, fever\."
    ):
        _publish(fewer, store)
    assert store.current == 1
    assert not [key for key in store.objects if key.startswith("releases/000002/")]
    done = _publish(fewer, store, permission=Permission(topics=2))
    assert list(done.manifest.coverage) == ["asthma"]


def test_topics_go_on_their_day(files: MemoryFiles) -> None:
    store = MemoryStore()
    _publish(files, store)
    for name in ("cough", "fever"):
        dates = {**files.document(name)["dates"], "withdrawFrom": "2026-11-20"}
        files = files.edited(name, dates=dates)
    assert list(_publish(files, store).manifest.coverage) == ["asthma"]


def test_a_topic_that_was_absent_for_a_moment_is_not_withdrawn(files: MemoryFiles) -> None:
    store = MemoryStore()
    _publish(files, store)
    without = files.without_topic("cough")
    moving = Moving(
        **{name: getattr(without, name) for name in MemoryFiles.__dataclass_fields__}, later=files
    )
    with pytest.raises(
        StorageError, match=r"topics/cough.json: it was not there when the workspace was listed"
    ):
        _publish(moving, store)
    assert store.current == 1
    assert "cough" not in _publish(replace(moving, later=None), store).manifest.coverage
