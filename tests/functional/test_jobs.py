"""What jobs report: logs, metrics, pings, webhooks; and how long they may take."""

import itertools
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from healthtopics import cli
from healthtopics.cli import jobs
from healthtopics.cli import publish as publish_command
from healthtopics.cli.exits import Stopped
from healthtopics.metrics import Measures, read_metrics
from healthtopics.network import notices
from healthtopics.release import numbers
from healthtopics.storage.local import LocalStore
from healthtopics.webhooks import Reply
from support.receiver import Receiver, receiving
from support.workspaces import NOW, Workspace
from support.workspaces import run as run_command

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of nobody
LATER = "2026-11-20T06:10:00Z"
TOMORROW = "2026-11-21T06:00:00Z"
HEALTHTOPICS = Path(sys.executable).parent / "healthtopics"


@pytest.fixture(scope="module")
def receivers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Receiver]]:
    """A function that returns a running receiver, another one only if a test has killed the last."""
    with ExitStack() as stack:
        started: list[Receiver] = []

        def running() -> Receiver:
            if not started or not started[-1].is_running:
                started.append(stack.enter_context(receiving(tmp_path_factory.mktemp("receiver"))))
            return started[-1]

        yield running


@pytest.fixture
def receiver(receivers: Callable[[], Receiver]) -> Receiver:
    found = receivers()
    found.forget()
    return found


@pytest.fixture
def workspace(published: Workspace, receiver: Receiver) -> Workspace:
    """A published workspace, and a new receiver of messages about releases."""
    connect(published, receiver)
    return published


def connect(workspace: Workspace, receiver: Receiver) -> None:
    webhook = f'[jobs.webhooks.portal]\nurl = "{receiver.url}/hook"\nsecret_file = "portal.secret"\n'
    configure(workspace, webhook)
    workspace.write("portal.secret", f"{SECRET}\n")


def configure(workspace: Workspace, tables: str) -> None:
    path = workspace.folder / "healthtopics.toml"
    path.write_text(f"{path.read_text()}\n{tables}")


def edit(workspace: Workspace, number: int) -> None:
    """Change something in every release."""
    workspace.edit_topic("fever", lambda topic: topic["dates"].update(updated=f"2026-11-{number:02d}"))


def pending(workspace: Workspace) -> list[dict[str, Any]]:
    outbox = json.loads((workspace.folder / "exports.outbox/outbox.json").read_text())
    found: list[dict[str, Any]] = outbox["portal"]["pending"]
    return found


def ids(receiver: Receiver) -> list[str]:
    return [note["headers"]["webhook-id"] for note in receiver.notes]


# Logs


def log_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_line_of_a_log_has_the_run(fresh: Workspace) -> None:
    fresh.edit_topic("asthma", lambda topic: topic["dates"].update(reviewBy="2020-01-01"))
    done = fresh.publish("--log", "json", "--json")
    log = log_of(done.err)
    assert {(line["run"], line["command"]) for line in log} == {(done.json["run"], "publish")}
    assert all(datetime.fromisoformat(line["time"]) for line in log)
    assert [log[0]["message"], log[-1]["message"]] == ["started", "finished"]
    assert [(line["check"], line["path"]) for line in log if line["level"] == "warning"] == [
        (problem["check"], problem["path"])
        for problem in done.json["problems"]
        if problem["level"] == "warning"
    ]
    assert log[-1] | {"seconds": 0} == log[-1] | {
        "level": "info",
        "result": "published",
        "exitCode": 0,
        "release": 1,
        "seconds": 0,
    }


def test_a_failure_is_in_the_log(fresh: Workspace) -> None:
    fresh.write("topics/asthma.json", "{")
    log = log_of(fresh.publish("--log=json", code=1).err)
    assert {line["check"] for line in log if "check" in line} == {"json-syntax"}
    assert [line["level"] for line in log[-2:]] == ["error", "error"]
    assert "Nothing was published." in log[-2]["message"]
    assert (log[-1]["exitCode"], log[-1]["result"]) == (1, "refused")


def test_words_for_people_are_in_the_log(fresh: Workspace) -> None:
    """Collectors mix both streams: a line of words would be one that they cannot read."""
    done = fresh.publish("--log", "json")
    assert done.out == ""
    assert any(line["message"].startswith("Published release 1: ") for line in log_of(done.err))


def test_wrong_usage_is_in_the_log(fresh: Workspace) -> None:
    log = log_of(fresh.run("publish", "--log", "json", "--frobnicate", code=2).err)
    assert any("there is no option --frobnicate." in line["message"] for line in log)
    assert all(line["run"] for line in log)
    assert fresh.run("publish", "--log", "xml", code=2).err.count("'xml'") == 1


def test_text_is_the_default(fresh: Workspace) -> None:
    assert fresh.publish().err == fresh.publish("--log", "text").err == ""


# Metrics


def metrics(workspace: Workspace, name: str = "jobs.prom") -> dict[str, float]:
    """Return the metrics without the labels that say whose they are."""
    return plain(read_metrics((workspace.folder / name).read_text()))


def plain(measures: Measures) -> dict[str, float]:
    found = {}
    for series, value in measures.items():
        rest = ",".join(value for name, value in series.labels if name == "language")
        found[f"{series.name}{{{rest}}}" if rest else series.name] = value
    return found


def seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def test_metrics_say_what_was_published(fresh: Workspace) -> None:
    configure(fresh, '[jobs]\nmetrics = "jobs.prom"\n')
    fresh.edit_catalogue("fever", "Fever", is_fuzzy=True)
    fresh.publish("--strict", code=1)
    found = metrics(fresh)
    manifest = fresh.current().manifest
    assert found["exit_code"] == 1
    assert found["last_attempt_timestamp_seconds"] == seconds(NOW)
    assert "last_success_timestamp_seconds" not in found
    fresh.publish()
    found = metrics(fresh)
    assert found.pop("duration_seconds") > 0
    assert found == {
        "exit_code": 0,
        "last_attempt_timestamp_seconds": seconds(NOW),
        "last_success_timestamp_seconds": seconds(NOW),
        "release_number": 1,
        "release_sequence": 2,
        "release_pinned": 0,
        "release_expires_timestamp_seconds": seconds("2026-11-22T06:00:00Z"),
        "topics{en}": 3,
        "topics{es}": 2,
        "untranslated_messages{en}": 0,
        "untranslated_messages{es}": 1,
        "held_editions{en}": 0,
        "held_editions{es}": 1,
        "artifacts_new": 0,
        "artifacts_reused": len(manifest.files),
        "artifact_bytes": sum(each.length for each in manifest.files.values()),
    }


def test_metrics_are_written_on_failure_too(fresh: Workspace) -> None:
    path = "metrics.prom"
    fresh.publish("--metrics", path)
    fresh.write("topics/asthma.json", "{")
    fresh.publish("--metrics", path, code=1, at=TOMORROW)
    found = metrics(fresh, path)
    assert found["exit_code"] == 1
    assert found["last_attempt_timestamp_seconds"] == seconds(TOMORROW)
    assert found["last_success_timestamp_seconds"] == seconds(NOW)
    assert found["topics{es}"] == 3
    fresh.write("healthtopics.toml", "[")
    fresh.publish("--metrics", path, code=78, at=TOMORROW)
    assert metrics(fresh, path)["exit_code"] == 78


def test_metrics_of_several_jobs_share_a_file(published: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "jobs.prom"
    published.publish("--metrics", str(path))
    copy = tmp_path / "copy"
    done = published.run(
        "pull", "http://127.0.0.1:9/", str(copy), "--timeout", "0.1", "--metrics", str(path), code=75
    )
    assert done.err
    found = read_metrics(path.read_text())
    jobs = {labels["command"]: labels["folder"] for labels in (dict(series.labels) for series in found)}
    assert jobs == {"publish": str(published.folder), "pull": str(copy)}
    codes = {dict(series.labels)["command"]: found[series] for series in found if series.name == "exit_code"}
    assert codes == {"publish": 0, "pull": 75}


@pytest.mark.parametrize("kind", ["folder-missing", "damaged", "not-utf-8", "folder"])
def test_metrics_never_change_the_outcome(published: Workspace, kind: str) -> None:
    path = published.folder / "metrics/jobs.prom"
    if kind != "folder-missing":
        path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    elif kind == "not-utf-8":
        path.write_bytes(b"\xff\xfe{")
    elif kind == "damaged":
        path.write_text("healthtopics_exit_code{")
    done = published.publish("--metrics", str(path))
    assert done.out.startswith("Nothing changed: release 1")
    assert str(path) in done.err
    if "folder" not in kind:
        assert plain(read_metrics(path.read_text()))["exit_code"] == 0


def test_a_file_that_the_exporter_would_not_read_is_refused(fresh: Workspace) -> None:
    assert "does not end with .prom" in fresh.publish("--metrics", "jobs.txt", code=2).err


@pytest.mark.exporter
def test_the_node_exporter_reads_the_metrics(fresh: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "textfile"
    folder.mkdir()
    fresh.edit_catalogue("fever", "Fever", is_fuzzy=True)
    fresh.publish("--metrics", str(folder / "healthtopics.prom"))
    fresh.write("topics/asthma.json", "{")
    fresh.publish("--metrics", str(folder / "healthtopics.prom"), code=1, at=TOMORROW)
    command = [
        "prometheus-node-exporter",
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={folder}",
        "--web.listen-address=127.0.0.1:0",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            address = next(
                filter(None, (re.search(r"127\.0\.0\.1:[1-9][0-9]*", line) for line in process.stderr))
            )
            text = httpx.get(f"http://{address[0]}/metrics").text
        finally:
            process.kill()
    assert "node_textfile_scrape_error 0" in text
    assert read_metrics(text) == read_metrics((folder / "healthtopics.prom").read_text())
    assert read_metrics(text)


# Pings


def test_start_and_exit_code_are_pinged_with_the_run(published: Workspace, receiver: Receiver) -> None:
    configure(published, f'[jobs]\nping = "{receiver.url}/check?key=a/"\n')
    run = published.publish("--json").json["run"]
    assert receiver.paths == [f"/check/start?key=a%2F&rid={run}", f"/check/0?key=a%2F&rid={run}"]


def test_a_failure_is_pinged(published: Workspace, receiver: Receiver) -> None:
    published.write("topics/asthma.json", "{")
    run = published.publish("--json", "--ping", f"{receiver.url}/check/", code=1).json["run"]
    assert receiver.paths == [f"/check/start?rid={run}", f"/check/1?rid={run}"]


def test_a_configuration_that_cannot_be_read_is_pinged(
    published: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTHTOPICS_PING", receiver.url)
    published.write("healthtopics.toml", "[")
    run = published.publish("--json", code=78).json["run"]
    assert receiver.paths == [f"/78?rid={run}"]


def test_work_left_to_another_publisher_is_not_reported_as_a_failure(
    published: Workspace, receiver: Receiver
) -> None:
    """The other one reports its end to the same check, which alerts at any other code at once."""
    with published.store.locked():
        run = published.publish("--json", "--ping", receiver.url, code=75).json["run"]
    assert receiver.paths == [f"/start?rid={run}", f"/log?rid={run}"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_during_the_last_ping_changes_nothing(
    published: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def ping(_client: object, _url: str, word: str, _run: str) -> Reply:
        if word != "start":
            signal.raise_signal(number)
        return Reply(status=200)

    monkeypatch.setattr(notices, "ping", ping)
    done = published.publish("--ping", receiver.url, "--metrics", "jobs.prom", "--json")
    assert done.json["result"] == "unchanged"
    assert done.err == "Stopped at the end: the work is done, but not all of it was reported.\n"
    assert metrics(published)["exit_code"] == 0


def test_a_signal_before_the_answer_is_printed_is_the_result(
    published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "render", lambda *_arguments: signal.raise_signal(signal.SIGTERM))
    assert "Stopped by SIGTERM" in published.publish(code=143).err


def test_a_bug_in_a_report_is_only_a_warning(
    published: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_members: object) -> None:
        raise ZeroDivisionError("nothing to divide")

    monkeypatch.setattr("healthtopics.metrics.measure_attempt", fail)
    configure(published, f'[jobs]\nmetrics = "jobs.prom"\nping = "{receiver.url}"\n')
    done = run_command("--debug", "publish", folder=published.folder, at=NOW)
    assert done.code == 0
    assert "No metrics were written. This is a bug in healthtopics: ZeroDivisionError" in done.err
    assert "Traceback" in done.err
    assert [path.partition("?")[0] for path in receiver.paths] == ["/start", "/0"]
    monkeypatch.setattr(notices, "ping", fail)
    done = published.publish()
    assert done.err.count("No ping was sent. This is a bug in healthtopics: ZeroDivisionError") == 2
    assert "Traceback" not in done.err


@pytest.mark.parametrize("status", [301, 404, 500, None])
def test_a_ping_that_fails_is_only_reported(
    published: Workspace, receiver: Receiver, status: int | None
) -> None:
    if status is None:
        receiver.kill()
    else:
        receiver.answer(status, {"Location": f"{receiver.url}/elsewhere"})
    done = published.publish("--ping", f"{receiver.url}/secret-name")
    assert done.out.startswith("Nothing changed: release 1")
    assert done.err.count("The ping to 127.0.0.1 failed: ") == 2
    assert "secret-name" not in done.err
    assert not any("elsewhere" in path for path in receiver.paths)


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:9", "http://name:secret@127.0.0.1:no"])
def test_a_wrong_proxy_is_only_reported(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    done = workspace.publish("--ping", "http://127.0.0.1:9/")
    assert done.out.startswith("Nothing changed: release 1")
    assert done.err.count("The proxy or the certificates that the environment names cannot be used") == 3
    workspace.run("notify", code=78)
    done = run_command("pull", "http://127.0.0.1:9", "copy", folder=workspace.folder)
    assert done.code == 78
    assert "The proxy or the certificates" in done.err
    assert "secret" not in done.err


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://[", "(Name or service not known)."),
        ("ping.example.org", "the address is not an http or https URL."),
        ("ftp://127.0.0.1/", "the address is not an http or https URL."),
        ("http://127.0.0.1:99999/", ""),
    ],
)
def test_an_address_that_cannot_be_pinged_is_only_reported(
    published: Workspace, url: str, reason: str
) -> None:
    done = published.publish("--ping", url)
    assert done.out.startswith("Nothing changed: release 1")
    lines = done.err.splitlines()
    assert [line.startswith("The ping to ") and line.endswith(reason) for line in lines] == [True, True]


# Webhooks


def test_a_release_is_announced_at_the_end_of_the_run(fresh: Workspace, receiver: Receiver) -> None:
    workspace = fresh
    connect(workspace, receiver)
    done = workspace.publish()
    assert done.err == ""
    (note,) = receiver.notes
    opened = workspace.current()
    assert note["path"] == "/hook"
    second = note["headers"]["webhook-timestamp"]
    assert second == str(int(seconds(NOW)))
    assert note["headers"]["webhook-signature"] == Webhook(SECRET).sign(
        note["headers"]["webhook-id"], datetime.fromtimestamp(int(second), UTC), note["body"]
    )
    assert json.loads(note["body"]) == {
        "type": "release.published",
        "timestamp": opened.manifest.time,
        "data": {
            "baseUrl": "https://topics.example.org",
            "release": 1,
            "manifest": "https://topics.example.org/releases/000001/manifest.json",
            "sha256": opened.sha256,
        },
    }
    assert pending(workspace) == []
    workspace.publish(at=LATER)
    assert len(receiver.notes) == 1


def test_readers_never_get_the_outbox_or_a_secret(workspace: Workspace) -> None:
    done = workspace.publish("--json")
    files = [path for path in workspace.exports.rglob("*") if path.is_file()]
    assert not any("outbox" in str(path.relative_to(workspace.folder)) for path in files)
    everything = [*files, *(workspace.folder / "exports.outbox").iterdir()]
    assert not any(SECRET.encode() in path.read_bytes() for path in everything)
    assert SECRET not in done.out + done.err


def test_a_receiver_that_was_killed_gets_the_message_later_with_the_same_id(
    workspace: Workspace, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.kill()
    done = workspace.publish()
    assert "Webhook portal: no answer" in done.err
    (waiting,) = pending(workspace)
    edit(workspace, 11)
    workspace.publish(at="2026-11-20T06:00:02Z")  # too early for another attempt
    assert [message["attempts"] for message in pending(workspace)] == [1, 0]
    with receiving(tmp_path / "second", receiver.port) as second:
        workspace.publish(at=LATER)
        assert [json.loads(note["body"])["data"]["release"] for note in second.notes] == [1, 2]
        assert ids(second)[0] == waiting["id"]
        assert second.notes[0]["body"] == waiting["payload"]
    assert pending(workspace) == []


def test_a_receiver_that_is_killed_before_it_answers_gets_the_message_again(
    workspace: Workspace, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.answer(is_killed=True)
    workspace.publish()
    with receiving(tmp_path / "second", receiver.port) as second:
        done = workspace.run("notify", "--json", at=LATER)
        assert (done.json["result"], done.json["delivered"], done.json["waiting"]) == ("notified", 1, 0)
        assert ids(receiver) == ids(second)
        assert receiver.notes[0]["body"] == second.notes[0]["body"]


def test_a_release_of_a_publisher_that_was_stopped_is_announced_by_the_next_run(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.publish()
    edit(workspace, 11)

    def stop(*_arguments: object) -> None:
        raise Stopped(signal.SIGTERM)

    with monkeypatch.context() as patched:
        patched.setattr(publish_command, "announce_quietly", stop)
        workspace.publish(code=143, at=LATER)
    assert numbers(workspace.store) == [1, 2]
    assert len(receiver.notes) == 1
    workspace.run("notify", at=LATER)
    assert json.loads(receiver.notes[1]["body"])["data"]["release"] == 2


def test_a_run_that_fails_delivers_what_waits(workspace: Workspace, receiver: Receiver) -> None:
    receiver.answer(503)
    workspace.publish()
    receiver.answer()
    workspace.write("topics/asthma.json", "{")
    workspace.publish(code=1, at=LATER)
    assert len(set(ids(receiver))) == 1
    assert pending(workspace) == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirections_are_not_followed(workspace: Workspace, receiver: Receiver, status: int) -> None:
    receiver.answer(status, {"Location": f"{receiver.url}/elsewhere"})
    assert f"answers {status}" in workspace.publish().err
    assert receiver.paths == ["/hook"]
    assert len(pending(workspace)) == 1


def test_notify_says_what_waits(workspace: Workspace, receiver: Receiver) -> None:
    receiver.answer(500)
    workspace.publish()
    done = workspace.run("notify", "--json", code=75, at=LATER)
    assert (done.json["result"], done.json["delivered"], done.json["waiting"]) == ("try-again", 0, 1)
    receiver.answer(503, {"Retry-After": "3600"})
    workspace.run("notify", "--now", code=75, at=LATER)
    assert pending(workspace)[0]["due"].startswith("2026-11-20T07:1")
    receiver.answer()
    workspace.run("notify", code=75, at=LATER)
    workspace.run("notify", "--now", at=LATER)
    assert len(set(ids(receiver))) == 1
    assert len(ids(receiver)) == 4


def test_a_message_is_given_up_after_ten_attempts(workspace: Workspace, receiver: Receiver) -> None:
    receiver.answer(500)
    workspace.publish()
    for _ in range(8):
        workspace.run("notify", "--now", code=75, at=LATER)
    assert len(pending(workspace)) == 1
    done = workspace.run("notify", "--now", "--json", code=1, at=LATER)
    assert (done.json["result"], done.json["waiting"]) == ("refused", 0)
    assert "This was the last attempt" in done.err
    assert len(receiver.notes) == 10
    workspace.run("notify", at=LATER)


def test_a_receiver_that_was_removed_gets_nothing_more(workspace: Workspace, receiver: Receiver) -> None:
    receiver.answer(500)
    workspace.publish()
    workspace.replace("healthtopics.toml", "[jobs.webhooks.portal]", "[jobs.webhooks.search]")
    receiver.answer()
    edit(workspace, 11)
    workspace.publish(at=LATER)
    outbox = json.loads((workspace.folder / "exports.outbox/outbox.json").read_text())
    assert outbox == {"search": {"announced": 2, "pending": [], "gone": ""}}


def test_a_receiver_that_is_gone_is_left_alone_until_it_is_back(
    workspace: Workspace, receiver: Receiver
) -> None:
    receiver.answer(410)
    assert "gets nothing more" in workspace.publish().err
    receiver.answer()
    edit(workspace, 11)
    workspace.publish(at=LATER)
    assert len(receiver.notes) == 1
    workspace.run("notify", "--now", at=LATER)
    assert json.loads(receiver.notes[1]["body"])["data"]["release"] == 2


@pytest.mark.parametrize("kind", ["missing", "empty", "wrong"])
def test_a_secret_that_cannot_be_used_waits_for_another(
    workspace: Workspace, receiver: Receiver, kind: str
) -> None:
    if kind == "missing":
        (workspace.folder / "portal.secret").unlink()
    else:
        workspace.write("portal.secret", "whsec_c2hvcnQ=" if kind == "wrong" else "")
    done = workspace.publish()
    assert "Webhook portal: the file " in done.err
    assert "c2hvcnQ" not in done.err
    assert workspace.run("notify", code=78, at=LATER).err.startswith("Webhook portal: the file ")
    assert receiver.notes == []
    workspace.write("portal.secret", SECRET)
    workspace.run("notify", at=LATER)
    assert len(receiver.notes) == 1


def test_what_there_is_no_time_for_waits(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many receivers that take long must not keep a job at work for hours."""
    for name in ("search", "archive"):
        webhook = f'url = "{receiver.url}/{name}"\nsecret_file = "portal.secret"\n'
        configure(workspace, f"[jobs.webhooks.{name}]\n{webhook}")
    ticks = itertools.count(step=19)  # so long takes each step of the delivery
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "monotonic", lambda: next(ticks))
        done = workspace.publish()
    assert receiver.paths == ["/hook", "/search"]
    assert done.err == "Webhook archive: no time was left; the next run notifies it.\n"
    workspace.run("notify", at=NOW)
    assert receiver.paths == ["/hook", "/search", "/archive"]


def test_a_secret_can_be_in_the_environment(
    workspace: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.replace("healthtopics.toml", 'secret_file = "portal.secret"', 'secret_env = "PORTAL_SECRET"')
    assert "the environment variable PORTAL_SECRET has no usable secret" in workspace.publish().err
    monkeypatch.setenv("PORTAL_SECRET", f"{SECRET} {SECRET}")
    workspace.run("notify", at=LATER)
    assert len(receiver.notes[0]["headers"]["webhook-signature"].split()) == 2


def test_an_outbox_that_cannot_be_used_never_changes_the_outcome(
    workspace: Workspace, receiver: Receiver
) -> None:
    workspace.write("exports.outbox/outbox.json", "{")
    edit(workspace, 11)
    done = workspace.publish(at=LATER)
    assert done.out.startswith("Published release 2")
    assert "this is not an outbox" in done.err
    assert "this is not an outbox" in workspace.run("notify", code=78, at=LATER).err
    (workspace.folder / "exports.outbox/outbox.json").unlink()
    workspace.run("notify", at=LATER)
    assert len(receiver.notes) == 1


def test_messages_that_wait_are_measured(workspace: Workspace, receiver: Receiver) -> None:
    receiver.answer(500)
    workspace.publish("--metrics", "jobs.prom")
    assert metrics(workspace)["webhook_messages_pending"] == 1
    receiver.answer()
    workspace.publish("--metrics", "jobs.prom", at=LATER)
    assert metrics(workspace)["webhook_messages_pending"] == 0


def test_without_webhooks_there_is_nothing_to_do(published: Workspace) -> None:
    assert published.run("notify").out == "healthtopics.toml has no webhooks.\n"
    assert not (published.folder / "exports.outbox").exists()


def test_settings_of_jobs_change_no_release(published: Workspace) -> None:
    configure(published, '[jobs]\nmetrics = "jobs.prom"\n')
    done = published.publish("--json", at=LATER)
    assert (done.json["result"], done.json["exported"]) == ("unchanged", 0)


# Time


def test_a_publication_that_takes_too_long_unwinds(
    published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(published, 11)

    def wait_for_the_end(*_arguments: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.001)  # as if the time had passed
        signal.pause()

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "switch", wait_for_the_end)
        done = published.publish("--timeout", "3600", "--metrics", "jobs.prom", code=75, at=LATER)
    assert "--timeout is over. Release 2 is complete but not current yet" in done.err
    assert metrics(published)["exit_code"] == 75
    assert published.current().manifest.number == 1
    published.publish(at=LATER)
    assert published.current().manifest.number == 2


def test_an_import_that_waits_too_long_for_its_input_stops(fresh: Workspace) -> None:
    command = [str(HEALTHTOPICS), "import", "medlineplus", "-", "--timeout", "0.5"]
    with subprocess.Popen(
        command, cwd=fresh.folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "--timeout is over." in process.stderr.read()
        assert process.wait() == 75


def test_a_run_within_its_time_is_not_stopped_later(fresh: Workspace) -> None:
    fresh.publish("--timeout", "3600")
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_every_job_has_the_options_of_jobs(tmp_path: Path) -> None:
    for command in (["publish"], ["pull"], ["import", "medlineplus"], ["notify"]):
        text = run_command(*command, "--help", folder=tmp_path).out
        assert all(option in text for option in ("--log", "--metrics", "--ping", "--timeout", "--json"))
