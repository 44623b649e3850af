import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from standardwebhooks import Webhook, WebhookVerificationError

from healthtopics.webhooks import (
    Announcement,
    Mailbox,
    Notification,
    Reply,
    announce,
    is_last_attempt,
    secrets_in,
    settle,
    signed,
)

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
URL = "https://portal.example.org/hook"
BASE = "https://topics.example.org"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the specification's example
RELEASES = [Announcement(number=n, sha256=f"{n:064x}", time=f"2026-11-{n:02d}T06:00:00Z") for n in (1, 2, 3)]
TAKEN, FAILED = Reply(status=204), Reply(status=500)


def told(mailbox: Mailbox) -> list[int]:
    return [json.loads(message.payload)["data"]["release"] for message in mailbox.pending]


def first(mailbox: Mailbox | None = None) -> tuple[Mailbox, Notification]:
    mailbox = mailbox or announce(None, RELEASES, base=BASE, url=URL)
    return mailbox, mailbox.pending[0]


def after(mailbox: Mailbox, reply: Reply, *, now: datetime = NOW, chance: float = 0) -> Mailbox:
    return settle(mailbox, mailbox.pending[0], reply, url=URL, now=now, chance=chance)


def test_the_signature_is_that_of_the_specification() -> None:
    message = Notification(id="msg_p5jXN8AQM9LWM0D4loKWxJek", payload='{"test": 2432232314}')
    headers = signed(message, secrets_in(SECRET), datetime.fromtimestamp(1614265330, UTC))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(
    st.text(st.characters(codec="utf-8"), max_size=50),
    st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3),
)
def test_receivers_with_any_of_the_secrets_accept_a_message(payload: str, secrets: list[bytes]) -> None:
    words = ["whsec_" + base64.b64encode(secret).decode() for secret in secrets]
    message = Notification(id="msg_1", payload=json.dumps({"text": payload}, ensure_ascii=False))
    headers = dict(signed(message, secrets_in("\n ".join(words)), datetime.now(UTC)))
    for word in words:
        assert Webhook(word).verify(message.payload, headers) == {"text": payload}
    with pytest.raises(WebhookVerificationError):
        Webhook(words[0]).verify(message.payload + " ", headers)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_?",
        f"{SECRET} whsec_x",
    ],
)
def test_a_wrong_secret_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(ValueError, match="secret") as refused:
        secrets_in(text)
    assert not any(word in str(refused.value) for word in text.split() if len(word) > len("whsec_"))


def test_a_new_receiver_gets_the_last_release_only() -> None:
    mailbox, message = first()
    assert told(mailbox) == [3]
    assert json.loads(message.payload) == {
        "type": "release.published",
        "timestamp": "2026-11-03T06:00:00Z",
        "data": {
            "baseUrl": BASE,
            "release": 3,
            "manifest": f"{BASE}/releases/000003/manifest.json",
            "sha256": f"{3:064x}",
        },
    }


def test_each_release_is_announced_once_and_in_order() -> None:
    mailbox = announce(None, RELEASES[:1], base=BASE, url=URL)
    for _ in range(2):
        mailbox = announce(mailbox, RELEASES, base=BASE, url=URL)
        assert told(mailbox) == [1, 2, 3]
    assert len({message.id for message in mailbox.pending}) == 3


def test_the_same_release_has_the_same_id_wherever_the_outbox_was_lost() -> None:
    assert first()[1].id == first()[1].id
    other = announce(None, [replace(RELEASES[2], sha256=f"{4:064x}")], base=BASE, url=URL)
    assert other.pending[0].id != first()[1].id


def test_numbers_that_start_again_are_announced() -> None:
    mailbox = announce(Mailbox(announced=900), RELEASES, base=BASE, url=URL)
    assert (told(mailbox), mailbox.announced) == ([3], 3)


def test_what_was_taken_is_not_sent_again() -> None:
    mailbox, _message = first()
    for status in (200, 204, 299):
        assert after(mailbox, Reply(status=status)) == Mailbox(announced=3)


@pytest.mark.parametrize("status", [100, 199, 300, 301, 307, 400, 404, 409, 429, 500, 503, None])
def test_anything_but_2xx_is_tried_again(status: int | None) -> None:
    mailbox = after(first()[0], Reply(status=status))
    assert [message.attempts for message in mailbox.pending] == [1]
    assert not mailbox.pending[0].is_due(NOW)


def test_waits_are_those_of_the_specification_and_end() -> None:
    mailbox, now, waits = first()[0], NOW, []
    while mailbox.pending:
        is_last = is_last_attempt(mailbox.pending[0])
        mailbox = after(mailbox, FAILED, now=now)
        assert is_last == (not mailbox.pending)
        for message in mailbox.pending:
            assert message.due is not None
            waits.append((message.due - now).total_seconds())
            now = message.due
    hours = [2, 5, 10, 14, 20, 24]
    assert waits == [5, 300, 1800, *(3600 * each for each in hours)]


@pytest.mark.parametrize("attempts", range(9))
def test_every_wait_is_kept_but_none_of_a_clock_that_was_ahead(attempts: int) -> None:
    mailbox, message = first()
    mailbox = replace(mailbox, pending=(replace(message, attempts=attempts),))
    (waiting,) = after(mailbox, FAILED, chance=1).pending
    assert not waiting.is_due(NOW)
    (waiting,) = after(mailbox, FAILED, now=NOW + timedelta(days=365), chance=1).pending
    assert waiting.is_due(NOW)


@given(st.floats(0, 1))
def test_attempts_spread_by_a_fifth_at_most(chance: float) -> None:
    due = after(first()[0], FAILED, chance=chance).pending[0].due
    assert due is not None
    assert timedelta(seconds=5) <= due - NOW <= timedelta(seconds=6)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("1", 5),
        ("", 5),
        ("soon", 5),
        ("-60", 5),
        ("9" * 400, 86_400),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), 3600),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 5),
        (format_datetime(NOW + timedelta(days=900), usegmt=True), 86_400),
        ("Fri, 20 Nov 2026 07:00:00", 5),
    ],
)
def test_a_receiver_can_ask_for_a_pause(header: str, seconds: int) -> None:
    due = after(first()[0], Reply(status=503, retry_after=header)).pending[0].due
    assert due == NOW + timedelta(seconds=seconds)


def test_a_receiver_that_is_gone_gets_nothing_more_at_this_address() -> None:
    gone = after(announce(None, RELEASES, base=BASE, url=URL), Reply(status=410))
    assert gone.pending == ()
    more = [*RELEASES, Announcement(number=4, sha256=f"{4:064x}", time="2026-11-04T06:00:00Z")]
    still = announce(gone, more, base=BASE, url=URL)
    assert (told(still), still.announced) == ([], 4)
    assert told(announce(gone, more, base=BASE, url=f"{URL}/2")) == [4]
    assert told(announce(still, more, base=BASE, url=URL, again=True)) == [4]


def test_what_another_process_settled_stays_settled() -> None:
    mailbox, message = first()
    settled = after(mailbox, TAKEN)
    assert settle(settled, message, FAILED, url=URL, now=NOW, chance=0) == settled
