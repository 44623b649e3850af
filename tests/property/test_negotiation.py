"""Negotiation by the rules of RFC 9110 §12.5, restated here without the code that is tested."""

from hypothesis import assume, given
from hypothesis import strategies as st

from healthtopics.delivery.negotiation import (
    IDENTITY,
    choose_coding,
    choose_media_type,
    find_language,
    rank_languages,
)

QUALITIES = st.sampled_from([0.0, 0.001, 0.2, 0.5, 0.75, 1.0])
OFFERS = (
    "application/fhir+json;fhirVersion=4.0",
    "application/fhir+json;fhirVersion=5.0",
    "application/ld+json",
    "application/json",
    "text/html",
)
MEDIA_RANGES = st.sampled_from(
    ["*/*", "application/*", "text/*", "application/fhir+json", *OFFERS, "application/xml", "image/png"]
)
TAGS = ("en", "es", "es-US", "zh-Hant")
LANGUAGE_RANGES = st.sampled_from(
    ["*", "en", "EN", "en-GB", "es", "es-US", "es-MX", "zh", "zh-Hant-TW", "fr"]
)
CODINGS = ("br", "gzip")
CODING_RANGES = st.sampled_from(["*", "br", "gzip", "identity", "zstd", "deflate"])


def written(ranges: dict[str, float]) -> str:
    return ", ".join(f"{name};q={quality:g}" for name, quality in ranges.items())


def media_quality(offer: str, ranges: dict[str, float]) -> float:
    """Of the ranges that match, the most specific one decides (§12.5.1)."""
    kind = offer.partition(";")[0]
    for name in (offer, kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


@given(st.dictionaries(MEDIA_RANGES, QUALITIES, min_size=1))
def test_the_media_type_is_the_first_of_those_with_the_highest_quality(ranges: dict[str, float]) -> None:
    qualities = {offer: media_quality(offer, ranges) for offer in OFFERS}
    best = max(qualities.values())
    expected = next(offer for offer in OFFERS if qualities[offer] == best) if best else None
    assert choose_media_type(written(ranges), OFFERS) == expected


@given(st.dictionaries(LANGUAGE_RANGES, QUALITIES))
def test_languages_are_ranked_and_none_is_invented(ranges: dict[str, float]) -> None:
    ranked = rank_languages(written(ranges), TAGS)
    assert ranked
    assert set(ranked) <= set(TAGS)
    assert len(set(ranked)) == len(ranked)


@given(st.dictionaries(LANGUAGE_RANGES, QUALITIES), st.sampled_from(TAGS))
def test_a_language_that_is_named_and_refused_comes_only_if_all_are(
    ranges: dict[str, float], tag: str
) -> None:
    ranked = rank_languages(written({**ranges, tag: 0.0}), TAGS)
    # "EN" and "en" are one range; the header then says two things of it.
    assume("EN" not in ranges or tag != "en")
    assert tag not in ranked or ranked == TAGS


@given(st.sampled_from(TAGS), st.dictionaries(LANGUAGE_RANGES, QUALITIES.filter(lambda each: each < 1)))
def test_the_language_that_is_wanted_most_comes_first(tag: str, others: dict[str, float]) -> None:
    others = {name: quality for name, quality in others.items() if name.lower() != tag.lower()}
    assert rank_languages(written({**others, tag: 1.0}), TAGS)[0] == tag


@given(st.permutations(["en", "es"]), QUALITIES.filter(bool))
def test_of_equal_languages_the_first_in_the_header_comes_first(tags: list[str], quality: float) -> None:
    assert rank_languages(written(dict.fromkeys(tags, quality)), TAGS)[0] == tags[0]


@given(st.text(max_size=40))
def test_no_header_breaks_negotiation(text: str) -> None:
    assert rank_languages(text, TAGS)
    assert choose_coding(text, CODINGS) in (*CODINGS, IDENTITY)
    assert choose_media_type(text, OFFERS) in (*OFFERS, None)
    assert find_language(text, TAGS) in (*TAGS, None)


@given(st.dictionaries(CODING_RANGES, QUALITIES))
def test_the_coding_is_never_one_that_is_refused_and_always_the_best(ranges: dict[str, float]) -> None:
    def quality(coding: str) -> float:
        return ranges.get(coding, ranges.get("*", 0.0))

    chosen = choose_coding(written(ranges), CODINGS)
    best = max(CODINGS, key=quality)
    if chosen == IDENTITY:
        # It needs no permission (§12.5.3), but gives way to a coding that is wanted more.
        assert quality(best) <= ranges.get(IDENTITY, 0.0)
    else:
        assert quality(chosen) == quality(best) > 0
