"""Languages and their names, from the Unicode locale data (CLDR)."""

import re
from difflib import get_close_matches
from functools import cache

from babel import Locale
from babel.core import get_global

from healthtopics.language import LanguageTag, parse_language, posix_locale

_NO_LANGUAGES = frozenset({"mis", "mul", "und", "zxx"})
"""Tags for texts in several languages, in an unknown one, or in none."""


@cache
def find_language(name: str, language: str) -> tuple[LanguageTag | None, str]:
    """Return the tag of the language with that English name, and its name in another language.

    None and an empty name if the locale data do not have such a language.
    """
    tag = _by_name().get(re.sub(r"\s*\(.*\)$", "", name).casefold())
    if tag is None:
        return None, ""
    try:
        return parse_language(tag.replace("_", "-")), Locale(
            posix_locale(LanguageTag(language))
        ).languages.get(tag, "")
    except ValueError:  # a variant that our tags do not distinguish
        return None, ""


def known_language(text: str) -> LanguageTag:
    """Parse a tag whose subtags are all in the locale data.

    Raises ValueError with what is wrong with it, and with the tag that may have been meant.
    """
    try:
        tag = parse_language(text)
        fault = _unknown_subtag(tag)
    except ValueError as error:
        fault = str(error)
    if not fault:
        return tag
    meant = _meant(text)
    raise ValueError(f"{fault} Did you mean {meant}?" if meant else fault)


def language_name(language: LanguageTag) -> str:
    """Return the English name: Spanish, Brazilian Portuguese, English (Pseudo-Accents)."""
    names = Locale("en")
    whole = names.languages.get(posix_locale(language))
    if whole:
        return str(whole)
    primary, *rest = language.split("-")
    further = [names.scripts.get(part) or names.territories.get(part) or part for part in rest]
    name = names.languages.get(primary, primary)
    return f"{name} ({', '.join(further)})" if further else str(name)


def _unknown_subtag(tag: LanguageTag) -> str:
    """Return what is wrong with a well-formed tag; empty if nothing is."""
    names = Locale("en")
    primary, *rest = tag.split("-")
    if primary not in names.languages or primary in _NO_LANGUAGES:
        return f"{primary!r} is not the tag of a language in the Unicode locale data."
    for part in rest:
        if part not in (names.scripts if len(part) == 4 else names.territories):
            return f"{part!r} in {tag!r} is neither a script nor a region that the Unicode locale data know."
    return ""


def _meant(text: str) -> LanguageTag | None:
    """Return the tag for a name, a locale's name or a tag in the wrong case."""
    plain = text.strip().partition(".")[0]  # es_US.UTF-8
    names = _by_name()
    near = get_close_matches(plain.casefold(), names, n=1, cutoff=0.8)
    primary, *rest = re.split(r"[-_]", names[near[0]] if near else plain)
    primary = get_global("language_aliases").get(primary.lower(), primary.lower())
    parts = [part.title() if len(part) == 4 else part.upper() for part in rest]
    try:
        tag = parse_language("-".join([*primary.split("_"), *parts]))
    except ValueError:
        return None
    return None if _unknown_subtag(tag) else tag


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, name in Locale("en").languages.items():
        found.setdefault(name.casefold(), tag)
    return found
