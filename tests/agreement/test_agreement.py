"""Every corruption of one document is found, and nothing is found in sound documents."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from agreement import blind, mutants
from agreement.exports import FORMATS, TopicExports, export
from healthtopics.problems import has_errors
from support.collections import Judgements
from support.files import MemoryFiles
from support.samples import ROOT, TOPICS, judgements
from support.versions import fit_versions

Mutant = mutants.Mutant | blind.Mutant

OWN: tuple[Mutant, ...] = mutants.MUTANTS
BLIND: tuple[Mutant, ...] = tuple(blind.MUTANTS)

LEAST = 80


def id_of(mutant: Mutant) -> str:
    return f"{mutant.format}: {mutant.name}"


@cache
def exports_of(topic: str) -> TopicExports:
    (found,) = export(judgements(), [topic])
    return found


def corruptions(mutant: Mutant, exports: TopicExports) -> Iterator[tuple[tuple[str, str], object]]:
    """Yield the changed documents of the mutant's format, with versions that fit them."""
    for (name, language), document in exports.documents.items():
        if name != mutant.format:
            continue
        others = [each for (one, tag), each in exports.documents.items() if one == name and tag != language]
        try:
            changed = mutant.corrupt(document, others[0]) if others else None
        except (IndexError, KeyError, ValueError):  # nothing of the kind in this topic
            continue
        if changed is not None:
            is_stale = mutant.name == mutants.STALE
            changed = changed if is_stale or not name.startswith("fhir") else fit_versions(changed)
            if changed != document:
                yield (name, language), changed


def escaped(mutant: Mutant, exports: TopicExports) -> tuple[int, list[str]]:
    """Return how many documents a mutant changes, and those in which nobody notices."""
    count, missed = 0, []
    for facts, changed in corruptions(mutant, exports):
        count += 1
        if not has_errors(exports.problems({facts: changed})):  # type: ignore[dict-item]  # as exported
            missed.append("/".join((*facts, exports.topic)))
    return count, missed


def test_there_are_enough_mutants_a_third_of_them_blind() -> None:
    total = len(OWN) + len(BLIND)
    assert len(BLIND) >= total / 3
    assert total >= LEAST
    assert set(Counter(each.format for each in (*OWN, *BLIND))) == set(FORMATS)
    assert len({(each.name, each.format) for each in (*OWN, *BLIND)}) == total


@pytest.mark.parametrize("topic", TOPICS)
def test_sound_topics_give_nothing(topic: str) -> None:
    assert [each for each in exports_of(topic).problems() if each.level.name == "ERROR"] == []


@pytest.mark.parametrize("mutant", [*OWN, *BLIND], ids=id_of)
def test_every_mutant_is_caught_in_the_four_topics(mutant: Mutant) -> None:
    found = [escaped(mutant, exports_of(topic)) for topic in TOPICS]
    assert sum(count for count, _ in found) > 0, "it changes nothing"
    assert [place for _, missed in found for place in missed] == []


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> list[TopicExports]:
    """Fifty topics of the generated collection, which is synthetic, as an import leaves them."""
    folder = tmp_path_factory.mktemp("imported")
    subprocess.run(
        [
            sys.executable,
            ROOT / "benchmarks/corpus.py",
            folder / "topics.xml",
            "--topics",
            "60",
            "--seed",
            "11",
        ],
        check=True,
        capture_output=True,
    )
    return _import(folder)


def _import(folder: Path) -> list[TopicExports]:
    from digests import imported as import_file  # noqa: PLC0415 - benchmarks are scripts, not a package
    from healthtopics.storage.workspace import open_workspace, read_files  # noqa: PLC0415 - as above

    workspace = import_file(folder / "workspace", folder / "topics.xml", FORMATS)
    found = Judgements(MemoryFiles.of(read_files(open_workspace(workspace))))
    pairs = [topic for topic, cards in found.outcome.cards.items() if len(cards) > 1]
    return [*export(found, pairs[:50])]


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(10))
def test_mutants_are_caught_in_fifty_imported_topics(imported: list[TopicExports], shard: int) -> None:
    """Every rule is tried on a third of the topics, as all of them on all take an hour.

    `AGREEMENT_ALL=1` tries all of them on all.
    """
    assert len(imported) == 50
    rules = [*OWN, *BLIND]
    step = 1 if os.environ.get("AGREEMENT_ALL") else 3
    missed: list[str] = []
    for number, exports in list(enumerate(imported))[shard::10]:
        assert [each for each in exports.problems() if each.level.name == "ERROR"] == []
        for mutant in rules[number % step :: step]:
            missed += (f"{mutant.name}: {place}" for place in escaped(mutant, exports)[1])
    assert missed == []
