"""The words of pages: found in the templates, translated, and the locale data beside them."""

from datetime import date

import pytest
from babel.dates import format_date

from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Coverage, Interface, Text, TextState
from healthtopics.translation.interface import localize_interface, template_of_interface

ES = LanguageTag("es")
TEMPLATE = b"""\
{# translators: The way out. #}
<p>{{ _("Leave") }}</p>
{# nobody: Not for them. #}
<p>{{ _("Stay") }}, {{ _("Leave") }}</p>
"""
WORDS = template_of_interface({"page.html": TEMPLATE})


def localized(language: str, *messages: Message, locale: str = "") -> Interface:
    catalogue = Catalogue.of(LanguageTag(language), messages) if language != SOURCE else IDENTITY
    return localize_interface(WORDS, catalogue, LanguageTag(locale or language), [SOURCE, ES]).interface


def test_template_has_each_word_once_with_what_its_author_says() -> None:
    assert [
        TemplateMessage(
            Key("interface", "Leave"), ("Words of the page itself.", "The way out."), "page.html"
        ),
        TemplateMessage(Key("interface", "Stay"), ("Words of the page itself.",), "page.html"),
    ] == WORDS


def test_words_are_translated_and_counted() -> None:
    leave = Message(Key("interface", "Leave"), "Salir")
    found = localize_interface(WORDS, Catalogue.of(ES, [leave], path="es.po"), ES, [SOURCE, ES])
    assert found.interface.word("Leave") == Text("Salir", ES, TextState.TRANSLATED)
    assert found.interface.word("Stay") == Text("Stay", SOURCE, TextState.MISSING)
    assert found.coverage == Coverage(messages=2, translated=1, missing=1)
    assert [(each.check, each.path) for each in found.findings] == [("message-missing", "es.po")]


@pytest.mark.parametrize(
    ("message", "state"),
    [
        (Message(Key("interface", "Leave"), "Salir", is_fuzzy=True), TextState.FUZZY),
        (Message(Key("interface", "Leave"), "\N{ZERO WIDTH SPACE}"), TextState.MISSING),
        (Message(Key("label", "Leave"), "Salir"), TextState.MISSING),
    ],
)
def test_words_without_a_usable_translation_stay_in_english(message: Message, state: TextState) -> None:
    assert localized("es", message).word("Leave") == Text("Leave", SOURCE, state)


def test_source_language_needs_no_catalogue() -> None:
    found = localize_interface(WORDS, IDENTITY, SOURCE, [SOURCE])
    assert (found.interface.word("Leave"), found.coverage) == (Text("Leave"), Coverage())


def test_word_that_no_template_has_is_english() -> None:
    assert Interface().word("Else") == Text("Else")
    assert Interface(language=ES).word("Else") == Text("Else", SOURCE, TextState.MISSING)


@pytest.mark.parametrize("locale", ["en", "es", "es-US", "fr", "pt", "ru", "ar", "hu", "zh-Hans", "vi", "ko"])
@pytest.mark.parametrize("month", range(1, 13))
def test_days_are_written_as_the_locale_data_have_it(locale: str, month: int) -> None:
    day = date(2026, month, 9)
    expected = format_date(day, "long", locale.replace("-", "_"))
    assert localized("es", locale=locale).day(day.isoformat()) == expected


def test_languages_are_named_in_this_one_and_in_themselves() -> None:
    interface = localized("es")
    assert interface.language_name(SOURCE) == "inglés"
    assert interface.autonyms == {SOURCE: "English", ES: "Español"}


def test_language_without_locale_data_writes_days_and_languages_as_programs_do() -> None:
    interface = localized("qqq")
    assert interface.day("2026-11-21") == "2026-11-21"
    assert interface.language_name(ES) == "es"
    unknown = LanguageTag("qqq")
    assert localize_interface([], IDENTITY, SOURCE, [unknown]).interface.autonyms == {unknown: "qqq"}
