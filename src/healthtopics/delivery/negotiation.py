"""Which variant a client prefers (RFC 9110 §12.5). Headers that are malformed or overlong count as absent."""

import re
import warnings
from functools import lru_cache
from typing import Final

with warnings.catch_warnings():
    # WebOb imports the deprecated `cgi`, which must not fail where warnings are errors.
    warnings.simplefilter("ignore", DeprecationWarning)
    from webob.acceptparse import AcceptValidHeader, create_accept_header, create_accept_language_header

_LONGEST: Final = 1000
"""In characters; browsers send about 150."""

_FHIR_VERSION: Final = re.compile(r"[0-9.]{1,9}")


@lru_cache(maxsize=4096)
def choose_media_type(accept: str, offers: tuple[str, ...]) -> str | None:
    """Return the offer that the client prefers, the earlier of equal ones; None if it accepts none of them.

    Of the parameters only `fhirVersion` distinguishes variants, written `type;fhirVersion=4.0` in the offers.
    """
    header = create_accept_header(accept) if 0 < len(accept) <= _LONGEST else None
    if not isinstance(header, AcceptValidHeader) or not header.parsed:
        return offers[0]
    ranges = ", ".join(
        f"{media_range.partition(';')[0]}{_fhir_version(parameters)};q={quality}"
        for media_range, quality, parameters, _ in header.parsed
    )
    acceptable = create_accept_header(ranges).acceptable_offers(offers)
    return acceptable[0][0] if acceptable else None


def _fhir_version(parameters: list[tuple[str, str]]) -> str:
    asked = [value for name, value in parameters if name.lower() == "fhirversion"]
    if not asked:
        return ""
    return f";fhirVersion={asked[0] if _FHIR_VERSION.fullmatch(asked[0]) else 'unknown'}"


@lru_cache(maxsize=4096)
def choose_language(accept_language: str, languages: tuple[str, ...]) -> str:
    """Return the language that the client prefers by the lookup of RFC 4647 §3.4; else the first one."""
    if len(accept_language) > _LONGEST:
        return languages[0]
    header = create_accept_language_header(accept_language)
    return header.lookup(languages, default=languages[0]) or languages[0]
