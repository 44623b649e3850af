"""The command line: the composition root, one module for each group of commands.

Only this package uses the clock and the terminal, and chooses adapters.
"""

import sys

if sys.platform == "win32":  # docs/platforms.md says what is missing
    sys.stderr.write("healthtopics does not run on Windows itself. Install it in WSL 2, and run it there.\n")
    sys.exit(78)

import io
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from typing import Annotated

import typer
import typer.main

from healthtopics.cli import (
    catalogue,
    check,
    helping,
    imports,
    keys,
    lsp,
    new,
    notify,
    publish,
    pull,
    release,
    serve,
    sign_off,
    start,
    vocabulary,
)
from healthtopics.cli.commands import Commands
from healthtopics.cli.common import advice_for
from healthtopics.cli.exits import EXIT_OK, EXIT_USAGE, ServiceStopped, exit_code, explain, result_of
from healthtopics.cli.findings import print_problems, print_summary
from healthtopics.cli.helping import MOST_COLUMNS
from healthtopics.cli.jobs import finish_job
from healthtopics.cli.log import JsonLog, log_message, logged, trace, wanted_log
from healthtopics.cli.reports import render
from healthtopics.cli.run import Run, begin, command_name, wanted_output
from healthtopics.cli.signals import stopped_by_signals
from healthtopics.cli.streams import Kept, exit_code_of_lost, explain_lost, standard_streams
from healthtopics.cli.usage import explain_usage, usage_page
from healthtopics.errors import (
    BusyError,
    DataError,
    ImportDataError,
    IntegrityError,
    InvalidConfigurationError,
    PointerError,
)
from healthtopics.problems import Level

app = Commands(
    """Consumer health topics: validated, translated, exported as FHIR, schema.org JSON-LD and pages.

    Examples:
    healthtopics init site       # start a workspace
    healthtopics check -C site   # look for problems in it
    healthtopics help publish    # how a command is used
    """,
    name="healthtopics",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": MOST_COLUMNS},
)
app.command("init")(start.init)
app.command("new")(new.new)
app.command("vocabulary")(vocabulary.show_vocabulary)
app.command("check", judges=True)(check.check)
app.command("publish", is_job=True)(publish.publish)
app.command("sign-off")(sign_off.sign_off)
app.command("lsp")(lsp.lsp)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(catalogue.app, name="catalog", hidden=True)
app.add_typer(imports.app, name="import")
app.add_typer(release.app, name="release")
app.command("serve")(serve.serve)
app.add_typer(keys.app, name="key")
app.command("notify", is_job=True)(notify.notify)
app.command("pull", is_job=True)(pull.pull)
app.command("help")(helping.show_help)


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
    if "--no-color" in sys.argv[1:]:
        os.environ["NO_COLOR"] = "1"  # which Rich heeds, whatever prints with it
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
            code = command(prog_name="healthtopics", standalone_mode=False)
            return code if isinstance(code, int) else EXIT_OK
    except SystemExit as end:  # how typer ends shell completion
        return end.code if isinstance(end.code, int) else EXIT_OK
    except typer.TyperException as error:
        run.message = explain_usage(error)
        typer.echo(usage_page(error), err=True)
        return EXIT_USAGE
    except typer.Abort:  # Ctrl-C or the end of the input where a question was asked
        _report_error(KeyboardInterrupt(), run)
        return exit_code(KeyboardInterrupt())
    except BaseException as error:  # noqa: BLE001 - the last resort: every error gets its words and its code
        _report_error(error, run)
        return exit_code(error)


def _print_answer(run: Run, code: int, printed: Kept | None) -> int:
    """Print what standard output has at the end; return the exit code, which says if that failed."""
    try:
        with stopped_by_signals():
            run.result = run.result or result_of(code)
            typer.echo(render(run, code), nl=False)
            if printed and printed.lost:
                if said := explain_lost(printed.lost, run):
                    typer.echo(said, err=True)
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
        is_verbose = "--verbose" in sys.argv or "-v" in sys.argv
        print_problems(
            error.problems,
            is_verbose=is_verbose,
            finds_places=not isinstance(error, ImportDataError),
        )
        if run.output.is_document:
            return
        if run.is_judging:
            print_summary(error.problems, is_verbose=is_verbose)
        else:
            log_message(run.message.rpartition("\n")[2], Level.ERROR)
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
