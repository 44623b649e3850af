"""The rules of FHIR documents that no public tool checks in full, for R4 and R5, over plain JSON."""
