"""`healthtopics catalogue …`: the translator's loop, one module a command."""

import typer

from healthtopics.cli.catalogue import add, check, pseudo, status, update

app = typer.Typer(help="Work on translations.", no_args_is_help=True)
app.command("update")(update.update)
app.command("check")(check.check)
app.command("status")(status.status)
app.command("add")(add.add)
app.command("pseudo")(pseudo.pseudo)
