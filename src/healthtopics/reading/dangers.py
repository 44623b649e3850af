"""What is dangerous to confuse between two English texts: everything that the checks compare, and more.

The words are those of the checks. Each thing has one spelling: “four” is 4, “milligrams” are mg, “don't” is
not, “severe” and “severely” are the same side of one pair of opposites.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from healthtopics.language import SOURCE
from healthtopics.reading.contrasts import sets_of_concepts
from healthtopics.reading.languages import language_of, lexicon_of
from healthtopics.reading.safety import is_safety_critical, without_markup
from healthtopics.reading.text import Number, Reading, read
from healthtopics.reading.tokens import Token, tokenise
from healthtopics.schema import MessageRule


def is_safe_to_suggest(old: str, new: str) -> bool:
    """Return whether the translation of one English text may be offered for another one.

    It may not if they differ in a number, its unit, its sign or its bound; in a date, a time of day or an
    address; in a negation, even one that is a prefix; in a medicine; in an abbreviation; or in one of two
    opposites: differences that are dangerous, and easy to overlook in a translation that is otherwise right.
    When in doubt, the answer is no. `words_to_mark` says when it is enough to mark them.
    """
    if old == new:
        return True
    before, after = _phrases_of_both(old, new)
    return [each.spelling for each in before] == [each.spelling for each in after]


def words_to_mark(old: str, new: str) -> tuple[str, ...] | None:
    """Return the new words that are enough to mark in a suggestion that is not safe; None for any other one.

    Then the texts differ only in words that one of them has more, and none is part of a number, a unit, a
    denial, an order, a relation in time, or a medicine: `severe`, `MRI`. Empty if the old text has them.
    """
    before, after = _phrases_of_both(old, new)
    steps = [
        step
        for step in Indel.opcodes([each.spelling for each in before], [each.spelling for each in after])
        if step.tag != "equal"
    ]
    if len({step.tag for step in steps}) > 1:
        return None  # one word in place of another
    gone = [each for step in steps for each in before[step.src_start : step.src_end]]
    come = [each for step in steps for each in after[step.dest_start : step.dest_end]]
    if not all(each.is_mild for each in (*gone, *come)):
        return None
    return tuple(dict.fromkeys(each.text for each in come))


def new_words(old: str, new: str) -> tuple[str, ...]:
    """Return what to mark in a suggestion: of an English text with words more than the old one, those words.

    Where words are also gone or replaced, only `words_to_mark`: the rest shows in a comparison of the texts.
    """
    before, after = (_WORD.findall(without_markup(text)) for text in (old, new))
    steps = Indel.opcodes([word.casefold() for word in before], [word.casefold() for word in after])
    if any(step.tag == "delete" for step in steps):
        return words_to_mark(old, new) or ()
    come = [word for step in steps if step.tag == "insert" for word in after[step.dest_start : step.dest_end]]
    found = tuple(dict.fromkeys((*(words_to_mark(old, new) or ()), *come)))
    return found if len(found) <= _MOST_PHRASES else (*found[:_MOST_PHRASES], "…")


def needs_review(msgid: str, rule: MessageRule) -> bool:
    """Return whether two people should read the translation of an English message before it is published.

    They should if it is safety-critical, or has a number, a unit, a negation, an order or a medicine.
    """
    return is_safety_critical(msgid, rule) or any(not each.is_mild for each in _phrases(msgid))


def differences(old: str, new: str) -> list[str]:
    """Return the differences in the words and order of the texts: `20 mg → 200 mg`, `not (new)`.

    Empty exactly when `is_safe_to_suggest`. If there are many, return the first few and the number of the
    rest.
    """
    if is_safe_to_suggest(old, new):
        return []
    before, after = _phrases_of_both(old, new)
    found: list[str] = []
    gone: list[str] = []
    come: list[str] = []
    for step in Indel.opcodes([each.shown for each in before], [each.shown for each in after]):
        if step.tag == "equal":
            found += _change(gone, come)
            gone, come = [], []
            continue
        gone += [each.text for each in before[step.src_start : step.src_end]]
        come += [each.text for each in after[step.dest_start : step.dest_end]]
    found += _change(gone, come)
    rest = len(found) - _MOST_CHANGES
    return found if rest <= 0 else [*found[:_MOST_CHANGES], f"{rest} more"]


def is_dangerous_word(word: str) -> bool:
    """Return whether texts must agree on this word: a number, a unit, a denial."""
    return bool(_phrases(word))


_MOST_CHANGES: Final = 8
_MOST_PHRASES: Final = 8
"""The most phrases of one change that are shown."""


def _change(gone: Sequence[str], come: Sequence[str]) -> list[str]:
    if not gone:
        return [f"{_named(come)} (new)"] if come else []
    return [f"{_named(gone)} → {_named(come)}" if come else f"{_named(gone)} (gone)"]


def _named(phrases: Sequence[str]) -> str:
    more = ["…"] if len(phrases) > _MOST_PHRASES else []
    return " … ".join([*phrases[:_MOST_PHRASES], *more]).replace("… …", "…")


# ── phrases ──────────────────────────────────────────────────────────────────────────────────────────────


class _Phrase(NamedTuple):
    """A piece of a text that the other text must have as well."""

    start: int
    end: int
    text: str
    spelling: tuple[object, ...]
    shown: tuple[object, ...]
    """Its spelling, and what separates two that readers see as different: a unit that is only implied."""
    is_mild: bool = False
    """Whether a translator who sees it marked will hardly overlook it where it is new."""


_SIGN: Final = re.compile(
    r"[<>≤≥≠≈~±^×÷=√]|(?<=\d)['′″]|[⁰¹²³⁴-ⁿ₀-₎]+|(?<![\w)])[-−–‑‐+](?=[.,]?\d)"  # -20, 10^3, m²
)
_ABBREVIATION: Final = re.compile(
    r"(?<![\w.])(?:[A-Za-z]\.){2,}"  # b.i.d.
    r"|\b[qQ]\d*[a-z]{1,2}\b|\b(?:[bt]id|prn)\b"  # q8h
    r"|\b[A-Za-z]*[A-Z](?<=[^\W\d_]{2})[^\W\d_]*"  # MRI, kPa
    r"|\b[A-Za-z]+[-‑]?\d[\w-]*"  # B12, COVID-19
    r"|(?<=[a-z] )[B-HJ-Z]\b(?![.'’])"  # vitamin K
)
_COUNTED: Final = re.compile(r"[ -]?([a-z]+)")
"""What a number counts if the checks do not know it as a unit: `3x`, `2 vials`."""
_NO_APOSTROPHE: Final = re.compile(r"\b[a-z]{2,}nt\b")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-‑][^\W\d_]+)*")
_PREFIXES: Final = frozenset(
    {
        "a", "ab", "an", "ante", "anti", "anti-", "brady", "contra", "de", "dis", "em", "endo", "ex", "exo",
        "extra", "hyper", "hypo", "il", "im", "in", "inter", "intra", "ir", "macro", "micro", "mis", "mono",
        "non", "non-", "over", "poly", "post", "pre", "sub", "super", "tachy", "un", "under",
    }
)  # fmt: skip
"""Prefixes that make another word, often the opposite."""
_LONGEST: Final = max(map(len, _PREFIXES))
_REST: Final = 4
"""The fewest letters after a prefix."""


@lru_cache(maxsize=256)
def _phrases(text: str) -> tuple[_Phrase, ...]:
    """Return what the text must keep, in order."""
    plain = without_markup(text).replace("’", "'")
    found = list(_read_phrases(plain))
    taken = bytearray(len(plain))
    for each in found:
        taken[each.start : each.end] = b"\1" * (each.end - each.start)
    found += [_literal(plain, *match.span()) for match in _SIGN.finditer(plain)]
    found += [
        _literal(plain, *match.span())._replace(is_mild=_is_mild_abbreviation(plain, match))
        for match in _ABBREVIATION.finditer(plain)
        if not all(taken[match.start() : match.end()])
    ]
    found += _medicines(plain)
    heads = lexicon_of(SOURCE).heads
    for match in _NO_APOSTROPHE.finditer(plain.lower()):
        head = heads.get(f"{match[0][:-1]}'t")
        if head is not None and head.alone is not None and head.alone.negation:
            found.append(_literal(plain, *match.span()))
    return tuple(_joined(sorted(found, key=lambda each: each[:2])))


_DIMENSIONS: Final = frozenset(
    {
        "always_never", "earliness", "exception", "food_state", "limit", "memory", "only", "order",
        "route", "safety", "start_stop", "time", "time_of_day", "waiting",
    }
)  # fmt: skip
"""The opposites that are orders or relations in time: nobody may overlook one that is new."""


def _is_mild_abbreviation(text: str, match: re.Match[str]) -> bool:
    """Return whether an abbreviation is the name of something, MRI, and no unit or part of a prescription."""
    before = text[: match.start()].rstrip()
    return match[0].isalpha() and match[0].isupper() and len(match[0]) > 2 and not before[-1:].isdigit()


def _medicines(text: str) -> Iterator[_Phrase]:
    """Yield the medicines that the data of the language know, once for each place."""
    language = language_of(SOURCE)
    group = language.cognates.get("medicines") if language else None
    if group is None:
        return
    for match in _WORD.finditer(text.lower()):
        if any(group.find((match[0],))):
            yield _literal(text, *match.span())._replace(spelling=(match[0],), shown=(match[0],))


def _joined(phrases: Iterable[_Phrase]) -> Iterator[_Phrase]:
    """Yield the phrases, joining a sign to the number right after it."""
    sign: _Phrase | None = None
    for each in phrases:
        joined = each
        if sign is not None and sign.end == each.start:
            spelling, shown = (*sign.spelling, *each.spelling), (*sign.shown, *each.shown)
            joined = _Phrase(sign.start, each.end, sign.text + each.text, spelling, shown)
        elif sign is not None:
            yield sign
        if not any(map(str.isalnum, each.text)):
            sign = joined
            continue
        sign = None
        yield joined
    if sign is not None:
        yield sign


def _literal(text: str, start: int, end: int) -> _Phrase:
    word = text[start:end].strip()
    return _Phrase(start, end, word, (word,), (word,))


def _read_phrases(text: str) -> Iterator[_Phrase]:
    """Yield the phrases that the checks themselves read."""
    reading = read(text, SOURCE)
    spans: list[tuple[int, int]] = []
    for start, end, spelling, is_shown in _measured(reading):
        spans.append((start, end))
        yield _Phrase(start, end, text[start:end], spelling, (*spelling, is_shown))
    taken = bytearray(len(text))
    for start, end in spans:
        taken[start:end] = b"\1" * (end - start)
    for token in tokenise(text, SOURCE).tokens:
        if token.kind == "word" and not taken[token.start] and (spelling := _sense(reading, token)):
            taken[token.start] = 1
            yield _Phrase(token.start, token.end, text[token.start : token.end], spelling, spelling)
    for start, (end, concepts) in _concepts(reading).items():
        if not taken[start]:
            sets = {sets_of_concepts()[concept].name for concept in concepts}
            yield _Phrase(start, end, text[start:end], concepts, concepts, sets.isdisjoint(_DIMENSIONS))


def _concepts(reading: Reading) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Return the places of words that have an opposite, with their ends and their concepts."""
    said = reading.concepts(0, len(reading.low))
    sets = sets_of_concepts()
    found: dict[int, tuple[int, tuple[str, ...]]] = {}
    for concept, places in said.concepts.items():
        if sets[concept].is_deniable:
            for start, end in places:
                found[start] = end, (*found.get(start, (0, ()))[1], concept)
    return found


def _measured(reading: Reading) -> Iterator[tuple[int, int, tuple[object, ...], bool]]:
    """Yield the places of numbers, dates, times and addresses with their meaning."""
    for number in reading.numbers:
        if not number.is_date:
            end, counted = _counted(reading, number)
            ends = reading.low[number.digits_end - 2 : number.digits_end]
            has_ending = ends.isalpha() and reading.low[number.start].isdigit()  # 3rd
            is_ordinal = number.role == "ordinal" or has_ending
            said = (number.readings, is_ordinal, number.unit or counted, number.per, number.bound)
            yield number.start, end, said, end > number.digits_end
    for day in reading.days:
        yield day.start, day.end, ("day", *day[:3]), True
    for clock in reading.clocks:
        yield clock.start, clock.end, ("clock", clock.minutes, clock.is_sure), True
    low = reading.text.lower()
    for address in (*reading.phones, *reading.emails):
        start = max(0, low.find(address))
        digits = re.sub(r"[^\w@.]", "", address)
        yield start, start + len(address), ("address", digits), True


def _counted(reading: Reading, number: Number) -> tuple[int, str]:
    """Return the end of a number with what it counts, if the checks do not know that as a unit."""
    if number.unit or number.is_name or not number.is_firm:
        return number.end, ""
    match, lexicon = _COUNTED.match(reading.low, number.end), lexicon_of(SOURCE)
    if match is None or match[1] in lexicon.lists | lexicon.proportions:  # 4 to 6, 1 in 5
        return number.end, ""
    return match.end(), match[1]


def _sense(reading: Reading, token: Token) -> tuple[object, ...]:
    """Return the meaning of a word; empty if it has none by itself."""
    sense = token.sense
    word = reading.low[token.start : token.end]
    if word in _OTHERWISE:
        return ()
    said: tuple[object, ...] = (sense.per, sense.before, sense.after, sense.weekday)
    if sense.unit and len(word) > 1:
        said = (sense.unit, *said)
    if sense.negation:
        said = ("not" if word in {"not", "cannot"} or word.endswith("n't") else word, *said)
    return said if any(said) else ()


_OTHERWISE: Final = frozenset({"min", "cal", "too"})
"""Symbols of units that mean something else without a number, and `too`, which mostly means “also”."""


# ── words that are each other's opposite by a prefix ──────────────────────────────────────────────────────


def _phrases_of_both(old: str, new: str) -> tuple[list[_Phrase], list[_Phrase]]:
    """Return the phrases of two texts, with the words that differ only in a prefix: `nonsmoker`."""
    contrary = _contrary(_words(old) | _words(new))
    return _with_words(old, contrary), _with_words(new, contrary)


def _with_words(text: str, words: frozenset[str]) -> list[_Phrase]:
    found = list(_phrases(text))
    if words:
        plain = without_markup(text).replace("’", "'")
        places = {each.start for each in found}
        found += [
            _literal(plain, *match.span())._replace(spelling=(match[0].lower(),), shown=(match[0].lower(),))
            for match in _WORD.finditer(plain)
            if match[0].lower() in words and match.start() not in places
        ]
        found.sort(key=lambda each: each[:2])
    return found


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(without_markup(text).lower()))


def _contrary(words: frozenset[str]) -> frozenset[str]:
    by_rest: dict[str, set[str]] = {}
    for word in words:
        for rest in (word, *_rests(word)):
            by_rest.setdefault(rest, set()).add(word)
    return frozenset(word for alike in by_rest.values() if len(alike) > 1 for word in alike)


def _rests(word: str) -> Iterator[str]:
    """Yield what is left of a word without a prefix that may reverse its meaning."""
    for length in range(1, min(len(word) - _REST, _LONGEST) + 1):
        if word[:length] in _PREFIXES:
            yield word[length:]
    if word.endswith("less"):
        yield word[:-4].rstrip("-")
