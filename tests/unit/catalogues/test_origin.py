import hashlib

import polib
import pytest

from healthtopics.catalogue import Key, Message
from healthtopics.catalogues import po
from healthtopics.catalogues.origin import origin_of
from healthtopics.catalogues.update import Header, TemplateMessage
from healthtopics.language import LanguageTag
from support.updating import update

ES = LanguageTag("es")
KEY = Key("paragraph", "A cough.")
MARK = origin_of(KEY, "Una tos.", "medlineplus")


def message(entry: polib.POEntry) -> Message:
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    file.append(entry)
    data = po.serialize(file)
    (found,) = po.to_catalogue(po.parse(data, "es.po").file, ES, "es.po").messages.values()
    return found


def entry(comment: str, msgstr: str = "Una tos.", **members: str) -> polib.POEntry:
    fields = {"msgctxt": "paragraph", "msgid": "A cough.", **members}
    return polib.POEntry(**fields, msgstr=msgstr, tcomment=comment)


def test_mark_has_the_digest_of_context_source_and_translation() -> None:
    digest = hashlib.sha256(b'["paragraph","A cough.","Una tos."]').hexdigest()
    assert f"origin: medlineplus {digest[:16]}" == MARK
    assert origin_of(Key("", "A"), "B", "x").startswith("origin: x ")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param(entry(MARK), True, id="as it was imported"),
        pytest.param(entry(f"A word to the next translator.\n{MARK}"), True, id="among other comments"),
        pytest.param(entry(""), False, id="no comment"),
        pytest.param(entry("origin: medlineplus"), False, id="no digest"),
        pytest.param(entry(f"See {MARK}"), False, id="only quoted"),
        pytest.param(entry(MARK.replace("medlineplus", "Else where")), False, id="no source"),
        pytest.param(entry(MARK, "Una tos seca."), False, id="edited translation"),
        pytest.param(entry(MARK, msgid="A dry cough."), False, id="other source text"),
        pytest.param(entry(MARK, msgctxt="list-item"), False, id="other role"),
    ],
)
def test_edited_text_is_no_longer_imported(changed: polib.POEntry, *, expected: bool) -> None:
    assert message(changed).is_imported is expected


def test_update_keeps_the_mark_with_its_message_and_through_obsolescence() -> None:
    header = Header(language=ES, subject="topic “cough”", created="2026-11-20")
    template = [TemplateMessage(KEY, ("A paragraph.",), "topics/cough.json#/sections/a/body")]
    file = update(template, None, header)
    file[0].msgstr, file[0].tcomment = "Una tos.", MARK
    gone = update([], po.parse(po.serialize(file), "es.po").file, header)
    assert gone[0].obsolete
    back = update(template, po.parse(po.serialize(gone), "es.po").file, header)
    for each in (update(template, file, header), back):
        assert message(each[0]).is_imported
