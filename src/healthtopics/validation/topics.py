"""Topics and vocabularies: documents in, problems out. Nothing is repaired or read from disk.

Of a document that breaks its schema, the rest is checked further; references are checked across documents.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Final

from healthtopics import jsontext, markup
from healthtopics.errors import JsonTextError
from healthtopics.jsontext import Document, JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import (
    MOST,
    Level,
    Problem,
    Steps,
    at_most,
    excerpt,
    has_errors,
    more_problems,
    pointer_to,
)
from healthtopics.schema import (
    DROPPED,
    MessagePlan,
    Place,
    is_beside,
    is_own_text,
    packaged,
    plan_messages,
    walk,
)
from healthtopics.topic import RelatedTopic, Text, TextState, Topic, linked_topics, strings
from healthtopics.validation.public import CompiledSchema, compiled
from healthtopics.vocabulary import Vocabulary
from healthtopics.website.addresses import RESERVED

_OTHERS: Final = LanguageTag("und")
"""Represents every language for which a topic has no own text."""


@dataclass(frozen=True, slots=True)
class TopicReferences:
    """The targets that references of a topic may have."""

    vocabulary: Vocabulary
    topics: Collection[str] | None = None
    """The ids of all topics of the workspace; None if `check_links` checks the links later."""
    unread: Collection[str] = ()
    """The vocabularies that could not be read: no key is missing from them."""


_SUBSTITUTES: Final[Mapping[str, Any]] = {
    "id": "id",
    "kind": "condition",
    "title": "Title",
    "dates": {"created": "2000-01-01", "updated": "2000-01-01"},
    "sources": [{"title": "Title"}],
    "sections": [{"id": "id", "heading": "Title", "body": [{"paragraph": "Text."}]}],
}
"""Members of a topic in place of wrong ones, so that the others can be judged."""


UNWRITTEN: Final = "TODO:"
"""How a text begins that is still to be written."""


class TopicSchema:
    """A prepared topic schema: compiled for validation, and its plan of messages.

    It is a parameter of the pipeline, so that a workspace may extend the schema.
    """

    def __init__(self, schema: Document | None = None) -> None:
        self.schema = schema or packaged("topic.schema.json")
        self.plan: MessagePlan = plan_messages(self.schema)
        self._compiled = CompiledSchema(self.schema)

    def __reduce__(self) -> tuple[type["TopicSchema"], tuple[Document]]:
        return TopicSchema, (self.schema,)  # a compiled schema stays in its process

    def check(self, document: object, path: str, collected: TopicReferences) -> list[Problem]:
        """Return everything wrong with one topic's document."""
        return self._compiled.check(
            document, path, "topic-schema", lambda valid: self._rules(valid, path, collected), _SUBSTITUTES
        )

    def links(self, document: object) -> tuple[tuple[str, str], ...]:
        """Return the topics that the valid part of a document links or relates to, each with its pointer."""
        if not isinstance(document, dict):
            return ()
        if self._compiled.is_valid(document):
            return tuple(linked_topics(document))
        remains = self._compiled.remains(document, _SUBSTITUTES)
        return tuple(remains.restored_links(linked_topics(remains.document))) if remains else ()

    def _rules(self, document: JsonObject, path: str, collected: TopicReferences) -> list[Problem]:
        """Return what is wrong with a document that conforms to the schema."""
        by_block = _by_block(document)
        own_languages: set[LanguageTag] = set()
        core = _core(self.plan, by_block)

        def collect_own(place: Place, language: LanguageTag) -> None:
            if place.steps[0] in core:
                own_languages.add(language)

        found = chain(
            _check_units(document, path),
            _check_callouts(document, path),
            _check_markup(self.plan, by_block, path, collect_own),
            _blank_texts(document, path),
            _unwritten_texts(document, path),
            _check_editions(self.plan, core, own_languages, path),
            _check_topic(document, path, collected),
        )
        return at_most(found, path)


def check_vocabulary(document: object, path: str) -> list[Problem]:
    """Return everything wrong with one vocabulary file."""

    def rules(valid: Document) -> Iterator[Problem]:
        yield from _blank_texts(valid, path)
        yield from _repeated(valid, path, "entries")
        yield from _members(valid, path)

    return compiled("vocabulary.schema.json").check(document, path, "vocabulary-schema", rules)


def parse_vocabularies(texts: Mapping[str, bytes]) -> tuple[dict[str, JsonObject], list[Problem]]:
    """Return the documents without errors, by path, and everything wrong with any of the files."""
    sound: dict[str, JsonObject] = {}
    problems: list[Problem] = []
    for path, data in texts.items():
        try:
            document = jsontext.parse(data, path)
        except JsonTextError as error:
            problems += error.problems
            continue
        found = check_vocabulary(document, path)
        problems += found
        if not has_errors(found):
            sound[path] = document
    return sound, problems


_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "code-systems": ("label", "system", "codingSystem"),
    "kinds": ("label", "schemaType"),
    "notices": ("label", "text"),
    "organizations": ("name",),
}
"""The members of an entry that exports need, by vocabulary; for others, the label."""


_FIXED: Final = frozenset({"code-systems", "content-types", "kinds", "list-kinds", "parts", "urgencies"})
"""The vocabularies whose words every edition must have in its own language."""


def _members(document: Document, path: str) -> Iterator[Problem]:
    for index, entry in enumerate(document["entries"]):
        for member in _MEMBERS.get(document["id"], ("label",)):
            if member not in entry:
                yield Problem(
                    check="vocabulary-member",
                    path=path,
                    pointer=pointer_to("entries", index),
                    message=f"the entry {entry['id']!r} of {document['id']!r} has no {member!r}.",
                    hint="The exports need it; schema/vocabulary.schema.json says what it is.",
                )
        if document["id"] in _FIXED and is_own_text(entry.get("label")):
            yield Problem(
                check="vocabulary-member",
                path=path,
                pointer=pointer_to("entries", index, "label"),
                message=f"the label of {entry['id']!r} in {document['id']!r} is text of one language.",
                hint="Every edition shows it: write it in English, and translate it in the catalogues.",
            )


def check_vocabulary_references(vocabulary: Vocabulary, unread: Collection[str] = ()) -> list[Problem]:
    """Return the problems of entries that refer to other entries; `unread` is as in `TopicReferences`."""
    problems: list[Problem] = []
    for name, entry in vocabulary.walk():
        if "parent" not in entry.document:
            continue
        key, parent = entry.document["id"], entry.document["parent"]
        pointer = f"{entry.pointer}/parent"
        if "organizations" not in unread and not vocabulary.has("organizations", parent):
            problems.append(_unknown_key(vocabulary, "organizations", parent, entry.path, pointer))
        if name == "organizations" and key in vocabulary.above(key):
            problems.append(
                Problem(
                    check="vocabulary-circle",
                    path=entry.path,
                    pointer=pointer,
                    message=f"{key!r} belongs to {parent!r}, and that in the end to {key!r}.",
                    hint="Remove `parent` at the top of the hierarchy.",
                )
            )
    return problems


def check_duplicate_topics(ids: Mapping[str, str]) -> list[Problem]:
    """Return a problem for every topic whose id another file has too; `ids` holds the id by path."""
    by_id: dict[str, list[str]] = {}
    for path, topic in sorted(ids.items()):
        by_id.setdefault(topic, []).append(path)
    return [
        Problem(
            check="duplicate-id",
            path=path,
            pointer="/id",
            message=f"{topic!r} is also the id of {', '.join(o for o in same if o != path)}.",
            hint="Give each topic its own id; it names the topic in every address, permanently.",
        )
        for topic, same in sorted(by_id.items())
        for path in same
        if len(same) > 1
    ]


def _by_block(document: Document) -> Document:
    """Return the document with every block as a separate message, so that a fault gets its exact place."""
    plain = {name: member for name, member in document.items() if name != "unit"}
    if "sections" in document:
        plain["sections"] = [
            {name: member for name, member in section.items() if name != "unit"}
            for section in document["sections"]
        ]
    return plain


def _check_units(document: Document, path: str) -> Iterator[Problem]:
    """Yield what is not allowed in a text that is translated as a whole."""
    is_whole = "unit" in document
    for index, section in enumerate(document.get("sections", ())):
        if not (is_whole or "unit" in section):
            continue
        if is_whole and "unit" in section:
            yield Problem(
                check="unit-nested",
                path=path,
                pointer=pointer_to("sections", index, "unit"),
                message=f"the section {section['id']!r} is part of a topic that is translated as a whole.",
                hint="Remove `unit` here, or at the topic.",
            )
        steps: Steps = ("sections", index)
        whole = {
            **({"heading": section.get("heading")} if is_whole else {}),
            "body": [{} if is_beside(block) else block for block in section["body"]],
        }
        for pointer in _own_texts(whole, *steps):
            yield Problem(
                check="unit-own-text",
                path=path,
                pointer=pointer,
                message="text of one language is part of a text that is translated as a whole.",
                hint="Leave it out here: the translation has its own blocks. Or remove `unit`.",
            )


def _check_callouts(document: Document, path: str) -> Iterator[Problem]:
    """Yield each callout that some editions would lack."""
    for index, section in enumerate(document.get("sections", ())):
        if not is_own_text(section.get("heading")):
            continue
        for place, block in enumerate(section["body"]):
            if "callout" in block:
                yield Problem(
                    check="callout-own-text",
                    path=path,
                    pointer=pointer_to("sections", index, "body", place, "callout"),
                    message="the callout is in a section that only one language has.",
                    hint="Move it to a section that every edition has.",
                )


def _own_texts(value: object, *steps: str | int) -> Iterator[str]:
    """Yield the pointer of every text that only one language has."""
    if is_own_text(value):
        yield pointer_to(*steps)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _own_texts(member, *steps, name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _own_texts(item, *steps, index)


def _check_markup(
    plan: MessagePlan, document: Document, path: str, collect_own: Callable[[Place, LanguageTag], object]
) -> list[Problem]:
    """Return what is wrong with the inline markup of a document's messages and of its own texts.

    `collect_own` is called with every text that only one language has.
    """
    problems: list[Problem] = []

    def visit(place: Place) -> object:
        if place.rule.markup:
            problems.extend(_check_text(place.lines[0], path, place.steps))
        return None

    def visit_own(place: Place, language: LanguageTag) -> object:
        collect_own(place, language)
        return visit(place)

    walk(plan, document, visit, visit_own)
    return problems


def _check_text(text: str, path: str, steps: Steps) -> Iterator[Problem]:
    try:
        plain = markup.parse(text).plain()
    except markup.MarkupError as error:
        for fault in error.faults:
            yield fault.at(path, pointer_to(*steps))
        return
    if markup.is_blank(plain) and not markup.is_blank(text):
        yield _blank_text(path, pointer_to(*steps))


def _blank_texts(document: Document, path: str) -> Iterator[Problem]:
    if not _has_text(document, _is_blank):
        return
    for text, steps in strings(document):
        if markup.is_blank(text):
            yield _blank_text(path, pointer_to(*steps))


def _is_blank(text: str) -> bool:
    return not text[:1].isalnum() and markup.is_blank(text)


def _has_text(value: object, is_such: Callable[[str], bool]) -> bool:
    """Return whether a value has such a text; its place, which costs more to find, is not needed yet."""
    if isinstance(value, str):
        return is_such(value)
    if isinstance(value, dict):
        return any(_has_text(each, is_such) for each in value.values())
    return isinstance(value, list) and any(_has_text(each, is_such) for each in value)


def _unwritten_texts(document: Document, path: str) -> Iterator[Problem]:
    """Yield a problem for each text that `healthtopics new` has left to the author: in a draft, a warning."""
    if not _has_text(document, _is_unwritten):
        return
    for text, steps in strings(document):
        if _is_unwritten(text):
            yield Problem(
                check="unwritten",
                level=Level.WARNING if "draft" in document else Level.ERROR,
                path=path,
                pointer=pointer_to(*steps),
                message=f"“{excerpt(text, 60)}” is still to be written.",
                hint="Write the text, or remove the object that holds it.",
            )


def _is_unwritten(text: str) -> bool:
    return text.startswith(UNWRITTEN)


def _blank_text(path: str, pointer: str) -> Problem:
    return Problem(
        check=markup.MarkupRule.BLANK,
        path=path,
        pointer=pointer,
        message="this text is blank: a reader sees nothing.",
        hint="Write the text, or remove the object that holds it; white space and empty tags do not count.",
    )


def _check_editions(
    plan: MessagePlan, core: Document, own_languages: Collection[LanguageTag], path: str
) -> Iterator[Problem]:
    """Check what is left of a topic in each language, without the text that only other languages have.

    `own_languages` are those in which the core of the topic has own text.
    """
    if not own_languages:
        editions: dict[LanguageTag, Document | None] = {SOURCE: core}
    else:
        languages = {SOURCE: None, **dict.fromkeys(sorted(own_languages)), _OTHERS: None}
        editions = {language: _edition(plan, core, language) for language in languages}
    if editions[SOURCE] is None:
        yield Problem(
            check="no-source-text",
            path=path,
            pointer="/sections",
            message="nothing of this topic is in English.",
            hint="Give at least one section its text in English.",
        )
    yield from _empty_sections(core, editions, path)


def _core(plan: MessagePlan, document: Document) -> Document:
    """Return the sections, and the other members that every edition needs."""
    essential = {name for name, below in plan.properties.items() if below.is_essential}
    kept = {"sections", *plan.required, *essential}
    return {name: member for name, member in document.items() if name in kept}


def _edition(plan: MessagePlan, document: Document, language: LanguageTag) -> Document | None:
    """Return the part of a topic that a language has, still in English; None if it has nothing."""
    edition: Document = walk(
        plan,
        document,
        lambda place: list(place.lines) if place.rule.is_list else place.lines[0],
        lambda place, own: place.lines[0] if own == language else DROPPED,
    )
    return None if edition is DROPPED else edition


def _empty_sections(
    document: Document, editions: Mapping[LanguageTag, Document | None], path: str
) -> Iterator[Problem]:
    indices = {section["id"]: index for index, section in enumerate(document.get("sections", ()))}
    empty: dict[str, LanguageTag] = {}
    for language, edition in editions.items():
        for section in edition.get("sections", ()) if edition else ():
            if all("attribution" in block for block in section["body"]):
                empty.setdefault(section["id"], language)
    for key, language in empty.items():
        where = "in languages without own text" if language == _OTHERS else f"in {language!r}"
        yield Problem(
            check="section-empty",
            path=path,
            pointer=pointer_to("sections", indices[key], "body"),
            message=f"the section {key!r} has only attributions {where}.",
            hint="Give it a paragraph or a list, or move the attribution to another section.",
        )


def _check_topic(document: Document, path: str, collected: TopicReferences) -> Iterator[Problem]:
    topic = Topic.from_dict(document, path)
    stem = path.rpartition("/")[2].removesuffix(".json")
    if topic.id != stem:
        yield Problem(
            check="topic-file-name",
            path=path,
            pointer="/id",
            message=f"the id {topic.id!r} differs from the name of the file.",
            hint=f"Name the file {topic.id}.json, or give the topic the id {stem!r}.",
        )
    if topic.id in RESERVED:
        yield Problem(
            check="reserved-id",
            path=path,
            pointer="/id",
            message=f"the site has a page at the address of {topic.id!r}.",
            hint="Give the topic another id.",
        )
    yield from _repeated(document, path, "sections")
    yield from _repeated(document, path, "resources")
    yield from _repeated(document, path, "sources")
    for vocabulary, key, steps in topic.references():
        if vocabulary not in collected.unread and not collected.vocabulary.has(vocabulary, key):
            yield _unknown_key(collected.vocabulary, vocabulary, key, path, pointer_to(*steps))
    if collected.topics is not None:
        yield from check_links(linked_topics(document), collected.topics, path)
    yield from _url_languages(topic, path)
    yield from _dates(topic, path)


def check_links(links: Iterable[tuple[str, str]], topics: Collection[str], path: str) -> Iterator[Problem]:
    """Yield a problem for each link, a topic's id with the pointer of its place, to a missing topic."""
    strays = ((target, pointer) for target, pointer in links if target not in topics)
    for target, pointer in islice(strays, MOST):
        yield Problem(
            check="unknown-topic",
            path=path,
            pointer=pointer,
            message=f"there is no topic {target!r}.",
            hint=_nearest(target, topics) or "Link to a page elsewhere by its address instead.",
        )
    if more := sum(1 for _ in strays):
        yield more_problems(path, more, Level.ERROR)


def _url_languages(topic: Topic, path: str) -> Iterator[Problem]:
    """Yield a problem for every page that one edition would describe in two languages."""
    links = (each.links for each in (*topic.resources, *topic.related_topics) if not isinstance(each, str))
    languages = dict.fromkeys([SOURCE, *topic.pages, *(tag for by_language in links for tag in by_language)])
    conflicts: dict[Steps, Problem] = {}
    for language in languages:
        known: dict[str, tuple[LanguageTag, Steps]] = {}
        for url, tag, steps in _described_pages(topic, language):
            other, first = known.setdefault(url, (tag, steps))
            if other != tag and steps not in conflicts:
                conflicts[steps] = Problem(
                    check="url-language-conflict",
                    path=path,
                    pointer=pointer_to(*steps),
                    message=f"{url} is in {tag!r} here, and in {other!r} at {pointer_to(*first)}.",
                    hint="Fix the wrong one; a page in two languages needs an address for each.",
                )
    yield from conflicts.values()


def _described_pages(topic: Topic, language: LanguageTag) -> Iterator[tuple[str, LanguageTag, Steps]]:
    """Yield the address, language and place of each page that the edition describes."""
    for tag, url in topic.pages.items():
        yield url, tag, ("pages", tag)
    for index, resource in enumerate(topic.resources):
        if _stands_in(resource.title, language) and resource.categories_in(language):
            shown, page = resource.link_in(language)
            for tag, url in resource.links.items():
                if tag == shown or url != page:  # a page in both languages is described in the edition's
                    yield url, tag, ("resources", index, "links", tag)
    for index, related in enumerate(topic.related_topics):
        if isinstance(related, RelatedTopic) and _stands_in(related.title, language):
            tag, url = related.link_in(language)
            yield url, tag, ("relatedTopics", index, "links", tag)
    for index, source in enumerate(topic.sources):
        if source.url and source.url != topic.pages.get(language):
            yield source.url, source.language, ("sources", index, "url")


def _stands_in(text: Text, language: LanguageTag) -> bool:
    return text.state is not TextState.OWN or text.language == language


def _dates(topic: Topic, path: str) -> Iterator[Problem]:
    dates = topic.dates
    if dates.updated < dates.created:
        yield Problem(
            check="date-order",
            path=path,
            pointer="/dates/updated",
            message=f"updated ({dates.updated}) is before created ({dates.created}).",
            hint="Fix one of the two dates.",
        )
    if dates.publish_from and dates.withdraw_from and dates.withdraw_from <= dates.publish_from:
        yield Problem(
            check="date-order",
            path=path,
            pointer="/dates/withdrawFrom",
            message=f"withdrawFrom ({dates.withdraw_from}) is not after publishFrom ({dates.publish_from}).",
            hint="Fix one of the two dates: as they are, the topic is never published.",
        )


def _unknown_key(vocabulary: Vocabulary, name: str, key: str, path: str, pointer: str) -> Problem:
    return Problem(
        check="unknown-key",
        path=path,
        pointer=pointer,
        message=f"the vocabulary {name!r} has no entry {key!r}.",
        hint=_nearest(key, vocabulary.keys(name))
        or f"Known are {', '.join(vocabulary.keys(name))}; your own go into vocabulary/{name}.json.",
    )


def _nearest(wrong: str, right: Collection[str]) -> str:
    near = _nearest_of(wrong, tuple(right))
    return f"Did you mean {near!r}?" if near else ""


@lru_cache(1000)
def _nearest_of(wrong: str, right: tuple[str, ...]) -> str:
    return next(iter(difflib.get_close_matches(wrong, right, n=1)), "")


def _repeated(document: Document, path: str, member: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, item in enumerate(document.get(member, ())):
        if item["id"] in seen:
            yield Problem(
                check="duplicate-id",
                path=path,
                pointer=pointer_to(member, index, "id"),
                message=f"the id {item['id']!r} is also that of {pointer_to(member, seen[item['id']])}.",
                hint="Ids are unique within their list; give one of the two another.",
            )
        seen.setdefault(item["id"], index)
