"""Fractions and formulas in a summary: what can be kept in a line of text, and what cannot."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

from healthtopics.importers.medlineplus.record import Xml

GAP: Final = "\u00a0"
"""What separates a number from a fraction."""
_BARS: Final = "/\u2044\u2215"
"""How the bar of a fraction is written."""
_FRACTION: Final = re.compile(rf"\d+\s*[{_BARS}]\s*\d")
_SPANS: Final = 8
"""As many spans as a fraction may consist of, with white space."""
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class OpenElement:
    """An open inline element; equal only to itself."""

    name: str
    href: str
    serial: int


Marks: TypeAlias = tuple[OpenElement, ...]
Span: TypeAlias = tuple[str, Marks]
"""A text, and the inline elements open around it, the outermost first."""


def with_gaps(spans: list[Span]) -> list[Span]:
    """Put a gap between a whole number and a raised fraction: 2 1/2, not 21/2."""
    for at, ((before, around), (_, raised)) in enumerate(pairwise(spans)):
        if before[-1:].isdecimal() and any(mark.name == "sup" and mark not in around for mark in raised):
            rest = "".join(text for text, _ in spans[at + 1 : at + 1 + _SPANS])
            if _FRACTION.match(rest):
                spans[at] = (before + GAP, around)
    return spans


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a line of text."""

    text: str
    begins_with_fraction: bool = False
    ends_with_fraction: bool = False


def read_formula(element: Xml) -> Formula | None:
    """Return a formula of numbers, letters and signs in a row and simple fractions; None for another one.

    Nothing of it is lost, and no two numbers become one: otherwise it is another one.
    """
    if any(unicodedata.category(each) == "Cf" for each in "".join(element.itertext())):
        return None  # such as the invisible sign for times
    return _row(element)


def _row(element: Xml) -> Formula | None:
    formula = Formula("")
    if not _is_blank(element.text):
        return None
    for each in element:
        part = _part(each)
        longer = _joined(formula, part) if part and _is_blank(each.tail) else None
        if longer is None:
            return None
        formula = longer
    return formula


def _joined(one: Formula, other: Formula) -> Formula | None:
    """Return two formulas side by side; None if that would be read as something else."""
    if not (one.text and other.text):
        return one if one.text else other
    last, first = one.text[-1], other.text[0]
    is_fraction = one.ends_with_fraction or other.begins_with_fraction
    if (last.isdigit() and first.isdigit() and not is_fraction) or (last in _BARS and is_fraction):
        return None
    gap = GAP if is_fraction and last.isalnum() and first.isalnum() else ""
    return Formula(f"{one.text}{gap}{other.text}", one.begins_with_fraction, other.ends_with_fraction)


def _part(element: Xml) -> Formula | None:
    if element.tag == "mrow":
        return _row(element)
    if element.tag == "mfrac":
        return _fraction(element)
    if element.tag not in {"mn", "mi", "mo", "mtext"} or len(element):
        return None
    text = element.text or ""
    return Formula(_SPACES.sub(" ", text) if element.tag == "mtext" else " ".join(text.split()))


def _fraction(element: Xml) -> Formula | None:
    halves: list[Any] = list(element)
    words = [(half.text or "").strip() for half in halves if half.tag in {"mn", "mi"} and not len(half)]
    if element.attrib or not len(words) == len(halves) == 2 or not all(map(str.isalnum, words)):
        return None
    if not all(map(_is_blank, (element.text, *(half.tail for half in halves)))):
        return None
    return Formula("/".join(words), begins_with_fraction=True, ends_with_fraction=True)


def _is_blank(text: str | None) -> bool:
    return not (text and text.strip())
