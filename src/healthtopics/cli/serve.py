"""`healthtopics serve`: serve the current release over HTTP."""

import logging
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from healthtopics.cli import options
from healthtopics.cli.common import store_at, workspace_at
from healthtopics.cli.exits import ServiceStopped
from healthtopics.cli.jobs import LogOption
from healthtopics.cli.keys import KeysOption, keys_in
from healthtopics.cli.log import LogForm, log_message, write_entry
from healthtopics.cli.run import current
from healthtopics.configuration import ServeSettings
from healthtopics.problems import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from healthtopics.server.gate import Gate, Network
    from healthtopics.server.rates import Rate
    from healthtopics.server.tally import Tally
    from healthtopics.storage.workspace import Workspace

_RateOption = Annotated[
    str | None,
    typer.Option(
        "--rate", metavar="N/PERIOD", help="Requests that a client without a key may make: 600/minute."
    ),
]
_KeyRateOption = Annotated[
    str | None,
    typer.Option("--key-rate", metavar="N/PERIOD", help="Requests that each API key may make: 6000/minute."),
]
_ProxyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--proxy",
        metavar="NETWORK",
        help="Believe X-Forwarded-For of a proxy at this address, 10.0.0.0/8; may be given several times.",
    ),
]


def serve(
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option("--port", metavar="PORT", help="The port; 0 takes a free one.", min=0, max=65535),
    ] = 8000,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            help="The number of processes that answer; 1 if left out.",
            min=1,
            max=64,
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Start although the folder does not exist yet, and wait for it.")
    ] = False,
    keys: KeysOption = None,
    require_key: Annotated[
        bool | None,
        typer.Option("--require-key/--no-require-key", help="Refuse requests without an API key."),
    ] = None,
    rate: _RateOption = None,
    key_rate: _KeyRateOption = None,
    proxy: _ProxyOption = None,
    access_log: Annotated[
        bool, typer.Option("--access-log/--no-access-log", help="Log each request on standard error.")
    ] = True,
    log: LogOption = LogForm.TEXT,
) -> None:
    """Serve the current release over HTTP.

    Topics are chosen by Accept and Accept-Language; every artifact has its own address.

    Examples:
    healthtopics serve                              # http://127.0.0.1:8000/
    healthtopics serve --exports copy --port 8080   # a copy
    """
    from healthtopics.server.access import AccessLog
    from healthtopics.server.limits import Limits
    from healthtopics.server.listening import address_of, listen
    from healthtopics.server.running import run
    from healthtopics.server.service import Service
    from healthtopics.server.worker import Worker

    opened = None if exports and workspace is None else workspace_at(workspace)
    store = store_at(exports, opened.folder if opened else None)
    if not wait and not store.folder.is_dir():
        raise typer.BadParameter(
            f"{store.folder} is not a folder. Run `healthtopics publish` first, name it with --exports, or "
            "wait for it with --wait."
        )
    settings = _settings(
        opened,
        workers=workers,
        keys=str(keys.absolute()) if keys else None,
        require_key=require_key,
        rate=rate,
        key_rate=key_rate,
        proxies=proxy and tuple(proxy),
    )
    gate = _gate_of(settings)
    gate()  # so that a wrong file of keys is an error of this command
    entries = None
    if access_log:
        entries = AccessLog({"run": current().id, "command": "serve"} if log is LogForm.JSON else {})

    def make(limits: Limits, tally: "Tally", number: int) -> Worker:
        service = Service(store, is_key_required=bool(settings.require_key))
        return Worker(service, gate(), limits, log=entries, tally=tally, number=number)

    logging.getLogger("healthtopics").addHandler(_Messages())
    with listen(host, port) as listening:
        address = address_of(listening)
        if not write_entry("listening", address=address):
            typer.echo(f"Serving {store.folder} on {address} (stop with Ctrl-C)")
        raise ServiceStopped(run(make, listening, Limits(), workers=settings.workers))


def _settings(opened: "Workspace | None", **given: Any) -> ServeSettings:  # noqa: ANN401 - each has its own type
    """Return the table [serve], with what the options say instead, and paths that are absolute."""
    found = opened.serve if opened else ServeSettings()
    if opened and found.keys:
        found = replace(found, keys=str(opened.folder / found.keys))
    settings = replace(found, **{name: value for name, value in given.items() if value is not None})
    if settings.require_key and not settings.keys:
        raise typer.BadParameter("--require-key needs the file of the keys: --keys FILE.")
    return settings


def _gate_of(settings: ServeSettings) -> "Callable[[], Gate]":
    """Return what makes the gate of a worker; a wrong rate or network is a usage error."""
    from healthtopics.server.gate import Gate

    rate, key_rate = _rate("--rate", settings.rate), _rate("--key-rate", settings.key_rate)
    proxies = [_network(each) for each in settings.proxies]

    def make() -> Gate:
        return Gate(
            read_keys=(lambda: keys_in(Path(settings.keys))) if settings.keys else None,
            is_key_required=settings.require_key,
            rate=rate,
            key_rate=key_rate,
            proxies=proxies,
        )

    return make


class _Messages(logging.Handler):
    """Writes what the service logs in the form of the command's own messages."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        log_message(self.format(record), Level.ERROR if record.levelno >= logging.ERROR else Level.WARNING)


def _rate(option: str, text: str) -> "Rate | None":
    from healthtopics.server.rates import parse_rate

    try:
        return parse_rate(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{option}: {error}") from None


def _network(text: str) -> "Network":
    try:
        return ip_network(text)
    except ValueError as error:
        raise typer.BadParameter(f"--proxy: {error}.") from None
