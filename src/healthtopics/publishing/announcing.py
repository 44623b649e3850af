"""Which releases there are to tell others of."""

from healthtopics.jsontext import digest, parse
from healthtopics.release import Store, numbers, read_pointer, release_key
from healthtopics.webhooks import Announcement


def announcements(store: Store, since: int | None) -> list[Announcement]:
    """Return the releases after a number, up to the current one, which is always among them.

    Without a number, only the current one. Raises NoCurrentReleaseError if nothing is published.
    """
    last: int = read_pointer(store)["number"]
    wanted = range(last if since is None else min(since + 1, last), last + 1)
    found = []
    for number in (each for each in numbers(store) if each in wanted):
        key = release_key(number, "manifest.json")
        text = store.read(key)
        found.append(Announcement(number=number, sha256=digest(text), time=parse(text, key)["time"]))
    return found
