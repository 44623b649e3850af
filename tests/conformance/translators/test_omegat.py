"""OmegaT translates our XLIFF, and what it writes is taken with nothing but that changed."""

import re
import shutil
import subprocess
from difflib import unified_diff
from pathlib import Path
from typing import Final

import polib
import pytest

from support.samples import ROOT
from support.workspaces import Workspace

JAR: Final = Path("/usr/share/omegat/OmegaT.jar")
CATALOGUE: Final = "locales/es/LC_MESSAGES/miscarriage.po"
PROJECT: Final = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>en</source_lang><target_lang>es</target_lang>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags>
</project></omegat>
"""


def omegat(project: Path, *options: str) -> None:
    command = ["java", f"-Duser.home={project}", "-jar", str(JAR), str(project), *options]
    subprocess.run(command, check=True, capture_output=True, cwd=project)


def with_targets(text: str) -> str:
    """Give each unit without a target one with the English: OmegaT does not see the others."""
    unit = re.compile(r"(<source>(.*?)</source>)(?!\s*<target)", re.DOTALL)
    return unit.sub(r'\1<target state="needs-translation">\2</target>', text)


@pytest.mark.omegat
def test_omegat_translates_what_we_export(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    for name in ("topics", "locales", "vocabulary"):
        shutil.copytree(ROOT / name, workspace.folder / name)
    shutil.copy(ROOT / "healthtopics.toml", workspace.folder)
    before = (workspace.folder / CATALOGUE).read_text()
    file = polib.pofile(before)
    (entry,) = [each for each in file if each.msgid.startswith("Sometimes a pregnancy ends")]
    spanish = entry.msgstr
    escaped = spanish.replace('"', '\\"')
    workspace.replace(CATALOGUE, f'msgstr "{escaped}"', 'msgstr ""')
    workspace.run("catalogue", "export", "miscarriage", "--output", "agency")
    project = tmp_path / "project"
    for name in ("source", "target", "tm", "omegat", "glossary", "dictionary"):
        (project / name).mkdir(parents=True)
    (project / "omegat.project").write_text(PROJECT)
    exported = (workspace.folder / "agency/miscarriage.es.xlf").read_text()
    (project / "source/miscarriage.es.xlf").write_text(with_targets(exported))

    memory = project / "omegat/project_save.tmx"
    options = ("--pseudotranslatetype=equal", f"--pseudotranslatetmx={memory}")
    omegat(project, "--mode=console-createpseudotranslatetmx", *options)
    text = memory.read_text()
    (words,) = re.findall(r'<tuv lang="es">\s*<seg>(.*?)</seg>', text, re.DOTALL)
    typed = re.sub(r"<a href=[^>]*>(.*?)</a>", r"&lt;g0&gt;\1&lt;/g0&gt;", spanish)
    head, _, tail = text.rpartition(words)
    memory.write_text(head + typed + tail)
    omegat(project, "--mode=console-translate")

    done = workspace.run("catalogue", "import", str(project / "target/miscarriage.es.xlf"))
    assert "1 translation taken" in done.out
    after = (workspace.folder / CATALOGUE).read_text()
    changes = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    lines = [each for each in changes if not each.startswith("@@")]
    # OmegaT leaves the state as it was, so that somebody looks at the translation before it is published.
    assert [each for each in lines if "PO-Revision-Date" not in each] == ["+#, fuzzy"]
