"""The words of the documentation in its languages, English and Spanish."""

from collections.abc import Callable
from functools import cache
from importlib import resources

from healthtopics import jsontext
from healthtopics.language import SOURCE

Say = Callable[[str], str]
"""Returns the translation of an English text of the documentation; the text itself if it has none."""


@cache
def words_of(language: str) -> Say:
    """Return the translations into a language: for Spanish, those in `es.json`, by English text."""
    if language == SOURCE:
        return str
    path = f"{language}.json"
    known = jsontext.parse((resources.files(__package__) / path).read_bytes(), path)
    return lambda text: str(known.get(text, text))
