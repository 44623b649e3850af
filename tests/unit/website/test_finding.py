"""What the search of a site of files looks in, and how large it may be."""

import json
from typing import Any

from healthtopics.index import rows
from healthtopics.website.finding import finding_script
from support.indexes import bundled_index, written


def listed(script: bytes) -> list[dict[str, Any]]:
    """Return what the last line of a script has: the list of topics."""
    found: list[dict[str, Any]] = json.loads(script.decode().rpartition("})(\n")[2].removesuffix(");\n"))
    return found


def test_it_has_names_headings_and_each_other_word_of_the_texts_once() -> None:
    (found,) = (each for each in listed(finding_script(bundled_index(), "es")) if each["id"] == "miscarriage")
    assert "Aborto natural" in found["names"]
    assert "¿Cuándo debe buscar ayuda?" in found["headings"]
    words = found["words"].split()
    assert "empapa" in words
    assert len(words) == len(set(words))
    assert not {"aborto", "ayuda", "que", "de"} & set(words)


def test_the_words_of_many_texts_have_a_limit() -> None:
    blank = dict.fromkeys(rows.EditionRow._fields, "")
    given: list[rows.Row] = []
    for number in range(200):
        topic = f"topic-{number}"
        edition = {"topic": topic, "language": "en", "title": f"Topic {number}", "letter": "T"}
        text = " ".join(f"word{number}x{each}" for each in range(500))
        given += [rows.TopicRow(topic, "condition"), rows.EditionRow(**{**blank, **edition})]
        given += [rows.SectionRow(topic, "en", 1, "overview", "", f"Heading {number}", text)]
    found = listed(finding_script(written(rows=given), "en"))
    assert len(found) == 200
    assert all(each["headings"] and each["words"].startswith("word") for each in found)
    assert 300_000 < sum(len(each["words"]) for each in found) <= 400_000
    assert {word.rpartition("x")[2] for each in found for word in each["words"].split()} >= {"0", "10"}
