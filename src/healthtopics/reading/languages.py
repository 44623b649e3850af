"""What is known of each language: a file `data/languages/<tag>.json`, by the primary subtag of its tag.

Such a file is all that it takes to teach reading and the checks a language; `schema/language.schema.json`
describes it. Of a language without one, digits and symbols are read, and the checks of its words are silent.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from healthtopics.language import SOURCE, LanguageTag, is_pseudo
from healthtopics.reading.lexicon import Lexicon, compile_lexicon, symbols_only
from healthtopics.reading.members import Member
from healthtopics.schema import DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """How a text speaks to its reader; words are in lower case."""

    preferred: str
    """The way that the style guide wants, as findings name it."""
    other: str
    preferred_words: frozenset[str]
    """Words that speak to the reader in the preferred way and mean nobody else."""
    preferred_orders: frozenset[str]
    """Orders in the preferred way; within a sentence they may be something else."""
    likely: re.Pattern[str]
    """Words of the preferred way that mean the reader where the English mentions nobody else."""
    other_words: frozenset[str]
    form: re.Pattern[str]
    """Matches a verb that can only be an order: its group `preferred`, or `other`, is not empty."""
    endings: tuple[str, ...]
    """The endings of all that `form` matches."""
    other_orders: frozenset[str]
    """Orders in the other way, which are ordinary words too: only where the English gives an order."""
    start: re.Pattern[str]
    """Finds, at the end of the text before an order, that a sentence begins."""
    part: re.Pattern[str]
    """Finds that too, or that the order is joined to a sentence: `y tome`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typography:
    """What the style guide would rather have; empty where a language does not ask for it."""

    percent: str
    """An example of a percentage with a space before its sign."""
    range: str
    """An example of a range in words."""
    gender: re.Pattern[str] | None
    """Finds two forms in one word."""
    everybody: str
    """An example of a word for everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One language's rules of writing; words are in lower case."""

    has_opening_marks: bool
    """Whether questions and exclamations open with ¿ and ¡."""
    abbreviation: re.Pattern[str]
    """Finds, at the end of a text, an abbreviation with its full stop."""
    twice: frozenset[str]
    """Words that may come twice in a row."""
    lengths: tuple[tuple[int, float, float], ...]
    """From so many characters of English on: the least and the most that a translation has of them;
    the longest texts first."""
    lower_case: frozenset[str]
    """Names that English capitalises and this language does not: months, days, languages."""
    before_names: frozenset[str]
    """The small words after which such a name is in the middle of a sentence."""
    places: frozenset[str]
    """Words of names that have another form in English: of places, peoples, wars."""
    bodies: re.Pattern[str]
    """Finds words that open the name of an institution, all of whose words are capitalised."""
    english: frozenset[str]
    """English words that this language does not have."""
    english_spelling: re.Pattern[str]
    """Matches a word that is spelt as hardly any word of this language is."""
    loans: frozenset[str]
    """Words that this language has taken over, or has too, in spite of their spelling."""
    glossed: re.Pattern[str]
    """Finds what announces an English expression."""
    address_mark: re.Pattern[str]
    """Finds what marks the address of a page as one in this language: `/es/`."""
    typography: Typography
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Examples in a language that hints give; empty for a language without a file."""

    negation: str = ""
    bound: str = ""
    rate: str = ""
    date: str = ""
    """March 3, 2024."""
    time: str = ""
    """8 p.m."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWords:
    """What is known only of the language in which topics are written."""

    reader: frozenset[str]
    """Words that speak to the reader."""
    others: frozenset[str]
    """Words that mean somebody else."""
    order_openers: frozenset[str]
    """Words that open an order."""
    name_words: frozenset[str]
    """Small words within names."""
    abbreviation: re.Pattern[str]
    """Finds, at the end of a text, an abbreviation with its full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGrammar:
    """How a language gives orders."""

    order: re.Pattern[str]
    """Its group `verb` is a verb, `denied` the negation, with what it denies besides: `do not eat or`."""
    verb: re.Pattern[str]
    names: Mapping[str, frozenset[str]]
    """What a verb may mean, by names that all languages share; `tome` is to take and to drink."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Language:
    """All that is known of a language."""

    lexicon: Lexicon
    musts: Mapping[str, re.Pattern[str]]
    """What has to be said in the other language too, by names that all languages share: `only`, `even if`."""
    must_words: tuple[str, ...]
    """The first words of these; a text without them has none of these."""
    orders: OrderGrammar
    conjunctions: tuple[str, ...]
    hints: Hints
    prose: Prose | None
    """None where nothing is known of how it is written."""


@cache
def language_of(tag: LanguageTag) -> Language | None:
    """Return what is known of a language; None of one without a file, and of one that nobody speaks.

    Raises LanguageDataError.
    """
    return None if is_pseudo(tag) else _language(tag.partition("-")[0])


@cache
def source_words() -> SourceWords:
    """Return what is known only of the language in which topics are written; raises LanguageDataError."""
    data = _file(SOURCE)
    return parse_source_words(data or Member(f"data/languages/{SOURCE}.json", {}))


def is_known(tag: LanguageTag) -> bool:
    """Return whether the words of the language are known, or only its digits."""
    return language_of(tag) is not None


@cache
def lexicon_of(tag: LanguageTag) -> Lexicon:
    """Return the words of a language; where none are known, symbols and the endings of English ordinals."""
    language = language_of(tag)
    if language is not None:
        return language.lexicon
    english = lexicon_of(SOURCE)
    return replace(
        symbols_only(), ordinal_endings=english.ordinal_endings, abbreviations=english.abbreviations
    )


def prose_of(tag: LanguageTag) -> Prose | None:
    """Return the rules by which a language is written; None where none are known."""
    language = language_of(tag)
    return language.prose if language else None


def hints_of(tag: LanguageTag) -> Hints:
    """Return the examples that hints give in a language."""
    language = language_of(tag)
    return language.hints if language else Hints()


def conjunctions_of(tag: LanguageTag) -> tuple[str, ...]:
    """Return the words that join the last part of a list; none where they are not known."""
    language = language_of(tag)
    return language.conjunctions if language else ()


def without_accents(text: str) -> str:
    """Return a text in lower case as orders are compared: `dé` is `de`."""
    return text if text.isascii() else text.translate(_ACCENTS)


START: Final = r"(?:^|[.:;!?¿¡,\n(])[ \u00a0]*"
"""Matches the beginning of a sentence or of a part of one."""
_ACCENTS: Final = str.maketrans("áéíóúü", "aeiouu")


@cache
def _language(primary: str) -> Language | None:
    data = _file(primary)
    return parse_language_data(data) if data else None


@cache
def _file(primary: str) -> Member | None:
    name = f"{primary}.json"
    path = DATA / "languages" / name
    return Member(f"data/languages/{name}", json.loads(path.read_bytes())) if path.is_file() else None


def parse_language_data(data: Member) -> Language:
    """Take what a language file says; raises LanguageDataError."""
    prose = data.get("prose")
    return Language(
        lexicon=compile_lexicon(data),
        musts={name: _must(data["musts"][name], phrases) for name, phrases in data["musts"].lists().items()},
        must_words=tuple(
            {phrase.partition(" ")[0] for phrases in data["musts"].lists().values() for phrase in phrases}
        ),
        orders=_orders(data["orders"]),
        conjunctions=data["conjunctions"].phrases(),
        hints=Hints(**{name: data["hints"][name].text() for name in Hints.__slots__}),
        prose=_prose(prose) if prose else None,
    )


def parse_source_words(data: Member) -> SourceWords:
    """Take what only the file of the source language says; raises LanguageDataError."""
    source = data["source"]
    return SourceWords(
        reader=source["reader"].words(),
        others=source["others"].words(),
        order_openers=source["order_openers"].words(),
        name_words=source["name_words"].words(),
        abbreviation=source["abbreviation"].pattern(),
    )


def _must(data: Member, phrases: tuple[str, ...]) -> re.Pattern[str]:
    return data.compile(rf"(?<![^\W_])(?<!not )(?:{'|'.join(map(re.escape, phrases))})(?![^\W_])")


def _orders(data: Member) -> OrderGrammar:
    names: dict[str, frozenset[str]] = {}
    for name, phrases in data["verbs"].lists().items():
        for phrase in map(without_accents, phrases):
            names[phrase] = names.get(phrase, frozenset()) | {name}
    # By their first letters, so that few are tried at each place; of those the longest first.
    longest_first = sorted(names, key=lambda verb: (verb[0], -len(verb)))
    verbs = "|".join(
        f"{initial}(?:{'|'.join(re.escape(verb[1:]) for verb in alike)})"
        for initial, alike in groupby(longest_first, key=itemgetter(0))
    )
    pattern = data["pattern"]
    return OrderGrammar(
        order=pattern.compile(pattern.expression().replace("{verbs}", verbs)),
        verb=pattern.compile(rf"\b(?:{verbs})"),
        names=names,
    )


def _prose(data: Member) -> Prose:
    marks = data["address_marks"].phrases()
    return Prose(
        has_opening_marks=data["has_opening_marks"].flag(),
        abbreviation=data["abbreviation"].pattern(),
        twice=data["twice"].words(),
        lengths=tuple(
            (int(each["from"].number()), each["least"].number(), each["most"].number())
            for each in data["lengths"].elements()
        ),
        lower_case=data["lower_case"].words(),
        before_names=data["before_names"].words(),
        places=data["places"].words(),
        bodies=data["bodies"].pattern(),
        english=data["english"].words(),
        english_spelling=data["english_spelling"].pattern(),
        loans=data["loans"].words(),
        glossed=data["glossed"].pattern(),
        address_mark=re.compile(rf"(?<=[/.])(?:{'|'.join(marks)})(?=[/.]|$)[/.]?", re.IGNORECASE),
        typography=_typography(data["typography"]),
        register=_register(data["register"]),
    )


def _typography(data: Member) -> Typography:
    percent, range_, gender = data.get("percent"), data.get("range"), data.get("gender")
    return Typography(
        percent=percent.text() if percent else "",
        range=range_.text() if range_ else "",
        gender=gender["pattern"].pattern() if gender else None,
        everybody=gender["example"].text() if gender else "",
    )


def _register(data: Member) -> Register:
    start = rf"{START}(?:(?:{'|'.join(data['openers'].phrases())})[ \u00a0])?$"
    part = rf"{start}|\b(?:{'|'.join(data['joins'].phrases())})[ \u00a0]$"
    return Register(
        preferred=data["preferred"].text(),
        other=data["other"].text(),
        preferred_words=data["preferred_words"].words(),
        preferred_orders=data["preferred_orders"].words(),
        likely=data["likely"].pattern(),
        other_words=data["other_words"].words(),
        form=data["form"].pattern(),
        endings=data["endings"].phrases(),
        other_orders=data["other_orders"].words(),
        start=re.compile(start, re.IGNORECASE),
        part=re.compile(part, re.IGNORECASE),
    )
