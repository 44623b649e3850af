"""`# lint-ignore: <id>` keeps a finding quiet, and says so when there is nothing to keep quiet."""

import pytest

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.schema import packaged, plan_messages
from healthtopics.translation import Translation, translate
from healthtopics.translation.checks.dismissal import dismissed_by

PLAN = plan_messages(packaged("topic.schema.json"))
TITLE = "A name that is as long as it has to be to be no accident"
TOPIC = {
    "id": "asthma",
    "kind": "condition",
    "title": TITLE,
    "dates": {"created": "2026-11-20", "updated": "2026-11-20"},
    "sources": [],
}


def translated(msgstr: str, *dismissed: str) -> Translation:
    message = Message(Key("title", TITLE), msgstr, dismissed=frozenset(dismissed), line=7)
    return translate(PLAN, TOPIC, Catalogue.of(LanguageTag("es"), [message], path="es.po"))


def found(translation: Translation) -> list[tuple[str, Level]]:
    return [(finding.check, finding.level) for finding in translation.findings]


def test_a_finding_holds_until_it_is_dismissed() -> None:
    assert found(translated(TITLE)) == [("message-untranslated", Level.ERROR)]
    assert not translated(TITLE).coverage.is_complete
    dismissed = translated(TITLE, "message-untranslated")
    assert not found(dismissed)
    assert dismissed.coverage.is_complete


def test_a_dismissal_that_dismisses_nothing_is_told() -> None:
    translation = translated(
        "Un nombre tan largo como tiene que ser para no ser casual", "message-untranslated"
    )
    assert found(translation) == [("dismissal-unneeded", Level.WARNING)]
    assert translation.coverage.is_complete


@pytest.mark.parametrize(("msgstr", "check"), [("a\tb", "message-tab"), ("a\x07b", "message-control")])
def test_what_cannot_be_published_cannot_be_dismissed(msgstr: str, check: str) -> None:
    translation = translated(msgstr, check)
    assert (check, Level.ERROR) in found(translation)
    assert translation.coverage.blocked == 1


def test_nobody_dismisses_that_there_is_no_translation() -> None:
    translation = translated("", "message-missing")
    assert ("message-missing", Level.WARNING) in found(translation)
    assert translation.coverage.missing == 1


@pytest.mark.parametrize(
    ("comment", "ids"),
    [
        ("lint-ignore: numbers", {"numbers"}),
        ("by hand\nlint-ignore: a-b, c-d", {"a-b", "c-d"}),
        ("lint-ignore: a\nlint-ignore: b", {"a", "b"}),
        ("lint-ignore:", set()),
        ("see lint-ignore: a", set()),
        ("", set()),
    ],
)
def test_a_comment_names_what_it_dismisses(comment: str, ids: set[str]) -> None:
    assert dismissed_by(comment) == ids
