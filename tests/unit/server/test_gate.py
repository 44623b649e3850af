"""Keys, rates and the addresses of clients: who is admitted."""

import json
import re
from dataclasses import replace
from ipaddress import ip_network

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthtopics.errors import ConfigurationError
from healthtopics.server.gate import Claims, Gate, claims_of
from healthtopics.server.keys import Keys, new_key, parse_keys, serialize_keys
from healthtopics.server.rates import Rate, Rates, parse_rate
from healthtopics.server.service import Service
from support.releases import MemoryStore
from support.releases import publish_indexed as publish
from support.serving import running

WHEN = "2026-11-30T12:00:00Z"


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    publish(store)
    return store


class TestKeys:
    def test_a_key_is_found_by_what_its_owner_sends(self) -> None:
        (mine, token), (other, other_token) = new_key("Clinic", WHEN), new_key("Library", WHEN)
        keys = Keys((other, mine))
        assert keys.find(token.encode()) == mine
        assert keys.find(other_token.encode()) == other

    @pytest.mark.parametrize("change", [str.upper, lambda token: token[:-1], lambda token: f"{token}x"])
    def test_anything_else_is_not_a_key(self, change: "object") -> None:
        key, token = new_key("Clinic", WHEN)
        assert callable(change)
        assert Keys((key,)).find(change(token).encode()) is None

    def test_the_secret_of_another_key_is_not_enough(self) -> None:
        (mine, token), (_other, other_token) = new_key("Clinic", WHEN), new_key("Library", WHEN)
        mixed = token[: len("ht_01234567_")] + other_token[len("ht_01234567_") :]
        assert Keys((mine,)).find(mixed.encode()) is None

    def test_the_file_has_no_secret(self) -> None:
        key, token = new_key("Clinic", WHEN)
        data = serialize_keys(Keys((key,)))
        assert token.rpartition("_")[2].encode() not in data
        assert parse_keys(data, "keys.json") == Keys((key,))
        assert parse_keys(b"", "keys.json") == Keys()

    @pytest.mark.parametrize(
        "data",
        [
            b"{",
            b"[]",
            b"\xff",
            b'{"keys": [{"id": "x"}]}',
            serialize_keys(Keys((new_key("a", "b")[0],)))[:-9],
        ],
    )
    def test_another_file_is_refused(self, data: bytes) -> None:
        with pytest.raises(ConfigurationError, match=r"^keys\.json: this is not a file of API keys"):
            parse_keys(data, "keys.json")


class TestRates:
    def test_a_rate_has_a_number_and_a_period(self) -> None:
        assert parse_rate("600/minute") == Rate(600, 60)
        assert str(parse_rate("5/day")) == "5/day"

    @pytest.mark.parametrize("text", ["", "600", "0/minute", "600/fortnight", "-1/minute", "6e2/minute"])
    def test_anything_else_is_not_a_rate(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a rate like 600/minute"):
            parse_rate(text)

    def test_a_window_begins_with_the_first_request(self) -> None:
        rates = Rates(Rate(2, 60))
        taken = [rates.take("a", now) for now in (100, 130, 159, 159.5, 160)]
        assert [quota.remaining for quota in taken] == [1, 0, -1, -1, 1]
        assert [quota.reset_s for quota in taken] == [60, 30, 1, 1, 60]
        assert rates.take("b", 160).remaining == 1

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=60), st.integers(1, 5))
    def test_no_client_gets_more_than_its_rate_in_a_window(
        self, requests: list[tuple[str, int]], most: int
    ) -> None:
        rates, now = Rates(Rate(most, 60)), 0
        windows: dict[str, list[int]] = {}
        for client, passed in requests:
            now += passed
            begun = windows.setdefault(client, [])
            if not begun or now - begun[0] >= 60:
                windows[client] = begun = []
            quota = rates.take(client, now)
            begun.append(now)
            assert (quota.remaining >= 0) == (len(begun) <= most)
            assert quota.remaining == max(-1, most - len(begun))

    def test_clients_that_went_away_are_forgotten(self) -> None:
        rates = Rates(Rate(1, 1))
        for number in range(1000):
            rates.take(str(number), number)
        assert len(rates._windows) == 1


class TestClients:
    GATE = Gate(rate=Rate(1, 60), proxies=[ip_network("10.0.0.0/8"), ip_network("::1")])

    @pytest.mark.parametrize(
        ("peer", "forwarded", "client"),
        [
            ("192.0.2.1", b"", "192.0.2.1"),
            ("192.0.2.1", b"198.51.100.7", "192.0.2.1"),  # nobody trusts it
            ("10.0.0.1", b"198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", b"1.2.3.4, 198.51.100.7", "198.51.100.7"),  # the client wrote the first itself
            ("10.0.0.1", b"198.51.100.7, 10.0.0.2", "198.51.100.7"),
            ("10.0.0.1", b"", "10.0.0.1"),
            ("10.0.0.1", b"10.0.0.3", "10.0.0.3"),
            ("10.0.0.1", b"nonsense\xff", "10.0.0.1"),
            ("::1", b"2001:db8::1:2:3", "2001:db8::/64"),
            ("::ffff:192.0.2.1", b"", "192.0.2.1"),
            ("::ffff:10.0.0.5", b"198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", b"198.51.100.7, ::ffff:10.0.0.5", "198.51.100.7"),
            ("", b"198.51.100.7", ""),
        ],
    )
    def test_a_client_is_the_last_address_that_is_not_a_proxy(
        self, peer: str, forwarded: bytes, client: str
    ) -> None:
        assert self.GATE.client_of(Claims(peer, b"", forwarded)) == client

    @pytest.mark.parametrize(
        ("fields", "token"),
        [
            ([(b"authorization", b"Bearer ht_x")], b"ht_x"),
            ([(b"authorization", b"bearer  ht_x ")], b"ht_x"),
            ([(b"x-api-key", b"ht_x")], b"ht_x"),
            ([(b"authorization", b"Bearer eyJhbGciOi"), (b"x-api-key", b"ht_x")], b"ht_x"),
            ([(b"authorization", b"Bearer eyJhbGciOi")], b""),
            ([(b"authorization", b"Basic aHRfeA=="), (b"x-api-key", b"ht_x")], b"ht_x"),
            ([(b"authorization", b"Bearer ht_x"), (b"x-api-key", b"ht_y")], b"ht_x"),
            ([(b"x-api-key", b"ht_x"), (b"x-api-key", b"ht_y")], b"ht_x,ht_y"),
            ([], b""),
        ],
    )
    def test_a_key_is_sent_in_either_field(self, fields: list[tuple[bytes, bytes]], token: bytes) -> None:
        assert claims_of("192.0.2.1", fields).token == token


class TestService:
    def test_where_a_key_is_required_answers_are_private(self, store: MemoryStore) -> None:
        key, token = new_key("Clinic", WHEN)
        gate = Gate(read_keys=lambda: Keys((key,)), is_key_required=True)
        with running(Service(store), gate) as server, httpx.Client(base_url=server.url) as client:
            refused = client.get("/es/asthma")
            assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (
                401,
                'Bearer realm="healthtopics"',
            )
            assert "clave de API" in refused.json()["detail"]
            for fields in ({"Authorization": f"Bearer {token}"}, {"X-API-Key": token}):
                for _ in range(2):
                    answer = client.get("/topics/asthma", headers=fields)
                    assert answer.status_code == 200
                    assert answer.headers["Cache-Control"].startswith("private, max-age=60")
            assert client.get("/topics/asthma", headers={"X-API-Key": f"{token}x"}).status_code == 401
            # A browser, for a page that has a key.
            asked = client.options("/topics/asthma", headers={"Access-Control-Request-Method": "GET"})
            assert (asked.status_code, "X-API-Key" in asked.headers["Access-Control-Allow-Headers"]) == (
                204,
                True,
            )
            for path in ("/health/live", "/health/ready", "/metrics"):
                assert client.get(path).status_code in (200, 503)

    def test_the_documentation_needs_no_key(self, store: MemoryStore) -> None:
        with running(Service(store), Gate(read_keys=Keys, is_key_required=True)) as server:
            for path in (
                *("/docs", "/docs/es", "/docs/api", "/openapi.json", "/.well-known/api-catalog"),
                "/schema/1/public/topics.schema.json?x=1",
            ):
                answer = httpx.get(f"{server.url}{path}")
                assert answer.status_code in (200, 400), path
                assert answer.headers["Cache-Control"].startswith(("public", "no-store"))
            for path in ("/docs/../topics/asthma", "/docsx", "/schema/1/private/x", "/topics.json", "/"):
                assert httpx.get(f"{server.url}{path}").status_code == 401, path
            assert httpx.get(f"{server.url}/docs", headers={"X-API-Key": "ht_wrong"}).status_code == 401

    def test_where_a_key_is_not_required_others_get_public_answers(self, store: MemoryStore) -> None:
        key, token = new_key("Clinic", WHEN)
        with running(Service(store), Gate(read_keys=lambda: Keys((key,)))) as server:
            found = [
                httpx.get(f"{server.url}/topics/asthma", headers=fields)
                .headers["Cache-Control"]
                .split(",")[0]
                for fields in ({}, {"X-API-Key": token}, {})
            ]
        assert found == ["public", "private", "public"]

    def test_a_revoked_key_is_refused(self, store: MemoryStore) -> None:
        key, token = new_key("Clinic", WHEN)
        kept = [Keys((key,))]
        gate = Gate(read_keys=lambda: kept[0])
        with running(Service(store), gate) as server:
            assert httpx.get(f"{server.url}/", headers={"X-API-Key": token}).status_code == 200
            kept[0] = Keys()
            gate.refresh()
            assert httpx.get(f"{server.url}/", headers={"X-API-Key": token}).status_code == 401

    def test_keys_that_cannot_be_read_stay_valid(
        self, store: MemoryStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        key, token = new_key("Clinic", WHEN)
        data = [serialize_keys(Keys((key,)))]
        gate = Gate(read_keys=lambda: parse_keys(data[0], "keys.json"))
        data[0] = b"{"
        gate.refresh()
        gate.refresh()
        assert caplog.text.count("The last keys stay valid.") == 1
        with running(Service(store), gate) as server:
            assert httpx.get(f"{server.url}/", headers={"X-API-Key": token}).status_code == 200

    def test_the_rate_of_a_client_is_in_its_answers(self, store: MemoryStore) -> None:
        with running(Service(store), Gate(rate=Rate(2, 3600))) as server:
            answers = [httpx.get(f"{server.url}/es/asthma") for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        for each, left in zip(answers, (1, 0, 0), strict=True):
            assert each.headers["RateLimit-Policy"] == '"default";q=2;w=3600'
            assert re.fullmatch(rf'"default";r={left};t=3[56][0-9][0-9]', each.headers["RateLimit"])
        assert int(answers[2].headers["Retry-After"]) <= 3600
        assert "más de 2 solicitudes" in json.loads(answers[2].content)["detail"]

    @pytest.mark.parametrize(("rate", "most"), [(Rate(2, 3600), 2), (None, 60)])
    def test_wrong_keys_are_counted_for_their_client(
        self, store: MemoryStore, rate: Rate | None, most: int
    ) -> None:
        gate = Gate(read_keys=Keys, rate=rate)
        with running(Service(store), gate) as server, httpx.Client(base_url=server.url) as client:
            found = [
                client.get("/", headers={"X-API-Key": f"ht_{each}"}).status_code for each in range(most + 1)
            ]
        assert found == [401] * most + [429]

    def test_each_key_has_its_own_rate(self, store: MemoryStore) -> None:
        pairs = [new_key("Clinic", WHEN), new_key("Library", WHEN)]
        keys = Keys(tuple(key for key, _token in pairs))
        gate = Gate(read_keys=lambda: keys, rate=Rate(100, 60), key_rate=Rate(1, 3600))
        with running(Service(store), gate) as server:
            found = [
                httpx.get(f"{server.url}/", headers={"X-API-Key": token}).status_code
                for _ in range(2)
                for _key, token in pairs
            ]
            assert found == [200, 200, 429, 429]
            assert httpx.get(f"{server.url}/").headers["RateLimit-Policy"] == '"default";q=100;w=60'


def test_two_keys_with_one_id_are_not_mixed_up() -> None:
    (mine, token), (other, _token) = new_key("Clinic", WHEN), new_key("Library", WHEN)
    assert Keys((replace(other, id=mine.id), mine)).find(token.encode()) is None
