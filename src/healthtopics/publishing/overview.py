"""A collection as a whole, for viewing: what can be read, the results for it, what is wrong."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from healthtopics.catalogue import Catalogue
from healthtopics.errors import BuildError
from healthtopics.language import LanguageTag
from healthtopics.layout import (
    INTERFACE,
    LOCALES,
    TOPICS,
    VOCABULARY,
    WORDS,
    Files,
    Snapshot,
    catalogue_path,
    folder_of,
    topic_path,
)
from healthtopics.problems import Level, Problem
from healthtopics.publishing.deciding import Decided, check_together, decide, drafts_in
from healthtopics.publishing.digests import Digests, digest_files, digest_rules, digest_topics
from healthtopics.publishing.judging import judge_all
from healthtopics.publishing.sources import Sources, TopicFiles, gather
from healthtopics.publishing.values import Engine, Maker
from healthtopics.schema import packaged_plan
from healthtopics.translation.terms import translate_files


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A collection, or some topics of it, free of errors; or what of it can be read."""

    sources: Sources
    digests: Digests
    decided: Mapping[str, Decided]
    """By name, names sorted: every topic that was read, including those with errors."""
    problems: tuple[Problem, ...]

    @cached_property
    def errors(self) -> tuple[Problem, ...]:
        """The problems of the files that are left out."""
        return tuple(problem for problem in self.problems if problem.level is Level.ERROR)

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """The other problems."""
        return tuple(problem for problem in self.problems if problem.level is not Level.ERROR)

    @cached_property
    def faulty(self) -> frozenset[str]:
        """The paths of the files that are left out."""
        return frozenset(problem.path for problem in self.errors)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """The names of the topics without errors, sorted."""
        return tuple(name for name in self.decided if topic_path(name) not in self.faulty)

    @cached_property
    def finished(self) -> tuple[str, ...]:
        """Those of them that are not drafts: nobody is asked to translate an unfinished text."""
        return tuple(name for name in self.topics if not self.decided[name].is_draft)

    def catalogue(self, read: TopicFiles, language: LanguageTag) -> Catalogue:
        """Return a catalogue of a topic; an empty one if the file has errors."""
        path = catalogue_path(language, read.name)
        return Catalogue(language, path) if path in self.faulty else read.catalogues[language]


def look_at(
    files: Files,
    maker: Maker,
    engine: Engine,
    names: Collection[str] | None = None,
    *,
    digests: Digests | None = None,
    leaves_out_faulty: bool = False,
) -> Overview:
    """Read and judge a workspace, or only some of its topics and what they depend on.

    Raises BuildError with every problem of every file. Faulty topics, catalogues and glossaries can be left
    out instead, to look at the others; at least a valid vocabulary and one valid topic are needed. `digests`
    are those of the files, if they are known.
    """
    overview = _read(files, maker, engine, names, digests)
    if overview.errors and not (
        leaves_out_faulty and overview.topics and all(map(_is_of_one_file, overview.errors))
    ):
        raise BuildError(overview.problems)
    return overview


def _read(
    files: Files, maker: Maker, engine: Engine, names: Collection[str] | None, digests: Digests | None = None
) -> Overview:
    files = Snapshot.of(files)
    if digests is None and names is not None:
        digests = digest_topics(files, digest_rules(files, maker, engine), names)
    digests = digests or digest_files(files, maker, engine)
    sources = gather(files, engine, looks_for_orphans=names is None)
    judged = judge_all(sources, digests.rules, digests.topics, engine)
    decided = dict(sorted((each.name, decide(sources, each)) for each in judged))
    return Overview(
        sources=sources,
        digests=digests,
        decided=decided,
        problems=(*sources.problems, *check_together(decided.values(), sources.names)),
    )


def findings_of(
    files: Files,
    maker: Maker,
    engine: Engine,
    languages: Sequence[LanguageTag],
    names: Sequence[str] | None = None,
) -> list[Problem]:
    """Return what is wrong with the files, and with the translations of some topics, or of all of them.

    `names` may include those of the catalogues of words. Translation starts before publication, so topics
    that are published later are included, and drafts if they are named.
    """
    topics = None if names is None else [name for name in names if name not in WORDS]
    overview = _read(files, maker, engine, topics)
    found = (
        problem
        for language in languages
        for name in (overview.finished if names is None else names)
        for problem in _findings_in(overview, name, language)
        if problem.path not in overview.faulty
    )
    unasked = {topic_path(name) for name in drafts_in(overview.decided.values())} if names is None else set()
    warnings = (problem for problem in overview.warnings if problem.path not in unasked)
    return [*overview.errors, *warnings, *dict.fromkeys(found)]


def _findings_in(overview: Overview, name: str, language: LanguageTag) -> Iterable[Problem]:
    """Return what is wrong with one catalogue; nothing if its topic has errors."""
    sources = overview.sources
    if name == VOCABULARY:
        plan = packaged_plan("vocabulary.schema.json")
        numbers = sources.configuration.emergency_numbers
        read = translate_files(plan, sources.vocabulary, sources.words[language][VOCABULARY], numbers)
        return [problem for each in read for problem in each.findings]
    if name == INTERFACE:
        words = sources.with_interface(sources.terms[language], sources.interface_template).interface
        return words.findings if words else ()
    return overview.decided[name].verdicts[language].findings if name in overview.topics else ()


def _is_of_one_file(problem: Problem) -> bool:
    """Return whether the problem concerns one topic or language, so that others can be judged without."""
    return folder_of(problem.path) in (TOPICS, LOCALES)
