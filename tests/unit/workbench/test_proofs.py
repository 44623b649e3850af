"""A proof is made again when something changes that it is made from, and only then."""

from collections.abc import Callable

import pytest

from healthtopics.language import LanguageTag
from healthtopics.publishing.latest import LastRelease
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workbench.proofs import Proofs
from support.collections import MAKER
from support.files import MemoryFiles
from support.stores import MemoryStore
from support.workspaces import create

SPANISH = LanguageTag("es")
NO_WORDS = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
Edit = Callable[[MemoryFiles], MemoryFiles]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    workspace = create(tmp_path_factory.mktemp("workspace"))
    return MemoryFiles.of(read_files(open_workspace(workspace.folder)))


@pytest.mark.parametrize(
    ("edit", "is_kept"),
    [
        (lambda files: files, True),
        (lambda files: files.edited("fever", title="High fever"), True),
        (lambda files: files.translated(SPANISH, "fever", "Fever", ""), True),
        (lambda files: files.without_topic("fever"), True),
        (lambda files: files.edited("asthma", kind="symptom"), False),
        (lambda files: files.translated(SPANISH, "asthma", "Asthma", "El asma"), False),
        (lambda files: files.edited("cough", title="Coughing"), False),
        (lambda files: files.configured(base_url="https://other.example.org"), False),
        (lambda files: files.with_catalogue(SPANISH, "vocabulary", NO_WORDS), False),
    ],
    ids=[
        *("nothing", "another topic", "another catalogue", "another topic removed"),
        *("topic", "catalogue", "a linked topic", "configuration", "words"),
    ],
)
def test_a_save_makes_again_what_it_changes(files: MemoryFiles, edit: Edit, *, is_kept: bool) -> None:
    proofs = Proofs(MAKER)
    before = proofs.prove(files, SPANISH, "asthma")
    assert (proofs.prove(edit(files), SPANISH, "asthma") is before) == is_kept


def test_a_proof_is_compared_with_the_release_of_its_time(files: MemoryFiles) -> None:
    proofs = Proofs(MAKER)
    first, second = LastRelease(1, "1" * 64, MemoryStore()), LastRelease(2, "2" * 64, MemoryStore())
    for release in (first, second):
        vars(release)["cards"] = {}
    before = proofs.prove(files, SPANISH, "asthma", first)
    assert proofs.prove(files, SPANISH, "asthma", first) is before
    assert proofs.prove(files, SPANISH, "asthma", second) is not before


def test_what_was_used_last_is_kept(files: MemoryFiles) -> None:
    proofs = Proofs(MAKER, most=2)
    asthma, cough = (proofs.prove(files, SPANISH, name) for name in ("asthma", "cough"))
    assert proofs.prove(files, SPANISH, "asthma") is asthma
    proofs.prove(files, SPANISH, "fever")
    assert proofs.prove(files, SPANISH, "asthma") is asthma
    assert proofs.prove(files, SPANISH, "cough") is not cough
