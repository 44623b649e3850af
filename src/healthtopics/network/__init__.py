"""Other people's servers: the only code that makes HTTP requests."""
