"""Corruptions of pages: what a reader, a screen reader or a search engine is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agreement.blind.corruption import (
    NothingToCorruptError,
    Span,
    first_of,
    first_two,
    lookalike,
    page,
    put,
    spans_of,
    swapped,
    with_words,
)
from agreement.blind.elements import ADVERTISER, day_before
from agreement.blind.mutants_html import (
    change_section,
    element_with,
    embedded_in,
    put_embedded,
    replaced,
    sections_of,
)
from agreement.blind.narratives import better_or_worse, rewriting

if TYPE_CHECKING:
    from collections.abc import Callable


def _card(text: str) -> Span:
    start = first_of(re.finditer('<section class="callout emergency"', text)).start()
    return first_of(spans_of(text, "section", start))


def _change_card(text: str, change: Callable[[str], str]) -> str:
    card = _card(text)
    return put(text, card, change(text[slice(*card)]))


def _contents(text: str) -> Span:
    """Return where the table of contents begins and ends."""
    return first_of(spans_of(text, "nav", text.index('<nav class="contents"')))


def _matches(text: str, pattern: str) -> list[Span]:
    return [found.span() for found in re.finditer(pattern, text)]


@page
def page_card_hidden_from_screen_readers(document: str, _other: str) -> str:
    """A blind reader does not hear when to call 911."""
    return _change_card(document, lambda card: card.replace("<section", '<section aria-hidden="true"', 1))


@page
def page_card_off_screen(document: str, _other: str) -> str:
    """The page's own class for what only a keyboard reaches moves the emergency out of sight."""
    return document.replace('class="callout emergency"', 'class="callout emergency skip"')


@page
def page_card_transparent(document: str, _other: str) -> str:
    """The words of the emergency are there and cannot be seen."""
    return _change_card(document, lambda card: card.replace("<section", '<section style="opacity:0"', 1))


@page
def page_card_in_template(document: str, _other: str) -> str:
    """The emergency card is in the source of the page, but not in the page."""
    return _change_card(document, lambda card: f"<template>{card}</template>")


@page
def page_card_folded(document: str, _other: str) -> str:
    """The emergency card is folded under a word that does not say so."""
    return _change_card(document, lambda card: f"<details><summary>…</summary>{card}</details>")


@page
def page_color_of_emergency_lost(document: str, _other: str) -> str:
    """An emergency has the color of an ordinary remark."""
    return document.replace(".emergency { --tone: var(--emergency)", ".emergency { --tone: var(--routine)")


@page
def page_card_announced_as_another(document: str, _other: str) -> str:
    """A screen reader announces the emergency card with the name of the next one."""
    first, second = first_two(_matches(document, r'(?<=aria-labelledby=")[\w-]+_callout_\d_heading(?=")'))
    return swapped(document, first, second)


@page
def page_card_class_lost(document: str, _other: str) -> str:
    """The word says emergency, and the colors and signs do not."""
    return document.replace('class="callout emergency"', 'class="callout routine"')


@page
def page_paragraph_in_comment(document: str, _other: str) -> str:
    """A paragraph is in the source of the page, but no browser shows it."""
    return change_section(
        document, lambda section: replaced(section, r"<p>(.*?)</p>", r"<!-- <p>\1</p> -->"), last=True
    )


@page
def page_text_added_by_style(document: str, _other: str) -> str:
    """The style sheet writes a sentence before each paragraph, which no parser of the text sees."""
    return document.replace("</style>", 'section p::before { content: "It is not true that "; }\n</style>', 1)


@page
def page_number_mirrored(document: str, _other: str) -> str:
    """A browser shows 20 as 02; the text of the page is the same."""
    return change_section(
        document,
        lambda section: re.sub(r"(?<=[ >])\d\d+(?=[ <])", r'<bdo dir="rtl">\g<0></bdo>', section, count=1),
    )


@page
def page_number_as_index(document: str, _other: str) -> str:
    """A browser shows the last digit of a number below the line; the text of the page is the same."""
    return change_section(
        document, lambda section: re.sub(r"(?<=[ >]\d)\d(?=[ <])", r"<sub>\g<0></sub>", section, count=1)
    )


@page
def page_steps_numbered_backwards(document: str, _other: str) -> str:
    """The first step of a procedure has the last number."""
    return document.replace("<ol>", "<ol reversed>")


@page
def page_steps_numbered_by_hand(document: str, _other: str) -> str:
    """The second step of a procedure has the number of the fourth."""
    return replaced(document, r"(<ol>\s*<li>.*?)<li>", r'\1<li value="4">')


@page
def page_sentence_struck_out(document: str, _other: str) -> str:
    """A browser shows a sentence as withdrawn."""
    return change_section(document, lambda section: replaced(section, r"<p>([^<]+)</p>", r"<p><s>\1</s></p>"))


@page
def page_better_for_worse(document: str, _other: str) -> str:
    """A reader whose pain gets worse waits until it gets better."""
    return change_section(document, rewriting(better_or_worse))


@page
def page_fahrenheit_as_celsius(document: str, _other: str) -> str:
    """A fever of 100 °C: a reader with a fever of 38 °C does not call."""
    return _change_card(document, lambda card: card.replace("°F", "°C"))


@page
def page_urgency_of_call_lost(document: str, _other: str) -> str:
    """One should call, but not right away."""
    words = {"right away": "some day", "de inmediato": "algún día"}
    return change_section(document, rewriting(with_words(words)))


@page
def page_redirect_added(document: str, _other: str) -> str:
    """A browser leaves the page for another one."""
    tag = f'<meta http-equiv="refresh" content="0; url={ADVERTISER}" />'
    return document.replace("</head>", f"{tag}\n</head>", 1)


@page
def page_base_changed(document: str, _other: str) -> str:
    """The table of contents leads to another host."""
    return document.replace("<head>", f'<head>\n<base href="{ADVERTISER}" />', 1)


@page
def page_not_indexed(document: str, _other: str) -> str:
    """No search engine finds the page."""
    return document.replace("</head>", '<meta name="robots" content="noindex" />\n</head>', 1)


@page
def page_script_added(document: str, _other: str) -> str:
    """A script of somebody else can rewrite every word of the page."""
    return document.replace("</head>", f'<script src="{ADVERTISER}a.js"></script>\n</head>', 1)


@page
def page_link_runs_script(document: str, _other: str) -> str:
    """A link runs a script instead of opening its page."""
    return replaced(document, r'(<ul class="links".*?<a href=")[^"]+', r"\1javascript:void(0)")


@page
def page_second_data_contradicts(document: str, _other: str) -> str:
    """A search engine finds two descriptions, and the second one says something else."""
    span, embedded = embedded_in(document)
    wrong = {"@context": "https://schema.org", "@type": "MedicalWebPage", "@id": embedded["@id"]}
    added = put_embedded("@", (0, 1), wrong | {"name": "Femirelax", "author": "Femirelax"})
    end = document.index("</script>", span[1]) + len("</script>")
    return put(document, (end, end), f'\n<script type="application/ld+json">{added}</script>')


@page
def page_data_of_other_edition(document: str, other: str) -> str:
    """A search engine shows the page's address with the text of the other language."""
    return put(document, embedded_in(document)[0], other[slice(*embedded_in(other)[0])])


@page
def page_meta_description_in_other_language(document: str, other: str) -> str:
    """A list of results shows the summary in a language that the reader may not read."""
    found = (re.search(r'(?<=<meta name="description" content=")[^"]+', text) for text in (document, other))
    ours, theirs = first_two(each for each in found if each)
    return put(document, ours.span(), theirs[0])


@page
def page_window_title_of_another_topic(document: str, _other: str) -> str:
    """A tab, a bookmark and a screen reader name another topic."""
    return replaced(document, r"<title>.*?</title>", "<title>Hydatidiform mole</title>")


@page
def page_canonical_of_another_topic(document: str, _other: str) -> str:
    """Search engines drop the page in favor of that of another topic."""
    return replaced(document, r'(<link rel="canonical" href="[^"]+/)[^"/]+', r"\1hydatidiform-mole")


@page
def page_anchors_exchanged(document: str, _other: str) -> str:
    """A link to the risks opens the page at another section."""
    one, two = (
        _matches(document[start:end], '(?<=<section id=")[^"]+')[0]
        for start, end in first_two(sections_of(document))
    )
    first, second = first_two(sections_of(document))
    return swapped(document, (first[0] + one[0], first[0] + one[1]), (second[0] + two[0], second[0] + two[1]))


@page
def page_reviewed_by_an_institute(document: str, _other: str) -> str:
    """A page that nobody reviewed says that an institute did."""
    review = r"(<dt>(?:Reviewed by|Revisado por)</dt>\s*<dd>).*?(?=</dd>)"
    return replaced(document, review, r"\1National Institutes of Health")


@page
def page_updated_a_day_early(document: str, _other: str) -> str:
    """The page hides that it was corrected since."""
    footer = document.index("<footer>")
    time = re.compile(r'(?<=<time datetime=")[^"]+')
    return document[:footer] + time.sub(lambda day: day_before(day[0]), document[footer:], count=1)


@page
def page_publisher_is_an_institute(document: str, _other: str) -> str:
    """The page is published in the name of an organization that did not write it."""
    return replaced(
        document,
        r"(<dt>(?:Published by|Publicado por)</dt>\s*<dd>)<a.*?</a>",
        r'\1<a href="https://www.nih.gov/"><span lang="en">National Institutes of Health</span></a>',
    )


@page
def page_licence_named_after_another(document: str, _other: str) -> str:
    """The name of the licence forbids what the licence allows."""
    return document.replace("CC0 1.0 (", "CC BY-NC-ND 4.0 (")


@page
def page_index_term_as_name(document: str, _other: str) -> str:
    """A term that only helps to find the page is shown as a name of the condition."""
    terms = r"<dt>(?:Also found under|También se encuentra como)</dt>\s*(<dd>.*?</dd>)"
    term = first_of(re.finditer(terms, document))
    return replaced(document, r'(<dl class="names">.*?)(?=</dl>)', rf"\g<1>{term[1]}\n")


@page
def page_related_targets_exchanged(document: str, _other: str) -> str:
    """The name of a related topic leads to another one."""
    start, end = element_with(document, "section", "page_related")
    found = _matches(document[start:end], '(?<=<a href=")[^"]+')
    return put(document, (start, end), swapped(document[start:end], *first_two(found)))


@page
def page_related_in_other_language(document: str, other: str) -> str:
    """A related topic opens in the other language, and the page says that it is in this one."""
    start, end = element_with(document, "section", "page_related")
    language, theirs = (first_of(re.finditer(r'<html lang="([^"]+)"', text))[1] for text in (document, other))
    section = document[start:end].replace(f"example.org/{language}/", f"example.org/{theirs}/", 1)
    return put(document, (start, end), section)


@page
def page_source_address_elsewhere(document: str, _other: str) -> str:
    """A reader who checks a source gets to a host that only looks like the right one."""
    start, end = element_with(document, "section", "page_sources")
    link = re.compile(r'(?<=<a href=")[^"]+')
    section = link.sub(lambda found: lookalike(found[0]), document[start:end], count=1)
    return put(document, (start, end), section)


@page
def page_foreign_title_untagged(document: str, _other: str) -> str:
    """A Spanish voice reads out an English title."""
    return replaced(document, r'(<ul class="links".*?<a [^>]*>)<span lang="en">([^<]*)</span>', r"\1\2")


@page
def page_language_note_lost(document: str, _other: str) -> str:
    """Nothing warns a reader that a page is in English."""
    return re.sub(r' ?<span class="language"> ?\(inglés\)</span>', "", document)


@page
def page_language_switch_to_itself(document: str, _other: str) -> str:
    """A reader who does not read the page's language cannot leave for her own."""
    address = first_of(re.finditer(r'<link rel="canonical" href="([^"]+)"', document))[1]
    switch = r'(<nav [^>]*aria-labelledby="page_languages">.*?<a href=")[^"]+(?="[^>]*><span lang)'
    return replaced(document, switch, rf"\1{address}")


@page
def page_contents_entry_lost(document: str, _other: str) -> str:
    """The table of contents does not have the section on when to call."""
    return replaced(document, r'<li><a href="#see-a-doctor">.*?</li>\s*', "")


@page
def page_contents_in_other_language(document: str, other: str) -> str:
    """The table of contents is in a language that the reader may not read."""
    ours, theirs = (_contents(text) for text in (document, other))
    return put(document, ours, other[slice(*theirs)])


@page
def page_from_right_to_left(document: str, _other: str) -> str:
    """Lists and numbers are on the wrong side."""
    return document.replace('dir="ltr"', 'dir="rtl"', 1)


@page
def page_link_in_another_category(document: str, _other: str) -> str:
    """A page on a trial is among the treatments, or a treatment among the tests."""
    headings = _matches(document, r'<section id="links_[^>]+>\s*<details[^>]*>\s*<summary><h3>[^<]*(?=</h3>)')
    one, two = first_two(headings)
    first = document.index("<h3>", one[0]) + 4
    second = document.index("<h3>", two[0]) + 4
    return swapped(document, (first, one[1]), (second, two[1]))


@page
def page_negation_hidden(document: str, _other: str) -> str:
    """The word “not” is in the source of the sentence, and a browser does not show it."""
    change = re.compile(r"(?<=[> ])(?:not|no) (?=\w)")
    for start, end in sections_of(document):
        if change.search(document, start, end):
            section = change.sub(r"<span hidden>\g<0></span>", document[start:end], count=1)
            return put(document, (start, end), section)
    raise NothingToCorruptError


@page
def page_card_as_popover(document: str, _other: str) -> str:
    """The emergency card waits for a button that the page does not have."""
    return _change_card(document, lambda card: card.replace("<section", "<section popover", 1))


@page
def page_card_inert(document: str, _other: str) -> str:
    """A screen reader leaves the emergency card out, and its links cannot be followed."""
    return _change_card(document, lambda card: card.replace("<section", "<section inert", 1))


@page
def page_card_read_in_other_language(document: str, other: str) -> str:
    """A screen reader reads the emergency card with the voice of another language."""
    language = first_of(re.finditer(r'<html lang="([^"]+)"', other))[1]
    return _change_card(document, lambda card: card.replace("<section", f'<section lang="{language}"', 1))


@page
def page_link_announced_as_another(document: str, _other: str) -> str:
    """A screen reader announces another page than the one that a link opens."""
    return replaced(document, r'(<ul class="links".*?<a )', r'\1aria-label="Femirelax" ')


@page
def page_language_of_link_wrong(document: str, _other: str) -> str:
    """The page tells a browser that it is in a language that it is not in."""
    words = {"en": "es", "es": "en"}
    return re.sub(
        r'(<ul class="links".*?<a [^>]*hreflang=")(\w+)',
        lambda found: f"{found[1]}{words[found[2]]}",
        document,
        count=1,
        flags=re.DOTALL,
    )


@page
def page_frame_added(document: str, _other: str) -> str:
    """A page of somebody else is shown within the text."""
    return change_section(
        document, lambda section: replaced(section, "</h2>", f'</h2><iframe src="{ADVERTISER}"></iframe>')
    )


@page
def page_picture_added(document: str, _other: str) -> str:
    """A picture says what the text does not, to those who see it and to those who hear its description."""
    return change_section(
        document,
        lambda section: replaced(
            section, "</h2>", f'</h2><img src="{ADVERTISER}a.png" alt="You need not call" />'
        ),
    )


@page
def page_abbreviation_explained_wrongly(document: str, _other: str) -> str:
    """A browser explains an abbreviation as something else."""
    return document.replace("<abbr>", '<abbr title="pituitary corticotropin secretion">')


@page
def page_card_not_printed(document: str, _other: str) -> str:
    """The handout that a patient takes home does not have the emergency card."""
    return document.replace("@media print {", "@media print {\n.emergency { display: none; }", 1)


@page
def page_heading_runs_script(document: str, _other: str) -> str:
    """A reader who touches a heading leaves the page."""
    return change_section(
        document, lambda section: replaced(section, "<h2>", f"<h2 onclick=\"location='{ADVERTISER}'\">")
    )


@page
def page_form_added(document: str, _other: str) -> str:
    """The page asks for a reader's data and sends it to somebody else."""
    form = f'<form action="{ADVERTISER}"><input name="insurance" /></form>'
    return change_section(document, lambda section: replaced(section, "</h2>", f"</h2>{form}"))
