"""What is denied and what is not: do not, never, without, unless.

Texts are compared sentence by sentence if both have the same number of sentences, otherwise as a whole. A
negation in one language may be another kind of word in the other (`unlikely`, `poco probable`, `no es
probable`), or the opposite of what is denied: such words may translate a negation, but are not required.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from healthtopics.checks.alignment import Aligned, is_denial
from healthtopics.checks.ranges import is_opposite
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE
from healthtopics.problems import Level
from healthtopics.reading.languages import hints_of, lexicon_of
from healthtopics.reading.lexicon import Negation
from healthtopics.reading.orders import Order, read_orders
from healthtopics.reading.quoting import quote, quote_start
from healthtopics.reading.safety import is_safety_critical
from healthtopics.reading.text import Reading, Sentence
from healthtopics.reading.tokens import tokenise


def check_negation(pair: Pair) -> Iterator[Finding]:
    """Yield each sentence that denies what the English says, or says what it denies."""
    if pair.rule.is_list or pair.is_name:
        return
    for aligned in pair.aligned:
        source, target = aligned.source, aligned.target
        if source.denials or target.denials or source.firm or source.exceptions:
            yield from _judge(pair, aligned)


def _judge(pair: Pair, aligned: Aligned) -> Iterator[Finding]:
    source, target = aligned.source, aligned.target
    lost, added = _count(aligned)
    is_unlike = lost > 0 or added > 0 or target.orphans > 0
    if not is_unlike and not (source.denials and target.denials):
        return
    orders = _Orders(aligned)
    if orders.are_exchanged:
        yield _moved(aligned)
    if orders.is_contradicted:
        lost += target.orphans if len(source.denials) > len(target.denials) else 0  # `coma nada`
    elif is_unlike and _is_said_otherwise(aligned):
        return
    if lost > 0 and not _may_deny(pair, aligned.found.target, target, lost):
        yield _lost(pair, aligned, is_contradicted=orders.is_contradicted)
    elif added > 0 and not _may_deny(pair, aligned.found.source, source, added):
        yield _added(pair, aligned, is_contradicted=orders.is_contradicted)


def _is_said_otherwise(aligned: Aligned) -> bool:
    """Return whether an opposite, a bound or a choice makes up for the negation: `do not stop`, `siga`."""
    source, target = aligned.source, aligned.target
    here, there = aligned.said
    if any(each.set.is_deniable and not is_denial(aligned, each) for each in aligned.exchanges):
        return True
    if any(
        is_opposite(own, other) and source.start <= own.start < source.end
        for own, other in aligned.found.pairs
    ):
        return True  # `no more than` is `no … más de`
    if "before" in here.concepts and len(target.denials) - len(source.denials) == 2:
        return True  # `no X sin Y` is `Y before X`
    if ("before" in here.concepts) != ("before" in there.concepts):
        return True  # `antes de X, haga Y` may be `do not X without Y` or `do not X until Y`
    if len(target.denials) > len(source.denials) > 0 and " or " in here.text:
        return True  # `do not rub or scratch` may deny both
    return "only" in here.concepts and there.concepts.keys().isdisjoint(("only", "only_not"))


def _lost_denials(source: Sentence, target: Sentence) -> int:
    """Return how many denials of the English nothing in the translation can stand for."""
    # Exceptions match each other; the rest deny in English, and may deny in the translation.
    beyond = len(source.exceptions) - len(target.exceptions)
    own, other = len(source.denials) + max(0, beyond), len(target.denials)
    vague = target.vague + max(0, -beyond)
    if not target.denials:
        vague -= target.late  # `necesita ningún` denies nothing
    return max(own - other - max(0, vague - source.vague), own + len(source.firm) - other - vague)


def _added_denials(source: Sentence, target: Sentence) -> int:
    """Return how many denials of the translation nothing in the English can stand for."""
    beyond = len(source.exceptions) - len(target.exceptions)
    own, vague = len(source.denials) + max(0, beyond), target.vague + max(0, -beyond)
    spare = max(0, source.vague - vague + target.echoes)
    return len(target.denials) - own - spare - source.substitutes


def _count(aligned: Aligned) -> tuple[int, int]:
    """Return how many denials are lost, and how many are added."""
    source, target = aligned.source, aligned.target
    lost, added = _lost_denials(source, target), _added_denials(source, target)
    if lost > 0 or added > 0 or len(source.denials) == len(target.denials):
        return lost, added
    lost, added = _without_translated(aligned)
    return lost, max(added, int(len(target.denials) > len(source.denials) and _denies_what_may_be(aligned)))


def _denies_what_may_be(aligned: Aligned) -> bool:
    """Return whether the translation says that something may not be that may be: `can`, `no puede`."""
    source, target = (said.concepts for said in aligned.said)
    return (
        len(source.get("may", ())) == len(target.get("may", ())) > 0
        and source.keys().isdisjoint(_DENIED_MAY)
        and not any(_is_beside(aligned.source, place) for place in source["may"])
        and any(_is_beside(aligned.target, place) for place in target["may"])
    )


def _is_beside(sentence: Sentence, place: tuple[int, int]) -> bool:
    """Return whether a denial ends right before a place, or with a pronoun between them: `no se puede`."""
    return any(0 < place[0] - end <= _BESIDE for _, end in sentence.denials)


_DENIED_MAY: Final = frozenset({"impossible", "must_not", "need_not", "forbid", "nothing"})
"""Concepts that deny that something may be: the English may say them of another thing."""
_BESIDE: Final = 4
"""The most characters between a denial and its verb."""


def _without_translated(aligned: Aligned) -> tuple[int, int]:
    """Return how many denials are lost and added if words that are translated stand for no other denial.

    `refuse` may be `no … quiere`, but not where the translation has `rechaza` as well.
    """
    source, target = (
        replace(
            sentence,
            vague=sentence.vague - _count_translated(aligned, sentence, _VAGUE),
            substitutes=sentence.substitutes - _count_translated(aligned, sentence, _SUBSTITUTE),
        )
        for sentence in (aligned.source, aligned.target)
    )
    return _lost_denials(source, target), _added_denials(source, target)


def _count_translated(aligned: Aligned, sentence: Sentence, kinds: frozenset[Negation]) -> int:
    """Return how many single words of these kinds in a sentence have a counterpart in the other one."""
    is_english = sentence is aligned.source
    reading = aligned.found.source if is_english else aligned.found.target
    is_translated = aligned.is_translated if is_english else aligned.translates
    words = [
        reading.low[token.start : token.end]
        for token in tokenise(reading.text, SOURCE if is_english else aligned.language).tokens
        if token.sense.negation in kinds and sentence.start <= token.start < sentence.end
    ]
    # Phrases are denials themselves: `no more than`.
    return sum(word.isalpha() and is_translated(word) for word in words)


_VAGUE: Final = frozenset({Negation.VAGUE})
_SUBSTITUTE: Final = frozenset({Negation.SUBSTITUTE})


class _Orders:
    """The orders that two sentences give their readers; those of the translation are read when needed."""

    def __init__(self, aligned: Aligned) -> None:
        self._aligned = aligned
        reading, sentence = aligned.found.source, aligned.source
        self.source = read_orders(reading.low[sentence.start : sentence.end].strip(), SOURCE)

    @cached_property
    def target(self) -> Sequence[Order]:
        reading, sentence = self._aligned.found.target, self._aligned.target
        return read_orders(reading.low[sentence.start : sentence.end].strip(), self._aligned.language)

    @property
    def are_exchanged(self) -> bool:
        """Whether both deny as many orders of the same verb, but different ones: `take A, do not take B`."""
        for verb in {verb for order in self.source if order.is_denied for verb in order.verbs}:
            own = _denied(self.source, verb)
            if not all(own):  # otherwise only the same denials are as many
                other = _denied(self.target, verb)
                if own != other and sorted(own) == sorted(other):
                    return True
        return False

    @cached_property
    def is_contradicted(self) -> bool:
        """Whether one has only orders to do it, and the other only orders not to."""
        return any(
            order.is_denied != other.is_denied
            and not any(
                order.verbs & each.verbs and each.is_denied == order.is_denied for each in self.target
            )
            and not any(
                order.verbs & each.verbs and each.is_denied == other.is_denied for each in self.source
            )
            for order in self.source
            for other in self.target
            if order.verbs & other.verbs
        )


def _denied(orders: Sequence[Order], verb: str) -> list[bool]:
    """Return, order by order, whether the meaning of the verb is denied."""
    return [each.is_denied for each in orders if verb in each.verbs]


def _may_deny(pair: Pair, reading: Reading, sentence: Sentence, count: int) -> bool:
    """Return whether a sentence has `count` extra words that may deny something: `untreated`, `painless`."""
    language = SOURCE if reading.text == pair.source else pair.language
    words = lexicon_of(language).denying.findall(reading.low, sentence.start, sentence.end)
    return len(words) >= count


def _moved(aligned: Aligned) -> Finding:
    found, source, target = aligned.found, aligned.source, aligned.target
    return NEGATION_MOVED.finding(
        f"{found.source.quote(source.start, source.end)} denies another order than the translation:"
        f" {found.target.quote(target.start, target.end)}.",
        "Which is denied? If only the order of the words differs, dismiss this.",
    )


def _level(pair: Pair, *, is_contradicted: bool) -> Level:
    """Return an error only where an order contradicts the English one; other denials may be put otherwise."""
    is_sure = is_contradicted and pair.rule.markup != "block"
    return Level.ERROR if is_sure and is_safety_critical(pair.msgid, pair.rule) else Level.WARNING


def _lost(pair: Pair, aligned: Aligned, *, is_contradicted: bool) -> Finding:
    found, source, target = aligned.found, aligned.source, aligned.target
    start, end = (*source.denials, *source.exceptions, *source.firm)[0]
    more = "more often " if target.denials or target.vague or target.exceptions else ""
    return NEGATION_LOST.finding(
        f"the English says {more}“not” than the translation: {quote(found.source.text, start, end)};"
        f" {quote_start(found.target.text, target.start, target.end)}."
        if more
        else f"the English has {quote(found.source.text, start, end)}; the translation does not deny it:"
        f" {quote_start(found.target.text, target.start, target.end)}.",
        f"Is it denied in the translation, too, in whatever words: {hints_of(pair.language).negation}?"
        " If both texts say the same, dismiss this.",
        _level(pair, is_contradicted=is_contradicted),
        english=(start, end),
    )


def _added(pair: Pair, aligned: Aligned, *, is_contradicted: bool) -> Finding:
    found, source, target = aligned.found, aligned.source, aligned.target
    start, end = target.denials[-1]
    return NEGATION_ADDED.finding(
        f"the translation has {quote(found.target.text, start, end)}; the English does not deny it:"
        f" {quote_start(found.source.text, source.start, source.end)}.",
        "Does the English deny it, too, in other words? If both texts say the same, dismiss this.",
        # `Do not rub or use it` denies both, though only one of them has the word.
        _level(pair, is_contradicted=is_contradicted and not source.denials),
        translation=(start, end),
    )


NEGATION_LOST: Final = Check("negation-lost", check_negation, level=Level.WARNING, needs=Need.WORDS)
NEGATION_ADDED: Final = Check("negation-added", check_negation, level=Level.WARNING, needs=Need.WORDS)
NEGATION_MOVED: Final = Check("negation-moved", check_negation, level=Level.WARNING, needs=Need.WORDS)
