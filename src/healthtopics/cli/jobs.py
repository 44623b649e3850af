"""How a job reports what it did, besides its answer: metrics, pings, webhooks.

None of it changes the result of the job. A report that fails is a warning on standard error, and the next run
makes up for it.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from healthtopics.cli import clock
from healthtopics.cli.exits import Stopped, explain
from healthtopics.cli.log import LogForm, log_message, trace, write_entry
from healthtopics.cli.run import Job, Run, current
from healthtopics.cli.signals import MOST_SECONDS, stopped_by_signals
from healthtopics.errors import ConfigurationError, HealthTopicsError
from healthtopics.problems import Level

if TYPE_CHECKING:
    import httpx

    from healthtopics.configuration import JobSettings, WebhookSettings
    from healthtopics.storage.local import LocalStore
    from healthtopics.storage.outbox import Mailboxes, Outbox
    from healthtopics.storage.workspace import Workspace
    from healthtopics.webhooks import Notification

LogOption = Annotated[
    LogForm, typer.Option("--log", help="Report on standard error in words, or as JSON, one object per line.")
]
MetricsOption = Annotated[
    Path | None,
    typer.Option("--metrics", metavar="FILE", help="Write metrics for Prometheus to this file, *.prom."),
]
PingOption = Annotated[
    str,
    typer.Option(
        "--ping",
        metavar="URL",
        envvar="HEALTHTOPICS_PING",
        help="Report start and exit code there, as healthchecks.io defines it.",
    ),
]
TimeoutOption = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        max=MOST_SECONDS,
        help="Stop after this many seconds, with exit code 75.",
    ),
]


_DELIVERY_S: Final = 40
"""After this time no message is begun: with the wait for the last one, all of them take a minute at most."""


@dataclass(slots=True)
class Delivery:
    """What was delivered to webhooks, and what was not, in words."""

    taken: int = 0
    waiting: int = 0
    """Messages that a later run sends."""
    refused: list[str] = field(default_factory=list)
    """What was not taken, and may be later."""
    lost: list[str] = field(default_factory=list)
    """What is not tried again."""
    faults: list[str] = field(default_factory=list)
    """Secrets that cannot be used."""


def start_job(folder: Path, settings: "JobSettings | None" = None) -> None:
    """Report that the job of this run has started; what the command line does not say is in the settings."""
    job = current().job
    if job is None:
        return
    job.folder = folder
    if settings is not None:
        if settings.metrics and job.metrics is None:
            job.metrics = folder / settings.metrics
        job.ping = job.ping or settings.ping
    _ping(job, "start")


def finish_job(run: Run, exit_code: int) -> None:
    """Report how the run ended; whatever happens meanwhile, its exit code stays."""
    try:
        with stopped_by_signals():
            _report_end(run, exit_code)
    except (Stopped, KeyboardInterrupt):
        log_message("Stopped at the end: the work is done, but not all of it was reported.", Level.WARNING)


def _report_end(run: Run, exit_code: int) -> None:
    write_entry(
        "finished",
        Level.INFO if exit_code == 0 or run.is_service_stopped else Level.ERROR,
        result=run.result,
        exitCode=exit_code,
        seconds=run.seconds,
        **{name: run.members[name] for name in ("release", "sequence") if name in run.members},
    )
    if run.job is not None:
        if run.job.metrics is not None:
            with _only_warned("No metrics were written."):
                _write_metrics(run.job.metrics, run.job, run, exit_code)
        # The run that holds the lock reports its own end to the same check: this end is not a failure.
        _ping(run.job, "log" if run.is_left_to_another else str(exit_code))


@contextmanager
def _only_warned(consequence: str) -> Iterator[None]:
    """Make an error a warning: no report changes the result of the work."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - a bug in a report, too
        trace(error)
        log_message(f"{consequence} {explain(error)}", Level.WARNING)


def _write_metrics(path: Path, job: Job, run: Run, exit_code: int) -> None:
    from healthtopics.metrics import Attempt, measure_attempt, read_metrics, write_metrics
    from healthtopics.storage.textfile import change_textfile

    attempt = Attempt(
        command=run.command,
        folder=str(job.folder.absolute()),
        ended=clock.now(),
        seconds=run.seconds,
        exit_code=exit_code,
    )

    def change(text: str) -> bytes:
        try:
            before = read_metrics(text)
        except ValueError:
            log_message(f"{path}: this was not a file of metrics; it was replaced.", Level.WARNING)
            before = {}
        return write_metrics(measure_attempt(before, attempt, job.measures))

    change_textfile(path, change)


def _ping(job: Job, signal: str) -> None:
    if not job.ping:
        return
    from healthtopics.network.fetching import open_client
    from healthtopics.network.notices import ping

    with _only_warned("No ping was sent."):
        with open_client() as client:
            reply = ping(client, job.ping, signal, current().id)
        if not reply.is_taken:
            # Who has the whole address can report in the name of this job.
            log_message(f"The ping to {_host(job.ping)} failed: {reply}.", Level.WARNING)


def _host(url: str) -> str:
    """Return the host of an address, which may not be a valid one."""
    from urllib.parse import urlsplit

    try:
        return urlsplit(url).hostname or "nowhere"
    except ValueError:
        return "nowhere"


@contextmanager
def notifying_webhooks(opened: "Workspace", store: "LocalStore") -> Iterator[None]:
    """Send messages to webhooks at the end of the work, earlier ones too; what is not taken is only reported.

    Before the end, `announce_quietly` puts the messages into the outbox.
    """
    try:
        yield
    except HealthTopicsError:
        _deliver_quietly(opened, store)
        raise
    _deliver_quietly(opened, store)


def announce_quietly(opened: "Workspace", store: "LocalStore") -> None:
    """Announce releases, if there are webhooks; a fault is only a warning."""
    if opened.jobs.webhooks:
        with _only_warned("The next run will notify the webhooks."):
            announce_releases(opened, store)


def _deliver_quietly(opened: "Workspace", store: "LocalStore") -> None:
    if opened.jobs.webhooks:
        with _only_warned("The next run will notify the webhooks."):
            delivery = deliver(opened, store)
            for line in (*delivery.lost, *delivery.faults, *delivery.refused):
                log_message(line, Level.WARNING)
            measure_waiting(delivery)


def measure_waiting(delivery: Delivery) -> None:
    """Add to the metrics how many messages wait."""
    if (job := current().job) and job.metrics is not None:
        from healthtopics.metrics import Series

        job.measures = {**job.measures, Series("webhook_messages_pending"): delivery.waiting}


def announce_releases(opened: "Workspace", store: "LocalStore", *, again: bool = False) -> None:
    """Put a message for each release that readers have, and a webhook does not know of, into the outbox.

    With `again`, receivers that answered 410 get a message, too. Raises what the store and the disk raise.
    """
    from healthtopics.publishing.announcing import announcements
    from healthtopics.webhooks import announce

    base, webhooks = opened.configuration.base_url, opened.jobs.webhooks

    def change(mailboxes: "Mailboxes") -> "Mailboxes":
        known = [mailboxes[name].announced for name in webhooks if name in mailboxes]
        releases = announcements(store, min(known, default=None))
        return {
            name: announce(mailboxes.get(name), releases, base=base, url=each.url, again=again)
            for name, each in webhooks.items()
        }

    _outbox(store).change(change)


def deliver(opened: "Workspace", store: "LocalStore", *, everything: bool = False) -> Delivery:
    """Send the messages in the outbox that are due, or everything; raises what the disk raises.

    Each receiver gets its messages in order: after one that was not taken, the others wait. So does what
    there is no time for.
    """
    from healthtopics.network.fetching import open_client

    delivery = Delivery()
    outbox = _outbox(store)
    mailboxes, end = outbox.read(), monotonic() + _DELIVERY_S
    with open_client() as client:
        for name, settings in opened.jobs.webhooks.items():
            mailbox = mailboxes.get(name)
            if mailbox is None or not mailbox.pending:
                continue
            try:
                sender = _Sender(name, settings, _secrets(opened.folder, name, settings), client, outbox)
            except ConfigurationError as error:
                delivery.faults.append(error.diagnostics())
                continue
            for message in mailbox.pending:
                if not (everything or message.is_due(clock.now())):
                    break
                if monotonic() > end:
                    delivery.refused.append(f"Webhook {name}: no time was left; the next run notifies it.")
                    break
                if not sender.send(message, delivery):
                    break
    delivery.waiting = sum(len(mailbox.pending) for mailbox in outbox.read().values())
    return delivery


class _Sender(NamedTuple):
    """What is needed to send messages to one receiver."""

    name: str
    settings: "WebhookSettings"
    secrets: tuple[bytes, ...]
    client: "httpx.Client"
    outbox: "Outbox"

    def send(self, message: "Notification", delivery: Delivery) -> bool:
        """Send a message, update the outbox, and return whether it was taken."""
        from healthtopics.network.notices import post
        from healthtopics.webhooks import is_last_attempt, settle, signed

        url, now = self.settings.url, clock.now()
        reply = post(self.client, url, message.payload, signed(message, self.secrets, now))

        def change(mailboxes: "Mailboxes") -> "Mailboxes":
            if self.name not in mailboxes:
                return mailboxes
            chance = random.random()  # noqa: S311 - no secret depends on it
            settled = settle(mailboxes[self.name], message, reply, url=url, now=now, chance=chance)
            return {**mailboxes, self.name: settled}

        self.outbox.change(change)
        if reply.is_taken:
            delivery.taken += 1
        elif reply.is_gone:
            delivery.lost.append(
                f"Webhook {self.name}: {reply} (gone), so it gets nothing more. Delete it from "
                "healthtopics.toml, or run `healthtopics notify --now` when it is back."
            )
        elif is_last_attempt(message):
            delivery.lost.append(
                f"Webhook {self.name}: {reply}. This was the last attempt for message {message.id}."
            )
        else:
            delivery.refused.append(f"Webhook {self.name}: {reply}.")
        return reply.is_taken


def _outbox(store: "LocalStore") -> "Outbox":
    from healthtopics.storage.outbox import Outbox

    return Outbox.of(store.folder)


def _secrets(folder: Path, name: str, settings: "WebhookSettings") -> tuple[bytes, ...]:
    """Return the secrets of a webhook; raises ConfigurationError, which shows none."""
    from healthtopics.webhooks import secrets_in

    if settings.secret_env:
        where = f"the environment variable {settings.secret_env}"
        text = os.environ.get(settings.secret_env, "")
    else:
        path = folder / settings.secret_file
        where = f"the file {path}"
        try:
            text = path.read_bytes().decode("ascii", "replace")
        except OSError as error:
            raise ConfigurationError(f"Webhook {name}: {where} cannot be read ({error.strerror}).") from None
    try:
        return secrets_in(text)
    except ValueError as error:
        raise ConfigurationError(f"Webhook {name}: {where} has no usable secret: {error}.") from None
