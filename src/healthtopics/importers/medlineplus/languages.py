"""The languages that MedlinePlus names in `other-language`."""

from typing import Final

from healthtopics.catalogues.languages import find_language
from healthtopics.language import LanguageTag

_NAMES: Final = {
    "Cape Verdean Creole": ("kea", "criollo caboverdiano"),
    "Chinese, Simplified (Cantonese dialect)": ("zh-Hans", "chino simplificado (dialecto cantonés)"),
    "Chinese, Simplified (Mandarin dialect)": ("zh-Hans", "chino simplificado (dialecto mandarín)"),
    "Chinese, Traditional (Cantonese dialect)": ("zh-Hant", "chino tradicional (dialecto cantonés)"),
    "Chinese, Traditional (Mandarin dialect)": ("zh-Hant", "chino tradicional (dialecto mandarín)"),
    "Farsi": ("fa", "persa (farsi)"),
    "Ilocano": ("ilo", "ilocano"),
    "Karen": ("kar", "karen"),
    "Kirundi": ("rn", "kirundi"),
    "Multiple Languages": ("", "varios idiomas"),
}
"""Languages that NLM names differently from CLDR: tag and Spanish name."""


def find_other_language(name: str) -> tuple[LanguageTag | None, str]:
    """Return the tag and the Spanish name of a language by NLM's English name; None and empty if unknown."""
    if name in _NAMES:
        tag, spanish = _NAMES[name]
        return LanguageTag(tag) if tag else None, spanish
    return find_language(name, "es")
