"""Which sections of a topic answer a subTopic of an Infobutton request."""

from collections.abc import Iterable, Mapping
from typing import Final

from healthtopics.delivery.lookup.request import Concept

_DRUG_SAFETY: Final = ("safety", "risk-factors")

ASPECTS: Final[Mapping[str, tuple[str, ...]]] = {
    # HL7 KnowledgeSubtopicObservationValue (2.16.840.1.113883.11.77): qualifiers and descriptors of MeSH …
    "Q000008": ("how-it-works", "treatment"),  # administration and dosage
    "Q000744": _DRUG_SAFETY,  # contraindications
    "Q000009": _DRUG_SAFETY,  # adverse effects
    "D004347": _DRUG_SAFETY,  # drug interactions
    "Q000145": ("types",),  # classification
    "Q000209": ("causes", "risk-factors"),  # etiology
    "Q000175": ("diagnosis", "screening"),  # diagnosis
    "Q000628": ("treatment", "self-care"),  # therapy
    "D011379": ("outlook",),  # prognosis
    "Q000627": ("treatment", "benefits"),  # therapeutic use
    "Q000493": ("how-it-works",),  # pharmacokinetics
    "Q000494": ("how-it-works",),  # pharmacology
    "Q000633": _DRUG_SAFETY,  # toxicity
    "Q000506": _DRUG_SAFETY,  # poisoning
    # … and concepts of SNOMED CT
    "79899007": _DRUG_SAFETY,  # drug interaction
    "404204005": _DRUG_SAFETY,  # drug interaction with drug
    "95907004": _DRUG_SAFETY,  # drug interaction with food
    "95906008": _DRUG_SAFETY,  # drug interaction with disease
    "47965005": ("diagnosis",),  # differential diagnosis
    # Other qualifiers of MeSH that senders use
    "Q000517": ("prevention",),  # prevention and control
    "Q000188": ("treatment",),  # drug therapy
    "Q000601": ("treatment",),  # surgery
    "Q000150": ("risk-factors", "outlook"),  # complications
    "Q000523": ("living-with",),  # psychology
    "Q000534": ("living-with", "treatment"),  # rehabilitation
    "Q000178": ("self-care", "treatment"),  # diet therapy
}
"""Code → keys of the vocabulary `aspects`."""


def aspects_of(subtopics: Iterable[Concept]) -> frozenset[str]:
    """Return the aspects that some subtopics ask for; those without a code of the table are passed over."""
    return frozenset(aspect for each in subtopics for aspect in ASPECTS.get(each.code.upper(), ()))
