"""How easy topics are to read: in what `check` and `status` report, and as a warning."""

import pytest

from support.workspaces import Workspace

LONG = (
    "Inflammatory obstruction of the respiratory passages necessitates individualized pharmacological "
    "intervention, notwithstanding considerable heterogeneity in clinical presentation, responsiveness, "
    "environmental susceptibility, occupational exposures, adherence, comorbidities and socioeconomic "
    "circumstances and the psychological repercussions of hospitalization."
)
LARGO = (
    "La obstrucción inflamatoria de las vías respiratorias requiere una intervención farmacológica "
    "individualizada, independientemente de la considerable heterogeneidad de las manifestaciones clínicas, "
    "la respuesta terapéutica, la susceptibilidad ambiental, las exposiciones ocupacionales, la adherencia, "
    "las comorbilidades y las circunstancias socioeconómicas."
)


@pytest.fixture
def hard(fresh: Workspace) -> Workspace:
    """A topic with a section that is hard to read in both languages."""

    def add(topic: dict[str, list[object]]) -> None:
        section = {"id": "care", "aspect": "treatment", "heading": "How is it treated?"}
        topic["sections"].append({**section, "body": [{"paragraph": LONG}]})

    fresh.edit_topic("asthma", add)
    fresh.run("catalogue", "update", "asthma")
    fresh.edit_catalogue("asthma", "How is it treated?", msgstr="¿Cómo se trata?")
    fresh.edit_catalogue("asthma", LONG, msgstr=LARGO)
    return fresh


def limit(workspace: Workspace, **limits: float) -> None:
    lines = [f"{language} = {value}\n" for language, value in limits.items()]
    path = workspace.folder / "healthtopics.toml"
    path.write_text(path.read_text() + "\n[reading_ease]\n" + "".join(lines))


def test_check_reports_each_section_of_a_topic_in_each_language(hard: Workspace) -> None:
    lines = hard.run("check", "asthma").out.splitlines()
    assert lines[0].split("  ")[0] == "reading ease"
    assert [line.split()[0] for line in lines[1:3]] == ["asthma", "care"]
    values = hard.run("check", "asthma", "--json").json["readingEase"]["asthma"]
    assert values["en"]["sections"]["care"] > 15
    assert values["es"]["sections"]["care"] < 40
    assert "overview" not in values["en"]["sections"]  # too few words
    assert f"{values['en']['whole']}" in lines[1]


def test_check_of_a_workspace_reports_the_easiest_and_the_hardest(hard: Workspace) -> None:
    first = hard.run("check", "--no-cache")
    value = hard.run("check", "--json").json["readingEase"]["asthma"]["en"]["whole"]
    assert (
        f"Reading ease (en, Flesch–Kincaid grade level): {value} to {value}, median {value}.\n" in first.out
    )
    assert hard.run("check").out == first.out  # from the cache


def test_only_what_is_in_the_language_of_the_edition_counts(hard: Workspace) -> None:
    before = hard.run("check", "asthma", "--json").json["readingEase"]["asthma"]
    own = {"text": LARGO, "language": "es"}
    item = {"item": "A long list of reasons.", "list": ["It is dear."]}
    hard.edit_topic(
        "asthma", lambda topic: topic["sections"][1]["body"].extend([{"paragraph": own}, {"list": [item]}])
    )
    hard.run("catalogue", "update", "asthma")
    hard.edit_catalogue("asthma", "A long list of reasons.", msgstr="Una larga lista de razones.")
    hard.edit_catalogue("asthma", "It is dear.", msgstr="Es caro.")
    after = hard.run("check", "asthma", "--json").json["readingEase"]["asthma"]
    assert after["en"]["sections"]["care"] < before["en"]["sections"]["care"]  # for the short items alone
    assert after["es"]["sections"]["care"] != before["es"]["sections"]["care"]


def test_the_texts_of_callouts_count(hard: Workspace) -> None:
    before = hard.run("check", "asthma", "--json").json["readingEase"]["asthma"]["en"]
    callout = {"callout": "Call 911", "urgency": "emergency", "body": [{"paragraph": "You turn blue."}]}
    hard.edit_topic("asthma", lambda topic: topic["sections"][1]["body"].append(callout))
    after = hard.run("check", "asthma", "--json").json["readingEase"]["asthma"]["en"]
    assert after["sections"]["care"] < before["sections"]["care"]


def test_status_reports_the_edition(hard: Workspace) -> None:
    sheets = hard.run("catalogue", "status", "--json").json["catalogues"]
    (ease,) = [sheet["readingEase"] for sheet in sheets if sheet["topic"] == "asthma"]
    assert ease["sections"].keys() == {"care"}
    (line,) = [each for each in hard.run("catalogue", "status").out.splitlines() if " asthma " in each]
    assert f" {ease['whole']} " in line


def test_a_section_beyond_the_limit_is_a_warning(hard: Workspace) -> None:
    assert "hard-to-read" not in hard.run("check").out
    limit(hard, en=9, es=50)
    spanish, hint, english = hard.run("check", "asthma").out.splitlines()[:3]
    assert hint.startswith("  hint: "), "once for both"
    assert english.startswith(
        "topics/asthma.json:1:1  warning  hard-to-read  the section “care” is hard to read: Flesch–Kincaid "
    )
    assert english.endswith(", and the limit is 9.")
    assert spanish.startswith("locales/es/LC_MESSAGES/asthma.po  warning  hard-to-read")
    assert "INFLESZ" in spanish
    assert "hard-to-read" in hard.publish().err


def test_a_section_within_the_limit_is_not(hard: Workspace) -> None:
    limit(hard, en=60, es=-60)
    assert "hard-to-read" not in hard.run("check").out


def test_a_limit_must_be_a_number(hard: Workspace) -> None:
    (hard.folder / "healthtopics.toml").write_text(
        (hard.folder / "healthtopics.toml").read_text() + '\n[reading_ease]\nen = "easy"\n'
    )
    place = hard.place("healthtopics.toml#/reading_ease/en")
    assert f"{place}  error  configuration-schema  must be a number" in hard.run("check", code=78).out


def test_what_is_reported_is_the_same_with_and_without_the_cache(hard: Workspace) -> None:
    limit(hard, en=9)
    runs = [hard.run("check", "asthma", "--json", *more) for more in ([], [], ["--no-cache"])]
    assert runs[0].steady == runs[1].steady == runs[2].steady
    assert runs[0].json["problems"]


def test_a_limit_that_nothing_is_compared_with_is_reported(hard: Workspace) -> None:
    hard.replace("healthtopics.toml", "[languages.es]", "[languages.pt]\n\n[languages.es]")
    hard.run("catalogue", "update")
    limit(hard, en=99, fr=9, pt=9)
    lines = [line for line in hard.run("check").out.splitlines() if "reading-ease-unused" in line]
    assert [line.partition("  reading-ease-unused  ")[::2] for line in lines] == [
        (
            f"{hard.place('healthtopics.toml#/reading_ease/fr')}  warning",
            "the limit for 'fr' has no effect: the language has no edition here.",
        ),
        (
            f"{hard.place('healthtopics.toml#/reading_ease/pt')}  warning",
            "the limit for 'pt' has no effect: the language has no formula of reading ease.",
        ),
    ]
