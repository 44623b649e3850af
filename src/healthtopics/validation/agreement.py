"""Whether all documents of one topic tell the same: FHIR R4, R5 and schema.org, in every language.

Each document is read into one view of what the formats share; only the views are compared.
Within a language everything agrees; between languages only what is no text does.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import Any, Final

from healthtopics.language import SOURCE
from healthtopics.layout import topic_path
from healthtopics.problems import Level, Problem, excerpt
from healthtopics.topic import is_copy

Document = Mapping[str, Any]
Facts = tuple[str, str]
"""The format and the language of a document: `("fhir-r4", "es")`."""

CHECKS: Final = (
    "agreement-aspects",
    "agreement-codes",
    "agreement-headings",
    "agreement-language",
    "agreement-links",
    "agreement-sections",
    "agreement-subject",
    "agreement-title",
    "agreement-translation",
    "agreement-untranslated",
)
"""Every check of this module."""

_TAGS = re.compile(r"<[^>]*>")
_LANGUAGE = re.compile(r'\slang="([^"]*)"')


def check_agreement(
    documents: Mapping[tuple[str, str], Document],
    topic_id: str,
    held: Collection[str],
    *,
    is_free: bool = False,
) -> list[Problem]:
    """Return where the documents of one topic contradict one another.

    `documents` is by format and language; those in a language of `held` are older than the rest
    and are left out of the comparison. Formats that are not known here are left out too.
    `is_free` says that each language has sections of its own: what only one has is no news.
    """
    views = {
        (format_, language): _READERS[format_](document)
        for (format_, language), document in documents.items()
        if format_ in _READERS and language not in held
    }
    problems: list[Problem] = []
    for (format_, language), view in views.items():
        found = _Findings(problems, topic_id, (format_, language))
        if view.language != language:
            found.report("agreement-language", f"the document says that its language is {view.language!r}.")
        source = views.get((format_, SOURCE))
        if language != SOURCE and source is not None:
            _check_languages(source, view, found, is_free=is_free)
        if language == SOURCE:
            published = {tag for name, tag in views if name == format_}
            for tag in sorted(view.translations.keys() - published - set(held)):
                found.report("agreement-translation", f"it names an edition in {tag!r}, and there is none.")
    for language in dict.fromkeys(language for _, language in views):
        formats = [format_ for format_, tag in views if tag == language]
        for one, other in pairwise(formats):
            found = _Findings(problems, topic_id, (other, language))
            _check_formats(views[one, language], views[other, language], one, found)
    return problems


@dataclass(frozen=True, slots=True)
class _Section:
    """A question and its answer."""

    heading: str
    aspect: str
    lines: tuple[str, ...]
    """The text, plain, white space made even; what a tag or a line end parts is on two lines."""
    languages: frozenset[str]
    """All languages that the text says it is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What a document says, whatever its format."""

    language: str
    address: str
    """What other editions call this one: a page, or an identifier."""
    subject: str
    """The @id of the subject; empty in FHIR."""
    title: str
    codes: tuple[tuple[str, str], ...]
    """Each with its system, as the format calls it."""
    sections: Mapping[str, _Section]
    """By id, in the document's order."""
    links: Mapping[str, tuple[str, ...]]
    """URLs by category."""
    original: str
    """The address of the edition that this one says it translates; empty where it names none."""
    translations: Mapping[str, str]
    """The addresses of its translations, by language; in FHIR only the translation names the other."""
    originals_of_links: Mapping[str, set[str]]
    """Links to pages that translate others: URL → the originals' URLs."""
    translations_of_links: Mapping[str, set[str]]
    """Links to pages that have translations: URL → their URLs."""


@dataclass(frozen=True, slots=True)
class _Findings:
    """Where problems with one document go."""

    problems: list[Problem]
    topic: str
    facts: Facts

    def report(self, check: str, message: str, hint: str = "", level: Level = Level.ERROR) -> None:
        path = "/".join((*self.facts, self.topic))
        hint = hint or (
            f"Both are made from {topic_path(self.topic)} and its catalogues: look there for what the "
            "message quotes. If it is right there, an exporter is wrong; please report it."
        )
        self.problems.append(Problem(check=check, level=level, path=path, message=message, hint=hint))


def _check_formats(one: _View, other: _View, name: str, found: _Findings) -> None:
    """Compare two formats in one language; `name` is the format of the first."""

    def compare(check: str, what: str, expected: object, actual: object) -> None:
        if expected != actual:
            found.report(check, f"{what}: {_short(actual)}, but {_short(expected)} in {name}.")

    compare("agreement-title", "the title", one.title, other.title)
    compare("agreement-codes", "the codes", *([code for _, code in view.codes] for view in (one, other)))
    compare("agreement-sections", "the ids of the sections", list(one.sections), list(other.sections))
    for key in one.sections.keys() & other.sections.keys():
        heading = other.sections[key].heading
        compare("agreement-headings", f"the heading of {key!r}", one.sections[key].heading, heading)
    compare("agreement-links", "the categories of links", sorted(one.links), sorted(other.links))
    for key in one.links.keys() & other.links.keys():
        _compare_lists(f"the links under {key!r}", one.links[key], other.links[key], name, found)


def _compare_lists(
    what: str, expected: tuple[str, ...], actual: tuple[str, ...], name: str, found: _Findings
) -> None:
    if len(expected) != len(actual):
        found.report("agreement-links", f"{what}: {len(actual)}, but {len(expected)} in {name}.")
    for position, (there, here) in enumerate(zip(expected, actual, strict=False), 1):
        if there != here:
            found.report(
                "agreement-links", f"{what}: number {position} is {here!r}, but {there!r} in {name}."
            )


def _check_languages(source: _View, view: _View, found: _Findings, *, is_free: bool) -> None:
    """Compare a translation with the edition in the source language, both of one format."""
    if source.codes != view.codes:
        message = f"the codes: {_short(view.codes)}, but {_short(source.codes)} in {SOURCE!r}."
        found.report("agreement-codes", message)
    if source.subject != view.subject:
        message = f"the subject's @id: {view.subject!r}, but {source.subject!r} in {SOURCE!r}."
        found.report("agreement-subject", message)
    _check_reciprocity(source, view, found)
    missing = source.sections.keys() ^ view.sections.keys()
    if missing and not is_free:
        message = (
            f"only one of the editions in {SOURCE!r} and {found.facts[1]!r} has {_short(sorted(missing))}."
        )
        hint = "Right where the text belongs to one language only."
        found.report("agreement-sections", message, hint, Level.INFO)
    for key in source.sections.keys() & view.sections.keys():
        before, after = source.sections[key], view.sections[key]
        if before.aspect != after.aspect:
            message = f"the aspect of {key!r}: {after.aspect!r}, but {before.aspect!r} in {SOURCE!r}."
            found.report("agreement-aspects", message)
        is_same = after.lines == before.lines and any(map(is_copy, after.lines, before.lines))
        if is_same and SOURCE not in after.languages:
            message = f"the text of {key!r} is the {SOURCE!r} one, and nothing says so."
            found.report("agreement-untranslated", message, "Translate it, or mark its language.")


def _check_reciprocity(source: _View, view: _View, found: _Findings) -> None:
    language = found.facts[1]
    if view.original != source.address:
        named = repr(view.original) if view.original else "none"
        message = f"the original that the translation names is {named}, and not {source.address!r}."
        found.report("agreement-translation", message)
    if source.translations.get(language, view.address) != view.address or (
        view.subject and language not in source.translations
    ):
        message = f"the edition in {SOURCE!r} does not name {view.address!r} as its translation."
        found.report("agreement-translation", message)
    here = {url for urls in view.links.values() for url in urls}
    there = {url for urls in source.links.values() for url in urls}
    for url, originals in view.originals_of_links.items():
        for original in sorted(originals & there):
            if url not in source.translations_of_links.get(original, ()):
                message = f"the link {url!r} translates {original!r}, which does not name it."
                found.report("agreement-translation", message)
    for original, urls in source.translations_of_links.items():
        for url in sorted(urls & here):
            if original not in view.originals_of_links.get(url, ()):
                message = f"the link {url!r} translates {original!r}, and does not name it."
                found.report("agreement-translation", message)


# FHIR


def _read_fhir(bundle: Document) -> _View:
    resources = [_object(entry.get("resource")) for entry in _objects(bundle.get("entry"))]
    composition = resources[0] if resources else {}
    urls = {f"{each.get('resourceType')}/{each.get('id')}": _attachment_url(each) for each in resources}
    sections: dict[str, _Section] = {}
    links: dict[str, tuple[str, ...]] = {}
    for section in _objects(composition.get("section")):
        system, code = _coding(section)
        if system.endswith("/CodeSystem/resource-group"):
            references = [str(entry.get("reference")) for entry in _objects(section.get("entry"))]
            links[code] = tuple(urls.get(reference, reference) for reference in references)
        elif system.endswith("/CodeSystem/topic-section") and code == "summary":
            for question in _objects(section.get("section")):
                sections[str(question.get("id"))] = _read_question(question)
    return _View(
        language=str(composition.get("language", "")),
        address=_identifier(composition.get("identifier")),
        subject="",
        title=str(composition.get("title", "")),
        codes=tuple(
            (str(coding.get("system")), str(coding.get("code")))
            for concept in _subjects(composition)
            for coding in _objects(concept.get("coding"))
        ),
        sections=sections,
        links=links,
        original=_original(composition),
        translations={},
        originals_of_links={},
        translations_of_links={},
    )


def _read_question(section: Document) -> _Section:
    div = str(_object(section.get("text")).get("div", ""))
    start = div.find(">") + 1
    return _Section(
        heading=str(section.get("title", "")),
        aspect=_coding(section)[1],
        lines=_lines(unescape(_TAGS.sub("\n", div))),
        languages=frozenset(_LANGUAGE.findall(div, start)),
    )


def _subjects(composition: Document) -> Iterator[Document]:
    for event in _objects(composition.get("event")):
        yield from _objects(event.get("code"))
        for detail in _objects(event.get("detail")):
            yield _object(detail.get("concept"))


def _original(composition: Document) -> str:
    for relation in _objects(composition.get("relatesTo")):
        if relation.get("code") == "transforms":
            return _identifier(relation.get("targetIdentifier"))
        if relation.get("type") == "transforms":
            return _identifier(_object(relation.get("resourceReference")).get("identifier"))
    return ""


def _identifier(value: object) -> str:
    found = _object(value[0] if isinstance(value, list) and value else value)
    return f"{found.get('system')}|{found.get('value')}"


def _coding(section: Document) -> tuple[str, str]:
    for coding in _objects(_object(section.get("code")).get("coding")):
        return str(coding.get("system")), str(coding.get("code"))
    return "", ""


def _attachment_url(resource: Document) -> str:
    for content in _objects(resource.get("content")):
        return str(_object(content.get("attachment")).get("url"))
    return ""


# schema.org


def _read_schemaorg(page: Document) -> _View:
    about = _object(page.get("about"))
    address = str(page.get("@id", ""))
    sections: dict[str, _Section] = {}
    links: dict[str, tuple[str, ...]] = {}
    originals: dict[str, set[str]] = {}
    translations: dict[str, set[str]] = {}
    for part in _nodes(page.get("hasPart")):
        key = str(part.get("@id", "")).rpartition("#")[2]
        if part.get("@type") == "HealthTopicContent":
            languages = part.get("inLanguage", "")
            sections[key] = _Section(
                heading=str(part.get("headline", "")),
                aspect=str(part.get("hasHealthAspect", "")),
                lines=_lines(str(part.get("text", ""))),
                languages=frozenset(map(str, languages if isinstance(languages, list) else [languages])),
            )
        elif part.get("@type") == "WebPageElement":
            items = [
                _object(each.get("item"))
                for each in _nodes(_object(part.get("mainEntity")).get("itemListElement"))
            ]
            # A prefix may keep the fragments of categories apart from those of sections.
            links[key.rpartition("_")[2]] = tuple(str(item.get("url")) for item in items)
            for item in items:
                url = str(item.get("url"))
                originals.setdefault(url, set()).update(_addresses(item.get("translationOfWork")))
                translations.setdefault(url, set()).update(_addresses(item.get("workTranslation")))
    return _View(
        language=str(page.get("inLanguage", "")),
        address=address,
        subject=str(about.get("@id", "")),
        title=str(page.get("name", "")),
        codes=tuple(
            (str(code.get("codingSystem")), str(code.get("codeValue"))) for code in _nodes(about.get("code"))
        ),
        sections=sections,
        links=links,
        original=next(iter(_addresses(page.get("translationOfWork"))), ""),
        translations={
            str(node.get("inLanguage")): str(node.get("@id")) for node in _nodes(page.get("workTranslation"))
        },
        originals_of_links=originals,
        translations_of_links=translations,
    )


def _addresses(value: object) -> list[str]:
    return [str(node.get("@id") or node.get("url")) for node in _nodes(value)]


_READERS: Final[Mapping[str, Callable[[Document], _View]]] = {
    "fhir-r4": _read_fhir,
    "fhir-r5": _read_fhir,
    "schemaorg": _read_schemaorg,
}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _object(value: object) -> Document:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> list[Document]:
    return [_object(member) for member in value] if isinstance(value, list) else []


def _nodes(value: object) -> list[Document]:
    """Return the nodes of a JSON-LD property: one value needs no array."""
    return _objects(value) if isinstance(value, list) else [value] if isinstance(value, Mapping) else []


def _short(value: object) -> str:
    return excerpt(repr(value), 120)
