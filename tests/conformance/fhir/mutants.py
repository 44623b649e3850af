"""Exports with one defect each, and who is known to catch it.

A check that cannot fail proves nothing: the tests require exactly this of every tool.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

Document = dict[str, Any]

BUNDLE: Final = "en/recurrent-miscarriage"
SPANISH: Final = "es/recurrent-miscarriage"
TOPICS: Final = "CodeSystem/health-topic"
VALUES: Final = "ValueSet/aspect"
EDITIONS: Final = "List/recurrent-miscarriage-translations"
ORGANIZATION: Final = "Organization/nichd"
STRAY: Final = "link-00000000000000000000"
"""The id of a link that no document has."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A defect."""

    name: str
    change: Callable[[Document], object]
    ours: str
    """The check of ours that finds it."""
    caught: str = ""
    """The tools that find it in every release of FHIR that they know."""
    only_r4: str = ""
    """Tools that know both releases and find it in R4 only."""
    only_r5: str = ""
    versions: tuple[str, ...] = ("r4", "r5")
    """The releases that know such a defect."""
    base: str = BUNDLE
    """The export that it is made from."""
    alone: str = ""
    """Why no other tool finds it, where that is so."""

    def caught_by(self, version: str) -> set[str]:
        return {*self.caught.split(), *{"r4": self.only_r4, "r5": self.only_r5}[version].split()}

    def of(self, document: Mapping[str, Any]) -> Document:
        changed = deepcopy(dict(document))
        self.change(changed)
        assert changed != document, self.name
        return changed


def composition(document: Document) -> Document:
    found: Document = document["entry"][0]["resource"]
    return found


def link(document: Document) -> Document:
    """The first link that one of the groups leads to."""
    wanted = group(document)["entry"][0]["reference"]
    found: Document = next(
        entry["resource"] for entry in document["entry"] if entry["fullUrl"].endswith(f"/{wanted}")
    )
    return found


def link_index(document: Document) -> int:
    return [entry["resource"] for entry in document["entry"]].index(link(document))


def group(document: Document) -> Document:
    """The first section of links."""
    found: Document = next(
        section
        for section in composition(document)["section"]
        if any("DocumentReference/" in entry.get("reference", "") for entry in section.get("entry", ()))
    )
    return found


def question(document: Document) -> Document:
    """The first question of the summary."""
    found: Document = next(
        section["section"][0] for section in composition(document)["section"] if "section" in section
    )
    return found


def publisher(document: Document) -> Document:
    wanted = composition(document)["author"][0]["reference"]
    found: Document = next(
        entry["resource"] for entry in document["entry"] if entry["fullUrl"].endswith(f"/{wanted}")
    )
    return found


def narrate(content: str, attributes: str = 'lang="en" xml:lang="en"') -> Callable[[Document], object]:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml" {attributes}>{content}</div>'
    return lambda document: question(document)["text"].update(div=div)


def retag(old: str, new: str) -> Callable[[Document], object]:
    """Change what the narrative of a link says of its language."""

    def change(document: Document) -> None:
        text = link(document)["text"]
        text["div"] = text["div"].replace(old, new)

    return change


def copied(entry: Document, id_: str) -> Document:
    """Return another resource like that of the entry."""
    resource = entry["resource"]
    return {
        "fullUrl": entry["fullUrl"].removesuffix(resource["id"]) + id_,
        "resource": {**deepcopy(resource), "id": id_},
    }


def stray_organization(document: Document) -> None:
    document["entry"].append(copied(document["entry"][-1], "stray"))


def stray_link(document: Document) -> None:
    document["entry"].append(copied(document["entry"][link_index(document)], STRAY))


def link_between(document: Document) -> None:
    """Lead from a link to the topic, which itself does not lead there."""
    stray = copied(document["entry"][link_index(document)], STRAY)
    topic = composition(document)["id"]
    stray["resource"]["context"] = {"related": [{"reference": f"Composition/{topic}"}]}
    document["entry"].append(stray)


def both_in_one_extension(document: Document) -> None:
    inner = {"url": "content", "valueString": "a"}
    url = "http://hl7.org/fhir/StructureDefinition/translation"
    extension = {"url": url, "valueString": "a", "extension": [inner]}
    composition(document)["_title"] = {"extension": [extension]}


def contain(document: Document) -> None:
    link(document)["contained"] = [{"resourceType": "Organization", "id": "inner", "name": "Inner"}]


MUTANTS: Final = (
    Mutant(
        "type missing",
        lambda d: composition(d).pop("type"),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "date missing",
        lambda d: composition(d).pop("date"),
        "public-schema",
        "hapi medplum typescript fhir.resources",
    ),
    Mutant(
        "author missing",
        lambda d: composition(d).pop("author"),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "title missing",
        lambda d: composition(d).pop("title"),
        "public-schema",
        "hapi medplum typescript fhir.resources",
    ),
    Mutant(
        "status missing",
        lambda d: composition(d).pop("status"),
        "public-schema",
        "hapi medplum typescript fhir.resources",
    ),
    Mutant(
        "content missing",
        lambda d: link(d).pop("content"),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "status finished",
        lambda d: composition(d).update(status="finished"),
        "public-schema",
        "hapi typescript",
        only_r4="jsonschema",
    ),
    Mutant(
        "status of a link",
        lambda d: link(d).update(status="active"),
        "public-schema",
        "hapi typescript",
        only_r4="jsonschema",
    ),
    Mutant(
        "narrative status",
        lambda d: question(d)["text"].update(status="final"),
        "public-schema",
        "hapi typescript jsonschema",
    ),
    Mutant(
        "author in no entry",
        lambda d: composition(d)["author"][0].update(reference="Organization/a"),
        "fhir-reference-unresolved",
        "hapi",
    ),
    Mutant(
        "link in no entry",
        lambda d: group(d)["entry"][0].update(reference="DocumentReference/a"),
        "fhir-reference-unresolved",
        "hapi",
    ),
    Mutant(
        "organization in no entry",
        lambda d: link(d).update(author=[{"reference": "Organization/a", "display": "A"}]),
        "fhir-reference-unresolved",
        alone="In a document only what the Composition refers to must be in the Bundle; we ask it of all.",
    ),
    Mutant(
        "orphan organization",
        stray_organization,
        "fhir-orphan-entry",
        "hapi",
    ),
    Mutant(
        "link that nothing leads to",
        stray_link,
        "fhir-reverse-link",
        only_r4="hapi",
    ),
    Mutant(
        "script in the narrative",
        narrate("<p>a</p><script>alert(1)</script>"),
        "fhir-narrative-element",
        "hapi fhir-xhtml",
    ),
    Mutant(
        "form in the narrative",
        narrate("<form><p>a</p></form>"),
        "fhir-narrative-element",
        "hapi fhir-xhtml",
    ),
    Mutant(
        "handler in the narrative",
        narrate('<p onclick="alert(1)">a</p>'),
        "fhir-narrative-attribute",
        "hapi fhir-xhtml",
    ),
    Mutant(
        "javascript link",
        narrate('<a href="javascript:alert(1)">a</a>'),
        "fhir-narrative-href",
        "hapi",
    ),
    Mutant(
        "unclosed tag",
        narrate("<p>a<br></p>"),
        "fhir-narrative-ill-formed",
        "hapi fhir-xhtml",
    ),
    Mutant(
        "named entity",
        narrate("<p>a&nbsp;b</p>"),
        "fhir-narrative-ill-formed",
        "hapi fhir-xhtml",
    ),
    Mutant(
        "div without namespace",
        lambda d: question(d)["text"].update(div='<div lang="en" xml:lang="en">a</div>'),
        "public-schema",
        "hapi fhir-xhtml",
    ),
    Mutant(
        "blank narrative",
        narrate("<p> \n </p>"),
        "fhir-narrative-empty",
        "hapi",
    ),
    Mutant(
        "narrative missing",
        lambda d: link(d).pop("text"),
        "public-schema",
        "hapi fhirpath",
    ),
    Mutant(
        "impossible date",
        lambda d: composition(d).update(date="2026-02-30T12:00:00Z"),
        "public-schema",
        "hapi fhir.resources",
    ),
    Mutant(
        "impossible hour",
        lambda d: composition(d).update(date="2026-02-03T25:00:00Z"),
        "public-schema",
        "hapi medplum jsonschema fhir.resources",
    ),
    Mutant(
        "timestamp without zone",
        lambda d: d.update(timestamp="2026-01-15T12:00:00"),
        "public-schema",
        "hapi medplum jsonschema fhir.resources",
    ),
    Mutant(
        "timestamp missing",
        lambda d: d.pop("timestamp"),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "duplicate fullUrl",
        lambda d: d["entry"].append(deepcopy(d["entry"][-1])),
        "fhir-duplicate-full-url",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "fullUrl missing",
        lambda d: d["entry"][-1].pop("fullUrl"),
        "public-schema",
        "hapi",
        only_r5="fhirpath",
    ),
    Mutant(
        "fullUrl relative",
        lambda d: d["entry"][-1].update(fullUrl=d["entry"][-1]["fullUrl"].split("/fhir/")[1]),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "fullUrl of another id",
        lambda d: link(d).update(id=STRAY),
        "fhir-full-url",
        "hapi",
    ),
    Mutant(
        "fullUrl under another base",
        lambda d: d["entry"][-1].update(
            fullUrl=d["entry"][-1]["fullUrl"].replace("healthtopics.example.org", "a.example")
        ),
        "fhir-full-url",
        "hapi",
    ),
    Mutant(
        "identifier of the Bundle missing",
        lambda d: d.pop("identifier"),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "Composition not first",
        lambda d: d["entry"].reverse(),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "Bundle with a total",
        lambda d: d.update(total=5),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "Bundle is a batch",
        lambda d: d.update(type="batch"),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "entry with a request",
        lambda d: d["entry"][0].update(request={"method": "PUT", "url": "Composition/a"}),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "language of the Bundle",
        lambda d: d.update(language="es"),
        "fhir-language",
        "hapi",
    ),
    Mutant(
        "language of the narrative",
        retag('lang="en"', 'lang="es"'),
        "fhir-narrative-language",
        "hapi",
    ),
    Mutant(
        "language of a section",
        narrate("<p>a</p>", 'lang="es" xml:lang="es"'),
        "fhir-narrative-language",
        "hapi",
    ),
    Mutant(
        "lang without xml:lang",
        retag(' xml:lang="en"', ""),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "lang differs from xml:lang",
        retag('xml:lang="en"', 'xml:lang="es"'),
        "fhir-narrative-language",
        "hapi",
    ),
    Mutant(
        "no language at all",
        lambda d: link(d).update(language="zz-notalang"),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "author is a DocumentReference",
        lambda d: composition(d)["author"][0].update(reference=group(d)["entry"][0]["reference"]),
        "public-schema",
        "hapi medplum",
    ),
    Mutant(
        "custodian is a DocumentReference",
        lambda d: composition(d)["custodian"].update(reference=group(d)["entry"][0]["reference"]),
        "public-schema",
        "hapi medplum",
    ),
    Mutant(
        "reference of another stated type",
        lambda d: composition(d)["author"][0].update(type="Practitioner"),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "unknown property",
        lambda d: composition(d).update(colour="red"),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "property of another resource",
        lambda d: composition(d).update(alias=["a"]),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "one value for a list",
        lambda d: composition(d).update(author=composition(d)["author"][0]),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "number for a string",
        lambda d: composition(d).update(title=5),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
    ),
    Mutant(
        "resource type misspelt",
        lambda d: link(d).update(resourceType="documentReference"),
        "public-schema",
        "hapi medplum fhirpath typescript jsonschema fhir.resources",
    ),
    Mutant(
        "id with a blank",
        lambda d: link(d).update(id="a b"),
        "public-schema",
        "hapi jsonschema fhir.resources",
    ),
    Mutant(
        "empty section",
        lambda d: composition(d)["section"].append({"title": "a"}),
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "empty title",
        lambda d: composition(d).update(title=""),
        "public-schema",
        "hapi medplum jsonschema fhir.resources",
    ),
    Mutant(
        "blank title",
        lambda d: composition(d).update(title=" "),
        "public-schema",
        "hapi medplum",
    ),
    Mutant(
        "empty array",
        lambda d: composition(d).update(category=[]),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "empty object",
        lambda d: composition(d).update(category=[{}]),
        "public-schema",
        "hapi medplum",
    ),
    Mutant(
        "null",
        lambda d: composition(d).update(category=None),
        "public-schema",
        "hapi medplum typescript jsonschema",
    ),
    Mutant(
        "extension without url",
        lambda d: composition(d).update(_title={"extension": [{"valueString": "a"}]}),
        "public-schema",
        "hapi medplum typescript fhir.resources",
    ),
    Mutant(
        "extension with value and extension",
        both_in_one_extension,
        "public-schema",
        "hapi medplum fhirpath",
    ),
    Mutant(
        "bad base64",
        lambda d: link(d)["content"][0]["attachment"].update(data="no base64!"),
        "public-schema",
        "hapi medplum",
    ),
    Mutant(
        "attachment without type",
        lambda d: link(d)["content"][0].update(attachment={"data": "YQ=="}),
        "public-schema",
        "hapi fhirpath",
    ),
    Mutant(
        "bad URL",
        lambda d: link(d)["content"][0]["attachment"].update(url="not a url"),
        "public-schema",
        "hapi medplum jsonschema",
    ),
    Mutant(
        "system is no URI",
        lambda d: composition(d)["category"][0]["coding"][0].update(system="mesh"),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "identifier is no URI",
        lambda d: link(d)["identifier"][0].update(value="page one"),
        "public-schema",
        "hapi",
    ),
    Mutant(
        "identifier is not the link's URL",
        lambda d: link(d)["identifier"][0].update(value="https://a.example/"),
        "fhir-link-identifier",
        "hapi",
    ),
    Mutant(
        "local code unknown",
        lambda d: composition(d)["category"][0]["coding"][0].update(code="nothing"),
        "fhir-code",
        "hapi",
    ),
    Mutant(
        "local display wrong",
        lambda d: composition(d)["category"][0]["coding"][0].update(display="Nothing"),
        "fhir-code",
        alone="The engine looks at the displays of bound codes only.",
    ),
    Mutant(
        "aspect unknown",
        lambda d: question(d)["code"]["coding"][0].update(code="nothing"),
        "fhir-code",
        "hapi",
    ),
    Mutant(
        "contained resource unused",
        contain,
        "public-schema",
        "hapi fhirpath typescript",
    ),
    Mutant(
        "two elements of one id",
        lambda d: next(
            section["section"][1].update(id=question(d)["id"])
            for section in composition(d)["section"]
            if "section" in section
        ),
        "fhir-id",
        "hapi",
    ),
    Mutant(
        "section mode",
        lambda d: group(d).update(mode="final"),
        "public-schema",
        "hapi typescript",
        versions=("r4",),
    ),
    Mutant(
        "section mode in R5",
        lambda d: group(d).update(mode="snapshot"),
        "public-schema",
        "hapi typescript jsonschema fhir.resources",
        versions=("r5",),
    ),
    Mutant(
        "contact system",
        lambda d: publisher(d)["telecom"][0].update(system="web"),
        "public-schema",
        "hapi typescript jsonschema",
        versions=("r4",),
    ),
    Mutant(
        "contact system in R5",
        lambda d: publisher(d)["contact"][0]["telecom"][0].update(system="web"),
        "public-schema",
        "hapi typescript jsonschema",
        versions=("r5",),
    ),
    Mutant(
        "relation unknown",
        lambda d: composition(d)["relatesTo"][0].update(code="translates"),
        "public-schema",
        "hapi typescript",
        versions=("r4",),
        base=SPANISH,
    ),
    Mutant(
        "relation unknown in R5",
        lambda d: composition(d)["relatesTo"][0].update(type="translates"),
        "public-schema",
        "hapi typescript jsonschema",
        versions=("r5",),
        base=SPANISH,
    ),
    Mutant(
        "relation of a link unknown in R5",
        lambda d: next(
            e["resource"]
            for e in d["entry"]
            if e["resource"].get("relatesTo") and e["resource"]["resourceType"] == "DocumentReference"
        )["relatesTo"][0]["code"]["coding"][0].update(code="translates"),
        "public-schema",
        "hapi",
        versions=("r5",),
        base=SPANISH,
    ),
    Mutant(
        "relation to nothing",
        lambda d: composition(d)["relatesTo"][0].pop("targetIdentifier"),
        "public-schema",
        "hapi medplum fhir.resources",
        versions=("r4",),
        base=SPANISH,
    ),
    Mutant(
        "relation to nothing in R5",
        lambda d: composition(d)["relatesTo"][0].pop("resourceReference"),
        "public-schema",
        versions=("r5",),
        base=SPANISH,
        alone="R5 lets a relation lead nowhere.",
    ),
    Mutant(
        "link reached from the wrong side",
        link_between,
        "public-schema",
        "hapi",
        versions=("r4",),
    ),
    Mutant(
        "content missing in a CodeSystem",
        lambda d: d.pop("content"),
        "public-schema",
        "hapi medplum typescript fhir.resources",
        base=TOPICS,
    ),
    Mutant(
        "content of a CodeSystem",
        lambda d: d.update(content="all"),
        "public-schema",
        "hapi typescript",
        only_r4="jsonschema",
        base=TOPICS,
    ),
    Mutant(
        "code defined twice",
        lambda d: d["concept"][1].update(code=d["concept"][0]["code"]),
        "fhir-code-system-concept",
        "hapi medplum fhirpath",
        base=TOPICS,
    ),
    Mutant(
        "count of concepts",
        lambda d: d.update(count=d["count"] + 1),
        "fhir-code-system-concept",
        "hapi",
        base=TOPICS,
    ),
    Mutant(
        "concept property undefined",
        lambda d: d["property"].pop(0),
        "fhir-code-system-concept",
        base=TOPICS,
        alone="The standard allows properties that the system does not define.",
    ),
    Mutant(
        "designation without value",
        lambda d: d["concept"][0]["designation"][0].pop("value"),
        "public-schema",
        "hapi medplum typescript fhir.resources",
        base=TOPICS,
    ),
    Mutant(
        "name is no name",
        lambda d: d.update(name="health topics"),
        "public-schema",
        "hapi fhirpath",
        base=TOPICS,
    ),
    Mutant(
        "include of nothing",
        lambda d: d["compose"]["include"][0].pop("system"),
        "public-schema",
        "hapi medplum fhirpath",
        base=VALUES,
    ),
    Mutant(
        "status of a ValueSet",
        lambda d: d.update(status="final"),
        "public-schema",
        "hapi typescript",
        only_r4="jsonschema",
        base=VALUES,
    ),
    Mutant(
        "mode missing in a List",
        lambda d: d.pop("mode"),
        "public-schema",
        "hapi medplum typescript fhir.resources",
        base=EDITIONS,
    ),
    Mutant(
        "item missing in a List",
        lambda d: d["entry"][0].pop("item"),
        "public-schema",
        "hapi medplum typescript jsonschema fhir.resources",
        base=EDITIONS,
    ),
    Mutant(
        "translation in no language",
        lambda d: d["_title"]["extension"][0]["extension"][0].update(valueCode="english"),
        "public-schema",
        "hapi",
        base=EDITIONS,
    ),
    Mutant(
        "organization without name",
        lambda d: [d.pop(name, None) for name in ("name", "_name", "identifier")],
        "public-schema",
        "hapi fhirpath",
        base=ORGANIZATION,
    ),
)


Editions = dict[str, Document]
"""The Bundles of one topic, by language."""


@dataclass(frozen=True, slots=True)
class EditionMutant:
    """A defect that shows only where both editions of a topic are together."""

    name: str
    change: Callable[[Editions], object]
    ours: str
    """The check of ours that finds it."""
    unanswered: tuple[str, ...]
    """The searches of an independent server that it spoils."""


def each_coding_of_events(editions: Editions) -> list[Document]:
    return [
        coding
        for event in composition(editions["es"])["event"]
        for concept in event.get("code", [detail["concept"] for detail in event.get("detail", ())])
        for coding in concept["coding"]
    ]


def name_another_original(editions: Editions) -> None:
    relation = composition(editions["es"])["relatesTo"][0]
    target = relation.get("targetIdentifier") or relation["resourceReference"]["identifier"]
    target.update(value="another/en")


def rename(editions: Editions) -> None:
    identifier = composition(editions["en"])["identifier"]
    (identifier[0] if isinstance(identifier, list) else identifier).update(value="another/en")


def move_spanish_links(editions: Editions) -> None:
    for entry in editions["es"]["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "DocumentReference" and resource["language"] == "es":
            for content in resource["content"]:
                content["attachment"]["url"] = f"https://a.example/{resource['id']}"


def unlist(editions: Editions) -> None:
    for section in composition(editions["es"])["section"]:
        section["entry"] = [
            entry
            for entry in section.get("entry", ())
            if not entry.get("reference", "").startswith("DocumentReference/")
        ]


EDITION_MUTANTS: Final = (
    EditionMutant(
        "translation names no original",
        lambda e: composition(e["es"]).pop("relatesTo"),
        "agreement-translation",
        ("what transforms the English edition",),
    ),
    EditionMutant(
        "translation names another original",
        name_another_original,
        "agreement-translation",
        ("what transforms the English edition",),
    ),
    EditionMutant(
        "original is called otherwise",
        rename,
        "agreement-translation",
        ("what the Spanish edition transforms",),
    ),
    EditionMutant(
        "no MeSH code in Spanish",
        lambda e: composition(e["es"]).pop("event"),
        "agreement-codes",
        ("MeSH code",),
    ),
    EditionMutant(
        "another MeSH code in Spanish",
        lambda e: [coding.update(code=f"{coding['code']}9") for coding in each_coding_of_events(e)],
        "agreement-codes",
        ("MeSH code",),
    ),
    EditionMutant(
        "MeSH under another name in Spanish",
        lambda e: [
            coding.update(system="http://id.nlm.nih.gov/mesh/") for coding in each_coding_of_events(e)
        ],
        "agreement-codes",
        ("MeSH code",),
    ),
    EditionMutant(
        "another title in Spanish",
        lambda e: composition(e["es"]).update(title="Nada"),
        "agreement-title",
        ("Spanish title",),
    ),
    EditionMutant(
        "code of a group in Spanish",
        lambda e: group(e["es"])["code"]["coding"][0].update(code="nothing"),
        "agreement-links",
        ("section code",),
    ),
    EditionMutant(
        "other URLs in Spanish",
        move_spanish_links,
        "agreement-links",
        ("Spanish link's URL",),
    ),
    EditionMutant(
        "Spanish topic lists no links",
        unlist,
        "agreement-links",
        ("topic of the Spanish link",),
    ),
)
