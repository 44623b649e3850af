"""The cost of the message checks in CPU milliseconds a message, in all and by module, and of reading alone.

    python benchmarks/checks.py [--repeat 5] [--results benchmarks/results]

The messages are the right labelled pairs (`development`) and the catalogues of the bundled topics. Each
is checked once a run, as in a publication. The fastest run counts: of new processes, in which no word has
been seen before (`first_ms_a_message`), and of one process, which remembers the words of its former runs.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests"))

from healthtopics.catalogues import po  # noqa: E402 - the path comes first
from healthtopics.checks.table import CHECKS, check_pair  # noqa: E402 - as above
from healthtopics.checks.values import MessageCheck, Pair  # noqa: E402 - as above
from labelled.measure import SPANISH, glossary, pair_of, rules  # noqa: E402 - as above
from labelled.pairs import DEVELOPMENT, read_pairs  # noqa: E402 - as above

GOAL_MS = 0.12


def new_pairs() -> list[Pair]:
    """Return every message as a new value, so that what was read of it is not remembered."""
    pairs = [pair_of(label) for label in read_pairs("right", DEVELOPMENT)]
    for path in sorted((ROOT / "locales" / "es" / "LC_MESSAGES").glob("*.po")):
        for entry in po.parse(path.read_bytes(), path.name).file:
            rule = rules().get((entry.msgctxt or "").partition("|")[0])
            if rule is not None and entry.msgstr and not entry.obsolete:
                pairs.append(Pair(rule, entry.msgid, entry.msgstr, language=SPANISH, glossary=glossary()))
    return pairs


def fastest(repeat: int, work: Callable[[Sequence[Pair]], object]) -> float:
    """Return the CPU milliseconds a message of the fastest run."""
    times = []
    for _ in range(repeat):
        pairs = new_pairs()
        start = time.process_time()
        work(pairs)
        times.append((time.process_time() - start) * 1000 / len(pairs))
    return min(times)


def once() -> float:
    """Return the CPU milliseconds a message if none was checked before but the one that loads the data."""
    pairs = new_pairs()
    check_pair(pairs.pop())
    start = time.process_time()
    for pair in pairs:
        check_pair(pair)
    return (time.process_time() - start) * 1000 / len(pairs)


def fastest_once(repeat: int) -> float:
    """Return the least of `once` in so many new processes."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as pool:
        return min(pool.submit(once).result() for _ in range(repeat))


def ask(check: MessageCheck) -> Callable[[Sequence[Pair]], object]:
    """Return the work of one check on all messages; the plain texts are made before."""

    def work(pairs: Sequence[Pair]) -> None:
        for pair in pairs:
            list(check(pair))

    return work


def measure_messages(repeat: int) -> dict[str, Any]:
    """Return the figures."""
    first = fastest_once(repeat)
    whole = fastest(repeat, lambda pairs: [check_pair(pair) for pair in pairs])
    floor = fastest(repeat, lambda pairs: [(pair.source, pair.target) for pair in pairs])
    modules: dict[str, float] = defaultdict(float)
    for check in CHECKS.of_message(SPANISH, has_glossary=True):
        modules[check.__module__.rpartition(".")[2]] += fastest(repeat, ask(check))
    return {
        "messages": len(new_pairs()),
        "goal_ms": GOAL_MS,
        "first_ms_a_message": round(first, 4),
        "ms_a_message": round(whole, 4),
        "floor_ms_a_message": round(floor, 4),
        "ms_by_module": {
            name: round(ms, 4) for name, ms in sorted(modules.items(), key=lambda item: -item[1])
        },
    }


def write(folder: Path, figures: dict[str, Any]) -> None:
    """Write `checks.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checks.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def main() -> None:
    """Measure, print, and write `checks.json`."""
    parser = argparse.ArgumentParser(description="Measure the message checks.")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    arguments = parser.parse_args()
    figures = measure_messages(arguments.repeat)
    write(arguments.results, figures)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
