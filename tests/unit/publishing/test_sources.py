import json
from dataclasses import replace
from typing import Any

import pytest

from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.configuration import Configuration, LanguagePolicy
from healthtopics.errors import BuildError
from healthtopics.formats.table import DEFAULT
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import VOCABULARY, catalogue_path, packaged_vocabularies
from healthtopics.publishing.sources import gather
from support.collections import overview_of
from support.files import MemoryFiles
from support.workspaces import ORGANIZATIONS, TOPICS

SPANISH = LanguageTag("es")
CONFIGURATION = Configuration(
    formats=DEFAULT,
    base_url="https://topics.example.org",
    publisher="clinic",
    trial=True,
    languages={SPANISH: LanguagePolicy()},
)


HEADER = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def _files(*topics: Any) -> MemoryFiles:
    named = topics or tuple(TOPICS.values())
    return MemoryFiles(
        configuration=CONFIGURATION,
        own_topics={each["id"]: json.dumps(each).encode() for each in named},
        own_catalogues={},
        own_vocabularies=packaged_vocabularies(),
    ).with_vocabulary(ORGANIZATIONS)


def _found(files: MemoryFiles) -> list[tuple[str, str]]:
    with pytest.raises(BuildError) as raised:
        overview_of(files)
    return [(problem.check, problem.path) for problem in raised.value.problems]


def test_what_has_not_changed_is_parsed_once() -> None:
    one, other = gather(_files()), gather(_files(TOPICS["fever"]))
    assert other.vocabulary is one.vocabulary
    assert other.words[SPANISH][VOCABULARY] is one.words[SPANISH][VOCABULARY]
    assert other.terms[SPANISH].terms is one.terms[SPANISH].terms


def test_what_has_changed_is_parsed_again() -> None:
    files = _files()
    before = gather(files)
    assert "own" not in before.vocabulary.keys("categories")
    own = {"id": "categories", "title": "Own", "entries": [{"id": "own", "label": "Own"}]}
    assert gather(files.with_vocabulary(own)).vocabulary.has("categories", "own")
    word = HEADER + b'msgctxt "label"\nmsgid "Start Here"\nmsgstr "Empiece"\n'
    label = gather(files.with_catalogue(SPANISH, VOCABULARY, word)).terms[SPANISH].terms["categories"]
    assert label["start-here"].label.value == "Empiece"
    assert gather(files).terms[SPANISH].terms["categories"]["start-here"].label.value != "Empiece"


def test_topics_come_sorted_by_id() -> None:
    overview = overview_of(_files(TOPICS["fever"], TOPICS["cough"], TOPICS["asthma"]))
    assert overview.topics == ("asthma", "cough", "fever")
    assert overview.warnings == ()


def test_warnings_are_kept_and_stop_nothing() -> None:
    files = _files().with_catalogue(
        SPANISH, "cold", b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n'
    )
    (warning,) = overview_of(files).warnings
    assert (warning.check, warning.path) == ("catalogue-without-topic", "locales/es/LC_MESSAGES/cold.po")


def test_what_could_not_be_parsed_is_among_the_problems() -> None:
    files = replace(_files(), own_topics={**_files().own_topics, "fever": b"{"})
    assert _found(files) == [("json-syntax", "topics/fever.json")]


def test_every_file_that_cannot_be_parsed() -> None:
    files = _files()
    files = replace(
        files,
        own_topics={**files.own_topics, "fever": b"{"},
        own_vocabularies={**files.own_vocabularies, "vocabulary/b.json": b"]"},
    )
    for name in ("asthma", "cold", "fever"):
        files = files.with_catalogue(SPANISH, name, b"Dear translator")
    assert {path for _, path in _found(files)} == {
        "topics/fever.json",
        "vocabulary/b.json",
        *(f"locales/es/LC_MESSAGES/{name}.po" for name in ("asthma", "cold", "fever")),
    }


def test_the_glossary_of_the_workspace_wins_over_the_packaged_one() -> None:
    own = {"id": "fever", "english": ["fever"], "translations": ["calentura"]}
    shipped = overview_of(_files()).sources.glossaries[SPANISH]
    merged = overview_of(_files().with_glossary(SPANISH, own)).sources.glossaries[SPANISH]
    assert {term.id for term in merged.terms} == {term.id for term in shipped.terms}
    assert [term.suggestions for term in merged.terms if term.id == "fever"] == [["calentura"]]


def test_a_glossary_with_faults_is_among_the_problems() -> None:
    files = _files().with_glossary(SPANISH, {"id": "Fever", "english": ["fever"]})
    assert _found(files) == [("glossary-schema", "locales/es/glossary.json")]
    files = replace(files, own_glossaries={SPANISH: b"{"})
    assert _found(files) == [("json-syntax", "locales/es/glossary.json")]


def test_twins_are_read_for_each_language() -> None:
    english, spanish = "https://pages.example.org/en", "https://pages.example.org/es"
    sources = overview_of(_files().with_twins({"pages": {"en": english, "es": spanish}})).sources
    assert sources.twins[SPANISH].find(english) == spanish
    assert sources.page_languages == {english: SOURCE, spanish: SPANISH}
    assert overview_of(_files()).sources.twins[SPANISH].find(english) is None


def test_twins_with_faults_are_among_the_problems() -> None:
    assert _found(_files().with_twins({"pages": {}})) == [("twins-schema", "twins.json")]
    assert _found(replace(_files(), own_twins=b"[")) == [("json-syntax", "twins.json")]


def test_no_topic_at_all() -> None:
    assert _found(replace(_files(), own_topics={})) == [("no-topics", "topics")]


def test_the_packaged_words_and_over_them_its_own() -> None:
    own = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\n'
    own += 'msgctxt "label"\nmsgid "Start Here"\nmsgstr "Empiece aquí"\n'
    for files, expected in (
        (_files(), "Comience aquí"),
        (_files().with_catalogue(SPANISH, "vocabulary", own.encode()), "Empiece aquí"),
    ):
        messages = overview_of(files).sources.words[SPANISH]["vocabulary"].messages
        words = {key.msgid: message.msgstr for key, message in messages.items()}
        assert words["Start Here"] == expected
        assert len(words) > 10


def test_links_to_an_unreadable_topic_are_not_faults() -> None:
    files = replace(_files(), own_topics={"asthma": _files().own_topics["asthma"], "cough": b"{"})
    assert _found(files) == [("json-syntax", "topics/cough.json")]


def test_links_to_a_topic_without_an_id_are_not_faults() -> None:
    cough = {key: value for key, value in TOPICS["cough"].items() if key != "id"}
    files = _files(TOPICS["asthma"]).with_topic(cough, "cough")
    files = replace(files, own_topics={**files.own_topics, "list": b"[]"})
    assert {path for _, path in _found(files)} == {"topics/cough.json", "topics/list.json"}


def test_links_to_a_topic_in_a_file_of_another_name_are_not_faults() -> None:
    files = _files(TOPICS["asthma"]).with_topic(TOPICS["cough"], "tos")
    assert _found(files) == [("topic-file-name", "topics/tos.json")]


def test_one_id_in_two_files() -> None:
    files = _files().with_topic(TOPICS["cough"], "tos")
    assert ("duplicate-id", "topics/tos.json") in _found(files)
    assert ("duplicate-id", "topics/cough.json") in _found(files)


def test_links_to_a_topic_that_is_nowhere_are() -> None:
    assert set(_found(_files(TOPICS["asthma"]))) == {("unknown-topic", "topics/asthma.json")}


def test_an_unknown_publisher_is_a_problem_of_the_configuration() -> None:
    with pytest.raises(BuildError, match=r"healthtopics.toml#/publisher .* 'nobody' is not an entry of the"):
        overview_of(_files().configured(publisher="nobody"))


def test_a_broken_vocabulary_is_left_out_and_reported() -> None:
    assert {path for _, path in _found(_files().with_vocabulary({"id": "groups"}))} == {
        "vocabulary/groups.json"
    }


class TestCatalogue:
    def test_the_source_language_stands_for_itself(self) -> None:
        overview = overview_of(_files())
        assert overview.sources.read("fever").catalogues[SOURCE] is IDENTITY

    def test_a_missing_file_is_an_empty_one_of_that_name(self) -> None:
        overview = overview_of(_files())
        catalogue = overview.sources.read("fever").catalogues[SPANISH]
        assert catalogue == Catalogue(SPANISH, "locales/es/LC_MESSAGES/fever.po")

    def test_the_folder_has_the_posix_name(self) -> None:
        assert catalogue_path(LanguageTag("es-US"), "fever") == "locales/es_US/LC_MESSAGES/fever.po"
