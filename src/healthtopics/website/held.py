"""The page of an edition that is held, with a notice that the English may say more.

The artifact stays as it was published, byte for byte. The service and `release unpack` add the notice.
"""

from typing import Final

from healthtopics.index.opening import TopicIndex
from healthtopics.index.rows import EditionRow
from healthtopics.index.topics import editions_of
from healthtopics.language import SOURCE
from healthtopics.website.frame import fill_in
from healthtopics.website.words import Words

HELD: Final = "held"
"""The state of such an edition."""
_PLACE: Final = b"</h1>"
"""The notice comes after the title, which every page has."""


def with_notice(page: bytes, index: TopicIndex, edition: EditionRow) -> bytes:
    """Return the page of an edition, with the notice if it is held."""
    if edition.state != HELD:
        return page
    english = next((each for each in editions_of(index, edition.topic) if each.language == SOURCE), None)
    before, title, after = page.partition(_PLACE)
    if english is None or english.language == edition.language or not title:
        return page
    words = Words(index, edition.language)
    notice = fill_in(
        "held.html",
        _=words.say,
        address=english.page,
        own=words.day(edition.updated),
        english=words.day(english.updated),
        is_newer=english.updated[:10] > edition.updated[:10],
    )
    return b"".join((before, title, b"\n", notice, after))
