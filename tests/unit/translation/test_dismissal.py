"""`# lint-ignore: <id>` keeps a finding quiet, and says so when there is nothing to keep quiet."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.checks.dismissal import check_dismissal_comment
from healthtopics.checks.table import CHECKS, Checks
from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.dismissal import dismissed_by
from healthtopics.schema import packaged, plan_messages
from healthtopics.translation.single_file import check_alone
from healthtopics.translation.translate import Translation, translate

ES = LanguageTag("es")
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
    return translate(PLAN, TOPIC, Catalogue.of(ES, [message], path="es.po"))


def found(translation: Translation) -> list[tuple[str, Level]]:
    return [(finding.check, finding.level) for finding in translation.findings]


def test_a_finding_holds_until_it_is_dismissed() -> None:
    assert found(translated(TITLE)) == [("message-untranslated", Level.ERROR)]
    assert not translated(TITLE).coverage.is_complete
    dismissed = translated(TITLE, "message-untranslated")
    assert not found(dismissed)
    assert dismissed.coverage.is_complete


def test_a_dismissal_that_dismisses_nothing_is_reported() -> None:
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


def test_a_missing_translation_cannot_be_dismissed() -> None:
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


@pytest.mark.parametrize(
    ("comment", "check", "says"),
    [
        ("lint-ignore term-missing", "dismissal-malformed", "`lint-ignore term-missing` dismisses nothing"),
        ("Lint-Ignore: term-missing", "dismissal-malformed", "dismisses nothing"),
        ("lint_ignore: term-missing", "dismissal-malformed", "dismisses nothing"),
        ("lint-ignore:", "dismissal-malformed", "dismisses nothing"),
        ("By hand.\n lint-ignore: , ", "dismissal-malformed", "dismisses nothing"),
        ("lint-ignore: term-mising", "dismissal-unknown", "no check of translations is called `term-mising`"),
        ("lint-ignore: xyz", "dismissal-unknown", "no check of translations is called `xyz`"),
        ("lint-ignore: message-missing", "dismissal-impossible", "cannot be dismissed"),
        ("lint-ignore: message-fuzzy", "dismissal-impossible", "cannot be dismissed"),
        ("lint-ignore: message-tab", "dismissal-impossible", "cannot be dismissed"),
        ("lint-ignore: markup-ill-formed", "dismissal-impossible", "cannot be dismissed"),
    ],
)
def test_a_dismissal_that_can_dismiss_nothing_is_reported(comment: str, check: str, says: str) -> None:
    (finding,) = check_dismissal_comment(comment, CHECKS)
    assert (finding.check, finding.level) == (check, Level.WARNING)
    assert says in finding.message
    assert finding.hint


def test_the_nearest_rule_is_named() -> None:
    (finding,) = check_dismissal_comment("lint-ignore: term-mising, number-lost", CHECKS)
    assert finding.hint == "Did you mean `term-missing`?"


@pytest.mark.parametrize(
    "comment", ["", "nota", "lint-ignore: number-lost, term-missing", "See lint-ignore."]
)
def test_other_comments_are_accepted(comment: str) -> None:
    assert not list(check_dismissal_comment(comment, CHECKS))


def shouts(pair: Pair) -> Iterator[Finding]:
    if pair.target.isupper():
        yield SHOUTING.finding("the translation shouts.", "Write small letters.")


SHOUTING = Check("text-shouting", shouts, formerly=("capitals-only",))


@pytest.mark.parametrize("name", ["text-shouting", "capitals-only"])
def test_a_check_is_dismissed_by_its_id_and_by_its_former_ids(name: str) -> None:
    checks = Checks((SHOUTING,))
    assert not list(check_dismissal_comment(f"lint-ignore: {name}", checks))
    message = Message(Key("title", TITLE), "UN NOMBRE", dismissed=frozenset({name}))
    assert not found(translate(PLAN, TOPIC, Catalogue.of(ES, [message]), checks=checks))
    message = replace(message, msgstr="Un nombre")
    translation = translate(PLAN, TOPIC, Catalogue.of(ES, [message]), checks=checks)
    assert found(translation) == [("dismissal-unneeded", Level.WARNING)]
    assert f"`lint-ignore: {name}`" in translation.findings[0].message


def test_the_file_has_the_line() -> None:
    entry = '# lint-ignore: xyz\nmsgctxt "title"\nmsgid "a"\nmsgstr "b"\n'
    header = '"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: es\\n"'
    data = f'msgid ""\nmsgstr ""\n{header}\n\n{entry}'
    (problem,) = check_alone(data.encode(), "es.po").problems
    assert (problem.check, problem.line, problem.path) == ("dismissal-unknown", 7, "es.po")
