"""`healthtopics catalogue preview`: the workbench in a browser."""

from typing import TYPE_CHECKING, Annotated

import typer

from healthtopics.cli import clock, options
from healthtopics.cli.common import name_in_git, progress_bar, store_at, work_on, workspace_at

if TYPE_CHECKING:
    from socket import socket


def preview(
    workspace: options.Workspace = None,
    exports: options.Exports = None,
    port: Annotated[
        int, typer.Option(metavar="PORT", help="The port; 0 takes a free one.", min=0, max=65535)
    ] = 8001,
    browse: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser, too.")] = False,
    no_cache: options.NoCache = False,
) -> None:
    """Show topics and translations side by side in a browser, and edit them there.

    Click a text to translate it. What other programs save appears immediately.

    Examples:
    healthtopics catalogue preview --open   # in your browser
    """
    import os
    import webbrowser

    import uvicorn

    from healthtopics.jsontext import digest
    from healthtopics.publishing.latest import last_release
    from healthtopics.server.listening import address_of, listen
    from healthtopics.storage.watching import watch
    from healthtopics.storage.workspace import change_file, open_workspace, read_files
    from healthtopics.workbench.app import Disk, Workbench

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: "list[socket] | None" = None) -> None:
            await workbench.close()  # before waiting for the connections
            await super().shutdown(sockets)

    opened = workspace_at(workspace)
    store = store_at(exports, opened.folder)
    with (
        work_on(opened, "Previewing", no_cache=no_cache) as (_files, maker, engine),
        listen("127.0.0.1", port) as listening,
    ):
        disk = Disk(
            # The configuration may change, too.
            lambda: read_files(open_workspace(opened.folder)),
            lambda: watch(opened),
            lambda path, change: change_file(opened, path, change),
            digest(os.fsencode(opened.folder.resolve()))[:16],
        )
        workbench = Workbench(
            disk,
            lambda: last_release(store),
            now=clock.now,
            today=lambda: clock.day_of(None),
            maker=maker,
            engine=engine,
            working=lambda: progress_bar("Previewing"),
            by=name_in_git(opened.folder),
        )
        address = address_of(listening)
        typer.echo(f"Previewing {opened.folder} on {address} (stop with Ctrl-C)")
        if browse:
            webbrowser.open(address)
        config = uvicorn.Config(workbench, log_level="warning", server_header=False)
        Server(config).run(sockets=[listening])
