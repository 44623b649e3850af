"""A small release whose topics have codes, to look up; the codes are real, the texts are made for tests."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from healthtopics.delivery.lookup.request import (
    CALLBACK,
    CRITERIA,
    LANGUAGE,
    RECIPIENT,
    RESPONSE_TYPE,
    SUBTOPIC,
    KnowledgeRequest,
    write_concepts,
)
from healthtopics.delivery.message import Request, Response
from healthtopics.delivery.respond import respond
from healthtopics.delivery.site import Site
from healthtopics.index.describing import describe_card, describe_topic
from healthtopics.index.rows import ArtifactRow, Row, SectionRow
from healthtopics.jsontext import digest
from healthtopics.language import LanguageTag
from healthtopics.release import Promise, object_key
from healthtopics.schema import packaged
from healthtopics.topic import Card, Coding
from support.indexes import RELEASE, written

CODES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "miscarriage": (
        ("icd-10-cm", "O03"),
        ("icd-9-cm", "634"),
        ("snomed-ct", "17369002"),
        ("mesh", "D000022"),
    ),
    "incomplete-miscarriage": (("icd-10-cm", "O03.4"), ("icd-9-cm", "634.91")),
    "asthma": (("icd-10-cm", "J45"), ("icd-10-cm", "J45.909"), ("icd-9-cm", "493"), ("mesh", "D001249")),
    "childhood-asthma": (("icd-10-cm", "J45.909"),),
    "thyroid-test": (("loinc", "3016-3"),),
    "metformin": (("rxnorm", "861004"), ("ndc", "0093-1048-01")),
    "falls": (("icd-9-cm", "E885"), ("icd-9-cm", "V15.88"), ("own", "fall")),
}
TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "miscarriage": {"en": "Miscarriage", "es": "Aborto espontáneo"},
    "incomplete-miscarriage": {"en": "Incomplete miscarriage", "es": "Aborto espontáneo incompleto"},
    "asthma": {"en": "Asthma", "es": "Asma"},
    "childhood-asthma": {"en": "Asthma in children", "es": "Asma en los niños"},
    "thyroid-test": {"en": "TSH test", "es": "Prueba de TSH"},
    "metformin": {"en": "Metformin"},
    "falls": {"en": "Falls & <accidents>", "es": "Caídas"},
}
_SECTIONS: Final[Mapping[str, tuple[tuple[str, str, str, str], ...]]] = {
    "en": (
        ("overview", "overview", "What is it?", "It is common.\nIt has < 2 causes & many signs."),
        ("treatment", "treatment", "How is it treated?", "With rest."),
        ("home", "self-care", "What can you do?", "Drink water."),
    ),
    "es": (
        ("overview", "overview", "¿Qué es?", "Es frecuente."),
        ("treatment", "treatment", "¿Cómo se trata?", "Con descanso."),
    ),
}
UPDATED: Final[Mapping[str, str]] = {"en": "2026-11-20T00:00:00Z", "es": "2026-11-24T08:00:00Z"}
BASE: Final = RELEASE.base_url
_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}"><head><title>{title}</title><script>if (1 > 0) {{}}</script></head>
<body><main id="main_content"><h1>{title}</h1>
<section id="overview"><h2>On the page</h2>
<p class="editions"><a href="https://topics.example.org/es/asthma#overview">Español</a></p>
<p class="attribution" id="x">Very <a href="https://a.example/?b=1&amp;c=2" hreflang="en">common</a>.</p>
<section class="callout emergency" id="overview_callout_1" aria-labelledby="y">
<h3 id="y"><span class="urgency">Emergency:</span> Call 911</h3><ul><li>if you faint</li></ul></section>
</section><section id="page_links"><h2>Learn more</h2></section></main>
<footer><h2>About this page</h2><dl class="x"><dt>Last updated</dt><dd>November 20, 2026</dd></dl></footer>
</body></html>
"""


_ASTHMA: Final = _PAGE.format(language="en", title="Asthma").encode()
_SHA256: Final = digest(_ASTHMA)
PAGES: Final = {object_key("html/en/asthma.html", _SHA256): _ASTHMA}


def rows() -> Iterator[Row]:
    """Yield the rows of the index."""
    systems = {each["id"]: each for each in packaged("vocabulary/code-systems.json")["entries"]}
    words = {"code-systems": systems | {"own": {"system": "https://topics.example.org/codes"}}}
    for topic, titles in TITLES.items():
        cards = {LanguageTag(language): _card(topic, language, title) for language, title in titles.items()}
        yield from describe_topic(cards, words)
        for language, card in cards.items():
            yield from describe_card(
                card, created="2026-11-20", since=RELEASE.time, state="complete", as_of=""
            )
            for position, section in enumerate(_SECTIONS[language]):
                yield SectionRow(topic, language, position, *section)
    yield ArtifactRow(
        "html/en/asthma.html", _SHA256, len(_ASTHMA), "text/html", "asthma", "en", "html", RELEASE.time
    )


def _card(topic: str, language: str, title: str) -> Card:
    return Card(
        topic=topic,
        language=LanguageTag(language),
        title=title,
        page=f"{BASE}/{language}/{topic}",
        updated=UPDATED[language],
        kind="condition",
        description=f"{title}.",
        codes=tuple(Coding(system=system, code=code, display="") for system, code in CODES[topic]),
    )


class _Pages:
    """The only objects that there are."""

    def read(self, key: str) -> bytes:
        return PAGES[key]

    def length(self, key: str) -> int:
        return len(PAGES[key])

    def read_slice(self, key: str, offset: int, length: int) -> bytes:
        return PAGES[key][offset : offset + length]


@cache
def site() -> Site:
    """Return the release as the service sees it."""
    return Site(written(RELEASE, rows()), _Pages(), Promise("", 0), b"{}")


def answered(request: Request) -> Response:
    """Return what the service answers."""
    return respond(request, site())


def write_request(request: KnowledgeRequest) -> list[tuple[str, str]]:
    """Return the parameters of a request; `read_request` reads them as the same request."""
    pairs = [
        *write_concepts(CRITERIA, request.concepts),
        *write_concepts(SUBTOPIC, request.subtopics),
        (RECIPIENT, request.recipient),
        (LANGUAGE, request.language),
        (RESPONSE_TYPE, request.response_type),
        (CALLBACK, request.callback),
    ]
    return [(name, value) for name, value in pairs if value]
