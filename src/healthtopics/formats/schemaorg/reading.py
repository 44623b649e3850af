"""Reads a schema.org document into an account of the edition. Reading never fails on any content."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from healthtopics.formats.account import Account, CalloutAccount, LinkAccount, Passage, SectionAccount
from healthtopics.formats.schemaorg.facts import read_facts
from healthtopics.formats.schemaorg.values import codes_of, nodes_in, strings_in, value_of
from healthtopics.jsontext import Document, dump_line

_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Written:
    """A document as its bytes, which compare faster."""

    data: bytes
    document: Document = field(compare=False)


def read_web_page(page: Document) -> Account:
    """Read a MedicalWebPage: its parts are sections and lists of links."""
    # Pages have the same without the day on which the document was published.
    undated = {name: value for name, value in page.items() if name != "sdDatePublished"}
    return _read(_Written(dump_line(undated), undated))


@lru_cache(maxsize=16)
def _read(written: _Written) -> Account:
    page = written.document
    about = value_of(page.get("about"))
    parts, mentions = nodes_in(page.get("hasPart")), nodes_in(page.get("mentions"))
    codes, pairs = codes_of(about)
    return Account(
        language=str(page.get("inLanguage", "")),
        address=str(page.get("@id", "")),
        title=str(page.get("name", "")),
        names=tuple(strings_in(about.get("alternateName", []))),
        description=_words(page.get("description", "")),
        created=str(page.get("datePublished", "")),
        licence=licence if isinstance(licence := page.get("license", ""), str) else "",
        institute=_institute(mentions),
        # Other pages that the text links to have no name, unless they are pages of topics.
        related=tuple(
            _words(each["name"]) for each in mentions if "knowsAbout" not in each and "name" in each
        ),
        subject=str(about.get("@id", "")),
        codes=tuple((str(code.get("codingSystem")), str(code.get("codeValue"))) for code in codes),
        headings=tuple(str(code.get("name")) for code in pairs),
        sections=_sections(parts),
        credits=_passages(strings_in(page.get("creditText", []))),
        links=_links(parts),
        original=next(iter(_addresses(page.get("translationOfWork"))), ""),
        translations={
            str(node.get("inLanguage")): str(node.get("@id"))
            for node in nodes_in(page.get("workTranslation"))
        },
        facts=tuple(read_facts(page)),
        is_plain=True,
    )


def _sections(parts: list[Document]) -> dict[str, SectionAccount]:
    callouts: dict[str, list[Document]] = {}
    for part in parts:
        if "isPartOf" in part:
            callouts.setdefault(str(value_of(part["isPartOf"]).get("@id")), []).append(part)
    return {
        _fragment(part): _section(part, callouts.get(str(part.get("@id")), []))
        for part in parts
        if part.get("@type") == "HealthTopicContent" and "isPartOf" not in part
    }


def _section(part: Document, callouts: list[Document]) -> SectionAccount:
    return SectionAccount(
        heading=str(part.get("headline", "")),
        aspect=str(part.get("hasHealthAspect", "")),
        passages=_passages(str(part.get("text", "")).split("\n")),
        callouts=tuple(map(_read_callout, callouts)),
        languages=frozenset(
            language for each in (part, *callouts) for language in strings_in(each.get("inLanguage", ""))
        ),
    )


def _links(parts: list[Document]) -> dict[str, tuple[LinkAccount, ...]]:
    links: dict[str, tuple[LinkAccount, ...]] = {}
    for part in parts:
        if part.get("@type") == "WebPageElement" and "isPartOf" not in part:
            elements = nodes_in(value_of(part.get("mainEntity")).get("itemListElement"))
            # A prefix may separate the fragments of categories from those of sections.
            category = _fragment(part).rpartition("_")[2]
            links[category] = tuple(_read_link(value_of(each.get("item"))) for each in elements)
    return links


def _fragment(part: Document) -> str:
    return str(part.get("@id", "")).rpartition("#")[2]


def _read_callout(part: Document) -> CalloutAccount:
    urgency = value_of(part.get("keywords"))
    return CalloutAccount(
        urgency=str(urgency.get("termCode", "")),
        label=next(iter(strings_in(urgency.get("name", ""))), ""),
        heading=" ".join(str(part.get("headline", "")).split()),
        passages=_passages(str(part.get("text", "")).split("\n")),
    )


def _institute(mentions: list[Document]) -> tuple[str, str]:
    found = (
        (_words(each.get("name")), str(each.get("url", ""))) for each in mentions if "knowsAbout" in each
    )
    return next(found, ("", ""))


def _read_link(item: Document) -> LinkAccount:
    originals, translations = item.get("translationOfWork"), item.get("workTranslation")
    return LinkAccount(
        str(item.get("url")),
        frozenset(_addresses(originals)) if originals else _NONE,
        frozenset(_addresses(translations)) if translations else _NONE,
        _words(item.get("name", "")),
        str(item.get("inLanguage", "")),
        tuple(_words(each.get("name", "")) for each in nodes_in(item.get("publisher"))),
    )


def _passages(texts: list[str]) -> tuple[Passage, ...]:
    return tuple(Passage(" ".join(text.split())) for text in texts if text.strip())


def _addresses(value: object) -> list[str]:
    return [str(node.get("@id") or node.get("url")) for node in nodes_in(value)]


def _words(value: object) -> str:
    return next(iter(strings_in(value)), "")
