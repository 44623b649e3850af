"""The work of `catalogue update` and `catalogue format` on one file. No disk, no clock."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import polib

from healthtopics.catalogue import Catalogue, Key
from healthtopics.catalogues import po
from healthtopics.catalogues.judging import Judge
from healthtopics.catalogues.memory import EMPTY, Memory
from healthtopics.catalogues.messages import extract
from healthtopics.catalogues.remarks import remarks_in, with_remarks
from healthtopics.catalogues.reviews import without_outdated_marks
from healthtopics.catalogues.suggestions import current_notes
from healthtopics.catalogues.update import Header, TemplateMessage, update
from healthtopics.glossary import Glossary
from healthtopics.language import LanguageTag
from healthtopics.layout import topic_path
from healthtopics.problems import Problem
from healthtopics.schema import MessagePlan, packaged_plan
from healthtopics.vocabulary import Vocabulary


def template_of(
    plan: MessagePlan,
    document: Mapping[str, Any],
    language: LanguageTag,
    glossary: Glossary | None = None,
) -> list[TemplateMessage]:
    """Return the messages of a topic to translate into the language, in document order.

    With the language's glossary, each message lists its terms.
    """
    return extract(plan, document, topic_path(document["id"]), language, glossary)


def template_of_vocabulary(vocabulary: Vocabulary, language: LanguageTag) -> list[TemplateMessage]:
    """Return the fixed words to translate into the language."""
    return extract_terms(packaged_plan("vocabulary.schema.json"), vocabulary, language)


def extract_terms(
    plan: MessagePlan, vocabulary: Vocabulary, language: LanguageTag | None = None
) -> list[TemplateMessage]:
    """Return the messages of the vocabulary, each key once: the titles and labels, file by file."""
    found: dict[Any, TemplateMessage] = {}
    for path, document in vocabulary_documents(vocabulary):
        for message in extract(plan, document, path, language):
            found.setdefault(message.key, message)
    return list(found.values())


def vocabulary_documents(vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each file with its content: its entries, and the title of the vocabulary if it has one."""
    for name, title in vocabulary.titles.items():
        entries = list(vocabulary.entries[name].values())
        for path in dict.fromkeys(entry.path for entry in (title, *entries)):
            yield (
                path,
                {
                    **(title.document if path == title.path else {}),
                    "entries": [entry.document for entry in entries if entry.path == path],
                },
            )


def update_catalogue(
    template: Sequence[TemplateMessage],
    data: bytes | None,
    header: Header,
    path: str,
    shipped: Catalogue | None = None,
    *,
    judge: Judge | None,
    memory: Memory = EMPTY,
    offers_again: bool = False,
) -> bytes:
    """Return the text of the file, brought up to date.

    Raises CatalogueError if it cannot be read or may be truncated.
    `shipped` holds translations of the package, which fill what the file leaves empty.
    New messages get suggestions from the file and the memory; without a judge, none. `offers_again` is that
    of `update`.
    """
    existing = po.parse_whole(data, path).file if data is not None else None
    name = PurePosixPath(path).stem
    return po.serialize(
        update(
            template,
            existing,
            header,
            judge=judge,
            memory=memory,
            name=name,
            shipped=shipped,
            offers_again=offers_again,
        )
    )


class Formatted(NamedTuple):
    """A file in its canonical form."""

    data: bytes
    warnings: tuple[Problem, ...]
    """Those of its reader."""
    joined: tuple[Key, ...]
    """The keys of obsolete entries that are one with the other entry of their key now."""


def format_catalogue(data: bytes, path: str) -> Formatted:
    """Return the file in its canonical form.

    An obsolete entry whose key another entry has joins that one: its translation and its remarks go into the
    comment, so that nothing is lost.
    Outdated notes of suggestions are removed (see `suggestions`), and so is the fuzzy mark of an entry
    without a
    translation. An obsolete entry without a translation stays, although msgcat drops it.
    Raises CatalogueError if it cannot be read or may be truncated.
    A byte order mark is removed without a warning.
    """
    text = po.parse_whole(data, path, joins_obsolete=True)
    joined = _join_obsolete(text.file)
    for entry in text.file:
        entry.tcomment = without_outdated_marks(current_notes(entry), po.key_of_entry(entry), entry.msgstr)
        if not (entry.msgstr or any(entry.msgstr_plural.values())):  # as msgcat does
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    warnings = tuple(each for each in text.warnings if each.check != "po-bom")
    return Formatted(po.serialize(text.file), warnings, joined)


def _join_obsolete(file: polib.POFile) -> tuple[Key, ...]:
    """Join obsolete entries with the live ones of the same key, or with the first obsolete one."""
    kept: dict[tuple[str | None, str], polib.POEntry] = {}
    joined: list[Key] = []
    for entry in sorted(file, key=lambda each: each.obsolete):
        other = kept.setdefault((entry.msgctxt, entry.msgid), entry)
        if other is not entry:
            own = _forms(other)
            former = [form for form in _forms(entry) if form and form not in own]
            remarks = [*remarks_in(entry.tcomment), *map(_former_line, former)]
            other.tcomment = with_remarks(remarks, other.tcomment)
            joined.append(po.key_of_entry(entry))
    file[:] = [entry for entry in file if kept[entry.msgctxt, entry.msgid] is entry]
    return tuple(joined)


def _forms(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr, *(form for _, form in sorted(entry.msgstr_plural.items()))]


def _former_line(msgstr: str) -> str:
    return f"Translation of the obsolete entry: {po.escape(msgstr)}"
