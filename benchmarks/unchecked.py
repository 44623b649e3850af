"""`healthtopics`, but publishing asks no message check: what the checks cost is measured against it.

    python benchmarks/unchecked.py publish -C WORKSPACE

There is no such option, because nobody must publish this way.
"""

import inspect
import sys
from functools import partial

from healthtopics import cli, publishing


def main() -> None:
    """Run the command line with a publication that takes every translation as it is."""
    if "checks" not in inspect.signature(publishing.publish).parameters:
        sys.exit("publishing.publish has no parameter `checks`: it cannot publish without them.")
    publishing.publish = partial(publishing.publish, checks=())  # type: ignore[assignment,call-arg,unused-ignore]
    cli.main()


if __name__ == "__main__":
    main()
