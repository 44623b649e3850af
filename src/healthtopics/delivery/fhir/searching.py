"""Search: GET on a type, and POST on its `_search` (http://hl7.org/fhir/R4/search.html)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Final, NamedTuple

from healthtopics import jsontext
from healthtopics.delivery.fhir.form import ELEMENTS, GENERAL, SUMMARY, Form
from healthtopics.delivery.fhir.inputs import wants_strict
from healthtopics.delivery.fhir.paging import COUNT, MOST_BYTES, PAGE, BundlePage, open_bundle_page
from healthtopics.delivery.fhir.query import (
    MOST_CRITERIA,
    BadSearchError,
    SearchCriteria,
    read_query,
    unknown_parameter,
)
from healthtopics.delivery.fhir.reading import NO_TYPE, NOT_JSON, opened
from healthtopics.delivery.fhir.side import VERSION
from healthtopics.delivery.message import FORM, Response, Wording, problem
from healthtopics.delivery.outcome import FHIR_JSON, VERSIONS, issue, outcome
from healthtopics.delivery.parameters import pairs_of
from healthtopics.delivery.problem_details import wanted_language
from healthtopics.delivery.representation import BRIEF, Representation
from healthtopics.delivery.route import Call, Parameter, Route, RouteAnswer, refused
from healthtopics.formats.fhir.search_values import values_of
from healthtopics.formats.fhir.searching import (
    PARAMETERS,
    TYPES,
    SearchParameter,
    includes_of,
    parameters_of,
    revincludes_of,
    texts_of,
)
from healthtopics.index.opening import TooManyStepsError
from healthtopics.index.resource_search import (
    MOST_ORDERED,
    Condition,
    FoundResource,
    ResourcePlan,
    ResourceQuery,
    SortKey,
    ValueCriterion,
    count_resources,
    find_resources,
    plan_resources,
)
from healthtopics.index.resources import ResourceVersion, count_type, current_resources
from healthtopics.index.stems import fold
from healthtopics.problems import excerpt

SORT: Final = Parameter(
    "_sort",
    "The order: `title`, `date`, `name`, `_id` or `_lastUpdated`, if the type has it; with `-` in reverse. "
    "Several with commas: what is equal in one is in the order of the next.",
    {"type": "string", "minLength": 1, "maxLength": 200},
    example="-date,title",
)
TOTAL: Final = Parameter(
    "_total",
    "Whether to count all results: `none`, `estimate`, or `accurate` even if it takes longer.",
    {"type": "string", "enum": ["none", "estimate", "accurate"]},
    example="accurate",
)
INCLUDE: Final = Parameter(
    "_include",
    "Also return what the results refer to by a parameter: `Composition:entry`, `Composition:*`, "
    "`Composition:entry:Organization`.",
    {"type": "string", "minLength": 1, "maxLength": 120},
    example="Composition:entry",
    repeats=True,
)
REVINCLUDE: Final = Parameter(
    "_revinclude",
    "Also return what refers to the results by a parameter: `Bundle:composition`.",
    {"type": "string", "minLength": 1, "maxLength": 120},
    example="Bundle:composition",
    repeats=True,
)
RESULTS: Final = (SUMMARY, ELEMENTS, COUNT, PAGE, SORT, TOTAL, INCLUDE, REVINCLUDE)
"""The parameters that say what is returned of the results."""
_OWN: Final = frozenset(each.name for each in (*GENERAL, *RESULTS))
_REPEATED: Final = (*GENERAL, SUMMARY, ELEMENTS, COUNT, SORT, TOTAL)
"""Those that links repeat as they are given."""

MOST_STEPS: Final = 1_500_000
"""Of SQLite to find what one search asks for: some 50 ms. As many more for a total that nobody asks for."""
MOST_COUNTING_STEPS: Final = 10 * MOST_STEPS
"""To count results that must be counted: that reads the index, but no resources."""
_MOST_INCLUDED: Final = 1000
_MOST_PARAMETERS: Final = 60

_NO_SORT: Final = Wording(
    en="{type} cannot be sorted by {name}. Possible: {possible}.",
    es="{type} no se puede ordenar por {name}. Posibles: {possible}.",
)
_ONE_SORT: Final = Wording(
    en="{type} has more than {most} resources: so many results can be sorted by one parameter only.",
    es="{type} tiene más de {most} recursos: tantos resultados solo se pueden ordenar por un parámetro.",
)
_NO_INCLUDE: Final = Wording(
    en="{name} has no “{value}” here. Possible: {possible}.",
    es="{name} no admite “{value}” aquí. Posibles: {possible}.",
)
_COSTLY: Final = Wording(
    en="the search has more than {most} criteria.", es="la búsqueda tiene más de {most} criterios."
)
_TOO_MANY_STEPS: Final = Wording(
    en="this search reads more of the index than one search may. Narrow it: with a code (context), a "
    "language, an identifier or a longer beginning of a text, without :not, or without counting "
    "(_total=none).",
    es="esta búsqueda lee más del índice de lo que se permite a una sola. Acótela: con un código (context), "
    "un idioma, un identificador o un comienzo de texto más largo, sin :not, o sin contar los resultados "
    "(_total=none).",
)
_CUT: Final = Wording(
    en="only the first {most} resources that the results refer to are here.",
    es="aquí solo están los primeros {most} recursos a los que remiten los resultados.",
)


def _search(type_: str, call: Call) -> Representation | Response:
    form = opened(call)
    if isinstance(form, Response):
        return form
    if type_ not in form.side.types or type_ not in TYPES:
        known = ", ".join(each for each in form.side.types if each in TYPES)
        return problem(404, NO_TYPE.filled(type=type_, known=known), cache=BRIEF)
    page = open_bundle_page(call, form.side)
    if isinstance(page, Response):
        return page
    side = page.side
    try:
        with side.site.index.limited(MOST_STEPS):
            search = _Search(page, replace(form, side=side), type_)
            found, following = search.find()
        bundle = search.bundle(found, following, search.count(found, following))
    except BadSearchError as error:
        return refused(error.parameter, error.detail)
    except TooManyStepsError:
        return problem(422, _TOO_MANY_STEPS, cache=BRIEF, code="too-costly")
    return form.answer_asked(bundle, call.request.method, modified=side.site.index.release.time)


class _Read(NamedTuple):
    """A resource, and its bytes."""

    version: ResourceVersion
    data: bytes


@dataclass
class _Search:
    """One search."""

    page: BundlePage
    form: Form
    type: str

    def __post_init__(self) -> None:
        call = self.call = self.page.call
        self.side = self.page.side
        self.unused: list[tuple[str, Wording]] = []
        pairs = [(name, text) for name, text in pairs_of(call.route, call.request) if name not in _OWN]
        if len(pairs) > MOST_CRITERIA:
            raise BadSearchError(pairs[-1][0], _COSTLY.filled(most=MOST_CRITERIA))
        self.reading: SearchCriteria = read_query(self.side, self.type, pairs)
        self.unused += [
            (name, unknown_parameter(self.side, self.type, name)) for name in self.reading.unknown
        ]
        self.referring: list[tuple[str, str]] = []
        """`_include` and `_revinclude`, as far as they were understood."""
        self.includes = list(self._read_includes())
        self.plan = self._plan()
        if self.unused and wants_strict(call.request):
            raise BadSearchError(*self.unused[0])

    @cached_property
    def language(self) -> str:
        """The language of what is said about the search."""
        return wanted_language(self.call.request, self.call.site)

    def _plan(self) -> ResourcePlan:
        index, order = self.side.site.index, self._order()
        plan = plan_resources(
            index, ResourceQuery(self.side.number, self.type, self.reading.criteria, tuple(order))
        )
        if len(order) > 1 and plan.fewest is None and count_type(index, *plan.wanted.kind) > MOST_ORDERED:
            self.unused.append((SORT.name, _ONE_SORT.filled(type=self.type, most=MOST_ORDERED)))
            return replace(plan, wanted=replace(plan.wanted, order=()))
        return plan

    def _order(self) -> list[SortKey]:
        given = self.call.values.get(SORT.name, "")
        if not given:
            return []
        parameters = list(parameters_of(self.side.number, self.type))
        sorts = {each.name: each.name for each in parameters if self.type in each.sorted_types}
        sorts |= {each.name: f"r.{each.column}" for each in parameters if each.column}
        order: dict[str, SortKey] = {}
        for each in filter(None, given.split(",")):
            name = each.removeprefix("-")
            if name not in sorts:
                detail = _NO_SORT.filled(type=self.type, name=excerpt(name, 60), possible=", ".join(sorts))
                self.unused.append((SORT.name, detail))
                return []
            order.setdefault(name, SortKey(sorts[name], each.startswith("-")))
        return list(order.values())

    def _read_includes(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield `_include` or `_revinclude`, the referring type, the parameter, and the type referred to."""
        for name, possible_of in ((INCLUDE.name, includes_of), (REVINCLUDE.name, revincludes_of)):
            given = self.call.values.get(name, ())
            possible = list(possible_of(self.side.number, self.type)) if given else []
            for text in given:
                type_, _, rest = text.partition(":")
                parameter, _, target = rest.partition(":")
                fits = [each for each in possible if each[0] == type_ and parameter in ("*", each[1])]
                for each in fits:
                    yield name, *each, target
                if fits:
                    self.referring.append((name, text))
                else:
                    listed = ", ".join(":".join(each) for each in possible)
                    detail = _NO_INCLUDE.filled(name=name, value=excerpt(text, 60), possible=listed or "–")
                    self.unused.append((name, detail))

    def bundle(
        self, found: Sequence[FoundResource], following: int | None, total: int | None
    ) -> dict[str, Any]:
        """Return the answer with what was found."""
        index = self.side.site.index
        matches, following = self._matches(found, following)
        included, reports = self._included(matches) if self.includes else ([], [])
        link = self.page.links(self.type, following, self._asked())
        entries = [*self._entries(matches, "match"), *self._entries(included, "include")]
        issues = [
            issue("warning", "not-supported", text.into(self.language), name) for name, text in self.unused
        ]
        if issues or reports:
            said = outcome(self.language, *issues, *reports)
            entries.append({"resource": said, "search": {"mode": "outcome"}})
        return {
            "resourceType": "Bundle",
            "type": "searchset",
            **({"timestamp": index.release.time} if index.release.time else {}),
            **({} if total is None else {"total": total}),
            "link": link,
            **({"entry": entries} if entries else {}),
        }

    def _asked(self) -> Iterator[tuple[str, str]]:
        """Yield what was understood of the request."""
        yield from self.reading.used
        ignored = {name for name, _ in self.unused}
        yield from self.page.given(each for each in _REPEATED if each.name not in ignored)
        yield from self.referring

    @property
    def _is_only_counted(self) -> bool:
        return self.call.values.get(SUMMARY.name) == "count" or self.page.count == 0

    def find(self) -> tuple[list[FoundResource], int | None]:
        """Return results, and from where to continue."""
        if self._is_only_counted:
            return [], None
        index, page = self.side.site.index, self.page
        return find_resources(index, self.plan, limit=page.count, after=page.after)

    def count(self, found: Sequence[FoundResource], following: int | None) -> int | None:
        """Return how many results there are; None if it is not wanted, or takes too long unasked."""
        how = self.call.values.get(TOTAL.name, "")
        is_exact = self._is_only_counted or how == "accurate"
        if how == "none" and not is_exact:
            return None
        if not self._is_only_counted and following is None and self.page.after == 0:
            return len(found)
        index = self.side.site.index
        try:
            with index.limited(MOST_COUNTING_STEPS if is_exact else MOST_STEPS):
                return count_resources(index, self.plan, is_exact=is_exact)
        except TooManyStepsError:
            if is_exact:
                raise
            return None

    def _matches(
        self, found: Sequence[FoundResource], following: int | None
    ) -> tuple[list[_Read], int | None]:
        """Read the results, until the page is long enough; return where the next one begins, too."""
        matches, used = self._read([(self.type, each.id) for each in found])
        if used == len(found):
            return matches, following
        return matches, self.page.after + used if self.plan.wanted.order else found[used - 1].number

    def _read(self, names: Sequence[tuple[str, str]]) -> tuple[list[_Read], int]:
        """Read resources by type and id until they are long enough; return how many names were used, too."""
        read: list[_Read] = []
        length = 0
        versions = current_resources(self.side.site.index, self.side.number, names)
        for number, name in enumerate(names, 1):
            version = versions.get(name)
            if version is None or not self.side.has(version):
                continue
            read.append(_Read(version, self.side.read_current(version)))
            length += version.length
            if length > MOST_BYTES:
                return read, number
        return read, len(names)

    def _entries(self, read: Iterable[_Read], mode: str) -> Iterator[dict[str, Any]]:
        for version, data in read:
            yield {
                "fullUrl": f"{self.side.base}/{version.type}/{version.id}",
                "resource": self.form.embed(data),
                "search": {"mode": mode},
            }

    def _included(self, matches: Sequence[_Read]) -> tuple[list[_Read], list[Any]]:
        known = {(each.version.type, each.version.id) for each in matches}
        with self.side.site.index.limited(MOST_STEPS):
            targets = [each for each in dict.fromkeys(self._targets(matches)) if each not in known]
        read, used = self._read(targets[:_MOST_INCLUDED])
        if used == len(targets):
            return read, []
        return read, [issue("warning", "too-costly", _CUT.filled(most=used).into(self.language))]

    def _targets(self, matches: Sequence[_Read]) -> Iterator[tuple[str, str]]:
        """Yield type and id of what the results refer to, and of what refers to them."""
        forward = [(name, target) for how, _, name, target in self.includes if how == INCLUDE.name]
        for each in matches if forward else ():
            for value in values_of(jsontext.load(each.data), fold, self.side.number):
                type_, _, id_ = value.text.partition("/")
                if any(value.parameter == name and target in ("", type_) for name, target in forward):
                    yield type_, id_
        for how, type_, name, target in self.includes:
            if how == REVINCLUDE.name and target in ("", self.type) and matches:
                yield from self._referring([each.version for each in matches], type_, name)

    def _referring(
        self, matches: Sequence[ResourceVersion], type_: str, name: str
    ) -> Iterator[tuple[str, str]]:
        named = [Condition("value = ?", (f"{each.type}/{each.id}",)) for each in matches]
        index = self.side.site.index
        plan = plan_resources(index, ResourceQuery(self.side.number, type_, [ValueCriterion(name, named)]))
        found, _ = find_resources(index, plan, limit=_MOST_INCLUDED + 1)
        return ((type_, each.id) for each in found)


def _documented(parameter: SearchParameter, type_: str) -> Parameter:
    kinds = " and ".join(f"R{each[0]}" for each in parameter.versions)
    only = "" if len(parameter.versions) == len(VERSIONS) else f" {kinds} only."
    return Parameter(
        parameter.name,
        f"{parameter.description}{only}",
        {"type": "string"},
        example=parameter.examples.get(type_, parameter.example) or None,
        repeats=True,
    )


_TEXT: Final = Parameter(
    "_content",
    "Words that the text has, in any form, as in `/search`.",
    {"type": "string"},
    example="vaginal bleeding",
    repeats=True,
)


def _parameters(type_: str) -> tuple[Parameter, ...]:
    named: dict[str, Parameter] = {}
    for each in PARAMETERS:
        if type_ in each.paths:
            named[each.name] = _documented(each, type_)
    return (*named.values(), *(replace(_TEXT, name=name) for name in texts_of(type_)))


_FOUND: Final = RouteAnswer(
    "A Bundle of type `searchset`. What was ignored is in its OperationOutcome.",
    (FHIR_JSON,),
    {"type": "object"},
)
_ANSWERS: Final = {
    200: _FOUND,
    404: RouteAnswer("The server has no resources of this type.", (FHIR_JSON,)),
    406: NOT_JSON,
    410: RouteAnswer("The release of the page is not here any more. Search again.", (FHIR_JSON,)),
    422: RouteAnswer("The search reads too much of the index. Narrow it.", (FHIR_JSON,)),
}


def _routes(type_: str) -> Iterator[Route]:
    search = Route(
        path=f"/fhir/{{fhir}}/{type_}",
        operation=f"search{type_}",
        summary=f"Search for {type_} resources",
        description="Values joined by commas are alternatives; of a parameter that comes twice, both count. "
        "Unknown parameters are reported and ignored, or refused with `Prefer: handling=strict`.",
        tag="FHIR",
        parameters=(VERSION, *_parameters(type_), *RESULTS, *GENERAL),
        answers=_ANSWERS,
        is_private=True,
        is_strict=False,
        most_parameters=_MOST_PARAMETERS,
        answer=partial(_search, type_),
    )
    yield search
    yield replace(
        search,
        path=f"{search.path}/_search",
        operation=f"search{type_}ByForm",
        summary=f"The same search for {type_} resources, with the parameters in the body",
        description="",
        methods=("POST",),
        body={FORM: {}},
        answers={**_ANSWERS, 415: RouteAnswer("The body is not a form.", (FHIR_JSON,))},
    )


ROUTES: Final = tuple(route for type_ in TYPES for route in _routes(type_))
