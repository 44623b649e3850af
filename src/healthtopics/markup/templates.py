"""The templates of pages, as Jinja reads them in every package."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined


def page_templates(package: str, extensions: Sequence[str] = ()) -> Environment:
    """Return the templates of a package; every value is escaped, and an unknown name is an error."""
    return Environment(
        loader=PackageLoader(package),
        extensions=extensions,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
