"""What docs/platforms.md says about Windows, as far as it can be seen on another system."""

import subprocess
import sys

PORTABLE = (
    "catalogues checks delivery formats index importers jsontext language publishing reading release "
    "topic translation validation vocabulary"
)
"""The packages that a Python without the modules of POSIX imports."""
WITHOUT_POSIX = f"""
import importlib, pkgutil, signal, sys
for name in ("fcntl", "resource", "uvloop", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("SIGHUP", "SIGALRM", "pthread_sigmask", "setitimer"):
    delattr(signal, name)
for name in "{PORTABLE}".split():
    package = importlib.import_module(f"healthtopics.{{name}}")
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{{package.__name__}}."):
        importlib.import_module(module.name)
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_command_says_that_it_needs_another_system() -> None:
    done = run("import sys; sys.platform = 'win32'; from healthtopics.cli import main")
    assert done.returncode == 78
    assert (
        done.stderr == "healthtopics does not run on Windows itself. Install it in WSL 2, and run it there.\n"
    )


def test_the_core_needs_no_posix() -> None:
    done = run(WITHOUT_POSIX)
    assert (done.returncode, done.stderr) == (0, "")
