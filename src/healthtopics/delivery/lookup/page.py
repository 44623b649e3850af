"""The knowledge response as a page for a person."""

from healthtopics.delivery import pages
from healthtopics.delivery.lookup import words
from healthtopics.delivery.lookup.feed import Feed
from healthtopics.language import LanguageTag, direction


def write_page(feed: Feed) -> bytes:
    """Return the feed as an HTML page without scripts, each entry with its text."""
    said = {
        name: text.into(feed.language)
        for name, text in (
            ("none", words.NO_RESULTS),
            ("also_in", words.ALSO_IN),
            ("elsewhere", words.ELSEWHERE),
            ("read", words.READ),
            ("updated", words.UPDATED),
        )
    }
    return pages.render(
        "lookup.html",
        site=feed.author,
        home=feed.author_uri,
        feed=feed,
        direction=direction(LanguageTag(feed.language)),
        said=said,
        language_names=words.LANGUAGES,
    )
