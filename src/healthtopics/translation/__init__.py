"""Topics ↔ catalogues: extract messages, read and write .po files, translate. No disk, no clock.

The only code that knows polib and Babel.
"""

from healthtopics.translation.checks import CHECKS, NO_CHECKS, Checks
from healthtopics.translation.imported import Imported, ImportedCatalogue, Origin, import_translations
from healthtopics.translation.languages import find_language, known_language, language_name
from healthtopics.translation.messages import extract, key_of
from healthtopics.translation.origin import origin_of
from healthtopics.translation.template import template_of, template_of_vocabulary, update_catalogue
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
    "Origin",
    "Translation",
    "extract",
    "extract_terms",
    "find_language",
    "import_translations",
    "key_of",
    "known_language",
    "language_name",
    "localize",
    "localize_terms",
    "origin_of",
    "template_of",
    "template_of_vocabulary",
    "translate",
    "update_catalogue",
]
