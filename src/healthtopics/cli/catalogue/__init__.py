"""`healthtopics catalogue …`: the translator's loop, one module for each command."""

from healthtopics.cli.catalogue import (
    add,
    check,
    editing,
    exchange,
    glossary,
    keep,
    merge,
    preview,
    pseudo,
    questions,
    status,
    update,
)
from healthtopics.cli.catalogue.format import format_files
from healthtopics.cli.commands import Commands

app = Commands(
    """Work on translations.

    Examples:
    healthtopics catalogue update   # after a change in topics/
    healthtopics catalogue status   # what is to do
    """
)
app.command("update")(update.update)
app.command("check", judges=True)(check.check)
app.command("glossary")(glossary.glossary)
app.command("format")(format_files)
app.command("merge")(merge.merge)
app.command("status")(status.status)
app.command("preview")(preview.preview)
app.command("keep")(keep.keep)
app.command("set")(editing.set_)
app.command("review")(editing.review)
app.command("questions")(questions.questions)
app.command("ask")(editing.ask)
app.command("answer")(editing.answer)
app.command("dismiss")(editing.dismiss)
app.command("add")(add.add)
app.command("pseudo")(pseudo.pseudo)
app.command("export")(exchange.export)
app.command("import")(exchange.import_)
