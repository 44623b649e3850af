"""The command line: the composition root, one module for each group of commands.

Only this package uses the clock and the terminal, and chooses adapters.
"""

import io
import sys
import traceback
from typing import Annotated

import typer

from healthtopics.cli import catalogue, check, imports, publish, pull, release, serve, sign_off, start
from healthtopics.cli.exits import exit_code, explain

app = typer.Typer(
    name="healthtopics",
    help="Consumer health topics: validated, translated, exported as FHIR and schema.org JSON.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("init")(start.init)
app.command("check")(check.check)
app.command("publish")(publish.publish)
app.command("sign-off")(sign_off.sign_off)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(catalogue.app, name="catalog", hidden=True)
app.add_typer(imports.app, name="import")
app.add_typer(release.app, name="release")
app.command("serve")(serve.serve)
app.command("pull")(pull.pull)


def _print_version(wanted: bool) -> None:
    if wanted:
        from healthtopics import __version__

        typer.echo(f"healthtopics {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the code an error arose.")] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; exits with one of the codes of `exits`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # no terminal's encoding may turn a success into a failure
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="healthtopics")
    except Exception as error:  # noqa: BLE001 - the last resort: every error gets its words and its code
        if "--debug" in sys.argv:
            traceback.print_exception(error)
        typer.echo(explain(error), err=True)
        sys.exit(exit_code(error))
