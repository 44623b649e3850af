"""Editions that are not complete: held or filled in, and said in words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.workspaces import ABOUT, ACERCA, LUNGS, Workspace

LINK = f'Read <a href="{ABOUT}">about asthma</a>.'
SPANISH_NAMES = (
    "fhir/r4/es/asthma.json",
    "fhir/r5/es/asthma.json",
    "schemaorg/es/asthma.jsonld",
    "html/es/asthma.html",
)

Break = Callable[[Workspace], None]


def _edit(msgid: str, msgstr: str | None = None, *, is_fuzzy: bool = False) -> Break:
    return lambda workspace: workspace.edit_catalogue("asthma", msgid, msgstr=msgstr, is_fuzzy=is_fuzzy)


BREAKS: dict[str, tuple[Break, str]] = {
    "missing": (_edit(LUNGS, ""), "message-missing"),
    "fuzzy": (_edit(LUNGS, is_fuzzy=True), "message-fuzzy"),
    "lost tag": (_edit(LUNGS, "El asma es una enfermedad de los pulmones."), "tag-lost"),
    "foreign tag": (
        _edit(LUNGS, "El asma es una <em>enfermedad</em> de los <strong>pulmones</strong>."),
        "tag-foreign",
    ),
    "foreign href": (
        _edit(LINK, 'Lea <a href="https://www.example.com/otra">acerca del asma</a>.'),
        "href-lost",
    ),
    "unsafe href": (_edit(LINK, 'Lea <a href="javascript:alert(1)">acerca del asma</a>.'), "markup-href"),
    "ill-formed": (_edit(LUNGS, "Los <strong>pulmones."), "markup-ill-formed"),
}


@pytest.fixture(params=list(BREAKS))
def fault(request: pytest.FixtureRequest) -> tuple[Break, str]:
    return BREAKS[request.param]


def test_an_edition_waits_for_reviews_where_they_are_required(published: Workspace) -> None:
    published.replace("healthtopics.toml", "[languages.es]\n", '[languages.es]\nreview = "required"\n')
    path = "locales/es/LC_MESSAGES/fever.po"
    dose, spanish = "Do not take more than 20 mg.", "No tome más de 20 mg."
    published.edit_topic("fever", lambda topic: topic["sections"][0]["body"].append({"paragraph": dose}))
    published.run("catalogue", "update")
    lines = (published.folder / path).read_text().split("\n")
    line = str(lines.index(f'msgid "{dose}"') + 1)
    words = ("catalogue", "set", "fever", spanish, "--entry", line)
    assert "reviewers of this language" in published.run(*words, code=2).err
    published.run(*words, "--by", "Ana")

    found = published.run("catalogue", "check", "fever", "--json").json["problems"]
    assert {each["check"] for each in found} == {"message-unreviewed"}
    assert f"“{dose}” is not reviewed." in [each["message"] for each in found]
    assert "A fever" not in "".join(each["message"] for each in found), "only what can hurt somebody"
    status = published.run("catalogue", "status", "fever", "--json").json["catalogues"][0]
    assert (status["edition"], status["review"]["messages"]) == ("held", len(found))
    assert "Held: fever (es)" in published.publish().out

    published.run("catalogue", "review", "fever", "--all", "--by", "Ana", code=1)
    done = published.run("catalogue", "review", "fever", "--all", "--by", "Dr. Li Wei")
    assert "left out. Nobody knows who translated it" in done.err
    assert "reviewed: Dr. Li Wei" in (published.folder / path).read_text()
    published.run("catalogue", "review", "fever", "--all", "--by", "Dr. Li Wei", "--translator", "Eva")
    assert published.run("catalogue", "check", "fever").out == "No problems.\n"
    assert "Held: fever" not in published.publish().out


def test_the_last_edition_stays_byte_for_byte(published: Workspace, fault: tuple[Break, str]) -> None:
    spoil, check = fault
    before = published.digests()
    spoil(published)
    published.edit_catalogue("cough", "Cough", msgstr="La tos")  # something else is new

    done = published.publish()

    assert "Held: asthma (es), the edition of 2026-11-12T09:00:00Z stays. Reasons:" in done.out
    assert "locales/es/LC_MESSAGES/asthma.po:" in done.out
    after = published.digests()
    assert {name: after[name] for name in SPANISH_NAMES} == {name: before[name] for name in SPANISH_NAMES}
    assert after["fhir/r4/es/cough.json"] != before["fhir/r4/es/cough.json"], "the rest is published"
    (held,) = published.current().manifest.held
    assert (held.topic, held.language, held.as_of) == ("asthma", "es", "2026-11-12T09:00:00Z")
    assert check in [problem.check for problem in held.problems]
    assert all(problem.line and problem.hint for problem in held.problems)
    assert held.coverage["translated"] == held.coverage["messages"] - 1
    published.run("release", "verify")


def test_a_format_that_is_new_names_no_edition_that_it_lacks(fresh: Workspace) -> None:
    fresh.replace("healthtopics.toml", "cadence", 'formats = ["fhir-r4"]\ncadence')
    fresh.publish()
    fresh.edit_catalogue("asthma", LUNGS, msgstr="")
    fresh.replace("healthtopics.toml", 'formats = ["fhir-r4"]\n', "")
    fresh.publish()
    names = fresh.digests()
    assert "fhir/r4/es/asthma.json" in names
    assert not names.keys() & {"fhir/r5/es/asthma.json", "schemaorg/es/asthma.jsonld"}
    assert "asthma-es" in json.dumps(fresh.artifact("fhir/r4/List/asthma-translations.json"))
    for name in names:
        if name.startswith(("fhir/r5/", "schemaorg/")) and name.endswith(("json", "jsonld")):
            text = json.dumps(fresh.artifact(name))
            assert "asthma-es" not in text, name
            assert "asthma/es" not in text, name
            assert "/es/asthma" not in text, name


def test_an_edition_that_never_was_is_held(fresh: Workspace, fault: tuple[Break, str]) -> None:
    fault[0](fresh)

    done = fresh.publish()

    assert "Held: asthma (es), not published. Reasons:" in done.out
    names = fresh.digests().keys()
    assert not names & {*SPANISH_NAMES}
    assert names >= {"fhir/r4/en/asthma.json", "fhir/r4/es/cough.json"}
    (held,) = fresh.current().manifest.held
    assert (held.state, held.as_of) == ("held", None)
    assert "es" not in json.dumps(
        [each for each in fresh.artifact("topics.json")["topics"] if each["id"] == "asthma"]
    ).split('"')


def test_a_held_edition_is_an_error_only_with_strict(published: Workspace) -> None:
    published.edit_catalogue("asthma", LUNGS, is_fuzzy=True)
    assert "asthma (es)" in published.publish("--strict", code=1).out
    assert (
        published.run("check", code=0).out.splitlines()[-1]
        == "3 topics checked: no problems, 1 edition held."
    )
    published.run("check", "--strict", code=1)
    published.publish("--strict", code=1)  # the same when nothing has changed since
    published.edit_catalogue("asthma", LUNGS, msgstr="El asma: <strong>pulmones</strong>.")


def test_the_reasons_for_holding_are_those_of_today(published: Workspace) -> None:
    published.edit_catalogue("asthma", LUNGS, msgstr="El asma es una enfermedad de los pulmones.")
    assert "<strong> of the English text is not in the translation" in published.publish().out
    published.edit_catalogue("asthma", LUNGS, msgstr="Los <strong>pulmones</strong> <em>enfermos</em>.")

    done = published.publish()

    assert "Nothing changed" in done.out
    assert "<em> is not in the English text" in done.out
    assert "<strong> of the English text" not in done.out


def test_a_release_in_which_no_topic_changed_says_why_it_came(published: Workspace) -> None:
    published.edit_catalogue("asthma", LUNGS, is_fuzzy=True)
    messages = published.current().manifest.coverage["asthma"]["es"]["messages"]
    counts = f"{messages - 1} of {messages} messages"
    why = f"held now: asthma (es); translated so far: asthma (es): {counts}"
    line = f"No topic changed. Reasons for the release: {why}."
    assert line in published.publish().out
    assert line in published.run("release", "diff", "1", "2").out
    published.edit_catalogue("asthma", LUNGS, msgstr="Es de los <strong>pulmones</strong>.")
    assert "No topic changed" not in published.publish().out


def test_a_corrected_edition_is_published_again(published: Workspace) -> None:
    published.edit_catalogue("asthma", LUNGS, msgstr="")
    published.publish()
    published.edit_catalogue("asthma", LUNGS, msgstr="Es de los <strong>pulmones</strong>.")
    done = published.publish()
    assert "Held" not in done.out
    assert not published.current().manifest.held
    assert "Es de los" in json.dumps(published.artifact("fhir/r4/es/asthma.json"), ensure_ascii=False)


def test_a_link_may_become_its_twin(fresh: Workspace) -> None:
    fresh.edit_catalogue("asthma", LINK, msgstr=f'Lea <a href="{ACERCA}">acerca del asma</a>.')
    assert "Held" not in fresh.publish("--strict").out
    narrative = json.dumps(fresh.artifact("fhir/r5/es/asthma.json"), ensure_ascii=False)
    assert f'<a href=\\"{ACERCA}\\">acerca del asma</a>' in narrative


def test_no_more_problems_than_a_person_reads(fresh: Workspace) -> None:
    (fresh.folder / "locales/es/LC_MESSAGES/asthma.po").unlink()
    done = fresh.publish()
    assert done.out.count("has no translation") == 8
    (held,) = fresh.current().manifest.held
    assert len(held.problems) == held.coverage["missing"]


def test_a_new_language_is_one_line(fresh: Workspace) -> None:
    """What every edition lacks is counted, and an edition with an error comes first, with its reason."""
    fresh.run("catalogue", "add", "pt")
    fresh.edit_catalogue("fever", "Fever", msgstr="<em>Fiebre</em>")
    line = "Held: asthma, cough, fever (pt): at least "
    for command in ("check", "publish"):
        shown = [each for each in fresh.run(command).out.splitlines() if "eld: " in each or "po:" in each]
        assert shown[0].startswith("Held: fever (es)")
        assert "  error  tag-foreign  " in shown[1]
        assert shown[2].startswith(line)
        assert shown[2].endswith(
            " messages not translated yet; `healthtopics catalogue check --language pt` lists them."
        )
        assert len(shown) == 3
    assert fresh.run("check").out.splitlines()[-1] == "3 topics checked: 4 editions held (1 with errors)."
    said = fresh.run("check", "--verbose").out
    assert line not in said
    assert said.count("has no translation") > 20


class TestFallback:
    @pytest.fixture
    def filled(self, fresh: Workspace) -> Workspace:
        fresh.replace("healthtopics.toml", 'policy = "complete"', 'policy = "fallback"\nthreshold = 0.5')
        fresh.edit_catalogue("asthma", LUNGS, msgstr="")
        fresh.publish("--strict")
        return fresh

    def test_english_fills_the_gap_and_is_marked_in_fhir(self, filled: Workspace) -> None:
        for version in ("r4", "r5"):
            document = json.dumps(filled.artifact(f"fhir/{version}/es/asthma.json"), ensure_ascii=False)
            gap = '<p lang=\\"en\\" xml:lang=\\"en\\">Asthma is a disease of the <strong>lungs</strong>.</p>'
            assert gap in document
            assert "<p>Muchas personas tienen <a" in document

    def test_english_fills_the_gap_and_is_marked_in_schemaorg(self, filled: Workspace) -> None:
        parts = filled.artifact("schemaorg/es/asthma.jsonld")["hasPart"]
        (section,) = [part for part in parts if "Asthma is a disease" in part.get("text", "")]
        assert section["inLanguage"] == ["es", "en"]

    def test_the_manifest_counts_the_gap(self, filled: Workspace) -> None:
        manifest = filled.current().manifest
        assert not manifest.held
        assert manifest.coverage["asthma"]["es"]["missing"] == 1

    def test_below_the_threshold_the_edition_is_held(self, filled: Workspace) -> None:
        filled.replace("healthtopics.toml", "threshold = 0.5", "threshold = 1")
        assert "Held: asthma (es)" in filled.publish().out


def test_the_state_of_the_last_release_is_what_is_carried(published: Workspace, tmp_path: Path) -> None:
    """Where the exports were lost, an incomplete edition has nothing to stand in for it."""
    published.edit_catalogue("asthma", LUNGS, msgstr="")
    done = published.publish("--exports", str(tmp_path / "other"))
    assert "Held: asthma (es), not published." in done.out
