"""Topics ↔ catalogues: extract messages, read and write .po files, translate. No disk, no clock.

The only code that knows polib and Babel.
"""

from healthtopics.translation.checks import CHECKS, NO_CHECKS, Checks, is_unfit
from healthtopics.translation.imported import Imported, ImportedCatalogue, Origin, import_translations
from healthtopics.translation.languages import find_language
from healthtopics.translation.messages import extract, key_of
from healthtopics.translation.origin import origin_of
from healthtopics.translation.safety import is_safety_critical
from healthtopics.translation.template import template_of, template_of_vocabulary, update_catalogue
from healthtopics.translation.terms import LocalizedTerms, extract_terms, localize_terms, translate_files
from healthtopics.translation.translate import Translation, localize, translate
from healthtopics.translation.update import Header, TemplateMessage

__all__ = [
    "CHECKS",
    "NO_CHECKS",
    "Checks",
    "Header",
    "Imported",
    "ImportedCatalogue",
    "LocalizedTerms",
    "Origin",
    "TemplateMessage",
    "Translation",
    "extract",
    "extract_terms",
    "find_language",
    "import_translations",
    "is_safety_critical",
    "is_unfit",
    "key_of",
    "localize",
    "localize_terms",
    "origin_of",
    "template_of",
    "template_of_vocabulary",
    "translate",
    "translate_files",
    "update_catalogue",
]
