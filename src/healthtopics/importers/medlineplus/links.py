"""The sites that a pair of records lists → the resources of a topic."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from healthtopics import jsontext
from healthtopics.importers.medlineplus.pairing import both_texts
from healthtopics.importers.medlineplus.record import ENGLISH, SPANISH, Record, SiteLink
from healthtopics.importers.medlineplus.terms import VocabularyKeys, is_shown
from healthtopics.importers.shared.report import Repair
from healthtopics.importers.shared.slugs import slug
from healthtopics.importers.shared.state import GivenIds, mark_of
from healthtopics.importers.shared.twins import StatedTwins
from healthtopics.jsontext import JsonObject
from healthtopics.reading.languages import recognition_of

_LONGEST_ID: Final = 64
"""In characters, as in the topic schema."""
_PUBMED: Final = re.compile(
    r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]+)/?"
)
_TRIAL: Final = re.compile(
    r"https?://(?:www\.)?clinicaltrials\.gov/(?:ct2/show|show|study)/(NCT[0-9]{8})\b.*"
)


@dataclass(frozen=True, slots=True)
class SitePair:
    """A site in one language or both."""

    english: SiteLink | None
    spanish: SiteLink | None

    @property
    def sites(self) -> tuple[SiteLink, ...]:
        """The sites that exist, English first."""
        return tuple(filter(None, (self.english, self.spanish)))

    def titles(self) -> tuple[str, str]:
        """Return the titles in both languages; empty if there is no site."""
        return (self.english.title if self.english else "", self.spanish.title if self.spanish else "")

    def links(self, listed: set[str]) -> dict[str, str]:
        """Return the addresses by language.

        A twin that the other record does not list is linked to from here, unless that record lists its
        address.
        """
        found: dict[str, str] = {}
        for language, site, other in (
            (ENGLISH, self.english, self.spanish),
            (SPANISH, self.spanish, self.english),
        ):
            if site:
                found[language] = site.url
            elif other and other.twin_url and other.twin_url not in listed:
                found[language] = other.twin_url
        return found


def pair_sites(english: Sequence[SiteLink], spanish: Sequence[SiteLink]) -> list[SitePair]:
    """Return English links with their Spanish twins, then Spanish ones without a twin."""
    left = list(spanish)
    pairs: list[SitePair] = []
    for site in english:
        twin = next((other for other in left if other.url == site.twin_url), None) or next(
            (other for other in left if other.twin_url == site.url), None
        )
        if twin:
            left.remove(twin)
        pairs.append(SitePair(site, twin))
    return [*pairs, *(SitePair(None, site) for site in left)]


def resources_of(
    english: Record, spanish: Record | None, given: GivenIds, keys: VocabularyKeys
) -> tuple[list[JsonObject], list[Repair]]:
    """Return the resources of a topic, and the repairs; a link keeps the id of the last import."""
    links = [*english.sites, *(spanish.sites if spanish else ())]
    listed = {site.url for site in links}
    ids = _LinkIds.of(given)
    found: list[JsonObject] = []
    repairs: list[Repair] = []
    is_bilingual = spanish is not None
    for pair in pair_sites(english.sites, spanish.sites if spanish else ()):
        categories = _categories(pair, keys)
        if not categories:
            title = pair.sites[0].title
            message = f"“{title}” is in no category that readers see."
            repairs.append(Repair("medlineplus-link-hidden", message))
            continue
        names = dict.fromkeys(name for site in pair.sites for name in site.organizations)
        resource = {
            "categories": categories,
            "title": both_texts(*pair.titles(), is_bilingual=is_bilingual),
            "organizations": list(dict.fromkeys(map(keys.organization, names))),
            **_kind(pair.sites[0]),
            "links": pair.links(listed),
        }
        members = {name: value for name, value in resource.items() if value not in ([], None)}
        found.append({"id": ids.take(members["links"], pair.sites[0]), **members})
    return found, repairs


def add_twins(stated: StatedTwins, english: Record, spanish: Record | None = None) -> None:
    """Add the pages that a pair of records states to be one page in both languages."""
    if spanish:
        stated.add(english.url, spanish.url)
    sites = spanish.sites if spanish else ()
    listed = {site.url for site in (*english.sites, *sites)}
    for pair in pair_sites(english.sites, sites):
        links = pair.links(listed)
        if len(links) > 1:
            stated.add(links[ENGLISH], links[SPANISH])


def _categories(pair: SitePair, keys: VocabularyKeys) -> Any:  # noqa: ANN401 - a list, or lists by language
    """Return the categories that readers see; empty if there are none."""
    here, there = (
        list(dict.fromkeys(keys.category(name) for name in site.categories if is_shown(name))) if site else []
        for site in (pair.english, pair.spanish)
    )
    if pair.english and pair.spanish and here != there:
        return {ENGLISH: here, SPANISH: there}
    return here or there


def _kind(site: SiteLink) -> JsonObject:
    """Return the kind of a link's target, if the file gives it, and its identifiers."""
    said = " ".join((*site.descriptions, *site.categories)).casefold()
    if match := _PUBMED.fullmatch(site.url):
        return {"kind": "article", "identifiers": [{"system": "pmid", "value": match[1]}]}
    if match := _TRIAL.fullmatch(site.url):
        return {"kind": "page", "identifiers": [{"system": "nct", "value": match[1]}]}
    if "clinicaltrials.gov/" in site.url:
        return {"kind": "search"}
    is_video = any(recognition_of(language).video.search(said) for language in (ENGLISH, SPANISH))
    return {"kind": "video" if is_video else "page"}


@dataclass(slots=True)
class _LinkIds:
    """Assigns ids to links: those of the last import, else new ones."""

    given: dict[str, list[str]]
    """Mark of an address → ids of its links in the last import."""
    taken: set[str]
    """All ids of the last import."""
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, given: GivenIds) -> "_LinkIds":
        ids: dict[str, list[str]] = {}
        for marks, key in given.links:
            for mark in marks:
                ids.setdefault(mark, []).append(key)
        return cls(ids, {key for _, key in given.links})

    def take(self, links: Mapping[str, str], site: SiteLink) -> str:
        """Return the id of a link; each is used once."""
        known = (key for link in links.items() for key in self.given.get(mark_of(*link), ()))
        key = next((key for key in known if key not in self.used), "")
        if not key:
            mark = jsontext.digest(site.url.encode())[:6]
            key = slug(site.title, _LONGEST_ID, self.taken | self.used, mark)
        self.used.add(key)
        return key
