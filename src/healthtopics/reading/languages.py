"""The data of each language: a file `data/languages/<tag>.json`, named by the primary subtag of its tag.

Such a file is enough to teach reading and the checks a language; `schema/language.schema.json`
describes it. For a language without one, digits and symbols are read, and the checks of its words are
skipped.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from healthtopics.language import SOURCE, LanguageTag, is_pseudo
from healthtopics.reading.cognates import NameGroup
from healthtopics.reading.contrasts import ContrastWords, Pronouns
from healthtopics.reading.lexicon import Lexicon, compile_lexicon, symbols_only
from healthtopics.reading.members import Member
from healthtopics.reading.plain import WORD, without_accents
from healthtopics.reading.spelling import WordParts
from healthtopics.schema import DATA

_FEWEST_WORDS: Final = 5
_ENGLISH_SHARE: Final = 0.35
"""The share of words that a language does not have that shows that a text of so many words is English."""
_RARE: Final = 4
"""The fewest letters of a word that not every other text has."""
_SHORT_SHARE: Final = 0.5
"""The same share for a text of fewer words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """How a text addresses its reader; words are in lower case."""

    preferred: str
    """The form that the style guide wants, as findings name it."""
    other: str
    preferred_words: frozenset[str]
    """Words that address the reader in the preferred form and have no other meaning."""
    preferred_orders: frozenset[str]
    """Orders in the preferred form; within a sentence they may be something else."""
    likely: re.Pattern[str]
    """Words of the preferred form that mean the reader if the English mentions nobody else."""
    other_words: frozenset[str]
    form: re.Pattern[str]
    """Matches a verb that can only be an order: its group `preferred` or `other` is not empty."""
    endings: tuple[str, ...]
    """The endings of everything that `form` matches."""
    other_orders: frozenset[str]
    """Orders in the other form that are ordinary words too: they count only where the English gives an order.
    """
    start: re.Pattern[str]
    """Matches the end of the text before an order if a sentence begins there."""
    part: re.Pattern[str]
    """Matches that too, and where the order is joined to a sentence: `y tome`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typography:
    """What the style guide prefers; empty if a language has no preference."""

    percent: str
    """An example of a percentage with a space before its sign."""
    range: str
    """An example of a range in words."""
    gender: re.Pattern[str] | None
    """Matches two forms in one word."""
    everybody: str
    """An example of a word that includes everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """One language's rules of writing; words are in lower case."""

    has_opening_marks: bool
    """Whether questions and exclamations begin with ¿ and ¡."""
    abbreviation: re.Pattern[str]
    """Matches an abbreviation with its full stop at the end of a text."""
    twice: frozenset[str]
    """Words that may come twice in a row."""
    lengths: tuple[tuple[int, float, float], ...]
    """Rows of the fewest characters of English, and the least and greatest ratio of a translation to it; the
    longest texts first."""
    lower_case: frozenset[str]
    """Names that are capitalized in English and not in this language: months, days, languages."""
    before_names: frozenset[str]
    """Small words after which such a name is in the middle of a sentence."""
    places: frozenset[str]
    """Words of names that have another form in English: places, peoples, wars."""
    bodies: re.Pattern[str]
    """Matches words that begin the name of an institution, all of whose words are capitalized."""
    english: frozenset[str]
    """English words that this language does not have."""
    english_spelling: re.Pattern[str]
    """Matches a word spelt as hardly any word of this language is."""
    international: re.Pattern[str]
    """Matches a term that is mostly the same in both languages, though no dictionary has it."""
    loans: frozenset[str]
    """Words that this language has borrowed or shares, in spite of their spelling."""
    glossed: re.Pattern[str]
    """Matches what introduces an English expression."""
    address_mark: re.Pattern[str]
    """Matches the part of an address that marks its page as one in this language: `/es/`."""
    typography: Typography
    register: Register

    def is_english(self, text: str) -> bool:
        """Return whether a text is English, by the words that this language does not have: two at least."""
        words = [match[0].lower().replace("’", "'") for match in WORD.finditer(text)]
        share = _ENGLISH_SHARE if len(words) >= _FEWEST_WORDS else _SHORT_SHARE
        return sum(word in self.english for word in words) >= max(2, share * len(words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Examples for hints in a language; empty for a language without a file."""

    negation: str = ""
    bound: str = ""
    rate: str = ""
    date: str = ""
    """How “March 3, 2024” is written."""
    time: str = ""
    """How “8 p.m.” is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWords:
    """Data that only the language in which topics are written has."""

    reader: frozenset[str]
    """Words that address the reader."""
    others: frozenset[str]
    """Words that mean somebody else."""
    order_openers: frozenset[str]
    """Words that begin an order."""
    name_words: frozenset[str]
    """Small words within names."""
    abbreviation: re.Pattern[str]
    """Matches an abbreviation with its full stop at the end of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGrammar:
    """How a language gives orders."""

    order: re.Pattern[str]
    """Matches an order: `verb` is its verb, `denied` its negation with what else that denies: `do not eat
    or`."""
    verb: re.Pattern[str]
    names: Mapping[str, frozenset[str]]
    """What a verb may mean, by names that all languages share; `tome` means to take and to drink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What recognizes a part of a text that was written elsewhere."""

    negation: re.Pattern[str]
    """Finds that a text without accents denies something."""
    joined: re.Pattern[str]
    """Finds, in a heading in lower case, that it asks for more than one thing."""
    aspects: Mapping[str, re.Pattern[str]]
    """By the keys of the vocabulary: finds, in a heading in lower case, that it asks for this as a whole."""
    video: re.Pattern[str]
    """Finds, in a description in lower case, that it is of a video."""
    languages: Mapping[str, str]
    """Names of languages that are in no locale data, by their English names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseFormula:
    """A formula of reading ease: a sum of three terms; see `reading.ease`."""

    name: str
    source: str
    """Where it was published."""
    is_lower_easier: bool
    """Whether easier texts have lower values, as grades have."""
    hyphenation: str
    """pyphen's name of the language."""
    vowels: re.Pattern[str]
    """Matches each group of sounded vowels of a word in lower case that has a soft hyphen at each break."""
    abbreviation: re.Pattern[str]
    """Matches an abbreviation with its full stop at the end of a text."""
    constant: float
    words_per_sentence: float
    syllables_per_word: float

    def is_harder(self, value: float, limit: float) -> bool:
        """Return whether a text with this value is harder to read than one with the other."""
        return value > limit if self.is_lower_easier else value < limit


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Language:
    """The data of a language."""

    lexicon: Lexicon
    musts: Mapping[str, re.Pattern[str]]
    """What the other language must say too, by names that all languages share: `only`, `even if`."""
    must_words: tuple[tuple[str, str], ...]
    """Words with these names: a text that has none of the words of a name does not say it."""
    contrasts: ContrastWords
    cognates: Mapping[str, NameGroup]
    """Names that are nearly the same in every language, by kind; only the source has them."""
    synonyms: Mapping[str, frozenset[str]]
    """What a name of the source may be called, apart from its cognate: epinephrine is `adrenalina`."""
    orders: OrderGrammar
    conjunctions: tuple[str, ...]
    small_words: frozenset[str]
    """Words that need no counterpart in another language; empty if they are not known."""
    hints: Hints
    calls: re.Pattern[str]
    """What comes before a number that readers call."""
    prose: Prose | None
    """None if there are no rules for writing it."""
    recognition: Recognition | None
    """None if nothing in the language can be imported."""
    spelling: WordParts | None
    """None if its words are not checked."""
    ease: EaseFormula | None
    """None if no formula is known for the language."""


@cache
def language_of(tag: LanguageTag) -> Language | None:
    """Return the data of a language; None if it has no file or is a pseudo-language.

    Raises LanguageDataError.
    """
    return None if is_pseudo(tag) else _language(tag.partition("-")[0])


@cache
def source_words() -> SourceWords:
    """Return the data that only the language of the topics has; raises LanguageDataError."""
    data = _file(SOURCE)
    return parse_source_words(data or Member(f"data/languages/{SOURCE}.json", {}))


def is_known(tag: LanguageTag) -> bool:
    """Return whether the words of the language are known, and not only its digits."""
    return language_of(tag) is not None


@cache
def lexicon_of(tag: LanguageTag) -> Lexicon:
    """Return the words of a language; if it has no file, symbols and the endings of English ordinals."""
    language = language_of(tag)
    if language is not None:
        return language.lexicon
    english = lexicon_of(SOURCE)
    return replace(
        symbols_only(), ordinal_endings=english.ordinal_endings, abbreviations=english.abbreviations
    )


def decimal_mark_of(tag: LanguageTag) -> str:
    """Return the mark before decimals where readers of a language live; empty if it is not known."""
    marks = lexicon_of(tag).decimal_marks
    return marks.get(tag.rpartition("-")[2], marks.get("", ""))


def concept_words_of(tag: LanguageTag) -> ContrastWords:
    """Return the words of a language for the concepts that exclude each other; none if it has no file."""
    language = language_of(tag)
    return language.contrasts if language else ContrastWords()


def prose_of(tag: LanguageTag) -> Prose | None:
    """Return the rules for writing a language; None if there are none."""
    language = language_of(tag)
    return language.prose if language else None


def marked_language(url: str) -> LanguageTag | None:
    """Return the language that an address says its page is in: `/spanish/`, `es.example.org`."""
    path = f"/{url.partition('://')[2]}"
    return next((tag for tag, mark in _address_marks().items() if mark.search(path)), None)


def hints_of(tag: LanguageTag) -> Hints:
    """Return the examples for hints in a language."""
    language = language_of(tag)
    return language.hints if language else Hints()


def conjunctions_of(tag: LanguageTag) -> tuple[str, ...]:
    """Return the words that join the last part of a list; empty if they are not known."""
    language = language_of(tag)
    return language.conjunctions if language else ()


def small_words_of(tag: LanguageTag) -> frozenset[str]:
    """Return the words of a language that need no counterpart; empty if they are not known."""
    language = language_of(tag)
    return language.small_words if language else frozenset()


def recognition_of(tag: LanguageTag) -> Recognition:
    """Return what recognizes parts of texts in a language; ValueError where nothing in it can be imported."""
    language = language_of(tag)
    if language is None or language.recognition is None:
        raise ValueError(f"data/languages/{tag}.json does not say how to recognize imported texts.")
    return language.recognition


START: Final = r"(?:^|[.:;!?¿¡,\n(])[ \u00a0]*"
"""Matches the beginning of a sentence or of a part of one."""


@cache
def _address_marks() -> Mapping[LanguageTag, re.Pattern[str]]:
    names = sorted(path.name for path in (DATA / "languages").iterdir() if path.name.endswith(".json"))
    tags = [LanguageTag(name.removesuffix(".json")) for name in names]
    return {tag: prose.address_mark for tag in tags if (prose := prose_of(tag))}


@cache
def _language(primary: str) -> Language | None:
    data = _file(primary)
    return parse_language_data(data, _forms(primary)) if data else None


def _forms(primary: str) -> Mapping[str, str]:
    path = DATA / "forms" / f"{primary}.json"
    return json.loads(path.read_bytes()) if path.is_file() else {}


@cache
def _file(primary: str) -> Member | None:
    name = f"{primary}.json"
    path = DATA / "languages" / name
    return Member(f"data/languages/{name}", json.loads(path.read_bytes())) if path.is_file() else None


def parse_language_data(data: Member, forms: Mapping[str, str] = MappingProxyType({})) -> Language:
    """Take what a language file says, and the forms of its marked words; raises LanguageDataError."""
    prose, importing, ease = data.get("prose"), data.get("importing"), data.get("ease")
    contrasts, cognates, synonyms = data.get("contrasts"), data.get("cognates"), data.get("synonyms")
    spelling = data["spelling"].into(WordParts) if data.get("spelling") else None
    pronouns = data["spelling"].into(Pronouns) if data.get("spelling") else None
    return Language(
        lexicon=compile_lexicon(data),
        musts={name: _must(data["musts"][name], phrases) for name, phrases in data["musts"].lists().items()},
        must_words=tuple(
            dict.fromkeys(
                (_telling(phrase), name)
                for name, phrases in data["musts"].lists().items()
                for phrase in phrases
            )
        ),
        contrasts=ContrastWords.parse(contrasts, data["neutral"].phrases(), forms, pronouns)
        if contrasts
        else ContrastWords(),
        cognates={name: group.into(NameGroup) for name, group in cognates.items()} if cognates else {},
        synonyms={name: words.words() for name, words in synonyms.items()} if synonyms else {},
        orders=_orders(data["orders"]),
        conjunctions=data["conjunctions"].phrases(),
        small_words=data["small_words"].words(),
        hints=data["hints"].into(Hints),
        calls=data["calls"].pattern(),
        prose=_prose(prose) if prose else None,
        recognition=_recognition(importing) if importing else None,
        spelling=spelling,
        ease=_ease(ease, prose or data.get("source")) if ease else None,
    )


def parse_source_words(data: Member) -> SourceWords:
    """Parse what only the file of the source language has; raises LanguageDataError."""
    return data["source"].into(SourceWords)


def _must(data: Member, phrases: tuple[str, ...]) -> re.Pattern[str]:
    return data.compile(rf"(?<![^\W_])(?<!not )(?:{'|'.join(map(re.escape, phrases))})(?![^\W_])")


def _telling(phrase: str) -> str:
    """Return the first word of a phrase that is not too short to be rare."""
    words = phrase.split()
    return next((word for word in words if len(word) >= _RARE), words[0])


def _orders(data: Member) -> OrderGrammar:
    names: dict[str, frozenset[str]] = {}
    for name, phrases in data["verbs"].lists().items():
        for phrase in map(without_accents, phrases):
            names[phrase] = names.get(phrase, frozenset()) | {name}
    # Grouped by their first letters, so that few are tried at each place; the longest first in each group.
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
    return data.into(
        Prose,
        lengths=tuple(
            (int(each["from"].number()), each["least"].number(), each["most"].number())
            for each in data["lengths"].elements()
        ),
        address_mark=re.compile(rf"(?<=[/.])(?:{'|'.join(marks)})(?=[/.]|$)[/.]?", re.IGNORECASE),
        typography=_typography(data["typography"]),
        register=_register(data["register"]),
    )


def _recognition(data: Member) -> Recognition:
    return data.into(
        Recognition,
        aspects={aspect: member.pattern() for aspect, member in data["aspects"].items()},
        languages={name: member.text() for name, member in data["languages"].items()},
    )


def _ease(data: Member, writing: Member | None) -> EaseFormula:
    return EaseFormula(
        name=data["formula"].text(),
        source=data["source"].text(),
        is_lower_easier=data["is_lower_easier"].flag(),
        hyphenation=data["hyphenation"].text(),
        vowels=data["vowels"].pattern(),
        abbreviation=writing["abbreviation"].pattern() if writing else re.compile("(?!)"),
        constant=data["constant"].number(),
        words_per_sentence=data["words_per_sentence"].number(),
        syllables_per_word=data["syllables_per_word"].number(),
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
    return data.into(
        Register,
        start=re.compile(start, re.IGNORECASE),
        part=re.compile(part, re.IGNORECASE),
    )
