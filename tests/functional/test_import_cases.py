"""Small files that were once imported wrongly, through the command line: what must come of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from healthtopics.release import read_artifact
from support.samples import ROOT
from support.workspaces import Run, Workspace, without_topics

CASES = ROOT / "tests/examples/medlineplus/cases"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return without_topics(tmp_path)


def imported(workspace: Workspace, case: str, *arguments: str, code: int = 0) -> Run:
    return workspace.run("import", "medlineplus", str(CASES / f"{case}.xml"), *arguments, code=code)


def document(workspace: Workspace, topic: str = "alpha") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((workspace.folder / f"topics/{topic}.json").read_text())
    return loaded


@pytest.mark.parametrize("case", ["a1-reordered-list", "b3-reordered", "b6-reordered"])
def test_a_list_in_another_order_makes_the_section_one_message(workspace: Workspace, case: str) -> None:
    done = imported(workspace, case, "--json").json
    assert done["totals"]["messages"]["sections"] == 1
    assert done["totals"]["doubts"] > 0


def test_index_terms_are_never_names_of_the_subject(workspace: Workspace) -> None:
    imported(workspace, "see-reference")
    workspace.publish()
    (topic,) = workspace.artifact("topics.json")["topics"]
    (card,) = topic["editions"]
    assert card["indexTerms"] == ["Abuse", "Violence"]
    assert "synonyms" not in card
    subject = workspace.artifact("schemaorg/en/elder-abuse.jsonld")["about"]
    assert "alternateName" not in subject
    codes = workspace.artifact("fhir/r4/CodeSystem/health-topic.json")
    assert "Abuse" not in json.dumps(codes["concept"]).replace("Elder Abuse", "")


def test_a_category_of_one_link_is_nobody_s_counterpart(workspace: Workspace) -> None:
    imported(workspace, "category-one-vote")
    workspace.publish()
    page = json.dumps(workspace.artifact("schemaorg/es/alpha.jsonld"), ensure_ascii=False)
    assert page.count("Más información") >= 1
    assert "Encyclopedia" not in page
    assert document(workspace)["resources"][0]["categories"] == {
        "en": ["encyclopedia"],
        "es": ["mas-informacion"],
    }


def test_a_spanish_text_without_headings_gets_none(workspace: Workspace) -> None:
    imported(workspace, "a8-missing-heading-es")
    workspace.publish()
    spanish = json.dumps(workspace.artifact("schemaorg/es/alpha.jsonld"), ensure_ascii=False)
    assert "Factores de riesgo" not in spanish
    assert "RisksOrComplications" not in spanish


def test_only_sure_headings_have_an_aspect(workspace: Workspace) -> None:
    imported(workspace, "why-heading")
    aspects = {each["heading"]: each["aspect"] for each in document(workspace, "vaccines")["sections"]}
    assert aspects.pop("What are vaccines?") == "overview"
    assert set(aspects.values()) == {"other"}
    assert len(aspects) == 7


def test_a_description_that_translates_nothing_stays_in_its_language(workspace: Workspace) -> None:
    imported(workspace, "description-not-translation")
    workspace.publish()
    english, spanish = (workspace.artifact(f"schemaorg/{tag}/fatigue.jsonld") for tag in ("en", "es"))
    assert english["description"] == "Are you tired? Find out what helps."
    assert spanish["description"] == "Todo el mundo se cansa. Sepa cuándo no es solo cansancio."
    catalogue = (workspace.folder / "locales/es/LC_MESSAGES/fatigue.po").read_text()
    assert "Find out what helps" not in catalogue


def test_a_description_that_is_too_long_keeps_whole_sentences_and_is_reported(workspace: Workspace) -> None:
    done = imported(workspace, "desc-cut", "--json").json
    own = document(workspace)["ownDescriptions"][1]["text"]
    assert own.endswith("puede tener síntomas persistentes.")
    assert done["totals"]["repaired"] == {"medlineplus-too-long": 1}


def test_the_spanish_institute_address_and_creation_date_are_kept(workspace: Workspace) -> None:
    imported(workspace, "spanish-institute-url")
    assert document(workspace)["dates"] == {
        "created": "2003-01-02",
        "createdIn": {"es": "2006-10-31"},
        "updated": "2026-10-09",
    }
    formats = 'formats = ["fhir-r4", "schemaorg", "html"]'
    workspace.replace("healthtopics.toml", "cadence", f"{formats}\ncadence")
    workspace.publish()
    english, spanish = (workspace.artifact(f"schemaorg/{tag}/alpha.jsonld") for tag in ("en", "es"))
    assert (english["datePublished"], spanish["datePublished"]) == ("2003-01-02", "2006-10-31")
    address = "https://medlineplus.gov/spanish/nihinstitutes.html#NIA"
    for page in (
        json.dumps(spanish),
        json.dumps(workspace.artifact("fhir/r4/es/alpha.json")),
    ):
        assert address in page
    assert address not in json.dumps(english)


def test_what_only_one_record_says_of_institutes_codes_and_dates(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = (CASES / "spanish-institute-url.xml").read_text()
    english = (
        '<primary-institute url="https://www.nia.nih.gov/">National Institute on Aging</primary-institute>'
    )
    mesh = (
        '<mesh-heading><descriptor id="D001249">Asthma</descriptor>'
        '<qualifier id="Q000628">therapy</qualifier></mesh-heading>'
    )
    text = text.replace(english, "").replace(' date-created="10/31/2006"', "")
    text = text.replace("<language-mapped-topic", f"{mesh}<language-mapped-topic", 1)
    file = tmp_path / "one-sided.xml"
    file.write_text(text)
    done = workspace.run("import", "medlineplus", str(file), "--json").json
    assert [each["message"] for each in done["topics"][0]["repairs"]] == [
        "the record in 'es' has no date of creation; 2003-01-02 is used."
    ]
    assert document(workspace)["primaryInstitute"] == {"es": "instituto-nacional-sobre-el-envejecimiento"}
    formats = 'formats = ["fhir-r4", "schemaorg", "html"]'
    workspace.replace("healthtopics.toml", "cadence", f"{formats}\ncadence")
    workspace.publish()
    pages = [json.dumps(workspace.artifact(f"schemaorg/{tag}/alpha.jsonld")) for tag in ("en", "es")]
    assert ["nihinstitutes.html#NIA" in page for page in pages] == [False, True]
    assert all("D001249Q000628" in page for page in pages)
    said = workspace.run("import", "medlineplus", str(file), "--verify", "--json").json["problems"]
    assert [(each["level"], each["path"], each["message"]) for each in said] == [
        ("warning", "schemaorg/es/alpha.jsonld", "date of creation: the document adds “2003-01-02”.")
    ]


def test_a_packaged_institute_gets_its_spanish_address(workspace: Workspace, tmp_path: Path) -> None:
    text = (CASES / "spanish-institute-url.xml").read_text()
    text = text.replace(">National Institute on Aging<", ">National Institutes of Health<")
    text = text.replace("https://www.nia.nih.gov/", "https://www.nih.gov/").replace("html#NIA", "html#NIH")
    file = tmp_path / "packaged.xml"
    file.write_text(text.replace("Nacional sobre el Envejecimiento", "Nacionales de la Salud"))
    workspace.run("import", "medlineplus", str(file))
    again = workspace.run("import", "medlineplus", str(file), "--json").json
    assert again["changed"] == []
    vocabulary = json.loads((workspace.folder / "vocabulary/organizations.json").read_text())
    (nih,) = [each for each in vocabulary["entries"] if each["id"] == "nih"]
    assert nih["urls"] == {"es": "https://medlineplus.gov/spanish/nihinstitutes.html#NIH"}
    assert nih["type"] == "GovernmentOrganization"
    workspace.publish()
    said = workspace.run("import", "medlineplus", str(file), "--verify", "--json").json["problems"]
    assert said == []


def test_a_related_topic_in_another_language_is_left_out_and_reported(workspace: Workspace) -> None:
    done = imported(workspace, "spanish-related-in-english", "--json").json
    assert "relatedTopics" not in document(workspace, "arsenic")
    # The Spanish records of the case have an English description, too.
    assert done["totals"]["repaired"] == {
        "medlineplus-related-language": 1,
        "medlineplus-english-in-spanish": 2,
    }
    arsenic = next(each for each in done["topics"] if each["id"] == "arsenic")
    (repair,) = [each for each in arsenic["repairs"] if each["check"] == "medlineplus-related-language"]
    assert "“Asbesto”" in repair["message"]


@pytest.mark.parametrize("spanish", ["", "Our clinics will be closed at noon. Please call us."])
def test_english_in_a_spanish_record_is_reported(workspace: Workspace, tmp_path: Path, spanish: str) -> None:
    text = (CASES / "r32-english-in-spanish.xml").read_text()
    copy = "Clinics are closed at noon. Call us for help today."
    assert text.count(copy) == 2
    head, middle, tail = text.split(copy)
    file = tmp_path / "english.xml"
    file.write_text(f"{head}{copy}{middle}{spanish or copy}{tail}")
    done = workspace.run("import", "medlineplus", str(file), "--json").json
    assert done["totals"]["repaired"] == {"medlineplus-english-in-spanish": 1}
    workspace.publish()


def test_english_in_a_spanish_record_never_leaves_as_spanish(workspace: Workspace, tmp_path: Path) -> None:
    text = (CASES / "r32-english-in-spanish.xml").read_text()
    head, _, tail = text.rpartition("Clinics are closed at noon. Call us for help today.")
    lines = "&lt;ul&gt;&lt;li&gt;Do not take it with food&lt;/li&gt;&lt;li&gt;Descanse&lt;/li&gt;&lt;/ul&gt;"
    text = f"{head}Las clínicas cierran al mediodía.&lt;/p&gt;{lines}&lt;p&gt;Our offices are closed.{tail}"
    text = text.replace("Sobre esto.", "Find out what to do about it.").replace("¿Qué es?", "What is it?")
    name = "<also-called>Trouble breathing</also-called><full-summary>"
    front, _, rest = text.rpartition("<full-summary>")
    file = tmp_path / "english.xml"
    file.write_text(front + name + rest)
    done = workspace.run("import", "medlineplus", str(file), "--json").json
    assert done["totals"]["repaired"] == {"medlineplus-english-in-spanish": 5}
    formats = 'formats = ["fhir-r4", "schemaorg", "html"]'
    workspace.replace("healthtopics.toml", "cadence", f"{formats}\ncadence")
    workspace.publish()
    name = "html/es/alpha.html"
    page = read_artifact(workspace.store, name, workspace.current().manifest.files[name]).decode()
    for english in ("Do not take it with food", "Our offices are closed.", "What is it?"):
        (line,) = {each for each in page.splitlines() if f">{english}<" in each and "<title" not in each}
        assert 'lang="en"' in line
    document = workspace.artifact("schemaorg/es/alpha.jsonld")
    assert "Find out" not in json.dumps(document)
    assert "Trouble breathing" not in json.dumps(document)
    verified = workspace.run("import", "medlineplus", str(file), "--verify", "--json").json
    said = {each["message"] for each in verified["problems"]}
    assert said == {
        "other names in English: the document lacks “Trouble breathing”.",
        "description: the document lacks “Find out what to do about it.”.",
    }
    assert {each["level"] for each in verified["problems"]} == {"warning"}


@pytest.mark.parametrize("twin", ["", ' language-mapped-url="https://a.example/en"'])
def test_the_english_title_of_a_spanish_page_is_marked(
    workspace: Workspace, tmp_path: Path, twin: str
) -> None:
    """Alone, and beside the title of the same page in English."""
    title = "High blood pressure in children and what to do"
    category = "<information-category>{}</information-category></site>"
    there = f'<site title="{title}" url="https://a.example/es"{twin}>{category.format("Comience aquí")}'
    here = f'<site title="{title}" url="https://a.example/en">{category.format("Start Here")}' if twin else ""
    first, second, end = (CASES / "r32-english-in-spanish.xml").read_text().split("</health-topic>")
    file = tmp_path / "english.xml"
    file.write_text(f"{first}{here}</health-topic>{second}{there}</health-topic>{end}")
    workspace.run("import", "medlineplus", str(file))
    formats = 'formats = ["fhir-r4", "schemaorg", "html"]'
    workspace.replace("healthtopics.toml", "cadence", f"{formats}\ncadence")
    workspace.publish()
    parts = workspace.artifact("schemaorg/es/alpha.jsonld")["hasPart"]
    (link,) = [each["mainEntity"]["itemListElement"][0]["item"] for each in parts if "mainEntity" in each]
    assert (link["name"], link["inLanguage"]) == ({"@language": "en", "@value": title}, "es")
    name = "html/es/alpha.html"
    page = read_artifact(workspace.store, name, workspace.current().manifest.files[name]).decode()
    assert f'<span lang="en">{title}</span>' in page
    bundle = json.dumps(workspace.artifact("fhir/r4/es/alpha.json"))
    assert json.dumps(f'<span lang="en" xml:lang="en">{title}</span>')[1:-1] in bundle
    verified = workspace.run("import", "medlineplus", str(file), "--verify")
    assert "2 of 2 editions: 100.00% faithful." in verified.out


def test_spanish_with_english_names_is_not_reported(workspace: Workspace, tmp_path: Path) -> None:
    text = (CASES / "r32-english-in-spanish.xml").read_text()
    spanish = (
        "Pregunte por el programa «Women, Infants and Children (WIC)» de los Centers for Disease Control."
    )
    head, _, tail = text.rpartition("Clinics are closed at noon. Call us for help today.")
    file = tmp_path / "names.xml"
    file.write_text(f"{head}{spanish}{tail}")
    done = workspace.run("import", "medlineplus", str(file), "--json").json
    assert done["totals"]["repaired"] == {}


def test_where_spanish_lags_the_section_is_one_message(workspace: Workspace) -> None:
    done = imported(workspace, "r33-spanish-lags", "--json").json
    assert done["totals"]["messages"] == {"blocks": 0, "sections": 1, "summaries": 0}


def test_an_answer_of_the_web_service_brings_new_topics_and_changes_none(workspace: Workspace) -> None:
    done = imported(workspace, "wsearch", "--json").json
    assert done["totals"]["outcomes"] == {"added": 1}
    assert document(workspace, "fatigue")["alsoCalled"] == ["Tiredness"]
    again = imported(workspace, "wsearch", "--json").json
    assert again["changed"] == []
    assert "medlineplus-known" in {problem["check"] for problem in again["problems"]}
    workspace.publish()


def test_an_ampersand_as_a_sign_is_read(workspace: Workspace) -> None:
    done = imported(workspace, "amp-in-text", "--json").json
    assert [each["check"] for each in done["problems"]] == ["medlineplus-no-twin"]
    assert document(workspace)["sections"][0]["body"] == [{"paragraph": "Fish &amp; chips."}]


@pytest.mark.parametrize("case", ["bound", "punctuation-colon"])
def test_good_spanish_raises_no_false_alarm(workspace: Workspace, case: str) -> None:
    imported(workspace, case)
    assert workspace.run("catalogue", "check", "alpha").out + workspace.publish().err == "No problems.\n"


def test_one_section_in_each_language_is_paired(workspace: Workspace) -> None:
    done = imported(workspace, "one-section", "--json").json
    assert done["totals"]["messages"] == {"blocks": 2, "sections": 0, "summaries": 0}


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        (
            "Signs are:&lt;br&gt;- Fever&lt;br&gt;- Cough",
            [{"paragraph": "Signs are:"}, {"list": ["Fever", "Cough"]}],
        ),
        ("- Fever&lt;br&gt;- Cough", [{"list": ["Fever", "Cough"]}]),
        ("&lt;/p&gt;&lt;p&gt;• Fever&lt;/p&gt;&lt;p&gt;• Cough", [{"list": ["Fever", "Cough"]}]),
        ("1. Rest&lt;br&gt;2. Ice", [{"list": ["Rest", "Ice"], "ordered": True}]),
        ("1. Rest&lt;br&gt;3. Ice", [{"paragraph": "1. Rest"}, {"paragraph": "3. Ice"}]),
        ("- Fever", [{"paragraph": "- Fever"}]),
        ("-5 &lt;br&gt;-7", [{"paragraph": "-5"}, {"paragraph": "-7"}]),
        ("– Yes, he said.&lt;br&gt;Then:", [{"paragraph": "– Yes, he said."}, {"paragraph": "Then:"}]),
    ],
)
def test_lines_with_dashes_are_a_list(
    workspace: Workspace, tmp_path: Path, text: str, blocks: list[dict[str, Any]]
) -> None:
    file = tmp_path / "dashes.xml"
    xml = (CASES / "amp-in-text.xml").read_text().replace("Fish & chips.", text)
    file.write_text(xml)
    workspace.run("import", "medlineplus", str(file))
    assert document(workspace)["sections"][0]["body"] == blocks


def test_a_list_written_with_dashes_is_paired_item_by_item(workspace: Workspace) -> None:
    done = imported(workspace, "r4-dash-lines", "--json").json
    assert {"list": ["Fever", "Cough", "Pain"]} in document(workspace)["sections"][0]["body"]
    assert done["totals"]["messages"] == {"blocks": 4, "sections": 0, "summaries": 0}
    workspace.publish()
    verified = imported(workspace, "r4-dash-lines", "--verify", "--json").json
    assert [each for each in verified["problems"] if each["level"] != "info"] == []


def test_a_clash_says_which_text_is_in_use(workspace: Workspace) -> None:
    imported(workspace, "clash-day1")
    workspace.edit_catalogue("alpha", "Coffee is not harmful.", msgstr="El café no hace daño.")
    done = imported(workspace, "clash-day2")
    (said,) = [line for line in done.err.splitlines() if "Coffee" in line]
    assert "the imported text is in use; the local translation" in said
    catalogue = (workspace.folder / "locales/es/LC_MESSAGES/alpha.po").read_text()
    assert '\nmsgstr "El café no es peligroso."' in catalogue
    assert '\n#~ msgstr "El café no hace daño."' in catalogue


def test_a_clash_in_which_local_work_stays_says_so(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, "clash-day1")
    workspace.edit_catalogue("alpha", "Coffee is not harmful.", msgstr="El café no hace daño.")
    text = (CASES / "clash-day1.xml").read_text().replace("10/09/2026", "10/10/2026")
    file = tmp_path / "spanish-changed.xml"
    file.write_text(text.replace("El café no es dañino.", "El café no es malo."))
    done = workspace.run("import", "medlineplus", str(file))
    (said,) = [line for line in done.err.splitlines() if "Coffee" in line]
    assert "the local text stays" in said
    assert "El café no hace daño." in (workspace.folder / "locales/es/LC_MESSAGES/alpha.po").read_text()


def test_verify_compares_what_a_record_states_apart_from_its_text(workspace: Workspace) -> None:
    formats = 'formats = ["fhir-r4", "schemaorg", "html"]'
    workspace.replace("healthtopics.toml", "cadence", f"{formats}\ncadence")
    imported(workspace, "category-one-vote")
    workspace.publish()
    done = imported(workspace, "category-one-vote", "--verify", "--json").json
    assert [each for each in done["problems"] if each["level"] != "info"] == []
    assert "links with title and address" in done["coverage"]
    assert done["coverage"] in imported(workspace, "category-one-vote", "--verify").out
    workspace.edit_topic("alpha", lambda topic: topic["resources"][0].update(title="Beta"))
    workspace.run("catalogue", "update")
    workspace.edit_catalogue("alpha", "Beta", msgstr="Alfa")
    workspace.publish()
    done = imported(workspace, "category-one-vote", "--verify", "--json", code=1).json
    found = [each for each in done["problems"] if each["check"] == "medlineplus-statement-differs"]
    assert {each["path"] for each in found} == {
        "fhir/r4/en/alpha.json",
        "schemaorg/en/alpha.jsonld",
        "html/en/alpha.html",
    }
    assert all("Beta" in each["message"] for each in found)


def test_what_was_repaired_is_a_line_with_an_example_or_listed(workspace: Workspace) -> None:
    said = imported(workspace, "r32-english-in-spanish", "--dry-run").err
    assert "1 × medlineplus-english-in-spanish, for example alpha: “Clinics are closed" in said
    said = imported(workspace, "r32-english-in-spanish", "--verbose").err
    assert "medlineplus-english-in-spanish  alpha: “Clinics are closed" in said
    said = imported(workspace, "r32-english-in-spanish").err
    assert "1 × medlineplus-english-in-spanish, for example alpha: as at the import that changed it" in said
