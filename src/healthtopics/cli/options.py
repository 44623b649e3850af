"""Options and arguments that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from healthtopics.cli import completing

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-C",
        metavar="DIR",
        help="The folder with healthtopics.toml; here or above if left out.",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 when an edition is held, too.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        help="Topics come and go as at this time, instead of that of SOURCE_DATE_EPOCH, or now: "
        "2026-11-20T06:00:00Z. It dates nothing.",
    ),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="List every problem, also where many are of one kind.")
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Compute everything again, and keep nothing in the workspace's cache."),
]
Exports = Annotated[
    Path | None,
    typer.Option("--exports", metavar="DIR", help="The folder of the releases; `exports` in the workspace."),
]
Topics = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TOPIC",
        help="Ids of topics, or their files; all if left out.",
        autocompletion=completing.topics,
    ),
]
Catalogues = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CATALOGUE",
        help="Ids of topics, `vocabulary` or `interface`; all if left out.",
        autocompletion=completing.catalogues,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        "-l",
        metavar="LANGUAGE",
        help="Only this language; all configured ones if left out.",
        autocompletion=completing.languages,
    ),
]
Mode = Annotated[
    str,
    typer.Option(
        "--mode", metavar="MODE", help="Who may read what is written, whatever the umask: 0644, or 0640."
    ),
]
Precompress = Annotated[
    bool,
    typer.Option(
        "--precompress", help="Keep gzip and brotli forms of the objects, for servers that send them."
    ),
]
AllowWithdrawals = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-withdrawals",
        metavar="N|LANGUAGE|FORMAT",
        help="Let so many topics go, or a whole language or format; may be given several times.",
    ),
]
