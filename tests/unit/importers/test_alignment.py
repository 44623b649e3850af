from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.importers.alignment import CERTAIN, Alignment, Segment, align, likeness
from healthtopics.language import SOURCE, LanguageTag
from healthtopics.reading.concepts import concepts_of

ES = LanguageTag("es")
ENGLISH = [
    "Miscarriage is a loss of pregnancy before the 20th week.",
    "Most miscarriages happen very early, often before a woman knows that she is pregnant.",
    "Vaginal bleeding or spotting, with or without pain",
    "Pain or cramping in your abdomen or lower back",
    "Fluid or tissue that passes from your vagina",
    "Call your health care provider at once if you have a temperature above 100.4 °F.",
]
SPANISH = [
    "Un aborto espontáneo es la pérdida del embarazo antes de la semana 20.",
    "La mayoría ocurre muy temprano, a menudo antes de que la mujer sepa que está embarazada.",
    "Sangrado o manchado vaginal, con o sin dolor",
    "Dolor o cólicos en el abdomen o en la parte baja de la espalda",
    "Líquido o tejido que sale de la vagina",
    "Llame de inmediato a su profesional de la salud si tiene una temperatura mayor de 100.4 °F.",
]
KINDS = ["paragraph", "paragraph", "item", "item", "item", "paragraph"]


def segments(texts: Sequence[str], kinds: Sequence[str] = KINDS) -> list[Segment]:
    return [Segment(kind, text) for kind, text in zip(kinds, texts, strict=True)]


def named(texts: Sequence[str], language: LanguageTag) -> list[Segment]:
    """Return items with the concepts that they name."""
    concepts = concepts_of(ES)
    return [Segment("item", text, concepts=concepts.named(text, language)) for text in texts]


def shape(alignment: Alignment) -> list[tuple[list[int], list[int]]]:
    return [(list(bead.source), list(bead.target)) for bead in alignment.beads]


def test_the_same_structure_pairs_one_by_one_and_is_certain() -> None:
    alignment = align(segments(ENGLISH), segments(SPANISH))
    assert alignment.is_certain
    assert alignment.doubts == 0
    assert shape(alignment) == [([i], [i]) for i in range(6)]


@pytest.mark.parametrize("gone", range(6))
def test_a_block_that_spanish_lacks_is_not_paired(gone: int) -> None:
    kept = [text for index, text in enumerate(SPANISH) if index != gone]
    kinds = [kind for index, kind in enumerate(KINDS) if index != gone]
    alignment = align(segments(ENGLISH), segments(kept, kinds))
    assert ([gone], []) in shape(alignment) or not alignment.is_certain
    assert [bead.source for bead in alignment.beads if not bead.target] in ([range(gone, gone + 1)], [])


@pytest.mark.parametrize("gone", [1, 5])
def test_a_paragraph_that_english_lacks_is_certainly_not_paired(gone: int) -> None:
    kept = [text for index, text in enumerate(ENGLISH) if index != gone]
    kinds = [kind for index, kind in enumerate(KINDS) if index != gone]
    alignment = align(segments(kept, kinds), segments(SPANISH))
    assert alignment.is_certain
    assert ([], [gone]) in shape(alignment)


def test_two_paragraphs_made_one_are_a_doubt() -> None:
    joined = [f"{SPANISH[0]} {SPANISH[1]}", *SPANISH[2:]]
    alignment = align(segments(ENGLISH), segments(joined, KINDS[1:]))
    assert not alignment.is_certain
    assert ([0, 1], [0]) in shape(alignment)


def test_a_list_in_place_of_a_sentence_is_a_doubt() -> None:
    alignment = align(
        [Segment("paragraph", ENGLISH[0]), Segment("paragraph", "Call if you have bleeding, pain or fluid.")],
        [Segment("paragraph", SPANISH[0]), Segment("list", "Sangrado Dolor Líquido Llame si los tiene")],
    )
    assert not alignment.is_certain


def test_what_was_moved_is_a_doubt() -> None:
    moved = [SPANISH[5], *SPANISH[:5]]
    kinds = [KINDS[5], *KINDS[:5]]
    assert not align(segments(ENGLISH), segments(moved, kinds)).is_certain


def test_another_number_makes_two_segments_less_alike() -> None:
    one = Segment("paragraph", "Take 2 tablets every 8 hours.")
    right = Segment("paragraph", "Tome 2 tabletas cada 8 horas.")
    wrong = Segment("paragraph", "Tome 8 tabletas cada 2 meses.")
    other = Segment("paragraph", "Tome 3 tabletas cada 6 horas.")
    assert likeness(one, right) > likeness(one, other)
    assert likeness(one, wrong) > likeness(one, other)  # the digits alone do not distinguish these two


def test_thousands_and_decimals_are_the_same_number_in_both_notations() -> None:
    assert (
        Segment("", "1,000 or 0.5 or 20\u202f000").traits.numbers
        == Segment("", "1.000 o 0,5 o 20\u00a0000").traits.numbers
    )


def test_links_weigh_more_than_words() -> None:
    one = Segment("item", "Read more", ("topic:pain",))
    assert (
        likeness(one, Segment("item", "Lea más", ("topic:pain",)))
        > likeness(one, Segment("item", "Read more")) - 1
    )


def test_nothing_aligns_with_nothing() -> None:
    assert align([], []).is_certain
    assert shape(align([], segments(SPANISH[:1], KINDS[:1]))) == [([], [0])]


LIST = ["Allergies", "Diabetes", "Infections", "Medicines", "Stroke"]
LISTA = ["Alergias", "Diabetes", "Infecciones", "Medicinas", "Derrame cerebral"]
ITEMS = ["item"] * 5


def test_short_items_pair_though_some_have_nothing_in_common() -> None:
    alignment = align(segments(LIST, ITEMS), segments(LISTA, ITEMS))
    assert alignment.is_certain
    assert shape(alignment) == [([i], [i]) for i in range(5)]


@pytest.mark.parametrize("order", list(permutations(range(5)))[1:])
def test_a_list_in_another_order_is_a_doubt(order: tuple[int, ...]) -> None:
    alignment = align(segments(LIST, ITEMS), segments([LISTA[at] for at in order], ITEMS))
    assert not alignment.is_certain
    assert 0 < alignment.doubts <= len(alignment.beads)


DOSES = ["Adults: 2 tablets", "Teens: 1 tablet", "Young children: none"]
DOSIS = ["Adultos: 2 tabletas", "Jóvenes: 1 tableta", "Niños pequeños: ninguna"]


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_numbers_at_another_place_are_a_doubt(order: tuple[int, ...]) -> None:
    kinds = ["item"] * 3
    assert align(segments(DOSES, kinds), segments(DOSIS, kinds)).is_certain
    assert not align(segments(DOSES, kinds), segments([DOSIS[at] for at in order], kinds)).is_certain


@pytest.mark.parametrize(
    ("negative", "negativo"),
    [
        ("There is no cure.", "No se puede curar."),
        ("Do not take aspirin.", "No tome aspirina."),
        ("Don’t share towels.", "Nunca comparta toallas."),
        ("Never go out alone.", "Jamás salga a solas."),
        ("It heals without drugs.", "Se cura sin remedios."),
        ("None of them helps.", "Ninguno de ellos ayuda."),
        ("Nobody knows why.", "Nadie sabe el motivo."),
    ],
)
def test_a_sentence_with_a_not_in_place_of_one_without_is_a_doubt(negative: str, negativo: str) -> None:
    english = segments([negative, "Drink water daily."], ["paragraph"] * 2)
    spanish = segments([negativo, "Beba agua cada día."], ["paragraph"] * 2)
    assert align(english, spanish).is_certain
    assert not align(english, spanish[::-1]).is_certain


def test_a_differently_worded_negation_alone_does_not_cause_doubt() -> None:
    english = named(["Avoid alcohol.", "Rest a lot.", "Drink water daily."], SOURCE)
    spanish = named(["No tome alcohol.", "Descanse mucho.", "Beba agua cada día."], ES)
    assert align(english, spanish).is_certain


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("Allergies", "Alergias"),
        ("Lotion", "Loción"),
        ("Physical", "Físico"),
        ("Thyroid", "Tiroides"),
        ("Hypertension", "Hipertensión"),
        ("Compress", "Compresa"),
    ],
)
def test_words_of_one_root_are_known_in_the_spelling_of_either_language(english: str, spanish: str) -> None:
    assert Segment("", english).traits.roots == Segment("", spanish).traits.roots


SHORT = ["Bleeding", "Fever", "Rash", "Swelling"]
CORTO = ["Sangrado", "Fiebre", "Sarpullido", "Hinchazón"]


def test_order_alone_proves_nothing() -> None:
    items = ["item"] * 4
    assert not align(segments(SHORT, items), segments(CORTO, items)).is_certain
    assert align(named(SHORT, SOURCE), named(CORTO, ES)).is_certain


@pytest.mark.parametrize("order", list(permutations(range(4)))[1:])
def test_concepts_at_another_place_are_a_doubt(order: tuple[int, ...]) -> None:
    assert not align(named(SHORT, SOURCE), named([CORTO[at] for at in order], ES)).is_certain


def test_the_last_of_two_lists_follows_from_the_others() -> None:
    unknown = segments(["Qwerty"], ["item"])
    desconocido = segments(["Asdfg"], ["item"])
    assert align([*named(SHORT, SOURCE), *unknown], [*named(CORTO, ES), *desconocido]).is_certain
    two = segments(["Qwerty", "Zxcvb"], ["item"] * 2)
    dos = segments(["Asdfg", "Yuiop"], ["item"] * 2)
    alignment = align([*named(SHORT, SOURCE), *two], [*named(CORTO, ES), *dos])
    assert alignment.doubts == 2


def test_an_item_without_evidence_beside_one_without_a_counterpart_is_a_doubt() -> None:
    english = [*named(SHORT, SOURCE), *segments(["Qwerty"], ["item"])]
    spanish = [*named(CORTO, ES), *segments(["Asdfg", "Yuiop"], ["item"] * 2)]
    assert not align(english, spanish).is_certain


def test_items_that_take_one_another_s_places_in_a_ring_are_a_doubt() -> None:
    english = [
        Segment("item", f"Item {name}", (name, f"{name}-{after}")) for name, after in ("ab", "bc", "ca")
    ]
    spanish = [Segment("item", f"Punto {name}", (f"{before}-{name}",)) for before, name in ("ca", "ab", "bc")]
    assert not align(english, spanish).is_certain


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (["Hepatitis A", "Hepatitis B", "Hepatitis C"], ["Hepatitis A", "Hepatitis B", "Hepatitis C"]),
        (["Vitamin D", "Vitamin E"], ["Vitamina D", "Vitamina E"]),
        (["Blood type O", "Blood type B"], ["Grupo sanguíneo O", "Grupo sanguíneo B"]),
    ],
)
def test_a_letter_distinguishes_items(english: list[str], spanish: list[str]) -> None:
    assert align(named(english, SOURCE), named(spanish, ES)).is_certain
    assert not align(named(english, SOURCE), named(spanish[::-1], ES)).is_certain


texts = st.lists(
    st.builds(
        Segment,
        st.sampled_from(["paragraph", "item"]),
        st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80),
        st.lists(st.sampled_from(["topic:a", "topic:b"]), max_size=2).map(tuple),
    ),
    max_size=7,
)


@given(texts, texts)
def test_beads_cover_both_sides_in_order(source: list[Segment], target: list[Segment]) -> None:
    alignment = align(source, target)
    assert [i for bead in alignment.beads for i in bead.source] == list(range(len(source)))
    assert [j for bead in alignment.beads for j in bead.target] == list(range(len(target)))
    assert all(0 <= bead.certainty <= 1 for bead in alignment.beads)
    if alignment.is_certain:
        assert all(bead.certainty >= CERTAIN for bead in alignment.beads)
        assert all(len(bead.source) <= 1 and len(bead.target) <= 1 for bead in alignment.beads)
