"""Translating in the preview, in a real browser: two windows and other programs on the same files."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from support.axe import violations
from support.browsers import chromium
from support.previews import Preview, follows, opened, previewing, side
from support.workspaces import LUNGS, Workspace

pytestmark = pytest.mark.browser

CATALOGUE = "locales/es/LC_MESSAGES/fever.po"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def preview(fresh: Workspace) -> Iterator[Preview]:
    with previewing(fresh.folder) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser, preview: Preview) -> Iterator[Page]:
    with opened(browser, preview.address) as page:
        yield page


def edit(page: Page, selector: str = "h1 .message") -> Locator:
    """Click a text of the translation; return the field."""
    page.frame_locator("[name=translation]").locator(selector).first.click()
    field = text_field(page)
    expect(field).to_be_focused()
    return field


def text_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Translation: Español")


def left_open(browser: Browser, workspace: Workspace) -> tuple[Page, str]:
    """Open the editor and kill its server; return the page, and the port that it will look for."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(20_000)
    with previewing(workspace.folder) as first:
        page.goto(f"{first.address}/es/fever")
        follows(page)
        edit(page)
        first.kill()
        return page, first.port


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)


def catalogue(workspace: Workspace) -> str:
    return (workspace.folder / CATALOGUE).read_text()


def title(workspace: Workspace) -> str:
    found = re.search(r'msgctxt "title"\nmsgid "Fever"\nmsgstr "(.*)"', catalogue(workspace))
    assert found
    return found[1]


def undated(text: str) -> str:
    return re.sub(r'"PO-Revision-Date.*', "", text)


def entry(workspace: Workspace) -> str:
    """The line of the title in the catalogue, counted from 1."""
    return str(catalogue(workspace).split("\n").index('msgctxt "title"') + 1)


def test_a_click_on_a_text_edits_it_and_only_its_lines_change(page: Page, fresh: Workspace) -> None:
    before = catalogue(fresh).split("\n")
    field = edit(page)
    expect(field).to_have_value("Fiebre")
    field.fill("La fiebre")
    page.keyboard.press("Control+s")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("La fiebre")
    after = catalogue(fresh).split("\n")
    assert len(after) == len(before)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [each for each in changed if "PO-Revision-Date" not in each] == ['msgstr "La fiebre"']
    expect(field).to_be_focused()


def test_saving_by_keyboard_goes_on_to_the_next_message(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("La fiebre")
    page.keyboard.press("Control+Enter")
    expect(field).to_have_value("Qué es la fiebre.")
    expect(field).to_be_focused()
    assert title(fresh) == "La fiebre"
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="What a fever is.")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()


def is_in_sight(page: Page, name: str) -> bool:
    """Wait until the edited message is in its window; return whether the editor leaves that in sight."""
    side(page, name).wait_for_function(
        """() => {
            const { top, bottom } = document.querySelector("main .message.found").getBoundingClientRect();
            return top >= 0 && bottom <= window.innerHeight;
        }"""
    )
    box = page.locator(f"[name={name}]").bounding_box()
    editor = page.locator("#editor").bounding_box()
    assert box
    assert editor
    return box["height"] > 100 and box["y"] + box["height"] <= editor["y"]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_findings_and_buttons_are_in_sight_and_so_is_the_text_in_both_pages(
    page: Page, fresh: Workspace, size: tuple[int, int]
) -> None:
    words = [f"A sentence of number {number} in words." for number in range(40)]
    fresh.edit_topic(
        "fever", lambda topic: topic["sections"][0]["body"].extend({"paragraph": each} for each in words)
    )
    fresh.run("catalogue", "update")
    expect(page.locator("#rows")).to_contain_text(words[-1])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.locator("#rows a", has_text=words[20]).click()
    field = page.get_by_role("textbox", name="Translation: Español")
    for number in (20, 21):
        expect(page.locator("#source")).to_have_text(words[number])
        expect(field).to_be_focused()
        field.fill(f"Una frase de 5 mg, {number}.")
        expect(page.locator("#findings")).to_contain_text("number-added")
        for name in ("Save and next", "Save Ctrl+S", "Mark as reviewed"):
            expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        expect(page.locator("#findings p").first).to_be_in_viewport(ratio=1)
        page.keyboard.press("Control+Enter")
        expect(page.frame_locator("[name=translation]").locator("main")).to_contain_text(f"5 mg, {number}.")
        expect(page.frame_locator("[name=translation]").locator(".message.found")).to_have_text(
            words[number + 1]
        )
        expect(page.locator("#saved")).to_contain_text("it has an error (number-added")
        assert is_in_sight(page, "english")
        assert is_in_sight(page, "translation")


def test_the_way_goes_on_through_what_is_to_do(page: Page, fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    fresh.edit_catalogue("fever", "A fever is a high body temperature.", msgstr="")
    expect(page.locator("#rows li[data-work=missing]")).to_have_count(2)
    page.get_by_role("button", name="Next to do").click()
    field = page.get_by_role("textbox", name="Translation: Español")
    expect(page.locator("#source")).to_have_text("Fever")
    expect(page.get_by_role("button", name="Save and next to do")).to_be_visible()
    field.fill("Fiebre")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#source")).to_have_text("A fever is a high body temperature.")
    expect(page.locator("#saved")).to_have_text("Saved: “Fiebre”.")
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#source")).to_have_text("What is a fever?")
    expect(page.locator("#save-next-words")).to_have_text("Save and next")


def test_what_is_the_same_is_not_built_again(page: Page, fresh: Workspace) -> None:
    """A button that is pressed while another file is saved is still there when it is released."""
    edit(page, "section h2 .message")
    use = page.locator("#suggestions button").first
    use.evaluate("(each) => { window.pressed = each; }")
    neighbour = page.locator("#neighbours a").first
    neighbour.evaluate("(each) => { window.seen = each; }")
    page.get_by_label("Ask").fill("Which fe")
    page.get_by_role("searchbox", name="Search").fill("fe")
    fresh.edit_catalogue("fever", "Fever", msgstr="La fiebre")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("La fiebre")
    said(page, "Changed.")
    assert page.evaluate("window.pressed.isConnected")
    expect(page.get_by_label("Ask")).to_have_value("Which fe")
    # A question that is not sent stays with its message, also when the page is loaded again.
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_label("Ask")).to_have_value("")
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page.get_by_label("Ask")).to_have_value("Which fe")
    page.reload()
    expect(page.get_by_label("Ask")).to_have_value("Which fe")
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("fe")


def test_new_words_of_the_workspace_are_known_at_once(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("Fiebre escalofrias")
    expect(page.locator("#findings")).to_contain_text("word-unknown")
    fresh.write("locales/es/words.txt", "escalofrias\n")
    expect(page.locator("#findings")).not_to_contain_text("word-unknown")
    expect(field).to_have_value("Fiebre escalofrias")


def test_a_badge_edits_too_for_who_has_no_mouse(page: Page) -> None:
    badge = page.frame_locator("[name=translation]").locator("h1 a.where")
    expect(badge).to_have_accessible_name("Edit “Fiebre”")
    badge.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Translation: Español")).to_be_focused()


def test_what_is_typed_is_judged_before_it_is_saved(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("Fiebre de 5 mg")
    findings = page.locator("#findings")
    expect(findings).to_contain_text("number-added")
    field.fill("Fiebre")
    expect(findings).to_have_text("The checks find nothing.")
    assert title(fresh) == "Fiebre"


def test_a_finding_that_is_wrong_is_dismissed(page: Page, fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "Fever", msgstr="Fever")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("Fever")
    edit(page)
    finding = page.locator("#findings p", has_text="message-unchanged")
    finding.get_by_role("button", name="dismiss").click()
    said(page, "Write your name")
    page.get_by_label("Your name").fill("Ana Ruiz")
    finding.get_by_role("button", name="dismiss").click()
    expect(page.locator("#findings")).to_contain_text("Dismissed: message-unchanged by Ana Ruiz, ")
    expect(finding.get_by_role("button")).to_have_count(0)
    assert re.search(
        "# dismissed: Ana Ruiz, .*, message-unchanged\n# lint-ignore: message-unch", catalogue(fresh)
    )


def test_there_is_help_and_a_search_in_both_languages(page: Page) -> None:
    field = edit(page, "section h2 .message")
    editor = page.get_by_role("region", name="Message")
    expect(editor).to_contain_text("fever → fiebre")
    expect(page.locator("#neighbours")).to_contain_text("Qué es la fiebre.")
    field.fill("")
    page.locator("#suggestions li", has_text="¿Qué es la tos?").get_by_role("button").click()
    expect(field).to_have_value("¿Qué es la tos?")
    page.get_by_label("Phrase, in either language").fill("many people")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#found-before")).to_contain_text("Muchas personas")


def test_undo_and_redo_are_saves(page: Page, fresh: Workspace) -> None:
    whole = undated(catalogue(fresh))
    field = edit(page)
    field.fill("La fiebre")
    page.keyboard.press("Control+s")
    said(page, "Ready to be published")
    page.get_by_role("button", name="Undo save").click()
    expect(field).to_have_value("Fiebre")
    expect(page.locator("#saved")).to_be_empty()
    assert undated(catalogue(fresh)) == whole
    page.get_by_role("button", name="Redo save").click()
    expect(field).to_have_value("La fiebre")
    assert title(fresh) == "La fiebre"
    expect(page.get_by_role("button", name="Redo save")).to_be_disabled()


def test_two_windows_see_and_never_overwrite_each_other(
    browser: Browser, preview: Preview, page: Page, fresh: Workspace
) -> None:
    with opened(browser, preview.address) as other:
        mine, theirs = edit(page), edit(other)
        mine.fill("La fiebre")  # typed, and not saved
        theirs.fill("Calentura")
        other.keyboard.press("Control+s")
        notice = page.get_by_role("alert").filter(has_text="Another window or program")
        expect(notice).to_contain_text("Calentura")
        expect(notice.locator("del")).to_have_text("Calentura")
        expect(notice.locator("ins")).to_have_text("La fiebre")
        expect(mine).to_have_value("La fiebre")
        mine.focus()
        page.keyboard.press("Control+s")
        expect(notice).to_contain_text("Calentura")
        assert title(fresh) == "Calentura"
        notice.get_by_role("button", name="Save mine instead").click()
        expect(notice).to_have_count(0)
        assert title(fresh) == "La fiebre"
        # The other window has nothing unsaved, so it shows what is there.
        expect(theirs).to_have_value("La fiebre")


def test_another_program_changes_the_same_file(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("La fiebre")
    fresh.edit_catalogue("fever", "What is a fever?", msgstr="¿Qué es la calentura?")
    expect(page.frame_locator("[name=translation]").locator("main")).to_contain_text("¿Qué es la calentura?")
    expect(field).to_have_value("La fiebre")
    page.keyboard.press("Control+s")
    expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("La fiebre")
    assert title(fresh) == "La fiebre"
    assert 'msgstr "¿Qué es la calentura?"' in catalogue(fresh)


def test_another_program_changes_the_same_entry_and_its_text_is_taken(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("La fiebre")
    fresh.edit_catalogue("fever", "Fever", msgstr="Calentura")
    page.get_by_role("button", name="Take that one").click()
    expect(field).to_have_value("Calentura")
    assert title(fresh) == "Calentura"
    page.reload()
    expect(page.locator("#rows [data-draft]")).to_have_count(0)


def test_a_draft_outlives_the_server_and_is_offered_again(browser: Browser, fresh: Workspace) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(20_000)
    with previewing(fresh.folder) as first:
        page.goto(f"{first.address}/es/fever")
        follows(page)
        field = edit(page)
        first.kill()
        field.fill("La fiebre")
        page.keyboard.press("Control+s")
        alert = page.get_by_role("alert").filter(has_text="Your text is kept in this browser")
        expect(alert).to_have_count(1)
        expect(page.get_by_role("status")).not_to_contain_text("kept in this browser")  # read out once
        assert title(fresh) == "Fiebre"
        port = first.port
    with previewing(fresh.folder, port):
        # The page that is still open saves as soon as there is a server, with the token of that one.
        page.reload()
        follows(page)
        said(page, "1 draft in this browser is not saved yet")
        expect(page.locator("#rows li[data-draft]")).to_have_count(1)
        field = page.get_by_role("textbox", name="Translation: Español")
        expect(field).to_have_value("La fiebre")
        expect(page.get_by_text("This is a draft of yours that is not saved yet.")).to_be_visible()
        field.focus()
        page.keyboard.press("Control+s")
        expect(page.locator("#rows li[data-draft]")).to_have_count(0)
        assert title(fresh) == "La fiebre"
    page.close()


def test_a_page_that_stays_open_saves_to_the_next_server(browser: Browser, fresh: Workspace) -> None:
    page, port = left_open(browser, fresh)
    field = text_field(page)
    with previewing(fresh.folder, port):
        field.fill("La fiebre")
        page.keyboard.press("Control+s")
        expect(page.frame_locator("[name=translation]").locator("h1 .message")).to_have_text("La fiebre")
        assert title(fresh) == "La fiebre"
    page.close()


def test_a_page_elsewhere_writes_nothing(browser: Browser, preview: Preview, fresh: Workspace) -> None:
    """Not even one on this machine that knows the address, and sends what needs no permission of browsers."""
    before = catalogue(fresh)

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>Elsewhere</title>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    statuses: list[int] = []
    page.on(
        "response", lambda answer: statuses.append(answer.status) if answer.request.method == "POST" else None
    )
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    body = (
        '{"do":"translate","language":"es","catalogue":"fever","key":["title","Fever"],"base":"","text":"X"}'
    )
    page.evaluate(
        "([address, body]) => fetch(address, { method: 'POST', mode: 'no-cors', body })",
        [f"{preview.address}/workbench/change", body],
    )
    refused = page.evaluate(
        """([address, body]) => fetch(
            address, { method: 'POST', body, headers: { 'x-workbench-token': 'x' } }
        ).then(() => "sent", (error) => error.name)""",
        [f"{preview.address}/workbench/change", body],
    )
    page.close()
    server.shutdown()
    server.server_close()
    assert refused == "TypeError"  # the browser asked first, and was not allowed to
    assert 403 in statuses
    assert not [each for each in statuses if each < 400]
    assert catalogue(fresh) == before


def test_what_is_typed_during_a_save_is_not_lost(page: Page, fresh: Workspace) -> None:
    """The answer is held back until somebody has typed on; then nothing goes on to the next message."""
    field = edit(page)
    with held_back(page) as let_go:
        field.fill("La fiebre")
        page.keyboard.press("Control+Enter")
        field.press_sequentially(" alta")
        let_go()
        expect(page.get_by_role("button", name="Undo save")).to_be_enabled()
    expect(field).to_have_value("La fiebre alta")
    expect(page.locator("#source")).to_have_text("Fever")
    expect(page.locator("#notice")).to_be_empty()
    assert title(fresh) == "La fiebre"
    page.reload()
    expect(field).to_have_value("La fiebre alta")
    expect(page.get_by_text("This is a draft of yours that is not saved yet.")).to_be_visible()


def test_what_is_typed_during_a_save_is_kept_if_another_message_is_opened(
    page: Page, fresh: Workspace
) -> None:
    field = edit(page)
    with held_back(page) as let_go:
        field.fill("La fiebre")
        page.keyboard.press("Control+s")
        field.press_sequentially(" alta")
        edit(page, "section h2 .message")
        let_go()
        expect(page.get_by_role("button", name="Undo save")).to_be_enabled()
    expect(field).to_have_value("¿Qué es la fiebre?")
    edit(page)
    expect(field).to_have_value("La fiebre alta")
    page.keyboard.press("Control+s")
    expect(page.locator("#rows [data-draft]")).to_have_count(0)
    assert title(fresh) == "La fiebre alta"


def test_two_saves_at_once_are_one_after_the_other(page: Page, fresh: Workspace) -> None:
    statuses: list[int] = []
    page.on("response", lambda answer: statuses.append(answer.status) if "change" in answer.url else None)
    field = edit(page)
    with held_back(page) as let_go:
        field.fill("La fiebre")
        page.keyboard.press("Control+s")
        page.keyboard.press("Control+s")
        field.fill("Calentura")
        page.keyboard.press("Control+s")
        let_go()
        expect(page.locator("#rows [data-draft]")).to_have_count(0)
    assert statuses == [200, 200]
    expect(page.locator("#notice")).to_be_empty()
    assert title(fresh) == "Calentura"
    page.get_by_role("button", name="Undo save").click()
    expect(field).to_have_value("La fiebre")


def test_undo_below_a_draft_accuses_nobody(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("La fiebre")
    page.keyboard.press("Control+s")
    said(page, "Ready to be published")
    field.fill("Calentura")
    page.get_by_role("button", name="Undo save").click()
    expect(page.get_by_text("This is a draft of yours that is not saved yet.")).to_be_visible()
    expect(field).to_have_value("Calentura")
    assert title(fresh) == "Fiebre"
    field.focus()
    page.keyboard.press("Control+s")
    expect(page.locator("#rows [data-draft]")).to_have_count(0)
    assert title(fresh) == "Calentura"


def test_an_undo_that_is_refused_stays_to_be_done(page: Page, fresh: Workspace) -> None:
    field = edit(page)
    field.fill("La fiebre")
    page.keyboard.press("Control+s")
    said(page, "Ready to be published")
    fresh.edit_catalogue("fever", "Fever", msgstr="Calentura")
    expect(field).to_have_value("Calentura")
    undo = page.get_by_role("button", name="Undo save")
    undo.click()
    notice = page.get_by_role("alert").filter(has_text="Calentura")
    expect(notice).to_have_count(1)
    expect(undo).to_be_enabled()
    fresh.edit_catalogue("fever", "Fever", msgstr="La fiebre")
    expect(field).to_have_value("La fiebre")
    undo.click()
    expect(field).to_have_value("Fiebre")
    expect(undo).to_be_disabled()


def test_a_page_saves_into_no_other_workspace(browser: Browser, fresh: Workspace, tmp_path: Path) -> None:
    """A copy of the workspace is shown at the same address later."""
    copy = tmp_path / "copy"
    shutil.copytree(fresh.folder, copy)
    page, port = left_open(browser, fresh)
    field = text_field(page)
    before = (copy / CATALOGUE).read_text()
    with previewing(copy, port) as second:
        field.fill("La fiebre")
        page.keyboard.press("Control+s")
        refusal = page.get_by_role("alert").filter(has_text="shows another workspace now")
        expect(refusal).to_have_count(1)
        expect(field).to_have_value("La fiebre")
        page.reload()
        follows(page)
        edit(page)
        expect(field).to_have_value("Fiebre")  # the draft is not this workspace's
        second.kill()
    assert (copy / CATALOGUE).read_text() == before
    with previewing(fresh.folder, port):
        page.reload()
        follows(page)
        edit(page)
        expect(field).to_have_value("La fiebre")
    page.close()


@contextmanager
def held_back(page: Page) -> Iterator[Callable[[], None]]:
    """Hold back the answers to changes until the function is called that this yields."""
    page.evaluate(
        """() => {
            const send = window.fetch;
            const held = new Promise((letGo) => (window.letGo = letGo));
            window.fetch = async (address, ...more) => {
                const answer = await send(address, ...more);
                if (address === "/workbench/change") await held;
                return answer;
            };
        }"""
    )
    yield lambda: page.evaluate("window.letGo()")


WRITER = """
import os, signal, sys
from pathlib import Path
from healthtopics.storage import workspace
steps = int(sys.argv[1])
def dying(name, function):
    def call(*given, **named):
        global steps
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return call
os.fsync = dying("fsync", os.fsync)
workspace.exchange = dying("exchange", workspace.exchange)
Path.unlink = dying("unlink", Path.unlink)
signal.signal(signal.SIGINT, signal.default_int_handler)
from healthtopics.cli import main
sys.argv = ["healthtopics", "catalogue", "preview", "--port", "0"]
main()
"""


@pytest.mark.parametrize(("step", "expected"), [(1, "Fiebre"), (2, "Fiebre"), (3, "La fiebre")])
def test_a_server_that_is_killed_while_it_saves_leaves_a_whole_file(
    fresh: Workspace, step: int, expected: str
) -> None:
    """Before the new text is on the disk, before it takes the place of the old one, and after that."""
    before = catalogue(fresh)
    environment = {"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", WRITER, str(step)]
    with subprocess.Popen(
        [*command, "--no-cache"], cwd=fresh.folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = process.stdout.readline().split(" on ")[1].split(" ")[0].rstrip("/")
        page = httpx.get(f"{address}/es/fever", timeout=60).text
        token = re.search(r'data-token="([^"]+)"', page)
        id_ = re.search(r'<li data-id="(m-[0-9a-f]+)"', page)
        assert token
        assert id_
        detail = httpx.get(f"{address}/es/fever/messages/{id_[1]}", timeout=60).json()
        body = {
            **{name: detail[name] for name in ("language", "catalogue", "key")},
            "do": "translate",
            "base": detail["version"],
            "text": "La fiebre",
        }
        workspace = re.search(r'data-workspace="([^"]+)"', page)
        assert workspace
        headers = {
            "origin": address,
            "x-workbench-token": token[1],
            "x-workbench-workspace": workspace[1],
        }
        with pytest.raises(httpx.TransportError):
            httpx.post(f"{address}/workbench/change", json=body, headers=headers, timeout=60)
        assert process.wait() == -signal.SIGKILL
    assert title(fresh) == expected
    assert undated(catalogue(fresh)) == undated(before).replace('"Fiebre"', f'"{expected}"', 1)
    # The next one is not in the way of what the first one left.
    fresh.run("catalogue", "check")
    fresh.run("catalogue", "set", "fever", "Calentura", "--entry", entry(fresh))
    assert title(fresh) == "Calentura"
    assert not list((fresh.folder / CATALOGUE).parent.glob(".tmp-*"))


def test_questions_and_a_second_reader(page: Page, fresh: Workspace) -> None:
    edit(page)
    page.get_by_label("Ask").fill("Which fever?")
    page.get_by_role("button", name="Ask").click()
    said(page, "Write your name")
    page.get_by_label("Your name").fill("Ana Ruiz")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#questions")).to_contain_text("Which fever?")
    page.get_by_role("combobox", name="Show").select_option("asked")
    expect(page.locator("#rows li:visible")).to_have_count(1)
    page.get_by_label("Your name").fill("Li Wei")
    page.locator("#questions").get_by_label("Answer").fill("Any of them.")
    page.locator("#questions").get_by_role("button", name="Answer").click()
    expect(page.locator("#questions")).to_contain_text("↳ Li Wei")
    page.get_by_role("button", name="Mark as reviewed").click()
    expect(page.locator("#marks")).to_contain_text("reviewed: Li Wei")
    assert "# reviewed: Li Wei, " in catalogue(fresh)


def test_an_answer_that_is_being_typed_stays_when_the_files_change(page: Page, fresh: Workspace) -> None:
    fresh.run("catalogue", "ask", "fever", "Which fever?", "--entry", entry(fresh), "--by", "Ana Ruiz")
    edit(page)
    questions = page.locator("#questions")
    answer = questions.get_by_label("Answer")
    answer.press_sequentially("Any of")
    fresh.run("catalogue", "set", "fever", "La fiebre", "--entry", entry(fresh))
    expect(page.frame_locator("[name=translation]").locator("h1")).to_contain_text("La fiebre")
    expect(page.locator("#text")).to_have_value("La fiebre")
    expect(answer).to_have_value("Any of")
    expect(answer).to_be_focused()
    # One more question builds the forms again.
    fresh.run("catalogue", "ask", "fever", "In adults?", "--entry", entry(fresh), "--by", "Eva Sol")
    expect(questions).to_contain_text("In adults?")
    expect(answer.first).to_have_value("Any of")
    expect(answer.first).to_be_focused()
    expect(answer.last).to_have_value("")


def test_a_question_that_is_being_typed_belongs_to_its_message(page: Page) -> None:
    edit(page)
    question = page.get_by_label("Ask")
    question.press_sequentially("Which fever?")
    edit(page, "section h2 .message")
    expect(question).to_have_value("")
    edit(page)
    expect(question).to_have_value("Which fever?")
    page.get_by_label("Your name").fill("Ana Ruiz")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#questions")).to_contain_text("Which fever?")
    expect(question).to_have_value("")


def test_what_needs_work_stays_marked_until_it_is_edited(page: Page, fresh: Workspace) -> None:
    fresh.replace(CATALOGUE, 'msgctxt "title"', '#, fuzzy\n#| msgid "Fewer"\nmsgctxt "title"')
    expect(page.frame_locator("[name=translation]").locator("h1 .message.fuzzy")).to_have_count(1)
    field = edit(page)
    needs_work = page.get_by_label("Needs work")
    expect(needs_work).to_be_checked()
    expect(page.locator("#former del")).to_have_text("Fewer")
    field.press("End")
    field.press("!")
    expect(needs_work).not_to_be_checked()
    page.keyboard.press("Control+s")
    expect(page.frame_locator("[name=translation]").locator("h1 .message.fuzzy")).to_have_count(0)
    assert "fuzzy" not in catalogue(fresh)


def test_the_list_is_filtered_sorted_and_searched(page: Page, fresh: Workspace) -> None:
    fresh.edit_catalogue("fever", "What is a fever?", msgstr="")
    fresh.edit_catalogue("fever", "A fever is a high body temperature.", is_fuzzy=True)
    rows = page.locator("#rows li:visible")
    page.get_by_role("combobox", name="Show").select_option("todo")
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="Sort").select_option("urgent")
    expect(rows.first).to_contain_text("fuzzy")
    page.get_by_role("combobox", name="Show").select_option("all")
    page.get_by_role("searchbox", name="Search").fill("que es")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("What a fever is.")
    page.get_by_role("button", name="Next to do").click()
    expect(page.get_by_role("textbox", name="Translation: Español")).to_be_focused()
    expect(page.locator("#source")).to_have_text("A fever is a high body temperature.")


def test_the_first_page_shows_what_is_held_first(
    browser: Browser, preview: Preview, fresh: Workspace
) -> None:
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    page = browser.new_page(base_url=preview.address)
    page.goto("/")
    page.wait_for_selector("html[data-live]", state="attached")
    expect(page.get_by_role("heading", name="Español (es)")).to_be_visible()
    expect(page.locator("tbody tr:visible").first).to_contain_text("Fever")
    page.get_by_role("combobox", name="Show").select_option("held")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    page.get_by_role("searchbox", name="Search in both languages").fill("enfermedad de los")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=LUNGS).click()
    page.wait_for_url("**/es/asthma#m-*")
    expect(page.locator("#source")).to_have_text(LUNGS)
    page.goto("/")
    page.get_by_role("link", name="Next to do").click()
    expect(page.locator("#source")).to_have_text("Fever")
    page.close()


def test_badges_can_be_hidden_and_a_click_still_edits(page: Page) -> None:
    badges = page.frame_locator("[name=translation]").locator("h1 a.where")
    expect(badges).to_be_visible()
    page.get_by_label("Show badges").uncheck()
    expect(badges).to_be_hidden()
    page.reload()
    page.wait_for_selector("html[data-live]", state="attached")
    expect(badges).to_be_hidden()
    edit(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_editor(page: Page, fresh: Workspace, scheme: str) -> None:
    fresh.edit_catalogue("fever", "What is a fever?", msgstr="")
    fresh.edit_catalogue("fever", "A fever is a high body temperature.", is_fuzzy=True)
    fresh.edit_catalogue("fever", "What a fever is.", msgstr="Qué es\tla fiebre.")
    fresh.edit_catalogue("fever", "Fever", msgstr="Fever")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.frame_locator("[name=translation]").locator(".message.missing")).to_have_count(1)
    edit(page).fill("Fiebre de 5 mg")
    expect(page.locator("#findings")).to_contain_text("number-added")
    found = violations(page)
    page.set_viewport_size({"width": 360, "height": 740})
    found += violations(page, "target-size", "color-contrast")
    assert not found, "\n".join(found)


def test_a_telephone_is_wide_enough(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    field = edit(page)
    field.fill("Fiebre " + "muyaltaymuylarga" * 20)
    page.get_by_label("Phrase, in either language").fill("fever")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#found-before li").first).to_be_visible()
    for frame in page.frames:
        assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), frame.url
    for name in ("Save and next", "Close", "Undo save"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert side(page, "translation").evaluate("window.innerWidth") > 300
