"""Wrong usage, in the words of the command line and not of the libraries that read it."""

from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

import typer

_errors: Any = import_module(typer.BadParameter.__module__)
"""The classes of what Typer raises, of which it exports only this one."""
_FAULTS: Final = {
    "int_parsing": "{input!r} is not a whole number.",
    "int_parsing_size": "{input!r} has too many digits.",
    "float_parsing": "{input!r} is not a number.",
    "greater_than_equal": "{input} is less than {ge}.",
    "less_than_equal": "{input} is more than {le}.",
}
"""What is wrong with the value of an option, by the type of the error in the library (pydantic)."""
_SAID: Final = {"Missing command.": "name a command."}
"""What the library says of a command line as a whole (click), and how it is said here."""


def usage_page(error: Any) -> str:  # noqa: ANN401 - of a type that Typer does not export
    """Return what is printed about wrong usage: how the command is used, and what is wrong."""
    message = f"Error: {explain_usage(error)}"
    context = getattr(error, "ctx", None)
    if context is None:
        return message
    return f"{context.get_usage()}\nTry `{context.command_path} --help`.\n\n{message}"


def explain_usage(error: Any) -> str:  # noqa: ANN401 - as above
    """Return what is wrong with the words of a command line, in words that end a sentence."""
    match error:
        case _errors.NoSuchOption():
            near = did_you_mean(error.option_name, list(_options_of(error.ctx)))
            return f"there is no option {error.option_name}.{near}"
        case _errors.MissingParameter():
            explained = error.param.help or "it is required."
            if explained[1:2].islower():
                explained = explained[:1].lower() + explained[1:]
            return f"{_name(error.param)} is missing: {explained}"
        case _errors.BadOptionUsage():
            option = _options_of(error.ctx).get(error.option_name)
            needs = (
                "takes no value"
                if option is None or option.is_flag
                else f"needs a value: {option_value(option)}"
            )
            return f"{error.option_name} {needs}."
    message = _own_words(error)
    if (parameter := getattr(error, "param", None)) is not None:
        return f"{_name(parameter)}: {message}"
    return _SAID.get(message, message)


def did_you_mean(wrong: str, right: Sequence[str]) -> str:
    """Return the question whether one of the right words was meant; empty if none is similar."""
    near = get_close_matches(wrong, right, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def argument_name(argument: Any, *, usage: bool = False) -> str:  # noqa: ANN401 - as above
    """Return what people call an argument: TOPIC…; on a usage line, in brackets if it may be left out."""
    name: str = argument.metavar or argument.name.upper()
    if " " in name:  # it says itself what may be left out
        return name
    if argument.nargs != 1:
        name += "…"
    return f"[{name}]" if usage and not argument.required else name


def option_value(option: Any) -> str:  # noqa: ANN401 - as above
    """Return what people call the value of an option; empty if it takes none."""
    if option.is_flag or option.count:
        return ""
    choices = option.type_descriptor.choices or ()
    return str(option.metavar or "|".join(str(getattr(each, "value", each)) for each in choices))


def _name(parameter: Any) -> str:  # noqa: ANN401 - as above
    if parameter.param_type_name == "argument":
        return argument_name(parameter)
    return str(max(parameter.opts, key=len))


def _options_of(context: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return the options of a command, by every name."""
    return {
        name: each
        for each in context.command.get_params(context)
        if each.param_type_name == "option" and not each.hidden
        for name in (*each.opts, *each.secondary_opts)
    }


def _own_words(error: Any) -> str:  # noqa: ANN401 - as above
    describe = getattr(error.__cause__, "errors", list)
    for fault in describe():
        if (
            fault["type"] in _FAULTS and str(fault["input"]).lower() == "nan"
        ):  # which is not less than anything
            return _FAULTS["float_parsing"].format(input="nan")
        if fault["type"] in _FAULTS:
            return _FAULTS[fault["type"]].format(input=fault["input"], **fault.get("ctx", {}))
    return str(error.message).removeprefix("Value error, ")
