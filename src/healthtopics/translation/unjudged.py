"""What a check of translations could not judge, or judged with less than it has for others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from healthtopics.catalogues.po_header import PLURAL
from healthtopics.language import LanguageTag, is_pseudo
from healthtopics.problems import Level, Problem
from healthtopics.reading.languages import is_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """What was not judged, or not in full."""

    plurals: int = 0
    """Entries with plural forms: only the first form was read."""
    unknown_roles: int = 0
    """Translations without a role that a schema has: they were judged as paragraphs."""
    languages: tuple[LanguageTag, ...] = ()
    """Languages without a language file: only symbols (digits, addresses) and form were compared."""

    @classmethod
    def of(
        cls, problems: Iterable[Problem], languages: Iterable[LanguageTag], unknown_roles: int = 0
    ) -> "Unjudged":
        """Find out what was not judged of texts in these languages."""
        plurals = {each for each in problems if (each.check, each.level) == (PLURAL, Level.WARNING)}
        unknown = tuple(each for each in languages if not is_known(each) and not is_pseudo(each))
        return cls(plurals=len(plurals), unknown_roles=unknown_roles, languages=unknown)

    def to_dict(self) -> dict[str, Any]:
        """Return the member of the answer for programs."""
        return {
            "plurals": self.plurals,
            "unknownRoles": self.unknown_roles,
            "languages": list(self.languages),
        }

    def lines(self) -> Iterator[str]:
        """Yield a sentence for each kind, for people."""
        if self.plurals:
            yield f"Of {_count(self.plurals)} with plural forms only the first form was judged."
        if self.unknown_roles:
            yield f"{_count(self.unknown_roles).capitalize()} without a known role, judged as running text."
        for language in self.languages:
            yield f"{language}: there is no language file, so only symbols and form were compared."


def _count(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"
