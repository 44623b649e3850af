"""`healthtopics init`: a new workspace with a worked example."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new workspace.")] = Path(),
) -> None:
    """Start a workspace: configuration, one topic in English and Spanish, ready to publish."""
    from healthtopics.storage.workspace import create_workspace

    create_workspace(folder, dict(_files(resources.files("healthtopics") / "example", "")))
    typer.echo(f"A workspace with one worked example is in {folder.resolve()}.")
    typer.echo("Next: set base_url in its healthtopics.toml, then run healthtopics check and publish there.")


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        else:
            # Under its real name it would hide files from the build of the package.
            name = ".gitignore" if entry.name == "gitignore" else entry.name
            found.append((prefix + name, entry.read_bytes()))
    return found
