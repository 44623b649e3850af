"""Okapi, on which translation tools are built, opens our XLIFF files, and what it saves comes back whole."""

import re
import subprocess
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import polib
import pytest
from lxml import etree

from conformance.support.findings import Finding, record
from healthtopics.catalogues import po
from healthtopics.catalogues.xliff import XliffVersion, parse, serialize
from healthtopics.catalogues.xliff_merging import Joined, merge
from healthtopics.catalogues.xliff_units import Outgoing
from healthtopics.language import LanguageTag

ROOT: Final = Path(__file__).parents[3]
HERE: Final = Path(__file__).parent
CATALOGUES: Final = sorted((ROOT / "locales/es/LC_MESSAGES").glob("*.po"))
NOW: Final = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BLOCKS: Final = b"""msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "section"
msgid ""
"<p>Drink <a href=\\"topic:water\\">water</a>.</p>\\n"
"<ul>\\n"
"<li>Rest</li>\\n"
"</ul>"
msgstr ""
"<p>Beba <a href=\\"topic:water\\">agua</a>.</p>\\n"
"<p>Descanse.</p>"
"""


def through_okapi(
    file: polib.POFile, how: str, folder: Path, form: XliffVersion = XliffVersion.ONE
) -> tuple[list[list[str]], Joined, bytes]:
    """Return what Okapi saw, the result of what it saved, and the catalogue as it was."""
    data = po.serialize(file)
    exported = serialize([Outgoing(path="es.po", language=LanguageTag("es"), file=file)], version=form)
    (folder / "out.xlf").write_bytes(exported.data)
    command = ["java", "-cp", f"{HERE / 'target/classes'}:{HERE / 'target/lib/*'}"]
    command += ["healthtopics.conformance.Translate", folder / "out.xlf", folder / "back.xlf", how, form]  # type: ignore[list-item]  # paths and strings
    seen = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(seen) == exported.units
    (part,) = parse((folder / "back.xlf").read_bytes(), "back.xlf")
    return [line.split("\t") for line in seen], merge(data, part, "back.xlf", NOW), data


def read(path: Path) -> polib.POFile:
    return po.parse(path.read_bytes(), path.name).file


@cache
def version() -> str:
    (jar,) = (HERE / "target/lib").glob("okapi-filter-xliff-*.jar")
    return jar.stem.removeprefix("okapi-filter-xliff-")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_what_is_saved_unchanged_changes_nothing(path: Path, tmp_path: Path) -> None:
    file = read(path)
    seen, result, data = through_okapi(file, "keep", tmp_path)
    live = [entry for entry in file if not entry.obsolete]
    tags = [2 * len(re.findall(r"<[a-z]", entry.msgid)) for entry in live]
    assert [int(codes) for _, codes, _ in seen] == tags, "each tag is two codes, and nothing else is one"
    assert [translated == "true" for *_, translated in seen] == [bool(entry.msgstr) for entry in live]
    # If there is no translation Okapi saves the English, which must never pass for one.
    missing = [entry for entry in live if not entry.msgstr]
    assert [problem.check for problem in result.problems] == ["xliff-copy"] * len(missing)
    assert (result.data, result.untranslated) == (data, len(missing))


def test_a_former_translation_is_not_taken_for_one(tmp_path: Path) -> None:
    text = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

# former English: Take 20 mg.
# former translation: Tome 20 mg.
msgctxt "paragraph"
msgid "Take 200 mg."
msgstr ""
"""
    ((_, _, translated),), result, data = through_okapi(
        po.parse(text.encode(), "es.po").file, "keep", tmp_path
    )
    assert translated == "false"
    assert b"previous-version" in (tmp_path / "back.xlf").read_bytes()
    assert (result.data, result.untranslated) == (data, 1)


def test_every_translation_that_a_tool_makes_is_taken(tmp_path: Path) -> None:
    found: dict[str, list[Finding]] = {}
    for path in CATALOGUES:
        file = read(path)
        for entry in file:
            entry.msgstr = ""
            entry.flags = []
        _, result, _ = through_okapi(file, "append", tmp_path)
        found[path.name] = [Finding(path.name, "okapi", "error", str(each)) for each in result.problems]
        after = [entry for entry in po.parse(result.data, path.name).file if not entry.obsolete]
        assert [entry.msgstr for entry in after] == [f"{entry.msgid} (es)" for entry in after]
    checks = "Catalogues as XLIFF 1.2: read, translated and saved; every tag and address comes back."
    record("okapi", version(), checks, found)
    assert [each for findings in found.values() for each in findings] == []


def test_a_unit_of_blocks_comes_back_whole(tmp_path: Path) -> None:
    _, result, data = through_okapi(po.parse(BLOCKS, "es.po").file, "keep", tmp_path)
    assert (result.data, result.unchanged, result.problems) == (data, 1, ())


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """Return the core schema of XLIFF 2.1, from a library of Okapi."""
    folder = tmp_path_factory.mktemp("schema")
    (jar,) = (HERE / "target/lib").glob("okapi-lib-xliff2-*.jar")
    with zipfile.ZipFile(jar) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".xsd")])
    return etree.XMLSchema(etree.parse(folder / "net/sf/okapi/lib/xliff2/xliff_core_2.0.xsd"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_xliff_2_is_valid_and_saved_unchanged_changes_nothing(
    path: Path, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    file = read(path)
    seen, result, data = through_okapi(file, "keep", tmp_path, XliffVersion.TWO)
    schema.assertValid(etree.parse(tmp_path / "out.xlf"))
    live = [entry for entry in file if not entry.obsolete]
    tags = [2 * len(re.findall(r"<[a-z]", entry.msgid)) for entry in live]
    assert [int(codes) for _, codes, _ in seen] == tags
    assert [problem.check for problem in result.problems if problem.check != "xliff-copy"] == []
    assert (result.data, result.noted) == (data, 0)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_translation_that_a_tool_makes_in_xliff_2_is_taken(path: Path, tmp_path: Path) -> None:
    file = read(path)
    for entry in file:
        entry.msgstr = ""
        entry.flags = []
    _, result, _ = through_okapi(file, "append", tmp_path, XliffVersion.TWO)
    assert result.problems == ()
    after = [entry for entry in po.parse(result.data, path.name).file if not entry.obsolete]
    assert [entry.msgstr for entry in after] == [f"{entry.msgid} (es)" for entry in after]
