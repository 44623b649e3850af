import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

import healthtopics
from healthtopics.jsontext import digest
from healthtopics.storage.software import maker
from support.distributions import Distribution


@pytest.fixture
def _fresh() -> Iterator[None]:
    maker.cache_clear()
    yield
    maker.cache_clear()


def test_the_name_has_the_version() -> None:
    assert maker().name == f"healthtopics {healthtopics.__version__}"


def test_the_digest_covers_every_file_of_the_package() -> None:
    package = Path(healthtopics.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {".py", ".json", ".html", ".css", ".po"} <= {path.suffix for path in files}
    listing = "".join(
        f"{path.relative_to(package).as_posix()} {digest(path.read_bytes())}\n" for path in files
    )
    assert maker().digest == digest(listing.encode())
    assert maker() is maker()


def test_the_version_of_python_is_among_the_versions() -> None:
    assert f"{platform.python_implementation()} {platform.python_version()}" in maker().versions


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize(
    ("name", "entry_points"),
    [("rapidfuzz", {}), ("acme-checks", {"healthtopics.checks": {"acme": "acme:CHECKS"}})],
    ids=["library", "plug-in"],
)
def test_another_version_of_a_library_or_plug_in_changes_what_is_kept_but_no_artifact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, entry_points: dict[str, dict[str, str]]
) -> None:
    found = []
    for version in ("98", "99"):
        maker.cache_clear()
        distribution = Distribution(name=name, files={}, entry_points=entry_points, version=version)
        with monkeypatch.context() as patched:
            patched.syspath_prepend(str(distribution.build(tmp_path)))
            found.append(maker())
        assert f"{name} {version}" in found[-1].versions
    old, new = found
    assert old.digest == new.digest
    assert old.judging != new.judging
