"""Who has reviewed a topic, when the next review is due, and what was corrected."""

import json
from typing import Any

import pytest

from healthtopics.release import object_key, read_artifact
from support.workspaces import Workspace

SOON = "2026-11-20T07:00:00Z"


def sign_off(workspace: Workspace, *arguments: str, code: int = 0) -> str:
    """Record a review of the topic on asthma; return what the command printed."""
    run = workspace.run("sign-off", "asthma", "--by", "Dr. Ana Ruiz", "--as-of", SOON, *arguments, code=code)
    return run.out + run.err


def reviewer(workspace: Workspace, language: str) -> dict[str, Any] | None:
    """Return who has reviewed the text, as the three formats agree."""
    fourth, fifth = (
        workspace.artifact(f"fhir/{version}/{language}/asthma.json")["entry"][0]["resource"].get("attester")
        for version in ("r4", "r5")
    )
    page = workspace.artifact(f"schemaorg/{language}/asthma.jsonld")
    said = page.get("reviewedBy")
    assert bool(said) == bool(fourth) == bool(fifth) == ("lastReviewed" in page)
    if said:
        assert fourth[0]["time"] == fifth[0]["time"] == page["lastReviewed"]
        name = said["name"]["@value"] if isinstance(said["name"], dict) else said["name"]
        assert fourth[0]["party"]["display"] == fifth[0]["party"]["display"] == name
        return {"by": name, "date": page["lastReviewed"]}
    return None


def test_a_review_is_shown_in_the_editions_that_were_read(fresh: Workspace) -> None:
    before = json.loads((fresh.folder / "topics/asthma.json").read_text())
    assert sign_off(fresh) == "topics/asthma.json: reviewed by Dr. Ana Ruiz on 2026-11-20 (en).\n"
    fresh.publish(at=SOON)
    assert reviewer(fresh, "en") == {"by": "Dr. Ana Ruiz", "date": "2026-11-20"}
    assert reviewer(fresh, "es") is None
    sign_off(fresh, "--language", "es", "--language", "en", "--date", "2026-11-19", "--next", "2027-11-19")
    fresh.publish(at=SOON)
    assert reviewer(fresh, "en") == {"by": "Dr. Ana Ruiz", "date": "2026-11-20"}
    assert reviewer(fresh, "es") == {"by": "Dr. Ana Ruiz", "date": "2026-11-19"}
    after = json.loads((fresh.folder / "topics/asthma.json").read_text())
    assert {**after, "dates": None} == {**before, "dates": None}
    assert after["dates"]["reviewBy"] == "2027-11-19"


def test_a_review_is_not_shown_once_the_text_has_changed(fresh: Workspace) -> None:
    sign_off(fresh, "--language", "en", "--language", "es")
    fresh.edit_topic("asthma", lambda topic: topic["dates"].update(updated="2026-11-21"))
    fresh.publish(at="2026-11-21T06:00:00Z")
    assert reviewer(fresh, "en") is None
    assert reviewer(fresh, "es") is None


def test_a_review_is_not_shown_for_a_text_that_changed_under_the_same_date(fresh: Workspace) -> None:
    sign_off(fresh, "-l", "en", "-l", "es")
    fresh.publish(at=SOON)
    assert reviewer(fresh, "en")

    def change(topic: dict[str, Any]) -> None:
        topic["sections"][0]["body"][0]["paragraph"] = "Asthma is <em>no</em> disease of the lungs."

    fresh.edit_topic("asthma", change)
    fresh.publish(at=SOON)
    assert reviewer(fresh, "en") is None


def test_the_last_of_two_reviews_of_one_day_is_shown(fresh: Workspace) -> None:
    sign_off(fresh)
    fresh.run("sign-off", "asthma", "--by", "Clinic board", "--as-of", SOON)
    fresh.publish(at=SOON)
    assert reviewer(fresh, "en") == {"by": "Clinic board", "date": "2026-11-20"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["--date", "2026-11-09"], 1, "the en edition changed on 2026-11-10", id="older"),
        pytest.param(
            ["-l", "es", "--date", "2026-11-11"], 1, "the es edition changed on 2026-11-12", id="older es"
        ),
        pytest.param(["--date", "2026-11-21"], 2, "2026-11-21 is still to come", id="future"),
        pytest.param(["--date", "20.11.2026"], 2, "'20.11.2026' is not a day like 2026-11-20", id="no day"),
        pytest.param(["--next", "soon"], 2, "'soon' is not a day like 2026-11-20", id="no next day"),
        pytest.param(
            ["--next", "2026-11-20"], 2, "2026-11-20 is not after 2026-11-20, the day", id="same day"
        ),
        pytest.param(["-l", "fr"], 2, "'fr' is not in healthtopics.toml. Configured: en, es.", id="language"),
        pytest.param(["--by", "Dr. <b>Ruiz</b>"], 1, "readers see “<b>” as it is", id="markup"),
        pytest.param(["--by", " "], 1, "the text is empty", id="nobody"),
        pytest.param(["--by", "A\nB"], 1, "“A\\nB” has a line break", id="two lines"),
    ],
)
def test_a_review_that_readers_would_never_see_is_refused(
    fresh: Workspace, arguments: list[str], code: int, words: str
) -> None:
    before = (fresh.folder / "topics/asthma.json").read_bytes()
    assert words in " ".join(sign_off(fresh, *arguments, code=code).split())
    assert (fresh.folder / "topics/asthma.json").read_bytes() == before


def test_the_same_review_is_recorded_once(fresh: Workspace) -> None:
    first = sign_off(fresh)
    before = (fresh.folder / "topics/asthma.json").read_bytes()
    assert sign_off(fresh) == first
    assert (fresh.folder / "topics/asthma.json").read_bytes() == before


def test_a_review_is_of_the_day_that_it_is(fresh: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "32503680000")  # 3000-01-01
    fresh.run("sign-off", "cough", "--by", "Dr. X")
    (review,) = json.loads((fresh.folder / "topics/cough.json").read_text())["dates"]["reviews"]
    assert review["date"] < "3000"


def test_an_edition_that_is_not_complete_cannot_be_reviewed(fresh: Workspace) -> None:
    fresh.edit_catalogue("asthma", "Asthma", msgstr="")
    said = sign_off(fresh, "-l", "es", code=1)
    assert "the es edition is not complete" in said
    assert said.endswith("1 error.\n"), "nothing about the document that was not written"


def test_an_overdue_review_is_reported_from_the_day_after(fresh: Workspace) -> None:
    fresh.edit_topic("asthma", lambda topic: topic["dates"].update(reviewBy="2026-11-20"))
    assert "review-overdue" not in fresh.publish(at="2026-11-20T23:59:59Z").err
    # Nothing has changed but the day.
    (line, _hint) = fresh.publish(at="2026-11-21T00:00:00Z").err.splitlines()[:2]
    assert line == (
        f"{fresh.place('topics/asthma.json#/dates/reviewBy')}  warning  review-overdue"
        "  it was to be reviewed by 2026-11-20."
    )
    assert "review-overdue" in fresh.run("check", "asthma", "--as-of", "2026-11-21T00:00:00Z").out
    (card, _es) = fresh.artifact("topics.json")["topics"][0]["editions"]
    assert card["reviewBy"] == "2026-11-20"
    assert "The next review was due by 2026-11-20" in sign_off(fresh)


def test_a_review_by_the_last_day_of_the_calendar_is_never_overdue(fresh: Workspace) -> None:
    fresh.edit_topic("asthma", lambda topic: topic["dates"].update(reviewBy="9999-12-31"))
    assert "review-overdue" not in fresh.publish(at=SOON).err


@pytest.mark.parametrize(
    ("dates", "pointer"),
    [
        ({"reviews": [{"date": "2026-11-21", "by": "Dr. X", "languages": ["en"]}]}, "reviews/0/date"),
        ({"reviewed": {"date": "2026-11-21", "by": "Dr. X"}}, "reviewed/date"),
        ({"corrections": [{"date": "2026-11-21", "what": "It named the heart."}]}, "corrections/0/date"),
    ],
)
def test_a_review_or_correction_that_is_still_to_come_is_an_error_until_its_day(
    fresh: Workspace, dates: dict[str, Any], pointer: str
) -> None:
    fresh.edit_topic("asthma", lambda topic: topic["dates"].update(dates))
    fresh.run("catalogue", "update", "asthma")
    for command in ("check", "publish"):
        done = fresh.run(command, "--as-of", "2026-11-20T23:59:59Z", code=1)
        place = fresh.place(f"topics/asthma.json#/dates/{pointer}")
        expected = f"{place}  error  review-in-future  2026-11-21 is still"
        assert expected in done.out + done.err, command
    for command in ("check", "publish"):
        done = fresh.run(command, "--as-of", "2026-11-21T00:00:00Z")
        assert "review-in-future" not in done.out + done.err


def test_a_correction_is_the_reason_of_a_change(published: Workspace) -> None:
    correction = {"date": "2026-11-20", "what": "This page once named the heart instead of the lungs."}
    spanish = "Esta página decía “corazón” en lugar de “pulmones”."
    published.edit_topic(
        "asthma", lambda topic: topic["dates"].update(updated="2026-11-20", corrections=[correction])
    )
    published.run("catalogue", "update", "asthma")
    published.edit_catalogue("asthma", correction["what"], msgstr=spanish)
    published.publish(at=SOON)
    changes = json.loads(published.store.read("releases/000002/changes.json"))
    reasons = {each["name"]: each.get("reason") for each in changes["changed"]}
    assert reasons["fhir/r4/en/asthma.json"] == correction["what"]
    assert reasons["schemaorg/es/asthma.jsonld"] == spanish
    assert reasons["topics.json"] is None
    (english, in_spanish) = published.artifact("topics.json")["topics"][0]["editions"]
    assert english["corrections"] == [correction]
    assert in_spanish["corrections"] == [{**correction, "what": spanish}]

    published.edit_topic("asthma", lambda topic: topic["dates"].update(updated="2026-11-21"))
    published.publish(at="2026-11-21T06:00:00Z")
    changes = json.loads(published.store.read("releases/000003/changes.json"))
    assert not [each for each in changes["changed"] if "reason" in each]


def test_a_correction_that_comes_a_release_late_is_a_reason_too(published: Workspace) -> None:
    published.replace("topics/asthma.json", "disease of the <strong>lungs", "disease of both <strong>lungs")
    published.edit_topic("asthma", lambda topic: topic["dates"].update(updated="2026-11-20"))
    published.publish(at=SOON)
    what = "This page once named one lung instead of both."
    published.edit_topic(
        "asthma", lambda topic: topic["dates"].update(corrections=[{"date": "2026-11-20", "what": what}])
    )
    published.publish(at="2026-11-21T06:00:00Z")
    changes = json.loads(published.store.read("releases/000003/changes.json"))
    reasons = {each["name"]: each.get("reason") for each in changes["changed"]}
    for name in ("fhir/r4/en/asthma.json", "fhir/r5/en/asthma.json", "schemaorg/en/asthma.jsonld"):
        assert reasons[name] == what
    page = published.artifact("schemaorg/en/asthma.jsonld")
    assert page["correction"] == [
        {"@type": "CorrectionComment", "datePublished": "2026-11-20", "text": what, "inLanguage": "en"}
    ]
    for version in ("r4", "r5"):
        narrative = json.dumps(published.artifact(f"fhir/{version}/en/asthma.json"))
        assert f"<dt>Correction</dt><dd>{what} (2026-11-20)</dd>" in narrative


def test_a_correction_without_the_index_of_the_last_release_has_no_reason(published: Workspace) -> None:
    correction = {"date": "2026-11-20", "what": "It once named the heart."}
    published.edit_topic(
        "asthma", lambda topic: topic["dates"].update(updated="2026-11-20", corrections=[correction])
    )
    index = published.exports / object_key("topics.json", published.digests()["topics.json"])
    index.write_bytes(b"damaged")
    # Without the index, the Spanish edition that waits for a translation could not be carried over.
    published.run("catalogue", "update", "asthma")
    published.edit_catalogue("asthma", correction["what"], msgstr="Antes decía “corazón”.")
    published.publish("--repair", at=SOON, code=1)  # the old index cannot be made again
    changes = json.loads(published.store.read("releases/000002/changes.json"))
    assert "fhir/r4/en/asthma.json" in {each["name"] for each in changes["changed"]}
    assert not [each for each in changes["changed"] if "reason" in each]
    assert published.publish(at=SOON).out.startswith("Nothing changed: release 2 stays current.")


def test_a_body_that_has_a_name_in_the_language_is_named_by_it(fresh: Workspace) -> None:
    organizations = json.loads((fresh.folder / "vocabulary/organizations.json").read_text())
    fresh.run("sign-off", "asthma", "--by", "Example Clinic", "-l", "es", "--as-of", SOON)
    fresh.run("catalogue", "update")
    assert organizations["entries"][0]["name"] == "Example Clinic"
    fresh.edit_catalogue("vocabulary", "Example Clinic", msgstr="Clínica de Ejemplo")
    fresh.publish(at=SOON)
    assert reviewer(fresh, "es") == {"by": "Clínica de Ejemplo", "date": "2026-11-20"}


@pytest.mark.parametrize(
    "dates",
    [{}, {"publishFrom": "2027-01-01"}, {"withdrawFrom": "2026-11-15"}],
    ids=["published", "later", "withdrawn"],
)
@pytest.mark.parametrize("named", [[], ["asthma"]], ids=["all", "one"])
def test_a_review_that_is_still_to_come_cannot_be_accepted_or_wait(
    fresh: Workspace, dates: dict[str, str], named: list[str]
) -> None:
    review = {"date": "2026-11-21", "by": "Dr. X", "languages": ["en"]}
    accept = [{"check": "review-in-future", "reason": "It is agreed."}]
    fresh.edit_topic(
        "asthma", lambda topic: (topic["dates"].update(dates, reviews=[review]), topic.update(accept=accept))
    )
    done = fresh.run("check", *named, "--as-of", SOON, code=1)
    assert f"{fresh.place('topics/asthma.json#/dates/reviews/0/date')}  error  review-in-future" in done.out


def test_a_page_says_what_was_corrected(fresh: Workspace) -> None:
    what = "This page once named the heart, not the lungs."
    corrections = [
        {"date": "2026-11-19", "what": what},
        {"date": "2026-11-20", "what": "It named no doctor."},
    ]
    fresh.edit_topic("asthma", lambda topic: topic["dates"].update(corrections=corrections))
    fresh.publish(at=SOON)
    files = fresh.current().manifest.files
    page = read_artifact(fresh.store, "html/en/asthma.html", files["html/en/asthma.html"]).decode()
    assert f'Corrected on <time datetime="2026-11-19">November 19, 2026</time></dt>\n<dd>{what}</dd>' in page
