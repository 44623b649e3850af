from collections.abc import Mapping, Sequence

import polib

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.imported import Imported, ImportedCatalogue, Origin
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.language import LanguageTag
from support.updating import import_translations, update

PAIN = Key("title", "Pain")
CALL = Key("paragraph", "Call if it lasts 2 weeks.")
HEADER = Header(language=LanguageTag("es"), subject="topic “pain”", created="2026-09-29")


def imported(
    translations: Mapping[Key, str],
    data: bytes | None = None,
    keys: Sequence[Key] = (PAIN, CALL),
    day: str = "2026-09-29",
    *,
    withdraws: bool = False,
) -> ImportedCatalogue:
    template = [TemplateMessage(key, ("A comment.",), "topics/pain.json#/x") for key in keys]
    return import_translations(
        template,
        data,
        HEADER,
        {key: Imported(msgstr=msgstr) for key, msgstr in translations.items()},
        origin=Origin(source="medlineplus", translator="MedlinePlus", day=day),
        path="locales/es/LC_MESSAGES/pain.po",
        withdraws=withdraws,
    )


def entries(result: ImportedCatalogue) -> dict[str, polib.POEntry]:
    return {entry.msgid: entry for entry in po.parse(result.data, "pain.po").file}


FIRST = {PAIN: "Dolor", CALL: "Llame si dura 2 semanas."}


def edited(result: ImportedCatalogue, old: str, new: str) -> bytes:
    text = result.data.decode()
    assert old in text
    return text.replace(old, new).encode()


def test_a_new_catalogue_has_every_translation_confirmed_and_with_its_origin() -> None:
    result = imported(FIRST)
    found = entries(result)
    assert {msgid: entry.msgstr for msgid, entry in found.items()} == {
        "Pain": "Dolor",
        "Call if it lasts 2 weeks.": "Llame si dura 2 semanas.",
    }
    assert all(entry.tcomment.startswith("origin: medlineplus ") for entry in found.values())
    assert not any(entry.fuzzy for entry in found.values())
    assert po.parse(result.data, "").file.metadata["PO-Revision-Date"] == "2026-09-29 00:00+0000"
    assert result.is_changed


def test_the_same_import_on_another_day_changes_no_byte() -> None:
    once = imported(FIRST)
    again = imported(FIRST, once.data, day="2026-09-30")
    assert again.data == once.data
    assert not again.is_changed


def test_an_unedited_translation_follows_the_source() -> None:
    again = imported({**FIRST, PAIN: "El dolor"}, imported(FIRST).data, day="2026-10-01")
    assert entries(again)["Pain"].msgstr == "El dolor"
    assert po.parse(again.data, "").file.metadata["PO-Revision-Date"] == "2026-10-01 00:00+0000"
    assert again.clashes == ()


def test_a_new_translation_of_the_source_leaves_the_dismissals_of_the_former_one() -> None:
    once = edited(imported(FIRST), "# origin:", "# lint-ignore: same\n# nota\n# origin:")
    assert "lint-ignore: same\nnota\n" in entries(imported(FIRST, once))["Pain"].tcomment
    again = entries(imported({**FIRST, PAIN: "El dolor"}, once, day="2026-10-01"))
    assert again["Pain"].tcomment.startswith("nota\norigin:")
    assert "lint-ignore" in again["Call if it lasts 2 weeks."].tcomment


def test_a_translators_edit_stays_while_the_source_does_not_change() -> None:
    data = edited(imported(FIRST), "Llame si dura 2 semanas.", "Llame si le dura 2 semanas.")
    again = imported(FIRST, data)
    assert again.data == data
    assert again.clashes == ()


def test_an_edit_that_the_source_overtakes_is_a_clash_reported_once() -> None:
    data = edited(imported(FIRST), "Llame si dura 2 semanas.", "Llame si le dura 2 semanas.")
    new = {**FIRST, CALL: "Llame si dura dos semanas."}
    again = imported(new, data)
    assert entries(again)[CALL.msgid].msgstr == "Llame si le dura 2 semanas."
    assert again.clashes == (CALL,)
    third = imported(new, again.data)
    assert third.clashes == ()
    assert third.data == again.data


def test_a_translation_of_ones_own_is_never_replaced() -> None:
    template_only = imported({PAIN: "Dolor"})
    data = edited(
        template_only,
        'msgid "Call if it lasts 2 weeks."\nmsgstr ""',
        'msgid "Call if it lasts 2 weeks."\nmsgstr "Llame."',
    )
    assert entries(imported(FIRST, data))[CALL.msgid].msgstr == "Llame."


def test_what_the_source_no_longer_has_goes_and_is_suggested_for_nothing() -> None:
    once = imported(FIRST)
    other = Key("paragraph", "Call us if it lasts 2 weeks.")
    again = imported({PAIN: "Dolor"}, once.data, keys=(PAIN, other))
    found = entries(again)
    assert list(found) == ["Pain", other.msgid]
    assert found[other.msgid].msgstr == ""
    assert not found[other.msgid].fuzzy


def test_an_edited_translation_of_a_text_that_changed_is_kept_for_the_translator() -> None:
    data = edited(imported(FIRST), "Llame si dura 2 semanas.", "Llame si le dura 2 semanas.")
    other = Key("paragraph", "Call us if it lasts 2 weeks.")
    found = entries(imported({PAIN: "Dolor"}, data, keys=(PAIN, other)))
    assert found[other.msgid].fuzzy
    assert found[other.msgid].msgstr == "Llame si le dura 2 semanas."


def test_a_suggestion_gives_way_to_the_source() -> None:
    data = edited(imported(FIRST), "Llame si dura 2 semanas.", "Llame si le dura 2 semanas.")
    other = Key("paragraph", "Call us if it lasts 2 weeks.")
    suggested = imported({PAIN: "Dolor"}, data, keys=(PAIN, other))
    found = entries(
        imported({PAIN: "Dolor", other: "Llámenos si dura 2 semanas."}, suggested.data, keys=(PAIN, other))
    )
    assert found[other.msgid].msgstr == "Llámenos si dura 2 semanas."
    assert not found[other.msgid].fuzzy
    assert found[other.msgid].previous_msgid is None


def test_what_a_complete_source_no_longer_translates_is_untranslated() -> None:
    first = imported(FIRST).data
    data = first.replace(b'msgstr "Dolor"', b'msgstr "El dolor"')
    assert entries(imported({PAIN: "Dolor"}, first))[CALL.msgid].msgstr == FIRST[CALL]
    withdrawn = entries(imported({}, data, withdraws=True))
    assert (withdrawn[CALL.msgid].msgstr, withdrawn[CALL.msgid].tcomment) == ("", "")
    assert withdrawn["Pain"].msgstr == "El dolor"  # edited here


def test_a_later_revision_of_a_translator_keeps_its_date() -> None:
    data = edited(
        imported(FIRST), "PO-Revision-Date: 2026-09-29 00:00+0000", "PO-Revision-Date: 2026-10-02 17:30+0200"
    )
    again = imported({**FIRST, PAIN: "El dolor"}, data, day="2026-10-02")
    assert po.parse(again.data, "").file.metadata["PO-Revision-Date"] == "2026-10-02 17:30+0200"


def test_a_comment_of_the_translator_stays_beside_the_origin() -> None:
    data = edited(imported(FIRST), "# origin: medlineplus", "# Ask the clinic.\n# origin: medlineplus")
    found = entries(imported({**FIRST, PAIN: "El dolor"}, data))
    assert found["Pain"].tcomment.startswith("Ask the clinic.\norigin: medlineplus ")


OLD, NEW = CALL, Key("paragraph", "Call us if it lasts 2 weeks.")
LOCAL = "Llame si le dura 2 semanas."
RENEWED = {PAIN: "Dolor", NEW: "Llámenos si dura 2 semanas."}


def locally_edited() -> bytes:
    entry = f'msgid "{OLD.msgid}"\nmsgstr "'
    data = edited(imported(FIRST), f"{entry}Llame si dura 2 semanas.", f"{entry}{LOCAL}")
    return data.replace(b"# origin: ", b"# Ask the clinic.\n# origin: ")


def obsolete(data: bytes) -> list[tuple[Key, str, bool]]:
    return [
        (Key(entry.msgctxt, entry.msgid), entry.msgstr, entry.fuzzy)
        for entry in po.parse(data, "pain.po").file
        if entry.obsolete
    ]


def test_local_work_on_an_english_text_that_changed_is_kept_as_obsolete() -> None:
    result = imported(RENEWED, locally_edited(), keys=(PAIN, NEW))
    found = entries(result)
    assert found[NEW.msgid].msgstr == RENEWED[NEW]
    assert not found[NEW.msgid].fuzzy
    assert obsolete(result.data) == [(OLD, LOCAL, False)]
    assert found[OLD.msgid].tcomment.startswith("Ask the clinic.\n")
    assert found[OLD.msgid].previous_msgid is None
    assert result.clashes == (NEW,)


def test_local_work_that_is_kept_stays_as_it_is_and_is_reported_once() -> None:
    once = imported(RENEWED, locally_edited(), keys=(PAIN, NEW))
    again = imported(RENEWED, once.data, keys=(PAIN, NEW), day="2026-10-01")
    assert again.data == once.data
    assert again.clashes == ()
    assert not again.is_changed


def test_local_work_that_is_kept_outlasts_another_change_and_is_not_reported_again() -> None:
    once = imported(RENEWED, locally_edited(), keys=(PAIN, NEW))
    third = Key("paragraph", "Call us if it lasts for 2 weeks.")
    spanish = "Llame si dura al menos 2 semanas."
    again = imported({PAIN: "Dolor", third: spanish}, once.data, keys=(PAIN, third))
    assert entries(again)[third.msgid].msgstr == spanish
    assert obsolete(again.data) == [(OLD, LOCAL, False)]
    assert again.clashes == ()


def test_local_work_wins_when_its_english_text_comes_back() -> None:
    once = imported(RENEWED, locally_edited(), keys=(PAIN, NEW))
    again = imported(FIRST, once.data)
    found = entries(again)
    assert found[OLD.msgid].msgstr == LOCAL
    assert not found[OLD.msgid].fuzzy
    assert obsolete(again.data) == []
    assert again.clashes == ()


def test_a_translation_of_ones_own_without_an_origin_is_kept_too() -> None:
    data = edited(imported({PAIN: "Dolor"}), 'weeks."\nmsgstr ""', f'weeks."\nmsgstr "{LOCAL}"')
    result = imported(RENEWED, data, keys=(PAIN, NEW))
    assert obsolete(result.data) == [(OLD, LOCAL, False)]
    assert result.clashes == (NEW,)


def test_the_same_translation_from_the_source_does_not_clash() -> None:
    result = imported({PAIN: "Dolor", NEW: LOCAL}, locally_edited(), keys=(PAIN, NEW))
    assert entries(result)[NEW.msgid].msgstr == LOCAL
    assert obsolete(result.data) == [(OLD, LOCAL, False)]
    assert result.clashes == ()


def test_an_older_suggestion_is_kept_for_review_since_it_may_have_been_edited() -> None:
    suggested = imported({PAIN: "Dolor"}, locally_edited(), keys=(PAIN, NEW))
    result = imported(RENEWED, suggested.data, keys=(PAIN, NEW))
    assert obsolete(result.data) == [(OLD, LOCAL, True)]
    assert result.clashes == (NEW,)
    assert imported(RENEWED, result.data, keys=(PAIN, NEW)).data == result.data


def test_a_suggestion_whose_former_text_is_back_returns_to_it_for_review() -> None:
    suggested = imported({PAIN: "Dolor"}, locally_edited(), keys=(PAIN, NEW))
    result = imported({**FIRST, **RENEWED}, suggested.data, keys=(PAIN, OLD, NEW))
    assert obsolete(result.data) == []
    assert entries(result)[OLD.msgid].msgstr == LOCAL
    assert entries(result)[OLD.msgid].fuzzy
    assert entries(result)[NEW.msgid].msgstr == RENEWED[NEW]
    assert result.clashes == (NEW,)


def updated(data: bytes, *keys: Key) -> bytes:
    template = [TemplateMessage(key, (), "topics/pain.json#/x") for key in keys]
    return po.serialize(update(template, po.parse(data, "").file, HEADER))


def test_work_that_waits_as_a_suggestion_is_kept_though_its_former_text_is_there_without_translation() -> (
    None
):
    waiting = updated(updated(locally_edited(), PAIN, NEW), PAIN, OLD, NEW)
    assert waiting.count(LOCAL.encode()) == 1
    third = Key("paragraph", "Call us if it lasts for 2 weeks.")
    gone = imported({PAIN: "Dolor", third: "Llame si dura al menos 2 semanas."}, waiting, keys=(PAIN, third))
    assert obsolete(gone.data) == [(OLD, LOCAL, True)]
    there = imported({**FIRST, third: "Llame si dura al menos 2 semanas."}, waiting, keys=(PAIN, OLD, third))
    assert entries(there)[OLD.msgid].msgstr == LOCAL


def test_an_unedited_suggested_import_is_not_counted_as_work() -> None:
    data = imported(FIRST).data
    template = [TemplateMessage(key, (), "topics/pain.json#/x") for key in (PAIN, NEW)]
    suggested = po.serialize(update(template, po.parse(data, "").file, HEADER))
    assert b"#, fuzzy" in suggested
    result = imported(RENEWED, suggested, keys=(PAIN, NEW))
    assert obsolete(result.data) == []
    assert result.clashes == ()
