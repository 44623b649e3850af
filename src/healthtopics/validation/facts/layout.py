"""What only the pages for readers say: navigation, headings of lists, the footer."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from healthtopics.formats.account import Fact
from healthtopics.formats.xhtml import bare
from healthtopics.markup.look import icon_in_page
from healthtopics.topic import Correction, Interface, Text
from healthtopics.validation.facts.subject import Subject, even

_TRIAL: Final = "This site is a trial. Do not rely on what its pages say."
_DISCLAIMER: Final = ("Disclaimer", "This page does not replace the advice of a health care provider.")
_NO_REVIEW: Final = "We have no record of an expert review of this text"
_CALL: Final = "In an emergency, call {number}."
_FEW: Final = 3
"""A list of links or sources that has no more is shown at once; longer ones when the reader opens them."""


def read_layout(of: Subject, words: Interface) -> Iterator[Fact]:
    """Yield what the page of an edition says around its text."""
    edition = of.edition
    yield Fact("what other sites show of the page", tuple(_social(of, words)))
    yield from _above(of, words)
    yield Fact("what is said below the title", tuple(_trust(of, words)))
    yield Fact("the same sections in other languages", tuple(_same_sections(of, words)))
    for key, links in of.groups.items():
        yield Fact(f"the number of links under {key!r}", _folds(len(links)))
    yield Fact("the number of the other languages", _folds(len(of.topic.other_languages)))
    yield Fact("the number of the sources", _folds(len(of.topic.sources)))
    names = [
        f"{language} {card.page} {even(words.autonyms.get(language, language))}"
        for language, card in edition.editions.items()
    ]
    yield Fact("the names of the editions", tuple(names) if len(names) > 1 else ())
    headed = {key: each.heading for key, each in of.sections.items() if each.is_headed}
    contents = [f"#{key} {heading}" for key, heading in headed.items()] if len(headed) > 2 else []
    yield Fact("the table of contents", tuple(contents))
    yield Fact("the headings of the lists", tuple(map(even, _headings(of, words))))
    yield from _days(of, words)
    yield Fact("the facts below the text", tuple(_footer(of, words)))
    languages = (each.language for each in _said_below(of, words))
    yield Fact("the languages below the text", (of.spoken(*languages),))


def _folds(count: int) -> tuple[str, ...]:
    return (f"({count}){' open' if count <= _FEW else ''}",) if count else ()


def _social(of: Subject, words: Interface) -> Iterator[str]:
    yield "og:type article"
    yield f"og:title {of.topic.title.value}"
    if of.topic.description:
        yield f"og:description {of.topic.description.value}"
    yield f"og:url {of.edition.card.page}"
    yield f"og:site_name {of.edition.term('parts', 'home').label.value}"
    yield f"og:locale {words.locale}"


def _above(of: Subject, words: Interface) -> Iterator[Fact]:
    """Yield what the page says above its title, and in which languages."""
    edition, topic, site = of.edition, of.topic, f"{of.edition.base_url}/{of.language}"
    home, trial, call = edition.term("parts", "home").label, words.word(_TRIAL), words.word(_CALL)
    back = words.word("Back to the whole page")
    search = [words.word("Search health topics"), words.word("Search")]
    group = edition.term("groups", topic.groups[0]).label if topic.groups else words.word("Topics A to Z")
    list_of_topics = f"groups/{topic.groups[0]}" if topic.groups else "letters"
    yield Fact("the notice of a trial", (even(trial.value),) if edition.trial else ())
    yield Fact("the name of the site", (f"{even(home.value)} {site}",))
    numbers, said = edition.emergency_numbers, "".join(edition.emergency_numbers[:1])
    if len(numbers) > 1:
        joined = words.word("{numbers} or {last}").value.replace("{numbers}", ", ".join(numbers[:-1]))
        said = joined.replace("{last}", numbers[-1])
    line = even(call.value.replace("{number}", said))
    calls = " ".join((line, *(f"tel:{each}" for each in numbers)))
    yield Fact("what to call in an emergency", (calls,) if numbers else ())
    yield Fact("the way back from the handout", (f"{even(back.value)} #main_content",))
    asked = " ".join(even(each.value) for each in search)
    yield Fact("the search", (f"{asked} get {site}/search search q",))
    yield Fact("the icon", (icon_in_page(),))
    way = f"{even(home.value)} {site}", f"{even(group.value)} {site}/{list_of_topics}"
    yield Fact("the way to the page", (*way, even(topic.title.value)))
    spoken = [trial.language] if edition.trial else []
    spoken.append(home.language)
    if len(edition.editions) > 1:
        spoken += [words.word("Read this page in").language, *edition.editions]
    spoken += [each.language for each in search]
    if numbers:
        spoken.append(call.language)
        if len(numbers) > 1:
            spoken.append(words.word("{numbers} or {last}").language)
    spoken += [back.language, words.word("You are here").language, home.language, group.language]
    yield Fact("the languages above the text", (of.spoken(*spoken, topic.title.language),))


def _trust(of: Subject, words: Interface) -> Iterator[str]:
    """Yield what readers judge the page by, as they see it below the title."""
    dates, sources = of.topic.dates, of.topic.sources
    yield even(f"{words.word('Last updated').value}: {words.day(of.updated)}")
    if of.review:
        yield even(f"{of.label('parts', 'reviewed-by')}: {of.review.by}, {words.day(of.review.date)}")
    else:
        yield even(words.word(_NO_REVIEW).value)
    if dates.corrections:
        last = words.day(max(each.date for each in dates.corrections))
        yield even(f"{words.word('Corrected on').value} {last} #page_about")
    if sources:
        yield f"{of.label('parts', 'sources')} ({len(sources)}) #page_sources"
    yield even(f"{words.word('Handout to print, in large letters').value} #page_handout")


def _same_sections(of: Subject, words: Interface) -> Iterator[str]:
    editions = of.edition.editions
    others = [(tag, card) for tag, card in editions.items() if tag != of.language]
    for key, section in of.sections.items():
        for tag, card in others if section.is_headed else ():
            if key in card.sections and card.page.startswith(f"{of.edition.base_url}/"):
                name = even(words.autonyms.get(tag, tag))
                yield f"{key}: {tag} {card.page}#{key} {name}: {section.heading}"


def _headings(of: Subject, words: Interface) -> Iterator[str]:
    topic = of.topic
    if of.groups:
        yield words.word("Learn more").value
    for key, content in (
        ("related-topics", [*filter(None, map(of.related_page, topic.related_topics))]),
        ("other-languages", topic.other_languages),
        ("sources", topic.sources),
    ):
        if content:
            yield of.label("parts", key)


def _newest_first(corrections: Sequence[Correction]) -> list[Correction]:
    return sorted(corrections, key=lambda each: each.date, reverse=True)


def _days(of: Subject, words: Interface) -> Iterator[Fact]:
    dates = of.topic.dates
    days = [of.updated, of.review.date if of.review else "", dates.review_by]
    days += [each.date for each in _newest_first(dates.corrections)]
    days.append(of.updated)  # how to cite the page
    yield Fact("the days below the text", tuple(filter(None, days)))
    for source in of.topic.sources:
        days += [source.published, source.retrieved]
    for day in filter(None, dict.fromkeys(days)):
        yield Fact(f"the day {day!r} in words", (even(words.day(day)),))


def _said_below(of: Subject, words: Interface) -> Iterator[Text]:
    """Yield the texts of the footer that may be in another language, in its order."""
    topic, edition, dates = of.topic, of.edition, of.topic.dates

    def part(key: str) -> Text:
        return edition.term("parts", key).label

    yield from (part("about"), part("published-by"), edition.publisher.label, words.word("Last updated"))
    yield part("reviewed-by")
    if not of.review:
        yield words.word(_NO_REVIEW)
    if dates.review_by:
        yield words.word("Review due by")
    for each in _newest_first(dates.corrections):
        yield from (words.word("Corrected on"), each.what)
    if topic.see_references:
        yield from (words.word("Also found under"), *topic.see_references)
    if topic.primary_institute:
        yield from (part("primary-institute"), edition.term("organizations", topic.primary_institute).label)
    if topic.licence:
        yield from (part("licence"), edition.term("licences", topic.licence).label)
    for key in filter(None, (topic.disclaimer, topic.quality_criteria)):
        notice = edition.term("notices", key)
        yield from filter(None, (notice.label, notice.text))
    if not topic.disclaimer:
        yield from map(words.word, _DISCLAIMER)
    yield from (words.word("How to cite this page"), edition.publisher.label, topic.title)
    yield from (words.word("Last updated"), words.word("Version"))
    if edition.contact:
        yield words.word("Report a problem with this page")


def _footer(of: Subject, words: Interface) -> Iterator[str]:
    topic, edition, dates = of.topic, of.edition, of.topic.dates

    def line(label: str, *said: str) -> str:
        return " | ".join((bare(words.word(label).value), *map(bare, said)))

    yield of.definition("published-by", [edition.publisher.label], edition.publisher.url)
    yield line("Last updated", words.day(of.updated))
    if of.review:
        day = words.day(of.review.date)
        yield of.definition("reviewed-by", [Text(f"{of.review.by}, {day}")])
    else:
        yield of.definition("reviewed-by", [words.word(_NO_REVIEW)])
    if dates.review_by:
        yield line("Review due by", words.day(dates.review_by))
    for each in _newest_first(dates.corrections):
        label = f"{words.word('Corrected on').value} {words.day(each.date)}"
        yield f"{bare(label)} | {bare(each.what.value)}"
    if topic.see_references:
        yield line("Also found under", *(each.value for each in topic.see_references))
    if topic.primary_institute:
        institute = edition.term("organizations", topic.primary_institute)
        yield of.definition("primary-institute", [institute.label], institute.url)
    yield from of.notices(has_text=False)
    if not topic.disclaimer:
        heading, text = _DISCLAIMER
        yield line(heading, words.word(text).value)
    day, page = words.day(of.updated), edition.card.page
    named = f"{edition.publisher.label.value}. {topic.title.value}"
    yield line("How to cite this page", f"{named}. {words.word('Last updated').value}: {day}. {page}", page)
    digits = edition.card.content[:8]
    yield line("Version", "-".join(filter(None, (of.updated.replace("-", "."), digits))))
    if edition.contact:
        seen = edition.contact.removeprefix("mailto:").removeprefix("https://")
        is_mail = edition.contact.startswith("mailto:")
        subject = f"?subject={quote(f'{topic.title.value}: {page}', safe='')}" if is_mail else ""
        report = bare(words.word("Report a problem with this page").value)
        yield f"{report} | {bare(seen)} | {edition.contact}{subject}"
