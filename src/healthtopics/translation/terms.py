"""The vocabulary in one language: the fixed words that readers see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem
from healthtopics.schema import MessagePlan
from healthtopics.topic import Coverage, Term, Text, TextState
from healthtopics.translation.messages import extract
from healthtopics.translation.translate import Translation, translate
from healthtopics.translation.update import TemplateMessage
from healthtopics.vocabulary import Entry, Vocabulary

_FACTS = ("type", "parent", "schemaType", "healthAspect", "system", "oid", "codingSystem", "iri")


@dataclass(frozen=True, slots=True)
class LocalizedTerms:
    """The whole vocabulary in one language."""

    language: LanguageTag
    terms: Mapping[str, Mapping[str, Term]]
    titles: Mapping[str, Text]
    coverage: Mapping[tuple[str, str], Coverage]
    """(vocabulary, key) → how far the entry is translated."""
    findings: Mapping[tuple[str, str], tuple[Problem, ...]]
    """(vocabulary, key) → what is in the way."""


def localize_terms(
    plan: MessagePlan, vocabulary: Vocabulary, catalogues: Iterable[Catalogue], language: LanguageTag
) -> LocalizedTerms:
    """Translate the vocabulary. `catalogues` holds every language's: `Term.labels` carries them all."""
    by_language = {SOURCE: IDENTITY, **{catalogue.language: catalogue for catalogue in catalogues}}
    terms: dict[str, dict[str, Term]] = {}
    coverage: dict[tuple[str, str], Coverage] = {}
    findings: dict[tuple[str, str], tuple[Problem, ...]] = {}
    for name, entry in vocabulary.walk():
        translations = {
            tag: _translate_entry(plan, name, entry, catalogue) for tag, catalogue in by_language.items()
        }
        key = entry.document["id"]
        terms.setdefault(name, {})[key] = _term(translations, language)
        coverage[name, key] = translations[language].coverage
        findings[name, key] = translations[language].findings
    titles = {
        name: _member(translate(plan, entry.document, by_language[language]), "title")
        for name, entry in vocabulary.titles.items()
    }
    return LocalizedTerms(language, terms, titles, coverage, findings)


def extract_terms(
    plan: MessagePlan, vocabulary: Vocabulary, language: LanguageTag | None = None
) -> list[TemplateMessage]:
    """Return the messages of the vocabulary, each key once: the titles and labels, file by file."""
    found: dict[Any, TemplateMessage] = {}
    for name, title in vocabulary.titles.items():
        entries = list(vocabulary.entries[name].values())
        for path in dict.fromkeys(entry.path for entry in (title, *entries)):
            document = {
                **(title.document if path == title.path else {}),
                "entries": [entry.document for entry in entries if entry.path == path],
            }
            for message in extract(plan, document, path, language):
                found.setdefault(message.key, message)
    return list(found.values())


def _translate_entry(plan: MessagePlan, name: str, entry: Entry, catalogue: Catalogue) -> Translation:
    return translate(plan, {"id": name, "entries": [entry.document]}, catalogue)


def _member(translation: Translation, name: str) -> Text:
    document = translation.document or {}
    text: Text = document[name]
    return text


def _term(translations: Mapping[LanguageTag, Translation], language: LanguageTag) -> Term:
    localized = {tag: (each.document or {})["entries"][0] for tag, each in translations.items()}
    labels = {tag: document.get("label") or document["name"] for tag, document in localized.items()}
    mine = localized[language]
    return Term(
        id=mine["id"],
        label=labels[language],
        labels={
            tag: label.value
            for tag, label in labels.items()
            if tag == SOURCE or label.state is TextState.TRANSLATED
        },
        text=mine.get("text"),
        url=mine.get("url", ""),
        definition=mine.get("definition", ""),
        facts={fact: mine[fact] for fact in _FACTS if fact in mine},
    )
