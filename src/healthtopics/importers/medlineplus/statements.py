"""Compares what a published document states of a record, its text apart: names, links, codes, dates."""

from collections.abc import Iterable, Iterator
from typing import Final

from healthtopics.formats.account import Account
from healthtopics.importers.medlineplus.original import address, even
from healthtopics.importers.medlineplus.pairing import is_english
from healthtopics.importers.medlineplus.record import ENGLISH, SPANISH, Record, SiteLink
from healthtopics.importers.medlineplus.terms import is_shown
from healthtopics.importers.medlineplus.topic import LONGEST_DESCRIPTION, LONGEST_TITLE, cut
from healthtopics.problems import Level, Problem, excerpt, excerpts

COVERAGE: Final = (
    "Compared in every format of the workspace, as far as a format has them: each block of the text with its "
    "links; title, names, description, links with title and address, their grouping into categories, "
    "institute, codes with qualifiers, date of creation and related topics."
)
"""What `--verify` compares, in one sentence."""

_LONGEST: Final = 100
"""Of a quoted statement, in characters."""
_MESH: Final = "mesh"


def check_statements(record: Record, account: Account, name: str) -> Iterator[Problem]:
    """Yield a problem for each statement that only one of the two makes: the record, or the document."""
    for what, said, found, level in _statements(record, account):
        here, there = set(said), set(found)
        lost, new = sorted(here - there), sorted(there - here)
        if len(lost) == len(new) == 1:
            (lost[0], new[0]) = excerpts(lost[0], new[0], _LONGEST)
        if lost or new:
            parts = [f"{verb} {_listed(these)}" for verb, these in (("lacks", lost), ("adds", new)) if these]
            yield Problem(
                check="medlineplus-statement-differs",
                level=level,
                path=name,
                message=f"{what}: the document {' and '.join(parts)}.",
                hint=_HINTS[level],
            )


_HINTS: Final = {
    Level.ERROR: "Import the file again and publish; what was changed here on purpose stays reported.",
    Level.WARNING: "The import left out what is in another language, and gave a day to a record without "
    "one; its report says so. A related topic may also be held or withdrawn.",
}
_Compared = tuple[str, Iterable[str], Iterable[str], Level]
"""What is compared, the statements of the record, those of the document, and the level."""


def _statements(record: Record, account: Account) -> Iterator[_Compared]:
    yield from _words(record, account)
    if account.created is not None:
        level = Level.ERROR if record.created else Level.WARNING
        yield "date of creation", filter(None, [record.created]), filter(None, [account.created]), level
    if account.institute is not None:
        institute = (record.institute.name, record.institute.url) if record.institute else ()
        found = filter(None, map(even, account.institute))
        yield "institute", filter(None, map(even, institute)), found, Level.ERROR
    if record.language == ENGLISH:
        yield from _codes(record, account)
    if account.links is not None:
        yield from _links(record, account)
    if account.related is not None:
        # Editions have the related topics of both records; one that is held is not shown.
        related = {even(each.name) for each in record.related}
        yield "related topics", related, related.intersection(map(even, account.related)), Level.WARNING


def _words(record: Record, account: Account) -> Iterator[_Compared]:
    title = even(record.title)
    if even(account.title) != even(cut(record.title, LONGEST_TITLE)):
        yield "title", [title], [even(account.title)], Level.ERROR
    if account.names is not None:
        names = {even(each) for each in record.also_called} - {title}
        left = set(filter(is_english, names)) if record.language == SPANISH else set()
        found = set(map(even, account.names))
        yield "other names", names - left, found - left, Level.ERROR
        yield "other names in English", left, found & left, Level.WARNING
    description = even(cut(record.description, LONGEST_DESCRIPTION))
    if account.description is not None and even(account.description) != description:
        said, given = even(record.description), even(account.description)
        is_left = not given and record.language == SPANISH and is_english(said)
        level = Level.WARNING if is_left else Level.ERROR
        yield "description", filter(None, [said]), filter(None, [given]), level


def _codes(record: Record, account: Account) -> Iterator[_Compared]:
    if account.codes is not None:
        codes = [code for system, code in account.codes if _MESH in system.casefold()]
        yield "codes", [each.descriptor.id for each in record.mesh], codes, Level.ERROR
    if account.headings is not None:
        headings = set(map(even, account.headings))
        said = min(_headings(record), key=lambda each: len(headings.symmetric_difference(each)))
        yield "codes with qualifiers", said, headings, Level.ERROR


def _links(record: Record, account: Account) -> Iterator[tuple[str, Iterable[str], Iterable[str], Level]]:
    sites = [site for site in record.sites if any(map(is_shown, site.categories))]
    published = {link for links in (account.links or {}).values() for link in links}
    has_titles = any(link.title for link in published)  # a format may give addresses alone
    said = [_link(site.title if has_titles else "", site.url) for site in sites]
    yield "links", said, [_link(link.title, link.url) for link in published], Level.ERROR
    groups = [_group(link.url for link in links) for links in (account.links or {}).values()]
    yield "categories of links", _categories(sites), groups, Level.ERROR


def _categories(sites: Iterable[SiteLink]) -> list[str]:
    filed: dict[str, list[str]] = {}
    for site in sites:
        for category in filter(is_shown, site.categories):
            filed.setdefault(category, []).append(site.url)
    return [_group(urls) for urls in filed.values()]


def _group(urls: Iterable[str]) -> str:
    return " ".join(sorted({address(url) for url in urls}))


def _link(title: str, url: str) -> str:
    return f"{even(title)} <{address(url)}>"


def _headings(record: Record) -> tuple[list[str], list[str]]:
    """Return the headings as a format may write them: with all their qualifiers, or one with each."""
    headings = [(each.descriptor.name, [one.name for one in each.qualifiers]) for each in record.mesh]
    return (
        [even("/".join([name, *qualifiers])) for name, qualifiers in headings if qualifiers],
        [even(f"{name}/{qualifier}") for name, qualifiers in headings for qualifier in qualifiers],
    )


def _listed(texts: Iterable[str]) -> str:
    found = [f"“{excerpt(text, _LONGEST)}”" for text in texts]
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
