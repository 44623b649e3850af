import sys
from urllib.request import urlopen

import pytest

from measure import CommandFailedError, Server, measure, measure_output

BUSY = "import time\nwhile time.process_time() < {}: pass"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_the_output_is_returned() -> None:
    assert measure_output(python("print('done')"))[1] == "done\n"


def test_memory_is_counted_over_all_processes() -> None:
    hold = "import time; held = bytearray(b'x') * 60_000_000; time.sleep(0.5)"
    alone = measure(python(hold)).peak_memory
    assert alone > 60_000_000
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}], check=True)"
    both = measure(python(f"held = bytearray(b'x') * 60_000_000; {parent}")).peak_memory
    assert both > 120_000_000


def test_processor_time_is_counted_over_all_processes() -> None:
    child = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY.format(0.3)!r}], check=True)"
    )
    assert measure(python(child)).cpu_seconds >= 0.3


def test_processor_time_of_what_outlives_its_parent_is_counted() -> None:
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY.format(0.3)!r}])"
    silent = f"{child}.returncode = 0"  # or the interpreter warns of it
    assert measure(python(silent)).cpu_seconds >= 0.3


def test_a_command_that_fails_has_no_figures() -> None:
    with pytest.raises(CommandFailedError, match=r"exited with 3:\nwhat went wrong"):
        measure(python("import sys; print('what went wrong', file=sys.stderr); sys.exit(3)"))


SERVER = """
import http.server, time
class Busy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        end = time.process_time() + 0.1
        while time.process_time() < end: pass
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Busy)
print(f"Serving on http://127.0.0.1:{server.server_port}/ until stopped", flush=True)
server.serve_forever()
"""


def test_a_request_has_the_figures_of_its_server() -> None:
    with Server(python(SERVER)) as server:
        figures = server.measure(lambda: urlopen(server.address).close())  # noqa: S310 - our own server
    assert figures.cpu_seconds >= 0.05
    assert figures.seconds >= 0.1
    assert figures.peak_memory > 1_000_000


def test_a_server_without_an_address_has_no_figures() -> None:
    with (
        pytest.raises(CommandFailedError, match="said 'no port is free'"),
        Server(python("print('no port is free')")),
    ):
        pass
