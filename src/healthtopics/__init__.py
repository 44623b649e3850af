"""Consumer health topics: validated, translated and exported as FHIR, schema.org JSON-LD and pages."""

__version__: str


def __getattr__(name: str) -> str:
    """Look up the version on first use: that takes longer than most commands need to start."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - see above

        return version("healthtopics")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
