"""The variants of a topic: every form in which an edition is to be had, with its address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from healthtopics.delivery import pages
from healthtopics.delivery.pages import HTML, HTML_UTF8
from healthtopics.delivery.representation import Link, Representation, computed
from healthtopics.delivery.site import Site
from healthtopics.formats.format import Format
from healthtopics.index.rows import ArtifactRow, EditionRow
from healthtopics.index.site_words import site_words_in
from healthtopics.index.topics import editions_of
from healthtopics.release import object_key
from healthtopics.schema import public_path
from healthtopics.website.addresses import ServedAddresses
from healthtopics.website.framed import FramedText, render_framed


@dataclass(frozen=True, slots=True)
class Variant:
    """One representation of a topic."""

    path: str
    """Its address below the base URL, without leading slash."""
    media_type: str
    """As offered: with `fhirVersion`, without `charset`."""
    language: str
    edition: EditionRow
    artifact: ArtifactRow | None = None
    """None for the page of a release without the format of pages: it is made on request."""
    format: Format | None = None
    """None if it is not installed here."""

    @property
    def also_as(self) -> tuple[str, ...]:
        """Other media types that are right for the same bytes."""
        return self.format.also_as if self.format else ()

    @property
    def label(self) -> str:
        """The name of the form for people: a proper name, the same in all languages; else the media type."""
        return self.format.label if self.format else self.media_type

    @property
    def fhir_version(self) -> str:
        """`4.0`; empty for what is not FHIR."""
        return self.format.fhir_version if self.format else ""


def variants_of(site: Site, topic: str) -> list[Variant]:
    """Return the variants of a topic, the source language and the preferred format first, pages last.

    There are none if the release does not have the topic.
    """
    return [each for edition in editions_of(site.index, topic) for each in _variants(site, edition)]


def _variants(site: Site, edition: EditionRow) -> Iterable[Variant]:
    found = [_variant(site, edition, each) for each in site.artifacts_of(edition.topic, edition.language)]
    yield from found
    # A partial copy may have nothing of a language.
    if found and not any(each.media_type == HTML for each in found):
        path = f"{edition.language}/{edition.topic}"
        yield Variant(path, HTML, edition.language, edition)


def _variant(site: Site, edition: EditionRow, artifact: ArtifactRow) -> Variant:
    format_ = _format_of(site, artifact)
    offer = format_.offer if format_ else artifact.media_type
    return Variant(artifact.name, offer, edition.language, edition, artifact, format_)


def _format_of(site: Site, artifact: ArtifactRow) -> Format | None:
    """Return the format of an artifact; None if it is not installed here, or if it is bulk data."""
    format_ = site.formats.get(artifact.format)
    return format_ if format_ and format_.media_type == artifact.media_type else None


def represent_variant(site: Site, variant: Variant, others: Sequence[Variant]) -> Representation:
    """Return the representation of a variant, with links to all others of the topic."""
    links = tuple(
        Link(site.address(each.path), "alternate", each.media_type, each.language)
        for each in others
        if each.path != variant.path
    )
    if licence := variant.edition.licence:
        links = (*links, Link(licence, "license"))
    if variant.artifact:
        found = represent_artifact(site, variant.artifact)
        return replace(found, links=(*links, *found.links))
    page = _page(site, variant, others)
    found = computed(page, HTML_UTF8, modified=site.time, language=variant.language)
    return replace(found, links=links, policies=pages.SITE_POLICIES)


def represent_artifact(site: Site, artifact: ArtifactRow) -> Representation:
    """Return the representation of an artifact by itself."""
    format_ = _format_of(site, artifact)
    return Representation(
        content=object_key(artifact.name, artifact.sha256),
        length=artifact.length,
        sha256=artifact.sha256,
        media_type=content_type(format_.offer if format_ else artifact.media_type),
        modified=artifact.since,
        language=artifact.language,
        links=described_by(site, format_.schema) if format_ else (),
    )


def described_by(site: Site, schema: object) -> tuple[Link, ...]:
    """Return the link to a schema: a packaged one by its name, or a document with an address."""
    if isinstance(schema, str):
        address = site.address(public_path(schema)) if schema else ""
    else:
        address = str(schema.get("$id", "")) if isinstance(schema, dict) else ""
    return (Link(address, "describedby", "application/schema+json"),) if address else ()


def content_type(media_type: str) -> str:
    """Return the Content-Type of what is offered as this media type."""
    # FHIR R4, http.html#mime-type: the charset must be given. Other kinds of JSON have no such parameter.
    if ";fhirVersion=" in media_type:
        return media_type.replace(";", "; ") + "; charset=utf-8"
    return HTML_UTF8 if media_type == HTML else media_type


def _page(site: Site, variant: Variant, variants: Sequence[Variant]) -> bytes:
    """Return a page: the topic's title, editions and variants, not its text."""
    listed = {
        edition.language: pages.ShownEdition(
            language=edition.language,
            title=edition.title,
            description=edition.description,
            address=site.address(f"{edition.language}/{edition.topic}"),
            links=[
                pages.PageLink(site.address(each.path), each.media_type, each.label)
                for each in variants
                if each.artifact and each.language == edition.language
            ],
        )
        for edition in {each.language: each.edition for each in variants}.values()
    }
    language, topic = variant.language, variant.edition.topic
    names = {each: site_words_in(site.index, each).autonym or each for each in listed}
    content = pages.fill_in("topic.html", shown=listed[language], editions=list(listed.values()), names=names)
    paths = {each: f"{each}/{topic}" for each in listed}
    text = FramedText(listed[language].title, content, language, paths, above="letters")
    return render_framed(site.index, ServedAddresses(site.prefix), text)
