"""Which releases there are to tell others of."""

from healthtopics.errors import IntegrityError, ReleaseError
from healthtopics.jsontext import digest, parse
from healthtopics.release import Store, numbers, promise_in, read_pointer, release_key
from healthtopics.webhooks import Announcement


def announcements(store: Store, since: int | None) -> list[Announcement]:
    """Return the releases after a number, up to the current one, which is always among them.

    Without a number, only the current one. Raises NoCurrentReleaseError if nothing is published, and
    ReleaseError if the pointer or a manifest is damaged.
    """
    last, _ = promise_in(read_pointer(store))
    wanted = range(last if since is None else min(since + 1, last), last)
    found = []
    for number in (*(each for each in numbers(store) if each in wanted), last):
        key = release_key(number, "manifest.json")
        try:
            text = store.read(key)
            found.append(Announcement(number=number, sha256=digest(text), time=parse(text, key)["time"]))
        except FileNotFoundError:
            if number == last:
                raise IntegrityError(key, expected="a manifest", actual="nothing") from None
            # An older one was removed in this moment: nobody can pull it any more.
        except (KeyError, TypeError):
            raise ReleaseError(f"{key} is not the manifest of a release: it has no time.") from None
    return found
