"""The HTML of a summary → sections and blocks of a topic, with a report of every repair.

Nothing that a reader sees is lost: what cannot be represented becomes a paragraph.
The caller knows which topic a link leads to. Sections are named and aligned elsewhere.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final, Literal, Never, TypeAlias

from lxml import etree

from healthtopics.errors import ImportDataError
from healthtopics.importers.medlineplus.characters import UNSEEN
from healthtopics.importers.medlineplus.formulas import GAP, Marks, OpenElement, Span, read_formula, with_gaps
from healthtopics.importers.medlineplus.urls import repair_url
from healthtopics.importers.shared.report import Repair
from healthtopics.markup import Element, Inline, is_blank
from healthtopics.markup.xml import parse_html
from healthtopics.problems import Problem

BlockDocument: TypeAlias = dict[str, Any]
"""One block document of the topic schema."""

_DEEPEST: Final = 100
"""Levels of elements; real summaries have about six."""
_DEEPEST_MARKS: Final = 20
"""Levels of inline markup that a topic may have."""
_LONGEST_HEADING: Final = 200
"""In characters, as in the topic schema."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd",
    "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header",
    "hgroup", "hr", "html", "legend", "main", "nav", "option", "p", "pre", "search", "section", "select",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
"""Elements that a reader sees as separate paragraphs."""
_UNSEEN = frozenset({"head", "link", "meta", "script", "style", "template", "title"})
_MARKS: Final = {
    "a": "a", "abbr": "abbr", "b": "strong", "em": "em", "i": "em", "strong": "strong",
    "sub": "sub", "sup": "sup",
}  # fmt: skip
_STRUCK = frozenset({"del", "s", "strike"})
_NUMBERING: Final = {"ol": {"reversed", "start", "type"}, "li": {"value"}}
"""The attributes that change the numbers of a list."""
_EXPECTED = frozenset({"html", "body", "p", "br", "hr", "ul", "ol", "li", *_HEADINGS, *_MARKS})

_BLOCK_END = re.compile(
    rf"</(?:{'|'.join(sorted(_BLOCKS | _LISTS | _HEADINGS | {'li'}))})\s*>", re.IGNORECASE
)
_BREAK_END = re.compile(r"</br\s*>", re.IGNORECASE)
_POINT = re.compile(r"(?:[-–—](?=\s+[^\s\d])|[•·▪●◦‣*])\s+(?=\S)")
_NUMBER = re.compile(r"(?P<number>\d{1,2})[.)]\s+(?=\S)")
"""How the items of a list are typed in a paragraph."""
_SPACES = re.compile(r"[ \t\n\v\f\r\x1c-\x1f\x85]+")
"""White space that means only one space; U+00A0 means more."""


@dataclass(frozen=True, slots=True)
class SummarySection:
    """A heading and what comes under it; before the first heading, `heading` is empty."""

    heading: str
    """Plain text."""
    blocks: tuple[BlockDocument, ...]
    """`paragraph`, `list`, `subheading` and `attribution` blocks, at least one."""


@dataclass(frozen=True, slots=True)
class SummaryText:
    """A summary, read."""

    sections: tuple[SummarySection, ...]
    repairs: tuple[Repair, ...]


def read_summary(html: str, page: str, find_topic: Callable[[str], str | None]) -> SummaryText:
    """Read the summary of the record whose page is `page`, against which relative links are resolved.

    `find_topic` is called with an absolute URL, or `tid:` with a MedlinePlus id, and returns the id of our
    topic
    or None. HTML without any text gives no sections.

    Raises ImportDataError, path `page`: `medlineplus-depth` if elements are nested more than 100 levels deep,
    inline markup more than 20, or the HTML exceeds the limits of its parser; `medlineplus-html-struck` if
    words
    are struck out, which would read as if they were valid.
    """
    reading = _Reading(page, find_topic)
    root = _parse(html, reading)
    if root is not None:
        flow = _Context("text")
        reading.walk(root, flow, (), 0)
        reading.flush(flow)
        reading.report_lost_links()
    sections = tuple(_to_parts(reading.lines))
    return SummaryText(sections, reading.repairs())


def _parse(html: str, reading: "_Reading") -> etree._Element | None:
    # The parser ignores an end tag that closes nothing, and the text on both sides would run together.
    # Readers see a break there: <hr> makes one, and closes only what the end tag did. </br> is <br> in
    # browsers.
    marked = _BLOCK_END.sub(r"\g<0><hr>", _BREAK_END.sub("<br>", html.replace("\x00", "")))
    root, log = parse_html(b"<body>" + marked.encode())
    if any(each.level_name == "FATAL" for each in log):
        reading.refuse("elements are nested too deep, or a text is too long")
    for each in log:
        if "tag" in each.message:
            reading.repair("medlineplus-html-syntax", f"the parser fixed tags: {each.message.strip()}.")
    return root


# ── texts with their marks ──


def _trim(spans: Iterable[Span]) -> list[Span]:
    """Collapse each run of white space to one space, across spans, and strip both ends."""
    trimmed: list[Span] = []
    ends_in_space = True
    for raw, marks in spans:
        text = _SPACES.sub(" ", raw)
        text = text.removeprefix(" ") if ends_in_space else text
        text = text if trimmed else text.lstrip()
        if text:
            trimmed.append((text, marks))
            ends_in_space = text.endswith(" ")
    while trimmed and not (last := trimmed[-1][0].rstrip()):
        trimmed.pop()
    if trimmed:
        trimmed[-1] = (last, trimmed[-1][1])
    return trimmed


def _drop_blank_marks(spans: list[Span]) -> list[Span]:
    """Remove marks without visible content; the white space inside them stays."""
    if not any(marks for _, marks in spans):
        return spans
    texts: Counter[OpenElement] = Counter()
    for text, marks in spans:
        texts.update({mark: len(text) for mark in marks if not is_blank(text)})
    return [(text, tuple(mark for mark in marks if texts[mark])) for text, marks in spans]


def _to_children(spans: Sequence[Span], depth: int = 0) -> Iterator[Element | str]:
    for mark, group in groupby(spans, lambda span: span[1][depth] if len(span[1]) > depth else None):
        if mark is None:
            yield "".join(text for text, _ in group)
        else:
            yield Element(mark.name, mark.href, tuple(_to_children(list(group), depth + 1)))


# ── lines: one text that a reader sees as a unit ──


@dataclass(slots=True)
class _Items:
    """An open list; two lists share one if the inner has no item to hang from."""

    path: tuple[int, ...]
    """The serials of the lists around it, its own last."""
    has_item: bool = False


@dataclass(slots=True)
class _Context:
    """Where text is: in the flow, a heading, a list item, or directly in a list."""

    kind: Literal["text", "heading", "item", "list"]
    items: _Items | None = None
    has_text: bool = False
    """For an item: its own text was read."""
    has_list: bool = False
    """For an item: a list hangs from its latest text."""
    closing: int = 0
    """For a paragraph that could be the attribution: its serial."""


@dataclass(frozen=True, slots=True)
class _Line:
    kind: Literal["text", "heading", "item"]
    inline: Inline
    path: tuple[int, ...] = ()
    is_ordered: bool = False
    closing: int = 0


@dataclass(slots=True)
class _Reading:
    """One walk over a summary."""

    page: str
    find_topic: Callable[[str], str | None]
    lines: list[_Line] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    ordered: set[int] = field(default_factory=set)
    """The serials of ordered lists."""
    implied: dict[etree._Element, _Items] = field(default_factory=dict)
    """Elements with items outside a list → the list that is made for these."""
    links: dict[OpenElement, bool] = field(default_factory=dict)
    """Every link, and whether words of it were kept."""
    serial: int = 0

    # ── repairs ──

    def repair(self, check: str, message: str) -> None:
        self.done[check, message] += 1

    def repairs(self) -> tuple[Repair, ...]:
        return tuple(
            Repair(check, f"{message.removesuffix('.')} ({count} times)." if count > 1 else message)
            for (check, message), count in self.done.items()
        )

    def report_lost_links(self) -> None:
        for mark, is_kept in self.links.items():
            if not is_kept:
                self.repair(
                    "medlineplus-link-empty", f"a link to {mark.href!r} had no words and was dropped."
                )

    def refuse(self, reason: str, check: str = "medlineplus-depth") -> Never:
        raise ImportDataError(
            [
                Problem(
                    check=check,
                    path=self.page,
                    message=f"the HTML of the summary cannot be read: {reason}.",
                    hint="Nothing of this record is imported; look at its full-summary.",
                )
            ]
        )

    # ── the walk ──

    def walk(self, element: etree._Element, context: _Context, marks: Marks, depth: int) -> None:
        """Read an element in its context; the caller goes on with what is open when it ends."""
        if depth > _DEEPEST:
            self.refuse(f"elements are nested more than {_DEEPEST} levels deep")
        name = str(element.tag)
        if name in _UNSEEN:
            self.repair("medlineplus-html-element", f"<{name}>, which no reader sees, was dropped.")
            return
        self._refuse_struck(element, name)
        self._refuse_table(element, name)
        self._note(element, name)
        if name == "math":
            self._formula(element, marks)
        elif name == "br":
            self._break(context, marks)
        elif name == "img":
            self._add(f" {element.get('alt') or ''} ", marks)
        elif name in _HEADINGS and context.kind != "item":
            self.flush(context)
            self._inside(element, _Context("heading"), marks, depth)
        elif name in _LISTS:
            self._list(element, context, marks, depth)
        elif name == "li":
            self._item(element, context, marks, depth)
        elif name in _BLOCKS or name in _HEADINGS:
            if name in _HEADINGS:
                self.repair("medlineplus-html-heading", "a heading in a list item became part of its text.")
            self._block(element, context, marks, depth)
        else:
            self._children(element, context, self._mark(element, name, marks), depth)

    def _children(self, element: etree._Element, context: _Context, marks: Marks, depth: int) -> None:
        self._add(element.text, marks)
        for child in element:
            self.walk(child, context, marks, depth + 1)
            self._add(child.tail, marks)

    def _inside(self, element: etree._Element, inner: _Context, marks: Marks, depth: int) -> None:
        self._children(element, inner, marks, depth)
        self.flush(inner)

    def _block(self, element: etree._Element, context: _Context, marks: Marks, depth: int) -> None:
        if context.kind in {"item", "list"}:
            self._boundary(context, marks)
            self._children(element, context, marks, depth)
            self._boundary(context, marks)
            return
        self.flush(context)
        context.kind = "text"  # a heading ends where a block begins
        closing = 0
        if element.tag == "p" and ("style" in element.attrib or "class" in element.attrib):
            self.serial += 1
            closing = self.serial
        self._inside(element, _Context("text", closing=closing or context.closing), marks, depth)

    def _boundary(self, context: _Context, marks: Marks) -> None:
        if context.kind == "item":
            self._add(" ", marks)
        else:
            self.flush(context)

    def _break(self, context: _Context, marks: Marks) -> None:
        if context.kind == "heading":
            self._add(" ", marks)
        else:
            self._boundary(context, marks)

    def _list(self, element: etree._Element, context: _Context, marks: Marks, depth: int) -> None:
        self.flush(context)
        items = self._open(context)
        if context.has_list:
            self.repair("medlineplus-html-list", "two lists under one item became one.")
        context.has_list = context.has_text
        if element.tag == "ol" and items.has_item:
            self.repair("medlineplus-html-list", "a numbered list in place of an item lost its numbers.")
        elif element.tag == "ol":
            self.ordered.add(items.path[-1])
        if context.kind == "heading":
            context.kind = "text"
        self._inside(element, _Context("list", items), marks, depth)

    def _open(self, context: _Context) -> _Items:
        """Open a list: under the item before it, or in place of an item without text."""
        outer = context.items
        hangs = context.has_text if context.kind == "item" else outer is not None and outer.has_item
        if outer is not None and not hangs:
            return outer
        self.serial += 1
        return _Items((*(outer.path if outer else ()), self.serial))

    def _item(self, element: etree._Element, context: _Context, marks: Marks, depth: int) -> None:
        self.flush(context)
        if context.kind == "list" and context.items:
            items = context.items
        else:
            parent = element.getparent()
            key = element if parent is None else parent
            items = self.implied.get(key) or self.implied.setdefault(key, self._open(context))
        if context.kind == "heading":
            context.kind = "text"
        self._inside(element, _Context("item", items), marks, depth)

    # ── inline ──

    def _mark(self, element: etree._Element, name: str, marks: Marks) -> Marks:
        """Return the marks inside an inline element."""
        mapped = _MARKS.get(name)
        if mapped is None or (mapped not in {"sub", "sup"} and any(mark.name == mapped for mark in marks)):
            return marks
        href = self._href(element) if mapped == "a" else ""
        if mapped == "a" and not href:
            return marks
        if len(marks) == _DEEPEST_MARKS:
            self.refuse(f"inline markup is nested more than {_DEEPEST_MARKS} levels deep")
        self.serial += 1
        mark = OpenElement(mapped, href, self.serial)
        if href:
            self.links[mark] = False
        return (*marks, mark)

    def _href(self, element: etree._Element) -> str:
        raw = element.get("href")
        if raw is None:
            return ""
        address = repair_url(raw, self.page)
        if address is None:
            self.repair("medlineplus-link-dropped", f"the link to {raw!r} was removed; its words stay.")
            return ""
        topic = self.find_topic(address.url)
        if topic is None and address.is_relative and (number := (element.get("tid") or "").strip()):
            # NLM gives the topic next to a relative link; `data-tid` is a number of something else.
            topic = self.find_topic(f"tid:{number}")
        if topic is not None:
            return f"topic:{topic}"
        if address.is_relative:
            self.repair("medlineplus-link-relative", f"the link to {raw!r} now leads to {address.url!r}.")
        elif address.is_encoded:
            self.repair("medlineplus-link-repaired", f"the link to {raw!r} now leads to {address.url!r}.")
        return address.url

    def _formula(self, element: etree._Element, marks: Marks) -> None:
        formula = read_formula(element)
        if formula is None:
            reason = "a formula is not in one line, and a topic has no form for that"
            self.refuse(reason, "medlineplus-html-formula")
        before = UNSEEN.sub("", "".join(text for text, _ in self.spans))[-1:]
        after = UNSEEN.sub("", element.tail or "")[:1]
        self._add(GAP if formula.begins_with_fraction and before.isalnum() else "", marks)
        self._add(formula.text, marks)
        self._add(GAP if formula.ends_with_fraction and after.isalnum() else "", marks)

    def _add(self, text: str | None, marks: Marks) -> None:
        if text:
            self.spans.append((text, marks))

    # ── lines ──

    def flush(self, context: _Context) -> None:
        """End the open text, which was in `context`."""
        if not self.spans:
            return
        spans, self.spans = self.spans, []
        if not any(text.strip(" \t\r\n") for text, _ in spans):
            return  # white space between blocks, the most frequent case
        spans = with_gaps(_drop_blank_marks(_trim(self._cleaned(spans))))
        if is_blank("".join(text for text, _ in spans)):
            return
        self.links.update({mark: True for _, marks in spans for mark in marks if mark.href})
        inline = Inline(tuple(_to_children(spans)))
        if context.kind == "heading":
            self._heading(inline)
        elif context.items is None:
            self.lines.append(_Line("text", inline, closing=context.closing))
        else:
            context.has_text = context.items.has_item = True
            context.has_list = False
            path = context.items.path
            self.lines.append(_Line("item", inline, path, is_ordered=path[-1] in self.ordered))

    def _cleaned(self, spans: list[Span]) -> Iterator[Span]:
        """Remove what a text must not contain, and report it; white space between blocks is ignored."""
        is_text = any(not is_blank(text) for text, _ in spans)
        for raw, marks in spans:
            unseen = UNSEEN.findall(raw)
            text = (UNSEEN.sub("", raw) if unseen else raw).replace("\u202f", "\u00a0")
            if is_text and "\t" in raw:
                self.repair("medlineplus-tab", "a tab became a space.")
            if is_text and "\u202f" in raw:
                self.repair(
                    "medlineplus-space", "a narrow no-break space (U+202F) became a plain one (U+00A0)."
                )
            for character in unseen:
                self.repair(
                    "medlineplus-control", f"the invisible character U+{ord(character):04X} was removed."
                )
            yield text, marks

    def _heading(self, inline: Inline) -> None:
        powers = any(each.name == "sup" and re.search("[0-9]", _plain(each)) for each in inline.elements())
        if powers or len(inline.plain()) > _LONGEST_HEADING:
            reason = "raised digits, which a heading cannot have" if powers else "more than 200 characters"
            message = f"the heading {inline.plain()!r} became a paragraph: {reason}."
            self.repair("medlineplus-html-heading", message)
            self.lines.append(_Line("text", inline))
            return
        for href in inline.hrefs():
            message = f"the link to {href!r} in a heading was removed; its words stay."
            self.repair("medlineplus-link-dropped", message)
        if any(True for _ in inline.elements()):
            message = f"the heading {inline.plain()!r} lost its inline markup: a heading is plain text."
            self.repair("medlineplus-html-heading", message)
        self.lines.append(_Line("heading", inline))

    # ── reports on elements ──

    def _refuse_struck(self, element: etree._Element, name: str) -> None:
        """Refuse words that are struck out: "Take <s>5 mg</s> 6 mg" must not become "Take 5 mg 6 mg"."""
        if name in _STRUCK or "line-through" in (element.get("style") or "").lower():
            # Even an empty one: the parser ends it before a block that readers see struck.
            words = " ".join("".join(map(str, element.itertext())).split())
            what = f"{words!r} is struck out" if words else "words are struck out"
            self.refuse(f"{what}, and a topic has no form for that", "medlineplus-html-struck")

    def _refuse_table(self, element: etree._Element, name: str) -> None:
        """Refuse a table with columns: read cell by cell, "Adults | 2" would lose what the 2 counts."""
        cells = [each for each in element if each.tag in {"td", "th"}] if name == "tr" else []
        if len(cells) > 1:
            words = " | ".join(" ".join("".join(map(str, each.itertext())).split()) for each in cells)
            reason = f"a table has columns, {words!r}, and a topic has no form for that"
            self.refuse(reason, "medlineplus-html-table")

    def _note(self, element: etree._Element, name: str) -> None:
        """Report what is lost of an element."""
        if name not in _EXPECTED:
            what = "read as paragraphs" if name in _BLOCKS else "read for its words alone"
            self.repair("medlineplus-html-element", f"<{name}> was {what}.")
        taken = {"a": {"href", "tid", "data-tid"}, "p": {"class", "style"}, "img": {"alt", "src"}}.get(
            name, set()
        )
        for attribute in map(str, element.attrib):
            if attribute in _NUMBERING.get(name, ()) and element.get(attribute) != "1":
                value = element.get(attribute)
                message = f"a list now counts 1, 2, 3: {attribute}={value!r} of <{name}> was dropped."
                self.repair("medlineplus-html-numbers", message)
            elif attribute not in taken or attribute.endswith("tid"):
                self.repair(
                    "medlineplus-html-attribute", f"the attribute {attribute} of <{name}> was dropped."
                )
        is_textual = name in {"p", "li"} or name in _HEADINGS
        if is_textual and is_blank("".join(map(str, element.itertext()))) and element.find(".//img") is None:
            self.repair("medlineplus-html-empty", f"an empty <{name}> was dropped.")


def _plain(element: Element) -> str:
    return Inline((element,)).plain()


# ── lines → parts ──


def _to_parts(lines: Sequence[_Line]) -> Iterator[SummarySection]:
    """Group the lines after each heading.

    Of consecutive headings the first opens the part, the others become subheadings; headings at the very
    end become subheadings of the part before, or paragraphs if there is none.
    """
    end = len(lines)
    while end and lines[end - 1].kind == "heading":
        end -= 1
    if end == 0:
        if lines:
            yield SummarySection("", tuple({"paragraph": line.inline.serialize()} for line in lines))
        return
    starts = [
        index
        for index, line in enumerate(lines[:end])
        if index == 0 or (line.kind == "heading" and lines[index - 1].kind != "heading")
    ]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        is_headed = lines[start].kind == "heading"
        heading = lines[start].inline.plain() if is_headed else ""
        yield SummarySection(
            heading, tuple(_to_blocks(lines[start + is_headed : stop], is_last=stop == len(lines)))
        )


def _to_blocks(lines: Sequence[_Line], *, is_last: bool) -> Iterator[BlockDocument]:
    attributed = _attributed(lines) if is_last else 0
    for outermost, group in groupby(lines, lambda line: line.path[:1]):
        if outermost:
            yield _to_list(list(group))
            continue
        flow = list(group)
        credits_ = [line for line in flow if any(line is each for each in lines[len(lines) - attributed :])]
        yield from _to_texts(flow[: len(flow) - len(credits_)])
        yield from ({"attribution": line.inline.serialize()} for line in credits_ if line.kind != "heading")


def _to_texts(lines: Sequence[_Line]) -> Iterator[BlockDocument]:
    """Yield paragraphs and subheadings; several lines with a dash, a point or their number are a list."""
    texts = ["" if line.kind == "heading" else line.inline.serialize() for line in lines]
    at = 0
    while at < len(lines):
        if items := _typed_items(texts[at:]):
            is_ordered = texts[at][0].isdigit()
            yield {"list": items, **({"ordered": True} if is_ordered else {})}
            at += len(items)
            continue
        yield {"paragraph": texts[at]} if texts[at] else {"subheading": lines[at].inline.plain()}
        at += 1


def _typed_items(texts: Sequence[str]) -> list[str]:
    """Return the items of a list typed line by line with which the texts begin; one alone is not a list."""
    for mark in (_POINT, _NUMBER):
        items: list[str] = []
        for number, text in enumerate(texts, 1):
            match = mark.match(text)
            if match is None or match.groupdict().get("number", str(number)) != str(number):
                break
            items.append(text[match.end() :])
        if len(items) > 1:
            return items
    return []


def _attributed(lines: Sequence[_Line]) -> int:
    """Count the lines at the end that credit the text; 0 if there is no other line."""
    closing = lines[-1].closing if lines else 0
    count = 0
    while closing and count < len(lines) and lines[-1 - count].closing == closing:
        count += 1
    return count if any(line.kind != "heading" for line in lines[: len(lines) - count]) else 0


def _to_list(lines: Sequence[_Line]) -> BlockDocument:
    """Build the lists of a run of items; a list hangs from the item before it."""
    top: BlockDocument = {"list": []}
    open_lists = [top]
    for line in lines:
        # A heading inside a list ends it; what hung from an item before the heading moves to the top.
        depth = min(len(line.path), len(open_lists) + 1) if top["list"] else 1
        del open_lists[depth:]
        if depth > len(open_lists):
            items = open_lists[-1]["list"]
            items[-1] = {"item": items[-1], "list": []}
            open_lists.append(items[-1])
        if line.is_ordered and not open_lists[-1]["list"]:
            open_lists[-1]["ordered"] = True
        open_lists[-1]["list"].append(line.inline.serialize())
    return top
