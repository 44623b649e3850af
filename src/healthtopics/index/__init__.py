"""The index of a release, `topics.sqlite`: what it contains, how it is made, and typed queries on it."""
