"""Corruptions of FHIR documents."""

from __future__ import annotations

import copy
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from agreement.blind.corruption import (
    NothingToCorruptError,
    Tree,
    everywhere,
    exchange,
    first_of,
    first_two,
    flattened,
    items_of,
    mapped,
    put,
    retext,
    span_inside,
    spans_of,
    swapped,
    tree,
    with_other_number,
    with_other_unit,
    without_negation,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def composition_of(bundle: Tree) -> Tree:
    resource: Tree = bundle["entry"][0]["resource"]
    return resource


def code_of(section: Tree) -> Tree:
    coding: Tree = section["code"]["coding"][0]
    return coding


def coded(bundle: Tree, code: str) -> Tree:
    return first_of(one for one in composition_of(bundle)["section"] if code_of(one)["code"] == code)


def bodies_of(bundle: Tree) -> list[Tree]:
    sections: list[Tree] = coded(bundle, "summary")["section"]
    return sections


def groups_of(bundle: Tree) -> list[Tree]:
    sections = composition_of(bundle)["section"]
    return [one for one in sections if code_of(one)["system"].endswith("/resource-group")]


def change_narrative(sections: Iterable[Tree], change: Callable[[str], str]) -> None:
    """Change the first narrative that has what the change needs."""
    for section in sections:
        try:
            changed = change(section["text"]["div"])
        except NothingToCorruptError:
            continue
        if changed != section["text"]["div"]:
            section["text"]["div"] = changed
            return
    raise NothingToCorruptError


def drop_entry(section: Tree, index: int) -> tuple[str, Tree]:
    """Take an entry out of a section and its narrative."""
    div = section["text"]["div"]
    item = items_of(div)[index]
    section["text"]["div"] = put(div, item, "")
    entry: Tree = section["entry"].pop(index)
    return div[slice(*item)], entry


@tree("fhir-r4")
def narrative_item_lost(document: Tree, _other: Tree) -> None:
    """A sign of danger is missing from a list, and a reader who has it does not call."""
    change_narrative(reversed(bodies_of(document)), lambda div: put(div, items_of(div)[-1], ""))


@tree("fhir-r4")
def narrative_negation_dropped(document: Tree, _other: Tree) -> None:
    """A sentence says the opposite: “does not always mean” becomes “does always mean”."""
    change_narrative(bodies_of(document), lambda div: retext(div, without_negation)[0])


@tree("fhir-r4")
def narrative_in_other_language(document: Tree, other: Tree) -> None:
    """A section is marked as being in the reader's language, but is in a language that she may not read."""
    section, theirs = first_of(bodies_of(document)), first_of(bodies_of(other))
    div, foreign = section["text"]["div"], theirs["text"]["div"]
    inner = foreign[slice(*span_inside(foreign, (0, len(foreign))))]
    section["text"]["div"] = put(div, span_inside(div, (0, len(div))), inner)


@tree("fhir-r4")
def headings_exchanged(document: Tree, _other: Tree) -> None:
    """Two sections answer the question of the other one."""
    exchange(*first_two(bodies_of(document)), "title")


@tree("fhir-r4")
def link_in_another_category(document: Tree, _other: Tree) -> None:
    """A reader looks for a link under a heading where it does not belong."""
    groups = groups_of(document)
    source = first_of(one for one in groups if len(one["entry"]) > 1)
    target = first_of(one for one in [*groups[groups.index(source) + 1 :], *groups] if one is not source)
    item, entry = drop_entry(source, -1)
    end = items_of(target["text"]["div"])[-1][1]
    target["text"]["div"] = put(target["text"]["div"], (end, end), item)
    target["entry"].append(entry)


@tree("fhir-r4")
def disclaimer_lost(document: Tree, _other: Tree) -> None:
    """Nothing says any more that the page does not replace a doctor's advice."""
    term = r"<dt>(?:<a [^>]*>)?(?:Disclaimer|Exención de responsabilidad)(?:</a>)?</dt><dd>.*?</dd>"
    change_narrative([coded(document, "about")], lambda div: re.sub(term, "", div))


@tree("fhir-r4")
def entry_leads_to_another_link(document: Tree, _other: Tree) -> None:
    """A program that follows an entry opens another page than the one that its title promises."""
    section = first_of(one for one in groups_of(document) if len(one["entry"]) > 1)
    exchange(*first_two(section["entry"]), "reference")


@tree("fhir-r4")
def identifier_of_other_edition(document: Tree, other: Tree) -> None:
    """A system that replaces editions by identifier overwrites the other language with this one."""
    composition_of(document)["identifier"] = composition_of(other)["identifier"]


@tree("fhir-r4")
def other_names_in_other_language(document: Tree, other: Tree) -> None:
    """The topic's other names are words of another language, presented as words of the reader's."""
    names, theirs = coded(document, "also-called"), coded(other, "also-called")
    inner = "".join(theirs["text"]["div"][slice(*span)] for span in spans_of(theirs["text"]["div"], "ul"))
    change_narrative([names], lambda div: put(div, first_of(spans_of(div, "ul")), inner))


@tree("fhir-r4")
def warning_hidden(document: Tree, _other: Tree) -> None:
    """The last paragraph of the last section is in the document, but no viewer shows it."""
    last = bodies_of(document)[-1]
    start, tag, rest = last["text"]["div"].rpartition("<p>")
    if not tag:
        start, tag, rest = last["text"]["div"].rpartition("<li>")
    last["text"]["div"] = f'{start}{tag[:-1]} style="display:none">{rest}'


@tree("fhir-r4")
def related_topic_lost(document: Tree, _other: Tree) -> None:
    """A reader does not find the way to a related topic."""
    section = coded(document, "related-topics")
    first_two(section["entry"])
    drop_entry(section, 0)


@tree("fhir-r4")
def section_twice(document: Tree, _other: Tree) -> None:
    """A section appears twice, and links to it may lead to either."""
    bodies = bodies_of(document)
    bodies.append(copy.deepcopy(first_of(bodies)))


@tree("fhir-r4")
def authors_exchanged(document: Tree, _other: Tree) -> None:
    """Two linked pages are attributed to each other's organization."""
    links: dict[str, Tree] = {}
    for entry in document["entry"]:
        if entry["resource"]["resourceType"] == "DocumentReference" and "author" in entry["resource"]:
            author = entry["resource"]["author"][0]
            links.setdefault(author.get("reference", author.get("display", "")), entry["resource"])
    exchange(*first_two(links.values()), "author")


@tree("fhir-r4")
def link_language_wrong(document: Tree, other: Tree) -> None:
    """A reader is sent to a page that she cannot read, marked as being in her language, or the reverse."""
    links = (one["resource"] for one in document["entry"] if "content" in one["resource"])
    languages = {document["language"], other["language"]}
    attachment = first_of(links)["content"][0]["attachment"]
    attachment["language"] = first_of(languages - {attachment["language"]})


@tree("fhir-r5")
def narrative_number_changed(document: Tree, _other: Tree) -> None:
    """A risk, a dose or a week is another one: 0.1 percent becomes 1 percent, week 20 week 12."""
    change_narrative(bodies_of(document), lambda div: retext(div, with_other_number)[0])


@tree("fhir-r5")
def narrative_unit_changed(document: Tree, _other: Tree) -> None:
    """A number keeps its digits and means something else: weeks become days, milligrams grams."""
    change_narrative(bodies_of(document), lambda div: retext(div, with_other_unit)[0])


@tree("fhir-r5")
def bodies_exchanged(document: Tree, _other: Tree) -> None:
    """Two sections have each other's text under their own heading and code."""
    exchange(*first_two(bodies_of(document)), "text")


@tree("fhir-r5")
def steps_reordered(document: Tree, _other: Tree) -> None:
    """The steps of a procedure are in a wrong order."""
    change_narrative(bodies_of(document), lambda div: swapped(div, *first_two(items_of(div, "ol"))))


@tree("fhir-r5")
def nested_list_flattened(document: Tree, _other: Tree) -> None:
    """Examples of a cause look like separate causes."""
    change_narrative(bodies_of(document), flattened)


@tree("fhir-r5")
def aspects_exchanged(document: Tree, _other: Tree) -> None:
    """A program that asks for the symptoms gets another section."""
    bodies = bodies_of(document)
    pairs = pairwise(bodies)
    exchange(*first_of(pair for pair in pairs if pair[0]["code"] != pair[1]["code"]), "code")


@tree("fhir-r5")
def subject_code_of_another_condition(document: Tree, _other: Tree) -> None:
    """A record system offers the page to patients with another condition."""
    concept = composition_of(document).get("event", [{}])[0].get("detail", [{}])[0].get("concept", {})
    coding = first_of(concept.get("coding", []))
    wrong = {coding["code"]: "D000033", coding["display"]: "Abortion, Threatened"}
    composition = composition_of(document)
    for key in ("event", "useContext"):
        composition[key] = mapped(composition[key], lambda text: wrong.get(text, text))


@tree("fhir-r5")
def source_lost(document: Tree, _other: Tree) -> None:
    """A source is missing everywhere, and a claim seems to come from the others."""
    sources = coded(document, "sources")
    first_two(sources["entry"])
    _item, entry = drop_entry(sources, 0)
    related = composition_of(document)["relatesTo"]
    related.remove(first_of(one for one in related if one["type"] == "derived-from"))
    kept = [one for one in document["entry"] if not one["fullUrl"].endswith(entry["reference"])]
    document["entry"] = kept


@tree("fhir-r5")
def licence_changed(document: Tree, _other: Tree) -> None:
    """A partner is given terms of use that are not those of the text."""

    def change(div: str) -> str:
        div = div.replace("/publicdomain/zero/1.0/", "/licenses/by-nc-nd/4.0/")
        return re.sub(r"CC0 1\.0 \([^)]*\)", "CC BY-NC-ND 4.0", div)

    change_narrative([coded(document, "about")], change)


@tree("fhir-r5")
def dates_in_the_future(document: Tree, _other: Tree) -> None:
    """Every date of the edition is in the far future, so that no later correction seems newer."""
    day = composition_of(document)["date"][:10]
    wrong = f"2999{day[4:]}"
    dots = day.replace("-", "."), wrong.replace("-", ".")
    everywhere(
        document, lambda text: text.replace(day, wrong) if text.startswith(day) else text.replace(*dots)
    )


@tree("fhir-r5")
def translation_of_itself(document: Tree, _other: Tree) -> None:
    """The edition names itself as its translation, and the other language cannot be found."""
    composition = composition_of(document)
    kinds = {"transforms", "transformed-into"}
    relation = first_of(one for one in composition["relatesTo"] if one["type"] in kinds)
    relation["resourceReference"]["identifier"] = copy.deepcopy(composition["identifier"][0])


@tree("fhir-r5")
def last_section_lost(document: Tree, _other: Tree) -> None:
    """The section on when to see a doctor, or whatever comes last, is missing."""
    bodies = bodies_of(document)
    first_two(bodies)
    bodies.pop()


@tree("fhir-r5")
def zero_width_space_in_word(document: Tree, _other: Tree) -> None:
    """A word looks right, but neither a search nor a screen reader recognizes it."""
    change = re.compile(r"\b(\w{4})(\w{4})")
    change_narrative(
        bodies_of(document), lambda div: retext(div, lambda text: change.sub("\\1\u200b\\2", text, 1))[0]
    )


@tree("fhir-r5")
def organizations_exchanged(document: Tree, _other: Tree) -> None:
    """Two organizations bear each other's name throughout, with each other's pages below it."""
    resources = [entry["resource"] for entry in document["entry"]]
    one, two = first_two(one["name"] for one in reversed(resources) if one["resourceType"] == "Organization")
    both = re.compile(f"{re.escape(one)}|{re.escape(two)}")
    everywhere(document, lambda text: both.sub(lambda found: two if found[0] == one else one, text))
