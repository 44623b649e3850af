import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.reading.dangers import (
    differences,
    is_dangerous_word,
    is_safe_to_suggest,
    new_words,
)

WORDS = st.sampled_from(
    ["take", "20", "mg", "200", "not", "don't", "½", "four", "weeks", ",", "ICD-9", "CM", "%"]
)
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Take 4 tablets.", "Take four tablets!"),
        ("Take 1,000 mg.", "Take 1000 milligrams, please."),
        ("Take 20mg.", "Take 20 mg"),
        ("Use 5 µg.", "Use 5 micrograms."),
        ("Use 5 \u03bcg.", "Use 5 \u00b5g."),
        ("It happens in 10% of cases.", "It happens in 10 percent of the cases."),
        ("Don't smoke.", "Do not smoke."),
        ("You can’t smoke.", "You cannot smoke."),
        ("4-6 weeks", "4 to 6 weeks"),
        ('See <a href="https://example.org/1">this</a>.', 'See <a href="https://example.org/2">this</a>.'),
        ("Am I pregnant? Group g. Letters l and m.", "I may be pregnant."),
        ('<h3 id="type-2">Fever</h3>', "<h3>Fever</h3>"),
        ("<h3>Fever</h3>\n<p>It passes.</p>", "<p>Fever.</p>\n<p>It passes.</p>"),
        ("Fever", "Fevers"),
    ],
)
def test_safe_changes(old: str, new: str) -> None:
    assert is_safe_to_suggest(old, new)
    assert is_safe_to_suggest(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Take 20 mg.", "Take 200 mg."),
        ("Take 0.5 mg.", "Take 5 mg."),
        ("Take .5 mg.", "Take 5 mg."),
        ("Take ½ tablet.", "Take 1 tablet."),
        ("Take one tablet.", "Take two tablets."),
        ("Take half a tablet.", "Take a tablet."),
        ("Take it once a day.", "Take it twice a day."),
        ("The first dose.", "The second dose."),
        ("Between 4 and 6 weeks.", "Between 6 and 4 weeks."),
        ("5 mg", "5 mcg"),
        ("5 g", "5 mg"),
        ("5 g", "5 kg"),
        ("5 ml", "5 l"),
        ("5%", "5"),
        ("38 °C", "38 °F"),
        ("at 10 a.m.", "at 10 p.m."),
        ("for days", "for weeks"),
        ("a teaspoon", "a tablespoon"),
        ("every hour", "every minute"),
        ("You should get it.", "You should not get it."),
        ("You should get it.", "You shouldn't get it."),
        ("You should get it.", "You shouldn’t get it."),
        ("It is safe.", "It is never safe."),
        ("with food", "without food"),
        ("Drink alcohol.", "Avoid alcohol."),
        ("if you bleed", "unless you bleed"),
        ("There is a cure.", "There is no cure."),
        ("Take your medicine.", "Stop taking your medicine."),
        ("-20 °C", "20 °C"),
        ("−20 °C", "20 °C"),
        ("It is safe.", "It is unsafe."),
        ("20 mEq", "20 mOsm"),
        ("&lt; 5", "&gt; 5"),
        ("≤ 5", "≥ 5"),
        ("type I", "type II"),
        ("stage III", "stage IV"),
        ("10^3", "10^-3"),
        ("10³", "103"),
        ("For nonsmokers.", "For smokers."),
        ("The unvaccinated.", "The vaccinated."),
        ("insufficient", "sufficient"),
        ("It isnt so.", "It is so."),
        ("He is unable to.", "He is able to."),
        ("Discontinue it.", "Continue it."),
        ("Refrain from it.", "Start it."),
        ("older than 5", "younger than 5"),
        ("12 or more weeks", "12 or fewer weeks"),
        ("higher", "lower"),
        ("more likely", "less likely"),
        ("before", "after"),
        ("mild", "severe"),
        ("5 kPa", "5 MPa"),
        ("a pint", "a quart"),
        ("sprays", "vials"),
        ("2 sprays", "2 vials"),
        ("5 vials", "5 boxes"),
        ("q.d.", "q.i.d."),
        ("b.i.d.", "t.i.d."),
        ("qd", "qid"),
        ("3x", "3"),
        ("5' tall", '5" tall'),
        ("This is normal.", "This is abnormal."),
        ("a childless woman", "a child woman"),
        ("an underdose", "an overdose"),
        ("5 pk", "5"),
        ("millimetres", "centimetres"),
        ("vitamin D", "vitamin K"),
        ("hypertension", "hypotension"),
        ("prenatal", "postnatal"),
        ("Smokers outlive nonsmokers.", "Nonsmokers outlive smokers."),
        ("Call 1-800-222-1222.", "Call 1-800-222-1223."),
        ("by May 4", "by June 4"),
        ("on Monday", "on Tuesday"),
        ("at 10:30", "at 11:30"),
        ("Mail a@b.org.", "Mail c@b.org."),
        ("the 3rd day", "3 days"),
        ("vitamin B12", "vitamin B6"),
        ("<p>Do not.</p>", "<p>Do.</p>"),
    ],
)
def test_dangerous_changes(old: str, new: str) -> None:
    assert not is_safe_to_suggest(old, new)
    assert not is_safe_to_suggest(new, old)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Take 20 mg.", "Take 200 mg.", ["20 mg → 200 mg"]),
        ("Take 20mg.", "Take 20 mcg.", ["20mg → 20 mcg"]),
        ("Take it.", "Do not take it.", ["not (new)"]),
        ("Don’t take it.", "Take it.", ["Don't (gone)"]),
        ("Rest 4 to 6 weeks.", "Rest 6 to 8 weeks.", ["4 … 6 weeks → 6 … 8 weeks"]),
        ("Take one tablet daily.", "Never take two tablets daily.", ["one tablet → Never … two tablets"]),
        ("Keep it at -20 °C.", "Keep it at 20 °C.", ["-20 °C → 20 °C"]),
        ("between 4 and 5 &lt; 6", "between 4 and 5 &gt; 6", ["< → >"]),
        ("a 3x dose for nonsmokers", "a 3 dose for smokers", ["3x … dose … nonsmokers → 3 dose … smokers"]),
        ("Take 4 tablets.", "Take four tablets.", []),
        ("Rest.", "Sleep.", []),
    ],
)
def test_what_differs_is_named_as_the_texts_have_it(old: str, new: str, expected: list[str]) -> None:
    assert differences(old, new) == expected


@given(TEXTS, TEXTS)
def test_something_is_named_just_where_it_is_not_safe(old: str, new: str) -> None:
    assert bool(differences(old, new)) is not is_safe_to_suggest(old, new)


def test_of_very_different_texts_the_first_differences_are_named() -> None:
    old = " then ".join(f"{number} mg" for number in range(2000))
    new = " then ".join(f"{number} mg" for number in range(1, 4000, 2))
    found = differences(old, new)
    assert found[0] == "0 mg (gone)"
    assert found[-1].endswith(" more")
    assert sum(map(len, found)) < 1500
    one = differences("Rest.", old)
    assert one == ["0 mg … 1 mg … 2 mg … 3 mg … 4 mg … 5 mg … 6 mg … 7 mg … (new)"]


def test_a_word_by_itself() -> None:
    assert all(map(is_dangerous_word, ("Not", "mg", "four", "can’t", "WEEKS")))
    assert not any(map(is_dangerous_word, ("note", "fever", "")))


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Take a rest.", "Then take a rest.", ("Then",)),
        ("You may feel pain.", "You may feel severe pain.", ("severe",)),
        ("Call your doctor.", "Phone your doctor then.", ()),
        ("Rest.", "Rest.", ()),
        (
            "Rest.",
            "Rest: it is good to lie down on the soft couch.",
            (*["it", "is", "good", "to", "lie", "down", "on", "the"], "…"),
        ),
    ],
)
def test_words_that_a_suggestion_has_more_are_marked(old: str, new: str, marked: tuple[str, ...]) -> None:
    assert new_words(old, new) == marked
