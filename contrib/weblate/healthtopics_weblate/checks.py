# SPDX-License-Identifier: GPL-3.0-or-later
"""Two checks of Weblate: what holds an edition, which can be enforced, and what somebody should look at."""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from weblate.checks.base import TargetCheck

from healthtopics_weblate.client import Entry, Finding, Judges

_log = logging.getLogger("weblate.healthtopics")
_judges = Judges(getattr(settings, "HEALTHTOPICS_COMMAND", ("healthtopics", "lsp")))


@lru_cache(maxsize=1024)
def _found(path: Path, _saved: float, language: str, entry: Entry) -> tuple[Finding, ...]:
    """Return the findings; those of a text stay the same until the catalogue is saved."""
    return tuple(_judges.find(path, language, entry))


def _findings(source: str, target: str, unit) -> tuple[Finding, ...]:  # noqa: ANN001 - Weblate's Unit
    """Return what is wrong; that nobody could look is an error, too: an enforced check must not pass then."""
    path = unit.translation.get_filename()
    if not path or not path.endswith(".po"):
        return ()
    file = Path(path)
    entry = Entry(unit.context, source, target, unit.note)
    try:
        saved = file.stat().st_mtime if file.exists() else 0.0
        return _found(file, saved, unit.translation.language.code, entry)
    except OSError as error:
        _log.exception("%s was not checked", path)
        message = f"This text was not checked: {error}. Tell the administrator; then save it again."
        return (Finding("not-checked", is_error=True, message=message),)


class HealthTopicsCheck(TargetCheck):
    """Errors: a wrong number, unit or denial, broken markup."""

    check_id = "healthtopics"
    name = "Health topics"
    description = "The edition would be held: healthtopics finds an error."
    is_error = True

    def check_single(self, source: str, target: str, unit) -> bool:  # noqa: ANN001 - as above
        """Return whether there is something of this level."""
        return any(each.is_error is self.is_error for each in _findings(source, target, unit))

    def get_description(self, check_obj) -> str:  # noqa: ANN001 - Weblate's Check
        """Return what is wrong in words."""
        unit = check_obj.unit
        found = _findings(unit.source_string, unit.get_target_plurals()[0], unit)
        shown = [f"{each.message} ({each.check})" for each in found if each.is_error is self.is_error]
        return "\n".join(shown) or self.description


class HealthTopicsHintCheck(HealthTopicsCheck):
    """Warnings and notes: right more often than not; they hold nothing, so do not enforce them."""

    check_id = "healthtopics_hint"
    name = "Health topics: please look"
    description = "healthtopics finds something that somebody should look at."
    is_error = False
