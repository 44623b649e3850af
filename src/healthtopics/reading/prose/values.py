"""What the checks of running text know of one language."""

import re
from dataclasses import dataclass


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
    """Words of the preferred way that mean the reader where the English speaks of nobody else."""
    other_words: frozenset[str]
    form: re.Pattern[str]
    """Matches a verb that can only be an order: its group `preferred`, or `other`, is not empty."""
    endings: tuple[str, ...]
    """The endings of all that `form` matches."""
    other_orders: frozenset[str]
    """Orders in the other way, which are ordinary words too: only where the English gives an order."""


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
    """The small words after which such a name stands in the middle of a sentence."""
    places: frozenset[str]
    """Words of names that have another form in English: of places, peoples, wars."""
    bodies: re.Pattern[str]
    """Finds words that open the name of an institution, all of whose words are capitalised."""
    english: frozenset[str]
    """English words that are no words of this language."""
    english_spelling: re.Pattern[str]
    """Matches a word that is spelt as hardly any word of this language is."""
    loans: frozenset[str]
    """Words that this language has taken over, or has too, in spite of their spelling."""
    glossed: re.Pattern[str]
    """Finds what announces an English expression."""
    register: Register
