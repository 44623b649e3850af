"""XLIFF 2.1: what an agency gets, and what of its work is taken, as far as it differs from 1.2."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from healthtopics.catalogues import po
from healthtopics.catalogues.xliff import XliffVersion, parse, serialize
from healthtopics.catalogues.xliff_merging import Joined, merge
from healthtopics.catalogues.xliff_units import Outgoing
from healthtopics.language import LanguageTag

LOCALES: Final = Path(__file__).parents[3] / "locales/es/LC_MESSAGES"
PATH: Final = "locales/es/LC_MESSAGES/fever.po"
NOW: Final = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
XLF: Final = "{urn:oasis:names:tc:xliff:document:2.0}"
HEADER: Final = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
"""
TITLE: Final = """
# former English: Chills
# former translation: Escalofríos
#: topics/fever.json#/title
msgctxt "title"
msgid "Fever & chills"
msgstr ""
"""
LINK: Final = """
#. A sentence.
msgctxt "paragraph"
msgid "Call a <strong>doctor</strong>, read <a href=\\"https://example.org/fever\\">this</a>."
msgstr "Llame al <strong>médico</strong>, lea <a href=\\"https://example.org/fiebre\\">esto</a>."
"""
DOUBTFUL: Final = """
#, fuzzy
#| msgid "Take 200 mg."
msgctxt "paragraph"
msgid "Take 20 mg."
msgstr "Tome 200 mg."
"""


def catalogue(*entries: str) -> bytes:
    return (HEADER + "".join(entries)).encode()


def export(data: bytes, path: str = PATH, *, is_filled: bool = False) -> bytes:
    sheet = Outgoing(path=path, language=LanguageTag("es"), file=po.parse(data, path).file)
    return serialize([sheet], is_filled=is_filled, version=XliffVersion.TWO).data


def unit(data: bytes) -> Any:
    (found,) = etree.fromstring(data).iter(f"{XLF}unit")
    return found


def merged(data: bytes, *changes: tuple[str, str], signed_off: str = "") -> Joined:
    """Return the catalogue with an export of it in which some text was replaced, each once."""
    text = export(data).decode()
    for old, new in changes:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    (part,) = parse(text.encode(), "fever.xlf")
    return merge(data, part, "fever.xlf", NOW, signed_off=signed_off)


def taken(data: bytes, *changes: tuple[str, str]) -> str:
    result = merged(data, *changes)
    assert (result.problems, result.taken) == ((), 1)
    return result.data.decode()


@pytest.mark.parametrize("file", sorted(LOCALES.glob("*.po")), ids=lambda path: path.stem)
def test_a_bundled_catalogue_comes_back_as_it_was(file: Path) -> None:
    data = file.read_bytes()
    (part,) = parse(export(data, file.name), "a.xlf")
    result = merge(data, part, "a.xlf", NOW)
    assert (result.data, result.problems, result.taken, result.noted) == (data, (), 0, 0)
    assert result.unchanged + result.untranslated == len(part.units) > 0


def test_a_document_says_its_languages_and_that_units_stay_whole() -> None:
    root: Any = etree.fromstring(export(catalogue(TITLE)))
    assert dict(root.attrib) == {"version": "2.1", "srcLang": "en", "trgLang": "es"}
    (file,) = root
    assert dict(file.attrib) == {"id": "f1", "original": PATH, "canResegment": "no"}


def test_a_unit_says_what_a_translator_needs() -> None:
    found = unit(export(catalogue(TITLE)))
    assert found.get("name") == "title"
    assert found.find(f".//{XLF}target") is None
    assert [(note.get("category"), note.text) for note in found.iter(f"{XLF}note")] == [
        ("healthtopics-place", "topics/fever.json#/title"),
        ("healthtopics", "Former English: Chills"),
        ("healthtopics", "Former translation: Escalofríos"),
    ]


def test_codes_show_what_they_stand_for() -> None:
    found = unit(export(catalogue(LINK)))
    assert {data.get("id"): data.text for data in found.iter(f"{XLF}data")} == {
        "s1": "<strong>",
        "e1": "</strong>",
        "s2": '<a href="https://example.org/fiebre">',
        "e2": "</a>",
    }
    first, second = found.find(f".//{XLF}target")
    assert dict(first.attrib) == {
        "id": "1",
        "dataRefStart": "s1",
        "dataRefEnd": "e1",
        "type": "fmt",
        "subType": "xlf:b",
    }
    assert second.get("type") == "link"


@pytest.mark.parametrize(
    ("entry", "is_filled", "state", "target"),
    [
        (TITLE, False, None, None),
        (TITLE, True, "initial", "Fever & chills"),
        (DOUBTFUL, False, "initial", "Tome 200 mg."),
        (DOUBTFUL.replace("#, fuzzy\n", ""), False, "translated", "Tome 200 mg."),
    ],
)
def test_states(entry: str, state: str | None, target: str | None, *, is_filled: bool) -> None:
    found = unit(export(catalogue(entry), is_filled=is_filled))
    segment = found.find(f"{XLF}segment")
    assert (segment.get("state"), segment.findtext(f"{XLF}target")) == (state, target)


@pytest.mark.parametrize(
    ("state", "is_fuzzy"), [("initial", True), ("translated", False), ("reviewed", False), ("final", False)]
)
def test_only_what_somebody_confirms_is_finished(state: str, *, is_fuzzy: bool) -> None:
    text = taken(catalogue(LINK), ('state="translated"', f'state="{state}"'), ("Llame al ", "Llame a su "))
    assert ("#, fuzzy" in text) is is_fuzzy
    assert 'lea <a href=\\"https://example.org/fiebre\\">esto</a>' in text


def test_a_tool_that_writes_no_state_leaves_doubts() -> None:
    text = taken(catalogue(DOUBTFUL), (' state="initial"', ""), ("Tome 200 mg", "Tome 20 mg"))
    assert "#, fuzzy\n" in text


@pytest.mark.parametrize(("state", "is_reviewed"), [("reviewed", True), ("final", False)])
def test_what_is_reviewed_counts_where_that_is_wanted(state: str, *, is_reviewed: bool) -> None:
    result = merged(catalogue(LINK), ('state="translated"', f'state="{state}"'), signed_off="Agency")
    assert (b"# reviewed: Agency, 2026-11-21" in result.data) is is_reviewed


def test_a_unit_that_was_split_is_joined_in_the_order_of_its_targets() -> None:
    data = catalogue('\nmsgctxt "title"\nmsgid "Rest. Drink."\nmsgstr ""\n')
    split = (
        '<segment state="translated"><source>Rest.</source><target order="3">Descanse.</target></segment>'
        "<ignorable><source> </source></ignorable>"
        '<segment state="{}"><source>Drink.</source><target order="1">Beba.</target></segment>'
    )
    whole = "<segment>\n        <source>Rest. Drink.</source>\n      </segment>"
    assert 'msgstr "Beba. Descanse."' in taken(data, (whole, split.format("final")))
    assert "#, fuzzy" in taken(data, (whole, split.format("initial")))
    half = split.format("final").replace('<target order="1">Beba.</target>', "")
    assert merged(data, (whole, half)).untranslated == 1


def test_codes_that_are_lost_or_foreign_are_refused() -> None:
    for old, new in (("Llame al <pc", "Llame al <ph id='9'/><pc"), ("esto</pc>", "esto</pc><pc id='3'/>")):
        (problem,) = merged(catalogue(LINK), (old, new)).problems
        assert problem.check == "xliff-codes"


def test_a_code_may_be_a_copy_in_a_unit_of_blocks() -> None:
    data = catalogue('\nmsgctxt "section"\nmsgid "<p>Rest.</p>"\nmsgstr "<p>Repose.</p>"\n')
    text = taken(data, ("Repose.</pc>", 'Repose.</pc>\n<pc id="2" copyOf="1">Beba.</pc>'))
    assert '"<p>Repose.</p>\\n"\n"<p>Beba.</p>"' in text


def test_notes_of_the_agency_become_comments() -> None:
    result = merged(catalogue(LINK), ("A sentence.</note>", 'A sentence.</note><note id="n1">Tú?</note>'))
    assert result.noted == 1
    assert b"# T\xc3\xba?\n" in result.data
