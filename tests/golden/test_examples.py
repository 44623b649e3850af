"""exports/examples/ is what `make publish` publishes, by name, byte for byte: every artifact that is a text.

`make goldens` rewrites the folder; review the difference like code.
"""

import os
from pathlib import Path

import pytest

from healthtopics.publishing.packaging import PACKAGE_FORMAT
from healthtopics.release import TOPICS_SQLITE, open_current, read_artifact
from healthtopics.storage.local import LocalStore
from support import samples
from support.workspaces import Workspace

EXAMPLES = samples.ROOT / "exports" / "examples"
REWRITE = "HEALTHTOPICS_REWRITE_GOLDENS"
# The moment is in everything: it is a first release.
NOW = "2026-11-30T06:00:00Z"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    exports = tmp_path_factory.mktemp("exports")
    Workspace(samples.ROOT).publish("--exports", str(exports), "--no-cache", at=NOW)
    store = LocalStore(exports)
    # Other versions of SQLite and zlib may write these in other bytes; tests of their own read them.
    return {
        name: read_artifact(store, name, artifact)
        for name, artifact in open_current(store).manifest.files.items()
        if name != TOPICS_SQLITE and artifact.format != PACKAGE_FORMAT
    }


def found() -> dict[str, Path]:
    paths = (path for path in sorted(EXAMPLES.rglob("*")) if path.is_file())
    return {path.relative_to(EXAMPLES).as_posix(): path for path in paths}


def rewrite(made: dict[str, bytes]) -> None:
    for path in found().values():
        path.unlink()
    for name, data in made.items():
        (EXAMPLES / name).parent.mkdir(parents=True, exist_ok=True)
        (EXAMPLES / name).write_bytes(data)


def test_ci_never_rewrites() -> None:
    assert not (os.environ.get("CI") and os.environ.get(REWRITE))


def test_the_examples_are_exactly_all_artifacts(made: dict[str, bytes]) -> None:
    if os.environ.get(REWRITE) and not os.environ.get("CI"):
        rewrite(made)
    assert sorted(found()) == sorted(made)


@pytest.mark.parametrize("name", sorted(found()))
def test_an_example_is_byte_equal_to_what_the_code_makes(name: str, made: dict[str, bytes]) -> None:
    if name not in made:
        pytest.fail(f"{name} is no artifact any more; run `make goldens` and review the difference")
    assert found()[name].read_bytes() == made[name], "run `make goldens` and review the difference"
