"""Compares the published text with the original: line by line and in order.

The original is read by `original`, which shares no code with the import. The published documents that
partners get are read by their format, with no code of its exporter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal
from urllib.parse import unquote

from healthtopics.formats.account import Account, Passage, SectionAccount
from healthtopics.importers.medlineplus.original import Line, address, even, is_seen, read_original
from healthtopics.importers.medlineplus.record import Record
from healthtopics.problems import Level, Problem, excerpt, excerpts

_KINDS: Final = {"heading": "a heading", "text": "a paragraph", "item": "an item of a list"}
_KINDS_OF_LINES: Final[Mapping[str, Literal["heading", "text", "item"]]] = {
    "heading": "heading",
    "paragraph": "text",
    "item": "item",
    "attribution": "text",
}


_LONGEST: Final = 120
"""Of a quoted text, in characters."""


def check_account(record: Record, account: Account, name: str, labels: Collection[str]) -> list[Problem]:
    """Compare the text of an edition with the summary of its record: words, links and kinds.

    `name` is that of its artifact. `labels` are the titles of sections without a heading. A
    format
    without sections has nothing to compare.
    """
    if account.sections is None:
        return []
    original = read_original(record.summary or "", record.url)
    # A label that is also a heading of the original must be published.
    labels = frozenset(labels) - {line.text for line in original if line.kind == "heading"}
    published = tuple(_published(account.sections.values(), labels)) + tuple(_lines(account.credits))
    different, same = _align(original, published)
    found = list(_check_texts(different, name))
    return found if account.is_plain else [*found, *_check_links(same, name), *_check_kinds(same, name)]


def _published(sections: Iterable[SectionAccount], labels: Collection[str]) -> Iterator[Line]:
    for section in sections:
        if section.heading and section.heading not in labels:
            yield Line("heading", section.heading, ())
        yield from _lines(section.passages)
        for callout in section.callouts:
            yield Line("heading", callout.heading, ())
            yield from _lines(callout.passages)


def _lines(passages: Iterable[Passage]) -> Iterator[Line]:
    for passage in passages:
        if is_seen(passage.text):
            links = tuple(filter(None, map(address, passage.links)))
            yield Line(_KINDS_OF_LINES[passage.kind], even(passage.text), links)


def _align(
    original: Sequence[Line], published: Sequence[Line]
) -> tuple[list[tuple[Sequence[Line], Sequence[Line]]], list[tuple[Line, Line]]]:
    """Return the runs of lines that differ in their text, and the pairs of equal lines."""
    different: list[tuple[Sequence[Line], Sequence[Line]]] = []
    same: list[tuple[Line, Line]] = []
    before, after = ([even(line.text) for line in lines] for lines in (original, published))
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
        whole = [" / ".join(even(line.text) for line in lines) for lines in (expected, actual)]
        lost, new = excerpts(whole[0], whole[1], _LONGEST)
        yield Problem(
            check="medlineplus-unfaithful",
            path=name,
            message=f"“{new}” is where the original has “{lost}”.",
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
                hint="The target of a link may be held or withdrawn; else import and publish again.",
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
                hint="The words are right; check whether they still read well.",
            )


def _same(href: str) -> str:
    return unquote(href.partition("://")[2]).rstrip("/")


def _listed(hrefs: Sequence[str]) -> str:
    return ", ".join(hrefs) or "none"


def _excerpt(text: str) -> str:
    return excerpt(text, _LONGEST)
