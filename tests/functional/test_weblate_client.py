"""What Weblate's check asks `healthtopics lsp`, without Weblate."""

import os
import signal
import subprocess
import sys
import threading
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
    assert len(judges._places) == 1


def test_warnings_say_what_to_do(client: Any, judges: Any, catalogue: Path) -> None:
    (found,) = judges.find(catalogue, "es", client.Entry("paragraph", ENGLISH, RIGHT.replace("de ", "de  ")))
    assert (found.check, found.is_error) == ("space-double", False)
    assert "two spaces" in found.message


def test_a_catalogue_keeps_its_process_and_gets_another_if_that_is_killed(
    client: Any, judges: Any, catalogue: Path
) -> None:
    def process() -> int:
        judges.find(catalogue, "es", client.Entry("paragraph", ENGLISH, RIGHT))
        return int(judges._places[catalogue].judge._process.pid)

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
    assert [path.name for path in judges._places] == ["two.po"]


@pytest.mark.parametrize("command", [("true",), ("cat",), ("/nowhere/healthtopics", "lsp")])
def test_what_does_not_answer_is_an_error(
    client: Any, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PATIENCE_S", 0.2)
    judges = client.Judges(command)
    path = tmp_path / "a.po"
    with pytest.raises(OSError, match=r"not answer|has ended|No such file|Broken pipe"):
        judges.find(path, "es", client.Entry("paragraph", "Rest.", "Descanse."))
    assert judges._places[path].judge is None


def test_a_process_that_hangs_keeps_nobody_waiting_in_other_catalogues(client: Any, tmp_path: Path) -> None:
    """The first process waits until the second catalogue was judged."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    program = f'mkdir "{tmp_path}/first" 2>/dev/null && cat "{gate}"; exec "{HEALTHTOPICS}" lsp'
    judges = client.Judges(("sh", "-c", program))
    entry = client.Entry("paragraph", "Take 2 pills.", "Tome 3 píldoras.")
    found: list[Any] = []
    first = threading.Thread(target=lambda: found.extend(judges.find(tmp_path / "one.po", "es", entry)))
    first.start()
    while not (tmp_path / "first").exists():  # the process of the first catalogue hangs
        threading.Event().wait(0.01)
    assert [each.check for each in judges.find(tmp_path / "two.po", "es", entry)] == ["number-changed"]
    assert not found
    gate.write_bytes(b"")
    first.join()
    judges.end()
    assert [each.check for each in found] == ["number-changed"]


ABSENT = """
import sys
from types import ModuleType, SimpleNamespace
sys.path.append(sys.argv[1])
settings = SimpleNamespace(HEALTHTOPICS_COMMAND=("/nowhere/healthtopics", "lsp"))
for name in ("django", "weblate", "weblate.checks"):
    sys.modules[name] = ModuleType(name)
sys.modules["django.conf"] = SimpleNamespace(settings=settings)
sys.modules["weblate.checks.base"] = SimpleNamespace(TargetCheck=object)
from healthtopics_weblate.checks import HealthTopicsCheck, HealthTopicsHintCheck
place = SimpleNamespace(get_filename=lambda: "/nowhere/a.po", language=SimpleNamespace(code="es"))
unit = SimpleNamespace(context="", note="", source_string="Rest.", translation=place)
unit.get_target_plurals = lambda: ["Descanse."]
for check in (HealthTopicsCheck(), HealthTopicsHintCheck()):
    print(check.check_single("Rest.", "Descanse.", unit))
print(HealthTopicsCheck().get_description(SimpleNamespace(unit=unit)))
"""


def test_what_could_not_be_checked_fails_the_enforced_check() -> None:
    """Here is as little of Weblate as the check needs; Weblate itself is tried in tests/conformance."""
    command = [sys.executable, "-c", ABSENT, str(ROOT / "contrib/weblate")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    enforced, hint, said = done.stdout.splitlines()
    assert (enforced, hint) == ("True", "False")
    assert said.startswith("This text was not checked: ")
    assert said.endswith(" (not-checked)")
