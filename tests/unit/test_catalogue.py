import pytest

from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.language import LanguageTag

ES = LanguageTag("es")
TITLE = Key("title", "Asthma")
HEADING = Key("heading", "Asthma")


def catalogue(*messages: Message, path: str = "", revised: str = "") -> Catalogue:
    return Catalogue.of(ES, messages, path=path, revised=revised)


def test_context_distinguishes_equal_texts() -> None:
    both = catalogue(Message(TITLE, "Asma"), Message(HEADING, "El asma"))
    assert [both.find(TITLE), both.find(HEADING)] == [Message(TITLE, "Asma"), Message(HEADING, "El asma")]


def test_of_two_messages_with_one_key_the_first_counts() -> None:
    assert catalogue(Message(TITLE, "Asma"), Message(TITLE, "Otra")).find(TITLE) == Message(TITLE, "Asma")


def test_source_language_needs_no_messages() -> None:
    assert IDENTITY.find(TITLE) is None


@pytest.mark.parametrize(
    ("own", "shipped", "expected"),
    [
        pytest.param([Message(TITLE, "Asma")], [Message(TITLE, "x")], Message(TITLE, "Asma"), id="own wins"),
        pytest.param([Message(TITLE)], [Message(TITLE, "x")], Message(TITLE, "x"), id="empty own gives way"),
        pytest.param([], [Message(TITLE, "x")], Message(TITLE, "x"), id="only shipped"),
        pytest.param(
            [Message(TITLE, line=3)], [Message(TITLE, line=9)], Message(TITLE, line=3), id="both empty"
        ),
        pytest.param([Message(TITLE, line=3)], [], Message(TITLE, line=3), id="only own, empty"),
        pytest.param(
            [Message(TITLE, "Asma", is_fuzzy=True)],
            [Message(TITLE, "x")],
            Message(TITLE, "Asma", is_fuzzy=True),
            id="own fuzzy one is somebody's work",
        ),
    ],
)
def test_own_translations_win_over_the_shipped(
    own: list[Message], shipped: list[Message], expected: Message
) -> None:
    assert catalogue(*own).over(catalogue(*shipped)).find(TITLE) == expected


def test_merged_catalogue_has_the_own_path_and_the_later_revision() -> None:
    own = catalogue(path="own.po", revised="2026-01-01T00:00:00Z")
    shipped = catalogue(path="shipped.po", revised="2026-02-01T00:00:00Z")
    merged = own.over(shipped)
    assert (merged.path, merged.revised) == ("own.po", "2026-02-01T00:00:00Z")
    assert catalogue().over(shipped).path == "shipped.po"
