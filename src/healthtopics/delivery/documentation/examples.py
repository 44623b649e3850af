"""The requests that the documentation shows, and what comes back. CI makes every one of them.

Texts may have `{names}`: values of the release, such as a topic that it has (`facts.Facts.values`).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from healthtopics.delivery.documentation.bulk_examples import BULK_EXAMPLES
from healthtopics.delivery.documentation.example import Example
from healthtopics.delivery.documentation.facts import Facts
from healthtopics.delivery.documentation.fhir_examples import FHIR_EXAMPLES
from healthtopics.website.assets import asset

_FHIR: Final = "application/fhir+json; fhirVersion=4.0; charset=utf-8"
_PROBLEM: Final = "application/problem+json"

_CODE: Final = "mainSearchCriteria.v.c"
_SYSTEM: Final = ("mainSearchCriteria.v.cs", "{code-system}")
_CODED: Final = (_SYSTEM, (_CODE, "{code}"))
_AS_JSON: Final = ("knowledgeResponseType", "application/json")


EXAMPLES: Final = (
    Example(
        name="home",
        operation="getHome",
        title="The front page of the site",
        path="",
        answer=(("Content-Type", "text/html; charset=utf-8"),),
    ),
    Example(
        name="home-in-language",
        operation="getHomeInLanguage",
        title="The front page in one language",
        path="{language}",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="letters-page",
        operation="getLettersPage",
        title="All topics from A to Z, as a page",
        path="{language}/letters",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="letter-page",
        operation="getLetterPage",
        title="The topics that begin with a letter, as a page",
        path="{letter-page}",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="groups-page",
        operation="getGroupsPage",
        title="The groups, as a page",
        path="{language}/groups",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="group-page",
        operation="getGroupPage",
        title="The topics of a group, as a page",
        path="{language}/groups/{group}",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="new-page",
        operation="getNewPage",
        title="What is new, as a page",
        path="{language}/new",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="search-page",
        operation="getSearchPage",
        title="A search, as a page",
        path="{language}/search",
        query=(("q", "{title}"),),
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="about-page",
        operation="getAboutPage",
        title="The terms of use, as a page",
        path="{language}/about",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="partners-page",
        operation="getPartnersPage",
        title="What there is for partners, as a page",
        path="{language}/partners",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="languages-page",
        operation="getLanguagesPage",
        title="The languages, as a page",
        path="{language}/languages",
        answer=(("Content-Language", "{language}"),),
    ),
    Example(
        name="asset",
        operation="getAsset",
        title="An icon of the pages, which never changes at this address",
        path=f"assets/{asset('icon.svg').address}",
        answer=(("Content-Type", "image/svg+xml"),),
    ),
    Example(
        name="icon",
        operation="getIcon",
        title="The icon, where browsers look for it",
        path="favicon.ico",
        answer=(("Content-Type", "image/svg+xml"),),
    ),
    Example(
        name="topic",
        operation="getTopic",
        title="A topic in the language and the format that you ask for",
        path="topics/{topic}",
        headers=(("Accept-Language", "{language}"), ("Accept", "application/fhir+json")),
        answer=(("Content-Type", _FHIR), ("Content-Language", "{language}")),
        shows=('"resourceType": "Bundle"',),
    ),
    Example(
        name="unchanged",
        operation="getTopic",
        title="Ask whether a topic has changed, with the ETag of the last answer",
        path="topics/{topic}",
        headers=(("Accept-Language", "{language}"), ("If-None-Match", '"{fhir-r4-sha256}"')),
        status=304,
    ),
    Example(
        name="no-such-format",
        operation="getTopic",
        title="A format that does not exist: the answer lists those that do",
        path="topics/{topic}",
        headers=(("Accept", "application/pdf"),),
        status=406,
        answer=(("Content-Type", _PROBLEM),),
        shows=('"available"',),
    ),
    Example(
        name="topic-in-language",
        operation="getTopicInLanguage",
        title="A topic in one language, for programs that know schema.org",
        path="{language}/{topic}",
        headers=(("Accept", "application/ld+json"),),
        answer=(("Content-Type", "application/ld+json"), ("Content-Language", "{language}")),
        shows=('"inLanguage": "{language}"',),
    ),
    Example(
        name="several-languages",
        operation="getTopic",
        title="A topic in both languages, in one answer",
        path="topics/{topic}",
        query=(("lang", "en,{language}"),),
        headers=(("Accept", "application/ld+json"),),
        answer=(("Content-Type", "application/ld+json"), ("Content-Language", "en, {language}")),
        shows=('"@graph"',),
    ),
    Example(
        name="fhir-by-parameters",
        operation="getTopicInLanguage",
        title="FHIR by parameters of the address, for clients that cannot set headers",
        path="{language}/{topic}",
        query=(("_format", "json"), ("fhirVersion", "4.0.1")),
        answer=(("Content-Type", _FHIR),),
    ),
    Example(
        name="no-such-language",
        operation="getTopic",
        title="A value that is not possible: the answer names the parameter and what is possible",
        path="topics/{topic}",
        query=(("lang", "xx"),),
        status=400,
        answer=(("Content-Type", _PROBLEM),),
        shows=('"parameter": "lang"', '"possible"'),
    ),
    Example(
        name="no-such-topic",
        operation="getTopicInLanguage",
        title="A topic that does not exist, in Spanish: errors come in the language of the address",
        path="es/no-such-topic",
        status=404,
        answer=(("Content-Type", _PROBLEM), ("Content-Language", "es")),
        shows=("no existe el tema no-such-topic",),
    ),
    Example(
        name="file",
        operation="getFile",
        title="The index of all topics and editions",
        path="topics.json",
        answer=(("Content-Type", "application/json"),),
        shows=('"topics"',),
    ),
    Example(
        name="page-file",
        operation="getPage",
        title="The page of a topic, as the file that copies have",
        path="html/{language}/{topic}.html",
        answer=(("Content-Type", "text/html; charset=utf-8"), ("ETag", '"{html-sha256}"')),
    ),
    Example(
        name="by-code",
        operation="findByCode",
        title="Topics for a code, as HL7 Infobutton: the code is in the body, not in the address",
        path="infobutton",
        form=(*_CODED, ("informationRecipient.languageCode.c", "{language}"), _AS_JSON),
        answer=(("Content-Type", "application/json"), ("Content-Language", "{language}")),
        shows=('"exactMatch"', "{coded-topic}"),
    ),
    Example(
        name="by-code-in-address",
        operation="findByCode",
        title="The same in an address, as an Atom feed",
        path="infobutton",
        query=(*_CODED, ("informationRecipient.languageCode.c", "{language}")),
        answer=(("Content-Type", "text/xml; charset=utf-8"), ("Content-Language", "{language}")),
        shows=("<feed", "{coded-topic}"),
    ),
    Example(
        name="by-unknown-code",
        operation="findByCodeAsConnect",
        title="A code without a topic, as clients of MedlinePlus Connect ask: an empty feed",
        path="service",
        query=(_SYSTEM, (_CODE, "none"), _AS_JSON),
        answer=(("Content-Type", "application/json"),),
        shows=('"entry": []',),
    ),
    Example(
        name="by-code-in-script",
        operation="findByCodeAsConnect",
        title="Topics for a code, as a script that calls a function",
        path="service",
        form=(*_CODED, ("knowledgeResponseType", "application/javascript"), ("callback", "showTopics")),
        answer=(("Content-Type", "application/javascript; charset=utf-8"),),
        shows=("/**/showTopics({",),
    ),
    Example(
        name="page-by-code",
        operation="findPageByCodeAsConnect",
        title="A page with the topics for a code",
        path="application",
        query=(*_CODED, ("informationRecipient.languageCode.c", "{language}")),
        answer=(("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")),
        shows=("{coded-topic}",),
    ),
    Example(
        name="page-by-words",
        operation="findPageByCodeAsConnect",
        title="A page with the topics for words, if a record has no code",
        path="application",
        form=(("mainSearchCriteria.v.dn", "{coded-topic}"),),
        answer=(("Content-Type", "text/html; charset=utf-8"),),
    ),
    Example(
        name="cds-services",
        operation="listCdsServices",
        title="The services for CDS Hooks",
        path="cds-services",
        answer=(("Content-Type", "application/json"),),
        shows=('"patient-view"',),
    ),
    Example(
        name="cds-cards",
        operation="callCdsService",
        title="Cards for the problems of a patient",
        path="cds-services/topics-for-problems",
        document=(
            '{"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", '
            '"context": {"userId": "Practitioner/1", "patientId": "1"}, '
            '"prefetch": {"conditions": {"resourceType": "Bundle", "type": "searchset", "entry": '
            '[{"resource": {"resourceType": "Condition", "code": {"coding": '
            '[{"system": "urn:oid:{code-system}", "code": "{code}"}]}}}]}}}'
        ),
        answer=(("Content-Type", "application/json"),),
        shows=('"absolute"', "{coded-topic}"),
    ),
    Example(
        name="topics",
        operation="listTopics",
        title="All topics, in the order of their titles in one language",
        path="topics",
        query=(("lang", "{language}"), ("limit", "2")),
        answer=(("Content-Type", "application/json"), ("Content-Language", "{language}")),
        shows=('"total"', '"topics"'),
    ),
    Example(
        name="topics-updated",
        operation="listTopics",
        title="Topics whose content changed on a day or later",
        path="topics",
        query=(("updatedSince", "2026-01-01"),),
        shows=('"total"',),
    ),
    Example(
        name="letters",
        operation="listLetters",
        title="The letters of an index from A to Z, with the address of the list for each",
        path="letters",
        shows=('"letters"',),
    ),
    Example(
        name="search",
        operation="search",
        title="Topics by words, in one language",
        path="search",
        query=(("q", "{title}"), ("lang", "{language}")),
        answer=(("Content-Type", "application/json"), ("Content-Language", "{language}")),
        shows=('"hits"', "{topic}"),
    ),
    Example(
        name="search-by-body",
        operation="search",
        title="The same search, with the words in the body",
        path="search",
        form=(("q", "{title}"), ("lang", "{language}")),
        answer=(("Cache-Control", "no-store"), ("Content-Language", "{language}")),
        shows=('"hits"', "{topic}"),
    ),
    Example(
        name="changes",
        operation="listChanges",
        title="What has changed since the release that you have",
        path="changes",
        query=(("since", "{release}"),),
        answer=(("Content-Type", "application/json"),),
        shows=('"since": {release}',),
    ),
    *FHIR_EXAMPLES,
    *BULK_EXAMPLES,
    Example(
        name="code-system",
        operation="getCanonicalResource",
        title="A code system that the documents use, at its canonical address",
        path="fhir/CodeSystem/aspect",
        answer=(("Content-Type", _FHIR),),
        shows=('"resourceType": "CodeSystem"',),
    ),
    Example(
        name="canonical-package-guide",
        operation="getCanonicalImplementationGuide",
        title="What is in the FHIR package, at the canonical address of its guide",
        path="fhir/ImplementationGuide/{package}",
        answer=(("Content-Type", _FHIR),),
        shows=('"resourceType": "ImplementationGuide"',),
    ),
    Example(
        name="pointer",
        operation="getPointer",
        title="Which release is the current one, and until when that is certain",
        path="current.json",
        answer=(("Content-Type", "application/json"),),
        shows=('"expires"',),
    ),
    Example(
        name="pointer-in-store",
        operation="getPointerInStore",
        title="The same at its address in the store, for copies",
        path="current/current.json",
        answer=(("Content-Type", "application/json"),),
    ),
    Example(
        name="manifest",
        operation="getManifest",
        title="The manifest of the current release",
        path="manifest.json",
        shows=('"number"',),
    ),
    Example(
        name="released-manifest",
        operation="getReleasedManifest",
        title="The manifest of a release by its number, which never changes",
        path="releases/{number}/manifest.json",
        answer=(("Cache-Control", "public, max-age=31536000, immutable"),),
    ),
    Example(
        name="released-changes",
        operation="getReleasedChanges",
        title="What a release changed",
        path="releases/{number}/changes.json",
        shows=('"changed"',),
    ),
    Example(
        name="object",
        operation="getObject",
        title="A file by its digest, which never changes",
        path="objects/sha256/{fhir-r4-folder}/{fhir-r4-sha256}.json",
        answer=(("Cache-Control", "public, max-age=31536000, immutable"),),
    ),
    Example(
        name="live",
        operation="isLive",
        title="Whether the process answers",
        path="health/live",
        answer=(("Content-Type", "application/json"), ("Cache-Control", "no-store")),
        shows=('"ok"',),
    ),
    Example(
        name="ready",
        operation="isReady",
        title="Whether the release is whole and has not expired",
        path="health/ready",
        answer=(("Content-Type", "application/json"), ("Cache-Control", "no-store")),
        shows=('"ok"',),
    ),
    Example(
        name="schema",
        operation="getSchema",
        title="The schema of the list of topics, under the path of its id",
        path="schema/1/public/topics.schema.json",
        answer=(("Content-Type", "application/schema+json"),),
        shows=('"$id"',),
    ),
    Example(
        name="openapi",
        operation="getOpenApi",
        title="This documentation for programs",
        path="openapi.json",
        headers=(("Accept", "application/json"),),
        answer=(("Content-Type", "application/json"),),
        shows=('"openapi": "3.1.1"',),
    ),
    Example(
        name="api-catalog",
        operation="getApiCatalog",
        title="Where the documentation and the state of the service are, for programs",
        path=".well-known/api-catalog",
        shows=('"service-desc"',),
    ),
    Example(
        name="guide",
        operation="getGuide",
        title="The guide for partners, in the language that you ask for",
        path="docs",
        headers=(("Accept-Language", "es"),),
        answer=(("Content-Language", "es"), ("Content-Location", "{prefix}/docs/es")),
    ),
    Example(
        name="guide-in-language",
        operation="getGuideInLanguage",
        title="The guide for partners in Spanish",
        path="docs/es",
        answer=(("Content-Type", "text/html; charset=utf-8"), ("Content-Language", "es")),
    ),
    Example(
        name="reference",
        operation="getReference",
        title="The list of all requests, in the language that you ask for",
        path="docs/api",
        headers=(("Accept-Language", "es"),),
        answer=(("Content-Language", "es"), ("Content-Location", "{prefix}/docs/es/api")),
    ),
    Example(
        name="fhir-guide",
        operation="getFhirGuide",
        title="The page about the FHIR servers, in the language that you ask for",
        path="fhir",
        headers=(("Accept-Language", "es"),),
        answer=(("Content-Language", "es"), ("Content-Location", "{prefix}/docs/es/fhir")),
    ),
    Example(
        name="fhir-guide-in-language",
        operation="getFhirGuideInLanguage",
        title="The page about the FHIR servers, in English",
        path="docs/en/fhir",
        answer=(("Content-Type", "text/html; charset=utf-8"), ("Content-Language", "en")),
    ),
    Example(
        name="fhir-server",
        operation="getFhirServer",
        title="The same page, where a browser opens the base address of a FHIR server",
        path="fhir/r4",
        headers=(("Accept", "text/html"),),
        answer=(("Content-Type", "text/html; charset=utf-8"),),
    ),
    Example(
        name="reference-in-language",
        operation="getReferenceInLanguage",
        title="The list of all requests, in English",
        path="docs/en/api",
        answer=(("Content-Type", "text/html; charset=utf-8"), ("Content-Language", "en")),
    ),
)


def examples_for(facts: Facts) -> Sequence[Example]:
    """Return the examples that a release can answer, filled with its values."""
    filled = (example.filled(facts.values) for example in (*EXAMPLES, *_of_formats(facts)))
    return [example for example in filled if example]


def _of_formats(facts: Facts) -> Iterable[Example]:
    """Yield an example for each format of the release."""
    for each in facts.formats:
        yield Example(
            name=f"format-{each.name}",
            operation="getTopic",
            title=each.label,  # the same in all languages
            path="topics/{topic}",
            headers=(("Accept-Language", "{language}"), ("Accept", each.offer)),
            answer=(("Content-Type", each.media_type), ("Content-Language", "{language}")),
        )
