import subprocess

import pytest

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues import po
from healthtopics.catalogues.template import format_catalogue, template_of, template_of_vocabulary
from healthtopics.catalogues.update import Header
from healthtopics.errors import CatalogueError
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.schema import packaged, plan_messages
from support.documents import resource, section, topic, vocabulary
from support.updating import update_catalogue

PLAN = plan_messages(packaged("topic.schema.json"))
ES = LanguageTag("es")
HEADER = Header(language=ES, subject="topic “asthma”", created="2026-11-20")
TITLE = Key("title", "Asthma")


def translations(data: bytes) -> dict[str, tuple[str, bool]]:
    return {entry.msgid: (entry.msgstr, entry.fuzzy) for entry in po.parse(data, "es.po").file}


def test_template_of_a_topic_names_its_file_and_what_concerns_the_language() -> None:
    template = template_of(PLAN, topic(resources=[resource()]), ES)
    assert [message.key.msgctxt for message in template] == ["title", "heading", "paragraph"]
    assert template[0].reference == "topics/asthma.json#/title"


def test_a_message_names_the_terms_of_the_glossary_that_it_has() -> None:
    term = {"id": "lung", "english": ["lung(s)"], "translations": ["pulmón(es)"]}
    glossary = Glossary.merge(ES, [{"terms": [term]}])
    with_terms = topic(
        description="Lungs & lungs.", sections=[section("a", {"paragraph": "A <em>lung</em>."})]
    )
    template = template_of(PLAN, with_terms, ES, glossary)
    lines = {
        message.key.msgctxt: [line for line in message.comments if line.startswith("Glossary")]
        for message in template
    }
    assert lines == {
        "title": [],
        "heading": [],
        "description": ["Glossary: lung → pulmón."],
        "paragraph": ["Glossary: lung → pulmón."],
    }
    assert [message.key for message in template] == [m.key for m in template_of(PLAN, with_terms, ES)]


def test_template_of_the_vocabulary_has_titles_and_labels() -> None:
    template = template_of_vocabulary(vocabulary(groups=[{"id": "lungs", "label": "Lungs"}]), ES)
    assert [message.key for message in template] == [Key("vocabulary-title", "Groups"), Key("label", "Lungs")]


def test_new_file_has_every_message_untranslated_and_a_second_update_changes_nothing() -> None:
    template = template_of(PLAN, topic(), ES)
    data = update_catalogue(template, None, HEADER, "es.po")
    assert list(translations(data).values()) == [("", False)] * 3
    assert update_catalogue(template, data, HEADER, "es.po") == data


@pytest.mark.parametrize(
    ("own", "shipped", "expected"),
    [
        pytest.param("", Message(TITLE, "Asma"), ("Asma", False), id="fills what is empty"),
        pytest.param("El asma", Message(TITLE, "Asma"), ("El asma", False), id="leaves what is there"),
        pytest.param("", Message(TITLE, "Asma", is_fuzzy=True), ("", False), id="never a fuzzy one"),
        pytest.param("", Message(Key("heading", "Asthma"), "x"), ("", False), id="never another role's"),
    ],
)
def test_shipped_translation_fills_only_what_is_empty(
    own: str, shipped: Message, expected: tuple[str, bool]
) -> None:
    template = template_of(PLAN, topic(), ES)
    before = update_catalogue(template, None, HEADER, "es.po").replace(
        b'msgid "Asthma"\nmsgstr ""', f'msgid "Asthma"\nmsgstr "{own}"'.encode()
    )
    data = update_catalogue(template, before, HEADER, "es.po", Catalogue.of(ES, [shipped]))
    assert translations(data)["Asthma"] == expected


def test_file_that_cannot_be_read_is_refused_not_overwritten() -> None:
    with pytest.raises(CatalogueError):
        update_catalogue(template_of(PLAN, topic(), ES), b'msgid "unterminated', HEADER, "es.po")


def test_format_takes_the_note_of_a_suggestion_that_was_taken_up() -> None:
    template = template_of(PLAN, topic(), ES)
    data = update_catalogue(template, None, HEADER, "es.po").replace(
        b"\n#. The title", b"\n# My own.\n# suggested: cough (97 %)\n#. The title"
    )
    fuzzy = data.replace(b'msgctxt "title"', b'#, fuzzy\nmsgctxt "title"').replace(
        b'msgid "Asthma"\nmsgstr ""', b'msgid "Asthma"\nmsgstr "Asma"'
    )
    assert format_catalogue(fuzzy, "es.po")[0] == fuzzy
    done = format_catalogue(fuzzy.replace(b"#, fuzzy\n", b""), "es.po")[0]
    assert done == fuzzy.replace(b"#, fuzzy\n", b"").replace(b"# suggested: cough (97 %)\n", b"")


@pytest.mark.gettext
def test_format_takes_the_fuzzy_mark_of_no_translation_as_msgcat_does() -> None:
    data = update_catalogue(template_of(PLAN, topic(), ES), None, HEADER, "es.po")
    marked = data.replace(b'msgctxt "title"', b'#, fuzzy, no-wrap\nmsgctxt "title"')
    expected = data.replace(b'msgctxt "title"', b'#, no-wrap\nmsgctxt "title"')
    msgcat = subprocess.run(["msgcat", "--no-wrap", "-"], input=marked, check=True, capture_output=True)
    assert format_catalogue(marked, "es.po")[0] == expected == msgcat.stdout


def test_format_keeps_an_obsolete_entry_without_a_translation() -> None:
    data = update_catalogue(template_of(PLAN, topic(), ES), None, HEADER, "es.po")
    data += b'\n# Ask Ana.\n#~ msgid "Gone"\n#~ msgstr ""\n'
    assert format_catalogue(data, "es.po")[0] == data
