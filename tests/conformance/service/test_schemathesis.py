"""schemathesis finds no answer that differs from the OpenAPI document."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from conformance.service.exchanges import Examined
from conformance.support.findings import record

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def test_it_finds_no_answer_that_differs_from_the_document(service: Examined, tmp_path: Path) -> None:
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"),
        *("--config-file", CONFIGURATION, "run", f"{service.url}/openapi.json"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "25"),
        *("--generation-deterministic", "--no-color"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Operations: +(\d+) selected / \1 total", done.stdout), done.stdout
    checks = "Answers to every request that the OpenAPI document allows, and to many that it does not."
    record("schemathesis", version("schemathesis"), checks, {"service": []})
