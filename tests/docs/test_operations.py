"""docs/operations.md names commands, options, metrics and codes that exist, and each that there is."""

import re
import shlex
import tomllib
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from healthtopics import cli
from healthtopics.cli import exits
from healthtopics.configuration import JobSettings
from healthtopics.formats.table import format_names
from healthtopics.metrics import HELP
from healthtopics.server.limits import OWN, Limits
from healthtopics.server.tally import Tally
from healthtopics.validation.configuration import check_configuration
from support.samples import ROOT
from support.workspaces import build_commands

PAGE = (ROOT / "docs/operations.md").read_text()
_FENCES = re.findall(r"(?s)```(\w*)\n(.*?)```", PAGE)
COMMANDS = sorted(
    {
        match
        for text in [*re.findall(r"`(healthtopics [^`]+)`", PAGE), *(text for _language, text in _FENCES)]
        for match in re.findall(r"healthtopics (?=[a-z-])[^\n|&>#]+", text)
        if "…" not in match and "_" not in match.split()[1]
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_exists_with_its_options(command: str) -> None:
    found: Any = build_commands(cli.app)
    known: set[str] = set()
    for word in shlex.split(command)[1:]:
        known |= {option for parameter in found.params for option in parameter.opts}
        if word.startswith("-"):
            assert word.partition("=")[0] in known | {"--help"}
        else:
            found = getattr(found, "commands", {}).get(word, found)
    assert not hasattr(found, "commands"), "a group, not a command"


def test_commands_are_found() -> None:
    assert {"healthtopics release repair", "healthtopics notify --now"} <= set(COMMANDS)


def test_every_metric_is_described_and_every_described_metric_exists() -> None:
    table = PAGE.partition("### Metrics")[2].partition("```yaml")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`(\w+)`", "".join(rows))) == sorted(HELP)
    assert set(re.findall(r"healthtopics_(?!service_)(\w+)", PAGE)) <= HELP.keys()


def test_every_metric_of_the_service_is_described_and_every_described_one_exists() -> None:
    table = PAGE.partition("healthtopics_service_…")[2].partition("###")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    families = text_string_to_metric_families(Tally([]).text().decode())
    names = [f"{each.name}_total" if each.type == "counter" else each.name for each in families]
    assert sorted(re.findall(r"`(\w+)`", "".join(rows))) == sorted(
        name.removeprefix("healthtopics_service_") for name in names
    )


def test_the_settings_are_valid_and_complete() -> None:
    (text,) = (text for language, text in _FENCES if language == "toml")
    document = tomllib.loads(text)
    rest = {"base_url": "https://example.org", "publisher": "x", "languages": {}}
    assert check_configuration({**rest, **document}, "healthtopics.toml", format_names()) == []
    settings = JobSettings.from_dict(document)
    assert all(getattr(settings, name) for name in JobSettings.__dataclass_fields__)


@pytest.mark.parametrize("code", [row.code for row in exits.TABLE])
def test_every_exit_code_has_what_to_do(code: int) -> None:
    assert re.search(rf"^\| {code} \|", PAGE, re.MULTILINE)


def test_the_limits_are_those_of_the_service() -> None:
    section = PAGE.partition("### Limits\n")[2].partition("\n#")[0]
    rows = dict(re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|", section))
    limits = Limits()
    assert rows["address"] == f"{limits.target:,} bytes"
    assert rows["all header fields together"] == f"{limits.headers // 1024} KiB"
    assert rows["body"] == f"{limits.body // 1024} KiB"
    assert rows["from the first byte of a request to its last"] == f"{limits.receiving_s:.0f} s"
    assert rows["between two requests"] == f"{limits.idle_s:.0f} s"
    assert rows["to make an answer"] == f"{limits.answering_s:.0f} s"
    assert rows["answers of a worker that are being made or wait for it"] == f"{limits.making}"
    connections = f"{limits.connections:,}, or what the open files allow (`ulimit -Hn` less {OWN})"
    assert rows["connections of a worker"] == connections


def test_the_proxy_lets_through_what_the_service_reads() -> None:
    proxy = (ROOT / "deploy/nginx-service.conf").read_text()
    assert f"client_max_body_size {Limits().body // 1024}k;" in proxy
    assert re.search(r"error_log \S+ crit;", proxy)  # others quote queries
