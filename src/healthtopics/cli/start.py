"""`healthtopics init`: a new workspace with a worked example."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new workspace.")] = Path(),
) -> None:
    """Start a workspace: configuration, one topic in English and Spanish, ready to publish."""
    from healthtopics.plugins import package_files
    from healthtopics.storage.workspace import create_workspace

    example = {name: path.read_bytes() for name, path in package_files(Path(__file__).parents[1] / "example")}
    # Under its real name it would hide files from the build of the package.
    example[".gitignore"] = example.pop("gitignore")
    create_workspace(folder, example)
    typer.echo(f"A workspace with one worked example is in {folder.resolve()}.")
    typer.echo("Next: set base_url in its healthtopics.toml, then run healthtopics check and publish there.")
