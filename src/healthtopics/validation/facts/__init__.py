"""What an edition should say apart from the text of its sections, made from the localized topic."""

from collections.abc import Iterator, Mapping

from healthtopics.formats.account import Fact, SectionAccount
from healthtopics.topic import Edition, LocalizedTopic
from healthtopics.validation.facts.about import read_edition
from healthtopics.validation.facts.layout import read_layout
from healthtopics.validation.facts.pages import read_pages
from healthtopics.validation.facts.subject import Subject, by_category, even, languages_of_pages

__all__ = ["by_category", "even", "facts_of", "languages_of_pages"]


def facts_of(
    topic: LocalizedTopic, edition: Edition, sections: Mapping[str, SectionAccount]
) -> Iterator[Fact]:
    """Yield every fact that some format states of an edition; where formats differ, in each of their ways."""
    subject = Subject(topic, edition, sections)
    yield from read_edition(subject)
    yield from read_pages(subject)
    if edition.interface:
        yield from read_layout(subject, edition.interface)
