"""`healthtopics lsp`: findings in editors, while one writes."""

import os
import sys
from contextlib import redirect_stdout
from functools import partial

import typer

from healthtopics.cli import clock
from healthtopics.cli.exits import EXIT_PROBLEMS
from healthtopics.cli.run import current


def lsp() -> None:
    """Show findings in editors: a language server on standard input and output.

    An editor starts it, and shows what is wrong with catalogues and topics while you write.

    Set it up as any language server: the command is `healthtopics lsp`, the files are .po, .json and .toml.
    It ends with its input, or when the editor says so.

    Examples:
    healthtopics lsp   # what an editor runs
    """
    import asyncio

    from healthtopics.language_server.judging import judge
    from healthtopics.language_server.server import EditorServer
    from healthtopics.storage import software
    from healthtopics.storage.watching import watch_around

    if current().output.is_document:
        raise typer.BadParameter("--json: standard output has the protocol of the editor.")
    maker = software.maker()
    server = EditorServer(lambda texts: judge(texts, maker, clock.now()), watch_around)
    out = sys.stdout.buffer
    with redirect_stdout(sys.stderr):  # nothing else may be on the editor's line
        asyncio.run(server.talk(partial(os.read, sys.stdin.fileno(), 2**16), out))
    if server.was_ended and not server.is_shut_down:
        raise typer.Exit(EXIT_PROBLEMS)  # as the protocol demands
