import copy
from typing import Any

import pytest

from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.configuration import Configuration, LanguagePolicy
from healthtopics.errors import BuildError, ConfigurationError
from healthtopics.jsontext import parse
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem
from healthtopics.publishing import Files, assemble, catalogue_path
from healthtopics.schema import packaged_vocabularies
from support.workspaces import ORGANIZATIONS, TOPICS

SPANISH = LanguageTag("es")
CONFIGURATION = Configuration(
    base_url="https://topics.example.org", publisher="clinic", languages={SPANISH: LanguagePolicy()}
)


def _files(*topics: Any, problems: tuple[Problem, ...] = (), publisher: str = "clinic") -> Files:
    named = topics or tuple(copy.deepcopy(TOPICS).values())
    return Files(
        configuration=Configuration(
            base_url=CONFIGURATION.base_url, publisher=publisher, languages=CONFIGURATION.languages
        ),
        vocabularies=[
            *((path, parse(data, path)) for path, data in packaged_vocabularies().items()),
            ("vocabulary/organizations.json", ORGANIZATIONS),
        ],
        topics=[(f"topics/{each['id']}.json", each) for each in named],
        catalogues={},
        problems=problems,
    )


def _found(files: Files) -> list[tuple[str, str]]:
    with pytest.raises(BuildError) as raised:
        assemble(files)
    return [(problem.check, problem.path) for problem in raised.value.problems]


def test_topics_come_sorted_by_id() -> None:
    sources = assemble(_files(TOPICS["fever"], TOPICS["cough"], TOPICS["asthma"]))
    assert list(sources.topics) == ["asthma", "cough", "fever"]
    assert sources.warnings == ()


def test_warnings_are_kept_and_stop_nothing() -> None:
    warning = Problem(check="x", level=Level.WARNING, path="a", message="b.")
    assert assemble(_files(problems=(warning,))).warnings == (warning,)


def test_what_could_not_be_parsed_is_among_the_problems() -> None:
    fault = Problem(check="json-syntax", path="topics/fever.json", message="b.")
    assert _found(_files(TOPICS["asthma"], TOPICS["cough"], problems=(fault,))) == [
        ("json-syntax", "topics/fever.json")
    ]


def test_links_to_a_topic_that_cannot_be_read_are_no_faults() -> None:
    fault = Problem(check="json-syntax", path="topics/cough.json", message="b.")
    assert _found(_files(TOPICS["asthma"], problems=(fault,))) == [("json-syntax", "topics/cough.json")]


def test_links_to_a_topic_without_an_id_are_no_faults() -> None:
    files = _files(TOPICS["asthma"])
    cough = {key: value for key, value in TOPICS["cough"].items() if key != "id"}
    files = Files(
        configuration=files.configuration,
        vocabularies=files.vocabularies,
        topics=[*files.topics, ("topics/cough.json", cough), ("topics/list.json", [])],
        catalogues={},
    )
    assert {path for _, path in _found(files)} == {"topics/cough.json", "topics/list.json"}


def test_links_to_a_topic_that_is_nowhere_are() -> None:
    assert set(_found(_files(TOPICS["asthma"]))) == {("unknown-topic", "topics/asthma.json")}


def test_a_publisher_that_nobody_knows_is_wrong_configuration() -> None:
    with pytest.raises(ConfigurationError, match="'nobody' is no entry of the vocabulary `organizations`"):
        assemble(_files(publisher="nobody"))


def test_a_broken_vocabulary_is_left_out_and_reported() -> None:
    files = _files()
    broken = {"id": "groups"}
    files = Files(
        configuration=files.configuration,
        vocabularies=[*files.vocabularies, ("vocabulary/groups.json", broken)],
        topics=files.topics,
        catalogues={},
    )
    assert {path for _, path in _found(files)} == {"vocabulary/groups.json"}


class TestCatalogue:
    def test_the_source_language_stands_for_itself(self) -> None:
        assert assemble(_files()).catalogue(SOURCE, "fever") is IDENTITY

    def test_where_there_is_no_file_there_is_an_empty_one_of_that_name(self) -> None:
        catalogue = assemble(_files()).catalogue(SPANISH, "fever")
        assert catalogue == Catalogue(SPANISH, "locales/es/LC_MESSAGES/fever.po")

    def test_the_folder_has_the_posix_name(self) -> None:
        assert catalogue_path(LanguageTag("es-US"), "fever") == "locales/es_US/LC_MESSAGES/fever.po"
