"""Editions to make pages from, with words for everything that their topic refers to."""

from collections.abc import Mapping
from typing import Any

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import Card, Edition, Interface, LocalizedTerm, LocalizedTopic, Text

BASE = "https://topics.example"
ES = LanguageTag("es")
INTERFACES: Mapping[LanguageTag, Interface] = {
    SOURCE: Interface(autonyms={SOURCE: "English", ES: "Español"}),
    ES: Interface(
        language=ES,
        words={"Learn more": Text("Más información", ES)},
        days=("{day} de enero de {year}",) * 12,
        languages={SOURCE: "inglés"},
        locale="es_US",
        autonyms={SOURCE: "English", ES: "Español"},
    ),
}


def card(topic: str, language: LanguageTag, title: str = "Asthma") -> Card:
    return Card(
        topic=topic,
        language=language,
        title=title,
        page=f"{BASE}/{language}/{topic}",
        updated="2026-01-20T00:00:00Z",
        kind="condition",
    )


def edition(topic: LocalizedTopic, *languages: LanguageTag, topics: Mapping[str, Card] = {}) -> Edition:
    """Return what a page of the topic needs; each word is its own key."""
    terms: dict[str, dict[str, LocalizedTerm]] = {}
    parts = ("home", "also-called", "related-topics", "other-languages", "sources", "about", "published-by")
    keys = [("parts", key) for key in (*parts, "reviewed-by", "licence", "primary-institute")]
    for vocabulary, key in [*keys, *((name, key) for name, key, _ in topic.references())]:
        label = Text(f"the {key}", topic.language)
        terms.setdefault(vocabulary, {})[key] = LocalizedTerm(id=key, label=label, labels={}, text=label)
    house = LocalizedTerm(id="house", label=Text("House"), labels={}, url="https://house.example/")
    return Edition(
        base_url=BASE,
        card=card(topic.id, topic.language),
        publisher=house,
        data_publisher=house,
        terms=terms,
        editions={language: card(topic.id, language) for language in (*languages, topic.language)},
        topics=topics,
        interface=INTERFACES[topic.language],
    )


def data(topic: LocalizedTopic) -> dict[str, Any]:
    """Return the minimal JSON-LD of a page."""
    return {"@id": f"{BASE}/{topic.language}/{topic.id}", "inLanguage": topic.language}
