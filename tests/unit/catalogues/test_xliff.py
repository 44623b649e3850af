"""What an agency gets, and what of its work is taken."""

from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import etree

from healthtopics.catalogues import po
from healthtopics.catalogues.xliff import ExportedXliff, parse, serialize
from healthtopics.catalogues.xliff_codes import unit_id
from healthtopics.catalogues.xliff_merging import Joined, check_languages, merge
from healthtopics.catalogues.xliff_units import Outgoing
from healthtopics.errors import ImportDataError
from healthtopics.language import LanguageTag

PATH = "locales/es/LC_MESSAGES/fever.po"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
XLF = "{urn:oasis:names:tc:xliff:document:1.2}"
HEADER = """# A comment of the translator.
msgid ""
msgstr ""
"PO-Revision-Date: 2026-01-01 00:00+0000\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Own: kept\\n"
"""
TITLE = """
#. Topic “Fever”.
#. The title of the topic.
#: topics/fever.json#/title
msgctxt "title"
msgid "Fever & chills"
msgstr ""
"""
LINK = """
# Ask Ana.
msgctxt "paragraph"
msgid "Call a <strong>doctor</strong> or read <a href=\\"https://example.org/fever\\">this</a>."
msgstr "Llame al <strong>médico</strong> o lea <a href=\\"https://example.org/fiebre\\">esto</a>."
"""
DOUBTFUL = """
# suggested: fever (90 %)
#, fuzzy
#| msgid "Take 200 mg."
msgctxt "paragraph"
msgid "Take 20 mg."
msgstr "Tome 200 mg."
"""
UNIT = """
msgctxt "section"
msgid ""
"<p>Drink <em>water</em>.</p>\\n"
"<ul>\\n"
"<li>Rest</li>\\n"
"</ul>"
msgstr ""
"""
GONE = """
#~ msgctxt "title"
#~ msgid "Temperature"
#~ msgstr "Temperatura"
"""


def catalogue(*entries: str) -> bytes:
    return (HEADER + "".join(entries)).encode()


def export(data: bytes, *, only_todo: bool = False, language: str = "es") -> ExportedXliff:
    return serialize(
        [Outgoing(path=PATH, language=LanguageTag(language), file=po.parse(data, PATH).file)],
        only_todo=only_todo,
    )


def units(data: bytes) -> list[Any]:
    return list(etree.fromstring(data).iter(f"{XLF}trans-unit"))


def returned(data: bytes, *changes: tuple[str, str]) -> bytes:
    """What comes back: the export with some of its text replaced, each once."""
    text = export(data).data.decode()
    for old, new in changes:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    return text.encode()


def merged(data: bytes, file: bytes) -> Joined:
    (part,) = parse(file, "fever.xlf")
    return merge(data, part, "fever.xlf", NOW)


def taken(data: bytes, *changes: tuple[str, str]) -> str:
    """The catalogue after everything was taken without a word."""
    result = merged(data, returned(data, *changes))
    assert (result.problems, result.taken) == ((), 1)
    return result.data.decode()


def refused(data: bytes, file: bytes) -> tuple[str, str]:
    """The check and the message of the one problem, with nothing taken."""
    result = merged(data, file)
    (problem,) = result.problems
    assert result.data == data
    assert result.taken == 0
    assert problem.line
    assert problem.hint
    assert problem.path == "fever.xlf"
    return problem.check, problem.message


SOURCE_END = "</source>"
TRANSLATED = '</source><target state="translated">Fiebre y escalofríos</target>'


class TestExport:
    def test_a_translation_that_is_kept_back_is_the_previous_version(self) -> None:
        comment = "# former English: Take <em>20</em> mg.\n# former translation: Tome <em>20</em> mg.\n"
        data = catalogue(
            DOUBTFUL.replace("# suggested: fever (90 %)\n", comment).replace('"Tome 200 mg."', '""')
        )
        (unit,) = units(export(data).data)
        assert unit.find(f"{XLF}target") is None
        (former,) = unit.iter(f"{XLF}alt-trans")
        assert dict(former.attrib) == {"alttranstype": "previous-version"}
        assert [each.text for each in former] == ["Take 20 mg.", "Tome 20 mg."]
        assert "former" not in "".join(each.text or "" for each in unit.iter(f"{XLF}note"))

    def test_a_unit_says_what_a_translator_needs(self) -> None:
        (unit,) = units(export(catalogue(TITLE)).data)
        assert unit.findtext(f"{XLF}source") == "Fever & chills"
        assert unit.find(f"{XLF}target") is None
        assert unit.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        assert (unit.get("resname"), unit.get("maxwidth"), unit.get("size-unit")) == ("title", "120", "char")
        assert unit.findtext(f"{XLF}context-group/{XLF}context") == "topics/fever.json#/title"
        assert [note.text for note in unit.iter(f"{XLF}note")] == [
            "Topic “Fever”.",
            "The title of the topic.",
        ]

    def test_tags_are_codes_and_addresses_are_shown(self) -> None:
        (unit,) = units(export(catalogue(LINK)).data)
        text = etree.tostring(unit, encoding="unicode")
        assert '<g id="1" ctype="bold">doctor</g> or read <g id="2" ctype="link">this</g>.' in text
        assert '<g id="1" ctype="bold">médico</g> o lea <g id="2" ctype="link">esto</g>.' in text
        assert "Code 2: href https://example.org/fiebre" in text
        assert "Ask Ana." in text

    def test_a_fuzzy_translation_needs_review_and_shows_its_english(self) -> None:
        (unit,) = units(export(catalogue(DOUBTFUL)).data)
        assert unit.find(f"{XLF}target").get("state") == "needs-review-translation"
        assert "The translation was made for: Take 200 mg." in [n.text for n in unit.iter(f"{XLF}note")]

    def test_the_previous_english_may_be_no_markup(self) -> None:
        data = catalogue(DOUBTFUL.replace('"Take 200 mg."', '"Take <200 mg."'))
        assert "made for: Take &lt;200 mg." in export(data).data.decode()

    def test_a_code_follows_its_tag_when_the_order_changes(self) -> None:
        entry = """
msgctxt "paragraph"
msgid "<em>a</em> <a href=\\"topic:a\\">b</a> <a href=\\"topic:b\\">c</a>"
msgstr "<sub>z</sub><a href=\\"topic:b\\">C</a> <a href=\\"topic:x\\">B</a> <em>A</em>"
"""
        (unit,) = units(export(catalogue(entry)).data)
        ids = [node.get("id") for node in unit.find(f"{XLF}target").iter(f"{XLF}g")]
        assert ids == ["x1", "3", "2", "1"]

    def test_a_unit_of_blocks_travels_whole(self) -> None:
        (unit,) = units(export(catalogue(UNIT)).data)
        assert unit.get("maxwidth") is None
        ctypes = [node.get("ctype") for node in unit.iter(f"{XLF}g")]
        assert ctypes == ["x-html-p", "italic", "x-html-ul", "x-html-li"]

    def test_only_what_is_to_do(self) -> None:
        exported = export(catalogue(TITLE, LINK, DOUBTFUL, GONE), only_todo=True)
        assert [unit.findtext(f"{XLF}source") for unit in units(exported.data)] == [
            "Fever & chills",
            "Take 20 mg.",
        ]
        assert (exported.units, exported.words) == (2, 6)

    def test_a_translation_with_broken_tags_becomes_a_note(self) -> None:
        data = catalogue(LINK.replace("</strong> o lea", " o lea"))
        (unit,) = units(export(data).data)
        assert unit.find(f"{XLF}target") is None
        assert any(note.text.startswith("A former translation") for note in unit.iter(f"{XLF}note"))

    def test_english_with_invalid_markup_is_left_out_and_reported(self) -> None:
        exported = export(catalogue(LINK.replace("Call a <strong>", "Call a <blink>")))
        (problem,) = exported.problems
        assert (problem.check, problem.path, exported.units) == ("xliff-markup", PATH, 0)

    def test_several_catalogues_in_one_file(self) -> None:
        sheet = Outgoing(path=PATH, language=LanguageTag("es"), file=po.parse(catalogue(TITLE), PATH).file)
        other = Outgoing(path="b.po", language=LanguageTag("es"), file=sheet.file)
        parts = parse(serialize([sheet, other]).data, "all.xlf")
        assert [part.original for part in parts] == [PATH, "b.po"]

    def test_plural_forms_stay_at_home(self) -> None:
        entry = '\nmsgid "a day"\nmsgid_plural "days"\nmsgstr[0] "un día"\nmsgstr[1] "días"\n'
        assert export(catalogue(entry)).units == 0


class TestTake:
    def test_nothing_changed_is_nothing_written(self) -> None:
        data = catalogue(TITLE, LINK, DOUBTFUL, UNIT, GONE)
        result = merged(data, export(data).data)
        assert result == Joined(data=data, taken=0, unchanged=2, untranslated=2, problems=())

    def test_a_new_translation_with_all_else_kept(self) -> None:
        data = catalogue(TITLE, GONE)
        text = taken(data, (SOURCE_END, TRANSLATED))
        assert text.encode() == data.replace(
            b'msgstr ""\n\n#~', 'msgstr "Fiebre y escalofríos"\n\n#~'.encode()
        ).replace(b"2026-01-01 00:00", b"2026-11-21 09:30")

    def test_addresses_come_from_the_catalogue(self) -> None:
        # The Spanish page that a translator had put there stays; the order of codes may change.
        text = taken(
            catalogue(LINK),
            (
                'Llame al <g id="1" ctype="bold">médico</g> o lea <g id="2" ctype="link">esto</g>.',
                'Lea <g id="2">esto</g> o llame al <g id="1">doctor</g>.',
            ),
        )
        assert r'"Lea <a href=\"https://example.org/fiebre\">esto</a> o llame al <strong>doctor<' in text
        assert "# Ask Ana." in text

    def test_what_is_translated_is_no_longer_fuzzy(self) -> None:
        text = taken(
            catalogue(DOUBTFUL), ('state="needs-review-translation">Tome 200 mg', 'state="final">Tome 20 mg')
        )
        assert 'msgid "Take 20 mg."\nmsgstr "Tome 20 mg."' in text
        assert "fuzzy" not in text
        assert "#|" not in text
        assert "suggested" not in text

    def test_a_new_text_leaves_the_dismissals_of_the_former_one(self) -> None:
        data = catalogue(LINK.replace("# Ask Ana.", "# Ask Ana.\n# lint-ignore: number-changed"))
        text = taken(data, ("Llame al", "Llame a su"))
        assert "# Ask Ana.\n" in text
        assert "lint-ignore" not in text
        confirmed = data.replace(b"Ana.\n", b"Ana.\n# suggested: fever (90 %)\n#, fuzzy\n", 1)
        confirmed = confirmed.replace(
            b"#, fuzzy\n# lint-ignore: number-changed\n", b"# lint-ignore: number-changed\n#, fuzzy\n"
        )
        assert "lint-ignore: number-changed" in taken(confirmed, ("needs-review-translation", "translated"))

    def test_confirming_a_fuzzy_translation_is_a_change(self) -> None:
        text = taken(catalogue(DOUBTFUL), ("needs-review-translation", "signed-off"))
        assert "fuzzy" not in text

    @pytest.mark.parametrize("state", ["needs-review-translation", "x-mine", "needs-l10n"])
    def test_what_needs_review_is_fuzzy(self, state: str) -> None:
        text = taken(catalogue(LINK), ('state="translated">Llame', f'state="{state}">Llama'))
        assert "#, fuzzy" in text
        assert "Llama al" in text

    def test_a_tool_that_knows_no_states(self) -> None:
        # Where there was nothing the translation counts; what was in doubt stays in doubt.
        assert "fuzzy" not in taken(catalogue(TITLE), (SOURCE_END, "</source><target>Fiebre</target>"))
        text = taken(catalogue(DOUBTFUL), (' state="needs-review-translation">Tome 200 mg', ">Tome 20 mg"))
        assert "#, fuzzy\n#| msgid" in text

    def test_marks_of_segments_are_looked_through(self) -> None:
        text = taken(
            catalogue(LINK),
            ('<target state="translated">Llame al <g', '<target><mrk mtype="seg" mid="1">Llama </mrk>al <g'),
        )
        assert 'msgstr "Llama al <strong>' in text

    def test_a_restructured_unit(self) -> None:
        text = taken(
            catalogue(UNIT),
            (
                SOURCE_END,
                '</source><target><g id="1">Beba.</g>\n<g id="1">Descanse.</g></target>',
            ),
        )
        assert '"<p>Beba.</p>\\n"\n"<p>Descanse.</p>"' in text

    def test_plain_text_may_hold_what_looks_like_markup(self) -> None:
        assert 'msgstr "a < b & c"' in taken(
            catalogue(TITLE), (SOURCE_END, '</source><target state="final">a &lt; b &amp; c</target>')
        )

    def test_a_broken_translation_can_be_replaced(self) -> None:
        data = catalogue(LINK.replace("</strong> o lea", " o lea"))
        new = '</source><target state="translated"><g id="1">A</g> <g id="2">B</g></target>'
        assert r'msgstr "<strong>A</strong> <a href=\"https://example.org/fever\">B</a>"' in taken(
            data, (SOURCE_END, new)
        )
        assert merged(data, export(data).data).untranslated == 1

    def test_text_that_was_taken_for_markup_is_repaired(self) -> None:
        data = catalogue('\nmsgctxt "paragraph"\nmsgid "Under 5"\nmsgstr "a < 5"\n')
        text = taken(data, (SOURCE_END, "</source><target>a &lt; 5</target>"))
        assert 'msgstr "a &lt; 5"' in text

    def test_one_english_text_in_two_roles(self) -> None:
        data = catalogue(TITLE, TITLE.replace('"title"', '"heading"'))
        first, second = units(export(data).data)
        assert first.get("id") != second.get("id")

    def test_a_unit_that_a_tool_has_filled_with_english(self) -> None:
        data = catalogue(TITLE)
        for state in ("new", "needs-translation"):
            target = f'</source><target state="{state}">Fever &amp; chills</target>'
            result = merged(data, returned(data, (SOURCE_END, target)))
            assert [each.check for each in result.problems] == ["xliff-untranslated"]
            assert (result.untranslated, result.data) == (1, data)

    def test_english_that_is_confirmed_is_taken(self) -> None:
        target = '</source><target state="final">Fever &amp; chills</target>'
        assert 'msgstr "Fever & chills"' in taken(catalogue(TITLE), (SOURCE_END, target))


class TestAgency:
    def test_its_notes_are_kept(self) -> None:
        note = '<note from="Ana  at Palabras">Which\n doctor?</note><note>Sic</note></trans-unit>'
        data = catalogue(LINK)
        result = merged(data, returned(data, ("</trans-unit>", note)))
        assert (result.taken, result.noted) == (0, 1)
        text = result.data.decode()
        assert "# Ask Ana.\n# Ana at Palabras: Which doctor?\n# Sic\nmsgctxt" in text
        assert "2026-01-01" in text
        assert merged(result.data, returned(data, ("</trans-unit>", note))).noted == 0

    @pytest.mark.parametrize(
        ("state", "signed_off", "is_reviewed"),
        [("signed-off", "Palabras", True), ("signed-off", "", False), ("final", "Palabras", False)],
    )
    def test_what_it_signs_off_is_reviewed_where_that_counts(
        self, state: str, signed_off: str, *, is_reviewed: bool
    ) -> None:
        data = catalogue(DOUBTFUL)
        (part,) = parse(returned(data, ("needs-review-translation", state)), "fever.xlf")
        text = merge(data, part, "fever.xlf", NOW, signed_off=signed_off).data.decode()
        assert ("# reviewed: Palabras, 2026-11-21, " in text) is is_reviewed

    @pytest.mark.parametrize("agency", ["Palabras", ""])
    def test_its_translator_is_named_where_reviewers_need_to_know(self, agency: str) -> None:
        data = catalogue(DOUBTFUL, LINK)
        (part,) = parse(returned(data, ("needs-review-translation", "signed-off")), "fever.xlf")
        text = merge(data, part, "fever.xlf", NOW, signed_off="Palabras", agency=agency).data.decode()
        named = text.count("# translated: a translator of Palabras, 2026-11-21, ")
        assert named == bool(agency), "of what came back as it was, nothing is known"
        assert "# reviewed: Palabras, 2026-11-21, " in text
        found = po.to_catalogue(po.parse(text.encode(), PATH).file, LanguageTag("es"), PATH)
        assert next(iter(found.messages.values())).is_reviewed

    def test_white_space_around_texts_is_from_the_tool(self) -> None:
        data = catalogue(TITLE, LINK)
        file = export(data).data.decode()
        for name in ("source", "target"):
            file = file.replace(f"</{name}>", f"\n      </{name}>")
        file = file.replace("<source>", "<source>\n  ").replace('"translated">', '"translated">\n  ')
        result = merged(data, file.encode())
        assert (result.problems, result.unchanged, result.untranslated) == ((), 1, 1)
        assert result.data == data

    def test_english_is_filled_in_on_demand(self) -> None:
        data = catalogue(TITLE, LINK)
        outgoing = Outgoing(path=PATH, language=LanguageTag("es"), file=po.parse(data, PATH).file)
        file = serialize([outgoing], is_filled=True).data
        targets = [unit.find(f"{XLF}target") for unit in units(file)]
        assert [each.get("state") for each in targets] == ["needs-translation", "translated"]
        assert targets[0].text == "Fever & chills"
        result = merged(data, file)
        assert (result.problems, result.untranslated, result.data) == ((), 1, data)

    def test_no_digest_is_in_its_notes(self) -> None:
        comment = "# confirmed: 66f5e0fedf7d2ba6\n# reviewed: Li, 2026-12-01, 66f5e0fedf7d2ba6\n"
        (unit,) = units(export(catalogue(LINK.replace("# Ask Ana.\n", comment))).data)
        assert "66f5e0fedf7d2ba6" not in "".join(each.text or "" for each in unit.iter(f"{XLF}note"))


class TestRefuse:
    def test_english_without_a_word(self) -> None:
        data = catalogue(TITLE)
        target = "</source><target>Fever &amp; chills</target>"
        check, message = refused(data, returned(data, (SOURCE_END, target)))
        assert (check, message) == ("xliff-copy", "“Fever & chills” came back in English.")

    def test_a_fuzzy_translation_is_not_replaced_by_english(self) -> None:
        data = catalogue(DOUBTFUL)
        assert refused(data, returned(data, ("Tome 200 mg.", "Take 20 mg.")))[0] == "xliff-copy"

    @pytest.mark.parametrize(
        ("target", "fault"),
        [
            ('Llame <g id="1">a</g>', "the code 2 (<a>) is missing"),
            ('<g id="1">a</g> <g id="2">b</g> <g id="2">c</g>', "the code 2 comes 2 times"),
            ('<g id="1">a</g> <g id="2">b</g> <g id="7">c</g>', "the code 7 is not in the English text"),
            ('<g id="1">a</g> <g id="2">b</g> <x id="3"/>', "<x> is not one of our codes"),
            ('<g id="1">a</g> <ph id="2">&lt;a&gt;</ph>', "<ph> is not one of our codes"),
            ('<g id="1">a</g> <g id="2"/>', "the link to 'https://example.org/fiebre' has no words"),
        ],
    )
    def test_codes(self, target: str, fault: str) -> None:
        data = catalogue(LINK)
        old = 'Llame al <g id="1" ctype="bold">médico</g> o lea <g id="2" ctype="link">esto</g>.'
        check, message = refused(data, returned(data, (old, target)))
        assert check == "xliff-codes"
        assert fault in message

    @pytest.mark.parametrize("target", ['<g id="9">Beba</g>', "Beba", '<g id="4">Beba</g>'])
    def test_codes_of_a_unit_of_blocks(self, target: str) -> None:
        data = catalogue(UNIT)
        file = returned(data, (SOURCE_END, f"</source><target>{target}</target>"))
        assert refused(data, file)[0] == "xliff-codes"

    def test_codes_in_plain_text(self) -> None:
        data = catalogue(TITLE)
        file = returned(data, (SOURCE_END, '</source><target><g id="1">Fiebre</g></target>'))
        assert refused(data, file)[0] == "xliff-codes"

    def test_a_clash(self) -> None:
        data = catalogue(LINK)
        file = returned(data, ("Llame al", "Llama al"))
        now = data.replace(b"Llame al", b"Avise al")
        check, message = refused(now, file)
        assert check == "xliff-clash"
        assert "Avise al" in message
        assert "Llama al" in message
        assert "in the meantime" in message

    def test_a_clash_without_certain_matches(self) -> None:
        data = catalogue(DOUBTFUL)
        now = data.replace(b"#, fuzzy\n", b"").replace(b'#| msgid "Take 200 mg."\n', b"")
        assert refused(now, returned(data, ("Tome 200", "Tome 2")))[0] == "xliff-clash"

    def test_both_made_the_same(self) -> None:
        data = catalogue(LINK)
        now = data.replace(b"Llame al", b"Llama al")
        result = merged(now, returned(data, ("Llame al", "Llama al")))
        assert (result.data, result.unchanged, result.problems) == (now, 1, ())

    def test_work_done_here_meanwhile_stays_where_the_agency_did_nothing(self) -> None:
        data = catalogue(LINK, TITLE)
        now = data.replace(b"Llame al", b"Avise al").replace(b'chills"\nmsgstr ""', b'chills"\nmsgstr "F"')
        result = merged(now, export(data).data)
        assert (result.data, result.problems) == (now, ())

    def test_without_the_digest_only_what_is_missing_is_taken(self) -> None:
        data = catalogue(LINK)
        digest = units(export(data).data)[0].get("extradata")
        lost = (f' extradata="{digest}"', "")
        check, message = refused(data, returned(data, lost, ("Llame al", "Llama al")))
        assert check == "xliff-clash"
        assert "in the meantime" not in message  # nobody can know
        data = catalogue(TITLE)
        digest = units(export(data).data)[0].get("extradata")
        assert "Fiebre" in taken(data, (f' extradata="{digest}"', ""), (SOURCE_END, TRANSLATED))

    def test_an_emptied_translation(self) -> None:
        data = catalogue(DOUBTFUL)
        assert refused(data, returned(data, ("Tome 200 mg.", " ")))[0] == "xliff-empty"

    def test_changed_english_with_both_texts(self) -> None:
        data = catalogue(LINK)
        file = returned(data, ("Llame", "Llama"))
        now = data.replace(b"Call a <strong>", b"Phone a <strong>")
        check, message = refused(now, file)
        assert check == "xliff-stale"
        assert "“[-Call-]{+Phone+} a doctor or read this.”" in message

    def test_changed_english_that_the_catalogue_remembers(self) -> None:
        old = catalogue(DOUBTFUL.replace("20 mg.", "200 mg.").replace("2000 mg", "200 mg"))
        check, message = refused(catalogue(DOUBTFUL), export(old).data)
        assert (check, message) == (
            "xliff-stale",
            "the English has changed: “Take [-200-]{+20+} mg.”.",
        )

    def test_changed_english_of_which_much_is_the_same(self) -> None:
        same = "A sentence that was there before and still is. " * 3
        text = f'\nmsgctxt "paragraph"\nmsgid "{same}Take 200 mg now. {same}Not today. {same}"\nmsgstr ""\n'
        now = text.replace("200", "20").replace("Not today", "Today")
        _check, message = refused(catalogue(now), export(catalogue(text)).data)
        assert message == (
            "the English has changed: “…efore and still is. Take [-200-]{+20+} mg now. A sentence that …"
            "ere before and still is. [-Not today-]{+Today+}. A sentence that was the…”."
        )

    def test_english_whose_tags_alone_have_changed(self) -> None:
        now = catalogue(LINK.replace("strong", "em"))
        _check, message = refused(now, export(catalogue(LINK)).data)
        assert message == "the tags of the English have changed: “Call a doctor or read this.”."

    def test_english_that_is_gone(self) -> None:
        old = catalogue('\nmsgctxt "title"\nmsgid "Temperature"\nmsgstr ""\n')
        check, message = refused(catalogue(TITLE, GONE), export(old).data)
        assert (check, message) == ("xliff-stale", "“Temperature” is no longer part of the text.")

    def test_english_that_was_changed_on_the_way(self) -> None:
        data = catalogue(DOUBTFUL)
        check, message = refused(data, returned(data, ("Take 20 mg.", "Take 25 mg.")))
        assert check == "xliff-source"
        assert "Take 20 mg." in message
        assert "Take 25 mg." in message

    def test_an_unknown_unit(self) -> None:
        data = catalogue(TITLE)
        other = catalogue('\nmsgctxt "heading"\nmsgid "What is asthma?"\nmsgstr ""\n')
        assert refused(data, export(other).data)[0] == "xliff-unknown-unit"

    def test_a_unit_that_comes_twice(self) -> None:
        data = catalogue(TITLE)
        text = returned(data, (SOURCE_END, TRANSLATED)).decode()
        start, end = text.index("<trans-unit"), text.index("</trans-unit>") + len("</trans-unit>")
        twice = text[:end] + text[start:end].replace("Fiebre", "Calentura") + text[end:]
        result = merged(data, twice.encode())
        assert [problem.check for problem in result.problems] == ["xliff-duplicate"] * 2
        assert result.data == data

    def test_a_message_whose_english_has_invalid_markup(self) -> None:
        data = catalogue(LINK)
        now = data.replace(b"Call a <strong>", b"Call a <blink>")
        file = export(data).data.replace(
            units(export(data).data)[0].get("id").encode(),
            unit_id(po.parse(now, PATH).file[0]).encode(),
        )
        (problem,) = merged(now, file).problems
        assert (problem.check, problem.path) == ("xliff-markup", PATH)

    def test_good_units_are_taken_beside_bad_ones(self) -> None:
        data = catalogue(TITLE, LINK)
        file = returned(
            data, ("chills</source>", f"chills{TRANSLATED}"), ('Llame al <g id="1"', 'Llame al <g id="8"')
        )
        result = merged(data, file)
        assert (result.taken, [problem.check for problem in result.problems]) == (1, ["xliff-codes"])
        assert "Fiebre y escalofríos" in result.data.decode()


class TestParse:
    @pytest.mark.parametrize(
        ("file", "check"),
        [
            (b"", "xliff-xml"),
            (b"<xliff>", "xliff-xml"),
            (b"not xml", "xliff-xml"),
            (b"<!DOCTYPE xliff><xliff/>", "xliff-doctype"),
            (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "xliff-doctype"),
            (b"<html/>", "xliff-version"),
            (b'<xliff version="1.2"/>', "xliff-version"),
            (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="1.2"/>', "xliff-version"),
            (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.2" version="2.2"/>', "xliff-version"),
            (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.1"/>', "xliff-version"),
        ],
    )
    def test_what_is_not_read(self, file: bytes, check: str) -> None:
        with pytest.raises(ImportDataError) as caught:
            parse(file, "a.xlf")
        (problem,) = caught.value.problems
        assert (problem.check, problem.path) == (check, "a.xlf")
        assert problem.line
        assert problem.hint

    def test_entities_never_grow(self) -> None:
        bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(9))
        with pytest.raises(ImportDataError):
            parse(f"<!DOCTYPE x [{bomb}]><x>&e8;</x>".encode(), "a.xlf")

    def test_encodings_comments_and_unknown_elements(self) -> None:
        text = export(catalogue(LINK)).data.decode()
        text = (
            text.replace("UTF-8", "UTF-16")
            .replace("Llame", "Ll<!-- no -->ame")
            .replace("</header>", "<tool tool-id='t' tool-name='T'/></header>")
        )
        data = catalogue(LINK)
        result = merged(data, text.encode("utf-16"))
        assert (result.unchanged, result.problems) == (1, ())

    @pytest.mark.parametrize(
        ("source", "target", "faults"),
        [
            ("en", "es", 0),
            ("EN-us", "es-MX", 0),
            ("en", "est", 1),
            ("en", "fr", 1),
            ("de", "", 2),
        ],
    )
    def test_languages(self, source: str, target: str, faults: int) -> None:
        text = export(catalogue(TITLE)).data.decode()
        text = text.replace('"en"', f'"{source}"').replace('"es"', f'"{target}"')
        (part,) = parse(text.encode(), "a.xlf")
        problems = check_languages(part, LanguageTag("es"), "a.xlf")
        assert [problem.check for problem in problems] == ["xliff-language"] * faults
