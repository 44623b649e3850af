"""What the documentation says about the release that it comes with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from healthtopics.delivery.site import Site
from healthtopics.delivery.variants import represent
from healthtopics.language import SOURCE


@dataclass(frozen=True, slots=True)
class OfferedFormat:
    """A format that topics of the release are in."""

    name: str
    label: str
    offer: str
    """The media type to ask for, with `fhirVersion`."""
    media_type: str
    """The Content-Type of the answer."""
    artifact: str
    """The name of the example topic in this format."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The editions of the release in one language."""

    language: str
    editions: int
    held: int
    """How many of them are older than their topic, because a translation is not complete."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A release, as its documentation needs it."""

    base: str
    """The base URL, without slash at the end."""
    number: int
    time: str
    """When it was published, an instant."""
    topics: int
    coverage: Sequence[Coverage]
    """By language, in the order of the release."""
    formats: Sequence[OfferedFormat]
    values: Mapping[str, str]
    """What examples are filled with, by name. What a release does not have is missing."""

    @property
    def prefix(self) -> str:
        """The path of the base URL, without slash at the end; usually empty."""
        return urlsplit(self.base).path

    @property
    def origin(self) -> str:
        """The base URL without its path."""
        return self.base.removesuffix(self.prefix) if self.prefix else self.base

    @property
    def host(self) -> str:
        """The host of the base URL, which names the service."""
        return urlsplit(self.base).netloc


def facts_of(site: Site) -> Facts:
    """Gather the facts of a release."""
    index = site.index
    manifest = index.manifest
    # The first topic that is in most languages.
    topic = max(index.topics, key=lambda each: len(index.topics[each]), default="")
    values = {"number": f"{site.number:06}", "prefix": site.prefix}
    formats = []
    if topic:
        languages = list(index.topics[topic])
        values |= {"topic": topic, "language": languages[-1]}
        for format_ in index.formats.values():
            name = format_.artifact(languages[-1], topic)
            if name in manifest.files:
                media_type = represent(site, index.variant(name)).media_type
                formats.append(OfferedFormat(format_.name, format_.label, format_.offer, media_type, name))
                values[f"{format_.name}-sha256"] = manifest.files[name].sha256
                values[f"{format_.name}-folder"] = manifest.files[name].sha256[:2]
    held = [language for each, language in manifest.carried]
    return Facts(
        base=manifest.base_url,
        number=site.number,
        time=site.time,
        topics=len(index.topics),
        coverage=[
            Coverage(each, sum(each in known for known in index.topics.values()), held.count(each))
            for each in sorted(site.languages, key=lambda each: (each != SOURCE, each))
        ],
        formats=formats,
        values=values,
    )
