"""The parts of a text that say a number, a unit, a date, a negation…, in order, found in one pass.

Numbers are read by value in any notation: `1,000.5`, `1.000,5`, `1 000,5`, `½`. English groups digits by
commas; other languages vary, so that a number there can have two readings.
"""

import re
from collections.abc import Container, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import msgspec

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.memo import Memo
from healthtopics.reading.contrasts import Opener, Saying, read_phrase
from healthtopics.reading.languages import concept_words_of, lexicon_of
from healthtopics.reading.lexicon import ROMANS, Head, Sense
from healthtopics.reading.masking import TOP_LEVEL_DOMAINS


class Token(msgspec.Struct, frozen=True, gc=False):
    """A part of a text that has a meaning."""

    start: int
    end: int
    kind: str
    """"word", "number", "fraction", "clock", "date", or "stop" for the end of a sentence."""
    sense: Sense
    readings: tuple[float, ...] = ()
    """The values of a number; more than one only if the notation is ambiguous: `1.000`."""


class Tokens(NamedTuple):
    """The tokens of a text, and its words that say concepts."""

    low: str
    """The text in lower case, with plain spaces, dashes and apostrophes; addresses are `_`. Its length is
    unchanged."""
    tokens: list[Token]
    said: Sequence[Saying]
    phones: tuple[str, ...]
    emails: tuple[str, ...]


_EVEN: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " "),
        **dict.fromkeys("–—‑‐−", "-"),
        **dict.fromkeys("’ʼ‘´", "'"),
        "μ": "µ", "⁄": "/", "٫": ".", "٬": ",",
        **{raised: str(value) for row in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉") for value, raised in enumerate(row)},
    }
)  # fmt: skip
_UNEVEN: Final = re.compile(f"[{re.escape(''.join(map(chr, _EVEN)))}]")
_GLYPHS: Final = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅛": 1 / 8, "⅜": 3 / 8,
    "⅝": 5 / 8, "⅞": 7 / 8, "⅙": 1 / 6,
}  # fmt: skip
_DENOMINATORS: Final = frozenset({2, 3, 4, 5, 6, 8, 10, 16, 100, 1000})
"""Denominators for which `n/m` is a fraction; others make two numbers: `120/80`."""
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
_DOMAIN: Final = re.compile(rf"\.(?:{'|'.join(TOP_LEVEL_DOMAINS)})\b")
_URL: Final = re.compile(
    rf"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*{_DOMAIN.pattern}(?:/[^\s)]*)?"
    rf"|(?<![\w.]){_DOMAIN.pattern}"
)
_PHONE: Final = re.compile(
    r"""(?<![\w.,/-])(?:
        (?:\+?1[-. ]?)?(?:\([2-9][0-9]{2}\)[ ]?|[2-9][0-9]{2}[-. ])[0-9]{3}[-. ][0-9]{4}
      | (?:1-)?8[0-9]{2}-(?=[\w-]*[^\W\d_])\w+(?:-\w+)*   # 1-800-QUIT-NOW
      | [2-9][0-9]{2}-[0-9]{4}
      | \+[0-9]{1,3}(?:[ -][0-9]{2,4}){2,4}
    )(?!\w)""",
    re.VERBOSE,
)
_MAY_BE_PHONE: Final = re.compile(r"[0-9]{3}[-. )]|\+[0-9]")
"""Matches something wherever the former does, and is faster."""
_GROUPS: Final = re.compile(r"[1-9](?<![\d.,].)[0-9]{0,2}(?: [0-9]{3})+(?!\d)")
_WIDE: Final = re.compile(r"(?<=[0-9])[\u00a0\u202f\u2009](?=[0-9]{3}(?!\d))")
_LETTER: Final = r"[^\W\d_½⅓⅔¼¾⅕⅛⅜⅝⅞⅙]"
_FIRST_DIGIT: Final = r"\d(?<!\d\d)"
_MARK: Final = r"(?<![!?….].)(?:[!?…]|\.(?!\d))*+(?=[)\]\"”»']*+(?:\s|$))"
_ORDINAL: Final = r"(?:(?:{endings})(?!\w)|\.?[ºª](?![cf]))?"
_KINDS: Final = (
    ("word", rf"[a-zß-öø-ÿ][a-zß-öø-ÿ]*+(?!{_LETTER})(?:'[^\W\d_]+)*"),
    ("word", rf"{_LETTER}{_LETTER}*(?:'[^\W\d_]+)*"),
    ("word", "[%°℃℉]"),
    ("clock", r"[0-9][0-9]?(?::[0-9]{2})?[ ]?[ap](?:\.[ ]?m\.?|m)(?!\w)"),
    ("clock", r"[0-9][0-9]?:[0-9]{2}(?!\d)"),
    ("date", r"[0-9][0-9]{3}-[0-9]{2}-[0-9]{2}(?!\d)"),
    ("date", r"[0-9][0-9]?(?:/[0-9]{1,2}/|\.[0-9]{1,2}\.|-[0-9]{1,2}-)(?:[0-9]{4}|[0-9]{2})(?!\d)"),
    ("date", r"[01]?[0-9]/(?:19|20)[0-9]{2}(?![\d/])"),
    ("fraction", "[½⅓⅔¼¾⅕⅛⅜⅝⅞⅙]"),
    ("fraction", rf"{_FIRST_DIGIT}\d{{0,14}}[ -]?[½⅓⅔¼¾⅕⅛⅜⅝⅞⅙]"),
    ("fraction", rf"{_FIRST_DIGIT}(?:\d{{0,14}}[ -]\d{{1,15}}|\d{{0,14}})/\d{{1,15}}(?![\d/])"),
    ("number", rf"{_FIRST_DIGIT}\d{{0,14}}(?!\d)(?:['.,]\d{{1,15}}(?!\d))*{_ORDINAL}"),
    ("number", rf"\.(?<![\w.]\.)\d{{1,15}}(?!\d){_ORDINAL}"),
    ("stop", r"\n"),
    ("stop", rf"[!?…]{_MARK}"),
    ("stop", rf"\.(?!\d){_MARK}"),
)
"""The kinds of tokens; the first that matches counts. `{endings}` are those of ordinals.

Each begins with a set of characters, so that a mismatch is skipped quickly. Each is possessive or bounded,
so that no text makes it slow: numbers with more digits than anything in health has are names. None looks
beyond a space, except where `_GAP` says so: a chunk between spaces has the same tokens by itself.
"""
_GAP: Final = re.compile(r" (?:(?<![\d.] )|(?<=\d )(?![\dap½⅓⅔¼¾⅕⅛⅜⅝⅞⅙])|(?<=\. )(?!m))")
"""Matches a space that is surely not within a token, as it is in `8 p. m.`, `1 1/2` and `2 ½`."""
_MARKS: Final = '.,;:?!()¿¡"“”«»'
"""Marks that no phrase has within it."""
_MOST_CHUNKS: Final = 20_000
_REACH: Final = 6
"""The most characters before a full stop that decide whether it belongs to an abbreviation."""


class _Part(NamedTuple):
    """A token of a chunk, with places in the chunk."""

    start: int
    end: int
    kind: str
    sense: Sense
    readings: tuple[float, ...] = ()
    head: Head | None = None
    """For a word that has other meanings together with what follows it."""


class _Chunk(NamedTuple):
    """What a chunk of text between two spaces has; places are in the chunk."""

    parts: tuple[_Part, ...]
    openers: tuple[Opener, ...]
    following: frozenset[str] | None = None
    """The words that its phrases go on with, if it is a word; None if anything may follow."""
    alone: tuple[tuple[_Part, ...], tuple[Opener, ...]] = ((), ())
    """The same if none of these follows."""


class _Scanner:
    """Finds the tokens of one language."""

    def __init__(self, language: LanguageTag) -> None:
        self.chunks: Memo[str, _Chunk | None] = Memo(self._chunk, _MOST_CHUNKS)
        """What each chunk of text has; None if it is nothing, as of most."""
        lexicon, self._concepts = lexicon_of(language), concept_words_of(language)
        endings = "|".join(map(re.escape, sorted(lexicon.ordinal_endings))) or "(?!)"
        abbreviations = "".join(f"|{re.escape(each)}" for each in sorted(lexicon.abbreviations))
        self._lexicon = lexicon
        self._is_english = language == SOURCE
        kinds = "|".join(f"({pattern})" for _, pattern in _KINDS)
        self._token = re.compile(kinds.replace("{endings}", endings))
        self._abbreviation = re.compile(rf"(?:^|\W)(?:\w|[ap]\. ?m{abbreviations})$")
        """Matches an abbreviation at the end of a text, without its full stop."""

    def _chunk(self, chunk: str) -> _Chunk | None:
        openers = tuple(self._concepts.openers(chunk))
        is_word = chunk.isalpha()
        parts = tuple(self._word(chunk, 0, len(chunk)) if is_word else self._parts(chunk))
        if not parts and not openers:
            return None
        if not is_word:
            openers = tuple(each if each.may_go_on(chunk) else each._replace(longer={}) for each in openers)
            return _Chunk(parts, openers)
        heads = (part.head.following for part in parts if part.head)
        return _Chunk(
            parts,
            openers,
            frozenset().union(*heads, *(each.longer for each in openers)),
            (
                tuple(part._replace(head=None) for part in parts if part.sense is not _NOTHING),
                tuple(each._replace(longer={}) for each in openers if each.alone),
            ),
        )

    def _parts(self, chunk: str) -> Iterator[_Part]:
        for match in self._token.finditer(chunk):
            (start, end), kind = match.span(), _KINDS[(match.lastindex or 0) - 1][0]
            match kind:
                case "word":
                    yield from self._word(match[0], start, end)
                case "fraction":
                    yield from _fraction(match[0], start, end)
                case "number":
                    readings = parse_number(match[0], is_english=self._is_english)
                    yield _Part(start, end, kind, _FIRM, readings)
                case "stop":
                    if start <= _REACH or not self.is_abbreviated(chunk, start, end):
                        yield _Part(start, end, kind, _VAGUE)
                case _:
                    yield _Part(start, end, kind, _FIRM)

    def _word(self, word: str, start: int, end: int) -> Iterator[_Part]:
        head = self._lexicon.heads.get(word)
        sense = head.alone if head else None
        has_more = head is not None and (head.with_tail or head.is_stage)
        if sense or has_more:
            yield _Part(start, end, "word", sense or _NOTHING, head=head if has_more else None)

    def is_abbreviated(self, text: str, start: int, end: int) -> bool:
        """Return whether the end of a sentence is only the full stop of an abbreviation."""
        before = max(0, start - _REACH)
        return text[start:end] == "." and self._abbreviation.search(text, before, start) is not None


@cache
def _scanner(language: LanguageTag) -> _Scanner:
    return _Scanner(language)


_ROMAN: Final = re.compile(r"[IVX]+(?![\w'])")
_DIGITS: Final = re.compile(r"\d")
_FIRM: Final = Sense(role="cardinal", is_firm=True)
_VAGUE: Final = Sense(role="cardinal")
_NOTHING: Final = Sense()


def tokenise(text: str, language: LanguageTag) -> Tokens:
    """Find the tokens of a text without markup, as far as the words of its language are known."""
    is_even = (text.isascii() and "\t" not in text) or not _UNEVEN.search(text)
    even = text if is_even else text.translate(_EVEN)
    low = even.lower()
    if len(low) != len(text):  # some capitals have two small letters
        low = "".join(each.lower() if len(each.lower()) == 1 else each for each in even)
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    if "@" in low:
        emails = tuple(_EMAIL.findall(low))
        low = _EMAIL.sub(_hide, low)
    if "://" in low or "www." in low or _DOMAIN.search(low):
        low = _URL.sub(_hide, low)
    has_digits = _DIGITS.search(low) is not None
    if has_digits:
        if _MAY_BE_PHONE.search(low):
            phones = tuple(match[0] for match in _PHONE.finditer(low))
            low = _PHONE.sub(_hide, low)
        low = _even_groups(text, low, language)
    chunks = _GAP.split(low) if has_digits else low.split(" ")
    return Tokens(low, *_find(text, low, chunks, _scanner(language)), phones, emails)


def _hide(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def _even_groups(text: str, low: str, language: LanguageTag) -> str:
    """Write `1 000` as `1'000`; in English only if the space is not a plain one: `2 500-mg tablets`."""
    if language != SOURCE:
        return _GROUPS.sub(lambda match: match[0].replace(" ", "'"), low)
    if text.isascii():
        return low
    for match in _WIDE.finditer(text):
        low = f"{low[: match.start()]}'{low[match.end() :]}"
    return low


def _find(
    text: str, low: str, chunks: Sequence[str], scanner: _Scanner
) -> tuple[list[Token], Sequence[Saying]]:
    tokens: list[Token] = []
    every: list[tuple[int, tuple[Opener, ...]]] = []
    place = after = 0
    known = scanner.chunks
    for chunk, following in zip(chunks, [*chunks[1:], ""], strict=True):
        found = known[chunk]
        if found is not None:
            parts, openers, follows, alone = found
            if follows is not None and not _may_follow(following, follows):
                parts, openers = alone
            for first, last, kind, sense, readings, head in parts:
                start, end = place + first, place + last
                if kind != "word":
                    if kind != "stop" or first > _REACH or not scanner.is_abbreviated(low, start, end):
                        tokens.append(Token(start, end, kind, sense, readings))
                elif start >= after:
                    after = end
                    if head:
                        after = _read_head(text, low, head, start, end, tokens)
                    else:
                        tokens.append(Token(start, end, kind, sense))
            if openers:
                every.append((place, openers))
        place += len(chunk) + 1
    return tokens, _sayings(low, every)


def _may_follow(chunk: str, follows: Container[str]) -> bool:
    word = chunk if chunk.isalpha() else chunk.strip(_MARKS)
    return word in follows or not (word.isalpha() or not word)


def _sayings(low: str, every: Sequence[tuple[int, tuple[Opener, ...]]]) -> list[Saying]:
    said: list[Saying] = []
    after = 0
    for place, openers in every:
        for first, last, alone, longer in openers:
            start = place + first
            if start < after:
                continue
            after, concepts = place + last, alone
            if longer:
                after, concepts = read_phrase(low, start, after, longer) or (after, alone)
            if concepts:
                said.append((start, after, concepts))
    return said


def _read_head(text: str, low: str, head: Head, start: int, end: int, tokens: list[Token]) -> int:
    """Add a word together with what follows it; return where that ends."""
    sense, tail = head.alone, head.tails.match(low, end)
    if tail is not None:
        sense, end = head.with_tail[tail[0]], tail.end()
    if sense is not None:
        tokens.append(Token(start, end, "word", sense))
    if head.is_stage and (roman := _ROMAN.match(text, end + 1)) and roman[0] in ROMANS:
        sense = _VAGUE if roman[0] == "I" else _FIRM  # a type I …: it may be the pronoun
        tokens.append(Token(roman.start(), roman.end(), "number", sense, (ROMANS[roman[0]],)))
        end = roman.end()
    return end


def _fraction(text: str, start: int, end: int) -> list[_Part]:
    whole, glyph = text[:-1].strip(" -"), _GLYPHS.get(text[-1])
    if glyph is not None:
        return [_Part(start, end, "fraction", _FIRM, (float(whole or 0) + glyph,))]
    front, _, denominator = text.rpartition("/")
    whole, _, numerator = front.replace("-", " ").rpartition(" ")
    above, below = int(numerator), int(denominator)
    if above < below and below in _DENOMINATORS:
        return [_Part(start, end, "fraction", _FIRM, (float(whole or 0) + above / below,))]
    sense = _VAGUE if (above, below) == (24, 7) else _FIRM  # 24/7 can be said in many ways
    middle = end - len(denominator)
    found = [
        _Part(middle - 1 - len(numerator), middle - 1, "number", sense, (float(above),)),
        _Part(middle, end, "number", sense, (float(below),)),
    ]
    if whole:
        found.insert(0, _Part(start, start + len(whole), "number", _FIRM, (float(whole),)))
    return found


_LEADING: Final = re.compile(r"[\d'.,]*\d")


@lru_cache(maxsize=1024)
def parse_number(text: str, *, is_english: bool) -> tuple[float, ...]:
    """Return the possible values of a number in digits: English groups by commas, others by either mark."""
    match = _LEADING.match(text)
    digits = (match[0] if match else text).replace("'", "")
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return (float(digits),)
    last = marks[-1]
    whole, _, decimals = digits.rpartition(last)
    plain = re.sub("[.,]", "", whole)
    grouped, pointed = float(plain + decimals), float(f"{plain or 0}.{decimals}")
    if len(set(marks)) > 1:
        return (pointed,)
    can_group = len(decimals) == 3 and 0 < len(whole) <= 3 and not whole.startswith("0")
    if len(marks) > 1 or (is_english and last == "," and can_group):
        return (grouped,)
    if is_english or not can_group:
        return (pointed,)
    return (grouped, pointed)
