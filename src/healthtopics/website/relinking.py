"""Pages of topics lead to other pages by absolute addresses. Where those do not work, they lead elsewhere."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Final

_LEADING: Final = re.compile(r'(<(?:a|form)\b[^<>]*?\s(?:href|action)=")([^"<>]*)')
"""What leads from the body of a page to another one."""


def relink(page: bytes, base: str, find: Callable[[str], str]) -> bytes:
    """Return a page with other links, where it leads to what is below the base URL.

    `find` returns the address to use instead, from the path on; nothing if the link stays.
    """

    def changed(url: str) -> str:
        inside, mark, fragment = url.partition("#")
        path = inside.removeprefix(base)
        if path == inside or path[:1] not in ("", "/"):
            return url
        found = find(path)
        return f"{found}{mark}{fragment}" if found else url

    return _LEADING.sub(lambda found: found[1] + escape(changed(unescape(found[2]))), page.decode()).encode()
