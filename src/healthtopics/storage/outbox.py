"""The outbox of a store: the messages that webhooks have not taken yet, beside the folder that readers get.

Its one file changes in one step and is flushed, so that a message that was put there is sent at least once,
whatever happens to the process.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from healthtopics import jsontext
from healthtopics.errors import ConfigurationError, refusal
from healthtopics.storage.atomic import flush, writing
from healthtopics.storage.locking import briefly_locked
from healthtopics.storage.workspace import replace_file
from healthtopics.webhooks import Mailbox

Mailboxes = dict[str, Mailbox]
"""By the name of the webhook."""


class Outbox:
    """The mailboxes of all webhooks, on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "outbox.json"

    @classmethod
    def of(cls, store: Path) -> "Outbox":
        """Return the outbox of the store in a folder: `exports.outbox` beside `exports`."""
        return cls(store.with_name(f"{store.name}.outbox"))

    def read(self) -> Mailboxes:
        """Return the mailboxes; none if nothing was ever put there.

        Raises as `writing` does, and ConfigurationError if the file is damaged.
        """
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise refusal(error, f"{self._file}: cannot be read ({error.strerror}).") from error
        try:
            return msgspec.json.decode(data, type=Mailboxes)
        except msgspec.DecodeError:
            raise ConfigurationError(
                f"{self._file}: this is not an outbox. Delete it: then receivers get the message about the "
                "last release again."
            ) from None

    def change(self, change: Callable[[Mailboxes], Mapping[str, Mailbox]]) -> Mailboxes:
        """Replace the mailboxes, durably, while no other process does; raises as `read` does."""
        with writing(self.folder):
            if not self.folder.is_dir():
                self.folder.mkdir(parents=True, exist_ok=True)
                flush(self.folder.parent)
        with briefly_locked(self.folder / ".lock", self.folder):
            before = self.read()
            after = dict(change(before))
            if after != before:
                replace_file(self._file, jsontext.dump(after))
                with writing(self.folder):
                    flush(self.folder)
            return after
