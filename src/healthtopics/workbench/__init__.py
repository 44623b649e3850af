"""What translators see in a browser: the state of all catalogues, and topics as readers will see them."""

from healthtopics.workbench.pages import status_page

__all__ = ["status_page"]
