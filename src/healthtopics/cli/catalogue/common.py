"""What the commands of the group share."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from healthtopics.language import LanguageTag
    from healthtopics.publishing import Editions, Sources
    from healthtopics.storage.workspace import Workspace
    from healthtopics.translation.pseudo import Style

LanguageOption = Annotated[
    str | None, typer.Option("--language", "-l", help="Only this language; all configured ones if left out.")
]


def languages_of(sources: "Sources", wanted: str | None) -> list["LanguageTag"]:
    """Return the languages that the user means; an unknown one is wrong usage."""
    known = list(sources.configuration.languages)
    if wanted is None:
        return known
    if wanted not in known:
        raise typer.BadParameter(
            f"language {wanted!r} is not in healthtopics.toml. Known: {', '.join(known)}."
        )
    return [tag for tag in known if tag == wanted]


def editions_of(sources: "Sources") -> "Editions":
    """Translate and judge every edition of a workspace, in memory."""
    from healthtopics.publishing import prepare

    # Topics that are to appear later are translated before.
    return prepare(sources, today=None)


def updated_catalogues(
    workspace: "Workspace",
    sources: "Sources",
    language: "LanguageTag",
    topics: Sequence[str],
    style: "Style | None" = None,
) -> Iterator[tuple[str, bytes]]:
    """Yield path and new text of each catalogue that is not up to date, those to be created among them.

    They are those of the topics and of the vocabulary. Those of a pseudo-locale are made anew: where a style
    is given, or where the vocabulary's is marked with one.
    Raises CatalogueError where one cannot be read.
    """
    from healthtopics.publishing import VOCABULARY, catalogue_path
    from healthtopics.schema import packaged, plan_messages
    from healthtopics.storage.workspace import read_catalogue_files
    from healthtopics.translation import Header, pseudo, template_of, template_of_vocabulary, update_catalogue

    first = min(document["dates"]["created"] for document in sources.topics.values())
    texts = read_catalogue_files(workspace, language)
    style = style or pseudo.style_of(texts.get(VOCABULARY), catalogue_path(language, VOCABULARY))
    rules = pseudo.rules_of(sources.plan, plan_messages(packaged("vocabulary.schema.json"))) if style else {}
    for name in [*topics, VOCABULARY]:
        if name == VOCABULARY:
            template = template_of_vocabulary(sources.vocabulary, language)
            header = Header(language=language, subject="the vocabulary", created=first)
        else:
            document = sources.topics[name]
            template = template_of(sources.plan, document, language)
            updated = document["dates"]["updated"]
            header = Header(language=language, subject=f"topic “{name}”", created=updated)
        path = catalogue_path(language, name)
        before = texts.get(name)
        if style and pseudo.is_replaceable(before, path):
            data = pseudo.pseudo_catalogue(template, header, style, rules)
        else:
            shipped = sources.catalogues.get(language, {}).get(name) if name == VOCABULARY else None
            data = update_catalogue(template, before, header, path, shipped)
        if data != before:
            yield path, data


def known(tag: str) -> "LanguageTag":
    """Return the language that the user means; one that there is not is wrong usage."""
    from healthtopics.translation import known_language

    try:
        return known_language(tag)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
