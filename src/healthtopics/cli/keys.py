"""`healthtopics key …`: the API keys of the service."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.commands import Commands
from healthtopics.cli.common import print_table, workspace_at
from healthtopics.cli.run import current
from healthtopics.errors import refusal
from healthtopics.release import instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtopics.server.keys import ApiKey, Keys

app = Commands(
    """Issue and revoke API keys of the service.

    Examples:
    healthtopics key create "Riverside portal"   # print a new key
    """
)

KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", metavar="FILE", help="The file of API keys; `keys` of [serve] in the workspace."),
]
_MODE: Final = 0o640
"""The service may run as another user of the same group."""


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who gets the key, in your own words.")],
    workspace: options.Workspace = None,
    keys: KeysOption = None,
) -> None:
    """Issue an API key.

    It is printed once, and only its hash is kept.

    Examples:
    healthtopics key create "Riverside portal"   # print a new key
    """
    from healthtopics.server.keys import Keys, new_key

    path = _file(keys, workspace)
    key, token = new_key(name, instant(clock.now()))
    _change(path, lambda kept: Keys((*kept.keys, key)))
    current().answer(id=key.id, name=name, key=token)
    typer.echo(f"Key {key.id} for {name}: it is shown only now.\n{token}")


@app.command("list")
def list_keys(workspace: options.Workspace = None, keys: KeysOption = None) -> None:
    """List who has a key, and since when.

    Examples:
    healthtopics key list   # without the keys themselves
    """
    kept = keys_in(_file(keys, workspace)).keys
    current().answer(keys=[_shown(key) for key in kept])
    if kept:
        print_table(["key", "created", "name"], [list(_shown(key).values()) for key in kept])
    else:
        typer.echo("No keys yet. Run `healthtopics key create NAME`.")


@app.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="The id of the key, as `key list` shows it.")],
    workspace: options.Workspace = None,
    keys: KeysOption = None,
) -> None:
    """Revoke a key.

    The service refuses it a second later.

    Examples:
    healthtopics key revoke 3f2a   # by its id
    """
    from healthtopics.server.keys import Keys

    path = _file(keys, workspace)
    known = [each.id for each in keys_in(path).keys]
    if key not in known:
        raise typer.BadParameter(f"there is no key {key!r}. There are: {', '.join(known) or 'none'}.")
    _change(path, lambda kept: Keys(tuple(each for each in kept.keys if each.id != key)))
    current().answer(id=key)
    typer.echo(f"Key {key} is revoked.")


def keys_in(path: Path) -> "Keys":
    """Read a file of keys; raises ConfigurationError if it is not one, or what `refusal` returns."""
    from healthtopics.server.keys import parse_keys

    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}). `healthtopics key create` makes it."
        raise refusal(error, message) from error
    return parse_keys(data, str(path))


def _file(keys: Path | None, workspace: Path | None) -> Path:
    if keys is not None:
        return keys
    opened = workspace_at(workspace)
    if not opened.serve.keys:
        raise typer.BadParameter(
            "name the file of API keys with --keys, or with `keys` in the table [serve] of healthtopics.toml."
        )
    return opened.folder / opened.serve.keys


def _change(path: Path, change: "Callable[[Keys], Keys]") -> None:
    from healthtopics.server.keys import parse_keys, serialize_keys
    from healthtopics.storage.textfile import change_textfile

    change_textfile(
        path, lambda text: serialize_keys(change(parse_keys(text.encode(), str(path)))), mode=_MODE
    )


def _shown(key: "ApiKey") -> dict[str, str]:
    return {"id": key.id, "created": key.created, "name": key.name}
