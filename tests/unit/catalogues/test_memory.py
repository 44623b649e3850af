from healthtopics.catalogue import Catalogue, Key, Message
from healthtopics.catalogues.memory import EMPTY, Memory, Remembered, translations_in
from healthtopics.language import LanguageTag

ES = LanguageTag("es")
PAIN = Key("paragraph", "Call your provider if the pain in your back gets worse.")
LIKE_PAIN = Key("paragraph", "Call your provider if the pain in your belly gets worse.")


def catalogue(name: str, *messages: Message) -> list[Remembered]:
    return translations_in(Catalogue.of(ES, messages, path=f"locales/es/LC_MESSAGES/{name}.po"))


def test_the_same_english_is_found_in_every_catalogue_and_role() -> None:
    memory = Memory(
        [
            *catalogue("asthma", Message(Key("title", "Fever"), "Fiebre")),
            *catalogue("cough", Message(Key("heading|one", "Fever"), "La fiebre", is_imported=True)),
        ]
    )
    assert memory.exact("Fever") == [
        Remembered(Key("title", "Fever"), "Fiebre", "asthma"),
        Remembered(Key("heading|one", "Fever"), "La fiebre", "cough", is_imported=True),
    ]
    assert memory.exact("fever") == ()


def test_what_is_fuzzy_or_empty_is_not_remembered() -> None:
    doubtful = [Message(PAIN, "Llame.", is_fuzzy=True), Message(LIKE_PAIN, "")]
    memory = Memory(catalogue("asthma", *doubtful))
    assert not memory.exact(PAIN.msgid)
    assert not memory.similar(PAIN, 0.5)


def test_similar_english_is_found_in_the_same_role_best_first() -> None:
    third = Key("paragraph|x", "Call a provider if the pain in your belly gets worse.")
    memory = Memory(
        [
            *catalogue("a", Message(third, "tres"), Message(LIKE_PAIN, "dos")),
            *catalogue("b", Message(PAIN, "uno"), Message(Key("heading", LIKE_PAIN.msgid), "no")),
            *catalogue("c", Message(LIKE_PAIN, "dos, también")),
        ]
    )
    found = memory.similar(PAIN, 0.8)
    assert [each.msgstr for _share, each in found] == ["dos", "dos, también", "tres"]
    shares = [share for share, _each in found]
    assert shares == sorted(shares, reverse=True)
    assert all(0.8 <= share < 1 for share in shares)
    assert memory.similar(PAIN, 0.8, limit=1) == found[:2]


def test_nothing_is_similar_in_an_unknown_role_or_in_no_memory() -> None:
    memory = Memory(catalogue("a", Message(PAIN, "uno")))
    assert memory.similar(Key("attribution", PAIN.msgid), 0.1) == []
    assert EMPTY.similar(PAIN, 0.1) == []


def test_a_text_much_longer_or_shorter_is_not_similar() -> None:
    memory = Memory(catalogue("a", Message(Key("paragraph", PAIN.msgid * 3), "uno")))
    assert memory.similar(PAIN, 0.6) == []


def test_among_very_many_texts_with_common_words_the_one_with_the_rare_word_is_found() -> None:
    many = [
        Message(Key("paragraph", f"The common pain number {index} is mild."), "x") for index in range(3_000)
    ]
    rare = Message(Key("paragraph", "The common pain number of sciatica is mild."), "ciática")
    memory = Memory(catalogue("many", *many, rare))
    (share, found), *_ = memory.similar(Key("paragraph", "A common pain number of sciatica is mild."), 0.8)
    assert (found.msgstr, share > 0.9) == ("ciática", True)


def test_texts_of_short_words_are_found_too() -> None:
    memory = Memory(catalogue("a", Message(Key("heading", "How is it now?"), "¿Cómo va?")))
    ((share, found),) = memory.similar(Key("heading", "How is he now?"), 0.8)
    assert (found.msgstr, share < 1) == ("¿Cómo va?", True)
