import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics import markup
from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.language import LanguageTag
from healthtopics.schema import MessageRule, packaged, plan_messages, rules_of
from healthtopics.translation.pseudo import (
    STYLES,
    Style,
    is_replaceable,
    pseudo_catalogue,
    pseudo_text,
    style_of,
)

ACCENTED, RTL = STYLES["accented"], STYLES["rtl"]
PLAIN = MessageRule("title", "")
INLINE = MessageRule("paragraph", "", markup="inline")
LIST = MessageRule("also-called", "", is_list=True)
SECTION = MessageRule("section", "", markup="block", unit="section")
RULES = rules_of(*(plan_messages(packaged(name)) for name in ("topic.schema.json", "vocabulary.schema.json")))
HEADER = Header(language=LanguageTag("en-XA"), subject="topic “asthma”", created="2026-11-20")
each_style = pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (PLAIN, "Some text", "⟦Şǿǿḿḗḗ ŧḗḗẋŧ⟧"),
        (PLAIN, "D&C <3", "⟦Ḓ&Ƈ <3⟧"),
        (PLAIN, "Take 20 mg, 5 mg/kg or 5mL at 98.6 °F.", "⟦Ŧȧȧķḗḗ 20 mg, 5 mg/kg ǿǿř 5mL ȧȧŧ 98.6 °F.⟧"),
        (PLAIN, "20 meters", "⟦20 ḿḗḗŧḗḗřş⟧"),
        (PLAIN, "See https://example.org/a, or a@b.org", "⟦Şḗḗḗḗ https://example.org/a, ǿǿř a@b.org⟧"),
        (PLAIN, "{count} of %(all)s", "⟦{count} ǿǿƒ %(all)s⟧"),
        (LIST, "Cold\nFlu", "⟦Ƈǿǿŀḓ⟧\n⟦Ƒŀŭŭ⟧"),
        (
            INLINE,
            'A <a href="topic:cold">cold</a> &amp; more',
            '⟦ȦȦ <a href="topic:cold">ƈǿǿŀḓ</a> &amp; ḿǿǿřḗḗ⟧',
        ),
        (
            SECTION,
            "<p>A <em>b</em></p>\n<ul><li>c<ul><li>d</li></ul></li></ul>",
            "<p>⟦ȦȦ <em>ƀ</em>⟧</p>\n<ul><li>⟦ƈ⟧<ul><li>⟦ḓ⟧</li></ul></li></ul>",
        ),
    ],
)
def test_only_letters_are_replaced(rule: MessageRule, text: str, expected: str) -> None:
    assert pseudo_text(text, ACCENTED, rule) == expected


def test_from_right_to_left_every_letter_is_an_arabic_one() -> None:
    assert pseudo_text('A <a href="topic:cold">cold</a>: 5 mg', RTL, INLINE) == (
        '⟦اا <a href="topic:cold">تضضسث</a>: 5 mg⟧'
    )
    assert {unicodedata.bidirectional(letter) for letter in RTL.letters.values()} == {"AL"}


@each_style
def test_each_letter_has_its_own_without_extra_marks(style: Style) -> None:
    letters = style.letters
    assert len({letters[code] for code in range(ord("a"), ord("z") + 1)}) == 26
    for letter in letters.values():
        assert len(letter) == 1
        assert unicodedata.category(letter) in {"Ll", "Lu", "Lo"}
        assert unicodedata.normalize("NFC", letter) == letter


def test_a_text_grows_by_about_a_third_as_translations_do() -> None:
    text = "Talk with your provider about anything that worries you or does not seem right to you."
    assert 1.25 <= len(pseudo_text(text, ACCENTED)) / len(text) <= 1.45


@pytest.mark.parametrize(("limit", "expected"), [(10, "⟦ŧřḗḗḗḗ⟧"), (7, "⟦ŧřḗḗ⟧"), (5, "ŧřḗḗ")])
def test_the_limit_of_a_field_is_kept(limit: int, expected: str) -> None:
    assert pseudo_text("tree", ACCENTED, MessageRule("title", "", limit=limit)) == expected


@each_style
@given(text=st.text(st.sampled_from("aeBZ 5%&<>\n°é"), max_size=40), limit=st.integers(40, 60))
def test_plain_text_never_keeps_a_letter_nor_breaks_its_limit(style: Style, text: str, limit: int) -> None:
    found = pseudo_text(text, style, MessageRule("title", "", limit=limit))
    assert len(found) <= limit
    assert not re.search("[A-Za-z]", found)
    others = [each for each in found if not each.isalpha() and each not in "⟦⟧"]
    assert others == [each for each in text if not each.isalpha()]


INLINE_TEXT = st.recursive(
    st.text(st.sampled_from("aZ é5%"), min_size=1, max_size=8).map(markup.escape),
    lambda below: st.lists(
        st.one_of(
            below,
            below.map(lambda text: f"<em>{text}</em>"),
            below.map(lambda text: f'<a href="https://example.org/a">{re.sub("</?a[^>]*>", "", text)}</a>'),
        ),
        min_size=1,
        max_size=3,
    ).map("".join),
    max_leaves=5,
)


@each_style
@given(text=INLINE_TEXT)
def test_markup_stays_sound_with_the_same_tags(style: Style, text: str) -> None:
    if text.count("<a ") > 1:
        text = re.sub("</?a[^>]*>", "", text)
    found = pseudo_text(text, style, INLINE)
    assert re.findall("<[^>]*>|&[a-z]+;", found) == re.findall("<[^>]*>|&[a-z]+;", text)


def test_the_rule_of_every_role_is_known() -> None:
    assert RULES["paragraph"].markup == "inline"
    assert (RULES["summary"].unit, RULES["section"].unit) == ("topic", "section")
    assert RULES["title"].limit == 120
    assert {"label", "organization", "notice", "vocabulary-title", "list-item", "also-called"} <= RULES.keys()


class TestCatalogue:
    template = (
        TemplateMessage(Key("title|lungs", "Asthma"), (), "topics/asthma.json#/title"),
        TemplateMessage(Key("paragraph", "A <em>b</em>"), (), "topics/asthma.json#/sections/a/body"),
        TemplateMessage(Key("button", "Search"), (), "page.html"),
    )

    def test_every_message_is_filled_by_the_rule_of_its_role_and_the_file_is_marked(self) -> None:
        data = pseudo_catalogue(self.template, HEADER, ACCENTED, RULES)
        file = po.parse(data, "x.po").file
        assert [entry.msgstr for entry in file] == ["⟦ȦȦşŧħḿȧȧ⟧", "⟦ȦȦ <em>ƀ</em>⟧", "⟦Şḗḗȧȧřƈħ⟧"]
        assert file.metadata["X-Pseudo"] == "accented"
        assert file.metadata["Language"] == "en_XA"
        assert file.header.startswith("English (Pseudo-Accents), topic “asthma”: made by rule")
        assert po.serialize(file) == data

    def test_only_what_a_person_wrote_may_not_be_replaced(self) -> None:
        marked = pseudo_catalogue(self.template, HEADER, ACCENTED, RULES)
        unmarked = marked.replace(b'"X-Pseudo: accented\\n"\n', b"")
        file = po.parse(unmarked, "x.po").file
        for entry in file:
            entry.msgstr = ""
        empty = po.serialize(file)
        file[0].tcomment = "Is this about lungs?"
        assert [is_replaceable(data, "x.po") for data in (None, marked, unmarked, empty)] == [
            True, True, False, True,
        ]  # fmt: skip
        assert not is_replaceable(po.serialize(file), "x.po")

    def test_the_mark_names_the_style(self) -> None:
        data = pseudo_catalogue(self.template, HEADER, RTL, RULES)
        assert style_of(data, "x.po") is RTL
        assert style_of(data.replace(b"X-Pseudo: rtl", b"X-Other: rtl"), "x.po") is None
        assert style_of(None, "x.po") is None
