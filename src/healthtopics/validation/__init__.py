"""Documents in, problems out: topics and vocabularies as input, exports as output.

The only code that uses the JSON Schema libraries. Nothing here reads files or repairs documents.
"""
