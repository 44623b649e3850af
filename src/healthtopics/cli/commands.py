"""What every command has: `--json`; and those that judge: `--output-format`."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Final, TypeVar

import typer

from healthtopics.cli.run import OutputFormat

_Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object for programs, whatever the result is.")
]
_Format = Annotated[
    OutputFormat,
    typer.Option("--output-format", help="Print the findings for people, as JSON, SARIF or for GitHub."),
]
_JSON: Final = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=_Json)
_FORMAT: Final = inspect.Parameter(
    "output_format", inspect.Parameter.KEYWORD_ONLY, default=OutputFormat.TEXT, annotation=_Format
)
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Commands(typer.Typer):
    """A group of commands, each with `--json`."""

    def command(
        self,
        name: str | None = None,
        *,
        judges: bool = False,
        **options: Any,  # noqa: ANN401 - as in Typer
    ) -> Callable[[_Function], _Function]:
        """Add a command, as in Typer; `judges` says that programs show its findings beside the lines."""
        added = (_JSON, _FORMAT) if judges else (_JSON,)

        def add(function: _Function) -> _Function:
            super(Commands, self).command(name, **options)(_with_options(function, added))
            return function

        return add


def _with_options(function: Callable[..., Any], added: tuple[inspect.Parameter, ...]) -> Callable[..., Any]:
    """Return a function that takes more options, which `run.wanted_output` has read already.

    It reads them from the words, so that wrong usage, too, is told in the wanted form.
    """

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the function
        own = {name: value for name, value in options.items() if name not in names}
        return function(*arguments, **own)

    names = {parameter.name for parameter in added}
    signature = inspect.signature(function, eval_str=True)
    parameters = [*signature.parameters.values(), *added]
    call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # as inspect reads it
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call
