"""The English and the Spanish summary of a topic → sections of one topic.

Spanish summaries are independent texts, not translations block by block. Two blocks that certainly
correspond are a message and its translation. Where that is in doubt the unit grows: the section, then the
whole summary (`unit` in the topic schema). What only one language has stays text of that language, in its
place. So an edition has the whole content of its original, in its order.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Self, TypeVar

from healthtopics import markup
from healthtopics.catalogue import Key
from healthtopics.catalogues.imported import Imported
from healthtopics.catalogues.judging import Judge
from healthtopics.catalogues.messages import key_of
from healthtopics.checks.table import judge_in
from healthtopics.importers.alignment import Alignment, Bead, Segment, align, is_translation, likeness
from healthtopics.importers.medlineplus.record import ENGLISH, SPANISH
from healthtopics.importers.medlineplus.summary import SummarySection
from healthtopics.jsontext import JsonObject
from healthtopics.language import LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.concepts import concepts_of, packaged_terms
from healthtopics.reading.languages import prose_of, recognition_of
from healthtopics.schema import DROPPED, MessagePlan, MessageRule, Place, walk

_T = TypeVar("_T")
_R = TypeVar("_R")


class Bilingual(str):
    """An English text of a document with its Spanish counterpart; as JSON it is the English."""

    __slots__ = ("spanish",)
    spanish: str

    def __new__(cls, english: str, spanish: str) -> Self:
        """Make an English text with its translation."""
        text = super().__new__(cls, english)
        text.spanish = spanish
        return text


def both_texts(english: str, spanish: str, *, is_bilingual: bool) -> Any:  # noqa: ANN401 - a text or own text
    """Return a text in both languages, or the own text of the only one that has it; None if neither has.

    Without a Spanish edition, no English text is own text.
    """
    if english and spanish:
        return Bilingual(english, spanish)
    if english:
        return {"text": english, "language": ENGLISH} if is_bilingual else english
    return {"text": spanish, "language": SPANISH} if spanish else None


def are_translations(english: str, spanish: str) -> bool:
    """Return whether two short plain texts certainly say the same: what both name, and no check objects."""
    here, there = (_Segments(language, {}) for language in (ENGLISH, SPANISH))
    return (
        is_translation(here.plain("text", english), there.plain("text", spanish))
        and concepts_of(SPANISH).are_all_named(english, spanish)
        and all(found.level is Level.INFO for found in _judge()(_DESCRIPTION, english, spanish))
    )


_DESCRIPTION: Final = MessageRule(role="description", comment="")


@cache
def _judge() -> Judge:
    return judge_in(SPANISH, glossary=packaged_terms(SPANISH), emergency_numbers=())


def is_english(text: str) -> bool:
    """Return whether a text of a Spanish record is English."""
    prose = prose_of(SPANISH)
    return prose is not None and prose.is_english(text)


@dataclass(slots=True)
class PairedSummaries:
    """One text in two languages."""

    sections: list[JsonObject] = field(default_factory=list)
    """In the form of the topic schema; translated texts are `Bilingual`."""
    units: dict[str, Imported] = field(default_factory=dict)
    """Translations that restructure a section, by its id, or under the empty key the whole summary.

    They are in block markup, with a note that says why the unit is this large.
    """
    doubts: int = 0
    """The number of pairings that were not certain."""

    @property
    def is_one_unit(self) -> bool:
        """Whether the whole summary is one message."""
        return "" in self.units


Identify = Callable[[str, str], str]
"""Returns the id of a section from its aspect and heading; called once for each, in order."""


def pair_summaries(
    english: Sequence[SummarySection],
    spanish: Sequence[SummarySection] | None,
    identify: Identify,
    twins: Mapping[str, str],
    *,
    whole: Collection[str] = (),
) -> PairedSummaries:
    """Align the two, or use only the English if there is no Spanish.

    `twins` gives the English page of a Spanish one, so that links to either count as the same.
    `whole` names sections, by id, that are one unit in any case.
    """
    return _Pairing(identify, twins, frozenset(whole)).pair(english, spanish)


class _Pairing:
    def __init__(self, identify: Identify, twins: Mapping[str, str], forced: frozenset[str]) -> None:
        self._identify = identify
        self._forced = forced
        self._paired = PairedSummaries()
        self._here = _Segments(ENGLISH, twins)
        self._there = _Segments(SPANISH, twins)

    def pair(
        self, english: Sequence[SummarySection], spanish: Sequence[SummarySection] | None
    ) -> PairedSummaries:
        if spanish is None:
            self._paired.sections = [self._section(part, list(part.blocks)) for part in english]
            return self._paired
        alignment = align(
            [self._here.section(part) for part in english], [self._there.section(part) for part in spanish]
        )
        english_alone = any(
            is_english(line)
            for bead in alignment.beads
            if not bead.source
            for line in lines_of(spanish[j] for j in bead.target)
        )
        if alignment.is_certain and not english_alone:
            self._paired.sections += _merged(
                alignment.beads, english, spanish, self._pair_section, self._own_section
            )
        else:
            self._paired.doubts += alignment.doubts
            self._pair_whole(english, spanish, alignment)
        return self._paired

    # Sections

    def _section(self, part: SummarySection, body: list[JsonObject], known: str = "") -> JsonObject:
        aspect = aspect_of(part.heading)
        heading = {"heading": part.heading} if part.heading else {}
        return {
            "id": known or self._identify(aspect, part.heading),
            "aspect": aspect,
            **heading,
            "body": body,
        }

    def _own_section(self, part: SummarySection, language: LanguageTag, known: str = "") -> JsonObject:
        section = self._section(part, [_own(block, language) for block in part.blocks], known)
        if part.heading:
            section["heading"] = {"text": part.heading, "language": language}
        return section

    def _pair_section(self, english: SummarySection, spanish: SummarySection) -> JsonObject:
        section = self._section(english, [])
        if english.heading and spanish.heading:
            section["heading"] = Bilingual(english.heading, spanish.heading)
        here, credit = _parted(english.blocks)
        there, spanish_credit = _parted(spanish.blocks)
        alignment = _align_parts(
            [self._here.block(block) for block in here], [self._there.block(block) for block in there]
        )
        blocks = self._pair_blocks(here, there, alignment) if section["id"] not in self._forced else None
        if blocks is None:
            self._paired.doubts += max(alignment.doubts, 1)
            section["unit"] = "section"
            blocks = list(here)
            unit = Imported(msgstr=markup.serialize_body(there), note=_note(here, there))
            self._paired.units[section["id"]] = unit
        section["body"] = [*blocks, *_pair_credits(credit, spanish_credit)]
        return section

    def _pair_blocks(
        self, english: Sequence[JsonObject], spanish: Sequence[JsonObject], alignment: Alignment
    ) -> list[JsonObject] | None:
        """Return the blocks in both languages; None if their pairing is in doubt."""
        if not alignment.is_certain:
            return None
        blocks: list[JsonObject] = []
        for block in _merged(alignment.beads, english, spanish, self._pair_block, _own):
            if block is None:
                return None
            blocks.append(block)
        return blocks

    def _pair_block(self, english: JsonObject, spanish: JsonObject) -> JsonObject | None:
        for member in ("paragraph", "subheading"):
            if member in english and member in spanish:
                return {member: Bilingual(english[member], spanish[member])}
        if "list" in english and "list" in spanish and english.get("ordered") == spanish.get("ordered"):
            items = self._pair_items(english["list"], spanish["list"])
            return None if items is None else {**english, "list": items}
        return None

    def _pair_items(self, english: Sequence[Any], spanish: Sequence[Any]) -> list[Any] | None:
        alignment = _align_parts(
            [self._here.item(item) for item in english], [self._there.item(item) for item in spanish]
        )
        if not alignment.is_certain:
            self._paired.doubts += alignment.doubts - 1
            return None
        items: list[Any] = []
        for item in _merged(alignment.beads, english, spanish, self._pair_item, _own_item):
            if item is None:
                return None
            items.append(item)
        return items

    def _pair_item(self, english: Any, spanish: Any) -> Any:  # noqa: ANN401 - items are strings or objects
        if isinstance(english, str) and isinstance(spanish, str):
            return Bilingual(english, spanish)
        if isinstance(english, str) or isinstance(spanish, str):
            return None
        below = self._pair_block({**english, "item": None}, {**spanish, "item": None})
        return None if below is None else {**below, "item": Bilingual(english["item"], spanish["item"])}

    # The whole summary

    def _pair_whole(
        self, english: Sequence[SummarySection], spanish: Sequence[SummarySection], alignment: Alignment
    ) -> None:
        sections = [self._section(part, list(part.blocks)) for part in english]
        counterparts = self._counterparts(english, spanish, alignment)
        translated = _arranged(sections, english, spanish, counterparts)
        if translated is None:
            self._paired.sections = [
                self._own_section(part, ENGLISH, section["id"])
                for part, section in zip(english, sections, strict=True)
            ] + [self._own_section(part, SPANISH) for part in spanish]
            return
        credits_ = [_parted(part.blocks)[1] for part in english]
        spanish_credits = [block for part in spanish for block in _parted(part.blocks)[1]]
        last = len(sections) - 1
        for section, part, credit in zip(sections, english, credits_, strict=True):
            # All of the Spanish credits follow the text, so the last section of the English has them.
            own = spanish_credits if section is sections[last] else []
            section["body"] = [*_parted(part.blocks)[0], *_pair_credits(credit, own)]
        note = (
            f"The summary is one unit: its {_number(len(spanish), 'section')} in Spanish and "
            f"{_number(len(english), 'section')} in English do not surely correspond one by one."
        )
        self._paired.sections = sections
        self._paired.units[""] = Imported(msgstr=markup.serialize_sections(translated), note=note)

    def _counterparts(
        self, english: Sequence[SummarySection], spanish: Sequence[SummarySection], alignment: Alignment
    ) -> dict[int, int]:
        """Return for Spanish parts the most similar English part of the same aspect, each at most once."""
        found = {bead.target[0]: bead.source[0] for bead in alignment.beads if bead.is_pair}
        found = {j: i for j, i in found.items() if _may_be(english[i].heading, spanish[j].heading)}
        here = [self._here.section(part) for part in english]
        there = [self._there.section(part) for part in spanish]
        pairs = sorted(
            (-likeness(one, other), i, j) for i, one in enumerate(here) for j, other in enumerate(there)
        )
        for score, i, j in pairs:
            is_free = j not in found and i not in found.values()
            if score < 0 and is_free and _may_be(english[i].heading, spanish[j].heading):
                found[j] = i
        return found


class _Segments:
    """The parts of one summary as they are aligned."""

    def __init__(self, language: LanguageTag, twins: Mapping[str, str]) -> None:
        self._language = language
        self._twins = twins
        self._concepts = concepts_of(SPANISH)
        self._known: dict[tuple[str, str], Segment] = {}

    def section(self, part: SummarySection) -> Segment:
        aspect = aspect_of(part.heading)
        marks = (f"aspect:{aspect}",) * 2 if aspect not in (_FIRST, _OTHER) else ()
        parts = [self.plain("heading", part.heading), *map(self.block, part.blocks)]
        return Segment.joined("section" if part.heading else "opening", parts, marks)

    def block(self, block: JsonObject) -> Segment:
        if "list" in block:
            return Segment.joined("list", list(map(self.item, block["list"])))
        if "subheading" in block:
            return self.plain("subheading", block["subheading"])
        return self._marked_up("paragraph", block.get("paragraph") or block["attribution"])

    def item(self, item: Any) -> Segment:  # noqa: ANN401 - items are strings or objects
        if isinstance(item, str):
            return self._marked_up("item", item)
        return Segment.joined(
            "item-with-list", (self._marked_up("item", item["item"]), self.block({"list": item["list"]}))
        )

    def _marked_up(self, kind: str, text: str) -> Segment:
        """Return the segment of a text; it is compared within its list, within its section and by itself."""
        known = self._known.get((kind, text))
        if known is None:
            inline = markup.parse(text)
            anchors = tuple(self._twins.get(href, href) for href in inline.hrefs())
            known = self._known[kind, text] = self.plain(kind, inline.plain(), anchors)
        return known

    def plain(self, kind: str, text: str, anchors: tuple[str, ...] = ()) -> Segment:
        return Segment(kind, text, anchors, self._concepts.named(text, self._language))


def _align_parts(english: Sequence[Segment], spanish: Sequence[Segment]) -> Alignment:
    """Align the parts of a section, or of a list.

    An English part with a number or a “not” that Spanish lacks is a doubt: perhaps the Spanish text is of an
    earlier day. In one message with the rest, the checks of translations find what is missing. So is a
    Spanish part that is English: as text of its own it would be called Spanish, in a message it is marked.
    """
    alignment = align(english, spanish)
    alone = [english[i].traits for bead in alignment.beads if not bead.target for i in bead.source]
    missing = sum(bool(each.numbers) or each.is_negative for each in alone)
    missing += sum(
        is_english(spanish[j].text) for bead in alignment.beads if not bead.source for j in bead.target
    )
    return replace(
        alignment, is_certain=alignment.is_certain and not missing, doubts=alignment.doubts + missing
    )


def lines_of(sections: Iterable[SummarySection]) -> Iterator[str]:
    """Yield every text of a summary, without markup."""
    for section in sections:
        if section.heading:
            yield section.heading
        for block in section.blocks:
            yield from _lines_of(block)


def _lines_of(block: JsonObject) -> Iterator[str]:
    for name, value in block.items():
        if name == "list":
            for item in value:
                yield from _lines_of({"item": item} if isinstance(item, str) else item)
        elif isinstance(value, str):
            yield value if name == "subheading" else markup.parse(value).plain()


def _merged(
    beads: Iterable[Bead],
    english: Sequence[_T],
    spanish: Sequence[_T],
    pair: Callable[[_T, _T], _R],
    own: Callable[[_T, LanguageTag], _R],
) -> Iterator[_R]:
    """Yield the result for each part of a certain alignment: a pair, or what only one language has."""
    for bead in beads:
        if bead.is_pair:
            yield pair(english[bead.source[0]], spanish[bead.target[0]])
        elif bead.source:
            yield own(english[bead.source[0]], ENGLISH)
        else:
            yield own(spanish[bead.target[0]], SPANISH)


def _may_be(english: str, spanish: str) -> bool:
    """Return whether a Spanish section may take its aspect from an English one, by their headings.

    Where no heading is, formats show the aspect as a title; so it must be true of the Spanish text, too.
    """
    return aspect_of(english) in (aspect_of(spanish), _OTHER)


def _arranged(
    sections: Sequence[JsonObject],
    english: Sequence[SummarySection],
    spanish: Sequence[SummarySection],
    counterparts: Mapping[int, int],
) -> list[JsonObject] | None:
    """Return the Spanish sections, each with the id of its English counterpart.

    One without a counterpart becomes part of the section before. None if the first can have no id.
    """
    if 0 not in counterparts:
        # The first one needs an id; the section that had it becomes part of another.
        fit = [at for at, part in enumerate(english) if _may_be(part.heading, spanish[0].heading)]
        if not fit:
            return None
        first = next((at for at in fit if at not in counterparts.values()), fit[0])
        counterparts = {0: first, **{index: at for index, at in counterparts.items() if at != first}}
    arranged: list[JsonObject] = []
    for index, part in enumerate(spanish):
        body, _ = _parted(part.blocks)
        if index in counterparts:
            heading = {"heading": part.heading} if part.heading else {}
            arranged.append({"id": sections[counterparts[index]]["id"], **heading, "body": list(body)})
            continue
        if part.heading:
            arranged[-1]["body"].append({"subheading": part.heading})
        arranged[-1]["body"] += body
    return arranged


def _parted(blocks: Iterable[JsonObject]) -> tuple[list[JsonObject], list[JsonObject]]:
    """Separate the text from the attributions, which are separate messages in every unit."""
    text = [block for block in blocks if "attribution" not in block]
    return text, [block for block in blocks if "attribution" in block]


def _pair_credits(english: Sequence[JsonObject], spanish: Sequence[JsonObject]) -> list[JsonObject]:
    if len(english) == len(spanish) == 1:
        return [{"attribution": Bilingual(english[0]["attribution"], spanish[0]["attribution"])}]
    return [*(_own(each, ENGLISH) for each in english), *(_own(each, SPANISH) for each in spanish)]


def _own(block: JsonObject, language: LanguageTag) -> JsonObject:
    """Return a block that is in one language only."""
    if "list" in block:
        return {**block, "list": [_own_item(item, language) for item in block["list"]]}
    return {member: {"text": text, "language": language} for member, text in block.items()}


def _own_item(item: Any, language: LanguageTag) -> Any:  # noqa: ANN401 - items are strings or objects
    if isinstance(item, str):
        return {"text": item, "language": language}
    return {
        **_own({"list": item["list"]}, language),
        "item": {"text": item["item"], "language": language},
    } | ({"ordered": True} if item.get("ordered") else {})


def _note(english: Sequence[JsonObject], spanish: Sequence[JsonObject]) -> str:
    return (
        f"The section is one unit: its {_count(spanish)} in Spanish and {_count(english)} in English do not "
        "surely correspond one by one."
    )


def _count(blocks: Sequence[JsonObject]) -> str:
    items = sum(len(block["list"]) for block in blocks if "list" in block)
    found = _number(len(blocks), "block")
    return f"{found} ({_number(items, 'item')})" if items else found


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


# Messages


def translations_of(
    plan: MessagePlan, document: JsonObject, paired: PairedSummaries
) -> tuple[dict[Key, Imported], list[Place]]:
    """Return the Spanish of every message of a document that has `Bilingual` texts.

    Also return the places whose English has another Spanish elsewhere: they need a context.
    """
    found: dict[Key, Imported] = {}
    conflicts: list[Place] = []

    def visit(place: Place) -> object:
        translated = _translated(place, paired)
        if translated is not None:
            known = found.setdefault(key_of(place), translated)
            if known.msgstr != translated.msgstr:
                conflicts.append(place)
        return None

    walk(plan, document, visit, lambda _place, _language: DROPPED)
    return found, conflicts


def _translated(place: Place, paired: PairedSummaries) -> Imported | None:
    if place.rule.markup == "block":
        return paired.units.get("" if paired.is_one_unit else place.parents[-1]["id"])
    text = place.lines[0]
    return Imported(msgstr=text.spanish) if isinstance(text, Bilingual) else None


_FIRST: Final = "overview"
_OTHER: Final = "other"


def aspect_of(heading: str) -> str:
    """Return the key of the vocabulary `aspects` for a heading; `overview` if there is no heading.

    `other` unless the whole heading certainly asks for one thing.
    """
    if not heading:
        return _FIRST
    text = heading.casefold()
    recognitions = [recognition_of(language) for language in (ENGLISH, SPANISH)]
    if any(each.joined.search(text) for each in recognitions):
        return _OTHER
    english, spanish = (each.aspects for each in recognitions)
    found = (key for key in english if english[key].search(text) or spanish[key].search(text))
    return next(found, _OTHER)
