"""The recipes of CONTRIBUTING.md, and a copy of the repository to follow them in."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from support.samples import ROOT

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
LEFT_OUT = shutil.ignore_patterns(
    ".*", "__pycache__", "node_modules", "*.pyc", "objects", "releases", "results"
)
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FORCED: Mapping[str, str] = _PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
"""Files that a wheel has under another path than the repository."""


@dataclass(frozen=True)
class Recipe:
    """A section of CONTRIBUTING.md: the files to touch, the commands to run."""

    title: str
    names: Mapping[str, str]
    """The values of the recipe's placeholders in the test."""

    @property
    def _section(self) -> str:
        (section,) = re.findall(rf"^## {self.title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
        return str(section)

    @property
    def files(self) -> list[str]:
        listed = re.findall(r"^\| `([^`]+)` \|", self._section, re.MULTILINE)
        return sorted(re.sub(r"<(\w+)>", lambda match: self.names[match[1]], path) for path in listed)

    @property
    def generated(self) -> list[str]:
        """The files that `make goldens`, one of the commands, writes."""
        return re.findall(r"`make goldens` writes [^`]*`([^`]+)`", self._section)

    @property
    def commands(self) -> list[str]:
        (block,) = re.findall(r"^```\n(.*?)^```", self._section, re.MULTILINE | re.DOTALL)
        return str(block).splitlines()


@dataclass
class Tree:
    """A copy of the repository that runs from its own `src`."""

    folder: Path
    before: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT, self.folder, ignore=LEFT_OUT, symlinks=True)
        for source, target in FORCED.items():
            link = self.folder / "src" / target
            if link.is_symlink():
                link.unlink()
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(self.folder / source)
        self.before = self._digests()

    def _digests(self) -> dict[str, str]:
        paths = (path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())
        names = {path.relative_to(self.folder): path for path in paths}
        return {
            name.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for name, path in names.items()
            if not any(part.startswith(".") or part == "__pycache__" for part in name.parts)
        }

    def touched(self) -> list[str]:
        after = self._digests()
        return sorted(name for name in self.before | after if self.before.get(name) != after.get(name))

    def write(self, path: str, text: str) -> None:
        assert not (self.folder / path).exists()
        (self.folder / path).write_text(text)

    def insert(self, path: str, after: str, text: str) -> None:
        """Insert a text after another, which must occur once in the file."""
        found = (self.folder / path).read_text()
        assert found.count(after) == 1, f"{path} holds {after!r} {found.count(after)} times"
        (self.folder / path).write_text(found.replace(after, after + text))

    def _run(self, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        # Commands started here must not join the workers of this run; under CI, no golden is rewritten.
        kept = {name: value for name, value in os.environ.items() if "XDIST" not in name and name != "CI"}
        environment = {**kept, "PYTHONPATH": str(self.folder / "src")}
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def run(self, command: str) -> None:
        """Run a command of a recipe, a make target, with the environment of this test."""
        tool, *arguments = shlex.split(command)
        assert tool == "make"
        pytest = f"PYTEST={sys.executable} -m pytest -q -p no:cacheprovider"
        done = self._run(["make", "-o", ".venv/tested", pytest, *arguments], self.folder)
        assert done.returncode == 0, done.stdout + done.stderr
        lint = self._run([sys.executable, "-m", "ruff", "check", "--no-cache", "src"], self.folder)
        assert lint.returncode == 0, lint.stdout

    def healthtopics(self, *arguments: str, folder: Path, code: int = 0) -> str:
        start = "from healthtopics.cli import main; main()"
        done = self._run([sys.executable, "-c", start, *arguments], folder)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def follow(self, recipe: Recipe) -> None:
        """Run the commands of an applied recipe, and compare the files touched with its lists."""
        assert self.touched() == recipe.files
        for command in recipe.commands:
            self.run(command)
        assert self.touched() == sorted([*recipe.files, *recipe.generated])
