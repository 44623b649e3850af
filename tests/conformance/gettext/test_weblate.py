"""Weblate's storage, the Translate Toolkit: with `po_line_wrap=65535` it changes what the translator changed.

The toolkit is under the GPL: it runs as a separate process, as Weblate does.
"""

import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import pytest

from healthtopics.catalogues import po
from healthtopics.catalogues.template import format_catalogue
from support.samples import ROOT

CATALOGUES = sorted(
    [
        *ROOT.glob("locales/*/LC_MESSAGES/*.po"),
        *ROOT.glob("src/healthtopics/example/locales/*/*/*.po"),
        *(ROOT / "tests/examples/catalogues/valid" / name for name in ("canonical.po", "everything.po")),
    ]
)
SAVE = """
import sys
from translate.storage.pypo import pofile
store = pofile.parsefile(sys.argv[1])
store.wrapper.width = int(sys.argv[2])
units = [each for each in store.units if each.target and not each.isheader() and not each.isobsolete()]
unit = max((each for each in units if "\\n" not in each.target), key=lambda each: len(each.target))
unit.target = "Cambiado: " + unit.target
store.updateheader(add=True, PO_Revision_Date="2026-11-21 10:00+0000", X_Generator="Weblate 5.14.3")
store.save()
"""


def changes(path: Path, tmp_path: Path, width: int) -> tuple[list[str], bytes]:
    """Return the lines that a save adds and removes, as a diff of the file does, and the file."""
    file = tmp_path / path.name
    file.write_bytes(path.read_bytes())
    subprocess.run([sys.executable, "-c", SAVE, file, str(width)], check=True)
    one, other = (data.read_text(encoding="utf-8").split("\n") for data in (path, file))
    diff = unified_diff(one, other, lineterm="", n=0)
    return [line for line in diff if not line.startswith(("---", "+++", "@@"))], file.read_bytes()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_save_changes_the_translation_and_the_fields_of_the_save(path: Path, tmp_path: Path) -> None:
    lines, data = changes(path, tmp_path, 65535)
    header = ('"PO-Revision-Date:', '"X-Generator:')
    # Beside the last message of a file, the diff names the empty line at its end twice.
    other = [line for line in lines if line[1:] and not line[1:].startswith(header)]
    assert len(other) == 2, lines
    assert other[0].startswith('-msgstr "')
    assert other[1] == f'+msgstr "Cambiado: {other[0].removeprefix("-msgstr ").removeprefix(chr(34))}'
    assert po.serialize(po.parse(data, path.name).file) == data


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_format_unwraps_lines_that_weblate_wrapped(path: Path, tmp_path: Path) -> None:
    _, unwrapped = changes(path, tmp_path, 65535)
    _, wrapped = changes(path, tmp_path, 77)
    assert wrapped != unwrapped or path.stem in ("canonical", "interface")  # which have no long text
    assert format_catalogue(wrapped, path.name)[0] == unwrapped
