"""What `--help` shows: a usage line, what the command does, its arguments and options, and examples.

The examples are in the docstring of each command, after a line `Examples:`.
"""

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from healthtopics.cli import completing
from healthtopics.cli.exits import EXIT_USAGE
from healthtopics.cli.run import current
from healthtopics.cli.usage import argument_name, did_you_mean, option_value

MOST_COLUMNS: Final = 100
"""Longer lines are hard to read, however wide the terminal is."""
_NARROW: Final = 70
"""On a terminal with fewer columns, the names of options take less of them."""
_EXAMPLES: Final = "\nExamples:\n"


class _Documented:
    """What commands and groups have in common: mixed into the classes of Typer, whose types are its own."""

    help: str | None
    get_params: Callable[[Any], list[Any]]

    @property
    def description(self) -> str:
        """What the command does, without its examples."""
        return inspect.cleandoc(self.help or "").partition(_EXAMPLES)[0].strip()

    @property
    def examples(self) -> list[str]:
        """Lines to type, each with a comment."""
        lines = inspect.cleandoc(self.help or "").partition(_EXAMPLES)[2].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - nothing is shortened
        """Return the first paragraph, all of it."""
        return " ".join(self.description.partition("\n\n")[0].split())

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401 - of a type that Typer does not export
        """Return what the usage line has after the name."""
        arguments = [argument_name(each, usage=True) for each in self.get_params(ctx) if _is_argument(each)]
        return ["[OPTIONS]", *arguments, *(["COMMAND"] if isinstance(self, TyperGroup) else [])]

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - as above
        """Write all of it."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)))
        if self.description:
            formatter.write_paragraph()
            formatter.write_text(self.description)
        shown = [each for each in self.get_params(ctx) if not each.hidden]
        below = {
            name: command.get_short_help_str()
            for name, command in getattr(self, "commands", {}).items()
            if not command.hidden
        }
        _write_list(formatter, "Commands", list(below.items()))
        arguments = [(argument_name(each), _explained(each)) for each in shown if _is_argument(each)]
        _write_list(formatter, "Arguments", arguments)
        options = [(_option_names(each), _explained(each)) for each in shown if not _is_argument(each)]
        _write_list(formatter, "Options", options)
        if self.examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"  {line}\n" for line in self.examples))


class DocumentedCommand(_Documented, TyperCommand):
    """A command with its examples."""

    allow_extra_args = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """Parse the words; those that are left over are wrong usage, in our words."""
        try:
            left = super().parse_args(ctx, args)
        except typer.TyperException as error:
            # Some errors of the parser do not say which command it was.
            error.ctx = ctx  # type: ignore[attr-defined]  # those that say it have it
            raise
        if left and not ctx.resilient_parsing:
            raise typer.BadParameter(f"there is no place for {', '.join(map(repr, left))}.", ctx)
        return left


class DocumentedGroup(_Documented, TyperGroup):
    """A group of commands with its examples."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """Parse the words before the name of the command; without any, show the help."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            current().message = "No command is named."
            raise typer.Exit(EXIT_USAGE)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
        """Return the command that is named; none of that name is wrong usage."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            names = [name for name, command in self.commands.items() if not command.hidden]
            raise typer.BadParameter(
                f"there is no command {args[0]!r}.{did_you_mean(args[0], names) or ' See --help.'}", ctx
            )
        return super().resolve_command(ctx, args)


def show_help(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="COMMAND",
            help="The command, such as `catalogue check`; all commands if left out.",
            autocompletion=completing.commands,
        ),
    ] = None,
) -> None:
    """Show what a command does, with examples.

    Examples:
    healthtopics help                   # all commands
    healthtopics help catalogue check   # one of them
    """
    shown: Any = ctx.find_root()
    for word in words or ():
        below = getattr(shown.command, "commands", {})
        if word not in below:
            raise typer.BadParameter(f"there is no command {word!r}.{did_you_mean(word, list(below))}")
        shown = below[word].context_class(
            below[word], info_name=word, parent=shown, **below[word].context_settings
        )
    text = shown.get_help()
    current().answer("done", help=text)
    typer.echo(text)


def _is_argument(parameter: Any) -> bool:  # noqa: ANN401 - as above
    return bool(parameter.param_type_name == "argument")


def _option_names(option: Any) -> str:  # noqa: ANN401 - as above
    names = ", ".join(sorted(option.opts, key=len))
    return " / ".join((names, *option.secondary_opts)) + f" {option_value(option)}".rstrip()


def _explained(parameter: Any) -> str:  # noqa: ANN401 - as above
    text = parameter.help or ""
    if (variable := parameter.envvar) and parameter.show_envvar:
        text += f" [environment: {variable}]"
    if default := _default(parameter):
        text += f" [default: {default}]"
    return text


def _default(parameter: Any) -> str:  # noqa: ANN401 - as above
    value = parameter.default
    if isinstance(value, bool):
        pair = [*parameter.opts[:1], *parameter.secondary_opts[:1]]
        return str(pair[not value]).lstrip("-") if len(pair) == 2 else ""
    if value is None or callable(value) or not parameter.show_default:
        return ""
    return str(value.value if isinstance(value, Enum) else value)


def _write_list(formatter: Any, title: str, rows: list[tuple[str, str]]) -> None:  # noqa: ANN401 - as above
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows, col_max=20 if formatter.width < _NARROW else 30)
