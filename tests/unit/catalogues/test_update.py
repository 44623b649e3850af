import re
import subprocess
from dataclasses import replace
from pathlib import Path

import polib
import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues.po import parse, serialize
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.language import LanguageTag
from support.updating import update

HEADER = Header(
    language=LanguageTag("es"),
    subject="topic “miscarriage”",
    created="2026-02-07",
    report_to="https://healthtopics.example.org/issues",
)
TITLE = TemplateMessage(Key("title", "Miscarriage"), ("A title.",), "topics/miscarriage.json#/title")
CAUSES = TemplateMessage(
    Key("heading", "What causes a miscarriage?"), ("A heading.",), "topics/miscarriage.json#/sections/causes"
)
CALL = TemplateMessage(
    Key("paragraph", "Call your doctor if you bleed."),
    ("A paragraph.",),
    "topics/miscarriage.json#/sections/symptoms",
)
TEMPLATE = (TITLE, CAUSES, CALL)
SPANISH = {
    "title": "Aborto espontáneo",
    "heading": "¿Cuáles son las causas?",
    "paragraph": "Llame a su médico.",
}


def saying(message: TemplateMessage, msgid: str) -> TemplateMessage:
    return replace(message, key=message.key._replace(msgid=msgid))


@pytest.fixture
def translated() -> polib.POFile:
    file = update(TEMPLATE, None, HEADER)
    for entry in file:
        entry.msgstr = SPANISH[entry.msgctxt]
    file.metadata["PO-Revision-Date"] = "2026-02-07 10:00+0000"
    return file


def file_of(entry: polib.POEntry) -> polib.POFile:
    file = polib.POFile()
    file.append(entry)
    return file


def by_text(file: polib.POFile) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in file}


# ── a new file ──


def test_new_file_has_the_messages_in_order_and_every_header_field() -> None:
    assert serialize(update((TITLE, CAUSES), None, HEADER)).decode() == (
        """# Spanish translation of topic “miscarriage”.
# SPDX-License-Identifier: CC0-1.0
msgid ""
msgstr ""
"Project-Id-Version: healthtopics\\n"
"Report-Msgid-Bugs-To: https://healthtopics.example.org/issues\\n"
"POT-Creation-Date: 2026-02-07 00:00+0000\\n"
"PO-Revision-Date: \\n"
"Last-Translator: \\n"
"Language-Team: Spanish\\n"
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#. A title.
#: topics/miscarriage.json#/title
msgctxt "title"
msgid "Miscarriage"
msgstr ""

#. A heading.
#: topics/miscarriage.json#/sections/causes
msgctxt "heading"
msgid "What causes a miscarriage?"
msgstr ""
"""
    )


@pytest.mark.parametrize(
    ("tag", "language", "team", "plural"),
    [
        ("es-US", "es_US", "Spanish", "nplurals=2; plural=(n != 1);"),
        ("pt-BR", "pt_BR", "Brazilian Portuguese", "nplurals=2; plural=(n > 1);"),
        ("ht", "ht", "Haitian Creole", "nplurals=2; plural=(n != 1);"),
        ("qaa", "qaa", "qaa", "nplurals=2; plural=(n != 1);"),
    ],
)
def test_header_knows_the_language(tag: str, language: str, team: str, plural: str) -> None:
    fields = update((), None, replace(HEADER, language=LanguageTag(tag))).metadata
    assert (fields["Language"], fields["Language-Team"], fields["Plural-Forms"]) == (language, team, plural)


@pytest.mark.parametrize(
    ("created", "date"),
    [
        ("2026-02-07", "2026-02-07 00:00+0000"),
        ("2026-02-07T10:30:00Z", "2026-02-07 10:30+0000"),
        ("2026-02-07T22:30:00-05:00", "2026-02-08 03:30+0000"),
    ],
)
def test_template_date_is_that_of_the_source(created: str, date: str) -> None:
    assert update((), None, replace(HEADER, created=created)).metadata["POT-Creation-Date"] == date


@pytest.mark.gettext
def test_new_file_passes_msgfmt_and_msgcat(translated: polib.POFile, tmp_path: Path) -> None:
    path = tmp_path / "es.po"
    path.write_bytes(serialize(translated))
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", path], check=True, capture_output=True)
    msgcat = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True)
    assert msgcat.stdout == path.read_bytes()


# ── what stays ──


def test_unchanged_template_gives_the_same_bytes(translated: polib.POFile) -> None:
    data = serialize(translated)
    assert serialize(update(TEMPLATE, parse(data, "es.po").file, HEADER)) == data


def test_update_does_not_touch_the_file_that_it_is_given(translated: polib.POFile) -> None:
    before = serialize(translated)
    update((saying(CAUSES, "What causes miscarriage?"),), translated, HEADER)
    assert serialize(translated) == before


def test_insertion_and_new_order_keep_every_translation(translated: polib.POFile) -> None:
    new = TemplateMessage(
        Key("paragraph", "Most people recover."), (), "topics/miscarriage.json#/sections/outlook"
    )
    file = update((CALL, new, TITLE, CAUSES), translated, HEADER)
    assert [entry.msgstr for entry in file] == [
        SPANISH["paragraph"],
        "",
        SPANISH["title"],
        SPANISH["heading"],
    ]
    assert not any(entry.fuzzy or entry.obsolete for entry in file)


def test_translators_comment_and_fuzzy_mark_stay_and_the_templates_context_is_new(
    translated: polib.POFile,
) -> None:
    entry = translated[0]
    entry.tcomment = "lint-ignore: same"
    entry.flags = ["fuzzy"]
    entry.previous_msgid = "Miscarriages"
    moved = replace(TITLE, comments=("Line 1", "Line 2"), reference="topics/miscarriage.json#/name")
    result = update((moved,), translated, HEADER)[0]
    assert (result.tcomment, result.fuzzy, result.previous_msgid) == (
        "lint-ignore: same",
        True,
        "Miscarriages",
    )
    assert (result.comment, result.occurrences) == ("Line 1\nLine 2", [("topics/miscarriage.json#/name", "")])


def test_previous_text_goes_with_the_fuzzy_mark(translated: polib.POFile) -> None:
    translated[0].previous_msgid = "Miscarriages"
    assert update(TEMPLATE, translated, HEADER)[0].previous_msgid is None


def test_untranslated_message_is_never_fuzzy(translated: polib.POFile) -> None:
    translated[0].msgstr = ""
    translated[0].flags = ["fuzzy"]
    assert not update(TEMPLATE, translated, HEADER)[0].fuzzy


def test_guessed_format_flags_go_and_others_stay(translated: polib.POFile) -> None:
    translated[0].flags = ["python-format", "python-brace-format", "max-length:60"]
    assert update(TEMPLATE, translated, HEADER)[0].flags == ["python-brace-format", "max-length:60"]


def test_header_of_the_translator_stays_in_its_order_and_is_completed() -> None:
    data = (
        "# Ann García, 2026.\n#, fuzzy\n"
        'msgid ""\nmsgstr ""\n"Last-Translator: Ann\\n"\n"X-Poedit-Basepath: .\\n"\n"Language: es\\n"\n'
        '"Plural-Forms: nplurals=3; plural=2;\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"POT-Creation-Date: 2020-01-01 00:00+0000\\n"\n'
    )
    file = update((), parse(data.encode(), "es.po").file, HEADER)
    assert (file.header, file.metadata_is_fuzzy) == ("Ann García, 2026.", True)
    assert list(file.metadata.items()) == [
        ("Project-Id-Version", "healthtopics"),
        ("Report-Msgid-Bugs-To", "https://healthtopics.example.org/issues"),
        ("Last-Translator", "Ann"),
        ("Language-Team", "Spanish"),
        ("X-Poedit-Basepath", "."),
        ("Language", "es"),
        ("MIME-Version", "1.0"),
        ("Plural-Forms", "nplurals=3; plural=2;"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("POT-Creation-Date", "2026-02-07 00:00+0000"),
        ("PO-Revision-Date", ""),
    ]


# ── what goes, and comes back ──


def test_translation_whose_text_is_gone_becomes_obsolete_and_comes_back(translated: polib.POFile) -> None:
    translated[1].tcomment = "Ask the editor."
    without = update((TITLE, CALL), translated, HEADER)
    assert [(entry.msgid, entry.obsolete) for entry in without] == [
        ("Miscarriage", False),
        (CALL.key.msgid, False),
        (CAUSES.key.msgid, True),
    ]
    assert without[2].tcomment == "Ask the editor."
    assert serialize(update(TEMPLATE, without, HEADER)) == serialize(translated)


def test_message_without_a_translation_just_goes(translated: polib.POFile) -> None:
    translated[1].msgstr = ""
    assert [entry.msgid for entry in update((TITLE, CALL), translated, HEADER)] == [
        "Miscarriage",
        CALL.key.msgid,
    ]


def test_a_comment_on_what_goes_untranslated_moves_to_the_most_alike_new_message(
    translated: polib.POFile,
) -> None:
    translated[2].msgstr, translated[2].tcomment = "", "Ask Dr. Ruiz.\nlint-ignore: same\nsuggested: x (97 %)"
    corrected = saying(CALL, "Call your doctor if you are bleeding.")
    new = (saying(CALL, "Call your father."), corrected, saying(CAUSES, CALL.key.msgid))
    file = update((*TEMPLATE[:2], *new), translated, HEADER)
    assert [entry.tcomment for entry in file] == ["", "", "", "Ask Dr. Ruiz.", ""]
    assert file.header == translated.header
    assert serialize(update((*TEMPLATE[:2], *new), file, HEADER)) == serialize(file)


def test_a_comment_may_move_to_a_suggestion(translated: polib.POFile) -> None:
    other = saying(CALL, "Call your doctor if you bleed now.")
    file = update((*TEMPLATE, other), translated, HEADER, judge=None)
    file[3].tcomment = "Ask Dr. Ruiz."
    corrected = saying(CALL, "Call your doctor if you are bleeding.")
    entry = update((corrected,), file, HEADER)[0]
    note, confirmed, comment = entry.tcomment.split("\n")
    assert (note, comment) == ("suggested: this catalogue (89 %).", "Ask Dr. Ruiz.")
    assert confirmed.startswith("confirmed: ")
    entry.flags = []
    assert update((corrected,), file_of(entry), HEADER)[0].tcomment == "Ask Dr. Ruiz."


def test_a_comment_on_what_goes_untranslated_and_is_like_nothing_moves_to_the_header(
    translated: polib.POFile,
) -> None:
    translated[2].msgstr, translated[2].tcomment = "", "Ask Dr. Ruiz.\n\nOr Ana."
    file = update(TEMPLATE[:2], translated, HEADER)
    note = "“Call your doctor if you bleed.”: "
    assert file.header == f"{translated.header}\n{note}Ask Dr. Ruiz.\n{note}Or Ana."
    assert serialize(update(TEMPLATE[:2], file, HEADER)) == serialize(file)


def test_an_empty_context_and_none_are_two_entries_and_neither_is_lost() -> None:
    template = [TemplateMessage(Key("", "Fever"), (), "x")]
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    empty, none = '\nmsgctxt ""\nmsgid "Fever"\nmsgstr "Uno"\n', '\nmsgid "Fever"\nmsgstr "Dos"\n'
    for each, kept, other in ((empty + none, "Uno", "Dos"), (none + empty, "Dos", "Uno")):
        file = update(template, parse((text + each).encode(), "es.po").file, HEADER)
        found = [(entry.msgctxt, entry.msgstr, entry.obsolete) for entry in file]
        assert found == [(None, kept, False), ("", other, True)]
        again = update(template, parse(serialize(file), "es.po").file, HEADER)
        assert serialize(again) == serialize(file)
        assert {entry.msgstr for entry in update((), again, HEADER)} == {"Uno", "Dos"}


def test_entries_that_became_obsolete_before_come_before_those_of_now(translated: polib.POFile) -> None:
    once = update((TITLE, CAUSES), translated, HEADER)
    twice = update((CAUSES,), once, HEADER)
    assert [entry.msgid for entry in twice] == [CAUSES.key.msgid, CALL.key.msgid, "Miscarriage"]


def test_obsolete_entries_hold_no_previous_text(translated: polib.POFile) -> None:
    translated[0].flags = ["fuzzy"]
    translated[0].previous_msgid = "Miscarriages"
    obsolete = update((), translated, HEADER)[0]
    assert (obsolete.obsolete, obsolete.fuzzy, obsolete.previous_msgid) == (True, True, None)


# ── suggestions ──


def test_corrected_typo_keeps_the_translation_as_fuzzy(translated: polib.POFile) -> None:
    corrected = saying(CALL, "Call your doctor if you are bleeding.")
    file = update((TITLE, CAUSES, corrected), translated, HEADER)
    assert len(file) == 3
    assert (file[2].msgstr, file[2].fuzzy) == (SPANISH["paragraph"], True)
    assert (file[2].previous_msgid, file[2].previous_msgctxt) == (CALL.key.msgid, None)
    assert serialize(update((TITLE, CAUSES, corrected), file, HEADER)) == serialize(file)


def test_dismissals_stay_with_the_text_that_they_were_made_for(translated: polib.POFile) -> None:
    translated[2].tcomment = "Ask Ana.\nlint-ignore: number-changed"
    corrected = saying(CALL, "Call your doctor if you are bleeding.")
    once = update((corrected,), translated, HEADER)
    comment, *notes = once[0].tcomment.split("\n")
    assert comment == "Ask Ana."
    assert [note.partition(":")[0] for note in notes] == ["suggested", "confirmed"]
    once[0].tcomment += "\nlint-ignore: of-the-new-text"
    assert "of-the-new-text" in update((corrected,), once, HEADER)[0].tcomment
    (gone,) = (entry for entry in update((), once, HEADER) if entry.msgid == CALL.key.msgid)
    assert gone.tcomment.startswith("Ask Ana.")
    assert "lint-ignore" not in gone.tcomment


def test_suggestion_that_nobody_took_up_keeps_the_text_that_was_translated(translated: polib.POFile) -> None:
    once = update((saying(CALL, "Call your doctor if you are bleeding."),), translated, HEADER)
    twice = update((saying(CALL, "Call your doctor if you are bleeding a lot."),), once, HEADER)
    assert (twice[0].msgstr, twice[0].previous_msgid) == (SPANISH["paragraph"], CALL.key.msgid)


def test_small_dangerous_steps_do_not_add_up_to_a_suggestion() -> None:
    first = saying(CALL, "Take one tablet for ten days after the operation.")
    file = update((first,), None, HEADER)
    file[0].msgstr = "Tome una tableta durante diez días después de la operación."
    file[0].flags = ["fuzzy"]
    file[0].previous_msgid = "Take two tablets for ten days after the operation."
    result = update((saying(first, "Take one tablet for ten days after an operation."),), file, HEADER)
    assert [(entry.msgstr, entry.obsolete) for entry in result] == [("", False), (file[0].msgstr, True)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Take this medicine if you are pregnant.", "Do not take this medicine if you are pregnant."),
        ("You may bleed for 4 to 6 weeks after it.", "You may bleed for 6 to 8 weeks after it."),
        ("Take one tablet of 200 mg with water.", "Take one tablet of 20 mg with water."),
        ("Take one tablet of 200 mg with water.", "Take one tablet of 200 mcg with water."),
    ],
)
def test_dangerous_change_is_not_prefilled(old: str, new: str) -> None:
    file = update((saying(CALL, old),), None, HEADER)
    file[0].msgstr = "La traducción."
    result = update((saying(CALL, new),), file, HEADER)
    assert [(entry.msgid, entry.msgstr, entry.obsolete) for entry in result] == [
        (new, "", False),
        (old, "La traducción.", True),
    ]


def test_suggestion_comes_from_the_same_role_only(translated: polib.POFile) -> None:
    other = TemplateMessage(Key("list-item", "Call your doctor if you bleed"), (), "x")
    assert not update((other,), translated, HEADER)[0].msgstr


def test_new_disambiguation_of_the_same_text_is_a_suggestion_with_the_previous_context() -> None:
    file = update((TITLE,), None, HEADER)
    file[0].msgstr = SPANISH["title"]
    result = update((replace(TITLE, key=Key("title|loss", "Miscarriage")),), file, HEADER)
    assert [(entry.msgctxt, entry.fuzzy, entry.previous_msgctxt) for entry in result] == [
        ("title|loss", True, "title")
    ]


def test_each_old_translation_goes_to_the_new_text_most_like_it() -> None:
    olds = ["Pain in the lower back.", "Pain in the lower belly."]
    file = update([saying(CALL, text) for text in olds], None, HEADER)
    file[0].msgstr, file[1].msgstr = "espalda", "vientre"
    news = ["Pain in your lower belly.", "Pain in your lower back.", "Pain in one leg or both."]
    result = by_text(update([saying(CALL, text) for text in news], file, HEADER))
    assert [result[text].msgstr for text in news] == ["vientre", "espalda", ""]


def test_text_that_differs_too_much_is_not_suggested(translated: polib.POFile) -> None:
    result = update((saying(CALL, "Most people recover within some time."),), translated, HEADER)
    assert not result[0].msgstr


def test_returning_text_like_an_obsolete_one_is_a_suggestion(translated: polib.POFile) -> None:
    without = update((TITLE, CAUSES), translated, HEADER)
    file = update((*TEMPLATE[:2], saying(CALL, "Call a doctor if you bleed.")), without, HEADER)
    assert [(entry.msgstr, entry.fuzzy, entry.obsolete) for entry in file][2:] == [
        (SPANISH["paragraph"], True, False)
    ]


@pytest.mark.gettext
def test_updated_file_passes_msgfmt_and_msgcat(translated: polib.POFile, tmp_path: Path) -> None:
    path = tmp_path / "es.po"
    path.write_bytes(
        serialize(update((saying(CALL, "Call your doctor if you are bleeding."),), translated, HEADER))
    )
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", path], check=True, capture_output=True)
    msgcat = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True)
    assert msgcat.stdout == path.read_bytes()
    assert len(re.findall(rb"^#~ msgid", msgcat.stdout, re.MULTILINE)) == 2
