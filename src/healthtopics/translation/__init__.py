"""A topic and a catalogue give the topic in one language; so do the vocabulary and the words of pages."""
