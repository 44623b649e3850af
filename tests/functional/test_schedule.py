"""Topics that appear and leave on a day that their authors chose."""

import json

import pytest

from support.workspaces import Workspace


def _dates(workspace: Workspace, topic: str, **dates: str) -> None:
    workspace.edit_topic(topic, lambda document: document["dates"].update(dates))


def test_a_topic_appears_on_its_day(fresh: Workspace) -> None:
    _dates(fresh, "fever", publishFrom="2026-12-01")
    fresh.publish(at="2026-11-30T23:59:59Z")
    assert not [name for name in fresh.digests() if "fever" in name]
    assert [each["id"] for each in fresh.artifact("topics.json")["topics"]] == ["asthma", "cough"]
    assert "fever" not in fresh.current().manifest.coverage

    fresh.publish(at="2026-12-01T00:00:00Z")
    assert {"fhir/r4/en/fever.json", "schemaorg/es/fever.jsonld"} <= fresh.digests().keys()


def test_the_day_is_that_of_utc(fresh: Workspace) -> None:
    _dates(fresh, "fever", publishFrom="2026-12-01")
    fresh.publish(at="2026-12-01T01:00:00+02:00")
    assert not [name for name in fresh.digests() if "fever" in name]


def test_a_topic_leaves_on_its_day(fresh: Workspace) -> None:
    _dates(fresh, "fever", withdrawFrom="2026-12-01")
    fresh.publish(at="2026-11-30T12:00:00Z")
    assert "fhir/r4/en/fever.json" in fresh.digests()
    fresh.publish(at="2026-12-01T00:00:00Z")
    assert not [name for name in fresh.digests() if "fever" in name]


def test_links_to_a_topic_that_is_not_published_become_plain_words(published: Workspace) -> None:
    assert 'href=\\"https://topics.example.org/en/cough\\"' in json.dumps(
        published.artifact("fhir/r4/en/asthma.json")
    )
    _dates(published, "cough", withdrawFrom="2026-11-20")
    published.publish()

    for name in published.current().manifest.files:
        text = json.dumps(published.artifact(name), ensure_ascii=False)
        assert "topics.example.org/en/cough" not in text, name
        assert "topics.example.org/es/cough" not in text, name
    assert "Many people have a cough." in json.dumps(published.artifact("fhir/r4/en/asthma.json"))
    assert "Muchas personas tienen tos." in json.dumps(published.artifact("fhir/r4/es/asthma.json"))


def test_a_link_leads_to_the_english_page_if_there_is_no_spanish_one(fresh: Workspace) -> None:
    fresh.edit_catalogue("cough", "Cough", msgstr="")
    fresh.publish()
    assert "topics.example.org/en/cough" in json.dumps(fresh.artifact("fhir/r4/es/asthma.json"))


def test_translators_see_a_topic_before_it_is_published(fresh: Workspace) -> None:
    _dates(fresh, "fever", publishFrom="2999-01-01")
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    assert "“Fever” has no translation" in fresh.run("catalogue", "check", "fever").out
    (row,) = fresh.run("catalogue", "status", "fever", "--json").json["catalogues"]
    assert (row["missing"]["messages"], row["edition"]) == (1, "held")


def test_check_can_look_at_a_later_day(fresh: Workspace) -> None:
    _dates(fresh, "fever", publishFrom="2027-01-01")
    fresh.edit_catalogue("fever", "Fever", msgstr="")
    assert fresh.run("check", "--as-of", "2026-12-31").out == "3 topics checked: no problems.\n"
    assert "Held: fever (es)" in fresh.run("check", "--as-of", "2027-01-01").out


def test_what_its_author_withdraws_is_not_asked_about(published: Workspace) -> None:
    _dates(published, "fever", withdrawFrom="2026-11-20")
    done = published.publish()
    assert not [name for name in published.digests() if "fever" in name]
    assert "edition-removed" not in done.err
    _dates(published, "cough", publishFrom="2027-01-01")
    assert "topics/cough.json:1:1  warning  edition-removed" in published.publish().err


@pytest.mark.parametrize(
    ("dates", "change"),
    [
        ({"withdrawFrom": "2026-11-20"}, "withdrawn"),
        ({"publishFrom": "2026-11-21"}, "later"),
        ({"publishFrom": "2026-11-20"}, "unchanged"),
    ],
)
def test_status_says_what_the_dates_of_a_topic_do(
    published: Workspace, dates: dict[str, str], change: str
) -> None:
    def status(*arguments: str) -> str:
        (row,) = published.run("catalogue", "status", "fever", "--json", *arguments).json["catalogues"]
        return str(row["sinceRelease"])

    _dates(published, "fever", **dates)
    assert status("--as-of", "2026-11-20") == change
    published.publish()
    assert status("--as-of", "2026-11-20") == change
    said = {"withdrawn": "none since 2026-11-20", "later": "from 2026-11-21"}.get(change, change)
    rows = published.run("catalogue", "status", "--as-of", "2026-11-20").out.splitlines()
    assert next(row for row in rows if " fever " in row).endswith(said)
