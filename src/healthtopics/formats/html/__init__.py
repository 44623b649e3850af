"""An edition of a topic as the page that a person reads."""
