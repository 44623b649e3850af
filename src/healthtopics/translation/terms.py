"""The vocabulary in one language: the fixed words that readers see."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, Final

from healthtopics.catalogue import Catalogue
from healthtopics.catalogues.template import vocabulary_documents
from healthtopics.checks.table import installed_checks
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Problem
from healthtopics.schema import MessagePlan
from healthtopics.topic import Coverage, LocalizedTerm, Text, TextState
from healthtopics.translation.interface import LocalizedInterface
from healthtopics.translation.translate import Translation, translate
from healthtopics.vocabulary import Vocabulary, VocabularyEntry

_FACTS = ("type", "parent", "schemaType", "healthAspect", "system", "oid", "codingSystem", "iri")


@dataclass(frozen=True, slots=True)
class LocalizedTerms:
    """The fixed words in one language: the whole vocabulary, and the words of pages."""

    language: LanguageTag
    terms: Mapping[str, Mapping[str, LocalizedTerm]]
    titles: Mapping[str, Text]
    coverage: Mapping[tuple[str, str], Coverage]
    """(vocabulary, key) → how far the entry is translated."""
    findings: Mapping[tuple[str, str], tuple[Problem, ...]]
    """(vocabulary, key) → what is missing or wrong."""
    interface: LocalizedInterface | None = None
    """None if no page is made."""


def localize_terms(
    plan: MessagePlan,
    vocabulary: Vocabulary,
    catalogues: Sequence[Catalogue],
    emergency_numbers: tuple[str, ...] = (),
) -> Mapping[LanguageTag, LocalizedTerms]:
    """Translate the vocabulary into the language of each catalogue, including the identity catalogue.

    `emergency_numbers` are those of the workspace, as in `translate`. The latest results are kept: the same
    objects give the same result.
    """
    given = (plan, vocabulary, *catalogues, installed_checks())
    for known, numbers, result in tuple(_RECENT):
        if numbers == emergency_numbers and len(known) == len(given) and all(map(is_, known, given)):
            return result
    result = _localize_terms(plan, vocabulary, catalogues, emergency_numbers)
    _RECENT.append((given, emergency_numbers, result))
    return result


_RECENT: Final[deque[tuple[tuple[object, ...], tuple[str, ...], Mapping[LanguageTag, LocalizedTerms]]]] = (
    deque(maxlen=4)
)


def _localize_terms(
    plan: MessagePlan,
    vocabulary: Vocabulary,
    catalogues: Sequence[Catalogue],
    emergency_numbers: tuple[str, ...],
) -> Mapping[LanguageTag, LocalizedTerms]:
    entries = [(name, entry) for name, entry in vocabulary.walk()]
    translations = {
        catalogue.language: {
            (name, entry.document["id"]): translate(
                plan, {"entries": [entry.document]}, catalogue, emergency_numbers=emergency_numbers
            )
            for name, entry in entries
        }
        for catalogue in catalogues
    }
    labels = {
        place: _labels({language: by_place[place] for language, by_place in translations.items()})
        for place in ((name, entry.document["id"]) for name, entry in entries)
    }
    return {
        catalogue.language: LocalizedTerms(
            catalogue.language,
            _terms(translations[catalogue.language], labels, catalogue.language),
            {name: _title(plan, entry, catalogue) for name, entry in vocabulary.titles.items()},
            {place: each.coverage for place, each in translations[catalogue.language].items()},
            {place: each.findings for place, each in translations[catalogue.language].items()},
        )
        for catalogue in catalogues
    }


def translate_files(
    plan: MessagePlan, vocabulary: Vocabulary, catalogue: Catalogue, emergency_numbers: tuple[str, ...]
) -> list[Translation]:
    """Translate the vocabulary file by file: the work of a translator, not the words of editions."""
    return [
        translate(plan, document, catalogue, emergency_numbers=emergency_numbers)
        for _path, document in vocabulary_documents(vocabulary)
    ]


def _title(plan: MessagePlan, entry: VocabularyEntry, catalogue: Catalogue) -> Text:
    document = translate(plan, entry.document, catalogue).document or {}
    title: Text = document["title"]
    return title


def _entry(translation: Translation) -> Mapping[str, Any]:
    document = translation.document or {}
    entry: Mapping[str, Any] = document["entries"][0]
    return entry


def _label(entry: Mapping[str, Any]) -> Text:
    label: Text = entry.get("label") or entry["name"]
    return label


def _labels(translations: Mapping[LanguageTag, Translation]) -> dict[LanguageTag, str]:
    """Return the label in every language that has it, the source language first."""
    found = {language: _label(_entry(each)) for language, each in translations.items()}
    return {
        label.language: label.value
        for language, label in sorted(found.items(), key=lambda pair: (pair[0] != SOURCE, pair[0]))
        if language == SOURCE or label.state is TextState.TRANSLATED
    }


def _terms(
    translations: Mapping[tuple[str, str], Translation],
    labels: Mapping[tuple[str, str], Mapping[LanguageTag, str]],
    language: LanguageTag,
) -> dict[str, dict[str, LocalizedTerm]]:
    terms: dict[str, dict[str, LocalizedTerm]] = {}
    for (name, key), translation in translations.items():
        entry = _entry(translation)
        terms.setdefault(name, {})[key] = LocalizedTerm(
            id=key,
            label=_label(entry),
            labels=labels[name, key],
            text=entry.get("text"),
            url=entry.get("urls", {}).get(language) or entry.get("url", ""),
            home=entry.get("url", ""),
            definition=entry.get("definition", ""),
            facts={fact: entry[fact] for fact in _FACTS if fact in entry},
        )
    return terms
