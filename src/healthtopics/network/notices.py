"""What a job tells others over HTTP: pings for a dead man's switch, and webhooks.

One short attempt each, without redirections; the answer is a value. The job decides what it means.
"""

from collections.abc import Mapping
from typing import Final

import httpx

from healthtopics.network.fetching import TimeLimit, reason_of
from healthtopics.webhooks import Reply

_PING_S: Final = 5
"""A ping that takes longer is not worth the wait."""
_WEBHOOK_S: Final = 20
"""What Standard Webhooks recommends: 15 to 30 seconds."""


def ping(client: httpx.Client, url: str, signal: str, run: str) -> Reply:
    """Report a signal, `start` or an exit code, as healthchecks.io defines it; `run` joins start and end."""
    try:
        address = httpx.URL(url)
        # A slash at the end of the path is not part of it; what the query says is kept.
        address = address.copy_with(path=f"{address.path.rstrip('/')}/{signal}")
        return _ask(client, "GET", address.copy_merge_params({"rid": run}), seconds=_PING_S)
    except httpx.InvalidURL:  # which quotes what it does not understand: a part of a password, perhaps
        return Reply(reason="the address is not a valid URL")


def post(client: httpx.Client, url: str, payload: str, headers: Mapping[str, str]) -> Reply:
    """Send a message to a webhook."""
    try:
        return _ask(client, "POST", httpx.URL(url), payload, headers, seconds=_WEBHOOK_S)
    except httpx.InvalidURL:  # which quotes what it does not understand: a part of a password, perhaps
        return Reply(reason="the address is not a valid URL")


def _ask(
    client: httpx.Client,
    method: str,
    url: httpx.URL,
    payload: str | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float,
) -> Reply:
    # A new connection each time: that of an earlier request could not be cut.
    sent = {**(headers or {}), "Connection": "close"}
    if url.scheme not in ("http", "https") or not url.host:
        return Reply(reason="the address is not an http or https URL")
    with TimeLimit(seconds) as limit:
        request = client.build_request(
            method, url, content=payload, headers=sent, timeout=seconds, extensions={"trace": limit.trace}
        )
        try:
            response = client.send(request, stream=True, follow_redirects=False)
        except httpx.HTTPError as error:
            if limit.is_over or isinstance(error, httpx.TimeoutException):
                return Reply(reason="no answer in time")
            return Reply(reason=f"no answer ({reason_of(error)})")
        response.close()  # the answer's body is never read: it may have no end
        return Reply(status=response.status_code, retry_after=response.headers.get("Retry-After", ""))
