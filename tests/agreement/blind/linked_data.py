"""Corruptions of the members of schema.org documents: what search engines and assistants act on."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from agreement.blind.corruption import (
    NothingToCorruptError,
    Tree,
    everywhere,
    exchange,
    first_of,
    first_two,
    lookalike,
    tree,
    with_words,
)
from agreement.blind.elements import ADVERTISER, day_before
from agreement.blind.mutants_schemaorg import change_text, contents, link_lists
from agreement.blind.narratives import before_or_after, better_or_worse, higher_or_lower, seldom_or_often

if TYPE_CHECKING:
    from collections.abc import Iterator


def _cards(document: Tree) -> list[Tree]:
    return [part for part in contents(document) if "keywords" in part]


def _items(document: Tree) -> Iterator[Tree]:
    for links in link_lists(document):
        yield from (element["item"] for element in links["itemListElement"])


@tree("schemaorg")
def schema_card_is_routine(document: Tree, _other: Tree) -> None:
    """An assistant that sorts cards by their code reads out the emergency last."""
    first_of(_cards(document))["keywords"]["termCode"] = "routine"


@tree("schemaorg")
def schema_card_names_exchanged(document: Tree, _other: Tree) -> None:
    """An assistant says “Urgent” before “Call 911”."""
    one, two = first_two(card["keywords"] for card in _cards(document))
    exchange(one, two, "name")


@tree("schemaorg")
def schema_card_without_urgency(document: Tree, _other: Tree) -> None:
    """Nothing says that a card is for an emergency."""
    del first_of(_cards(document))["keywords"]


@tree("schemaorg")
def schema_card_in_another_section(document: Tree, _other: Tree) -> None:
    """An assistant shows the emergency card under the causes, or not at all."""
    card = first_of(_cards(document))
    card["isPartOf"]["@id"] = first_of(contents(document))["@id"]


@tree("schemaorg")
def schema_card_texts_exchanged(document: Tree, _other: Tree) -> None:
    """Under “Call 911” are the signs for which to call the doctor."""
    exchange(*first_two(_cards(document)), "text")


@tree("schemaorg")
def schema_phone_number_changed(document: Tree, _other: Tree) -> None:
    """An assistant dials a number that nobody answers."""
    card = first_of(_cards(document))
    card["headline"] = card["headline"].replace("911", "991")


@tree("schemaorg")
def schema_positions_exchanged(document: Tree, _other: Tree) -> None:
    """A program that sorts by position shows the treatment before the question that leads to it."""
    exchange(*first_two(contents(document)), "position")


@tree("schemaorg")
def schema_aspects_exchanged(document: Tree, _other: Tree) -> None:
    """An assistant that is asked for the causes reads out the overview."""
    exchange(*first_two(part for part in contents(document) if "hasHealthAspect" in part), "hasHealthAspect")


@tree("schemaorg")
def schema_section_about_another_subject(document: Tree, _other: Tree) -> None:
    """A knowledge graph attaches a section to another condition."""
    first_of(contents(document))["about"] = {"@id": "http://id.nlm.nih.gov/mesh/D006828"}


@tree("schemaorg")
def schema_items_in_one_line(document: Tree, _other: Tree) -> None:
    """Two signs read as one sentence that needs both."""
    change_text(document, lambda text: re.sub(r"(?<=[^.:])\n", " ", text, count=1))


@tree("schemaorg")
def schema_items_exchanged_between_sections(document: Tree, _other: Tree) -> None:
    """The last lines of two sections change places: a cause is read as a sign."""
    one, two = first_two(part for part in contents(document) if "\n" in part.get("text", ""))
    first, second = (part["text"].rpartition("\n") for part in (one, two))
    one["text"], two["text"] = f"{first[0]}\n{second[2]}", f"{second[0]}\n{first[2]}"


@tree("schemaorg")
def schema_before_and_after_confused(document: Tree, _other: Tree) -> None:
    """A search engine quotes “after the 20th week”."""
    change_text(document, before_or_after)


@tree("schemaorg")
def schema_limit_reversed(document: Tree, _other: Tree) -> None:
    """A search engine quotes a fever of “100.4 °F or lower”."""
    change_text(document, higher_or_lower)


@tree("schemaorg")
def schema_better_for_worse(document: Tree, _other: Tree) -> None:
    """An assistant says to call if the pain gets better."""
    change_text(document, better_or_worse)


@tree("schemaorg")
def schema_seldom_is_often(document: Tree, _other: Tree) -> None:
    """A search engine frightens, or reassures, with the opposite of what the page says."""
    change_text(document, seldom_or_often)


@tree("schemaorg")
def schema_degrees_exchanged(document: Tree, _other: Tree) -> None:
    """A fever of 100.4 °C."""
    change_text(document, lambda text: text.replace("°F", "°C"))


@tree("schemaorg")
def schema_word_with_homoglyph(document: Tree, _other: Tree) -> None:
    """A word has a Greek letter: it looks right, and no search finds it."""
    change_text(document, lambda text: text.replace("o", "\u03bf", 1))


@tree("schemaorg")
def schema_soft_hyphen_in_number(document: Tree, _other: Tree) -> None:
    """A number has an invisible character inside: a program reads two numbers."""
    change_text(document, lambda text: re.sub(r"(\d)(\d)", "\\1\u2060\\2", text, count=1))


@tree("schemaorg")
def schema_who_may_read_changed(document: Tree, _other: Tree) -> None:
    """A search engine shows the page to doctors only."""
    document["audience"]["audienceType"] = "Clinician"


@tree("schemaorg")
def schema_page_costs_money(document: Tree, _other: Tree) -> None:
    """A search engine marks the page as one that has to be paid for."""
    document["isAccessibleForFree"] = False


@tree("schemaorg")
def schema_reviewed_by_an_institute(document: Tree, _other: Tree) -> None:
    """A page that nobody reviewed says that an institute did."""
    name = {"@type": "GovernmentOrganization", "name": "National Institutes of Health"}
    document |= {"reviewedBy": name, "lastReviewed": document["dateModified"]}


@tree("schemaorg")
def schema_author_is_an_institute(document: Tree, _other: Tree) -> None:
    """The text is attributed to an organization that did not write it."""
    document["author"] = {"@type": "GovernmentOrganization", "name": "National Institutes of Health"}


@tree("schemaorg")
def schema_publisher_of_data_is_another(document: Tree, _other: Tree) -> None:
    """Who answers for the data is somebody else than who answers for the text."""
    document["sdPublisher"] = {"@type": "Organization", "name": "Femirelax", "url": ADVERTISER}


@tree("schemaorg")
def schema_sponsor_added(document: Tree, _other: Tree) -> None:
    """The page seems to be paid for by a company."""
    document["sponsor"] = {"@type": "Organization", "name": "Femirelax", "url": ADVERTISER}


@tree("schemaorg")
def schema_modified_a_day_early(document: Tree, _other: Tree) -> None:
    """A search engine that compares dates does not read the correction."""
    document["dateModified"] = day_before(document["dateModified"])


@tree("schemaorg")
def schema_expired(document: Tree, _other: Tree) -> None:
    """A search engine drops a page that has expired."""
    document["expires"] = day_before(document["datePublished"])


@tree("schemaorg")
def schema_date_of_source_changed(document: Tree, _other: Tree) -> None:
    """An old study looks like a new one."""
    source = first_of(one for one in document.get("isBasedOn", ()) if "datePublished" in one)
    source["datePublished"] = f"2025{source['datePublished'][4:]}"


@tree("schemaorg")
def schema_notes_on_sources_exchanged(document: Tree, _other: Tree) -> None:
    """What was taken from one source is said to come from the next."""
    exchange(*first_two(one for one in document.get("isBasedOn", ()) if "comment" in one), "comment")


@tree("schemaorg")
def schema_publishers_of_sources_exchanged(document: Tree, _other: Tree) -> None:
    """A claim is attributed to another authority."""
    exchange(*first_two(one for one in document.get("isBasedOn", ()) if "publisher" in one), "publisher")


@tree("schemaorg")
def schema_language_of_source_wrong(document: Tree, other: Tree) -> None:
    """A reader opens a source in a language that she was not told of."""
    source = first_of(document.get("isBasedOn", ()))
    source["inLanguage"] = first_of({document["inLanguage"], other["inLanguage"]} - {source["inLanguage"]})


@tree("schemaorg")
def schema_language_of_link_wrong(document: Tree, other: Tree) -> None:
    """A reader opens a page in a language that she was not told of."""
    item = first_of(_items(document))
    item["inLanguage"] = first_of({document["inLanguage"], other["inLanguage"]} - {item["inLanguage"]})


@tree("schemaorg")
def schema_link_address_and_id_differ(document: Tree, _other: Tree) -> None:
    """A program that follows the id of a link gets to a host that only looks like the right one."""
    item = first_of(_items(document))
    item["@id"] = lookalike(item["@id"])


@tree("schemaorg")
def schema_twins_of_links_exchanged(document: Tree, _other: Tree) -> None:
    """A reader who asks for a page in her language gets one on something else."""
    exchange(*first_two(one for one in _items(document) if "workTranslation" in one), "workTranslation")


@tree("schemaorg")
def schema_links_of_categories_exchanged(document: Tree, _other: Tree) -> None:
    """Links about tests are under the heading of treatments."""
    one, two = first_two(link_lists(document))
    for key in ("itemListElement", "numberOfItems"):
        exchange(one, two, key)


@tree("schemaorg")
def schema_heading_of_links_in_other_language(document: Tree, other: Tree) -> None:
    """A heading over links is in a language that the reader may not read."""
    ours, theirs = (
        first_of(part for part in one.get("hasPart", ()) if "mainEntity" in part) for one in (document, other)
    )
    ours["name"] = ours["mainEntity"]["name"] = theirs["name"]


@tree("schemaorg")
def schema_organization_of_link_named_in_other_language(document: Tree, _other: Tree) -> None:
    """A Spanish reader is given a name that is tagged as English, or the reverse."""
    for item in _items(document):
        name = item.get("publisher", {}) if isinstance(item.get("publisher", {}), dict) else {}
        if isinstance(name.get("name"), dict):
            tagged = name["name"]
            tagged["@language"] = "en" if tagged["@language"] == "es" else "es"
            return
    raise NothingToCorruptError


@tree("schemaorg")
def schema_company_as_authority(document: Tree, _other: Tree) -> None:
    """A company is shown as an authority of the government."""
    publishers = (item["publisher"] for item in _items(document) if isinstance(item.get("publisher"), dict))
    wrong = first_of(one for one in publishers if one["@type"] != "GovernmentOrganization")
    wrong["@type"] = "GovernmentOrganization"


@tree("schemaorg")
def schema_subject_is_a_medicine(document: Tree, _other: Tree) -> None:
    """A catalogue lists a condition among medicines."""
    document["about"]["@type"] = "Drug"


@tree("schemaorg")
def schema_code_of_another_condition(document: Tree, _other: Tree) -> None:
    """A record system offers the page to patients with a mole."""
    code = first_of(document["about"].get("code", ()))
    code["codeValue"] = "D006828"


@tree("schemaorg")
def schema_code_of_another_system(document: Tree, _other: Tree) -> None:
    """A code of MeSH is taken for one of SNOMED CT, where it means something else or nothing."""
    first_of(document["about"].get("code", ()))["codingSystem"] = "SNOMED CT"


@tree("schemaorg")
def schema_code_points_to_another(document: Tree, _other: Tree) -> None:
    """A program that follows the code gets to another condition."""
    code = first_of(document["about"].get("code", ()))
    code["@id"] = f"{code['@id'].rpartition('/')[0]}/D006828"


@tree("schemaorg")
def schema_name_of_subject_mistagged(document: Tree, other: Tree) -> None:
    """A knowledge graph files the name of the condition under another language."""
    document["about"]["name"]["@language"] = other["inLanguage"]


@tree("schemaorg")
def schema_wrong_name_added(document: Tree, _other: Tree) -> None:
    """A threatened miscarriage, which may yet end well, counts as another name of a miscarriage."""
    name = {"@value": "Abortion, threatened", "@language": document["inLanguage"]}
    document["about"].setdefault("alternateName", []).append(name)


@tree("schemaorg")
def schema_subject_same_as_another(document: Tree, _other: Tree) -> None:
    """A knowledge graph merges two conditions."""
    document["about"]["sameAs"] = "https://www.wikidata.org/wiki/Q8452"


@tree("schemaorg")
def schema_cure_claimed(document: Tree, _other: Tree) -> None:
    """A search engine lists a product as the treatment."""
    document["about"]["possibleTreatment"] = {"@type": "Drug", "name": "Femirelax", "url": ADVERTISER}


@tree("schemaorg")
def schema_identifier_of_another_topic(document: Tree, _other: Tree) -> None:
    """A system that replaces topics by identifier overwrites another one."""
    document["identifier"][0]["value"] = "hydatidiform-mole"


@tree("schemaorg")
def schema_identifier_of_another_system(document: Tree, _other: Tree) -> None:
    """A system looks the identifier up where it means something else."""
    document["identifier"][0]["propertyID"] = "https://medlineplus.gov/"


@tree("schemaorg")
def schema_headline_of_other_edition(document: Tree, other: Tree) -> None:
    """A search engine shows a headline that the reader may not read."""
    if document["headline"] == other["headline"]:
        raise NothingToCorruptError
    document["headline"] = other["headline"]


@tree("schemaorg")
def schema_groups_in_other_language(document: Tree, other: Tree) -> None:
    """The topic is in groups whose names the reader may not understand."""
    document["keywords"] = other["keywords"]


@tree("schemaorg")
def schema_group_lost(document: Tree, _other: Tree) -> None:
    """The topic is missing from a shelf."""
    document["keywords"].pop()


@tree("schemaorg")
def schema_related_names_exchanged(document: Tree, _other: Tree) -> None:
    """The name of a related topic leads to another one."""
    exchange(*first_two(one for one in document.get("mentions", ()) if "name" in one), "name")


@tree("schemaorg")
def schema_related_in_other_language(document: Tree, other: Tree) -> None:
    """A related topic opens in a language that the reader may not read."""
    ours, theirs = document["isPartOf"]["url"], other["isPartOf"]["url"]
    related = first_of(one for one in document.get("mentions", ()) if one.get("url", "").startswith(ours))
    wrong = related["url"].replace(ours, theirs)
    document["relatedLink"] = [wrong if one == related["url"] else one for one in document["relatedLink"]]
    related["@id"] = related["url"] = wrong


@tree("schemaorg")
def schema_important_link_added(document: Tree, _other: Tree) -> None:
    """An advertiser is among the links that matter."""
    document.setdefault("significantLink", []).append(ADVERTISER)


@tree("schemaorg")
def schema_advertiser_mentioned(document: Tree, _other: Tree) -> None:
    """An advertiser is among what the page is said to mention."""
    page = {"@type": "WebPage", "@id": ADVERTISER, "url": ADVERTISER, "name": "Femirelax"}
    document.setdefault("mentions", []).append(page)


@tree("schemaorg")
def schema_name_of_translation_lost_its_language(document: Tree, other: Tree) -> None:
    """The other edition is listed with a title in this language, and a reader does not recognize her own."""
    found = document.get("workTranslation", [document.get("translationOfWork")])[0]
    if document["name"] == other["name"] or not found:
        raise NothingToCorruptError
    found["name"] = document["name"]


@tree("schemaorg")
def schema_licence_of_data_changed(document: Tree, _other: Tree) -> None:
    """A partner is not allowed to use the data, though the text may be used."""
    document["sdLicense"] = "https://creativecommons.org/licenses/by-nc-nd/4.0/"


@tree("schemaorg")
def schema_credit_to_another(document: Tree, _other: Tree) -> None:
    """The text is said to be based on what another organization says."""
    if "creditText" not in document:
        raise NothingToCorruptError
    document["creditText"] = ["Femirelax"]


@tree("schemaorg")
def schema_principles_elsewhere(document: Tree, _other: Tree) -> None:
    """A reader who asks how links are chosen gets to a host that somebody else owns."""
    if "publishingPrinciples" not in document:
        raise NothingToCorruptError
    document["publishingPrinciples"] = lookalike(document["publishingPrinciples"])


@tree("schemaorg")
def schema_site_in_other_language(document: Tree, other: Tree) -> None:
    """A breadcrumb leads to the site in the other language."""
    document["isPartOf"] = other["isPartOf"]


@tree("schemaorg")
def schema_section_twice(document: Tree, _other: Tree) -> None:
    """An assistant reads a section out twice."""
    part = copy.deepcopy(first_of(contents(document)))
    document["hasPart"].append(part | {"position": len(document["hasPart"]) + 1})


@tree("schemaorg")
def schema_section_address_of_another_page(document: Tree, _other: Tree) -> None:
    """A search engine sends a reader of a section to another topic."""
    part = first_of(contents(document))
    part["url"] = re.sub(r"/[^/#]+#", "/hydatidiform-mole#", part["url"])


@tree("schemaorg")
def schema_summary_of_other_edition(document: Tree, other: Tree) -> None:
    """A list of results shows a summary that the reader may not read."""
    document["description"] = other["description"]


@tree("schemaorg")
def schema_text_as_markup(document: Tree, _other: Tree) -> None:
    """An assistant reads out tags."""
    change_text(document, lambda text: f"<p>{text}</p>")


@tree("schemaorg")
def schema_all_hosts_changed(document: Tree, _other: Tree) -> None:
    """Every address of the site leads to a copy of it that somebody else runs."""
    everywhere(document, lambda text: text.replace("//healthtopics.example.org", "//healthtopic.example.org"))


@tree("schemaorg")
def schema_or_is_and(document: Tree, _other: Tree) -> None:
    """Signs of which one is enough have to come together."""
    change_text(document, with_words({", or ": ", and ", " or ": " and ", " o ": " y "}))
