import pytest

from healthtopics.catalogues.languages import known_language, language_name
from healthtopics.language import LanguageTag


@pytest.mark.parametrize(
    "tag", ["pt", "pt-BR", "es-419", "zh-Hans", "zh-Hant-TW", "haw", "tl", "en-XA", "ar-XB"]
)
def test_a_tag_that_the_locale_data_know_is_taken(tag: str) -> None:
    assert known_language(tag) == tag


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("spanish", "es"),
        ("Brazilian Portuguese", "pt-BR"),
        ("portugese", "pt"),
        ("es_US", "es-US"),
        ("es_US.UTF-8", "es-US"),
        ("ES", "es"),
        ("pt-br", "pt-BR"),
        ("ZH-hans-cn", "zh-Hans-CN"),
        ("spa", "es"),
        ("iw", "he"),
        ("sr_latn", "sr-Latn"),
    ],
)
def test_an_invalid_tag_suggests_the_tag_that_was_meant(text: str, meant: str) -> None:
    with pytest.raises(ValueError, match=rf" Did you mean {meant}\?$"):
        known_language(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "'' is not a language tag"),
        ("e", "'e' is not a language tag"),
        ("x-private", "'x-private' is not a language tag"),
        ("xx", "'xx' is not the tag of a language"),
        ("und", "'und' is not the tag of a language"),
        ("mul", "'mul' is not the tag of a language"),
        ("es-QQ", "'QQ' in 'es-QQ' is neither a script nor a region"),
        ("es-Abcd", "'Abcd' in 'es-Abcd' is neither a script nor a region"),
    ],
)
def test_what_can_mean_nothing_is_refused_without_a_guess(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=f"^{fault}") as error:
        known_language(text)
    assert "Did you mean" not in str(error.value)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("pt", "Portuguese"),
        ("pt-BR", "Brazilian Portuguese"),
        ("pt-AO", "Portuguese (Angola)"),
        ("zh-Hans-SG", "Chinese (Simplified, Singapore)"),
        ("en-XA", "English (Pseudo-Accents)"),
    ],
)
def test_the_name_says_what_the_tag_says(tag: str, name: str) -> None:
    assert language_name(LanguageTag(tag)) == name
