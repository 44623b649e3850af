"""A workspace's files, judged: bytes in, values or every problem out.

`gather` reads what all topics share, `read_topic` one topic with its catalogues: so a collection of any size
passes by one topic at a time. `assemble` keeps it all, for those who look at a collection as a whole.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from healthtopics import jsontext
from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.catalogues import po
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.checks.entries import check_entries
from healthtopics.checks.table import Checks, installed_checks
from healthtopics.configuration import Configuration
from healthtopics.errors import BuildError, CatalogueError, ConfigurationError, JsonTextError
from healthtopics.formats.html.exporting import templates
from healthtopics.formats.table import format_named
from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import (
    INTERFACE,
    LOCALES,
    TOPICS,
    VOCABULARY,
    WORDS,
    Files,
    TopicBytes,
    catalogue_path,
    folder_of,
    glossary_path,
    topic_path,
)
from healthtopics.problems import Level, Problem, has_errors
from healthtopics.publishing.orphans import (
    catalogues_without_language,
    catalogues_without_topic,
    unknown_languages,
    unreadable_catalogue,
)
from healthtopics.schema import MessagePlan, packaged_plan
from healthtopics.translation.interface import localize_interface, template_of_interface
from healthtopics.translation.terms import LocalizedTerms, localize_terms
from healthtopics.validation import (
    Collected,
    TopicSchema,
    check_duplicate_topics,
    check_glossary,
    check_vocabulary,
    check_vocabulary_references,
)
from healthtopics.vocabulary import Vocabulary

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What every topic of a collection rests on. Other processes get a pickled copy."""

    configuration: Configuration
    vocabulary: Vocabulary
    catalogues: Mapping[LanguageTag, Catalogue]
    """Of the vocabulary."""
    interfaces: Mapping[LanguageTag, Catalogue]
    """Of what pages say of their own."""
    terms: Mapping[LanguageTag, LocalizedTerms]
    """The words of the vocabulary; none where it has errors, so that nothing can be translated."""
    glossaries: Mapping[LanguageTag, Glossary]
    """Of every language that has one, the workspace's terms merged over the packaged ones."""
    topics: frozenset[str]
    """The names of all topics, which are their ids."""
    schema: TopicSchema
    checks: Checks
    """What is asked of every translation of a topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFiles:
    """The files of one topic, parsed and judged."""

    document: Any
    """Fit to be translated where there is no error among the problems; None where it is no JSON."""
    catalogues: Mapping[LanguageTag, Catalogue]
    """Of every language, the source language first; an empty one where there is no file."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """A whole collection in memory, free of errors; or what of it can be read, where that was asked for."""

    configuration: Configuration
    vocabulary: Vocabulary
    topics: Mapping[str, Document]
    """By id, ids sorted."""
    catalogues: Mapping[LanguageTag, Mapping[str, Catalogue]]
    glossaries: Mapping[LanguageTag, Glossary]
    """As in `Basis`."""
    plan: MessagePlan
    """Of the topic schema."""
    warnings: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()
    """Of the files that were left out."""

    @property
    def faulty(self) -> frozenset[str]:
        """The paths of the files that were left out."""
        return frozenset(problem.path for problem in self.errors)

    def catalogue(self, language: LanguageTag, name: str) -> Catalogue:
        """Return the catalogue of a topic or of words; an empty one where there is no file."""
        if language == SOURCE:
            return IDENTITY
        return self.catalogues.get(language, {}).get(name) or Catalogue(
            language, catalogue_path(language, name)
        )


def gather(
    files: Files, *, schema: TopicSchema | None = None, checks: Checks | None = None
) -> tuple[Basis, list[Problem]]:
    """Read what all topics rest on; the problems are those of all files that are no topic's.

    Raises ConfigurationError where a vocabulary without errors does not know the workspace's publisher.
    """
    configuration = files.configuration
    names = frozenset(files.topic_names())
    vocabulary, problems = _read_vocabulary(files.vocabularies())
    is_vocabulary_sound = not has_errors(problems)
    catalogues, interfaces = {SOURCE: IDENTITY}, {SOURCE: IDENTITY}
    problems += [*unknown_languages(files), *catalogues_without_language(files)]
    for language in configuration.languages:
        problems += _check_orphans(files, language, names)
        if language != SOURCE:
            catalogues[language], found = _read_words(files, language, VOCABULARY)
            interfaces[language], others = _read_words(files, language, INTERFACE)
            problems += [*found, *others]
    glossaries, found_there = _read_glossaries(files)
    problems += found_there
    if not names:
        problems.append(
            Problem(
                check="no-topics",
                path=TOPICS,
                message="there is no topic here.",
                hint="Add topics/<id>.json; `healthtopics init` shows an example.",
            )
        )
    if is_vocabulary_sound and not vocabulary.has("organizations", configuration.publisher):
        raise ConfigurationError(
            f"healthtopics.toml: publisher {configuration.publisher!r} is no entry of the vocabulary "
            "`organizations`. Add it to vocabulary/organizations.json."
        )
    terms = {} if has_errors(problems) else translate_terms(vocabulary, catalogues.values())
    basis = Basis(
        configuration=configuration,
        vocabulary=vocabulary,
        catalogues=catalogues,
        interfaces=interfaces,
        terms=with_interface(terms, interfaces, configuration) if has_pages(configuration) else terms,
        glossaries=glossaries,
        topics=names,
        schema=schema or TopicSchema(),
        checks=checks or installed_checks(),
    )
    return basis, problems


def translate_terms(
    vocabulary: Vocabulary, catalogues: Iterable[Catalogue]
) -> dict[LanguageTag, LocalizedTerms]:
    """Translate the vocabulary into the language of each catalogue."""
    return localize_terms(packaged_plan("vocabulary.schema.json"), vocabulary, list(catalogues))


def has_pages(configuration: Configuration) -> bool:
    """Tell whether what pages say of their own must be translated, too."""
    return any(format_named(format_).is_page for format_ in configuration.formats)


def interface_template() -> list[TemplateMessage]:
    """Return what pages say of their own: the messages of `interface.po`."""
    return template_of_interface(templates())


def with_interface(
    terms: Mapping[LanguageTag, LocalizedTerms],
    catalogues: Mapping[LanguageTag, Catalogue],
    configuration: Configuration,
) -> dict[LanguageTag, LocalizedTerms]:
    """Return the words of each language with what pages say of their own, translated by these catalogues."""
    template = interface_template()
    return {
        language: replace(
            each,
            interface=localize_interface(
                template,
                catalogues[language],
                configuration.locale_of(language),
                configuration.all_languages,
            ),
        )
        for language, each in terms.items()
    }


def _read_vocabulary(texts: Mapping[str, bytes]) -> tuple[Vocabulary, list[Problem]]:
    problems: list[Problem] = []
    sound: list[tuple[str, Document]] = []
    for path, data in texts.items():
        try:
            document = jsontext.parse(data, path)
        except JsonTextError as error:
            problems += error.problems
            continue
        found = check_vocabulary(document, path)
        problems += found
        sound += [] if has_errors(found) else [(path, document)]
    vocabulary = Vocabulary.merge(sound)
    return vocabulary, [*problems, *check_vocabulary_references(vocabulary)]


def _read_words(files: Files, language: LanguageTag, name: str) -> tuple[Catalogue, Sequence[Problem]]:
    catalogue, problems = _read_catalogue(files.catalogue(language, name), language, name)
    shipped = files.shipped(language, name)
    if shipped is not None:
        catalogue = catalogue.over(_read_catalogue(shipped, language, name)[0])
    return catalogue, problems


def _read_glossaries(files: Files) -> tuple[dict[LanguageTag, Glossary], list[Problem]]:
    """Read the glossary of each language that has one."""
    read = {language: read_glossary(files, language) for language in files.configuration.languages}
    glossaries = {language: glossary for language, (glossary, _found) in read.items() if glossary.terms}
    return glossaries, [problem for _glossary, found in read.values() for problem in found]


def read_glossary(files: Files, language: LanguageTag) -> tuple[Glossary, Sequence[Problem]]:
    """Read the glossary of a language, the workspace's own terms over the packaged ones."""
    path = glossary_path(language)
    problems: list[Problem] = []
    sound: list[Document] = []
    shipped, own = files.shipped_glossary(language), files.glossary(language)
    if shipped is not None:
        sound.append(jsontext.load(shipped))
    if own is not None and own != shipped:
        try:
            document = jsontext.parse(own, path)
        except JsonTextError as error:
            problems += error.problems
        else:
            problems += check_glossary(document, path)
            sound += [] if has_errors(problems) else [document]
    return Glossary.merge(language, sound), problems


def _check_orphans(files: Files, language: LanguageTag, names: frozenset[str]) -> list[Problem]:
    """Return the problems of the catalogues that no topic uses, and of what is no catalogue at all."""
    problems = [
        unreadable_catalogue(catalogue_path(language, name)) for name in files.unreadable_catalogues(language)
    ]
    orphans: dict[str, Catalogue] = {}
    for name in files.catalogue_names(language):
        if name not in names and name not in WORDS:
            orphans[name], found = _read_catalogue(files.catalogue(language, name), language, name)
            problems += found
    return [*problems, *catalogues_without_topic(files, orphans)]


def _read_catalogue(
    data: bytes | None, language: LanguageTag, name: str
) -> tuple[Catalogue, Sequence[Problem]]:
    """Parse a catalogue; an empty one stands for none, and for one that cannot be read."""
    path = catalogue_path(language, name)
    if data is None:
        return Catalogue(language, path), ()
    try:
        text = po.parse(data, path, language)
    except CatalogueError as error:
        return Catalogue(language, path), error.problems
    problems = [*text.warnings, *check_entries(text.file, path)]
    return po.to_catalogue(text.file, language, path), problems


def read_topic(basis: Basis, name: str, data: TopicBytes) -> TopicFiles:
    """Parse and judge the files of one topic."""
    parsed = parse_topic(name, data)
    if has_errors(parsed.problems) and parsed.document is None:
        return parsed
    collected = Collected(basis.vocabulary, basis.topics)
    found = basis.schema.check(parsed.document, topic_path(name), collected)
    return replace(parsed, problems=(*found, *parsed.problems))


def parse_topic(name: str, data: TopicBytes) -> TopicFiles:
    """Parse the files of one topic; whether the document is a sound topic is not asked."""
    document: Any = None
    problems: list[Problem] = []
    try:
        document = jsontext.parse(data.topic, topic_path(name))
    except JsonTextError as error:
        problems += error.problems
    catalogues = {SOURCE: IDENTITY}
    for language, text in data.catalogues.items():
        catalogues[language], found = _read_catalogue(text, language, name)
        problems += found
    return TopicFiles(document=document, catalogues=catalogues, problems=tuple(problems))


def id_of(document: object) -> str:
    """Return what a document calls itself; empty where it has no id."""
    identity = document.get("id") if isinstance(document, Mapping) else None
    return identity if isinstance(identity, str) else ""


def check_together(
    basis: Basis,
    ids: Mapping[str, str],
    problems: Mapping[str, Sequence[Problem]],
    judge: Callable[[Basis, str], Sequence[Problem]],
) -> list[Problem]:
    """Return the problems of all topics, and those that only all of them together have.

    `ids` gives what each topic calls itself, by the name of its file. A link to a topic whose file has
    another name is no fault of its own: the topics with such links are judged again.
    """
    known = replace(basis, topics=basis.topics | {identity for identity in ids.values() if identity})
    found = check_duplicate_topics({topic_path(name): each for name, each in ids.items() if each})
    for name, own in problems.items():
        is_doubtful = known != basis and any(problem.check == "unknown-topic" for problem in own)
        found += judge(known, name) if is_doubtful else own
    return found


def assemble(
    files: Files, names: Collection[str] | None = None, *, leaves_out_faulty: bool = False
) -> Sources:
    """Read and judge everything that a workspace holds, or of its topics only some.

    Raises BuildError with every problem of every file, ConfigurationError where the workspace's
    publisher is not in the vocabulary. Faulty topics, catalogues and glossaries can be left out instead, for
    those who look at the others; without a sound vocabulary and one sound topic there is nothing to look at.
    """
    basis, problems = gather(files)
    wanted = [name for name in files.topic_names() if names is None or name in names]
    data = {name: TopicBytes.of(files, name) for name in wanted}
    read = {name: read_topic(basis, name, each) for name, each in data.items()}
    problems += check_together(
        basis,
        {name: id_of(each.document) for name, each in read.items()},
        {name: each.problems for name, each in read.items()},
        lambda known, name: read_topic(known, name, data[name]).problems,
    )
    errors = tuple(problem for problem in problems if problem.level is Level.ERROR)
    faulty = {problem.path for problem in errors}
    sound = {name: each for name, each in sorted(read.items()) if topic_path(name) not in faulty}
    if errors and not (leaves_out_faulty and sound and all(map(_is_of_one_file, errors))):
        raise BuildError(problems)
    return Sources(
        configuration=files.configuration,
        vocabulary=basis.vocabulary,
        topics={name: each.document for name, each in sound.items()},
        catalogues={
            language: {
                **({VOCABULARY: words} if words.messages else {}),
                **({INTERFACE: pages} if (pages := basis.interfaces[language]).messages else {}),
                **{
                    name: each.catalogues[language]
                    for name, each in sound.items()
                    if data[name].catalogues[language] is not None
                    and catalogue_path(language, name) not in faulty
                },
            }
            for language, words in basis.catalogues.items()
            if language != SOURCE
        },
        glossaries=basis.glossaries,
        plan=basis.schema.plan,
        warnings=tuple(problem for problem in problems if problem.level is not Level.ERROR),
        errors=errors,
    )


def _is_of_one_file(problem: Problem) -> bool:
    """Tell whether the problem concerns one topic, or one language, so that others can be judged without."""
    return folder_of(problem.path) in (TOPICS, LOCALES)
