"""The site as files, for a browser without a server, and for any host.

Links are relative, and search is a script. A page that the service has at `/es/letters` is `es/letters.html`;
the front page of a language is its `index.html`.
Canonical addresses stay as they are.
"""

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from healthtopics.formats.table import PAGES
from healthtopics.index.artifacts import artifacts_in
from healthtopics.index.opening import TopicIndex
from healthtopics.index.topics import editions_of
from healthtopics.language import SOURCE
from healthtopics.website.addresses import SitePage, path_of
from healthtopics.website.assets import ASSETS, asset
from healthtopics.website.errors import PageError, render_error
from healthtopics.website.finding import finding_script
from healthtopics.website.held import with_notice
from healthtopics.website.relinking import relink
from healthtopics.website.table import pages_of, render

FRONT: Final = "index.html"
"""The first page: the front page in the first language."""


@dataclass(frozen=True, slots=True)
class FileAddresses:
    """The addresses in one page: relative ones, of files."""

    folder: str
    """Of the page: `es/letters`, or nothing for that of `index.html`."""
    base: str
    """The base URL, without slash at the end."""
    files: Mapping[str, str]
    """What there is: the name of the file by the address that the service has, relative to the base URL."""

    def page(self, page: SitePage) -> str:
        """Return where a page of the site is."""
        return self._to(_file_of(page))

    def topic(self, language: str, topic: str) -> str:
        """Return where the page of an edition is; the absolute address of one that has no page here."""
        path = f"{language}/{topic}"
        return self.known(path) or f"{self.base}/{path}"

    def topics(self, language: str) -> str:
        """Return where the page of any edition is."""
        return self._to(f"{language}/{{topic}}.html")

    def asset(self, name: str) -> str:
        """Return where an asset is."""
        return self._to(f"assets/{asset(name).address}")

    def finder(self, language: str) -> str:
        """Return where the script is that finds topics in a language."""
        return self._to(_finder(language))

    def service(self, path: str) -> str:
        """Return where a file of the release is; nothing for what only a service has."""
        return self.known(path)

    def known(self, path: str) -> str:
        """Return where that is which the service has at a path; empty if there is no such file."""
        name = self.files.get(path)
        return self._to(name) if name else ""

    def found(self, path: str) -> str:
        """Return where that is which an absolute address leads to, by its path; empty if it is not here."""
        return self.known(unquote(path.strip("/")))

    def _to(self, name: str) -> str:
        return quote(posixpath.relpath(name, self.folder or "."), safe="/{}")


@dataclass(frozen=True, slots=True)
class RootedAddresses(FileAddresses):
    """The addresses in a page that a host shows at any address: absolute paths below that of the base URL."""

    def _to(self, name: str) -> str:
        return quote(f"{urlsplit(self.base).path}/{name}", safe="/{}")


def site_files(
    index: TopicIndex, names: Collection[str], read: Callable[[str], bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file of the site, beside the artifacts of the release.

    `names` are those of the artifacts in the folder; `read` returns the bytes of one.
    """
    base = index.release.base_url.rstrip("/")
    pages = list(pages_of(index))
    topics = {
        f"{each.language}/{each.topic}": (each.name, edition)
        for each in artifacts_in(index, PAGES)
        for edition in editions_of(index, each.topic)
        if edition.language == each.language
    }
    files = {
        "": FRONT,
        **{name: name for name in names},
        **{path: f"{path}.html" for path in topics},
        **{unquote(path_of(page)): _file_of(page) for page in pages},
    }

    def addresses_in(name: str) -> FileAddresses:
        return FileAddresses(posixpath.dirname(name), base, files)

    for name, page in ((FRONT, SitePage(index.languages[0])), *((_file_of(page), page) for page in pages)):
        if content := render(index, addresses_in(name), page):
            yield name, relink(content, base, addresses_in(name).found)
    for path, (name, edition) in topics.items():
        shown = with_notice(read(name), index, edition)
        yield f"{path}.html", relink(shown, base, addresses_in(path).found)
    error = PageError(status=404, title="Not Found", detail="There is no page here.", language=SOURCE)
    for language in index.languages:
        yield f"404-{language}.html", render_error(index, RootedAddresses("", base, files), language, error)
    for each in map(asset, ASSETS):
        yield f"assets/{each.address}", each.content
    for language in index.languages:
        yield _finder(language), finding_script(index, language)


def _file_of(page: SitePage) -> str:
    if page.kind == "front":
        return f"{page.language}/{FRONT}"
    path = unquote(path_of(page._replace(number=1, query="")))
    # No id has an underscore: letters_2 is never a topic.
    return f"{path}_{page.number}.html" if page.number > 1 else f"{path}.html"


def _finder(language: str) -> str:
    return f"assets/search-{language}.js"
