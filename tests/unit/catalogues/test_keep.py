from collections.abc import Sequence

import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues.keep import Doubt, keep, read_doubts
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.checks.table import judge_in
from healthtopics.errors import CatalogueError
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.reading.difference import word_counts
from healthtopics.schema import MessageRule

ES = LanguageTag("es")
RULE = MessageRule("paragraph", "A paragraph.", markup="inline")
HEAD = """msgid ""
msgstr ""
"PO-Revision-Date: 2026-02-07 10:00+0000\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"""
SLIP = """
# My own.
# suggested: this catalogue (98 %)
#, fuzzy
#| msgid "Early pregnacy."
msgctxt "paragraph"
msgid "Early pregnancy."
msgstr "Embarazo temprano."
"""
FIRST_LINE = 10
"""Where the entry's first keyword stands in HEAD + one entry with all its comments."""


OTHER = "Pregnancy test"


def doubts(
    text: str, *msgids: str, others: Sequence[str] = (OTHER,), glossary: Glossary | None = None
) -> list[Doubt]:
    template = [TemplateMessage(Key("paragraph", msgid), (), "x", RULE) for msgid in msgids]
    counts = word_counts([*msgids, *others])
    return read_doubts(
        (HEAD + text).encode(),
        "es.po",
        template,
        judge_in(ES, glossary=glossary, emergency_numbers=("911",)),
        glossary,
        counts=counts,
    )


def test_a_corrected_typo_is_read_with_the_text_that_was_translated() -> None:
    assert doubts(SLIP, "Early pregnancy.") == [
        Doubt(
            line=FIRST_LINE,
            key=Key("paragraph", "Early pregnancy."),
            previous="Early pregnacy.",
            msgstr="Embarazo temprano.",
            is_typo_only=True,
        )
    ]


def test_the_very_text_that_was_translated_is_only_a_slip() -> None:
    text = SLIP.replace('#| msgid "Early pregnacy."\n', "").replace("(98 %)", "(100 %)")
    (doubt,) = doubts(text, "Early pregnancy.")
    assert doubt.previous == doubt.key.msgid
    assert doubt.is_typo_only


@pytest.mark.parametrize(
    ("others", "is_slip"),
    [
        pytest.param([OTHER], True, id="the new word alone"),
        pytest.param([], False, id="neither word"),
        pytest.param([OTHER, "A pregnacy"], False, id="both words"),
    ],
)
def test_a_slip_is_one_where_other_texts_have_only_the_new_word(
    others: Sequence[str], *, is_slip: bool
) -> None:
    (doubt,) = doubts(SLIP, "Early pregnancy.", others=others)
    assert doubt.is_typo_only is is_slip


def test_the_glossary_knows_words_too() -> None:
    def glossary(*english: str) -> Glossary:
        term = {"id": "x", "english": english, "translations": ["embarazo"]}
        return Glossary.merge(ES, [{"terms": [term]}])

    (doubt,) = doubts(SLIP, "Early pregnancy.", others=[], glossary=glossary("pregnancy ... test"))
    assert doubt.is_typo_only
    (doubt,) = doubts(SLIP, "Early pregnancy.", glossary=glossary("Pregnacy"))
    assert not doubt.is_typo_only


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("this catalogue (98 %)", "cough (98 %)", id="from elsewhere"),
        pytest.param("pregnacy", "pregnancies", id="another word"),
        pytest.param("pregnacy.", "pregnancy at 20 weeks.", id="a number"),
        pytest.param("#| msgid", '#| msgctxt "heading"\n#| msgid', id="another role"),
    ],
)
def test_what_is_more_than_a_slip_is_read_as_that(old: str, new: str) -> None:
    (doubt,) = doubts(SLIP.replace(old, new), "Early pregnancy.")
    assert not doubt.is_typo_only


def test_the_same_english_from_elsewhere_is_in_doubt_and_no_slip() -> None:
    text = SLIP.replace('#| msgid "Early pregnacy."\n', "").replace("this catalogue (98", "cough (100")
    (doubt,) = doubts(text, "Early pregnancy.")
    assert (doubt.previous, doubt.is_typo_only) == ("Early pregnancy.", False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SLIP.replace("#, fuzzy\n", ""), id="not fuzzy"),
        pytest.param(SLIP.replace("Embarazo temprano.", ""), id="untranslated"),
        pytest.param(
            '\n#, fuzzy\nmsgctxt "paragraph"\nmsgid "Early pregnancy."\nmsgstr "E"\n', id="own mark"
        ),
        pytest.param(SLIP.replace("Early pregnancy", "Late pregnancy"), id="not in the topic"),
        pytest.param('\n#, fuzzy\n#~ msgid "Early pregnancy."\n#~ msgstr "E"\n', id="obsolete"),
    ],
)
def test_nothing_else_is_in_doubt(text: str) -> None:
    assert doubts(text, "Early pregnancy.") == []


def test_what_would_hold_the_edition_is_reported_unless_dismissed() -> None:
    text = SLIP.replace("Early pregnancy.", "<em>Early</em> pregnancy.")
    (doubt,) = doubts(text, "<em>Early</em> pregnancy.")
    assert [finding.check for finding in doubt.errors] == ["tag-lost"]
    (doubt,) = doubts(text.replace("My own.", "lint-ignore: tag-lost"), "<em>Early</em> pregnancy.")
    assert doubt.errors == ()


def test_what_another_tool_carried_over_dismisses_nothing() -> None:
    carried = SLIP.replace("My own.", "lint-ignore: tag-lost").replace(
        "Early pregnancy", "<em>Early</em> pregnancy"
    )
    carried = carried.replace("# suggested: this catalogue (98 %)\n", "")
    (doubt,) = doubts(carried, "<em>Early</em> pregnancy.")
    assert [finding.check for finding in doubt.errors] == ["tag-lost"]
    assert b"lint-ignore" not in keep((HEAD + carried).encode(), "es.po", {doubt.line}, "")


def test_kept_entries_lose_only_their_doubt() -> None:
    other = SLIP.replace("Early", "Late")
    kept = keep((HEAD + SLIP + other).encode(), "es.po", {FIRST_LINE}, "2026-11-21 09:30+0000").decode()
    entry = '# My own.\nmsgctxt "paragraph"\nmsgid "Early pregnancy."\nmsgstr "Embarazo temprano."\n'
    assert kept == HEAD.replace("2026-02-07 10:00", "2026-11-21 09:30") + "\n" + entry + other


def test_nothing_kept_changes_nothing() -> None:
    data = (HEAD + SLIP).encode()
    assert keep(data, "es.po", set(), "2026-11-21 09:30+0000") == data


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(CatalogueError):
        keep(b'msgid "x', "es.po", {1}, "")
