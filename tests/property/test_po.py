"""Whatever a catalogue holds, it comes back from its file as it was."""

import subprocess
from typing import Any

import polib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from healthtopics.catalogues.po import parse, serialize
from healthtopics.errors import CatalogueError

CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cc"],
    include_characters='\t\n\r\x85\u2028"\\',
    exclude_characters="\ufffe\uffff",
)
HEADER = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
TEXTS = st.text(CHARACTERS, max_size=20)
LINES = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], include_characters="\t\u2028", exclude_characters="\ufffe\uffff"
    ),
    max_size=20,
)
COMMENTS = st.lists(LINES, max_size=3).map("\n".join)
NAMES = st.from_regex(r"X-[A-Za-z0-9_-]{0,8}", fullmatch=True)
PLACES = st.from_regex(r"[a-z][a-z#/.\u00a0\u2028-]{0,8}", fullmatch=True)
REFERENCES = st.tuples(PLACES, st.one_of(st.just(""), st.integers(0, 999).map(str)))
FLAGS = ["fuzzy", "c-format", "range: 0..5", "no-wrap", "max-length:60"]
"""In the order of the writer."""
ATTRIBUTES = (
    "msgctxt",
    "msgid",
    "msgid_plural",
    "msgstr",
    "msgstr_plural",
    "tcomment",
    "comment",
    "occurrences",
    "flags",
    "previous_msgctxt",
    "previous_msgid",
    "previous_msgid_plural",
    "obsolete",
)


@st.composite
def entries(draw: st.DrawFn) -> polib.POEntry:
    is_obsolete = draw(st.booleans())
    forms = draw(st.lists(TEXTS, max_size=2))
    fields: dict[str, Any] = (
        {}
        if is_obsolete
        else {
            "comment": draw(COMMENTS),
            "occurrences": draw(st.lists(REFERENCES, max_size=2)),
        }
    )
    return polib.POEntry(
        msgctxt=draw(st.none() | TEXTS),
        msgid=draw(TEXTS.filter(bool)),
        msgid_plural=draw(TEXTS) if forms else "",
        msgstr="" if forms else draw(TEXTS),
        msgstr_plural=dict(enumerate(forms)),
        tcomment=draw(COMMENTS),
        flags=[flag for flag in FLAGS if draw(st.booleans())],
        previous_msgctxt=draw(st.none() | TEXTS),
        previous_msgid=draw(st.none() | TEXTS),
        previous_msgid_plural=draw(st.none() | TEXTS),
        obsolete=is_obsolete,
        **fields,
    )


@st.composite
def files(draw: st.DrawFn) -> polib.POFile:
    file = polib.POFile()
    file.header = draw(COMMENTS)
    file.metadata = draw(st.dictionaries(NAMES, LINES, max_size=3))
    file.metadata["Content-Type"] = "text/plain; charset=UTF-8"
    file.metadata_is_fuzzy = draw(st.booleans())
    found = draw(st.lists(entries(), max_size=4, unique_by=lambda entry: (entry.msgctxt, entry.msgid)))
    file.extend(sorted(found, key=lambda entry: entry.obsolete))
    return file


def snapshot(file: polib.POFile) -> list[object]:
    header = [file.header, list(file.metadata.items()), file.metadata_is_fuzzy]
    return [*header, *([getattr(entry, name) for name in ATTRIBUTES] for entry in file)]


@given(files())
def test_file_comes_back_as_it_was(file: polib.POFile) -> None:
    text = parse(serialize(file), "es.po")
    assert snapshot(text.file) == snapshot(file)
    assert not text.warnings


def is_read_or_refused_with_places(data: bytes) -> bool:
    try:
        text = parse(data, "es.po")
    except CatalogueError as error:
        return all(problem.line and problem.column and problem.hint for problem in error.problems)
    canonical = serialize(text.file)
    return serialize(parse(canonical, "es.po").file) == canonical


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused_with_places(data: bytes) -> None:
    assert is_read_or_refused_with_places(data)
    assert is_read_or_refused_with_places(HEADER + data)


PIECES = [
    *(
        "msgid ",
        "msgstr ",
        "msgctxt ",
        "msgid_plural ",
        "msgstr[0] ",
        "msgstr[1] ",
        '"a"',
        '"',
        "\\",
        "x",
        " ",
    ),
    *(
        "#",
        "#~ ",
        "#| ",
        "#~| ",
        "#, fuzzy",
        "\n",
        "\n\n",
        "\r\n",
        "\n<<<<<<< a\n",
        "\n=======\n",
        "\n>>>>>>> b\n",
    ),
]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_order_of_syntax_is_read_or_refused_with_places(body: str) -> None:
    assert is_read_or_refused_with_places(HEADER + body.encode())


FIELDS = [
    b'"Content-Type: text/plain; charset=latin1\\n"',
    b'"Con"',
    b'"tent-Type: text/plain; charset=latin1\\n"',
    b'"PO-Revision-Date: yesterday\\n"',
    b'"PO-Revision-"',
    b'"Date: 2026-99-99\\n"',
    b'"Plural-Forms: nplurals=' + b"9" * 5000 + b';\\n"',
    b'"\\103ontent-Type: latin1"',
    b"msgstr[" + b"9" * 5000 + b'] "x"',
    b'msgstr[0] "x"',
    b'msgid ""',
]
"""Lines that what reads a header, or counts, could stumble over."""


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file that was well formed, with lines and bytes deleted, repeated and replaced, in its header too."""
    lines = serialize(draw(files())).splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, min(len(lines), 8)))
        count = draw(st.integers(0, 2))
        other = st.sampled_from([field + b"\n" for field in FIELDS] + lines[max(at - 1, 0) : at])
        lines[at : at + count] = draw(st.lists(other, max_size=2))
    data = b"".join(lines)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.binary(max_size=3)) + data[at + draw(st.integers(0, 3)) :]
    return data


@settings(max_examples=500)
@given(damaged())
def test_a_damaged_file_is_read_or_refused_with_places(data: bytes) -> None:
    assert is_read_or_refused_with_places(data)


@pytest.mark.gettext
@settings(max_examples=25)
@given(files())
def test_writer_gives_the_bytes_of_msgcat(file: polib.POFile) -> None:
    file.header = file.header.replace("\\", "")
    assume(file)  # of a file without messages it writes nothing
    for entry in file:
        # What msgcat drops or forbids, and no catalogue of ours holds.
        if not (entry.msgstr or entry.msgstr_plural.get(0)):
            entry.flags, entry.msgstr, entry.msgstr_plural = [], "", {}
            entry.msgstr = "x" if entry.obsolete else ""
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        entry.occurrences = entry.occurrences[:1]
        # msgcat 0.21 joins a comment's line with the next one after a backslash.
        entry.tcomment, entry.comment = entry.tcomment.replace("\\", ""), entry.comment.replace("\\", "")
        if entry.previous_msgid is None:
            entry.previous_msgctxt = entry.previous_msgid_plural = None
    data = serialize(file)
    msgcat = subprocess.run(["msgcat", "--no-wrap", "-"], input=data, capture_output=True, check=True)
    assert msgcat.stdout == data
