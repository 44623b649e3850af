import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues.merging import merge
from healthtopics.catalogues.reviews import Reviewed, with_review
from healthtopics.errors import CatalogueError

FIELDS = '"Language: es\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


def catalogue(*entries: str, fields: str = "", comment: str = "") -> bytes:
    header = f'{comment}msgid ""\nmsgstr ""\n{fields}{FIELDS}'
    return "\n".join([header, *entries]).encode()


def message(msgid: str, msgstr: str = "", before: str = "") -> str:
    return f'{before}msgctxt "title"\nmsgid "{msgid}"\nmsgstr "{msgstr}"\n'


def gone(msgid: str, msgstr: str, before: str = "") -> str:
    return f'{before}#~ msgctxt "title"\n#~ msgid "{msgid}"\n#~ msgstr "{msgstr}"\n'


FEVER, COUGH = message("Fever", "Fiebre"), message("Cough", "Tos")
PREVIOUS = '#, fuzzy\n#| msgid "Fever"\n'


def merged(base: bytes | None, ours: bytes, theirs: bytes) -> bytes:
    """Merge without a conflict."""
    result = merge(base, ours, theirs, "es.po")
    assert result.conflicts == ()
    return result.data


Q1, Q2 = "ASK (Ana, 2026-12-01): Which?", "ASK (Eva, 2026-12-02): Whose?"
A1 = "ANSWER (Li, 2026-12-03): All."


def reviewed(msgstr: str, by: str) -> str:
    return with_review("", Key("title", "Fever"), msgstr, Reviewed(by, "2026-12-01"))


def dismissed(by: str, check: str) -> str:
    return f"# dismissed: {by}, 2026-12-01, {check}\n# lint-ignore: {check}\n"


# The contents of base, ours and theirs, and the result.
CASES = {
    "signed dismissals of both sides are kept": (
        [FEVER],
        [message("Fever", "Fiebre", dismissed("Ana", "a-b"))],
        [message("Fever", "Fiebre", dismissed("Li", "c-d"))],
        [message("Fever", "Fiebre", dismissed("Ana", "a-b") + dismissed("Li", "c-d"))],
    ),
    "one dismisses a finding of a text that the other changes": (
        [FEVER],
        [message("Fever", "Fiebre", dismissed("Ana", "a-b"))],
        [message("Fever", "Calentura")],
        [message("Fever", "Calentura")],
    ),
    "both edit different entries": (
        [FEVER, COUGH],
        [message("Fever", "Calentura"), COUGH],
        [FEVER, message("Cough", "La tos")],
        [message("Fever", "Calentura"), message("Cough", "La tos")],
    ),
    "both edit one entry alike": (
        [FEVER],
        [message("Fever", "Calentura")],
        [message("Fever", "Calentura")],
        [message("Fever", "Calentura")],
    ),
    "one translates what the other leaves": (
        [message("Fever")],
        [message("Fever")],
        [FEVER],
        [FEVER],
    ),
    "one takes a translation back": ([FEVER], [message("Fever")], [FEVER], [message("Fever")]),
    "one confirms what the other leaves": (
        [message("Fever", "Fiebre", "#, fuzzy\n")],
        [FEVER],
        [message("Fever", "Fiebre", "#, fuzzy\n")],
        [FEVER],
    ),
    "of one translation, twice made, one is in doubt": (
        [message("Fever")],
        [FEVER],
        [message("Fever", "Fiebre", "#, fuzzy\n")],
        [message("Fever", "Fiebre", "#, fuzzy\n")],
    ),
    "the words of one side, the comment of the other": (
        [FEVER],
        [message("Fever", "Calentura")],
        [message("Fever", "Fiebre", "# nota\n")],
        [message("Fever", "Calentura", "# nota\n")],
    ),
    "the words of one side, without what the other side dismissed in other words": (
        [message("Take 5 mg", "Tome 5 mg", "# nota\n# lint-ignore: old\n")],
        [message("Take 5 mg", "Tome 5 mg", "# nota\n# lint-ignore: old\n# lint-ignore: number-changed\n")],
        [message("Take 5 mg", "Tome 50 mg", "# nota\n# lint-ignore: theirs\n")],
        [message("Take 5 mg", "Tome 50 mg", "# nota\n# lint-ignore: theirs\n")],
    ),
    "the dismissals of both for the same words": (
        [message("Fever", "Fiebre", "# lint-ignore: old\n")],
        [message("Fever", "Calentura", "# lint-ignore: one\n")],
        [message("Fever", "Calentura", "# lint-ignore: two\n")],
        [message("Fever", "Calentura", "# lint-ignore: one\n# lint-ignore: two\n")],
    ),
    "questions of both, with the answer below its question": (
        [message("Fever", "Fiebre", f"# {Q1}\n")],
        [message("Fever", "Fiebre", f"# {Q1}\n# {Q2}\n")],
        [message("Fever", "Fiebre", f"# {Q1}\n# {A1}\n")],
        [message("Fever", "Fiebre", f"# {Q1}\n# {A1}\n# {Q2}\n")],
    ),
    "the reviews of both": (
        [message("Fever", "Fiebre")],
        [message("Fever", "Fiebre", f"# {reviewed('Fiebre', 'Li')}\n")],
        [message("Fever", "Fiebre", f"# {reviewed('Fiebre', 'Eva')}\n")],
        [message("Fever", "Fiebre", f"# {reviewed('Fiebre', 'Li')}\n# {reviewed('Fiebre', 'Eva')}\n")],
    ),
    "a review of words that the other side has replaced": (
        [message("Fever", "Fiebre")],
        [message("Fever", "Fiebre", f"# nota\n# {reviewed('Fiebre', 'Li')}\n")],
        [message("Fever", "Calentura")],
        [message("Fever", "Calentura", "# nota\n")],
    ),
    "an offer of words that only the other side has looked at": (
        [FEVER],
        [message("High fever", "Fiebre", f"# lint-ignore: ours\n{PREVIOUS}")],
        [message("Fever", "Calentura", "# lint-ignore: theirs\n")],
        [
            message("High fever", "Calentura", PREVIOUS),
            gone("Fever", "Calentura", "# lint-ignore: theirs\n"),
        ],
    ),
    "comments of both, without those that one deleted": (
        [message("Fever", "Fiebre", "# old\n# kept\n")],
        [message("Fever", "Fiebre", "# kept\n# ours\n")],
        [message("Fever", "Fiebre", "# old\n# kept\n# theirs\n")],
        [message("Fever", "Fiebre", "# kept\n# ours\n# theirs\n")],
    ),
    "flags of both": (
        [message("Fever", "Fiebre", "#, no-wrap\n")],
        [message("Fever", "Fiebre", "#, python-brace-format, no-wrap\n")],
        [message("Fever", "Fiebre", "#, max-length:60\n")],
        [message("Fever", "Fiebre", "#, python-brace-format, max-length:60\n")],
    ),
    "additions of both, theirs after its neighbour": (
        [FEVER, COUGH],
        [FEVER, COUGH, message("Ours", "Nuestro")],
        [message("First", "Primero"), FEVER, message("Theirs", "Suyo"), COUGH],
        [message("First", "Primero"), FEVER, message("Theirs", "Suyo"), COUGH, message("Ours", "Nuestro")],
    ),
    "both add the same message": ([], [message("New")], [message("New", "Nuevo")], [message("New", "Nuevo")]),
    "one side has lost what the other leaves": (
        [FEVER, COUGH],
        [COUGH],
        [FEVER, COUGH],
        [COUGH, gone("Fever", "Fiebre")],
    ),
    "both sides have lost it": ([FEVER, COUGH], [COUGH], [COUGH], [COUGH]),
    "one side removes what nobody has translated": (
        [message("Fever"), COUGH],
        [COUGH],
        [message("Fever"), COUGH],
        [COUGH],
    ),
    "one side makes obsolete what the other leaves": (
        [FEVER, COUGH],
        [COUGH, gone("Fever", "Fiebre")],
        [FEVER, COUGH],
        [COUGH, gone("Fever", "Fiebre")],
    ),
    "one side deletes for good what was obsolete": (
        [COUGH, gone("Fever", "Fiebre")],
        [COUGH],
        [COUGH, gone("Fever", "Fiebre")],
        [COUGH],
    ),
    "one side has confirmed it for a new text": (
        [FEVER],
        [message("High fever", "Fiebre")],
        [FEVER],
        [message("High fever", "Fiebre")],
    ),
    "one side removes what the other translates": (
        [message("Fever"), COUGH],
        [COUGH],
        [FEVER, COUGH],
        [COUGH, gone("Fever", "Fiebre")],
    ),
    "one side removes what the other comments on": (
        [FEVER, COUGH],
        [COUGH],
        [message("Fever", "Fiebre", "# nota\n"), COUGH],
        [COUGH, gone("Fever", "Fiebre", "# nota\n")],
    ),
    "one side rewords what the other comments on before it is translated": (
        [message("Call your doctor for a fever.", "", "# old\n"), COUGH],
        [message("Call the doctor for a fever.", "", "# old\n"), COUGH],
        [message("Call your doctor for a fever.", "", "# old\n# lint-ignore: a\n# Ask Dr. Ruiz.\n"), COUGH],
        [message("Call the doctor for a fever.", "", "# old\n# Ask Dr. Ruiz.\n"), COUGH],
    ),
    "one makes obsolete what the other translates anew": (
        [FEVER, COUGH],
        [COUGH, gone("Fever", "Fiebre")],
        [message("Fever", "Calentura"), COUGH],
        [COUGH, gone("Fever", "Calentura")],
    ),
    "one revives what the other leaves obsolete": (
        [COUGH, gone("Fever", "Fiebre")],
        [COUGH, gone("Fever", "Fiebre")],
        [FEVER, COUGH],
        [FEVER, COUGH],
    ),
    "one revives what the other deletes for good": (
        [COUGH, gone("Fever", "Fiebre")],
        [FEVER, COUGH],
        [COUGH],
        [FEVER, COUGH],
    ),
    "an offer for a new text gets what the other side made of the former one": (
        [FEVER],
        [message("High fever", "Fiebre", PREVIOUS)],
        [message("Fever", "Calentura")],
        [message("High fever", "Calentura", PREVIOUS), gone("Fever", "Calentura")],
    ),
    "an offer does not stand against a translation": (
        [FEVER],
        [message("High fever", "Fiebre", PREVIOUS)],
        [FEVER, message("High fever", "Fiebre alta")],
        [message("High fever", "Fiebre alta")],
    ),
    "an offer from a text that the other side left": (
        [FEVER],
        [message("High fever", "Fiebre", PREVIOUS)],
        [FEVER],
        [message("High fever", "Fiebre", PREVIOUS)],
    ),
    "an offer from what the other side doubts": (
        [FEVER],
        [message("High fever", "Fiebre", PREVIOUS)],
        [message("Fever", "Calentura", "#, fuzzy\n")],
        [message("High fever", "Fiebre", PREVIOUS), gone("Fever", "Calentura", "#, fuzzy\n")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_two_sides_come_together(name: str) -> None:
    base, ours, theirs, expected = (catalogue(*entries) for entries in CASES[name])
    assert merged(base, ours, theirs).decode() == expected.decode()


SYMMETRICAL = [
    name
    for name in CASES
    if not any(
        part in name for part in ("comments of both", "dismissals of both", "reviews of both", "flags")
    )
]


@pytest.mark.parametrize("name", SYMMETRICAL)
def test_the_sides_may_be_exchanged_except_for_the_order(name: str) -> None:
    base, ours, theirs, expected = (catalogue(*entries) for entries in CASES[name])
    assert blocks(merged(base, theirs, ours)) == blocks(expected)


def blocks(data: bytes) -> list[bytes]:
    return sorted(data.rstrip(b"\n").split(b"\n\n"))


def test_a_comment_on_a_removed_untranslated_message_moves_to_the_header() -> None:
    base, ours = catalogue(message("Fever"), COUGH), catalogue(message("Pulse"), COUGH)
    theirs = catalogue(message("Fever", "", "# Ask Dr. Ruiz.\n"), COUGH)
    expected = catalogue(message("Pulse"), COUGH, comment="# “Fever”: Ask Dr. Ruiz.\n")
    assert merged(base, ours, theirs) == merged(base, theirs, ours) == expected
    bare = catalogue(COUGH, gone("Fever", "", "# nota\n"))
    assert merged(bare, bare, bare) == catalogue(COUGH, comment="# “Fever”: nota\n")
    assert merged(theirs, ours, theirs) == ours  # the person who removed it had seen the comment


# ── conflicts ──


def test_two_translations_of_one_message_are_both_between_markers() -> None:
    base = catalogue(FEVER, COUGH)
    ours = catalogue(message("Fever", "Calentura"), message("Cough", "La tos"))
    theirs = catalogue(message("Fever", "Temperatura alta", "# nota\n"), COUGH)
    result = merge(base, ours, theirs, "es.po")
    conflict = "".join(
        [
            "<<<<<<< ours\n",
            message("Fever", "Calentura", "# nota\n"),
            "=======\n",
            message("Fever", "Temperatura alta", "# nota\n"),
            ">>>>>>> theirs\n",
        ]
    )
    assert result.data == catalogue(conflict, message("Cough", "La tos"))
    (problem,) = result.conflicts
    assert (problem.check, problem.line, problem.path) == ("po-conflict-marker", 6, "es.po")
    assert problem.message == (
        "“Fever” was translated in two ways: “Calentura” by us, “Temperatura alta” by them."
    )
    assert "lines 6 to 16" in problem.hint


def test_the_reader_finds_the_conflict_where_it_was_said_to_be() -> None:
    result = merge(catalogue(), catalogue(FEVER), catalogue(message("Fever", "Calentura")), "es.po")
    with pytest.raises(CatalogueError) as caught:
        merge(result.data, result.data, catalogue(FEVER), "es.po")
    assert [(problem.check, problem.line) for problem in caught.value.problems] == [
        (problem.check, problem.line) for problem in result.conflicts
    ]


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ([FEVER], [message("Fever")], [message("Fever", "Calentura")]),
        (
            [message("Fever", "Fiebre", "#, fuzzy\n")],
            [FEVER],
            [message("Fever", "Calentura", "#, fuzzy\n")],
        ),
        ([], [FEVER], [gone("Fever", "Calentura")]),
        # A draft that somebody wrote over what an update had offered.
        (
            [FEVER],
            [FEVER, message("High fever", "Calentura alta", PREVIOUS)],
            [FEVER, message("High fever", "Fiebre alta")],
        ),
        ([], [message("Fever", "Fiebre", "#, fuzzy\n")], [message("Fever", "Calentura")]),
    ],
)
def test_nothing_is_chosen_between_two_translations(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    for one, other in ((ours, theirs), (theirs, ours)):
        assert len(merge(catalogue(*base), catalogue(*one), catalogue(*other), "es.po").conflicts) == 1


def test_plural_forms_are_one_translation() -> None:
    def days(first: str, second: str) -> bytes:
        return catalogue(
            f'msgid "day"\nmsgid_plural "days"\nmsgstr[0] "{first}"\nmsgstr[1] "{second}"\n',
            fields='"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n',
        )

    assert merged(days("", ""), days("", ""), days("", "")) == days("", "")
    assert merged(days("", ""), days("", ""), days("día", "días")) == days("día", "días")
    (problem,) = merge(days("", ""), days("día", "día"), days("día", "días"), "es.po").conflicts
    assert "“día / día” by us, “día / días” by them" in problem.message


# ── the template ──


def test_comments_and_places_are_those_of_the_later_template() -> None:
    def made(day: int, comment: str) -> bytes:
        return catalogue(
            message("Fever", "Fiebre", f"#. {comment}\n#: {comment}.json#/title\n"),
            fields=f'"POT-Creation-Date: 2026-02-0{day} 00:00+0000\\n"\n',
        )

    base, ours, theirs = made(1, "base"), made(2, "ours"), made(3, "theirs")
    assert merged(base, ours, theirs) == theirs
    assert merged(base, theirs, ours) == theirs
    assert merged(base, made(1, "ours"), base) == made(1, "ours")
    assert merged(base, base, made(1, "theirs")) == made(1, "theirs")


# ── the header ──


def header(**fields: str) -> bytes:
    lines = "".join(f'"{name.replace("_", "-")}: {value}\\n"\n' for name, value in fields.items())
    return catalogue(fields=lines)


def test_the_later_revision_counts_with_who_made_it() -> None:
    base = header(PO_Revision_Date="2026-02-07 10:00+0000", Last_Translator="Ann", X_Generator="Poedit 3.5")
    ours = header(PO_Revision_Date="2026-02-08 10:00+0000", Last_Translator="Bea", X_Generator="Poedit 3.6")
    # By the clock the earlier of the two, though its figures are greater.
    theirs = header(PO_Revision_Date="2026-02-08 11:00+0200", Last_Translator="Cid", X_Generator="Weblate")
    assert merged(base, ours, theirs) == ours
    assert merged(base, theirs, ours) == ours


def test_date_translator_and_editor_are_of_one_side() -> None:
    base = header(PO_Revision_Date="2026-02-07 10:00+0000", Last_Translator="Ann", X_Generator="Poedit 3.5")
    ours = header(PO_Revision_Date="2026-02-09 10:00+0000", Last_Translator="Ann", X_Generator="Poedit 3.5")
    theirs = header(PO_Revision_Date="2026-02-08 10:00+0000", Last_Translator="Cid", X_Generator="Weblate")
    assert merged(base, ours, theirs) == ours
    assert merged(base, theirs, ours) == ours
    assert merged(base, base, theirs) == theirs


def test_an_invalid_date_never_wins() -> None:
    dated, broken = header(PO_Revision_Date="2026-02-08 10:00+0000"), header(PO_Revision_Date="yesterday")
    assert merged(header(PO_Revision_Date=""), broken, dated) == dated
    assert merged(header(PO_Revision_Date=""), dated, broken) == dated


def test_other_fields_are_merged_each_for_itself() -> None:
    base = header(X_One="a", X_Two="b", X_Gone="c")
    ours = header(X_One="A", X_Two="b", X_Gone="c")
    theirs = header(X_One="a", X_Two="B", X_New="d")
    assert merged(base, ours, theirs) == header(X_One="A", X_Two="B", X_New="d").replace(
        f'"X-New: d\\n"\n{FIELDS}'.encode(), f'{FIELDS}"X-New: d\\n"\n'.encode()
    )


def test_a_field_that_both_changed_is_a_conflict_of_the_header() -> None:
    result = merge(header(X_One="a"), header(X_One="b"), header(X_One="c"), "es.po")
    assert result.data.decode().count("X-One") == 2
    (problem,) = result.conflicts
    assert (problem.line, problem.message) == (1, "Both sides changed the same fields of the header.")


def test_comment_and_doubt_of_the_header_are_merged() -> None:
    base = catalogue(comment="# Ann, 2026.\n#, fuzzy\n")
    ours = catalogue(comment="# Ann, 2026.\n# Bea, 2026.\n#, fuzzy\n")
    theirs = catalogue(comment="# Ann, 2026.\n# Cid, 2026.\n")
    assert merged(base, ours, theirs) == catalogue(comment="# Ann, 2026.\n# Bea, 2026.\n# Cid, 2026.\n")


# ── files that cannot be read ──


@pytest.mark.parametrize("base", [None, b"", b"Dear translator,\n"])
def test_an_unreadable_base_counts_as_empty(base: bytes | None) -> None:
    assert merged(base, catalogue(FEVER), catalogue(FEVER, COUGH)) == catalogue(FEVER, COUGH)


def test_every_fault_of_both_sides_is_reported() -> None:
    broken = catalogue('msgid "a\nmsgstr "b"\n')
    with pytest.raises(CatalogueError) as caught:
        merge(catalogue(), broken, broken, "es.po")
    assert [str(problem).split(":")[0] for problem in caught.value.problems] == [
        "es.po (ours)",
        "es.po (theirs)",
    ]


@pytest.mark.parametrize("name", ["ours", "theirs"])
def test_a_side_whose_end_may_be_lost_cannot_be_read(name: str) -> None:
    whole = catalogue(FEVER, message("Cough", "Tos", "#. A title.\n"))
    cut = whole[: whole.index(b'msgctxt "title"\nmsgid "Cough"')]
    sides = {"ours": whole, "theirs": whole, name: cut}
    with pytest.raises(CatalogueError) as caught:
        merge(whole, sides["ours"], sides["theirs"], "es.po")
    (problem,) = caught.value.problems
    assert (problem.check, problem.path) == ("po-cut-off", f"es.po ({name})")


def test_a_difference_in_form_is_not_a_change() -> None:
    windows = b"\xef\xbb\xbf" + catalogue(FEVER, message("Cough", "La tos")).replace(b"\n", b"\r\n")
    ours = catalogue(message("Fever", "Calentura"), COUGH)
    assert merged(catalogue(FEVER, COUGH), ours, windows) == catalogue(
        message("Fever", "Calentura"), message("Cough", "La tos")
    )


@pytest.mark.parametrize("is_ours", [True, False])
def test_an_answer_keeps_the_question_that_the_other_side_deleted(*, is_ours: bool) -> None:
    asked = message("Fever", "Fiebre", f"# A remark.\n# {Q1}\n")
    answered = message("Fever", "Fiebre", f"# A remark.\n# {Q1}\n# {A1}\n")
    deleted = message("Fever", "Fiebre", "# A remark.\n# More.\n")
    sides = (answered, deleted) if is_ours else (deleted, answered)
    text = merged(catalogue(asked), *(catalogue(each) for each in sides)).decode()
    assert f"# {Q1}\n# {A1}\n" in text
    assert "# More.\n" in text


def _saved(by: str, hour: int, *entries: str) -> bytes:
    fields = f'"PO-Revision-Date: 2026-12-01 {hour:02}:00+0000\\n"\n"Last-Translator: {by}\\n"\n'
    return catalogue(*entries, fields=fields)


def test_where_reviews_are_required_each_translation_keeps_the_translator_of_its_side() -> None:
    rest = message("Rest", "Descanse")
    base = _saved("Ana Ruiz", 8, FEVER, COUGH, rest)
    ours = _saved("Bea Gil", 9, message("Fever", "La fiebre"), COUGH, rest)
    theirs = _saved("Eva Sanz", 10, FEVER, message("Cough", "La tos"), rest)
    text = merge(base, ours, theirs, "es.po", is_marked=True).data.decode()
    assert "Last-Translator: Eva Sanz" in text
    fever, cough, last = text.split("\n\n")[1:]
    assert fever.startswith("# translated: Bea Gil, 2026-12-01, ")
    assert cough.startswith("msgctxt"), "the header names its translator"
    assert last.startswith("# translated: Ana Ruiz, 2026-12-01, ")
    assert "translated: " not in merge(base, ours, theirs, "es.po").data.decode()
