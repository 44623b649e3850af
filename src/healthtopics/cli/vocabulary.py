"""`healthtopics vocabulary`: the fixed words that topics refer to by key."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import completing, options
from healthtopics.cli.common import print_table, workspace_at
from healthtopics.cli.run import current
from healthtopics.cli.usage import did_you_mean
from healthtopics.errors import BuildError, ConfigurationError
from healthtopics.problems import has_errors

if TYPE_CHECKING:
    from healthtopics.vocabulary import Vocabulary


def show_vocabulary(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="The vocabulary, such as `kinds`; all are listed if left out.",
            autocompletion=completing.vocabularies,
        ),
    ] = None,
    workspace: options.Workspace = None,
) -> None:
    """List the words that topics refer to by key.

    Outside a workspace, those that come with healthtopics.

    Examples:
    healthtopics vocabulary                 # the vocabularies
    healthtopics vocabulary kinds           # keys and labels of one
    healthtopics vocabulary groups --json   # for programs
    """
    found = vocabulary_at(workspace)
    if name is None:
        rows = [[key, len(found.entries[key]), each.document["title"]] for key, each in found.titles.items()]
        current().answer("done", vocabularies=list(found.titles))
        print_table(["vocabulary", "entries", "title"], rows)
        return
    if name not in found.entries:
        near = did_you_mean(name, list(found.entries)) or f" There are: {', '.join(found.entries)}."
        raise typer.BadParameter(f"there is no vocabulary {name!r}.{near}")
    entries = found.entries[name]
    current().answer("done", vocabulary=name, entries=[each.document for each in entries.values()])
    words = [[key, each.name, each.document.get("definition", "")] for key, each in entries.items()]
    print_table(["key", "label", "definition"], words)


def vocabulary_at(workspace: Path | None) -> "Vocabulary":
    """Return the words of a workspace, or the packaged ones if there is none.

    Raises BuildError if a file has errors.
    """
    from healthtopics.layout import packaged_vocabularies
    from healthtopics.storage.workspace import find_workspace, read_files
    from healthtopics.validation.topics import parse_vocabularies
    from healthtopics.vocabulary import Vocabulary

    texts = packaged_vocabularies()
    try:
        folder = workspace or find_workspace(Path.cwd())
    except ConfigurationError:
        pass
    else:
        texts = read_files(workspace_at(folder)).vocabularies()
    documents, problems = parse_vocabularies(texts)
    if has_errors(problems):
        raise BuildError(problems)
    return Vocabulary.merge(documents.items())
