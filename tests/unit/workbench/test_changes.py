"""What pages of the workbench change, over HTTP, on files in memory."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from lxml import html

from healthtopics.catalogue import Key
from healthtopics.catalogues.template import format_catalogue
from healthtopics.language import LanguageTag
from healthtopics.layout import parse_catalogue_path
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.workbench.app import Disk, Workbench
from healthtopics.workbench.desk import id_of
from support.collections import MAKER
from support.files import MemoryFiles
from support.workspaces import create

HOST = "http://127.0.0.1"
SPANISH = LanguageTag("es")
PATH = "locales/es/LC_MESSAGES/fever.po"
TITLE = ("title", "Fever")
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SIGNED = {'"PO-Revision-Date: 2026-11-20 09:30+0000\\n"', '"Last-Translator: Ana Ruiz\\n"'}


async def _never() -> AsyncIterator[object]:
    return
    yield


@dataclass
class Desk:
    """A workbench on files that it can change."""

    files: MemoryFiles
    app: Workbench = field(init=False)

    def __post_init__(self) -> None:
        disk = Disk(lambda: self.files, _never, self.write)
        self.app = Workbench(disk, lambda: None, now=lambda: NOW, today=lambda: "2026-11-20", maker=MAKER)

    def write(self, path: str, change: Callable[[bytes], bytes]) -> bytes:
        place = parse_catalogue_path(path)
        assert place is not None
        data = change(self.text(place[1]).encode())
        self.files = self.files.with_catalogue(SPANISH, place[1], data)
        return data

    def text(self, name: str = "fever") -> str:
        return self.files.own_catalogues[SPANISH][name].decode()

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, address, **more)

        return asyncio.run(send())

    @property
    def token(self) -> str:
        return str(self.page("/es/fever").get_element_by_id("editor").get("data-token"))

    def page(self, address: str) -> Any:
        return html.fromstring(self.ask("GET", address).content)

    def rows(self, attribute: str) -> list[str]:
        """Return the ids of the messages in the list that have an attribute."""
        return [each.get("data-id") for each in self.page("/es/fever").xpath(f"//li[@{attribute}]")]

    def post(self, address: str, body: Any, **headers: str) -> httpx.Response:
        sent = {"origin": HOST, "x-workbench-token": self.token, **headers}
        return self.ask("POST", address, json=body, headers=sent)

    def detail(self, key: tuple[str, str] = TITLE, name: str = "fever") -> dict[str, Any]:
        found = self.ask("GET", f"/es/{name}/messages/{id_of(Key(*key))}")
        assert found.status_code == 200, found.text
        detail: dict[str, Any] = found.json()
        return detail

    def change(self, do: str, key: tuple[str, str] = TITLE, **what: Any) -> httpx.Response:
        base = what.pop("base", None) or self.detail(key)["version"]
        place = {"language": "es", "catalogue": "fever", "key": key, "base": base}
        return self.post("/workbench/change", {**place, "do": do, **what})

    def move(self, workspace: str) -> None:
        """Start it again, with other files at the same address."""
        disk = Disk(lambda: self.files, _never, self.write, workspace)
        self.app = Workbench(disk, lambda: None, now=lambda: NOW, today=lambda: "2026-11-20", maker=MAKER)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    workspace = create(tmp_path_factory.mktemp("workspace"))
    return MemoryFiles.of(read_files(open_workspace(workspace.folder)))


@pytest.fixture
def desk(files: MemoryFiles) -> Desk:
    return Desk(files)


def changed_lines(before: str, after: str) -> set[str]:
    return set(after.split("\n")) - set(before.split("\n"))


class TestSaving:
    def test_only_the_lines_of_the_entry_change_and_the_header_says_who_and_when(self, desk: Desk) -> None:
        before = desk.text()
        answer = desk.change("translate", text="La fiebre", by="Ana Ruiz")
        assert answer.status_code == 200, answer.text
        assert changed_lines(before, desk.text()) == {'msgstr "La fiebre"', *SIGNED}
        assert answer.json()["version"] == desk.detail()["version"]

    def test_nobody_is_named_who_has_not_changed_it(self, desk: Desk) -> None:
        saved = desk.change("translate", text="La fiebre", by="Ana Ruiz").json()
        assert "Last-Translator: Ana Ruiz" in desk.text()
        desk.change("restore", state=saved["before"], by="Li Wei")
        assert "Last-Translator: Li Wei" in desk.text()
        desk.change("translate", text="La fiebre")
        assert '"Last-Translator: \\n"' in desk.text()

    def test_what_somebody_else_has_changed_is_not_overwritten(self, desk: Desk) -> None:
        base = desk.detail()["version"]
        desk.files = desk.files.translated(SPANISH, "fever", "Fever", "Calentura")
        answer = desk.change("translate", text="La fiebre", base=base)
        assert answer.status_code == 409
        assert answer.json()["checks"] == ["entry-changed"]
        assert "Calentura" in answer.json()["error"]
        assert desk.detail()["text"] == "Calentura"

    def test_the_same_change_sent_twice_does_not_conflict(self, desk: Desk) -> None:
        base = desk.detail()["version"]
        first, second = (desk.change("translate", text="La fiebre", base=base) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json()["version"] == second.json()["version"]

    def test_what_somebody_else_has_changed_beside_it_is_kept(self, desk: Desk) -> None:
        base = desk.detail()["version"]
        desk.files = desk.files.translated(SPANISH, "fever", "What is a fever?", "¿Qué es la calentura?")
        assert desk.change("translate", text="La fiebre", base=base).status_code == 200
        assert 'msgstr "¿Qué es la calentura?"' in desk.text()
        assert 'msgstr "La fiebre"' in desk.text()

    def test_undo_and_redo_give_the_same_entry(self, files: MemoryFiles) -> None:
        old = 'msgctxt "title"\nmsgid "Fever"'
        fuzzy = f'# suggested: cough (97 %)\n#, fuzzy\n#| msgid "Fewer"\n{old}'
        edited = files.replaced(SPANISH, "fever", old, fuzzy)
        # In the order in which gettext writes an entry.
        edited = edited.with_catalogue(
            SPANISH, "fever", format_catalogue(edited.own_catalogues[SPANISH]["fever"], PATH)[0]
        )
        desk = Desk(edited)
        entry = re.compile(r'(?s)(?:\A|\n\n)((?:#[^\n]*\n)*msgctxt "title".*?)\n\n')

        def shown() -> str:
            found = entry.search(desk.text())
            assert found
            return found[1]

        first = shown()
        done = desk.change("translate", text="La fiebre", by="Ana Ruiz").json()
        second = shown()
        assert "fuzzy" not in second
        undone = desk.change("restore", state=done["before"], base=done["version"]).json()
        assert shown() == first
        assert desk.change("restore", state=undone["before"], base=undone["version"]).status_code == 200
        assert shown() == second

    def test_undo_keeps_a_question_that_came_since(self, desk: Desk) -> None:
        done = desk.change("translate", text="La fiebre").json()
        desk.change("ask", by="Li Wei", text="Which?")
        assert desk.change("restore", state=done["before"], base=done["version"]).status_code == 200
        detail = desk.detail()
        assert (detail["text"], detail["questions"][0]["text"]) == ("Fiebre", "Which?")

    def test_undo_does_not_overwrite_what_somebody_else_has_changed(self, desk: Desk) -> None:
        done = desk.change("translate", text="La fiebre").json()
        desk.files = desk.files.translated(SPANISH, "fever", "Fever", "Calentura")
        answer = desk.change("restore", state=done["before"], base=done["version"])
        assert (answer.status_code, desk.detail()["text"]) == (409, "Calentura")

    def test_words_that_topics_share_can_be_edited_too(self, desk: Desk) -> None:
        key = next(key for key in keys(desk.text("vocabulary")) if key[1] == "Also called")
        base = desk.detail(key, "vocabulary")["version"]
        place = {"language": "es", "catalogue": "vocabulary", "key": key, "base": base}
        answer = desk.post("/workbench/change", {**place, "do": "translate", "text": "Llamado también"})
        assert answer.status_code == 200, answer.text
        assert 'msgstr "Llamado también"' in desk.text("vocabulary")


def keys(text: str) -> list[tuple[str, str]]:
    return re.findall(r'msgctxt "(.*)"\nmsgid "(.*)"', text)


class TestPeople:
    def test_a_question_is_asked_and_answered(self, desk: Desk) -> None:
        assert desk.change("ask", by="Ana Ruiz", text="Which fever?").status_code == 200
        assert desk.rows("data-asked") == [id_of(Key(*TITLE))]
        (question,) = desk.detail()["questions"]
        assert desk.change("answer", by="Li Wei", text="Any.", question=question["id"]).status_code == 200
        assert (
            "# ASK (Ana Ruiz, 2026-11-20): Which fever?\n# ANSWER (Li Wei, 2026-11-20): Any." in desk.text()
        )
        assert desk.rows("data-asked") == []

    def test_an_answer_belongs_to_its_question_even_if_another_one_was_merged_in_above(
        self, desk: Desk
    ) -> None:
        desk.change("ask", by="Ana Ruiz", text="Which fever?")
        (question,) = desk.detail()["questions"]
        asked = "# ASK (Ana Ruiz, 2026-11-20): Which fever?\n"
        above = "# ASK (Eva Sol, 2026-11-19): In adults?\n"
        desk.files = desk.files.replaced(SPANISH, "fever", asked, above + asked)
        assert desk.change("answer", by="Li Wei", text="Any.", question=question["id"]).status_code == 200
        assert f"{above}{asked}# ANSWER (Li Wei, 2026-11-20): Any.\n" in desk.text()
        desk.files = desk.files.replaced(SPANISH, "fever", asked, "")
        refused = desk.change("answer", by="Li Wei", text="All.", question=question["id"])
        assert refused.status_code == 409
        assert "That question is no longer there" in refused.json()["error"]
        assert "All." not in desk.text()

    def test_somebody_else_than_the_translator_reviews(self, desk: Desk) -> None:
        desk.change("translate", text="La fiebre", by="Ana Ruiz")
        refused = desk.change("review", by="Ana Ruiz")
        assert (refused.status_code, refused.json()["checks"]) == (409, ["entry-refused"])
        assert desk.change("review", by="Eva Sanz").status_code == 200
        assert desk.detail()["review"] == {"by": "Eva Sanz", "date": "2026-11-20"}

    def test_what_could_hurt_is_to_be_reviewed_until_it_is(self, files: MemoryFiles) -> None:
        risky = {"paragraph": "Do not take more than 4 tablets."}
        sections = [{**files.document("fever")["sections"][0], "body": [risky]}]
        edited = files.edited("fever", sections=sections).replaced(
            SPANISH,
            "fever",
            'msgid "A fever is a high body temperature."\n'
            'msgstr "La fiebre es una temperatura corporal alta."',
            f'msgid "{risky["paragraph"]}"\nmsgstr "No tome más de 4 tabletas."',
        )
        policy = replace(files.configuration.languages[SPANISH], review="required")
        desk = Desk(edited.configured(languages={SPANISH: policy}))
        key = ("paragraph", risky["paragraph"])

        assert desk.rows("data-work='review'") == [id_of(Key(*key))]
        (row,) = desk.page("/").xpath("//tr[th/a/@href='/es/fever']")
        assert row.get("data-review") == "1"
        refused = desk.change("review", key, by="Eva Sanz")
        assert (refused.status_code, "Nobody knows who translated it" in refused.text) == (409, True)
        desk.change("translate", key, text="No tome más de 4 comprimidos.", by="Ana Ruiz")
        assert desk.change("review", key, by="Eva Sanz").status_code == 200
        assert desk.rows("data-work='review'") == []
        # Who translates has to say so, since the same person cannot review.
        assert desk.change("translate", key, text="No tome más de 4 pastillas.").status_code == 400
        assert (
            desk.change("translate", key, text="No tome más de 4 pastillas.", by="Ana Ruiz").status_code
            == 200
        )
        assert desk.change("review", key, by="Ana Ruiz").status_code == 409
        assert "# translated: Ana Ruiz, 2026-11-20, " in desk.text()

    @pytest.mark.parametrize(
        ("do", "what"),
        [
            ("ask", {"by": "Eva", "text": " "}),
            ("ask", {"by": " ", "text": "Which?"}),
            ("answer", {"by": "Eva", "text": " ", "question": "0123456789abcdef"}),
            ("review", {"by": "\t"}),
        ],
    )
    def test_what_is_empty_is_refused(self, desk: Desk, do: str, what: dict[str, Any]) -> None:
        before = desk.text()
        assert desk.change(do, **what).status_code == 400
        assert desk.text() == before

    def test_what_is_undone_has_its_translator_again(self, files: MemoryFiles) -> None:
        """Ana has translated it in Poedit, Bea changes it and takes that back: it is Ana's again."""
        policy = replace(files.configuration.languages[SPANISH], review="required")
        edited = files.replaced(SPANISH, "fever", '"Last-Translator: \\n"', '"Last-Translator: Ana Ruiz\\n"')
        desk = Desk(edited.configured(languages={SPANISH: policy}))
        saved = desk.change("translate", text="La fiebre", by="Bea Gil").json()
        assert desk.change("restore", state=saved["before"]).status_code == 200
        assert desk.detail()["text"] == "Fiebre"
        assert "Ana Ruiz translated it last" in desk.change("review", by="Ana Ruiz").text
        assert desk.change("review", by="Bea Gil").status_code == 200

    def test_a_finding_is_dismissed(self, desk: Desk) -> None:
        desk.change("translate", text="Fever")
        found = [each["check"] for each in desk.detail()["findings"]]
        assert "message-unchanged" in found
        assert desk.change("dismiss", checks=["message-unchanged"]).status_code == 400  # who says so?
        done = desk.change("dismiss", checks=["message-unchanged"], by="Ana Ruiz")
        assert done.status_code == 200
        assert "# dismissed: Ana Ruiz, 2026-11-20, message-unchanged\n# lint-ignore: mess" in desk.text()
        assert desk.detail()["dismissed"] == [
            {"check": "message-unchanged", "by": "Ana Ruiz", "date": "2026-11-20"}
        ]
        assert [each["check"] for each in desk.detail()["findings"]] == [
            check for check in found if check != "message-unchanged"
        ]


class TestHelp:
    def test_a_text_is_judged_before_it_is_saved(self, desk: Desk) -> None:
        place = {"language": "es", "catalogue": "fever", "key": TITLE}
        answer = desk.post("/workbench/judge", {**place, "text": "Fiebre de 5 mg"})
        assert [each["check"] for each in answer.json()["findings"]] == ["number-added"]
        assert desk.detail()["text"] == "Fiebre"

    def test_a_message_comes_with_what_helps(self, desk: Desk) -> None:
        detail = desk.detail(("description", "What a fever is."))
        assert detail["glossary"] == ["fever → fiebre"]
        assert detail["limit"] == 200
        assert [each["text"] for side in detail["neighbours"] for each in side] == [
            "Fiebre",
            "¿Qué es la fiebre?",
        ]
        suggested = detail["suggestions"][0]
        assert (suggested["text"], suggested["catalogue"]) == ("Qué es la tos.", "cough")
        assert ["removed", "cough"] in suggested["parts"]

    def test_a_phrase_is_found_in_both_languages_from_the_start_of_a_word(self, desk: Desk) -> None:
        for phrase in ("what is a  cough", "es la tos"):
            answer = desk.ask("GET", "/workbench/concordance", params={"language": "es", "phrase": phrase})
            assert "¿Qué es la tos?" in [each["text"] for each in answer.json()["found"]]
        answer = desk.ask("GET", "/workbench/concordance", params={"language": "es", "phrase": "os"})
        assert all(
            " os" in f" {each['text']}".lower() or " os" in f" {each['english']}".lower()
            for each in answer.json()["found"]
        )

    @pytest.mark.parametrize(
        "address", ["/es/fever/messages/m-0", "/xx/fever/messages/m-0", "/workbench/concordance?language=xx"]
    )
    def test_what_there_is_not(self, desk: Desk, address: str) -> None:
        assert desk.ask("GET", address).status_code == 404


class TestStrangers:
    @pytest.mark.parametrize("address", ["/workbench/change", "/workbench/judge"])
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"origin": "http://evil.example"}, 403),
            ({"origin": "null"}, 403),
            ({"origin": "http://127.0.0.1:9999"}, 403),
            ({"x-workbench-token": "wrong"}, 403),
            ({"x-workbench-token": ""}, 403),
            ({"host": "evil.example", "origin": "http://evil.example"}, 400),
        ],
        ids=str,
    )
    def test_another_page_changes_nothing(
        self, desk: Desk, address: str, headers: dict[str, str], status: int
    ) -> None:
        before = desk.text()
        place = {"language": "es", "catalogue": "fever", "key": TITLE, "base": desk.detail()["version"]}
        body = {**place, "do": "translate", "text": "Hacked"}
        assert desk.post(address, body, **headers).status_code == status
        assert desk.text() == before

    def test_a_request_without_an_origin_changes_nothing(self, desk: Desk) -> None:
        answer = desk.ask("POST", "/workbench/change", json={}, headers={"x-workbench-token": desk.token})
        assert answer.status_code == 403

    def test_each_server_has_its_own_token(self, desk: Desk, files: MemoryFiles) -> None:
        assert desk.token != Desk(files).token

    @pytest.mark.parametrize(
        "body",
        [
            {},
            [],
            {"do": "remove"},
            {"do": "translate", "language": "es", "catalogue": "fever", "key": TITLE, "base": "", "text": 5},
            {
                "do": "dismiss",
                "language": "es",
                "catalogue": "fever",
                "key": TITLE,
                "base": "",
                "checks": ["a\nb"],
            },
        ],
        ids=str,
    )
    def test_what_no_page_of_ours_sends_is_refused(self, desk: Desk, body: Any) -> None:
        before = desk.text()
        assert desk.post("/workbench/change", body).status_code == 400
        assert desk.text() == before

    @pytest.mark.parametrize(
        ("language", "name"),
        [("es", "../../healthtopics"), ("en", "fever"), ("xx", "fever"), ("es", "nothing")],
    )
    def test_there_is_no_way_to_other_files(self, desk: Desk, language: str, name: str) -> None:
        body = {
            "do": "translate",
            "language": language,
            "catalogue": name,
            "key": TITLE,
            "base": "",
            "text": "",
        }
        assert desk.post("/workbench/change", body).status_code == 404

    def test_what_is_too_long_is_refused(self, desk: Desk) -> None:
        assert desk.post("/workbench/change", {"text": "a" * 2_000_000}).status_code == 413


class TestAnotherWorkspace:
    """A page of one that was shown at this address before, with a token that is valid now."""

    def test_changes_nothing(self, desk: Desk) -> None:
        desk.move("a copy")
        before = desk.text()
        body = {"language": "es", "catalogue": "fever", "key": TITLE, "base": desk.detail()["version"]}
        change = {**body, "do": "translate", "text": "La fiebre"}
        for headers in ({"x-workbench-workspace": "the first"}, {}):
            refused = desk.post("/workbench/change", change, **headers)
            assert (refused.status_code, refused.json()["checks"]) == (409, ["other-workspace"])
        assert desk.text() == before
        assert (
            desk.post("/workbench/change", change, **{"x-workbench-workspace": "a copy"}).status_code == 200
        )

    def test_reads_no_message(self, desk: Desk) -> None:
        desk.move("a copy")
        address = f"/es/fever/messages/{id_of(Key(*TITLE))}"
        assert desk.ask("GET", address, headers={"x-workbench-workspace": "the first"}).status_code == 409
        assert desk.ask("GET", address, headers={"x-workbench-workspace": "a copy"}).status_code == 200
