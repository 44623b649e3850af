"""Catalogues that nothing uses: of topics that do not exist, and of languages that are not configured."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from healthtopics import jsontext
from healthtopics.catalogue import Catalogue
from healthtopics.errors import JsonTextError
from healthtopics.language import SOURCE, parse_language, posix_locale
from healthtopics.problems import Level, Problem
from healthtopics.publishing.files import Files

SHARE = 0.5
"""How many of a catalogue's messages a topic must have to be taken for its topic under a new name."""
_MANY = 50
"""Of more topics than these that have no catalogue, only those with a similar name are read."""


def catalogue_without_topic(files: Files, catalogue: Catalogue, name: str) -> Problem:
    """Return the warning of a catalogue whose topic is not there, with the topic that it may belong to."""
    topic = _new_name(files, catalogue, name)
    hint = "Nothing reads or changes it. Delete it, or rename it to the id of its topic."
    if topic:
        there = topic in files.catalogue_names(catalogue.language)
        hint = (
            f"Is {topic!r} its new name? Then rename the file to {topic}.po"
            f"{', in place of the one there if that has no translations yet,' if there else ''} "
            "and run `healthtopics catalogue update`."
        )
    return Problem(
        check="catalogue-without-topic",
        level=Level.WARNING,
        path=catalogue.path,
        message=f"there is no topic {name!r}; nothing uses this catalogue.",
        hint=hint,
    )


def _new_name(files: Files, catalogue: Catalogue, name: str) -> str:
    """Return the topic that has most of the messages, else one with a similar name, else nothing."""
    topics = files.topic_names()
    similar = get_close_matches(name, topics, n=3)
    known = set(files.catalogue_names(catalogue.language))
    lonely = [topic for topic in topics if topic not in known]
    lines = {line for key in catalogue.messages for line in key.msgid.split("\n") if line}
    best, most = "", 0
    for topic in dict.fromkeys([*similar, *(lonely if len(lonely) <= _MANY else ())]):
        shared = len(lines.intersection(_texts_of(files, topic)))
        if shared > most and shared >= SHARE * len(lines):
            best, most = topic, shared
    return best or next(iter(similar), "")


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
    """Return a warning for each folder of catalogues that is no configured language's."""
    configured = [posix_locale(each) for each in files.configuration.languages if each != SOURCE]
    return [
        Problem(
            check="catalogue-without-language",
            level=Level.WARNING,
            path=f"locales/{name}",
            message="healthtopics.toml has no language for this folder; nothing uses its catalogues.",
            hint=_advise(name, configured),
        )
        for name in files.locales()
        if name not in configured
    ]


def _advise(name: str, configured: list[str]) -> str:
    spelled = {each.casefold(): each for each in configured}.get(name.replace("-", "_").casefold())
    if spelled:
        return f"Rename it to {spelled}."
    if name == SOURCE:
        return "Topics are written in English and need no catalogue for it. Delete the folder."
    try:
        tag = parse_language(name.replace("_", "-"))
    except ValueError:
        return f"“{name}” is no language either: a folder is named like es or pt_BR. Rename it."
    return f"Add [languages.{tag}] to healthtopics.toml, or move the folder out of locales/."
