"""What every command has: `--json`; those that judge: `--output-format`; and jobs: what they report."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from healthtopics.cli.helping import DocumentedCommand, DocumentedGroup
from healthtopics.cli.jobs import LogOption, MetricsOption, PingOption, TimeoutOption
from healthtopics.cli.log import LogForm
from healthtopics.cli.run import Job, OutputFormat, current
from healthtopics.cli.signals import limited

_Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object for programs, whatever the result is.")
]
_Format = Annotated[
    OutputFormat,
    typer.Option("--output-format", help="Print the findings for people, as JSON, SARIF or for GitHub."),
]
_JSON: Final = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_Json)
_NO_COLOR: Final = inspect.Parameter(
    "no_color",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool, typer.Option("--no-color", help="Print no colors; the variable NO_COLOR does the same.")
    ],
)
_FORMAT: Final = inspect.Parameter(
    "output_format", inspect.Parameter.KEYWORD_ONLY, default=OutputFormat.TEXT, annotation=_Format
)
_OF_JOBS: Final = (
    ("log", LogForm.TEXT, LogOption),
    ("metrics", None, MetricsOption),
    ("ping", "", PingOption),
    ("time_limit", None, TimeoutOption),
)
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Commands(typer.Typer):
    """A group of commands, each with `--json`; its help and theirs end with examples."""

    def __init__(self, help: str, **options: Any) -> None:  # noqa: A002, ANN401 - as in Typer
        super().__init__(help=help, cls=DocumentedGroup, rich_markup_mode=None, **options)

    def command(
        self,
        name: str | None = None,
        *,
        judges: bool = False,
        is_job: bool = False,
        **options: Any,  # noqa: ANN401 - as in Typer
    ) -> Callable[[_Function], _Function]:
        """Add a command, as in Typer; `judges` says that programs show its findings beside the lines.

        `is_job` says that schedulers run it.
        """
        added = (_JSON, _FORMAT, _NO_COLOR) if judges else (_JSON, _NO_COLOR)

        def add(function: _Function) -> _Function:
            ready = as_job(function) if is_job else function
            super(Commands, self).command(name, cls=DocumentedCommand, **options)(_with_options(ready, added))
            return function

        return add


def _with_options(function: Callable[..., Any], added: tuple[inspect.Parameter, ...]) -> Callable[..., Any]:
    """Return a function that takes more options, which `run.wanted_output` has read already.

    It reads them from the words, so that wrong usage has the wanted form, too.
    """

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the function
        own = {name: value for name, value in options.items() if name not in names}
        return function(*arguments, **own)

    names = {parameter.name for parameter in added}
    return _signed(call, function, added)


def as_job(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that also takes how the job reports what it did, and how long it may take."""
    has_limit = "timeout" in inspect.signature(function).parameters
    added = tuple(
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in _OF_JOBS
        if not (name == "time_limit" and has_limit)
    )

    @wraps(function)
    def call(
        *arguments: Any,  # noqa: ANN401 - as the function
        log: LogForm,  # noqa: ARG001 - read from the words by `log.wanted_log`
        metrics: Path | None,
        ping: str,
        time_limit: float | None = None,
        **options: Any,  # noqa: ANN401 - as the function
    ) -> Any:  # noqa: ANN401 - as the function
        if metrics is not None and metrics.suffix != ".prom":
            raise typer.BadParameter(f"--metrics: {metrics} does not end with .prom.")
        current().job = Job(metrics=metrics, ping=ping)
        with limited(time_limit):
            return function(*arguments, **options)

    return _signed(call, function, added)


def _signed(
    call: Callable[..., Any], function: Callable[..., Any], added: tuple[inspect.Parameter, ...]
) -> Callable[..., Any]:
    """Let a function look as another one with more options, as Typer reads it."""
    signature = inspect.signature(function, eval_str=True)
    parameters = [*signature.parameters.values(), *added]
    call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # as inspect reads it
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call
