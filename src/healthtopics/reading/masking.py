"""Running text without addresses, placeholders and quotations.

They are overwritten rather than removed, so that positions in the text stay the same.
"""

import re
from typing import Final

_MASK: Final = "§"
TOP_LEVEL_DOMAINS: Final = ("gov", "org", "com", "edu", "net", "int", "info", "mil")
"""Domains that an address may end in without a scheme: `medlineplus.gov`."""
_SIGN: Final = re.compile(
    rf"[:w@{{%.](?:(?<=:)//|(?<=w)ww\.|(?<=[@{{])|(?<=%)\(|(?<=\.)(?:{'|'.join(TOP_LEVEL_DOMAINS)}))"
)
"""Matches some part of every address and placeholder; its first characters come first, for speed."""
ADDRESS: Final = re.compile(
    r"(?P<mail>(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+)"
    r"|(?:https?://|www\.)[^\s<>\"”»]*[\w/]"
    rf"|(?<![\w.-])\.(?:{'|'.join(TOP_LEVEL_DOMAINS)})(?![\w-])"
    rf"|(?<![\w.-])(?:[A-Za-z0-9-]+\.)+(?:{'|'.join(TOP_LEVEL_DOMAINS)})(?![\w-])(?:/[^\s<>\"”»]*[\w/])?"
)
"""Matches the address of a page, or as `mail` that of a person."""
PLACEHOLDER: Final = re.compile(r"\$?\{\{?[A-Za-z_][\w.-]*\}?\}|%\([A-Za-z_]\w*\)[a-z]")
_UNUSUAL: Final = re.compile("[^\n -~áéíóúüñÁÉÍÓÚÜÑ¿¡°ªº“”«»‘’–—…]")
_QUOTATION: Final = re.compile(r"“[^”\n]*”|«[^»\n]*»|\"[^\"\n]*\"")


def running(text: str) -> str:
    """Return the text without addresses and placeholders."""
    if not may_have_address(text):
        return text
    return PLACEHOLDER.sub(_overwrite, ADDRESS.sub(_overwrite, text))


def unquoted(text: str) -> str:
    """Return the text without quotations."""
    return _QUOTATION.sub(_overwrite, text) if "“" in text or "«" in text or '"' in text else text


def may_have_address(text: str) -> bool:
    """Return quickly whether the text may have an address or a placeholder."""
    return _SIGN.search(text) is not None


def is_usual(text: str) -> bool:
    """Return quickly whether a text has only characters that need no closer look, as nearly all have."""
    return _UNUSUAL.search(text) is None


def _overwrite(match: re.Match[str]) -> str:
    return _MASK * len(match[0])
