"""Reads a FHIR document, R4 or R5, into an account of the edition. Reading never fails on any content."""

from collections.abc import Iterator
from functools import lru_cache

from healthtopics.formats.account import Account, LinkAccount, Passage, SectionAccount
from healthtopics.formats.fhir.facts import read_contents, read_facts, read_unique, references_in, subjects
from healthtopics.formats.fhir.values import div_of, first, listed, own_code, value_of
from healthtopics.formats.xhtml import local_name, parse_div, parsed, read_div, read_text
from healthtopics.jsontext import Document


def read_bundle(bundle: Document) -> Account:
    """Read a document: the Composition, and the pages that it links to."""
    contents = read_contents(bundle)
    composition, parts = contents.composition, contents.parts
    questions = listed(parts.get("summary", {}).get("section"))
    return Account(
        language=str(composition.get("language", "")),
        address=_identifier(composition.get("identifier")),
        title=str(composition.get("title", "")),
        names=tuple(each.text for each in read_div(div_of(parts.get("also-called", {}))).passages),
        description=next((each.text for each in _read_paragraphs(div_of(composition))), ""),
        institute=_read_institute(parts.get("primary-institute", {})),
        related=tuple(each.text for each in read_div(div_of(parts.get("related-topics", {}))).passages),
        codes=tuple(_read_codes(composition)),
        headings=tuple(str(each["text"]) for each in subjects(composition) if "text" in each),
        sections={str(question.get("id")): _read_question(question) for question in questions},
        credits=_read_paragraphs(div_of(parts.get("about", {}))),
        links={
            code: tuple(
                LinkAccount(contents.pages[key].url if key in contents.pages else key, title=title)
                for key, title, _ in references_in(section)
            )
            for code, section in contents.groups.items()
        },
        original=_original(composition),
        facts=tuple(read_facts(contents)),
        unique=tuple(read_unique(contents)),
    )


def _read_codes(composition: Document) -> Iterator[tuple[str, str]]:
    for concept in subjects(composition):
        for coding in listed(concept.get("coding")):
            yield str(coding.get("system")), str(coding.get("code"))


def _read_question(section: Document) -> SectionAccount:
    text = read_div(div_of(section))
    return SectionAccount(
        heading=str(section.get("title", "")),
        aspect=own_code(section)[1],
        passages=text.passages,
        callouts=text.callouts,
        languages=text.languages,
    )


def _read_institute(section: Document) -> tuple[str, str]:
    passages = read_div(div_of(section)).passages
    return next(((each.text, "".join(each.links[:1])) for each in passages), ("", ""))


@lru_cache(maxsize=512)  # R4 and R5 have the same divs
def _read_paragraphs(div: str) -> tuple[Passage, ...]:
    """Return the paragraphs alone: the description below a title, the attributions before a list of facts."""
    return read_text(each for each in parsed(parse_div, div) if local_name(each) == "p").passages


def _original(composition: Document) -> str:
    for relation in listed(composition.get("relatesTo")):
        if relation.get("code") == "transforms":
            return _identifier(relation.get("targetIdentifier"))
        if relation.get("type") == "transforms":
            return _identifier(value_of(relation.get("resourceReference")).get("identifier"))
    return ""


def _identifier(value: object) -> str:
    found = first(value) if isinstance(value, list) else value_of(value)
    return f"{found.get('system')}|{found.get('value')}"
