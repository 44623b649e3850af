"""locales/weblate.json fits the repository, and has the settings that Weblate needs."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from support.samples import ROOT

SETTINGS: dict[str, Any] = json.loads((ROOT / "locales/weblate.json").read_text())
COMPONENTS: list[dict[str, Any]] = [SETTINGS["main"], *SETTINGS["results"]]
CATALOGUES = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "locales").rglob("*.po"))]


def test_every_catalogue_is_in_just_one_component() -> None:
    for path in CATALOGUES:
        found = [each["slug"] for each in COMPONENTS if fnmatchcase(path, each["filemask"])]
        assert len(found) == 1, f"{path} needs a component in locales/weblate.json: docs/weblate.md"


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each["slug"])
def test_a_component(component: dict[str, Any]) -> None:
    assert any(fnmatchcase(path, component["filemask"]) for path in CATALOGUES), "a topic that is gone"
    assert component["filemask"] == f"locales/*/LC_MESSAGES/{component['slug']}.po"
    assert component["file_format"] == "po"
    assert component["file_format_params"] == {"po_line_wrap": 65535}
    assert component["new_lang"] == "none"
    assert "template" not in component, "a monolingual base file"
    assert "safe-html" not in component["check_flags"], "titles are plain text"


def test_the_components_differ_only_in_their_names() -> None:
    own = ("name", "slug", "filemask")
    assert len({json.dumps({k: v for k, v in each.items() if k not in own}) for each in COMPONENTS}) == 1


def test_discovery_finds_every_catalogue() -> None:
    pattern = re.compile(f"^{SETTINGS['discovery']['match']}$")
    matches = {path: pattern.match(path) for path in CATALOGUES}
    found = {path: (match["language"], match["component"]) for path, match in matches.items() if match}
    assert found == {
        path: (path.split("/")[1], path.split("/")[3].removesuffix(".po")) for path in CATALOGUES
    }
    assert not pattern.match("src/healthtopics/example/locales/es/LC_MESSAGES/handwashing.po")
