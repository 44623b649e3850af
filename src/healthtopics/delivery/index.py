"""A release as a table of addresses, built once when the release is opened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from healthtopics import jsontext
from healthtopics.delivery import pages
from healthtopics.delivery.pages import ListedEdition, PageLink
from healthtopics.formats.format import Format
from healthtopics.formats.table import OWN, find_format
from healthtopics.language import SOURCE, LanguageTag, direction
from healthtopics.release import INDEX, Artifact, Manifest, Opened

PAGE: Final = "text/html"


@dataclass(frozen=True, slots=True)
class Variant:
    """One representation of a topic."""

    path: str
    """Its address below the base URL, without leading slash."""
    media_type: str
    """As offered: with `fhirVersion`, without `charset`."""
    label: str
    """The name of the form for people: a proper name, the same in all languages; else the media type."""
    also_as: tuple[str, ...]
    """Other media types that are right for the same bytes."""
    language: str
    artifact: Artifact | None
    """None for the page, which is made on request."""


@dataclass(frozen=True, eq=False)
class Index:
    """The answers of a release by path."""

    release: Opened
    pointer: bytes
    """The bytes of `current.json`."""
    topics: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Topic → language → names of its artifacts, the preferred format first; the source language first."""
    cards: Mapping[tuple[str, str], Mapping[str, str]]
    """(topic, language) → the card in the index of topics."""
    formats: Mapping[str, Format]
    """The formats of the release that are installed here, by name, the preferred one first."""
    suffixes: Mapping[str, str]
    """The media type of files of which only the suffix is known, by suffix, without the dot."""
    prefix: str
    """The path of the base URL, without slash at the end; usually empty."""

    @classmethod
    def build(cls, release: Opened, pointer: bytes, topics: bytes) -> "Index":
        """Build the index from a release, the pointer that led to it and the bytes of its `topics.json`."""
        manifest = release.manifest
        formats = _formats_of(manifest)
        ranks = {name: rank for rank, name in enumerate(formats)}
        names: dict[str, dict[str, list[str]]] = {}
        for name, artifact in manifest.files.items():
            # Pages that are artifacts have another address; negotiation offers the page made here.
            if artifact.topic and artifact.language and artifact.media_type != PAGE:
                names.setdefault(artifact.topic, {}).setdefault(artifact.language, []).append(name)

        def rank(name: str) -> tuple[int, str]:
            return ranks.get(manifest.files[name].format, len(ranks)), name

        return cls(
            release=release,
            pointer=pointer,
            topics={
                topic: {
                    language: tuple(sorted(found, key=rank))
                    for language, found in sorted(
                        by_language.items(), key=lambda item: (item[0] != SOURCE, item[0])
                    )
                }
                for topic, by_language in sorted(names.items())
            },
            cards={
                (entry["id"], card["language"]): card
                for entry in jsontext.parse(topics, INDEX)["topics"]
                for card in entry["editions"]
            },
            formats=formats,
            suffixes=_suffixes_of(manifest),
            prefix=urlsplit(manifest.base_url).path.rstrip("/"),
        )

    @property
    def manifest(self) -> Manifest:
        """The release's manifest."""
        return self.release.manifest

    @property
    def site(self) -> str:
        """The host of the base URL."""
        return urlsplit(self.manifest.base_url).netloc

    def address(self, path: str) -> str:
        """Return the absolute path, percent-encoded, of a `path` relative to the base URL."""
        return f"{self.prefix}/{quote(path, safe='/$')}"

    def variant(self, name: str) -> Variant:
        """Return the variant for an artifact of the release."""
        artifact = self.manifest.files[name]
        format_ = self.formats.get(artifact.format)
        if format_ is None or format_.media_type != artifact.media_type:  # not installed, or bulk data
            return Variant(name, artifact.media_type, artifact.media_type, (), artifact.language, artifact)
        return Variant(name, format_.offer, format_.label, format_.also_as, artifact.language, artifact)

    def edition(self, topic: str, language: str) -> Iterator[Variant]:
        """Yield the variants of a topic in one language: its artifacts, then its page."""
        yield from map(self.variant, self.topics[topic][language])
        yield Variant(f"{language}/{topic}", PAGE, PAGE, (), language, None)

    def variants(self, topic: str) -> Iterator[Variant]:
        """Yield the variants of a topic in all its languages."""
        for language in self.topics.get(topic, ()):
            yield from self.edition(topic, language)

    def page(self, topic: str, language: str) -> bytes:
        """Return the page for a person: the topic's title, editions and variants."""
        return pages.render(
            "topic.html",
            site=self.site,
            home=self.address(""),
            shown=self._entry(topic, language),
            editions=[self._entry(topic, each) for each in self.topics[topic]],
        )

    def home(self, language: str = "") -> bytes:
        """Return the page that lists all topics, or those available in one language."""
        return pages.render(
            "home.html",
            site=self.site,
            language=language or SOURCE,
            direction=direction(LanguageTag(language or SOURCE)),
            number=self.manifest.number,
            time=self.manifest.time,
            links=[self.address(name) for name in (INDEX, "manifest.json", "current.json")],
            topics=[
                (self.address(f"topics/{topic}"), [self._entry(topic, each) for each in shown])
                for topic, languages in self.topics.items()
                if (shown := [each for each in languages if language in ("", each)])
            ],
        )

    def _entry(self, topic: str, language: str) -> ListedEdition:
        card = self.cards.get((topic, language), {})
        return ListedEdition(
            language=language,
            title=card.get("title", topic),
            description=card.get("description", ""),
            address=self.address(f"{language}/{topic}"),
            links=[
                PageLink(self.address(variant.path), variant.media_type, variant.label)
                for variant in self.edition(topic, language)
                if variant.artifact
            ],
        )


def _formats_of(manifest: Manifest) -> dict[str, Format]:
    """Return the formats of a release that are installed here, in the order of the table."""
    names = {artifact.format for artifact in manifest.files.values()}
    known = [*(name for name in OWN if name in names), *sorted(names - OWN.keys())]
    return {name: format_ for name in known if (format_ := find_format(name))}


def _suffixes_of(manifest: Manifest) -> dict[str, str]:
    """Return the media type for each suffix; `application/json` if several kinds of JSON share it."""
    found: dict[str, set[str]] = {}
    for name, artifact in manifest.files.items():
        found.setdefault(name.rpartition(".")[2], set()).add(artifact.media_type)
    return {
        suffix: "application/json" if len(types) > 1 and suffix == "json" else min(types)
        for suffix, types in found.items()
    }
