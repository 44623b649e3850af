"""Changes of one entry: its own lines, and no byte of the others."""

import subprocess
from pathlib import Path

import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.editing import (
    Change,
    answer,
    ask,
    change_entry,
    dismiss,
    entries_in,
    entries_named,
    review,
    sign,
    translate_as,
)
from healthtopics.errors import CatalogueError
from healthtopics.reading.dismissal import Dismissal
from support.samples import ROOT

HEADER = (
    'msgid ""\nmsgstr ""\n"PO-Revision-Date: 2026-01-01 00:00+0000\\n"\n"Last-Translator: Ana Ruiz\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n'
)
FEVER = 'msgctxt "title"\nmsgid "Fever"\nmsgstr "Fiebre"\n'
COUGH = (
    "# Ask Dr. Ruiz.\n# lint-ignore: number-lost\n#. A paragraph.\n#, fuzzy\n"
    '#| msgid "Cough."\nmsgctxt "paragraph"\nmsgid "A cough."\nmsgstr "Tos."\n'
)
# Not in our form, which the change of another entry must not touch.
WRAPPED = '#: b a\n#, wrap,   x\nmsgid ""\n"Call your "\n"doctor."\n\nmsgstr   "Llame a su médico."\n'
TEXT = f"{HEADER}\n{FEVER}\n\n{COUGH}{WRAPPED}"
KEY = Key("title", "Fever")
DAY = "2026-12-01"


def changed(key: Key, change: Change, text: str = TEXT, version: str | None = None) -> str:
    return change_entry(text.encode(), "es.po", key, change, version=version).decode()


def test_entries_are_found_by_any_of_their_lines() -> None:
    entries = entries_in(TEXT.encode(), "es.po")
    assert [each.key.msgid for each in entries] == ["Fever", "A cough.", "Call your doctor."]
    lines = TEXT.split("\n")
    first, last = entries[1].lines
    assert (lines[first - 1], lines[last - 1]) == ("# Ask Dr. Ruiz.", 'msgstr "Tos."')
    for line in (first, last):
        assert entries_named(entries, str(line), "es.po") == [entries[1]]
    assert entries_named(entries, "1", "es.po") == []
    assert lines[entries[1].line - 1] == 'msgctxt "paragraph"'


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("b", ["Call your doctor."]),
        ("a/es.po:7", ["Fever"]),
        ("a/pt.po:7", []),
        ("title", ["Fever"]),
        ("A cough.", ["A cough."]),
        ("call", ["Call your doctor."]),
        ("FEVERS", []),
        ("", []),
    ],
)
def test_entries_have_names(name: str, found: list[str]) -> None:
    assert [
        each.key.msgid for each in entries_named(entries_in(TEXT.encode(), "es.po"), name, "es.po")
    ] == found


def test_a_translation_confirms_the_entry_and_drops_what_was_said_of_the_former_text() -> None:
    found = changed(Key("paragraph", "A cough."), translate_as("Una tos."))
    entry = '# Ask Dr. Ruiz.\n#. A paragraph.\nmsgctxt "paragraph"\nmsgid "A cough."\nmsgstr "Una tos."\n'
    assert found == f"{HEADER}\n{FEVER}\n\n{entry}{WRAPPED}"


def test_confirming_what_is_there_keeps_its_dismissals() -> None:
    found = changed(Key("paragraph", "A cough."), translate_as("Tos."))
    assert found == TEXT.replace('#, fuzzy\n#| msgid "Cough."\n', "")


def test_a_fuzzy_translation_keeps_the_former_english() -> None:
    found = changed(Key("paragraph", "A cough."), translate_as("Toses.", is_fuzzy=True))
    assert '#, fuzzy\n#| msgid "Cough."\n' in found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("key", [KEY, Key("paragraph", "A cough."), Key("", "Call your doctor.")])
def test_all_other_bytes_stay(key: Key, start: str, end: str) -> None:
    before = start + TEXT.replace("\n", end)
    after = changed(key, ask("Eva", DAY, "Which?"), before)
    (entry,) = [each for each in entries_in(before.encode(), "es.po") if each.key == key]
    first, last = entry.lines
    lines, now = before.split("\n"), after.split("\n")
    assert now[: first - 1] == lines[: first - 1]
    assert now[len(now) - len(lines) + last :] == lines[last:]
    assert (now.count("# ASK (Eva, 2026-12-01): Which?" + end[:-1]), after.count("ASK")) == (1, 1)


def test_every_entry_of_the_bundled_catalogues_can_be_changed() -> None:
    for path in sorted((ROOT / "locales/es/LC_MESSAGES").glob("*.po")):
        data = path.read_bytes()
        lines = data.decode().split("\n")
        for entry in entries_in(data, path.name)[::7]:
            now = change_entry(data, path.name, entry.key, translate_as("Otra."), version=entry.version)
            first, last = entry.lines
            after = now.decode().split("\n")
            assert after[: first - 1] == lines[: first - 1]
            assert after[len(after) - len(lines) + last :] == lines[last:]
            assert now == po.serialize(po.parse(now, path.name).file)


def test_a_translation_that_somebody_changed_meanwhile_is_not_overwritten() -> None:
    version = entries_in(TEXT.encode(), "es.po")[0].version
    assert 'msgstr "Calentura"' in changed(KEY, translate_as("Calentura"), version=version)
    now = TEXT.replace("Fiebre", "La fiebre")
    with pytest.raises(CatalogueError) as caught:
        changed(KEY, translate_as("Calentura"), now, version)
    (problem,) = caught.value.problems
    assert (problem.check, problem.line) == ("entry-changed", 7)
    assert "“La fiebre”" in problem.message
    with pytest.raises(CatalogueError):
        changed(KEY, translate_as("Calentura"), TEXT.replace(FEVER, "#, fuzzy\n" + FEVER), version)


def test_a_question_that_came_meanwhile_stays() -> None:
    version = entries_in(TEXT.encode(), "es.po")[0].version
    now = changed(KEY, ask("Eva", DAY, "Which?"))
    after = changed(KEY, translate_as("Calentura"), now, version)
    assert f'# ASK (Eva, {DAY}): Which?\nmsgctxt "title"\nmsgid "Fever"\nmsgstr "Calentura"\n' in after


def test_an_entry_that_is_gone_is_said() -> None:
    with pytest.raises(CatalogueError) as caught:
        changed(Key("title", "Fevers"), translate_as("Fiebres"))
    assert caught.value.problems[0].check == "entry-gone"
    obsolete = HEADER + "\n" + FEVER.replace("msg", "#~ msg")
    with pytest.raises(CatalogueError):
        changed(KEY, translate_as("Fiebres"), obsolete)


class TestQuestions:
    def test_the_only_open_one_is_answered(self) -> None:
        asked = changed(KEY, ask("Eva", DAY, "Which?"))
        answered = changed(KEY, answer("Li", DAY, "All."), asked)
        assert f"# ASK (Eva, {DAY}): Which?\n# ANSWER (Li, {DAY}): All.\nmsgctxt" in answered
        (question,) = entries_in(answered.encode(), "es.po")[0].questions
        assert not question.is_open

    @pytest.mark.parametrize(
        ("times", "number", "said"),
        [
            (0, None, "Nobody has asked anything"),
            (2, None, "It has 2 open questions"),
            (2, 2, "It has no question 3."),
        ],
    )
    def test_which_one_must_be_clear(self, times: int, number: int | None, said: str) -> None:
        text = TEXT
        for time in range(times):
            text = changed(KEY, ask("Eva", DAY, f"Which {time}?"), text)
        with pytest.raises(CatalogueError, match=said):
            changed(KEY, answer("Li", DAY, "All.", number), text)


@pytest.mark.parametrize("change", [ask(" ", DAY, "Which?"), ask("Eva", DAY, ""), review("", DAY)])
def test_a_comment_needs_a_name_and_words(change: Change) -> None:
    with pytest.raises(CatalogueError, match=r"write who you are|is empty"):
        changed(KEY, change)


class TestReviews:
    def test_a_second_person_reviews(self) -> None:
        text = changed(KEY, review("Li Wei", DAY, "Ana Ruiz"))
        entry = entries_in(text.encode(), "es.po")[0]
        assert entry.review == ("Li Wei", DAY)
        assert text.count("\n") == TEXT.count("\n") + 1
        again = changed(KEY, translate_as("Calentura"), text)
        assert "reviewed" not in again

    def test_the_last_translator_does_not(self) -> None:
        with pytest.raises(CatalogueError, match="Ana Ruiz translated it last"):
            changed(KEY, review("Ana Ruiz", DAY, "Ana Ruiz <ana@clinic.org>"))

    def test_who_wrote_the_entry_comes_before_who_saved_the_file(self) -> None:
        text = changed(KEY, translate_as("La fiebre", by="Li Wei", day=DAY, is_marked=True))
        with pytest.raises(CatalogueError, match="Li Wei translated it last"):
            changed(KEY, review("Li Wei", DAY, "Ana Ruiz"), text)
        assert "# reviewed: Ana Ruiz, 2026-12-01, " in changed(KEY, review("Ana Ruiz", DAY, "Ana Ruiz"), text)

    def test_the_translator_in_the_header_is_not_lost_when_somebody_else_saves(self) -> None:
        """Ana has translated everything in Poedit; Bea changes one entry here."""
        bea = "Bea Gil <bea@clinic.org>"
        text = changed(Key("", "Call your doctor."), translate_as("Llame.", by=bea, day=DAY, is_marked=True))
        data = sign(text.encode(), "es.po", "2026-12-01 09:30+0000", bea, is_marked=True)
        marked = data.decode()
        assert marked.count("# translated: Ana Ruiz, 2026-01-01, ") == 1, "only what is confirmed"
        assert COUGH in marked
        with pytest.raises(CatalogueError, match="Ana Ruiz translated it last"):
            changed(KEY, review("Ana Ruiz", DAY, bea), marked)
        assert "# reviewed: Bea Gil" in changed(KEY, review("Bea Gil", DAY, bea), marked)
        with pytest.raises(CatalogueError, match="Bea Gil translated it last"):
            changed(Key("", "Call your doctor."), review("Bea Gil", DAY, bea), marked)
        again = sign(data, "es.po", "2026-12-01 09:31+0000", "Bea Gil", is_marked=True).decode()
        assert again.count("# translated: ") == marked.count("# translated: ")

    def test_files_of_workspaces_without_required_reviews_get_no_names(self) -> None:
        assert b"translated: " not in sign(TEXT.encode(), "es.po", "2026-12-01 09:30+0000", "Bea Gil")

    def test_names_are_inserted_without_another_byte(self) -> None:
        data = TEXT.replace("\n", "\r\n").encode()
        marked = sign(data, "es.po", "2026-12-01 09:30+0000", "Bea Gil", is_marked=True).decode()
        rest = [line for line in marked.split("\r\n") if not line.startswith("# translated: ")]
        assert "\r\n".join(rest) == sign(data, "es.po", "2026-12-01 09:30+0000", "Bea Gil").decode()
        assert "\n" not in marked.replace("\r\n", "")

    @pytest.mark.parametrize("header", ["", "FULL NAME <EMAIL@ADDRESS>"])
    def test_a_review_whose_translator_nobody_knows_does_not_count(self, header: str) -> None:
        text = TEXT.replace("Ana Ruiz", header)
        with pytest.raises(CatalogueError, match="Nobody knows who translated it"):
            changed(KEY, review("Ana Ruiz", DAY, is_required=True), text)
        text = sign(text.encode(), "es.po", "2026-12-01 09:30+0000", "Bea Gil", is_marked=True).decode()
        assert "# translated: unknown, 2026-01-01, " in text
        with pytest.raises(CatalogueError, match="Nobody knows who translated it"):
            changed(KEY, review("Ana Ruiz", DAY, "Bea Gil", is_required=True), text)
        named = changed(KEY, review("Eva", DAY, "Bea Gil", translator="Ana Ruiz", is_required=True), text)
        assert f"# translated: Ana Ruiz, {DAY}, " in named
        assert "# translated: unknown, 2026-01-01, " not in named.partition("# Ask")[0]
        with pytest.raises(CatalogueError, match="Eva translated it last"):
            changed(KEY, review("Eva", DAY, "Bea Gil", translator="Eva", is_required=True), text)

    def test_who_confirms_a_translation_is_its_translator(self) -> None:
        key = Key("paragraph", "A cough.")
        text = changed(key, translate_as("Tos.", by="Li Wei", day=DAY, is_marked=True))
        with pytest.raises(CatalogueError, match="Li Wei translated it last"):
            changed(key, review("Li Wei", DAY, "Ana Ruiz"), text)

    def test_what_is_not_confirmed_has_no_review(self) -> None:
        with pytest.raises(CatalogueError, match="It is fuzzy"):
            changed(Key("paragraph", "A cough."), review("Li Wei", DAY))
        with pytest.raises(CatalogueError, match="It has no translation"):
            changed(KEY, review("Li Wei", DAY), TEXT.replace("Fiebre", ""))


def test_dismissals_are_joined() -> None:
    found = changed(Key("paragraph", "A cough."), dismiss(["length-ratio"]))
    assert "# Ask Dr. Ruiz.\n# lint-ignore: length-ratio, number-lost\n#." in found
    assert changed(Key("paragraph", "A cough."), dismiss(["number-lost"])) == TEXT


def test_a_dismissal_says_whose_it_is() -> None:
    key = Key("paragraph", "A cough.")
    once = changed(key, dismiss(["length-ratio", "number-lost"], "Ana, Dr.", DAY))
    signed = f"# dismissed: Ana, Dr., {DAY}, length-ratio\n"
    assert f"# Ask Dr. Ruiz.\n{signed}# lint-ignore: length-ratio, number-lost\n#." in once
    twice = changed(key, dismiss(["tag-lost"], "Li", DAY), once)
    assert (
        f"{signed}# dismissed: Li, {DAY}, tag-lost\n# lint-ignore: length-ratio, number-lost, tag-lost\n"
        in twice
    )
    (entry,) = [each for each in entries_in(twice.encode(), "es.po") if each.key == key]
    assert entry.dismissals == (
        Dismissal("length-ratio", "Ana, Dr.", DAY),
        Dismissal("number-lost"),
        Dismissal("tag-lost", "Li", DAY),
    )
    assert "dismissed" not in changed(key, translate_as("Una tos."), twice)


class TestSign:
    def test_two_lines_of_the_header_change(self) -> None:
        found = sign(TEXT.encode(), "es.po", "2026-12-01 09:00+0000", 'Li "Li" Wei').decode()
        assert found == TEXT.replace("2026-01-01 00:00", "2026-12-01 09:00").replace(
            "Ana Ruiz\\n", 'Li \\"Li\\" Wei\\n'
        )

    def test_without_a_name_nobody_is_named(self) -> None:
        found = sign(TEXT.encode(), "es.po", "2026-12-01 09:00+0000").decode()
        assert found == TEXT.replace("2026-01-01 00:00", "2026-12-01 09:00").replace("Ana Ruiz", "")

    @pytest.mark.parametrize(
        "line",
        [
            "",
            '"PO-Revision-"\n"Date: 2026-01-01 00:00+0000\\n"\n',
            '"PO-Revision-Date: 2026-01-01\\nX: y\\n"\n',
        ],
    )
    def test_a_field_that_is_not_alone_on_its_line(self, line: str) -> None:
        text = TEXT.replace('"PO-Revision-Date: 2026-01-01 00:00+0000\\n"\n', line)
        found = sign(text.encode(), "es.po", "2026-12-01 09:00+0000")
        assert po.parse(found, "es.po").file.metadata["PO-Revision-Date"] == "2026-12-01 09:00+0000"
        assert found.decode().endswith(text.partition("\n\n")[2])


@pytest.mark.gettext
@pytest.mark.parametrize(
    "command",
    ["msgcat --no-wrap es.po", "msgattrib --no-wrap es.po", "msgmerge --no-wrap --quiet es.po fever.pot"],
)
def test_tools_of_gettext_keep_the_marks(command: str, tmp_path: Path) -> None:
    text = f"{HEADER}\n{FEVER}"
    (tmp_path / "fever.pot").write_text(text.replace('"Fiebre"', '""'))
    for change in (
        ask("Eva", DAY, "Which?"),
        answer("Li", DAY, "All."),
        review("Li", DAY),
        dismiss(["x"], "Eva", DAY),
    ):
        text = changed(KEY, change, text)
    assert all(
        each in text
        for each in ("# ASK (", "# ANSWER (", "# reviewed: ", "# dismissed: Eva, ", "# lint-ignore: x")
    )
    (tmp_path / "es.po").write_text(text)
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=True, text=True)
    assert done.stdout == text


@pytest.mark.gettext
@pytest.mark.parametrize("command", ["msgcat es.po", "msgmerge --quiet es.po fever.pot"])
def test_tools_of_gettext_drop_flags_that_they_do_not_know(command: str, tmp_path: Path) -> None:
    """So a limit is a sentence for the translator, and no `#, max-length:N` (ADR 29)."""
    text = f"{HEADER}\n#. At most 20 characters.\n#, max-length:20\n{FEVER}"
    (tmp_path / "es.po").write_text(text)
    (tmp_path / "fever.pot").write_text(text.replace('"Fiebre"', '""'))
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=True, text=True)
    assert "#. At most 20 characters.\n" in done.stdout
    assert "max-length" not in done.stdout
