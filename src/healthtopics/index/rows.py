"""A row of each table of the index, with the columns of `schema.sql` in their order; that describes them."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class ReleaseRow(NamedTuple):
    """The release of the index."""

    number: int
    time: str
    base_url: str
    software: str
    index_version: int
    languages: str
    fhir_search: str = ""
    emergency_numbers: str = "[]"
    contact: str = ""
    trial: int = 0


class PastReleaseRow(NamedTuple):
    """This release, or one before it."""

    number: int
    time: str


class ChangeRow(NamedTuple):
    """What changed in a release."""

    release: int
    topic: str
    language: str
    format: str
    change: str
    reason: str


class TopicRow(NamedTuple):
    """A topic, which has at least one edition."""

    id: str
    kind: str


class EditionRow(NamedTuple):
    """A topic in one language."""

    topic: str
    language: str
    title: str
    letter: str
    sort: str
    page: str
    description: str
    created: str
    updated: str
    since: str
    review_by: str
    state: str
    as_of: str
    content: str
    licence: str = ""


class NameRow(NamedTuple):
    """A title, synonym or index term."""

    topic: str
    language: str
    kind: str
    position: int
    text: str
    stems: str


class CodeRow(NamedTuple):
    """A code of a topic."""

    topic: str
    system: str
    uri: str
    oid: str
    code: str
    plain: str
    display: str


class GroupRow(NamedTuple):
    """The label of a group in one language."""

    id: str
    language: str
    position: int
    label: str


class TopicGroupRow(NamedTuple):
    """A group that a topic is in."""

    topic: str
    position: int
    group_id: str


class CategoryRow(NamedTuple):
    """The label of a category of links in one language."""

    id: str
    language: str
    position: int
    label: str


class SectionRow(NamedTuple):
    """A section of an edition, as plain text."""

    topic: str
    language: str
    position: int
    id: str
    aspect: str
    heading: str
    text: str


class LinkRow(NamedTuple):
    """A link of an edition to a page elsewhere."""

    topic: str
    language: str
    category: str
    position: int
    title: str
    url: str
    page_language: str


class LinkOrganizationRow(NamedTuple):
    """Who publishes the page that a link leads to."""

    topic: str
    language: str
    category: str
    position: int
    organization: str


class OrganizationRow(NamedTuple):
    """The name of an organization in one language."""

    id: str
    language: str
    name: str
    url: str


class SiteWordsRow(NamedTuple):
    """What the pages around the topics say in one language."""

    language: str
    words: str


class RelatedRow(NamedTuple):
    """A topic that another one is related to."""

    topic: str
    position: int
    related: str


class CorrectionRow(NamedTuple):
    """What was wrong in an earlier version of an edition."""

    topic: str
    language: str
    position: int
    date: str
    what: str


class TombstoneRow(NamedTuple):
    """A withdrawn topic in one language."""

    topic: str
    language: str
    title: str
    date: str


class ArtifactRow(NamedTuple):
    """An artifact of the release."""

    name: str
    sha256: str
    length: int
    media_type: str
    topic: str
    language: str
    format: str
    since: str


class FileRow(NamedTuple):
    """A file that FHIR resources are in."""

    id: int
    artifact: str
    sha256: str
    until: str = ""


class VersionRow(NamedTuple):
    """A version of a FHIR resource, and where it is."""

    fhir: str
    type: str
    id: str
    version_id: str
    last_updated: str
    file: int
    offset: int
    length: int
    is_current: int


class FhirResourceRow(NamedTuple):
    """A FHIR resource of the release."""

    number: int
    fhir: str
    type: str
    id: str
    last_updated: str
    file: int


class FhirKindRow(NamedTuple):
    """A search parameter of the FHIR resources of a type, in a version of FHIR."""

    fhir: str
    type: str
    parameter: str
    id: int
    shift: int


class FhirValueRow(NamedTuple):
    """A value by which FHIR resources are found, in any version of FHIR."""

    kind: int
    value: str
    system: str
    key: int


class FhirMatchRow(NamedTuple):
    """A FHIR resource that has a value; the key is that of the value, plus the shift of the kind."""

    key: int
    resource: int


class FhirSystemRow(NamedTuple):
    """A code system of the release, without its concepts."""

    resource: int
    url: str
    facts: str


class FhirConceptRow(NamedTuple):
    """A concept of a code system of the release."""

    resource: int
    position: int
    code: str
    is_active: int
    words: str


class FhirConceptContentRow(NamedTuple):
    """What the code system says about a concept."""

    resource: int
    position: int
    concept: str


class CarriedFileRow(NamedTuple):
    """A file of the index before: what that says of its FHIR resources stays, only numbers change."""

    before: int
    """The id of the file there."""
    file: int
    """The id of the file here."""
    is_current: int
    """1 if the release has the file; otherwise only the versions in it stay."""
    first: int = 0
    """The number of its first resource there."""
    resources: int = 0
    """How many it has."""
    number: int = 0
    """The number of its first resource here."""


class CarriedTextRow(NamedTuple):
    """An edition whose sections and links stay as the index before has them."""

    topic: str
    language: str


SearchRow = (
    FhirResourceRow
    | FhirKindRow
    | FhirValueRow
    | FhirMatchRow
    | FhirSystemRow
    | FhirConceptRow
    | FhirConceptContentRow
)
"""A row by which FHIR resources, or the codes that they define, are found."""

Row = (
    ReleaseRow
    | PastReleaseRow
    | ChangeRow
    | TopicRow
    | EditionRow
    | NameRow
    | CodeRow
    | GroupRow
    | TopicGroupRow
    | CategoryRow
    | SectionRow
    | LinkRow
    | LinkOrganizationRow
    | OrganizationRow
    | SiteWordsRow
    | RelatedRow
    | CorrectionRow
    | TombstoneRow
    | ArtifactRow
    | FileRow
    | VersionRow
    | SearchRow
    | CarriedFileRow
    | CarriedTextRow
)

TABLES: Final[Mapping[type[Row], str]] = {
    ReleaseRow: "release",
    PastReleaseRow: "releases",
    ChangeRow: "changes",
    TopicRow: "topics",
    EditionRow: "editions",
    NameRow: "names",
    CodeRow: "codes",
    GroupRow: "groups",
    TopicGroupRow: "topic_groups",
    CategoryRow: "categories",
    SectionRow: "sections",
    LinkRow: "links",
    LinkOrganizationRow: "link_organizations",
    OrganizationRow: "organizations",
    SiteWordsRow: "site_words",
    RelatedRow: "related",
    CorrectionRow: "corrections",
    TombstoneRow: "tombstones",
    ArtifactRow: "artifacts",
    FileRow: "files",
    VersionRow: "versions",
    FhirResourceRow: "fhir_resources",
    FhirKindRow: "stored_kinds",
    FhirValueRow: "stored_values",
    FhirMatchRow: "fhir_matches",
    FhirSystemRow: "fhir_systems",
    FhirConceptRow: "fhir_concepts",
    FhirConceptContentRow: "fhir_concept_contents",
    CarriedFileRow: "carried_files",
    CarriedTextRow: "carried_texts",
}
"""The name of the table, by the class of its rows; `carried_…` are temporary ones."""


def columns_of(kind: type[Row]) -> tuple[str, ...]:
    """Return the columns of the table whose rows are of this class."""
    return kind._fields


def search_table(language: str) -> str:
    """Return the name of the table in which to search texts of a language: `search_zh_Hant`."""
    return f"search_{language.replace('-', '_')}"
