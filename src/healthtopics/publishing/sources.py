"""A workspace's files, parsed: bytes in, values and problems out.

`gather` reads what all topics share, `Sources.read` one topic with its catalogues, so that a collection of
any size is read one topic at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from healthtopics import jsontext
from healthtopics.catalogue import IDENTITY, Catalogue
from healthtopics.catalogues import po
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.checks.entries import check_entries
from healthtopics.checks.table import Checks, installed_checks
from healthtopics.checks.values import Twins, links_of
from healthtopics.configuration import Configuration
from healthtopics.errors import CatalogueError, JsonTextError
from healthtopics.formats.table import PAGES, format_named
from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import (
    CONFIGURATION,
    INTERFACE,
    TOPICS,
    TWINS,
    VOCABULARY,
    WORDS,
    Files,
    TopicBytes,
    catalogue_path,
    folder_of,
    glossary_path,
    known_words_path,
    topic_path,
)
from healthtopics.problems import Level, Problem, has_errors, pointer_to
from healthtopics.publishing.orphans import (
    catalogues_without_language,
    catalogues_without_topic,
    unknown_languages,
)
from healthtopics.publishing.values import PLAIN, Engine
from healthtopics.reading.ease import ease_formula
from healthtopics.schema import packaged_plan
from healthtopics.translation.interface import localize_interface, template_of_interface
from healthtopics.translation.single_file import Surroundings
from healthtopics.translation.terms import LocalizedTerms, localize_terms
from healthtopics.validation.glossary import check_glossary
from healthtopics.validation.known_words import read_known_words
from healthtopics.validation.topics import (
    TopicReferences,
    TopicSchema,
    check_vocabulary_references,
    parse_vocabularies,
)
from healthtopics.validation.twins import check_twins
from healthtopics.vocabulary import Vocabulary
from healthtopics.website.frame import templates

if TYPE_CHECKING:
    from healthtopics.jsontext import Document


@dataclass(frozen=True, kw_only=True)
class Sources:
    """A workspace's collection: what all topics share, parsed; a topic's own files are read on demand.

    Other processes get a pickled copy.
    """

    files: Files
    configuration: Configuration
    vocabulary: Vocabulary
    words: Mapping[LanguageTag, Mapping[str, Catalogue]]
    """The catalogues of the vocabulary and of the pages in every language, the source language first."""
    glossaries: Mapping[LanguageTag, Glossary]
    """The glossary of every language that has one: own terms over the packaged ones, and own words."""
    pages: Sequence[Mapping[str, str]]
    """The addresses, by language, of each page elsewhere in `twins.json`."""
    names: frozenset[str]
    """The names of all topic files."""
    schema: TopicSchema
    checks: Checks
    """The checks of every translation of a topic."""
    problems: tuple[Problem, ...]
    """The problems of the files that all topics share."""
    unread: frozenset[str]
    """The vocabularies with errors in the workspace's own file, which is left out."""
    is_sound: bool
    """Whether the vocabulary has no errors, so that editions can be composed."""

    @cached_property
    def twins(self) -> Mapping[LanguageTag, Twins]:
        """The twins of pages elsewhere, by language."""
        languages = self.configuration.all_languages
        return {language: Twins.from_links(self.pages, language) for language in languages}

    @cached_property
    def page_languages(self) -> Mapping[str, LanguageTag]:
        """The language of each page elsewhere in `twins.json`, by its address."""
        return {url: LanguageTag(language) for pages in self.pages for language, url in pages.items()}

    @cached_property
    def terms(self) -> Mapping[LanguageTag, LocalizedTerms]:
        """The words of the vocabulary and of the pages, by language."""
        plan = packaged_plan("vocabulary.schema.json")
        catalogues = {language: words[VOCABULARY] for language, words in self.words.items()}
        numbers = self.configuration.emergency_numbers
        terms = localize_terms(plan, self.vocabulary, list(catalogues.values()), numbers)
        if not has_pages(self.configuration):
            return terms
        return {language: self.with_interface(each) for language, each in terms.items()}

    @property
    def site_terms(self) -> Mapping[LanguageTag, LocalizedTerms]:
        """The words of the vocabulary and of the pages around the topics, by language."""
        return {
            language: self.with_interface(terms, site_template()) for language, terms in self.terms.items()
        }

    @property
    def interface_template(self) -> Sequence[TemplateMessage]:
        """The messages of `interface.po`: the words of the pages of topics, and of those around them.

        The former are those of the configured formats, or of the preview where none has pages.
        """
        pages, site = interface_template(self._page_formats), site_template()
        known = {each.key for each in pages}
        return (*pages, *(each for each in site if each.key not in known))

    @property
    def _page_formats(self) -> tuple[str, ...]:
        return self.configuration.formats if has_pages(self.configuration) else (PAGES,)

    def with_interface(
        self, terms: LocalizedTerms, template: Sequence[TemplateMessage] | None = None
    ) -> LocalizedTerms:
        """Return the words of a language with those of pages of topics, or of a template."""
        interface = localize_interface(
            template or interface_template(self._page_formats),
            self.words[terms.language][INTERFACE],
            self.configuration.locale_of(terms.language),
            self.configuration.all_languages,
            self.configuration.emergency_numbers,
        )
        return replace(terms, interface=interface)

    def read(self, name: str, *, is_judged: bool = False) -> "TopicFiles":
        """Read and parse the files of one topic, and judge its document unless `is_judged`.

        Whether its links lead to topics is checked elsewhere, with the names of all topics.
        """
        data = TopicBytes.of(self.files, name)
        document: Any = None
        problems: list[Problem] = []
        try:
            document = jsontext.parse(data.topic, topic_path(name))
        except JsonTextError as error:
            problems += error.problems
            document = error.value
        if document is not None and not is_judged:
            references = TopicReferences(self.vocabulary, unread=self.unread)
            problems += self.schema.check(document, topic_path(name), references)
        catalogues = {SOURCE: IDENTITY}
        for language, text in data.catalogues.items():
            catalogue, found = _read_catalogue(text, language, name)
            policy = self.configuration.languages[language]
            catalogues[language] = replace(catalogue, requires_review=policy.review == "required")
            problems += found
        return TopicFiles(
            name=name,
            digest=data.digest,
            document=document,
            catalogues=catalogues,
            problems=tuple(problems),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFiles:
    """The files of one topic, parsed and judged."""

    name: str
    digest: str
    """The digest of their bytes."""
    document: Any
    """None if it is not JSON."""
    catalogues: Mapping[LanguageTag, Catalogue]
    """The catalogue of every language, the source language first; an empty one if there is no file."""
    problems: tuple[Problem, ...]

    @property
    def path(self) -> str:
        """The path of the topic."""
        return topic_path(self.name)

    @property
    def id(self) -> str:
        """The id in the document; empty if it has none."""
        identity = self.document.get("id") if isinstance(self.document, Mapping) else None
        return identity if isinstance(identity, str) else ""

    @property
    def is_draft(self) -> bool:
        """Whether its author has marked it as unfinished."""
        return isinstance(self.document, Mapping) and self.document.get("draft") is True

    @property
    def is_sound(self) -> bool:
        """Whether the document can be translated, whatever its catalogues are."""
        return not has_errors(problem for problem in self.problems if problem.path == self.path)


def gather(files: Files, engine: Engine = PLAIN, *, looks_for_orphans: bool = True) -> Sources:
    """Read what all topics share, for use with this engine.

    `looks_for_orphans` also looks for catalogues that no topic and no language uses.
    """
    configuration = files.configuration
    unfit = _by_folder(files.unfit())
    # Others may link to a topic that cannot be read.
    names = frozenset((*files.topic_names(), *unfit.get(TOPICS, ())))
    vocabulary, found_in_vocabulary, unread = _parse_vocabulary(tuple(files.vocabularies().items()))
    problems = [*files.unfit(), *found_in_vocabulary]
    unread |= unfit.get(VOCABULARY, frozenset())
    is_sound = VOCABULARY not in unfit and not has_errors(found_in_vocabulary)
    words: dict[LanguageTag, dict[str, Catalogue]] = {SOURCE: dict.fromkeys(WORDS, IDENTITY)}
    if looks_for_orphans:
        problems += [*unknown_languages(files), *catalogues_without_language(files)]
    for language in configuration.languages:
        if looks_for_orphans:
            problems += _check_orphans(files, language, names)
        if language != SOURCE:
            read = {
                name: _parse_words(
                    files.catalogue(language, name), files.shipped(language, name), language, name
                )
                for name in WORDS
            }
            words[language] = {name: catalogue for name, (catalogue, _found) in read.items()}
            problems += [problem for _catalogue, found in read.values() for problem in found]
    glossaries, found_there = _read_glossaries(files)
    problems += found_there
    pages, found_in_twins = _read_twins(files)
    problems += found_in_twins
    problems += _check_limits(configuration)
    if not names:
        problems.append(
            Problem(
                check="no-topics",
                path=TOPICS,
                message="there is no topic here.",
                hint="Add topics/<id>.json; `healthtopics init` shows an example.",
            )
        )
    if "organizations" not in unread and not vocabulary.has("organizations", configuration.publisher):
        is_sound = False
        problems.append(
            Problem(
                check="unknown-key",
                path=CONFIGURATION,
                pointer="/publisher",
                message=f"publisher {configuration.publisher!r} is not an entry of the vocabulary "
                "`organizations`.",
                hint="Add it to vocabulary/organizations.json.",
            )
        )
    return Sources(
        files=files,
        configuration=configuration,
        vocabulary=vocabulary,
        words=words,
        glossaries=glossaries,
        pages=pages,
        names=names,
        schema=engine.schema or TopicSchema(),
        checks=installed_checks() if engine.checks is None else engine.checks,
        problems=tuple(problems),
        unread=unread,
        is_sound=is_sound,
    )


def surroundings_of(files: Files, name: str = "") -> Surroundings:
    """Return what a workspace knows that a catalogue is judged by alone, with its topic's links."""
    sources = gather(files, looks_for_orphans=False)
    read = sources.read(name) if name in files.topic_names() else None
    is_sound = read and not has_errors(each for each in read.problems if each.path == read.path)
    document = read.document if read and is_sound else None
    twins = {language: twins_in(sources, document, language) for language in sources.twins}
    return Surroundings(sources.glossaries, twins, files.configuration.emergency_numbers)


def twins_in(sources: Sources, document: object, language: LanguageTag) -> Twins:
    """Return which addresses stand for each other in the translation of a topic, or of words without one."""
    listed = links_of(document) if isinstance(document, Mapping) else ()
    return Twins.from_links(listed, language).over(sources.twins[language])


def check_host(configuration: Configuration) -> Iterator[Problem]:
    """Yield a problem if the addresses lead nowhere, and pages do not say so."""
    if configuration.has_reserved_host and not configuration.trial:
        yield Problem(
            check="reserved-host",
            path=CONFIGURATION,
            pointer="/base_url",
            message=f"readers cannot open {configuration.base_url}: the host is reserved for examples, or is "
            "this machine.",
            hint="Set base_url to the address that readers will use. To try things out first, add the line "
            "`trial = true`: every page says so, and the address may still change.",
            spec="https://www.rfc-editor.org/rfc/rfc2606",
        )


def has_pages(configuration: Configuration) -> bool:
    """Return whether the words of pages must be translated, too."""
    return any(format_named(format_).templates for format_ in configuration.formats)


@cache
def interface_template(formats: tuple[str, ...]) -> Sequence[TemplateMessage]:
    """Return the words of the pages of these formats."""
    rows = map(format_named, formats)
    texts = {path: text for row in rows if row.templates for path, text in row.templates().items()}
    return tuple(template_of_interface(texts))


@cache
def site_template() -> Sequence[TemplateMessage]:
    """Return the words of the pages around the topics."""
    return tuple(template_of_interface(templates()))


# A preview gathers the sources after every save, mostly of one topic: the same bytes are parsed once.


@lru_cache(maxsize=2)
def _parse_vocabulary(
    texts: tuple[tuple[str, bytes], ...],
) -> tuple[Vocabulary, Sequence[Problem], frozenset[str]]:
    sound, problems = parse_vocabularies(dict(texts))
    vocabulary = Vocabulary.merge(sound.items())
    unread = frozenset(PurePosixPath(path).stem for path, _text in texts if path not in sound)
    return vocabulary, (*problems, *check_vocabulary_references(vocabulary, unread)), unread


@lru_cache(maxsize=16)
def _parse_words(
    own: bytes | None, shipped: bytes | None, language: LanguageTag, name: str
) -> tuple[Catalogue, Sequence[Problem]]:
    catalogue, problems = _read_catalogue(own, language, name)
    if shipped is not None:
        catalogue = catalogue.over(_read_catalogue(shipped, language, name)[0])
    return catalogue, tuple(problems)


def _read_glossaries(files: Files) -> tuple[dict[LanguageTag, Glossary], list[Problem]]:
    """Read the glossary of each language that has one."""
    read = {language: read_glossary(files, language) for language in files.configuration.languages}
    glossaries = {language: glossary for language, (glossary, _found) in read.items() if glossary}
    return glossaries, [problem for _glossary, found in read.values() for problem in found]


def read_glossary(files: Files, language: LanguageTag) -> tuple[Glossary, Sequence[Problem]]:
    """Read the glossary of a language, the workspace's own terms over the packaged ones, and its words."""
    own = files.known_words(language)
    return _parse_glossary(files.glossary(language), files.shipped_glossary(language), own, language)


@lru_cache(maxsize=8)
def _parse_glossary(
    own: bytes | None, shipped: bytes | None, words: bytes | None, language: LanguageTag
) -> tuple[Glossary, Sequence[Problem]]:
    path = glossary_path(language)
    problems: list[Problem] = []
    sound: list[Document] = []
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
    known, found = read_known_words(words or b"", known_words_path(language))
    return Glossary.merge(language, sound, known), (*problems, *found)


def _read_twins(files: Files) -> tuple[Sequence[Mapping[str, str]], Sequence[Problem]]:
    """Read the twins of pages elsewhere: the addresses of each page by language."""
    data = files.twins()
    if data is None:
        return (), ()
    try:
        document = jsontext.parse(data, TWINS)
    except JsonTextError as error:
        return (), error.problems
    problems = check_twins(document, TWINS, files.configuration.all_languages)
    return () if has_errors(problems) else [row["pages"] for row in document["twins"]], problems


def _by_folder(unfit: Iterable[Problem]) -> dict[str, frozenset[str]]:
    """Return the names of files that cannot be read, without their endings, by their folder."""
    found: dict[str, frozenset[str]] = {}
    for each in unfit:
        folder = folder_of(each.path)
        found[folder] = found.get(folder, frozenset()) | {PurePosixPath(each.path).stem}
    return found


def _check_limits(configuration: Configuration) -> Iterator[Problem]:
    """Yield a warning for each limit of reading ease that no edition is compared with."""
    for language in configuration.reading_ease:
        if language not in configuration.all_languages or ease_formula(language) is None:
            lacks = "formula of reading ease" if language in configuration.all_languages else "edition here"
            yield Problem(
                check="reading-ease-unused",
                level=Level.WARNING,
                path=CONFIGURATION,
                pointer=pointer_to("reading_ease", language),
                message=f"the limit for {language!r} has no effect: the language has no {lacks}.",
                hint="Remove the line, or correct the tag.",
            )


def _check_orphans(files: Files, language: LanguageTag, names: frozenset[str]) -> list[Problem]:
    """Return the problems of the catalogues that no topic uses, and of anything that is not a catalogue."""
    problems = [
        po.not_a_catalogue(catalogue_path(language, name), kind)
        for name, kind in files.unreadable_catalogues(language).items()
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
    """Parse a catalogue; return an empty one if there is none or it cannot be read."""
    path = catalogue_path(language, name)
    if data is None:
        return Catalogue(language, path), ()
    try:
        text = po.parse(data, path, language)
    except CatalogueError as error:
        return Catalogue(language, path), error.problems
    problems = [*text.warnings, *check_entries(text.file, path)]
    return po.to_catalogue(text.file, language, path), problems
