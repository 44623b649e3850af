from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from healthtopics.errors import ConfigurationError, StorageError
from healthtopics.storage import locking
from healthtopics.storage.outbox import Mailboxes, Outbox
from healthtopics.webhooks import Mailbox, Notification


def adding(name: str) -> Callable[[Mailboxes], Mailboxes]:
    return lambda mailboxes: {**mailboxes, name: Mailbox(announced=1)}


def test_an_outbox_is_beside_the_store(tmp_path: Path) -> None:
    assert Outbox.of(tmp_path / "exports").folder == tmp_path / "exports.outbox"


def test_what_was_put_there_is_there(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    assert outbox.read() == {}
    mailbox = Mailbox(announced=3, pending=(Notification(id="msg_1", payload='{"a": "á"}'),))
    assert outbox.change(lambda _mailboxes: {"portal": mailbox}) == {"portal": mailbox}
    assert outbox.change(adding("search")) == outbox.read()
    assert outbox.read() == {"portal": mailbox, "search": Mailbox(announced=1)}


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    outbox.change(adding("portal"))

    def fail(_mailboxes: Mailboxes) -> Mailboxes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outbox.change(fail)
    assert outbox.change(adding("search")).keys() == {"portal", "search"}


def test_what_another_process_changes_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_PATIENCE_S", 0)
    outbox = Outbox(tmp_path / "outbox")
    outbox.change(adding("portal"))
    with FileLock(outbox.folder / ".lock"), pytest.raises(StorageError, match="another process"):
        outbox.change(adding("search"))
    assert outbox.read().keys() == {"portal"}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"portal": {"announced": "x"}}', b"\xff"])
def test_a_damaged_outbox_is_refused_with_the_way_out(tmp_path: Path, data: bytes) -> None:
    outbox = Outbox(tmp_path)
    (tmp_path / "outbox.json").write_bytes(data)
    with pytest.raises(ConfigurationError, match=r"outbox\.json: this is not an outbox\. Delete it"):
        outbox.change(adding("portal"))
    assert (tmp_path / "outbox.json").read_bytes() == data


def test_an_outbox_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outbox.json").mkdir()
    with pytest.raises(Exception, match=r"outbox\.json: cannot be read \(Is a directory\)"):
        Outbox(tmp_path).read()
