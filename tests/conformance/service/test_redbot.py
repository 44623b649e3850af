"""redbot, which asks again and compares the answers, has nothing against an address of each kind."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from conformance.service.exchanges import Examined
from conformance.service.notes import LEVELS, unexcepted
from conformance.support.findings import Finding, record

JUDGE = Path(__file__).with_name("judging.py")


def addresses(service: Examined) -> dict[str, int]:
    """Return paths by kind of answer, with the status that they have."""
    values = service.facts.values
    topic, language = values["topic"], values["language"]
    coded = f"mainSearchCriteria.v.cs={values['code-system']}&mainSearchCriteria.v.c={values['code']}"
    return {
        "": 200,
        f"topics/{topic}": 200,
        f"{language}/{topic}": 200,
        f"{language}/{topic}/": 308,
        f"html/{language}/{topic}.html": 200,
        f"fhir/r4/{language}/{topic}.json": 200,
        f"schemaorg/{language}/{topic}.jsonld": 200,
        f"topics/{service.withdrawn}": 410,
        "topics/none": 404,
        "topics?unknown=1": 400,
        "topics?limit=2": 200,
        "search?q=miscarriage": 200,
        "changes?since=1": 200,
        "topics.json": 200,
        "topics.sqlite": 200,
        f"infobutton?{coded}": 200,
        f"application?{coded}": 200,
        "current.json": 200,
        f"releases/{values['number']}/manifest.json": 200,
        "schema/1/public/topics.schema.json": 200,
        "openapi.json": 200,
        "docs/es": 200,
        "health/ready": 200,
    }


def test_it_has_nothing_against_an_address_of_each_kind(service: Examined) -> None:
    found: list[Finding] = []
    for path, status in addresses(service).items():
        done = subprocess.run(
            [sys.executable, JUDGE, f"{service.url}/{path}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        answer = json.loads(done.stdout)
        assert answer["status"] == status, path
        found += (
            Finding(path, "redbot", LEVELS[level], f"{name}: {text}")
            for name, level, text in answer["notes"]
            if level in LEVELS
        )
    wrong, unused = unexcepted("redbot", found)
    assert wrong == []
    assert unused == set(), "these exceptions of exceptions.toml are not needed any more"
    checks = "Repeated, conditional, partial and compressed answers of an address of each kind."
    record("redbot", version("redbot"), checks, {"service": wrong})
