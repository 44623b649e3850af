"""Valid documents of every shape, and ways to spoil them."""

import copy
from datetime import date
from typing import Any

from hypothesis import strategies as st

from healthtopics import markup
from healthtopics.jsontext import canonical

Document = dict[str, Any]

# A short alphabet with the awkward ones in it finds more than all of Unicode.
CHARACTERS = st.sampled_from("aB9 ñ&<>\"'—\u00a0\u2028😀[]")
KEYS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,3})?", fullmatch=True)
LANGUAGES = st.sampled_from(["en", "es", "fr", "zh-Hans", "es-419"])
LINES = st.text(CHARACTERS, min_size=1, max_size=12).map(str.strip).filter(bool)
URLS = st.from_regex(r"https?://[a-z]{1,5}\.example/[a-z0-9?=&%#/]{0,6}", fullmatch=True)
DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str)
LINKS = st.dictionaries(LANGUAGES, URLS, min_size=1, max_size=3)


def optional(
    required: dict[str, st.SearchStrategy[Any]], **others: st.SearchStrategy[Any]
) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(required, optional=others)


def own(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({"text": texts, "language": LANGUAGES})


def texts(of: st.SearchStrategy[str]) -> st.SearchStrategy[str | Document]:
    return of | of | of | own(of)


def _element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    plain = st.tuples(st.sampled_from(["em", "strong", "sub", "sup", "abbr"]), inside)
    return plain.map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")


def _link(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    targets = URLS.map(markup.escape) | KEYS.map("topic:{}".format)
    return st.tuples(targets, inside).map(lambda pair: f'<a href="{pair[0]}">{pair[1]}</a>')


_ESCAPED = LINES.map(markup.escape)
_MARKED = st.recursive(
    _ESCAPED, lambda below: _element(st.lists(below, min_size=1, max_size=2).map("".join)), max_leaves=3
)
MARKUP = (
    st.lists(_ESCAPED | _MARKED | _link(_MARKED), min_size=1, max_size=3)
    .map("".join)
    .filter(lambda text: text == text.strip())
)
"""Well-formed inline markup on one line."""

_PLAIN_ITEMS = st.recursive(
    st.lists(MARKUP, min_size=1, max_size=3),
    lambda below: st.lists(
        MARKUP | optional({"item": MARKUP, "list": below}, ordered=st.just(value=True)),
        min_size=1,
        max_size=3,
    ),
    max_leaves=4,
)
UNIT_BODIES: st.SearchStrategy[list[Document]] = st.lists(
    st.fixed_dictionaries({"paragraph": MARKUP})
    | st.fixed_dictionaries({"subheading": LINES})
    | optional({"list": _PLAIN_ITEMS}, ordered=st.just(value=True)),
    min_size=1,
    max_size=4,
)
"""Blocks of which all text is in one language, without attributions."""
UNIT_SECTIONS: st.SearchStrategy[list[Document]] = st.lists(
    optional({"id": KEYS, "body": UNIT_BODIES}, heading=LINES),
    min_size=1,
    max_size=3,
    unique_by=lambda section: section["id"],
)

_TEXTS = texts(LINES)
_INLINE = texts(MARKUP)
_CONTEXT = {"context": LINES}
_TRUE = st.sampled_from([True])
_ITEMS = st.recursive(
    st.lists(_INLINE, min_size=1, max_size=3),
    lambda below: st.lists(
        _INLINE | optional({"item": _INLINE, "list": below}, ordered=_TRUE, **_CONTEXT),
        min_size=1,
        max_size=3,
    ),
    max_leaves=4,
)
_BLOCKS = (
    optional({"paragraph": _INLINE}, **_CONTEXT)
    | optional({"subheading": _TEXTS}, **_CONTEXT)
    | optional({"list": _ITEMS}, ordered=_TRUE, **_CONTEXT)
    | optional({"attribution": _INLINE}, **_CONTEXT)
)
CALLOUTS: st.SearchStrategy[Document] = optional(
    {
        "callout": LINES,
        "urgency": st.sampled_from(["emergency", "urgent", "routine"]),
        "body": st.lists(
            optional({"paragraph": MARKUP}, **_CONTEXT)
            | optional({"list": _PLAIN_ITEMS}, ordered=_TRUE, **_CONTEXT),
            min_size=1,
            max_size=2,
        ),
    },
    **_CONTEXT,
)
_SOME_CALLOUTS = st.lists(CALLOUTS, max_size=2)
_NAMES = st.lists(_TEXTS, min_size=1, max_size=3, unique_by=canonical)
_ATTRIBUTIONS = st.lists(optional({"attribution": _INLINE}, **_CONTEXT), max_size=2)
_UNIT_BODIES = st.tuples(_SOME_CALLOUTS, UNIT_BODIES, _SOME_CALLOUTS, _ATTRIBUTIONS).map(
    lambda parts: [block for part in parts for block in part]
)
_SECTIONS = optional(
    {"id": KEYS, "aspect": KEYS, "body": st.lists(_BLOCKS, min_size=1, max_size=3)},
    heading=_TEXTS,
    **_CONTEXT,
)
_SECTIONS |= optional(
    {"id": KEYS, "aspect": KEYS, "body": st.lists(_BLOCKS | CALLOUTS, min_size=1, max_size=3)},
    heading=LINES,
    **_CONTEXT,
)
_SECTIONS |= optional(
    {"id": KEYS, "aspect": KEYS, "unit": st.just("section"), "body": _UNIT_BODIES}, heading=LINES, **_CONTEXT
)
_UNIT_PARTS = st.tuples(_SOME_CALLOUTS, UNIT_BODIES, _SOME_CALLOUTS).map(
    lambda parts: [block for part in parts for block in part]
)
_UNIT_TOPIC_SECTIONS = st.tuples(
    st.lists(
        optional({"id": KEYS, "aspect": KEYS, "body": _UNIT_PARTS}, heading=LINES, **_CONTEXT),
        min_size=1,
        max_size=3,
        unique_by=lambda section: section["id"],
    ),
    _ATTRIBUTIONS,
).map(lambda pair: [*pair[0][:-1], {**pair[0][-1], "body": [*pair[0][-1]["body"], *pair[1]]}])
_CATEGORIES = st.lists(KEYS, min_size=1, max_size=2, unique=True) | st.dictionaries(
    LANGUAGES, st.lists(KEYS, max_size=2, unique=True), min_size=1, max_size=2
)
_RESOURCES = optional(
    {
        "id": KEYS,
        "categories": _CATEGORIES,
        "title": _TEXTS,
        "kind": st.sampled_from(["page", "article", "search", "video", "image", "audio", "tool"]),
        "links": LINKS,
    },
    organizations=st.lists(KEYS, min_size=1, max_size=2, unique=True),
    identifiers=st.lists(
        st.fixed_dictionaries({"system": st.sampled_from(["pmid", "doi", "nct"]), "value": LINES}),
        min_size=1,
        max_size=2,
    ),
    **_CONTEXT,
)
_CODE = st.from_regex(r"[A-Z0-9.-]{1,8}", fullmatch=True)
_CODES = optional(
    {"system": KEYS, "code": _CODE, "display": LINES},
    qualifiers=st.lists(st.fixed_dictionaries({"code": _CODE, "display": LINES}), min_size=1, max_size=2),
)


def _some(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=1, max_size=2)


_TOPICS = optional(
    {
        "id": KEYS,
        "kind": KEYS,
        "title": LINES,
        "dates": optional(
            {"created": DATES, "updated": DATES},
            reviews=_some(
                st.fixed_dictionaries(
                    {"date": DATES, "by": LINES, "languages": st.lists(LANGUAGES, min_size=1, unique=True)}
                )
            ),
            reviewed=st.fixed_dictionaries({"date": DATES, "by": LINES}),
            corrections=_some(st.fixed_dictionaries({"date": DATES, "what": LINES})),
            reviewBy=DATES,
            publishFrom=DATES,
            withdrawFrom=DATES,
        ),
        "sources": _some(
            optional(
                {"id": KEYS, "title": LINES, "language": LANGUAGES},
                publisher=LINES,
                url=URLS,
                published=DATES,
                retrieved=DATES,
                note=_TEXTS,
                **_CONTEXT,
            )
        ),
    },
    alsoCalled=_NAMES,
    seeReferences=_NAMES,
    description=_TEXTS,
    pages=LINKS,
    identifiers=_some(optional({"system": KEYS, "value": LINES}, language=LANGUAGES)),
    codes=_some(_CODES),
    groups=st.lists(KEYS, min_size=1, max_size=2, unique=True),
    primaryInstitute=KEYS,
    publisher=KEYS,
    resources=_some(_RESOURCES),
    relatedTopics=_some(KEYS | optional({"title": _TEXTS, "links": LINKS}, **_CONTEXT)),
    otherLanguages=_some(
        optional({"name": _TEXTS, "url": URLS}, vernacularName=LINES, language=LANGUAGES, **_CONTEXT)
    ),
    licence=KEYS,
    disclaimer=KEYS,
    qualityCriteria=KEYS,
    accept=_some(st.fixed_dictionaries({"check": KEYS, "reason": LINES})),
    **_CONTEXT,
)
UNIT_TOPICS: st.SearchStrategy[Document] = st.tuples(_TOPICS, _UNIT_TOPIC_SECTIONS).map(
    lambda pair: {**pair[0], "unit": "topic", "sections": pair[1]}
)
"""Topics that are translated as a whole."""
TOPICS: st.SearchStrategy[Document] = (
    st.tuples(_TOPICS, _some(_SECTIONS)).map(lambda pair: {**pair[0], "sections": pair[1]})
    | _TOPICS
    | UNIT_TOPICS
)
"""Documents that are valid under topic.schema.json; what they refer to does not exist."""

VOCABULARIES: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["groups", "notices", "organizations"]),
        "title": LINES,
        "entries": st.lists(
            optional(
                {"id": KEYS, "label": _TEXTS}, definition=LINES, text=LINES, url=URLS, parent=KEYS, **_CONTEXT
            )
            | optional({"id": KEYS, "name": _TEXTS}, type=st.just("NGO"), oid=st.just("2.16.1"), **_CONTEXT),
            max_size=3,
        ),
    }
)

CONFIGURATIONS: st.SearchStrategy[Document] = optional(
    {
        "base_url": st.just("https://example.org"),
        "publisher": KEYS,
        "languages": st.dictionaries(
            LANGUAGES,
            optional(
                {},
                policy=st.sampled_from(["complete", "fallback"]),
                threshold=st.floats(0, 1),
                locale=LANGUAGES,
            ),
            max_size=2,
        ),
    },
    formats=st.lists(st.sampled_from(["fhir-r4", "fhir-r5", "schemaorg", "html"]), min_size=1, unique=True),
    cadence=st.sampled_from(["P1D", "PT6H"]),
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=8,
)

_SPOIL = st.sampled_from(
    ["{}\n", "{} ", " {}", "{}\t", "{}\u0663", "{}\u2028", "{}\r", "{}" * 90, "", "X{}", "{}\x0b", "{}\x85"]
)


@st.composite
def spoilt(draw: st.DrawFn, documents: st.SearchStrategy[Document]) -> Any:
    """Return a document with up to three random changes: mostly invalid, sometimes not."""
    holder = {"": copy.deepcopy(draw(documents))}
    for _ in range(draw(st.integers(1, 3))):
        at: Any = holder
        key: Any = ""
        while isinstance(at[key], dict | list) and at[key] and draw(st.integers(0, 3)):
            at = at[key]
            key = draw(st.sampled_from(list(at) if isinstance(at, dict) else range(len(at))))
        value = at[key]
        match draw(st.sampled_from(["delete", "replace", "spoil", "add"])):
            case "delete" if at is not holder:
                del at[key]
            case "spoil" if isinstance(value, str):
                at[key] = draw(_SPOIL).replace("{}", value)
            case "add" if isinstance(value, dict):
                value[draw(st.sampled_from(["extra", "Title", "en\n", "\u0663", "es-US"]))] = draw(JSON)
            case "add" if isinstance(value, list) and value:
                value.append(draw(st.sampled_from(value)))
            case _:
                at[key] = draw(JSON)
    return holder[""]
