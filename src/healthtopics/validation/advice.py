"""What a topic says of emergencies, reviews and corrections, and how: warnings that its author may accept."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from healthtopics.checks.contacts import foreign_number
from healthtopics.checks.tags import shown_markup
from healthtopics.configuration import Configuration
from healthtopics.jsontext import Document
from healthtopics.language import SOURCE
from healthtopics.markup import literal_markup
from healthtopics.problems import Level, Problem, Steps, pointer_to
from healthtopics.reading.emergencies import emergency_numbers
from healthtopics.reading.safety import without_markup
from healthtopics.topic import Callout, Dates, List, Paragraph, Topic, strings

_KINDS: Final = frozenset({"condition", "symptom"})
"""The kinds of topics whose readers must know when to get help."""
_NOT_PLAIN: Final = frozenset({"attribution", "context", "item", "list", "paragraph", "url"})
"""Members with markup, remarks for translators, and addresses."""
_OF_OTHERS: Final = frozenset(
    {"codes", "identifiers", "otherLanguages", "relatedTopics", "resources", "sources"}
)
"""Members that name what others have written."""


def check_advice(
    topic: Topic, document: Document, path: str, configuration: Configuration
) -> Iterator[Problem]:
    """Yield what is missing, or does not fit the region or the other dates, in a valid topic.

    A text of another publisher, as importers bring it, is not asked for callouts.
    """
    is_own = topic.publisher in ("", configuration.publisher)
    if is_own and topic.kind in _KINDS and not _has_callout(topic):
        yield Problem(
            check="no-urgent-advice",
            level=Level.WARNING,
            path=path,
            pointer="/sections",
            message=f"the topic is about a {topic.kind}, and no callout says when to get help.",
            hint="Add a callout with the signs for which readers must call at once, or accept the warning.",
        )
    if is_own:
        yield from _check_after_callouts(topic, path)
    yield from _check_dates(topic.dates, path, configuration)
    for text, steps in strings(document):
        if (shown := literal_markup(text)) and _is_plain(steps):
            yield shown_markup(shown).at(path, None, pointer=pointer_to(*steps))
        if steps[0] not in _OF_OTHERS:
            language = _beside(document, steps).get("language", SOURCE) if steps[-1] == "text" else SOURCE
            for number in emergency_numbers(without_markup(text), language):
                if number.number not in configuration.emergency_numbers:
                    finding = foreign_number(number.number, configuration.emergency_numbers)
                    yield finding.at(path, None, pointer=pointer_to(*steps))


def _check_after_callouts(topic: Topic, path: str) -> Iterator[Problem]:
    for index, section in enumerate(topic.sections):
        for place, (before, block) in enumerate(pairwise(section.body)):
            if isinstance(before, Callout) and isinstance(block, Paragraph | List):
                yield Problem(
                    check="callout-followed",
                    level=Level.WARNING,
                    path=path,
                    pointer=pointer_to("sections", index, "body", place + 1),
                    message="this text comes right after a callout: readers may take it for a part of it.",
                    hint="Put a subheading before it, or move it before the callout.",
                )


def _check_dates(dates: Dates, path: str, configuration: Configuration) -> Iterator[Problem]:
    for index, correction in enumerate(dates.corrections):
        if correction.date < dates.created:
            yield Problem(
                check="correction-date",
                level=Level.WARNING,
                path=path,
                pointer=pointer_to("dates", "corrections", index, "date"),
                message=f"the correction ({correction.date}) is from before the topic was created "
                f"({dates.created}).",
                hint="Fix one of the two dates.",
            )
    for index, review in enumerate(dates.reviews):
        for place, language in enumerate(review.languages):
            if language not in configuration.all_languages:
                yield Problem(
                    check="review-language",
                    level=Level.WARNING,
                    path=path,
                    pointer=pointer_to("dates", "reviews", index, "languages", place),
                    message=f"the review is of the edition in {language!r}, and the workspace has none.",
                    hint="Correct the tag, or add the language to healthtopics.toml.",
                )


def _is_plain(steps: Steps) -> bool:
    """Return whether readers see a string as it is: it has no markup, and is not a remark or an address."""
    names = [step for step in steps if isinstance(step, str) and step != "text"]
    return names[0] != "accept" and names[-1] not in _NOT_PLAIN and names[-2:-1] not in (["links"], ["pages"])


def _has_callout(topic: Topic) -> bool:
    return any(isinstance(block, Callout) for section in topic.sections for block in section.body)


def _beside(document: Document, steps: Steps) -> Any:  # noqa: ANN401 - a JSON object
    """Return the object around a member."""
    value: Any = document
    for step in steps[:-1]:
        value = value[step]
    return value
