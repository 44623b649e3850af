"""An edition of a topic as the page that a person reads."""

from healthtopics.formats.html.page import Html, Write, as_it_is, templates, to_page

__all__ = ["Html", "Write", "as_it_is", "templates", "to_page"]
