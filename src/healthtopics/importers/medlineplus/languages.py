"""The languages that MedlinePlus names in `other-language`."""

from typing import Final

from healthtopics.catalogues.languages import find_language
from healthtopics.importers.medlineplus.record import SPANISH
from healthtopics.language import LanguageTag
from healthtopics.reading.languages import recognition_of

_TAGS: Final = {
    "Cape Verdean Creole": "kea",
    "Chinese, Simplified (Cantonese dialect)": "zh-Hans",
    "Chinese, Simplified (Mandarin dialect)": "zh-Hans",
    "Chinese, Traditional (Cantonese dialect)": "zh-Hant",
    "Chinese, Traditional (Mandarin dialect)": "zh-Hant",
    "Farsi": "fa",
    "Ilocano": "ilo",
    "Karen": "kar",
    "Kirundi": "rn",
    "Multiple Languages": None,
}
"""The languages that NLM names otherwise than CLDR."""


def find_other_language(name: str) -> tuple[LanguageTag | None, str]:
    """Return the tag and the Spanish name of a language by NLM's English name; None and empty if unknown."""
    if name in _TAGS:
        tag = _TAGS[name]
        return LanguageTag(tag) if tag else None, recognition_of(SPANISH).languages[name]
    return find_language(name, SPANISH)
