"""Look-ups at a real service: nothing of what is asked reaches its output, its metrics or another client."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import stamina

from healthtopics.delivery.message import FORM, Request
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.release import Promise
from support import workspaces
from support.indexes import bundled_index, bundled_release
from support.samples import ROOT

MESH = "2.16.840.1.113883.6.177"
CODE = "D000022"
SECRETS = ("D000022", "SECRETCODE", "SECRETWORDS", "SECRETNAME", "SECRET-AGE", MESH)


@dataclass(frozen=True)
class Running:
    url: str
    output: Path

    def said(self) -> str:
        return self.output.read_text()


@contextmanager
def serving(workspace: Path, output: Path) -> Iterator[Running]:
    command = [sys.executable, "-c", "from healthtopics.cli import main; main()"]
    command += ["serve", "-C", str(workspace), "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        output.open("wb") as file,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file, text=True, env=environment) as process,
    ):
        assert process.stdout is not None
        found = re.search(r"http://[0-9.:]+", process.stdout.readline())
        try:
            assert found, output.read_text()
            yield Running(found[0], output)
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.stdout.read()
            process.wait()
            with output.open("a") as more:
                more.write(rest)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("lookup")
    workspace = workspaces.bundled(folder / "workspace")
    workspace.publish()
    with serving(workspace.folder, folder / "output") as running:
        yield running


def private_requests(client: httpx.Client) -> Iterator[httpx.Response]:
    """Make requests that are answered, refused, malformed and too large, each with something to hide."""
    known = {"mainSearchCriteria.v.c": CODE, "mainSearchCriteria.v.cs": MESH, "age.v.v": "SECRET-AGE"}
    unknown = known | {"mainSearchCriteria.v.c": "SECRETCODE"}
    words = {"mainSearchCriteria.v.dn": "SECRETWORDS"}
    for path in ("/infobutton", "/service", "/application"):
        for values in (
            known,
            unknown,
            words,
            {"SECRETNAME": "1"},
            known | {"informationRecipient": "SECRETWORDS"},
        ):
            yield client.get(path, params=values)
            yield client.post(path, data=values)
        yield client.get(f"{path}?mainSearchCriteria.v.c=SECRETCODE%")
        yield client.get(f"{path}?mainSearchCriteria.v.c=SECRETCODE%00&mainSearchCriteria.v.cs={MESH}")
        yield client.get(f"{path}?SECRETNAME={'x' * 9000}")
        yield client.post(path, content=b"SECRETWORDS", headers={"Content-Type": "text/plain"})
        yield client.put(path, params=known)
    for body in (b'{"SECRETNAME": ', b'{"hook": "SECRETWORDS"}', b'{"a": "SECRETWORDS", "a": 1}'):
        yield client.post(
            "/cds-services/topics-for-problems", content=body, headers={"Content-Type": "application/json"}
        )


def test_nothing_of_a_look_up_reaches_output_or_metrics(service: Running) -> None:
    with httpx.Client(base_url=service.url) as client:
        statuses = {response.status_code for response in private_requests(client)}
        assert statuses == {200, 400, 405, 414, 415}
        metrics = client.get("/metrics").text
        live = client.get("/health/live").text
    for attempt in stamina.retry_context(on=AssertionError, timeout=60):
        with attempt:  # the access log is written a moment after the answer
            said = service.said()
            assert "/health/live" in said, "the last request is missing in the access log"
    assert "/infobutton" in said
    for secret in SECRETS:
        assert secret not in said
        assert secret not in metrics + live


def test_answers_are_for_one_client_only(service: Running) -> None:
    with httpx.Client(base_url=service.url) as client:
        for response in private_requests(client):
            cache = response.headers["cache-control"]
            assert {"private", "no-store"} & {each.strip() for each in cache.split(",")}, cache
        page = client.get("/application", params={"mainSearchCriteria.v.dn": "miscarriage"})
    assert page.headers["referrer-policy"] == "no-referrer"


def test_errors_do_not_repeat_what_was_asked(service: Running) -> None:
    with httpx.Client(base_url=service.url) as client:
        for response in private_requests(client):
            if response.status_code >= 400:
                assert not [secret for secret in SECRETS if secret in response.text], response.text


def test_a_script_of_another_origin_may_ask(service: Running) -> None:
    fields = {"Origin": "https://ehr.example", "Access-Control-Request-Method": "POST"}
    with httpx.Client(base_url=service.url) as client:
        for path in ("/infobutton", "/cds-services/topics-for-problems"):
            response = client.options(path, headers=fields)
            assert response.headers["access-control-allow-origin"] == "*"
            assert "POST" in response.headers["access-control-allow-methods"]
            allowed = response.headers["access-control-allow-headers"].lower().split(", ")
            assert {"authorization", "content-type"} <= set(allowed)


def test_the_commands_of_the_guide_are_those_of_the_documentation() -> None:
    """The documentation of the service makes each of its requests: tests/functional/test_documentation.py."""
    commands = re.findall(r"```sh\n(.*?)\n```", (ROOT / "docs/lookup.md").read_text(), re.DOTALL)
    partners = (ROOT / "docs/partners.md").read_text()
    assert commands
    assert [each for each in commands if each not in partners] == []


def test_the_answer_in_the_guide_is_the_one_that_comes_back() -> None:
    store, _manifest = bundled_release()
    site = Site(bundled_index(), store, Promise("", 0), b"{}")
    form = urlencode(
        {
            "mainSearchCriteria.v.cs": MESH,
            "mainSearchCriteria.v.c": CODE,
            "informationRecipient.languageCode.c": "es",
            "knowledgeResponseType": "application/json",
        }
    )
    response = respond(Request("POST", "/infobutton", {"content-type": FORM}, "", form.encode()), site)
    (shown,) = re.findall(r"```json\n(.*?)\n```", (ROOT / "docs/lookup.md").read_text(), re.DOTALL)
    expected, found = json.loads(shown), json.loads(response.body)
    (entry,) = found["feed"]["entry"]
    beginning = expected["feed"]["entry"][0]["summary"]["_value"].removesuffix("…")
    assert entry["summary"]["_value"].startswith(beginning)
    entry["summary"]["_value"] = f"{beginning}…"
    assert expected == found
