"""Exit codes, and the words that go with them. Never a count."""

from healthtopics.errors import ConfigurationError, DataError, HealthTopicsError, TryAgainError

EXIT_OK = 0
"""Done, or nothing to do."""
EXIT_PROBLEMS = 1
"""Problems found in the data; nothing was published."""
EXIT_USAGE = 2
"""Wrong usage."""
EXIT_BUG = 70
"""A bug."""
EXIT_TRY_AGAIN = 75
"""Nothing is wrong with the data: lock held, disk full, network down."""
EXIT_CONFIGURATION = 78
"""Wrong configuration."""


def exit_code(error: Exception) -> int:
    """Return the code for an error that ends a command."""
    match error:
        case ConfigurationError():
            return EXIT_CONFIGURATION
        case TryAgainError():
            return EXIT_TRY_AGAIN
        case HealthTopicsError():
            return EXIT_PROBLEMS
    return EXIT_BUG


def explain(error: Exception) -> str:
    """Tell a person what happened and what to do."""
    match error:
        case DataError(problems=problems):
            return f"{error.diagnostics()}\n{len(problems)} problem(s) found; nothing was published."
        case HealthTopicsError():
            return error.diagnostics()
    return (
        f"This is a bug in healthtopics: {type(error).__name__}: {error}\n"
        "Nothing was published. Run the command with `healthtopics --debug …` and report what it prints."
    )
