"""Which catalogues there should be, and what should stand in them: topics have changed, catalogues follow."""

from collections.abc import Iterator, Mapping, Sequence

from healthtopics.language import SOURCE, LanguageTag
from healthtopics.publishing.files import INTERFACE, VOCABULARY, catalogue_path
from healthtopics.publishing.sources import Sources, has_pages, interface_template
from healthtopics.schema import packaged, plan_messages, rules_of
from healthtopics.translation import (
    Header,
    Memory,
    TemplateMessage,
    interface_plan,
    keys_of,
    pseudo,
    template_of,
    template_of_vocabulary,
    update_catalogue,
)
from healthtopics.translation.pseudo import Style


def updated_catalogues(
    sources: Sources,
    texts: Mapping[str, bytes],
    language: LanguageTag,
    topics: Sequence[str],
    *,
    style: Style | None = None,
    suggests: bool = True,
) -> Iterator[tuple[str, bytes | None, bytes]]:
    """Yield path, text and new text of each catalogue that is not up to date, those to be created among them.

    `texts` holds the files of the language, by name. The catalogues are those of the topics, of the
    vocabulary, and of pages where there are any or `topics` names INTERFACE. Those of a pseudo-locale are
    made anew: where a style is given, or where the vocabulary's is marked with one.
    Raises CatalogueError where one cannot be read.
    """
    style = style or pseudo.style_of(texts.get(VOCABULARY), catalogue_path(language, VOCABULARY))
    plans = (sources.plan, plan_messages(packaged("vocabulary.schema.json")), interface_plan())
    rules = rules_of(*plans) if style else {}
    memory = Memory.of(sources.catalogues.get(language, {}).values()) if suggests else None
    needs_interface = has_pages(sources.configuration) or INTERFACE in texts or INTERFACE in topics
    words = [VOCABULARY, INTERFACE] if needs_interface else [VOCABULARY]
    for name in dict.fromkeys([*topics, *words]):
        template, header = template_for(sources, language, name)
        path = catalogue_path(language, name)
        before = texts.get(name)
        if style and pseudo.is_replaceable(before, path):
            data = pseudo.pseudo_catalogue(template, header, style, rules)
        else:
            shipped = sources.catalogues.get(language, {}).get(name) if name in words else None
            data = update_catalogue(template, before, header, path, shipped, memory=memory)
        if data != before:
            yield path, before, data


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
