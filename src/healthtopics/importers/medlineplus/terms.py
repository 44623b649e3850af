"""Groups, categories and organizations of the collection → entries of the vocabularies, bilingual."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from healthtopics.importers.medlineplus.record import SPANISH, Record
from healthtopics.importers.shared.slugs import slug
from healthtopics.jsontext import JsonObject
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.topic import LocalizedTerm

_TECHNICAL: Final = re.compile(r"NON-DISPLAY\b|Spanish/Español$", re.IGNORECASE)
"""Categories that NLM's own pages never show."""
_SHARE: Final = 0.6
"""The share of the times a Spanish name is seen with an English one that must be with the same one."""
_FEWEST: Final = 3
"""The fewest links that show two categories to be counterparts: a single link may be filed elsewhere."""

CATEGORIES: Final = "categories"
GROUPS: Final = "groups"
ORGANIZATIONS: Final = "organizations"


def is_shown(category: str) -> bool:
    """Return whether readers see a category; technical ones control NLM's own pages."""
    return not _TECHNICAL.match(category)


@dataclass(slots=True)
class _Names:
    """The names of one vocabulary as the collection uses them."""

    fewest: int = 1
    """The fewest links that must show two names to be counterparts."""
    english: dict[str, str] = field(default_factory=dict)
    """Name → address, usually empty, in order of appearance."""
    addresses: dict[str, str] = field(default_factory=dict)
    """English name → the address for readers of Spanish, where that is another one."""
    spanish: dict[str, str] = field(default_factory=dict)
    """Name → address, usually empty, in order of appearance."""
    votes: dict[str, Counter[str]] = field(default_factory=dict)
    """Spanish name → the English names that it was used for."""

    def pair(self, english: Sequence[str], spanish: Sequence[str]) -> None:
        """Record the names that one site has in both languages; the rest of each side are paired."""
        here = [name for name in english if name not in spanish]
        there = [name for name in spanish if name not in english]
        if len(here) == len(there) == 1:
            self.votes.setdefault(there[0], Counter())[here[0]] += 1

    def counterparts(self) -> dict[str, str]:
        """Return the English name of each Spanish one that certainly has one; each English name once."""
        sure = {
            spanish: (votes.most_common(1)[0][1], votes.most_common(1)[0][0])
            for spanish, votes in self.votes.items()
            if votes.most_common(1)[0][1] >= max(self.fewest, _SHARE * votes.total())
        }
        found: dict[str, str] = {}
        for spanish, (_, english) in sorted(sure.items(), key=lambda item: (-item[1][0], item[0])):
            if english not in found.values():
                found[spanish] = english
        return found


class Survey:
    """Collects the names of the whole collection, one topic at a time."""

    def __init__(self) -> None:
        self._names = {CATEGORIES: _Names(_FEWEST), ORGANIZATIONS: _Names()}
        self._groups: dict[str, tuple[str, str, str]] = {}
        """NLM's id → English name, Spanish name, address."""

    def add(self, english: Record, spanish: Record | None, *, is_wanted: bool = True) -> None:
        """Add a topic; one that is not wanted only helps to pair names."""
        if is_wanted:
            self._add_names(english, spanish)
        if spanish is None:
            return
        if english.institute and spanish.institute:
            self._names[ORGANIZATIONS].pair([english.institute.name], [spanish.institute.name])
        there = {site.url: site for site in spanish.sites}
        for site in english.sites:
            if twin := there.get(site.twin_url):
                shown = ([name for name in each.categories if is_shown(name)] for each in (site, twin))
                self._names[CATEGORIES].pair(*shown)
                self._names[ORGANIZATIONS].pair(site.organizations, twin.organizations)

    def _add_names(self, english: Record, spanish: Record | None) -> None:
        for record in filter(None, (english, spanish)):
            for group in record.groups:
                name, other, url = self._groups.get(group.id, ("", "", ""))
                is_english = record.language == SOURCE
                self._groups[group.id] = (
                    (name or group.name, other, url or group.url)
                    if is_english
                    else (name, other or group.name, url)
                )
            self._add_sites(record)
        organizations = self._names[ORGANIZATIONS]
        if english.institute:
            known = organizations.english.get(english.institute.name)
            organizations.english[english.institute.name] = known or english.institute.url
        if spanish and spanish.institute:
            name, url = spanish.institute.name, spanish.institute.url
            organizations.spanish[name] = organizations.spanish.get(name) or url
            if english.institute and url not in ("", english.institute.url):
                organizations.addresses.setdefault(english.institute.name, url)

    def _add_sites(self, record: Record) -> None:
        for site in record.sites:
            used = {CATEGORIES: filter(is_shown, site.categories), ORGANIZATIONS: site.organizations}
            for vocabulary, names in used.items():
                for name in names:
                    if record.language == SOURCE:
                        self._names[vocabulary].english.setdefault(name, "")
                    else:
                        self._names[vocabulary].spanish.setdefault(name, "")

    def settle(
        self,
        terms: Mapping[str, Mapping[str, LocalizedTerm]],
        known: Mapping[str, str],
        ours: Mapping[str, Collection[str]],
    ) -> "VocabularyKeys":
        """Assign a key to every name.

        `terms` holds the current vocabulary, in English, with the labels of all languages. `known` holds the
        keys that the last import assigned to names (`categories/Start Here`); they never change.
        `ours` has, by vocabulary, the keys of the entries that the last import offered.
        """
        settled = VocabularyKeys(known=dict(known))

        def settling(vocabulary: str) -> "_Settling":
            return _Settling(settled, vocabulary, terms.get(vocabulary, {}), ours.get(vocabulary, ()))

        for vocabulary, names in self._names.items():
            settling(vocabulary).names(names)
        groups = settling(GROUPS)
        for key, (english, spanish, url) in self._groups.items():
            groups.group(key, english, spanish, url)
        return settled


@dataclass(slots=True)
class VocabularyKeys:
    """The keys of names, and the new members of the vocabularies."""

    known: dict[str, str] = field(default_factory=dict)
    """`vocabulary/name` → key, including names that the file no longer has."""
    entries: dict[str, list[JsonObject]] = field(default_factory=dict)
    """Vocabulary → entries of this import, in order of appearance."""
    found: dict[str, list[JsonObject]] = field(default_factory=dict)
    """Vocabulary → what this import would have for entries that the workspace has already."""
    spanish: dict[str, str] = field(default_factory=dict)
    """English label or name → its Spanish, for the catalogue of the vocabulary."""

    def category(self, name: str) -> str:
        """Return the key of a category by its name in either language."""
        return self.known[f"{CATEGORIES}/{name}"]

    def organization(self, name: str) -> str:
        """Return the key of an organization by its name in either language."""
        return self.known[f"{ORGANIZATIONS}/{name}"]

    def group(self, id_: str) -> str:
        """Return the key of a group by NLM's id."""
        return self.known[f"{GROUPS}/{id_}"]


class _Settling:
    """Assigns keys to the names of one vocabulary."""

    def __init__(
        self,
        settled: VocabularyKeys,
        vocabulary: str,
        terms: Mapping[str, LocalizedTerm],
        ours: Collection[str],
    ) -> None:
        self._settled = settled
        self._vocabulary = vocabulary
        self._terms = terms
        self._member = "name" if vocabulary == ORGANIZATIONS else "label"
        self._ours = set(ours)
        given = (key for name, key in settled.known.items() if name.startswith(f"{vocabulary}/"))
        self._taken = {*terms, *self._ours, *given}
        self._by_label = {
            label.casefold(): key for key, term in terms.items() for label in term.labels.values()
        }

    def names(self, names: _Names) -> None:
        counterparts = names.counterparts()
        spanish_of = {english: spanish for spanish, english in counterparts.items()}
        for name, url in names.english.items():
            self._add(name, name, spanish_of.get(name, ""), url, SOURCE, names.addresses.get(name, ""))
        known = self._settled.known
        keys = {known[f"{self._vocabulary}/{name}"] for name in names.english}
        for name, url in names.spanish.items():
            english = counterparts.get(name)
            if english is None and names.fewest > 1 and known.get(f"{self._vocabulary}/{name}") in keys:
                del known[f"{self._vocabulary}/{name}"]  # an earlier import took them for counterparts
            if english in names.english:
                # It may have had another key while its counterpart was not known.
                key = self._settled.known[f"{self._vocabulary}/{english}"]
                self._settled.known[f"{self._vocabulary}/{name}"] = key
            elif name not in names.english:
                self._add(name, name, "", url, SPANISH)

    def group(self, id_: str, english: str, spanish: str, url: str) -> None:
        """Give a group its key; one that only Spanish records have keeps its Spanish name."""
        language = SOURCE if english else SPANISH
        self._add(id_, english or spanish, spanish if english else "", url, language)

    def _add(
        self, name: str, label: str, spanish: str, url: str, language: LanguageTag, spanish_url: str = ""
    ) -> None:
        place = f"{self._vocabulary}/{name}"
        key = self._settled.known.get(place) or self._by_label.get(label.casefold()) or self._by_key(label)
        is_ours = key is None or key in self._ours or key not in self._terms
        if key is None:
            key = slug(label, 64, self._taken)
            self._taken.add(key)
            self._ours.add(key)
            self._by_label[label.casefold()] = key
        self._settled.known[place] = key
        if spanish:
            self._settled.spanish.setdefault(label, spanish)
        # An entry that the workspace has already needs nothing but the address for readers of Spanish.
        is_offered = is_ours or bool(spanish_url)
        kind = self._settled.entries if is_offered else self._settled.found
        entries = kind.setdefault(self._vocabulary, [])
        if all(entry["id"] != key for entry in entries):
            entries.append(
                {"id": key, self._member: self._text(label, spanish, language)}
                | ({"url": url} if url else {})
                | ({"urls": {SPANISH: spanish_url}} if spanish_url else {})
            )

    def _by_key(self, label: str) -> str | None:
        """Return the key of an entry that has another label but the same key: Encyclopedia."""
        key = slug(label, 64)
        return key if self._vocabulary != ORGANIZATIONS and key in self._terms else None

    def _text(self, label: str, spanish: str, language: LanguageTag) -> str | dict[str, str]:
        """Return the words in the form of an entry: what only one language has is its own text.

        An organization's name may be the same in every language, so an English one is never own text.
        """
        if language == SOURCE and (spanish or self._vocabulary == ORGANIZATIONS):
            return label
        return {"text": label, "language": language}
