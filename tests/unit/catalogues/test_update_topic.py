"""What happens to the translations of a whole topic when its English is edited."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib
import pytest

from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.origin import confirmation_of
from healthtopics.catalogues.template import template_of
from healthtopics.catalogues.update import Header
from healthtopics.language import LanguageTag
from healthtopics.schema import packaged, plan_messages
from support.samples import ROOT
from support.updating import update_catalogue

Topic = dict[str, Any]
PLAN = plan_messages(packaged("topic.schema.json"))
ES = LanguageTag("es")
HEADER = Header(language=ES, subject="topic “dehydration”", created="2026-11-10")
EXAMPLES = ROOT / "tests/examples/updates"
SPANISH = (EXAMPLES / "dehydration.po").read_bytes()


@dataclass(frozen=True, slots=True)
class Updated:
    """A catalogue after an update."""

    data: bytes

    @property
    def live(self) -> list[polib.POEntry]:
        return [entry for entry in po.parse(self.data, "es.po").file if not entry.obsolete]

    @property
    def obsolete(self) -> list[polib.POEntry]:
        return [entry for entry in po.parse(self.data, "es.po").file if entry.obsolete]

    @property
    def fuzzy(self) -> list[polib.POEntry]:
        return [entry for entry in self.live if entry.fuzzy]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many are reused, fuzzy, missing and obsolete."""
        reused = [entry for entry in self.live if entry.msgstr and not entry.fuzzy]
        missing = [entry for entry in self.live if not entry.msgstr]
        return len(reused), len(self.fuzzy), len(missing), len(self.obsolete)

    @property
    def blocks(self) -> dict[str, str]:
        """The text of each live entry by its English, as it is in the file."""
        texts = self.data.decode().rstrip("\n").split("\n\n")
        return {entry.msgid: text for entry, text in zip(self.live, texts[1:], strict=False)}


def topic() -> Topic:
    document: Topic = json.loads((EXAMPLES / "dehydration.json").read_text())
    return document


def updated(document: Topic, data: bytes = SPANISH) -> Updated:
    return Updated(update_catalogue(template_of(PLAN, document, ES), data, HEADER, "es.po"))


def edited(*edits: Callable[[list[Any]], object]) -> Topic:
    document = topic()
    for edit in edits:
        edit(document["sections"])
    return document


def insert_paragraph(sections: list[Any]) -> None:
    sections[1]["body"].insert(0, {"paragraph": "Water leaves the body all the time."})


def insert_section(sections: list[Any]) -> None:
    body = [{"paragraph": "Most people feel well again very soon."}]
    sections.insert(2, {"id": "outlook", "aspect": "outlook", "heading": "What comes next?", "body": body})


def reorder(sections: list[Any]) -> None:
    sections.insert(0, sections.pop())
    sections[3]["body"].reverse()


def correct_typos(sections: list[Any]) -> None:
    sections[0]["body"][0]["paragraph"] = (
        "Dehydration means that yuor body loses more water than it takes in."
    )
    sections[0]["body"][1]["paragraph"] += " Athletes are, too."
    sections[5]["body"][1]["paragraph"] = "In hot weather, rest in the shade and wear light clothing."


def rename(sections: list[Any]) -> None:
    sections[3]["heading"] = "How is dehydration found?"


def delete_item(sections: list[Any]) -> None:
    sections[1]["body"][1]["list"].pop()


def split_paragraph(sections: list[Any]) -> None:
    sections[4]["body"][0:1] = [
        {"paragraph": "The treatment is to replace the water and salts you have lost, even in mild cases."},
        {"paragraph": "In mild cases, drinking water may be enough."},
    ]


def delete_section(sections: list[Any]) -> None:
    del sections[2]


def raise_dose(sections: list[Any]) -> None:
    sections[4]["body"][2]["paragraph"] = sections[4]["body"][2]["paragraph"].replace("200", "20")


def test_the_topic_has_forty_strings_all_translated() -> None:
    assert updated(topic()).data == SPANISH
    assert updated(topic()).counts == (40, 0, 0, 0)


@pytest.mark.parametrize(
    ("edits", "counts"),
    [
        pytest.param([insert_paragraph], (40, 0, 1, 0), id="insert a paragraph"),
        pytest.param([insert_section], (40, 0, 2, 0), id="insert a section"),
        pytest.param([reorder], (40, 0, 0, 0), id="reorder"),
        pytest.param([correct_typos, rename], (36, 4, 0, 0), id="change four texts"),
        pytest.param([delete_item], (39, 0, 0, 1), id="delete an item"),
        pytest.param([split_paragraph], (39, 1, 1, 0), id="split a paragraph"),
        pytest.param([delete_section], (31, 0, 0, 9), id="delete a section"),
        pytest.param([raise_dose], (39, 0, 1, 1), id="change a dose"),
        pytest.param(
            [correct_typos, rename, delete_item, insert_paragraph, insert_section],
            (35, 4, 3, 1),
            id="all at once",
        ),
    ],
)
def test_only_what_an_edit_touches_is_work(
    edits: list[Callable[[list[Any]], object]], counts: tuple[int, int, int, int]
) -> None:
    result = updated(edited(*edits))
    assert result.counts == counts
    assert updated(edited(*edits), result.data).data == result.data


@pytest.mark.parametrize("edit", [insert_paragraph, insert_section, correct_typos, raise_dose, delete_item])
def test_unaffected_entries_stay_byte_for_byte(edit: Callable[[list[Any]], object]) -> None:
    result = updated(edited(edit))
    texts = {entry.msgid for entry in result.live if entry.msgstr and not entry.fuzzy}
    assert len(texts) >= 36
    before, after = Updated(SPANISH).blocks, result.blocks
    assert {msgid: after[msgid] for msgid in texts} == {msgid: before[msgid] for msgid in texts}


def test_only_items_of_a_list_quote_the_words_before_it() -> None:
    before, after = Updated(SPANISH).blocks, updated(edited(split_paragraph)).blocks
    changed = [msgid for msgid in before if msgid in after and before[msgid] != after[msgid]]
    assert changed == ["Weak tea", "Oral rehydration drinks", "Broth and soup", "Fruit with a lot of water"]
    assert "#. The list comes after: “In mild cases, drinking water may be enough.”" in after["Weak tea"]


def test_a_changed_text_shows_what_was_translated() -> None:
    (entry,) = [entry for entry in updated(edited(rename)).fuzzy if entry.msgctxt == "heading"]
    assert (entry.previous_msgid, entry.msgid) == (
        "How is dehydration diagnosed?",
        "How is dehydration found?",
    )
    assert entry.msgstr == "¿Cómo se diagnostica la deshidratación?"
    former = Key("heading", "How is dehydration diagnosed?")
    assert entry.tcomment.split("\n") == [
        "suggested: this catalogue (81 %).",
        confirmation_of(former, entry.msgstr),
    ]


def test_of_a_split_paragraph_the_greater_part_is_offered_the_translation() -> None:
    (entry,) = updated(edited(split_paragraph)).fuzzy
    assert entry.msgid.startswith("The treatment is to replace")
    assert entry.previous_msgid == topic()["sections"][4]["body"][0]["paragraph"]


def test_a_changed_dose_is_not_filled_in_and_a_comment_says_why() -> None:
    result = updated(edited(raise_dose))
    (entry,) = [entry for entry in result.live if not entry.msgstr]
    assert entry.tcomment == (
        "not suggested: “Take small sips of a rehydration drink. Adults often need 2…” differs in: "
        "200 milliliters → 20 milliliters.\n"
        "former English: Take small sips of a rehydration drink. Adults often need 200 milliliters after "
        f"each loose stool.\nformer translation: {result.obsolete[0].msgstr}"
    )
    assert "200 mililitros" in result.obsolete[0].msgstr
    translated = result.data.replace(
        b'each loose stool."\nmsgstr ""', b'each loose stool."\nmsgstr "Veinte."'
    )
    assert translated != result.data
    again = updated(edited(raise_dose), translated).data
    assert b"not suggested" not in again
    assert b"former " not in again


def by_msgcat(data: bytes, folder: Path) -> bytes:
    path = folder / "es.po"
    path.write_bytes(data)
    done = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True)
    return done.stdout


def by_poedit(data: bytes, folder: Path) -> bytes:
    """Write the file as Poedit does: wrapped, with its own header fields."""
    path = folder / "es.po"
    path.write_bytes(data.replace(b'"Language: es\\n"', b'"Language: es\\n"\n"X-Generator: Poedit 3.5\\n"'))
    return subprocess.run(["msgcat", "--force-po", path], check=True, capture_output=True).stdout


def by_polib(data: bytes, _folder: Path) -> bytes:
    return str(polib.pofile(data.decode(), wrapwidth=0)).encode() + b"\n"


@pytest.mark.gettext
@pytest.mark.parametrize("save", [lambda data, _folder: data, by_msgcat, by_poedit, by_polib])
@pytest.mark.parametrize(
    "edit", [delete_section, delete_item, raise_dose, reorder, insert_section, insert_paragraph]
)
def test_what_was_deleted_comes_back_with_its_text(
    edit: Callable[[list[Any]], object], save: Callable[[bytes, Path], bytes], tmp_path: Path
) -> None:
    saved = save(updated(edited(edit)).data, tmp_path)
    restored = updated(topic(), saved).data
    assert restored.replace(b'"X-Generator: Poedit 3.5\\n"\n', b"") == SPANISH


def test_an_edit_that_is_taken_back_gives_what_was_confirmed() -> None:
    once = updated(edited(correct_typos, rename))
    assert len(once.fuzzy) == 4
    assert updated(topic(), once.data).data == SPANISH
    twice = updated(edited(correct_typos, rename, insert_paragraph), once.data)
    assert updated(topic(), twice.data).data == SPANISH


def test_a_translation_that_was_edited_meanwhile_comes_back_for_review() -> None:
    once = updated(edited(correct_typos, rename))
    edited_file = po.parse(once.data, "es.po").file
    for entry in edited_file:
        entry.msgstr += " Más." if entry.fuzzy else ""
    result = updated(topic(), po.serialize(edited_file))
    assert result.counts == (36, 4, 0, 0)
    assert {entry.previous_msgid for entry in result.fuzzy} == {None}
    assert all(entry.msgstr.endswith(" Más.") for entry in result.fuzzy)


def test_a_translation_that_was_in_doubt_comes_back_in_doubt() -> None:
    doubtful = po.parse(SPANISH, "es.po").file
    for entry in doubtful:
        entry.flags.append("fuzzy")
    once = updated(edited(correct_typos, rename), po.serialize(doubtful))
    assert b"# confirmed: " not in once.data
    assert updated(topic(), once.data).counts == (0, 40, 0, 0)


def test_a_suggestion_whose_text_goes_is_kept_for_the_text_that_it_was_made_for() -> None:
    document = edited(correct_typos)
    once = updated(document)
    del document["sections"][0]["body"][1]
    gone = updated(document, once.data)
    assert [entry.msgid for entry in gone.obsolete] == [topic()["sections"][0]["body"][1]["paragraph"]]
    assert not gone.obsolete[0].fuzzy
    assert "confirmed: " not in gone.obsolete[0].tcomment
    assert updated(topic(), gone.data).data == SPANISH


@pytest.mark.gettext
def test_gettext_writes_suggestions_and_refusals_the_same(tmp_path: Path) -> None:
    data = updated(edited(correct_typos, raise_dose, delete_item)).data
    assert by_msgcat(data, tmp_path) == data
