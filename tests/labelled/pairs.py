"""The labelled pairs, as they are in the files."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

FOLDER: Final = Path(__file__).parent
LABELS: Final = ("right", "wrong")
HALVES: Final = ("development", "held-out")
BLIND: Final = "blind"
"""The part that nobody tunes by."""

Label: TypeAlias = dict[str, str]
"""One line: `id`, `role`, `english`, `spanish`; `pattern` of a right pair, `kind` and `of` of a wrong one."""


def read_pairs(label: str, half: str) -> list[Label]:
    """Return the right or the wrong pairs of a part, in the order of their file."""
    text = file_of(label, half).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def file_of(label: str, half: str) -> Path:
    """Return the file of the right or the wrong pairs of a part."""
    return FOLDER / f"{label}.{half}.jsonl"


def digest_of(label: str, half: str) -> str:
    """Return the SHA-256 of a file, by which it is known to be unchanged."""
    return sha256(file_of(label, half).read_bytes()).hexdigest()
