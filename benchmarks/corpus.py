"""Write a synthetic file in MedlinePlus's health-topic XML format, at the size of the real one.

    python benchmarks/corpus.py OUT.xml --topics 1020 --seed 1 [--edit N] [--counts]

**Everything in it is synthetic**: made-up conditions in made-up words (`material.toml`), no health advice;
only the format, the group ids and the names of page sections are MedlinePlus's. The file says so in a
comment, and every title has the word.

The same arguments give the same bytes on every machine. The file is written record by record; only a title
and a number are kept for each record. Records are sorted by title, as readers must expect: twins are far
apart. With `--edit N` it is the next day's file of the same seed: N topics changed only in English, N only
in Spanish, one withdrawn, one added, a new date-generated; every other record is the same, to the byte.

**Shares.** Of each hundred topics, a fixed number have each structure and each kind of dirt (`STRUCTURES`,
`DIRT`); the seed decides which. Dirt of the summary is left out if there is no summary, and Spanish dirt if
there is no twin. `--counts` prints what was put in.

In addition, every topic has: a share of http links and of addresses with ampersands among its sites, sites
with several categories and organizations, sites without organization, links that only one language has,
English sites whose Spanish twin is not listed, different numbers of synonyms, institutes whose Spanish
address is an anchor; MeSH headings and other languages only on the English record.
"""

import argparse
import json
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

Pair = tuple[str, str]
"""The English and the Spanish text."""
Side = Literal[0, 1]
ENGLISH: Side = 0
SPANISH: Side = 1

STRUCTURES: Mapping[str, int] = {
    "same": 44,  # block by block
    "paragraph-split": 7,  # one English paragraph is two in Spanish
    "paragraph-merged": 6,  # two English paragraphs are one in Spanish
    "list-as-sentence": 6,  # an English list is a Spanish sentence
    "sentence-as-list": 4,  # the other way round
    "sections-reordered": 5,
    "section-missing-in-spanish": 4,
    "section-missing-in-english": 3,
    "extra-spanish-paragraph": 4,
    "extra-spanish-item": 3,
    "fewer-spanish-items": 3,
    "no-headings": 11,  # old style
}
"""The differences between the Spanish and the English summary: topics in a hundred, each topic has one."""

DIRT: Mapping[str, int] = {
    "no-twin": 2,
    "meta-desc-missing": 4,
    "meta-desc-long": 5,  # Spanish, more than the 200 characters that are documented
    "meta-desc-trailing-space": 6,
    "summary-missing": 1,
    "summary-missing-in-spanish": 1,
    "summary-empty": 1,
    "empty-paragraph": 6,
    "stray-text": 4,  # outside any block
    "tab": 8,  # at the start of li
    "double-space": 15,
    "no-break-space": 8,  # U+00A0
    "narrow-no-break-space": 4,  # U+202F
    "quotes": 8,
    "relative-link": 3,  # with the private attribute tid
    "data-tid": 4,
    "http-link": 6,
    "ampersand-link": 6,
    "nested-list": 8,  # not if a list is a sentence in one language
    "h2": 15,
    "other-language-raw": 30,  # spaces, commas and parentheses in the address
    "spanish-twice": 20,  # among the other languages
    "also-called-repeated": 12,  # as see-reference
    "dashes-in-title": 8,  # a colon in Spanish
    "repeated-site-title": 10,  # one English title, two Spanish ones
    "asymmetric-site": 20,  # only one of the twins names the other
    "spanish-only-site": 50,
    "non-display": 30,
    "espanol-category": 8,
}
"""Topics in a hundred that have each kind of dirt."""

ATTRIBUTIONS: Mapping[str, int] = {
    'class=""': 40,
    'class="NLMattribution"': 8,
    'class="attribution"': 6,
    'style="font-size: small; font-style: italic"': 6,
    "none": 40,
}
"""Topics in a hundred whose last paragraph is an attribution with these attributes."""

NEVER_LINKED = 9
"""Topics whose index ends in this digit are never linked to: without them, no other topic changes."""
LEAST_TOPICS = 10
MOST_TOPICS = 15_000
DAY = date(2026, 11, 10)

_PRIME = 30_011  # more than twice MOST_TOPICS: the range of ids
_MATERIAL: dict[str, Any] = tomllib.loads(Path(__file__).with_name("material.toml").read_text("utf-8"))
_OF_SUMMARY = frozenset(
    {
        "empty-paragraph", "stray-text", "tab", "double-space", "no-break-space", "narrow-no-break-space",
        "quotes", "relative-link", "data-tid", "http-link", "ampersand-link", "nested-list", "h2",
    }
)  # fmt: skip
_OF_SPANISH = frozenset(
    {
        "meta-desc-long", "summary-missing-in-spanish", "repeated-site-title", "asymmetric-site",
        "spanish-only-site", "non-display", "espanol-category", "spanish-twice",
    }
)  # fmt: skip
_ONE_SIDED_LISTS = frozenset(["list-as-sentence", "sentence-as-list"])


_LANGUAGES: Pair = ("English", "Spanish")
_CHINESE: Sequence[Pair] = (
    ("Chinese, Simplified (Mandarin dialect)", "简体中文"),
    ("Chinese, Traditional (Cantonese dialect)", "繁體中文"),
)
_DESCRIPTIONS: Sequence[Pair] = (
    ("PDF", "PDF"),
    ("Video", "Video"),
    ("Interactive Tutorial", "Tutorial interactivo"),
    ("NIH", "NIH"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A list item with the items below it."""

    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of sentences, or a list of items."""

    sentences: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The properties of one topic."""

    structure: str
    """A key of STRUCTURES; empty unless there are two summaries."""
    dirt: frozenset[str]
    attribution: str
    """A key of ATTRIBUTIONS; empty without a summary."""

    def has_summary(self, side: Side) -> bool:
        """Return whether the record has text in its summary."""
        missing = {"summary-missing", "summary-empty"} | ({"summary-missing-in-spanish"} if side else set())
        return not missing & self.dirt


@dataclass(frozen=True, slots=True)
class Name:
    """A condition. Spanish needs it without and with its article."""

    bare: Pair
    article: Pair
    part: Pair
    slug: str


@dataclass(frozen=True, slots=True)
class Site:
    """A link in one language."""

    title: str
    url: str
    mapped_url: str = ""
    categories: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Edits:
    """The changes of the next day's file: indexes of topics."""

    english: frozenset[int] = frozenset()
    spanish: frozenset[int] = frozenset()
    withdrawn: int | None = None
    added: int | None = None


class Corpus:
    """A synthetic collection: it depends only on the seed, the number of topics and the number of edits."""

    def __init__(self, topics: int, seed: int, edit: int = 0) -> None:
        if not LEAST_TOPICS <= topics < MOST_TOPICS:
            raise ValueError(f"{topics} topics: give a number from {LEAST_TOPICS} to {MOST_TOPICS - 1}.")
        self.topics = topics
        self.seed = seed
        self.edit = edit

    @cached_property
    def edits(self) -> Edits:
        """The edits of the next day; empty without `edit`."""
        if not self.edit:
            return Edits()
        editable = [
            index
            for index in range(self.topics)
            if self.has_twin(index)
            and self.plan(index).has_summary(ENGLISH)
            and self.plan(index).has_summary(SPANISH)
            and index % 10 != NEVER_LINKED
        ]
        if 2 * self.edit > len(editable):
            raise ValueError(f"{self.edit} edits a language are too many for {self.topics} topics.")
        draw = self._random("edits")
        chosen = draw.sample(editable, 2 * self.edit)
        return Edits(
            english=frozenset(chosen[: self.edit]),
            spanish=frozenset(chosen[self.edit :]),
            withdrawn=draw.choice(range(NEVER_LINKED, self.topics, 10)),
            added=self.topics,
        )

    @property
    def indexes(self) -> list[int]:
        """The indexes of all topics that are in the file."""
        edits = self.edits
        added = [] if edits.added is None else [edits.added]
        return [index for index in range(self.topics) if index != edits.withdrawn] + added

    def plan(self, index: int) -> Plan:
        """Return the plan of the topic."""
        dirt = {name for name, share in DIRT.items() if self._place(name, index) < share}
        if "no-twin" in dirt:
            dirt -= _OF_SPANISH
        if "meta-desc-missing" in dirt:
            dirt -= {"meta-desc-long", "meta-desc-trailing-space"}
        if "summary-missing" in dirt:
            dirt -= {"summary-empty", "summary-missing-in-spanish"}
        if "summary-empty" in dirt:
            dirt -= {"summary-missing-in-spanish"}
        structure = self._pick("structure", index, STRUCTURES)
        has_summary = not dirt & {"summary-missing", "summary-empty"}
        if not has_summary:
            dirt -= _OF_SUMMARY
        if structure in _ONE_SIDED_LISTS:
            dirt -= {"nested-list"}
        if structure == "no-headings":
            dirt -= {"h2"}
        if dirt & {"no-twin", "summary-missing", "summary-empty", "summary-missing-in-spanish"}:
            structure = "no-headings" if structure == "no-headings" and has_summary else ""
        attribution = self._pick("attribution", index, ATTRIBUTIONS) if has_summary else ""
        return Plan(structure, frozenset(dirt), attribution)

    def has_twin(self, index: int) -> bool:
        """Return whether there is a Spanish record."""
        return self._place("no-twin", index) >= DIRT["no-twin"]

    def topic_id(self, index: int, side: Side) -> int:
        """Return the id of a record. Modular inverses: no arithmetic leads from one to its twin."""
        return pow(2 * index + side + 1, -1, _PRIME)

    def name(self, index: int) -> Name:
        """Return the topic's condition; distinct for each index."""
        parts, disorders, qualifiers = (_MATERIAL[key] for key in ("parts", "disorders", "qualifiers"))
        count = len(parts) * len(disorders) * len(qualifiers)
        # 4241 has no divisor in common with their number: all combinations occur before one is repeated.
        rest, part_at = divmod((index * 4241 + self.seed * 97) % count, len(parts))
        qualifier_at, disorder_at = divmod(rest, len(disorders))
        part, disorder, qualifier = parts[part_at], disorders[disorder_at], qualifiers[qualifier_at]
        english = " ".join(filter(None, (qualifier[0], part[0], disorder[0])))
        article = disorder[2]
        of_part = f"de {part[1]}"
        spanish = " ".join(filter(None, (disorder[1], qualifier[1 if article == "el" else 2], of_part)))
        return Name(
            bare=(english, _contracted(spanish)),
            article=(english, _contracted(f"{article} {spanish}")),
            part=(part[0], part[1]),
            slug=re.sub("[^a-z]", "", english) + f"{index:04d}",
        )

    def title(self, index: int, side: Side) -> str:
        """Return the record's title; it says that the topic is synthetic."""
        name = self.name(index).bare[side]
        is_long = self._place("dashes-in-title", index) < DIRT["dashes-in-title"]
        if side == SPANISH:
            more = ": vivir con este problema" if is_long else ""
            return f"{_capital(name)}{more} (sintético {index:04d})"
        more = "--Living with It" if is_long else ""
        return f"{name.title()}{more} (synthetic {index:04d})"

    def url(self, index: int, side: Side) -> str:
        """Return the record's address."""
        return f"https://medlineplus.gov/{'spanish/' if side else ''}{self.name(index).slug}.html"

    def related(self, index: int) -> list[int]:
        """Return the related topics; the first two have twins."""
        draw = self._random(index, "related")
        wanted = draw.randrange(3, 8)
        candidates = [
            each
            for each in draw.sample(range(self.topics), min(self.topics, 40))
            if each != index and each % 10 != NEVER_LINKED
        ]
        candidates.sort(key=lambda each: not self.has_twin(each))
        return candidates[:wanted]

    def sentences(self, index: int) -> Iterator[Pair]:
        """Yield every heading, sentence and item of the summary, English beside Spanish."""
        for sections in zip(*self._drafts(index), strict=True):
            yield sections[0].heading, sections[1].heading
            for blocks in zip(sections[0].blocks, sections[1].blocks, strict=True):
                yield from zip(blocks[0].sentences, blocks[1].sentences, strict=True)
                for items in zip(blocks[0].items, blocks[1].items, strict=True):
                    yield items[0].text, items[1].text
                    yield from zip(items[0].below, items[1].below, strict=True)

    def summary(self, index: int, side: Side) -> str:
        """Return the record's summary, HTML."""
        plan = self.plan(index)
        sections = _restructured(self._drafts(index), plan.structure)[side]
        edited = (self.edits.english, self.edits.spanish)[side]
        if index in edited:
            first = sections[0].blocks[0]
            first = replace(first, sentences=(*first.sentences, _MATERIAL["edits"][side]))
            sections[0] = replace(sections[0], blocks=(first, *sections[0].blocks[1:]))
        lines = list(_html(sections, plan))
        if "stray-text" in plan.dirt:
            lines.insert(2, _MATERIAL["carriers"]["stray-text"][side])
        if "empty-paragraph" in plan.dirt:
            lines.insert(1, "<p></p>")
        if plan.attribution != "none":
            institute = self._institute(index)[1 + side]
            lines.append(f"<p {plan.attribution}>NIH: {institute}</p>")
        return "\n".join(lines)

    def sites(self, index: int, side: Side) -> list[Site]:
        """Return the record's links, sorted by title."""
        return sorted(self._sites(index)[side], key=lambda site: (site.title.casefold(), site.url))

    def records(self) -> Iterator[tuple[int, Side]]:
        """Yield all records in the order of the file."""
        indexes = self.indexes
        keys = [(self.title(index, ENGLISH), index, ENGLISH) for index in indexes]
        keys += [(self.title(index, SPANISH), index, SPANISH) for index in indexes if self.has_twin(index)]
        for _title, index, side in sorted(keys):
            yield index, side

    def lines(self) -> Iterator[str]:
        """Yield the file in pieces."""
        total = sum(1 + self.has_twin(index) for index in self.indexes)
        day = DAY + timedelta(days=1 if self.edit else 0)
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield '<!DOCTYPE health-topics PUBLIC "-//NLM//DTD health-topics //EN"'
        yield ' "https://medlineplus.gov/xml/mplus_topics.dtd">\n'
        yield "<!-- SYNTHETIC: made-up topics in the format of MedlinePlus, for tests and benchmarks.\n"
        yield "     Nothing here is health advice, and nothing comes from MedlinePlus. -->\n"
        yield f'<health-topics total="{total}" date-generated="{day:%m/%d/%Y} 02:30:32">\n'
        for index, side in self.records():
            yield from self._record(index, side)
        yield "</health-topics>\n"

    def counts(self) -> dict[str, Any]:
        """Return what is in the file: topics, records, sites, topics of each kind, ids of the edited."""
        counted: Counter[str] = Counter()
        structures: Counter[str] = Counter()
        dirt: Counter[str] = Counter()
        attributions: Counter[str] = Counter()
        for index in self.indexes:
            plan = self.plan(index)
            counted["topics"] += 1
            counted["english-sites"] += len(self._sites(index)[ENGLISH])
            if self.has_twin(index):
                counted["pairs"] += 1
                counted["spanish-sites"] += len(self._sites(index)[SPANISH])
            structures[plan.structure or "one summary or none"] += 1
            dirt.update(plan.dirt)
            attributions[plan.attribution or "no summary"] += 1
        edits = self.edits
        return {
            "synthetic": True,
            **counted,
            "records": counted["topics"] + counted["pairs"],
            "structures": {name: structures[name] for name in (*STRUCTURES, "one summary or none")},
            "dirt": {name: dirt[name] for name in DIRT},
            "attributions": {name: attributions[name] for name in (*ATTRIBUTIONS, "no summary")},
            "edits": {
                "english": sorted(self.topic_id(index, ENGLISH) for index in edits.english),
                "spanish": sorted(self.topic_id(index, SPANISH) for index in edits.spanish),
                "withdrawn": [] if edits.withdrawn is None else self._ids(edits.withdrawn),
                "added": [] if edits.added is None else self._ids(edits.added),
            },
        }

    def _ids(self, index: int) -> list[int]:
        sides: tuple[Side, ...] = (ENGLISH, SPANISH) if self.has_twin(index) else (ENGLISH,)
        return [self.topic_id(index, side) for side in sides]

    def _random(self, *purpose: object) -> random.Random:
        # A text seeds by its SHA-512: the same draws in every process.
        return random.Random("/".join(map(str, (self.seed, *purpose))))  # noqa: S311 - not for secrets

    def _place(self, name: str, index: int) -> int:
        """Return the topic's place, 0 to 99, in its hundred: below a share, it belongs to that share."""
        hundred, at = divmod(index, 100)
        return _deck(self.seed, name, hundred)[at]

    def _pick(self, name: str, index: int, shares: Mapping[str, int]) -> str:
        place = self._place(name, index)
        for key, share in shares.items():
            if place < share:
                return key
            place -= share
        raise AssertionError(f"the shares of {name} are less than 100")

    def _institute(self, index: int) -> Sequence[str]:
        chosen: Sequence[str] = self._random(index, "institute").choice(_MATERIAL["institutes"])
        return chosen

    def _drafts(self, index: int) -> tuple[list[Section], list[Section]]:
        """Return the summary in both languages, with the same blocks; `_restructured` comes after."""
        draw = self._random(index, "summary")
        plan = self.plan(index)
        writer = self._writer(index, draw)
        aspects = _MATERIAL["aspects"]
        chosen = [0, *sorted(draw.sample(range(1, len(aspects)), draw.randrange(3, 6)))]
        drafts: tuple[list[Section], list[Section]] = ([], [])
        for at, aspect in enumerate(aspects[each] for each in chosen):
            is_last = at == len(chosen) - 1
            heading = writer.pair(draw.choice(aspect["headings"]))
            sentences = draw.sample(aspect["sentences"], 5)
            # Without a link: spaces in it can be made wide without touching a tag.
            sentences.sort(key=lambda each: "{link}" in each[0])
            blocks = [[writer.pair(each) for each in sentences[:3]]]
            if at == 0 or draw.random() < 0.5:
                blocks.append([writer.pair(each) for each in sentences[3:]])
            if at == 0:
                blocks[1] += self._carriers(index, plan)
            texts = [(Block(tuple(t[0] for t in b)), Block(tuple(t[1] for t in b))) for b in blocks]
            if at == 1 or is_last or draw.random() < 0.5:
                lead = writer.pair(draw.choice(aspect["leads"]))
                items = [writer.pair(each) for each in draw.sample(aspect["items"], draw.randrange(4, 7))]
                below: list[Pair] = []
                if at == 1 and "nested-list" in plan.dirt:
                    below, items = items[-2:], items[:-2]
                texts.append((Block((lead[0],)), Block((lead[1],))))
                texts.append((_list(items, below, ENGLISH), _list(items, below, SPANISH)))
            for side in (ENGLISH, SPANISH):
                drafts[side].append(Section(heading[side], tuple(text[side] for text in texts)))
        return drafts

    def _writer(self, index: int, draw: random.Random) -> "_Writer":
        linked = [each for each in self.related(index) if self.has_twin(each)]
        other = self.name(draw.randrange(self.topics)).part
        return _Writer(
            draw, self.name(index), other, [(self.name(each), self._urls(each)) for each in linked]
        )

    def _urls(self, index: int) -> Pair:
        return self.url(index, ENGLISH), self.url(index, SPANISH)

    def _carriers(self, index: int, plan: Plan) -> list[Pair]:
        """Return a sentence for each kind of dirt that needs one."""
        to = next((each for each in self.related(index) if self.has_twin(each)), index)
        name = self.name(to)
        lab = "lab-tests/complete-blood-count-cbc/"
        urls: dict[str, Pair] = {
            "quotes": ("", ""),
            "relative-link": (f"{name.slug}.html", f"{name.slug}.html"),
            "data-tid": (
                f"https://medlineplus.gov/{lab}",
                "https://medlineplus.gov/spanish/pruebas-de-laboratorio/",
            ),
            "http-link": ("http://clinics.example/en/list", "http://clinics.example/es/lista"),
            "ampersand-link": (
                "https://classes.example/find?near=me&amp;lang=en&amp;max=20",
                "https://classes.example/find?near=me&amp;lang=es&amp;max=20",
            ),
        }
        found: list[Pair] = []
        for kind, url in urls.items():
            if kind in plan.dirt:
                template = _MATERIAL["carriers"][kind]
                english, spanish = (
                    template[side].format(
                        url=url[side], tid=self.topic_id(to, side), link_text=name.bare[side],
                        part=self.name(index).part[side],
                    )
                    for side in (ENGLISH, SPANISH)
                )  # fmt: skip
                found.append((english, _contracted(spanish)))
        return found

    def _sites(self, index: int) -> tuple[list[Site], list[Site]]:
        """Return the topic's links in both languages, in no order."""
        draw = self._random(index, "sites")
        dirt = self.plan(index).dirt
        titles = self._writer(index, draw).titles()
        english: list[Site] = []
        spanish: list[Site] = []
        for _ in range(draw.randrange(14, 26)):
            pair = _paired_sites(draw, next(titles), hides="non-display" in dirt)
            english.append(pair[ENGLISH])
            spanish.append(pair[SPANISH])
        condition = self.name(index).bare[ENGLISH]
        english += [
            _english_site(draw, at, next(titles)[ENGLISH], condition) for at in range(draw.randrange(8, 23))
        ]
        if not self.has_twin(index):
            return [replace(site, mapped_url="") for site in english], []
        if "repeated-site-title" in dirt:
            english[1] = replace(english[1], title=english[0].title)
        if "asymmetric-site" in dirt:
            english[2] = replace(english[2], mapped_url="")
            spanish[3] = replace(spanish[3], mapped_url="")
        if "espanol-category" in dirt:
            spanish[4] = replace(spanish[4], categories=("Spanish/Español", *spanish[4].categories))
        if "spanish-only-site" in dirt:
            alone = draw.sample(_MATERIAL["spanish_titles"], draw.randrange(2, 4))
            name = _capital(self.name(index).bare[SPANISH])
            spanish += [_spanish_site(draw, title.format(C=name)) for title in alone]
        return english, spanish

    def _record(self, index: int, side: Side) -> Iterator[str]:
        """Yield a record, its children in the order of the format: alphabetical."""
        draw = self._random(index, "record", side)
        plan = self.plan(index)
        attributes = {
            "meta-desc": self._description(index, side),
            "title": self.title(index, side),
            "url": self.url(index, side),
            "id": str(self.topic_id(index, side)),
            "language": _LANGUAGES[side],
            "date-created": f"{date(1999, 1, 1) + timedelta(days=draw.randrange(9_500)):%m/%d/%Y}",
        }
        if "meta-desc-missing" in plan.dirt:
            del attributes["meta-desc"]
        yield _element(2, "health-topic", attributes)
        also_called, see_references = self._synonyms(index, side, draw)
        for text in also_called:
            yield _element(4, "also-called", {}, text)
        if plan.has_summary(side):
            yield _element(4, "full-summary", {}, self.summary(index, side))
        elif "summary-empty" in plan.dirt:
            yield _element(4, "full-summary", {}, "")
        yield from self._groups(index, side)
        yield from self._twin(index, side)
        if side == ENGLISH:
            yield from self._headings(index, draw)
            yield from self._other_languages(index, draw)
        if self._random(index, "has institute").random() < 0.75:
            key, *names = self._institute(index)
            anchor = f"https://medlineplus.gov/spanish/nihinstitutes.html#{key}"
            url = anchor if side else f"http://{key.lower()}.example/"
            yield _element(4, "primary-institute", {"url": url}, names[side])
        for related in self.related(index):
            if side == ENGLISH or self.has_twin(related):
                reference = {"url": self.url(related, side), "id": str(self.topic_id(related, side))}
                yield _element(4, "related-topic", reference, self.title(related, side))
        for text in see_references:
            yield _element(4, "see-reference", {}, text)
        for site in self.sites(index, side):
            yield from _site(site)
        yield "  </health-topic>\n"

    def _groups(self, index: int, side: Side) -> Iterator[str]:
        draw = self._random(index, "groups")
        for group in draw.sample(_MATERIAL["groups"], draw.randrange(1, 4)):
            url = f"https://medlineplus.gov/{'spanish/' if side else ''}{group[3]}.html"
            yield _element(4, "group", {"url": url, "id": str(group[0])}, group[1 + side])

    def _twin(self, index: int, side: Side) -> Iterator[str]:
        twin: Side = ENGLISH if side else SPANISH
        if self.has_twin(index):
            reference = {"url": self.url(index, twin), "id": str(self.topic_id(index, twin))}
            reference["language"] = _LANGUAGES[twin]
            yield _element(4, "language-mapped-topic", reference, self.title(index, twin))

    def _description(self, index: int, side: Side) -> str:
        dirt = self.plan(index).dirt
        condition = self.name(index).article[side]
        if side == SPANISH:
            text = f"Texto sintético de prueba: causas, síntomas y tratamientos de {condition}."
            if "meta-desc-long" in dirt:
                text += " También dice cuándo debe llamar al médico, qué pruebas le pueden hacer y qué puede"
                text += " hacer en casa. No es un consejo médico."
                text += " Lea todo antes de decidir." if len(text) <= 200 else ""
            text = _contracted(text)
        else:
            text = f"Synthetic text for tests: causes, symptoms, and treatments of {condition}."
        return f"{text} " if "meta-desc-trailing-space" in dirt else text

    def _synonyms(self, index: int, side: Side, draw: random.Random) -> tuple[list[str], list[str]]:
        """Return the record's also-called and see-reference; each language has a different number of them."""
        writer = self._writer(index, draw)
        drawn = (writer.pair(each, in_title=True)[side] for each in draw.sample(_MATERIAL["synonyms"], 6))
        names = list(dict.fromkeys(drawn))
        if side == SPANISH:
            only = draw.choice(_MATERIAL["spanish_synonyms"])
            names.insert(0, writer.pair(("", only), in_title=True)[SPANISH])
        at = draw.randrange(1, 4 if side else 3)
        also_called, see_references = names[:at], names[at : at + draw.randrange(4)]
        if "also-called-repeated" in self.plan(index).dirt:
            see_references.insert(0, also_called[0])
        return also_called, see_references

    def _headings(self, index: int, draw: random.Random) -> Iterator[str]:
        others = draw.sample(range(self.topics), draw.randrange(2))
        for about in (index, *others):
            yield "    <mesh-heading>\n"
            name = self.name(about).bare[ENGLISH].title()
            yield _element(6, "descriptor", {"id": f"D{draw.randrange(1, 100_000):06d}"}, name)
            if draw.random() < 0.3:
                yield _element(
                    6, "qualifier", {"id": f"Q{draw.randrange(1, 1000):06d}"}, "prevention & control"
                )
            yield "    </mesh-heading>\n"

    def _other_languages(self, index: int, draw: random.Random) -> Iterator[str]:
        dirt = self.plan(index).dirt
        page = f"https://medlineplus.gov/languages/{self.name(index).slug}.html"
        chosen = draw.sample(_MATERIAL["languages"], draw.randrange(8))
        found = [(name, vernacular, f"{page}#{name.replace(' ', '%20')}") for name, vernacular in chosen]
        if "other-language-raw" in dirt:
            found += [(name, vernacular, f"{page}#{name}") for name, vernacular in _CHINESE]
        if self.has_twin(index):
            found.append(("Spanish", "español", self.url(index, SPANISH)))
        if "spanish-twice" in dirt:
            found.append(("Spanish", "español", f"{page}#Spanish"))
        for name, vernacular, url in sorted(found):
            yield _element(4, "other-language", {"vernacular-name": vernacular, "url": url}, name)


class _Writer:
    """Fills the slots of a template with the same values on both sides."""

    def __init__(
        self, draw: random.Random, name: Name, other: Pair, linked: Sequence[tuple[Name, Pair]]
    ) -> None:
        self._draw = draw
        self._name = name
        self._other = other
        self._linked = linked

    def titles(self) -> Iterator[Pair]:
        """Yield titles of links, unique in each language."""
        taken: set[str] = set()
        while True:
            pair = self.pair(self._draw.choice(_MATERIAL["titles"]), in_title=True)
            if not taken & set(pair):
                taken.update(pair)
                yield pair

    def pair(self, template: Sequence[str], *, in_title: bool = False) -> Pair:
        slots = sorted(set(re.findall(r"\{(\w+)\}", "".join(template))))
        values = {slot: self._value(slot) for slot in slots}
        english = template[ENGLISH].format(**{slot: value[ENGLISH] for slot, value in values.items()})
        spanish = _contracted(
            template[SPANISH].format(**{slot: value[SPANISH] for slot, value in values.items()})
        )
        if in_title:
            return english, _capital(spanish)
        return _capital(english), _capital(spanish)

    def _value(self, slot: str) -> Pair:
        name, other = self._name, self._other
        fixed: dict[str, Pair] = {
            "c": name.article,
            "C": (name.bare[ENGLISH].title(), _capital(name.bare[SPANISH])),
            "part": name.part,
            "Part": (name.part[ENGLISH].title(), name.part[SPANISH]),
            "other": other,
            "Other": (other[ENGLISH].title(), other[SPANISH]),
        }
        if slot in fixed:
            return fixed[slot]
        if slot == "link":
            to, urls = self._draw.choice(self._linked)
            return _link(to.bare[ENGLISH], urls[ENGLISH]), _link(to.bare[SPANISH], urls[SPANISH])
        if slot in _MATERIAL["numbers"]:
            number: str = self._draw.choice(_MATERIAL["numbers"][slot])
            return number, number
        english, spanish = self._draw.choice(_MATERIAL["phrases"][slot])
        return english, spanish


def _link(text: str, url: str) -> str:
    return f'<a href="{url}">{text}</a>'


@cache
def _deck(seed: int, name: str, hundred: int) -> bytes:
    """Return the numbers 0 to 99, shuffled."""
    numbers = list(range(100))
    random.Random(f"{seed}/{name}/{hundred}").shuffle(numbers)  # noqa: S311 - not for secrets
    return bytes(numbers)


def _contracted(spanish: str) -> str:
    return re.sub(r"\b([Dd]e|[Aa]) el\b", r"\1l", spanish)


def _capital(text: str) -> str:
    at = 1 if text[:1] in "¿¡" else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def _list(items: Sequence[Pair], below: Sequence[Pair], side: Side) -> Block:
    """Return a list whose first item has the items `below`."""
    first, *others = (item[side] for item in items)
    return Block(items=(Item(first, tuple(item[side] for item in below)), *map(Item, others)))


def _restructured(
    drafts: tuple[list[Section], list[Section]], structure: str
) -> tuple[list[Section], list[Section]]:
    """Return the sections in both languages, restructured."""
    english, spanish = list(drafts[ENGLISH]), list(drafts[SPANISH])
    match structure:
        case "paragraph-split":
            first, *others = spanish[0].blocks
            halves = (Block(first.sentences[:1]), Block(first.sentences[1:]))
            spanish[0] = replace(spanish[0], blocks=(*halves, *others))
        case "paragraph-merged":
            first, second, *others = spanish[0].blocks
            merged = Block(first.sentences + second.sentences)
            spanish[0] = replace(spanish[0], blocks=(merged, *others))
        case "list-as-sentence":
            spanish[1] = _list_as_sentence(spanish[1], "y")
        case "sentence-as-list":
            english[1] = _list_as_sentence(english[1], "and")
        case "sections-reordered":
            spanish[1], spanish[2] = spanish[2], spanish[1]
        case "section-missing-in-spanish":
            del spanish[2]
        case "section-missing-in-english":
            del english[2]
        case "extra-spanish-paragraph":
            extra = Block((_MATERIAL["spanish_sentences"][len(spanish) % 3],))
            spanish[0] = replace(spanish[0], blocks=(*spanish[0].blocks, extra))
        case "extra-spanish-item":
            *others, items = spanish[1].blocks
            extra_item = Item(_MATERIAL["spanish_items"][len(spanish) % 2])
            spanish[1] = replace(spanish[1], blocks=(*others, Block(items=(*items.items, extra_item))))
        case "fewer-spanish-items":
            *others, items = spanish[1].blocks
            spanish[1] = replace(spanish[1], blocks=(*others, Block(items=items.items[:-1])))
        case "no-headings":
            english = [replace(section, heading="") for section in english]
            spanish = [replace(section, heading="") for section in spanish]
    return english, spanish


def _list_as_sentence(section: Section, conjunction: str) -> Section:
    *others, lead, items = section.blocks
    *texts, last = (item.text[:1].lower() + item.text[1:] for item in items.items)
    if conjunction == "y" and re.match("h?i(?!e)", last):
        conjunction = "e"
    sentence = f"{lead.sentences[0].removesuffix(':')} {', '.join(texts)} {conjunction} {last}."
    return replace(section, blocks=(*others, Block((sentence,))))


def _html(sections: Sequence[Section], plan: Plan) -> Iterator[str]:
    heading = "h2" if "h2" in plan.dirt else "h3"
    gap = "  " if "double-space" in plan.dirt else " "
    bullet = "<li>\t" if "tab" in plan.dirt else "<li>"
    for section_at, section in enumerate(sections):
        if section.heading:
            yield f"<{heading}>{section.heading}</{heading}>"
        for block_at, block in enumerate(section.blocks):
            if block.sentences:
                text = gap.join(block.sentences)
                if section_at == block_at == 0:
                    text = _with_wide_spaces(text, plan)
                yield f"<p>{text}</p>"
            else:
                yield "<ul>"
                for item in block.items:
                    below = "".join(f"\n{bullet}{text}</li>" for text in item.below)
                    yield f"{bullet}{item.text}" + (f"\n<ul>{below}\n</ul>\n" if below else "") + "</li>"
                yield "</ul>"


def _with_wide_spaces(text: str, plan: Plan) -> str:
    """Return the paragraph, which has no tags, with the spaces of its dirt."""
    if "no-break-space" in plan.dirt:
        text = text.replace(" ", "\u00a0", 1)
    if "narrow-no-break-space" in plan.dirt:
        head, _, tail = text.rpartition(" ")
        text = f"{head}\u202f{tail}"
    return text


def _paired_sites(draw: random.Random, titles: Pair, *, hides: bool) -> tuple[Site, Site]:
    """Return an English link and its Spanish twin, naming each other; `hides` hides some categories."""
    category, also = draw.sample(_MATERIAL["categories"], 2)
    number = draw.randrange(1_000_000)
    kind = draw.random()
    if kind < 0.35:
        urls = (
            f"https://medlineplus.gov/ency/article/{number:06d}.htm",
            f"https://medlineplus.gov/spanish/ency/article/{number:06d}.htm",
        )
        hidden = ("NON-DISPLAY (Patient Handout)",) if hides else ()
        shown = (category[SPANISH],) if draw.random() < 0.7 or not hidden else ()
        english = Site(
            titles[0], urls[0], urls[1], ("Encyclopedia", "Patient Handouts"), ("Medical Encyclopedia",)
        )
        return english, Site(titles[1], urls[1], urls[0], hidden + shown, ("Enciclopedia Médica",))
    hosts = draw.sample(_MATERIAL["organizations"], 2 if kind > 0.85 else 1)
    host = hosts[0][0]
    scheme = "http" if kind < 0.42 else "https"
    if kind < 0.52:
        urls = (
            f"{scheme}://{host}.example/info.cfm?pg={number}&lang=en&print=yes",
            f"{scheme}://{host}.example/info.cfm?pg={number}&lang=es",
        )
    else:
        urls = (f"{scheme}://{host}.example/en/{number}.html", f"{scheme}://{host}.example/es/{number}.html")
    descriptions = ("", "") if kind < 0.75 else draw.choice(_DESCRIPTIONS)
    categories = [category, also] if draw.random() < 0.25 else [category]
    english, spanish = (
        Site(
            titles[side],
            urls[side],
            urls[1 - side],
            tuple(each[side] for each in categories),
            tuple(each[1 + side] for each in hosts) if kind > 0.38 else (),
            descriptions[side],
        )
        for side in (ENGLISH, SPANISH)
    )
    return english, spanish


def _english_site(draw: random.Random, at: int, title: str, condition: str) -> Site:
    """Return a link that only the English record has; some have a known Spanish page nevertheless."""
    number = draw.randrange(1_000_000)
    if at == 0:
        term = condition.replace(" ", "+")
        search = f"https://clinicaltrials.gov/search?cond=%22{term}%22&aggFilters=status:rec"
        name = f"ClinicalTrials.gov: {condition.title()}"
        return Site(name, search, "", ("Clinical Trials",), ("National Institutes of Health",), "NIH")
    if at < 5:
        name = f"Article: {title}"
        return Site(name, f"https://pubmed.ncbi.nlm.nih.gov/{30_000_000 + number}", "", ("Journal Articles",))
    host, english, _spanish = draw.choice(_MATERIAL["organizations"])
    url = f"https://{host}.example/en/pages/{number}"
    mapped_url = f"https://{host}.example/es/pages/{number}" if draw.random() < 0.2 else ""
    return Site(title, url, mapped_url, (draw.choice(_MATERIAL["categories"])[ENGLISH],), (english,))


def _spanish_site(draw: random.Random, title: str) -> Site:
    host, _english, spanish = draw.choice(_MATERIAL["organizations"])
    url = f"https://{host}.example/recursos/{draw.randrange(1_000_000)}"
    return Site(title, url, "", (draw.choice(_MATERIAL["categories"])[SPANISH],), (spanish,))


def _site(site: Site) -> Iterator[str]:
    attributes = {"title": site.title, "url": site.url}
    if site.mapped_url:
        attributes["language-mapped-url"] = site.mapped_url
    yield _element(4, "site", attributes)
    for category in site.categories:
        yield _element(6, "information-category", {}, category)
    for organization in site.organizations:
        yield _element(6, "organization", {}, organization)
    if site.description:
        yield _element(6, "standard-description", {}, site.description)
    yield "    </site>\n"


def _element(indent: int, name: str, attributes: Mapping[str, str], text: str | None = None) -> str:
    """Return an element as a line; without text, only its opening tag."""
    opening = name + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    if text is None:
        return f"{' ' * indent}<{opening}>\n"
    return f"{' ' * indent}<{opening}>{escape(text)}</{name}>\n"


def main() -> None:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(
        description="Write a synthetic file in MedlinePlus's health-topic format."
    )
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--topics", type=int, default=1020, help="English topics; 1020 is the real size")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--edit", type=int, default=0, metavar="N", help="the next day's file: N edits a language"
    )
    parser.add_argument("--counts", action="store_true", help="print what is in the file, as JSON")
    arguments = parser.parse_args()
    try:
        corpus = Corpus(arguments.topics, arguments.seed, arguments.edit)
        write(corpus, arguments.out)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    if arguments.counts:
        json.dump(corpus.counts(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")


def write(corpus: Corpus, path: Path) -> None:
    """Write the corpus to a file, record by record."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(corpus.lines())


if __name__ == "__main__":
    main()
