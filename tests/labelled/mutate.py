"""Makes the by-rule part of the wrong pairs out of the right pairs, the same bytes each time.

A rule spoils a Spanish text in one way that a tired translator, an editor's tool or machine translation
really does, or returns None if the pair gives it nothing to spoil. It knows no check of the product.
Which pairs a rule spoils is chosen by a seeded shuffle, the least used pairs first, within each half.

Run it to rewrite the by-rule lines of wrong.*.jsonl; the lines made by hand are kept as they are.
"""

import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

FOLDER = Path(__file__).parent
HALVES = ("development", "held-out")
FIRST_NUMBER = {"development": 1001, "held-out": 2001}
"""By-rule pairs are numbered from here; the pairs made by hand have the numbers below 1000."""

Pair: TypeAlias = dict[str, str | int]
Change: TypeAlias = Callable[[str, str], str | None]
"""(english, spanish) → the spoilt Spanish text, or None where the rule finds nothing to spoil."""

_KEPT = re.compile(r"<[^>]*>|https?://\S+|\S+@\S+|\{[^}]*\}")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre")
_NOT_IN_NUMBER = r"(?<![\w.,:/-])"
_COUNTED = (
    r"(?:mg|g|ml|mcg|µg|μg|UI|microgramos|tabletas?|dosis|horas|días|semanas|meses|libras|inyecciones"
    r"|minutos)"
)


@dataclass(frozen=True)
class Rule:
    """One way of spoiling: its row in the table of checks, the word for the error, how often in a half."""

    row: int
    error: str
    count: int
    change: Change


def _replace_first(pattern: str, replacement: str | Callable[[re.Match[str]], str], text: str) -> str | None:
    """Replace the first match that does not touch a tag, an address or a placeholder."""
    kept = [match.span() for match in _KEPT.finditer(text)]
    for match in re.finditer(pattern, text):
        if not any(start < match.end() and match.start() < end for start, end in kept):
            new = replacement(match) if callable(replacement) else match.expand(replacement)
            return text[: match.start()] + new + text[match.end() :]
    return None


def _sub(pattern: str, replacement: str, english: str = "") -> Change:
    """Make a rule that replaces the first match in the Spanish text, if the English one has its pattern."""

    def change(source: str, target: str) -> str | None:
        if english and not re.search(english, source):
            return None
        return _replace_first(pattern, replacement, target)

    return change


def _raw(pattern: str, replacement: str) -> Change:
    """Make a rule like `_sub` that reaches into tags too."""

    def change(_source: str, target: str) -> str | None:
        spoilt, count = re.subn(pattern, replacement, target, count=1)
        return spoilt if count else None

    return change


def _first_of(*changes: Change) -> Change:
    """Make a rule that tries several changes and keeps the first that applies."""

    def change(source: str, target: str) -> str | None:
        spoilt = (each(source, target) for each in changes)
        return next((text for text in spoilt if text is not None), None)

    return change


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


# Numbers (row 7)


def decimal_lost(english: str, spanish: str) -> str | None:
    """0.5 → 5, 1,5 → 15: the decimal mark falls out of a number that the English text has too."""

    def joined(match: re.Match[str]) -> str:
        return str(int(match[1] + match[2])) if f"{match[1]}.{match[2]}" in english else match[0]

    if "°C" in spanish or "CC0" in spanish:
        return None
    return _replace_first(r"(?<![\w.,/-])(\d+)[.,](\d{1,2})(?![\d.,/]*\d)", joined, spanish)


def digits_transposed(english: str, spanish: str) -> str | None:
    """24 → 42, in a number that the English text has too."""
    pattern = rf"{_NOT_IN_NUMBER}(\d)([1-9])(?![\d/-]|[.,:]\d| ?°| de (?:{'|'.join(_MONTHS)}))"

    def swapped(match: re.Match[str]) -> str:
        has_number = re.search(rf"(?<!\d){match[0]}(?!\d)", english)
        return match[2] + match[1] if has_number else match[0]

    return _replace_first(pattern, swapped, spanish)


def range_end_raised(_english: str, spanish: str) -> str | None:
    """De 4 a 6 → de 4 a 8."""

    def raised(match: re.Match[str]) -> str:
        return f"{match[1]} {match[2]} {match[3]} {int(match[4]) + 2}"

    return _replace_first(r"\b([Dd]e|[Ee]ntre) (\d+) ([ay]) (\d+)\b(?![.,:]\d)", raised, spanish)


def number_word_changed(english: str, spanish: str) -> str | None:
    """Dos → tres, where the English text has the number, as a word or in digits."""
    said = {
        "dos": (r"\b(?:two|twice|2)\b", "tres"),
        "tres": (r"\b(?:three|3)\b", "cuatro"),
        "cuatro": (r"\b(?:four|4)\b", "cinco"),
        "cinco": (r"\b(?:five|5)\b", "seis"),
        "seis": (r"\b(?:six|6)\b", "siete"),
        "diez": (r"\b(?:ten|10)\b", "dos"),
        "doce": (r"\b(?:twelve|dozen|12)\b", "dos"),
    }

    def next_one(match: re.Match[str]) -> str:
        pattern, wrong = said[match[0]]
        return wrong if re.search(pattern, english, re.IGNORECASE) else match[0]

    return _replace_first(rf"(?<!las )\b(?:{'|'.join(said)})\b(?! terceras)", next_one, spanish)


def conversion_wrong(english: str, spanish: str) -> str | None:
    """(38 °C) → (40 °C), (4.5 kg) → (40.5 kg), in a conversion that the translation has added."""

    def off(match: re.Match[str]) -> str:
        if f"({match[1]}" in english:
            return match[0]
        wrong = int(match[1]) + 2 if match[3] == "°C" else int(match[1]) * 10
        return f"({wrong}{match[2]} {match[3]})"

    return _replace_first(r"\((\d+)((?:[.,]\d+)?)\s(°C|kg|ml|cm)\)", off, spanish)


def often_added(english: str, spanish: str) -> str | None:
    """Add “dos veces al día” to an instruction that says nothing of the kind."""
    if re.search(r"\b(?:times?|twice|once|every|day|days|week|daily|hours?|night)\b", english):
        return None
    if not re.fullmatch(r"(?:Tome|Use|Beba|Haga|Elija|Coma|No tome)\b[^.?!;(]*\.", spanish):
        return None
    return spanish[:-1] + " dos veces al día."


# Negation and direction (row 10)

_NEGATED_VERB = (
    r"(?:tome|use|deje|suspenda|conduzca|debe|deben|necesita|necesitan|es|son|está|tiene|tienen|hay|se|le|puede|pueden"
    r"|lo|la|nade|coma|levante|comparta|consuma|significa|significan|reemplaza|ayudan|empiece|todas|todos|funciona|duele"
    r"|aumentan|comen|quiere|causan|dormía)"
)

_NEGATIVE = r"\b(?:not|no|nor|never|cannot|nothing|neither|nobody|avoid|unable|fail\w*)\b|n[’']t\b"
_IMPERATIVE = (
    r"(?i:tome|use|llame|pida|busque|beba|mantenga|siga|camine|haga|coma|hable|pregunte|aplique|elija|cocine|espere"
    r"|vea|visite|escriba)"
)


def negation_lost(english: str, spanish: str) -> str | None:
    """No tome → tome, ya no es → ya es; never the empty “no” of “hasta que no”."""
    if not re.search(_NEGATIVE, english, re.IGNORECASE):
        return None

    def positive(match: re.Match[str]) -> str:
        return _capitalized(match[2]) if match[1] == "N" else match[2]

    return _replace_first(rf"(?<!hasta que )(?<!\ba )\b([Nn])o ({_NEGATED_VERB})\b", positive, spanish)


def negation_added(english: str, spanish: str) -> str | None:
    """Llame → no llame, puede → no puede."""
    if (
        re.search(r"\b(?:not|no|never|cannot|until|unless)\b|n[’']t\b", english, re.IGNORECASE)
        or "¿" in spanish
    ):
        return None

    def negative(match: re.Match[str]) -> str:
        return f"{match[1]}{'No' if match[2][0].isupper() else 'no'} {match[2].lower()}"

    ordered = _replace_first(rf"(^|[,.:] )({_IMPERATIVE})\b(?!,)", negative, spanish)
    return ordered or _replace_first(r"(\b(?:usted|que|medicina|vacuna) )(puede|debe)\b", negative, spanish)


# Characters (row 30)


def mojibake(_english: str, spanish: str) -> str | None:
    """É → Ã‰: UTF-8 read as Windows-1252."""
    return re.sub(r"[áéíóúñ¿¡]", lambda match: match[0].encode().decode("cp1252", errors="replace"), spanish)


def decomposed(_english: str, spanish: str) -> str | None:
    """É → e and a combining accent (NFD)."""
    return unicodedata.normalize("NFD", spanish)


# Whole texts


def left_in_english(english: str, spanish: str) -> str | None:
    """Leave the message as it was, where four words or more and no name are in it."""
    has_words = len(re.findall(r"\b[a-z]{2,}\b", english)) >= 4
    return english if has_words and "\n" not in english and english != spanish else None


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[a-z)áéíóú]{3}\.) (?=[A-ZÁÉÍÓÚ¿¡])", text)


def last_sentence_in_english(english: str, spanish: str) -> str | None:
    """Leave the last of two sentences or more in English."""
    ours, theirs = _sentences(spanish), _sentences(english)
    if len(ours) != len(theirs) or len(ours) < 2 or "<" in english:
        return None
    return " ".join([*ours[:-1], theirs[-1]])


def half_lost(english: str, spanish: str) -> str | None:
    """Keep only the first sentence of three or more, where that is less than half of the English text."""
    first, *rest = _sentences(spanish)
    if len(rest) < 2 or "<" in spanish or len(first) > 0.5 * len(english):
        return None
    return first


def title_case(english: str, spanish: str) -> str | None:
    """Capitalize Every Word, as an English title does."""
    is_heading = len(spanish) <= 90 and len(spanish.split()) >= 4 and not spanish.endswith(".")
    if not is_heading or re.search("[<{]", spanish) or not english[:2].istitle() or english == spanish:
        return None
    return re.sub(r"(?<![\w{])[a-záéíóúñ]{4,}", lambda match: _capitalized(match[0]), spanish)


def all_capitals(_english: str, spanish: str) -> str | None:
    """TURN THE WHOLE SENTENCE INTO CAPITALS."""
    return spanish.upper() if spanish.endswith(".") and "<" not in spanish and len(spanish) < 90 else None


def starts_small(english: str, spanish: str) -> str | None:
    """Start a sentence with a small letter."""
    if not english[:1].isupper() or not spanish[:1].isupper() or not spanish.endswith("."):
        return None
    return spanish[0].lower() + spanish[1:]


def full_stop_lost(english: str, spanish: str) -> str | None:
    """Lose the full stop at the end."""
    both_end = english.endswith(".") and re.search(r"[a-záéíóú]\.$", spanish)
    return spanish[:-1] if both_end else None


def colon_lost(english: str, spanish: str) -> str | None:
    """End with a full stop the line that introduces a list."""
    return spanish[:-1] + "." if english.endswith(":") and spanish.endswith(":") else None


def space_before(_english: str, spanish: str) -> str | None:
    """Start with a space."""
    return " " + spanish


def space_after(_english: str, spanish: str) -> str | None:
    """End with a space."""
    return spanish + " "


def newline_after(_english: str, spanish: str) -> str | None:
    """End with a line break."""
    return spanish + "\n"


def time_of_day_flipped(_english: str, spanish: str) -> str | None:
    """8:00 p. m. → 8:00 a. m."""
    return _replace_first(
        r"\b([ap])\. m\.", lambda match: ("p" if match[1] == "a" else "a") + ". m.", spanish
    )


def month_changed(_english: str, spanish: str) -> str | None:
    """3 de marzo → 3 de abril."""

    def following(match: re.Match[str]) -> str:
        return f"{match[1]} de {_MONTHS[_MONTHS.index(match[2]) + 1]}"

    return _replace_first(rf"\b(\d+) de ({'|'.join(_MONTHS[:-1])})\b", following, spanish)


def last_digit_of_phone(_english: str, spanish: str) -> str | None:
    """1-800-555-0142 → 1-800-555-0143."""
    return _replace_first(
        r"\b(1-\d{3}-\d{3}-\d{3})(\d)\b", lambda match: match[1] + str((int(match[2]) + 1) % 10), spanish
    )


def register_mixed(_english: str, spanish: str) -> str | None:
    """Say “tu” once in a message that says “usted” elsewhere."""
    formal = r"\b(?:usted|llame|hable|pregunte|tome|busque|consulte|deje|use|comuníquese|cuide|haga)\b"
    if not re.search(formal, spanish, re.IGNORECASE):
        return None
    return _replace_first(
        r"\bsu (proveedor|médico|bebé|farmacéutico|cuerpo|salud|hijo|pareja)\b", r"tu \1", spanish
    )


RULES = (
    Rule(7, "dose-times-ten", 4, _sub(rf"{_NOT_IN_NUMBER}(\d+)(?= {_COUNTED}\b)", r"\g<1>0")),
    Rule(7, "decimal-lost", 4, decimal_lost),
    Rule(7, "digits-transposed", 4, digits_transposed),
    Rule(7, "range-changed", 3, range_end_raised),
    Rule(7, "range-swapped", 2, _sub(r"\b([Dd]e|[Ee]ntre) (\d+) ([ay]) (\d+)\b(?![.,:]\d)", r"\1 \4 \3 \2")),
    Rule(7, "number-lost", 4, _sub(rf"{_NOT_IN_NUMBER}(?<!\d [ay] )\d+ (?={_COUNTED}\b)", "")),
    Rule(7, "number-word-wrong", 3, number_word_changed),
    Rule(
        7,
        "fraction-wrong",
        1,
        _first_of(
            _sub(r"\bla mitad\b", "una cuarta parte"),
            _sub("La mitad", "Una cuarta parte"),
            _sub(r"\bUn tercio\b", "Dos tercios"),
        ),
    ),
    Rule(7, "proportion-times-ten", 1, _sub(r"\b(\d+ de cada \d+)\b(?!,)", r"\g<1>0")),
    Rule(8, "unit-mg-g", 3, _sub(r"(?<=\d) mg\b(?!/)", " g")),
    Rule(
        8,
        "unit-mcg-mg",
        2,
        _first_of(_sub(r"(?<=\d) (?:mcg|µg|μg)\b", " mg"), _sub("microgramos", "miligramos")),
    ),
    Rule(8, "unit-ml-l", 1, _sub(r"(?<=\d) ml\b(?!\))", " l")),
    Rule(8, "unit-hours-days", 3, _sub(r"(?<!las )\b(\d+) horas\b", r"\1 días", r"hours")),
    Rule(8, "unit-days-weeks", 3, _sub(r"(?<!los )\b(\d+) días\b", r"\1 semanas", r"days")),
    Rule(8, "unit-weeks-months", 1, _sub(r"(?<!las )\b(\d+|dos|tres) semanas\b", r"\1 meses", r"weeks")),
    Rule(
        8,
        "spoon-changed",
        1,
        _first_of(
            _sub(r"\bcucharadita", "cucharada", "teaspoon"),
            _sub(r"\bcucharada\b", "cucharadita", "tablespoon"),
        ),
    ),
    Rule(8, "unit-iu-mg", 1, _sub(r"(?<=\d) UI\b", " mg")),
    Rule(8, "percent-lost", 3, _first_of(_sub(r"(?<=\d)\s?%", ""), _sub(" por ciento", ""))),
    Rule(
        8,
        "unit-without-conversion",
        3,
        _first_of(_sub(r"°F \([^)]*°C\)", "°C"), _sub(r"libras \([^)]*kg\)", "kilos")),
    ),
    Rule(9, "wrong-conversion", 3, conversion_wrong),
    Rule(
        9,
        "dose-added",
        2,
        _sub(
            r"\b(medicamento|tableta|aspirina|ibuprofeno)\b(?! (?:para|mifepristona|llamado))",
            r"\1 de 500 mg",
            r"^(?!.*\d)",
        ),
    ),
    Rule(9, "time-added", 1, often_added),
    Rule(10, "negation-lost", 9, negation_lost),
    Rule(10, "negation-added", 6, negation_added),
    Rule(
        10,
        "without-flipped",
        2,
        _first_of(
            _sub(r"(?<!o )\bsin (?=(?:receta|síntomas|otros|cirugía|gluten))", "con "),
            _sub(r"\bSin (?=tratamiento)", "Con "),
        ),
    ),
    Rule(
        10,
        "unless-flipped",
        1,
        _first_of(
            _sub(r"\b(?:a menos|a no ser) que\b", "siempre que"), _sub(r"\bSalvo que\b", "Siempre que")
        ),
    ),
    Rule(
        10,
        "before-after",
        4,
        _first_of(
            _sub(
                r"\bantes de(?= (?:l|la|las|los|tomar|que|intentar|viajar)\b)", "después de", "before|until"
            ),
            _sub(r"\bantes del\b", "después del", "before"),
            _sub(r"\bdespués del?(?= (?:la|las|los|28|un|una|nacer|primer)\b)", "antes de", "after|After"),
        ),
    ),
    Rule(
        10,
        "more-less",
        5,
        _first_of(
            _sub(r"(?<!o )\bmás de\b", "menos de", r"(?i)more than|over|above|older"),
            _sub(r"\b[Mm]enos de\b", "más de", r"less than|fewer|under|below"),
            _sub(r"\bmayor(es)? de\b", r"menor\1 de", "over|older"),
            _sub(r"\bmenor(es)? de\b", r"mayor\1 de", "under|younger"),
            _sub(r"\bes mayor\b", "es menor", "higher"),
        ),
    ),
    Rule(
        10,
        "at-least-at-most",
        2,
        _first_of(
            _sub(r"\bal menos\b", "como máximo", "least"),
            _sub(r"\bcomo máximo\b", "como mínimo", "most"),
            _sub(r"\bo más\b", "o menos", "or (?:more|higher)"),
        ),
    ),
    Rule(6, "phone-changed", 2, last_digit_of_phone),
    Rule(6, "phone-changed", 1, _sub(r"\b911\b", "991")),
    Rule(6, "email-changed", 1, _first_of(_raw(r"\bhelp@", "ayuda@"), _raw(r"\brecords@", "registros@"))),
    Rule(32, "time-wrong", 2, time_of_day_flipped),
    Rule(32, "month-wrong", 1, month_changed),
    Rule(32, "day-month-swapped", 1, _sub(r"\b(\d\d)/(\d\d)/(\d{4})", r"\2/\1/\3")),
    Rule(
        1,
        "placeholder-translated",
        1,
        _first_of(
            _raw(r"\{date\}", "{fecha}"),
            _raw(r"\{pages?\}", "{página}"),
            _raw(r"\{count\}", "{cantidad}"),
            _raw(r"\{title\}", "{título}"),
        ),
    ),
    Rule(2, "tag-lost", 2, _raw(r"</(?:strong|em|a)>", "")),
    Rule(2, "tag-changed", 2, _raw(r"<(strong|em)>(.*?)</\1>", r"<b>\2</b>")),
    Rule(2, "link-lost", 2, _raw(r'<a href="[^"]*">(.*?)</a>', r"\1")),
    Rule(3, "html-unsafe", 1, _raw(r"<a ", '<a onclick="go()" ')),
    Rule(4, "entity-broken", 1, _first_of(_sub("&amp;", "&amp;amp;"), _sub("&lt;", "&lt"))),
    Rule(
        5,
        "href-changed",
        3,
        _first_of(
            _raw(r"https://medlineplus\.gov/", "https://medlineplus.org/"),
            _raw(r"topic:recurrent-miscarriage", "topic:aborto-recurrente"),
            _raw(r"topic:miscarriage", "topic:aborto-espontaneo"),
        ),
    ),
    Rule(11, "question-mark-missing", 3, _sub("¿", "")),
    Rule(11, "question-mark-lost-at-end", 2, _sub(r"\?", "")),
    Rule(11, "question-mark-not-inverted", 1, _sub("¿", "?")),
    Rule(11, "exclamation-mark-missing", 1, _sub("¡", "")),
    Rule(12, "full-stop-lost", 2, full_stop_lost),
    Rule(12, "colon-lost", 1, colon_lost),
    Rule(13, "space-before", 1, space_before),
    Rule(13, "space-after", 1, space_after),
    Rule(13, "newline-after", 1, newline_after),
    Rule(14, "double-space", 2, _sub(r"(?<=[a-z]) (?=[a-z])", "  ")),
    Rule(14, "no-break-space", 1, _sub(r"(?<=[a-z]) (?=[a-z])", " \u00a0")),
    Rule(14, "thin-space", 1, _sub(r"(?<=[a-z]) (?=[a-z])", "\u2009")),
    Rule(15, "newline-inside", 1, _sub(r"(?<=[a-z]) (?=[a-z])", "\n")),
    Rule(15, "newline-escaped", 1, _sub(r"(?<=[a-z]\.) ", r"\\n")),
    Rule(16, "bracket-unbalanced", 2, _sub(r"\)(?!\))", "")),
    Rule(16, "quote-unbalanced", 1, _sub("[»”]", "")),
    Rule(17, "untranslated", 4, left_in_english),
    Rule(18, "half-lost", 3, half_lost),
    Rule(
        20,
        "acronym-wrong",
        3,
        _first_of(
            _sub(r"\bVIH\b", "HIV"),
            _sub(r"\bVRS\b", "RSV"),
            _sub(r"\bGCH\b", "HCG"),
            _sub(r"\bETS\b", "STD"),
            _sub(r"\bADN\b", "DNA"),
            _sub(r"\bEPOC\b", "COPD"),
            _sub(r"\bIMC\b", "BMI"),
        ),
    ),
    Rule(
        21,
        "term-wrong",
        3,
        _sub(r"\baborto espontáneo\b(?! recurrente)", "aborto inducido", "(?i)miscarriage"),
    ),
    Rule(
        22,
        "false-friend",
        1,
        _first_of(
            _sub(r"\bdolor intenso\b", "dolor grave", "(?i)severe pain"),
            _sub(r"\bestreñimiento\b", "constipado", "constipation"),
            _sub(r"\b[Ll]os medicamentos\b", "Las drogas", "drugs"),
        ),
    ),
    Rule(23, "name-translated", 1, _sub(r"\bMedlinePlus\b", "Medline Más")),
    Rule(
        23,
        "name-changed",
        1,
        _first_of(_sub(r"\bFDA\b", "AAM"), _sub(r"\bCDC\b", "CCE"), _sub(r"\bWIC\b", "MBN")),
    ),
    Rule(26, "word-doubled", 3, _sub(r"(?<= )(de|la|el|que|los|en) (?=[a-z])", r"\1 \1 ")),
    Rule(27, "capitals", 3, title_case),
    Rule(27, "all-capitals", 1, all_capitals),
    Rule(27, "small-start", 1, starts_small),
    Rule(30, "replacement-character", 2, _sub("[áéíóúñ]", "\ufffd")),
    Rule(30, "mojibake", 2, mojibake),
    Rule(30, "decomposed", 2, decomposed),
    Rule(30, "zero-width-space", 1, _sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "\u200b")),
    Rule(30, "soft-hyphen", 1, _sub(r"(?<=[a-z]{4})(?=[a-z]{3})", "\u00ad")),
    Rule(30, "homoglyph", 2, _sub(r"(?<=[a-z])a(?=[a-z])", "\u0430")),
    Rule(31, "english-sentence", 3, last_sentence_in_english),
    Rule(
        31,
        "english-word",
        2,
        _first_of(
            _sub(r"\bproveedor\b", "provider", "provider"), _sub(r"\bmedicamento\b", "medicine", "medicine")
        ),
    ),
    Rule(33, "register-mixed", 3, register_mixed),
)


def read_pairs(kind: str, half: str) -> list[Pair]:
    """Read the pairs of one kind ("right" or "wrong") and one half, in file order."""
    lines = (FOLDER / f"{kind}.{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def to_lines(pairs: Iterable[Pair]) -> str:
    """Serialize pairs, one JSON object per line."""
    return "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs)


def spoil(half: str, right: list[Pair]) -> list[Pair]:
    """Make the by-rule wrong pairs of one half out of its right pairs, in the order of `RULES`."""
    used: Counter[str] = Counter()
    made: set[tuple[str, str]] = set()
    pairs: list[Pair] = []
    for rule in RULES:
        chooser = random.Random(f"{half}/{rule.row}/{rule.error}")  # noqa: S311 - a fixed choice, no secret
        shuffled = chooser.sample(right, len(right))
        taken = 0
        for origin in sorted(shuffled, key=lambda pair: used[str(pair["id"])]):
            if taken == rule.count:
                break
            english, spanish = str(origin["english"]), str(origin["spanish"])
            spoilt = rule.change(english, spanish)
            if spoilt is None or spoilt == spanish or (english, spoilt) in made:
                continue
            made.add((english, spoilt))
            used[str(origin["id"])] += 1
            taken += 1
            pairs.append(
                {
                    "id": f"w-{FIRST_NUMBER[half] + len(pairs):04}",
                    "role": origin["role"],
                    "english": english,
                    "spanish": spoilt,
                    "row": rule.row,
                    "error": rule.error,
                    "made": "by rule",
                    "of": origin["id"],
                }
            )
    return pairs


if __name__ == "__main__":
    for each_half in HALVES:
        by_hand = [pair for pair in read_pairs("wrong", each_half) if pair["made"] == "by hand"]
        text = to_lines([*by_hand, *spoil(each_half, read_pairs("right", each_half))])
        (FOLDER / f"wrong.{each_half}.jsonl").write_text(text, encoding="utf-8")
