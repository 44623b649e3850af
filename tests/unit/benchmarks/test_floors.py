from pathlib import Path

import floors
from corpus import Corpus, write
from healthtopics.formats.table import DEFAULT
from support import workspaces


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_floor_of_publishing_writes_the_documents_that_were_published(tmp_path: Path) -> None:
    workspace = workspaces.create(tmp_path / "workspace")
    workspace.publish()
    clock = floors.Clock()
    count = floors.publish(workspace.folder, workspace.folder / "exports", tmp_path / "out", clock)
    written = files(tmp_path / "out")
    assert len(written) == count == len(workspaces.TOPICS) * len(DEFAULT) * 2
    assert written.items() <= files(workspace.folder / "exports").items()
    assert clock.seconds > 0


def test_the_floor_of_an_import_writes_the_files_that_an_import_writes(tmp_path: Path) -> None:
    workspace = workspaces.create(tmp_path / "workspace")
    write(Corpus(10, seed=1), tmp_path / "corpus.xml")
    clock = floors.Clock()
    count = floors.import_medlineplus(tmp_path / "corpus.xml", workspace.folder, tmp_path / "out", clock)
    written = files(tmp_path / "out")
    assert len(written) == count > len(workspaces.TOPICS)
    assert written.items() <= files(workspace.folder).items()
    assert clock.cpu_seconds > 0
