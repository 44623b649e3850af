from pathlib import Path

import healthtopics
from healthtopics.jsontext import digest
from healthtopics.storage.software import maker


def test_the_name_has_the_version() -> None:
    assert maker().name == f"healthtopics {healthtopics.__version__}"


def test_the_digest_stands_for_code_and_schemas() -> None:
    package = Path(healthtopics.__file__).parent
    files = sorted(
        path
        for pattern in ("*.py", "*.json", "*.html")
        for path in package.rglob(pattern)
        if "__pycache__" not in path.parts
    )
    listing = "".join(
        f"{path.relative_to(package).as_posix()} {digest(path.read_bytes())}\n" for path in files
    )
    assert maker().digest == digest(listing.encode())
    assert maker() is maker()
