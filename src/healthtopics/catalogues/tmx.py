"""The translation memory as TMX 1.4b, for tools of other people, and theirs for us. No file system.

A tag in a text is a `<ph>`, which tools show and do not translate. The role of a message is in a property:
texts of one role are alike. Specification: https://www.gala-global.org/tmx-14b
"""

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from healthtopics.catalogue import Key
from healthtopics.catalogues.memory import Remembered
from healthtopics.errors import ImportDataError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.markup.xml import hardened_parser
from healthtopics.problems import Problem

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTEXT: Final = "x-context"
_CATALOGUE: Final = "x-catalogue"
_TAG: Final = re.compile(r"(</?[A-Za-z][^<>]*>)")


def to_tmx(translations: Iterable[Remembered], language: LanguageTag) -> bytes:
    """Return a memory; the same translation of one text in one role is there once."""
    root = etree.Element("tmx", version="1.4")
    etree.SubElement(
        root,
        "header",
        {
            "creationtool": "healthtopics", "creationtoolversion": "1", "segtype": "block", "o-tmf": "po",
            "adminlang": SOURCE, "srclang": SOURCE, "datatype": "xml",
        },
    )  # fmt: skip
    body = etree.SubElement(root, "body")
    seen: set[tuple[Key, str]] = set()
    for each in translations:
        if (each.key, each.msgstr) in seen:
            continue
        seen.add((each.key, each.msgstr))
        unit = etree.SubElement(body, "tu")
        etree.SubElement(unit, "prop", type=_CONTEXT).text = each.key.msgctxt
        etree.SubElement(unit, "prop", type=_CATALOGUE).text = each.catalogue
        for tag, text in ((SOURCE, each.key.msgid), (language, each.msgstr)):
            variant = etree.SubElement(unit, "tuv", {_LANGUAGE: str(tag)})
            _write(etree.SubElement(variant, "seg"), text)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def from_tmx(data: bytes, path: str, language: LanguageTag, name: str) -> list[Remembered]:
    """Return the translations of a memory from English into a language, as those of a catalogue `name`.

    A region of either language may be missing or added. `path` is only quoted in problems. Raises
    ImportDataError if it is not TMX, or not safe to read.
    """
    try:
        root = etree.fromstring(data, hardened_parser(keeps_comments=False))
    except etree.XMLSyntaxError as error:
        raise _refuse(path, f"the file is not well-formed XML: {error.msg}.", error.lineno or 1) from None
    if root.tag != "tmx":
        raise _refuse(path, f"this is <{etree.QName(root).localname}>, not TMX.", 1)
    found: list[Remembered] = []
    for unit in root.iter("tu"):
        texts = {_primary(_language_of(variant)): _read(variant) for variant in unit.iter("tuv")}
        msgid, msgstr = texts.get(SOURCE, ""), texts.get(_primary(language), "")
        context = next((prop.text or "" for prop in unit.iter("prop") if prop.get("type") == _CONTEXT), "")
        if msgid and msgstr:
            found.append(Remembered(Key(context, msgid), msgstr, name))
    return found


def _refuse(path: str, message: str, line: int) -> ImportDataError:
    hint = "Export TMX from the translation tool, and do not edit the file."
    return ImportDataError(
        [Problem(check="tmx-unreadable", path=path, line=line, message=message, hint=hint)]
    )


def _write(segment: etree._Element, text: str) -> None:
    last: etree._Element | None = None
    for part in _TAG.split(text):
        if _TAG.fullmatch(part):
            last = etree.SubElement(segment, "ph")
            last.text = part
        elif last is None:
            segment.text = (segment.text or "") + part
        else:
            last.tail = part


def _read(variant: etree._Element) -> str:
    segment = variant.find("seg")
    return "" if segment is None else "".join(map(str, segment.itertext()))


def _language_of(variant: etree._Element) -> str:
    return str(variant.get(_LANGUAGE) or variant.get("lang") or "")


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
