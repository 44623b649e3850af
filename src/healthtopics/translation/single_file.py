"""Checks a catalogue without its topic, such as one that was sent by mail."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from healthtopics import jsontext
from healthtopics.catalogue import Key, Message
from healthtopics.catalogues import po
from healthtopics.checks.dismissal import check_dismissals
from healthtopics.checks.entries import check_entries
from healthtopics.checks.table import check_pair, installed_checks
from healthtopics.checks.values import Pair, Twins
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag, parse_language
from healthtopics.layout import packaged_glossary
from healthtopics.markup import MarkupError
from healthtopics.problems import Level, Problem
from healthtopics.schema import MessageRule, packaged_plan, rules_of
from healthtopics.translation.interface import interface_plan
from healthtopics.translation.translate import unfinished, weigh
from healthtopics.translation.unjudged import Unjudged

_UNDETERMINED: Final = LanguageTag("und")
"""BCP 47's tag for a text in an undetermined language (RFC 5646 §4.1)."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a workspace knows that its catalogues are judged by."""

    glossaries: Mapping[LanguageTag, Glossary] = field(default_factory=dict)
    twins: Mapping[LanguageTag, Twins] = field(default_factory=dict)
    emergency_numbers: tuple[str, ...] = ()


class CheckedAlone(NamedTuple):
    """What was found in a file by itself, and what could not be judged of it."""

    problems: list[Problem]
    unjudged: Unjudged


def check_alone(
    data: bytes, path: str, around: Surroundings | None = None, keys: Collection[Key] | None = None
) -> CheckedAlone:
    """Return what is wrong with a file's form and with its translations, and what is missing or fuzzy.

    The header gives the language; without it, only the checks for every language are run. `around` is the
    workspace, if there is one; without it, the glossary is the package's. A message that
    no schema has is checked as a paragraph, and names that may stay as they are need no translation.
    With `keys`, only these messages are judged. Raises CatalogueError if the file cannot be read.
    """
    around = around or Surroundings()
    text = po.parse(data, path)
    name = text.file.metadata.get("Language", "").strip()
    language = _language_of(name)
    catalogue = po.to_catalogue(text.file, language, path)
    glossary = around.glossaries.get(language) or _glossary(language)
    rules = _rules()
    problems = [*text.warnings, *check_entries(text.file, path)]
    if language == _UNDETERMINED:
        problems.append(_unnamed(name, path))
    unknown = 0
    for message in catalogue.messages.values():
        if keys is not None and message.key not in keys:
            continue
        # An entry without a role, or with an unknown one, is judged as running text rather than not at all.
        rule = rules.get(message.key.role, rules["paragraph"])
        if message.msgstr and not message.is_fuzzy:
            unknown += message.key.role not in rules
            problems += _judge(rule, message, language, glossary, path, around)
        elif not rule.is_optional:
            problems.append(unfinished(message).at(path, message.line))
    # The warning `po-language` is about a file that names no language.
    languages = () if language == _UNDETERMINED else (language,)
    return CheckedAlone(problems, Unjudged.of(problems, languages, unknown))


def _judge(
    rule: MessageRule,
    message: Message,
    language: LanguageTag,
    glossary: Glossary | None,
    path: str,
    around: Surroundings,
) -> Iterator[Problem]:
    key, checks = message.key, installed_checks()
    try:
        twins, numbers = around.twins.get(language, Twins()), around.emergency_numbers
        pair = Pair(rule, key.msgid, message.msgstr, twins, language, glossary, numbers)
        found = check_pair(pair, checks, message.dismissed)
    except MarkupError as error:  # a topic's own English was checked with the topic
        yield from (
            Problem(
                check=fault.check,
                path=path,
                line=message.line,
                message=f"the English is not valid markup: {fault.message}",
                hint="Restore the entry: `healthtopics catalogue update`.",
            )
            for fault in error.faults
        )
        return
    unneeded = check_dismissals(message.dismissed, {finding.check for finding in found}, checks)
    for finding in [*found, *unneeded]:
        weighed = weigh(message, finding)
        if weighed is not None:
            yield weighed.at(path, message.line)


def _language_of(name: str) -> LanguageTag:
    try:
        return parse_language(name.replace("_", "-"))
    except ValueError:
        return _UNDETERMINED


def _unnamed(name: str, path: str) -> Problem:
    says = f"“Language: {name}” of the header is not a language" if name else "The header names no language"
    return Problem(
        check="po-language",
        level=Level.WARNING,
        path=path,
        line=1,
        message=f"{says}, so that only what holds for every language was checked.",
        hint="Write it into the header, such as `Language: es`.",
    )


def _glossary(language: LanguageTag) -> Glossary | None:
    data = packaged_glossary(language)
    return Glossary.merge(language, [jsontext.load(data)]) if data is not None else None


def _rules() -> dict[str, MessageRule]:
    schemas = ("topic.schema.json", "vocabulary.schema.json")
    return rules_of(*(packaged_plan(name) for name in schemas), interface_plan())
