"""A topic that has everything that a topic can have, in English and, in part, in Spanish."""

from typing import Any

import pytest

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import (
    Card,
    Coding,
    Edition,
    LocalizedTerm,
    LocalizedTopic,
    PublishedCollection,
    Text,
    TextState,
)

ES = LanguageTag("es")
BASE = "https://healthtopics.example.org"
UPDATED = {SOURCE: "2026-11-20T00:00:00Z", ES: "2026-11-21T10:30:00Z"}

_LABELS: dict[str, dict[str, tuple[str, str]]] = {
    "aspects": {"overview": ("Overview", "Resumen"), "causes": ("Causes", "Causas")},
    "categories": {
        "start-here": ("Start Here", "Comience aquí"),
        "women": ("Women", "Mujeres"),
        "images": ("Images", "Imágenes"),
    },
    "code-systems": {"mesh": ("Medical Subject Headings (MeSH)", "MeSH")},
    "content-types": {
        "health-topic": ("Health topic", "Tema de salud"),
        "external-resource": ("Page elsewhere", "Otra página"),
        "source": ("Source", "Fuente"),
    },
    "groups": {"pregnancy": ("Pregnancy", "Embarazo")},
    "kinds": {"condition": ("Condition", "Afección")},
    "licences": {"cc0-1-0": ("CC0 1.0", "CC0 1.0")},
    "list-kinds": {"translations": ("Language editions", "Ediciones por idioma")},
    "notices": {"no-advice": ("Disclaimer", "Aviso"), "criteria": ("How the links were chosen", "Criterios")},
    "parts": {
        "also-called": ("Also called", "Otros nombres"),
        "summary": ("Summary", "Introducción"),
        "related-topics": ("Related Health Topics", "Temas relacionados"),
        "primary-institute": ("Main Research Organization", "Instituto principal"),
        "other-languages": ("Other Languages", "Otros idiomas"),
        "sources": ("Sources", "Fuentes"),
        "about": ("About This Page", "Acerca de esta página"),
        "published-by": ("Published by", "Publicado por"),
        "licence": ("Terms of use", "Condiciones de uso"),
        "reviewed-by": ("Reviewed by", "Revisado por"),
        "health-topics": ("Health topics", "Temas de salud"),
        "in-english": ("in English", "en inglés"),
    },
    "urgencies": {
        "emergency": ("Emergency", "Emergencia"),
        "urgent": ("Urgent", "Urgente"),
        "routine": ("Soon", "Pronto"),
    },
}
_ORGANIZATIONS: dict[str, dict[str, Any]] = {
    "healthtopics": {"labels": {SOURCE: "Health Topics Project"}, "url": f"{BASE}/"},
    "nih": {
        "labels": {SOURCE: "National Institutes of Health", ES: "Institutos Nacionales de la Salud"},
        "url": "https://www.nih.gov/",
        "facts": {"type": "GovernmentOrganization"},
    },
    "nichd": {
        "labels": {SOURCE: "NICHD"},
        "url": "https://www.nichd.nih.gov/",
        "facts": {"type": "GovernmentOrganization", "parent": "nih"},
    },
    "acr": {"labels": {SOURCE: "American College of Radiology"}},
}


def _term(key: str, labels: dict[LanguageTag, str], language: LanguageTag, **more: Any) -> LocalizedTerm:
    choice = language if language in labels else SOURCE
    state = TextState.OWN if choice != language else TextState.TRANSLATED
    return LocalizedTerm(id=key, label=Text(labels[choice], choice, state), labels=labels, **more)


def terms(language: LanguageTag) -> dict[str, dict[str, LocalizedTerm]]:
    found: dict[str, dict[str, LocalizedTerm]] = {}
    for vocabulary, entries in _LABELS.items():
        for key, (english, spanish) in entries.items():
            more: dict[str, Any] = {}
            if vocabulary == "code-systems":
                more["facts"] = {"system": "https://www.nlm.nih.gov/mesh"}
            if vocabulary == "notices":
                more = {"text": Text(f"About {key} & more.", SOURCE), "url": f"https://example.org/{key}"}
            if vocabulary == "licences":
                more["url"] = "https://creativecommons.org/publicdomain/zero/1.0/"
            found.setdefault(vocabulary, {})[key] = _term(
                key, {SOURCE: english, ES: spanish}, language, **more
            )
    found["organizations"] = {
        key: _term(key, entry["labels"], language, url=entry.get("url", ""), facts=entry.get("facts", {}))
        for key, entry in _ORGANIZATIONS.items()
    }
    return found


def text(language: LanguageTag, english: str, spanish: str = "") -> Text:
    """A text that stays in English where it has no Spanish."""
    if language == ES and spanish:
        return Text(spanish, ES, TextState.TRANSLATED)
    return Text(english, SOURCE, TextState.SOURCE if language == SOURCE else TextState.MISSING)


def document(language: LanguageTag) -> dict[str, Any]:
    def t(english: str, spanish: str = "") -> Text:
        return text(language, english, spanish)

    return {
        "id": "miscarriage",
        "kind": "condition",
        "title": t("Miscarriage", "Aborto espontáneo"),
        "alsoCalled": [t("Spontaneous abortion <early>", "Pérdida del embarazo")],
        "description": t("A pregnancy that ends early.", "Un embarazo que termina antes de tiempo."),
        "codes": [
            {
                "system": "mesh",
                "code": "D000022",
                "display": "Abortion, Spontaneous",
                "qualifiers": [{"code": "Q000150", "display": "complications"}],
            }
        ],
        "groups": ["pregnancy"],
        "primaryInstitute": "nichd",
        "sections": [
            {
                "id": "overview",
                "aspect": "overview",
                "heading": t("What is it?", "¿Qué es?"),
                "body": [
                    {"paragraph": t('It has <em>many</em> <a href="topic:back-pain">names</a> &amp; forms.')},
                    {
                        "list": [
                            {
                                "item": t("Signs"),
                                "list": [t("Bleeding", "Sangrado"), t("Pain")],
                                "ordered": True,
                            },
                            t("Tests"),
                        ]
                    },
                ],
            },
            {
                "id": "why",
                "aspect": "causes",
                "heading": t("Why does it happen?"),
                "body": [
                    {"paragraph": t("Nobody knows.", "Nadie lo sabe.")},
                    {"attribution": t("Based on NIH: NICHD", "Con información de NIH: NICHD")},
                ],
            },
        ],
        "resources": [
            {
                "id": "both",
                "categories": ["women", "start-here"],
                "title": t("Miscarriages", "Aborto espontáneo"),
                "organizations": ["nichd"],
                "kind": "page",
                "links": {"en": "https://example.org/en?a=1&b=2", "es": "https://example.org/es"},
            },
            {
                "id": "english",
                "categories": ["start-here"],
                "title": Text("Grief"),
                "organizations": ["acr", "nih"],
                "kind": "article",
                "links": {"en": "https://example.org/grief.PDF"},
                "identifiers": [{"system": "pmid", "value": "12345"}],
            },
            {
                "id": "hidden",
                "categories": {"en": ["start-here"], "es": []},
                "title": Text("A film"),
                "kind": "video",
                "links": {"en": "https://example.org/film"},
            },
        ],
        "relatedTopics": [
            "back-pain",
            "withdrawn",
            {"title": Text("Stillbirth"), "links": {"en": "https://example.org/stillbirth"}},
        ],
        "otherLanguages": [
            {
                "name": t("Arabic", "Árabe"),
                "vernacularName": "العربية",
                "language": "ar",
                "url": "https://example.org/ar",
            },
            {"name": t("More languages", "Más idiomas"), "url": "https://example.org/languages"},
        ],
        "dates": {
            "created": "2026-11-20",
            "updated": "2026-11-20",
            "reviews": [{"date": "2026-11-21", "by": "Dr. Ada Roe", "languages": ["en", "es"]}],
        },
        "sources": [
            {
                "id": "nlm",
                "title": "Miscarriage",
                "publisher": "National Library of Medicine",
                "url": "https://medlineplus.gov/miscarriage.html",
                "language": "en",
                "published": "2026-01-02",
                "note": t("All facts.", "Todos los datos."),
            },
            {"id": "book", "title": "Un libro", "language": "es"},
        ],
        "licence": "cc0-1-0",
        "disclaimer": "no-advice",
        "qualityCriteria": "criteria",
    }


def card(topic: str, language: LanguageTag, title: str, **more: Any) -> Card:
    return Card(
        topic=topic,
        language=language,
        title=title,
        page=f"{BASE}/{language}/{topic}",
        updated=UPDATED[language],
        kind="condition",
        **more,
    )


CARDS = {
    "back-pain": {SOURCE: card("back-pain", SOURCE, "Back Pain")},
    "miscarriage": {
        SOURCE: card(
            "miscarriage",
            SOURCE,
            "Miscarriage",
            description="A pregnancy that ends early.",
            synonyms=("Spontaneous abortion",),
            codes=(Coding("mesh", "D000022", "Abortion, Spontaneous"),),
            groups=("pregnancy",),
            related=("back-pain", "withdrawn"),
        ),
        ES: card("miscarriage", ES, "Aborto espontáneo", synonyms=("Pérdida del embarazo",)),
    },
}


def localized(language: LanguageTag) -> LocalizedTopic:
    return LocalizedTopic.from_document(document(language), language)


def edition(language: LanguageTag) -> Edition:
    vocabulary = terms(language)
    return Edition(
        base_url=BASE,
        card=CARDS["miscarriage"][language],
        publisher=vocabulary["organizations"]["healthtopics"],
        data_publisher=vocabulary["organizations"]["healthtopics"],
        terms=vocabulary,
        editions=CARDS["miscarriage"],
        topics={"back-pain": CARDS["back-pain"][SOURCE]},
    )


@pytest.fixture
def english() -> tuple[LocalizedTopic, Edition]:
    return localized(SOURCE), edition(SOURCE)


@pytest.fixture
def spanish() -> tuple[LocalizedTopic, Edition]:
    return localized(ES), edition(ES)


@pytest.fixture
def collection() -> PublishedCollection:
    vocabulary = terms(SOURCE)
    return PublishedCollection(
        base_url=BASE,
        publisher=vocabulary["organizations"]["healthtopics"],
        languages=(SOURCE, ES),
        cards=CARDS,
        terms=vocabulary,
        titles={name: {SOURCE: name.capitalize(), ES: f"{name} (es)"} for name in vocabulary},
    )
