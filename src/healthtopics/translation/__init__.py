"""Topics ↔ catalogues: extract messages, read and write .po files, translate. No disk, no clock.

The only code that knows polib and Babel.
"""

from healthtopics.translation.checks import CHECKS, NO_CHECKS, Checks
from healthtopics.translation.imported import Imported, ImportedCatalogue, Origin, import_translations
from healthtopics.translation.languages import find_language
from healthtopics.translation.merging import Merged, merge
from healthtopics.translation.messages import extract, key_of
from healthtopics.translation.origin import origin_of
from healthtopics.translation.template import (
    format_catalogue,
    template_of,
    template_of_vocabulary,
    update_catalogue,
)
from healthtopics.translation.terms import LocalizedTerms, extract_terms, localize_terms
from healthtopics.translation.translate import Translation, localize, translate
from healthtopics.translation.update import Header

__all__ = [
    "CHECKS",
    "NO_CHECKS",
    "Checks",
    "Header",
    "Imported",
    "ImportedCatalogue",
    "LocalizedTerms",
    "Merged",
    "Origin",
    "Translation",
    "extract",
    "extract_terms",
    "find_language",
    "format_catalogue",
    "import_translations",
    "key_of",
    "localize",
    "localize_terms",
    "merge",
    "origin_of",
    "template_of",
    "template_of_vocabulary",
    "translate",
    "update_catalogue",
]
