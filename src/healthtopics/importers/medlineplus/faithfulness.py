"""Whether what is published says what the original says: line by line, in its order, and nothing else.

The original is read by `original`, which shares no code with the import; the published texts are read
from the documents that partners get.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from healthtopics.importers.medlineplus.original import Line, read_original
from healthtopics.importers.medlineplus.record import Record
from healthtopics.markup.xml import parse_xml
from healthtopics.problems import Level, Problem, excerpt

Document = Mapping[str, Any]

_KINDS: Final = {"heading": "a heading", "text": "a paragraph", "item": "an item of a list"}


def check_bundle(record: Record, bundle: Document, name: str, labels: Collection[str]) -> list[Problem]:
    """Compare the narratives of a FHIR document with the summary of its record: texts, links and kinds.

    `labels` are the words that stand as the title of a section that has no heading of its own.
    """
    original = read_original(record.summary or "", record.url)
    composition = bundle["entry"][0]["resource"]
    published = tuple(_narrated(composition, record.url, _without_headings(labels, original)))
    different, same = _align(original, published)
    return [*_check_texts(different, name), *_check_links(same, name), *_check_kinds(same, name)]


def check_web_page(record: Record, page: Document, name: str, labels: Collection[str]) -> list[Problem]:
    """Compare the texts of a schema.org document with the summary of its record; see `check_bundle`.

    Its texts are plain: they have neither links nor kinds.
    """
    original = read_original(record.summary or "", record.url)
    published = tuple(_stated(page, _without_headings(labels, original)))
    different, _ = _align(original, published)
    return list(_check_texts(different, name))


def check_page(record: Record, page: str, name: str) -> list[Problem]:
    """Compare the sections of a page with the summary of its record: texts, links and kinds."""
    original = read_original(record.summary or "", record.url)
    published = tuple(_shown(page, record.url))
    different, same = _align(original, published)
    return [*_check_texts(different, name), *_check_links(same, name), *_check_kinds(same, name)]


def _without_headings(labels: Collection[str], original: Sequence[Line]) -> frozenset[str]:
    """Leave out the labels that are headings of the original, too: those must be published."""
    return frozenset(labels) - {line.text for line in original if line.kind == "heading"}


def _narrated(composition: Document, page: str, labels: Collection[str]) -> Iterator[Line]:
    credits_: list[Line] = []
    for part in composition.get("section", ()):
        key = part["code"]["coding"][0]["code"]
        if key == "summary":
            for section in part["section"]:
                yield from _heading(section.get("title", ""), labels)
                yield from read_original(section["text"]["div"], page)
        elif key == "about":
            # The attributions are the paragraphs before the list of facts.
            credits_ = list(read_original(part["text"]["div"].partition("<dl>")[0] + "</div>", page))
    yield from credits_


def _stated(page: Document, labels: Collection[str]) -> Iterator[Line]:
    for part in page.get("hasPart", ()):
        if part["@type"] == "HealthTopicContent":
            yield from _heading(part.get("headline", ""), labels)
            yield from (Line("text", text, ()) for text in part.get("text", "").split("\n") if text)
    credit = page.get("creditText", [])
    yield from (Line("text", text, ()) for text in ([credit] if isinstance(credit, str) else credit))


def _shown(page: str, address: str) -> Iterator[Line]:
    for section in parse_xml(page.encode()).iterfind("body/main/section"):
        if "_" not in str(section.get("id", "")):  # every other part of the page has one in its id
            yield from read_original(etree.tostring(section, encoding="unicode", with_tail=False), address)


def _heading(title: str, labels: Collection[str]) -> Iterator[Line]:
    if title and title not in labels:
        yield Line("heading", title, ())


def _align(
    original: Sequence[Line], published: Sequence[Line]
) -> tuple[list[tuple[Sequence[Line], Sequence[Line]]], list[tuple[Line, Line]]]:
    """Return the runs of lines that differ in their text, and the pairs of lines that have the same."""
    different: list[tuple[Sequence[Line], Sequence[Line]]] = []
    same: list[tuple[Line, Line]] = []
    before, after = ([_even(line.text) for line in lines] for lines in (original, published))
    for operation, start, end, first, last in SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        if operation == "equal":
            same += zip(original[start:end], published[first:last], strict=True)
        else:
            different.append((original[start:end], published[first:last]))
    return different, same


def _check_texts(different: Iterable[tuple[Sequence[Line], Sequence[Line]]], name: str) -> Iterator[Problem]:
    for expected, actual in different:
        lost, new = (" / ".join(_even(line.text) for line in lines) for lines in (expected, actual))
        yield Problem(
            check="medlineplus-unfaithful",
            path=name,
            message=f"“{_excerpt(new)}” stands where the original has “{_excerpt(lost)}”.",
            hint="Import the file again and publish; if it stays, look at the report of the import.",
        )


def _check_links(same: Iterable[tuple[Line, Line]], name: str) -> Iterator[Problem]:
    for expected, actual in same:
        lost, new = ([_same(href) for href in line.hrefs] for line in (expected, actual))
        if lost != new:
            yield Problem(
                check="medlineplus-link-lost",
                path=name,
                message=f"the links of “{_excerpt(actual.text)}” are {_listed(actual.hrefs)}, "
                f"the original has {_listed(expected.hrefs)}.",
                hint="The topic behind a link may be held or withdrawn; else import and publish again.",
            )


def _check_kinds(same: Iterable[tuple[Line, Line]], name: str) -> Iterator[Problem]:
    for expected, actual in same:
        if expected.kind != actual.kind:
            yield Problem(
                check="medlineplus-kind-changed",
                level=Level.WARNING,
                path=name,
                message=f"“{_excerpt(actual.text)}” is {_KINDS[actual.kind]}, "
                f"in the original {_KINDS[expected.kind]}.",
                hint="The words are right; look whether they still read well.",
            )


def _even(text: str) -> str:
    return " ".join(text.split())


def _same(href: str) -> str:
    return unquote(href.partition("://")[2]).rstrip("/")


def _listed(hrefs: Sequence[str]) -> str:
    return ", ".join(hrefs) or "none"


def _excerpt(text: str) -> str:
    return excerpt(text, 120)
