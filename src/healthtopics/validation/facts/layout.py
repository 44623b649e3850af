"""What only the pages for readers say: navigation, headings of lists, the footer."""

from collections.abc import Iterator

from healthtopics.formats.account import Fact
from healthtopics.formats.xhtml import bare
from healthtopics.topic import Interface, Text
from healthtopics.validation.facts.subject import Subject, even


def read_layout(of: Subject, words: Interface) -> Iterator[Fact]:
    """Yield what the page of an edition says around its text."""
    edition = of.edition
    home = f"{edition.base_url}/{of.language} {of.label('parts', 'home')}"
    yield Fact("the home page", (home,))
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


def _days(of: Subject, words: Interface) -> Iterator[Fact]:
    dates = of.topic.dates
    days = [of.updated, of.review.date if of.review else "", dates.review_by]
    days += [each.date for each in dates.corrections]
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
        yield words.word("No review is recorded here")
    if dates.review_by:
        yield words.word("Review due by")
    for each in dates.corrections:
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
        yield of.definition("reviewed-by", [words.word("No review is recorded here")])
    if dates.review_by:
        yield line("Review due by", words.day(dates.review_by))
    for each in dates.corrections:
        label = f"{words.word('Corrected on').value} {words.day(each.date)}"
        yield f"{bare(label)} | {bare(each.what.value)}"
    if topic.see_references:
        yield line("Also found under", *(each.value for each in topic.see_references))
    if topic.primary_institute:
        institute = edition.term("organizations", topic.primary_institute)
        yield of.definition("primary-institute", [institute.label], institute.url)
    yield from of.notices(has_text=False)
