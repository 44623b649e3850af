"""Operations on an edition: its document, and everything that it refers to.

http://hl7.org/fhir/R4/composition-operation-document.html
"""

from typing import Any, Final

from healthtopics import jsontext
from healthtopics.delivery.fhir.form import GENERAL
from healthtopics.delivery.fhir.reading import ID, PROBLEMS, find_current, opened, read_current
from healthtopics.delivery.fhir.side import VERSION
from healthtopics.delivery.message import Response
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Route, RouteAnswer


def _document(call: Call) -> Representation | Response:
    """Return the document of an edition, which was published with the same id."""
    return read_current(call, "Bundle")


def _everything(call: Call) -> Representation | Response:
    """Return a Composition and everything it refers to: what its document has, as results of a search."""
    form = opened(call)
    if isinstance(form, Response):
        return form
    side, id_ = form.side, call.values[ID.name]
    found = find_current(side, "Bundle", id_)
    if isinstance(found, Response):
        return found
    entries: list[dict[str, Any]] = [
        {**entry, "search": {"mode": "include" if number else "match"}}
        for number, entry in enumerate(jsontext.load(side.read_current(found))["entry"])
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 1,
        "link": [{"relation": "self", "url": f"{side.base}/Composition/{id_}/$everything"}],
        "entry": entries,
    }
    return form.answer(bundle, modified=found.last_updated, vary=("Accept",))


ROUTES: Final = (
    Route(
        path="/fhir/{fhir}/Composition/{id}/$document",
        operation="getDocument",
        summary="The document of an edition: a Bundle that begins with the Composition",
        description="The Bundle that was published and validated; it is not put together for the request.",
        tag="FHIR",
        parameters=(VERSION, ID, *GENERAL),
        answers={
            200: RouteAnswer("A Bundle of type `document`.", (FHIR_JSON,), {"type": "object"}),
            **PROBLEMS,
        },
        answer=_document,
    ),
    Route(
        path="/fhir/{fhir}/Composition/{id}/$everything",
        operation="getEverything",
        summary="An edition and everything it refers to, as results of a search",
        tag="FHIR",
        parameters=(VERSION, ID, *GENERAL),
        answers={
            200: RouteAnswer("A Bundle of type `searchset`.", (FHIR_JSON,), {"type": "object"}),
            **PROBLEMS,
        },
        answer=_everything,
    ),
)
