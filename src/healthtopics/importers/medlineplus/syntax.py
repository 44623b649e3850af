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
    (
        r"PCDATA invalid Char value.*|invalid character in attribute value",
        "a control character is not allowed",
    ),
    (r"xmlParseCharRef: invalid.*|CharRef: .*", "a number between “&#” and “;” names no character of XML"),
    (r"Invalid bytes in character encoding|Input is not proper.*", "bytes are not in the file's encoding"),
    (r"StartTag: invalid element name", "“<” is expected as &lt;, or the name of an element after it"),
    (r"Extra content at the end.*", "nothing is expected after the end of the root element"),
    (r"Sequence '\]\]>' .*", "“]]>” is expected as ]]&gt;"),
    (r"Comment not terminated.*", "“-->” is expected at the end of a comment"),
    (r"Double hyphen within comment.*", "“--” is not allowed in a comment"),
    (r"CData section not finished.*", "“]]>” is expected at the end of a CDATA section"),
    (r"(?:xml)?ParsePI.*", "“?>” is expected at the end of a processing instruction"),
    (r"Attribute (\S+) redefined", r"the attribute \1 is there twice"),
    (r"duplicate attribute", "an attribute is there twice"),
    (r"Namespace prefix (\S+) .*", r"the prefix \1 has no namespace"),
    (r"expected '>'|unclosed token", "“>” is expected at the end of a tag"),
    (r"error parsing attribute name", "the name of an attribute, or “>”, is expected"),
    (r"no element found|Document is empty", "an element is expected"),
    (r"syntax error|Start tag expected.*", "“<” is expected"),
    (r"not well-formed \(invalid token\)", "a character is not allowed here"),
    (r"XML or text declaration not at start.*", "the XML declaration is expected at the very start"),
    (r"XML declaration not well-formed", "the XML declaration is expected to name its version"),
)
"""The reasons of the parsers, as patterns, and what they mean."""
_UNKNOWN: Final = "a rule of XML is broken"


def not_xml(path: str, reason: str, line: int | None, column: int | None = None) -> Problem:
    """Return the problem of a file that cannot be read further, for the reason that a parser gives."""
    matches = ((re.fullmatch(pattern, reason), meaning) for pattern, meaning in _EXPECTED)
    meaning = next((match.expand(meaning) for match, meaning in matches if match), _UNKNOWN)
    there = f" in column {column}" if column else ""
    return Problem(
        check="medlineplus-xml",
        path=path,
        line=line,
        message=f"the file is not XML, or is cut off here{there}: {meaning}.",
        hint="Take the file from medlineplus.gov again; everything before this place is good.",
    )


def syntax_problem(path: str, error: etree.XMLSyntaxError) -> Problem:
    """Return the problem for a fault that the parser found."""
    line, column = error.position
    reason = " ".join(_PLACE.sub("", error.msg or "").split())
    hint = "The file is damaged here. Take it from medlineplus.gov again."
    if "depth" in reason:
        message = "elements are nested more than 256 levels deep; a record needs four."
        return Problem(check="medlineplus-depth", path=path, line=line, message=message, hint=hint)
    if _TOO_LARGE.search(reason):
        message = "a text or an attribute is larger than 10 MB here; a summary has a few thousand characters."
        return Problem(check="medlineplus-xml", path=path, line=line, message=message, hint=hint)
    return not_xml(path, reason, line, column)
