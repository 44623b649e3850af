"""The translation memory as TMX."""

import pytest
from lxml import etree

from healthtopics.catalogue import Key
from healthtopics.catalogues.memory import Remembered
from healthtopics.catalogues.tmx import from_tmx, to_tmx
from healthtopics.errors import ImportDataError
from healthtopics.language import LanguageTag

ES = LanguageTag("es")
TEXTS = [
    Remembered(Key("title", "Fever & chills"), "Fiebre y escalofríos", "fever"),
    Remembered(
        Key("paragraph", 'Take <strong>20 mg</strong> <a href="topic:a&amp;b">now</a>.'),
        'Tome <strong>20 mg</strong> <a href="topic:a&amp;b">ahora</a>.',
        "fever",
    ),
    Remembered(Key("also-called", "One\nTwo < 5"), "Uno\nDos < 5", "fever"),
]


def test_what_is_written_is_read_again() -> None:
    assert from_tmx(to_tmx(TEXTS, ES), "m.tmx", ES, "fever") == TEXTS


def test_tags_are_placeholders() -> None:
    root = etree.fromstring(to_tmx(TEXTS, ES))
    assert [each.text for each in root.iter("ph")][:3] == [
        "<strong>",
        "</strong>",
        '<a href="topic:a&amp;b">',
    ]
    assert root.get("version") == "1.4"


def test_a_translation_is_there_once() -> None:
    again = Remembered(TEXTS[0].key, TEXTS[0].msgstr, "cough")
    assert len(from_tmx(to_tmx([*TEXTS, again], ES), "m.tmx", ES, "x")) == 3


def test_a_memory_of_another_tool() -> None:
    tool = b"""<tmx version="1.4"><header/><body>
      <tu><tuv lang="EN-US"><seg>Fever</seg></tuv><tuv lang="es_US"><seg>Fiebre</seg></tuv></tu>
      <tu><tuv xml:lang="en"><seg>Cough</seg></tuv><tuv xml:lang="pt"><seg>Tosse</seg></tuv></tu>
    </body></tmx>"""
    assert from_tmx(tool, "m.tmx", ES, "agency") == [Remembered(Key("", "Fever"), "Fiebre", "agency")]


@pytest.mark.parametrize("data", [b"", b"<tmx", b"<xliff/>"])
def test_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(ImportDataError):
        from_tmx(data, "m.tmx", ES, "x")
