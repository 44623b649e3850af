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
from agreement.blind.mutants_fhir import bodies_of, change_narrative, coded, composition_of, groups_of

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
    """The emergency has the color of something less urgent, and the reverse."""
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
    """The last paragraph of a section is under the next heading."""
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


@tree("fhir-r5")
def nested_item_under_another(document: Tree, _other: Tree) -> None:
    """A problem of the uterus is listed among those of the immune system."""

    def change(div: str) -> str:
        found = re.finditer(r"(?<=<ul>)<li>[^<>]*</li>(?=(?:<li>[^<>]*</li>)*</ul></li>)", div)
        one, two = first_two(each.span() for each in found)
        return put(put(div, (two[0], two[0]), div[slice(*one)]), one, "")

    change_narrative(bodies_of(document), change)


@tree("fhir-r4")
def nested_list_lost(document: Tree, _other: Tree) -> None:
    """An item that only announces others has none."""
    nested = re.compile(r"<ul>(?:<li>[^<>]*</li>)+</ul>(?=</li>)")
    change_narrative(bodies_of(document), lambda div: nested.sub("", div, count=1))


@tree("fhir-r4")
def leads_of_items_exchanged(document: Tree, _other: Tree) -> None:
    """The treatment of one condition comes after the name of another."""

    def change(div: str) -> str:
        found = re.finditer(r"(?<=<li>)<strong>.*?</strong>", div)
        return swapped(div, *first_two(each.span() for each in found))

    change_narrative(bodies_of(document), change)


@tree("fhir-r5")
def list_before_its_introduction(document: Tree, _other: Tree) -> None:
    """The signs come before the sentence that says what they are signs of."""
    change = re.compile(r"(<p>[^<]*:</p>)(<ul>(?:<li>[^<]*</li>)+</ul>)")
    change_narrative(bodies_of(document), lambda div: change.sub(r"\2\1", div, count=1))


@tree("fhir-r4")
def targets_in_text_exchanged(document: Tree, _other: Tree) -> None:
    """Words in a sentence lead to the page on something else."""

    def change(div: str) -> str:
        found = list(re.finditer(r'(?<=<a href=")[^"]+', div))
        one = first_of(found)
        two = first_of(each for each in found if each[0] != one[0])
        return swapped(div, one.span(), two.span())

    change_narrative(bodies_of(document), change)


@tree("fhir-r5")
def link_in_text_unwrapped(document: Tree, _other: Tree) -> None:
    """Words that lead to an explanation in the other formats lead nowhere."""
    change_narrative(bodies_of(document), lambda div: re.sub(r"<a [^>]*>(.*?)</a>", r"\1", div, count=1))


@tree("fhir-r5")
def link_in_text_with_another_fragment(document: Tree, _other: Tree) -> None:
    """A link opens its page at a place that its words do not promise."""
    change_narrative(
        bodies_of(document), lambda div: re.sub(r'(<a href="[^"#]+)"', r'\1#treatment"', div, count=1)
    )


@tree("fhir-r4")
def text_misdecoded(document: Tree, _other: Tree) -> None:
    """UTF-8 read as Latin-1: “semÃ¡ntica”, which a screen reader spells out."""

    def change(text: str) -> str:
        return re.sub(r"[à-ÿ]", lambda found: found[0].encode().decode("latin-1"), text)

    change_narrative(bodies_of(document), rewriting(change))


@tree("fhir-r5")
def tildes_lost(document: Tree, _other: Tree) -> None:
    """“35 años” becomes “35 anos”: thirty-five anuses, in a health leaflet."""
    change_narrative(bodies_of(document), rewriting(lambda text: text.replace("ñ", "n")))


@tree("fhir-r4")
def last_sentence_cut(document: Tree, _other: Tree) -> None:
    """A limit of length cuts a section in the middle of a sentence, and hides it with three dots."""
    change = re.compile(r"(<p>[^<]{20})[^<]+</p></div>$")
    change_narrative(reversed(bodies_of(document)), lambda div: change.sub(r"\1…</p></div>", div))


@tree("fhir-r5")
def markup_shown(document: Tree, _other: Tree) -> None:
    """Escaped twice, markup is among the words."""
    change_narrative(
        bodies_of(document),
        lambda div: re.sub(r"<(a [^>]*|/a)>", r"&lt;\1&gt;", div, count=2),
    )


@tree("fhir-r5")
def words_joined(document: Tree, _other: Tree) -> None:
    """Spaces beside inline markup are lost, and two words read as one."""
    change_narrative(bodies_of(document), lambda div: re.sub(r"(?<=\w) (?=<(?:a|em|strong)\b)", "", div))


@tree("fhir-r4")
def foreign_title_untagged(document: Tree, _other: Tree) -> None:
    """A Spanish voice reads an English title, and does not say that the page is in English."""
    tagged = re.compile(r'<span lang="en" xml:lang="en">([^<]*)</span>')
    change_narrative(groups_of(document), lambda div: tagged.sub(r"\1", div))


@tree("fhir-r5")
def language_note_lost(document: Tree, _other: Tree) -> None:
    """Nothing warns a reader that a page is in English."""
    change_narrative(groups_of(document), lambda div: div.replace(" (en inglés)", ""))


@tree("fhir-r4")
def languages_of_narrative_differ(document: Tree, other: Tree) -> None:
    """A browser and an XML reader each take the narrative for another language."""
    ours, theirs = document["language"], other["language"]
    change_narrative(bodies_of(document), lambda div: div.replace(f' lang="{ours}"', f' lang="{theirs}"', 1))


@tree("fhir-r5")
def advertisement_inserted(document: Tree, _other: Tree) -> None:
    """A narrative ends with a sentence that the topic does not have."""
    last = bodies_of(document)[-1]["text"]
    last["div"] = last["div"].removesuffix("</div>") + "<p>Ask for Femirelax at your pharmacy.</p></div>"


@tree("fhir-r4")
def organization_beside_link_lost(document: Tree, _other: Tree) -> None:
    """A reader cannot tell whose page a link opens."""
    change_narrative(groups_of(document), lambda div: re.sub(r"</a> \((?!en ).*?\)</li>", "</a></li>", div))


@tree("fhir-r5")
def note_on_source_exchanged(document: Tree, _other: Tree) -> None:
    """What was taken from one source is said to come from the next."""

    def change(div: str) -> str:
        return swapped(div, *first_two(found.span() for found in re.finditer(r"(?<=<p>)[^<]+(?=</p>)", div)))

    change_narrative([coded(document, "sources")], change)


@tree("fhir-r4")
def title_in_narrative_of_other_language(document: Tree, other: Tree) -> None:
    """A viewer shows the title and the description in a language that the reader may not read."""
    ours, theirs = composition_of(document)["text"], composition_of(other)["text"]
    inner = theirs["div"][slice(*span_inside(theirs["div"], (0, len(theirs["div"]))))]
    ours["div"] = put(ours["div"], span_inside(ours["div"], (0, len(ours["div"]))), inner)


@tree("fhir-r5")
def description_in_narrative_lost(document: Tree, _other: Tree) -> None:
    """A viewer's summary has a title and no text."""
    text = composition_of(document)["text"]
    text["div"] = re.sub(r"<p>.*?</p>", "", text["div"])


@tree("fhir-r4")
def heading_of_card_lost(document: Tree, _other: Tree) -> None:
    """A card lists signs and does not say to call."""
    change_narrative(bodies_of(document), lambda div: re.sub(r"<h3>.*?</h3>", "", div, count=1))


@tree("fhir-r4")
def name_with_homoglyph(document: Tree, _other: Tree) -> None:
    """Another name of the topic has a Cyrillic letter: it looks right, and no search finds it."""
    change_narrative([coded(document, "also-called")], rewriting(lambda text: text.replace("o", "\u043e")))


@tree("fhir-r5")
def or_is_and(document: Tree, _other: Tree) -> None:
    """Signs of which one is enough have to come together."""
    change = with_words({", or ": ", and ", " or ": " and ", " o ": " y "})
    change_narrative(bodies_of(document), rewriting(change))


@tree("fhir-r4")
def rh_factor_confused(document: Tree, _other: Tree) -> None:
    """The page tells those who need the injection that they do not, and the reverse."""
    change = {"negative": "positive", "positive": "negative", "negativo": "positivo", "positivo": "negativo"}
    change_narrative(bodies_of(document), rewriting(with_words(change)))


@tree("fhir-r5")
def negation_hidden(document: Tree, _other: Tree) -> None:
    """The word “not” is in the markup, and no viewer shows it."""
    change = re.compile(r"(?<=[> ])(?:not|no) (?=\w)")
    hidden = r'<span style="display:none">\g<0></span>'
    change_narrative(bodies_of(document), lambda div: change.sub(hidden, div, count=1))


@tree("fhir-r5")
def abbreviation_explained_wrongly(document: Tree, _other: Tree) -> None:
    """A viewer explains an abbreviation as something else."""
    title = '<abbr title="pituitary corticotropin secretion">'
    change_narrative(bodies_of(document), lambda div: div.replace("<abbr>", title))


@tree("fhir-r4")
def picture_inserted(document: Tree, _other: Tree) -> None:
    """A picture says what the text does not, to those who see it and to those who hear its description."""
    picture = '<p><img src="https://femirelax.example.net/a.png" alt="You need not call"/></p>'
    change_narrative(bodies_of(document), lambda div: f"{div.removesuffix('</div>')}{picture}</div>")


@tree("fhir-r4")
def title_of_link_contradicts(document: Tree, _other: Tree) -> None:
    """A pointer over a link, and some screen readers, show another name than its words."""
    change_narrative(groups_of(document), lambda div: div.replace("<a ", '<a title="Femirelax" ', 1))


@tree("fhir-r5")
def card_read_in_other_language(document: Tree, other: Tree) -> None:
    """A screen reader reads the emergency card with the voice of another language."""
    theirs = other["language"]
    tagged = f'{_DIV}emergency" lang="{theirs}" xml:lang="{theirs}"'
    change_narrative(bodies_of(document), lambda div: div.replace(f'{_DIV}emergency"', tagged))


@tree("fhir-r5")
def heading_of_card_in_other_language(document: Tree, other: Tree) -> None:
    """What to do in an emergency is said in a language that the reader may not read."""
    theirs = first_of(re.findall(r"<h3>.*?</h3>", "".join(one["text"]["div"] for one in bodies_of(other))))
    change_narrative(bodies_of(document), lambda div: re.sub(r"<h3>.*?</h3>", theirs, div, count=1))
