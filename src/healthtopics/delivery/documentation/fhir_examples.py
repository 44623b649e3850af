"""The examples of requests to the FHIR servers."""

from collections.abc import Iterator, Mapping
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
    "CodeSystem": (
        "The code systems, by time and title",
        (("_sort", "_lastUpdated,title"), ("_elements", "title,url")),
    ),
    "Composition": (
        "Editions by a part of the title, with what they link",
        (("title:contains", "{title}"), ("_language", "{language}"), ("_include", "Composition:entry")),
    ),
    "DocumentReference": ("Links to pages in a language", (("language", "{language}"), ("_count", "5"))),
    "List": ("The list of all editions of a topic", (("item", "Composition/{composition}"),)),
    "Organization": ("Organizations by name", (("name", "national"), ("_elements", "name"))),
    "ValueSet": ("How many value sets there are", (("_summary", "count"),)),
}
_ASPECT: Final = "{base}/fhir/CodeSystem/aspect"
_ASPECTS: Final = "{base}/fhir/ValueSet/aspect"
_CAUSES: Final = f'"valueCoding":{{"system":"{_ASPECT}","code":"causes"}}'
_CODED_BODY: Final = f'{{"name":"coding",{_CAUSES}}}'
_TERMINOLOGY: Final[Mapping[str, tuple[str, str, Pairs, Pairs, str, str]]] = {
    # Operation, title, address: of what on the type, what is asked, the same in a body, what it shows.
    "CodeSystem/{id}$lookup": (
        "lookUpCode",
        "What a code means",
        (("system", _ASPECT),),
        (("code", "causes"), ("displayLanguage", "es")),
        _CODED_BODY,
        '"designation"',
    ),
    "CodeSystem/{id}$validate-code": (
        "validateCodeInSystem",
        "Whether a code system has a code",
        (("url", _ASPECT),),
        (("code", "causes"),),
        _CODED_BODY,
        '"name":"result","valueBoolean":true',
    ),
    "ValueSet/{id}$expand": (
        "expandValueSet",
        "Codes of a value set by a part of their names",
        (("url", _ASPECTS),),
        (("filter", "sintomas"), ("displayLanguage", "es")),
        '{"name":"filter","valueString":"sintomas"}',
        '"code":"symptoms"',
    ),
    "ValueSet/{id}$validate-code": (
        "validateCode",
        "Whether a value set has a code",
        (("url", _ASPECTS),),
        (("system", _ASPECT), ("code", "causes")),
        _CODED_BODY,
        '"name":"result","valueBoolean":true',
    ),
}


def _terminology() -> Iterator[Example]:
    for path, (operation, title, about, asked, body, shows) in _TERMINOLOGY.items():
        name = operation.lower()
        on_type, on_resource = path.replace("{id}", ""), path.replace("{id}", "aspect/")
        yield _fhir(name, operation, title, on_type, *about, *asked, shows=shows)
        yield _fhir(
            f"{name}-of-resource",
            f"{operation}OfResource",
            f"{title}, at the address of the resource",
            on_resource,
            *asked,
            shows=shows,
        )
        named = "".join(
            f'{{"name":"{each}","valueUri":"{value}"}},' for each, value in about if each == "url"
        )
        for suffix, place, first in (("", on_type, named), ("OfResource", on_resource, "")):
            yield _posted(f"{name}{suffix.lower()}", f"{operation}{suffix}", place, first + body, shows=shows)


def _posted(name: str, operation: str, path: str, parameters: str, *, shows: str) -> Example:
    return Example(
        name=f"{name}-by-post",
        operation=operation,
        title="The same, with a Parameters resource",
        path=f"fhir/r4/{path}",
        document=f'{{"resourceType":"Parameters","parameter":[{parameters}]}}',
        answer=(("Content-Type", _FHIR),),
        shows=(shows,),
    )


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
        ("_count", "5"),
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
    _posted(
        "document",
        "getDocument",
        "Composition/{composition}/$document",
        '{"name":"persist","valueBoolean":false}',
        shows='"type": "document"',
    ),
    _fhir(
        "everything",
        "getEverything",
        "An edition and everything it refers to",
        "Composition/{composition}/$everything",
        shows='"type":"searchset"',
    ),
    _posted(
        "everything", "getEverything", "Composition/{composition}/$everything", "", shows='"type":"searchset"'
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
    *_terminology(),
    _fhir(
        "package-guide",
        "readImplementationGuide",
        "What is in the FHIR package",
        "ImplementationGuide/{package}",
        shows='"resourceType": "ImplementationGuide"',
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
