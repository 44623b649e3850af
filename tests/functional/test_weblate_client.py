"""What Weblate's check asks `healthtopics lsp`, without Weblate."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.editors import HEALTHTOPICS
from support.samples import ROOT
from support.workspaces import Workspace

ENGLISH = "About 25 million people in the United States have asthma."
RIGHT = "Cerca de 25 millones de personas en los Estados Unidos tienen asma."
WRONG = RIGHT.replace("25", "52")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """The module as Weblate imports it."""
    sys.path.append(str(ROOT / "contrib/weblate"))
    from healthtopics_weblate import client  # noqa: PLC0415 - it is not installed

    yield client
    sys.path.remove(str(ROOT / "contrib/weblate"))


@pytest.fixture
def judges(client: Any) -> Iterator[Any]:
    found = client.Judges((str(HEALTHTOPICS), "lsp"))
    yield found
    found.end()


@pytest.fixture
def catalogue(fresh: Workspace) -> Path:
    def edit(document: dict[str, Any]) -> None:
        document["sections"][0]["body"].insert(0, {"paragraph": ENGLISH})

    fresh.edit_topic("asthma", edit)
    fresh.run("catalogue", "update")
    return fresh.folder / "locales/es/LC_MESSAGES/asthma.po"


def test_entries_are_judged_before_they_are_saved(client: Any, judges: Any, catalogue: Path) -> None:
    def find(target: str, notes: str = "") -> list[str]:
        entry = client.Entry("paragraph", ENGLISH, target, notes)
        return [each.check for each in judges.find(catalogue, "es", entry) if each.is_error]

    before = catalogue.read_bytes()
    assert find(WRONG) == ["number-changed"]
    assert find(RIGHT) == []
    assert {"number-changed", "message-tab"} <= set(find(f'{WRONG}\n"\\ 🫁\t'))
    assert find(WRONG, "Section “What is it?”.\nlint-ignore: number-changed") == []
    assert catalogue.read_bytes() == before
    assert len(judges._judges) == 1


def test_warnings_say_what_to_do(client: Any, judges: Any, catalogue: Path) -> None:
    (found,) = judges.find(catalogue, "es", client.Entry("paragraph", ENGLISH, RIGHT.replace("de ", "de  ")))
    assert (found.check, found.is_error) == ("space-double", False)
    assert "two spaces" in found.message


def test_a_catalogue_keeps_its_process_and_gets_another_if_that_is_killed(
    client: Any, judges: Any, catalogue: Path
) -> None:
    def process() -> int:
        judges.find(catalogue, "es", client.Entry("paragraph", ENGLISH, RIGHT))
        return int(judges._judges[catalogue]._process.pid)

    first = process()
    assert process() == first
    os.kill(first, signal.SIGKILL)
    assert process() != first


def test_few_catalogues_have_a_process(
    client: Any, judges: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "MOST_PROCESSES", 1)
    entry = client.Entry("paragraph", "Rest.", "Descanse.")
    for name in ("one.po", "two.po"):
        judges.find(tmp_path / name, "es", entry)
    assert [path.name for path in judges._judges] == ["two.po"]


@pytest.mark.parametrize("command", [("true",), ("cat",), ("/nowhere/healthtopics", "lsp")])
def test_what_does_not_answer_is_an_error(
    client: Any, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENCE_S", 0.2)
    judges = client.Judges(command)
    with pytest.raises(OSError, match=r"not answer|No such file|Broken pipe"):
        judges.find(tmp_path / "a.po", "es", client.Entry("paragraph", "Rest.", "Descanse."))
    assert not judges._judges
