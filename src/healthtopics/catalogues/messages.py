"""The messages of a document as the translator gets them: the template of a catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from healthtopics import markup
from healthtopics.catalogue import Key
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.glossary import Glossary, glossary_terms
from healthtopics.language import LanguageTag
from healthtopics.problems import pointer_to
from healthtopics.reading.plain import plain_text
from healthtopics.reading.safety import critical_phrases
from healthtopics.schema import DROPPED, MessagePlan, Place, walk


def key_of(place: Place) -> Key:
    """Return the key of the message in a catalogue."""
    return Key(place.msgctxt, place.msgid)


def keys_of(plan: MessagePlan, document: Mapping[str, Any]) -> list[Key]:
    """Return the messages of a document, in whatever language it is, each once."""
    found: dict[Key, None] = {}

    def visit(place: Place) -> object:
        found[key_of(place)] = None
        return None

    walk(plan, document, visit, lambda _place, _own: None)
    return list(found)


def extract(
    plan: MessagePlan,
    document: Mapping[str, Any],
    path: str,
    language: LanguageTag | None = None,
    glossary: Glossary | None = None,
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
            comments=_comments(places, document, language, path, glossary),
            reference=_reference(places[0], path),
            rule=places[0].rule,
        )
        for key, places in found.items()
    ]


def _reference(place: Place, path: str) -> str:
    return f"{path}#{pointer_to(*place.reference)}"


def _comments(
    places: list[Place],
    document: Mapping[str, Any],
    language: LanguageTag | None,
    path: str,
    glossary: Glossary | None,
) -> tuple[str, ...]:
    """Return comments for the translator: where the text is, what it is, what it must be like.

    They contain no counts or numbers, so that insertions elsewhere do not change them.
    """
    place = places[0]
    text = plain_text(place.rule, place.msgid)
    comments = [*_where(place, document), place.rule.comment, *_kind(place), *_duties(place)]
    if definition := place.parents[-1].get("definition"):
        comments.append(f"Meaning: {definition}")
    if glossary and (terms := glossary_terms(glossary, text)):
        comments.append(f"Glossary: {'; '.join(terms)}.")
    if place.rule.languages and language is not None:
        comments.append(f"The page in your language: {place.parents[-1][place.rule.languages][language]}")
    if place.rule.limit is not None:
        comments.append(f"Limit: {place.rule.limit} characters.")
    comments += _safety(place, text)
    others = dict.fromkeys(_reference(other, path) for other in places[1:])
    others.pop(_reference(place, path), None)
    comments += [f"Also at: {reference}" for reference in others]
    return tuple(comments)


def _where(place: Place, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the topic or vocabulary, the section, the callout, and for an item what introduces its list."""
    title = document.get("title")
    headings = [parent["heading"] for parent in place.parents if isinstance(parent.get("heading"), str)]
    whole = "List" if "entries" in document else "Topic"
    names = [f"{whole} “{title}”"] if isinstance(title, str) and title not in place.lines else []
    names += [f"section “{headings[-1]}”"] if headings and headings[-1] not in place.lines else []
    names += [_callout(parent, place) for parent in place.parents if "callout" in parent]
    if names:
        where = ", ".join(names)
        yield f"{where[0].upper()}{where[1:]}."
    if lead_in := _lead_in(document, place.steps):
        yield f"The list comes after: “{_end_of(lead_in)}”"


def _callout(callout: Mapping[str, Any], place: Place) -> str:
    name = "" if callout["callout"] in place.lines else f" “{callout['callout']}”"
    return f"callout{name} ({callout['urgency']})"


def _lead_in(document: Mapping[str, Any], steps: Sequence[str | int]) -> str:
    """Return the words before the list that the place is an item of; empty if there are none."""
    at = max((index for index, step in enumerate(steps) if step == "list"), default=None)
    if at is None:
        return ""
    body: Any = None
    block: Any = document
    for step in steps[:at]:
        body, block = block, block[step]
    place = steps[at - 1]
    if "item" in block:
        before: Any = block
    elif isinstance(place, int) and place > 0:
        before = body[place - 1]
    else:
        return ""
    text = before.get("item") or before.get("paragraph")
    if isinstance(text, str):
        return _plain_inline(text)
    heading = before.get("subheading")  # plain text, where < is literal
    return heading if isinstance(heading, str) else ""


def _safety(place: Place, text: str) -> Iterator[str]:
    """Yield what to check twice."""
    if place.rule.is_critical:
        yield "Safety: readers act on this at once: check every word twice."
    if critical := critical_phrases(text):
        yield f"Safety: check twice: {', '.join(f'“{each}”' for each in critical)}."


def _kind(place: Place) -> Iterator[str]:
    """Yield the kind of a link's target, unless it is an ordinary page."""
    kind = place.parents[-1].get("kind") if place.rule.languages else None
    if kind is not None and kind != "page":
        yield f"What the link leads to: {kind}."


def _duties(place: Place) -> Iterator[str]:
    """Yield what the markup of this text requires."""
    if place.rule.markup != "inline":
        return
    text = place.msgid
    if "<" in text:
        yield "Keep the tags and their href." if "href=" in text else "Keep the tags."
    if 'href="topic:' in text:
        yield "A href of the form topic:… leads to that topic in your language."
    if "&" in text:
        yield "Write & as &amp; and < as &lt;."


def _plain_inline(text: str) -> str:
    return markup.parse(text).plain() if "<" in text or "&" in text else text


def _end_of(text: str) -> str:
    """Return the last words of a text, or all of it if it is short."""
    words = " ".join(text.split())
    return words if len(words) <= _LEAD_IN else f"…{words[-_LEAD_IN:].partition(' ')[2]}"


_LEAD_IN: Final = 120
"""The number of characters of a list's introduction that the translator is shown."""
