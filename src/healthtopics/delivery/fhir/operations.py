"""Operations on an edition: its document, and everything that it refers to.

http://hl7.org/fhir/R4/composition-operation-document.html
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.delivery.fhir.form import GENERAL, Form
from healthtopics.delivery.fhir.inputs import BODY, RefusedError, read_inputs
from healthtopics.delivery.fhir.reading import ID, PROBLEMS, no_resource, represented
from healthtopics.delivery.fhir.side import VERSION
from healthtopics.delivery.message import Response
from healthtopics.delivery.outcome import FHIR_JSON
from healthtopics.delivery.representation import Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer, refused
from healthtopics.index.resources import ResourceVersion, current_resource

_PERSIST: Final = Parameter(
    "persist",
    "Whether to keep the document at `Bundle/{id}`, where it is in any case.",
    {"type": "boolean"},
    example=True,
)


def _answer(make: Callable[[Form, ResourceVersion], Representation], call: Call) -> Representation | Response:
    """Answer with what a function makes of the document of an edition, which has its id."""
    try:
        inputs = read_inputs(call)
    except RefusedError as error:
        return error.response
    if inputs.ignored:
        return refused(*inputs.ignored[0])
    side, id_ = inputs.form.side, inputs.text(ID.name)
    found = current_resource(side.site.index, side.number, "Bundle", id_)
    if found is None or not side.has(found):
        return no_resource(side, "Composition", id_)
    made = make(inputs.form, found)
    return replace(made, cache="no-store") if call.request.method == "POST" else made


def _document(form: Form, found: ResourceVersion) -> Representation:
    return represented(form, found, form.side.read_current(found))


def _everything(form: Form, found: ResourceVersion) -> Representation:
    side = form.side
    entries: list[dict[str, Any]] = [
        {**entry, "search": {"mode": "include" if number else "match"}}
        for number, entry in enumerate(jsontext.load(side.read_current(found))["entry"])
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 1,
        "link": [{"relation": "self", "url": f"{side.base}/Composition/{found.id}/$everything"}],
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
        parameters=(VERSION, ID, _PERSIST, *GENERAL),
        answers={
            200: RouteAnswer("A Bundle of type `document`.", (FHIR_JSON,), {"type": "object"}),
            **PROBLEMS,
        },
        methods=("GET", "POST"),
        body=BODY,
        needs_body=False,
        answer=partial(_answer, _document),
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
        methods=("GET", "POST"),
        body=BODY,
        needs_body=False,
        answer=partial(_answer, _everything),
    ),
)
