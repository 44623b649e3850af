"""Languages: BCP 47 tags everywhere, and the one mapping to the POSIX names of catalogue folders."""

import re
from typing import Literal, NewType

LanguageTag = NewType("LanguageTag", str)
"""A well-formed BCP 47 tag in its conventional case: `es`, `es-US`, `zh-Hans`."""

SOURCE = LanguageTag("en")
"""The language in which topics are written."""

_TAG = re.compile(r"([a-z]{2,3})(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|[0-9]{3}))?")

_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)


def parse_language(text: str) -> LanguageTag:
    """Parse a tag of the form language[-Script][-REGION] (RFC 5646 §2.1, the part in common use).

    Raises ValueError for anything else, including the wrong case.
    """
    if not _TAG.fullmatch(text):
        raise ValueError(f"{text!r} is not a language tag of the form es, es-US or zh-Hans.")
    return LanguageTag(text)


def direction(language: LanguageTag) -> Literal["ltr", "rtl"]:
    """Return the direction in which the language is written; a script subtag outranks the language."""
    primary, *rest = language.split("-")
    scripts = [part for part in rest if len(part) == 4]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT else "ltr"


def is_pseudo(language: LanguageTag) -> bool:
    """Return whether it is a pseudo-language, made by rule: its region is CLDR's XA or XB."""
    return language.endswith(("-XA", "-XB"))


def posix_locale(language: LanguageTag) -> str:
    """Return the name of the language's folder under `locales/`: `es`, `es_US`, `zh_Hans`."""
    return language.replace("-", "_")
