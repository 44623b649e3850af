import copy
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from healthtopics.catalogue import Catalogue
from healthtopics.configuration import LanguagePolicy
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import packaged_vocabularies
from healthtopics.publishing import Sources, assemble, edition_of, prepare
from healthtopics.publishing.editions import Editions
from healthtopics.storage.workspace import open_workspace, read_files
from support import workspaces
from support.files import MemoryFiles
from support.workspaces import ORGANIZATIONS, TOPICS

if TYPE_CHECKING:
    from pathlib import Path

SPANISH = LanguageTag("es")
TODAY = "2026-11-20"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("editions") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


@pytest.fixture(scope="module")
def complete(files: MemoryFiles) -> Sources:
    return assemble(files)


def _sources(
    complete: Sources,
    *,
    policy: LanguagePolicy | None = None,
    organizations: Any = ORGANIZATIONS,
    without: str = "",
    **topics: Mapping[str, Any],
) -> Sources:
    """The complete sources with other topics, policy or organisations, or without one Spanish message."""
    files = MemoryFiles(
        configuration=replace(complete.configuration, languages={SPANISH: policy or LanguagePolicy()}),
        own_topics={name: json.dumps(each).encode() for name, each in {**TOPICS, **topics}.items()},
        own_catalogues={},
        own_vocabularies=packaged_vocabularies(),
    ).with_vocabulary(organizations)
    catalogues = dict(complete.catalogues[SPANISH])
    for name, catalogue in catalogues.items():
        messages = {key: each for key, each in catalogue.messages.items() if key.msgid != without}
        catalogues[name] = Catalogue(SPANISH, catalogue.path, messages, catalogue.revised)
    return replace(assemble(files), catalogues={SPANISH: catalogues})


def _states(editions: Editions) -> dict[tuple[str, str], str | None]:
    return {(each.topic, each.language): each.as_of for each in editions.held}


def test_every_topic_in_every_language(complete: Sources) -> None:
    editions = prepare(complete, today=TODAY)
    assert {topic: list(each) for topic, each in editions.prepared.items()} == {
        topic: ["en", "es"] for topic in TOPICS
    }
    assert editions.held == ()
    assert editions.cards["asthma"][SPANISH].title == "Asma"


def test_the_date_is_the_later_one_of_topic_and_catalogue(complete: Sources) -> None:
    cards = prepare(complete, today=TODAY).cards["asthma"]
    assert (cards[SOURCE].updated, cards[SPANISH].updated) == ("2026-11-10T00:00:00Z", "2026-11-12T09:00:00Z")


def test_a_page_of_its_own_wins_over_the_derived_address(complete: Sources) -> None:
    topic = {**TOPICS["fever"], "pages": {"es": "https://www.example.org/es/fiebre"}}
    cards = prepare(_sources(complete, fever=topic), today=TODAY).cards["fever"]
    assert cards[SOURCE].page == "https://topics.example.org/en/fever"
    assert cards[SPANISH].page == "https://www.example.org/es/fiebre"


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ({"publishFrom": TODAY}, {"2026-11-19": False, TODAY: True}),
        ({"withdrawFrom": TODAY}, {"2026-11-19": True, TODAY: False}),
        (
            {"publishFrom": "2026-11-01", "withdrawFrom": "2026-12-01"},
            {"2026-10-31": False, "2026-11-30": True, "2026-12-01": False},
        ),
    ],
)
def test_a_topic_is_published_on_its_days(
    complete: Sources, dates: Mapping[str, str], days: Mapping[str, bool]
) -> None:
    topic = {**TOPICS["fever"], "dates": {**TOPICS["fever"]["dates"], **dates}}
    sources = _sources(complete, fever=topic)
    for day, is_published in days.items():
        assert ("fever" in prepare(sources, today=day).cards) is is_published
    assert "fever" in prepare(sources, today=None).cards


class TestHeld:
    def test_withheld_where_there_is_no_earlier_edition(self, complete: Sources) -> None:
        editions = prepare(_sources(complete, without="Fever"), today=TODAY)
        assert _states(editions) == {("fever", "es"): None}
        assert SPANISH not in editions.cards["fever"]

    def test_the_card_of_the_last_release_replaces_it(self, complete: Sources) -> None:
        earlier = prepare(complete, today=TODAY).cards
        editions = prepare(_sources(complete, without="Fever"), today=TODAY, earlier=earlier)
        assert _states(editions) == {("fever", "es"): "2026-11-12T09:00:00Z"}
        assert editions.cards["fever"][SPANISH] == earlier["fever"][SPANISH]
        assert SPANISH not in editions.prepared["fever"]

    def test_a_missing_label_holds_the_topics_that_show_it(self, complete: Sources) -> None:
        editions = prepare(_sources(complete, without="Start Here"), today=TODAY)
        assert _states(editions) == {("asthma", "es"): None}

    def test_fallback_publishes_from_the_threshold_on(self, complete: Sources) -> None:
        counts = prepare(complete, today=TODAY).coverage["fever"][SPANISH]
        share = (counts.messages - 1) / counts.messages
        for threshold, is_held in ((share, False), (share + 0.001, True)):
            policy = LanguagePolicy(policy="fallback", threshold=threshold)
            editions = prepare(_sources(complete, policy=policy, without="What a fever is."), today=TODAY)
            assert bool(editions.held) is is_held

    def test_fallback_needs_the_title(self, complete: Sources) -> None:
        policy = LanguagePolicy(policy="fallback", threshold=0)
        editions = prepare(_sources(complete, policy=policy, without="Fever"), today=TODAY)
        assert _states(editions) == {("fever", "es"): None}


class TestEdition:
    def test_only_the_terms_that_the_topic_uses(self, complete: Sources) -> None:
        edition = edition_of(complete, prepare(complete, today=TODAY), "fever", SPANISH)
        assert set(edition.terms["organizations"]) == {"clinic"}
        assert set(edition.terms["aspects"]) == {"overview"}
        assert "categories" not in edition.terms
        asthma = edition_of(complete, prepare(complete, today=TODAY), "asthma", SPANISH)
        assert asthma.term("categories", "start-here").label.value == "Comience aquí"

    def test_linked_topics_in_the_language_of_the_edition(self, complete: Sources) -> None:
        edition = edition_of(complete, prepare(complete, today=TODAY), "asthma", SPANISH)
        assert {name: card.title for name, card in edition.topics.items()} == {"cough": "Tos"}

    def test_else_in_english(self, complete: Sources) -> None:
        sources = _sources(complete, without="Cough")
        edition = edition_of(sources, prepare(sources, today=TODAY), "asthma", SPANISH)
        assert edition.topics["cough"].language == SOURCE

    def test_a_topic_that_no_edition_has_is_not_linked(self, complete: Sources) -> None:
        dates = {**TOPICS["cough"]["dates"], "publishFrom": "2999-01-01"}
        sources = _sources(complete, cough={**TOPICS["cough"], "dates": dates})
        assert edition_of(sources, prepare(sources, today=TODAY), "asthma", SOURCE).topics == {}

    def test_plain_text_that_looks_like_a_link_is_not_a_link(self, complete: Sources) -> None:
        fever = copy.deepcopy(TOPICS["fever"])
        fever["sections"][0]["heading"] = "The topic: chills & <fever>"
        sources = _sources(complete, fever=fever)
        assert edition_of(sources, prepare(sources, today=TODAY), "fever", SOURCE).topics == {}

    def test_the_organisations_above(self, complete: Sources) -> None:
        entries = [
            {**ORGANIZATIONS["entries"][0], "parent": "trust"},  # type: ignore[dict-item]  # a literal of mixed values
            {
                "id": "trust",
                "name": "Trust",
                "definition": "Above.",
                "type": "Organization",
                "parent": "state",
            },
            {"id": "state", "name": "State", "definition": "Top.", "type": "Organization"},
        ]
        sources = _sources(complete, organizations={**ORGANIZATIONS, "entries": entries})
        edition = edition_of(sources, prepare(sources, today=TODAY), "fever", SOURCE)
        assert set(edition.terms["organizations"]) == {"clinic", "trust", "state"}
