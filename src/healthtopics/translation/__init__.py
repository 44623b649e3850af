"""Combines a topic, the vocabulary or the words of pages with a catalogue of one language."""
