"""The workbench over HTTP, on files in memory."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from socket import create_server, socket
from threading import Event, Thread
from typing import Any

import httpx
import pytest
import uvicorn
from lxml import html

from healthtopics.errors import ConfigurationError, HealthTopicsError, StorageError
from healthtopics.language import LanguageTag
from healthtopics.layout import Files
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workbench.app import Disk, Workbench
from healthtopics.workers import Progress
from support.collections import MAKER
from support.files import MemoryFiles
from support.workspaces import LUNGS, create

HOST = "http://127.0.0.1"
SPANISH = LanguageTag("es")
DAY = "2026-11-20"
SCRIPTS = {f"/workbench/{name}.js" for name in ("bench", "edit", "focus", "list", "side", "status", "text")}
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Bench:
    """A workbench over files that stay as they are."""

    files: Files

    fault: HealthTopicsError | None = None
    """The result of reading them."""

    def read(self) -> Files:
        if self.fault:
            raise self.fault
        return self.files

    def get(self, address: str, **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=workbench(self.read))
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.get(address, headers=headers)

        return asyncio.run(ask())


async def _never() -> AsyncIterator[object]:
    return
    yield


def _read_only(path: str, _change: Callable[[bytes], bytes]) -> bytes:
    raise AssertionError(path)


def workbench(
    read: Callable[[], Files],
    changes: Callable[[], AsyncIterator[object]] = _never,
    write: Callable[[str, Callable[[bytes], bytes]], bytes] = _read_only,
    **others: Any,
) -> Workbench:
    disk = Disk(read, changes, write)
    return Workbench(disk, lambda: None, now=lambda: NOW, today=lambda: DAY, maker=MAKER, **others)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    workspace = create(tmp_path_factory.mktemp("workspace"))
    return MemoryFiles.of(read_files(open_workspace(workspace.folder)))


@pytest.fixture
def client(files: MemoryFiles) -> Bench:
    return Bench(files)


def page(client: Bench, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(response.content)


def words(element: Any) -> str:
    return " ".join(str(element.xpath("string()")).split())


class TestPages:
    def test_the_first_page_leads_to_every_topic(self, client: Bench) -> None:
        links = page(client, "/").xpath("//tbody//a/@href")
        topics = ["/es/asthma", "/es/cough", "/es/fever"]
        assert links == [*topics, "/es/vocabulary", "/es/interface"]

    def test_a_topic_is_shown_in_two_frames(self, client: Bench) -> None:
        found = page(client, "/es/fever")
        frames = [(each.get("title"), each.get("src")) for each in found.iterfind(".//iframe")]
        assert frames == [
            ("The topic in English", "/es/fever/english"),
            ("The topic in the language es", "/es/fever/translation"),
        ]
        assert "Ready to be published." in words(found)

    def test_each_side_is_in_its_language(self, client: Bench) -> None:
        english, spanish = (page(client, f"/es/fever/{side}") for side in ("english", "translation"))
        assert (english.get("lang"), words(english.find(".//h1"))) == ("en", "Fever")
        assert (spanish.get("lang"), words(spanish.find(".//h1"))) == ("es", "Fiebre")

    def test_a_link_to_another_topic_leads_to_its_preview(self, client: Bench) -> None:
        spanish = page(client, "/es/asthma/translation")
        assert "/es/cough" in spanish.xpath("//main//section//a/@href")
        assert spanish.xpath("//base/@target") == ["_top"]

    def test_text_and_catalogue_lead_to_each_other(self, client: Bench) -> None:
        (message,) = page(client, "/es/fever/translation").xpath("//h1/span")
        id_ = message.get("data-id")
        assert message.get("data-where") == f"/es/fever#{id_}"
        (row,) = page(client, "/es/fever").xpath(f"//*[@id='rows']/li[@data-id='{id_}']")
        assert row.xpath(".//a/@href") == [f"#{id_}"]
        catalogue = page(client, "/es/fever/catalogue")
        (line,) = catalogue.xpath(f"//*[@id='L{row.get('data-line')}']")
        assert words(line).endswith('msgctxt "title"')
        assert line.getprevious().xpath(".//a/@href") == [f"/es/fever#L{row.get('data-line')}"]

    def test_words_lead_to_the_catalogue_that_has_them(self, client: Bench) -> None:
        for side in ("english", "translation"):
            (also_called,) = page(client, f"/es/asthma/{side}").xpath("//dl[@class='names']/dt/span")
            where, _, id_ = also_called.get("data-where").partition("#")
            assert where == "/es/vocabulary"
            (row,) = page(client, where).xpath(f"//*[@id='rows']/li[@data-id='{id_}']")
            assert words(row).startswith("Also called")

    @pytest.mark.parametrize("name", ["vocabulary", "interface"])
    def test_shared_words_have_their_own_catalogue(self, client: Bench, name: str) -> None:
        assert client.get(f"/es/{name}/catalogue").status_code == 200
        found = page(client, f"/es/{name}")
        assert found.find(".//iframe") is None
        assert found.xpath("//*[@id='rows']/li")

    def test_an_icon_is_not_there_and_costs_nothing(self, files: MemoryFiles) -> None:
        unread = Bench(files, StorageError("the files were read"))
        assert unread.get("/favicon.ico").status_code == 404

    @pytest.mark.parametrize(
        "address",
        [
            *("/es/nothing", "/xx/fever", "/en/fever", "/es/fever/french", "/es/nothing/catalogue"),
            *("/es/..%2Fhealthtopics/catalogue", "/workbench/app.py", "/xx/vocabulary/catalogue"),
        ],
    )
    def test_what_there_is_not(self, client: Bench, address: str) -> None:
        assert client.get(address).status_code == 404


class TestStates:
    def test_missing_text_is_english_and_marked(self, files: MemoryFiles) -> None:
        client = Bench(files.translated(SPANISH, "fever", "What is a fever?", ""))
        spanish = page(client, "/es/fever/translation")
        (message,) = spanish.xpath("//h2/span/span[contains(@class, 'message')]")
        assert message.get("class") == "message missing"
        assert message.getparent().get("lang") == "en"
        assert message.get("data-said") == "not translated"
        # The English side is where it should be.
        (same,) = page(client, "/es/fever/english").xpath("//section[@id='overview']/h2/span")
        assert (same.get("class"), same.get("data-said")) == ("message done", "")

    def test_a_translation_that_is_kept_back_is_shown(self, files: MemoryFiles) -> None:
        entry = 'msgctxt "title"\nmsgid "Fever"\nmsgstr '
        comment = "# former English: Fever of 2 days\n# former translation: Fiebre de 2 días\n"
        client = Bench(files.replaced(SPANISH, "fever", f'{entry}"Fiebre"', f'{comment}{entry}""'))
        (message,) = page(client, "/es/fever/translation").xpath("//h1//span[@class='message missing']")
        assert message.get("data-said").split("\n") == [
            "not translated",
            "The former translation: Fiebre de 2 días",
        ]
        assert ["removed", " of 2 days"] in json.loads(message.get("data-changed"))
        found = page(client, "/es/fever")
        assert [words(each) for each in found.xpath("//del")] == ["of 2 days"]
        assert "Former translation: Fiebre de 2 días" in words(found)

    def test_fuzzy_text_is_shown_as_it_is_and_marked(self, files: MemoryFiles) -> None:
        fuzzy = files.replaced(
            SPANISH,
            "fever",
            'msgctxt "title"\nmsgid "Fever"',
            '#, fuzzy\n#| msgid "Fewer"\nmsgctxt "title"\nmsgid "Fever"',
        )
        client = Bench(fuzzy)
        (message,) = page(client, "/es/fever/translation").xpath("//h1/span")
        assert (message.get("class"), message.text) == ("message fuzzy", "Fiebre")
        assert message.get("data-said") == "fuzzy"
        assert json.loads(message.get("data-changed")) == [["removed", "Fewer"], ["added", "Fever"]]
        found = page(client, "/es/fever")
        assert [words(each) for each in found.xpath("//del | //ins")] == ["Fewer", "Fever"]

    def test_a_finding_is_shown_next_to_its_text(self, files: MemoryFiles) -> None:
        client = Bench(files.translated(SPANISH, "asthma", LUNGS, "Una enfermedad."))
        (message,) = page(client, "/es/asthma/translation").xpath("//span[@class='message blocked']")
        assert message.text == "Una enfermedad."
        assert "tag-lost: " in message.get("data-said")
        (row,) = page(client, "/es/asthma").xpath("//*[@id='rows']/li[@data-work='blocked']")
        assert "tag-lost" in words(row)

    def test_text_of_which_no_page_can_be_made(self, files: MemoryFiles) -> None:
        client = Bench(files.translated(SPANISH, "asthma", LUNGS, "<b>El asma"))
        (message,) = page(client, "/es/asthma/translation").xpath("//span[@class='message blocked']")
        assert words(message) == "Asthma is a disease of the lungs."
        assert "markup-" in message.get("data-said")

    def test_nothing_in_a_catalogue_is_markup_or_script(self, files: MemoryFiles) -> None:
        hostile = '<script>alert("1")</script>'
        client = Bench(files.translated(SPANISH, "fever", "Fever", hostile))
        for address in ("/", "/es/fever", "/es/fever/translation", "/es/fever/catalogue"):
            sources = page(client, address).xpath("//script[not(@type)]/@src | //script[not(@type)]/text()")
            assert set(sources) <= SCRIPTS, address


class TestBrokenFiles:
    @pytest.mark.parametrize("data", [b"[]", b"5", b"null", b'{"relatedTopics": 5}'])
    def test_a_topic_of_another_shape_is_reported(self, files: MemoryFiles, data: bytes) -> None:
        broken = replace(files, own_topics={**files.own_topics, "fever": data})
        found = page(Bench(broken), "/es/fever", 409)
        assert re.search("topic-(schema|shape)", words(found.xpath("//*[@id='problems']//li")[0]))

    @pytest.mark.parametrize("address", ["/", "/es/fever", "/es/fever/translation", "/es/fever/catalogue"])
    def test_an_unreadable_file_is_reported_with_its_place(self, files: MemoryFiles, address: str) -> None:
        broken = files.replaced(SPANISH, "fever", 'msgstr "Fiebre"', 'msgstr "Fiebre')
        client = Bench(broken)
        found = page(client, address, 409)
        (problem,) = found.xpath("//*[@id='problems']//li")
        assert words(problem).startswith("locales/es/LC_MESSAGES/fever.po:")
        assert "po-unterminated" in words(problem)

    @pytest.mark.parametrize("address", ["/", "/es/fever", "/es/fever/translation", "/es/fever/catalogue"])
    @pytest.mark.parametrize(
        "fault",
        [
            ConfigurationError("healthtopics.toml: Invalid value (at line 2).\nWrite `true`."),
            StorageError("locales/es/LC_MESSAGES/fever.po: cannot be read (Is a directory)."),
        ],
        ids=type,
    )
    def test_an_unusable_workspace_is_reported_too(
        self, files: MemoryFiles, fault: HealthTopicsError, address: str
    ) -> None:
        found = page(Bench(files, fault), address, 409)
        lines = [words(each) for each in found.xpath("//*[@id='problems']//li")]
        assert lines == str(fault).replace("`", "").split("\n")
        # It comes back by itself.
        assert "/workbench/bench.js" in found.xpath("//script/@src")

    def test_its_place_leads_to_the_line_in_the_text(self, files: MemoryFiles) -> None:
        client = Bench(files.replaced(SPANISH, "fever", 'msgstr "Fiebre"', 'msgstr "Fiebre'))
        (link,) = page(client, "/es/fever", 409).xpath("//*[@id='problems']//li/a")
        address, _, line = link.get("href").partition("#")
        assert address == "/es/fever/catalogue"
        assert words(link).startswith(f"locales/es/LC_MESSAGES/fever.po:{line.removeprefix('L')}")
        (shown,) = page(client, address, 409).xpath(f"//*[@id='{line}']")
        assert words(shown).endswith('msgstr "Fiebre')

    def test_what_is_between_backticks_is_code(self, files: MemoryFiles) -> None:
        for said, codes in (("Write `a` or `b`.", ["a", "b"]), ("Write `a.", [])):
            found = page(Bench(files, ConfigurationError(said)), "/", 409)
            (line,) = found.xpath("//*[@id='problems']//li")
            assert [words(each) for each in line.iterfind("code")] == codes
            assert words(line) == (said.replace("`", "") if codes else said)

    def test_other_topics_are_still_shown(self, files: MemoryFiles) -> None:
        broken = files.replaced(SPANISH, "fever", 'msgstr "Fiebre"', 'msgstr "Fiebre')
        client = Bench(broken)
        page(client, "/es/cough")


class TestSafety:
    def test_only_this_machine_is_answered(self, client: Bench) -> None:
        assert client.get("/", host="evil.example").status_code == 400

    def test_pages_may_do_nothing_but_what_they_need(self, client: Bench) -> None:
        for address in ("/", "/es/fever", "/es/fever/english", "/workbench/side.js"):
            headers = client.get(address).headers
            assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
            assert headers["cache-control"] == "no-store"


def test_a_proof_of_files_that_are_saved_meanwhile_is_made_again(files: MemoryFiles) -> None:
    """A save comes while a page is made: it tells the old version, so that its page asks again."""
    told = asyncio.Event()

    async def changes() -> AsyncIterator[object]:
        await told.wait()
        yield None

    shown = {"files": files}

    def read() -> Files:
        return shown["files"]

    async def ask() -> list[str]:
        app = workbench(read, changes)
        transport = httpx.ASGITransport(app=app)
        following = asyncio.create_task(app._follow())
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
            before = (await client.get("/es/fever/translation")).text
            shown["files"] = files.translated(SPANISH, "fever", "Fever", "La fiebre")
            told.set()
            await following
            after = (await client.get("/es/fever/translation")).text
            return [str(html.fromstring(text).xpath("string(//h1/span)")) for text in (before, after)]

    assert asyncio.run(ask()) == ["Fiebre", "La fiebre"]


@contextmanager
def serving(app: Workbench) -> Iterator[str]:
    """Serve a workbench on a port of this machine and yield its address."""
    started = Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Server(uvicorn.Config(app, log_level="warning"))
    with create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert started.wait(timeout=60)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_requests_at_once_are_answered_one_after_the_other(files: MemoryFiles) -> None:
    at_work: list[int] = []
    most: list[int] = []

    @contextmanager
    def working() -> Iterator[Progress]:
        at_work.append(1)
        most.append(len(at_work))
        yield lambda _done, _total: None
        at_work.pop()

    addresses = [
        f"/es/{topic}{side}" for topic in ("asthma", "fever") for side in ("", "/english", "/translation")
    ]
    app = workbench(lambda: files, working=working)
    with serving(app) as host, ThreadPoolExecutor(len(addresses)) as threads:
        answers = list(threads.map(lambda address: httpx.get(host + address, timeout=60), addresses))
    assert [each.status_code for each in answers] == [200] * len(addresses)
    own = re.compile(r'data-(version|token)="[^"]+"')  # each server has its own
    alone = [Bench(files).get(address).text for address in addresses]
    assert [own.sub("", each.text) for each in answers] == [own.sub("", text) for text in alone]
    assert most == [1] * len(addresses)
