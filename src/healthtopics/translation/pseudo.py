"""Pseudo-locales: generated translations that reveal text that bypasses the catalogues.

An accented one is still readable, longer than the English, and in brackets, so that cut text is noticed.
A right-to-left one is in Arabic letters, one for each Latin one. Both are legal text: no control characters.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import Final, Literal

from healthtopics.catalogues import po
from healthtopics.catalogues.languages import language_name
from healthtopics.catalogues.update import Header, TemplateMessage, update
from healthtopics.schema import MessageRule

MARK: Final = "X-Pseudo"
"""The header field of a catalogue that may be replaced at any time; its value is the style."""

StyleName = Literal["accented", "rtl"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a pseudo-locale writes."""

    name: StyleName
    letters: Mapping[int, str]
    """The replacement of each ASCII letter; everything else stays."""
    longer: Mapping[int, str]
    """The same letters with vowels doubled: about 30 % more text."""


def _style(name: StyleName, lower: str, upper: str) -> Style:
    letters = dict(zip(map(ord, ascii_letters), lower + upper, strict=True))
    doubled = {ord(vowel): 2 * letters[ord(vowel)] for vowel in "aeiouAEIOU"}
    return Style(name, letters, letters | doubled)


_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنه"
STYLES: Final[Mapping[str, Style]] = {
    style.name: style
    for style in (
        _style("accented", "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑ", "ȦƁƇḒḖƑƓĦĪĴĶĿḾȠǾƤɊŘŞŦŬṼẆẊẎẐ"),
        _style("rtl", _ARABIC, _ARABIC),
    )
}

_UNITS = "mg|mcg|[µμ]g|kg|g|mL|ml|dL|L|IU|mmHg|mmol|cm|mm|km|m"
_KEPT = (
    r"https?://[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+"  # addresses
    r"|\{[^{}]*\}|%\(\w+\)[a-z]"  # placeholders
    rf"|(?<=[0-9])[ \u00a0\u202f-]?(?:{_UNITS})(?:/(?:{_UNITS}))*\b|°[CF]\b"  # doses and measures
)
_PLAIN = re.compile(_KEPT)
_MARKED_UP = re.compile(rf"<[^<>]*>|&#?\w+;|{_KEPT}")
_BLOCK_TAG = re.compile(r"(</?(?:p|ul|ol|li|h3)\b[^<>]*>)")


def pseudo_text(text: str, style: Style, rule: MessageRule | None = None) -> str:
    """Return a text in the style: tags, addresses, placeholders, numbers and units stay.

    Each paragraph, item or line has its own brackets, all within the length that the rule allows.
    Without a rule the text is plain.
    """
    pattern = _MARKED_UP if rule and rule.markup else _PLAIN
    limit = rule.limit if rule else None
    parts = [text]
    if rule and rule.markup == "block":
        parts = _BLOCK_TAG.split(text)
    elif rule and rule.is_list:
        parts = re.split("(\n)", text)

    def write(letters: Mapping[int, str], opening: str, closing: str) -> str:
        return "".join(
            part
            if not part.strip() or _BLOCK_TAG.fullmatch(part)
            else f"{opening}{_replace(part, pattern, letters)}{closing}"
            for part in parts
        )

    forms = (write(style.longer, "⟦", "⟧"), write(style.letters, "⟦", "⟧"))
    fitting = (form for form in forms if limit is None or len(form) <= limit)
    return next(fitting, None) or write(style.letters, "", "")


def _replace(text: str, kept: re.Pattern[str], letters: Mapping[int, str]) -> str:
    found: list[str] = []
    end = 0
    for match in kept.finditer(text):
        found += [text[end : match.start()].translate(letters), match[0]]
        end = match.end()
    return "".join([*found, text[end:].translate(letters)])


def pseudo_catalogue(
    template: Sequence[TemplateMessage], header: Header, style: Style, rules: Mapping[str, MessageRule]
) -> bytes:
    """Return the text of a catalogue with every message filled in, and the mark in its header."""
    file = update(template, None, header, judge=None)
    for entry in file:
        entry.msgstr = pseudo_text(entry.msgid, style, rules.get(po.key_of_entry(entry).role))
    name = language_name(header.language)
    file.header = f"{name}, {header.subject}: made by rule; `healthtopics catalogue pseudo` makes it again."
    file.metadata |= {"Language-Team": name, MARK: style.name}
    return po.serialize(file)


def style_of(data: bytes | None, path: str) -> Style | None:
    """Return the style that the mark of a catalogue names; None if there is no mark or no catalogue.

    Raises CatalogueError if it cannot be read.
    """
    return STYLES.get(po.parse(data, path).file.metadata.get(MARK, "")) if data is not None else None


def is_replaceable(data: bytes | None, path: str) -> bool:
    """Return whether a catalogue holds no person's work: it has the mark, or is still empty.

    Raises CatalogueError if it cannot be read.
    """
    if data is None:
        return True
    file = po.parse(data, path).file
    return MARK in file.metadata or not any(
        entry.msgstr or entry.msgstr_plural or entry.tcomment for entry in file
    )
