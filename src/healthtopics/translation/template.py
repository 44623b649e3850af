"""What `catalogue update` and `catalogue format` do to one file. No disk, no clock."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from healthtopics.catalogue import Catalogue
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem
from healthtopics.schema import MessagePlan, packaged_plan
from healthtopics.translation import po
from healthtopics.translation.memory import EMPTY, Memory
from healthtopics.translation.messages import extract
from healthtopics.translation.suggestions import current_notes
from healthtopics.translation.terms import extract_terms
from healthtopics.translation.update import Header, TemplateMessage, update
from healthtopics.vocabulary import Vocabulary


def template_of(
    plan: MessagePlan,
    document: Mapping[str, Any],
    language: LanguageTag,
    glossary: Glossary | None = None,
) -> list[TemplateMessage]:
    """Return what a topic has to be translated into the language, in document order.

    With the language's glossary, each message says which of its terms it has.
    """
    return extract(plan, document, f"topics/{document['id']}.json", language, glossary)


def template_of_vocabulary(vocabulary: Vocabulary, language: LanguageTag) -> list[TemplateMessage]:
    """Return the fixed words that have to be translated into the language."""
    return extract_terms(packaged_plan("vocabulary.schema.json"), vocabulary, language)


def update_catalogue(
    template: Sequence[TemplateMessage],
    data: bytes | None,
    header: Header,
    path: str,
    shipped: Catalogue | None = None,
    *,
    memory: Memory | None = EMPTY,
) -> bytes:
    """Return the text of the file, brought up to date.

    Raises CatalogueError where it cannot be read, or where its end may be lost.
    `shipped` holds translations that come with the package: they fill what the file leaves empty.
    New messages are offered what the file and the memory have; without a memory, nothing.
    """
    existing = po.parse_whole(data, path).file if data is not None else None
    name = PurePosixPath(path).stem
    return po.serialize(update(template, existing, header, memory=memory, name=name, shipped=shipped))


def format_catalogue(data: bytes, path: str) -> tuple[bytes, tuple[Problem, ...]]:
    """Return the text of the file in its canonical form, and what its reader warns of.

    Notes of suggestions that have had their day go (see `suggestions`), and the mark of a fuzzy translation
    where there is none. An obsolete entry without a translation stays, although msgcat drops it.
    Raises CatalogueError where it cannot be read, or where its end may be lost. Of a byte order mark nothing
    is said: it is gone.
    """
    text = po.parse_whole(data, path)
    for entry in text.file:
        entry.tcomment = current_notes(entry)
        if not (entry.msgstr or any(entry.msgstr_plural.values())):  # as msgcat does
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    return po.serialize(text.file), tuple(each for each in text.warnings if each.check != "po-bom")
