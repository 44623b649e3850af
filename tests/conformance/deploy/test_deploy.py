"""The files of deploy/, judged by the tools that they are for."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from healthtopics import cli
from support.samples import ROOT
from support.workspaces import build_commands

DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
COMMAND = re.compile(r"^(?!\s*#).*?\b(healthtopics (?:publish|notify|check|pull|serve)\b[^>|&]*)")


def output_of(*command: str | Path) -> str:
    """Return everything that a tool prints, after its exit code if that is not 0."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return f"exit code {done.returncode}\n{done.stdout}" if done.returncode else done.stdout


def commands() -> list[tuple[str, list[str]]]:
    """Return every command line of healthtopics in deploy/, with the file."""
    found = []
    for path in sorted(DEPLOY.rglob("*")):
        if path.suffix == ".yaml":
            found += [(path.name, ["healthtopics", *args]) for args in arguments_of(path)]
        elif path.is_file():
            for line in path.read_text().splitlines():
                match = re.search(
                    r"^(?!\s*#).*?\b(healthtopics (?:publish|notify|check|pull|serve)[^>|&]*)", line
                )
                if match:
                    found.append((path.name, shlex.split(match[1])))
    return found


def arguments_of(path: Path) -> list[list[str]]:
    found: list[list[str]] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.extend([value["args"]] if "args" in value else [])
            for below in value.values():
                walk(below)
        elif isinstance(value, list):
            for below in value:
                walk(below)

    for document in yaml.safe_load_all(path.read_text()):
        walk(document)
    return found


def test_every_scheduler_runs_a_command() -> None:
    assert {name for name, _words in commands()} >= {
        "healthtopics-publish.service",
        "healthtopics-notify.service",
        "healthtopics.cron",
        "kubernetes.yaml",
        "publish.yml",
    }


@pytest.mark.parametrize(("file", "words"), commands())
def test_a_command_has_the_options_that_it_is_given(file: str, words: list[str]) -> None:
    known = build_commands(cli.app).commands[words[1]].params  # type: ignore[attr-defined]  # a group
    options = {option for parameter in known for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options, file


@pytest.mark.systemd
def test_systemd_has_nothing_to_say(tmp_path: Path) -> None:
    """The program is where the environment of the tests is; everything else is as it is installed."""
    units = []
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        text = unit.read_text().replace("/opt/healthtopics/bin/healthtopics", str(BIN / "healthtopics"))
        (tmp_path / unit.name).write_text(text)
        units.append(tmp_path / unit.name)
    assert output_of("systemd-analyze", "verify", "--man=no", *units) == ""


def test_each_timer_has_its_service() -> None:
    names = {path.name for path in (DEPLOY / "systemd").iterdir()}
    assert {name for name in names if name.endswith(".timer")}
    assert all(name.replace(".timer", ".service") in names for name in names)


def test_kubernetes_accepts_the_resources() -> None:
    """In the newest version that the validator knows, and in an old one that has every member used here."""
    for version in ([], ["-k", "1.31"]):
        printed = output_of(BIN / "kubernetes-validate", "--strict", *version, DEPLOY / "kubernetes.yaml")
        assert printed.count(" passed for resource ") == printed.count("\n") == 4, printed


def test_kubernetes_retries_only_what_a_retry_can_help() -> None:
    job = next(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
    rule = job["spec"]["jobTemplate"]["spec"]["podFailurePolicy"]["rules"][0]
    assert (rule["action"], rule["onExitCodes"]["values"]) == ("FailJob", [1, 2, 70, 78])
    service = (DEPLOY / "systemd/healthtopics-publish.service").read_text()
    assert "\nRestartPreventExitStatus=1 2 70 78\n" in service


def test_actionlint_accepts_the_workflow() -> None:
    assert output_of(BIN / "actionlint", "-no-color", DEPLOY / "github/publish.yml") == ""


def test_hadolint_accepts_the_containerfile() -> None:
    assert output_of(BIN / "hadolint", "--no-color", DEPLOY / "Containerfile") == ""


@pytest.mark.parametrize(
    ("tool", "file", "old", "new"),
    [
        ("kubernetes-validate", "kubernetes.yaml", "backoffLimit: 4", "backoffLimit: four"),
        ("kubernetes-validate", "kubernetes.yaml", "  schedule:", "  schedul:"),
        ("actionlint", "github/publish.yml", "needs: check", "needs: chek"),
        ("actionlint", "github/publish.yml", "secrets.PORTAL_SECRET", "secret.PORTAL_SECRET"),
        ("hadolint", "Containerfile", "WORKDIR /workspace", "WORKDIR workspace"),
        ("hadolint", "Containerfile", "FROM ${BASE}\nCOPY", "FROM debian:latest\nCOPY"),
    ],
)
def test_a_tool_notices_a_fault(tmp_path: Path, tool: str, file: str, old: str, new: str) -> None:
    text = (DEPLOY / file).read_text()
    assert old in text
    path = tmp_path / Path(file).name
    path.write_text(text.replace(old, new))
    strict = ["--strict"] if tool == "kubernetes-validate" else []
    assert output_of(BIN / tool, *strict, path).startswith("exit code 1\n")


@pytest.mark.systemd
def test_systemd_notices_a_fault(tmp_path: Path) -> None:
    unit = tmp_path / "wrong.service"
    unit.write_text("[Service]\nType=oneshot\nExecStart=/bin/true\nTimeoutStartSecs=1h\n")
    assert "Unknown key" in output_of("systemd-analyze", "verify", "--man=no", unit)


def test_the_alerts_of_the_documentation_are_rules() -> None:
    (text,) = re.findall(r"(?s)```yaml\n(.*?)```", (ROOT / "docs/operations.md").read_text())
    (group,) = yaml.safe_load(text)["groups"]
    assert group["rules"]
    assert all({"alert", "expr"} <= rule.keys() <= {"alert", "expr", "for"} for rule in group["rules"])
