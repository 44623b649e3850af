"""Formats: how an edition of a topic is exported, checked, read back and served.

`table` has one row for each format, built-in or third-party; `format` defines the row.
"""
