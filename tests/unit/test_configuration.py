import tomllib

import pytest

from healthtopics.configuration import Configuration, LanguagePolicy, add_language
from healthtopics.language import LanguageTag

REQUIRED = {"base_url": "https://example.org", "publisher": "healthtopics", "languages": {}}


def test_what_is_left_out_has_its_default() -> None:
    configuration = Configuration.from_dict({**REQUIRED, "languages": {"es": {}}}, ["fhir-r4", "schemaorg"])
    assert configuration == Configuration(
        base_url="https://example.org",
        publisher="healthtopics",
        languages={LanguageTag("es"): LanguagePolicy()},
        formats=("fhir-r4", "schemaorg"),
    )
    assert configuration.cadence_hours == 24
    assert (configuration.trial, configuration.contact) == (False, "")


def test_what_is_given_is_taken() -> None:
    spanish = {"policy": "fallback", "threshold": 0.5, "locale": "es-US"}
    configuration = Configuration.from_dict(
        {**REQUIRED, "languages": {"es": spanish}, "formats": ["schemaorg"], "cadence": "PT6H"}, ["html"]
    )
    assert configuration.languages == {
        "es": LanguagePolicy(policy="fallback", threshold=0.5, locale=LanguageTag("es-US"))
    }
    assert (configuration.formats, configuration.cadence) == (("schemaorg",), "PT6H")


@pytest.mark.parametrize(
    ("languages", "expected"),
    [((), ("en",)), (("fr", "es"), ("en", "fr", "es")), (("es", "en"), ("en", "es"))],
)
def test_source_language_comes_first_and_once(languages: tuple[str, ...], expected: tuple[str, ...]) -> None:
    configuration = Configuration.from_dict(
        {**REQUIRED, "languages": {language: {} for language in languages}}, ["html"]
    )
    assert configuration.all_languages == expected


@pytest.mark.parametrize(("cadence", "hours"), [("P1D", 24), ("P14D", 336), ("PT1H", 1), ("PT36H", 36)])
def test_cadence_is_counted_in_hours(cadence: str, hours: int) -> None:
    assert Configuration.from_dict({**REQUIRED, "cadence": cadence}, ["html"]).cadence_hours == hours


BASE = 'base_url = "https://example.org"\npublisher = "healthtopics"\n'
PORTUGUESE = '\n[languages.pt]\npolicy = "complete"\n'


@pytest.mark.parametrize(
    "text",
    [
        f"{BASE}[languages]\n",
        f'{BASE}languages.es.policy = "complete"\n',
        f'{BASE}[languages]\nes.policy = "complete"\n',
        '[languages.es]\n# “ñ”\npolicy = "fallback"\nthreshold = 0.50\n[other]\na = 1\n[languages.fr]\n',
    ],
    ids=["none-yet", "dotted", "dotted-in-a-table", "elsewhere"],
)
def test_a_language_is_added_without_another_change(text: str) -> None:
    found = add_language(text, LanguageTag("pt"), LanguagePolicy())
    assert found == text + PORTUGUESE
    assert tomllib.loads(found)["languages"]["pt"] == {"policy": "complete"}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('[languages.es]\npolicy = "complete"  # as ever\n', "\n\n# the end\n"),
        ('[languages.es]\n# “ñ”\npolicy = "complete"\n', "\n# [jobs]\n# ping = 1\n\n[serve]\nworkers = 2\n"),
        ("[languages.es]\n\n[languages.fr]\n", "\n[serve]\nworkers = 2\n"),
    ],
    ids=["comments", "commented-tables", "after-the-last"],
)
def test_a_language_comes_after_the_others(above: str, below: str) -> None:
    found = add_language(BASE + above + below, LanguageTag("pt"), LanguagePolicy())
    assert found == BASE + above + PORTUGUESE + below


def test_a_table_that_follows_at_once_is_set_apart() -> None:
    found = add_language("[languages.es]\n[serve]\n", LanguageTag("pt"), LanguagePolicy())
    assert found == f"[languages.es]\n{PORTUGUESE}\n[serve]\n"


def test_what_only_looks_like_a_table_is_left_alone() -> None:
    text = f'{BASE}note = """\n[languages.es]\n"""\n'
    assert add_language(text, LanguageTag("pt"), LanguagePolicy()) == text + PORTUGUESE


def test_line_ends_are_those_of_the_file_and_the_last_line_gets_one() -> None:
    found = add_language(f"{BASE}[languages]".replace("\n", "\r\n"), LanguageTag("pt"), LanguagePolicy())
    assert found == f"{BASE}[languages]\n{PORTUGUESE}".replace("\n", "\r\n")


def test_a_policy_is_written_with_what_counts_for_it() -> None:
    policy = LanguagePolicy(policy="fallback", threshold=0.9, locale=LanguageTag("pt-BR"))
    found = tomllib.loads(add_language(f"{BASE}[languages]\n", LanguageTag("pt"), policy))
    assert found["languages"]["pt"] == {"policy": "fallback", "threshold": 0.9, "locale": "pt-BR"}
    assert Configuration.from_dict(found, ["html"]).languages == {"pt": policy}


@pytest.mark.parametrize("languages", ["languages = {}\n", "[languages.pt]\n", "languages = {pt = {}}\n"])
def test_where_toml_allows_no_table_the_error_says_what_to_write(languages: str) -> None:
    with pytest.raises(ValueError, match=r'^pt = \{ policy = "complete" \}$'):
        add_language(BASE + languages, LanguageTag("pt"), LanguagePolicy())
