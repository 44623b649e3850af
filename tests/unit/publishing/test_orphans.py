import json
from dataclasses import replace
from typing import Any

import pytest

from healthtopics.catalogues import po
from healthtopics.configuration import Configuration, LanguagePolicy
from healthtopics.errors import BuildError
from healthtopics.formats.table import DEFAULT
from healthtopics.language import LanguageTag
from healthtopics.layout import packaged_vocabularies
from healthtopics.problems import Problem
from healthtopics.publishing.orphans import catalogues_without_topic
from support.collections import overview_of
from support.files import MemoryFiles
from support.workspaces import ORGANIZATIONS, TOPICS

SPANISH = LanguageTag("es")
CONFIGURATION = Configuration(
    formats=DEFAULT,
    base_url="https://topics.example.org",
    publisher="clinic",
    trial=True,
    languages={SPANISH: LanguagePolicy(), LanguageTag("pt-BR"): LanguagePolicy()},
)
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


def _files(*topics: dict[str, Any]) -> MemoryFiles:
    return MemoryFiles(
        configuration=CONFIGURATION,
        own_topics={each["id"]: json.dumps(each).encode() for each in topics or tuple(TOPICS.values())},
        own_catalogues={},
        own_vocabularies=packaged_vocabularies(),
    ).with_vocabulary(ORGANIZATIONS)


def _po(*msgids: str) -> bytes:
    return "\n".join([HEADER, *(f'msgid {json.dumps(each)}\nmsgstr ""\n' for each in msgids)]).encode()


def _warning(files: MemoryFiles) -> Problem:
    (warning,) = overview_of(files).warnings
    return warning


class TestACatalogueWithoutATopic:
    def test_it_has_the_messages_of_another_topic(self) -> None:
        files = _files().with_catalogue(SPANISH, "pyrexia", _po("Fever", "What is a fever?", "Old words."))
        warning = _warning(files)
        assert (warning.check, warning.path) == (
            "catalogue-without-topic",
            "locales/es/LC_MESSAGES/pyrexia.po",
        )
        assert warning.hint == (
            "Is 'fever' its new name? Then rename the file to fever.po "
            "and run `healthtopics catalogue update`."
        )

    def test_the_topic_has_a_new_catalogue_already(self) -> None:
        files = (
            _files().with_catalogue(SPANISH, "fevers", _po("Fever")).with_catalogue(SPANISH, "fever", _po())
        )
        assert "rename the file to fever.po, in place of the one there if that has no" in _warning(files).hint

    def test_messages_tell_more_than_names(self) -> None:
        files = _files().with_catalogue(SPANISH, "fevers", _po("Cough", "What is a cough?"))
        assert "Is 'cough' its new name?" in _warning(files).hint

    def test_a_similar_name_where_no_messages_tell(self) -> None:
        files = _files().with_catalogue(SPANISH, "coughs", _po("Something else."))
        assert "Is 'cough' its new name?" in _warning(files).hint

    def test_most_shared_messages_tell_even_where_a_catalogue_is(self) -> None:
        files = _files().with_catalogue(SPANISH, "coughs", _po("Fever", "What is a fever?"))
        there = f'{HEADER}\nmsgctxt "title"\nmsgid "Fever"\nmsgstr "Fiebre"\n'.encode()
        assert "Is 'fever' its new name?" in _warning(files).hint
        assert _warning(files.with_catalogue(SPANISH, "fever", there)).hint.startswith(
            "Topic 'fever' has its messages, and a catalogue with other translations: do not replace"
        )

    def test_a_similar_name_is_not_suggested_where_a_catalogue_exists(self) -> None:
        files = _files().with_catalogue(SPANISH, "coughs", _po("Something else."))
        assert _warning(files.with_catalogue(SPANISH, "cough", _po())).hint.startswith("Nothing reads")

    def test_a_catalogue_that_cannot_be_read_may_have_translations(self) -> None:
        files = (
            _files().with_catalogue(SPANISH, "fevers", _po("Fever")).with_catalogue(SPANISH, "fever", b"x")
        )
        with pytest.raises(BuildError, match="do not replace"):
            overview_of(files)

    def test_neither(self) -> None:
        files = _files().with_catalogue(SPANISH, "zzz", _po("Fever", "One.", "Two."))
        assert _warning(files).hint == (
            "Nothing reads or changes it. Delete it, or rename it to the id of its topic."
        )

    def test_topics_that_cannot_be_read_are_passed_over(self) -> None:
        files = _files().with_catalogue(SPANISH, "fevers", _po("Fever"))
        broken = replace(files, own_topics={**files.own_topics, "fever": b"{"})
        with pytest.raises(BuildError, match=r"Is 'fever' its new name"):
            overview_of(broken)


@pytest.mark.parametrize(
    ("folder", "hint"),
    [
        ("pt-br", "Rename it to pt_BR."),
        ("fr", "Add [languages.fr] to healthtopics.toml, or move the folder out of locales/."),
        ("zh-Hans", "Add [languages.zh-Hans] to healthtopics.toml, or move the folder out of locales/."),
        ("Spanish", "“Spanish” is not a language either: a folder is named like es or pt_BR. Rename it."),
        ("en", "Topics are written in English and need no catalogue for it. Delete the folder."),
    ],
)
def test_a_folder_that_is_not_a_configured_language(folder: str, hint: str) -> None:
    warning = _warning(_files().with_catalogue(LanguageTag(folder), "fever", _po("Fever")))
    name = folder.replace("-", "_")
    assert (warning.check, warning.path) == ("catalogue-without-language", f"locales/{name}")
    assert warning.hint == hint


def test_a_header_that_names_another_language() -> None:
    data = f'{HEADER}"Language: fr\\n"\n'
    warning = _warning(_files().with_catalogue(SPANISH, "fever", data.encode()))
    assert (warning.check, str(warning.level)) == ("po-language", "warning")


def test_an_unknown_language_in_the_configuration() -> None:
    files = _files().configured(languages={SPANISH: LanguagePolicy(), LanguageTag("xx"): LanguagePolicy()})
    warning = _warning(files)
    assert (warning.check, warning.level, warning.path) == (
        "unknown-language",
        "warning",
        "healthtopics.toml",
    )
    assert warning.message.startswith("[languages.xx]: 'xx' is not the tag of a language")


def test_many_stray_catalogues_are_compared_with_each_topic_once() -> None:
    words = _po("Asthma", "What asthma is.")
    files = _files().with_catalogue(SPANISH, "asthma", words)
    for number in range(40):
        files = files.with_catalogue(SPANISH, f"stray-{number}", words)
    files.log.clear()
    found = catalogues_without_topic(
        files,
        {
            name: po.to_catalogue(po.parse(words, "").file, SPANISH, f"{name}.po")
            for name in files.catalogue_names(SPANISH)
            if name.startswith("stray")
        },
    )
    assert len(found) == 40
    assert all("Is 'asthma' its new name?" in each.hint for each in found)
    assert sorted(files.log) == sorted(
        [*(f"topics/{name}.json" for name in TOPICS), "locales/es/LC_MESSAGES/asthma.po"]
    )
