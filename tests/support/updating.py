"""Updates of Spanish catalogues, judged by the checks of this package."""

from functools import partial
from typing import Final

from healthtopics.catalogues import imported, template
from healthtopics.catalogues import update as updating
from healthtopics.checks.table import judge_in
from healthtopics.language import LanguageTag

_JUDGE: Final = judge_in(LanguageTag("es"), emergency_numbers=("911",))
update = partial(updating.update, judge=_JUDGE)
update_catalogue = partial(template.update_catalogue, judge=_JUDGE)
import_translations = partial(imported.import_translations, judge=_JUDGE)
