"""Addresses in the text itself; `tags` checks those of links."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from healthtopics.checks.values import Check, Finding, Pair
from healthtopics.language import LanguageTag
from healthtopics.reading.languages import prose_of
from healthtopics.reading.masking import ADDRESS, may_have_address
from healthtopics.reading.quoting import find_passage


def check_addresses(pair: Pair) -> Iterator[Finding]:
    """Yield addresses in the text that are neither those of the English nor its pages in the language."""
    if not may_have_address(pair.source) and not may_have_address(pair.target):
        return
    wanted, found = _addresses(pair.source), _addresses(pair.target)
    lost = list((wanted - found).elements())
    for address in (found - wanted).elements():
        twin = next((each for each in lost if is_twin(pair, address, each)), None)
        if twin is not None:
            lost.remove(twin)
            continue
        near = _nearest(pair, lost, address)
        if near is None:
            yield URL_FOREIGN.finding(
                f"the address {address} is not in the English text.",
                "Does it belong here? Then put it into the English text, too; if not, keep to the addresses"
                " of the English.",
                translation=find_passage(pair.target, address),
            )
        else:
            lost.remove(near)
            yield URL_CHANGED.finding(
                f"the address {near} of the English text is {address} in the translation.",
                "Copy it letter by letter; the same page in your language is right too.",
                english=find_passage(pair.source, near),
                translation=find_passage(pair.target, address),
            )
    for address in lost:
        yield URL_LOST.finding(
            f"the address {address} is not in the translation.",
            "Put it where it belongs.",
            english=find_passage(pair.source, address),
        )


def _addresses(text: str) -> Counter[str]:
    return Counter(match[0] for match in ADDRESS.finditer(text) if not match["mail"])


def is_twin(pair: Pair, target: str, source: str) -> bool:
    """Return whether an address is that of the English, or one in the language: known, or of its host."""
    if pair.twins.stands_for(target, source):
        return True
    own, english = _folded(target, pair.language), _folded(source, pair.language)
    is_marked = own != _bare(target)
    # The page of the same host in the language may have another name.
    return own == english or (is_marked and own.partition("/")[0] == english.partition("/")[0])


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "/", address.lower()).removeprefix("/").removeprefix("www.").rstrip("/")


def _nearest(pair: Pair, lost: list[str], address: str) -> str | None:
    """Return a lost address of the same host, or else any lost address."""
    hosts = {_folded(each, pair.language).partition("/")[0]: each for each in reversed(lost)}
    return hosts.get(_folded(address, pair.language).partition("/")[0], lost[0] if lost else None)


def _folded(address: str, language: LanguageTag) -> str:
    """Return an address without the part that marks its language."""
    prose, bare = prose_of(language), _bare(address)
    bare = re.sub(rf"[?&](?:lang|language|locale|hl)={language.partition('-')[0]}\b[-\w]*", "", bare)
    return prose.address_mark.sub("", f"/{bare}").removeprefix("/").rstrip("/") if prose else bare


URL_CHANGED: Final = Check("url-changed", check_addresses)
URL_LOST: Final = Check("url-lost", check_addresses)
URL_FOREIGN: Final = Check("url-foreign", check_addresses)
