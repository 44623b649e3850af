import base64
from collections.abc import Callable, Iterator

import httpx
import pytest
import stamina

from healthtopics.errors import ConfigurationError, HealthTopicsError, NetworkError, ReleaseError
from healthtopics.network.fetching import ATTEMPTS, Fetcher, base_of
from support.hosts import unread

SECRET = "s3cr3t"  # noqa: S105 - of nobody

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


def _fetcher(answer: Answer, url: str = "https://publisher.example/health") -> Fetcher:
    return Fetcher(httpx.Client(transport=httpx.MockTransport(lambda request: unread(answer(request)))), url)


def _refused(answer: Answer, url: str = "https://publisher.example/health") -> str:
    with _fetcher(answer, url) as fetcher, pytest.raises(HealthTopicsError) as raised:
        fetcher.get("x.json", 1000)
    return str(raised.value)


class TestPasswords:
    @pytest.mark.parametrize("who", ["user", f"user:{SECRET}", f"us%40er:{SECRET}%2F", f":{SECRET}"])
    def test_are_sent_and_not_kept(self, who: str) -> None:
        sent: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            assert not request.url.userinfo
            sent.append(base64.b64decode(request.headers["Authorization"].partition(" ")[2]).decode())
            return httpx.Response(200, content=b"1")

        with _fetcher(answer, f"https://{who}@publisher.example/health/") as fetcher:
            assert fetcher.base == "https://publisher.example/health"
            assert fetcher.get("x.json", 10) == (200, b"1")
        user, _, password = who.partition(":")
        assert sent == [f"{user.replace('%40', '@')}:{password.replace('%2F', '/')}"]

    def test_none_is_sent_if_none_is_given(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            assert "Authorization" not in request.headers
            return httpx.Response(200)

        with _fetcher(answer) as fetcher:
            assert fetcher.get("x.json", 10) == (200, b"")

    @pytest.mark.parametrize(
        "url",
        [
            f"ftp://user:{SECRET}@host/x",
            f"https://user:{SECRET}@host/x?a=b",
            f"https://user:{SECRET}@host:port/x",
            f"https://user:{SECRET}/y@host/x",
            f"https://user:{SECRET}@y@host:z/x",
            f"user:{SECRET}@host/x",
            f"https://user:\x00{SECRET}@host/x",
        ],
    )
    def test_of_an_address_that_is_wrong_are_not_printed(self, url: str) -> None:
        with pytest.raises(ReleaseError, match="host") as raised:
            base_of(url)
        assert SECRET not in str(raised.value)

    @pytest.mark.parametrize(
        "answer",
        [
            lambda _request: httpx.Response(403),
            lambda _request: httpx.Response(503),
            lambda _request: httpx.Response(200, content=bytes(2000)),
            lambda request: httpx.Response(302, headers={"Location": str(request.url)}),
            lambda _request: httpx.Response(302, headers={"Location": f"https://user:{SECRET}@other/x"}),
            lambda _request: httpx.Response(200, headers={"Content-Encoding": "gzip"}),
        ],
    )
    def test_are_in_no_error(self, answer: Answer) -> None:
        assert SECRET not in _refused(answer, f"https://user:{SECRET}@publisher.example")

    def test_of_a_redirect_replace_none(self) -> None:
        seen: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request.headers["Authorization"])
            target = "https://evil:evil@publisher.example/moved"
            return httpx.Response(200) if len(seen) > 1 else httpx.Response(302, headers={"Location": target})

        with _fetcher(answer, f"https://user:{SECRET}@publisher.example") as fetcher:
            fetcher.get("x.json", 10)
        assert seen[0] == seen[1]


class TestContentCodings:
    @pytest.mark.parametrize("coding", ["gzip", "br", "gzip, gzip", "GZIP", "x-unknown", "identity, gzip"])
    def test_that_were_not_asked_for_are_refused(self, coding: str) -> None:
        read: list[bytes] = []

        def body() -> Iterator[bytes]:
            read.append(b"1")
            yield b"1"

        message = _refused(
            lambda _request: httpx.Response(200, headers={"Content-Encoding": coding}, content=body())
        )
        assert read == []
        assert f"the content coding '{coding.lower()}', which was not asked for" in message

    @pytest.mark.parametrize("coding", ["identity", " Identity "])
    def test_none_may_be_said(self, coding: str) -> None:
        with _fetcher(
            lambda _request: httpx.Response(200, headers={"Content-Encoding": coding}, content=b"1")
        ) as fetcher:
            assert fetcher.get("x.json", 10) == (200, b"1")


def test_nothing_is_asked_once_the_time_is_up() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        fetcher._limit.end()
        raise httpx.ReadError("closed")

    fetcher = _fetcher(answer)
    with fetcher, pytest.raises(NetworkError, match=r"longer than 3600 seconds\. What has arrived is kept"):
        fetcher.get("x.json", 10)
    with pytest.raises(NetworkError, match="longer than 3600 seconds"):
        fetcher.get("y.json", 10)
    assert asked == ["/health/x.json"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_password_is_for_the_operator_to_correct(status: int) -> None:
    with _fetcher(lambda _request: httpx.Response(status)) as fetcher, pytest.raises(ConfigurationError) as e:
        fetcher.get("x.json", 10)
    assert f"answers {status}. Give the right user and password" in str(e.value)


DATE = "Fri, 20 Nov 2026 06:00:00 GMT"


class TestRetryAfter:
    @pytest.fixture
    def slept(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
        slept: list[float] = []
        monkeypatch.setattr("time.sleep", slept.append)
        with stamina.set_testing(False):
            yield slept

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("7", 7),
            ("86400", 30),
            ("9" * 5000, None),
            ("9" * 400, 30),
            ("Fri, 20 Nov 2026 06:00:09 GMT", 9),
            ("Fri, 20 Nov 2026 05:00:00 GMT", None),
            ("0", None),
            ("-5", None),
            ("soon", None),
            ("²", None),
        ],
    )
    def test_is_heeded_up_to_a_bound(
        self, slept: list[float], status: int, said: str, seconds: float | None
    ) -> None:
        headers = {b"Retry-After": said.encode("latin-1"), b"Date": DATE.encode()}
        with (
            _fetcher(lambda _request: httpx.Response(status, headers=headers)) as fetcher,
            pytest.raises(NetworkError, match=str(status)),
        ):
            fetcher.get("x.json", 10)
        if seconds is None:
            assert len(slept) == ATTEMPTS - 1
            assert max(slept) <= 5
        else:
            assert slept == [seconds] * (ATTEMPTS - 1)

    def test_never_waits_longer_than_everything_may_take(self, slept: list[float]) -> None:
        transport = httpx.MockTransport(lambda _request: httpx.Response(503, headers={"Retry-After": "20"}))
        with (
            Fetcher(httpx.Client(transport=transport), "https://publisher.example", 19) as fetcher,
            pytest.raises(NetworkError, match="503"),
        ):
            fetcher.get("x.json", 10)
        assert slept == []


def test_a_redirect_to_https_says_so() -> None:
    answer = httpx.Response(301, headers={"Location": "https://publisher.example/health/x.json"})
    message = _refused(lambda _request: answer, "http://publisher.example/health")
    assert "Give the URL with https://" in message
    assert "another server" not in message
