"""A file that was sent by mail is judged without its topic."""

import pytest

from healthtopics.errors import CatalogueError
from healthtopics.problems import Level
from healthtopics.translation.single_file import check_alone

HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

"""


def found(entry: str, language: str = "es") -> list[tuple[str, Level, int | None]]:
    data = (HEADER.format(language=language) + entry).encode()
    return [(each.check, each.level, each.line) for each in check_alone(data, "sent.po").problems]


DOSE = 'msgctxt "paragraph"\nmsgid "Take 20 mg a day."\nmsgstr "Tome 200 mg al día."\n'


def test_a_wrong_dose_is_found_with_its_line() -> None:
    assert found(DOSE) == [("number-changed", Level.ERROR, 6)]


def test_what_could_not_be_judged_is_counted_with_the_problems() -> None:
    data = (HEADER.format(language="es") + DOSE.replace("paragraph", "ballad")).encode()
    checked = check_alone(data, "sent.po")
    assert [each.check for each in checked.problems] == ["number-changed"]
    assert checked.unjudged.unknown_roles == 1
    assert check_alone(data, "sent.po", keys=()).problems == []


def test_what_is_fuzzy_or_missing_is_reported_and_not_judged() -> None:
    assert found(f"#, fuzzy\n{DOSE}") == [("message-fuzzy", Level.WARNING, 7)]
    missing = DOSE.replace("Tome 200 mg al día.", "")
    assert found(missing) == [("message-missing", Level.WARNING, 6)]
    assert found(missing.replace("paragraph", "organization")) == [], "a name may stay as it is"


def test_an_entry_without_a_role_or_with_an_unknown_one_is_judged_as_a_paragraph() -> None:
    for entry in (DOSE.replace("paragraph", "somebody-elses"), DOSE.partition("\n")[2]):
        assert [check for check, _, _ in found(entry)] == ["number-changed"]


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("https://example.org/en/page.html", []),
        ("https://example.org/es/pagina.html", []),
        ("https://example.org/page.html?lang=es", []),
        ("https://es.example.org/pagina", []),
        ("https://evil.example/es/page.html", ["href-lost"]),
    ],
)
def test_a_link_leads_to_the_same_page_or_to_the_part_of_its_host_in_the_language(
    address: str, wanted: list[str]
) -> None:
    link = 'msgid "Read <a href=\\"https://example.org/en/page.html\\">more</a>."\n'
    entry = f'msgctxt "paragraph"\n{link}msgstr "Lea <a href=\\"{address}\\">más</a>."\n'
    assert [check for check, _, _ in found(entry)] == wanted


def test_a_dismissal_holds_and_an_unneeded_one_is_reported() -> None:
    assert found(f"# lint-ignore: number-changed\n{DOSE}") == []
    right = DOSE.replace("200", "20")
    assert found(f"# lint-ignore: number-changed\n{right}") == [("dismissal-unneeded", Level.WARNING, 7)]


def test_the_page_in_the_language_may_stand_for_the_english_one() -> None:
    entry = (
        'msgctxt "paragraph"\n'
        'msgid "Read <a href=\\"https://example.org/en\\">more</a>."\n'
        'msgstr "Lea <a href=\\"https://example.org/es\\">más</a>."\n'
    )
    assert found(entry) == []
    assert [check for check, _, _ in found(entry.replace('</a>."\n', '."\n', 2)[:-1] + "\n")]


def test_the_emergency_number_is_not_judged_where_the_region_is_not_known() -> None:
    assert (
        found('msgctxt "paragraph"\nmsgid "Call 112 right away."\nmsgstr "Llame al 112 de inmediato."\n')
        == []
    )


@pytest.mark.parametrize("language", ["", "tlh", "no language"])
def test_without_a_language_that_is_known_numbers_are_still_compared(language: str) -> None:
    assert ("number-changed", Level.ERROR, 6) in found(DOSE, language)


def test_english_with_invalid_markup_is_reported_with_its_line() -> None:
    entry = 'msgctxt "paragraph"\nmsgid "Tom & Jerry"\nmsgstr "Tom y Jerry"\n'
    assert found(f"{entry}\n{DOSE}")[0] == ("markup-ill-formed", Level.ERROR, 6)
    assert found(f"{entry}\n{DOSE}")[-1][0] == "number-changed"


@pytest.mark.parametrize("language", ["", "no language"])
def test_without_a_language_only_what_holds_for_every_language_is_asked(language: str) -> None:
    entry = (
        'msgctxt "paragraph"\nmsgid "Do not take it twice, unless your doctor says so."\n'
        'msgstr "No lo tome dos veces, salvo que su médico se lo diga."\n'
    )
    assert found(entry, language) == [("po-language", Level.WARNING, 1)]


def test_a_file_that_cannot_be_read() -> None:
    with pytest.raises(CatalogueError):
        found('msgid "a\n')


@pytest.mark.parametrize(
    ("english", "portuguese", "findings"),
    [
        ("Wait three months.", "Espere três meses.", []),
        ("Take two or more tablets.", "Tome dois ou mais comprimidos.", []),
        ("Wait 3 months.", "Espere três meses.", [("number-lost", Level.WARNING, 6)]),
        ("Take 20 mg.", "Tome 200 mg.", [("number-changed", Level.ERROR, 6)]),
        ("Take 1,000 mg.", "Tome 1.000 mg.", []),
    ],
)
def test_of_a_language_without_words_digits_are_compared(
    english: str, portuguese: str, findings: list[tuple[str, Level, int | None]]
) -> None:
    entry = f'msgctxt "paragraph"\nmsgid "{english}"\nmsgstr "{portuguese}"\n'
    assert found(entry, "pt") == findings


def test_an_entry_with_plural_forms_is_reported() -> None:
    entry = 'msgctxt "title"\nmsgid "Day"\nmsgid_plural "Days"\nmsgstr[0] "Día"\nmsgstr[1] "Días"\n'
    data = f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{entry}'
    (problem, *_others) = check_alone(data.encode(), "es.po").problems
    assert (problem.check, problem.level, problem.line) == ("po-plural", Level.WARNING, 4)
    assert "msgstr[0]" in problem.message
