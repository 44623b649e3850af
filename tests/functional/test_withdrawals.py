"""A job never takes a collection away from readers unless somebody permits it."""

import pytest

from support.workspaces import Workspace

SPANISH = '[languages.es]\npolicy = "complete"\n'


def test_topics_whose_files_are_gone(published: Workspace) -> None:
    for name in ("cough", "fever"):
        (published.folder / f"topics/{name}.json").unlink()
        (published.folder / f"locales/es/LC_MESSAGES/{name}.po").unlink()
    published.edit_topic("asthma", lambda topic: topic.pop("relatedTopics"))
    published.replace("topics/asthma.json", '<a href=\\"topic:cough\\">cough</a>', "cough")

    done = published.publish("--json", code=1)

    assert [each["check"] for each in done.json["problems"]] == ["withdrawn-topics"]
    assert done.json["problems"][0]["message"].endswith("withdrawn: cough, fever.")
    assert published.current().manifest.number == 1
    published.publish("--allow-withdrawals", "1", code=1)
    published.publish("--allow-withdrawals", "2", "--allow-withdrawals", "es")
    assert list(published.current().manifest.coverage) == ["asthma"]


def test_a_language_and_a_format_that_went_from_the_configuration(published: Workspace) -> None:
    published.replace("healthtopics.toml", SPANISH, "[languages]\n")
    published.replace("healthtopics.toml", "cadence", 'formats = ["fhir-r4", "schemaorg"]\ncadence')

    done = published.publish(code=1)

    assert "locales  error  withdrawn-language  every edition in the language 'es' of release 1" in done.err
    for name in ("fhir-r5", "html"):
        assert (
            f"healthtopics.toml:1:1  error  withdrawn-format  every document in the format {name!r}"
            in done.err
        )
    assert done.err.endswith("Nothing was published.\n")
    assert published.current().manifest.number == 1
    published.publish("--allow-withdrawals", "es", code=1)
    allowed = [word for name in ("es", "fhir-r5", "html") for word in ("--allow-withdrawals", name)]
    published.publish(*allowed)
    assert published.current().manifest.languages == ("en",)


@pytest.mark.parametrize("value", ["foo", "-1", "0", "fr", "", "1.5"])
def test_what_names_nothing_that_could_go_is_wrong_usage(published: Workspace, value: str) -> None:
    done = published.run("publish", "--allow-withdrawals", value, code=2)
    assert f"{value!r} is not a number of topics" in " ".join(done.err.replace("│", " ").split())


def test_the_name_of_a_language_before_the_first_release(fresh: Workspace) -> None:
    fresh.run("publish", "--allow-withdrawals", "fr", code=2)
    fresh.publish("--allow-withdrawals", "es")
