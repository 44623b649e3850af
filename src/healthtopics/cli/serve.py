"""`healthtopics serve`: serve the current release over HTTP."""

from typing import Annotated

import typer

from healthtopics.cli import options
from healthtopics.cli.common import listen, store_at


def serve(
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 takes a free one.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the current release: topics by Accept and Accept-Language, and every artifact by name."""
    import uvicorn

    from healthtopics.server import Service

    store = store_at(exports, workspace)
    with listen(host, port) as listening:
        typer.echo(
            f"Serving {store.folder} on http://{host}:{listening.getsockname()[1]}/ (stop with Ctrl-C)"
        )
        config = uvicorn.Config(Service(store), log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
