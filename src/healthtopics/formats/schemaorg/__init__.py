"""An edition of a topic as schema.org JSON-LD."""
