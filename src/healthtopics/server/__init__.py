"""The process that serves: connections, limits, API keys, the access log, metrics, workers.

What is answered is decided by `delivery`. Nothing is compiled here, and nothing is written.
"""
