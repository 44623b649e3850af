"""The links of a site, followed as a browser and a reader with a mouse would, from its first page on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.request import url2pathname

import httpx
from lxml import html

_ADDRESSES: Final = "//@href | //@src | //@action | //@poster | //@data"


@dataclass(frozen=True, slots=True)
class Found:
    """What is at an address: its own address, and the bytes if it is a page; both empty if nothing is."""

    address: str
    page: bytes = b""


Fetch = Callable[[str], Found]


@dataclass
class Crawl:
    """What a crawl has seen."""

    pages: dict[str, html.HtmlElement] = field(default_factory=dict)
    """Every page by its address."""
    others: set[str] = field(default_factory=set)
    """The addresses of what is no page: style sheets, scripts, artifacts."""
    broken: set[str] = field(default_factory=set)
    """The links that lead nowhere, each with a page that has it."""
    elsewhere: set[str] = field(default_factory=set)
    """The addresses that do not belong to the site."""


def crawl(start: str, fetch: Fetch, is_inside: Callable[[str], bool]) -> Crawl:
    """Follow every link from a page on, to whatever is inside; a fragment must be an id of its page."""
    seen, waiting = Crawl(), [(start, "the start")]
    fragments, asked = list[tuple[str, str, str]](), dict[str, str]()
    while waiting:
        address, source = waiting.pop()
        plain, fragment = urldefrag(address)
        if not is_inside(plain):
            seen.elsewhere.add(plain)
            continue
        if plain not in asked:
            found = fetch(plain)
            asked[plain] = found.address
            if found.page and found.address not in seen.pages:
                page = html.document_fromstring(found.page, parser=html.HTMLParser(encoding="utf-8"))
                seen.pages[found.address] = page
                waiting.extend((each, found.address) for each in _links(page, found.address))
            elif found.address and not found.page:
                seen.others.add(found.address)
        if not asked[plain]:
            seen.broken.add(f"{source}: {address}")
        elif fragment and asked[plain]:
            fragments.append((asked[plain], unquote(fragment), source))
    for address, fragment, source in fragments:
        if address in seen.pages and not seen.pages[address].xpath("//*[@id=$id]", id=fragment):
            seen.broken.add(f"{source}: {address}#{fragment}")
    return seen


def _links(page: html.HtmlElement, address: str) -> Iterator[str]:
    for link in page.xpath(_ADDRESSES):
        url = urljoin(address, str(link).strip())
        if urlsplit(url).scheme in ("http", "https", "file"):
            yield url


def from_files(url: str) -> Found:
    """Read a file as a browser does with an address that begins with `file:`."""
    path = Path(url2pathname(urlsplit(url).path))
    if not path.is_file():
        return Found("")
    return Found(url, path.read_bytes() if path.suffix == ".html" else b"")


def from_host(client: httpx.Client) -> Fetch:
    """Ask a host as a browser does, which follows what it is redirected to."""

    def fetch(url: str) -> Found:
        answer = client.get(url, headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True)
        if answer.status_code != httpx.codes.OK:
            return Found("")
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        return Found(urldefrag(str(answer.url)).url, answer.content if is_page else b"")

    return fetch
