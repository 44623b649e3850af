"""The rules of FHIR documents that no public tool checks in full, R4 and R5, over plain JSON."""
