"""The table of formats: complete, the only place that knows their names, loaded when it is asked for."""

import subprocess
import sys

import pytest

from healthtopics.formats.table import DEFAULT, OWN, format_named, formats_named
from healthtopics.schema import packaged


def test_the_schema_of_the_configuration_has_the_names_of_the_table() -> None:
    schema = packaged("configuration.schema.json")["properties"]["formats"]
    assert schema["items"]["enum"] == list(OWN)
    assert schema["default"] == list(DEFAULT)


def test_every_row_has_its_name_and_a_folder_of_its_own() -> None:
    rows = formats_named(OWN)
    assert [row.name for row in rows] == list(OWN)
    assert len({row.folder for row in rows}) == len(rows)
    assert len({row.label for row in rows}) == len(rows)


@pytest.mark.parametrize("name", OWN)
def test_every_row_checks_what_it_exports(name: str) -> None:
    row = format_named(name)
    assert row.check is not None
    assert bool(row.schema) == row.media_type.endswith("json")


def test_names_are_known_without_loading_a_format() -> None:
    script = (
        "import sys, healthtopics.storage.workspace as w;"
        "print([name for name in sys.modules if name.startswith('healthtopics.formats.') and "
        "name.split('.')[2] not in ('table', 'format')])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
