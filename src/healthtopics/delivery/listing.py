"""Lists of topics: `/topics`, and `/letters` for an index from A to Z.

Their addresses cannot be those of topics, which are below `/topics/` or below a language.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from healthtopics import jsontext
from healthtopics.delivery.message import JSON, Response, Wording
from healthtopics.delivery.negotiation import find_language
from healthtopics.delivery.paging import LIMIT, PAGE_TOKEN, PROBLEMS, open_page
from healthtopics.delivery.representation import Representation, computed
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer, refused
from healthtopics.delivery.variants import described_by
from healthtopics.index.codes import find_system, known_systems, plain_code
from healthtopics.index.listing import (
    Filters,
    ListedTopic,
    count_letters,
    ids_of_categories,
    ids_of_groups,
    list_topics,
)
from healthtopics.index.opening import TopicIndex
from healthtopics.problems import excerpt
from healthtopics.release import instant
from healthtopics.schema import packaged

LIST_LANGUAGE: Final = Parameter(
    "lang",
    "The language of the topics, as a BCP 47 tag; `es-MX` is answered in `es`.",
    {"type": "string", "maxLength": 35, "minLength": 1},
    example="es",
)

_KEY: Final = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100}
_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = "[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
_FILTERS: Final = (
    Parameter("group", "Only topics of this group.", _KEY, example="pregnancy-and-reproduction"),
    Parameter(
        "code",
        "Only topics with this code, whatever its dots and case: `O03.4`, `o034`; or that of one system, by "
        "its key, URI or OID: `icd-10-cm|O03.4`.",
        {"type": "string", "minLength": 1, "maxLength": 200},
        example="mesh|D000022",
        is_private=True,
    ),
    Parameter("category", "Only topics with links of this category.", _KEY, example="diagnosis-and-tests"),
    Parameter(
        "updatedSince",
        "Only topics with an edition whose content changed on this day or later, or from this moment on, by "
        "the date in the edition. It may be published later: to follow releases, ask for `/changes`.",
        {"type": "string", "pattern": f"^{_DAY}(T{_TIME})?$"},
        example="2026-11-01",
    ),
    Parameter(
        "completeOnly",
        "Only editions that are complete in their language, neither held nor partly in English.",
        {"type": "boolean", "default": False},
        example=True,
    ),
    Parameter(
        "letter",
        "Only titles that begin with this letter; `#` for those that begin with none. It needs `lang`.",
        {"type": "string", "minLength": 1, "maxLength": 4},
        example="A",
    ),
)

_NO_LANGUAGE: Final = Wording(
    en="there are no topics in {value}. Available languages: {known}.",
    es="no hay temas en {value}. Idiomas disponibles: {known}.",
)
_NO_SUCH: Final = Wording(
    en="the release has no “{value}”. Possible: {known}.",
    es="la versión no tiene “{value}”. Posibles: {known}.",
)
_NO_MOMENT: Final = Wording(en="{value} is not a date.", es="{value} no es una fecha.")
_NO_CODE: Final = Wording(en="“{value}” has no code.", es="“{value}” no tiene ningún código.")
_NO_SYSTEM: Final = Wording(
    en="“{value}” in the parameter code is not a code system known here. Possible: {known}; or a URI or OID.",
    es="“{value}” en el parámetro code no es un sistema de codificación conocido aquí. Posibles: {known}; "
    "o un URI u OID.",
)
_NEEDS_LANG: Final = Wording(
    en="the parameter letter needs the parameter lang: {known}.",
    es="el parámetro letter necesita el parámetro lang: {known}.",
)


def language_of(call: Call, languages: tuple[str, ...]) -> str | Response:
    """Return which of the languages of a release the parameter `lang` asks for; empty without it."""
    asked = call.values.get(LIST_LANGUAGE.name, "")
    found = find_language(asked, languages) if asked else ""
    if found is not None:
        return found
    detail = _NO_LANGUAGE.filled(value=asked, known=", ".join(languages))
    return refused(LIST_LANGUAGE.name, detail, languages)


def _list(call: Call) -> Representation | Response:
    page = open_page(call)
    if isinstance(page, Response):
        return page
    filters = _filters(call, page.index)
    if isinstance(filters, Response):
        return filters
    total, topics = list_topics(page.index, filters, limit=page.limit, offset=page.offset)
    members = {"total": total, "topics": [_topic(call, each) for each in topics]}
    return page.answer("topic-list", total, members, language=filters.language)


def _filters(call: Call, index: TopicIndex) -> Filters | Response:
    """Return the filters that a call asks for; a problem if the release does not know a value."""
    values = call.values
    language = language_of(call, index.languages)
    if isinstance(language, Response):
        return language
    known: Mapping[str, Callable[[TopicIndex], list[str]]] = {
        "group": ids_of_groups,
        "category": ids_of_categories,
    }
    for name, ids_of in known.items():
        if name in values and values[name] not in (possible := ids_of(index)):
            detail = _NO_SUCH.filled(value=values[name], known=", ".join(possible))
            return refused(name, detail, tuple(possible))
    if "letter" in values and not language:
        return refused("letter", _NEEDS_LANG.filled(known=", ".join(index.languages)))
    since = _instant(values.get("updatedSince", ""))
    if since is None:
        return refused("updatedSince", _NO_MOMENT.filled(value=values["updatedSince"]))
    coded = _read_code(index, values.get("code", ""))
    if isinstance(coded, Response):
        return coded
    system, code = coded
    return Filters(
        language=language,
        group=values.get("group", ""),
        code=code,
        system=system,
        category=values.get("category", ""),
        updated_since=since,
        letter=values.get("letter", "").upper(),
        is_complete=values["completeOnly"],
    )


def _read_code(index: TopicIndex, text: str) -> tuple[str, str] | Response:
    """Return the key of the system and the plain code in `system|code`; both are empty for an empty text."""
    system, _, code = text.rpartition("|")
    plain, key = plain_code(code), find_system(index, system)
    if text and not plain:
        return refused("code", _NO_CODE.filled(value=excerpt(text, 60)))
    if system and not key:
        possible = known_systems(index)
        detail = _NO_SYSTEM.filled(value=excerpt(system, 60), known=", ".join(possible))
        return refused("code", detail, tuple(possible))
    return key, plain


def _instant(text: str) -> str | None:
    """Return a day or a moment as an instant in UTC, empty for an empty text; None if there is no such day.

    Instants have whole seconds: what changed within the second of a moment did so before it.
    """
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        rounded = aware + timedelta(microseconds=-aware.microsecond % 1_000_000)
        return instant(rounded)
    except (ValueError, OverflowError):
        return None


def _topic(call: Call, topic: ListedTopic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "url": topic_url(call, topic.id),
        "kind": topic.kind,
        "groups": list(topic.groups),
        "codes": [without_empty(each._asdict()) for each in topic.codes],
        "editions": [
            without_empty(
                {
                    "language": each.language,
                    "title": each.title,
                    "description": each.description,
                    "page": each.page,
                    "updated": each.updated,
                    "state": each.state,
                    "asOf": each.as_of,
                }
            )
            for each in topic.editions
        ],
    }


def topic_url(call: Call, topic: str) -> str:
    """Return the negotiated address of a topic."""
    return f"{call.site.base_url}/topics/{topic}"


def without_empty(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that are not empty texts or None."""
    return {name: value for name, value in members.items() if value not in ("", None)}


def _letters(call: Call) -> Representation | Response:
    site = call.site
    asked = language_of(call, tuple(site.languages))
    if isinstance(asked, Response):
        return asked
    by_language: dict[str, list[dict[str, Any]]] = {
        each: [] for each in site.languages if asked in ("", each)
    }
    for language, letter, count in count_letters(site.index):
        if language in by_language:
            query = urlencode({"lang": language, "letter": letter})
            url = f"{site.base_url}/topics?{query}"
            by_language[language].append({"letter": letter, "topics": count, "url": url})
    document = {
        "release": site.number,
        "time": site.time,
        "languages": [{"language": each, "letters": letters} for each, letters in by_language.items()],
    }
    found = computed(jsontext.dump(document), JSON, modified=site.time, language=asked)
    return replace(found, links=described_by(site, "public/letters.schema.json"))


def schema_of(name: str) -> dict[str, str]:
    """Return a reference to a public schema."""
    return {"$ref": packaged(f"public/{name}.schema.json")["$id"]}


ROUTES: Final = (
    Route(
        path="/topics",
        operation="listTopics",
        summary="Topics that pass filters, in pages",
        description="With `lang` they are in the order of their titles in that language, otherwise in that "
        "of their ids. Follow the links in the header `Link`, or give `nextPage` as `page`.",
        tag="Lists",
        parameters=(LIST_LANGUAGE, *_FILTERS, LIMIT, PAGE_TOKEN),
        answers={200: RouteAnswer("A page of the list.", (JSON,), schema_of("topic-list")), **PROBLEMS},
        answer=_list,
    ),
    Route(
        path="/letters",
        operation="listLetters",
        summary="The letters that titles begin with, for an index from A to Z",
        tag="Lists",
        parameters=(LIST_LANGUAGE,),
        answers={200: RouteAnswer("The letters of each language.", (JSON,), schema_of("letters"))},
        answer=_letters,
    ),
)
