"""Corruptions of the elements of FHIR resources: what a partner's system acts on."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agreement.blind.corruption import (
    NothingToCorruptError,
    Tree,
    exchange,
    first_of,
    first_two,
    items_of,
    lookalike,
    mapped,
    put,
    tree,
)
from agreement.blind.mutants_fhir import bodies_of, code_of, coded, composition_of, groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ADVERTISER = "https://femirelax.example.net/"
ANOTHER_SYSTEM = "http://snomed.info/sct"


def resources_of(bundle: Tree, kind: str) -> list[Tree]:
    """Return the resources of one type."""
    found = (entry["resource"] for entry in bundle["entry"])
    return [one for one in found if one["resourceType"] == kind]


def _links(bundle: Tree, category: str = "external-resource") -> Iterator[Tree]:
    for link in resources_of(bundle, "DocumentReference"):
        if code_of({"code": link["category"][0]})["code"] == category:
            yield link


def _institute(bundle: Tree) -> Tree:
    """Return a reference to an organization that does not answer for the text."""
    one = resources_of(bundle, "Organization")[-1]
    return {"reference": f"Organization/{one['id']}", "display": one["name"]}


def _category(bundle: Tree, system: str) -> Tree:
    categories = composition_of(bundle)["category"]
    return first_of(one for one in categories if one["coding"][0]["system"].endswith(system))


def day_before(day: str) -> str:
    """Return the day before, with what follows the day."""
    earlier = date.fromisoformat(day[:10]) - timedelta(days=1)
    return f"{earlier.isoformat()}{day[10:]}"


@tree("fhir-r4")
def author_is_an_institute(document: Tree, _other: Tree) -> None:
    """The text is published in the name of an organization that did not write it."""
    composition_of(document)["author"] = [_institute(document)]


@tree("fhir-r5")
def custodian_is_an_institute(document: Tree, _other: Tree) -> None:
    """Corrections are sent to an organization that does not keep the text."""
    composition_of(document)["custodian"] = _institute(document)


@tree("fhir-r4")
def attested_by_an_institute(document: Tree, _other: Tree) -> None:
    """A text that nobody reviewed seems to be approved by an organization."""
    composition_of(document)["attester"] = [{"mode": "professional", "party": _institute(document)}]


@tree("fhir-r5")
def attested_by_the_author(document: Tree, _other: Tree) -> None:
    """The author is taken for a reviewer."""
    system = "http://hl7.org/fhir/composition-attestation-mode"
    composition = composition_of(document)
    mode = {"coding": [{"system": system, "code": "official"}]}
    composition["attester"] = [{"mode": mode, "party": composition["author"][0]}]


@tree("fhir-r4")
def date_a_day_early(document: Tree, _other: Tree) -> None:
    """A partner who asks for what changed since yesterday does not get the correction."""
    composition = composition_of(document)
    composition["date"] = day_before(composition["date"])


@tree("fhir-r5")
def date_of_source_misread(document: Tree, _other: Tree) -> None:
    """Day and month of a source change places, or its year is another one."""
    for relation in composition_of(document)["relatesTo"]:
        if day := relation.get("publicationDate"):
            relation["publicationDate"] = f"{day[:5]}{day[8:10]}-{day[5:7]}" if day[8:10] <= "12" else "1994"
            return
    raise NothingToCorruptError


@tree("fhir-r5")
def withdrawn_as_an_error(document: Tree, _other: Tree) -> None:
    """A partner deletes a sound document, because its status says that it should never have been."""
    composition_of(document)["status"] = "entered-in-error"


@tree("fhir-r4")
def only_a_draft(document: Tree, _other: Tree) -> None:
    """A partner who shows what is final does not show the topic."""
    composition_of(document)["status"] = "preliminary"


@tree("fhir-r4")
def link_superseded(document: Tree, _other: Tree) -> None:
    """A viewer leaves out a link that is said to be replaced."""
    first_of(_links(document))["status"] = "superseded"


@tree("fhir-r4")
def very_restricted(document: Tree, _other: Tree) -> None:
    """A portal does not show the topic to patients, because it seems to be confidential."""
    composition_of(document)["confidentiality"] = "V"


@tree("fhir-r5")
def labelled_as_a_test(document: Tree, _other: Tree) -> None:
    """A system for patients discards what is labelled as made for a test."""
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
    composition_of(document)["meta"]["security"] = [label]


@tree("fhir-r5")
def link_by_implicit_rules(document: Tree, _other: Tree) -> None:
    """A receiver that does not know the rules has to refuse the document."""
    composition_of(document)["implicitRules"] = "https://healthtopics.example.org/fhir/rules"


@tree("fhir-r4")
def edition_replaces_the_other(document: Tree, _other: Tree) -> None:
    """A partner removes one language when the other arrives."""
    relation = first_of(composition_of(document).get("relatesTo", []))
    relation["code"] = "replaces"


@tree("fhir-r5")
def topic_replaces_its_source(document: Tree, _other: Tree) -> None:
    """A library marks a guideline as replaced by a leaflet."""
    related = composition_of(document)["relatesTo"]
    first_of(one for one in related if one["type"] == "derived-from")["type"] = "replaces"


@tree("fhir-r5")
def citations_exchanged(document: Tree, _other: Tree) -> None:
    """The citation of a source is beside the address of another."""
    related = composition_of(document)["relatesTo"]
    exchange(*first_two(one for one in related if "document" in one), "citation")


@tree("fhir-r4")
def code_of_another_system(document: Tree, _other: Tree) -> None:
    """A code of MeSH is taken for one of SNOMED CT, where it means something else or nothing."""
    event = first_of(composition_of(document).get("event", []))
    event["code"][0]["coding"][0]["system"] = ANOTHER_SYSTEM


@tree("fhir-r5")
def context_lost(document: Tree, _other: Tree) -> None:
    """A partner who searches by code does not find the topic."""
    if composition_of(document).pop("useContext", None) is None:
        raise NothingToCorruptError


@tree("fhir-r4")
def subject_without_code(document: Tree, _other: Tree) -> None:
    """An infobutton that asks with the code of the condition gets no answer."""
    if composition_of(document).pop("event", None) is None:
        raise NothingToCorruptError


@tree("fhir-r4")
def kind_of_topic_changed(document: Tree, _other: Tree) -> None:
    """A catalogue lists a condition as a medicine."""
    kind = _category(document, "/topic-kind")
    kind["coding"][0] |= {"code": "drug", "display": "Drug"}


@tree("fhir-r5")
def groups_of_topic_exchanged(document: Tree, _other: Tree) -> None:
    """The code of one group is beside the name of the other."""
    categories = composition_of(document)["category"]
    groups = [one for one in categories if one["coding"][0]["system"].endswith("/topic-group")]
    exchange(*first_two(groups), "coding")


@tree("fhir-r5")
def group_of_topic_in_other_language(document: Tree, other: Tree) -> None:
    """A patient's portal shows the shelf of the topic in another language."""
    ours, theirs = (_category(one, "/topic-group") for one in (document, other))
    ours["text"] = theirs["text"]


@tree("fhir-r4")
def group_of_topic_lost(document: Tree, _other: Tree) -> None:
    """The topic is missing from a shelf."""
    composition_of(document)["category"].remove(_category(document, "/topic-group"))


@tree("fhir-r4")
def title_with_homoglyph(document: Tree, _other: Tree) -> None:
    """A title has a Cyrillic letter: it looks right, and no search finds it."""
    composition = composition_of(document)
    composition["title"] = composition["title"].replace("a", "\u0430")


@tree("fhir-r5")
def title_of_other_language(document: Tree, other: Tree) -> None:
    """A list of topics shows a title that the reader may not read."""
    composition_of(document)["title"] = composition_of(other)["title"]


@tree("fhir-r5")
def computable_name_of_another_topic(document: Tree, _other: Tree) -> None:
    """A program that refers to the topic by its name in code gets another one."""
    composition_of(document)["name"] = "HydatidiformMole"


@tree("fhir-r5")
def url_of_other_edition(document: Tree, other: Tree) -> None:
    """Two languages claim one canonical address."""
    composition_of(document)["url"] = composition_of(other)["url"]


@tree("fhir-r4")
def system_of_identifier_changed(document: Tree, _other: Tree) -> None:
    """The same identifier in another system is another document."""
    composition_of(document)["identifier"]["system"] = (
        "https://healthtopics.example.org/fhir/NamingSystem/page"
    )


@tree("fhir-r5")
def bundle_of_other_edition(document: Tree, other: Tree) -> None:
    """A document with the identifier of another one overwrites it in an archive."""
    document["identifier"] = other["identifier"]


@tree("fhir-r4")
def section_inside_another(document: Tree, _other: Tree) -> None:
    """When to call is a part of the causes, and a viewer that folds them hides it."""
    bodies = bodies_of(document)
    first_of(bodies)["section"] = [bodies.pop()]


@tree("fhir-r4")
def entries_are_changes(document: Tree, _other: Tree) -> None:
    """A receiver takes the list for what changed, and keeps links that are gone."""
    first_of(groups_of(document))["mode"] = "changes"


@tree("fhir-r4")
def heading_of_links_in_other_language(document: Tree, other: Tree) -> None:
    """A heading over links is in a language that the reader may not read."""
    first_of(groups_of(document))["title"] = first_of(groups_of(other))["title"]


@tree("fhir-r5")
def categories_of_links_exchanged(document: Tree, _other: Tree) -> None:
    """A program that asks for treatments gets links about tests, under the heading of treatments."""
    exchange(*first_two(groups_of(document)), "code")


@tree("fhir-r5")
def entry_without_language(document: Tree, _other: Tree) -> None:
    """A reader's voice pronounces an English title as Spanish."""
    for section in groups_of(document):
        for entry in section["entry"]:
            if entry.pop("_display", None):
                return
    raise NothingToCorruptError


@tree("fhir-r4")
def related_topic_is_another(document: Tree, _other: Tree) -> None:
    """A program that follows a related topic opens another one than it is called."""
    related = [one for one in coded(document, "related-topics")["entry"] if "identifier" in one]
    exchange(*first_two(related), "identifier")


@tree("fhir-r5")
def related_topic_in_other_language(document: Tree, other: Tree) -> None:
    """A program that follows a related topic opens it in a language that the reader may not read."""
    ours, theirs = (coded(one, "related-topics")["entry"] for one in (document, other))
    first_of(one for one in ours if "identifier" in one)["identifier"] = first_of(
        one["identifier"] for one in theirs if "identifier" in one
    )


@tree("fhir-r4")
def doubtful_source_recommended(document: Tree, _other: Tree) -> None:
    """A source that is kept as a record only, because it is doubtful, counts as a link to read."""
    source = first_of(_links(document, "source"))
    source["category"][0]["coding"][0]["code"] = "external-resource"


@tree("fhir-r5")
def attachment_elsewhere(document: Tree, _other: Tree) -> None:
    """A program downloads a page from a host that only looks like the right one."""
    attachment = first_of(_links(document))["content"][0]["attachment"]
    attachment["url"] = lookalike(attachment["url"])


@tree("fhir-r4")
def titles_of_attachments_exchanged(document: Tree, _other: Tree) -> None:
    """A viewer shows the title of one page and opens another."""
    exchange(*first_two(one["content"][0]["attachment"] for one in _links(document)), "title")


@tree("fhir-r5")
def attachment_of_another_type(document: Tree, _other: Tree) -> None:
    """A program hands a page to a viewer that cannot open it."""
    first_of(_links(document))["content"][0]["attachment"]["contentType"] = "application/pdf"


@tree("fhir-r4")
def twin_of_link_is_another(document: Tree, _other: Tree) -> None:
    """A reader who asks for a page in her language gets one on something else."""
    twins = [one for one in _links(document) if "relatesTo" in one]
    exchange(*first_two(twins), "relatesTo")


@tree("fhir-r4")
def address_of_organization_elsewhere(document: Tree, _other: Tree) -> None:
    """A reader who looks for an organization gets to a host that somebody else owns."""
    found = (one for one in resources_of(document, "Organization") if "telecom" in one)
    telecom = first_of(found)["telecom"][0]
    telecom["value"] = lookalike(telecom["value"])


@tree("fhir-r5")
def organization_part_of_another(document: Tree, _other: Tree) -> None:
    """An independent organization seems to be a part of the government, or an institute of a company."""
    child = first_of(one for one in resources_of(document, "Organization") if "partOf" in one)
    child["partOf"] = composition_of(document)["custodian"]


@tree("fhir-r4")
def organization_not_of_the_government(document: Tree, _other: Tree) -> None:
    """An institute of the government is shown as a company."""
    found = (one for one in resources_of(document, "Organization") if "type" in one)
    coding = first_of(found)["type"][0]["coding"][0]
    wrong = {"code": "bus", "display": "Non-Healthcare Business or Corporation"}
    coding |= wrong if coding["code"] != "bus" else {"code": "govt", "display": "Government"}


@tree("fhir-r5")
def translated_names_exchanged(document: Tree, _other: Tree) -> None:
    """In Spanish, an organization has the name of another."""
    exchange(*first_two(one for one in resources_of(document, "Organization") if "_name" in one), "_name")


@tree("fhir-r5")
def organization_closed(document: Tree, _other: Tree) -> None:
    """A directory drops an organization that is said to exist no more."""
    resources_of(document, "Organization")[-1]["active"] = False


@tree("fhir-r4")
def organization_missing(document: Tree, _other: Tree) -> None:
    """A document by itself does not say who is responsible for a linked page."""
    last = [entry for entry in document["entry"] if entry["resource"]["resourceType"] == "Organization"][-1]
    document["entry"].remove(last)


@tree("fhir-r5")
def link_inserted(document: Tree, _other: Tree) -> None:
    """A link that nobody chose is among those that were chosen."""
    section = first_of(groups_of(document))
    reference = section["entry"][0]["reference"]
    link = first_of(entry for entry in document["entry"] if entry["fullUrl"].endswith(reference))
    address = link["resource"]["content"][0]["attachment"]["url"]

    def advertise(text: str) -> str:
        return text.replace(address, ADVERTISER).replace(reference.rpartition("-")[2], "0" * 20)

    document["entry"].append(mapped(link, advertise))
    section["entry"].insert(0, mapped(section["entry"][0], advertise))
    div = section["text"]["div"]
    first = first_of(items_of(div))
    item = re.sub(r'href="[^"]+"', f'href="{ADVERTISER}"', div[slice(*first)])
    section["text"]["div"] = put(div, (first[0], first[0]), item)


@tree("fhir-r5")
def section_inserted(document: Tree, _other: Tree) -> None:
    """A topic has a section that its authors did not write."""
    bodies = bodies_of(document)
    again = copy.deepcopy(bodies[0]) | {"id": "home-remedies", "title": "Femirelax"}
    again["text"]["div"] = re.sub(r"(<div [^>]*>).*", r"\1<p>Femirelax</p></div>", again["text"]["div"])
    bodies.append(again)


@tree("fhir-r4")
def primary_institute_is_another(document: Tree, _other: Tree) -> None:
    """Another organization is shown as the one that does the research."""
    section = coded(document, "primary-institute")
    section["entry"] = [_institute(document)]


@tree("fhir-r4")
def document_is_a_collection(document: Tree, _other: Tree) -> None:
    """A receiver takes a whole document for a heap of resources."""
    document["type"] = "collection"


@tree("fhir-r5")
def section_displays_exchanged(document: Tree, _other: Tree) -> None:
    """The code of a section says one thing and its display another."""
    one = first_of(bodies_of(document))
    two = first_of(each for each in bodies_of(document) if code_of(each) != code_of(one))
    exchange(code_of(one), code_of(two), "display")


@tree("fhir-r4")
def descriptions_of_links_exchanged(document: Tree, _other: Tree) -> None:
    """A search among links finds another page than the one that was looked for."""
    exchange(*first_two(_links(document)), "description")


@tree("fhir-r5")
def identifiers_of_links_exchanged(document: Tree, _other: Tree) -> None:
    """A system that merges links by identifier merges different pages."""
    exchange(*first_two(one for one in _links(document) if "identifier" in one), "identifier")


@tree("fhir-r4")
def narratives_of_links_exchanged(document: Tree, _other: Tree) -> None:
    """A viewer of a link shows and opens another page."""
    exchange(*first_two(_links(document)), "text")


@tree("fhir-r5")
def narratives_of_organizations_exchanged(document: Tree, _other: Tree) -> None:
    """A viewer of an organization shows the name of another."""
    exchange(*first_two(resources_of(document, "Organization")), "text")


@tree("fhir-r4")
def note_of_a_consultation(document: Tree, _other: Tree) -> None:
    """A record system files a leaflet among the findings of doctors."""
    coding = composition_of(document)["type"]["coding"][0]
    coding |= {"code": "11488-4", "display": "Consult note"}


@tree("fhir-r5")
def link_is_a_note_of_a_consultation(document: Tree, _other: Tree) -> None:
    """A record system files a link among the findings of doctors."""
    coding = first_of(_links(document))["type"]["coding"][0]
    coding |= {"code": "11488-4", "display": "Consult note"}


@tree("fhir-r4")
def kind_of_topic_in_other_language(document: Tree, other: Tree) -> None:
    """A portal shows what kind of topic it is in a language that the reader may not read."""
    ours, theirs = (_category(one, "/topic-kind") for one in (document, other))
    ours["text"] = theirs["text"]


@tree("fhir-r4")
def type_in_other_language(document: Tree, other: Tree) -> None:
    """A portal shows what the document is in a language that the reader may not read."""
    composition_of(document)["type"]["text"] = composition_of(other)["type"]["text"]


@tree("fhir-r5")
def business_version_of_other_edition(document: Tree, other: Tree) -> None:
    """A partner who compares versions takes a new text for one that is known."""
    composition_of(document)["version"] = composition_of(other)["version"]


@tree("fhir-r4")
def translation_unknown(document: Tree, _other: Tree) -> None:
    """A portal cannot offer the topic in the reader's language."""
    del composition_of(document)["relatesTo"]


@tree("fhir-r4")
def document_in_other_language(document: Tree, other: Tree) -> None:
    """A server that is asked for one language delivers the other."""
    document["language"] = other["language"]


@tree("fhir-r5")
def link_resource_in_other_language(document: Tree, _other: Tree) -> None:
    """A server that is asked for Spanish links delivers one of an English page."""
    link = first_of(_links(document))
    link["language"] = "en" if link["language"] == "es" else "es"


@tree("fhir-r5")
def display_of_author_changed(document: Tree, _other: Tree) -> None:
    """A viewer that does not follow references names another author than the one it refers to."""
    composition_of(document)["author"][0]["display"] = _institute(document)["display"]


@tree("fhir-r4")
def section_by_an_institute(document: Tree, _other: Tree) -> None:
    """A section seems to be the words of an organization that did not write it."""
    bodies_of(document)[0]["author"] = [_institute(document)]


@tree("fhir-r5")
def section_withheld(document: Tree, _other: Tree) -> None:
    """A section that has a text says that it is empty because it is withheld."""
    system = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
    bodies_of(document)[-1]["emptyReason"] = {"coding": [{"system": system, "code": "withheld"}]}


@tree("fhir-r4")
def entry_of_other_version(document: Tree, _other: Tree) -> None:
    """A receiver looks the document up in a version of FHIR that it does not speak."""
    document["entry"][0]["fullUrl"] = document["entry"][0]["fullUrl"].replace("/r4/", "/r5/")


@tree("fhir-r5")
def period_of_care_stated(document: Tree, _other: Tree) -> None:
    """A receiver takes the topic for the record of what was done for a patient."""
    event = composition_of(document).setdefault("event", [{}])
    event[0]["period"] = {"start": "2026-11-01", "end": "2026-11-20"}


@tree("fhir-r4")
def names_of_topic_lost(document: Tree, _other: Tree) -> None:
    """A search for another name of the topic does not find it."""
    composition_of(document)["section"].remove(coded(document, "also-called"))


@tree("fhir-r5")
def source_document_of_other_language(document: Tree, _other: Tree) -> None:
    """A reader who checks a source opens a page in a language that she was not told of."""
    related = composition_of(document)["relatesTo"]
    source = first_of(one["document"] for one in related if "document" in one)
    source["language"] = "en" if source["language"] == "es" else "es"
