"""The packaged JSON Schemas, and which strings of a document they make translatable.

A string is a message because its schema has `x-message`; no other code knows which fields those are.
No JSON Schema library is needed here: a `MessagePlan` is compiled once and then walked alongside documents
that are known to be valid. It follows `$ref` within the schema, `properties`, `additionalProperties`,
`items`, and the branch of `oneOf` that fits.

The members of `x-message`:
    role       the message's kind, its msgctxt in the catalogue
    comment    tells the translator what the text is
    list       true: the array is one message, one item per line
    markup     "inline" or "block": the text is marked up (see `markup`); by default it is plain
    unit       the array, of blocks or sections, is one message if the object around it has this as its
               `unit`; otherwise the messages are below it
    languages  the name of a sibling object: the text is translated only for languages that are keys of it
    optional   true: without a translation the text stays as it is, and that blocks nothing
    essential  true: if an edition does not have it, the object around it is dropped too, required or not
    everywhere true: text that only one language has is in every edition, in its own language
    critical   true: readers act on the text in an emergency
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final
from urllib.parse import urlsplit

from healthtopics import markup
from healthtopics.language import LanguageTag
from healthtopics.problems import pointer_to

Schema = Mapping[str, Any]

DATA: Final[Traversable] = resources.files("healthtopics") / "data"
"""The data in the wheel: schemas, vocabularies and their catalogues."""


@cache
def packaged(name: str) -> Schema:
    """Return a packaged schema by its file name: `topic.schema.json`, `public/manifest.schema.json`."""
    schema: Schema = json.loads((DATA / "schema" / name).read_bytes())
    return schema


@cache
def public_files() -> Mapping[str, bytes]:
    """Return the public schemas, and the JSON-LD context beside them, by the path in their addresses.

    Like `schema/1/public/topics.schema.json`: the path of the schema's `$id`.
    """
    folder = DATA / "schema" / "public"
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    found = {public_path(f"public/{name}"): data for name, data in files.items() if name.endswith(".json")}
    found[_CONTEXT] = files[_CONTEXT.rpartition("/")[2]]
    return dict(sorted(found.items()))


_CONTEXT: Final = "schema/1/public/context.jsonld"


def public_path(name: str) -> str:
    """Return the path in the address of a packaged schema, without its leading slash."""
    return urlsplit(packaged(name)["$id"]).path[1:]


@dataclass(frozen=True, slots=True)
class MessageRule:
    """The rule of a schema for the messages at one of its places."""

    role: str
    comment: str
    is_list: bool = False
    markup: str = ""
    languages: str = ""
    is_optional: bool = False
    is_everywhere: bool = False
    is_critical: bool = False
    unit: str = ""
    """For a message in block markup: "section" for its blocks, "topic" for all sections."""
    limit: int | None = None
    """The maximum length of a text, in characters, from `maxLength`."""

    @property
    def counts_as(self) -> str:
        """Return the role, that of the same part of a section for a part of a callout."""
        return _IN_CALLOUTS.get(self.role, self.role)


_IN_CALLOUTS: Final[Mapping[str, str]] = {
    "callout": "heading",
    "callout-paragraph": "paragraph",
    "callout-item": "list-item",
}


@dataclass(slots=True, eq=False)
class MessagePlan:
    """One place of a schema, with the paths to the messages below it."""

    message: MessageRule | None = None
    unit: MessageRule | None = None
    """The rule of an array that is a message only if the object around it says so."""
    is_essential: bool = False
    """Whether the object around it is dropped if an edition does not have this."""
    required: frozenset[str] = frozenset()
    properties: dict[str, "MessagePlan"] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    """All properties that the schema names, with messages below them or not."""
    is_open: bool = True
    """Whether an object may have other properties."""
    additional: "MessagePlan | None" = None
    items: "MessagePlan | None" = None
    min_items: int = 0
    branches: tuple["MessagePlan", ...] = ()
    json_type: str = ""
    is_bearing: bool = True
    """Whether a message can be here or below."""

    def below(self) -> "list[MessagePlan]":
        """Return the plans of the places directly below, and of the branches."""
        others = (self.additional, self.items)
        return [*self.properties.values(), *self.branches, *(each for each in others if each is not None)]

    def fits(self, value: object) -> bool:
        """Return whether a value of a `oneOf` belongs to this branch: by type, then by names of members."""
        if self.message is not None:
            return (
                isinstance(value, list)
                if self.message.is_list
                else isinstance(value, str) or is_own_text(value)
            )
        match value:
            case str():
                return self.json_type in ("string", "")
            case Mapping():
                return (
                    self.json_type in ("object", "")
                    and self.required <= value.keys()
                    and (self.is_open or value.keys() <= self.known)
                )
            case list():
                return self.json_type in ("array", "")
        return False

    def resolve(self, value: object) -> "MessagePlan":
        """Return the plan for this value: itself, or the branch of `oneOf` that fits."""
        if self.message is not None:
            return self
        for branch in self.branches:
            if branch.fits(value):
                return branch.resolve(value)
        return self


def plan_messages(schema: Schema) -> MessagePlan:
    """Compile the plan of a schema; recursive schemas give recursive plans."""
    plan = _Compiler(schema).plan(schema)
    _mark_bearing(plan)
    return plan


@cache
def packaged_plan(name: str) -> MessagePlan:
    """Return the plan of a packaged schema, compiled once; the name is as for `packaged`."""
    return plan_messages(packaged(name))


def rules_of(*plans: MessagePlan) -> dict[str, MessageRule]:
    """Return the rule of every role in the plans."""
    return {rule.role: rule for plan in _reachable(*plans) for rule in (plan.message, plan.unit) if rule}


def _reachable(*roots: MessagePlan) -> dict[MessagePlan, None]:
    """Return the roots and every plan that they lead to, each once."""
    found: dict[MessagePlan, None] = {}
    waiting = list(roots)
    while waiting:
        plan = waiting.pop()
        if plan not in found:
            found[plan] = None
            waiting += plan.below()
    return found


def _mark_bearing(root: MessagePlan) -> None:
    """Mark the plans that lead to no message, so that they are not walked."""
    plans = _reachable(root)
    bearing = {plan for plan in plans if plan.message is not None}
    while more := {plan for plan in plans.keys() - bearing if not bearing.isdisjoint(plan.below())}:
        bearing |= more
    for plan in plans:
        plan.is_bearing = plan in bearing


class _Compiler:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._plans: dict[str, MessagePlan] = {}

    def plan(self, schema: Schema) -> MessagePlan:
        reference = schema.get("$ref")
        if reference is None:
            return self._fill(MessagePlan(), schema)
        target = self._target(reference)
        if "x-message" in schema or "x-message" in target:
            return self._fill(MessagePlan(), {**target, **{k: v for k, v in schema.items() if k != "$ref"}})
        if reference not in self._plans:
            self._plans[reference] = MessagePlan()
            self._fill(self._plans[reference], target)
        return self._plans[reference]

    def _target(self, reference: str) -> Schema:
        if not reference.startswith("#/"):
            raise ValueError(f"{reference!r}: only references within the schema lead to messages.")
        target: Any = self._root
        for step in reference[2:].split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        schema: Schema = target
        if "$ref" in schema:
            return {**self._target(schema["$ref"]), **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def _fill(self, plan: MessagePlan, schema: Schema) -> MessagePlan:
        plan.json_type = schema.get("type", "")
        plan.required = frozenset(schema.get("required", ()))
        plan.known = frozenset(schema.get("properties", ()))
        plan.min_items = schema.get("minItems", 0)
        plan.properties = {name: self.plan(below) for name, below in schema.get("properties", {}).items()}
        additional = schema.get("additionalProperties", True)
        plan.is_open = additional is not False
        if isinstance(additional, Mapping):
            plan.additional = self.plan(additional)
        if "items" in schema:
            plan.items = self.plan(schema["items"])
        if "properties" not in schema:  # beside them, `oneOf` only says which of them are required
            plan.branches = tuple(self.plan(branch) for branch in schema.get("oneOf", ()))
        if annotation := schema.get("x-message"):
            rule = MessageRule(
                role=annotation["role"],
                comment=annotation["comment"],
                is_list=annotation.get("list", False),
                markup=annotation.get("markup", ""),
                languages=annotation.get("languages", ""),
                is_optional=annotation.get("optional", False),
                is_everywhere=annotation.get("everywhere", False),
                is_critical=annotation.get("critical", False),
                unit=annotation.get("unit", ""),
                limit=schema.get("maxLength"),
            )
            plan.is_essential = annotation.get("essential", False)
            if rule.unit:
                plan.unit = rule
            else:
                plan.message = rule
        return plan


def is_own_text(value: object) -> bool:
    """Return whether a value is text that only one language has: `{"text": …, "language": …}`."""
    return isinstance(value, dict) and value.keys() == {"text", "language"}


Tree = Any
"""A JSON value in which messages may have been replaced."""

DROPPED: Final = object()
"""What a visitor returns for a text that the edition does not have."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a message in a document."""

    rule: MessageRule
    lines: tuple[str, ...]
    """The English text; for a list, one item each."""
    context: str
    """The author's context, which distinguishes homonyms; usually empty."""
    steps: tuple[str | int, ...]
    """The path through the document: names of members, indices of items."""
    reference: tuple[str, ...]
    """The same path by ids, up to the first item that has none: it survives insertions."""
    parents: tuple[Mapping[str, Any], ...]
    """The objects around the message, the nearest last."""
    unit: tuple[Mapping[str, Any], ...] = ()
    """For a message in block markup: its blocks, or its sections with `id`, `body` and perhaps `heading`."""

    @property
    def msgctxt(self) -> str:
        """Distinguishes equal English texts: the role, with the author's context if there is one."""
        return f"{self.rule.role}|{self.context}" if self.context else self.rule.role

    @property
    def msgid(self) -> str:
        """The English text as in a catalogue: a list has one item per line."""
        return "\n".join(self.lines)

    @property
    def pointer(self) -> str:
        """The JSON pointer of the message."""
        return pointer_to(*self.steps)

    def concerns(self, language: LanguageTag) -> bool:
        """Return whether the text is to be translated into the language at all."""
        return not self.rule.languages or language in self.parents[-1].get(self.rule.languages, {})


Visit = Callable[[Place], object]
"""Returns the replacement of a message: for one in block markup, a list like `Place.unit`."""
VisitOwn = Callable[[Place, LanguageTag], object]
"""Returns the replacement of text that only this language has, or DROPPED."""


def walk(plan: MessagePlan, document: Tree, visit: Visit, visit_own: VisitOwn) -> Tree:
    """Return a copy of the document in which the visitors have replaced every text that a reader sees.

    Messages come in the order of the schema. If a visitor drops a text, anything that requires it is dropped
    too: the object that it is required in, the list that becomes too short.
    What is not part of a unit keeps its place around it: callouts before its first block come first, the
    other callouts and the attributions after it. Sections that replace other sections keep only members of
    theirs that are neither heading nor body, and their callouts; no callout is lost with its section.
    """
    return _Walk(visit, visit_own).value(plan, document, _Here())


@dataclass(slots=True)  # freezing it would cost as much as the walk
class _Here:
    steps: tuple[str | int, ...] = ()
    reference: tuple[str, ...] = ()
    is_exact: bool = True
    parents: tuple[Mapping[str, Any], ...] = ()

    def member(self, name: str, parent: Mapping[str, Any]) -> "_Here":
        reference = (*self.reference, name) if self.is_exact else self.reference
        parents = self.parents if self.parents and self.parents[-1] is parent else (*self.parents, parent)
        return _Here((*self.steps, name), reference, self.is_exact, parents)

    def item(self, index: int, item: Tree) -> "_Here":
        has_id = self.is_exact and isinstance(item, dict) and "id" in item
        reference = (*self.reference, item["id"]) if has_id else self.reference
        return _Here((*self.steps, index), reference, has_id, self.parents)


_BESIDE: Final = ("attribution", "callout")


def is_beside(block: Mapping[str, Any]) -> bool:
    """Return whether a block is never part of a unit: its texts are separate messages."""
    return any(name in block for name in _BESIDE)


def _blocks(body: list[Any]) -> tuple[Mapping[str, Any], ...]:
    return tuple(block for block in body if not is_beside(block))


@dataclass(slots=True)
class _Beside:
    """The walked blocks of a body that are not part of its unit."""

    before: list[Any] = field(default_factory=list)
    """The callouts before its first block."""
    after: list[Any] = field(default_factory=list)
    attributions: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class _Parts:
    """The walked parts of sections that are a unit together; each by the id of its section."""

    others: dict[str, Any] = field(default_factory=dict)
    """The members besides heading and body; DROPPED if the section is."""
    beside: dict[str, _Beside] = field(default_factory=dict)
    alone: dict[str, Any] = field(default_factory=dict)
    """Whole sections that have callouts and nothing to translate together."""

    def arranged(self, found: list[Any], order: list[str]) -> list[Any]:
        """Return the sections that replace them, in their own order; `order` is that of the originals."""
        kept = [self._whole(section) for section in found if self.others[section["id"]] is not DROPPED]
        if kept:
            kept[-1]["body"] += self._left({section["id"] for section in kept})
        for key, section in self.alone.items():
            if section is not DROPPED:
                places = {each["id"]: place for place, each in enumerate(kept, start=1)}
                before = [places[other] for other in order[: order.index(key)] if other in places]
                kept.insert(before[-1] if before else 0, section)
        return kept

    def _whole(self, section: Mapping[str, Any]) -> dict[str, Any]:
        beside = self.beside[section["id"]]
        body = [*beside.before, *section["body"], *beside.after]
        return {**self.others[section["id"]], **section, "body": body}

    def _left(self, kept: Collection[str]) -> list[Any]:
        """Return the callouts of sections that are not kept, and all attributions."""
        left = [beside for key, beside in self.beside.items() if key not in kept]
        callouts = [callout for beside in left for callout in (*beside.before, *beside.after)]
        return [*callouts, *(each for beside in self.beside.values() for each in beside.attributions)]


def _place(rule: MessageRule, lines: tuple[str, ...], here: _Here) -> Place:
    context = here.parents[-1].get("context", "") if here.parents else ""
    return Place(rule, lines, context, here.steps, here.reference, here.parents)


@dataclass(frozen=True, slots=True)
class _Walk:
    visit: Visit
    visit_own: VisitOwn

    def value(self, plan: MessagePlan, value: Tree, here: _Here) -> Tree:
        plan = plan.resolve(value)
        if plan.message is not None:
            return self._message(plan, plan.message, value, here)
        if isinstance(value, dict):
            return self._object(plan, value, here)
        if isinstance(value, list) and plan.items is not None and plan.items.is_bearing:
            items = [self.value(plan.items, item, here.item(index, item)) for index, item in enumerate(value)]
            return self._kept(plan, value, items)
        return value

    def _object(
        self, plan: MessagePlan, value: Mapping[str, Any], here: _Here, without: tuple[str, ...] = ()
    ) -> Tree:
        names = [name for name in plan.properties if name in value]
        names += [name for name in value if name not in plan.properties]
        members: dict[str, Any] = {}
        for name in names:
            if name in without:
                continue
            below = plan.properties.get(name, plan.additional)
            if below is None or not below.is_bearing:
                members[name] = value[name]
                continue
            if below.unit is not None and value.get("unit") == below.unit.unit:
                # The reference is that of the section, or `/sections`.
                at = replace(here.member(name, value), reference=here.reference or (name,))
                member = self._unit(below, below.unit, value[name], at)
            else:
                member = self.value(below, value[name], here.member(name, value))
            if member is not DROPPED:
                members[name] = member
            elif name in plan.required or below.is_essential:
                return DROPPED
        return members

    def _unit(self, plan: MessagePlan, rule: MessageRule, value: Tree, here: _Here) -> Tree:
        visit = self._sections if rule.unit == "topic" else self._body
        return visit(plan, rule, value, here)

    def _body(self, plan: MessagePlan, rule: MessageRule, body: list[Any], here: _Here) -> Tree:
        blocks = _blocks(body)
        found = self._visit_unit(rule, markup.serialize_body(blocks), blocks, here)
        beside = self._beside(plan, body, here)
        if not isinstance(found, list):
            return found
        return self._kept(plan, body, [*beside.before, *found, *beside.after, *beside.attributions])

    def _sections(self, plan: MessagePlan, rule: MessageRule, sections: list[Any], here: _Here) -> Tree:
        each = plan.items or MessagePlan()
        unit = tuple(
            {**{name: section[name] for name in ("id", "heading") if name in section}, "body": blocks}
            for section in sections
            if (blocks := _blocks(section["body"]))
        )
        found = self._visit_unit(rule, markup.serialize_sections(unit), unit, here)
        parts = _Parts()
        for index, section in enumerate(sections):
            at = here.item(index, section)
            if not _blocks(section["body"]) and any("callout" in block for block in section["body"]):
                parts.alone[section["id"]] = self._object(each, section, at)
                continue
            parts.others[section["id"]] = self._object(each, section, at, without=("heading", "body"))
            parts.beside[section["id"]] = self._beside(
                each.properties["body"], section["body"], at.member("body", section)
            )
        if not isinstance(found, list):
            return found
        return self._kept(plan, sections, parts.arranged(found, [section["id"] for section in sections]))

    def _visit_unit(self, rule: MessageRule, text: str, unit: tuple[Any, ...], here: _Here) -> object:
        return self.visit(replace(_place(rule, (text,), here), unit=unit)) if unit else []

    def _beside(self, plan: MessagePlan, body: list[Any], here: _Here) -> _Beside:
        items = plan.items or MessagePlan()
        beside = _Beside()
        callouts = beside.before
        for index, block in enumerate(body):
            if not is_beside(block):
                callouts = beside.after
                continue
            walked = self.value(items, block, here.item(index, block))
            if walked is not DROPPED:
                (beside.attributions if "attribution" in block else callouts).append(walked)
        return beside

    def _message(self, plan: MessagePlan, rule: MessageRule, value: Tree, here: _Here) -> Tree:
        if is_own_text(value):
            return self._own(rule, value, here)
        if not rule.is_list:
            return self.visit(_place(rule, (value,), here))
        lines = tuple(item for item in value if isinstance(item, str))
        items: list[Any] = []
        if lines:
            translated = self.visit(_place(rule, lines, here))
            items += translated if isinstance(translated, list) else [translated]
        items += [
            self._own(rule, item, here.item(index, item))
            for index, item in enumerate(value)
            if is_own_text(item)
        ]
        return self._kept(plan, value, items)

    def _own(self, rule: MessageRule, value: Mapping[str, str], here: _Here) -> Tree:
        return self.visit_own(_place(rule, (value["text"],), here), LanguageTag(value["language"]))

    @staticmethod
    def _kept(plan: MessagePlan, value: list[Any], items: list[Any]) -> Tree:
        kept = [item for item in items if item is not DROPPED]
        return DROPPED if value and len(kept) < plan.min_items else kept
