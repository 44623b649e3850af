"""The manual pages in `man/` are those that help2man makes of `--help`; `make goldens` writes them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.manual import manual_pages
from support.samples import ROOT

FOLDER = ROOT / "man"
PAGES = sorted(FOLDER.glob("*.1"))


@pytest.mark.help2man
def test_the_pages_are_current() -> None:
    made = manual_pages()
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS"):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        for name, text in made.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()} == made


@pytest.mark.man
@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_man_shows_a_page_without_a_warning(page: Path) -> None:
    done = subprocess.run(
        ["man", "--warnings", "-l", page],
        env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANROFFSEQ": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "EXAMPLES" in done.stdout
    assert f"{page.stem} - " in " ".join(done.stdout.split())
