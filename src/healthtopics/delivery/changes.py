"""What changed since a release, topic by topic: `/changes`."""

from typing import Any, Final

from healthtopics.delivery.listing import schema_of, topic_url, without_empty
from healthtopics.delivery.message import JSON, Response, Wording, problem
from healthtopics.delivery.paging import LIMIT, PAGE_TOKEN, PROBLEMS, open_page
from healthtopics.delivery.representation import BRIEF, Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer, refused
from healthtopics.index.changes import (
    EditionChange,
    TopicChange,
    changes_since,
    earliest_release,
    is_known,
)

SINCE: Final = Parameter(
    "since",
    "The number of the release that you have; 0 if you have none: then all topics were added.",
    {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
    is_required=True,
    example=1,
)

_TO_COME: Final = Wording(
    en="there is no release {since} yet; the current one is {current}.",
    es="todavía no existe la versión {since}; la actual es la {current}.",
)
_FORGOTTEN: Final = Wording(
    en="what changed since release {since} is not known any more; the earliest one is {earliest}. Read all "
    "topics again: {all}. Remove those that are not among them.",
    es="ya no se sabe qué cambió desde la versión {since}; la más antigua es la {earliest}. Lea de nuevo "
    "todos los temas: {all}. Elimine los que ya no estén ahí.",
)


def _changes(call: Call) -> Representation | Response:
    page = open_page(call)
    if isinstance(page, Response):
        return page
    since = call.values[SINCE.name]
    if since > page.number:
        return refused(SINCE.name, _TO_COME.filled(since=since, current=page.number))
    if since and not is_known(page.index, since):
        every, earliest = call.site.address("topics"), earliest_release(page.index)
        detail = _FORGOTTEN.filled(since=since, earliest=earliest, all=every)
        return problem(410, detail, cache=BRIEF, parameter=SINCE.name, earliest=earliest, instead=every)
    total, topics = changes_since(page.index, since, limit=page.limit, offset=page.offset)
    members = {"since": since, "total": total, "topics": [_topic(call, each) for each in topics]}
    return page.answer("topic-changes", total, members)


def _topic(call: Call, topic: TopicChange) -> dict[str, Any]:
    members: dict[str, Any] = {"id": topic.topic, "change": topic.change}
    if topic.change != "removed":
        members["url"] = topic_url(call, topic.topic)
    members["editions"] = [_edition(each) for each in topic.editions]
    if topic.withdrawn:
        members["tombstone"] = {"date": topic.withdrawn, "titles": dict(topic.titles)}
    return members


def _edition(edition: EditionChange) -> dict[str, Any]:
    members = {
        "language": edition.language,
        "change": edition.change,
        "title": edition.title,
        "page": edition.page,
        "updated": edition.updated,
        "formats": dict(edition.formats),
        "reasons": list(edition.reasons) or None,
    }
    return without_empty(members)


ROUTES: Final = (
    Route(
        path="/changes",
        operation="listChanges",
        summary="The topics that changed since a release",
        description="The differences of all releases since then, as one: what to fetch again, what to remove "
        "and what was corrected. The files of each release are in its `changes.json`.",
        tag="Lists",
        parameters=(SINCE, LIMIT, PAGE_TOKEN),
        answers={
            200: RouteAnswer("A page of the list.", (JSON,), schema_of("topic-changes")),
            **PROBLEMS,
        },
        answer=_changes,
    ),
)
