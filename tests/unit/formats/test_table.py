"""The table of formats: complete, the only place that knows their names, loaded when it is asked for."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from healthtopics.formats.table import DEFAULT, OWN, format_named, formats_named
from healthtopics.schema import packaged

SOURCE = Path(__file__).parents[3] / "src/healthtopics"
CONFIGURATION = Path(__file__).parents[3] / "schema/configuration.schema.json"


def test_the_schema_of_the_configuration_has_the_names_of_the_table() -> None:
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        document = json.loads(CONFIGURATION.read_bytes())
        formats = document["properties"]["formats"]
        formats["items"]["enum"], formats["default"] = list(OWN), list(DEFAULT)
        CONFIGURATION.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
        return
    schema = packaged("configuration.schema.json")["properties"]["formats"]
    assert schema["items"]["enum"] == list(OWN)
    assert schema["default"] == list(DEFAULT)


def test_every_row_has_its_own_name_and_folder() -> None:
    rows = formats_named(OWN)
    assert [row.name for row in rows] == list(OWN)
    assert len({row.folder for row in rows}) == len(rows)
    assert len({row.label for row in rows}) == len(rows)


@pytest.mark.parametrize("name", OWN)
def test_every_row_checks_what_it_exports(name: str) -> None:
    row = format_named(name)
    assert row.check is not None
    assert bool(row.schema) == row.media_type.endswith("json")


def test_only_the_table_knows_formats_by_name() -> None:
    names = re.compile("|".join(map(re.escape, OWN)))
    found = [
        f"{path.relative_to(SOURCE)}:{node.lineno}: {node.value!r}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] != "formats"
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and names.fullmatch(node.value)
    ]
    # Tags of HTML, and the type of a text in Atom.
    others = ("importers/medlineplus/", "delivery/lookup/")
    assert [each for each in found if not each.startswith(others)] == []


def test_names_are_known_without_loading_a_format() -> None:
    script = (
        "import sys, healthtopics.storage.workspace as w;"
        "print([name for name in sys.modules if name.startswith('healthtopics.formats.') "
        "and name.count('.') > 2])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
