"""Whether what is published says what the original says: block by block, in its order, and nothing else.

The original is read by `original`, which shares no code with the import; the published texts are read
from the documents that partners get.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import unquote

from healthtopics.importers.medlineplus.original import Line, read_original
from healthtopics.importers.medlineplus.record import Record
from healthtopics.problems import Problem

Document = Mapping[str, Any]


def check_bundle(record: Record, bundle: Document, name: str, labels: Collection[str]) -> list[Problem]:
    """Compare the narratives of a FHIR document with the summary of its record.

    `labels` are the words that stand as the title of a section that has no heading of its own.
    """
    composition = bundle["entry"][0]["resource"]
    lines = list(_narrated(composition, record.url, labels))
    return [*_compare(record, lines, name), *_compare_links(record, lines, name)]


def check_web_page(record: Record, page: Document, name: str, labels: Collection[str]) -> list[Problem]:
    """Compare the texts of a schema.org document with the summary of its record; see `check_bundle`."""
    return _compare(record, list(_stated(page, labels)), name)


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


def _heading(title: str, labels: Collection[str]) -> Iterator[Line]:
    if title and title not in labels:
        yield Line("heading", title, ())


def _compare(record: Record, lines: Sequence[Line], name: str) -> list[Problem]:
    expected = [_even(line.text) for line in read_original(record.summary or "", record.url)]
    actual = [_even(line.text) for line in lines]
    problems: list[Problem] = []
    matcher = SequenceMatcher(a=expected, b=actual, autojunk=False)
    for operation, start, end, first, last in matcher.get_opcodes():
        if operation != "equal":
            lost = " / ".join(expected[start:end])
            new = " / ".join(actual[first:last])
            problems.append(
                Problem(
                    check="medlineplus-unfaithful",
                    path=name,
                    message=f"“{_excerpt(new)}” stands where the original has “{_excerpt(lost)}”.",
                    hint="Import the file again and publish; if it stays, look at the report of the import.",
                )
            )
    return problems


def _compare_links(record: Record, lines: Sequence[Line], name: str) -> Iterator[Problem]:
    original = [
        _same(href) for line in read_original(record.summary or "", record.url) for href in line.hrefs
    ]
    published = [_same(href) for line in lines for href in line.hrefs]
    for href in dict.fromkeys(original):
        if published.count(href) < original.count(href):
            yield Problem(
                check="medlineplus-link-lost",
                path=name,
                message=f"the original links to {href}, this does not.",
                hint="The topic behind the link may be held or withdrawn; else import and publish again.",
            )


def _even(text: str) -> str:
    return " ".join(text.split())


def _same(href: str) -> str:
    return unquote(href.partition("://")[2]).rstrip("/")


def _excerpt(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
