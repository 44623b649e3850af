"""Names of languages, from the Unicode locale data (CLDR)."""

import re
from functools import cache

from babel import Locale

from healthtopics.language import LanguageTag, parse_language, posix_locale


@cache
def find_language(name: str, language: str) -> tuple[LanguageTag | None, str]:
    """Return the tag of the language with that English name, and its name in another language.

    None and an empty name where the locale data know no such language.
    """
    tag = _by_name().get(re.sub(r"\s*\(.*\)$", "", name).casefold())
    if tag is None:
        return None, ""
    try:
        return parse_language(tag.replace("_", "-")), Locale(
            posix_locale(LanguageTag(language))
        ).languages.get(tag, "")
    except ValueError:  # a variant that our tags do not tell apart
        return None, ""


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, name in Locale("en").languages.items():
        found.setdefault(name.casefold(), tag)
    return found
