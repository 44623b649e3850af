"""Sweeps: a command meets a fault at each of its points, and the outcome is judged.

After each fault readers see one release whole, files of the workspace are old or new, never half-written;
the exit code and the document say what has happened, and whether a retry can help; and the next run finishes
the work and leaves nothing else on the disk.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from faults.injection import KILL, Command, Point, Where
from healthtopics.copies import COPY
from healthtopics.errors import HealthTopicsError
from healthtopics.release import CURRENT, numbers, open_current, open_release, verify
from healthtopics.storage.local import LocalStore
from support.workspaces import Run, Workspace, create, run, tree

LATER: Final = "1795240800"
"""2026-11-21T06:00:00Z, in seconds: after NOW."""
_SIGNALS: Final = (129, 130, 143)
_LASTING: Final = ("EACCES", "EROFS", "EXDEV")
"""What no retry changes."""
_LEFT: Final = {".lock", ".staging.lock"}


_TEMPORARY: Final = re.compile(r"(?:^|/)\.tmp-[0-9a-f]{16}\Z")
_SAVED: Final = re.compile(rb'^"PO-Revision-Date: .*', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Subject:
    """A command under test, as it is before each of its runs."""

    folder: Path
    """Copied for each run: the command changes the copy."""
    arguments: Callable[[Path], tuple[str, ...]]
    """The command's arguments, given the copy."""
    store: str = ""
    """The store within the folder, if the command makes releases."""
    in_one_step: str = ""
    """A folder of which readers see all files as before, or all as they should become."""
    where: Where = Where.FIRST
    reads: bool = True
    """Whether calls that only read are points, too."""
    publishes: bool = False
    """Whether the command claims the number of a release."""
    prunes: bool = False
    """Whether it removes releases: then each that is there must be whole, not only the current one."""
    environment: Mapping[str, str] = field(default_factory=lambda: {"SOURCE_DATE_EPOCH": LATER})

    def command(self, copy: Path) -> Command:
        return Command((*self.arguments(copy), "--json"), (copy,), self.environment)


def two_topics(folder: Path) -> Workspace:
    """Write a workspace of two topics."""
    workspace = create(folder)
    (folder / "topics/fever.json").unlink()
    (folder / "locales/es/LC_MESSAGES/fever.po").unlink()
    return workspace


def corrected(workspace: Workspace) -> None:
    """Change both editions of one topic."""
    old, new = "Asthma is a disease", "Asthma is a long-term disease"
    workspace.replace("topics/asthma.json", old, new)
    path = "locales/es/LC_MESSAGES/asthma.po"
    workspace.replace(path, old, new)
    workspace.replace(path, "es una enfermedad", "es una enfermedad prolongada")


@dataclass(frozen=True, slots=True)
class Sweep:
    """A command, its points, and what it does without a fault."""

    subject: Subject
    points: Sequence[Point]
    code: int
    wanted: Mapping[str, bytes | str]
    """The files that are due at the end."""
    folder: Path
    """For scratch files."""

    @classmethod
    def of(cls, subject: Subject, folder: Path) -> "Sweep":
        """Run a command to find its points, and again without strace."""
        copy = folder / "dry"
        shutil.copytree(subject.folder, copy, symlinks=True)
        points = list(subject.command(copy).points(folder / "calls", subject.where, reads=subject.reads))
        shutil.rmtree(copy)
        shutil.copytree(subject.folder, copy, symlinks=True)
        code = subject.command(copy).run().code
        wanted = _contents(copy)
        assert wanted != _contents(subject.folder), "where nothing is to do, no fault does harm"
        shutil.rmtree(copy)
        return cls(subject, points, code, wanted, folder)

    def faults(self, points: Sequence[Point]) -> list[str]:
        """Return what went wrong, by point; empty is what we want."""
        found = []
        for point in points:
            copy = self.folder / "tried"
            shutil.copytree(self.subject.folder, copy, symlinks=True)
            found += [f"{point}: {fault}" for fault in self._judge(point, copy)]
            shutil.rmtree(copy)
        return found

    def _judge(self, point: Point, copy: Path) -> Iterator[str]:
        done = self.subject.command(copy).run(point=point, where=self.subject.where)
        said = f"exit {done.code}: {(done.err or done.out).strip()[-300:]}"
        # A worker that cannot even import its modules says so by itself.
        if "Traceback" in done.out + done.err and self.subject.where is not Where.WORKERS:
            yield f"a traceback, {said}"
        if done.code not in self._codes(point):
            yield f"a wrong code, {said}"
        if done.code == 0 and _finished(copy) != self.wanted:
            yield f"nothing done, {said}"
        if done.code >= 0:
            yield from (f"{wrong}, {said}" for wrong in self._wrong_answer(done, copy))
        yield from self._half_written(copy)
        again = self._again(copy)
        if again.code != self.code:
            yield f"the next run ends with {again.code}: {(again.err or again.out).strip()[-300:]}"
        elif (now := _contents(copy)) != self.wanted:
            names = sorted({name for name, _ in set(now.items()) ^ set(self.wanted.items())})
            yield f"the next run leaves {names[:5]}"

    def _codes(self, point: Point) -> set[int]:
        """Return the codes that are right after a fault."""
        if point.fault == KILL:
            return {-9} if self.subject.where is Where.FIRST else {self.code, -9, 75}
        return {self.code, 78 if point.fault in _LASTING else 75}

    def _wrong_answer(self, done: Run, copy: Path) -> Iterator[str]:
        """Yield what a document says that is not so."""
        try:
            answer: Mapping[str, Any] = done.json
        except (json.JSONDecodeError, AssertionError):
            yield "not one document"
            return
        if answer["exitCode"] != done.code:
            yield f"a document for exit {answer['exitCode']}"
        if self.subject.publishes:
            before, after = (
                numbers(LocalStore(each / self.subject.store)) for each in (self.subject.folder, copy)
            )
            claimed = after[-1] if before != after else None
            is_visible = claimed is not None and _pointer(copy / self.subject.store)["number"] == claimed
            if claimed is not None and answer.get("release") != claimed:
                yield f"release {claimed} is not reported"
            if (answer["result"] in ("published", "rolled-back")) != is_visible:
                yield f"“{answer['result']}” with{'' if is_visible else 'out'} a new release"

    def _again(self, copy: Path) -> Run:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.subject.environment.items():
                patch.setenv(name, value)
            return run(*self.subject.arguments(copy), folder=copy)

    @property
    def _damaged(self) -> set[str]:
        """The objects that are damaged before the command runs."""
        store = LocalStore(self.subject.folder / self.subject.store)
        return {error.key for error in verify(store, open_current(store))}

    def _half_written(self, copy: Path) -> Iterator[str]:
        """Yield what is neither as before nor as it should become."""
        if self.subject.store:
            store = LocalStore(copy / self.subject.store)
            try:
                opened = [open_current(store)]
                if self.subject.prunes:
                    opened += [open_release(store, number) for number in numbers(store)]
                damaged = [error for each in opened for error in verify(store, each)]
            except HealthTopicsError as error:
                yield f"readers see no release: {error}"
            else:
                torn = [error for error in damaged if error.key not in self._damaged]
                yield from (f"a release is torn: {error}" for error in torn[:1])
            return
        before, now = _contents(self.subject.folder), _contents(copy)
        if name := self.subject.in_one_step:
            old, new, found = (_inside(name, each) for each in (before, self.wanted, now))
            if found not in (old, new):
                yield f"{name} is neither as before nor as it should become"
        for name, data in now.items():
            is_hidden = any(part.startswith(".") for part in Path(name).parts)
            if not is_hidden and data not in (before.get(name), self.wanted.get(name)):
                yield f"{name} is half-written"


def _finished(folder: Path) -> dict[str, bytes | str]:
    """Return what matters of a folder, without a temporary file that the disk would not remove.

    The next run removes it.
    """
    return {name: data for name, data in _contents(folder).items() if not _TEMPORARY.search(name)}


def _inside(folder: str, contents: Mapping[str, bytes | str]) -> dict[str, bytes | str]:
    return {name: data for name, data in contents.items() if name.startswith(f"{folder}/")}


def _pointer(store: Path) -> Mapping[str, Any]:
    pointer: Mapping[str, Any] = json.loads((store / CURRENT).read_text())
    return pointer


def _contents(folder: Path) -> dict[str, bytes | str]:
    """Return what matters of a folder: not its place, locks, what pointers say, or when translators saved."""
    found = {name: data for name, data in tree(folder) if Path(name).name not in _LEFT}
    for name, data in found.items():
        if name.endswith("current.json"):
            found[name] = b""
        elif isinstance(data, bytes) and name.endswith(COPY):
            found[name] = data.replace(os.fsencode(folder), b"")
        elif isinstance(data, bytes) and name.endswith(".po"):
            found[name] = _SAVED.sub(b"", data)
    return found
