"""Question and exclamation marks, and how a text ends."""

import re
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Need, Pair
from healthtopics.problems import Level
from healthtopics.reading.languages import prose_of, source_words
from healthtopics.reading.quoting import quote

_ANY_MARK: Final = re.compile(r"[¿¡?!]")
_ASIDE: Final = re.compile(r"[ÂÃ][¡¿]|\([?!]+\)|\[[?!]+\]|(?<=[^\W\d_])\?(?=[^\W\d_])")
"""A doubt about a word, and damaged letters, which another check reports."""
_STEP: Final = re.compile(r"[¿¡]|[?!]+|\n|\.(?=[”»\")]* +[¿¡“«\"(]*[A-ZÀ-ÖØ-Þ])")
_CLOSING: Final = {"¿": "?", "¡": "!"}

_HEADINGS: Final = frozenset(
    {
        "title", "heading", "subheading", "label", "vocabulary-title", "also-called", "see-reference",
        "resource-title", "related-title", "organization", "language-name", "attribution",
    }
)  # fmt: skip
_RUNNING: Final = frozenset({"paragraph", "description", "notice"})
_END: Final = dict(zip(".。।۔?؟？!！:：;؛；,،…", "....???!!::;;;,,…", strict=True))
_AROUND: Final = " \u00a0\u202f\n\"'”’»)]}›」』"
_QUOTED_END: Final = re.compile(r"[?!…][”»\"]+\.$")
"""A question that is quoted; Spanish has a full stop after it."""
_UNLIKE: Final = frozenset({"th", "lo", "km", "my", "el", "hy"})
"""Languages that end a sentence differently."""


def check_questions(pair: Pair) -> Iterator[Finding]:
    """Yield questions and exclamations without their opening or closing mark, if the language has both."""
    prose = pair.prose
    if not prose.has_opening_marks or not _ANY_MARK.search(pair.target):
        return
    text = pair.running
    if not text.isascii() or "(" in text or "[" in text:
        text = _ASIDE.sub(lambda match: "_" * len(match[0]), text)
    # Half a question, half an exclamation: one may open it and the other close it.
    is_both = "?" in pair.source and "!" in pair.source
    opened: list[tuple[str, int]] = []
    start = 0
    for match in _STEP.finditer(text):
        mark, place = match[0], match.start()
        if mark in _CLOSING:
            if any(other == mark for other, _ in opened):
                yield from _unclosed(pair.target, opened)
                opened = []
            opened.append((mark, place))
        elif mark[0] in "?!":
            yield from _closed(pair.target, opened, match, start, is_both=is_both)
            start = match.end()
        elif mark == "\n" or not prose.abbreviation.search(text, 0, match.end()):
            yield from _unclosed(pair.target, opened)
            opened, start = [], match.end()
    yield from _unclosed(pair.target, opened)


def _unclosed(text: str, opened: list[tuple[str, int]]) -> Iterator[Finding]:
    for mark, place in opened:
        yield _CHECK_OF[mark].finding(
            f"“{mark}” has no closing “{_CLOSING[mark]}”: {quote(text, place, place + 1)}.",
            f"Write {_CLOSING[mark]} where it ends, or remove {mark}.",
        )


def _closed(
    text: str, opened: list[tuple[str, int]], match: re.Match[str], start: int, *, is_both: bool
) -> Iterator[Finding]:
    """Remove from `opened` what these marks close."""
    marks = dict.fromkeys(match[0])
    kind = "¿" if "?" in marks else "¡"
    where = quote(text, max(start, match.start() - 30), match.end()) if not opened else ""
    if not opened:
        yield _CHECK_OF[kind].finding(
            f"“{_CLOSING[kind]}” has no opening “{kind}”: {where}.",
            f"Write {kind} where the {'question' if kind == '¿' else 'exclamation'} begins,"
            " also in the middle of a sentence.",
        )
        return
    for _ in marks:
        if not opened:
            return
        mark, place = opened.pop()
        if _CLOSING[mark] not in marks and not is_both:
            yield QUESTION_MARK_MISSING.finding(
                f"what “{mark}” opens is closed by “{match[0]}”: {quote(text, place, match.end())}.",
                f"Close it with {_CLOSING[mark]}, or open it with the other mark.",
                translation=match.span(),
            )


def check_end(pair: Pair) -> Iterator[Finding]:
    """Yield a text that ends with another mark than the English; a heading needs none."""
    if pair.rule.is_list or pair.rule.markup == "block" or pair.language.partition("-")[0] in _UNLIKE:
        return
    source, target = pair.source.rstrip(_AROUND), pair.target.rstrip(_AROUND)
    wanted, found = _end(source), _end(target)
    if wanted == found or not target or _is_like(source, target, wanted, found):
        return
    if _may_end(pair, source, target, wanted, found):
        return
    says = f"ends with “{found}”" if found else "ends without a mark"
    should = f"with “{wanted}”" if wanted else "without one"
    if wanted and found == "." and pair.rule.counts_as in _HEADINGS:
        should = "without one"
    words = quote(target, max(0, len(target) - 30), len(target))
    yield PUNCTUATION_END.finding(
        f"the translation {says}, the English {should}: {words}.",
        _hint(wanted, should),
        translation=(len(target) - 1, len(target)),
    )


def _hint(wanted: str, should: str) -> str:
    if should == "without one":
        return "Remove the mark at the end."
    # What the colon leads to may be missing in the translation, or be elsewhere.
    condition = " if a list or an explanation follows it in the translation, too" if wanted == ":" else ""
    return f"End it {should}{condition}."


def _end(text: str) -> str:
    return "…" if text.endswith("...") else _END.get(text[-1:], "")


def _is_like(source: str, target: str, wanted: str, found: str) -> bool:
    """Return whether both end alike: “¿…?”. for “…?”; “etc.”, which no dots follow; and either of ?!."""
    is_quoted = found == "." and wanted in ("?", "!", "…") and _QUOTED_END.search(target) is not None
    is_cut_short = wanted == "…" and target.endswith("etc.")
    return is_quoted or is_cut_short or (found != "" and found in source[-2:])


def _may_end(pair: Pair, source: str, target: str, wanted: str, found: str) -> bool:
    role = pair.rule.counts_as
    if {wanted, found} == {"", "."}:
        return role not in (_HEADINGS if found else _RUNNING) or _is_cut(pair, source, target)
    if role in _HEADINGS:
        if not found:  # `How is it treated?` may be `Tratamiento`
            return wanted != "?" or ("?" not in target and "¿" not in target)
        return not wanted and found in "?!"
    is_item = role == "list-item" and wanted in ".;," and found in ".;,"
    # English may lead to a list with no mark at all: “You may be exposed by”; elsewhere a colon is the rule.
    return is_item or (wanted, found) in {("!", "."), ("", ":")}


def _is_cut(pair: Pair, source: str, target: str) -> bool:
    """Return whether either text ends with an abbreviation: U.S., EE. UU."""
    prose = prose_of(pair.language)
    return any(
        abbreviation.search(text)
        for abbreviation, text in (
            (source_words().abbreviation, source),
            *([(prose.abbreviation, target)] if prose else []),
        )
    )


QUESTION_MARK_MISSING: Final = Check("question-mark-missing", check_questions, needs=Need.PROSE)
EXCLAMATION_MARK_MISSING: Final = Check("exclamation-mark-missing", check_questions, needs=Need.PROSE)
PUNCTUATION_END: Final = Check("punctuation-end", check_end, level=Level.WARNING)
_CHECK_OF: Final = {"¿": QUESTION_MARK_MISSING, "¡": EXCLAMATION_MARK_MISSING}
