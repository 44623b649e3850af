"""Topics ↔ catalogues: extract messages, read and write .po files, translate. No disk, no clock.

The only code that knows polib and Babel.
"""

from healthtopics.translation.checks import CHECKS, NO_CHECKS, Checks, Twins, is_unfit, links_of
from healthtopics.translation.checks.safety import is_safety_critical, without_markup
from healthtopics.translation.difference import (
    Part,
    PartKind,
    is_typo_only,
    mark_up,
    word_counts,
    word_difference,
)
from healthtopics.translation.entries import check_entries
from healthtopics.translation.imported import Imported, ImportedCatalogue, Origin, import_translations
from healthtopics.translation.interface import (
    LocalizedInterface,
    interface_plan,
    localize_interface,
    template_of_interface,
    translate_interface,
)
from healthtopics.translation.keep import Doubt, keep, read_doubts
from healthtopics.translation.languages import find_language, known_language, language_name
from healthtopics.translation.memory import Memory
from healthtopics.translation.merging import Merged, merge
from healthtopics.translation.messages import extract, key_of, keys_of
from healthtopics.translation.origin import origin_of
from healthtopics.translation.template import (
    format_catalogue,
    template_of,
    template_of_vocabulary,
    update_catalogue,
)
from healthtopics.translation.terms import LocalizedTerms, extract_terms, localize_terms, translate_files
from healthtopics.translation.translate import Translation, bare, localize, translate
from healthtopics.translation.update import Header, TemplateMessage

__all__ = [
    "CHECKS",
    "NO_CHECKS",
    "Checks",
    "Doubt",
    "Header",
    "Imported",
    "ImportedCatalogue",
    "LocalizedInterface",
    "LocalizedTerms",
    "Memory",
    "Merged",
    "Origin",
    "Part",
    "PartKind",
    "TemplateMessage",
    "Translation",
    "Twins",
    "bare",
    "check_entries",
    "extract",
    "extract_terms",
    "find_language",
    "format_catalogue",
    "import_translations",
    "interface_plan",
    "is_safety_critical",
    "is_typo_only",
    "is_unfit",
    "keep",
    "key_of",
    "keys_of",
    "known_language",
    "language_name",
    "links_of",
    "localize",
    "localize_interface",
    "localize_terms",
    "mark_up",
    "merge",
    "origin_of",
    "read_doubts",
    "template_of",
    "template_of_interface",
    "template_of_vocabulary",
    "translate",
    "translate_files",
    "translate_interface",
    "update_catalogue",
    "without_markup",
    "word_counts",
    "word_difference",
]
