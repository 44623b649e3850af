"""A real nginx on loopback, with the files of `deploy/`."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import stamina

from support.samples import ROOT
from support.tools import find_tool

_MAIN: Final = """
daemon off;
worker_processes 1;
error_log stderr;
pid {folder}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@contextmanager
def serving(exports: Path, folder: Path, *, site: Path = Path("/nowhere")) -> Iterator[str]:
    """Serve releases and a site, and yield the address; nginx has its own files in the second folder."""
    changes = {"/srv/topics/exports": str(exports), "/srv/topics/site": str(site)}
    with _running("nginx.conf", folder, changes, "/current.json") as address:
        yield address


@contextmanager
def proxying(url: str, folder: Path) -> Iterator[str]:
    """Run a proxy in front of the service at an address, and yield the address of the proxy."""
    logs = {
        f"/var/log/nginx/{name}": f"{folder}/{name}"
        for name in ("healthtopics.log", "healthtopics-error.log")
    }
    changes = {"127.0.0.1:8000": url.removeprefix("http://"), **logs}
    with _running("nginx-service.conf", folder, changes, "/health/live") as address:
        yield address


@contextmanager
def _running(name: str, folder: Path, changes: Mapping[str, str], path: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder.mkdir()
    site = (ROOT / "deploy" / name).read_text()
    for old, new in {"listen 80;": f"listen 127.0.0.1:{port};", **changes}.items():
        assert site.count(old) == 1
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site)
    # Workers are another user if root starts them; the folders of tests are for their owner only.
    user = "user root root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(user + _MAIN.format(folder=folder))
    command = [find_tool("nginx"), "-p", str(folder), "-c", str(folder / "main.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            for attempt in stamina.retry_context(on=httpx.TransportError, timeout=20):
                with attempt:
                    httpx.get(f"{address}{path}")
            yield address
        finally:
            process.terminate()
