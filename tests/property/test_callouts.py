"""Callouts: no edition and no format lacks one, whatever is translated as a whole, or says another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from healthtopics import markup
from healthtopics.catalogue import IDENTITY, Catalogue, Message
from healthtopics.catalogues.template import template_of
from healthtopics.checks.table import NO_CHECKS
from healthtopics.formats.account import Account, CalloutAccount
from healthtopics.formats.fhir.checking.narrative import read_narrative
from healthtopics.formats.fhir.exporting.narrative import Narrator
from healthtopics.formats.fhir.reading import read_bundle
from healthtopics.formats.html.exporting import to_page
from healthtopics.formats.html.reading import read_page
from healthtopics.formats.schemaorg.exporting import to_web_page
from healthtopics.formats.schemaorg.reading import read_web_page
from healthtopics.language import LanguageTag
from healthtopics.topic import Callout, Edition, List, ListItem, LocalizedTopic, Text
from healthtopics.translation.pseudo import STYLES, pseudo_text
from healthtopics.translation.translate import translate
from healthtopics.validation.agreement import check_agreement
from healthtopics.validation.topics import TopicSchema
from property.strategies import TOPICS, UNIT_BODIES, UNIT_TOPICS, Document
from support import pages
from support.documents import topic as topic_document

ES = LanguageTag("es")
PLAN = TopicSchema().plan
SECTIONS = TOPICS.map(
    lambda each: {name: each[name] for name in ("unit", "sections") if name in each}
).filter(
    lambda each: len({section["id"] for section in each.get("sections", [])}) == len(each.get("sections", []))
)
"""The sections of topics, in all units, which are all that a format shows here."""
large = settings(
    max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None
)


def pseudo(document: Document) -> Catalogue:
    """Return a catalogue that translates everything, and marks it."""
    messages = template_of(PLAN, document, ES)
    style = STYLES["accented"]
    return Catalogue.of(
        ES, [Message(each.key, pseudo_text(each.key.msgid, style, each.rule)) for each in messages]
    )


def editions(document: Document) -> Iterator[LocalizedTopic]:
    for catalogue in (IDENTITY, Catalogue(ES), pseudo(document)):
        translation = translate(PLAN, document, catalogue, checks=NO_CHECKS)
        if translation.document is not None:
            yield LocalizedTopic.from_document(translation.document, catalogue.language)


def callouts(topic: LocalizedTopic) -> list[Callout]:
    return [block for section in topic.sections for block in section.body if isinstance(block, Callout)]


def written(document: Document) -> list[Document]:
    sections = document.get("sections", [])
    return [block for section in sections for block in section["body"] if "callout" in block]


def texts(items: tuple[ListItem, ...]) -> Iterator[Text]:
    for item in items:
        yield item.text
        yield from texts(item.items)


def said(callout: Callout) -> list[str]:
    """Return what a reader sees of a callout, spaces evened."""
    found = [callout.heading.value]
    for block in callout.body:
        marked_up = texts(block.items) if isinstance(block, List) else [block.text]
        found += [markup.parse(text.value).plain() for text in marked_up]
    return [" ".join(each.split()) for each in found]


def read(account: Account) -> list[CalloutAccount]:
    return [each for section in (account.sections or {}).values() for each in section.callouts]


def bundle_of(topic: LocalizedTopic, edition: Edition) -> Document:
    """Return only what a document has of sections."""
    narrator = Narrator(topic.language, urgencies=edition.terms.get("urgencies", {}))
    system = f"{edition.base_url}/fhir/CodeSystem/topic-section"
    questions = [
        {"id": each.id, "text": narrator.narrative(narrator.blocks(each.body))} for each in topic.sections
    ]
    summary = {"code": {"coding": [{"system": system, "code": "summary"}]}, "section": questions}
    return {"entry": [{"resource": {"language": topic.language, "section": [summary]}}]}


def accounts(topic: LocalizedTopic) -> dict[str, Account]:
    edition = pages.edition(topic)
    kind = edition.term("kinds", topic.kind)
    kinds = {topic.kind: replace(kind, facts={"schemaType": "MedicalCondition"})}
    edition = replace(edition, terms={**edition.terms, "kinds": kinds})
    return {
        "fhir": read_bundle(bundle_of(topic, edition)),
        "html": read_page(to_page(topic, edition, pages.data(topic))),
        "schemaorg": read_web_page(to_web_page(topic, edition)),
    }


@large
@given(TOPICS)
def test_every_edition_has_every_callout(document: Document) -> None:
    urgencies = sorted(each["urgency"] for each in written(document))
    for topic in editions(document):
        assert sorted(callout.urgency for callout in callouts(topic)) == urgencies


@large
@given(UNIT_TOPICS, UNIT_BODIES, st.randoms(use_true_random=False))
def test_a_translation_as_a_whole_cannot_lose_a_callout(
    document: Document, body: list[Document], random: Any
) -> None:
    ids = [section["id"] for section in document["sections"]]
    kept = [{"id": key, "body": body} for key in random.sample(ids, random.randint(1, len(ids)))]
    messages = [
        Message(each.key, markup.serialize_sections(kept))
        for each in template_of(PLAN, document, ES)
        if each.rule and each.rule.unit
    ]
    translation = translate(PLAN, document, Catalogue.of(ES, messages), checks=NO_CHECKS)
    topic = LocalizedTopic.from_document(translation.document or {}, ES)
    own = [[each["callout"], each["urgency"]] for each in written(document)]
    assert sorted([each.heading.value, each.urgency] for each in callouts(topic)) == sorted(own)


@large
@given(SECTIONS)
def test_every_format_shows_every_callout_and_its_reader_finds_it(members: Document) -> None:
    for topic in editions(topic_document(**members)):
        expected = [
            (each.urgency, f"the {each.urgency}", [line for line in said(each) if line])
            for each in callouts(topic)
        ]
        for name, account in accounts(topic).items():
            found = [
                (each.urgency, each.label, [each.heading, *(line.text for line in each.passages)])
                for each in read(account)
            ]
            assert found == expected, name


@large
@given(SECTIONS)
def test_no_callout_is_left_in_the_text_around_it(members: Document) -> None:
    for topic in editions(topic_document(**members)):
        headings = {each.heading.value for each in callouts(topic)}
        others = {heading for each in topic.sections if each.heading for heading in [each.heading.value]}
        for account in accounts(topic).values():
            for section in (account.sections or {}).values():
                shown = {each.text for each in section.passages if each.kind == "heading"}
                assert not shown & headings - others - _subheadings(members)


def _subheadings(members: Document) -> set[str]:
    found: set[str] = set()
    for section in members.get("sections", []):
        for block in section["body"]:
            text = block.get("subheading", "")
            found.add(text["text"] if isinstance(text, Mapping) else text)
    return found


@large
@given(SECTIONS)
def test_narratives_with_callouts_have_only_what_fhir_allows(members: Document) -> None:
    for topic in editions(topic_document(**members)):
        narrator = Narrator(topic.language, urgencies=pages.edition(topic).terms.get("urgencies", {}))
        for section in topic.sections:
            div = narrator.narrative(narrator.blocks(section.body) or "<p>x</p>")["div"]
            faults = read_narrative(div).faults
            assert [each for each in faults if each.check != "fhir-narrative-href"] == []


@large
@given(SECTIONS)
def test_a_callout_that_one_format_lacks_is_found(members: Document) -> None:
    assume(written(members))
    for topic in editions(topic_document(**members)):
        found = accounts(topic)
        for name, account in found.items():
            sections = {key: replace(each, callouts=()) for key, each in (account.sections or {}).items()}
            changed = {**found, name: replace(account, sections=sections)}
            by_facts = {(key, str(topic.language)): each for key, each in changed.items()}
            problems = check_agreement(by_facts, topic.id, set())
            assert "agreement-callouts" in {problem.check for problem in problems}
