"""The examples of requests to the FHIR servers."""

from collections.abc import Mapping
from typing import Final, Literal

from healthtopics.delivery.documentation.example import Example, Pairs

_FHIR: Final = "application/fhir+json; fhirVersion=4.0; charset=utf-8"


def _fhir(
    name: str,
    operation: str,
    title: str,
    path: str,
    *query: tuple[str, str],
    shows: str,
    version: Literal["r4", "r5"] = "r4",
) -> Example:
    return Example(
        name=name,
        operation=operation,
        title=title,
        path=f"fhir/{version}/{path}",
        query=query,
        answer=(("Content-Type", _FHIR.replace("4.0", f"{version[1]}.0")),),
        shows=(shows,),
    )


_SEARCHES: Final[Mapping[str, tuple[str, Pairs]]] = {
    "Bundle": (
        "The document of an edition",
        (("composition", "Composition/{composition}"), ("_summary", "true")),
    ),
    "CodeSystem": ("The code systems, by title", (("_sort", "title"), ("_elements", "title,url"))),
    "Composition": (
        "Editions by a part of the title, with what they link",
        (("title:contains", "{title}"), ("_language", "{language}"), ("_include", "Composition:entry")),
    ),
    "DocumentReference": ("Links to pages in a language", (("language", "{language}"), ("_count", "5"))),
    "List": ("The list of all editions of a topic", (("item", "Composition/{composition}"),)),
    "Organization": ("Organisations by name", (("name", "national"), ("_elements", "name"))),
    "ValueSet": ("How many value sets there are", (("_summary", "count"),)),
}
FHIR_EXAMPLES: Final = (
    _fhir(
        "capabilities",
        "getCapabilities",
        "What the FHIR server can do",
        "metadata",
        shows='"resourceType":"CapabilityStatement"',
    ),
    _fhir(
        "bundle",
        "readResource",
        "An edition as a FHIR R4 document, by its id",
        "Bundle/{composition}",
        shows='"resourceType": "Bundle"',
    ),
    _fhir(
        "history",
        "readHistory",
        "The versions of a resource",
        "Composition/{composition}/_history",
        shows='"type":"history"',
    ),
    _fhir(
        "version",
        "readVersion",
        "One version of a resource",
        "Composition/{composition}/_history/{composition-version}",
        shows="{composition-version}",
    ),
    _fhir(
        "document",
        "getDocument",
        "The document of an edition, from its Composition",
        "Composition/{composition}/$document",
        shows='"type": "document"',
    ),
    _fhir(
        "everything",
        "getEverything",
        "An edition and everything it refers to",
        "Composition/{composition}/$everything",
        shows='"type":"searchset"',
    ),
    _fhir(
        "search-composition-by-code",
        "searchComposition",
        "Editions by a code of the topic, in one language",
        "Composition",
        ("context", "{code-uri}|{code}"),
        ("_language", "{language}"),
        shows='"{coded-topic}-{language}"',
    ),
    _fhir(
        "search-composition-by-code-r5",
        "searchComposition",
        "The same in R5, where the parameter has another name",
        "Composition",
        ("event-code", "{code-uri}|{code}"),
        ("_language", "{language}"),
        shows='"{coded-topic}-{language}"',
        version="r5",
    ),
    _fhir(
        "search-composition-by-words",
        "searchComposition",
        "Editions by words of their text, and only a summary of each",
        "Composition",
        ("_content", "{title}"),
        ("_summary", "true"),
        ("_count", "5"),
        shows='"SUBSETTED"',
    ),
    *(
        _fhir(f"search-{type_.lower()}", f"search{type_}", title, type_, *query, shows='"type":"searchset"')
        for type_, (title, query) in _SEARCHES.items()
    ),
    *(
        Example(
            name=f"search-{type_.lower()}-form",
            operation=f"search{type_}ByForm",
            title="The same, with the parameters in the body",
            path=f"fhir/r4/{type_}/_search",
            form=query,
            answer=(("Content-Type", _FHIR),),
            shows=('"type":"searchset"',),
        )
        for type_, (_, query) in _SEARCHES.items()
    ),
)
