"""FHIR documents of topics, R4 and R5, and the resources that all topics share."""
