import pytest

from healthtopics.language import LanguageTag, direction, parse_language, posix_locale

TAGS = ("en", "es", "es-US", "es-419", "zh-Hans", "zh-Hant-TW", "haw")


@pytest.mark.parametrize("tag", TAGS)
def test_tag_is_taken_as_it_is(tag: str) -> None:
    assert parse_language(tag) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ES",
        "es_US",
        "es-us",
        "zh-hans",
        "spanish",
        "e",
        "es-",
        "es-US\n",
        "es-٤١٩",
        "es-x-a",
        "i-klingon",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a language tag"):
        parse_language(text)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("es", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl"), ("fa", "rtl"), ("ar-Latn", "ltr"), ("pa", "ltr"),
        ("pa-Arab", "rtl"), ("pa-Arab-PK", "rtl"), ("es-419", "ltr"),
    ],
)  # fmt: skip
def test_script_decides_the_direction_before_the_language(tag: str, expected: str) -> None:
    assert direction(LanguageTag(tag)) == expected


@pytest.mark.parametrize(("tag", "name"), [("es", "es"), ("es-US", "es_US"), ("zh-Hans", "zh_Hans")])
def test_the_folder_of_a_language_has_its_posix_name(tag: str, name: str) -> None:
    assert posix_locale(LanguageTag(tag)) == name
