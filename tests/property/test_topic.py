"""Topics: the typed view loses nothing, and what is translated is translated wholly."""

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthtopics import jsontext, markup
from healthtopics.catalogue import IDENTITY, Catalogue, Key, Message
from healthtopics.catalogues import po
from healthtopics.catalogues.template import template_of
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.checks.table import CHECKS, Checks
from healthtopics.checks.values import Need
from healthtopics.formats.table import OWN
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.schema import is_beside, is_own_text, packaged
from healthtopics.topic import Coverage, LocalizedTopic, Text, TextState, Topic
from healthtopics.translation.translate import translate
from healthtopics.validation.configuration import check_configuration
from healthtopics.validation.public import CompiledSchema
from healthtopics.validation.topics import TopicReferences, TopicSchema, check_vocabulary
from healthtopics.vocabulary import Vocabulary
from property.strategies import (
    CONFIGURATIONS,
    TOPICS,
    UNIT_BODIES,
    UNIT_TOPICS,
    VOCABULARIES,
    Document,
    spoilt,
)
from support.updating import update_catalogue

ES = LanguageTag("es")
SCHEMA = TopicSchema()
NOTHING = TopicReferences(Vocabulary({}, {}), frozenset())
OF_FORM = Checks(
    tuple(row for row in CHECKS.rows if row.needs in (Need.FORM, Need.TOPIC) and row.of_topic is None)
)
"""What generated words can fulfil: they say nothing that would be the same in another language."""
large = settings(
    max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)


def texts(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from texts(below)


def has_own(value: Any) -> bool:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return is_own_text(value) or any(map(has_own, below))


def spanish(message: TemplateMessage) -> str:
    """Return a translation that differs from the English but keeps tags, links and, nearly, length."""
    if message.key.msgctxt.partition("|")[0] in ("section", "summary"):
        return re.sub(r"(<(?:p|li|h3[^>]*)>)", r"\1ü", message.key.msgid)
    first = message.key.msgid[0]
    if first.isalnum():
        return "ü" + message.key.msgid[1:]
    return f"{message.key.msgid}ü"


def full_catalogue(document: Document) -> Catalogue:
    return Catalogue.of(
        ES, [Message(each.key, spanish(each)) for each in template_of(SCHEMA.plan, document, ES)]
    )


# ── the typed view ──


@large
@given(TOPICS)
def test_generated_topic_is_valid(document: Document) -> None:
    assert CompiledSchema(packaged("topic.schema.json")).is_valid(document)
    assert not [each for each in SCHEMA.check(document, "x.json", NOTHING) if each.check.startswith("markup")]


@large
@given(TOPICS)
def test_topic_comes_back_from_its_document(document: Document) -> None:
    topic = Topic.from_dict(document)
    written = topic.to_dict()
    assert Topic.from_dict(written) == topic
    assert written == document
    assert jsontext.parse(jsontext.dump(written), "x.json") == written


# ── translation ──


@large
@given(TOPICS)
def test_source_language_goes_through_unchanged(document: Document) -> None:
    translation = translate(SCHEMA.plan, document, IDENTITY)
    assert translation.coverage == Coverage()
    if translation.document is not None:
        localized = LocalizedTopic.from_document(translation.document, translation.language)
        assert {text.language for text in texts(translation.document)} == {"en"}
        if not has_own(document):
            assert localized.to_dict() == document


@large
@given(TOPICS)
def test_full_catalogue_leaves_nothing_untranslated(document: Document) -> None:
    translation = translate(SCHEMA.plan, document, full_catalogue(document), checks=OF_FORM)
    assert not translation.findings
    assert translation.coverage.is_complete
    for text in texts(translation.document):
        assert text.state in (TextState.TRANSLATED, TextState.OWN)
        if text.state is TextState.TRANSLATED:
            assert text.language == ES
    if translation.document is None:
        return
    localized = LocalizedTopic.from_document(translation.document, ES)
    assert all(
        resource.title.language == ES or ES not in resource.links or resource.title.state is TextState.OWN
        for resource in localized.resources
    )
    in_english = [text for text in texts(translation.document) if text.language != ES]
    by_rule = [each.title for each in localized.resources if ES not in each.links]
    by_rule += [
        each.title for each in localized.related_topics if not isinstance(each, str) and ES not in each.links
    ]
    assert all(text in by_rule for text in in_english)


@large
@given(TOPICS, st.randoms(use_true_random=False))
def test_counts_and_findings_agree_with_what_is_in_the_catalogue(document: Document, random: Any) -> None:
    full = full_catalogue(document)
    partial = Catalogue.of(ES, [message for message in full.messages.values() if random.random() < 0.5])
    translation = translate(SCHEMA.plan, document, partial, checks=OF_FORM)
    assert translation.coverage.messages == len(full.messages)
    assert translation.coverage.translated == len(partial.messages)
    assert len(translation.findings) == translation.coverage.missing
    assert translation.coverage.is_complete == (not translation.findings)
    held = {text.state for text in texts(translation.document)} - {TextState.TRANSLATED, TextState.OWN}
    assert held <= {TextState.MISSING}


@large
@given(TOPICS)
def test_catalogue_file_holds_every_message_and_an_update_changes_nothing(document: Document) -> None:
    template = template_of(SCHEMA.plan, document, ES)
    header = Header(language=ES, subject="a topic", created=document["dates"]["updated"])
    data = update_catalogue(template, None, header, "es.po")
    assert update_catalogue(template, data, header, "es.po") == data
    assert set(po.to_catalogue(po.parse(data, "es.po").file, ES, "es.po").messages) == {
        each.key for each in template
    }


# ── translated as a whole ──


def plain(value: Any) -> Any:
    """Return a document in which every `Text` is its words alone, as the parser writes them."""
    if isinstance(value, Text):
        return value.value
    if isinstance(value, dict):
        return {name: plain(below) for name, below in value.items()}
    return list(map(plain, value)) if isinstance(value, list) else value


@large
@given(UNIT_TOPICS, st.lists(UNIT_BODIES, min_size=3, max_size=3), st.randoms(use_true_random=False))
def test_edition_has_exactly_the_blocks_of_the_translation(
    document: Document, bodies: list[list[Document]], random: Any
) -> None:
    english = {section["id"]: section for section in document["sections"]}
    ids = random.sample(list(english), random.randint(1, len(english)))
    sections = [
        {"id": key, **({"heading": "¿Qué?"} if random.random() < 0.5 else {}), "body": body}
        for key, body in zip(ids, bodies, strict=False)
    ]
    (key,) = (each.key for each in template_of(SCHEMA.plan, document, ES) if is_summary(each.key))
    text = markup.serialize_sections(sections)
    translation = translate(SCHEMA.plan, document, Catalogue.of(ES, [Message(key, text, is_imported=True)]))
    assert translation.document is not None
    found = [
        {**section, "body": [block for block in section["body"] if not is_beside(block)]}
        for section in translation.document["sections"]
    ]
    assert markup.parse_sections(text) == [
        {name: member for name, member in plain(section).items() if name in ("id", "heading", "body")}
        for section in found
    ]
    assert {text.state for text in texts(found)} == {TextState.TRANSLATED}
    assert [section["aspect"] for section in found] == [english[key]["aspect"] for key in ids]
    credits_ = [
        block for section in document["sections"] for block in section["body"] if "attribution" in block
    ]
    shown = [block for section in translation.document["sections"] for block in section["body"]]
    assert len([block for block in shown if "attribution" in block]) == len(
        [
            each
            for each in credits_
            if isinstance(each["attribution"], str) or each["attribution"]["language"] == ES
        ]
    )


def is_summary(key: Key) -> bool:
    return key.msgctxt.partition("|")[0] == "summary"


# ── two implementations of JSON Schema, one verdict ──


def has_both_verdicts(name: str, document: Any, problems: list[Problem], check: str) -> bool:
    """Return whether the report (jsonschema) finds something exactly where jsonschema-rs says no."""
    schema = CompiledSchema(packaged(name))
    is_reported = not schema._reference.is_valid(document)
    assert (not schema.is_valid(document)) is is_reported
    return is_reported == any(problem.check == check for problem in problems)


@large
@given(TOPICS | spoilt(TOPICS))
def test_verdict_and_report_agree_on_topics(document: Any) -> None:
    problems = SCHEMA.check(document, "x.json", NOTHING)
    assert has_both_verdicts("topic.schema.json", document, problems, "topic-schema")


@large
@given(VOCABULARIES | spoilt(VOCABULARIES))
def test_verdict_and_report_agree_on_vocabularies(document: Any) -> None:
    problems = check_vocabulary(document, "x.json")
    assert has_both_verdicts("vocabulary.schema.json", document, problems, "vocabulary-schema")


@large
@given(CONFIGURATIONS | spoilt(CONFIGURATIONS))
def test_verdict_and_report_agree_on_configurations(document: Any) -> None:
    problems = check_configuration(document, "x.json", tuple(OWN))
    assert has_both_verdicts("configuration.schema.json", document, problems, "configuration-schema")
