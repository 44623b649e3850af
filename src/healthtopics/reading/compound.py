"""Numbers written in several words: `thirty-five`, `two and a half`, `dos mil millones`."""

from healthtopics.reading.lexicon import Lexicon, Role, Sense
from healthtopics.reading.tokens import Token


class Total:
    """A number that grows word by word, or by one word after its digits: `2 million`."""

    def __init__(self, token: Token) -> None:
        sense = token.sense
        self.start, self.end = token.start, token.end
        self.role: Role = "cardinal" if sense.role == "scale" else sense.role
        self.is_firm = sense.is_firm
        self.is_word = token.kind == "word"
        self.readings = token.readings or (sense.value,)
        self.last = self.readings[0]
        """The part added last; only a smaller one can follow."""

    def add(self, token: Token, gap: str, lexicon: Lexicon) -> bool:
        """Add a token to the number; return whether it is a part of it."""
        sense = token.sense
        if token.kind == "fraction" or not sense.role or len(gap) > 7:
            return False
        plain = gap in (" ", "-", "")
        joint = gap.strip(" -")
        if sense.role == "scale" and plain and self.role == "cardinal":
            return self._scale(token)
        if not (token.kind == "word" and (plain or joint in lexicon.tens | lexicon.fractions)):
            return False
        if sense.role == "part":
            return self._part(token, joint, lexicon, is_plain=plain)
        if self._is_numerator(sense) and plain:
            self.readings = (1 / sense.value,)  # one third
            return self._take(token, "part")
        return self.is_word and joint in lexicon.tens and self._sum(token, is_plain=plain)

    def _is_numerator(self, sense: Sense) -> bool:
        return sense.role == "ordinal" and self.last == 1 and self.role == "cardinal" and sense.value > 2

    def _take(self, token: Token, role: Role, last: float = 0) -> bool:
        self.end, self.role, self.last, self.is_firm = token.end, role, last, True
        return True

    def _scale(self, token: Token) -> bool:
        scale = token.sense.value
        total = self.readings[0]
        if total > scale and self.last < scale and total % scale < scale and self.is_word:
            lower = total % 1000 if scale == 100 else total
            self.readings = (total - lower + lower * scale,)
        else:
            self.readings = tuple(value * scale for value in self.readings)
        return self._take(token, "cardinal", scale)

    def _part(self, token: Token, joint: str, lexicon: Lexicon, *, is_plain: bool) -> bool:
        if not is_plain and joint in lexicon.fractions:
            scale = self.last if self.last >= 1000 else 1  # un millón y medio
            self.readings = tuple(value + token.sense.value * scale for value in self.readings)
        elif is_plain and (token.sense.value != 1 / 2 or self.last == 1) and self.role == "cardinal":
            self.readings = tuple(value * token.sense.value for value in self.readings)
        else:
            return False
        return self._take(token, "part")

    def _sum(self, token: Token, *, is_plain: bool) -> bool:
        value = token.sense.value
        is_ones = self.last in (20, 30, 40, 50, 60, 70, 80, 90) and 1 <= value <= 9
        is_rest = self.last >= 100 and value < self.last and (is_plain or self.last % 10 == 0)
        if not (is_ones or is_rest) or token.sense.role not in ("cardinal", "ordinal", "article"):
            return False
        self.readings = (self.readings[0] + value,)
        return self._take(token, "ordinal" if token.sense.role == "ordinal" else "cardinal", value)
