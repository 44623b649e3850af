"""Topics that are translated by section and as a whole, from the catalogue to the exports."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from healthtopics import markup
from healthtopics.catalogue import Key
from healthtopics.catalogues import po
from healthtopics.catalogues.origin import origin_of
from healthtopics.language import LanguageTag
from healthtopics.layout import catalogue_path
from support.workspaces import ACCEPT, Workspace, run

CREDIT = {"attribution": "Based on information from the clinic."}
ENGLISH: list[dict[str, Any]] = [
    {
        "id": "overview",
        "aspect": "overview",
        "body": [
            {"paragraph": "Croup makes the <em>airways</em> narrow. It is common in children."},
            {"list": ["A barking cough", {"item": "A harsh noise", "list": ["when breathing in"]}]},
            CREDIT,
        ],
    },
    {
        "id": "treatment",
        "aspect": "treatment",
        "heading": "How is croup treated?",
        "body": [{"paragraph": "Most children get better at home."}],
    },
]
LINK = '<a href="topic:cough">tos</a>'
SPANISH_BODY: list[markup.BlockDocument] = [
    {"subheading": "Lo que se oye"},
    {"list": [{"item": f"Una {LINK} de perro", "list": ["de noche"], "ordered": True}, "Un ruido"]},
    {"paragraph": "El crup estrecha las vías &amp; es común."},
    {"paragraph": "Ocurre en niños."},
]
SPANISH_SECTIONS: list[markup.BlockDocument] = [
    {"id": "treatment", "body": [{"paragraph": "La mayoría mejora en casa."}]},
    {"id": "overview", "heading": "¿Qué es el crup?", "body": SPANISH_BODY},
]
WORDS = {
    "Croup": "Crup",
    "How is croup treated?": "¿Cómo se trata el crup?",
    CREDIT["attribution"]: "Con información de la clínica.",
    "Most children get better at home.": "La mayoría mejora en casa.",
}


def croup(id_: str, **members: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": "condition",
        "title": "Croup",
        "dates": {"created": "2026-11-01", "updated": "2026-11-10"},
        "sources": [{"id": "notes", "title": "Notes of the clinic", "language": "en"}],
        "accept": ACCEPT,
        **members,
    }


TOPICS = (
    croup("by-section", sections=[{**ENGLISH[0], "unit": "section"}, ENGLISH[1]]),
    croup("as-a-whole", unit="topic", sections=ENGLISH),
    croup("links-alone"),
)


@pytest.fixture
def croups(fresh: Workspace) -> Workspace:
    for topic in TOPICS:
        fresh.add_topic(topic)
    fresh.run("catalogue", "update")
    for topic in TOPICS:
        path = catalogue_path(LanguageTag("es"), topic["id"])
        file = po.parse((fresh.folder / path).read_bytes(), path).file
        for entry in file:
            entry.msgstr = spanish(entry.msgctxt, entry.msgid)
            entry.tcomment = origin_of(Key(entry.msgctxt, entry.msgid), entry.msgstr, "clinic")
        file.metadata["PO-Revision-Date"] = "2026-11-12 09:00+0000"
        fresh.write(path, po.serialize(file))
    return fresh


def spanish(role: str, msgid: str) -> str:
    if role == "section":
        return markup.serialize_body(SPANISH_BODY)
    return markup.serialize_sections(SPANISH_SECTIONS) if role == "summary" else WORDS[msgid]


def narratives(workspace: Workspace, name: str) -> list[tuple[str, str, str]]:
    """Return id, title and the inside of the narrative of each section of a FHIR document."""
    composition = workspace.artifact(name)["entry"][0]["resource"]
    return [
        (each["id"], each["title"], re.sub(r"^<div[^>]*>|</div>$", "", each["text"]["div"]))
        for part in composition["section"]
        for each in part.get("section", ())
    ]


def texts(workspace: Workspace, name: str) -> list[tuple[str, str, str]]:
    """Return key, headline and text of each section of a schema.org document."""
    return [
        (part["@id"].rpartition("#")[2], part["headline"], part["text"])
        for part in workspace.artifact(name).get("hasPart", ())
    ]


HTML = (
    "<h3>Lo que se oye</h3>"
    '<ul><li>Una <a href="https://topics.example.org/es/cough">tos</a> de perro'
    "<ol><li>de noche</li></ol></li><li>Un ruido</li></ul>"
    "<p>El crup estrecha las vías &amp; es común.</p><p>Ocurre en niños.</p>"
)
LINES = """\
Lo que se oye
Una tos de perro
de noche
Un ruido
El crup estrecha las vías & es común.
Ocurre en niños."""
HOME = "La mayoría mejora en casa."


def test_the_spanish_edition_says_exactly_what_its_catalogue_says_in_its_order(croups: Workspace) -> None:
    croups.publish()
    by_section = (("overview", "Información general"), ("treatment", "¿Cómo se trata el crup?"))
    whole = (("treatment", "Tratamiento"), ("overview", "¿Qué es el crup?"))
    html, lines = {"overview": HTML, "treatment": f"<p>{HOME}</p>"}, {"overview": LINES, "treatment": HOME}
    for topic, sections in (("by-section", by_section), ("as-a-whole", whole)):
        for version in ("r4", "r5"):
            found = narratives(croups, f"fhir/{version}/es/{topic}.json")
            assert found == [(key, title, html[key]) for key, title in sections]
        document = croups.artifact(f"schemaorg/es/{topic}.jsonld")
        assert texts(croups, f"schemaorg/es/{topic}.jsonld") == [
            (key, title, lines[key]) for key, title in sections
        ]
        assert document["creditText"] == ["Con información de la clínica."]
        assert "https://topics.example.org/es/cough" in document["significantLink"]


def test_the_english_edition_is_the_same_whatever_the_unit(croups: Workspace) -> None:
    croups.publish()
    by_section, whole = (
        narratives(croups, f"fhir/r4/en/{topic}.json") for topic in ("by-section", "as-a-whole")
    )
    assert by_section == whole
    assert [(key, title) for key, title, _ in whole] == [
        ("overview", "Overview"),
        ("treatment", "How is croup treated?"),
    ]


def test_a_topic_without_sections_is_published(croups: Workspace) -> None:
    croups.publish()
    for language in ("en", "es"):
        assert narratives(croups, f"fhir/r4/{language}/links-alone.json") == []
        assert texts(croups, f"schemaorg/{language}/links-alone.jsonld") == []


def test_what_is_wrong_with_imported_text_is_reported_and_holds_nothing(croups: Workspace) -> None:
    path = catalogue_path(LanguageTag("es"), "as-a-whole")
    before = (croups.folder / path).read_text()
    key, long = Key("title", "Croup"), "C" * 121
    edited = before.replace('msgstr "Crup"', f'msgstr "{long}"')
    imported = edited.replace(origin_of(key, "Crup", "clinic"), origin_of(key, long, "clinic"))
    croups.write(path, imported)
    (problem,) = croups.run("catalogue", "check", "as-a-whole", "--json").json["problems"]
    assert (problem["check"], problem["level"]) == ("message-too-long", "warning")
    croups.publish()
    assert croups.artifact("fhir/r4/es/as-a-whole.json")["entry"][0]["resource"]["title"] == long

    croups.write(path, edited)  # somebody's own edit
    (problem,) = croups.run("catalogue", "check", "as-a-whole", "--json", code=1).json["problems"]
    assert (problem["check"], problem["level"]) == ("message-too-long", "error")


def test_imported_text_that_is_english_after_all_stops_no_release(croups: Workspace) -> None:
    path = catalogue_path(LanguageTag("es"), "as-a-whole")
    file = po.parse((croups.folder / path).read_bytes(), path).file
    (entry,) = [each for each in file if each.msgctxt == "summary"]
    entry.msgstr = entry.msgid
    entry.tcomment = origin_of(Key("summary", entry.msgid), entry.msgstr, "clinic")
    croups.write(path, po.serialize(file))
    croups.publish()
    (first, _) = narratives(croups, "fhir/r4/es/as-a-whole.json")
    assert '<p lang="en" xml:lang="en">Croup makes' in first[2]


def test_another_unit_does_not_make_a_release(croups: Workspace) -> None:
    croups.publish()
    croups.edit_topic("links-alone", lambda topic: topic.update(unit="topic"))
    croups.edit_topic("asthma", lambda topic: topic["sections"][0].update(unit="section"))
    assert "stale-date" not in croups.publish().err


def test_sections_that_only_one_language_has_are_accepted(croups: Workspace) -> None:
    only = markup.serialize_sections(SPANISH_SECTIONS[1:])
    english = markup.serialize_sections(ENGLISH)
    croups.edit_catalogue("as-a-whole", english, msgstr=only)
    assert croups.run("check", "as-a-whole", "--json").json["problems"] == []
    croups.publish()
    assert [key for key, *_ in texts(croups, "schemaorg/es/as-a-whole.jsonld")] == ["overview"]
    assert [key for key, *_ in texts(croups, "schemaorg/en/as-a-whole.jsonld")] == ["overview", "treatment"]


def test_an_update_changes_no_byte(croups: Workspace) -> None:
    assert croups.run("catalogue", "update").out == "0 catalogues changed.\n"


@pytest.mark.gettext
@pytest.mark.parametrize("topic", ["by-section", "as-a-whole"])
def test_gettext_accepts_the_catalogue_and_would_write_the_same_bytes(
    croups: Workspace, topic: str, tmp_path: Path
) -> None:
    path = croups.folder / catalogue_path(LanguageTag("es"), topic)
    subprocess.run(["msgfmt", "--check", "-o", tmp_path / "x.mo", path], check=True)
    canonical = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True)
    assert canonical.stdout == path.read_bytes()


def test_a_whole_workspace_with_names_of_one_language_is_published(croups: Workspace) -> None:
    croups.write(
        "vocabulary/groups.json",
        '{"id": "groups", "title": "Groups", "entries": [{"id": "barrio", '
        '"label": {"text": "Salud del barrio", "language": "es"}}]}',
    )
    croups.edit_topic("as-a-whole", lambda topic: topic.update(groups=["barrio"]))
    croups.publish()
    english, spanish_ = (croups.artifact(f"schemaorg/{tag}/as-a-whole.jsonld") for tag in ("en", "es"))
    assert english["keywords"] == [{"@value": "Salud del barrio", "@language": "es"}]
    assert spanish_["keywords"] == ["Salud del barrio"]
    assert run("check", folder=croups.folder).code == 0


def test_callouts_are_in_every_edition_of_texts_that_are_translated_as_a_whole(croups: Workspace) -> None:
    signs = {"callout": "Call 911 if", "urgency": "emergency", "body": [{"list": ["the skin turns blue"]}]}
    words = {"Call 911 if": "Llame al 911 si", "the skin turns blue": "la piel se pone azul"}
    for name in ("by-section", "as-a-whole"):
        croups.edit_topic(
            name, lambda topic: (topic.pop("accept"), topic["sections"][0]["body"].insert(0, signs))
        )
    croups.run("catalogue", "update")
    for name in ("by-section", "as-a-whole"):
        for english, translation in words.items():
            croups.edit_catalogue(name, english, msgstr=translation)
    found = croups.run("check", "by-section", "as-a-whole", "--json").json["problems"]
    assert {each["check"] for each in found} == {"callout-followed"}
    croups.publish()
    for name in ("by-section", "as-a-whole"):
        parts = croups.artifact(f"schemaorg/es/{name}.jsonld")["hasPart"]
        (callout,) = [part for part in parts if "isPartOf" in part]
        assert (callout["headline"], callout["text"]) == tuple(words.values())
        assert callout["keywords"]["name"] == "Emergencia"
        bodies = [body for _id, _title, body in narratives(croups, f"fhir/r4/es/{name}.json")]
        (body,) = [body for body in bodies if "Llame al 911 si" in body]
        assert body.startswith('<div class="callout emergency"><p class="urgency">Emergencia</p>')
