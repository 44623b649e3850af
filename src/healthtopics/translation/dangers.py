"""What is dangerous to confuse in a health text, told apart in English: numbers, units, negations, opposites.

One spelling stands for all of a word: “four” is 4, “milligrams” are mg, “don't” is not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


def is_safe_to_suggest(old: str, new: str) -> bool:
    """Tell whether the translation of one English text may be offered for another one.

    It may not where they differ in a number, a unit or a negation, or where one of two opposites (more and
    fewer, before and after, mild and severe) stands in the place of the other: dangerous, and easy to
    overlook in a translation that is otherwise right. When in doubt, no.
    """
    before, after = _dangers(old), _dangers(new)
    return before == after or (
        [each for each in before if each not in _ON_A_SCALE]
        == [each for each in after if each not in _ON_A_SCALE]
        and all(
            _is_within(one, other) or _is_within(other, one)
            for scale in _SCALES
            for one, other in [tuple([each for each in text if each in scale] for text in (before, after))]
        )
    )


def differences(old: str, new: str) -> list[str]:
    """Return what differs, as the texts have it and in their order: `20 mg → 200 mg`, `not (new)`.

    Empty where `is_safe_to_suggest`, and only there.
    """
    if is_safe_to_suggest(old, new):
        return []
    before, after = list(_phrases(old)), list(_phrases(new))
    matcher = SequenceMatcher(
        a=[each.spelling for each in before], b=[each.spelling for each in after], autojunk=False
    )
    found: list[str] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        gone, new_ = (" … ".join(each.text for each in part) for part in (before[i:j], after[k:m]))
        if tag == "replace":
            found.append(f"{gone} → {new_}")
        elif tag == "delete":
            found.append(f"{gone} (gone)")
        elif tag == "insert":
            found.append(f"{new_} (new)")
    return found


def critical_phrases(text: str) -> list[str]:
    """Return the quantities and the negations of a text as it has them, each once: `20 mg`, `not`.

    A number counts with its unit only, a range with both its ends: `50 to 60 percent`, `12 or more weeks`.
    """
    text = _plain(text)
    found: list[str] = []
    for each in _phrases(text):
        before = _RANGE.search(text, 0, each.start)
        if len(each.spelling) > 1 or (each.spelling[0] in _UNITS and before and before[1]):
            found.append(text[before.start() if before else each.start : each.end])
        elif each.spelling[0] in _NEGATIONS:
            found.append(text[each.start : each.end])
    return list(dict.fromkeys(found))


def is_dangerous_word(word: str) -> bool:
    """Tell whether the word is a number, a unit, a negation or one of two opposites.

    Some units are one only behind a number.
    """
    return word.casefold() in _SPELLINGS or word.casefold().endswith(("n't", "n’t"))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A number with the unit right behind it, or one of them, or a negation."""

    text: str
    spelling: tuple[str, ...]
    start: int
    end: int


def _phrases(text: str) -> Iterator[_Phrase]:
    text = _plain(text)
    last: re.Match[str] | None = None
    for match in _DANGER.finditer(text):
        if last is not None:
            is_quantity = (
                _spell(last[0])[0].isdigit()
                and _spell(match[0]) in _UNITS
                and text[last.end() : match.start()] in _BETWEEN
                and not _NAME.search(text, 0, last.start())
            )
            if is_quantity:
                spelling = (_spell(last[0]), _spell(match[0]))
                yield _Phrase(text[last.start() : match.end()], spelling, last.start(), match.end())
                last = None
                continue
            yield _Phrase(last[0], (_spell(last[0]),), last.start(), last.end())
        last = match
    if last is not None:
        yield _Phrase(last[0], (_spell(last[0]),), last.start(), last.end())


def _dangers(text: str) -> list[str]:
    """Return numbers, units, negations and opposites in their order, each in one spelling."""
    return [_spell(match[0]) for match in _DANGER.finditer(_plain(text))]


def _is_within(words: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether the others hold the words in this order, with more between them or not."""
    waiting = iter(others)
    return all(word in waiting for word in words)


def _plain(text: str) -> str:
    return _ADDRESS.sub(" ", text).replace("’", "'").replace("\u00b5", "\u03bc")  # micro sign → mu


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
_TURNS = {
    "only": "only",
    "even": "even",
    "unlikely": "unlikely",
    "unsafe": "unsafe",
    "unable": "unable",
    "abnormal": "abnormal abnormally",
    "unhealthy": "unhealthy",
}
"""What turns the sense of a sentence round, besides negations."""
_SCALES = (
    {"more": "more", "fewer": "fewer less"},
    {"most": "most", "least": "least fewest"},
    {"many": "many", "few": "few"},
    {"older": "older oldest", "younger": "younger youngest"},
    {"high": "high higher highest", "low": "low lower lowest", "upper": "upper"},
    {"above": "above over", "below": "below under"},
    {
        "before": "before prior",
        "during": "during while",
        "after": "after afterward afterwards",
        "until": "until",
    },
    {"early": "early earlier earliest", "late": "late later latest"},
    {"small": "small smaller smallest", "large": "large larger largest big bigger biggest"},
    {"short": "short shorter shortest", "long": "long longer longest"},
    {"mild": "mild milder mildly", "moderate": "moderate moderately", "severe": "severe severely"},
    {
        "increase": "increase increases increased increasing raise raises raised raising",
        "decrease": "decrease decreases decreased decreasing reduce reduces reduced reducing lowers lowering",
    },
    {"better": "better improve improves improved", "worse": "worse worsen worsens worsened"},
    {"always": "always", "often": "often usually", "sometimes": "sometimes"},
    {"both": "both", "either": "either"},
    {"left": "left", "right": "right"},
    {"front": "front", "back": "back", "side": "side"},
    {"inside": "inside internal internally", "outside": "outside external externally"},
    {"hot": "hot hotter warm warmer", "cold": "cold colder cool cooler"},
    {"empty": "empty", "full": "full"},
    {"common": "common commonly", "rare": "rare uncommon"},
)
"""Opposites, and what lies between them: one in the place of another turns the sense round."""
_SPELLINGS = {
    word: spelling
    for group in (_NUMBERS, _UNITS, _NEGATIONS, _TURNS, *_SCALES)
    for spelling, words in group.items()
    for word in words.split()
}
_RANGE = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?: ?[–-] ?| (?:to|and|or) )((?:more|fewer|less) )?\Z")
"""Before the last number of a range and its unit, or, with the group, before the unit of an open range."""

_ON_A_SCALE = frozenset().union(*_SCALES)
_SHORT = {"g", "l", "m", "h", "cc", "cal", "min", "am"}
"""Units that are something else, or part of something, unless a number stands before them."""

_SIGNS = {"%", "°", "°c", "°f"}
_BETWEEN = {"", " ", "\u00a0", "-", "‑"}
"""What may stand between a number and its unit."""
_NAME = re.compile(r"[^\W\d_]-\Z")
"""Before a number that is part of a name: ICD-10."""


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
