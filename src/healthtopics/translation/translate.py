"""Translates a document with a catalogue of one language; the source language takes the same path."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Final

from healthtopics import markup
from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues.messages import key_of
from healthtopics.checks.copied import english_lines, plain_line
from healthtopics.checks.dismissal import check_dismissals
from healthtopics.checks.presence import MESSAGE_FUZZY, MESSAGE_MISSING, MESSAGE_UNREVIEWED
from healthtopics.checks.table import Checks, check_pair, installed_checks
from healthtopics.checks.values import Finding, Pair, Twins, links_of
from healthtopics.errors import PluginError
from healthtopics.glossary import Glossary
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.problems import Level, Problem, excerpt, pointer_to
from healthtopics.reading.dangers import needs_review
from healthtopics.reading.languages import prose_of
from healthtopics.reading.plain import read_unit
from healthtopics.schema import DROPPED, MessagePlan, MessageRule, Place, walk
from healthtopics.topic import HELD, Coverage, Text, TextState


@dataclass(frozen=True, slots=True)
class Translation:
    """A document in one language."""

    language: LanguageTag
    document: Mapping[str, Any] | None
    """The document, every message a `Text`; None if nothing of it exists in the language."""
    coverage: Coverage
    findings: tuple[Problem, ...]
    """Warnings for missing and fuzzy messages and errors in translations, all of which keep the edition from
    being complete; also other warnings and notes for somebody to look at. If nobody has edited imported
    text, its findings are warnings, which do not hold the edition unless the text is unfit to be
    published. They name the catalogue's file and line."""
    states: Mapping[Key, TextState]
    """The state of each message in the edition, in document order; for one in places with different rules,
    the state that holds the edition."""


def translate(
    plan: MessagePlan,
    document: Mapping[str, Any],
    catalogue: Catalogue,
    *,
    checks: Checks | None = None,
    glossary: Glossary | None = None,
    twins: Twins | None = None,
    emergency_numbers: tuple[str, ...] = (),
) -> Translation:
    """Translate a document that is valid under the plan's schema into the catalogue's language.

    Every message becomes a `Text` (a list several). If there is no usable translation the English text is
    kept, with the state that says why. Text that only another language has is dropped, with anything that
    requires it. What is translated as a whole has the translation's own blocks. `checks`, by default all
    installed ones, are run on every translation; some of them use the glossary of its language. `twins` are
    those of the workspace; the document's own links win over them. A link of a translation leads to the twin
    of a page, unless the text was imported: its links stay those of its publisher. `emergency_numbers` are
    those of the workspace.
    """
    checks = checks or installed_checks()
    if catalogue.language != SOURCE:
        twins = Twins.from_links(links_of(document), catalogue.language).over(twins)
    translator = _Translator(catalogue, twins or Twins(), checks, glossary, emergency_numbers)
    try:
        tree = walk(plan, document, translator.visit, translator.visit_own)
        translator.judge_together()
    except PluginError as error:
        error.add_note(f"It is in {catalogue.path}.")
        raise
    return Translation(
        catalogue.language,
        None if tree is DROPPED else tree,
        translator.coverage,
        tuple(translator.findings),
        translator.states,
    )


class _Translator:
    def __init__(
        self,
        catalogue: Catalogue,
        twins: Twins,
        checks: Checks,
        glossary: Glossary | None,
        emergency_numbers: tuple[str, ...],
    ) -> None:
        self._catalogue = catalogue
        self._language = catalogue.language
        self._twins = twins
        self._checks = checks
        self._glossary = glossary
        self._emergency_numbers = emergency_numbers
        self._states: dict[tuple[Key, MessageRule], TextState] = {}
        self._judged: list[tuple[Place, Message, Pair, set[str]]] = []
        """Every translation that is present and not fuzzy, in document order, with the checks that found
        something."""
        self.findings: list[Problem] = []

    @property
    def coverage(self) -> Coverage:
        """How far the messages are translated, each counted once however often it occurs."""
        counts = Counter(state for state in self._states.values() if state is not TextState.OWN)
        return Coverage(
            messages=counts.total(),
            translated=counts[TextState.TRANSLATED],
            missing=counts[TextState.MISSING],
            fuzzy=counts[TextState.FUZZY],
            blocked=counts[TextState.BLOCKED],
        )

    @property
    def states(self) -> dict[Key, TextState]:
        """The state of each message in the edition."""
        states: dict[Key, TextState] = {}
        for (key, _rule), state in self._states.items():
            if states.get(key) not in HELD:
                states[key] = state
        return states

    def visit_own(self, place: Place, language: LanguageTag) -> object:
        if language != self._language and not place.rule.is_everywhere:
            return DROPPED
        line = place.lines[0]
        prose = prose_of(language) if place.rule.languages else None
        spoken = SOURCE if prose and prose.is_english(line) else language
        return Text(line, spoken, TextState.OWN, place.pointer)

    def visit(self, place: Place) -> object:
        if place.rule.unit:
            return self._unit(place)
        if self._language == SOURCE:
            texts = _english(place, TextState.SOURCE)
        elif not place.concerns(self._language):
            texts = _english(place, TextState.OWN)
        else:
            texts = self._translated(place)
        return texts if place.rule.is_list else texts[0]

    def _unit(self, place: Place) -> list[Any]:
        state, message = self._state(place) if self._language != SOURCE else (TextState.SOURCE, None)
        pointer = place.pointer
        if message is None:
            return _written(place.unit, lambda text: Text(text, SOURCE, state, pointer))
        parts = read_unit(place.rule, message.msgstr)
        write = self._writer(place, message, state)
        return _written(parts, write)

    def _translated(self, place: Place) -> list[Text]:
        state, message = self._state(place)
        if message is None:
            return _english(place, state)
        return list(map(self._writer(place, message, state), _lines(place.rule, message.msgstr)))

    def _writer(self, place: Place, message: Message, state: TextState) -> Callable[[str], Text]:
        """Return the function that makes the texts of a translation."""
        english, pointer = self._english_lines(place, message), place.pointer
        has_links = not message.is_imported and "<a " in message.msgstr

        def write(text: str) -> Text:
            language = SOURCE if english and plain_line(text) in english else self._language
            return Text(self._with_twins(text) if has_links else text, language, state, pointer)

        return write

    def _with_twins(self, text: str) -> str:
        """Return a text whose links lead to the twins of pages."""
        return _HREF.sub(lambda link: f'{link[1]}"{self._twin(link[3])}"', text)

    def _twin(self, href: str) -> str:
        twin = self._twins.find(unescape(href))
        return markup.escape(twin) if twin else href

    def _english_lines(self, place: Place, message: Message) -> frozenset[str]:
        """Return the lines of an imported translation that are English, and are marked as such."""
        if not message.is_imported or place.rule.is_optional:
            return frozenset()
        return english_lines(place.rule, place.msgid, message.msgstr, prose_of(self._language))

    def _state(self, place: Place) -> tuple[TextState, Message | None]:
        """Return the state of the text in the edition, and its translation if there is a usable one."""
        key = key_of(place)
        message = self._catalogue.find(key)
        state = self._states.get((key, place.rule))
        if state is None:
            state = self._judge(place, message)
            if place.rule.is_optional and state in (TextState.MISSING, TextState.FUZZY):
                state = TextState.OWN
            self._states[key, place.rule] = state
        return state, message if state is TextState.TRANSLATED else None

    def _judge(self, place: Place, message: Message | None) -> TextState:
        words = _excerpt(place.msgid)
        if message is None:
            hint = "Run `healthtopics catalogue update`, then translate it."
            self._find(place, message, MESSAGE_MISSING.finding(f"“{words}” has no translation.", hint))
            return TextState.MISSING
        is_missing = not _lines(place.rule, message.msgstr)
        if is_missing or message.is_fuzzy:
            self._find(place, message, unfinished(replace(message, msgstr="") if is_missing else message))
            return TextState.MISSING if is_missing else TextState.FUZZY
        if not self._checks.rows:
            return TextState.TRANSLATED
        pair = Pair(
            place.rule,
            place.msgid,
            message.msgstr,
            self._twins,
            self._language,
            self._glossary,
            self._emergency_numbers,
        )
        found: set[str] = set()
        self._judged.append((place, message, pair, found))
        state = TextState.TRANSLATED
        for finding in check_pair(pair, self._checks, message.dismissed):
            found.add(finding.check)
            level = self._report(place, message, finding)
            state = TextState.BLOCKED if level is Level.ERROR else state
        if self._awaits_review(place, message):
            hint = "Somebody else than the translator reads both texts: `healthtopics catalogue review`."
            self._find(place, message, MESSAGE_UNREVIEWED.finding(f"“{words}” is not reviewed.", hint))
            return TextState.BLOCKED
        return state

    def _awaits_review(self, place: Place, message: Message) -> bool:
        """Return whether the edition waits for a review; its publisher has reviewed imported text."""
        if not self._catalogue.requires_review or message.is_reviewed or message.is_imported:
            return False
        return not place.rule.is_optional and needs_review(place.msgid, place.rule)

    def judge_together(self) -> None:
        """Run the checks on all translations together; their findings never hold an edition."""
        if not self._judged:
            return
        pairs = [pair for _place, _message, pair, _found in self._judged]
        for check in self._checks.of_topic(self._language, has_glossary=self._glossary is not None):
            for pair, finding in check(pairs):
                index = next(index for index, each in enumerate(pairs) if each is pair)
                place, message, _pair, found = self._judged[index]
                found.add(finding.check)
                self._report(place, message, finding)
        for place, message, _pair, found in self._judged:
            for finding in check_dismissals(message.dismissed, found, self._checks):
                self._report(place, message, finding)

    def _report(self, place: Place, message: Message, finding: Finding) -> Level | None:
        """Keep a finding unless it is dismissed; return how much it weighs here."""
        weighed = weigh(message, finding)
        if weighed is None:
            return None
        self._find(place, message, weighed)
        return weighed.level

    def _find(self, place: Place, message: Message | None, finding: Finding) -> None:
        if place.rule.is_optional and finding.level is not Level.ERROR:
            return  # it holds nothing back
        pointer = "" if message else pointer_to(*place.reference)  # as the catalogue will name it
        self.findings.append(
            finding.at(self._catalogue.path, message.line if message else None, pointer=pointer)
        )


def _english(place: Place, state: TextState) -> list[Text]:
    pointer = place.pointer
    return [Text(line, SOURCE, state, pointer) for line in place.lines]


def unfinished(message: Message) -> Finding:
    """Return what is said of a message whose translation is missing or fuzzy."""
    words = _excerpt(message.key.msgid)
    if not message.msgstr:
        return MESSAGE_MISSING.finding(f"“{words}” has no translation.", "Translate it.")
    hint = "Compare it with the English text, fix it, and remove the fuzzy flag."
    return MESSAGE_FUZZY.finding(f"“{words}” is fuzzy.", hint)


def weigh(message: Message, finding: Finding) -> Finding | None:
    """Return a finding with its level for this message, which it names; None if it is dismissed."""
    if not finding.is_unfit and finding.row.is_dismissed(message.dismissed):
        return None
    # Imported text is the fault of its source, not of a translator.
    is_excused = message.is_imported and finding.level is Level.ERROR and not finding.is_unfit
    level = Level.WARNING if is_excused else finding.level
    return replace(finding, level=level, message=_place(message.key.msgid) + finding.message)


def bare(msgid: str, sentence: str) -> str:
    """Return the sentence of a finding for those who see which message it is about."""
    return sentence.removeprefix(_place(msgid))


def _place(msgid: str) -> str:
    return f"in the translation of “{_excerpt(msgid)}”: "


def _excerpt(msgid: str) -> str:
    return excerpt(msgid.partition("\n")[0])


def _lines(rule: MessageRule, msgstr: str) -> list[str]:
    lines = msgstr.split("\n") if rule.is_list else [msgstr]
    return [line.strip() for line in lines if not markup.is_blank(line)]


_HREF: Final = re.compile(r"""(<a\s+href\s*=\s*)(["'])(.*?)\2""")

_WORDS = ("heading", "paragraph", "subheading", "item")
"""The members of blocks and sections that are text; so is an item that is a string."""


def _written(parts: Iterable[Any], write: Callable[[str], Text]) -> list[Any]:
    """Return a copy of blocks, sections or items with every text rewritten."""
    return [
        write(part)
        if isinstance(part, str)
        else {
            name: write(value)
            if name in _WORDS
            else _written(value, write)
            if isinstance(value, list)
            else value
            for name, value in part.items()
        }
        for part in parts
    ]
