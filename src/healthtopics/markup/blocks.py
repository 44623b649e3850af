"""The block markup: a section, or a whole topic, as one text that a translator may restructure.

In addition to the inline elements there are `p`, `ul`, `ol`, `li` and `h3`. An `h3` with an `id` opens a
section of the topic, one without is a heading within a section. Each block is on a line; in a list, each
start, item and end is, so that a diff shows the item that changed. White space between blocks is ignored.

Blocks are those of topic.schema.json, as JSON. Attributions and callouts are left out: they are translated
separately.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from healthtopics.markup.inline import (
    Inline,
    MarkupError,
    MarkupRule,
    is_blank,
    parse,
    read_inline,
    read_xml,
)
from healthtopics.problems import Fault, excerpt

BlockDocument = dict[str, Any]
"""`{"paragraph": inline}`, `{"subheading": plain text}`, `{"list": [...], "ordered"?: true}`; an item is a
string of inline markup, or `{"item": inline, "list": [...], "ordered"?: true}`."""

_DEEPEST = 20
_LISTS = ("ul", "ol")
_KEY = re.compile(r"(?=.{1,64}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_LINE_BREAKS = frozenset("\t\r\n")
_LINE_BREAK = re.compile(r" *[\t\r\n][ \t\r\n]*")


def serialize_body(body: Iterable[Mapping[str, Any]]) -> str:
    """Serialize blocks in the block markup, without attributions and callouts; all texts in one language."""
    return "\n".join(_body_lines(body))


def serialize_sections(sections: Iterable[Mapping[str, Any]]) -> str:
    """Serialize sections, objects with `id`, `body` and perhaps `heading`, as `serialize_body` does."""
    return "\n".join(line for section in sections for line in _section_lines(section))


def parse_body(text: str) -> list[BlockDocument]:
    """Parse what `serialize_body` writes; a line break within a block becomes a space.

    Raises MarkupError: `markup-ill-formed` alone, or every `markup-element`, `markup-attribute`,
    `markup-text`, `markup-empty`, `markup-href` and `markup-empty-link` at once.
    """
    return _parse(text, _read_body)


def parse_sections(text: str) -> list[BlockDocument]:
    """Parse what `serialize_sections` writes: objects with `id`, `body` and perhaps `heading`.

    Raises MarkupError as `parse_body` does, and for every `markup-id`.
    """
    return _parse(text, _read_sections)


def plain_lines(parts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what a reader sees of blocks or sections: one line per heading, paragraph and item, no markup.

    A text that is marked with a language is left out.
    """
    for part in parts:
        here = {name: text for name, text in part.items() if isinstance(text, str)}
        yield from (here[name] for name in ("heading", "subheading") if name in here)
        yield from (parse(here[name]).plain() for name in ("paragraph", "item") if name in here)
        for below in (*part.get("body", ()), *part.get("list", ())):
            yield from [parse(below).plain()] if isinstance(below, str) else plain_lines([below])


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────


def _section_lines(section: Mapping[str, Any]) -> Iterator[str]:
    yield f'<h3 id="{section["id"]}">{_escape(section.get("heading", ""))}</h3>'
    yield from _body_lines(section["body"])


def _body_lines(body: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for block in body:
        if "paragraph" in block:
            yield f"<p>{block['paragraph']}</p>"
        elif "subheading" in block:
            yield f"<h3>{_escape(block['subheading'])}</h3>"
        elif "list" in block:
            yield from _list_lines(block)


def _list_lines(block: Mapping[str, Any]) -> Iterator[str]:
    name = "ol" if block.get("ordered") else "ul"
    yield f"<{name}>"
    for item in block["list"]:
        if isinstance(item, str):
            yield f"<li>{item}</li>"
        else:
            yield f"<li>{item['item']}"
            yield from _list_lines(item)
            yield "</li>"
    yield f"</{name}>"


def _escape(text: str) -> str:
    return Inline((text,)).serialize()


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────

_Faults = list[Fault]


def _parse(text: str, read: Callable[[etree._Element, _Faults], list[BlockDocument]]) -> list[BlockDocument]:
    root = read_xml(text)
    for node in root.iter():
        node.text = _in_one_line(node.text)
        node.tail = _in_one_line(node.tail)
    faults: _Faults = []
    found = read(root, faults)
    if not found and not faults:
        faults.append(
            Fault(MarkupRule.EMPTY, "there is no block in the text.", "Put it between <p> and </p>.")
        )
    if faults:
        raise MarkupError(tuple(faults))
    return found


def _in_one_line(text: str | None) -> str | None:
    if text is None or _LINE_BREAKS.isdisjoint(text):  # most blocks have none, and there are many
        return text
    return _LINE_BREAK.sub(" ", text)


def _read_sections(root: etree._Element, faults: _Faults) -> list[BlockDocument]:
    _refuse_text_between(root, faults)
    sections: list[BlockDocument] = []
    for node in root:
        if node.tag == "h3" and "id" in node.attrib:
            _refuse_attributes(node, faults, "id")
            key, heading = str(node.get("id")), _read_heading(node, faults)
            _check_id(node, key, [section["id"] for section in sections], faults)
            sections.append({"id": key, **({"heading": heading} if heading else {}), "body": []})
        elif sections:
            sections[-1]["body"] += _read_block(node, faults)
        elif node is root[0]:
            hint = 'Open each section with its <h3 id="…">, as the English text does.'
            _add(faults, node, MarkupRule.ELEMENT, f"<{node.tag}> is before the first section.", hint)
    if not faults:
        faults += [
            Fault(MarkupRule.EMPTY, f"the section {section['id']!r} is empty.", "Write it, or remove the h3.")
            for section in sections
            if not section["body"]
        ]
    return sections


def _check_id(node: etree._Element, key: str, before: list[str], faults: _Faults) -> None:
    hint = "Each section has the id that it has in the English text, once."
    if not _KEY.fullmatch(key):
        _add(faults, node, MarkupRule.ID, f"{key!r} is not a valid id of a section.", hint)
    elif key in before:
        _add(faults, node, MarkupRule.ID, f"the id {key!r} comes a second time.", hint)


def _read_body(root: etree._Element, faults: _Faults) -> list[BlockDocument]:
    _refuse_text_between(root, faults)
    return [block for node in root for block in _read_block(node, faults)]


def _read_block(node: etree._Element, faults: _Faults) -> list[BlockDocument]:
    """Return the blocks of an element; None if it is not a block."""
    if node.tag not in ("p", "h3", *_LISTS):
        hint = "Blocks are <p>, <ul>, <ol> and <h3>; everything else belongs inside one."
        _add(faults, node, MarkupRule.ELEMENT, f"<{node.tag}> is not a block.", hint)
        return []
    if node.tag in _LISTS:
        return [_read_list(node, faults, 0)]
    _refuse_attributes(node, faults)
    if node.tag == "p":
        return [{"paragraph": _read_text(node, faults)}]
    heading = _read_heading(node, faults)
    if not heading:
        _add(faults, node, MarkupRule.EMPTY, "the heading has no words.", "Write it, or remove the h3.")
    return [{"subheading": heading}]


def _read_list(node: etree._Element, faults: _Faults, depth: int) -> BlockDocument:
    _refuse_attributes(node, faults)
    _refuse_text_between(node, faults)
    if depth > _DEEPEST:
        _add(faults, node, MarkupRule.ELEMENT, f"lists more than {_DEEPEST} levels deep.", "Nest them less.")
        return {}
    items: list[Any] = []
    for child in node:
        if child.tag == "li":
            items.append(_read_item(child, faults, depth))
        else:
            message = f"<{child.tag}> is not allowed inside <{node.tag}>."
            _add(faults, child, MarkupRule.ELEMENT, message, "A list may contain only <li>.")
    if not len(node):
        _add(faults, node, MarkupRule.EMPTY, "the list has no items.", "Write them, or remove the list.")
    return {"list": items, **({"ordered": True} if node.tag == "ol" else {})}


def _read_item(node: etree._Element, faults: _Faults, depth: int) -> Any:  # noqa: ANN401 - a JSON value
    _refuse_attributes(node, faults)
    lists = [child for child in node if child.tag in _LISTS]
    if lists and (len(lists) > 1 or node[-1] is not lists[0] or not is_blank(lists[0].tail or "")):
        hint = "An item is its text, then at most one list."
        _add(faults, node, MarkupRule.ELEMENT, "something follows the list inside an item.", hint)
    below = [_read_list(each, faults, depth + 1) for each in lists]
    for each in lists:
        node.remove(each)
    text = _read_text(node, faults)
    return {"item": text, **below[0]} if below else text


def _read_text(node: etree._Element, faults: _Faults) -> str:
    found: _Faults = []
    inline = read_inline(node, found)
    faults += [replace(fault, message=f"line {node.sourceline}: {fault.message}") for fault in found]
    if is_blank(inline.plain()):
        _add(
            faults, node, MarkupRule.EMPTY, f"the <{node.tag}> has no words.", "Write it, or remove the tags."
        )
    return inline.serialize().strip(" ")


def _read_heading(node: etree._Element, faults: _Faults) -> str:
    """Return the plain text; empty if a reader sees nothing of it."""
    for child in node:
        message = f"<{child.tag}> is not allowed inside <h3>."
        _add(
            faults,
            child,
            MarkupRule.ELEMENT,
            message,
            "Remove the tag, keep the words.",
        )
    text = "".join(map(str, node.itertext())).strip(" ")
    return "" if is_blank(text) else text


def _refuse_text_between(node: etree._Element, faults: _Faults) -> None:
    """Report text where only elements are allowed."""
    for text in filter(None, (node.text, *(child.tail for child in node))):
        if not is_blank(text):
            hint = "Put it between <p> and </p>, or <li> and </li> in a list."
            _add(faults, node, MarkupRule.TEXT, f"“{excerpt(text.strip(), 40)}” is outside a block.", hint)


def _refuse_attributes(node: etree._Element, faults: _Faults, *allowed: str) -> None:
    for attribute in (*map(str, node.attrib), *(["xmlns"] if node.nsmap else [])):
        if attribute not in allowed:
            hint = "Only href on <a> is allowed, and the id that opens a section of a whole topic."
            _add(faults, node, MarkupRule.ATTRIBUTE, f"<{node.tag}> may not carry {attribute!r}.", hint)


def _add(faults: _Faults, node: etree._Element, check: MarkupRule, message: str, hint: str) -> None:
    faults.append(Fault(check, f"line {node.sourceline}: {message}", hint))
