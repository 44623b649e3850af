import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import pytest

from healthtopics.errors import ImportDataError
from healthtopics.importers.medlineplus import opening, records
from healthtopics.importers.medlineplus.opening import open_source, with_signs
from healthtopics.importers.medlineplus.record import Record, parse_day
from healthtopics.importers.medlineplus.records import RecordCollection, read_collection
from healthtopics.importers.medlineplus.syntax import not_xml

EXAMPLES = Path(__file__).parents[3] / "examples" / "medlineplus" / "collections"
FILES = sorted(EXAMPLES.glob("*.xml"))


def read(data: bytes) -> RecordCollection:
    return read_collection(io.BytesIO(data), io.BytesIO(), "x.xml")


def example(name: str) -> RecordCollection:
    return read((EXAMPLES / f"{name}.xml").read_bytes())


def seen(collection: RecordCollection) -> dict[str, Any]:
    """Return the content of the file beside an example."""
    return {
        "pairs": [[english.id, spanish and spanish.id] for english, spanish in collection.pairs()],
        "left_out": sorted(collection.left_out),
        "is_complete": collection.is_complete,
        "generated": collection.generated,
        "problems": [str(problem).splitlines()[0] for problem in collection.problems],
    }


# ── examples: dropping a file in is adding a test ──


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_example_is_read_as_the_file_beside_it_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert seen(read(path.read_bytes())) == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_error_says_what_to_do_and_every_record_can_be_found_again(path: Path) -> None:
    collection = read(path.read_bytes())
    assert all(problem.hint for problem in collection.problems if problem.level == "error")
    assert not set(collection.entries) & collection.left_out
    for entry in collection.entries.values():
        record = collection.record(entry.id)
        assert (record.id, record.language, record.title, record.line) == (
            entry.id,
            entry.language,
            entry.title,
            entry.line,
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_how_the_bytes_arrive_makes_no_difference(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = seen(read(path.read_bytes()))
    monkeypatch.setattr(records, "_CHUNK", 7)
    assert seen(read(path.read_bytes())) == whole


# ── records ──


def test_every_field_is_read() -> None:
    record = example("everything").record("1")
    expected = json.loads((EXAMPLES / "everything.record.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(asdict(record))) == expected
    assert isinstance(record, Record)


def test_a_summary_that_is_not_escaped_is_the_html_that_it_shows() -> None:
    assert example("everything").record("2").summary == "<p>A <b>B</b> &amp; &lt;C&gt;</p> D"


def test_the_spool_continues_at_its_position() -> None:
    spool = io.BytesIO(b"before")
    spool.seek(0, io.SEEK_END)
    collection = read_collection(io.BytesIO((EXAMPLES / "pair.xml").read_bytes()), spool, "x.xml")
    assert collection.record("4").title == "Topic 4"
    assert spool.getvalue().startswith(b"before{")


def test_each_part_of_the_file_is_a_step() -> None:
    data = (EXAMPLES / "pair.xml").read_bytes() + b" " * 200_000
    source = io.BytesIO(data)
    places: list[int] = []
    read_collection(source, io.BytesIO(), "x.xml", lambda: places.append(source.tell()))
    assert len(places) > 1
    assert places == sorted(set(places))
    assert places[-1] == len(data)


def test_a_record_that_the_collection_has_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        example("duplicate-ids").record("3")


def test_closure_takes_twins_and_one_step_of_relation() -> None:
    collection = example("pair")
    assert collection.closure(["1"]) == ("1", "2", "3", "4")
    assert collection.closure(["2"]) == ("1", "2", "3", "4")
    assert collection.closure(["4", "999"]) == ("3", "4")
    assert collection.closure([]) == ()


def test_a_missing_summary_is_reported_to_its_caller() -> None:
    hints = [
        problem.hint for problem in example("every-day").problems if problem.check == "medlineplus-no-summary"
    ]
    assert hints == [
        "Nothing needs to be done.",
        "The Spanish edition waits until somebody translates the English summary.",
    ]


# ── size ──


@pytest.mark.parametrize(
    "record",
    [
        b"<health-topic>\n%s</health-topic>",
        b"<health-topic>\n<full-summary>%s</full-summary></health-topic>",
        b"<health-topic>\n<full-summary><![CDATA[%s]]></full-summary></health-topic>",
        b"<health-topic\n title='%s'/>",
        b"<!--\n%s-->",
    ],
    ids=["between", "text", "cdata", "attribute", "comment"],
)
def test_what_is_too_large_is_reported_clearly_on_one_line(record: bytes) -> None:
    start = b'<health-topics total="1" date-generated="07/21/2026 02:32:56">'
    collection = read(start + record % (b"x" * 11_000_000) + b"</health-topics>")
    (problem,) = (problem for problem in collection.problems if problem.check == "medlineplus-xml")
    assert problem.line == 2
    assert problem.message == (
        "a text or an attribute is larger than 10 MB here; a summary has a few thousand characters."
    )
    assert all(len(each.message) < 500 for each in collection.problems)
    assert not collection.is_complete


MEASURE = """
import io, itertools, resource, sys
from healthtopics.importers.medlineplus.records import read_collection

class Synthetic(io.RawIOBase):
    def __init__(self, count):
        head = '<health-topic title="T" url="https://a.example/" id="{}" language="English"><full-summary>'
        tail = "x" * 60_000 + "</full-summary></health-topic>"
        root = '<health-topics total="0" date-generated="07/21/2026 02:32:56">'
        records = (head.format(number) + tail for number in range(count))
        self.pieces = itertools.chain([root], records, ["</health-topics>"])

    def read(self, size=-1):
        return next(self.pieces, "").encode()

class Nowhere(io.BytesIO):
    def write(self, data):
        return len(data)

count = int(sys.argv[1])
assert len(read_collection(Synthetic(count), Nowhere(), "x.xml").entries) == count
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
"""Reads synthetic records, made as they are read, and prints the peak of memory in KiB."""


def test_memory_does_not_grow_with_the_file() -> None:
    small, large = (
        int(subprocess.check_output([sys.executable, "-c", MEASURE, str(count)])) for count in (20, 1020)
    )
    assert large < small + 10_000, "60 MB more were read"


def test_lines_are_right_in_a_long_file() -> None:
    text = (
        (EXAMPLES / "pair.xml")
        .read_text(encoding="utf-8")
        .replace("<health-topic ", "\n" * 70_000 + "<health-topic ")
    )
    assert read(text.encode()).record("4").line > 280_000


# ── sources ──


def zipped(**files: bytes) -> IO[bytes]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    stream.seek(0)
    return stream


def refusal(stream: IO[bytes]) -> str:
    with pytest.raises(ImportDataError) as caught:
        open_source(stream, "x.zip")
    (problem,) = caught.value.problems
    assert problem.check == "medlineplus-zip"
    assert problem.hint
    return problem.message


PAIR = (EXAMPLES / "pair.xml").read_bytes()


def test_a_zip_is_known_by_its_bytes_and_read_like_the_file_in_it() -> None:
    source = open_source(zipped(topics_XML=PAIR, readme_txt=b"x"), "topics.bin")
    assert seen(read_collection(source, io.BytesIO(), "x.xml")) == seen(example("pair"))


def test_a_stream_that_is_not_a_zip_is_returned_at_its_position() -> None:
    stream = io.BytesIO(b"  <x/>")
    stream.seek(2)
    assert open_source(stream, "x.zip").read() == b"<x/>"


def test_a_zip_without_xml_or_with_several_is_refused() -> None:
    assert "holds 0: none" in refusal(zipped())
    assert "holds 0: none" in refusal(zipped(a_txt=b"x"))
    assert "holds 2: a.xml, b.xml" in refusal(zipped(a_xml=b"x", b_xml=b"x"))


def test_a_damaged_zip_is_refused() -> None:
    assert "cannot be read" in refusal(io.BytesIO(zipped(a_xml=PAIR).read()[:100]))


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(zipped(a_xml=PAIR).read())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(io.BytesIO(data))


def test_a_zip_that_declares_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST", len(PAIR) - 1)
    assert f"{len(PAIR):,} bytes" in refusal(zipped(a_xml=PAIR))


def test_what_inflates_to_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LARGEST", len(PAIR) - 1)
    source = open_source(io.BytesIO(gzip.compress(PAIR)), "x.gz")
    collection = read_collection(source, io.BytesIO(), "x.gz")
    assert "more than 2 GiB" in collection.problems[0].message
    assert not collection.is_complete


def test_a_gz_is_read_like_the_file_in_it() -> None:
    source = open_source(io.BytesIO(gzip.compress(PAIR)), "topics.bin")
    assert seen(read_collection(source, io.BytesIO(), "x.xml")) == seen(example("pair"))


@pytest.mark.parametrize("length", [30, -20])
def test_a_gz_that_is_cut_off_is_a_problem_and_no_traceback(length: int) -> None:
    source = open_source(io.BytesIO(gzip.compress(PAIR)[:length]), "x.gz")
    collection = read_collection(source, io.BytesIO(), "x.gz")
    assert "medlineplus-zip" in {problem.check for problem in collection.problems}
    assert not collection.is_complete


def test_the_file_of_a_zip_may_be_in_a_folder_beside_side_files() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("topics/", b"")
        archive.writestr("topics/mplus.xml", PAIR)
        archive.writestr("__MACOSX/topics/._mplus.xml", b"x")
        archive.writestr("topics/._mplus.xml", b"x")
    stream.seek(0)
    source = open_source(stream, "x.zip")
    assert seen(read_collection(source, io.BytesIO(), "x.xml")) == seen(example("pair"))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Fish & chips &amp; more &&\n&", b"Fish &amp; chips &amp; more &&amp;\n&"),
        (b"a & b <![CDATA[c & d]]> e & f", b"a &amp; b <![CDATA[c & d]]> e &amp; f"),
        (b"a &<![CDATA[ & ]] > & ]]>& <![CDATA[& ", b"a &<![CDATA[ & ]] > & ]]>&amp; <![CDATA[& "),
        (b"", b""),
    ],
)
def test_a_sign_before_white_space_is_written_as_xml_wants_it(
    data: bytes, expected: bytes, size: int
) -> None:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    assert b"".join(with_signs(parts)) == expected


CASES = EXAMPLES.parent / "cases"


@pytest.mark.parametrize(
    ("case", "line", "column", "expected"),
    [
        ("cut-in-attribute", 6, 81, "a quote is expected at the end of the value"),
        ("unquoted-attribute", 3, 95, "the value of an attribute must begin with a quote"),
        ("lt-in-attribute", 3, 28, "is expected as &lt;"),
        ("quote-in-attribute", 3, 51, "white space and the next attribute, or “>”, is expected"),
        ("r5-truncated", 93, 84, "a quote is expected at the end of the value"),
    ],
)
def test_a_damaged_file_is_reported_with_place_and_expectation(
    case: str, line: int, column: int, expected: str
) -> None:
    collection = read((CASES / f"{case}.xml").read_bytes())
    (problem,) = [each for each in collection.problems if each.check == "medlineplus-xml"]
    assert problem.line == line
    assert f"not XML, or is cut off here in column {column}: " in problem.message
    assert expected in problem.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"<health-topic id='1'><group>AT&T now</group></health-topic>", "“;” is expected"),
        (b"<health-topic id='1'>", "</health-topic> is expected"),
        (b"<health-topic id='1'><group></health-topic>", "</group> is expected"),
        (b"<health-topic id='1'", "or “>”, is expected"),
        (b"<health-topic id='1'><gro", "“>” is expected at the end of the start tag <gro"),
        (b"<health-topic id='1' title", "the attribute title is expected to have a value"),
        (b"<health-topic id='" + b"1" * 11_000_000 + b"'/>", "larger than 10 MB"),
    ],
)
def test_what_was_expected_is_said_in_plain_words(text: bytes, expected: str) -> None:
    collection = read(b'<health-topics total="1" date-generated="10/09/2026 02:30:35">' + text)
    assert any(expected in problem.message for problem in collection.problems)


# ── the web service ──

ANSWER = (CASES / "wsearch.xml").read_bytes()


def test_an_answer_of_the_web_service_is_read_with_the_day_on_which_it_was_saved() -> None:
    collection = read_collection(io.BytesIO(ANSWER), io.BytesIO(), "x.xml", saved="2026-10-09")
    assert list(collection.entries) == ["5324"]
    assert (collection.generated, collection.is_complete, collection.is_answer) == ("2026-10-09", False, True)
    assert [problem.check for problem in collection.problems] == ["medlineplus-no-twin"]
    assert collection.record("5324").title == "Fatigue"


def test_an_answer_without_records_says_how_to_ask() -> None:
    brief = re.sub(rb"<health-topic .*</health-topic>", b"<b>Fatigue</b>", ANSWER, flags=re.DOTALL)
    for data in (brief, b"<nlmSearchResult><term>x</term><count>0</count></nlmSearchResult>"):
        collection = read_collection(io.BytesIO(data), io.BytesIO(), "x.xml", saved="2026-10-09")
        (problem,) = collection.problems
        assert (problem.check, "rettype=topic" in problem.hint) == ("medlineplus-no-records", True)


def test_a_zip_that_is_damaged_inside_is_a_problem_and_no_traceback() -> None:
    data = bytearray(zipped(a_xml=PAIR).read())
    data[data.index(b"PK\x01\x02") + 16] ^= 0xFF  # the checksum
    local = data.index(b"PK\x03\x04")
    data[local + 14] ^= 0xFF
    collection = read_collection(open_source(io.BytesIO(data), "x.zip"), io.BytesIO(), "x.zip")
    assert "medlineplus-zip" in {problem.check for problem in collection.problems}
    assert not collection.is_complete


def test_a_zip_that_cannot_be_inflated_is_a_problem_and_no_traceback() -> None:
    data = bytearray(zipped(a_xml=PAIR).read())
    data[60:90] = b"\xff" * 30
    collection = read_collection(open_source(io.BytesIO(data), "x.zip"), io.BytesIO(), "x.zip")
    assert [problem.check for problem in collection.problems] == ["medlineplus-zip"]


def test_a_file_that_never_begins_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_LONGEST_PROLOGUE", 1000)
    (problem,) = read(b"<!--" + b"x" * 2000 + b"--><health-topics/>" + b" " * 2000).problems[:1]
    assert problem.check == "medlineplus-date"
    monkeypatch.setattr(records, "_CHUNK", 500)
    collection = read(b"<!--" + b"x" * 2000 + b"--><health-topics/>")
    assert [problem.check for problem in collection.problems] == ["medlineplus-xml"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("07/21/2012", "2012-07-21"),
        ("02/29/2024", "2024-02-29"),
        ("02/29/2023", None),
        ("7/1/2012", None),
        ("", None),
    ],
)
def test_a_day_is_month_day_year(text: str, day: str | None) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"<group>\x01</group>", "a control character is not allowed"),
        (b"<group>&#0;</group>", "names no character of XML"),
        (b"<group>\xff</group>", "bytes are not in the file's encoding"),
        (b"<group>a < b</group>", "“<” is expected as &lt;"),
        (b"<group a='1' a='2'/>", "the attribute a is there twice"),
        (b"<group><![CDATA[ a", "“]]>” is expected at the end of a CDATA section"),
        (b"</health-topics>x", "nothing is expected after the end of the root element"),
    ],
)
def test_words_of_the_parser_do_not_reach_the_user(text: bytes, expected: str) -> None:
    collection = read(b'<health-topics total="1" date-generated="10/09/2026 02:30:35">' + text)
    (problem,) = [each for each in collection.problems if each.check == "medlineplus-xml"]
    assert expected in problem.message
    assert not re.search("PCDATA|xmlParse|StartTag|CharRef|not finished|redefined", problem.message)


def test_a_rule_that_has_no_words_yet_is_called_a_rule() -> None:
    assert not_xml("x.xml", "xmlSomething: odd", 3).message.endswith("a rule of XML is broken.")


def test_a_plain_file_that_is_too_large_is_not_called_a_zip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LARGEST", 100)
    assert "medlineplus-too-large" in {problem.check for problem in read(PAIR).problems}
