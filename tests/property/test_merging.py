"""Whatever two translators made of a catalogue, a merge loses none of it and chooses nothing."""

from itertools import pairwise

import polib
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.catalogues.merging import merge
from healthtopics.catalogues.po import parse, serialize
from healthtopics.errors import CatalogueError

KEYS = [(None, "Fever"), ("title", "Fever"), ("title", "Cough"), ("", "Cough"), ("title", "Cough\n")]
COMMENTS = st.lists(st.sampled_from(["nota", "lint-ignore: same", ""]), max_size=3, unique=True).map(
    "\n".join
)


@st.composite
def files(draw: st.DrawFn) -> polib.POFile:
    file = polib.POFile()
    file.header = draw(COMMENTS)
    file.metadata_is_fuzzy = draw(st.booleans())
    file.metadata = draw(
        st.fixed_dictionaries(
            {"Content-Type": st.just("text/plain; charset=UTF-8")},
            optional={
                "PO-Revision-Date": st.sampled_from(["", "2026-02-07", "2026-02-08 10:00+0200", "never"]),
                "POT-Creation-Date": st.sampled_from(["2026-02-07", "2026-02-08"]),
                "Last-Translator": st.sampled_from(["Ann", "Bea"]),
                "X-One": st.sampled_from(["a", "b"]),
            },
        )
    )
    entries = [draw(entry(*key)) for key in draw(st.permutations(KEYS)) if draw(st.booleans())]
    file.extend(sorted(entries, key=lambda each: each.obsolete))
    return file


@st.composite
def entry(draw: st.DrawFn, msgctxt: str | None, msgid: str) -> polib.POEntry:
    is_obsolete = draw(st.booleans())
    msgstr = draw(st.sampled_from(["uno", "dos", "tres\n"] + [""] * (not is_obsolete)))
    is_fuzzy = bool(msgstr) and draw(st.booleans())
    return polib.POEntry(
        msgctxt=msgctxt,
        msgid=msgid,
        msgstr=msgstr,
        tcomment=draw(COMMENTS),
        comment="" if is_obsolete else draw(st.sampled_from(["", "A title."])),
        flags=[*(["fuzzy"] * is_fuzzy), *draw(st.sampled_from([[], ["no-wrap"]]))],
        previous_msgid=draw(st.sampled_from([None, "Fever", "Cough"])) if is_fuzzy else None,
        obsolete=is_obsolete,
    )


@given(files(), files())
def test_one_side_alone_is_taken_as_it_is(base: polib.POFile, side: polib.POFile) -> None:
    # What is translated does not just go away: an update makes it obsolete.
    there = {(each.msgctxt, each.msgid) for each in side}
    base[:] = [
        each for each in base if each.obsolete or not each.msgstr or (each.msgctxt, each.msgid) in there
    ]
    # Dates never go back.
    base.metadata["PO-Revision-Date"] = side.metadata["PO-Revision-Date"] = "2026-02-07"
    base.metadata["POT-Creation-Date"] = side.metadata["POT-Creation-Date"] = "2026-02-07"
    former, data = serialize(base), serialize(side)
    result = merge(former, data, former, "es.po")
    assert (result.data, result.conflicts) == (data, ())
    result = merge(former, data, data, "es.po")
    assert (result.data, result.conflicts) == (data, ())
    result = merge(former, former, data, "es.po")
    assert result.conflicts == ()
    assert blocks(result.data)[1:] == blocks(data)[1:]  # except the order, and that of the fields


def blocks(data: bytes) -> list[bytes]:
    head, *rest = data.rstrip(b"\n").split(b"\n\n")
    return [head, *sorted(rest)]


@given(files(), files(), files())
def test_a_new_translation_is_in_the_result(
    base: polib.POFile, ours: polib.POFile, theirs: polib.POFile
) -> None:
    result = merge(serialize(base), serialize(ours), serialize(theirs), "es.po")
    former = {(each.msgctxt, each.msgid): each.msgstr for each in base}
    texts = _texts(result.data)
    for each in (*ours, *theirs):
        key = (each.msgctxt, each.msgid)
        if each.msgstr and former.get(key) != each.msgstr and each.previous_msgid is None:
            assert (*key, each.msgstr) in texts


def _texts(data: bytes) -> set[tuple[str | None, str, str]]:
    """Return what either side of every conflict says."""
    found: set[tuple[str | None, str, str]] = set()
    for kept in (b"ours", b"theirs"):
        side, lines = b"", []
        for line in data.splitlines(keepends=True):
            if line.startswith((b"<<<<<<< ", b"=======", b">>>>>>> ")):
                side = {b"<": b"ours", b"=": b"theirs", b">": b""}[line[:1]]
            elif side in (b"", kept):
                lines.append(line)
        file = parse(b"".join(lines), "es.po").file
        found |= {(each.msgctxt, each.msgid, each.msgstr) for each in file}
    return found


@given(files(), files())
def test_what_a_side_has_lost_is_kept(base: polib.POFile, side: polib.POFile) -> None:
    texts = _texts(merge(serialize(base), serialize(side), serialize(base), "es.po").data)
    there = {(each.msgctxt, each.msgid) for each in side}
    words = {each[2] for each in texts}
    for each in base:
        if each.msgstr and not each.obsolete and (each.msgctxt, each.msgid) not in there:
            assert each.msgstr in words or any(
                one.previous_msgid == each.msgid for one in side if one.fuzzy and one.msgstr
            )


@given(files(), files(), files())
def test_what_either_side_wrote_above_a_message_is_in_the_result(
    base: polib.POFile, ours: polib.POFile, theirs: polib.POFile
) -> None:
    remarks = []
    for name, side in (("ours", ours), ("theirs", theirs)):
        for number, each in enumerate(side):
            remarks.append(f"remark {number} of {name}")
            each.tcomment += f"\n{remarks[-1]}"
    text = merge(serialize(base), serialize(ours), serialize(theirs), "es.po").data.decode()
    assert [remark for remark in remarks if remark not in text] == []


@given(files(), files(), files())
def test_the_sides_may_be_exchanged(base: polib.POFile, ours: polib.POFile, theirs: polib.POFile) -> None:
    one = merge(serialize(base), serialize(ours), serialize(theirs), "es.po")
    other = merge(serialize(base), serialize(theirs), serialize(ours), "es.po")
    assert _texts(one.data) == _texts(other.data)
    assert len(one.conflicts) == len(other.conflicts)


@given(files(), files(), files())
def test_the_result_is_canonical_or_refused_at_every_conflict(
    base: polib.POFile, ours: polib.POFile, theirs: polib.POFile
) -> None:
    result = merge(serialize(base), serialize(ours), serialize(theirs), "es.po")
    assert all((one.line or 0) < (two.line or 0) for one, two in pairwise(result.conflicts))
    try:
        found = parse(result.data, "es.po").file
    except CatalogueError as error:
        told = {problem.line for problem in error.problems if problem.check == "po-conflict-marker"}
        assert told == {problem.line for problem in result.conflicts} != set()
    else:
        assert not result.conflicts
        assert serialize(found) == result.data
