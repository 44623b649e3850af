"""What is denied and what is not, and opposites: do not, never, without; before and after, more and less.

Texts are compared sentence by sentence if both have the same number of sentences, otherwise as a whole. A
negation in one language may be another kind of word in the other (`unlikely`, `poco probable`, `no es
probable`): such words may translate a negation, but are not required.
"""

from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from healthtopics.checks.comparison import Comparison
from healthtopics.checks.ranges import is_opposite
from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level
from healthtopics.reading.languages import hints_of, lexicon_of
from healthtopics.reading.orders import Order, read_orders
from healthtopics.reading.safety import is_safety_critical
from healthtopics.reading.text import Reading, Sentence, opposite_of

Places: TypeAlias = Sequence[tuple[int, int]]


def check_polarity(pair: Pair) -> Iterator[Finding]:
    """Yield each sentence that denies what the English says, or says what it denies."""
    if pair.rule.is_list or pair.rule.languages or pair.rule.is_optional:
        return
    found = pair.comparison
    is_free = pair.rule.markup == "block"  # it need not have the sentences of the English, nor their order
    aligned = _aligned(found.source.sentences, found.target.sentences, is_free=is_free)
    doubtful = [
        (source, target)
        for source, target in aligned
        if source.denials
        or target.denials
        or source.firm
        or source.exceptions
        or _has_opposite(source, target)
    ]
    moved = _moved(found, aligned) if doubtful else frozenset()
    for source, target in doubtful:
        yield from _judge(pair, found, source, target, moved)


def _has_opposite(source: Sentence, target: Sentence) -> bool:
    """Return whether either sentence has the opposite of what the English says."""
    poles = source.poles
    return bool(poles) and any(
        opposite in target.poles or opposite in poles for opposite in map(opposite_of, poles)
    )


def _moved(found: Comparison, aligned: Sequence[tuple[Sentence, Sentence]]) -> frozenset[str]:
    """Return the opposites that two sentences have exchanged, and their numbers with them."""
    if len(aligned) < 2 or not any(_has_left(found, *each) for each in aligned):
        return frozenset()
    flipped = {pole for source, target in aligned for pole in _flipped(source, target)}
    return frozenset(pole for pole in flipped if opposite_of(pole) in flipped)


def _has_left(found: Comparison, source: Sentence, target: Sentence) -> bool:
    """Return whether a number of a sentence is in another one of the translation."""
    return any(
        source.start <= own.start < source.end and not target.start <= other.start < target.end
        for own, other in found.pairs
    )


def _aligned(
    source: Sequence[Sentence], target: Sequence[Sentence], *, is_free: bool
) -> Sequence[tuple[Sentence, Sentence]]:
    if len(source) == len(target) and not is_free:
        return list(zip(source, target, strict=True))
    return [(_whole(source), _whole(target))]


def _whole(sentences: Sequence[Sentence]) -> Sentence:
    """Merge all sentences into one; at such a distance opposites mean nothing."""
    if len(sentences) == 1:
        return sentences[0]
    whole = Sentence(0, sentences[-1].end)
    for sentence in sentences:
        whole.denials += sentence.denials
        whole.firm += sentence.firm
        whole.vague += sentence.vague
        whole.exceptions += sentence.exceptions
        whole.substitutes += sentence.substitutes
        whole.echoes += sentence.echoes
        whole.orphans += sentence.orphans
    return whole


def _judge(
    pair: Pair, found: Comparison, source: Sentence, target: Sentence, moved: frozenset[str]
) -> Iterator[Finding]:
    flipped = list(_flipped(source, target))
    swapped = "" if flipped else _swapped(found, source, target)
    kept = [pole for pole in flipped if pole not in moved]
    yield from _opposites(pair, found, source, target, kept, swapped)
    counts = _count(source, target)
    if flipped or (counts.own != counts.other and _has_flipped_bound(found, source)):
        return  # `do not stop` is `siga`, `no more than` is `no … más de`: both have changed
    is_unlike = max(counts.lost, counts.added) > 0 or target.orphans > 0
    if is_unlike or (source.denials and target.denials):
        orders = _Orders(pair.language, found, source, target)
        if not swapped and orders.are_exchanged:
            yield _exchange(found, source, target)
        if is_unlike:
            yield from _denials(pair, found, source, target, counts, orders)


def _denials(
    pair: Pair, found: Comparison, source: Sentence, target: Sentence, counts: "_Counts", orders: "_Orders"
) -> Iterator[Finding]:
    """Yield a finding if the translation denies less than the English, or more."""
    lost, added = counts.lost, counts.added
    if orders.is_contradicted:
        lost += target.orphans if counts.own > counts.other else 0  # `coma nada`
    else:
        lost -= 2 * _is_only_in(_BEFORE, target.poles, source.poles)
        added -= _is_only_in(_BEFORE, source.poles, target.poles)
        added -= 2 * (_BEFORE in source.poles and counts.other - counts.own == 2)  # `no … sin …`
    if _is_only_in("+only", source.poles, target.poles):
        added -= _is_only_in(">", found.target.bounds, found.source.bounds)  # `no más de uno`
    if counts.own and " or " in found.source.low[source.start : source.end]:
        added = 0  # `do not rub or scratch` may deny both
    if lost > 0 and not _may_deny(pair, found.target, target, lost):
        yield _lost(pair, found, source, target, is_contradicted=orders.is_contradicted)
    elif added > 0 and not _may_deny(pair, found.source, source, added):
        yield _added(pair, found, source, target, is_contradicted=orders.is_contradicted)


def _opposites(
    pair: Pair, found: Comparison, source: Sentence, target: Sentence, flipped: Sequence[str], swapped: str
) -> Iterator[Finding]:
    flip = next((pole for pole in flipped if _is_flip(source, pole, target)), "")
    if flip:
        orders = _Orders(pair.language, found, source, target)
        yield _flip(found, source, target, flip, _level(pair, is_contradicted=orders.is_contradicted))
    if swapped and not _has_moved(found, source):
        yield _swap(found, source, target, swapped)


def _is_only_in(each: str, one: Container[str], other: Container[str]) -> bool:
    return each in one and each not in other


_BEFORE: Final = "-time"
"""`Antes de X, haga Y` may translate `do not X without Y` and `do not X until Y`."""


class _Counts(NamedTuple):
    """The number of denials in two sentences."""

    own: int
    other: int
    lost: int
    added: int


def _count(source: Sentence, target: Sentence) -> _Counts:
    # Exceptions match each other; the rest deny in English, and may deny in the translation.
    beyond = len(source.exceptions) - len(target.exceptions)
    own, other = len(source.denials) + max(0, beyond), len(target.denials)
    vague = target.vague + max(0, -beyond)
    lost = own - other - max(0, vague - source.vague)
    lost = max(lost, own + len(source.firm) - other - vague)
    # `Stay home` may be `no salga`.
    added = other - own - max(0, source.vague - vague + target.echoes) - source.substitutes
    return _Counts(own, other, lost, added)


class _Orders:
    """The orders that two sentences give their readers; those of the translation are read when needed."""

    def __init__(self, language: LanguageTag, found: Comparison, source: Sentence, target: Sentence) -> None:
        self._language, self._low, self._sentence = language, found.target.low, target
        self.source = read_orders(found.source.low[source.start : source.end].strip(), SOURCE)

    @cached_property
    def target(self) -> Sequence[Order]:
        return read_orders(self._low[self._sentence.start : self._sentence.end].strip(), self._language)

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

    @property
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


def _has_flipped_bound(found: Comparison, sentence: Sentence) -> bool:
    return any(
        is_opposite(source, target) and sentence.start <= source.start < sentence.end
        for source, target in found.pairs
    )


def _is_flip(source: Sentence, pole: str, target: Sentence) -> bool:
    """Return whether both deny as much apart from the pole: then nothing compensates for the opposite."""
    places, others = source.poles[pole], target.poles[opposite_of(pole)]
    own, other = _count_beside(source.denials, places), _count_beside(target.denials, others)
    return own <= other <= own + _count_beside(source.firm, places)


def _count_beside(denials: Places, places: Places) -> int:
    return sum(place not in places for place in denials)


def _flipped(source: Sentence, target: Sentence) -> Iterator[str]:
    """Yield each pole of the English for which the translation has only the opposite."""
    for pole in source.poles:
        opposite = opposite_of(pole)
        if opposite not in source.poles and opposite in target.poles and pole not in target.poles:
            yield pole


def _swapped(found: Comparison, source: Sentence, target: Sentence) -> str:
    """Return the pole that both have once, in English before its opposite and in the translation after it."""
    for pole in source.poles:
        if opposite_of(pole) not in source.poles:
            continue
        one, two = _only(source, pole), _only(source, opposite_of(pole))
        first, second = _only(target, opposite_of(pole)), _only(target, pole)
        if one and two and first and second and one < two and first < second:
            between = found.source.low[one[1] : two[0]].split()
            if len(between) > 1:  # `boys and girls` is `niñas y niños`
                return pole
    return ""


def _only(sentence: Sentence, pole: str) -> tuple[int, int] | None:
    """Return the place of a pole if the sentence has it exactly once."""
    places = sentence.poles.get(pole, ())
    return places[0] if len(places) == 1 else None


def _has_moved(found: Comparison, sentence: Sentence) -> bool:
    """Return whether the numbers of a sentence are in another order too, as if a clause has moved."""
    pairs = sorted(found.pairs, key=lambda pair: pair[0].start)
    places = [target.start for source, target in pairs if sentence.start <= source.start < sentence.end]
    return places != sorted(places)


def _may_deny(pair: Pair, reading: Reading, sentence: Sentence, count: int) -> bool:
    """Return whether a sentence has `count` extra words that may deny something: `untreated`, `painless`."""
    language = SOURCE if reading.text == pair.source else pair.language
    words = lexicon_of(language).denying.findall(reading.low, sentence.start, sentence.end)
    return len(words) >= count


def _flip(found: Comparison, source: Sentence, target: Sentence, pole: str, level: Level) -> Finding:
    opposite = opposite_of(pole)
    return POLARITY_FLIPPED.finding(
        f"{found.source.quote(*source.poles[pole][0])} of the English is"
        f" {found.target.quote(*target.poles[opposite][0])} in the translation, which may be the opposite.",
        "Do both texts say the same? If a negation or another word makes up for it, dismiss this.",
        level,
    )


def _swap(found: Comparison, source: Sentence, target: Sentence, pole: str) -> Finding:
    (start, _), (_, end) = source.poles[pole][0], source.poles[opposite_of(pole)][0]
    (first, _), (_, last) = target.poles[opposite_of(pole)][0], target.poles[pole][0]
    return POLARITY_FLIPPED.finding(
        f"{found.source.quote(start, end)} of the English has its opposites in another order in the"
        f" translation: {found.target.quote(first, last)}.",
        "Check which belongs to which; if only the order of the words differs, dismiss this.",
    )


def _exchange(found: Comparison, source: Sentence, target: Sentence) -> Finding:
    return POLARITY_FLIPPED.finding(
        f"{found.source.quote(source.start, source.end)} denies another order than the translation:"
        f" {found.target.quote(target.start, target.end)}.",
        "Check which is denied; if only the order of the words differs, dismiss this.",
    )


def _level(pair: Pair, *, is_contradicted: bool) -> Level:
    """Return an error only where an order contradicts the English one; other denials may be put otherwise."""
    is_sure = is_contradicted and pair.rule.markup != "block"
    return Level.ERROR if is_sure and is_safety_critical(pair.msgid, pair.rule) else Level.WARNING


def _lost(
    pair: Pair, found: Comparison, source: Sentence, target: Sentence, *, is_contradicted: bool
) -> Finding:
    start, end = (*source.denials, *source.exceptions, *source.firm)[0]
    stop = min(source.end, end + 24)
    return NEGATION_LOST.finding(
        f"{found.source.quote(start, stop)}… of the English is denied; the translation denies"
        f" {'less' if target.denials or target.vague or target.exceptions else 'nothing'} there:"
        f" {found.target.quote(target.start, min(target.end, target.start + 60))}…",
        f"Is it denied in the translation, too, in whatever words: {hints_of(pair.language).negation}?"
        " If both texts say the same, dismiss this.",
        _level(pair, is_contradicted=is_contradicted),
    )


def _added(
    pair: Pair, found: Comparison, source: Sentence, target: Sentence, *, is_contradicted: bool
) -> Finding:
    start, end = target.denials[-1]
    return NEGATION_ADDED.finding(
        f"{found.target.quote(start, min(target.end, end + 24))}… of the translation is not denied in the"
        f" English: {found.source.quote(source.start, min(source.end, source.start + 60))}…",
        "Does the English deny it, too, in other words? If both texts say the same, dismiss this.",
        _level(pair, is_contradicted=is_contradicted),
    )


NEGATION_LOST: Final = Check("negation-lost", check_polarity, level=Level.WARNING, needs=Need.WORDS)
NEGATION_ADDED: Final = Check("negation-added", check_polarity, level=Level.WARNING, needs=Need.WORDS)
POLARITY_FLIPPED: Final = Check("polarity-flipped", check_polarity, level=Level.WARNING, needs=Need.WORDS)
