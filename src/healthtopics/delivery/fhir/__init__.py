"""The FHIR server, `/fhir/r4` and `/fhir/r5`: reading, search and operations, over a release."""
