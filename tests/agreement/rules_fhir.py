"""Rules that corrupt a FHIR document."""

import re
from collections.abc import Callable
from typing import Any, Final

from agreement.places import (
    Json,
    Rule,
    composition,
    lose_member,
    questions,
    resources,
    sections,
    set_member,
    take_other,
)


def _question_lost(d: Json, _o: Json) -> Any:
    return questions(d).pop() if len(questions(d)) > 1 else None


def _questions_exchanged(d: Json, _o: Json) -> Any:
    found = questions(d)
    if len(found) < 2:
        return None
    found[0]["text"], found[1]["text"] = found[1]["text"], found[0]["text"]
    return d


def _questions_in_another_order(d: Json, _o: Json) -> Any:
    found = questions(d)
    found.reverse()
    return d if len(found) > 1 else None


def _headings_exchanged(d: Json, _o: Json) -> Any:
    found = questions(d)
    if len(found) < 2 or found[0]["title"] == found[1]["title"]:
        return None
    found[0]["title"], found[1]["title"] = found[1]["title"], found[0]["title"]
    return d


def _text_of_the_other_language(d: Json, o: Json) -> Any:
    mine, theirs = questions(d), {each["id"]: each for each in questions(o)}
    for each in mine:
        if each["id"] in theirs:
            div = theirs[each["id"]]["text"]["div"]
            start = each["text"]["div"].index(">") + 1
            each["text"]["div"] = each["text"]["div"][:start] + div[div.index(">") + 1 :]
            return d
    return None


def _heading_of_the_other_language(d: Json, o: Json) -> Any:
    theirs = {each["id"]: each for each in questions(o)}
    for each in questions(d):
        if each["id"] in theirs and theirs[each["id"]]["title"] != each["title"]:
            each["title"] = theirs[each["id"]]["title"]
            return d
    return None


def _in_divs(pattern: str, replacement: str) -> Callable[[Json, Json], Any]:
    def corrupt(d: Json, _o: Json) -> Any:
        for each in questions(d):
            changed, count = re.subn(pattern, replacement, each["text"]["div"], count=1, flags=re.DOTALL)
            if count:
                each["text"]["div"] = changed
                return d
        return None

    return corrupt


def _in_narratives(
    pattern: str, replacement: str, system: str = "topic-section"
) -> Callable[[Json, Json], Any]:
    def corrupt(d: Json, _o: Json) -> Any:
        for each in sections(d, system):
            if "text" in each:
                changed, count = re.subn(pattern, replacement, each["text"]["div"], count=1, flags=re.DOTALL)
                if count:
                    each["text"]["div"] = changed
                    return d
        return None

    return corrupt


def _link(d: Json) -> Json | None:
    return next(iter(resources(d, "DocumentReference")), None)


def _file(d: Json) -> Json | None:
    link = _link(d)
    return link["content"][0]["attachment"] if link else None


def _last_identifier(d: Json) -> Json | None:
    identifiers = (_link(d) or {}).get("identifier")
    return identifiers[-1] if identifiers else None


def _link_text(d: Json) -> Json | None:
    return (_link(d) or {}).get("text")


def _organization(d: Json) -> Json | None:
    return next(iter(resources(d, "Organization")), None)


def _group(d: Json) -> Json | None:
    return next(sections(d, "resource-group"), None)


def _coding(d: Json) -> Json | None:
    for event in composition(d).get("event", ()):
        for concept in (*event.get("code", ()), *(each["concept"] for each in event.get("detail", ()))):
            found: Json = concept["coding"][0]
            return found
    return None


def _authors_exchanged(d: Json, _o: Json) -> Any:
    links = [each for each in resources(d, "DocumentReference") if "author" in each]
    for one in links:
        for other in links:
            if one["author"] != other["author"]:
                one["author"], other["author"] = other["author"], one["author"]
                return d
    return None


def _entry_lost(d: Json, _o: Json) -> Any:
    group = _group(d)
    if not group or len(group["entry"]) < 2:
        return None
    lost = group["entry"].pop()["reference"]
    if lost not in str(composition(d)["section"]):
        d["entry"] = [each for each in d["entry"] if not each["fullUrl"].endswith(lost)]
    return d


def _pages_exchanged(d: Json, _o: Json) -> Any:
    group = _group(d)
    if not group or len(group["entry"]) < 2:
        return None
    group["entry"].reverse()
    return d


def _source_lost(d: Json, _o: Json) -> Any:
    return _in_narratives(r"<li>(?:(?!<li>).)*</li></ul></div>$", "</ul></div>")(d, {})


def _identifier_of_the_other_edition(d: Json, o: Json) -> Any:
    return take_other(composition, "identifier")(d, o)


FHIR: Final[dict[str, Rule]] = {
    "a section lost": lambda d, o: d if _question_lost(d, o) else None,
    "the texts of two sections exchanged": _questions_exchanged,
    "the sections in another order": _questions_in_another_order,
    "the headings of two sections exchanged": _headings_exchanged,
    "the text of the other language": _text_of_the_other_language,
    "the heading of the other language": _heading_of_the_other_language,
    "an item lost": _in_divs(r"<li>((?!<li>).)*?</li>", ""),
    "a paragraph lost": _in_divs(r"<p>[^<]*</p>(?=.*<p>)", ""),
    "an item becomes a paragraph": _in_divs(r"<ul><li>([^<]*)</li>(?=<li>)", r"<p>\1</p><ul>"),
    "a numbered list": _in_divs(r"<ul>(((?!<ul>).)*)</ul>", r"<ol>\1</ol>"),
    "a link to another host": _in_divs(r'href="https?://[^/"]+', 'href="https://example.net'),
    "a link lost": _in_divs(r"<a [^>]*>([^<]*)</a>", r"\1"),
    "an emphasis lost": _in_divs(r"<(strong|em)>([^<]*)</\1>", r"\2"),
    "the title of the other language": take_other(composition, "title"),
    "the title in capitals": set_member(composition, "title", str.upper),
    "the opening of the other language": take_other(composition, "text"),
    "the identifier of the other edition": _identifier_of_the_other_edition,
    "a later date": set_member(composition, "date", "2030-01-01"),
    "another publisher": set_member(lambda d: composition(d)["author"][0], "display", "Somebody Else"),
    "another custodian": set_member(lambda d: composition(d)["custodian"], "display", "Somebody Else"),
    "a wrong display of a code": set_member(_coding, "display", "Appendicitis"),
    "a wrong code": set_member(_coding, "code", "D999999"),
    "another code system": set_member(_coding, "system", "http://snomed.info/sct"),
    "a group lost": lambda d, _o: (
        composition(d)["category"].pop() and d if len(composition(d)["category"]) > 2 else None
    ),
    "the words of the kind of the other language": take_other(
        lambda each: composition(each)["category"][1], "text"
    ),
    "the original forgotten": lose_member(composition, "relatesTo"),
    "the address of a page changed": set_member(_file, "url", "https://example.net/page"),
    "the language of a page changed": set_member(_file, "language", "fr"),
    "the title of a page changed": set_member(_file, "title", "Another page"),
    "the description of a page changed": set_member(_link, "description", "Another page"),
    "an identifier of a page changed": set_member(_last_identifier, "value", "https://example.net"),
    "the narrative of a page changed": set_member(
        _link_text, "div", lambda div: div.replace("</a>", " (old)</a>")
    ),
    "the organizations of two pages exchanged": _authors_exchanged,
    "a page lost": _entry_lost,
    "two pages exchanged": _pages_exchanged,
    "the heading of a category of the other language": take_other(_group, "title"),
    "a page lost from the narrative": _in_narratives(r"<li>((?!<li>).)*?</li>(?=<li>)", "", "resource-group"),
    "an address changed in the narrative": _in_narratives(
        r'href="https?://[^/"]+', 'href="https://example.net', "resource-group"
    ),
    "a source lost from the narrative": _source_lost,
    "a fact about the page lost": _in_narratives(r"<dt>((?!<dt>).)*?</dd>(?=</dl>)", ""),
    "the name of an organization changed": set_member(_organization, "name", "Somebody Else"),
    "the address of an organization changed": lambda d, _o: set_member(
        lambda each: (found := _organization(each)) and found.get("identifier") and found["identifier"][0],
        "value",
        "https://example.net/",
    )(d, {}),
    "a name lost": _in_narratives(r"<ul><li>[^<]*</li>", "<ul>"),
}
