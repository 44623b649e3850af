"""Digests of a workspace's files: what each topic depends on, and whether anything changed at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from healthtopics import jsontext
from healthtopics.cache import key_of
from healthtopics.checks.table import installed_checks
from healthtopics.language import SOURCE
from healthtopics.layout import WORDS, Files, TopicBytes
from healthtopics.publishing.values import Engine, Maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The digests of what all topics share."""

    judging: str
    """Everything that a topic is judged by: software, checks, configuration, vocabularies, glossaries,
    twins."""
    words: str
    """That, and the catalogues of words."""

    def key(self, kind: str, name: str, digest: str) -> str:
        """Return the cache key for the result of a topic by itself; `digest` is that of its files."""
        return key_of(kind, self.judging, name, digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The digests of a workspace, or of some of its topics."""

    rules: Rules
    topics: Mapping[str, str]
    """The digest of the files of each topic, by name."""
    state: str
    """The digest of everything that a command can find in the workspace; empty if only some topics were read.
    """


def digest_rules(files: Files, maker: Maker, engine: Engine) -> Rules:
    """Read and digest what all topics share."""
    configuration = files.configuration
    judging: list[object] = [
        maker.judging,
        (installed_checks() if engine.checks is None else engine.checks).digest,
        None if engine.schema is None else jsontext.digest(jsontext.canonical(engine.schema.schema)),
        configuration,
        [[path, jsontext.digest(data)] for path, data in files.vocabularies().items()],
        _digests([files.twins()]),
        [[each.path, each.message] for each in files.unfit()],
    ]
    words: list[object] = []
    for language in configuration.languages:
        own = (files.glossary(language), files.shipped_glossary(language), files.known_words(language))
        judging.append([language, *_digests(own)])
        texts = (
            text
            for name in WORDS
            for text in (files.catalogue(language, name), files.shipped(language, name))
        )
        words.append([language, *_digests(texts)])
    digest = jsontext.digest(jsontext.dump_line(judging))
    return Rules(judging=digest, words=jsontext.digest(jsontext.dump_line([digest, words])))


def digest_topics(files: Files, rules: Rules, names: Iterable[str]) -> Digests:
    """Read and digest the files of some topics."""
    topics = {name: TopicBytes.of(files, name).digest for name in sorted(names)}
    return Digests(rules=rules, topics=topics, state="")


def digest_files(files: Files, maker: Maker, engine: Engine) -> Digests:
    """Read and digest every file of a workspace."""
    rules = digest_rules(files, maker, engine)
    topics = {name: TopicBytes.of(files, name).digest for name in files.topic_names()}
    return Digests(rules=rules, topics=topics, state=state_of(files, rules, topics))


def state_of(files: Files, rules: Rules, topics: Mapping[str, str]) -> str:
    """Return the digest of everything that a command can find in a workspace."""
    others: list[object] = [list(files.locales())]
    for language in files.configuration.languages:
        if language != SOURCE:
            orphans = (
                name for name in files.catalogue_names(language) if name not in topics and name not in WORDS
            )
            found = [[name, *_digests([files.catalogue(language, name)])] for name in orphans]
            others.append([language, found, dict(files.unreadable_catalogues(language))])
    return jsontext.digest(jsontext.dump_line([rules.words, others, sorted(topics.items())]))


def _digests(texts: Iterable[bytes | None]) -> list[str | None]:
    return [None if data is None else jsontext.digest(data) for data in texts]
