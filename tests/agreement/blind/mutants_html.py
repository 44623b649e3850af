"""Corruptions of pages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from agreement.blind.corruption import (
    NothingToCorruptError,
    Span,
    Tree,
    everywhere,
    first_of,
    first_two,
    flattened,
    items_of,
    page,
    put,
    replacing,
    retext,
    span_inside,
    spans_of,
    swapped,
    with_other_number,
    without_negation,
)
from agreement.blind.mutants_schemaorg import contents

if TYPE_CHECKING:
    from collections.abc import Callable

_LD = re.compile(r'(?<=<script type="application/ld\+json">).*?(?=</script>)', re.DOTALL)


def embedded_in(text: str) -> tuple[Span, Tree]:
    found = first_of(_LD.finditer(text))
    document: Tree = json.loads(found[0])
    return found.span(), document


def put_embedded(text: str, span: Span, document: Tree) -> str:
    dumped = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        dumped = dumped.replace(character, f"\\u{ord(character):04x}")
    return put(text, span, dumped)


def element_with(text: str, tag: str, id_: str) -> Span:
    start = first_of(re.finditer(rf'<{tag}\b[^>]*\bid="{re.escape(id_)}"', text)).start()
    return first_of(spans_of(text, tag, start))


def sections_of(text: str) -> list[Span]:
    """Return the sections of the topic itself, without links, related topics and sources."""
    found = re.finditer(r'<section id="(?!page_|links_|other_languages")', text)
    return [first_of(spans_of(text, "section", one.start())) for one in found]


def link_lists(text: str) -> list[Span]:
    found = re.finditer(r'<ul class="links"', text)
    return [first_of(spans_of(text, "ul", one.start())) for one in found]


def change_section(text: str, change: Callable[[str], str], *, last: bool = False) -> str:
    sections = sections_of(text)
    for start, end in reversed(sections) if last else sections:
        try:
            return put(text, (start, end), change(text[start:end]))
        except NothingToCorruptError:
            continue
    raise NothingToCorruptError


def replaced(text: str, pattern: str, change: str) -> str:
    return re.sub(pattern, change, text, count=1, flags=re.DOTALL)


@page
def page_negation_dropped(document: str, _other: str) -> str:
    """The visible sentence says the opposite of the document that the page embeds."""
    return change_section(document, lambda section: retext(section, without_negation)[0])


@page
def page_number_changed(document: str, _other: str) -> str:
    """The page and the document that it embeds agree on a number that no other format has."""
    for start, end in sections_of(document):
        try:
            section, old, new = retext(document[start:end], with_other_number)
        except NothingToCorruptError:
            continue
        changed = put(document, (start, end), section)
        span, embedded = embedded_in(changed)
        everywhere(embedded, replacing(old, new))
        return put_embedded(changed, span, embedded)
    raise NothingToCorruptError


@page
def page_embedded_line_lost(document: str, _other: str) -> str:
    """A search engine sees one item fewer than a reader."""
    span, embedded = embedded_in(document)
    part = first_of(one for one in reversed(contents(embedded)) if "\n" in one["text"])
    part["text"] = part["text"].rpartition("\n")[0]
    return put_embedded(document, span, embedded)


@page
def page_section_in_other_language(document: str, other: str) -> str:
    """Below a heading in the reader's language, all is in the other one."""
    ours, theirs = first_of(sections_of(document)), first_of(sections_of(other))
    begin = other.index("</h2>", *theirs)
    return put(document, (document.index("</h2>", *ours), ours[1]), other[begin : theirs[1]])


@page
def page_canonical_of_other_edition(document: str, other: str) -> str:
    """Search engines drop this language in favor of the other."""
    address = first_of(re.finditer(r'<link rel="canonical" href="([^"]+)"', other))[1]
    return replaced(document, r'(<link rel="canonical" href=")[^"]+', rf"\g<1>{address}")


@page
def page_alternates_exchanged(document: str, _other: str) -> str:
    """Search engines send readers of each language to the other one's page."""
    found = re.finditer(r'(?<=<link rel="alternate" hreflang=")[^"]+', document)
    return swapped(document, *first_two(one.span() for one in found))


@page
def page_language_wrong(document: str, other: str) -> str:
    """A screen reader reads the whole page with the voice of another language."""
    language = first_of(re.finditer(r'<html lang="([^"]+)"', other))[1]
    return replaced(document, r'(<html lang=")[^"]+', rf"\g<1>{language}")


@page
def page_section_hidden(document: str, _other: str) -> str:
    """The last section is in the page, but no browser shows it."""
    start = sections_of(document)[-1:]
    return put(document, (first_of(start)[0], first_of(start)[0] + 8), '<section hidden="hidden"')


@page
def page_steps_unordered(document: str, _other: str) -> str:
    """The steps of a procedure look like choices, in any order."""
    return document.replace("<ol>", "<ul>").replace("</ol>", "</ul>")


@page
def page_nested_list_flattened(document: str, _other: str) -> str:
    """Examples of a cause look like separate causes."""
    return change_section(document, flattened)


@page
def page_link_titles_exchanged(document: str, _other: str) -> str:
    """A reader who wants one page opens the next one of the list."""
    for span in link_lists(document):
        found = re.compile(r'(?<=<li>)<a href="[^"]*"').finditer(document, *span)
        links = [one.span() for one in found]
        if len(links) > 1:
            return swapped(document, links[0], links[1])
    raise NothingToCorruptError


@page
def page_link_lost(document: str, _other: str) -> str:
    """A link is missing from the page that the embedded document and other formats have."""
    for span in link_lists(document):
        items = spans_of(document, "li", *span_inside(document, span))
        if len(items) > 1:
            return put(document, items[0], "")
    raise NothingToCorruptError


@page
def page_source_lost(document: str, _other: str) -> str:
    """A claim of the page has a source that the page does not name."""
    start, end = element_with(document, "section", "page_sources")
    items = items_of(document[start:end])
    first_two(items)
    return put(document, (start + items[0][0], start + items[0][1]), "")


@page
def page_title_reversed(document: str, _other: str) -> str:
    """The title is shown from right to left, and looks like a name of something else."""
    return replaced(document, r"<h1>(.*?)</h1>", "<h1>\u202e\\1\u202c</h1>")


@page
def page_date_in_words_wrong(document: str, _other: str) -> str:
    """A reader sees a year that is not that of the machine-readable date: old advice looks new."""
    footer = document.index("<footer>")
    changed = re.sub(r"(<time [^>]*>[^<]*)\b20\d\d(?=[^<]*</time>)", r"\g<1>2031", document[footer:], count=1)
    return document[:footer] + changed


@page
def page_contents_exchanged(document: str, _other: str) -> str:
    """The table of contents leads to the answer to another question."""
    found = re.finditer(r'(?<=<li><a href=")#[^"]+', document)
    return swapped(document, *first_two(one.span() for one in found))


@page
def page_disclaimer_lost(document: str, _other: str) -> str:
    """The foot of the page no longer says that the page does not replace a doctor's advice."""
    term = r"<dt>(?:<a [^>]*>)?(?:Disclaimer|Exención de responsabilidad)(?:</a>)?</dt>\s*<dd>.*?</dd>\s*"
    return replaced(document, term, "")


@page
def page_style_hides_warning(document: str, _other: str) -> str:
    """The style sheet hides the last section, so that nobody reads when to see a doctor."""
    id_ = first_of(re.findall(r'<section id="((?!page_|links_|other_languages)[^"]+)"', document)[::-1])
    return document.replace("</style>", f"#{id_} {{ display: none; }}\n</style>", 1)


@page
def page_organizations_exchanged(document: str, _other: str) -> str:
    """Two links name each other's organization as the one that publishes the page."""
    lists = [
        first_of(spans_of(document, "ul", one.start())) for one in re.finditer('<ul class="by"', document)
    ]
    one = first_of(lists)
    two = first_of(span for span in lists if document[slice(*span)] != document[slice(*one)])
    return swapped(document, one, two)


@page
def page_summary_in_other_language(document: str, other: str) -> str:
    """The paragraph that a reader sees first is in the other language."""
    summary = r'(?<=<p class="summary">).*?(?=</p>)'
    ours, theirs = (first_of(re.finditer(summary, one, re.DOTALL)) for one in (document, other))
    return put(document, ours.span(), theirs[0])
