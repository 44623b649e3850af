"""What the pages around the topics say."""

from healthtopics import jsontext
from healthtopics.index.opening import TopicIndex
from healthtopics.topic import SiteWords


def site_words_in(index: TopicIndex, language: str) -> SiteWords:
    """Return the words of a language; all are missing if the release has none."""
    words: str | None = index.value("SELECT words FROM site_words WHERE language = ?", (language,))
    return SiteWords.from_dict(jsontext.load(words.encode())) if words else SiteWords()
