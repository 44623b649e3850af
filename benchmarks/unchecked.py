"""`healthtopics` without message checks in publishing, to measure what the checks cost.

    python benchmarks/unchecked.py publish -C WORKSPACE

There is no such option, because nobody must publish this way.
"""

from functools import partial

from healthtopics import cli
from healthtopics.checks.table import NO_CHECKS
from healthtopics.publishing import values


def main() -> None:
    """Run the command line with a publication that accepts every translation."""
    values.Engine = partial(values.Engine, checks=NO_CHECKS)  # type: ignore[misc,assignment]  # on purpose
    cli.main()


if __name__ == "__main__":
    main()
