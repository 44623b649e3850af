"""The variants of a topic as representations."""

from dataclasses import replace

from healthtopics.delivery.index import PAGE, Variant
from healthtopics.delivery.representation import Link, Representation, computed
from healthtopics.delivery.site import Site
from healthtopics.release import object_key

PAGE_TYPE = f"{PAGE}; charset=utf-8"


def represent(site: Site, variant: Variant) -> Representation:
    """Return the representation of a variant, with links to all others."""
    index, artifact = site.index, variant.artifact
    topic = artifact.topic if artifact else variant.path.partition("/")[2]
    links = tuple(
        Link(index.address(other.path), "alternate", other.media_type, other.language)
        for other in index.variants(topic)
        if variant.language and other.path != variant.path
    )
    if artifact is None:
        page = index.page(topic, variant.language)
        found = computed(page, PAGE_TYPE, modified=index.manifest.time, language=variant.language)
        return replace(found, links=links)
    return Representation(
        content=object_key(variant.path, artifact.sha256),
        length=artifact.length,
        sha256=artifact.sha256,
        media_type=_content_type(variant.media_type),
        modified=index.manifest.time,
        language=artifact.language,
        links=links,
    )


def _content_type(media_type: str) -> str:
    # FHIR R4, http.html#mime-type: the charset must be given. Other kinds of JSON have no such parameter.
    if ";fhirVersion=" in media_type:
        return media_type.replace(";", "; ") + "; charset=utf-8"
    return PAGE_TYPE if media_type == PAGE else media_type
