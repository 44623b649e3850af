"""Whatever a catalogue holds, it comes back from an agency as it was, or as the agency changed it."""

from dataclasses import replace
from datetime import UTC, datetime

import polib
from hypothesis import assume, given
from hypothesis import strategies as st

from healthtopics import markup
from healthtopics.catalogues import po
from healthtopics.catalogues.xliff import XliffVersion, parse, serialize
from healthtopics.catalogues.xliff_merging import merge
from healthtopics.catalogues.xliff_units import Outgoing, Returned
from healthtopics.language import LanguageTag
from property.strategies import MARKUP

PATH = "locales/es/LC_MESSAGES/a.po"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LINES = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        include_characters="\t\r\n\x85\u2028<>&\"'",
        exclude_characters="\ufffe\uffff",
    ),
    max_size=20,
)
LIST = '<ul>\n<li>a</li>\n<li>b <em>c</em>\n<ol>\n<li><a href="topic:d">e</a></li>\n</ol>\n</li>\n</ul>'
BODIES = st.lists(MARKUP.map("<p>{}</p>".format) | st.just(LIST), min_size=1, max_size=2).map("\n".join)
BY_ROLE = {
    "title": LINES,
    "also-called": LINES,
    "paragraph": MARKUP,
    "section": BODIES,
    "summary": BODIES.map('<h3 id="causes">Causes</h3>\n{}'.format),
}
ROLES = st.sampled_from(sorted(BY_ROLE))


@st.composite
def entries(draw: st.DrawFn) -> polib.POEntry:
    role = draw(ROLES)
    return polib.POEntry(
        msgctxt=role,
        msgid=draw((BY_ROLE[role] | LINES).filter(bool)),
        msgstr=draw(st.just("") | BY_ROLE[role] | LINES),
        flags=draw(st.sampled_from([[], ["fuzzy"]])),
        previous_msgid=draw(st.none() | LINES),
        comment=draw(st.sampled_from(["", "A title.\n\nLimit."])),
        tcomment=draw(st.sampled_from(["", "lint-ignore: numbers\nnota"])),
        obsolete=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def files(draw: st.DrawFn) -> polib.POFile:
    found = draw(st.lists(entries(), max_size=3, unique_by=lambda entry: (entry.msgctxt, entry.msgid)))
    return file_of(sorted(found, key=lambda entry: entry.obsolete))


def file_of(found: list[polib.POEntry]) -> polib.POFile:
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    file.extend(found)
    return file


def sheet(file: polib.POFile) -> Outgoing:
    return Outgoing(path=PATH, language=LanguageTag("es"), file=file)


def sent(file: polib.POFile, version: XliffVersion) -> Returned:
    (part,) = parse(serialize([sheet(file)], version=version).data, "a.xlf")
    return part


VERSIONS = st.sampled_from(XliffVersion)


@given(files(), VERSIONS)
def test_an_unchanged_file_changes_nothing(file: polib.POFile, version: XliffVersion) -> None:
    data = po.serialize(file)
    exported = serialize([sheet(file)], version=version)
    assert exported.data == serialize([sheet(po.parse(data, PATH).file)], version=version).data
    assume(exported.units)
    result = merge(data, sent(file, version), "a.xlf", NOW)
    assert result.data == data
    # A file in which nothing is translated says so.
    assert {problem.check for problem in result.problems} <= {"xliff-untranslated"}
    assert result.unchanged + result.untranslated == exported.units


@st.composite
def pairs(draw: st.DrawFn) -> tuple[polib.POEntry, polib.POEntry]:
    """A message with its translation, and with another one that has the same tags."""
    role = draw(ROLES)
    msgid = draw(BY_ROLE[role].filter(bool))
    word = draw(st.sampled_from(["nuevo ", "¿más? "]))
    if role == "paragraph":
        new = word + markup.parse(msgid).serialize()
    elif role in ("title", "also-called"):
        new = word + msgid
    else:
        # Text as the serializer escapes it.
        msgid = msgid.replace("&quot;", '"')
        new = msgid.replace("<p>", f"<p>{word}").replace("<li>", f"<li>{word}")
    old = draw(st.sampled_from(["", msgid.replace("a", "á") if role == "title" else msgid]))
    is_fuzzy = bool(old) and draw(st.booleans())
    return (
        polib.POEntry(msgctxt=role, msgid=msgid, msgstr=old, flags=["fuzzy"] * is_fuzzy, tcomment="nota"),
        polib.POEntry(msgctxt=role, msgid=msgid, msgstr=new, tcomment="nota"),
    )


@given(
    st.lists(pairs(), min_size=1, max_size=3, unique_by=lambda pair: (pair[0].msgctxt, pair[0].msgid)),
    VERSIONS,
)
def test_what_the_agency_changed_is_just_what_changes(
    changed: list[tuple[polib.POEntry, polib.POEntry]], version: XliffVersion
) -> None:
    before, after = (file_of(list(side)) for side in zip(*changed, strict=True))
    data = po.serialize(before)
    exported = {unit.id: unit.exported for unit in sent(before, version).units}
    new = sent(after, version)
    back = replace(new, units=tuple(replace(unit, exported=exported[unit.id]) for unit in new.units))
    result = merge(data, back, "a.xlf", NOW)
    assert result.problems == ()
    assert result.taken == len(changed)
    after.metadata["PO-Revision-Date"] = "2026-11-21 09:30+0000"
    assert result.data == po.serialize(after)
