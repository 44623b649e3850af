"""The languages whose prose the checks know; another one is a module with its data and a row here."""

from collections.abc import Mapping
from typing import Final

from healthtopics.language import LanguageTag
from healthtopics.reading.prose.spanish import SPANISH
from healthtopics.reading.prose.values import Prose, Register

__all__ = ["PROSE", "Prose", "Register", "prose_of"]

PROSE: Final[Mapping[str, Prose]] = {"es": SPANISH}


def prose_of(language: LanguageTag) -> Prose | None:
    """Return what is known of a language, whatever its region; None of one that nobody has described."""
    return PROSE.get(language.partition("-")[0])
