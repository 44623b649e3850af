"""Copies of the package with a known mistake."""

import shutil
from pathlib import Path

import healthtopics


def mutated(folder: Path, file: str, old: str, new: str) -> Path:
    """Copy the package with a mistake in it, and return the folder for PYTHONPATH."""
    package = folder / "healthtopics"
    shutil.copytree(Path(healthtopics.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    text = (package / file).read_text()
    assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
    (package / file).write_text(text.replace(old, new))
    return folder
