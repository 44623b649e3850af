"""Corruptions of the narratives of FHIR documents: what a person reads in a viewer."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from agreement.blind.corruption import (
    NothingToCorruptError,
    Span,
    Tree,
    first_of,
    first_two,
    items_of,
    put,
    retext,
    span_inside,
    spans_of,
    swapped,
    tree,
    with_words,
)
from agreement.blind.mutants_fhir import bodies_of, change_narrative

if TYPE_CHECKING:
    from collections.abc import Callable

_DIV = '<div class="callout '

before_or_after = with_words({"before": "after", "Before": "After", "antes": "después", "Antes": "Después"})
better_or_worse = with_words({"worse": "better", "empeora": "mejora"})
higher_or_lower = with_words({"or higher": "or lower", "o más": "o menos"})
seldom_or_often = with_words(
    {
        "seldom": "often",
        "less often": "more often",
        "Less often": "More often",
        "rare": "common",
        "poco frecuente": "muy frecuente",
        "Pocas veces": "Muchas veces",
        "A veces": "Siempre",
    }
)


def rewriting(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return what changes the first run of text in markup that a change affects."""
    return lambda markup: retext(markup, change)[0]


def cards_of(div: str) -> list[Span]:
    """Return where the callouts of a narrative begin and end."""
    inside = span_inside(div, (0, len(div)))
    return [span for span in spans_of(div, "div", *inside) if div.startswith(_DIV, span[0])]


def _exchange_cards(div: str, pattern: str) -> str:
    """Exchange what the pattern finds in the first card and in the second."""
    found = [re.compile(pattern).search(div, *card) for card in first_two(cards_of(div))]
    one, two = first_two(each.span() for each in found if each)
    return swapped(div, one, two)


@tree("fhir-r4")
def card_urgencies_exchanged(document: Tree, _other: Tree) -> None:
    """The emergency has the colour of something less urgent, and the reverse."""
    change_narrative(bodies_of(document), lambda div: _exchange_cards(div, r'(?<=<div class="callout )\w+'))


@tree("fhir-r5")
def card_labels_exchanged(document: Tree, _other: Tree) -> None:
    """A viewer without our style sheet shows “Urgent” above “Call 911”."""
    change_narrative(bodies_of(document), lambda div: _exchange_cards(div, r'(?<=<p class="urgency">)[^<]+'))


@tree("fhir-r4")
def card_item_in_less_urgent_card(document: Tree, _other: Tree) -> None:
    """A sign for which to call 911 is listed among those for which to call the doctor."""

    def change(div: str) -> str:
        first, second = first_two(cards_of(div))
        source = first_of(spans_of(div, "li", *first))
        target = first_of(spans_of(div, "li", *second))
        return put(put(div, (target[0], target[0]), div[slice(*source)]), source, "")

    change_narrative(bodies_of(document), change)


@tree("fhir-r4")
def cards_reordered(document: Tree, _other: Tree) -> None:
    """A reader in an emergency reads first that she should call her doctor."""
    change_narrative(bodies_of(document), lambda div: swapped(div, *first_two(cards_of(div))))


@tree("fhir-r5")
def card_unwrapped(document: Tree, _other: Tree) -> None:
    """Nothing sets the emergency apart from the text around it."""

    def change(div: str) -> str:
        card = first_of(cards_of(div))
        inner = div[slice(*span_inside(div, card))]
        return put(div, card, re.sub(r'<p class="urgency">.*?</p>', "", inner))

    change_narrative(bodies_of(document), change)


@tree("fhir-r5")
def phone_number_changed(document: Tree, _other: Tree) -> None:
    """A reader in an emergency dials a number that nobody answers."""
    change_narrative(bodies_of(document), lambda div: div.replace("911", "991"))


@tree("fhir-r4")
def negation_inserted(document: Tree, _other: Tree) -> None:
    """The heading of the emergency card says not to call."""
    change = {"<h3>Call 911": "<h3>Do not call 911", "<h3>Llame al 911": "<h3>No llame al 911"}

    def negate(div: str) -> str:
        for old, new in change.items():
            div = div.replace(old, new)
        return div

    change_narrative(bodies_of(document), negate)


@tree("fhir-r4")
def before_and_after_confused(document: Tree, _other: Tree) -> None:
    """“Before the 20th week” becomes “after the 20th week”."""
    change_narrative(bodies_of(document), rewriting(before_or_after))


@tree("fhir-r5")
def limit_reversed(document: Tree, _other: Tree) -> None:
    """A fever of 100.4 °F “or lower” is what one should call for."""
    change_narrative(bodies_of(document), rewriting(higher_or_lower))


@tree("fhir-r4")
def worse_is_better(document: Tree, _other: Tree) -> None:
    """A reader whose pain gets worse waits for it to get better before she calls."""
    change_narrative(bodies_of(document), rewriting(better_or_worse))


@tree("fhir-r5")
def range_reversed(document: Tree, _other: Tree) -> None:
    """The bounds of a range change places, as when a sentence is taken for one from right to left."""
    change = re.compile(r"\b([\d.]+) (to|a) ([\d.]+)\b")
    change_narrative(bodies_of(document), rewriting(lambda text: change.sub(r"\3 \2 \1", text, count=1)))


@tree("fhir-r5")
def separator_of_thousands_changed(document: Tree, _other: Tree) -> None:
    """1 to 3 of “1.000” tests: in the United States, of one test."""
    change = re.compile(r"\b(\d),(\d{3})\b")
    change_narrative(bodies_of(document), rewriting(lambda text: change.sub(r"\1.\2", text)))


@tree("fhir-r4")
def number_as_power(document: Tree, _other: Tree) -> None:
    """A viewer shows 20 as two to the power of nought; a comparison of plain text sees no difference."""
    change = re.compile(r"(?<=[ >])(\d)(\d+)(?=[ <])")
    change_narrative(bodies_of(document), lambda div: change.sub(r"\1<sup>\2</sup>", div, count=1))


@tree("fhir-r5")
def number_read_backwards(document: Tree, _other: Tree) -> None:
    """A viewer shows 15 as 51; a comparison of plain text sees no difference."""
    change = re.compile(r"(?<=[ >])\d\d+(?=[ <])")
    change_narrative(bodies_of(document), lambda div: change.sub(r'<bdo dir="rtl">\g<0></bdo>', div, count=1))


@tree("fhir-r5")
def sentence_struck_out(document: Tree, _other: Tree) -> None:
    """A viewer shows the last paragraph of a section as withdrawn."""
    change = re.compile(r"<p>([^<]+)</p>(?=</div>$)")
    change_narrative(reversed(bodies_of(document)), lambda div: change.sub(r"<p><del>\1</del></p>", div))


@tree("fhir-r5")
def item_in_comment(document: Tree, _other: Tree) -> None:
    """An item is in the markup, but no viewer shows it."""

    def change(div: str) -> str:
        item = items_of(div)[-1]
        return put(div, item, f"<!-- {div[slice(*item)]} -->")

    change_narrative(reversed(bodies_of(document)), change)


@tree("fhir-r4")
def body_marked_as_empty(document: Tree, _other: Tree) -> None:
    """The status of a narrative says that it has nothing to say, and a viewer leaves it out."""
    bodies_of(document)[-1]["text"]["status"] = "empty"


@tree("fhir-r4")
def paragraph_twice(document: Tree, _other: Tree) -> None:
    """A reader who hears the page thinks that she has lost her place."""

    def change(div: str) -> str:
        span = first_of(spans_of(div, "p"))
        return put(div, (span[1], span[1]), div[slice(*span)])

    change_narrative(bodies_of(document), change)


@tree("fhir-r4")
def item_in_another_section(document: Tree, _other: Tree) -> None:
    """A risk factor is listed as a test, or a sign as a cause."""
    found = [body for body in bodies_of(document) if "<ul><li>" in body["text"]["div"]]
    one, two = (body["text"] for body in first_two(found))
    item = items_of(one["div"])[-1]
    end = items_of(two["div"])[-1][1]
    two["div"] = put(two["div"], (end, end), one["div"][slice(*item)])
    one["div"] = put(one["div"], item, "")


@tree("fhir-r5")
def paragraph_in_next_section(document: Tree, _other: Tree) -> None:
    """The last paragraph of a section stands under the next heading."""
    for one, two in pairwise(body["text"] for body in bodies_of(document)):
        paragraphs = spans_of(one["div"], "p")
        if len(paragraphs) > 1:
            last = paragraphs[-1]
            start = span_inside(two["div"], (0, len(two["div"])))[0]
            two["div"] = put(two["div"], (start, start), one["div"][slice(*last)])
            one["div"] = put(one["div"], last, "")
            return
    raise NothingToCorruptError


@tree("fhir-r5")
def items_joined(document: Tree, _other: Tree) -> None:
    """Two signs, either of which is enough, read as one that needs both."""
    change = re.compile(r"([^<>.])</li><li>(?=[^<])")
    change_narrative(reversed(bodies_of(document)), lambda div: change.sub(r"\1 ", div, count=1))
