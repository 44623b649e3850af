"""A workspace's files, judged: documents and catalogues in, `Sources` or every problem out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.configuration import Configuration
from healthtopics.errors import BuildError, ConfigurationError
from healthtopics.language import SOURCE, LanguageTag, posix_locale
from healthtopics.problems import Problem, has_errors
from healthtopics.schema import MessagePlan
from healthtopics.validation import (
    Collected,
    TopicSchema,
    check_duplicate_topics,
    check_vocabulary,
    check_vocabulary_references,
)
from healthtopics.vocabulary import Vocabulary

Document = Mapping[str, Any]

VOCABULARY = "vocabulary"
"""The name of the catalogue of the fixed words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What a workspace holds, parsed but not judged."""

    configuration: Configuration
    vocabularies: Sequence[tuple[str, Any]]
    """(path, document): the packaged ones first, then the workspace's own."""
    topics: Sequence[tuple[str, Any]]
    """(path, document)."""
    catalogues: Mapping[LanguageTag, Mapping[str, Catalogue]]
    """Language → topic id or `vocabulary` → catalogue."""
    problems: Sequence[Problem] = ()
    """What could not even be parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a release is made from, free of errors."""

    configuration: Configuration
    vocabulary: Vocabulary
    topics: Mapping[str, Document]
    """By id, ids sorted."""
    catalogues: Mapping[LanguageTag, Mapping[str, Catalogue]]
    plan: MessagePlan
    """Of the topic schema."""
    warnings: tuple[Problem, ...] = ()

    def catalogue(self, language: LanguageTag, name: str) -> Catalogue:
        """Return the catalogue of a topic or of the vocabulary; an empty one where there is no file."""
        if language == SOURCE:
            return IDENTITY
        return self.catalogues.get(language, {}).get(name) or Catalogue(
            language, catalogue_path(language, name)
        )


def catalogue_path(language: LanguageTag, name: str) -> str:
    """Return where the catalogue of a topic or of the vocabulary lies, relative to the workspace."""
    return f"locales/{posix_locale(language)}/LC_MESSAGES/{name}.po"


def assemble(files: Files, schema: TopicSchema | None = None) -> Sources:
    """Judge everything that a workspace holds.

    Raises BuildError with every problem of every file, ConfigurationError where the workspace's
    publisher is not in the vocabulary.
    """
    schema = schema or TopicSchema()
    problems = list(files.problems)
    sound: list[tuple[str, Document]] = []
    for path, document in files.vocabularies:
        found = check_vocabulary(document, path)
        problems += found
        sound += [] if has_errors(found) else [(path, document)]
    vocabulary = Vocabulary.merge(sound)
    problems += check_vocabulary_references(vocabulary)
    ids = {path: document["id"] for path, document in files.topics if _has_id(document)}
    problems += check_duplicate_topics(ids)
    # A topic that cannot be read is no reason to fault the links to it.
    unread = {_stem(problem.path) for problem in files.problems if problem.path.startswith("topics/")}
    unread |= {_stem(path) for path, _ in files.topics if path not in ids}
    collected = Collected(vocabulary, frozenset({*ids.values(), *unread}))
    for path, document in files.topics:
        problems += schema.check(document, path, collected)
    if has_errors(problems):
        raise BuildError(problems)
    publisher = files.configuration.publisher
    if not vocabulary.has("organizations", publisher):
        raise ConfigurationError(
            f"healthtopics.toml: publisher {publisher!r} is no entry of the vocabulary `organizations`. "
            "Add it to vocabulary/organizations.json."
        )
    return Sources(
        configuration=files.configuration,
        vocabulary=vocabulary,
        topics={
            document["id"]: document for _, document in sorted(files.topics, key=lambda pair: pair[1]["id"])
        },
        catalogues=files.catalogues,
        plan=schema.plan,
        warnings=tuple(problems),
    )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".json")


def _has_id(document: object) -> bool:
    return isinstance(document, Mapping) and isinstance(document.get("id"), str)
