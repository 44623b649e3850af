import re
import subprocess
from pathlib import Path

import polib
import pytest

from healthtopics.catalogue import Key, Message
from healthtopics.catalogues.po import parse, parse_whole, serialize, serialize_entry, to_catalogue
from healthtopics.errors import CatalogueError
from healthtopics.language import LanguageTag
from healthtopics.problems import Problem

EXAMPLES = Path(__file__).parents[2] / "examples" / "catalogues"
VALID = sorted((EXAMPLES / "valid").glob("*.po"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.po"))
CANONICAL = EXAMPLES / "valid" / "canonical.po"
SPANISH = LanguageTag("es")

HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'

WHY_MSGCAT_DIFFERS = {
    "bom": "it refuses a byte order mark",
    "crlf": "it keeps the CR of comments",
    "flags-after-equals-sign": "before gettext 0.26 it takes the flags for a comment",
    "comment-at-the-end": "it drops the comment",
    "header-of-a-template": "it keeps `#.` in the header, which is no message; ours becomes a comment",
}
WHY_MSGFMT_ACCEPTS = {
    "charset": "it reads every charset",
    "parted-field": "it reads every charset",
    "no-content-type": "it takes the bytes as they are",
    "control-characters": "it takes the bytes as they are",
    "noncharacters": "it takes the bytes as they are",
}


def read(text: str) -> polib.POFile:
    return parse((HEADER + text).encode(), "es.po").file


def only(text: str) -> polib.POEntry:
    (entry,) = read(text)
    return entry


# ── examples: dropping a file in is adding a test ──


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_example_is_read_and_its_canonical_form_is_stable(path: Path) -> None:
    canonical = serialize(parse(path.read_bytes(), path.name).file)
    again = parse(canonical, path.name)
    assert serialize(again.file) == canonical
    assert {problem.check for problem in again.warnings} <= {"po-revision-date"}


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_example_has_exactly_the_problems_beside_it(path: Path) -> None:
    expected = path.with_name(f"{path.name}.problems.txt").read_text(encoding="utf-8").splitlines()
    with pytest.raises(CatalogueError) as caught:
        parse(path.read_bytes(), path.name)
    found = [str(problem).splitlines()[0].removeprefix(f"{path.name}:") for problem in caught.value.problems]
    for line in expected:
        match = next((problem for problem in found if problem.startswith(line)), None)
        assert match is not None, f"{line!r} is missing in {found}"
        found.remove(match)
    assert not found


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_problem_says_what_to_do(path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(path.read_bytes(), path.name)
    assert all(problem.hint for problem in caught.value.problems)


# ── GNU gettext as the oracle ──


@pytest.mark.gettext
@pytest.mark.parametrize("path", [path for path in VALID if path.stem != "bom"], ids=lambda path: path.stem)
def test_valid_example_is_valid_for_msgfmt(path: Path) -> None:
    subprocess.run(["msgfmt", "-o", "/dev/null", str(path)], check=True, capture_output=True)


@pytest.mark.gettext
@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_example_is_invalid_for_msgfmt_or_we_know_why_not(path: Path) -> None:
    done = subprocess.run(
        ["msgfmt", "--check", "-o", "/dev/null", str(path)], check=False, capture_output=True
    )
    assert (done.returncode == 0) == (path.stem in WHY_MSGFMT_ACCEPTS), done.stderr


@pytest.mark.gettext
@pytest.mark.parametrize(
    "path", [path for path in VALID if path.stem not in WHY_MSGCAT_DIFFERS], ids=lambda path: path.stem
)
def test_writer_gives_the_bytes_of_msgcat(path: Path) -> None:
    assert serialize(parse(path.read_bytes(), path.name).file) == msgcat(path)


@pytest.mark.gettext
@pytest.mark.parametrize("stem", sorted(WHY_MSGCAT_DIFFERS))
def test_canonical_form_of_what_msgcat_would_change_is_stable_under_msgcat(stem: str, tmp_path: Path) -> None:
    path = tmp_path / "es.po"
    path.write_bytes(serialize(parse((EXAMPLES / "valid" / f"{stem}.po").read_bytes(), stem).file))
    assert msgcat(path) == path.read_bytes()


def msgcat(path: Path) -> bytes:
    return subprocess.run(["msgcat", "--no-wrap", str(path)], check=True, capture_output=True).stdout


# ── polib as the oracle ──


def test_polib_reads_the_same_from_a_canonical_file() -> None:
    ours = parse(CANONICAL.read_bytes(), "es.po").file
    theirs = polib.pofile(str(CANONICAL))
    assert ours.metadata == theirs.metadata
    assert ours.header == theirs.header
    # polib counts an entry from its comments, we count it from its first keyword.
    attributes = [set(vars(entry)) - {"linenum"} for entry in theirs]
    assert [[getattr(o, a) for a in sorted(names)] for o, names in zip(ours, attributes, strict=True)] == [
        [getattr(t, a) for a in sorted(names)] for t, names in zip(theirs, attributes, strict=True)
    ]


# ── the reader ──


def test_canonical_file_is_written_back_byte_for_byte() -> None:
    data = CANONICAL.read_bytes()
    assert serialize(parse(data, "es.po").file) == data


def test_byte_order_mark_is_skipped_with_a_warning() -> None:
    text = parse((EXAMPLES / "valid" / "bom.po").read_bytes(), "bom.po")
    assert [problem.check for problem in text.warnings] == ["po-bom"]
    assert text.file.metadata["Language"] == "es"


def test_windows_line_ends_are_removed_from_comments_and_strings() -> None:
    (entry,) = parse((EXAMPLES / "valid" / "crlf.po").read_bytes(), "crlf.po").file
    assert (entry.tcomment, entry.msgid, entry.msgstr) == ("nota", "Fever", "Fiebre")


def test_only_a_line_feed_ends_a_line() -> None:
    assert only('msgid "a\u2028b\x85c\u2029d"\nmsgstr ""\n').msgid == "a\u2028b\x85c\u2029d"


def test_flags_are_read_from_both_kinds_of_lines() -> None:
    assert only('#= no-wrap, fuzzy\n#, range: 0..5,fuzzy\nmsgid "a"\nmsgstr ""\n').flags == [
        "no-wrap",
        "fuzzy",
        "range: 0..5",
    ]


def test_comment_without_a_space_is_a_comment() -> None:
    assert only('#nota\n#\n#  dos\nmsgid "a"\nmsgstr ""\n').tcomment == "nota\n\n dos"


def test_octal_and_hex_escapes_are_bytes_of_utf_8() -> None:
    assert only(r'msgid "\x41\101\303\251\1012"' + '\nmsgstr ""\n').msgid == "AAéA2"


def test_reference_with_a_line_number_is_parted() -> None:
    entry = only('#: a.py:1 b.json#/c:d e:\nmsgid "a"\nmsgstr ""\n')
    assert entry.occurrences == [("a.py", "1"), ("b.json#/c:d", ""), ("e:", "")]


def test_line_number_of_an_entry_is_that_of_its_first_keyword() -> None:
    assert only('\n# nota\nmsgctxt "c"\nmsgid "a"\nmsgstr ""\n').linenum == 7


def test_previous_texts_stay_with_obsolete_entries() -> None:
    entry = only('#, fuzzy\n#~| msgctxt "c"\n#~| msgid "b"\n#~ msgid "a"\n#~ msgstr "d"\n')
    assert (entry.obsolete, entry.previous_msgctxt, entry.previous_msgid) == (True, "c", "b")


def test_comment_after_the_last_entry_is_kept_with_a_warning() -> None:
    text = parse((EXAMPLES / "valid" / "comment-at-the-end.po").read_bytes(), "es.po")
    assert text.file[-1].tcomment == "Ask the editor."
    assert [problem.check for problem in text.warnings] == ["po-comment"]


def test_every_header_line_is_kept_in_its_place() -> None:
    data = (
        b'# Ann, 2026.\n#\n#, fuzzy\nmsgid ""\nmsgstr ""\n"X-One:  two spaces\\n"\n'
        b'"Last-Translator: Ann\\n"\n"continued http://example.org\\n"\n"X-One: again\\n"\n'
        b'"Content-Type: text/plain; charset=utf-8\\n"\n'
    )
    text = parse(data, "es.po")
    assert serialize(text.file) == data
    assert text.file.metadata_is_fuzzy
    assert [problem.check for problem in text.warnings] == ["po-header"]


def test_comment_of_a_template_in_the_header_is_kept_for_people() -> None:
    file = parse((EXAMPLES / "valid" / "header-of-a-template.po").read_bytes(), "es.po").file
    assert (file.header, file.metadata_is_fuzzy) == ("Nota.\nFrom the template.", True)


def test_header_need_not_come_first() -> None:
    file = parse(f'msgid "a"\nmsgstr "b"\n\n{HEADER}'.encode(), "es.po").file
    assert [entry.msgid for entry in file] == ["a"]
    assert file.metadata["Language"] == "es"


def faults(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(CatalogueError) as caught:
        parse(data, "es.po")
    return caught.value.problems


def hints(name: str) -> list[str]:
    return [problem.hint for problem in faults((EXAMPLES / "invalid" / name).read_bytes())]


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        (
            "<<<<<<< HEAD\na\nb\n||||||| base\nc\n=======\n>>>>>>> x\n",
            "One side is lines 6–7, the other nothing:",
        ),
        ("<<<<<<< HEAD\na\n=======\n\nb\n>>>>>>> x\n", "One side is line 6, the other lines 8–9:"),
    ],
)
def test_conflict_is_reported_with_the_lines_of_each_side_and_how_to_avoid_it(sides: str, told: str) -> None:
    problem = faults((HEADER + sides).encode())[0]
    assert (problem.check, problem.line) == ("po-conflict-marker", 5)
    assert problem.hint.startswith(told)
    assert "`healthtopics catalogue merge --help`" in problem.hint


def test_unfinished_conflict_does_not_hide_the_next_one() -> None:
    data = (HEADER + '<<<<<<< a\nmsgid "a"\nmsgstr ""\n<<<<<<< b\n>>>>>>> c\n').encode()
    assert [problem.line for problem in faults(data)] == [5, 8]


def test_reported_duplicates_say_how_they_differ() -> None:
    assert hints("duplicate-alike.po") == ["Both have the same translation: delete either entry."]
    assert hints("duplicate.po") == [
        "Their translations differ: keep the better one and delete the other entry."
    ]
    assert hints("duplicate-header.po") == ["Keep one header, with the fields of both."]


@pytest.mark.parametrize("name", ["es", "es_MX", "es-MX", " ", "es_419"])
def test_header_may_name_the_language_with_or_without_a_region(name: str) -> None:
    text = parse(HEADER.replace("Language: es", f"Language: {name}").encode(), "es.po", SPANISH)
    assert text.warnings == ()


@pytest.mark.parametrize("name", ["pt", "Spanish", "xx-invalid", "pt_BR"])
def test_header_that_names_another_language_is_a_warning_with_its_line(name: str) -> None:
    text = parse(HEADER.replace("Language: es", f"Language: {name}").encode(), "es.po", SPANISH)
    assert [(problem.check, problem.level, problem.line) for problem in text.warnings] == [
        ("po-language", "warning", 3)
    ]


def test_file_that_ends_with_the_comments_of_a_lost_entry_may_be_cut_off() -> None:
    text = parse((HEADER + 'msgid "a"\nmsgstr "b"\n\n# nota\n#. Section\n').encode(), "es.po")
    (problem,) = text.warnings
    assert (problem.check, problem.line, problem.level) == ("po-cut-off", 8, "warning")
    assert "may be lost" in problem.hint
    assert text.file[-1].tcomment == "nota"


def test_file_whose_end_may_be_lost_is_not_read_for_being_written() -> None:
    data = (HEADER + 'msgid "a"\nmsgstr "b"\n\n#. Section\n').encode()
    with pytest.raises(CatalogueError) as caught:
        parse_whole(data, "es.po")
    (problem,) = caught.value.problems
    assert (problem.check, problem.line, problem.level) == ("po-cut-off", 8, "error")
    assert "version control" in problem.hint
    assert parse_whole(data.replace(b"#. Section", b"# nota"), "es.po").file[-1].tcomment == "nota"


@pytest.mark.parametrize(
    "end", ['msgid "b', 'msgid "b"', 'msgid "b"\n', 'msgctxt "b"\n', 'msgid "b"\nmsgstr']
)
def test_file_that_ends_inside_an_entry_is_to_be_restored(end: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse((HEADER + 'msgid "a"\nmsgstr "b"\n\n' + end).encode(), "es.po")
    hints = [each.hint for each in caught.value.problems if each.check == "po-cut-off"]
    assert hints == [
        "The end of the file may be lost: take it from version control or from the backup of your editor."
    ]
    assert "delete" not in " ".join(each.hint for each in caught.value.problems)


def test_control_characters_are_shown_by_their_numbers() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse((HEADER + "a\x1b[31mb\n").encode(), "es.po")
    messages = [each.message for each in caught.value.problems if each.check == "po-syntax"]
    assert messages == ["“a<U+001B>[31mb” is neither a keyword nor a string nor a comment."]


def test_problems_come_in_the_order_of_the_file_with_the_warnings() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse(b'\xef\xbb\xbf# a\nmsgid "b\nmsgstr "\\d"\n', "es.po")
    assert [problem.check for problem in caught.value.problems] == [
        "po-bom",
        "po-header",
        "po-unterminated",
        "po-escape",
    ]


# ── half-saved files ──


@pytest.mark.parametrize("stem", ["canonical", "comment-at-the-end", "plural", "obsolete", "line-separators"])
def test_wherever_a_file_is_cut_off_complete_entries_are_read_or_it_is_refused(stem: str) -> None:
    data = serialize(parse((EXAMPLES / "valid" / f"{stem}.po").read_bytes(), "es.po").file)
    all_entries = list(parse(data, "es.po").file)
    ends = [place.start() for place in re.finditer(rb"\n(?:\n|\Z)", data)][1:]  # without the header's
    assert len(ends) == len(all_entries)
    refused: list[tuple[Problem, ...]] = []
    for length in range(len(data)):
        try:
            text = parse(data[:length], "es.po")
        except CatalogueError as error:
            refused.append(error.problems)
            continue
        whole = sum(end <= length for end in ends)
        for entry, full in zip(text.file[:whole], all_entries, strict=False):
            assert entry.tcomment.startswith(full.tcomment)  # or with the comment of one that was cut off
            entry.tcomment = full.tcomment
            assert serialize_entry(entry) == serialize_entry(full)
        assert len(text.file) >= whole
    assert len(refused) > len(data) / 2
    assert all(each.line and each.column and each.hint for problems in refused for each in problems)


# ── the writer ──


def test_entry_with_everything_is_written_in_the_order_of_gettext() -> None:
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    file.append(
        polib.POEntry(
            msgctxt="c",
            msgid="a\nb",
            msgid_plural="d",
            msgstr_plural={1: "f\n", 0: 'e"\\\t\r'},
            tcomment="t\n\nu",
            comment="x",
            occurrences=[("a.py", "1"), ("b.json", "")],
            flags=["max-length:60", "no-wrap", "range: 0..5", "c-format", "fuzzy"],
            previous_msgctxt="p",
            previous_msgid="q",
            previous_msgid_plural="r",
        )
    )
    assert serialize(file).decode().split("\n\n")[1] == (
        "# t\n#\n# u\n#. x\n#: a.py:1 b.json\n#, fuzzy, c-format, range: 0..5, no-wrap, max-length:60\n"
        '#| msgctxt "p"\n#| msgid "q"\n#| msgid_plural "r"\n'
        'msgctxt "c"\nmsgid ""\n"a\\n"\n"b"\nmsgid_plural "d"\n'
        'msgstr[0] "e\\"\\\\\\t\\r"\nmsgstr[1] "f\\n"\n'
    )


def test_obsolete_entries_come_last_without_comments_of_the_template() -> None:
    file = read('#. x\n#: y\n#~ msgid "a"\n#~ msgstr "b\\nc"\n\nmsgid "d"\nmsgstr ""\n')
    body = serialize(file).decode().removeprefix(HEADER)
    assert body == '\nmsgid "d"\nmsgstr ""\n\n#~ msgid "a"\n#~ msgstr ""\n#~ "b\\n"\n#~ "c"\n'


# ── the catalogue ──


def test_catalogue_has_live_messages_with_their_lines() -> None:
    file = read(
        '#, fuzzy\nmsgctxt "c"\nmsgid "a"\nmsgstr "b"\n\nmsgid "d"\nmsgid_plural "e"\nmsgstr[0] "f"\n\n'
        '#~ msgid "g"\n#~ msgstr "h"\n'
    )
    catalogue = to_catalogue(file, SPANISH, "es.po")
    assert list(catalogue.messages.values()) == [
        Message(Key("c", "a"), "b", is_fuzzy=True, line=6),
        Message(Key("", "d"), "f", line=10),
    ]
    assert (catalogue.language, catalogue.path) == ("es", "es.po")


@pytest.mark.parametrize(
    ("date", "instant"),
    [
        ("2026-02-07 10:00+0000", "2026-02-07T10:00:00Z"),
        ("2026-02-07 22:30-0500", "2026-02-08T03:30:00Z"),
        ("2026-02-07 10:00:30 +02:00", "2026-02-07T08:00:30Z"),
        ("2026-02-07T10:00Z", "2026-02-07T10:00:00Z"),
        ("2026-02-07 10:00", "2026-02-07T10:00:00Z"),
        ("2026-02-07", "2026-02-07T00:00:00Z"),
        ("YEAR-MO-DA HO:MI+ZONE", ""),
        ("", ""),
    ],
)
def test_revision_date_is_an_instant(date: str, instant: str) -> None:
    text = parse(HEADER.replace("Language: es", f"PO-Revision-Date: {date}").encode(), "es.po")
    assert to_catalogue(text.file, SPANISH, "es.po").revised == instant
    assert not text.warnings


@pytest.mark.parametrize(
    "date", ["07/02/2026", "2026-02-30", "yesterday", "0001-01-01 00:00+0100", "2026-02-07 25:00"]
)
def test_unreadable_revision_date_is_a_warning_with_its_line(date: str) -> None:
    text = parse(HEADER.replace("Language: es", f"PO-Revision-Date: {date}").encode(), "es.po")
    assert to_catalogue(text.file, SPANISH, "es.po").revised == ""
    assert [(problem.check, problem.level, problem.line) for problem in text.warnings] == [
        ("po-revision-date", "warning", 3)
    ]
