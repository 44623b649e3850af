"""Narratives: the XHTML that FHIR allows in a div (FHIR, Narrative; txt-1, txt-2), read once for each div."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from healthtopics.formats.xhtml import parse_div
from healthtopics.language import parse_language
from healthtopics.markup import URL
from healthtopics.problems import Fault, quoted

_XHTML = "http://www.w3.org/1999/xhtml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ELEMENTS: Final = frozenset(
    re.findall(
        r"\w+",
        "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 "
        "h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul "
        "var",
    )
)
"""The elements that txt-1 allows in a narrative."""

_LOCAL_NAMES: Final[Mapping[str, str]] = {f"{{{_XHTML}}}{name}": name for name in ELEMENTS}

_COMMON_ATTRIBUTES = frozenset({"class", "dir", "id", "lang", _XML_LANG})
_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "a": frozenset({"href", "hreflang", "name", "rel", "type"}),
    "blockquote": frozenset({"cite"}),
    "q": frozenset({"cite"}),
    "img": frozenset({"alt", "height", "src", "width"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "td": frozenset({"abbr", "colspan", "headers", "rowspan", "scope"}),
    "th": frozenset({"abbr", "colspan", "headers", "rowspan", "scope"}),
    "table": frozenset({"summary"}),
}
"""The attributes that txt-1 allows; without `style`, which can load remote content, and `title`, which says
what the text does not."""

_TEXT = r"[^<&]*(?:&(?:amp|lt|gt|quot);[^<&]*)*"
_MARK = r' lang="([a-z]{2,3})" xml:lang="\%d"'
_SIMPLE: Final = re.compile(
    f'<div xmlns="{_XHTML}"{_MARK % 1}>'
    f"(?:{_TEXT}<(?:/?(?:a|dd|dl|dt|em|h[1-6]|li|ol|p|span|strong|ul)"
    '|div class="callout [a-z]+"|p class="urgency"|/div'
    f'|a href="https?://(?:[!#-%\'-;=?-Z_a-z~]|&amp;)+"|span class="language"'
    f'|span{_MARK % 2}(?: dir="(?:ltr|rtl)")?)>)*'
    f"{_TEXT}</div>"
)
"""Matches nearly all narratives: only the nesting of their tags can be wrong, or a missing text."""
_VISIBLE: Final = re.compile(r">\s*[^<\s]")


@dataclass(frozen=True, slots=True)
class Narrative:
    """The languages and faults of a div, which are the same in any resource."""

    is_readable: bool
    languages: frozenset[str]
    """lang and xml:lang of the div, an empty string if one is missing."""
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=4096)  # R4, R5 and many bundles have the same divs
def read_narrative(div: str) -> Narrative:
    """Read the text of a div, and find everything in it that FHIR does not allow."""
    if "<!" in div or "<?" in div:
        message = "a narrative cannot have comments, declarations or instructions."
        return _unreadable("fhir-narrative-element", message, "Remove them.")
    try:
        root = parse_div(div)
    except (etree.XMLSyntaxError, ValueError) as error:
        message = f"the div is not well-formed: {str(error).removesuffix(' (<string>, line 1)')}."
        return _unreadable(
            "fhir-narrative-ill-formed", message, "Close every tag, and write & as &amp; and < as &lt;."
        )
    simple = _SIMPLE.fullmatch(div)
    if simple and _VISIBLE.search(div):
        return Narrative(is_readable=True, languages=frozenset({simple[1]}))
    faults = list(_narrative_faults(root))
    if not "".join(map(str, root.itertext())).strip() and root.find(f"{{{_XHTML}}}img") is None:
        faults.append(Fault("fhir-narrative-empty", "the div has no text (txt-2)."))
    languages = frozenset({str(root.get("lang", "")), str(root.get(_XML_LANG, ""))})
    return Narrative(is_readable=True, languages=languages, faults=tuple(faults))


def _unreadable(check: str, message: str, hint: str) -> Narrative:
    return Narrative(is_readable=False, languages=frozenset(), faults=(Fault(check, message, hint),))


def _narrative_faults(root: etree._Element) -> Iterator[Fault]:
    if root.tag != f"{{{_XHTML}}}div":
        hint = f'Open it with <div xmlns="{_XHTML}">.'
        yield Fault("fhir-narrative-element", f"the root is {root.tag!r}, not a div of XHTML.", hint)
        return
    for element in root.iter():
        name = _LOCAL_NAMES.get(str(element.tag))
        if name is None:
            unknown = str(element.tag).rpartition("}")[2]
            yield Fault("fhir-narrative-element", f"<{unknown}> is not allowed in a narrative (txt-1).")
            continue
        for attribute, value in element.items():
            yield from _attribute_faults(name, str(attribute), str(value))
        language, xml_language = element.get("lang"), element.get(_XML_LANG)
        if language != xml_language and element is not root:
            message = f"<{name}> has lang {language!r} and xml:lang {xml_language!r}."
            yield Fault("fhir-narrative-language", message, "Give both, with the same tag.")


def _attribute_faults(element: str, attribute: str, value: str) -> Iterator[Fault]:
    if attribute not in _COMMON_ATTRIBUTES and attribute not in _ATTRIBUTES.get(element, ()):
        yield Fault(
            "fhir-narrative-attribute", f"<{element}> cannot have the attribute {attribute!r} (txt-1)."
        )
    elif attribute in ("href", "cite"):
        if not (URL.fullmatch(value) or re.fullmatch(r"#\S+|mailto:\S+|tel:[0-9+().\-]+", value)):
            hint = "Use an absolute http(s), mailto: or tel: address, or #id for a place in the narrative."
            yield Fault("fhir-narrative-href", f"{_short(value)} is not a valid link in a narrative.", hint)
    elif attribute == "src":
        if not re.fullmatch(r"#\S+|data:image/[a-z0-9.+\-]+;base64,[A-Za-z0-9+/=]+", value):
            hint = "Use an image that is contained in the resource, or a data: URL."
            yield Fault("fhir-narrative-href", f"{_short(value)} is loaded from elsewhere.", hint)
    elif attribute in ("lang", "hreflang", _XML_LANG):
        try:
            parse_language(value)
        except ValueError:
            yield Fault("fhir-narrative-language", f"{_short(value)} is not a valid language tag.")


def _short(value: str) -> str:
    return quoted(value)
