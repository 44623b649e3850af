"""A digest of what all topics rest on."""

from healthtopics import jsontext
from healthtopics.layout import WORDS, Files


def digest_of_basis(files: Files) -> str:
    """Return a digest of all that every topic rests on.

    That is the configuration, the vocabularies, the catalogues of words and the glossaries.
    """
    parts: list[object] = [repr(files.configuration)]
    parts += [[path, jsontext.digest(data)] for path, data in files.vocabularies().items()]
    for language in files.configuration.languages:
        texts = [
            text
            for name in WORDS
            for text in (files.catalogue(language, name), files.shipped(language, name))
        ]
        texts += [files.glossary(language), files.shipped_glossary(language)]
        parts.append([language, *(None if data is None else jsontext.digest(data) for data in texts)])
    return jsontext.digest(jsontext.dump_line(parts))
