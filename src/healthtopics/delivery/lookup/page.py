"""The knowledge response as a page for a person."""

from healthtopics.delivery import pages
from healthtopics.delivery.lookup import words
from healthtopics.delivery.lookup.feed import Feed
from healthtopics.index.opening import TopicIndex
from healthtopics.website.addresses import Addresses
from healthtopics.website.framed import FramedText, render_framed
from healthtopics.website.words import Words


def write_page(feed: Feed, index: TopicIndex, addresses: Addresses) -> bytes:
    """Return the feed as an HTML page in the frame of the site, each entry with its text."""
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
    content = pages.fill_in(
        "lookup.html",
        feed=feed,
        said=said,
        language_names=words.LANGUAGES,
        day=Words(index, feed.language).day,
    )
    return render_framed(index, addresses, FramedText(feed.subtitle, content, feed.language))
