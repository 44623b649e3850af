"""The knowledge response in HL7's form of JSON, and as a call of a function (JSONP).

The names are those of Atom; attributes are members, a text is `_value`, and what may repeat is an array even
if it has one member (Infobutton SOA guide R1, §4.4). `<`, `>`, `=` and `&` are escaped, so that the answer is
safe in a page.
"""

from typing import Any, Final

from healthtopics import jsontext
from healthtopics.delivery.lookup.feed import Category, Feed, FeedEntry
from healthtopics.jsontext import JsonObject

_ESCAPES: Final = tuple(
    (character.encode(), f"\\u{ord(character):04x}".encode()) for character in "<>=&\u2028\u2029"
)
"""The last two end a line in older JavaScript."""


def write_json(feed: Feed) -> bytes:
    """Return the feed as JSON."""
    text = jsontext.dump({"feed": _feed(feed)})
    for character, escape in _ESCAPES:  # none of them occurs outside strings
        text = text.replace(character, escape)
    return text


def write_jsonp(feed: Feed, callback: str) -> bytes:
    """Return a script that calls the function with the feed."""
    # The comment keeps the answer from beginning with bytes that the requester chose.
    return b"/**/" + callback.encode() + b"(" + write_json(feed).rstrip(b"\n") + b");\n"


def _feed(feed: Feed) -> JsonObject:
    return {
        "base": feed.base,
        "lang": feed.language,
        "id": _value(feed.id),
        "title": _value(feed.title, "text"),
        "subtitle": _value(feed.subtitle, "text"),
        "updated": _value(feed.updated),
        "author": [{"name": _value(feed.author), "uri": _value(feed.author_uri)}],
        "category": [_category(each) for each in feed.categories],
        "entry": [_entry(each) for each in feed.entries],
    }


def _entry(entry: FeedEntry) -> JsonObject:
    return {
        "lang": entry.language,
        "id": _value(entry.id),
        "title": _value(entry.title, "text"),
        "link": [
            {
                "rel": link.rel,
                "type": link.media_type,
                "hreflang": link.language,
                "title": link.title,
                "href": link.href,
            }
            for link in entry.links
        ],
        "updated": _value(entry.updated),
        "category": [_category(each) for each in entry.categories],
        "summary": _value(entry.summary, "html"),
    }


def _category(category: Category) -> JsonObject:
    found = {"scheme": category.scheme, "term": category.term}
    return found | {"label": category.label} if category.label else found


def _value(text: str, kind: str = "") -> dict[str, Any]:
    return {"type": kind, "_value": text} if kind else {"_value": text}
