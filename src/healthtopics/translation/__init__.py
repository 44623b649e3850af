"""Topics ↔ catalogues: extract messages, read and write .po files, translate. No disk, no clock.

The only code that knows polib and Babel.
"""

from healthtopics.translation.checks import CHECKS, NO_CHECKS, Checks, Twins, links_of
from healthtopics.translation.difference import Part, PartKind, is_typo_only, mark_up, word_difference
from healthtopics.translation.imported import Imported, ImportedCatalogue, Origin, import_translations
from healthtopics.translation.keep import Doubt, keep, read_doubts
from healthtopics.translation.languages import find_language
from healthtopics.translation.memory import Memory
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
    "Doubt",
    "Header",
    "Imported",
    "ImportedCatalogue",
    "LocalizedTerms",
    "Memory",
    "Origin",
    "Part",
    "PartKind",
    "Translation",
    "Twins",
    "extract",
    "extract_terms",
    "find_language",
    "import_translations",
    "is_typo_only",
    "keep",
    "key_of",
    "links_of",
    "localize",
    "localize_terms",
    "mark_up",
    "origin_of",
    "read_doubts",
    "template_of",
    "template_of_vocabulary",
    "translate",
    "update_catalogue",
    "word_difference",
]
