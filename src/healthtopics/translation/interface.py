"""The words of the pages themselves, and the locale data (CLDR) that pages need, in one language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date

from healthtopics.catalogue import Catalogue, Key
from healthtopics.catalogues.update import TemplateMessage
from healthtopics.language import LanguageTag, posix_locale
from healthtopics.problems import Problem
from healthtopics.schema import MessagePlan, plan_messages
from healthtopics.topic import Coverage, Interface
from healthtopics.translation.translate import Translation, translate

_ROLE: Final = "interface"
_COMMENT: Final = "Words of the page itself."


@dataclass(frozen=True, slots=True)
class LocalizedInterface:
    """The words of the pages in one language, and how far they are translated."""

    interface: Interface
    coverage: Coverage
    findings: tuple[Problem, ...]
    """What is missing or wrong, as in a `Translation`."""


def template_of_interface(templates: Mapping[str, bytes]) -> list[TemplateMessage]:
    """Return the messages of Jinja templates, by path: the arguments of `_("…")`, each once.

    A comment `{# translators: … #}` on the line before is passed to the translator.
    """
    from jinja2.ext import babel_extract  # noqa: PLC0415 - slow to import, and only pages need it

    found: dict[str, TemplateMessage] = {}
    for path, data in templates.items():
        options = {"silent": "false"}
        for _line, _function, msgid, comments in babel_extract(
            BytesIO(data), ["_"], ["translators:"], options
        ):
            if isinstance(msgid, str):
                message = TemplateMessage(Key(_ROLE, msgid), (_COMMENT, *comments), path)
                found.setdefault(msgid, message)
    return list(found.values())


def localize_interface(
    template: Sequence[TemplateMessage],
    catalogue: Catalogue,
    locale: LanguageTag,
    languages: Iterable[LanguageTag],
    emergency_numbers: tuple[str, ...] = (),
) -> LocalizedInterface:
    """Translate the words of pages; `locale` decides how days are written.

    `languages` are those of the editions, `emergency_numbers` those of the workspace. A language without
    locale data writes days in ISO form and names languages by their tags.
    """
    words = [message.key.msgid for message in template]
    translation = translate_interface(template, catalogue, emergency_numbers)
    texts = (translation.document or {}).get("words", [])
    editions = tuple(languages)
    interface = Interface(
        language=catalogue.language,
        words=dict(zip(words, texts, strict=True)),
        days=_days(locale),
        languages=_names(locale, editions),
        autonyms={language: autonym(language) for language in editions},
        locale=_with_territory(locale),
    )
    return LocalizedInterface(interface, translation.coverage, translation.findings)


def translate_interface(
    template: Sequence[TemplateMessage], catalogue: Catalogue, emergency_numbers: tuple[str, ...] = ()
) -> Translation:
    """Translate the words of pages, without locale data."""
    words = {"words": [message.key.msgid for message in template]}
    return translate(interface_plan(), words, catalogue, emergency_numbers=emergency_numbers)


@cache
def interface_plan() -> MessagePlan:
    """Return the plan of a document that holds the words of pages."""
    word = {"type": "string", "x-message": {"role": _ROLE, "comment": _COMMENT}}
    words = {"type": "array", "items": word}
    return plan_messages({"type": "object", "properties": {"words": words}})


def _locale(language: LanguageTag) -> Locale | None:
    try:
        return Locale.parse(posix_locale(language))
    except (UnknownLocaleError, ValueError):
        return None


def _with_territory(language: LanguageTag) -> str:
    """Return a locale with its territory, the most likely one where the tag names none."""
    locale = _locale(language)
    if locale is None:
        return posix_locale(language)
    *_, territory = get_global("likely_subtags").get(locale.language, "").split("_")
    return "_".join(filter(None, (locale.language, locale.territory or territory)))


@cache
def _days(language: LanguageTag) -> tuple[str, ...]:
    locale = _locale(language)
    if locale is None:
        return ()
    # A day whose numbers differ shows where each goes.
    written = (format_date(date(2345, month, 28), "long", locale) for month in range(1, 13))
    return tuple(each.replace("2345", "{year}").replace("28", "{day}") for each in written)


@cache
def _names(language: LanguageTag, editions: tuple[LanguageTag, ...]) -> dict[LanguageTag, str]:
    locale = _locale(language)
    if locale is None:
        return {}
    names = {LanguageTag(tag.replace("_", "-")): name for tag, name in locale.languages.items()}
    return {tag: name for tag, name in names.items() if len(tag) == 2 or tag in editions}


@cache
def autonym(language: LanguageTag) -> str:
    """Return the name of a language in itself; its tag if there is no locale data."""
    locale = _locale(language)
    name = locale.get_display_name(locale) if locale else None
    return name[:1].upper() + name[1:] if name else language
