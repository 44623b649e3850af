"""What a sentence tells readers to do, and what not to do: `Do not take …`, `No tome …`."""

from typing import NamedTuple

from healthtopics.language import LanguageTag
from healthtopics.reading.languages import language_of
from healthtopics.reading.plain import without_accents


class Order(NamedTuple):
    """A verb in the form of an order."""

    verbs: frozenset[str]
    """The names of its meanings; `tome` means to take and to drink."""
    is_denied: bool


def read_orders(low: str, tag: LanguageTag) -> list[Order]:
    """Return the orders of a text in lower case, in its order; empty for an unknown language."""
    language = language_of(tag)
    if language is None:
        return []
    grammar = language.orders
    return [
        Order(grammar.names[each], is_denied=bool(match["denied"]))
        for match in grammar.order.finditer(without_accents(low))
        for each in (*grammar.verb.findall(match["denied"] or ""), match["verb"])
    ]
