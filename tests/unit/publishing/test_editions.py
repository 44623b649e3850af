import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from healthtopics.configuration import LanguagePolicy
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.publishing.editions import foreign_pages, links_in_text
from healthtopics.storage.workspace import open_workspace, read_files
from healthtopics.topic import LocalizedTopic
from support import workspaces
from support.collections import Judgements
from support.documents import resource, section, topic
from support.files import MemoryFiles
from support.workspaces import ORGANIZATIONS, TOPICS

if TYPE_CHECKING:
    from pathlib import Path

SPANISH = LanguageTag("es")
TODAY = "2026-11-20"


FUZZY = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

#, fuzzy
msgctxt "label"
msgid "Start Here"
msgstr "Empiece"
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> MemoryFiles:
    folder: Path = tmp_path_factory.mktemp("editions") / "workspace"
    return MemoryFiles.of(read_files(open_workspace(workspaces.create(folder).folder)))


@pytest.fixture(scope="module")
def complete(files: MemoryFiles) -> Judgements:
    return Judgements(files)


def _edited(
    complete: Judgements,
    *,
    policy: LanguagePolicy | None = None,
    organizations: Any = ORGANIZATIONS,
    without: str = "",
    **topics: Mapping[str, Any],
) -> Judgements:
    """The complete collection with other topics, policy or organizations, or without one Spanish message."""
    files = MemoryFiles.of(complete.files).configured(languages={SPANISH: policy or LanguagePolicy()})
    for document in topics.values():
        files = files.with_topic(document)
    for name in files.own_catalogues[SPANISH] if without else ():
        files = files.translated(SPANISH, name, without, "")
    if without == "Start Here":  # a word that the package translates
        files = files.with_catalogue(SPANISH, "vocabulary", FUZZY.encode())
    return Judgements(files.with_vocabulary(organizations))


def _states(collection: Judgements) -> dict[tuple[str, str], str | None]:
    return {(each.topic, each.language): each.as_of for each in collection.outcome.held}


def test_every_topic_in_every_language(complete: Judgements) -> None:
    assert {topic: list(each) for topic, each in complete.outcome.cards.items()} == {
        topic: ["en", "es"] for topic in TOPICS
    }
    assert complete.outcome.held == ()
    assert complete.outcome.cards["asthma"][SPANISH].title == "Asma"


def test_the_date_is_the_later_one_of_topic_and_catalogue(complete: Judgements) -> None:
    cards = complete.outcome.cards["asthma"]
    assert (cards[SOURCE].updated, cards[SPANISH].updated) == ("2026-11-10T00:00:00Z", "2026-11-12T09:00:00Z")


def test_the_topics_own_page_wins_over_the_derived_address(complete: Judgements) -> None:
    topic = {**TOPICS["fever"], "pages": {"es": "https://www.example.org/es/fiebre"}}
    cards = _edited(complete, fever=topic).outcome.cards["fever"]
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
    complete: Judgements, dates: Mapping[str, str], days: Mapping[str, bool]
) -> None:
    topic = {**TOPICS["fever"], "dates": {**TOPICS["fever"]["dates"], **dates}}
    collection = _edited(complete, fever=topic)
    for day, is_published in days.items():
        assert ("fever" in replace(collection, today=day).outcome.cards) is is_published


class TestHeld:
    def test_held_where_nothing_replaces_it(self, complete: Judgements) -> None:
        collection = _edited(complete, without="Fever")
        assert _states(collection) == {("fever", "es"): None}
        assert SPANISH not in collection.outcome.cards["fever"]

    def test_the_card_of_the_last_release_replaces_it(self, complete: Judgements) -> None:
        earlier = complete.outcome.cards
        collection = replace(_edited(complete, without="Fever"), earlier=earlier)
        assert _states(collection) == {("fever", "es"): "2026-11-12T09:00:00Z"}
        assert collection.outcome.cards["fever"][SPANISH] == earlier["fever"][SPANISH]
        assert collection.decided["fever"].verdicts[SPANISH].card is None

    def test_a_missing_label_holds_the_topics_that_show_it(self, complete: Judgements) -> None:
        assert _states(_edited(complete, without="Start Here")) == {("asthma", "es"): None}

    def test_fallback_publishes_from_the_threshold_on(self, complete: Judgements) -> None:
        counts = complete.outcome.coverage["fever"][SPANISH]
        share = (counts.messages - 1) / counts.messages
        for threshold, is_held in ((share, False), (share + 0.001, True)):
            policy = LanguagePolicy(policy="fallback", threshold=threshold)
            collection = _edited(complete, policy=policy, without="What a fever is.")
            assert bool(collection.outcome.held) is is_held

    def test_fallback_needs_the_title(self, complete: Judgements) -> None:
        policy = LanguagePolicy(policy="fallback", threshold=0)
        assert _states(_edited(complete, policy=policy, without="Fever")) == {("fever", "es"): None}


class TestEdition:
    def test_only_the_terms_that_the_topic_uses(self, complete: Judgements) -> None:
        edition = complete.edition("fever", SPANISH)
        assert set(edition.terms["organizations"]) == {"clinic"}
        assert set(edition.terms["aspects"]) == {"overview"}
        assert "categories" not in edition.terms
        asthma = complete.edition("asthma", SPANISH)
        assert asthma.term("categories", "start-here").label.value == "Comience aquí"

    def test_linked_topics_in_the_language_of_the_edition(self, complete: Judgements) -> None:
        edition = complete.edition("asthma", SPANISH)
        assert {name: card.title for name, card in edition.topics.items()} == {"cough": "Tos"}

    def test_else_in_english(self, complete: Judgements) -> None:
        collection = _edited(complete, without="Cough")
        edition = collection.edition("asthma", SPANISH)
        assert edition.topics["cough"].language == SOURCE

    def test_a_topic_that_no_edition_has_is_not_linked(self, complete: Judgements) -> None:
        dates = {**TOPICS["cough"]["dates"], "publishFrom": "2999-01-01"}
        collection = _edited(complete, cough={**TOPICS["cough"], "dates": dates})
        assert collection.edition("asthma", SOURCE).topics == {}

    def test_plain_text_that_looks_like_a_link_is_not_one(self, complete: Judgements) -> None:
        fever = copy.deepcopy(TOPICS["fever"])
        fever["sections"][0]["heading"] = "The topic: chills & <fever>"
        collection = _edited(complete, fever=fever)
        assert collection.edition("fever", SOURCE).topics == {}

    def test_the_organizations_above(self, complete: Judgements) -> None:
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
        collection = _edited(complete, organizations={**ORGANIZATIONS, "entries": entries})
        edition = collection.edition("fever", SOURCE)
        assert set(edition.terms["organizations"]) == {"clinic", "trust", "state"}


class TestForeignPages:
    ENGLISH, MARKED, SAME, LISTED, OTHER = (
        "https://e.example/a",
        "https://e.example/spanish/a.html",
        "https://e.example/b",
        "https://e.example/c",
        "https://e.example/d",
    )

    @staticmethod
    def _topic(language: LanguageTag, *hrefs: str, **members: Any) -> LocalizedTopic:
        links = " ".join(f'<a href="{href}">x</a>' for href in hrefs)
        return LocalizedTopic.from_document(
            topic(
                sections=[
                    section(
                        "a",
                        {"subheading": "a < b"},
                        {"list": [{"item": "x", "list": [links]}]},
                        {
                            "callout": "c < d",
                            "urgency": "urgent",
                            "body": [{"paragraph": f"<em>{links}</em>"}],
                        },
                    )
                ],
                **members,
            ),
            language,
        )

    def test_what_the_english_text_links_to_is_english(self) -> None:
        spanish = self._topic(SPANISH, self.ENGLISH, self.MARKED, self.OTHER, "topic:fever")
        english = links_in_text(self._topic(SOURCE, self.ENGLISH, self.MARKED, "topic:fever"))
        assert english == [self.ENGLISH, self.MARKED, "topic:fever"]
        # Of a page that only the Spanish text links to, nothing is known.
        assert foreign_pages(spanish, {}, english) == {self.ENGLISH: SOURCE}

    def test_what_links_state_comes_first(self) -> None:
        listed = [
            resource(links={"en": self.SAME, "es": self.SAME}),
            resource(links={"en": self.ENGLISH, "es": self.LISTED}),
            resource(links={"fr": self.OTHER}),
        ]
        spanish = self._topic(SPANISH, self.SAME, self.LISTED, self.OTHER, resources=listed)
        english = [self.SAME, self.LISTED, self.OTHER]
        assert foreign_pages(spanish, {self.LISTED: SOURCE}, english) == {self.OTHER: "fr"}

    def test_then_what_the_workspace_knows(self) -> None:
        spanish = self._topic(SPANISH, self.ENGLISH, self.MARKED, self.OTHER)
        pages = {self.ENGLISH: SPANISH, self.MARKED: SOURCE, self.OTHER: SOURCE}
        assert foreign_pages(spanish, pages, [self.ENGLISH]) == {self.MARKED: SOURCE, self.OTHER: SOURCE}

    @pytest.mark.parametrize("url", ["https://espanol.e.example/", "https://e.example/ES/x", MARKED])
    def test_an_address_may_name_its_language(self, url: str) -> None:
        assert foreign_pages(self._topic(SPANISH, url), {}, [url]) == {}
        assert foreign_pages(self._topic(LanguageTag("es-US"), url), {}, [url]) == {}
        assert foreign_pages(self._topic(LanguageTag("fr"), url), {}, [url]) == {url: SPANISH}
        assert foreign_pages(self._topic(SOURCE, url), {}, [url]) == {url: SPANISH}


class TestTwins:
    ENGLISH, TWIN = "https://e.example/a", "https://otra.example/b"

    @pytest.fixture
    def linking(self, complete: Judgements) -> MemoryFiles:
        """A topic whose Spanish text links to a page in English."""
        text = f'See <a href="{self.ENGLISH}">this page</a>.'
        files = MemoryFiles.of(complete.files)
        document = files.document("fever")
        document["sections"][0]["body"].append({"paragraph": text})
        entry = (
            f'\nmsgctxt "paragraph"\nmsgid "{_quoted(text)}"\n'
            f'msgstr "Vea <a href=\\"{self.ENGLISH}\\">esta página</a>."\n'
        )
        catalogue = files.own_catalogues[SPANISH]["fever"] + entry.encode()
        return files.with_topic(document).with_catalogue(SPANISH, "fever", catalogue)

    def test_without_a_twin_the_link_is_marked(self, linking: MemoryFiles) -> None:
        collection = Judgements(linking)
        assert collection.outcome.held == ()
        assert links_in_text(collection.localized("fever", SPANISH)) == [self.ENGLISH]
        assert collection.edition("fever", SPANISH).pages == {self.ENGLISH: SOURCE}
        assert collection.edition("fever", SOURCE).pages == {}

    def test_the_edition_links_to_the_twin(self, linking: MemoryFiles) -> None:
        row = {"pages": {"en": self.ENGLISH, "es": self.TWIN}}
        collection = Judgements(linking.with_twins(row))
        assert links_in_text(collection.localized("fever", SPANISH)) == [self.TWIN]
        assert collection.edition("fever", SPANISH).pages == {}
        assert links_in_text(collection.localized("fever", SOURCE)) == [self.ENGLISH]

    def test_a_translator_may_link_to_the_twin(self, linking: MemoryFiles) -> None:
        text = linking.own_catalogues[SPANISH]["fever"].replace(
            f'msgstr "Vea <a href=\\"{self.ENGLISH}'.encode(), f'msgstr "Vea <a href=\\"{self.TWIN}'.encode()
        )
        files = linking.with_catalogue(SPANISH, "fever", text)
        assert [each.topic for each in Judgements(files).outcome.held] == ["fever"]
        row = {"pages": {"en": self.ENGLISH, "es": self.TWIN}}
        assert Judgements(files.with_twins(row)).outcome.held == ()


def _quoted(text: str) -> str:
    return text.replace('"', '\\"')
