"""The texts of a message for a translation tool: codes, `<g id="1">`, in place of tags."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import polib
from lxml import etree

from healthtopics import jsontext, markup
from healthtopics.catalogues import po
from healthtopics.markup.inline import read_xml
from healthtopics.problems import Problem, excerpt
from healthtopics.schema import MessageRule, packaged_plan, rules_of


@dataclass(frozen=True, slots=True)
class Code:
    """A pair of tags, seen by a translation tool as one thing with a number."""

    id: str
    children: "Content"


Content: TypeAlias = tuple["Code | str", ...]
"""The content of a source or a target. Equal texts have equal contents: strings are never adjacent."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The tag that a code represents."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()


_PLAIN = MessageRule(role="", comment="")


@cache
def _rules() -> Mapping[str, MessageRule]:
    """Return the rule of the packaged schemas for each role; the others are plain text."""
    return rules_of(*(packaged_plan(f"{name}.schema.json") for name in ("topic", "vocabulary")))


def rule_of(entry: polib.POEntry) -> MessageRule:
    """Return the rule of the schemas for an entry's message."""
    return _rules().get(po.key_of_entry(entry).role, _PLAIN)


def _read(rule: MessageRule, text: str) -> etree._Element | None:
    """Return the text as a tree, None if it is plain; raises MarkupError."""
    if not rule.markup:
        return None
    if rule.markup == "inline":
        markup.parse(text)
    elif rule.unit == "topic":
        markup.parse_sections(text)
    else:
        markup.parse_body(text)
    return read_xml(text)


class Codes:
    """The texts of one message with codes in place of tags.

    The codes of the English are numbered in its order. A tag of the translation has the code of the English
    tag that it repeats, else of the next one of that name; one without a counterpart is `x1`, `x2` ….
    Raises MarkupError if the English is not valid markup.
    """

    def __init__(self, entry: polib.POEntry) -> None:
        self.rule = rule_of(entry)
        self.tags: dict[str, Tag] = {}
        """By the id of the code: as in the translation if it has the tag, otherwise as in the English."""
        tree = _read(self.rule, entry.msgid)
        ids: dict[etree._Element, str] = {}
        for number, node in enumerate(_elements(tree), 1):
            ids[node] = str(number)
            self.tags[str(number)] = _tag(node)
        self.source = _content(tree, ids) if tree is not None else text_content(entry.msgid)
        self.names = {id_: tag.name for id_, tag in self.tags.items()}
        """The names of the English tags."""
        self.is_broken = False
        """Whether the catalogue's translation is not valid markup, so that it cannot be exported."""
        try:
            tree = _read(self.rule, entry.msgstr) if entry.msgstr else None
        except markup.MarkupError:
            self.is_broken = True
            tree = None
        self.target = _content(tree, self._number(tree)) if tree is not None else text_content(entry.msgstr)
        """The catalogue's translation, unchanged if it is broken."""
        self.is_fuzzy = bool(entry.fuzzy and entry.msgstr)

    @property
    def digest(self) -> str:
        """Identifies the catalogue's translation, to see whether it is still the exported one."""
        return digest_of(self.target, is_fuzzy=self.is_fuzzy)

    def _number(self, tree: etree._Element) -> dict[etree._Element, str]:
        nodes = {node: _tag(node) for node in _elements(tree)}
        free = dict(self.tags)
        ids: dict[etree._Element, str] = {}

        def give(node: etree._Element, matching: Iterable[str]) -> None:
            id_ = next(iter(matching), None)
            if id_ is not None:
                ids[node] = id_
                del free[id_]

        for node, tag in nodes.items():
            give(node, [id_ for id_, each in free.items() if each == tag])
        for node, tag in nodes.items():
            if node not in ids:
                give(node, [id_ for id_, each in free.items() if each.name == tag.name])
        strangers = [node for node in nodes if node not in ids]
        ids |= {node: f"x{number}" for number, node in enumerate(strangers, 1)}
        self.tags |= {id_: nodes[node] for node, id_ in ids.items()}
        return ids

    def write(self, content: Content) -> str:
        """Return the catalogue's text for a content whose codes are all known."""
        if not self.rule.markup:
            return "".join(part for part in content if isinstance(part, str))
        return "".join(self._write(content))

    def _write(self, content: Content) -> Iterator[str]:
        for part in content:
            if isinstance(part, str):
                # As in markup.Inline: quotation marks need no escape in a text.
                yield markup.Inline((part,)).serialize()
                continue
            tag = self.tags[part.id]
            attributes = "".join(f' {name}="{markup.escape(value)}"' for name, value in tag.attributes)
            yield f"<{tag.name}{attributes}>"
            yield from self._write(part.children)
            yield f"</{tag.name}>"

    def faults(self, content: Content) -> Iterator[str]:
        """Yield what is wrong with the codes of a translation, in words."""
        found = Counter(_ids(content))
        for id_ in found:
            if id_ not in self.tags:
                yield f"the code {id_} is not in the English text"
        if self.rule.markup == "block":  # its translation may be in other blocks
            return
        for id_, name in self.names.items():
            if not found[id_]:
                yield f"the code {id_} (<{name}>) is missing"
        for id_, times in found.items():
            if times > 1:
                yield f"the code {id_} comes {times} times"

    def faults_of_text(self, text: str) -> Iterator[str]:
        """Yield what makes a text, written from a content, unfit for the catalogue."""
        try:
            _read(self.rule, text)
        except markup.MarkupError as error:
            yield from (fault.message.rstrip(".") for fault in error.faults)


def _elements(tree: etree._Element | None) -> list[etree._Element]:
    return [] if tree is None else [node for node in tree.iter() if node is not tree]


def _tag(node: etree._Element) -> Tag:
    return Tag(str(node.tag), tuple((str(name), str(value)) for name, value in node.attrib.items()))


def text_content(text: str | None) -> Content:
    """Return the content of a text without codes."""
    return (text,) if text else ()


def trimmed(content: "Content") -> "Content":
    """Return a content without white space at its ends, which tools add when they indent a file."""
    parts = list(content)
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return tuple(part for part in parts if part)


def _content(node: etree._Element, ids: Mapping[etree._Element, str]) -> Content:
    parts: list[Code | str] = [*text_content(node.text)]
    for child in node:
        parts += [Code(ids[child], _content(child, ids)), *text_content(child.tail)]
    return tuple(parts)


def _ids(content: Content) -> Iterator[str]:
    for part in content:
        if isinstance(part, Code):
            yield part.id
            yield from _ids(part.children)


def words_in(content: Content) -> str:
    """Return a content without its codes."""
    return "".join(part if isinstance(part, str) else words_in(part.children) for part in content)


def digest_of(content: Content, *, is_fuzzy: bool) -> str:
    """Return a digest that distinguishes translations: 16 hex digits."""

    def plain(parts: Content) -> list[object]:
        return [part if isinstance(part, str) else [part.id, plain(part.children)] for part in parts]

    return jsontext.short_digest([plain(content), is_fuzzy])


def plain_source(rule: MessageRule, text: str) -> str:
    """Return a text without its tags, as far as its markup is valid."""
    try:
        tree = _read(rule, text)
    except markup.MarkupError:
        return text
    return text if tree is None else "".join(map(str, tree.itertext()))


def unit_id(entry: polib.POEntry) -> str:
    """Return the id of an entry's unit, made from its message."""
    return "m" + jsontext.digest(jsontext.canonical([entry.msgctxt or "", entry.msgid]))[:20]


def broken_source(path: str, entry: polib.POEntry, error: markup.MarkupError) -> Problem:
    """Return the problem of an entry whose English is not valid markup."""
    return Problem(
        check="xliff-markup",
        path=path,
        line=entry.linenum,
        message=f"“{shorten(entry.msgid)}” cannot be exchanged: {error}",
        hint="Fix the topic, then run `healthtopics catalogue update`.",
    )


def shorten(text: str) -> str:
    """Return a text as problems quote it."""
    return excerpt(" ".join(text.split()), 80)
