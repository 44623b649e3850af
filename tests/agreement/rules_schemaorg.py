"""Rules that corrupt a schema.org document."""

from collections.abc import Callable
from typing import Any, Final

from agreement.places import (
    Json,
    Rule,
    groups,
    set_member,
    take_other,
    texts,
    updated,
)


def _first_text(d: Json) -> Json | None:
    return next(iter(texts(d)), None)


def _first_item(d: Json) -> Json | None:
    found = groups(d)
    return found[0]["mainEntity"]["itemListElement"][0]["item"] if found else None


def _first_source(d: Json) -> Json | None:
    return next(iter(d.get("isBasedOn", ())), None)


def _swap_parts(member: str) -> Callable[[Json, Json], Any]:
    def corrupt(d: Json, _o: Json) -> Any:
        found = texts(d)
        if len(found) < 2 or found[0][member] == found[1][member]:
            return None
        found[0][member], found[1][member] = found[1][member], found[0][member]
        return d

    return corrupt


def _line_lost(d: Json, _o: Json) -> Any:
    for each in texts(d):
        lines = each["text"].split("\n")
        if len(lines) > 1:
            each["text"] = "\n".join(lines[:-1])
            return d
    return None


def _lines_exchanged(d: Json, _o: Json) -> Any:
    for each in texts(d):
        lines = each["text"].split("\n")
        if len(lines) > 1 and lines[0] != lines[1]:
            lines[0], lines[1] = lines[1], lines[0]
            each["text"] = "\n".join(lines)
            return d
    return None


def _part_lost(d: Json, _o: Json) -> Any:
    found = texts(d)
    if len(found) < 2:
        return None
    d["hasPart"].remove(found[-1])
    for position, each in enumerate(d["hasPart"], 1):
        each["position"] = position
    return d


def _item_lost(d: Json, _o: Json) -> Any:
    for group in groups(d):
        entity = group["mainEntity"]
        if len(entity["itemListElement"]) > 1:
            entity["itemListElement"].pop()
            entity["numberOfItems"] -= 1
            return d
    return None


def _items_exchanged(d: Json, _o: Json) -> Any:
    for group in groups(d):
        found = group["mainEntity"]["itemListElement"]
        if len(found) > 1:
            found[0]["item"], found[1]["item"] = found[1]["item"], found[0]["item"]
            return d
    return None


def _publishers_exchanged(d: Json, _o: Json) -> Any:
    items = [one["item"] for each in groups(d) for one in each["mainEntity"]["itemListElement"]]
    items = [each for each in items if "publisher" in each]
    for one in items:
        for other in items:
            if one["publisher"] != other["publisher"] and one["@id"] != other["@id"]:
                one["publisher"], other["publisher"] = other["publisher"], one["publisher"]
                return d
    return None


def _code_changed(member: str, value: str) -> Callable[[Json, Json], Any]:
    return set_member(lambda d: next(iter(d["about"].get("code", ())), None), member, value)


DATA: Final[dict[str, Rule]] = {
    "a section lost": _part_lost,
    "the texts of two sections exchanged": _swap_parts("text"),
    "the headings of two sections exchanged": _swap_parts("headline"),
    "a line lost": _line_lost,
    "two lines exchanged": _lines_exchanged,
    "the text of the other language": take_other(_first_text, "text"),
    "the heading of the other language": take_other(_first_text, "headline"),
    "the language of a section": set_member(_first_text, "inLanguage", "fr"),
    "the language of the page": lambda d, o: updated(d, d, {"inLanguage": o["inLanguage"]}),
    "the title of the other language": (lambda d, o: updated(d, d, {"name": o["name"]})),
    "the description of the other language": lambda d, o: (
        updated(d, d, {"description": o["description"]})
        if o.get("description") and o.get("description") != d.get("description")
        else None
    ),
    "the address of the other edition": lambda d, o: updated(d, d, {"@id": o["@id"], "url": o["url"]}),
    "modified before it was published": lambda d, _o: updated(d, d, {"dateModified": "1999-01-01"}),
    "an earlier first edition": lambda d, _o: (
        updated(d, d, {"datePublished": "1999-01-01"}) if "datePublished" in d else None
    ),
    "another licence": lambda d, _o: (
        updated(d, d, {"license": "https://creativecommons.org/licenses/by/4.0/"}) if "license" in d else None
    ),
    "the disclaimer lost": lambda d, _o: d.pop("usageInfo", None) and d,
    "another publisher": set_member(lambda d: d["publisher"], "name", "Somebody Else"),
    "another publisher of the data": set_member(lambda d: d["sdPublisher"], "name", "Somebody Else"),
    "a wrong display of a code": _code_changed("name", "Appendicitis"),
    "a wrong code": _code_changed("codeValue", "D999999"),
    "another code system": _code_changed("codingSystem", "SNOMED CT"),
    "a name lost": lambda d, _o: (
        d["about"]["alternateName"].pop() and d if d["about"].get("alternateName") else None
    ),
    "another kind": lambda d, _o: (
        updated(d, d["about"], {"@type": "MedicalTest"})
        if d["about"]["@type"] != "MedicalTest"
        else updated(d, d["about"], {"@type": "MedicalCondition"})
    ),
    "a group lost": lambda d, _o: d["keywords"].pop() and d if d.get("keywords") else None,
    "a page lost": _item_lost,
    "two pages exchanged": _items_exchanged,
    "the title of a page changed": set_member(_first_item, "name", "Another page"),
    "the language of a page changed": set_member(_first_item, "inLanguage", "fr"),
    "the address of a page changed": lambda d, _o: (
        updated(d, item, {"@id": "https://example.net/", "url": "https://example.net/"})
        if (item := _first_item(d))
        else None
    ),
    "the organizations of two pages exchanged": _publishers_exchanged,
    "the heading of a category of the other language": take_other(
        lambda each: next(iter(groups(each)), None), "name"
    ),
    "the title of a source changed": set_member(_first_source, "name", "Another source"),
    "a source lost": lambda d, _o: d["isBasedOn"].pop() and d if len(d.get("isBasedOn", ())) > 1 else None,
    "a link in the text to another host": lambda d, _o: (
        d["significantLink"].__setitem__(0, "https://example.net/") or d if d.get("significantLink") else None
    ),
    "the translation forgotten": lambda d, _o: (
        d if d.pop("workTranslation", None) or d.pop("translationOfWork", None) else None
    ),
}
