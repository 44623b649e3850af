"""Every request of the documentation, made as it is there: a real service answers, with bundled topics."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

import httpx
import pytest
from lxml import html

from healthtopics.delivery import health
from healthtopics.delivery.documentation.facts import facts_of
from healthtopics.delivery.documentation.openapi import describe
from healthtopics.delivery.documentation.pages import guide_for_the_repository
from healthtopics.delivery.documentation.wording import LANGUAGES, words_of
from healthtopics.delivery.table import ROUTES
from support import workspaces
from support.browsers import chromium
from support.releases import site_of
from support.samples import ROOT
from support.workspaces import Workspace

BASE = "https://healthtopics.example.org"
GUIDE = ROOT / "docs/partners.md"
# Nothing but what the documentation has: a partner's shell.
SHELL = shutil.which("bash")
CURL = shutil.which("curl")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str


@pytest.fixture(scope="module")
def port() -> int:
    """A free port, to be part of the base URL before the service runs."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def workspace(port: int, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bundled topics, published under the address at which they are served."""
    workspace = workspaces.bundled(tmp_path_factory.mktemp("documentation") / "workspace")
    workspace.replace("healthtopics.toml", BASE, f"http://127.0.0.1:{port}")
    assert workspace.run("publish").code == 0  # by the clock of the machine, which the service has, too
    return workspace


@pytest.fixture(scope="module")
def service(workspace: Workspace, port: int) -> Iterator[str]:
    start = "from healthtopics.cli import main; main()"
    command = [sys.executable, "-c", start, "serve", "-C", str(workspace.folder), "--port", str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert str(port) in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def document(service: str) -> Any:
    return httpx.get(f"{service}/openapi.json").json()


@pytest.fixture(scope="module")
def samples(document: Any) -> list[Any]:
    return [
        sample
        for item in document["paths"].values()
        for operation in item.values()
        for sample in operation["x-codeSamples"]
    ]


def run(command: str, folder: Path) -> Answer:
    """Run a command of the documentation as it is; curl's own configuration says where the answer goes."""
    folder.joinpath(".curlrc").write_text("silent\nshow-error\ndump-header = headers\noutput = body\n")
    environment = {**os.environ, "CURL_HOME": str(folder), "HOME": str(folder)}
    assert SHELL
    subprocess.run([SHELL, "-ec", command], cwd=folder, env=environment, check=True)
    first, *lines = folder.joinpath("headers").read_text().split("\n\n")[0].splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = folder.joinpath("body")
    return Answer(int(first.split()[1]), headers, body.read_text() if body.exists() else "")


def request(command: str) -> Answer:
    """Make the request of a command without curl, which some systems lack."""
    words = iter(shlex.split(command)[1:])
    headers: dict[str, str] = {}
    form: dict[str, str] = {}
    document, address = "", ""
    for word in words:
        if word == "-H":
            name, _, headers_value = next(words).partition(": ")
            headers[name] = headers_value
        elif word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            form[name] = value
        elif word == "--json":
            document = next(words)
            headers["Content-Type"] = "application/json"
        else:
            address = word
    method = "POST" if form or document else "GET"
    response = httpx.request(method, address, headers=headers, data=form or None, content=document or None)
    return Answer(response.status_code, response.headers, response.text)


def test_every_request_is_answered_as_documented(samples: list[Any], tmp_path: Path) -> None:
    failures = []
    for number, sample in enumerate(samples):
        folder = tmp_path / str(number)
        folder.mkdir()
        answer = run(sample["source"], folder) if CURL and SHELL else request(sample["source"])
        found = {name: answer.headers.get(name.lower()) for name in sample["x-headers"]}
        missing = [text for text in sample["x-shows"] if text not in answer.body]
        if answer.status != sample["x-status"] or found != sample["x-headers"] or missing:
            failures.append((sample["source"], answer.status, found, missing))
    assert failures == []


def test_every_operation_and_every_format_has_an_example(document: Any, samples: list[Any]) -> None:
    without = [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if not operation["x-codeSamples"]
    ]
    assert without == [], "add a row to delivery/documentation/examples.py"
    formats = {sample["x-id"] for sample in samples if sample["x-id"].startswith("format-")}
    assert formats == {"format-fhir-r4", "format-fhir-r5", "format-schemaorg", "format-html"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", "/api"])
def test_the_pages_show_these_requests_and_no_others(
    service: str, samples: list[Any], language: str, page: str
) -> None:
    tree: Any = html.document_fromstring(httpx.get(f"{service}/docs/{language}{page}").text)
    shown = {each.text_content().strip() for each in tree.xpath("//pre/code[@class='language-sh']")}
    assert shown == {sample["source"] for sample in samples}


def test_what_the_guide_names_exists(service: str) -> None:
    for language in LANGUAGES:
        page: Any = html.document_fromstring(httpx.get(f"{service}/docs/{language}").text)
        for address in page.xpath("//main//a/@href[not(starts-with(., '#'))]"):
            assert httpx.get(urljoin(service, address)).status_code == 200, address


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_telephone_and_load_nothing(service: str, scheme: Literal["light", "dark"]) -> None:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme)
        page = context.new_page()
        requests, messages = list[str](), list[str]()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        addresses = [f"{service}/docs/{language}{page}" for language in LANGUAGES for page in ("", "/api")]
        for address in addresses:
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") == 360, address
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.hash") == "#main_content"
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation").first.is_visible()
        assert requests == addresses
        assert messages == []


def test_the_guide_of_the_repository_is_the_same(workspace: Workspace) -> None:
    found = facts_of(site_of(workspace.store))
    # Digests and times differ from release to release, which the repository need not follow.
    zeros = {"sha256": "0" * 64, "folder": "00"}
    values = {name: zeros.get(name.rpartition("-")[2], value) for name, value in found.values.items()}
    facts = replace(found, base=BASE, time="2026-11-30T06:00:00Z", values=values)
    document = describe(ROUTES, facts, "en", words_of("en"), at_root=health.AT_ROOT)
    text = guide_for_the_repository(document, facts)
    if os.environ.get("HEALTHTOPICS_REWRITE_GOLDENS") and not os.environ.get("CI"):
        GUIDE.write_text(text)
    assert GUIDE.read_text() == text, "run `make goldens` and review the difference"
