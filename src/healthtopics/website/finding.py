"""The script that finds topics where no service is: the code, and what it looks in."""

from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import groupby
from operator import itemgetter
from typing import Final

from healthtopics.index.opening import TopicIndex
from healthtopics.index.stems import words
from healthtopics.jsontext import dump_line

_MOST: Final = 400_000
"""The most characters of the words of all texts in a language, of which each topic has an equal share."""
_SHORTEST: Final = 4
"""Letters of a word that a text is found by: shorter ones are in every text."""


def finding_script(index: TopicIndex, language: str) -> bytes:
    """Return the script that finds the topics in a language.

    It knows all names, descriptions and headings; of the words in texts as many as its size allows.
    """
    code = (resources.files(__package__) / "static/find.js").read_bytes()
    return code + dump_line(list(_findable(index, language))).strip() + b");\n"


def _findable(index: TopicIndex, language: str) -> Iterator[Mapping[str, object]]:
    """Yield what can be found, in the order of the titles."""
    rows = index.each(
        """
        SELECT edition.id, topic, title, description, text
        FROM stored_editions AS edition LEFT JOIN stored_names ON edition = edition.id AND kind <> 'title'
        WHERE language = ? ORDER BY edition.id, kind DESC, position
        """,
        (language,),
    )
    share = _MOST // max(1, index.edition_counts.get(language, 0))
    for (edition, topic, title, description), named in groupby(rows, itemgetter(0, 1, 2, 3)):
        names = [text for *_, text in named if text]
        sections = list(
            index.each(
                "SELECT heading, text FROM stored_sections WHERE edition = ? ORDER BY position", (edition,)
            )
        )
        headings = [heading for heading, _ in sections if heading]
        known = {word for text in (title, description, *names, *headings) for word in words(text)}
        yield {
            "id": topic,
            "title": title,
            "description": description,
            "names": names,
            "headings": headings,
            "words": _words_of((text for _, text in sections), known, share),
        }


def _words_of(texts: Iterator[str], known: set[str], most: int) -> str:
    """Return the words of texts that are not known otherwise, each once, in at most so many characters."""
    found = dict.fromkeys(
        word for text in texts for word in words(text) if len(word) >= _SHORTEST and word not in known
    )
    joined = " ".join(found)
    return joined if len(joined) <= most else joined[: most + 1].rpartition(" ")[0]
