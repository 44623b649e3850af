"""What translators are advised to write is what the shipped translations write."""

import json
import re
import unicodedata
from collections import defaultdict

import pytest

from healthtopics.catalogues import po
from healthtopics.checks.typography import check_typography
from healthtopics.checks.values import Pair
from healthtopics.language import LanguageTag
from healthtopics.reading.languages import hints_of
from labelled.measure import rules
from support.samples import ROOT

ES = LanguageTag("es")
ENTRIES = [
    entry
    for path in sorted((ROOT / "locales/es/LC_MESSAGES").glob("*.po"))
    for entry in po.parse(path.read_bytes(), path.name).file
    if entry.msgstr and not entry.obsolete and entry.msgctxt in rules()
]
LANGUAGE = json.loads((ROOT / "src/healthtopics/data/languages/es.json").read_bytes())


def stems(text: str) -> set[str]:
    """Return how the longer words of a text begin, without accents, so that all their forms are alike."""
    bare = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", text.lower()))
    return {word[:4] for word in re.findall(r"\w{3,}", bare)}


def test_most_translations_use_the_word_that_the_glossary_shows_above_them() -> None:
    """In the title of another site's page its own words are right."""
    used: dict[str, list[bool]] = defaultdict(list)
    for entry in ENTRIES:
        shown = re.search(r"^Glossary: (.+)\.$", entry.comment, re.MULTILINE)
        if shown and entry.msgctxt != "resource-title":
            for hint in shown[1].split("; "):
                used[hint].append(stems(hint.split(" → ")[1]) <= stems(entry.msgstr))
    assert used
    assert [hint for hint, each in used.items() if sum(each) * 2 < len(each)] == []


def test_no_translation_is_written_as_the_hints_advise_against() -> None:
    wrong = [
        finding.hint
        for entry in ENTRIES
        for finding in check_typography(Pair(rules()[entry.msgctxt], entry.msgid, entry.msgstr, language=ES))
    ]
    assert wrong == []


def test_the_word_for_everybody_is_one_that_the_translations_use() -> None:
    example = LANGUAGE["prose"]["typography"]["gender"]["example"]
    assert any(example in entry.msgstr for entry in ENTRIES)


@pytest.mark.parametrize(
    ("hint", "known"),
    [
        (
            hints_of(ES).negation,
            {phrase for each in ("plain", "concord", "exception") for phrase in LANGUAGE["negation"][each]},
        ),
        (hints_of(ES).bound, {phrase for each in LANGUAGE["bounds"]["before"].values() for phrase in each}),
    ],
    ids=["negation", "bound"],
)
def test_the_checks_know_every_phrase_of_their_hints(hint: str, known: set[str]) -> None:
    assert set(hint.split(", ")) <= known
