"""Distributions that extend healthtopics: built as a wheel and installed into a separate environment."""

import base64
import hashlib
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import healthtopics


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """A small distribution: its files and its metadata."""

    name: str
    files: Mapping[str, str]
    """By path in the wheel: modules, data."""
    entry_points: Mapping[str, Mapping[str, str]]
    """By group: name → object reference."""
    version: str = "1.0"

    def build(self, folder: Path) -> Path:
        """Write the wheel into a folder and return its path."""
        stem = f"{self.name.replace('-', '_')}-{self.version}"
        info = f"{stem}.dist-info"
        groups = (
            f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in names.items())
            for group, names in self.entry_points.items()
        )
        files = {
            **self.files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/entry_points.txt": "\n".join(groups),
        }
        record = "".join(
            f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in files.items()
        )
        wheel = folder / f"{stem}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
                archive.writestr(path, text)
        return wheel


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Environment:
    """A virtual environment with healthtopics, its dependencies and the distributions installed by tests."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> "Environment":
        """Create it; it sees the packages of the environment that runs the tests."""
        venv.create(folder, symlinks=True)
        environment = cls(folder)
        (packages,) = folder.glob("lib/python*/site-packages")
        seen = (Path(healthtopics.__file__).parent.parent, *map(sysconfig.get_path, ("purelib", "platlib")))
        (packages / "tests.pth").write_text("".join(f"{path}\n" for path in dict.fromkeys(map(str, seen))))
        return environment

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def install(self, distribution: Distribution) -> None:
        """Build the distribution and install it, without a network."""
        wheel = distribution.build(self.folder)
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "--disable-pip-version-check"]
        self._run(
            [*pip, "install", "--quiet", "--force-reinstall", "--no-index", "--no-deps", str(wheel)],
            check=True,
        )

    def healthtopics(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a `healthtopics` command and return its exit code and its output."""
        start = "from healthtopics.cli import main; main()"
        return self._run([str(self.python), "-c", start, *map(str, arguments)], check=False)

    def _run(self, command: list[str], *, check: bool) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, check=check, capture_output=True, text=True)
