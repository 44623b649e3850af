"""Consumer health topics: validated, translated and exported as FHIR and schema.org JSON."""

from importlib.metadata import version

__version__ = version("healthtopics")
