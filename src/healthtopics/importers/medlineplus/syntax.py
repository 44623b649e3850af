"""What is wrong with a file that is not XML, in plain words: where, and what was expected there."""

import re
from typing import Final

from lxml import etree

from healthtopics.problems import Problem

_PLACE: Final = re.compile(r", line [0-9]+, column [0-9]+.*", re.DOTALL)
_TOO_LARGE: Final = re.compile("huge|too (?:big|long)|buffer size", re.IGNORECASE)
_EXPECTED: Final = (
    (r"AttValue: \" or ' expected", "the value of an attribute must begin with a quote"),
    (r"AttValue: .* expected", "a quote is expected at the end of the value of an attribute"),
    (r"Unescaped '<' not allowed.*", "“<” in the value of an attribute is expected as &lt;"),
    (r"attributes construct error", "white space and the next attribute, or “>”, is expected"),
    (r"Specification mandates value for attribute (\S+)", r"the attribute \1 is expected to have a value"),
    (r"xmlParseEntityRef: no name", "“&” is expected as &amp;"),
    (r"EntityRef: expecting ';'", "“;” is expected at the end of an entity, or &amp; for “&”"),
    (r"Couldn't find end of Start Tag (\S*).*", r"“>” is expected at the end of the start tag <\1"),
    (r"Premature end of data in tag (\S+).*", r"</\1> is expected"),
    (r"Opening and ending tag mismatch: (\S+) .*", r"</\1> is expected"),
)
"""The reasons of the parser, as patterns, and what was expected."""


def not_xml(path: str, reason: str, line: int | None, column: int | None = None) -> Problem:
    """Return the problem of a file that cannot be read further."""
    there = f" in column {column}" if column else ""
    return Problem(
        check="medlineplus-xml",
        path=path,
        line=line,
        message=f"the file is not XML, or is cut off here{there}: {reason}.",
        hint="Take the file from medlineplus.gov again; everything before this place is good.",
    )


def syntax_problem(path: str, error: etree.XMLSyntaxError) -> Problem:
    """Return the problem for a fault that the parser found."""
    line, column = error.position
    reason = " ".join(_PLACE.sub("", error.msg or "not well-formed").split())
    hint = "The file is damaged here. Take it from medlineplus.gov again."
    if "depth" in reason:
        message = "elements are nested more than 256 levels deep; a record needs four."
        return Problem(check="medlineplus-depth", path=path, line=line, message=message, hint=hint)
    if _TOO_LARGE.search(reason):
        message = "a text or an attribute is larger than 10 MB here; a summary has a few thousand characters."
        return Problem(check="medlineplus-xml", path=path, line=line, message=message, hint=hint)
    for pattern, expected in _EXPECTED:
        if match := re.fullmatch(pattern, reason):
            reason = match.expand(expected)
            break
    return not_xml(path, reason, line, column)
