"""Exports: each document against its schema and its format's rules, and all documents of a topic together."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final

import jsonschema_rs

from healthtopics.errors import ConfigurationError
from healthtopics.formats.format import CheckContext, Exported, Format
from healthtopics.formats.table import format_named
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.validation.agreement import check_agreement
from healthtopics.validation.expected import Expected
from healthtopics.validation.public import CompiledSchema, compiled

NO_CONTEXT: Final = CheckContext()


def check_exported(
    format_: Format, exported: Exported, path: str, context: CheckContext = NO_CONTEXT
) -> list[Problem]:
    """Return everything wrong with a document; `path` names it in the problems.

    The rules of the format are applied only to what is valid under its public schema.

    Raises ConfigurationError if the format's public schema is not a JSON Schema.
    """
    problems: list[Problem] = []
    if format_.schema:
        problems += _public_schema(format_).problems(exported, path, "public-schema")
    if format_.check and not problems:
        problems += format_.check(exported, path, context)
    return problems


@cache
def _public_schema(format_: Format) -> CompiledSchema:
    if isinstance(format_.schema, str):
        return compiled(format_.schema)
    try:
        return CompiledSchema(format_.schema)
    except jsonschema_rs.ValidationError as error:
        raise ConfigurationError(
            f"the public schema of the format {format_.name!r} is not a valid JSON Schema: {error.message}"
        ) from error


def check_editions(
    documents: Mapping[tuple[str, str], Any],
    topic: str,
    carried: Collection[str],
    *,
    expected: Mapping[tuple[str, str], Expected] = {},
    is_free: bool = False,
) -> list[Problem]:
    """Return where the exports of one topic, by format and language, contradict it or one another.

    `expected` has what each of them should say, as far as the topic is at hand. `carried` names the
    languages whose edition is an earlier one; their content may differ. `is_free` says that the topic is
    translated as a whole, so that each language has its own sections.
    """
    by_format: dict[str, dict[LanguageTag, Any]] = {}
    for (name, language), document in documents.items():
        if language not in carried:
            by_format.setdefault(name, {})[LanguageTag(language)] = document
    formats = {name: format_named(name) for name in by_format}
    accounts = {
        (name, str(language)): formats[name].read(document)
        for name, editions in by_format.items()
        for language, document in editions.items()
    }
    problems = check_agreement(accounts, topic, carried, expected=expected, is_free=is_free)
    for name, editions in by_format.items():
        if check := formats[name].check_editions:
            problems += check(editions, f"{formats[name].folder}/{topic}")
    return problems
