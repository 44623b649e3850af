"""The configuration: a document in, problems out."""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from healthtopics.jsontext import JsonObject
from healthtopics.problems import Problem
from healthtopics.schema import packaged
from healthtopics.validation.public import CompiledSchema


def check_configuration(document: object, path: str, formats: tuple[str, ...]) -> list[Problem]:
    """Return everything wrong with healthtopics.toml; `formats` are the names of the installed formats."""
    return _configuration_schema(formats).problems(document, path, "configuration-schema")


def valid_configuration(document: JsonObject, formats: tuple[str, ...]) -> JsonObject | None:
    """Return what is valid of a healthtopics.toml, with which topics can be judged; None if nothing is.

    Required members that are not valid are substituted.
    """
    remains = _configuration_schema(formats).remains(document, _CONFIGURED)
    return remains.document if remains else None


_CONFIGURED: Final[Mapping[str, Any]] = {
    "base_url": "https://www.nlm.nih.gov",
    "publisher": "nlm",
    "languages": {},
}


@cache
def _configuration_schema(formats: tuple[str, ...]) -> CompiledSchema:
    """Return the schema with the formats of this installation instead of the built-in ones."""
    schema: Any = copy.deepcopy(packaged("configuration.schema.json"))
    schema["properties"]["formats"]["items"]["enum"] = list(formats)
    return CompiledSchema(schema)
