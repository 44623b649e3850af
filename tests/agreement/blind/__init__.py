"""Corruptions of exported documents that a comparison of formats and editions has to notice.

They were written from the exported documents and `docs/exports.md`, by somebody who had not seen the checks.
`MUTANTS` has them all; importing the modules registers them.
"""

from agreement.blind import (
    elements,
    linked_data,
    mutants_fhir,
    mutants_html,
    mutants_schemaorg,
    narratives,
    pages,
)
from agreement.blind.corruption import MUTANTS, Mutant

__all__ = [
    "MUTANTS",
    "Mutant",
    "elements",
    "linked_data",
    "mutants_fhir",
    "mutants_html",
    "mutants_schemaorg",
    "narratives",
    "pages",
]
