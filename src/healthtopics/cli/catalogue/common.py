"""What the commands of the group share."""

from typing import TYPE_CHECKING

import typer

from healthtopics.language import LanguageTag, parse_language

if TYPE_CHECKING:
    from healthtopics.storage.workspace import Workspace


def languages_of(workspace: "Workspace", wanted: str | None) -> list["LanguageTag"]:
    """Return the languages that the user names; an unknown one is a usage error."""
    known = list(workspace.configuration.languages)
    if wanted is None:
        return known
    if wanted not in known:
        try:
            message = f"language {parse_language(wanted)!r} is not in healthtopics.toml."
        except ValueError as error:
            message = str(error)
        raise typer.BadParameter(f"{message} Configured: {', '.join(known)}.")
    return [tag for tag in known if tag == wanted]


def known(tag: str) -> LanguageTag:
    """Return the language that the user names; a nonexistent one is a usage error."""
    from healthtopics.catalogues.languages import known_language

    try:
        return known_language(tag)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
