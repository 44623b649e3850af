"""Fractions and formulas in a summary: what can be kept in a line of text, and what cannot."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from healthtopics.importers.medlineplus.record import Xml

_GAP: Final = "\u00a0"
_BARS: Final = ("/", "\u2044", "\u2215")
"""How the bar of a fraction is written."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An open inline element; equal only to itself."""

    name: str
    href: str
    serial: int


Marks: TypeAlias = tuple[Mark, ...]
Span: TypeAlias = tuple[str, Marks]
"""A text, and the inline elements open around it, the outermost first."""


def with_gaps(spans: list[Span]) -> list[Span]:
    """Put a gap between a whole number and a raised fraction: 2 1/2, not 21/2."""
    for at, ((before, _), (above, raised), (bar, _), (_, lowered)) in enumerate(
        zip(spans, spans[1:], spans[2:], spans[3:], strict=False)
    ):
        is_fraction = bar.strip() in _BARS and above.strip().isdigit()
        names = [each[-1].name if each else "" for each in (raised, lowered)]
        if is_fraction and names == ["sup", "sub"] and before[-1:].isdigit():
            spans[at] = (before + _GAP, spans[at][1])
    return spans


def read_formula(element: Xml) -> str | None:
    """Return a formula of numbers, letters and signs in a row and simple fractions; None for another one."""
    text = ""
    for each in element:
        part = _part(each)
        if part is None:
            return None
        text += _GAP + part if each.tag == "mfrac" and text[-1:].isdigit() else part
    return text


def _part(element: Xml) -> str | None:
    if element.tag == "mrow":
        return read_formula(element)
    halves: list[Any] = list(element)
    if element.tag == "mfrac":
        words = [(half.text or "").strip() for half in halves if not len(half)]
        return "/".join(words) if len(words) == len(halves) == 2 and all(map(str.isalnum, words)) else None
    is_word = element.tag in {"mn", "mi", "mo", "mtext"} and not halves
    return " ".join((element.text or "").split()) if is_word else None
