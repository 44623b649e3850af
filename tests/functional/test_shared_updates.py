"""`catalogue update` of many topics: other processes share the work and change nothing that comes out."""

from pathlib import Path

import pytest

from healthtopics.language import LanguageTag
from healthtopics.publishing.values import PLAIN, Engine
from healthtopics.storage.processes import Processes
from healthtopics.storage.workspace import open_workspace, read_catalogue_files, read_files
from healthtopics.workbench.catalogues import Updates, updated_catalogues
from support.collections import overview_of
from support.workspaces import TOPICS, Workspace

SPANISH = LanguageTag("es")


def updates(folder: Path, engine: Engine) -> Updates:
    opened = open_workspace(folder)
    overview = overview_of(read_files(opened), leaves_out_faulty=True)
    texts = read_catalogue_files(opened, SPANISH)
    return updated_catalogues(overview, texts, SPANISH, overview.topics, engine=engine)


@pytest.fixture
def many(fresh: Workspace) -> Workspace:
    """Thirty more topics, one of them with a catalogue whose end may be lost."""
    for number in range(30):
        fresh.add_topic({**TOPICS["fever"], "id": f"fever-{number:02}", "title": f"Fever {number}"})
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    fresh.write("locales/es/LC_MESSAGES/fever-07.po", f'{header}msgid "Fever 7"\nmsgstr "Fiebre')
    return fresh


def test_processes_change_nothing(many: Workspace) -> None:
    alone = updates(many.folder, PLAIN)
    assert len(alone.catalogues) == 29  # all but the damaged one
    with Processes() as executor:
        assert updates(many.folder, Engine(executor=executor)) == alone


def test_it_shows_progress(many: Workspace) -> None:
    steps: list[tuple[int, int]] = []
    updates(many.folder, Engine(progress=lambda done, total: steps.append((done, total))))
    assert steps[0][0] < steps[0][1]
    assert steps[-1][0] == steps[-1][1] > 30
