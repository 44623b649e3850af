"""Topics as JSON documents: read into values, written back, and walked as they are."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from healthtopics import markup
from healthtopics.errors import InvalidTopicError
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem, pointer_to
from healthtopics.topic.values import (
    Attribution,
    Block,
    Coding,
    Dates,
    Document,
    Identifier,
    LanguageLink,
    List,
    ListItem,
    Paragraph,
    RelatedTopic,
    Resource,
    Review,
    Section,
    Source,
    Subheading,
    Text,
    TextState,
)

_T = TypeVar("_T")
_D = TypeVar("_D")


def strings(value: object, *steps: str | int) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield every string of a JSON value, and the way to it."""
    if isinstance(value, str):
        yield value, steps
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from strings(member, *steps, name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, *steps, index)


def linked_topics(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the id behind every `topic:` link and every related topic of the collection, with its pointer."""
    for text, steps in strings(document):
        if "topic:" in text and "<" in text:
            try:
                hrefs = markup.parse(text).hrefs()
            except markup.MarkupError:  # plain text, a heading perhaps, in which `<` and `&` are themselves
                continue
            yield from (
                (match[1], pointer_to(*steps)) for href in hrefs if (match := markup.TOPIC.fullmatch(href))
            )
    for index, related in enumerate(document.get("relatedTopics", ())):
        if isinstance(related, str):
            yield related, pointer_to("relatedTopics", index)


def topic_from_dict(document: object, path: str) -> dict[str, Any]:
    """Return the members of a `Topic`; raises InvalidTopicError with the JSON pointer of what is no topic."""
    return _Reader(path).topic(document)


def code_from_dict(document: object) -> Coding:
    """Return a code; raises InvalidTopicError."""
    return _Reader("").code(document)


def drop_empty(members: dict[str, Any]) -> dict[str, Any]:
    """Return the members that say something: absent and empty are the same in our documents."""
    return {name: value for name, value in members.items() if value not in ("", None, [], {}, ())}


def _rest(document: Document, *known: str) -> Document:
    return {name: value for name, value in document.items() if name not in known}


class _Reader:
    """Reads documents into the typed view, growing the JSON pointer on the way down."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._steps: list[str | int] = []

    def _at(self, step: str | int, read: Callable[[Any], _T], value: object) -> _T:
        self._steps.append(step)
        found = read(value)
        self._steps.pop()
        return found

    def _refuse(self, message: str) -> InvalidTopicError:
        pointer = pointer_to(*self._steps)
        hint = "See schema/topic.schema.json for what a topic needs."
        return InvalidTopicError(
            [Problem(check="topic-shape", path=self._path, pointer=pointer, message=message, hint=hint)]
        )

    def _need(self, document: Document, name: str, read: Callable[[Any], _T]) -> _T:
        if name not in document:
            raise self._refuse(f"{name!r} is missing.")
        return self._at(name, read, document[name])

    def _may(self, document: Document, name: str, read: Callable[[Any], _T], default: _D) -> _T | _D:
        if name not in document:
            return default
        return self._at(name, read, document[name])

    def _object(self, value: object) -> Document:
        if not isinstance(value, (dict, Mapping)):  # mostly the first, which is told at once
            raise self._refuse("an object is expected here.")
        return value

    def _each(self, read: Callable[[Any], _T]) -> Callable[[Any], tuple[_T, ...]]:
        def read_all(values: object) -> tuple[_T, ...]:
            if not isinstance(values, (list, tuple)):
                raise self._refuse("an array is expected here.")
            return tuple(self._at(index, read, value) for index, value in enumerate(values))

        return read_all

    def _by_language(self, read: Callable[[Any], _T]) -> Callable[[Any], dict[LanguageTag, _T]]:
        def read_all(value: object) -> dict[LanguageTag, _T]:
            members = self._object(value)
            return {LanguageTag(name): self._need(members, name, read) for name in members}

        return read_all

    def text(self, value: object) -> Text:
        match value:
            case Text():
                return value
            case str():
                return Text(value)
            case {"text": str(text), "language": str(language)}:
                return Text(text, LanguageTag(language), TextState.OWN)
        raise self._refuse("a text is expected here.")

    def string(self, value: object) -> str:
        if not isinstance(value, str):
            raise self._refuse("a string is expected here.")
        return value

    def language(self, value: object) -> LanguageTag:
        return LanguageTag(self.string(value))

    def links(self, value: object) -> dict[LanguageTag, str]:
        return self._by_language(self.string)(value)

    def code(self, value: object) -> Coding:
        document = self._object(value)
        return Coding(
            self._need(document, "system", self.string),
            self._need(document, "code", self.string),
            self._need(document, "display", self.string),
            self._may(document, "qualifiers", self._each(self._pair("code", "display")), ()),
        )

    def _pair(self, first: str, second: str) -> Callable[[Any], tuple[str, str]]:
        def read(value: object) -> tuple[str, str]:
            document = self._object(value)
            return self._need(document, first, self.string), self._need(document, second, self.string)

        return read

    def identifier(self, value: object) -> Identifier:
        document = self._object(value)
        return Identifier(
            self._need(document, "system", self.string),
            self._need(document, "value", self.string),
            self._may(document, "language", self.language, None),
        )

    def item(self, value: object) -> ListItem:
        if isinstance(value, Mapping) and "item" in value:
            below = List(
                self._need(value, "list", self._each(self.item)), is_ordered=bool(value.get("ordered"))
            )
            extra = _rest(value, "item", "list", "ordered")
            return ListItem(self._need(value, "item", self.text), below, extra)
        return ListItem(self.text(value))

    def block(self, value: object) -> Block:
        document = self._object(value)
        if "paragraph" in document:
            return Paragraph(self._need(document, "paragraph", self.text), _rest(document, "paragraph"))
        if "subheading" in document:
            return Subheading(self._need(document, "subheading", self.text), _rest(document, "subheading"))
        if "attribution" in document:
            return Attribution(self._need(document, "attribution", self.text), _rest(document, "attribution"))
        return List(
            self._need(document, "list", self._each(self.item)),
            is_ordered=bool(document.get("ordered")),
            extra=_rest(document, "list", "ordered"),
        )

    def section(self, value: object) -> Section:
        document = self._object(value)
        return Section(
            id=self._need(document, "id", self.string),
            aspect=self._need(document, "aspect", self.string),
            heading=self._may(document, "heading", self.text, None),
            body=self._need(document, "body", self._each(self.block)),
            extra=_rest(document, "id", "aspect", "heading", "body"),
        )

    def categories(self, value: object) -> tuple[str, ...] | Mapping[LanguageTag, tuple[str, ...]]:
        if isinstance(value, Mapping):
            return self._by_language(self._each(self.string))(value)
        return self._each(self.string)(value)

    def resource(self, value: object) -> Resource:
        document = self._object(value)
        return Resource(
            id=self._need(document, "id", self.string),
            categories=self._need(document, "categories", self.categories),
            title=self._need(document, "title", self.text),
            kind=self._need(document, "kind", self.string),
            links=self._need(document, "links", self.links),
            organizations=self._may(document, "organizations", self._each(self.string), ()),
            identifiers=self._may(document, "identifiers", self._each(self.identifier), ()),
            extra=_rest(
                document, "id", "categories", "title", "kind", "links", "organizations", "identifiers"
            ),
        )

    def related(self, value: object) -> str | RelatedTopic:
        if isinstance(value, str):
            return value
        document = self._object(value)
        return RelatedTopic(
            title=self._need(document, "title", self.text),
            links=self._need(document, "links", self.links),
            extra=_rest(document, "title", "links"),
        )

    def other_language(self, value: object) -> LanguageLink:
        document = self._object(value)
        return LanguageLink(
            name=self._need(document, "name", self.text),
            url=self._need(document, "url", self.string),
            vernacular_name=self._may(document, "vernacularName", self.string, ""),
            language=self._may(document, "language", self.language, None),
            extra=_rest(document, "name", "url", "vernacularName", "language"),
        )

    def review(self, value: object) -> Review:
        document = self._object(value)
        return Review(
            date=self._need(document, "date", self.string), by=self._need(document, "by", self.string)
        )

    def dates(self, value: object) -> Dates:
        document = self._object(value)
        return Dates(
            created=self._need(document, "created", self.string),
            updated=self._need(document, "updated", self.string),
            reviewed=self._may(document, "reviewed", self.review, None),
            review_by=self._may(document, "reviewBy", self.string, ""),
            publish_from=self._may(document, "publishFrom", self.string, ""),
            withdraw_from=self._may(document, "withdrawFrom", self.string, ""),
            extra=_rest(
                document, "created", "updated", "reviewed", "reviewBy", "publishFrom", "withdrawFrom"
            ),
        )

    def source(self, value: object) -> Source:
        document = self._object(value)
        names = ("id", "title", "language", "publisher", "url", "published", "retrieved", "note")
        return Source(
            id=self._need(document, "id", self.string),
            title=self._need(document, "title", self.string),
            language=self._need(document, "language", self.language),
            publisher=self._may(document, "publisher", self.string, ""),
            url=self._may(document, "url", self.string, ""),
            published=self._may(document, "published", self.string, ""),
            retrieved=self._may(document, "retrieved", self.string, ""),
            note=self._may(document, "note", self.text, None),
            extra=_rest(document, *names),
        )

    def topic(self, value: object) -> dict[str, Any]:
        document = self._object(value)
        strings = self._each(self.string)
        texts = self._each(self.text)
        members = {
            "id": self._need(document, "id", self.string),
            "kind": self._need(document, "kind", self.string),
            "title": self._need(document, "title", self.text),
            "sections": self._may(document, "sections", self._each(self.section), ()),
            "dates": self._need(document, "dates", self.dates),
            "sources": self._need(document, "sources", self._each(self.source)),
            "also_called": self._may(document, "alsoCalled", texts, ()),
            "see_references": self._may(document, "seeReferences", texts, ()),
            "description": self._may(document, "description", self.text, None),
            "pages": self._may(document, "pages", self.links, {}),
            "identifiers": self._may(document, "identifiers", self._each(self.identifier), ()),
            "codes": self._may(document, "codes", self._each(self.code), ()),
            "groups": self._may(document, "groups", strings, ()),
            "primary_institute": self._may(document, "primaryInstitute", self.string, ""),
            "publisher": self._may(document, "publisher", self.string, ""),
            "resources": self._may(document, "resources", self._each(self.resource), ()),
            "related_topics": self._may(document, "relatedTopics", self._each(self.related), ()),
            "other_languages": self._may(document, "otherLanguages", self._each(self.other_language), ()),
            "licence": self._may(document, "licence", self.string, ""),
            "disclaimer": self._may(document, "disclaimer", self.string, ""),
            "quality_criteria": self._may(document, "qualityCriteria", self.string, ""),
            "accept": self._may(document, "accept", self._each(self._pair("check", "reason")), ()),
        }
        members["extra"] = _rest(document, *_TOPIC_MEMBERS)
        return members


_TOPIC_MEMBERS = (
    "id", "kind", "title", "alsoCalled", "seeReferences", "description", "pages", "identifiers", "codes",
    "groups", "primaryInstitute", "publisher", "sections", "resources", "relatedTopics", "otherLanguages",
    "dates", "sources", "licence", "disclaimer", "qualityCriteria", "accept",
)  # fmt: skip


def text_to_dict(text: Text) -> str | dict[str, str]:
    """Return the JSON form of a text."""
    if text.state is TextState.OWN:
        return {"text": text.value, "language": text.language}
    return text.value


def code_to_dict(code: Coding) -> dict[str, Any]:
    """Return what `code_from_dict` reads."""
    members: dict[str, Any] = {"system": code.system, "code": code.code, "display": code.display}
    if code.qualifiers:
        members["qualifiers"] = [{"code": key, "display": display} for key, display in code.qualifiers]
    return members


def identifier_to_dict(identifier: Identifier) -> dict[str, Any]:
    """Return the JSON form of an identifier."""
    return drop_empty(
        {"system": identifier.system, "value": identifier.value, "language": identifier.language}
    )


def _item_to_dict(item: ListItem) -> Any:  # noqa: ANN401 - a JSON value
    if item.below is None:
        return text_to_dict(item.text)
    return {"item": text_to_dict(item.text), **_list_to_dict(item.below), **item.extra}


def _list_to_dict(block: List) -> dict[str, Any]:
    members: dict[str, Any] = {"list": [_item_to_dict(item) for item in block.items]}
    if block.is_ordered:
        members["ordered"] = True
    return {**members, **block.extra}


def _block_to_dict(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text, extra):
            return {"paragraph": text_to_dict(text), **extra}
        case Subheading(text, extra):
            return {"subheading": text_to_dict(text), **extra}
        case Attribution(text, extra):
            return {"attribution": text_to_dict(text), **extra}
        case List():
            return _list_to_dict(block)


def section_to_dict(section: Section) -> dict[str, Any]:
    """Return the JSON form of a section."""
    return {
        "id": section.id,
        "aspect": section.aspect,
        **drop_empty({"heading": text_to_dict(section.heading) if section.heading else None}),
        "body": [_block_to_dict(block) for block in section.body],
        **section.extra,
    }


def resource_to_dict(resource: Resource) -> dict[str, Any]:
    """Return the JSON form of a resource."""
    categories: Any = resource.categories
    categories = (
        list(categories)
        if isinstance(categories, tuple)
        else {language: list(keys) for language, keys in categories.items()}
    )
    return {
        "id": resource.id,
        "categories": categories,
        "title": text_to_dict(resource.title),
        **drop_empty({"organizations": list(resource.organizations)}),
        "kind": resource.kind,
        "links": dict(resource.links),
        **drop_empty({"identifiers": [identifier_to_dict(each) for each in resource.identifiers]}),
        **resource.extra,
    }


def related_to_dict(related: str | RelatedTopic) -> Any:  # noqa: ANN401 - a JSON value
    """Return the JSON form of a related."""
    if isinstance(related, str):
        return related
    return {"title": text_to_dict(related.title), "links": dict(related.links), **related.extra}


def other_language_to_dict(other: LanguageLink) -> dict[str, Any]:
    """Return the JSON form of an other language."""
    return {
        "name": text_to_dict(other.name),
        **drop_empty({"vernacularName": other.vernacular_name, "language": other.language}),
        "url": other.url,
        **other.extra,
    }


def dates_to_dict(dates: Dates) -> dict[str, Any]:
    """Return the JSON form of the dates."""
    reviewed = {"date": dates.reviewed.date, "by": dates.reviewed.by} if dates.reviewed else None
    return {
        "created": dates.created,
        "updated": dates.updated,
        **drop_empty(
            {
                "reviewed": reviewed,
                "reviewBy": dates.review_by,
                "publishFrom": dates.publish_from,
                "withdrawFrom": dates.withdraw_from,
            }
        ),
        **dates.extra,
    }


def source_to_dict(source: Source) -> dict[str, Any]:
    """Return the JSON form of a source."""
    return {
        "id": source.id,
        "title": source.title,
        **drop_empty({"publisher": source.publisher, "url": source.url}),
        "language": source.language,
        **drop_empty(
            {
                "published": source.published,
                "retrieved": source.retrieved,
                "note": text_to_dict(source.note) if source.note else None,
            }
        ),
        **source.extra,
    }
