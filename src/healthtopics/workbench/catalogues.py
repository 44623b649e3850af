"""Which catalogues there should be, and what should stand in them: topics have changed, catalogues follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from healthtopics.catalogue import Catalogue
from healthtopics.catalogues import po
from healthtopics.catalogues.memory import EMPTY, Memory
from healthtopics.catalogues.messages import keys_of
from healthtopics.catalogues.template import template_of, template_of_vocabulary, update_catalogue
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.checks.table import judge_in
from healthtopics.errors import CatalogueError
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.layout import INTERFACE, VOCABULARY, WORDS, catalogue_path
from healthtopics.problems import Problem
from healthtopics.publishing.sources import Sources, has_pages, interface_template
from healthtopics.schema import packaged_plan, rules_of
from healthtopics.translation import pseudo
from healthtopics.translation.interface import interface_plan
from healthtopics.translation.pseudo import Style


class Update(NamedTuple):
    """One file that changes."""

    path: str
    was: bytes | None
    """None for a file that there is not yet."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Updates:
    """What an update comes to."""

    catalogues: tuple[Update, ...]
    problems: tuple[Problem, ...] = ()
    """Of the files that cannot be updated."""


def updated_catalogues(
    sources: Sources,
    texts: Mapping[str, bytes],
    language: LanguageTag,
    topics: Sequence[str],
    *,
    style: Style | None = None,
    suggests: bool = True,
) -> Updates:
    """Return the catalogues that are not up to date, those to be created among them.

    `texts` holds the files of the language, by name. The catalogues are those of the topics, of the
    vocabulary, and of pages where there are any or `topics` names INTERFACE. Those of a pseudo-locale are
    made anew: where a style is given, or where the vocabulary's is marked with one.
    What cannot be read, or whose end may be lost, is left alone and told; what `sources` has left out is
    left alone. Translations of catalogues without a topic are offered, too: it may have a new name.
    """
    words = catalogue_path(language, VOCABULARY)
    if style is None and words not in sources.faulty:
        style = pseudo.style_of(texts.get(VOCABULARY), words)
    vocabulary = "vocabulary.schema.json"
    rules = rules_of(sources.plan, packaged_plan(vocabulary), interface_plan()) if style else {}
    judge = judge_in(language) if suggests else None
    memory = EMPTY
    if suggests:
        own = sources.catalogues.get(language, {}).values()
        memory = Memory.of([*own, *_orphans(sources, texts, language)])
    catalogues: list[Update] = []
    problems: list[Problem] = []
    needs_interface = has_pages(sources.configuration) or INTERFACE in texts or INTERFACE in topics
    others = [VOCABULARY, INTERFACE] if needs_interface else [VOCABULARY]
    for name in dict.fromkeys([*topics, *others]):
        template, header = template_for(sources, language, name)
        path = catalogue_path(language, name)
        before = texts.get(name)
        if path in sources.faulty:
            continue
        if style and pseudo.is_replaceable(before, path):
            data = pseudo.pseudo_catalogue(template, header, style, rules)
        else:
            shipped = sources.catalogues.get(language, {}).get(name) if name in others else None
            try:
                data = update_catalogue(template, before, header, path, shipped, judge=judge, memory=memory)
            except CatalogueError as error:
                problems += error.problems
                continue
        if data != before:
            catalogues.append(Update(path, before, data))
    return Updates(tuple(catalogues), tuple(problems))


def _orphans(sources: Sources, texts: Mapping[str, bytes], language: LanguageTag) -> Iterator[Catalogue]:
    """Yield the catalogues that no topic uses, as far as they can be read."""
    for name, data in texts.items():
        path = catalogue_path(language, name)
        if name not in sources.topics and name not in WORDS and path not in sources.faulty:
            yield po.to_catalogue(po.parse(data, path).file, language, path)


def template_for(sources: Sources, language: LanguageTag, name: str) -> tuple[list[TemplateMessage], Header]:
    """Return what a catalogue should hold, by its name, and what its header should say."""
    if name in sources.topics:
        document = sources.topics[name]
        updated = document["dates"]["updated"]
        header = Header(language=language, subject=f"topic “{name}”", created=updated)
        return template_of(sources.plan, document, language, sources.glossaries.get(language)), header
    first = min(document["dates"]["created"] for document in sources.topics.values())
    if name == INTERFACE:
        return interface_template(), Header(language=language, subject="the pages", created=first)
    header = Header(language=language, subject="the vocabulary", created=first)
    return template_of_vocabulary(sources.vocabulary, language), header


def english_texts(sources: Sources) -> set[str]:
    """Return every English text of the collection: of its topics, the vocabulary and the pages."""
    words = template_of_vocabulary(sources.vocabulary, SOURCE), interface_template()
    found = {message.key.msgid for template in words for message in template}
    for document in sources.topics.values():
        found.update(key.msgid for key in keys_of(sources.plan, document))
    return found
