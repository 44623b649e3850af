"""Formats: how an edition of a topic leaves, how it is checked, read back and served.

`table` has one row a format, ours and those of other distributions; `format` says what is in a row.
"""
