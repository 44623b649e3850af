"""MedlinePlus files into a workspace, through the command line: first, every day, and with bad input."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from healthtopics.catalogues import po
from healthtopics.language import LanguageTag
from healthtopics.layout import catalogue_path
from support.samples import ROOT
from support.workspaces import CONFIGURATION, SPANISH, TOPICS, Run, Workspace, tree, without_topics

EXAMPLE = ROOT / "tests/examples/medlineplus/abdominal-pain-2012.xml"
TOPIC = "topics/abdominal-pain.json"
CATALOGUE = catalogue_path(LanguageTag("es"), "abdominal-pain")
STATE = "imports/medlineplus.json"


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """A workspace without topics."""
    return without_topics(tmp_path)


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated collection, small: every structure and every kind of dirt."""
    folder = tmp_path_factory.mktemp("corpus")
    for name, more in (("first.xml", ()), ("next.xml", ("--edit", "3"))):
        command = [
            sys.executable,
            ROOT / "benchmarks/corpus.py",
            folder / name,
            "--topics",
            "120",
            "--seed",
            "7",
        ]
        subprocess.run([*map(str, command), *more], check=True, capture_output=True)
    return folder


@dataclass(frozen=True, slots=True)
class Generated:
    """The generated collection in a workspace, for tests that read it, and what the import reported."""

    workspace: Workspace
    report: dict[str, Any]


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory, synthetic: Path) -> Generated:
    workspace = without_topics(tmp_path_factory.mktemp("generated"))
    return Generated(workspace, imported(workspace, synthetic / "first.xml", "--json").json)


@pytest.fixture(scope="session")
def published_collection(tmp_path_factory: pytest.TempPathFactory, generated: Generated) -> Workspace:
    workspace = generated.workspace.copy(tmp_path_factory.mktemp("published-collection") / "workspace")
    workspace.publish()
    return workspace


def imported(workspace: Workspace, file: Path = EXAMPLE, *arguments: str, code: int = 0) -> Run:
    return workspace.run("import", "medlineplus", str(file), *arguments, code=code)


def document(workspace: Workspace, path: str = TOPIC) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((workspace.folder / path).read_text())
    return loaded


def spanish(workspace: Workspace, msgid: str) -> str:
    file = po.parse((workspace.folder / CATALOGUE).read_bytes(), CATALOGUE).file
    return next(entry.msgstr for entry in file if entry.msgid == msgid and not entry.obsolete)


def later(tmp_path: Path, day: str, *replacements: tuple[str, str]) -> Path:
    """Return the example as it might be on a later day."""
    text = EXAMPLE.read_text().replace("07/21/2012 02:32:56", f"{day} 02:32:56")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / f"on-{day.replace('/', '-')}.xml"
    path.write_text(text)
    return path


# The first time


def test_two_records_become_one_topic_with_its_catalogue(empty: Workspace) -> None:
    imported(empty)
    topic = document(empty)
    assert (topic["title"], topic["publisher"], topic["kind"]) == ("Abdominal Pain", "nlm", "symptom")
    assert topic["pages"].keys() == {"en", "es"}
    assert [each["value"] for each in topic["identifiers"]] == ["3061", "3062"]
    assert topic["dates"] == {
        "created": "2003-01-07",
        "createdIn": {"es": "2003-02-07"},
        "updated": "2012-07-21",
    }
    assert topic["codes"] == [{"system": "mesh", "code": "D015746", "display": "Abdominal Pain"}]
    assert spanish(empty, "Abdominal Pain") == "Dolor abdominal"
    assert spanish(empty, "Bellyache") == "Dolor de barriga\nDolor de estómago\nDolor de panza"


def test_every_link_of_both_records_is_there(empty: Workspace) -> None:
    imported(empty)
    links = [url for resource in document(empty)["resources"] for url in resource["links"].values()]
    sites = re.findall(r'<site\s[^>]*?url="([^"]*)"', EXAMPLE.read_text())
    assert len(sites) == 79
    assert {url.replace("&amp;", "&") for url in sites if "pubmed?" not in url} <= set(links)
    assert sum("pubmed?" in url for url in links) == 3


def test_what_is_imported_is_published_and_faithful(empty: Workspace) -> None:
    imported(empty)
    done = empty.publish("--strict")
    assert "1 in en, 1 in es" in done.out
    verified = imported(empty, EXAMPLE, "--verify", "--json").json
    assert (verified["editions"], verified["faithful"], verified["share"]) == (2, 2, 1.0)
    assert all(problem["level"] == "info" for problem in verified["problems"])


def test_verify_reports_a_text_that_was_changed_here(empty: Workspace) -> None:
    imported(empty)
    english = "The pain in your abdomen is sudden and sharp"
    empty.edit_catalogue("abdominal-pain", english, msgstr="El dolor del abdomen no es repentino ni agudo")
    assert imported(empty, EXAMPLE, "--verify", code=1).err.count("no release") == 1
    empty.publish()
    done = imported(empty, EXAMPLE, "--verify", code=1)
    assert done.out.count("medlineplus-unfaithful") == 4  # in each format
    assert "1 of 2 editions: 50.00% faithful" in done.out


def test_what_verify_says_to_do_next_helps(empty: Workspace) -> None:
    imported(empty)
    english = "The pain in your abdomen is sudden and sharp"
    empty.edit_catalogue("abdominal-pain", english, msgstr="El dolor del abdomen no es repentino ni agudo")
    empty.publish()
    state = "imports/medlineplus.json"
    for _first_and_second_time in range(2):
        done = imported(empty, EXAMPLE, "--verify", code=1)
        said = done.out.rpartition("Next: ")[2].rstrip()
        assert said.startswith("import the file again, run `healthtopics publish`, and compare again. ")
        assert f"delete the part here and the topic's entry in {state}, and do the same once more. " in said
        imported(empty)
        empty.publish()
    empty.edit_catalogue("abdominal-pain", english, msgstr="")
    known = json.loads((empty.folder / state).read_text())
    known["topics"] = {key: each for key, each in known["topics"].items() if each["id"] != "abdominal-pain"}
    empty.write(state, json.dumps(known))
    imported(empty)
    empty.publish()
    done = imported(empty, EXAMPLE, "--verify")
    assert "2 of 2 editions: 100.00% faithful" in done.out
    assert "Next:" not in done.out


def test_the_cache_changes_nothing_that_verify_says(empty: Workspace) -> None:
    imported(empty)
    english = "The pain in your abdomen is sudden and sharp"
    empty.edit_catalogue("abdominal-pain", english, msgstr="El dolor del abdomen no es repentino ni agudo")
    empty.publish("--no-cache")
    plain = imported(empty, EXAMPLE, "--verify", "--json", "--no-cache", code=1)
    cache = empty.folder / ".cache/known.sqlite"
    assert not cache.exists()
    first = imported(empty, EXAMPLE, "--verify", "--json", code=1)
    assert b"verified:" in cache.read_bytes()
    second = imported(empty, EXAMPLE, "--verify", "--json", code=1)
    cache.write_bytes(cache.read_bytes().replace(b"medlineplus-unfaithful", b"medlineplus-unfriendly"))
    altered = imported(empty, EXAMPLE, "--verify", "--json", code=1)
    cache.write_bytes(b"no database")
    damaged = imported(empty, EXAMPLE, "--verify", "--json", code=1)
    assert {each.steady for each in (first, second, altered, damaged)} == {plain.steady}
    assert {first.err, second.err, altered.err, damaged.err} == {plain.err}


def test_verify_notices_a_damaged_artifact_that_the_cache_knows(empty: Workspace) -> None:
    imported(empty)
    empty.publish()
    imported(empty, EXAMPLE, "--verify")
    pages = [path for path in (empty.folder / "exports/objects").rglob("*") if path.is_file()]
    for path in pages:
        path.chmod(0o644)
        path.write_bytes(b"{}")
    with_cache = imported(empty, EXAMPLE, "--verify", code=1)
    assert with_cache == imported(empty, EXAMPLE, "--verify", "--no-cache", code=1)


def test_pages_are_compared_with_the_file(empty: Workspace) -> None:
    formats = 'formats = ["fhir-r4", "schemaorg", "html"]'
    empty.replace("healthtopics.toml", "cadence", f"{formats}\ncadence")
    imported(empty)
    empty.publish()
    verified = imported(empty, EXAMPLE, "--verify", "--json").json
    assert (verified["result"], verified["editions"], verified["faithful"]) == ("verified", 2, 2)
    english = "The pain in your abdomen is sudden and sharp"
    empty.edit_catalogue("abdominal-pain", english, msgstr="El dolor del abdomen no es repentino ni agudo")
    empty.publish()
    done = imported(empty, EXAMPLE, "--verify", "--json", code=1).json
    unfaithful = [each["path"] for each in done["problems"] if each["check"] == "medlineplus-unfaithful"]
    assert "html/es/abdominal-pain.html" in unfaithful
    assert len(unfaithful) == 3  # in each format


def test_verify_reports_an_edition_that_is_not_published(empty: Workspace) -> None:
    imported(empty)
    empty.edit_catalogue("abdominal-pain", "Abdominal Pain", msgstr="")
    empty.publish()
    done = imported(empty, EXAMPLE, "--verify", code=1)
    assert done.out.count("medlineplus-not-published") == 4


def test_the_pairs_of_pages_that_the_file_states_are_twins(empty: Workspace) -> None:
    def pages() -> list[dict[str, str]]:
        rows = json.loads((empty.folder / "twins.json").read_text())["twins"]
        assert {row["from"] for row in rows} == {"medlineplus"}
        return [row["pages"] for row in rows]

    assert "twins.json" in imported(empty, EXAMPLE, "--json").json["changed"]
    page = "https://www.nlm.nih.gov/medlineplus/{}abdominalpain.html"
    both = {"en": page.format(""), "es": page.format("spanish/")}
    assert both in pages()
    for resource in document(empty)["resources"]:
        if len(resource["links"]) > 1:
            assert resource["links"] in pages()
    # Without all records, no row goes.
    rows = pages()
    imported(empty, EXAMPLE, "--only", "abdominal-pain")
    assert pages() == rows
    # A text that was written here links to the page in its language.
    link = '<a href="' + both["en"] + '">{}</a>.'
    section = {**TOPICS["fever"]["sections"][0], "body": [{"paragraph": f"See {link.format('belly pain')}"}]}
    empty.write("topics/fever.json", json.dumps({**TOPICS["fever"], "sections": [section]}))
    empty.run("catalogue", "update")
    path = catalogue_path(LanguageTag("es"), "fever")
    file = po.parse((empty.folder / path).read_bytes(), path).file
    for entry in file:
        entry.msgstr = SPANISH.get(entry.msgid, f"Vea {link.format('dolor de vientre')}")
    empty.write(path, po.serialize(file))
    empty.publish()
    assert empty.artifact("schemaorg/es/fever.jsonld")["significantLink"] == [both["es"]]


def test_technical_categories_never_show(empty: Workspace) -> None:
    imported(empty)
    empty.publish()
    everything = b"".join(data for _, data in tree(empty.folder) if isinstance(data, bytes))
    assert b"NON-DISPLAY" not in everything
    assert "Spanish/Español".encode() not in everything


@pytest.mark.slow
@pytest.mark.gettext
def test_gettext_tools_accept_the_catalogues(generated: Generated) -> None:
    for path in sorted((generated.workspace.folder / "locales/es/LC_MESSAGES").glob("*.po")):
        subprocess.run(["msgfmt", "--check", "-o", os.devnull, path], check=True)
        again = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True).stdout
        assert again == path.read_bytes()


def test_a_zip_and_standard_input_give_the_same(empty: Workspace, tmp_path: Path) -> None:
    zipped = Path(shutil.make_archive(str(tmp_path / "topics"), "zip", EXAMPLE.parent, EXAMPLE.name))
    imported(empty, zipped)
    first = dict(tree(empty.folder))
    command = [
        sys.executable,
        "-c",
        "from healthtopics.cli import main; main()",
        "import",
        "medlineplus",
        "-",
        "-C",
        str(empty.folder),
    ]
    with zipped.open("rb") as stream:
        done = subprocess.run(command, stdin=stream, check=True, capture_output=True, text=True)
    assert "0 files changed" in done.stdout
    assert dict(tree(empty.folder)) == first


def test_a_dry_run_writes_nothing_and_says_what_would_change(empty: Workspace) -> None:
    before = dict(tree(empty.folder))
    done = imported(empty, EXAMPLE, "--dry-run", "--json").json
    assert TOPIC in done["changed"]
    assert done["result"] == "dry-run"
    assert dict(tree(empty.folder)) == before


def test_the_report_tells_topic_by_topic(empty: Workspace, tmp_path: Path) -> None:
    imported(empty, EXAMPLE, "--report", str(tmp_path / "report.json"))
    report = json.loads((tmp_path / "report.json").read_text())
    (topic,) = report["topics"]
    assert topic["outcome"] == "added"
    assert topic["messages"] == {"blocks": 7, "sections": 0, "summaries": 0}
    assert report["totals"]["messages"] == topic["messages"]


# The generated collection


@pytest.mark.slow
def test_the_generated_collection_is_published_and_faithful(
    generated: Generated, published_collection: Workspace, synthetic: Path
) -> None:
    messages = generated.report["totals"]["messages"]
    assert messages["sections"] > 5
    assert messages["summaries"] > 2
    assert messages["blocks"] > 2000
    verified = imported(published_collection, synthetic / "first.xml", "--verify", "--json").json
    assert [problem for problem in verified["problems"] if problem["level"] == "error"] == []
    assert verified["share"] == 1.0
    assert verified["editions"] > 220


@pytest.mark.slow
def test_the_next_day_changes_only_what_changed(
    published_collection: Workspace, synthetic: Path, tmp_path: Path
) -> None:
    workspace = published_collection.copy(tmp_path / "workspace")
    before = dict(tree(workspace.folder / "topics"))
    done = imported(workspace, synthetic / "next.xml", "--json").json
    outcomes = done["totals"]["outcomes"]
    assert (outcomes["added"], outcomes["withdrawn"]) == (1, 1)
    assert 3 <= outcomes["changed"] <= 7
    after = dict(tree(workspace.folder / "topics"))
    changed = {name for name in before if before[name] != after[name]}
    dates = {name: json.loads(after[name])["dates"] for name in changed}
    assert all(each["updated"] == done["generated"] or "withdrawFrom" in each for each in dates.values())
    assert sum("withdrawFrom" in each for each in dates.values()) == 1
    workspace.publish(at="2027-01-01T06:00:00Z")
    verified = imported(workspace, synthetic / "next.xml", "--verify", "--json").json
    assert verified["share"] == 1.0


# Every day


def test_catalogue_update_has_nothing_to_do_after_an_import(empty: Workspace) -> None:
    imported(empty)
    # An import writes what its file has; the words of pages come with the package.
    empty.run("catalogue", "update", "interface")
    before = dict(tree(empty.folder))
    assert "0 catalogues changed" in empty.run("catalogue", "update").out
    assert dict(tree(empty.folder)) == before


def test_the_same_file_again_changes_no_byte(empty: Workspace, tmp_path: Path) -> None:
    imported(empty)
    before = dict(tree(empty.folder))
    assert imported(empty, EXAMPLE, "--json").json["result"] == "unchanged"
    assert dict(tree(empty.folder)) == before
    # Another day, nothing new: only the day of the file is noted.
    imported(empty, later(tmp_path, "07/24/2012"))
    after = dict(tree(empty.folder))
    assert {name for name in after if after[name] != before[name]} <= {STATE}


def test_an_import_that_was_stopped_before_it_recorded_its_work_is_finished_by_the_next(
    empty: Workspace,
) -> None:
    """The entries of vocabularies are its own, which later imports bring up to date."""
    imported(empty)
    before = dict(tree(empty.folder))
    (empty.folder / STATE).unlink()
    imported(empty)
    assert dict(tree(empty.folder)) == before


def test_a_change_in_english_touches_the_date_of_the_topic(empty: Workspace, tmp_path: Path) -> None:
    imported(empty)
    imported(empty, later(tmp_path, "07/24/2012", ("mild pain goes on for", "mild pain lasts")))
    assert document(empty)["dates"]["updated"] == "2012-07-24"


def test_a_change_in_spanish_alone_touches_the_catalogue_alone(empty: Workspace, tmp_path: Path) -> None:
    imported(empty)
    before = (empty.folder / TOPIC).read_bytes()
    imported(empty, later(tmp_path, "07/24/2012", ("repentino y agudo", "repentino e intenso")))
    assert (empty.folder / TOPIC).read_bytes() == before
    assert (
        spanish(empty, "The pain in your abdomen is sudden and sharp")
        == "El dolor del abdomen es repentino e intenso"
    )
    header = po.parse((empty.folder / CATALOGUE).read_bytes(), CATALOGUE).file.metadata
    assert header["PO-Revision-Date"] == "2012-07-24 00:00+0000"


def test_local_work_wins_and_a_clash_is_reported_once(empty: Workspace, tmp_path: Path) -> None:
    imported(empty)
    empty.edit_topic(
        "abdominal-pain", lambda topic: topic.update(kind="condition", title="Pain in the Abdomen")
    )
    empty.edit_catalogue("abdominal-pain", "Bellyache", msgstr="Dolor de barriga")
    on_24 = later(
        tmp_path, "07/24/2012", ('"Abdominal Pain"\n', '"Belly Pain"\n'), ("Dolor de panza", "Dolor de guata")
    )
    first = imported(empty, on_24, "--json").json
    topic = document(empty)
    assert (topic["kind"], topic["title"]) == ("condition", "Pain in the Abdomen")
    assert spanish(empty, "Bellyache") == "Dolor de barriga"
    clashes = first["topics"][0]["clashes"]
    assert len(clashes) == 2
    assert any("title" in clash for clash in clashes)
    assert any("also-called" in clash for clash in clashes)
    again = imported(empty, on_24, "--json").json
    assert again["topics"][0]["clashes"] == []


def test_a_topic_that_is_gone_is_marked_and_comes_back(empty: Workspace, tmp_path: Path) -> None:
    imported(empty)
    gone = tmp_path / "gone.xml"
    root = '<health-topics total="1" date-generated="07/25/2012 02:30:00">'
    gone.write_text(f"{root}{record('7', 'Other')}</health-topics>")
    assert imported(empty, gone, "--json").json["totals"]["outcomes"] == {"added": 1, "withdrawn": 1}
    assert document(empty)["dates"]["withdrawFrom"] == "2012-07-25"
    assert imported(empty, gone, "--json").json["result"] == "unchanged"
    back = later(tmp_path, "07/26/2012")
    assert imported(empty, back, "--json").json["totals"]["outcomes"] == {"returned": 1, "withdrawn": 1}
    assert "withdrawFrom" not in document(empty)["dates"]


def test_a_topic_deleted_here_stays_deleted(empty: Workspace) -> None:
    imported(empty)
    (empty.folder / TOPIC).unlink()
    done = imported(empty, EXAMPLE, "--json").json
    assert done["totals"]["outcomes"] == {"deleted here": 1}
    assert not (empty.folder / TOPIC).exists()


def test_a_topic_of_the_workspace_is_never_overwritten(empty: Workspace) -> None:
    own = {"id": "abdominal-pain", "kind": "other", "title": "Our own"}
    empty.write(TOPIC, json.dumps(own))
    done = imported(empty)
    assert document(empty) == own
    assert "medlineplus-id-taken" in done.err
    assert (empty.folder / "topics/abdominal-pain-3061.json").exists()


@pytest.mark.slow
def test_only_takes_a_topic_and_what_belongs_to_it(
    empty: Workspace, generated: Generated, synthetic: Path
) -> None:
    everything = generated.report
    wanted = everything["topics"][5]["id"]
    done = imported(empty, synthetic / "first.xml", "--only", wanted, "--json").json
    ids = {topic["id"] for topic in done["topics"]}
    assert wanted in ids
    assert 1 <= len(ids) < len(everything["topics"]) / 2
    empty.publish()
    assert "medlineplus" in imported(empty, synthetic / "first.xml", "--only", "no-such", code=2).err


# Bad input: clear, exit 1, nothing half-written


RECORD = (
    '<health-topic title="{title}" url="https://medlineplus.gov/{title}.html" id="{id}" language="{language}"'
    ' date-created="01/07/2003"><full-summary>&lt;p&gt;{title} text.&lt;/p&gt;</full-summary>'
    "{twin}</health-topic>"
)
TWIN = '<language-mapped-topic url="https://medlineplus.gov/x.html" id="{}" language="{}"/>'


def record(id_: str, title: str, language: str = "English", *twins: str) -> str:
    other = "Spanish" if language == "English" else "English"
    return RECORD.format(
        id=id_, title=title, language=language, twin="".join(TWIN.format(twin, other) for twin in twins)
    )


def collection(*records: str, start: str = "", end: str = "</health-topics>") -> str:
    root = f'<health-topics total="{len(records)}" date-generated="11/10/2026 02:30:32">'
    return start + root + "".join(records) + end


GOOD = record("1", "good")
BAD = {
    "truncated": (collection(GOOD, record("2", "lost")[:150], end=""), True),
    "wrong root": ("<topics/>", False),
    "no xml": ("Not XML at all", False),
    "entity bomb": (
        collection(
            GOOD, start='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        ),
        False,
    ),
    "1,000 deep": (collection(GOOD, "<deep>" * 1000 + "</deep>" * 1000), True),
    "1,000 deep in a summary": (
        collection(GOOD, record("2", "deep").replace("deep text.", "&lt;div&gt;" * 1000 + "deep text.")),
        True,
    ),
    "two twins": (
        collection(
            GOOD,
            record("2", "two", "English", "3", "4"),
            record("3", "tres", "Spanish", "2"),
            record("4", "cuatro", "Spanish", "2"),
        ),
        True,
    ),
    "duplicate ids": (collection(GOOD, record("2", "one"), record("2", "other")), True),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_its_place_and_nothing_is_written(
    name: str, empty: Workspace, tmp_path: Path
) -> None:
    text, has_good = BAD[name]
    file = tmp_path / "bad.xml"
    file.write_text(text)
    before = dict(tree(empty.folder))
    done = imported(empty, file, code=1)
    assert "error" in done.err
    assert "medlineplus-" in done.err
    assert {name: data for name, data in tree(empty.folder) if name != ".staging.lock"} == before
    kept = imported(empty, file, "--keep-going", code=1)
    assert "error" in kept.err
    topics = sorted(path.name for path in (empty.folder / "topics").glob("*"))
    assert topics == (["good.json"] if has_good else [])


def test_a_truncated_file_withdraws_nothing(empty: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "whole.xml"
    file.write_text(collection(GOOD, record("2", "second")))
    imported(empty, file)
    file.write_text(collection(GOOD, end="<health-topic"))
    imported(empty, file, "--keep-going", code=1)
    assert "withdrawFrom" not in document(empty, "topics/second.json")["dates"]


def test_every_day_warnings_exit_with_0(empty: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "daily.xml"
    without_summary = re.sub("<full-summary>.*?</full-summary>", "", record("2", "links"))
    file.write_text(collection(GOOD, without_summary, record("9", "solo", "Spanish", "8")))
    done = imported(empty, file)
    assert done.err.count("warning") >= 3
    assert "sections" not in document(empty, "topics/links.json")
    assert sorted(path.stem for path in (empty.folder / "topics").glob("*")) == ["good", "links"]
    assert "2 in en, 0 in es" in empty.publish().out


def test_a_workspace_without_spanish_imports_the_english(empty: Workspace) -> None:
    empty.write("healthtopics.toml", CONFIGURATION.partition("[languages")[0] + "[languages]\n")
    imported(empty)
    topic = document(empty)
    assert topic["pages"].keys() == {"en"}
    assert not (empty.folder / CATALOGUE).exists()
    assert not (empty.folder / "twins.json").exists()
    assert "1 in en" in empty.publish().out
    verified = imported(empty, EXAMPLE, "--verify", "--json").json
    assert (verified["editions"], verified["faithful"]) == (1, 1)
    empty.write("healthtopics.toml", CONFIGURATION)
    imported(empty)
    assert document(empty)["pages"].keys() == {"en", "es"}
    assert spanish(empty, "Abdominal Pain") == "Dolor abdominal"


def test_a_workspace_that_lost_its_spanish_gets_a_hint(empty: Workspace) -> None:
    imported(empty)
    empty.write("healthtopics.toml", CONFIGURATION.partition("[languages")[0] + "[languages]\n")
    assert "[languages.es]" in imported(empty, code=78).err


def test_a_file_that_is_not_there_is_wrong_usage(empty: Workspace) -> None:
    imported(empty, empty.folder / "none.xml", code=2)


# What a fresh look found


def summarized(
    id_: str, title: str, summary: str, language: str = "English", twin: str = "", more: str = ""
) -> str:
    return (
        f'<health-topic title="{title}" url="https://medlineplus.gov/{language}/{id_}.html" id="{id_}"'
        f' language="{language}" date-created="01/07/2003">'
        + (f"<full-summary>{summary.replace('<', '&lt;')}</full-summary>" if summary else "")
        + (TWIN.format(twin, "Spanish" if language == "English" else "English") if twin else "")
        + more
        + "</health-topic>"
    )


def write(path: Path, *records: str, day: str = "11/10/2026") -> Path:
    path.write_text(collection(*records).replace("11/10/2026", day))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "topics.xml"


def test_an_older_file_is_refused(empty: Workspace, file: Path) -> None:
    imported(empty, write(file, GOOD))
    before = dict(tree(empty.folder))
    done = imported(empty, write(file, GOOD, day="11/09/2026"), "--keep-going", code=1)
    assert "medlineplus-older" in done.err
    assert dict(tree(empty.folder)) == before


def test_many_topics_gone_at_once_are_an_error(empty: Workspace, file: Path) -> None:
    imported(empty, write(file, *(record(str(number), f"topic-{number}") for number in range(1, 30))))
    few = write(file, record("1", "topic-1"), day="11/11/2026")
    assert "medlineplus-many-gone" in imported(empty, few, code=1).err
    imported(empty, few, "--keep-going", code=1)
    assert not any(
        b"withdrawFrom" in data for _, data in tree(empty.folder / "topics") if isinstance(data, bytes)
    )


def test_a_lost_state_makes_local_work_and_no_second_topics(empty: Workspace, file: Path) -> None:
    imported(empty, write(file, GOOD))
    (empty.folder / STATE).unlink()
    imported(empty, write(file, record("1", "good", "English"), record("2", "new"), day="11/11/2026"))
    # The site has a page at the address of “new”.
    assert sorted(path.stem for path in (empty.folder / "topics").glob("*")) == ["good", "new-2"]


def test_an_edited_heading_and_a_corrected_link_are_not_duplicated(empty: Workspace, file: Path) -> None:
    site = (
        '<site title="{}" url="https://example.org/{}">'
        "<information-category>Start Here</information-category></site>"
    )
    html = "<h3>What causes it?</h3><p>A germ.</p>"
    imported(empty, write(file, summarized("1", "good", html, more=site.format("Bad", "bad"))))

    def edit(topic: dict[str, Any]) -> None:
        topic["sections"][0]["heading"] = "What are the causes?"
        topic["resources"][0]["links"]["en"] = "https://example.org/corrected"

    empty.edit_topic("good", edit)
    more = site.format("Bad", "bad") + site.format("New", "new")
    imported(empty, write(file, summarized("1", "good", html, more=more), day="11/11/2026"))
    topic = document(empty, "topics/good.json")
    assert [section["heading"] for section in topic["sections"]] == ["What are the causes?"]
    assert [each["links"]["en"] for each in topic["resources"]] == [
        "https://example.org/corrected",
        "https://example.org/new",
    ]


def test_a_local_note_meets_a_larger_unit_and_stays(empty: Workspace, file: Path) -> None:
    first = (
        "<h3>What causes it?</h3><p>An infection of the abdomen.</p>"
        "<h3>What are the symptoms?</h3><p>Fever of 101 degrees.</p>"
    )
    causes = "<h3>¿Cuáles son las causas?</h3><p>Una infección del abdomen.</p>"
    symptoms = "<h3>¿Cuáles son los síntomas?</h3><p>Fiebre de 101 grados.</p>"
    spanish, swapped = causes + symptoms, symptoms + causes
    imported(
        empty,
        write(
            file, summarized("1", "good", first, twin="2"), summarized("2", "bueno", spanish, "Spanish", "1")
        ),
    )
    empty.edit_topic(
        "good", lambda topic: topic["sections"][0]["body"].append({"paragraph": "Our own note."})
    )
    done = imported(
        empty,
        write(
            file,
            summarized("1", "good", first, twin="2"),
            summarized("2", "bueno", swapped, "Spanish", "1"),
            day="11/11/2026",
        ),
    )
    topic = document(empty, "topics/good.json")
    assert "unit" not in topic
    assert topic["sections"][0]["body"][-1] == {"paragraph": "Our own note."}
    assert "sections" in done.err
    empty.run("check")


def test_an_unpublishable_topic_is_reported_and_not_linked_to(empty: Workspace, file: Path) -> None:
    mesh = '<mesh-heading><descriptor id="X Y">Pain</descriptor></mesh-heading>'
    related = '<related-topic url="https://medlineplus.gov/English/2.html" id="2">bad</related-topic>'
    linked = '<p>See <a href="https://medlineplus.gov/English/2.html">bad</a>.</p>'
    write(file, summarized("1", "good", linked, more=related), summarized("2", "bad", "<p>x</p>", more=mesh))
    assert "topic-schema" in imported(empty, file, "--keep-going", code=1).err
    assert [path.stem for path in (empty.folder / "topics").glob("*")] == ["good"]
    assert "topic:" not in (empty.folder / "topics/good.json").read_text()
    empty.publish()
    before = dict(tree(empty.folder))
    again = imported(empty, file, "--keep-going", "--json", code=1).json
    assert again["totals"]["outcomes"] == {"faulty": 1, "unchanged": 1}
    assert again["changed"] == []
    assert dict(tree(empty.folder)) == before


def test_no_topic_links_to_one_that_was_deleted_here(empty: Workspace, file: Path) -> None:
    linked = '<p>See <a href="https://medlineplus.gov/English/2.html">other</a>.</p>'
    write(file, summarized("1", "good", linked), summarized("2", "other", "<p>x</p>"))
    imported(empty, file)
    assert "topic:other" in (empty.folder / "topics/good.json").read_text()
    (empty.folder / "topics/other.json").unlink()
    imported(empty, file)
    empty.publish()


def test_spanish_without_english_is_not_published_and_said(empty: Workspace, file: Path) -> None:
    write(
        file, summarized("1", "good", "", twin="2"), summarized("2", "bueno", "<p>Duele.</p>", "Spanish", "1")
    )
    assert "medlineplus-spanish-alone" in imported(empty, file).err
    assert "1 in en, 0 in es" in empty.publish().out


def test_spanish_that_is_withdrawn_is_held(empty: Workspace, file: Path) -> None:
    english, spanish = (
        summarized("1", "good", "<p>It hurts.</p>", twin="2"),
        summarized("2", "bueno", "<p>Duele.</p>", "Spanish", "1"),
    )
    imported(empty, write(file, english, spanish))
    assert "1 in en, 1 in es" in empty.publish().out
    done = imported(empty, write(file, summarized("1", "good", "<p>It hurts.</p>"), day="11/11/2026"))
    assert "medlineplus-spanish-withdrawn" in done.err
    assert "Held: good (es)" in empty.publish(at="2026-11-21T06:00:00Z").out


@pytest.mark.slow
def test_a_part_first_and_the_whole_later_give_what_the_whole_gives(
    empty: Workspace, generated: Generated, synthetic: Path
) -> None:
    whole = generated.workspace
    some = sorted(path.stem for path in (whole.folder / "topics").glob("*"))[7]
    imported(empty, synthetic / "first.xml", "--only", some)
    imported(empty, synthetic / "first.xml")

    def said(workspace: Workspace, folder: str) -> dict[str, bytes | str]:
        return dict(tree(workspace.folder / folder))

    assert said(empty, "topics") == said(whole, "topics")
    assert (
        json.loads((empty.folder / STATE).read_text())["names"]
        == json.loads((whole.folder / STATE).read_text())["names"]
    )


@pytest.mark.parametrize(
    ("path", "text", "check"),
    [
        (STATE, "[]", "medlineplus-state"),
        (STATE, '{"topics": {"1": {}}}', "medlineplus-state"),
        ("vocabulary/groups.json", "{}", "vocabulary-schema"),
        ("vocabulary/groups.json", "[1", "json-syntax"),
        ("twins.json", "{}", "twins-schema"),
    ],
)
def test_a_damaged_workspace_is_reported(empty: Workspace, path: str, text: str, check: str) -> None:
    imported(empty)
    empty.write(path, text)
    before = dict(tree(empty.folder))
    assert check in imported(empty, code=1).err
    assert dict(tree(empty.folder)) == before


def test_a_damaged_topic_does_not_affect_the_others(empty: Workspace, file: Path) -> None:
    imported(empty, write(file, GOOD, record("2", "second")))
    empty.write("topics/good.json", '{"id": "good"}')
    changed = [each.replace("text.", "another text.") for each in (GOOD, record("2", "second"))]
    done = imported(empty, write(file, *changed, day="11/11/2026"), "--keep-going", code=1)
    assert "topic-schema" in done.err
    assert "another text" in (empty.folder / "topics/second.json").read_text()


def test_verify_fails_when_there_is_nothing_to_compare(empty: Workspace, file: Path) -> None:
    imported(empty, write(file, GOOD))
    empty.publish()
    assert (
        "medlineplus-nothing-compared"
        in imported(empty, write(file, summarized("5", "x", "")), "--verify", code=1).out
    )
    assert (
        "medlineplus-not-imported"
        in imported(empty, write(file, record("9", "other")), "--verify", code=1).out
    )


def test_a_report_that_cannot_be_written_is_found_before_any_work(empty: Workspace) -> None:
    before = dict(tree(empty.folder))
    done = imported(empty, EXAMPLE, "--report", "/proc/report.json", code=78)
    assert done.err == "/proc/report.json: cannot be written (No such file or directory).\n"
    assert dict(tree(empty.folder)) == before


def test_wrong_usage_is_found_before_any_work(empty: Workspace) -> None:
    imported(empty, EXAMPLE, "--report", str(empty.folder / "no/such/report.json"), code=2)
    imported(empty, EXAMPLE, "--report", str(empty.folder), code=2)
    imported(empty, EXAMPLE, "--verify", "--dry-run", code=2)
    imported(empty, empty.folder, code=2)
    assert not (empty.folder / "topics").exists()
