"""The command line: the composition root, one module for each group of commands.

Only this package uses the clock and the terminal, and chooses adapters.
"""

import io
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from typing import Annotated

import typer
import typer.main

from healthtopics.cli import (
    catalogue,
    check,
    imports,
    keys,
    notify,
    publish,
    pull,
    release,
    serve,
    sign_off,
    start,
)
from healthtopics.cli.commands import Commands
from healthtopics.cli.common import advice_for
from healthtopics.cli.exits import EXIT_OK, ServiceStopped, exit_code, explain, result_of
from healthtopics.cli.jobs import finish_job
from healthtopics.cli.log import JsonLog, log_message, log_problems, logged, trace, wanted_log
from healthtopics.cli.reports import render
from healthtopics.cli.run import Run, begin, command_name, wanted_output
from healthtopics.cli.signals import stopped_by_signals
from healthtopics.cli.streams import Kept, exit_code_of_lost, explain_lost, standard_streams
from healthtopics.errors import (
    BusyError,
    DataError,
    IntegrityError,
    InvalidConfigurationError,
    PointerError,
)
from healthtopics.problems import Level

app = Commands(
    name="healthtopics",
    help="Consumer health topics: validated, translated, exported as FHIR, schema.org JSON-LD and pages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(start.init)
app.command("check", judges=True)(check.check)
app.command("publish", is_job=True)(publish.publish)
app.command("sign-off")(sign_off.sign_off)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(catalogue.app, name="catalog", hidden=True)
app.add_typer(imports.app, name="import")
app.add_typer(release.app, name="release")
app.command("serve")(serve.serve)
app.add_typer(keys.app, name="key")
app.command("notify", is_job=True)(notify.notify)
app.command("pull", is_job=True)(pull.pull)


def _print_version(wanted: bool) -> None:
    if wanted:
        from healthtopics import __version__

        typer.echo(f"healthtopics {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the code an error arose.")] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; exits with one of the codes of `exits`."""
    command = typer.main.get_command(app)
    run = begin(Run(command_name(command, sys.argv[1:]), wanted_output(sys.argv[1:])))
    with standard_streams() as printed, logged(run, wanted_log(sys.argv[1:])):
        with _standard_output(run, is_logged=isinstance(sys.stderr, JsonLog)):
            code = _carry_out(command, run)
        code = _print_answer(run, code, printed)
        finish_job(run, code)
    sys.exit(code)


def _carry_out(command: Callable[..., object], run: Run) -> int:
    """Run a command and return its exit code; report what ended it."""
    try:
        with stopped_by_signals():
            command(prog_name="healthtopics")
    except SystemExit as end:  # how typer ends a command, usage errors included
        run.message = getattr(end.__context__, "message", "")
        return end.code if isinstance(end.code, int) else EXIT_OK
    except BaseException as error:  # noqa: BLE001 - the last resort: every error gets its words and its code
        _report_error(error, run)
        return exit_code(error)
    return EXIT_OK


def _print_answer(run: Run, code: int, printed: Kept | None) -> int:
    """Print what standard output has at the end; return the exit code, which says if that failed."""
    try:
        with stopped_by_signals():
            run.result = run.result or result_of(code)
            typer.echo(render(run, code), nl=False)
            if printed and printed.lost:
                typer.echo(explain_lost(printed.lost, run), err=True)
                return code or exit_code_of_lost(printed.lost)
    except BaseException as error:  # noqa: BLE001 - as above
        _report_error(error, run)
        return code or exit_code(error)
    return code


def _report_error(error: BaseException, run: Run) -> None:
    trace(error)
    if isinstance(error, IntegrityError | PointerError) and run.store is not None:
        error.add_note(advice_for(run.store))
    run.message = explain(error)
    run.is_left_to_another = isinstance(error, BusyError)
    run.is_service_stopped = isinstance(error, ServiceStopped)
    if isinstance(error, DataError | InvalidConfigurationError):
        run.problems = error.problems
        if log_problems():
            log_message(run.message.rpartition("\n")[2], Level.ERROR)
            return
        if run.output.is_document:
            return
    log_message(run.message, Level.INFO if run.is_service_stopped else Level.ERROR)


def _standard_output(run: Run, *, is_logged: bool) -> AbstractContextManager[object]:
    """Redirect what commands print for people: a document leaves it out, a log of JSON takes it."""
    if run.output.is_document:
        return redirect_stdout(_Nowhere())
    return redirect_stdout(sys.stderr) if is_logged else nullcontext()


class _Nowhere(io.StringIO):
    """Keeps nothing. /dev/null would need a file, of which too many may be open."""

    def write(self, text: str, /) -> int:
        return len(text)
