"""Addresses of pages that stand in the text itself; those of links are the tags' matter."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.reading.masking import ADDRESS, may_have_address

_OF_LANGUAGE: Final = re.compile(r"(?<=[/.])(?:espanol|español|spanish|esp?)(?=[/.]|$)[/.]?", re.IGNORECASE)


def check_addresses(pair: Pair) -> Iterator[Finding]:
    """Yield addresses in the text that are neither those of the English nor their pages in the language."""
    if not may_have_address(pair.source) and not may_have_address(pair.target):
        return
    wanted, found = _addresses(pair.source), _addresses(pair.target)
    lost = list((wanted - found).elements())
    for address in (found - wanted).elements():
        twin = next((each for each in lost if _is_twin(pair, address, each)), None)
        if twin is not None:
            lost.remove(twin)
            continue
        near = next((each for each in lost if _host(each) == _host(address)), lost[0] if lost else None)
        if near is None:
            yield URL_FOREIGN.finding(
                f"the address {address} is not in the English text.",
                "Remove it, or put it into the English text too.",
            )
        else:
            lost.remove(near)
            yield URL_CHANGED.finding(
                f"the address {near} of the English text is {address} in the translation.",
                "Copy it letter by letter; the same page in your language is right too.",
            )
    for address in lost:
        yield URL_LOST.finding(
            f"the address {address} is not in the translation.", "Put it where it belongs."
        )


def _addresses(text: str) -> Counter[str]:
    return Counter(match[0] for match in ADDRESS.finditer(text) if not match["mail"])


def _is_twin(pair: Pair, target: str, source: str) -> bool:
    if pair.twins.stands_for(target, source):
        return True
    is_marked = _folded(target) != _bare(target)
    # The page of the same host in the language may have a name of its own.
    return _folded(target) == _folded(source) or (is_marked and _host(target) == _host(source))


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "/", address.lower()).removeprefix("/").removeprefix("www.").rstrip("/")


def _folded(address: str) -> str:
    return _OF_LANGUAGE.sub("", f"/{_bare(address)}").removeprefix("/").rstrip("/")


def _host(address: str) -> str:
    return _folded(address).partition("/")[0]


URL_CHANGED: Final = Check("url-changed", check_addresses)
URL_LOST: Final = Check("url-lost", check_addresses)
URL_FOREIGN: Final = Check("url-foreign", check_addresses)
