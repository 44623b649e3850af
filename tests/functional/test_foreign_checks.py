"""A check of another distribution: built, installed, asked in worker processes, reported, dismissed."""

import json
import re

import pytest

from healthtopics.release import Manifest
from support.distributions import Distribution, Environment
from support.samples import ROOT
from support.workspaces import Workspace

PAGE = (ROOT / "docs/checks.md").read_text()
(MODULE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
GROUP, NAME, TARGET = re.findall(r'\[project\.entry-points\."(.*)"\]\n(\w+) = "(.*)"', PAGE)[0]
CATALOGUE = "locales/es/LC_MESSAGES/cough.po"
MANY = 30
"""More topics than one process does by itself."""


def holding(module: str) -> str:
    """Let the check hold editions, and say which process it runs in."""
    module = module.replace('finding("', 'finding(f"').replace(
        "a man.", "a man, says {current_process().name}."
    )
    return f"from multiprocessing import current_process\n{module.replace('Level.WARNING', 'Level.ERROR')}"


def distribution(module: str = MODULE) -> Distribution:
    return Distribution(
        name="clinic-checks", files={"clinic.py": module}, entry_points={GROUP: {NAME: TARGET}}
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment.create(tmp_path_factory.mktemp("foreign") / "environment")


def published(environment: Environment, workspace: Workspace) -> Manifest:
    done = environment.healthtopics("publish", "-C", workspace.folder)
    assert done.returncode == 0, done.stderr
    return workspace.current().manifest


@pytest.mark.slow
def test_a_foreign_check_is_asked_reported_and_dismissed(environment: Environment, fresh: Workspace) -> None:
    topic = json.loads((fresh.folder / "topics/fever.json").read_text())
    for number in range(MANY):
        fresh.add_topic({**topic, "id": f"fever-{number}"})
    fresh.edit_catalogue("cough", "What a cough is.", msgstr="El doctor sabe qué es.")
    environment.install(distribution(holding(MODULE)))

    held = {each.topic: each.problems for each in published(environment, fresh).held}
    (problem,) = held["cough"]
    assert problem.check == "clinic-doctor"
    assert "names a man, says" in problem.message
    assert "MainProcess" not in problem.message
    done = environment.healthtopics("catalogue", "check", "cough", "-C", fresh.folder)
    assert "clinic-doctor" in done.stdout + done.stderr

    comment = "# lint-ignore: clinic-doctor\n"
    fresh.replace(CATALOGUE, 'msgctxt "description"', f'{comment}msgctxt "description"')
    done = environment.healthtopics("catalogue", "check", "cough", "-C", fresh.folder)
    assert "clinic-doctor" not in done.stdout + done.stderr
    assert "cough" not in {each.topic for each in published(environment, fresh).held}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('doc="A doctor may be a woman.", ', "", "The check 'clinic-doctor' has no doc"),
        ("clinic-doctor", "number-lost", "The id 'number-lost' is taken by another check."),
        (
            "CLINIC_DOCTOR = Check(",
            "CLINIC_DOCTOR = (lambda *_, **__: 3)(",
            "is not a healthtopics.checks.values.Check",
        ),
    ],
)
def test_a_foreign_check_that_cannot_be_used_is_refused(
    environment: Environment, fresh: Workspace, old: str, new: str, reason: str
) -> None:
    assert old in MODULE
    environment.install(distribution(MODULE.replace(old, new)))
    done = environment.healthtopics("catalogue", "check", "-C", fresh.folder)
    assert done.returncode == 78
    assert reason in done.stderr
    assert "clinic-checks 1.0" in done.stderr
