"""Every check of translations: the rows at the top of each subject's module, and collections of rows.

An error holds only the topic's edition in that language; a warning holds nothing. `docs/checks.md` shows
each check with a right and a wrong sentence.
"""

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import ModuleType
from typing import Any, Final

from healthtopics.catalogues.judging import Judge
from healthtopics.checks import (
    addresses,
    brackets,
    capitals,
    characters,
    consistency,
    contacts,
    contrasts,
    copied,
    dates,
    dropped_words,
    english_left,
    form,
    glossary,
    length,
    lost_text,
    medical_names,
    negation,
    numbers,
    placeholders,
    presence,
    punctuation,
    ranges,
    register,
    repetition,
    spacing,
    spelling,
    tags,
    typography,
    units,
)
from healthtopics.checks.causes import one_of_each_cause
from healthtopics.checks.values import Check, Finding, MessageCheck, Need, Pair, TopicCheck, Twins
from healthtopics.errors import PluginError
from healthtopics.glossary import Glossary
from healthtopics.jsontext import digest
from healthtopics.language import LanguageTag, is_pseudo
from healthtopics.plugins import Guarded, PluginOrigin, fault_in_value, load_plugins
from healthtopics.problems import excerpt
from healthtopics.reading.languages import is_known, prose_of
from healthtopics.schema import MessageRule

GROUP: Final = "healthtopics.checks"
"""The group of entry points for other distributions; each is a Check or a sequence of them."""


@dataclass(frozen=True)
class Checks:
    """The checks of translations that are present and not fuzzy."""

    rows: tuple[Check, ...] = ()
    origins: tuple[str, ...] = ()
    """The distributions of third-party checks, with their versions."""

    @cached_property
    def by_name(self) -> Mapping[str, Check]:
        """Each check by its id and by its former ids."""
        return {name: row for row in self.rows for name in (*row.formerly, row.id)}

    @cached_property
    def digest(self) -> str:
        """Identifies the rows; the code of built-in checks belongs to the version of the software."""
        return digest("\n".join((*(row.id for row in self.rows), *self.origins)).encode())

    def is_unfit(self, check: str) -> bool:
        """Return whether a text with a finding of this id is never published, not even imported text."""
        row = self.by_name.get(check)
        return row is not None and not row.is_dismissible

    def of_message(self, language: LanguageTag, *, has_glossary: bool) -> tuple[MessageCheck, ...]:
        """Return the checks of each translation into this language, each function once."""
        key = language, has_glossary
        if key not in self._of_message:
            rows = self._asked(language, has_glossary=has_glossary)
            self._of_message[key] = tuple(dict.fromkeys(row.of_message for row in rows if row.of_message))
        return self._of_message[key]

    def of_topic(self, language: LanguageTag, *, has_glossary: bool) -> tuple[TopicCheck, ...]:
        """Return the checks of all translations of a topic into this language together."""
        rows = self._asked(language, has_glossary=has_glossary)
        return tuple(dict.fromkeys(row.of_topic for row in rows if row.of_topic))

    def _asked(self, language: LanguageTag, *, has_glossary: bool) -> list[Check]:
        given = {Need.FORM, Need.TOPIC}
        if not is_pseudo(language):
            given |= {Need.TEXT}
            given |= {Need.WORDS} if is_known(language) else set()
            given |= {Need.PROSE} if prose_of(language) else set()
            given |= {Need.GLOSSARY} if has_glossary else set()
        return [row for row in self.rows if row.needs in given]

    @cached_property
    def _of_message(self) -> dict[tuple[LanguageTag, bool], tuple[MessageCheck, ...]]:
        return {}


SUBJECTS: Final = (
    presence,
    form,
    copied,
    tags,
    numbers,
    units,
    ranges,
    dates,
    contacts,
    negation,
    contrasts,
    dropped_words,
    lost_text,
    medical_names,
    glossary,
    placeholders,
    addresses,
    characters,
    spacing,
    punctuation,
    brackets,
    english_left,
    spelling,
    length,
    repetition,
    capitals,
    register,
    typography,
    consistency,
)
"""The modules of the built-in checks, in the order in which their findings are listed."""


def _rows_of(subject: ModuleType) -> Iterator[Check]:
    """Yield the rows at the top of a module, in its order."""
    for value in vars(subject).values():
        rows = value.values() if isinstance(value, dict) else (value,)
        yield from (row for row in rows if isinstance(row, Check))


# A module may import a row of another, which comes before it.
CHECKS: Final = Checks(tuple(dict.fromkeys(row for subject in SUBJECTS for row in _rows_of(subject))))
NO_CHECKS: Final = Checks()


@cache
def installed_checks() -> Checks:
    """Return the built-in checks and those of every installed distribution; raises PluginError."""
    rows, origins = list(CHECKS.rows), []
    for plugin in load_plugins(GROUP):
        known = {name for row in rows for name in (row.id, *row.formerly)}
        found: Iterable[Any] = plugin.value if isinstance(plugin.value, Iterable) else (plugin.value,)
        for row in found:
            if fault := _fault(row, known):
                raise plugin.origin.error(fault)
            rows.append(_guarded(row, plugin.origin))
        origins.append(plugin.origin.distribution)
    return Checks(tuple(rows), tuple(dict.fromkeys(origins)))


def _fault(row: object, known: set[str]) -> str:
    """Return why a foreign object cannot be used as a check; empty if it can."""
    if not isinstance(row, Check):
        return f"{row!r} is not a healthtopics.checks.values.Check."
    if fault := fault_in_value(row, Check):
        return f"It offers {fault}."
    if not row.doc.strip():
        return f"The check {row.id!r} has no doc: give it a sentence that says what is wrong."
    try:
        hash(row)
        pickle.dumps(row)
    except Exception as error:  # noqa: BLE001 - pickle raises several kinds
        return f"The check {row.id!r} cannot be sent to worker processes ({error}): use a named function."
    taken = sorted(known.intersection((row.id, *row.formerly)))
    known.update((row.id, *row.formerly))
    return f"The id {taken[0]!r} is taken by another check." if taken else ""


def _guarded(row: Check, origin: PluginOrigin) -> Check:
    """Return a foreign check whose functions raise PluginError alone."""
    return replace(
        row,
        of_message=row.of_message and Guarded(origin, row.of_message, _fault_of_findings),
        of_topic=row.of_topic and Guarded(origin, row.of_topic, _fault_of_pairs),
    )


def _fault_of_findings(found: Iterable[object], _pair: Pair) -> str:
    return next(filter(None, map(_fault_of_finding, found)), "")


def _fault_of_finding(found: object) -> str:
    fault = fault_in_value(found, Finding)
    return fault or fault_in_value(found.row, Check) if isinstance(found, Finding) else fault


def _fault_of_pairs(found: Iterable[tuple[Pair, object]], pairs: Sequence[Pair]) -> str:
    for pair, finding in found:
        if not any(pair is each for each in pairs):
            return f"a finding on {excerpt(repr(pair))}, which is not one of the pairs that it was given"
        if fault := _fault_of_finding(finding):
            return fault
    return ""


def judge_in(
    language: LanguageTag,
    twins: Twins | None = None,
    glossary: Glossary | None = None,
    *,
    emergency_numbers: tuple[str, ...],
) -> Judge:
    """Return a function that judges translations into a language, for work on its catalogues."""
    checks, twins = installed_checks(), twins or Twins()

    def judge(
        rule: MessageRule, msgid: str, msgstr: str, dismissed: frozenset[str] = frozenset(), /
    ) -> Sequence[Finding]:
        pair = Pair(rule, msgid, msgstr, twins, language, glossary, emergency_numbers)
        found = check_pair(pair, checks, dismissed)
        return [finding for finding in found if not finding.row.is_dismissed(dismissed)]

    return judge


def check_pair(pair: Pair, checks: Checks = CHECKS, dismissed: frozenset[str] = frozenset()) -> list[Finding]:
    """Return one finding for each cause, and those of dismissed checks."""
    return one_of_each_cause(find_all(pair, checks), dismissed)


def find_all(pair: Pair, checks: Checks = CHECKS) -> list[Finding]:
    """Return what every check finds on one translation; several may find one error."""
    asked = checks.of_message(pair.language, has_glossary=pair.glossary is not None)
    try:
        return [finding for check in asked for finding in check(pair)]
    except PluginError as error:
        error.add_note(f"It was checking the translation of “{excerpt(pair.msgid)}”.")
        raise
