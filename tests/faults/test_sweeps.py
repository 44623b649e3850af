"""Commands are killed, or refused by the system, at every call that concerns their files.

`FAULTS_EVERY=40` tries a sample: every fortieth point. tests/faults/points.json holds how many there are.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Final

import pytest

from faults.injection import Where
from faults.sweeping import Subject, Sweep, corrected, two_topics
from healthtopics.compression import CODINGS
from healthtopics.release import POINTER, object_key, release_key
from support.hosts import static_host
from support.samples import ROOT
from support.workspaces import Workspace, run, without_topics

SHARDS: Final = 8
"""The points of a sweep are shared by this many tests, which run in parallel."""
EXAMPLE: Final = ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml"
POINTS: Final = Path(__file__).with_name("points.json")


def _in(workspace: Workspace, *arguments: str) -> Subject:
    """Return a command of translators or authors, in a workspace."""
    return Subject(workspace.folder, lambda copy: (*arguments, "-C", str(copy)))


def publishing(folder: Path, _open: ExitStack) -> Subject:
    """Publish the second release."""
    workspace = two_topics(folder / "workspace")
    workspace.publish()
    corrected(workspace)
    return replace(_in(workspace, "publish"), store="exports", publishes=True)


def pulling(folder: Path, open_: ExitStack) -> Subject:
    """Pull the second release into a copy of the first, from a static host."""
    workspace = two_topics(folder / "workspace")
    workspace.publish()
    url = open_.enter_context(static_host(workspace.exports))
    assert run("pull", url, str(folder / "copy"), folder=folder).code == 0
    corrected(workspace)
    workspace.publish(at="2026-11-21T06:00:00Z")
    return Subject(folder / "copy", lambda copy: ("pull", url, str(copy)), ".")


def pruning(folder: Path, _open: ExitStack) -> Subject:
    """Remove two of three releases, and the objects that only they name."""
    workspace = one_format(folder / "workspace")
    workspace.publish()
    corrected(workspace)
    workspace.publish(at="2026-11-21T06:00:00Z")
    workspace.edit_topic("cough", lambda topic: topic.update(description="What coughing is."))
    workspace.publish(at="2026-11-22T06:00:00Z")
    workspace.publish(at="2026-11-25T06:00:00Z")
    for path in workspace.exports.rglob("*.*"):
        os.utime(path, (0, 0))  # what came lately stays
    subject = _in(workspace, "release", "prune", "--keep", "2")
    return replace(subject, store="exports", reads=False, prunes=True)


def rolling_back(folder: Path, open_: ExitStack) -> Subject:
    """Go back to the first of two releases."""
    subject = publishing(folder, open_)
    Workspace(subject.folder).publish(at="2026-11-20T18:00:00Z")
    arguments = ("release", "rollback", "1", "-C")
    return replace(subject, arguments=lambda copy: (*arguments, str(copy)), reads=False)


def one_format(folder: Path) -> Workspace:
    """Write a workspace with few artifacts, for commands that handle each of them in the same way."""
    workspace = two_topics(folder)
    path = folder / "healthtopics.toml"
    path.write_text(f'formats = ["schemaorg"]\n{path.read_text()}')
    return workspace


def compressed(workspace: Workspace, *names: str) -> list[str]:
    """Compress the objects of some artifacts only, and return their keys."""
    keys = [object_key(name, workspace.digests()[name]) for name in names]
    for key in keys:
        data = workspace.store.read(key)
        for coding in CODINGS.values():
            workspace.store.replace(key + coding.suffix, coding.pack(data))
    return keys


def repairing(folder: Path, _open: ExitStack) -> Subject:
    """Make again what is damaged or lost, from compressed forms, from other files and from the texts."""
    workspace = one_format(folder / "workspace")
    workspace.publish()
    corrected(workspace)
    workspace.publish(at="2026-11-21T06:00:00Z")
    index, form = compressed(workspace, "topics.json", "schemaorg/en/cough.jsonld")
    damaged, lost = (
        object_key(name, workspace.digests()[name])
        for name in ("schemaorg/es/asthma.jsonld", "schemaorg/en/asthma.jsonld")
    )
    (workspace.exports / lost).unlink()
    describing = (release_key(1, "changes.json"), release_key(1, POINTER))
    for key in (index, damaged, f"{form}.br", *describing):
        (workspace.exports / key).write_bytes(b"damaged")
    return replace(_in(workspace, "release", "repair"), store="exports", publishes=True)


def adopting(folder: Path, open_: ExitStack) -> Subject:
    """Take the second release over where a backup has the first."""
    workspace = one_format(folder / "workspace")
    workspace.publish()
    published = workspace.copy(folder / "published")
    corrected(published)
    published.publish(at="2026-11-21T06:00:00Z")
    url = open_.enter_context(static_host(published.exports))
    return replace(_in(workspace, "release", "adopt", url), store="exports")


def copying(folder: Path, _open: ExitStack) -> Subject:
    """Copy the second release to where the first one is read."""
    workspace = one_format(folder / "workspace")
    workspace.publish()
    compressed(workspace, "topics.json")
    workspace.run("release", "copy", "host")
    corrected(workspace)
    workspace.publish(at="2026-11-21T06:00:00Z")
    compressed(workspace, "topics.json")
    arguments = ("release", "copy")
    return Subject(
        workspace.folder, lambda copy: (*arguments, str(copy / "host"), "-C", str(copy)), store="host"
    )


def unpacking(folder: Path, _open: ExitStack) -> Subject:
    """Unpack the second release where the first one is."""
    workspace = one_format(folder / "workspace")
    workspace.publish()
    workspace.run("release", "unpack", "unpacked")
    corrected(workspace)
    workspace.publish(at="2026-11-21T06:00:00Z")
    arguments = ("release", "unpack")
    return Subject(
        workspace.folder,
        lambda copy: (*arguments, str(copy / "unpacked"), "-C", str(copy)),
        in_one_step="unpacked",
    )


def importing(folder: Path, _open: ExitStack) -> Subject:
    return _in(without_topics(folder), "import", "medlineplus", str(EXAMPLE))


def updating(folder: Path, _open: ExitStack) -> Subject:
    return _in(outdated(folder), "catalogue", "update")


def keeping(folder: Path, _open: ExitStack) -> Subject:
    workspace = outdated(folder)
    workspace.run("catalogue", "update")
    return _in(workspace, "catalogue", "keep", "--all", "--yes")


def outdated(folder: Path) -> Workspace:
    """Write a workspace with catalogues that are older than its topics."""
    workspace = two_topics(folder / "workspace")
    workspace.replace("topics/asthma.json", "Asthma is a disease", "Asthma is a long-term disease")
    workspace.replace("topics/cough.json", "What is a cough?", "What is a cough really?")
    return workspace


def adding(folder: Path, _open: ExitStack) -> Subject:
    return _in(two_topics(folder / "workspace"), "catalogue", "add", "pt")


def formatting(folder: Path, _open: ExitStack) -> Subject:
    workspace = two_topics(folder / "workspace")
    for topic in ("asthma", "cough"):
        path = workspace.folder / f"locales/es/LC_MESSAGES/{topic}.po"
        path.write_text(path.read_text().replace('msgid "', 'msgid   "'))
    return _in(workspace, "catalogue", "format")


def taking(folder: Path, _open: ExitStack) -> Subject:
    """Take an agency's translations over."""
    workspace = two_topics(folder / "workspace")
    workspace.edit_topic("cough", lambda topic: topic.update(description="What coughing is."))
    workspace.run("catalogue", "update")
    workspace.run("catalogue", "export", "cough", "--language", "es", "--output", "agency")
    (file,) = (workspace.folder / "agency").rglob("*.xlf")
    return _in(workspace, "catalogue", "import", str(translated(file)))


def translated(file: Path) -> Path:
    """Translate an XLIFF file as an agency does."""
    old = '<target state="needs-review-translation">Qué es la tos.'
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, '<target state="translated">Qué significa la tos.'))
    return file


def merging(folder: Path, _open: ExitStack) -> Subject:
    """Merge a colleague's catalogue into one's own, as git asks for it."""
    workspace = two_topics(folder / "workspace")
    path = workspace.folder / "locales/es/LC_MESSAGES/cough.po"
    for name, old, new in (("base", "", ""), ("theirs", 'msgstr "Tos"', 'msgstr "La tos"')):
        (workspace.folder / name).write_text(path.read_text().replace(old, new))
    workspace.edit_catalogue("cough", "What a cough is.", msgstr="Qué significa la tos.")
    names = ("base", "locales/es/LC_MESSAGES/cough.po", "theirs")
    return Subject(
        workspace.folder, lambda copy: ("catalogue", "merge", *(str(copy / each) for each in names))
    )


def sending(folder: Path, _open: ExitStack) -> Subject:
    """Write an agency's files."""
    workspace = outdated(folder)
    workspace.run("catalogue", "update")
    arguments = ("catalogue", "export", "--force", "-C")
    return Subject(
        workspace.folder, lambda copy: (*arguments, str(copy), "-o", str(copy / "agency")), reads=False
    )


def pretending(folder: Path, _open: ExitStack) -> Subject:
    """Translate into a pseudo-language."""
    subject = _in(two_topics(folder / "workspace"), "catalogue", "pseudo", "--rtl", "ar-XB")
    return replace(subject, reads=False)


def signing(folder: Path, _open: ExitStack) -> Subject:
    review = ("--by", "Dr. Ana Gil", "--date", "2026-11-20", "--as-of", "2026-11-20")
    return _in(two_topics(folder / "workspace"), "sign-off", "asthma", *review)


def starting(folder: Path, _open: ExitStack) -> Subject:
    """Start a workspace; what a run has written, the next one takes for its own."""
    (folder / "around").mkdir()
    return Subject(folder / "around", lambda copy: ("init", str(copy / "site")))


def elsewhere(
    sound: Callable[[Path, ExitStack], Subject], where: Where, folder: Path, open_: ExitStack
) -> Subject:
    return replace(sound(folder, open_), where=where)


SUBJECTS: Final[Mapping[str, Callable[[Path, ExitStack], Subject]]] = {
    "publishing": publishing,
    "publishing_in_workers": partial(elsewhere, publishing, Where.WORKERS),
    "pulling": pulling,
    "pulling_in_threads": partial(elsewhere, pulling, Where.THREADS),
    "rolling_back": rolling_back,
    "pruning": pruning,
    "repairing": repairing,
    "repairing_in_workers": partial(elsewhere, repairing, Where.WORKERS),
    "adopting": adopting,
    "adopting_in_threads": partial(elsewhere, adopting, Where.THREADS),
    "copying": copying,
    "unpacking": unpacking,
    "importing": importing,
    "updating": updating,
    "keeping": keeping,
    "adding": adding,
    "formatting": formatting,
    "taking": taking,
    "merging": merging,
    "sending": sending,
    "pretending": pretending,
    "signing": signing,
    "starting": starting,
}


@pytest.fixture(scope="session")
def sweep_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Sweep]]:
    """Return the function that prepares a sweep, once in each process."""
    with ExitStack() as open_:

        @cache
        def prepared(name: str) -> Sweep:
            folder = tmp_path_factory.mktemp(name)
            return Sweep.of(SUBJECTS[name](folder, open_), folder)

        yield prepared


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("name", SUBJECTS)
def test_every_point(name: str, shard: int, every: int, sweep_of: Callable[[str], Sweep]) -> None:
    sweep = sweep_of(name)
    print(f"{name}: {len(sweep.points)} points")  # noqa: T201 - the number is part of the proof
    assert len(sweep.points) >= json.loads(POINTS.read_text())[name]
    faults = sweep.faults(sweep.points[shard * every :: SHARDS * every])
    assert not faults, "\n".join(faults)
