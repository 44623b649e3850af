"""What the site is, for readers and for partners, and the languages that it is in."""

from healthtopics.index.artifacts import formats_in
from healthtopics.index.listing import licences_in
from healthtopics.website.frame import Frame


def render_about(frame: Frame) -> bytes:
    """Return the page about the site, with its terms of use."""
    licences = licences_in(frame.index, frame.language)
    return frame.render("about.html", licences=licences, topics=_topics(frame))


def render_partners(frame: Frame) -> bytes:
    """Return the page for organizations that show the topics in their own software."""
    has_fhir = any(each.startswith("fhir") for each in formats_in(frame.index))
    return frame.render("partners.html", has_fhir=has_fhir, topics=_topics(frame))


def render_languages(frame: Frame) -> bytes:
    """Return the list of languages."""
    return frame.render("languages.html")


def _topics(frame: Frame) -> int:
    return frame.index.edition_counts.get(frame.language, 0)
