"""The `pybabel extract` method for topics and vocabularies; docs/languages.md shows its use.

A convenience for projects that extract their other texts with it: our own catalogues are made by
`catalogue update`, whose references survive insertions.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePath
from typing import IO, Any

from healthtopics import jsontext
from healthtopics.catalogues.messages import extract, key_of
from healthtopics.language import LanguageTag
from healthtopics.places import Places
from healthtopics.schema import Place, packaged_plan, walk


def extract_topic(
    fileobj: IO[bytes],
    _keywords: Collection[str],
    _comment_tags: Collection[str],
    options: Mapping[str, Any],  # noqa: ARG001 - Babel names it
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield line, `pgettext`, (msgctxt, msgid) and comments of each message, once for each place.

    Messages and comments are those of our own template before it has a language. A list is on the line of
    its first item, a text that is translated as a whole where its first block or section starts.
    Babel guesses the flag `python-format` from the English, and no extractor can prevent that: `catalogue
    update` removes it.
    Raises JsonTextError. The topic is not validated.
    """
    parts = PurePath(getattr(fileobj, "name", "")).parts
    path = "/".join(parts[-3:] if parts[-3:-2] == ("schema",) else parts[-2:])
    data = fileobj.read()
    document = jsontext.parse(data, path)
    name = "vocabulary.schema.json" if "entries" in document else "topic.schema.json"
    plan = packaged_plan(name)
    starts = Places(data.decode(), ".json")
    places = []

    def visit(place: Place) -> object:
        start = starts.at((*place.steps, 0))
        places.append((key_of(place), start.line if start else 1))
        return None

    def visit_own(_place: Place, _language: LanguageTag) -> object:
        return None

    comments = {message.key: message.comments for message in extract(plan, document, path)}
    walk(plan, document, visit, visit_own)
    for key, line in places:
        yield line, "pgettext", (key.msgctxt, key.msgid), list(comments[key])
