"""The rules of FHIR documents that no public tool checks in full, R4 and R5, over plain JSON."""

from healthtopics.validation.fhir.codes import Systems, check_codes, systems_of
from healthtopics.validation.fhir.facts import Version
from healthtopics.validation.fhir.rules import CHECKS, check_bundle, check_resource

__all__ = ["CHECKS", "Systems", "Version", "check_bundle", "check_codes", "check_resource", "systems_of"]
