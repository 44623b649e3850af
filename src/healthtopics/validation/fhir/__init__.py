"""The rules of FHIR documents that no public tool checks in full, R4 and R5, over plain JSON."""

from healthtopics.validation.fhir.facts import Version
from healthtopics.validation.fhir.rules import CHECKS, check_bundle, check_resource

__all__ = ["CHECKS", "Version", "check_bundle", "check_resource"]
