"""Corruptions of schema.org documents."""

from __future__ import annotations

import copy
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
    with_other_number,
    without_negation,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def contents(document: Tree) -> list[Tree]:
    """Return the sections of the topic itself, without its links."""
    return [part for part in document.get("hasPart", ()) if part["@type"] == "HealthTopicContent"]


def link_lists(document: Tree) -> list[Tree]:
    return [part["mainEntity"] for part in document.get("hasPart", ()) if "mainEntity" in part]


def change_text(document: Tree, change: Callable[[str], str]) -> None:
    for content in contents(document):
        text = content.get("text", "")
        if (changed := change(text)) != text:
            content["text"] = changed
            return
    raise NothingToCorruptError


@tree("schemaorg")
def schema_line_lost(document: Tree, _other: Tree) -> None:
    """The last section that has a list lacks an item, here only."""
    part = first_of(one for one in reversed(contents(document)) if one["text"].count("\n") > 2)
    lines = part["text"].split("\n")
    del lines[2]
    part["text"] = "\n".join(lines)


@tree("schemaorg")
def schema_number_changed(document: Tree, _other: Tree) -> None:
    """A search engine quotes another number than the page has."""
    change_text(document, with_other_number)


@tree("schemaorg")
def schema_paragraph_in_other_language(document: Tree, other: Tree) -> None:
    """A paragraph under the reader's heading is in the other language."""
    part, theirs = first_of(contents(document)), first_of(contents(other))
    part["text"] = "\n".join([theirs["text"].split("\n")[0], *part["text"].split("\n")[1:]])


@tree("schemaorg")
def schema_headlines_exchanged(document: Tree, _other: Tree) -> None:
    """An assistant reads out the answer to another question."""
    exchange(*first_two(contents(document)), "headline")


@tree("schemaorg")
def schema_link_titles_exchanged(document: Tree, _other: Tree) -> None:
    """Two links of a category have each other's title."""
    links = first_of(one for one in link_lists(document) if one["numberOfItems"] > 1)
    exchange(*first_two(one["item"] for one in links["itemListElement"]), "name")


@tree("schemaorg")
def schema_link_to_lookalike_host(document: Tree, _other: Tree) -> None:
    """A link of a trusted organization leads to a host that belongs to somebody else."""
    item = first_of(link_lists(document))["itemListElement"][0]["item"]
    url = item["url"]
    everywhere(document, lambda text: lookalike(text) if text == url else text)


@tree("schemaorg")
def schema_synonyms_in_other_language(document: Tree, other: Tree) -> None:
    """A search in the reader's language does not find the topic by its other names."""
    if not document["about"].get("alternateName") or not other["about"].get("alternateName"):
        raise NothingToCorruptError
    document["about"]["alternateName"] = other["about"]["alternateName"]


@tree("schemaorg")
def schema_section_language_wrong(document: Tree, other: Tree) -> None:
    """A voice reads a section with the pronunciation of another language."""
    first_of(contents(document))["inLanguage"] = other["inLanguage"]


@tree("schemaorg")
def schema_published_after_modified(document: Tree, _other: Tree) -> None:
    """The page was changed before it existed; whichever date is believed, its age is wrong."""
    year = int(document["dateModified"][:4]) - 3
    document["dateModified"] = f"{year}{document['dateModified'][4:]}"


@tree("schemaorg")
def schema_disclaimer_altered(document: Tree, _other: Tree) -> None:
    """The disclaimer says that the page does replace advice, or its address is that of something else."""
    usage = document["usageInfo"]
    if isinstance(usage, dict):
        usage["text"] = without_negation(usage["text"])
    else:
        document["usageInfo"] = document["license"]


@tree("schemaorg")
def schema_source_titles_exchanged(document: Tree, _other: Tree) -> None:
    """A reader who checks a source opens one that says something else."""
    exchange(*first_two(document.get("isBasedOn", ())), "name")


@tree("schemaorg")
def schema_translation_of_itself(document: Tree, _other: Tree) -> None:
    """The address of the other language leads back to this one."""
    found = document.get("workTranslation", [document.get("translationOfWork")])[0]
    if found is None:
        raise NothingToCorruptError
    found["@id"] = found["url"] = document["url"]


@tree("schemaorg")
def schema_related_topic_lost(document: Tree, _other: Tree) -> None:
    """A related topic is missing, in all lists that name it."""
    url = first_two(document.get("relatedLink", ()))[0]
    document["mentions"] = [one for one in document["mentions"] if one.get("url") != url]
    for key in ("relatedLink", "significantLink"):
        document[key] = [one for one in document.get(key, ()) if one != url] or document[key]


@tree("schemaorg")
def schema_subject_of_another_topic(document: Tree, _other: Tree) -> None:
    """A knowledge graph attaches everything that the page says to another condition."""
    subject = document["about"]["@id"]
    topics = (one.get("url", "") for one in document.get("mentions", ()))
    slug = first_of(one for one in topics if one.startswith(document["isPartOf"]["url"])).rpartition("/")[2]
    wrong = f"{subject.rpartition('/')[0]}/{slug}#subject"
    everywhere(document, lambda text: wrong if text == subject else text)


@tree("schemaorg")
def schema_link_twice(document: Tree, _other: Tree) -> None:
    """A link is listed twice: a reader thinks that there are two pages to read."""
    links = first_of(link_lists(document))
    again = copy.deepcopy(links["itemListElement"][0])
    links["numberOfItems"] = again["position"] = links["numberOfItems"] + 1
    links["itemListElement"].append(again)
