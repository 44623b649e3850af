"""Topics as FHIR, R4 and R5: plain JSON objects, made without a FHIR library."""
