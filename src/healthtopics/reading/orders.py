"""What a sentence tells readers to do, and what not to do: `Do not take …`, `No tome …`."""

import re
from functools import cache
from typing import Final, NamedTuple

from healthtopics.language import LanguageTag
from healthtopics.reading.lexicon import split
from healthtopics.reading.tokens import WORDS

_PLAIN: Final = str.maketrans("áéíóúü", "aeiouu")


class Order(NamedTuple):
    """A verb in the form of an order."""

    verbs: frozenset[str]
    """The names of what it may mean; `tome` is to take and to drink."""
    is_denied: bool


class _Grammar(NamedTuple):
    """How a language gives orders; `{verbs}` is any of them."""

    order: str
    """With a group `verb`, and `denied`: the negation, with what it denies besides: `do not eat or`."""


_GRAMMARS: Final = {
    "en": _Grammar(
        r"""(?:(?P<denied>(?:\b(?:do|should|must|may|can)[ ]not|n't|\bcannot|\bnever)
                  (?:[ ](?:ever|just|also|try[ ]to|\w+ly))?[ ](?:(?:{verbs})(?:,[ ]or|[ ]or|,)[ ])*)
          | (?:^|[.:;!?,)"][ ]*|\b(?:and|then|please|always|only|just|should|must)[ ]))
          (?P<verb>{verbs})(?![\w'-])"""
    ),
    "es": _Grammar(
        r"""(?P<denied>\b(?:no|nunca|jamas|ni|tampoco)[ ](?:(?:se|me|le|les|lo|la|los|las|nos)[ ]){{0,2}}
                  (?:(?:{verbs})n?(?:l[oae]s?)?[ ][ou][ ])*)?
          (?<!\bque[ ])(?<!\bque[ ][lms][aeo][ ])(?<!\bcuando[ ])(?<!\bcuando[ ][lms][aeo][ ])(?<!\baunque[ ])
          (?<!\bdonde[ ])(?<!\bmientras[ ])
          \b(?P<verb>{verbs})n?(?:se|me|le|les|nos)?(?:l[oae]s?)?(?!\w)"""
    ),
}


def read_orders(low: str, language: LanguageTag) -> list[Order]:
    """Return the orders of a text in lower case, first things first; none in a language not known."""
    primary = language.partition("-")[0]
    if primary not in _GRAMMARS:
        return []
    pattern, verb, names = _compiled(primary)
    return [
        Order(names[each], is_denied=bool(match["denied"]))
        for match in pattern.finditer(low.translate(_PLAIN))
        for each in (*verb.findall(match["denied"] or ""), match["verb"])
    ]


@cache
def _compiled(primary: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, frozenset[str]]]:
    names: dict[str, frozenset[str]] = {}
    for name, phrases in WORDS[primary].orders.items():
        for phrase in split(phrases):
            plain = phrase.translate(_PLAIN)
            names[plain] = names.get(plain, frozenset()) | {name}
    longest_first = sorted(names, key=len, reverse=True)
    verbs = "|".join(phrase.replace(" ", "[ ]") for phrase in longest_first)
    order = re.compile(_GRAMMARS[primary].order.format(verbs=verbs), re.VERBOSE)
    return order, re.compile(rf"\b(?:{verbs})"), names
