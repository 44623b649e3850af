"""What the documentation says about the release that it comes with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from healthtopics.delivery.outcome import VERSIONS
from healthtopics.delivery.site import Site
from healthtopics.delivery.variants import represent_artifact
from healthtopics.formats.fhir.exporting.datatypes import package_id
from healthtopics.index.codes import first_coded
from healthtopics.index.listing import count_groups
from healthtopics.index.resources import current_resource
from healthtopics.index.topics import count_editions, count_topics, editions_of, widest_topic
from healthtopics.release import package_name
from healthtopics.website.addresses import SitePage, path_of


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
class LanguageCoverage:
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
    coverage: Sequence[LanguageCoverage]
    """By language, in the order of the release."""
    formats: Sequence[OfferedFormat]
    values: Mapping[str, str]
    """What examples are filled with, by name. What a release does not have is missing."""

    @property
    def prefix(self) -> str:
        """The path of the base URL, without slash at the end; usually empty."""
        return urlsplit(self.base).path

    @property
    def host(self) -> str:
        """The host of the base URL, which names the service."""
        return urlsplit(self.base).netloc

    @property
    def is_example(self) -> bool:
        """Whether the domain of the base URL is reserved for examples (RFC 2606)."""
        name = urlsplit(self.base).hostname or ""
        return f".{name}".endswith((".example", ".example.com", ".example.net", ".example.org"))


def facts_of(site: Site) -> Facts:
    """Gather the facts of a release."""
    # The first topic that is in most languages.
    topic = widest_topic(site.index)
    values = {
        "base": site.base_url,
        "release": str(site.number),
        "number": f"{site.number:06}",
        "time": site.time,
        "prefix": site.prefix,
    }
    formats = []
    if topic:
        edition = editions_of(site.index, topic)[-1]
        language = edition.language
        letter = path_of(SitePage(language, "letters", edition.letter))
        values |= {"topic": topic, "language": language, "title": edition.title, "letter-page": letter}
        if groups := count_groups(site.index, language):
            values["group"] = groups[0].id
        composition = current_resource(site.index, "4.0", "Composition", f"{topic}-{language}")
        if composition:
            values |= {"composition": composition.id, "composition-version": composition.version_id}
        for artifact in site.artifacts_of(topic, language):
            format_ = site.formats.get(artifact.format)
            if format_ and artifact.name == format_.artifact(language, topic):
                media_type = represent_artifact(site, artifact).media_type
                offered = OfferedFormat(format_.name, format_.label, format_.offer, media_type, artifact.name)
                formats.append(offered)
                values[f"{format_.name}-sha256"] = artifact.sha256
                values[f"{format_.name}-folder"] = artifact.sha256[:2]
    if site.artifact(package_name("fhir/r4")):
        values["package"] = package_id(site.base_url, VERSIONS["r4"])[:64]
    coded = first_coded(site.index, values.get("language", ""))
    if coded:
        values |= {"coded-topic": coded.topic, "code-system": coded.oid, "code": coded.code}
        if coded.uri:
            values["code-uri"] = coded.uri
    counted = {each.language: each for each in count_editions(site.index)}
    return Facts(
        base=site.base_url,
        number=site.number,
        time=site.time,
        topics=count_topics(site.index),
        coverage=[
            LanguageCoverage(each, counted[each].editions, counted[each].held)
            for each in site.languages
            if each in counted
        ],
        formats=formats,
        values=values,
    )
