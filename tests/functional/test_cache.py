"""What a command says and writes is the same with the cache, without it, and with a damaged one."""

import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from support.samples import ROOT
from support.workspaces import LUNGS, SPANISH, Workspace, run, tree

AT = "2026-11-20T06:00:00Z"
COMMANDS = (
    ("publish", "--json"),
    ("publish",),
    ("check", "--json"),
    ("check", "asthma", "--json"),
    ("check", "asthma", "fever"),
    ("catalogue", "check", "--json"),
    ("catalogue", "check", "cough"),
    ("catalogue", "status", "--json"),
    ("catalogue", "status", "fever"),
    ("catalogue", "update"),
)
WRITING = (("catalogue", "keep", "--all", "--yes"), ("catalogue", "format"), ("catalogue", "pseudo"))
"""Commands that write catalogues, and have no option for the cache."""
LOCKING = (*WRITING, ("catalogue", "update"))
"""Commands that make the folder of the cache for the lock that is in it."""
RECORDS = ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml"
IMPORT = ("import", "medlineplus", str(RECORDS))
CATALOGUES = "locales/*/LC_MESSAGES/*.po"
REVISED = re.compile(rb"PO-Revision-Date: [^\\]+")
"""The minute in which a command wrote a catalogue."""


def _rename(workspace: Workspace) -> None:
    topic = workspace.folder / "topics/fever.json"
    if topic.exists():
        topic.rename(topic.with_name("pyrexia.json"))
    else:
        topic.with_name("pyrexia.json").rename(topic)


def _remove(path: str) -> Callable[[Workspace], None]:
    return lambda workspace: (workspace.folder / path).unlink(missing_ok=True)


def _swap(path: str, one: str, other: str) -> Callable[[Workspace], None]:
    """Put one text in place of another, or the other way round."""

    def edit(workspace: Workspace) -> None:
        target = workspace.folder / path
        text = target.read_text() if target.exists() else ""
        target.write_text(text.replace(one, other) if one in text else text.replace(other, one))

    return edit


def _write(path: str, text: str) -> Callable[[Workspace], None]:
    return lambda workspace: workspace.write(path, text)


ES = "locales/es/LC_MESSAGES"
EDITS: dict[str, Callable[[Workspace], None]] = {
    "title": _swap("topics/cough.json", '"title": "Cough"', '"title": "Coughing"'),
    "date": _swap("topics/asthma.json", '"updated": "2026-11-10"', '"updated": "2026-11-15"'),
    "unknown link": _swap("topics/asthma.json", '"cough"', '"caugh"'),
    "syntax": _swap("topics/fever.json", '"kind"', "kind"),
    "a Spanish title": _swap(f"{ES}/cough.po", 'msgstr "Tos"', 'msgstr "La tos"'),
    "a missing message": _swap(f"{ES}/asthma.po", SPANISH[LUNGS], ""),
    "a finding": _swap(f"{ES}/asthma.po", "<strong>pulmones</strong>", "pulmones"),
    "a broken catalogue": _swap(f"{ES}/fever.po", 'msgstr "Fiebre"', 'msgstr "Fiebre'),
    "no catalogue": _remove(f"{ES}/fever.po"),
    "an orphan": _write(f"{ES}/cold.po", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'),
    "no orphan": _remove(f"{ES}/cold.po"),
    "a folder of another language": _write("locales/fr/LC_MESSAGES/fever.po", 'msgid ""\nmsgstr ""\n'),
    "a word": _write(
        f"{ES}/vocabulary.po",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '#, fuzzy\nmsgctxt "label"\nmsgid "Start Here"\nmsgstr "Empiece aquí"\n',
    ),
    "no word": _remove(f"{ES}/vocabulary.po"),
    "a vocabulary": _write(
        "vocabulary/categories.json",
        '{"id": "categories", "title": "Own", "entries": [{"id": "own", "label": "Own"}]}',
    ),
    "no vocabulary": _remove("vocabulary/categories.json"),
    "a glossary": _write(
        "locales/es/glossary.json",
        '{"terms": [{"id": "lungs", "kind": "name", "english": ["lungs"]}]}',
    ),
    "no glossary": _remove("locales/es/glossary.json"),
    "words": _write("locales/es/words.txt", "telesalud\n"),
    "no words": _remove("locales/es/words.txt"),
    "twins": _write(
        "twins.json",
        '{"twins": [{"pages": {"en": "https://pages.example.org/en", "fr": "https://pages.example.org/fr"}}]}',
    ),
    "no twins": _remove("twins.json"),
    "a policy": _swap("healthtopics.toml", '"complete"', '"fallback"'),
    "a removed topic": _remove("topics/fever.json"),
    "a new name": _rename,
}


def _spoil(folder: Path, random_: random.Random) -> None:
    """Damage the cache in one of many ways."""
    file = folder / ".cache/known.sqlite"
    if not file.is_file() or file.stat().st_size <= 100:  # damaged before, and not written since
        shutil.rmtree(folder / ".cache", ignore_errors=True)
        return
    data = bytearray(file.read_bytes())
    match random_.randrange(6):
        case 0:
            shutil.rmtree(folder / ".cache")
        case 1:
            file.write_bytes(b"")
        case 2:
            file.write_bytes(data[: len(data) // 2])
        case 3:
            file.write_bytes(b"no database" * 100)
        case 4:
            file.unlink()
            file.mkdir()
        case _:
            for _ in range(200):
                data[random_.randrange(100, len(data))] = random_.randrange(256)
            file.write_bytes(data)


def _apply(edit: Callable[[Workspace], None], workspace: Workspace) -> None:
    try:
        edit(workspace)
    except FileNotFoundError:  # of a file that an earlier edit removed
        return


def _said(workspace: Workspace, *arguments: str) -> tuple[int, str, str]:
    done = run(*arguments, folder=workspace.folder, at=AT)
    own = str(workspace.folder)
    return done.code, done.steady.replace(own, "."), done.err.replace(own, ".")


def _tree(workspace: Workspace) -> dict[str, bytes | str]:
    """Return every file but those of the cache, without the minute in which it was written."""
    return {
        path: REVISED.sub(b"", data) if isinstance(data, bytes) else data
        for path, data in tree(workspace.folder)
    }


def _agree(plain: Workspace, others: Sequence[Workspace], *command: str) -> None:
    """Run a command in workspaces that differ in their cache alone; the first has none."""
    expected = _said(plain, *command, *(() if command in WRITING else ("--no-cache",)))
    assert "Traceback" not in expected[2], command
    if command in LOCKING:
        shutil.rmtree(plain.folder / ".cache", ignore_errors=True)
    written = _tree(plain)
    for other in others:
        assert _said(other, *command) == expected, command
        assert _tree(other) == written, command
        for path in plain.folder.glob(CATALOGUES):  # a minute may have passed meanwhile
            shutil.copyfile(path, other.folder / path.relative_to(plain.folder))


def _check(start: Workspace, folder: Path, seed: int, steps: int) -> None:
    random_ = random.Random(seed)  # noqa: S311 - a test that can be run again
    cached, plain, spoilt = (start.copy(folder / name) for name in ("cached", "plain", "spoilt"))
    shutil.rmtree(plain.folder / ".cache")
    for _ in range(steps):
        name = random_.choice(list(EDITS))
        for workspace in (cached, plain, spoilt):
            _apply(EDITS[name], workspace)
        for command in random_.sample([*COMMANDS, *WRITING], 2):
            _spoil(spoilt.folder, random_)
            _agree(plain, (cached, spoilt), *command)
    assert not (plain.folder / ".cache").exists()


@pytest.mark.parametrize("seed", range(2))
def test_it_changes_nothing(fresh: Workspace, tmp_path: Path, seed: int) -> None:
    _check(fresh, tmp_path, seed, 6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 116))
def test_it_never_changes_anything(fresh: Workspace, tmp_path: Path, seed: int) -> None:
    _check(fresh, tmp_path, seed, 15)


def test_what_was_imported_is_verified_the_same(fresh: Workspace, tmp_path: Path) -> None:
    random_ = random.Random(0)  # noqa: S311 - as above
    for path in fresh.folder.glob("topics/*"):
        path.unlink()
    fresh.run(*IMPORT)
    topic = fresh.folder / "topics/abdominal-pain.json"
    sound = topic.read_text()
    cached, plain, spoilt = (fresh.copy(tmp_path / name) for name in ("cached", "plain", "spoilt"))
    for text in (sound, sound.replace("abdomen", "chest"), sound):
        for workspace in (cached, plain, spoilt):
            workspace.write("topics/abdominal-pain.json", text)
        for command in (("publish",), (*IMPORT, "--verify"), (*IMPORT, "--verify", "--json")):
            _spoil(spoilt.folder, random_)
            _agree(plain, (cached, spoilt), *command)


def test_it_keeps_out_of_version_control_and_of_backups(fresh: Workspace) -> None:
    fresh.run("check")
    assert (fresh.folder / ".cache/.gitignore").read_text() == "*\n"
    assert (fresh.folder / ".cache/CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172")


def test_a_read_only_workspace_is_still_checked(fresh: Workspace) -> None:
    shutil.rmtree(fresh.folder / ".cache")
    (fresh.folder / ".cache").write_text("in the way")
    assert fresh.run("check").out == "3 topics checked: no problems.\n"
    assert fresh.run("check").err == ""
