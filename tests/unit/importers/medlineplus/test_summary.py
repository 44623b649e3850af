import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from healthtopics.errors import ImportDataError
from healthtopics.importers.medlineplus.original import read_original
from healthtopics.importers.medlineplus.summary import read_summary
from support.medlineplus import even, inline_texts

EXAMPLES = Path(__file__).parents[3] / "examples" / "medlineplus" / "summaries"
FILES = sorted(EXAMPLES.glob("*.html"))
PAGE = "https://medlineplus.gov/spanish/page.html"
TOPICS = {
    "tid:7807": "long-covid",
    "tid:1": "lab",
    "https://medlineplus.gov/spanish/asthma.html": "asthma",
}


def seen(html: str) -> dict[str, Any]:
    """Return the content of the file beside an example: both readings, or the refusal."""
    try:
        summary = read_summary(html, PAGE, TOPICS.get)
    except ImportDataError as error:
        return {"refused": [f"{problem.check}  {problem.message}" for problem in error.problems]}
    return {
        "sections": [asdict(part) for part in summary.sections],
        "repairs": [f"{repair.check}  {repair.message}" for repair in summary.repairs],
        "original": [[line.kind, line.text, *line.hrefs] for line in read_original(html, PAGE)],
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_example_is_read_as_the_file_beside_it_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(seen(path.read_text(encoding="utf-8")))) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_readings_of_an_example_see_the_same(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    if "refused" not in seen(html):
        texts = [even(inline.plain()) for inline in inline_texts(read_summary(html, PAGE, TOPICS.get))]
        assert texts == [line.text for line in read_original(html, PAGE)]


def test_the_original_of_a_refused_nesting_is_still_read() -> None:
    (line,) = read_original((EXAMPLES / "too-deep.html").read_text(encoding="utf-8"), PAGE)
    assert line.text == "x"


def test_a_refusal_names_the_page_and_says_what_to_do() -> None:
    with pytest.raises(ImportDataError) as caught:
        read_summary("<div>" * 300, PAGE, TOPICS.get)
    (problem,) = caught.value.problems
    assert problem.path == PAGE
    assert problem.hint


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ('href="x.html" tid="7"', ["https://medlineplus.gov/spanish/x.html", "tid:7"]),
        ('href="https://medlineplus.gov/x.html" tid="7"', ["https://medlineplus.gov/x.html"]),
        ('href="lab.html" data-tid="7"', ["https://medlineplus.gov/spanish/lab.html"]),
    ],
)
def test_the_number_of_a_topic_helps_where_a_relative_address_leads_to_none(
    link: str, wanted: list[str]
) -> None:
    asked: list[str] = []

    def find_topic(target: str) -> str | None:
        asked.append(target)
        return None

    read_summary(f"<a {link}>x</a>", PAGE, find_topic)
    assert asked == wanted


HALF = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"1<math>{HALF}</math>", "1 1/2"),
        (f"<b>1</b><math>{HALF}</math>", "1 1/2"),
        (f"1\x00<math><mrow>{HALF}</mrow></math>", "1 1/2"),
        (f"<math><mn>1</mn><mrow>{HALF}</mrow></math>", "1 1/2"),
        (f"<math>{HALF}<mn>3</mn></math>", "1/2 3"),
        (f"<math>{HALF}<mi>x</mi></math>", "1/2 x"),
        (f"<math>{HALF}{HALF}</math>", "1/2 1/2"),
        (f"<math>{HALF}</math>3", "1/2 3"),
        ("<math><mn>1</mn><mtext> or </mtext><mn>2</mn></math>", "1 or 2"),
        ("1<sup>1/2</sup>", "1 1/2"),
        ("1<sup>1</sup>/2", "1 1/2"),
        ("1<sup>1/</sup><sub>2</sub>", "1 1/2"),
        ("<b>1</b><sup>1</sup>&frasl;<b>2</b>", "1 1⁄2"),
        ("10<sup>9</sup>/L", "109/L"),
    ],
)
def test_a_fraction_and_a_number_beside_it_stay_apart_in_both_readings(html: str, text: str) -> None:
    (inline,) = inline_texts(read_summary(f"<p>{html}</p>", PAGE, TOPICS.get))
    (line,) = read_original(f"<p>{html}</p>", PAGE)
    assert (even(inline.plain()), line.text) == (text, text)


@pytest.mark.parametrize(
    "formula",
    [
        "<mn>5</mn><mo>&#x2062;</mo><mn>3</mn>",
        "<mn>5</mn><mn>3</mn>",
        "<mrow><mn>5</mn></mrow><mrow><mn>3</mn></mrow>",
        "<mn>2</mn> times",
        "not <mn>2</mn>",
        "<mrow>not<mn>2</mn></mrow>",
        "<mfrac>not<mn>1</mn><mn>2</mn></mfrac>",
        "<mfrac><mn>1</mn>not<mn>2</mn></mfrac>",
        '<mfrac linethickness="0"><mn>5</mn><mn>2</mn></mfrac>',
        "<mfrac><mn>1</mn><msqrt>2</msqrt></mfrac>",
        f"<mn>2</mn><mo>/</mo>{HALF}",
    ],
)
def test_a_formula_that_would_be_read_as_another_one_is_refused(formula: str) -> None:
    with pytest.raises(ImportDataError) as caught:
        read_summary(f"<p><math>{formula}</math></p>", PAGE, TOPICS.get)
    assert caught.value.problems[0].check == "medlineplus-html-formula"
