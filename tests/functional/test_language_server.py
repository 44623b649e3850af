"""`healthtopics lsp`, by a client of another project over standard input and output."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from support.editors import HEALTHTOPICS, Editor, editor, text_at
from support.workspaces import Workspace

ASTHMA = "locales/es/LC_MESSAGES/asthma.po"


def edited(folder: Path, edit: Callable[[Editor], Awaitable[object]], **options: Any) -> None:
    """Let somebody edit in a folder."""

    async def work() -> None:
        async with editor(folder, **options) as mine:
            await edit(mine)

    asyncio.run(work())


def codes(found: Any) -> list[str]:
    return [str(each.code) for each in found]


def with_entry(workspace: Workspace, msgstr: str) -> tuple[Path, str, str]:
    """Return the catalogue, its text with another translation of a sentence, and the old one."""
    path = workspace.folder / ASTHMA
    before = path.read_text()
    (entry,) = [each for each in before.split("\n\n") if f'msgid "{ENGLISH}"' in each]
    start = entry.index("msgstr ")
    return path, before.replace(entry, f"{entry[:start]}{msgstr}"), before


ENGLISH = "About 25 million people in the United States have asthma."


@pytest.fixture
def numbered(fresh: Workspace) -> Workspace:
    def edit(document: dict[str, Any]) -> None:
        document["sections"][0]["body"].insert(0, {"paragraph": ENGLISH})

    fresh.edit_topic("asthma", edit)
    fresh.run("catalogue", "update")
    fresh.edit_catalogue(
        "asthma", ENGLISH, msgstr="Cerca de 25 millones de personas en los Estados Unidos tienen asma."
    )
    fresh.run("catalogue", "check", "asthma")
    return fresh


def test_a_wrong_number_is_marked_in_its_place_and_gone_when_it_is_right(numbered: Workspace) -> None:
    wrong = 'msgstr ""\n"🫁🫁 Cerca de "\n"personas 🫁, 52 millones, tienen asma en los Estados Unidos."'
    path, text, before = with_entry(numbered, wrong)

    async def edit(mine: Editor) -> None:
        assert await mine.open(path, before) == []
        found = await mine.write(path, text)
        (number,) = [each for each in found if each.code == "number-changed"]
        assert text_at(text, number.range) == "52 millones"
        row = text.splitlines()[number.range.start.line]
        assert row.startswith('"personas')
        assert number.range.start.character == row.index("52") + 1  # 🫁 has two units
        assert number.severity is types.DiagnosticSeverity.Error
        assert number.source == "healthtopics"
        assert number.code_description
        assert "docs/checks.md" in number.code_description.href
        assert path.read_text() == before
        assert await mine.write(path, before) == []
        await mine.write(path, text)
        assert await mine.close(path) == []

    edited(numbered.folder, edit)


@pytest.mark.parametrize(
    ("encoding", "beyond"), [(types.PositionEncodingKind.Utf32, 0), (types.PositionEncodingKind.Utf8, 3)]
)
def test_columns_are_counted_as_the_editor_wants(
    numbered: Workspace, encoding: types.PositionEncodingKind, beyond: int
) -> None:
    path, text, _before = with_entry(numbered, 'msgstr "🫁 52 millones de personas tienen asma."')

    async def edit(mine: Editor) -> None:
        found = await mine.open(path, text)
        (number,) = [each for each in found if each.code == "number-changed"]
        row = text.splitlines()[number.range.start.line]
        assert number.range.start.character == row.index("52") + beyond

    edited(numbered.folder, edit, encodings=[encoding])


def test_it_says_what_catalogue_check_says(numbered: Workspace) -> None:
    path, text, _before = with_entry(numbered, 'msgstr "Cerca de 52  millones de personas tienen Asthma ."')

    async def edit(mine: Editor) -> None:
        unsaved = await mine.open(path, text)
        path.write_text(text)
        checked = numbered.run("catalogue", "check", "asthma", "--json", code=1).json["problems"]
        assert sorted(codes(unsaved)) == sorted(each["check"] for each in checked)
        assert {each.message.partition("\n")[0] for each in unsaved} == {each["message"] for each in checked}

    edited(numbered.folder, edit)


def test_a_finding_can_be_dismissed(numbered: Workspace) -> None:
    path, text, _before = with_entry(
        numbered, 'msgstr "Cerca de 52 millones de personas en los Estados Unidos tienen asma."'
    )

    async def edit(mine: Editor) -> None:
        found = await mine.open(path, text)
        (action,) = [each for each in await mine.fixes(path, found) if "number-changed" in each.title]
        assert action.edit
        assert action.edit.changes
        ((change,),) = action.edit.changes.values()
        lines = text.splitlines(keepends=True)
        at = change.range.start.line
        after = "".join([*lines[:at], change.new_text, *lines[at:]])
        assert change.new_text == "# lint-ignore: number-changed\n"
        assert "number-changed" not in codes(await mine.write(path, after))

    edited(numbered.folder, edit)


def test_a_topic_is_judged_while_it_is_written(fresh: Workspace) -> None:
    path = fresh.folder / "topics/asthma.json"
    valid = path.read_text()
    document = json.loads(valid)
    document["kind"] = "sickness"
    text = json.dumps(document, indent=2, ensure_ascii=False)

    async def edit(mine: Editor) -> None:
        before = await mine.open(path, valid)
        assert [each for each in before if each.severity is types.DiagnosticSeverity.Error] == []
        found = await mine.write(path, text)
        (kind,) = [each for each in found if text_at(text, each.range) == '"sickness"']
        assert kind.severity is types.DiagnosticSeverity.Error
        (syntax,) = await mine.write(path, text[:-1])
        assert syntax.code == "json-syntax"
        assert "sickness" not in str(await mine.write(path, valid))

    edited(fresh.folder, edit)


def test_the_configuration_is_judged_while_it_is_written(fresh: Workspace) -> None:
    path = fresh.folder / "healthtopics.toml"
    valid = path.read_text()
    text = valid.replace('"https://', '"ftp://')

    async def edit(mine: Editor) -> None:
        assert "configuration-schema" not in codes(await mine.open(path, valid))
        (fault,) = [each for each in await mine.write(path, text) if each.code == "configuration-schema"]
        assert text_at(text, fault.range).startswith('"ftp://')

    edited(fresh.folder, edit)


def test_a_catalogue_follows_the_unsaved_english(numbered: Workspace) -> None:
    path = numbered.folder / ASTHMA
    topic = numbered.folder / "topics/asthma.json"
    before, english = path.read_text(), topic.read_text().replace("About 25 million", "About 26 million")

    async def edit(mine: Editor) -> None:
        assert await mine.open(path, before) == []
        await mine.open(topic, english)
        assert "message-missing" in codes(await mine.told(path, until=bool))

    edited(numbered.folder, edit)


def test_a_file_outside_a_workspace_is_judged_alone(numbered: Workspace, tmp_path: Path) -> None:
    _path, text, _before = with_entry(
        numbered, 'msgstr "Cerca de 52 millones de personas en los Estados Unidos tienen asma."'
    )
    sent = tmp_path / "sent" / "asthma.es.po"
    sent.parent.mkdir()
    sent.write_text(text)

    async def edit(mine: Editor) -> None:
        assert "number-changed" in codes(await mine.open(sent, text))

    edited(sent.parent, edit)


def test_documents_that_were_never_saved_are_judged_each_by_itself(tmp_path: Path) -> None:
    header = 'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    wrong = f'{header}msgid "Take 2 pills."\nmsgstr "Tome 3 píldoras."\n'
    right = f'{header}msgid "Rest."\nmsgstr "Descanse."\n'

    async def edit(mine: Editor) -> None:
        assert codes(await mine.open("untitled:Untitled-1", wrong)) == ["number-changed"]
        assert codes(await mine.open("untitled:Untitled-2", right)) == []
        assert codes(await mine.write("untitled:Untitled-1", f"{wrong}\n")) == ["number-changed"]
        assert codes(await mine.told("untitled:Untitled-2")) == []

    edited(tmp_path, edit)


def test_a_workspace_that_cannot_be_read_says_so_and_leaves_others_alone(
    numbered: Workspace, tmp_path: Path
) -> None:
    path, text, before = with_entry(
        numbered, 'msgstr "Cerca de 52 millones de personas en los Estados Unidos tienen asma."'
    )
    other = tmp_path / "broken"
    shutil.copytree(numbered.folder, other)
    configuration = other / "healthtopics.toml"
    configuration.unlink()
    configuration.mkdir()  # no fault in a file

    async def edit(mine: Editor) -> None:
        assert codes(await mine.open(other / ASTHMA, before)) == ["workspace-unreadable"]
        assert "number-changed" in codes(await mine.open(path, text))
        assert await mine.write(path, before) == []

    edited(numbered.folder, edit)


def test_a_file_that_was_sent_is_judged_as_by_the_command(numbered: Workspace) -> None:
    _path, text, _before = with_entry(numbered, 'msgstr "Cerca de 52 millones de personas tienen asma."')
    sent = numbered.folder / "sent.po"
    sent.write_text(text)
    term = {"id": "us", "english": ["United States"], "translations": ["Estados Unidos"]}
    terms = {"terms": [{**term, "forbidden": [{"words": "personas", "note": "of this workspace only."}]}]}
    numbered.write("locales/es/glossary.json", json.dumps(terms))
    checked = numbered.run("catalogue", "check", "--file", "sent.po", "--json", code=1).json["problems"]

    async def edit(mine: Editor) -> None:
        found = codes(await mine.open(sent, text))
        assert sorted(found) == sorted(each["check"] for each in checked)
        assert "term-forbidden" in found

    edited(numbered.folder, edit)


ODD = [
    "",
    "\ufeff",
    'msgid "',
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgctxt "x"',
    "<<<<<<< ours\n=======\n>>>>>>> theirs\n",
    "\u2028\u0085\r\r\n\x00" * 50,
    '"\\',
    "# lint-ignore:\n" * 3,
    "[" * 100_000,
    '{"id": "asthma", "sections": 7}',
    '{"a": "\\ud800"}',
    "\ud83e",
]


@pytest.mark.parametrize(
    "path", [ASTHMA, "topics/asthma.json", "healthtopics.toml", "glossary.json", "sent.po"]
)
def test_no_text_ends_it(fresh: Workspace, path: str) -> None:
    file = fresh.folder / path
    good = file.read_text() if file.exists() else ""

    async def edit(mine: Editor) -> None:
        await mine.open(file, good)
        for text in ODD:
            await mine.write(file, text)
        for cut in range(0, len(good), max(1, len(good) // 20)):
            mine.send(file, good[:cut])
        assert codes(await mine.write(file, good)) == codes(await mine.write(file, good))

    edited(fresh.folder, edit)


def speak(data: bytes, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [HEALTHTOPICS, "lsp"], input=data, capture_output=True, timeout=60, check=False, **options
    )


def message(**members: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **members}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_it_ends_with_its_input() -> None:
    assert speak(b"").returncode == 0


@pytest.mark.parametrize(
    "noise",
    [
        b"nonsense\n",
        b"Content-Length: 5\r\n\r\n{{{{{",
        b"Content-Length: 900\r\n\r\n{",
        message(method="x/y", params=[]),
    ],
)
def test_no_message_ends_it(noise: bytes) -> None:
    start = message(id=1, method="initialize", params={"capabilities": {}})
    done = speak(start + noise + message(id=2, method="shutdown") + message(method="exit"))
    assert done.returncode == 0
    assert b'"textDocumentSync"' in done.stdout
    assert b"Traceback" not in done.stdout


def test_an_exit_without_a_shutdown_is_1() -> None:
    start = message(id=1, method="initialize", params={"capabilities": {}})
    assert speak(start + message(method="exit")).returncode == 1


def test_a_signal_ends_it_at_once() -> None:
    with subprocess.Popen(
        [HEALTHTOPICS, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write(message(id=1, method="initialize", params={"capabilities": {}}))
        server.stdin.flush()
        assert server.stdout.readline().startswith(b"Content-Length")
        os.kill(server.pid, signal.SIGTERM)
        assert server.wait(60) == 128 + signal.SIGTERM
