"""One <health-topic> of NLM's XML → a record in one language, with a problem for everything wrong with it.

Other records, and the HTML of the summary, are not examined here.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final, TypeAlias

import msgspec
from lxml import etree

from healthtopics.importers.medlineplus.characters import UNSEEN
from healthtopics.importers.medlineplus.urls import repair_url
from healthtopics.language import LanguageTag
from healthtopics.problems import Level, Problem

LANGUAGES: Final[Mapping[str, LanguageTag]] = {"English": LanguageTag("en"), "Spanish": LanguageTag("es")}
"""The names of languages in records."""
ENGLISH: Final = LANGUAGES["English"]
SPANISH: Final = LANGUAGES["Spanish"]

Xml: TypeAlias = Any
"""An lxml element."""
_KNOWN: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    name: (frozenset(attributes.split()), frozenset(children.split()))
    for name, attributes, children in (
        (
            "health-topic",
            "meta-desc title url id language date-created",
            """also-called full-summary group language-mapped-topic mesh-heading other-language
            primary-institute related-topic see-reference site""",
        ),
        ("also-called", "", ""),
        ("full-summary", "", ""),
        ("group", "url id", ""),
        ("language-mapped-topic", "url id language", ""),
        ("mesh-heading", "", "descriptor qualifier"),
        ("descriptor", "id", ""),
        ("qualifier", "id", ""),
        ("other-language", "vernacular-name url", ""),
        ("primary-institute", "url", ""),
        ("related-topic", "url id", ""),
        ("see-reference", "", ""),
        ("site", "title url language-mapped-url", "information-category organization standard-description"),
        ("information-category", "", ""),
        ("organization", "", ""),
        ("standard-description", "", ""),
    )
}
"""Element → its attributes and its child elements; the same in the files of 2012 and of 2026."""


@dataclass(frozen=True, slots=True)
class RecordReference:
    """What a record refers to by its id: a group, a related topic, its twin, a term of MeSH."""

    id: str
    name: str
    url: str
    """Empty for MeSH."""


@dataclass(frozen=True, slots=True)
class MeshHeading:
    """A MeSH descriptor with its qualifiers."""

    descriptor: RecordReference
    qualifiers: tuple[RecordReference, ...]


@dataclass(frozen=True, slots=True)
class LanguagePage:
    """A page with the information in another language."""

    name: str
    """In English."""
    vernacular_name: str
    url: str


@dataclass(frozen=True, slots=True)
class Institute:
    """The NIH institute chiefly responsible."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A page elsewhere."""

    title: str
    url: str
    twin_url: str
    """The same page in the other language; empty if none is named."""
    categories: tuple[str, ...]
    organizations: tuple[str, ...]
    descriptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One health topic in one language.

    Every text is on one line; URLs are absolute http(s) ones, or empty if there is none.
    """

    id: str
    language: LanguageTag
    title: str
    url: str
    description: str
    created: str
    """ISO day; empty if the record has none."""
    line: int
    """The line where its start tag ends, counted from 1."""
    summary: str | None
    """HTML, unchanged."""
    twin: RecordReference | None
    """The record of the same topic in the other language."""
    institute: Institute | None
    also_called: tuple[str, ...]
    see_references: tuple[str, ...]
    groups: tuple[RecordReference, ...]
    """A group has the same id in both languages."""
    mesh: tuple[MeshHeading, ...]
    other_languages: tuple[LanguagePage, ...]
    related: tuple[RecordReference, ...]
    """Records in the same language."""
    sites: tuple[SiteLink, ...]


def read_record(
    element: Xml, path: str, problems: list[Problem], count_unknown: Callable[[str, str, int | None], None]
) -> tuple[Record, bool]:
    """Read a <health-topic>; also return whether it may be imported.

    Anything wrong with it is added to `problems`; what the format does not have is passed to `count_unknown`:
    check id, what it is, line.
    """
    return _RecordReader(element, path, problems, count_unknown).read()


@dataclass(slots=True)
class _RecordReader:
    """Reads one <health-topic>."""

    element: Xml
    path: str
    problems: list[Problem]
    count_unknown: Callable[[str, str, int | None], None]
    id: str = ""
    title: str = ""
    url: str = ""
    is_good: bool = True

    def __post_init__(self) -> None:
        self.id = self.text(self.element.get("id"))
        self.title = self.text(self.element.get("title"))

    @property
    def line(self) -> int:
        """Where the start tag ends."""
        return self.element.sourceline or 0

    def read(self) -> tuple[Record, bool]:
        """Return the record, and whether it may be imported."""
        self._check_format()
        self._check_identity()
        children: defaultdict[str, list[Xml]] = defaultdict(list)
        for child in self.element:
            children[str(child.tag)].append(child)
        element = self.element
        record = Record(
            id=self.id,
            language=LANGUAGES.get(self.text(element.get("language")), ENGLISH),
            title=self.title,
            url=self.url,
            description=self.text(element.get("meta-desc")),
            created=self._created(),
            line=self.line,
            summary=self._summary(children["full-summary"]),
            twin=self._twin(children["language-mapped-topic"]),
            institute=self._institute(children["primary-institute"]),
            also_called=self._texts(children["also-called"]),
            see_references=self._texts(children["see-reference"]),
            groups=tuple(self._named(children["group"])),
            mesh=tuple(self._mesh(children["mesh-heading"])),
            other_languages=tuple(self._other_languages(children["other-language"])),
            related=tuple(self._named(children["related-topic"])),
            sites=tuple(self._sites(children["site"])),
        )
        return record, self.is_good

    # ── problems ──

    def _say(self, check: str, message: str, hint: str, level: Level = Level.WARNING) -> None:
        name = f"record {self.id or '?'}" + (f", “{self.title[:200]}”" if self.title else "")
        self.problems.append(
            Problem(
                check=check,
                level=level,
                path=self.path,
                line=self.line,
                message=f"{name}: {message}",
                hint=hint,
            )
        )

    def _refuse(self, check: str, message: str) -> None:
        self._say(check, message, "It is not imported.", Level.ERROR)
        self.is_good = False

    def _check_format(self) -> None:
        unknown = self.count_unknown
        for element in self.element.iter():
            tag = str(element.tag)
            if tag not in _KNOWN:
                continue  # reported with its parent
            attributes, children = _KNOWN[tag]
            for name in element.keys():  # noqa: SIM118 - an element is not a dict
                if name not in attributes:
                    message = f"the attribute {name} of <{tag}>"
                    unknown("medlineplus-unknown-attribute", message, element.sourceline)
            for child in element:
                if isinstance(child.tag, str) and child.tag not in children and tag != "full-summary":
                    message = f"the element <{child.tag}> in <{tag}>"
                    unknown("medlineplus-unknown-element", message, child.sourceline)
            if children and any((each or "").strip() for each in (element.text, *(c.tail for c in element))):
                unknown("medlineplus-unknown-text", f"text directly in <{tag}>", element.sourceline)

    def _check_identity(self) -> None:
        element = self.element
        for name in ("id", "title", "url", "language"):
            if not self.text(element.get(name)):
                self._refuse("medlineplus-attribute-missing", f"the attribute {name} is missing or empty.")
        if self.id and not re.fullmatch(r"[0-9]{1,18}", self.id):
            self._refuse("medlineplus-id", f"the id {self.id!r} is not a number.")
        language = self.text(element.get("language"))
        if language and language not in LANGUAGES:
            self._refuse("medlineplus-language", f"the language {language!r} is neither English nor Spanish.")
        if url := self.text(element.get("url")):
            if repair_url(url):
                self.url = self._url(url)
            else:
                self._refuse("medlineplus-url", f"its own url {url!r} is not an absolute web address.")

    # ── values ──

    def text(self, raw: str | None) -> str:
        """Return a text on one line."""
        if not raw:
            return ""
        if not raw.isascii() or "\x7f" in raw:
            cleaned = UNSEEN.sub("", raw)
            if cleaned != raw:
                message = f"invisible characters removed from {' '.join(cleaned.split())!r}."
                self._say("medlineplus-control", message, "Nothing needs to be done.")
            raw = cleaned
        return " ".join(raw.split())

    def _texts(self, elements: Sequence[Xml]) -> tuple[str, ...]:
        return tuple(filter(None, (self.text(each.text) for each in elements)))

    def _url(self, text: str | None) -> str:
        """Return an address as our schemas allow it, or nothing; report any change."""
        if not text or not text.strip():
            return ""
        address = repair_url(text, self.url)
        if address is None:
            self._say("medlineplus-url-dropped", f"{text!r} is not a web address.", "It was left out.")
            return ""
        if address.is_relative or address.is_encoded:
            message = f"the address {text!r} became {address.url!r}."
            hint = "Check whether it still leads there."
            self._say("medlineplus-url-repaired", message, hint, Level.INFO)
        return address.url

    def _created(self) -> str:
        text = self.text(self.element.get("date-created"))
        day = parse_day(text)
        if text and day is None:
            self._refuse("medlineplus-date", f"date-created is {text!r}, not of the form MM/DD/YYYY.")
        return day or ""

    def _summary(self, elements: Sequence[Xml]) -> str | None:
        html = "".join(_inside(each) for each in elements)
        if not re.sub(r"<(?!img\b)[^>]*>|&nbsp;|\s", "", html):
            is_spanish = self.text(self.element.get("language")) == "Spanish"
            hint = "Nothing needs to be done."
            if is_spanish:
                hint = "The Spanish edition waits until somebody translates the English summary."
            self._say("medlineplus-no-summary", "it has no summary.", hint)
        return html if elements else None

    def _twin(self, elements: Sequence[Xml]) -> RecordReference | None:
        if len(elements) > 1:
            ids = ", ".join(each.get("id", "?") for each in elements)
            self._refuse("medlineplus-two-twins", f"it names more than one record as its twin: {ids}.")
        for element in elements[:1]:
            if key := self.text(element.get("id")):
                return RecordReference(key, self.text(element.text), self._url(element.get("url")))
            self._incomplete("<language-mapped-topic> without id", self.text(element.text))
        return None

    def _institute(self, elements: Sequence[Xml]) -> Institute | None:
        for element in elements[1:]:
            self._incomplete("a second <primary-institute>", self.text(element.text))
        if elements and (name := self.text(elements[0].text)):
            return Institute(name, self._url(elements[0].get("url")))
        return None

    def _named(self, elements: Sequence[Xml]) -> Iterator[RecordReference]:
        """Yield what elements with an id and a text refer to."""
        for element in elements:
            key, name = self.text(element.get("id")), self.text(element.text)
            if key and name:
                yield RecordReference(key, name, self._url(element.get("url")))
            else:
                self._incomplete(f"<{element.tag}> without id or text", key or name)

    def _incomplete(self, what: str, value: str) -> None:
        self._say("medlineplus-incomplete", f"{what}, {value!r}, was left out.", "Look at it in the file.")

    def _mesh(self, elements: Sequence[Xml]) -> Iterator[MeshHeading]:
        for element in elements:
            descriptors = tuple(self._named(element.findall("descriptor")))
            qualifiers = tuple(self._named(element.findall("qualifier")))
            if len(descriptors) == 1:
                yield MeshHeading(descriptors[0], qualifiers)
            else:
                ids = " ".join(each.id for each in (*descriptors, *qualifiers))
                self._incomplete("<mesh-heading> without exactly one descriptor", ids)

    def _other_languages(self, elements: Sequence[Xml]) -> Iterator[LanguagePage]:
        for element in elements:
            name, url = self.text(element.text), self._url(element.get("url"))
            if name and url:
                yield LanguagePage(name, self.text(element.get("vernacular-name")), url)
            else:
                self._incomplete("<other-language> without name or address", name or url)

    def _sites(self, elements: Sequence[Xml]) -> Iterator[SiteLink]:
        for element in elements:
            title, url = self.text(element.get("title")), self._url(element.get("url"))
            if not title or not url:
                self._incomplete("<site> without title or address", title or url)
                continue
            yield SiteLink(
                title=title,
                url=url,
                twin_url=self._url(element.get("language-mapped-url")),
                categories=self._texts(element.findall("information-category")),
                organizations=self._texts(element.findall("organization")),
                descriptions=self._texts(element.findall("standard-description")),
            )


def parse_day(text: str) -> str | None:
    """Convert MM/DD/YYYY to an ISO day; None if it is not a day."""
    match = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text)
    if match is None:
        return None
    month, day, year = map(int, match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _inside(element: Xml) -> str:
    """Return the HTML in an element: escaped, as NLM writes it, or as elements."""
    text = element.text or ""
    if len(element) == 0:
        return text
    return escape(text, quote=False) + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in element
    )


_DECODER: Final = msgspec.json.Decoder(Record)


def parse_record(data: bytes) -> Record:
    """Return a record that was written to the spool."""
    return _DECODER.decode(data)
