"""A collection judged and decided as in production, with its editions composed for the exporters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import Files
from healthtopics.publishing.deciding import ChosenEditions, Decided, Earlier, choose_editions, decide
from healthtopics.publishing.editions import (
    Cards,
    compose_collection,
    compose_edition,
    foreign_pages,
    links_in_text,
)
from healthtopics.publishing.judging import Judgement, judge
from healthtopics.publishing.overview import Overview, look_at
from healthtopics.publishing.sources import Sources, gather
from healthtopics.publishing.values import PLAIN, Maker
from healthtopics.topic import Edition, LocalizedTopic, PublishedCollection

MAKER = Maker(name="tests", digest="0" * 64)


@dataclass(frozen=True)
class MemoryCache:
    """Implements `healthtopics.cache.Cache`."""

    values: dict[str, bytes] = field(default_factory=dict)

    def read(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        return {key: self.values[key] for key in keys if key in self.values}

    def write(self, values: Mapping[str, bytes]) -> None:
        self.values.update(values)


def overview_of(files: Files, *, leaves_out_faulty: bool = False) -> Overview:
    """Read and judge a whole workspace."""
    return look_at(files, MAKER, PLAIN, leaves_out_faulty=leaves_out_faulty)


@dataclass(frozen=True)
class Judgements:
    """All editions of a workspace on a day; `earlier` are the cards of the release before."""

    files: Files
    today: str = "2026-11-20"
    earlier: Cards = field(default_factory=dict)

    @cached_property
    def sources(self) -> Sources:
        return gather(self.files)

    @cached_property
    def judgements(self) -> dict[str, Judgement]:
        return {name: judge(self.sources, self.sources.read(name)) for name in sorted(self.sources.names)}

    @cached_property
    def decided(self) -> dict[str, Decided]:
        return {name: decide(self.sources, each.judged) for name, each in self.judgements.items()}

    @cached_property
    def outcome(self) -> ChosenEditions:
        return choose_editions(self.decided.values(), self.today, Earlier(cards=self.earlier))

    def localized(self, topic: str, language: str) -> LocalizedTopic:
        tag = LanguageTag(language)
        document = self.judgements[topic].translations[tag].document
        return LocalizedTopic.from_document(document or {}, tag, self.decided[topic].verdicts[tag].coverage)

    def edition(self, topic: str, language: str) -> Edition:
        tag = LanguageTag(language)
        localized = self.localized(topic, language)
        english = links_in_text(self.localized(topic, SOURCE))
        return compose_edition(
            localized,
            self.outcome.cards[topic][tag],
            self.decided[topic].links,
            self.outcome.cards,
            self.sources.with_interface(self.sources.terms[tag]),
            vocabulary=self.sources.vocabulary,
            configuration=self.sources.configuration,
            pages=foreign_pages(localized, self.sources.page_languages, english),
        )

    def collection(self) -> PublishedCollection:
        return compose_collection(self.outcome.cards, self.sources.terms, self.sources.configuration)
