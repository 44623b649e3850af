"""The labelled pairs, as they are in the files."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

FOLDER: Final = Path(__file__).parent
LABELS: Final = ("right", "wrong")
DEVELOPMENT: Final = "development"
HELD_OUT: Final = "held-out"
"""The part that nobody tunes by. Without its files, as when it has been used up, it has no pairs."""
PARTS: Final = (DEVELOPMENT, HELD_OUT)

Label: TypeAlias = dict[str, str]
"""One line: `id`, `role`, `english`, `spanish`; `pattern` of a right pair, `kind` and `of` of a wrong one."""


def read_pairs(label: str, part: str) -> list[Label]:
    """Return the right or the wrong pairs of a part, in the order of their file; none if there is no file."""
    file = file_of(label, part)
    if part == HELD_OUT and not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def file_of(label: str, part: str) -> Path:
    """Return the file of the right or the wrong pairs of a part."""
    return FOLDER / f"{label}.{part}.jsonl"


def digest_of(label: str, part: str) -> str:
    """Return the SHA-256 of a file, by which it is known to be unchanged."""
    return sha256(file_of(label, part).read_bytes()).hexdigest()
