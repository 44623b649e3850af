"""What a client prefers (RFC 9110 §12.5). Headers that are malformed or overlong count as absent."""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

with warnings.catch_warnings():
    # WebOb imports the deprecated `cgi`, which must not fail where warnings are errors.
    warnings.simplefilter("ignore", DeprecationWarning)
    from webob.acceptparse import (
        AcceptEncodingValidHeader,
        AcceptLanguageValidHeader,
        AcceptValidHeader,
        create_accept_encoding_header,
        create_accept_header,
        create_accept_language_header,
    )

LONGEST: Final = 1000
"""Of a header field that is read, in characters; browsers send about 150."""

IDENTITY: Final = "identity"
"""The content coding that changes nothing."""

_FHIR_VERSION: Final = re.compile(r"([0-9]{1,3}\.[0-9]{1,3})(?:\.[0-9]{1,3})?")


@lru_cache(maxsize=4096)
def choose_media_type(accept: str, offers: tuple[str, ...]) -> str | None:
    """Return the offer that the client prefers, the earlier of equal ones; None if it accepts none of them.

    Of the parameters only `fhirVersion` distinguishes variants, written `type;fhirVersion=4.0` in the offers.
    """
    header = create_accept_header(accept) if 0 < len(accept) <= LONGEST else None
    if not isinstance(header, AcceptValidHeader) or not header.parsed:
        return offers[0] if offers else None
    ranges = ", ".join(
        f"{media_range.partition(';')[0]}{_fhir_version(parameters)};q={quality}"
        for media_range, quality, parameters, _ in header.parsed
    )
    acceptable = create_accept_header(ranges).acceptable_offers(offers)
    return acceptable[0][0] if acceptable else None


def _fhir_version(parameters: list[tuple[str, str]]) -> str:
    asked = [value for name, value in parameters if name.lower() == "fhirversion"]
    return f";fhirVersion={fhir_version(asked[0]) or 'unknown'}" if asked else ""


def fhir_version(text: str) -> str | None:
    """Return a version of FHIR as media types have it, `4.0` for `4.0.1`; None if it is not a version."""
    found = _FHIR_VERSION.fullmatch(text)
    return found[1] if found else None


@lru_cache(maxsize=4096)
def rank_languages(accept_language: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the languages in the order in which the client prefers them, which is never empty.

    Those that it does not name come last, in the given order; those that it refuses are left out, unless it
    refuses all of them: then it gets what there is (RFC 9110 §12.5.4).
    """
    header = create_accept_language_header(accept_language) if 0 < len(accept_language) <= LONGEST else None
    if not isinstance(header, AcceptLanguageValidHeader):
        return languages
    ranges = [_Range(text.lower(), quality, place) for place, (text, quality) in enumerate(header.parsed)]
    rated = [(_rate(tag.lower(), ranges), tag) for tag in languages]
    kept = [each for each in rated if each[0] is None or each[0].quality > 0]
    return tuple(tag for _, tag in sorted(kept, key=_order)) or languages


def _order(rated: "tuple[_Range | None, str]") -> tuple[float, int, bool]:
    found, tag = rated
    if found is None:
        return 0.0, 0, True
    # What is exactly asked for comes before what the client is content with.
    return -found.quality, found.place, len(found.text) > len(tag)


class _Range(NamedTuple):
    """One language range of the header."""

    text: str
    quality: float
    place: int


def _rate(tag: str, ranges: Sequence[_Range]) -> _Range | None:
    """Return the range that decides on a language; None if the header does not mention it.

    A range names a language that it equals or begins: `es` names `es-US` (RFC 4647 §3.3.1); the longest wins.
    Else the client is content with less than it asked for, `es` for `es-MX` (§3.4), and else with anything.
    """
    naming = [each for each in ranges if tag == each.text or tag.startswith(f"{each.text}-")]
    if naming:
        return max(naming, key=lambda each: (len(each.text), each.quality))
    begun = [each for each in ranges if each.text.startswith(f"{tag}-") and each.quality > 0]
    if begun:
        return max(begun, key=lambda each: (each.quality, -each.place))
    return next((each for each in ranges if each.text == "*"), None)


def find_language(asked: str, languages: Sequence[str]) -> str | None:
    """Return the language that a tag means, whatever its case: `es` for `es-MX` (RFC 4647 §3.4); or None."""
    known = {tag.lower(): tag for tag in languages}
    return next((known[each] for each in _shorter(asked.lower()) if each in known), None)


def _shorter(tag: str) -> Iterator[str]:
    """Yield a tag, then what is left of it without its last subtags."""
    subtags = tag.split("-")
    for count in range(len(subtags), 0, -1):
        yield "-".join(subtags[:count])


@lru_cache(maxsize=4096)
def choose_coding(accept_encoding: str | None, codings: tuple[str, ...]) -> str:
    """Return the content coding that the client prefers, the earlier of equal ones, or IDENTITY.

    IDENTITY comes last of equal ones. It is what a client gets that refuses everything (RFC 9110 §12.5.3).
    """
    if accept_encoding is None or len(accept_encoding) > LONGEST:
        return IDENTITY
    header = create_accept_encoding_header(accept_encoding)
    if not isinstance(header, AcceptEncodingValidHeader):
        return IDENTITY
    asked = {coding.lower(): quality for coding, quality in reversed(header.parsed)}
    anything = asked.get("*", 0.0)
    best = max(codings, key=lambda each: asked.get(each, anything), default=IDENTITY)
    # Without a coding is possible anyway, so a client that wants it rather than a coding says so.
    return best if asked.get(best, anything) > asked.get(IDENTITY, 0.0) else IDENTITY
