"""Unused catalogues: of topics or languages that do not exist, and those that are not files."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

from rapidfuzz import fuzz, process

from healthtopics import jsontext
from healthtopics.catalogue import Catalogue
from healthtopics.catalogues import po
from healthtopics.catalogues.languages import known_language
from healthtopics.errors import CatalogueError, JsonTextError
from healthtopics.language import SOURCE, LanguageTag, parse_language, posix_locale
from healthtopics.layout import CONFIGURATION, LOCALES, Files
from healthtopics.problems import Level, Problem

SHARE = 0.5
"""The share of a catalogue's messages that a topic must have to be considered the renamed topic."""


def catalogues_without_topic(files: Files, orphans: Mapping[str, Catalogue]) -> list[Problem]:
    """Return a warning for each catalogue, by name, whose topic does not exist, with the new one if any."""
    heirs = _heirs(files, orphans)
    advice = _Advice(files)
    return [
        Problem(
            check="catalogue-without-topic",
            level=Level.WARNING,
            path=catalogue.path,
            message=f"there is no topic {name!r}; nothing uses this catalogue.",
            hint=advice.on(catalogue, name, heirs.get(name, "")),
        )
        for name, catalogue in orphans.items()
    ]


def _heirs(files: Files, orphans: Mapping[str, Catalogue]) -> dict[str, str]:
    """Return for a catalogue the topic that has most of its messages; none if no topic has many."""
    having = defaultdict(list)
    most: dict[str, float] = {}
    for name, each in orphans.items():
        lines = {line for key in each.messages for line in key.msgid.split("\n") if line}
        most[name] = SHARE * len(lines)
        for line in lines:
            having[line].append(name)
    found: dict[str, str] = {}
    for topic in files.topic_names() if having else ():
        shared = Counter(
            chain.from_iterable(having[text] for text in having.keys() & set(_texts_of(files, topic)))
        )
        for name, count in shared.items():
            if count > most[name] or (count == most[name] and name not in found):
                found[name], most[name] = topic, count
    return found


class _Advice:
    """What to do with catalogues whose topics do not exist; each file is read once, however many ask."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._topics = list(files.topic_names())
        self._known = cache(lambda language: frozenset(files.catalogue_names(language)))
        self._is_translated = cache(self._has_translations)

    def on(self, catalogue: Catalogue, name: str, heir: str) -> str:
        """Return what to do with a catalogue; `heir` is the topic that has its messages, if any."""
        known = self._known(catalogue.language)
        # A merely similar name may be that of another topic: existing work must not be replaced.
        topic = heir or next((each for each in self._similar(name) if each not in known), "")
        if not topic:
            return "Nothing reads or changes it. Delete it, or rename it to the id of its topic."
        if topic not in known:
            return (
                f"Is {topic!r} its new name? Then rename the file to {topic}.po "
                "and run `healthtopics catalogue update`."
            )
        if self._is_translated(topic, catalogue.language):
            return (
                f"Topic {topic!r} has its messages, and a catalogue with other translations: do not "
                "replace that. `healthtopics catalogue update` offers it the translations of this file for "
                "what is new."
            )
        return (
            f"Is {topic!r} its new name? Then rename the file to {topic}.po, in place of the one there if "
            "that has no translations yet, and run `healthtopics catalogue update`."
        )

    def _similar(self, name: str) -> list[str]:
        """Return the topics with the most similar names."""
        found = process.extract(name, self._topics, scorer=fuzz.ratio, score_cutoff=60, limit=3)
        return [topic for topic, _score, _index in found]

    def _has_translations(self, topic: str, language: LanguageTag) -> bool:
        """Return whether a catalogue has a confirmed translation, or may have: it cannot be read."""
        data = self._files.catalogue(language, topic) or b""
        try:
            messages = po.to_catalogue(po.parse(data, "").file, language, "").messages.values()
        except CatalogueError:
            return True
        return any(message.msgstr and not message.is_fuzzy for message in messages)


def _texts_of(files: Files, topic: str) -> Iterator[str]:
    try:
        document: Any = jsontext.parse(files.topic(topic), topic)
    except JsonTextError:
        return
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield from value.split("\n")
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def catalogues_without_language(files: Files) -> list[Problem]:
    """Return a warning for each folder of catalogues that does not belong to a configured language."""
    configured = [posix_locale(each) for each in files.configuration.languages if each != SOURCE]
    return [
        Problem(
            check="catalogue-without-language",
            level=Level.WARNING,
            path=f"{LOCALES}/{name}",
            message="healthtopics.toml has no language for this folder; nothing uses its catalogues.",
            hint=_advise(name, configured),
        )
        for name in files.locales()
        if name not in configured
    ]


def unknown_languages(files: Files) -> list[Problem]:
    """Return a warning for each configured language that the locale data do not know: probably a slip."""
    problems: list[Problem] = []
    for language in files.configuration.languages:
        try:
            known_language(language)
        except ValueError as error:
            problems.append(
                Problem(
                    check="unknown-language",
                    level=Level.WARNING,
                    path=CONFIGURATION,
                    message=f"[languages.{language}]: {error}",
                    hint="Correct the tag there, and rename the folder of its catalogues, if there is one.",
                )
            )
    return problems


def _advise(name: str, configured: list[str]) -> str:
    spelled = {each.casefold(): each for each in configured}.get(name.replace("-", "_").casefold())
    if spelled:
        return f"Rename it to {spelled}."
    if name == SOURCE:
        return "Topics are written in English and need no catalogue for it. Delete the folder."
    try:
        tag = parse_language(name.replace("_", "-"))
    except ValueError:
        return f"“{name}” is not a language either: a folder is named like es or pt_BR. Rename it."
    return f"Add [languages.{tag}] to healthtopics.toml, or move the folder out of locales/."
