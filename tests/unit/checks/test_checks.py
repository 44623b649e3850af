import pytest

from healthtopics.checks.table import check_pair
from healthtopics.checks.values import Pair, Twins, links_of
from healthtopics.language import LanguageTag
from healthtopics.schema import MessageRule

PLAIN = MessageRule("title", "A title.")
MARKED = MessageRule("paragraph", "A paragraph.", markup="inline")
LIST = MessageRule("also-called", "Names.", is_list=True)
PAGE = MessageRule("resource-title", "A page.", languages="links")
OPTIONAL = MessageRule("organization", "A name.", is_optional=True)
SECTION = MessageRule("section", "A text.", markup="block", unit="section")
SUMMARY = MessageRule("summary", "All of it.", markup="block", unit="topic")
SHORT = MessageRule("description", "A summary.", limit=10)

EN = "https://example.org/en"
ES = "https://example.org/es"
LONG = "The lungs take up oxygen from the air we breathe."
TWINS = Twins.from_links([{"en": EN, "es": ES}], "es")


def link(*hrefs: str) -> str:
    return " ".join(f'<a href="{href}">x</a>' for href in hrefs)


def found(rule: MessageRule, msgid: str, msgstr: str, twins: Twins = TWINS) -> list[str]:
    findings = check_pair(Pair(rule, msgid, msgstr, twins))
    assert all(finding.message and finding.hint for finding in findings)
    return [finding.check for finding in findings]


@pytest.mark.parametrize(
    ("rule", "msgid", "msgstr"),
    [
        pytest.param(PLAIN, "Asthma", "Asma", id="plain"),
        pytest.param(PLAIN, "a < b & c", "a < b & c <= d", id="plain text is no markup"),
        pytest.param(LIST, "one", "uno\ndos\ntres", id="list with another number of lines"),
        pytest.param(SHORT, "x", "abcdefghij", id="just short enough"),
        pytest.param(
            MARKED, "<em>a</em> <strong>b</strong>", "<strong>b</strong> <em>a</em>", id="another order"
        ),
        pytest.param(MARKED, "a &amp; b", "a &lt; b", id="character references"),
        pytest.param(MARKED, "&lt;br&gt;", "&lt;br&gt;", id="tag as text in both"),
        pytest.param(PLAIN, LONG[:40], LONG[:40], id="short enough to be the same"),
        pytest.param(PLAIN, "1 234 " * 10, "1 234 " * 10, id="numbers are the same"),
        pytest.param(PAGE, LONG, LONG, id="title that the page itself has"),
        pytest.param(OPTIONAL, LONG, LONG, id="name that stays"),
        pytest.param(LIST, "AMI\nMI\n" * 10, "AMI\nMI\n" * 10, id="short names, many of them"),
        pytest.param(MARKED, link("topic:asthma"), link("topic:asthma"), id="topic link"),
        pytest.param(MARKED, link(EN), link(ES), id="twin"),
        pytest.param(MARKED, link(EN), link(EN), id="no twin needed"),
        pytest.param(SECTION, "<p>a</p>", f"<ul>\n<li>{link(ES)}</li>\n</ul>\n<h3>b</h3>", id="other blocks"),
        pytest.param(
            SECTION, "<p>a &lt;b</p>\n<p>c&gt;</p>", "<p>á &lt;b</p>\n<p>ç&gt;</p>", id="tag over two lines"
        ),
        pytest.param(
            SUMMARY,
            '<h3 id="a"></h3>\n<p>b</p>\n<h3 id="c">d</h3>\n<p>e</p>',
            '<h3 id="c"></h3>\n<p>uno</p>\n\n<p>dos</p>',
            id="other sections",
        ),
        pytest.param(MARKED, link(EN, ES), link(ES, EN), id="a link and its own twin, the other way round"),
    ],
)
def test_sound_translation_has_no_findings(rule: MessageRule, msgid: str, msgstr: str) -> None:
    assert found(rule, msgid, msgstr) == []


@pytest.mark.parametrize(
    ("rule", "msgid", "msgstr", "expected"),
    [
        pytest.param(PLAIN, "a", "a\nb", ["message-line-break"], id="line break"),
        pytest.param(PLAIN, "a", "a\n", ["message-line-break"], id="line break at the end"),
        pytest.param(PLAIN, "a", "a\tb", ["message-tab"], id="tab"),
        pytest.param(LIST, "a", "a\r\nb", ["message-tab"], id="carriage return in a list"),
        pytest.param(SHORT, "x", "abcdefghijk", ["message-too-long"], id="too long"),
        pytest.param(PLAIN, "a", "a\ufffe", ["message-control"], id="noncharacter"),
        pytest.param(PLAIN, "a", "\x85a\x0b", ["message-control"] * 2, id="control characters"),
        pytest.param(MARKED, "a", "a\x00", ["message-control"], id="control character in markup, once"),
        pytest.param(PLAIN, LONG, LONG, ["message-untranslated"], id="copy"),
        pytest.param(
            SECTION,
            f"<p>x</p>\n<ul>\n<li><em>{LONG}</em></li>\n</ul>",
            f"<h3>y</h3>\n<p>{LONG}</p>",
            ["message-untranslated"],
            id="copy of one block",
        ),
        pytest.param(SECTION, "<p>a</p>", "<p>a\tb</p>", ["message-tab"], id="tab in a block"),
        pytest.param(SECTION, "<p>a</p>", "<p>a\x85</p>", ["message-control"], id="control in a block"),
        pytest.param(SECTION, "<p>a</p>", "<p>a\x00</p>", ["message-control"], id="control in a block, once"),
        pytest.param(SECTION, "<p>a</p>", "b", ["markup-text"], id="no block"),
        pytest.param(
            SECTION, "<p>a</p>", '<p><a href="javascript:x">b</a></p>', ["markup-href"], id="unsafe"
        ),
        pytest.param(
            SECTION, "<p>a</p>", '<h3 id="a">b</h3>', ["markup-attribute"], id="section in a section"
        ),
        pytest.param(
            SUMMARY,
            '<h3 id="a"></h3>\n<p>b</p>',
            '<h3 id="a"></h3>\n<p>c</p>\n<h3 id="b"></h3>\n<p>d</p>',
            ["unit-section"],
            id="foreign section",
        ),
        pytest.param(SUMMARY, '<h3 id="a"></h3>\n<p>b</p>', "<p>c</p>", ["markup-element"], id="no section"),
        pytest.param(
            MARKED,
            f"<em>{LONG}</em>",
            f"<em>The</em>  {LONG[4:]}",
            ["message-untranslated", "space-double"],
            id="copy with tags elsewhere",
        ),
        pytest.param(LIST, f"a\n{LONG}", f"{LONG}\nb", ["message-untranslated"], id="copy of one line"),
        pytest.param(MARKED, "<em>a</em>", "<em></em>", ["text-blank"], id="tags without words"),
        pytest.param(
            MARKED, link(EN), f'<a href="{EN}"> </a>', ["markup-empty-link"], id="link without words"
        ),
        pytest.param(MARKED, "a", "a & b", ["markup-ill-formed"], id="ill-formed"),
        pytest.param(MARKED, "a", "<script>a</script>", ["markup-element"], id="script"),
        pytest.param(MARKED, "<em>a</em>", "a", ["tag-lost"], id="lost tag"),
        pytest.param(MARKED, "a", "<em>a</em>", ["tag-foreign"], id="foreign tag"),
        pytest.param(MARKED, "<em>a</em>", "<strong>a</strong>", ["tag-lost"], id="another tag"),
        pytest.param(
            MARKED,
            "<em>a</em>",
            "&lt;em&gt;a&lt;/em&gt;",
            ["tag-lost", "tag-foreign"],
            id="tag as text",
        ),
        pytest.param(MARKED, "a", '&lt;a href="x"&gt;a', ["tag-foreign"], id="half a tag as text"),
        pytest.param(PLAIN, "a", "<b>a</b>", ["markup-plain", "tag-foreign"], id="tag in plain text"),
        pytest.param(MARKED, link(EN), "x", ["tag-lost"], id="lost link"),
        pytest.param(MARKED, "x", link(ES), ["tag-foreign"], id="foreign link"),
        pytest.param(MARKED, link(EN), link("https://evil.example/"), ["href-lost"], id="swapped"),
        pytest.param(MARKED, link(ES), link(EN), ["href-lost"], id="twins are no way back"),
        pytest.param(MARKED, link("topic:a", "topic:a"), link("topic:a"), ["tag-lost"], id="one of two"),
        pytest.param(MARKED, link(EN), link(EN, ES), ["tag-foreign"], id="the twin besides"),
    ],
)
def test_fault_is_found(rule: MessageRule, msgid: str, msgstr: str, expected: list[str]) -> None:
    assert found(rule, msgid, msgstr) == expected


def test_a_pseudo_language_is_checked_only_for_form() -> None:
    def asked(msgstr: str) -> list[str]:
        pair = Pair(MARKED, "Take <em>20 mg</em> now.", msgstr, language=LanguageTag("en-XA"))
        return [finding.check for finding in check_pair(pair)]

    assert asked("⟦Ŧȧȧķḗḗ <em>20 mg</em> ƞǿǿẇ.⟧") == []
    assert asked("⟦Ŧȧȧķḗḗ 20 mg ƞǿǿẇ.⟧") == ["tag-lost"]


def test_one_twin_may_stand_for_two_addresses() -> None:
    other = "https://example.org/other"
    twins = Twins.from_links([{"en": EN, "es": ES}, {"en": other, "es": ES}], "es")
    assert found(MARKED, link(EN, other), link(ES, EN), twins) == []
    assert found(MARKED, link(EN, other), link(ES, ES), twins) == []


def test_twins_are_those_of_the_language() -> None:
    links = [{"en": EN, "es": ES, "fr": "https://example.org/fr"}, {"en": "https://example.org/only"}]
    assert Twins.from_links(links, "es").of == {EN: {ES}, "https://example.org/fr": {ES}}
    assert Twins.from_links(links, "ht").of == {}


def test_addresses_by_language_are_found_anywhere() -> None:
    document = {
        "pages": {"en": "1"},
        "links": "no object",
        "resources": [{"links": {"en": "2"}}, {"below": {"links": {"es": "3"}}}, "text"],
    }
    assert list(links_of(document)) == [{"en": "1"}, {"en": "2"}, {"es": "3"}]
