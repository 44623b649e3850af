"""The messages of a document as the translator gets them: the template of a catalogue."""

from collections.abc import Mapping
from typing import Any

from healthtopics.catalogue import Key
from healthtopics.language import LanguageTag
from healthtopics.problems import pointer_to
from healthtopics.schema import DROPPED, MessagePlan, Place, walk
from healthtopics.translation.update import TemplateMessage


def key_of(place: Place) -> Key:
    """Return what the message is found by in a catalogue."""
    return Key(place.msgctxt, place.msgid)


def extract(
    plan: MessagePlan, document: Mapping[str, Any], path: str, language: LanguageTag | None = None
) -> list[TemplateMessage]:
    """Return the messages of a document in document order, each key once, with context for the translator.

    With a language: only those that its edition shows and that are translated into it.
    `path` names the file in the references.
    """
    found: dict[Key, list[Place]] = {}

    def visit(place: Place) -> object:
        if language is None or place.concerns(language):
            found.setdefault(key_of(place), []).append(place)
        return None

    def visit_own(_place: Place, own: LanguageTag) -> object:
        return None if language in (None, own) else DROPPED

    walk(plan, document, visit, visit_own)
    return [
        TemplateMessage(
            key=key,
            comments=_comments(places, language, path),
            reference=_reference(places[0], path),
            rule=places[0].rule,
        )
        for key, places in found.items()
    ]


def _reference(place: Place, path: str) -> str:
    return f"{path}#{pointer_to(*place.reference)}"


def _comments(places: list[Place], language: LanguageTag | None, path: str) -> tuple[str, ...]:
    place = places[0]
    rule = place.rule
    comments = [rule.comment]
    headings = [parent["heading"] for parent in place.parents if isinstance(parent.get("heading"), str)]
    if headings and headings[-1] not in place.lines:
        comments.insert(0, f"Section “{headings[-1]}”.")
    if definition := place.parents[-1].get("definition"):
        comments.append(f"Meaning: {definition}")
    if rule.languages and language is not None:
        comments.append(f"The page in your language: {place.parents[-1][rule.languages][language]}")
    if rule.limit is not None:
        comments.append(f"Limit: {rule.limit} characters.")
    others = dict.fromkeys(_reference(other, path) for other in places[1:])
    others.pop(_reference(place, path), None)
    comments += [f"Also at: {reference}" for reference in others]
    return tuple(comments)
