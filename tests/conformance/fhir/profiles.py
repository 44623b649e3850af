"""Documents that the standard allows and our profiles do not, each with what the HL7 engine says."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from conformance.fhir.mutants import Document, composition, group, link, narrate, publisher, question, retag


@dataclass(frozen=True, slots=True)
class ProfileMutant:
    """A document that breaks one rule of a profile."""

    name: str
    change: Callable[[Document], object]
    says: tuple[str, ...]
    """What is in one message of the engine: the profile, where it names it, and the reason."""

    def of(self, document: Mapping[str, Any]) -> Document:
        changed = deepcopy(dict(document))
        self.change(changed)
        assert changed != document, self.name
        return changed


def section(document: Document, code: str) -> Document:
    found: Document = next(
        each for each in composition(document)["section"] if each["code"]["coding"][0]["code"] == code
    )
    return found


def recode(of: Callable[[Document], Document]) -> Callable[[Document], object]:
    """Give a section or question a code that its vocabulary does not have."""
    return lambda document: of(document)["code"]["coding"][0].update(code="unheard-of", display="Unheard of")


def identify(document: Document) -> None:
    """Give the edition the identifier of another language."""
    found = composition(document)["identifier"]
    (found[0] if isinstance(found, list) else found)["value"] = "recurrent-miscarriage/es"


def patient(document: Document) -> None:
    base = document["entry"][0]["fullUrl"].rpartition("/Composition/")[0]
    resource = {"resourceType": "Patient", "id": "a", "language": "en"}
    document["entry"].append({"fullUrl": f"{base}/Patient/a", "resource": resource})
    composition(document)["subject"] = {"reference": "Patient/a"}


def without_kind(document: Document) -> None:
    found = composition(document)["category"]
    found[:] = [each for each in found if not each["coding"][0]["system"].endswith("/CodeSystem/topic-kind")]


PROFILE_MUTANTS: Final = (
    ProfileMutant(
        "a Bundle in another language", lambda d: d.update(language="es"), ("topic-bundle#topic-1",)
    ),
    ProfileMutant("a patient in the document", patient, ("topic-bundle", "known slice")),
    ProfileMutant("an identifier of another language", identify, ("topic-composition#topic-2",)),
    ProfileMutant(
        "a section in another language",
        narrate("<p>a</p>", 'lang="es" xml:lang="es"'),
        ("topic-composition#topic-3",),
    ),
    ProfileMutant(
        "a section without xml:lang", narrate("<p>a</p>", 'lang="en"'), ("topic-composition#topic-3",)
    ),
    ProfileMutant(
        "a callout of an unknown urgency",
        narrate('<div class="callout soon"><p class="urgency">Soon</p><h3>Call if</h3></div>'),
        ("topic-composition#topic-4",),
    ),
    ProfileMutant(
        "a callout that does not say how urgent it is",
        narrate('<div class="callout emergency"><h3>Call if</h3></div>'),
        ("topic-composition#topic-4",),
    ),
    ProfileMutant("an unknown section", recode(group), ("topic-composition", "known slice")),
    ProfileMutant("an unknown aspect", recode(question), ("topic-composition", "known slice")),
    ProfileMutant(
        "a section twice",
        lambda d: composition(d)["section"].append(deepcopy(section(d, "about"))),
        ("topic-composition", "max allowed = 1"),
    ),
    ProfileMutant(
        "nothing about the page",
        lambda d: composition(d)["section"].remove(section(d, "about")),
        ("topic-composition", "a matching slice is required"),
    ),
    ProfileMutant(
        "a question without a heading",
        lambda d: question(d).pop("title"),
        ("topic-composition", "minimum required = 1"),
    ),
    ProfileMutant(
        "another status",
        lambda d: composition(d).update(status="preliminary"),
        ("topic-composition", "final"),
    ),
    ProfileMutant(
        "another type",
        lambda d: composition(d)["type"]["coding"][0].update(code="11488-4", display="Consult note"),
        ("topic-composition", "34895-3"),
    ),
    ProfileMutant("no kind", without_kind, ("topic-composition", "a matching slice is required")),
    ProfileMutant(
        "a custodian missing",
        lambda d: composition(d).pop("custodian"),
        ("topic-composition", "minimum required = 1"),
    ),
    ProfileMutant(
        "an organization among the pages",
        lambda d: group(d)["entry"][0].update(reference=f"Organization/{publisher(d)['id']}"),
        ("Found Organization, but expected one of ([DocumentReference])",),
    ),
    ProfileMutant(
        "a page whose narrative is in another language",
        retag('lang="en" xml:lang="en"', 'lang="es" xml:lang="es"'),
        ("topic-document-reference#topic-5",),
    ),
    ProfileMutant(
        "a page that is not identified by its address",
        lambda d: link(d)["identifier"][0].update(value="https://elsewhere.example/"),
        ("topic-document-reference#topic-6",),
    ),
    ProfileMutant(
        "a page that was superseded",
        lambda d: link(d).update(status="superseded"),
        ("topic-document-reference", "current"),
    ),
    ProfileMutant(
        "a page of an unknown kind",
        lambda d: link(d)["category"][0]["coding"][0].update(code="unheard-of"),
        ("unheard-of", "/fhir/ValueSet/content-type"),
    ),
    ProfileMutant(
        "a page without a title",
        lambda d: link(d)["content"][0]["attachment"].pop("title"),
        ("topic-document-reference", "minimum required = 1"),
    ),
)
