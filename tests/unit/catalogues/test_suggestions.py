from dataclasses import replace

import polib
import pytest

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues.memory import EMPTY, Memory, translations_in
from healthtopics.catalogues.origin import origin_of
from healthtopics.catalogues.po import parse, serialize
from healthtopics.catalogues.suggestions import (
    current_notes,
    is_suggestion,
    origin_in,
    with_full_stops,
    without_notes,
)
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.language import LanguageTag
from healthtopics.schema import MessageRule
from support.updating import update

ES = LanguageTag("es")
HEADER = Header(language=ES, subject="topic “asthma”", created="2026-02-07")
INLINE = MessageRule("paragraph", "A paragraph.", markup="inline")
ITEM = replace(INLINE, role="list-item")
PLAIN = MessageRule("heading", "A heading.")
NAME = MessageRule("organization", "A name.", is_optional=True)
SAME = "Call your provider if the pain gets worse."
LIKE = "Call your provider if the pain gets much worse."


def wanted(msgid: str, rule: MessageRule = INLINE) -> TemplateMessage:
    return TemplateMessage(Key(rule.role, msgid), (), "topics/asthma.json#/x", rule)


def memory(*messages: tuple[str, Message]) -> Memory:
    catalogues = (Catalogue.of(ES, [message], path=f"es/{name}.po") for name, message in messages)
    return Memory(each for catalogue in catalogues for each in translations_in(catalogue))


def paragraph(msgid: str, msgstr: str = "Llame.", role: str = "paragraph") -> Message:
    return Message(Key(role, msgid), msgstr)


def offered(
    new: TemplateMessage, known: Memory = EMPTY, existing: polib.POFile | None = None
) -> polib.POEntry:
    """Return the entry of the new message; a second update must give the same bytes."""
    file = update([new], existing, HEADER, memory=known, name="asthma")
    data = serialize(file)
    assert serialize(update([new], parse(data, "es.po").file, HEADER, memory=known, name="asthma")) == data
    return file[0]


def old_file(*messages: Message) -> polib.POFile:
    file = update([TemplateMessage(each.key, (), "x") for each in messages], None, HEADER)
    for entry, each in zip(file, messages, strict=True):
        entry.msgstr = each.msgstr
    return file


def test_the_same_english_in_another_topic_is_offered_with_its_origin() -> None:
    entry = offered(wanted(SAME), memory(("cough", paragraph(SAME))))
    assert (entry.msgstr, entry.fuzzy) == ("Llame.", True)
    assert entry.tcomment == "suggested: cough (100 %)."
    assert (entry.previous_msgid, entry.previous_msgctxt) == (None, None)


def test_the_same_english_in_another_role_is_offered_with_that_role() -> None:
    entry = offered(wanted(SAME, ITEM), memory(("cough", paragraph(SAME))))
    assert (entry.msgstr, entry.fuzzy) == ("Llame.", True)
    assert entry.tcomment == "suggested: cough, paragraph (100 %)."
    assert (entry.previous_msgid, entry.previous_msgctxt) == (SAME, "paragraph")


def test_similar_english_in_another_topic_is_offered_with_what_was_translated() -> None:
    entry = offered(wanted(LIKE), memory(("cough", paragraph(SAME))))
    assert (entry.msgstr, entry.fuzzy, entry.previous_msgid) == ("Llame.", True, SAME)
    assert entry.tcomment == "suggested: cough (94 %).\nnew in the English: “much”."


def test_similar_english_of_another_role_is_not_offered() -> None:
    assert not offered(wanted(LIKE, ITEM), memory(("cough", paragraph(SAME)))).msgstr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Take one tablet of 200 mg with water.", "Take one tablet of 20 mg with water."),
        ("Take one tablet of 200 mg with water.", "Take one tablet of 200 mcg with water."),
        ("You should get this vaccine now.", "You should not get this vaccine now."),
    ],
)
def test_nothing_is_filled_in_where_a_number_a_unit_or_a_negation_differs(old: str, new: str) -> None:
    assert not offered(wanted(new), memory(("cough", paragraph(old)))).msgstr
    refused = offered(wanted(new), memory(("asthma", paragraph(old))), old_file(paragraph(old)))
    assert not refused.msgstr
    assert refused.tcomment.startswith(f"not suggested: “{old}” differs in: ")


def test_a_new_word_of_another_kind_is_offered_and_marked() -> None:
    new = "You may have severe pain after an MRI of the belly."
    entry = offered(
        wanted(new), existing=old_file(paragraph("You may have pain after an exam of the belly."))
    )
    assert (entry.msgstr, entry.fuzzy) == ("Llame.", True)
    assert entry.tcomment.split("\n")[1] == "new in the English: “severe”, “MRI”."
    assert current_notes(entry) == entry.tcomment
    entry.flags.remove("fuzzy")
    assert current_notes(entry) == ""


def test_what_is_kept_back_is_shown_and_the_remarks_on_it_move() -> None:
    old, new = "Take 200 mg with water.", "Take 20 mg with water."
    remark = "ASK (Ana, 2026-12-01): With milk, too?"
    existing = old_file(paragraph(old))
    existing[0].tcomment = f"{remark}\nlint-ignore: length-ratio"
    file = update([wanted(new)], existing, HEADER)
    entry, former = file
    shown = f"former English: {old}\nformer translation: Llame."
    assert entry.tcomment == (f"not suggested: “{old}” differs in: 200 mg → 20 mg.\n{shown}\n{remark}")
    assert (former.obsolete, former.tcomment) == (True, "lint-ignore: length-ratio")
    assert entry.msgstr == ""
    # The English changes again: what was translated last is still shown, and the question moves on.
    third = "Take 2 mg with water."
    entry, former = update([wanted(third)], file, HEADER)
    assert entry.tcomment == (f"not suggested: “{old}” differs in: 200 mg → 2 mg.\n{shown}\n{remark}")


def test_nothing_is_filled_in_without_a_memory() -> None:
    assert not offered(wanted(SAME)).msgstr
    file = update([wanted(LIKE)], old_file(paragraph(SAME)), HEADER, judge=None)
    assert [(entry.msgstr, entry.tcomment, entry.obsolete) for entry in file] == [
        ("", "", False),
        ("Llame.", "", True),
    ]


@pytest.mark.parametrize(
    ("rule", "msgid", "source", "is_offered"),
    [
        pytest.param(INLINE, "A & B", paragraph("A & B", "A & B", "heading"), False, id="an ampersand"),
        pytest.param(INLINE, "A", paragraph("A", "A <b", "heading"), False, id="an open tag"),
        pytest.param(PLAIN, "A", paragraph("A", "<em>A</em>"), False, id="markup where none can be"),
        pytest.param(PLAIN, "A", paragraph("A", "B", "paragraph"), True, id="plain words"),
        pytest.param(PLAIN, "A", paragraph("A", "B\nC", "also-called"), False, id="several lines"),
        pytest.param(PLAIN, "A", paragraph("A", "B\x07", "title"), False, id="a control character"),
        pytest.param(NAME, SAME, paragraph(SAME, role="organization"), True, id="the same name"),
        pytest.param(NAME, LIKE, paragraph(SAME, role="organization"), False, id="another one's name"),
    ],
)
def test_what_would_be_refused_is_not_suggested(
    rule: MessageRule, msgid: str, source: Message, *, is_offered: bool
) -> None:
    assert bool(offered(wanted(msgid, rule), memory(("cough", source))).msgstr) is is_offered


@pytest.mark.parametrize(
    ("msgstr", "is_offered"),
    [
        ("<em>Llame a su profesional de la salud si el dolor empeora.</em>", True),
        ("Llame a su profesional de la salud si el dolor empeora.", False),
        ("<em>Call your provider if the pain gets worse.</em>", False),
    ],
)
def test_what_an_importer_wrote_is_offered_only_where_no_check_doubts_it(
    msgstr: str, *, is_offered: bool
) -> None:
    marked = f"<em>{SAME}</em>"
    source = replace(paragraph(marked, msgstr), is_imported=True)
    assert bool(offered(wanted(marked), memory(("cough", source))).msgstr) is is_offered


def test_the_same_topic_comes_first_then_the_same_role_then_the_name() -> None:
    def best(*messages: tuple[str, Message]) -> str:
        return str(offered(wanted(SAME), memory(*messages)).msgstr)

    here, other_role = paragraph(SAME, "aquí", "list-item"), paragraph(SAME, "otra", "heading")
    assert best(("b", paragraph(SAME, "b")), ("asthma", here), ("a", paragraph(SAME, "a"))) == "aquí"
    assert best(("b", paragraph(SAME, "b")), ("a", other_role), ("c", paragraph(SAME, "c"))) == "b"
    assert best(("c", paragraph(LIKE, "c")), ("asthma", paragraph(f"{SAME} Or so.", "aquí"))) == "aquí"
    assert best(("b", paragraph(LIKE, "b")), ("a", paragraph(f"{SAME}!", "a"))) == "a"


def test_the_same_english_elsewhere_comes_before_what_is_alike_and_gone_from_here() -> None:
    file = update(
        [wanted(SAME)],
        old_file(paragraph(LIKE, "vieja")),
        HEADER,
        name="asthma",
        memory=memory(("cough", paragraph(SAME, "igual"))),
    )
    assert [(entry.msgstr, entry.obsolete) for entry in file] == [("igual", False), ("vieja", True)]


def test_the_same_english_that_is_obsolete_here_is_offered_to_another_role() -> None:
    existing = old_file(paragraph(SAME))
    existing[0].obsolete = True
    entry = offered(wanted(SAME, ITEM), memory(), existing)
    first, second = entry.tcomment.split("\n")
    assert (entry.msgstr, first) == ("Llame.", "suggested: this catalogue, paragraph (100 %).")
    assert second.startswith("confirmed: ")


def test_what_the_package_ships_needs_no_suggestion() -> None:
    shipped = Catalogue.of(ES, [paragraph(SAME, "La buena.")])
    file = update([wanted(SAME)], None, HEADER, memory=memory(("cough", paragraph(SAME))), shipped=shipped)
    assert [(entry.msgstr, entry.fuzzy, entry.tcomment) for entry in file] == [("La buena.", False, "")]


def test_a_refusal_ends_where_the_package_ships_a_translation() -> None:
    new = "Take one tablet of 20 mg with water."
    refused = update([wanted(new)], old_file(paragraph(new.replace("20", "200"))), HEADER)
    assert refused[0].tcomment
    shipped = Catalogue.of(ES, [paragraph(new, "Tome 20 mg.")])
    assert update([wanted(new)], refused, HEADER, shipped=shipped)[0].tcomment == ""


# ── the notes ──


def taken_up(*, is_fuzzy: bool, msgstr: str = "Llame ya.") -> polib.POEntry:
    file = update([wanted(LIKE)], None, HEADER, memory=memory(("cough", paragraph(SAME))))
    file[0].tcomment = f"My own.\n{file[0].tcomment}\nlint-ignore: same"
    file[0].msgstr = msgstr
    file[0].flags = ["fuzzy"] * is_fuzzy
    return update([wanted(LIKE)], file, HEADER)[0]


def test_the_note_goes_with_the_fuzzy_mark_and_the_translators_own_comments_stay() -> None:
    assert (
        taken_up(is_fuzzy=True).tcomment
        == "My own.\nsuggested: cough (94 %).\nnew in the English: “much”.\nlint-ignore: same"
    )
    assert taken_up(is_fuzzy=False).tcomment == "My own.\nlint-ignore: same"
    assert taken_up(is_fuzzy=True, msgstr="").tcomment == "My own.\nlint-ignore: same"


def test_what_is_offered_again_keeps_its_first_origin() -> None:
    once = update([wanted(LIKE)], None, HEADER, memory=memory(("cough", paragraph(SAME))))
    once[0].tcomment += "\nMy own."
    twice = update([wanted(f"{LIKE} Today.")], once, HEADER)
    assert twice[0].tcomment == "My own.\nsuggested: cough (87 %).\nnew in the English: “much”, “Today”."


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("", ""),
        ("My own.", "My own."),
        ("suggested: cough (94 %)\nnew in the English: “much”.", ""),
        ("A\nnot suggested: “x” differs in: not (new)\nB", "A\nB"),
        ("It was suggested: by Ann.", "It was suggested: by Ann."),
        ("suggested: GCH, says Dra. Ruiz", "suggested: GCH, says Dra. Ruiz"),
        ("suggested: GCH, says Dra. Ruiz (97 %)", "suggested: GCH, says Dra. Ruiz (97 %)"),
        ("not suggested: by anybody", "not suggested: by anybody"),
    ],
)
def test_only_whole_lines_of_ours_are_notes(comment: str, kept: str) -> None:
    assert without_notes(comment) == kept


@pytest.mark.parametrize(
    ("comment", "origin"),
    [
        ("", "this catalogue"),
        ("suggested: this catalogue (94 %)", "this catalogue"),
        ("suggested: this catalogue, see-reference (94 %).", "this catalogue"),
        ("suggested: cough (94 %)\nnew in the English: “much”.", "cough"),
        ("A\nsuggested: this-catalogue, heading (94 %)\nB", "this-catalogue"),
        ("suggested: by Ann", "this catalogue"),
    ],
)
def test_a_note_tells_where_a_suggestion_is_from(comment: str, origin: str) -> None:
    assert origin_in(polib.POEntry(tcomment=comment)) == origin


def test_what_a_translator_marked_fuzzy_is_not_a_suggestion() -> None:
    entry = polib.POEntry(msgid="x", msgstr="y", flags=["fuzzy"], tcomment=origin_of(Key("", "x"), "y", "z"))
    assert not is_suggestion(entry)
    assert current_notes(entry) == entry.tcomment
    entry.previous_msgid = "w"
    assert is_suggestion(entry)


def test_a_comment_of_the_translator_is_not_taken_for_a_note() -> None:
    own = "suggested: GCH, says Dra. Ruiz\nnot suggested: the other one"
    for msgstr, flags in (("y", []), ("y", ["fuzzy"]), ("", [])):
        entry = polib.POEntry(msgid="x", msgstr=msgstr, flags=flags, tcomment=own)
        assert current_notes(entry) == own
        assert not is_suggestion(entry)


def test_plural_forms_count_as_a_translation() -> None:
    entry = polib.POEntry(
        msgid="x", msgstr_plural={0: "y"}, tcomment="not suggested: “z” differs in: 2 (new)"
    )
    assert current_notes(entry) == ""


def test_notes_of_former_versions_get_their_full_stop_and_keep_their_meaning() -> None:
    old = old_file(paragraph(SAME))
    today = update([wanted(LIKE)], old, HEADER)
    former = update([wanted(LIKE)], old, HEADER)
    note = former[0].tcomment
    assert "\nconfirmed: " in note
    former[0].tcomment = note.replace("%).", "%)").removesuffix(".")
    assert update([wanted(LIKE)], former, HEADER)[0].tcomment == note
    for file in (today, former):
        (back,) = update([wanted(SAME)], file, HEADER)
        assert (back.msgstr, back.fuzzy, back.tcomment) == ("Llame.", False, "")
    own = "My own: suggested: x (9 %)"
    assert with_full_stops(own) == own
