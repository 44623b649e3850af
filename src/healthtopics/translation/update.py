"""A translator's file meets a new template: no work is lost, nothing dangerous is suggested.

No disk, no clock: the same input gives the same bytes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher

import polib
from babel import Locale
from babel.messages.plurals import DEFAULT_PLURAL, PLURALS

from healthtopics.catalogue import Key
from healthtopics.language import LanguageTag, posix_locale

SIMILARITY = 0.6
"""How much of an old text a new one must share, by difflib's ratio, to be offered its translation."""


@dataclass(frozen=True, slots=True)
class TemplateMessage:
    """One message of a template: what the source says now."""

    key: Key
    comments: tuple[str, ...]
    """Context for the translator, one `#.` line each."""
    reference: str
    """The first place where it stands: file and JSON pointer, no spaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the header of a catalogue says that the template knows."""

    language: LanguageTag
    subject: str
    """What is translated, for the first line of a new file: `topic “miscarriage”`."""
    created: str
    """When the source was last updated, ISO 8601; a date is midnight, a time without an offset is UTC."""
    project: str = "healthtopics"
    """The Project-Id-Version of a new file."""
    report_to: str = ""
    """The Report-Msgid-Bugs-To of a new file: a URL or an e-mail address."""


def update(
    template: Sequence[TemplateMessage], existing: polib.POFile | None, header: Header
) -> polib.POFile:
    """Return the file with the template's messages, in its order, and all that the translator did.

    A translation stays with its key. One whose key is gone is offered, as fuzzy, to the new message of the
    same role whose English is most alike, unless the two differ in what is dangerous (`is_safe_to_suggest`);
    else it is kept as obsolete, and comes back to life when its key does.
    `existing` is not changed. With an unchanged template the result serializes to the same bytes.
    """
    old = {_key(entry): entry for entry in existing or ()}
    keys = {message.key for message in template}
    gone = [entry for key, entry in old.items() if key not in keys and _has_translation(entry)]
    suggestions = _suggest([message.key for message in template if message.key not in old], gone)

    file = polib.POFile()
    file.header = existing.header if existing is not None else _first_comment(header)
    file.metadata_is_fuzzy = existing is not None and existing.metadata_is_fuzzy
    file.metadata = _fields(existing.metadata if existing is not None else {}, header)
    for message in template:
        if message.key in old:
            entry = _copy(old[message.key], message.key)
        elif message.key in suggestions:
            entry = _as_suggestion(suggestions[message.key], message.key)
        else:
            entry = polib.POEntry(msgctxt=message.key.msgctxt or None, msgid=message.key.msgid)
        entry.comment = "\n".join(message.comments)
        entry.occurrences = [(message.reference, "")]
        file.append(entry)
    used = {id(entry) for entry in suggestions.values()}
    unused = [entry for entry in gone if id(entry) not in used]
    for entry in sorted(
        unused, key=lambda entry: not entry.obsolete
    ):  # those that became obsolete now come last
        file.append(_as_obsolete(entry))
    return file


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────


def _key(entry: polib.POEntry) -> Key:
    return Key(entry.msgctxt or "", entry.msgid)


def _source(entry: polib.POEntry) -> Key:
    """Return what the translation was made from: of a suggestion that nobody took up, the former message."""
    if entry.fuzzy and entry.previous_msgid is not None:
        return Key(entry.previous_msgctxt or entry.msgctxt or "", entry.previous_msgid)
    return _key(entry)


def _has_translation(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr or any(entry.msgstr_plural.values()))


def _copy(old: polib.POEntry, key: Key) -> polib.POEntry:
    """Return a live entry for the key with all that the translator wrote."""
    is_fuzzy = old.fuzzy and _has_translation(old)
    return polib.POEntry(
        msgctxt=key.msgctxt or None,
        msgid=key.msgid,
        msgstr=old.msgstr,
        msgid_plural=old.msgid_plural,
        msgstr_plural=dict(old.msgstr_plural),
        tcomment=old.tcomment,
        flags=[flag for flag in old.flags if _is_translators(flag) and (is_fuzzy or flag != "fuzzy")],
        previous_msgctxt=old.previous_msgctxt if is_fuzzy else None,
        previous_msgid=old.previous_msgid if is_fuzzy else None,
        previous_msgid_plural=old.previous_msgid_plural if is_fuzzy else None,
    )


def _is_translators(flag: str) -> bool:
    """Tell whether the flag may stay: tools guess formats, wrongly where a text has a percentage."""
    return not flag.endswith("-format") or flag.endswith("brace-format")


def _as_suggestion(old: polib.POEntry, key: Key) -> polib.POEntry:
    entry = _copy(old, key)
    source = _source(old)
    entry.previous_msgctxt = source.msgctxt if source.msgctxt != key.msgctxt else None
    entry.previous_msgid = source.msgid
    if not entry.fuzzy:
        entry.flags.insert(0, "fuzzy")
    return entry


def _as_obsolete(old: polib.POEntry) -> polib.POEntry:
    entry = _copy(old, _key(old))
    entry.obsolete = True
    entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    return entry


# ── suggestions ──────────────────────────────────────────────────────────────────────────────────────────


def _suggest(new: Iterable[Key], gone: Sequence[polib.POEntry]) -> dict[Key, polib.POEntry]:
    """Match new messages with old translations, the most alike first, each at most once."""
    if not gone:
        return {}
    pairs: list[tuple[float, int, int, Key]] = []
    matcher = SequenceMatcher(autojunk=False)
    for place, key in enumerate(new):
        matcher.set_seq2(key.msgid)
        for index, entry in enumerate(gone):
            source = _source(entry)
            if _role(source) != _role(key):
                continue
            matcher.set_seq1(source.msgid)
            if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < SIMILARITY:  # upper bounds, and cheap
                continue
            ratio = matcher.ratio()
            if ratio >= SIMILARITY and is_safe_to_suggest(source.msgid, key.msgid):
                pairs.append((-ratio, place, index, key))
    found: dict[Key, polib.POEntry] = {}
    used: set[int] = set()
    for _, _, index, key in sorted(pairs, key=lambda pair: pair[:3]):
        if key not in found and index not in used:
            found[key] = gone[index]
            used.add(index)
    return found


def _role(key: Key) -> str:
    return key.msgctxt.partition("|")[0]


def is_safe_to_suggest(old: str, new: str) -> bool:
    """Tell whether the translation of one English text may be offered for another one.

    It may not where they differ in a number, a unit or a negation: dangerous, and easy to overlook in a
    translation that is otherwise right. When in doubt, no.
    """
    return _dangers(old) == _dangers(new)


def _dangers(text: str) -> list[str]:
    """Return numbers, units and negations in their order, each in one spelling."""
    text = _ADDRESS.sub(" ", text).replace("’", "'").replace("\u00b5", "\u03bc")  # micro sign → mu
    return [_spell(match[0]) for match in _DANGER.finditer(text)]


def _spell(word: str) -> str:
    word = word.casefold()
    if word.endswith("n't"):
        return "not"
    if _THOUSANDS.fullmatch(word):
        return word.replace(",", "")
    return _SPELLINGS.get(word, word)


_NUMBERS = {
    "0": "zero",
    "0.5": "half",
    "1": "one once single first",
    "2": "two twice double second",
    "3": "three thrice triple third",
    "4": "four fourth",
    "5": "five fifth",
    "6": "six sixth",
    "7": "seven seventh",
    "8": "eight eighth",
    "9": "nine ninth",
    "10": "ten tenth",
    "11": "eleven eleventh",
    "12": "twelve twelfth dozen dozens",
    "13": "thirteen",
    "14": "fourteen",
    "15": "fifteen",
    "16": "sixteen",
    "17": "seventeen",
    "18": "eighteen",
    "19": "nineteen",
    "20": "twenty",
    "30": "thirty",
    "40": "forty",
    "50": "fifty",
    "60": "sixty",
    "70": "seventy",
    "80": "eighty",
    "90": "ninety",
    "100": "hundred hundreds",
    "1000": "thousand thousands",
    "1000000": "million millions",
    "1000000000": "billion billions",
    "quarter": "quarter quarters",
}
_UNITS = {
    "kg": "kg kilo kilos kilogram kilograms",
    "g": "g gm gram grams",
    "mg": "mg milligram milligrams",
    "mcg": "\u03bcg mcg microgram micrograms",
    "ng": "ng nanogram nanograms",
    "l": "l liter liters litre litres",
    "dl": "dl deciliter deciliters decilitre decilitres",
    "ml": "ml cc milliliter milliliters millilitre millilitres",
    "iu": "iu",
    "unit": "unit units",
    "mmol": "mmol millimole millimoles",
    "mmhg": "mmhg",
    "kcal": "kcal cal calorie calories",
    "%": "% percent",
    "km": "km kilometer kilometers kilometre kilometres",
    "m": "m meter meters metre metres",
    "cm": "cm centimeter centimeters centimetre centimetres",
    "mm": "mm millimeter millimeters millimetre millimetres",
    "in": "inch inches",
    "ft": "ft foot feet",
    "mile": "mile miles",
    "oz": "oz ounce ounces",
    "lb": "lb lbs pound pounds",
    "tsp": "tsp teaspoon teaspoons",
    "tbsp": "tbsp tablespoon tablespoons",
    "cup": "cup cups",
    "drop": "drop drops",
    "puff": "puff puffs",
    "tablet": "tablet tablets",
    "pill": "pill pills",
    "capsule": "capsule capsules",
    "dose": "dose doses",
    "°": "° degree degrees",
    "celsius": "celsius °c",
    "fahrenheit": "fahrenheit °f",
    "s": "sec secs seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours hourly",
    "d": "day days daily",
    "week": "week weeks weekly",
    "month": "month months monthly",
    "trimester": "trimester trimesters",
    "year": "year years yearly annual annually",
    "decade": "decade decades",
    "times": "times",
    "am": "am a.m",
    "pm": "pm p.m",
}
_NEGATIONS = {
    "not": "not cannot",
    "no": "no",
    "never": "never",
    "none": "none nobody nothing nowhere",
    "nor": "nor neither",
    "without": "without",
    "avoid": "avoid avoids avoided avoiding",
    "stop": "stop stops stopped stopping",
    "unless": "unless",
    "except": "except excluding",
    "instead": "instead",
    "rarely": "rarely hardly seldom",
}
_SPELLINGS = {
    word: spelling
    for group in (_NUMBERS, _UNITS, _NEGATIONS)
    for spelling, words in group.items()
    for word in words.split()
}
_SHORT = {"g", "l", "m", "h", "cc", "cal", "min", "am"}
"""Units that are something else, or part of something, unless a number stands before them."""

_SIGNS = {"%", "°", "°c", "°f"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words))


_ADDRESS = re.compile(r'\bhref="[^"]*"|</?h3\b(?: id="[^"]*")?')
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DANGER = re.compile(
    r"(?:(?<![\w.])\.)?\d+(?:[.,]\d+)*"  # 20, 0.5, .5, 1,000
    r"|[¹²³¼-¾⁰-⁹₀-₉⅐-⅞]"
    r"|%|°[CF]?"
    rf"|(?:(?<=\d)|(?<=\d[ \u00a0-]))(?:{_any_of(_SHORT)})\b"
    rf"|(?:(?<=\d)|\b)(?:{_any_of(_SPELLINGS.keys() - _SHORT - _SIGNS)})\b"
    r"|\b\w+n't\b",
    re.IGNORECASE,
)


# ── the header ───────────────────────────────────────────────────────────────────────────────────────────


_LICENCE = "SPDX-License-Identifier: CC0-1.0"


def _first_comment(header: Header) -> str:
    return f"{_language_name(header.language)} translation of {header.subject}.\n{_LICENCE}"


def _fields(existing: dict[str, str], header: Header) -> dict[str, str]:
    """Return the translator's fields in their order, those that were missing in their usual place.

    POT-Creation-Date alone is the template's.
    """
    usual = {
        "Project-Id-Version": header.project,
        "Report-Msgid-Bugs-To": header.report_to,
        "POT-Creation-Date": _header_date(header.created),
        "PO-Revision-Date": "",
        "Last-Translator": "",
        "Language-Team": _language_name(header.language),
        "Language": posix_locale(header.language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(header.language),
    }
    names = list(existing)
    place = 0
    for name in usual:
        if name not in existing:
            names.insert(place, name)
        place = names.index(name) + 1
    known = existing | {"POT-Creation-Date": usual["POT-Creation-Date"]}
    return {name: known.get(name, usual.get(name, "")) for name in names}


def _header_date(date: str) -> str:
    instant = datetime.fromisoformat(date)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M+0000")


def _language_name(language: LanguageTag) -> str:
    names = Locale("en").languages
    primary = language.partition("-")[0]
    return str(names.get(posix_locale(language)) or names.get(primary) or language)


def _plural_forms(language: LanguageTag) -> str:
    primary = language.partition("-")[0]
    count, rule = PLURALS.get(posix_locale(language)) or PLURALS.get(primary) or DEFAULT_PLURAL
    return f"nplurals={count}; plural={rule};"
