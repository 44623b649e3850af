"""What records add to the name of a condition, and readers do not say: `Asthma, unspecified (disorder)`.

Names in records come from ICD-10-CM, from its Spanish translation, and from SNOMED CT, whose fully specified
names end with a semantic tag (SNOMED CT Editorial Guide, Fully Specified Name). What is left out here says
only that nothing more is known or was found; whatever narrows the meaning stays, such as a stage or a side.
"""

import re
from typing import Final

_TAGS: Final = (
    "body structure|clinical drug|disorder|event|finding|medicinal product|morphologic abnormality|"
    "observable entity|organism|procedure|product|regime/therapy|situation|substance|"
    "anomalía morfológica|entidad observable|estructura corporal|evento|fármaco de uso clínico|hallazgo|"
    "organismo|procedimiento|producto|producto medicinal|régimen/tratamiento|situación|sustancia|trastorno"
)
_TAG: Final = re.compile(rf"\s*\((?:{_TAGS})\)\s*\Z", re.IGNORECASE)

_ADDED: Final = (
    r"unspecified|not otherwise specified|not elsewhere classified|(?-i:NOS|NEC)|uncomplicated|"
    r"without (?:mention of )?complications?|"
    r"no especificad[oa]s?|sin especificar|sin otra especificación|(?-i:SAI|NCOC|NEOM)|"
    r"no clasificad[oa]s? (?:en otra parte|bajo otro concepto)|no complicad[oa]s?|sin complicaci(?:ón|ones)"
)
"""After a name, or after a comma."""
_BESIDE: Final = (
    r"unspecified(?: \w+){1,3}|(?:\w+ ){1,2}(?:not specified|unspecified)|(?:initial|subsequent) encounter|"
    r"(?:\w+ ){1,2}(?:no especificad[oa]s?|sin especificar)|contacto (?:inicial|sucesivo)"
)
"""After a comma only: `unspecified organism`, `site not specified`."""
_PART: Final = re.compile(rf"(?:{_ADDED}|{_BESIDE})\Z", re.IGNORECASE)
_LAST: Final = re.compile(rf"\s+(?:{_ADDED})\Z", re.IGNORECASE)
_FIRST: Final = re.compile(r"\Aunspecified\s+", re.IGNORECASE)


def without_qualifiers(name: str) -> str:
    """Return a name without such words: `Unspecified asthma, uncomplicated (disorder)` → `asthma`."""
    first, *others = (part.strip() for part in _TAG.sub("", name).split(","))
    parts = [first, *(part for part in others if not _PART.match(part))]
    return _FIRST.sub("", ", ".join(_LAST.sub("", part) for part in parts))
