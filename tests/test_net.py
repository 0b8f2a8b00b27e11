"""net: every answer within bounds, every failure of a known type."""

from __future__ import annotations

import gc
import inspect
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpcore
import httpx
import pytest
import stamina

from embedarchive.errors import (
    AddressRefused,
    DeadlineExceeded,
    RateLimited,
    ServerFailure,
    TooLarge,
    UnexpectedResponse,
    Unreachable,
    UpstreamError,
    UsageError,
)
from embedarchive.models import HostState
from embedarchive.net import Client
from embedarchive.net.addresses import is_public
from embedarchive.net.failures import ALL_ERRORS, translated
from embedarchive.net.hosts import LONGEST_WAIT, Hosts, retry_after, until_reset
from tests.loopback import Reply, Server, faults

HOST = "cdn.syndication.twimg.com"
URL = f"https://{HOST}/tweet-result?id=1&token=a"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(autouse=True)
def quick_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


def client(server: Server | None = None, **more: object) -> Client:
    endpoints = server.endpoints if server else {}
    return Client(**{"user_agent": "embedarchive-tests", "endpoints": endpoints, **more})


# --- addresses -------------------------------------------------------------------------------

REFUSED = """
    0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.8.8.8 168.63.129.16 169.254.169.254
    172.16.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1
    224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1
    ::ffff:8.8.8.8 64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1
    2002:a9fe:a9fe:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1
    """


@pytest.mark.parametrize("address", REFUSED.split())
def test_an_address_that_is_not_global_unicast_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    with (
        client(resolve=lambda host, port: ["8.8.8.8", address]) as net,
        pytest.raises(AddressRefused) as caught,
    ):
        net.get("https://rebound.example.org/")
    assert caught.value.host == "rebound.example.org"
    assert address in str(caught.value)


@pytest.mark.parametrize("address", ["8.8.8.8", "104.244.42.1", "2606:4700::1111", "2a00::1"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "①②⑦.⓪.⓪.①", "[::1]", "0"],
)
def test_other_spellings_of_this_machine_are_refused(host: str) -> None:
    with client() as net, pytest.raises((AddressRefused, Unreachable)):
        net.get(f"https://{host}/")


def test_an_endpoint_exempts_its_own_port_and_nothing_else(server: Server) -> None:
    port = server.base.rsplit(":", 1)[1]
    with client(endpoints={HOST: server.base}, allow_http=True) as net:
        assert net.get(f"https://{HOST}/").status == 404
        with pytest.raises(AddressRefused):
            net.get(f"http://127.0.0.1:{int(port) - 1}/")
        with pytest.raises(AddressRefused):
            net.get(f"http://localhost:{port}/")
    assert len(server.world.asked) == 1


@pytest.mark.parametrize(
    "location",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:169.254.169.254]/",
        "http://cdn.syndication.twimg.com/tweet-result",
        "file:///etc/passwd",
        "data:text/plain,1",
        "gopher://127.0.0.1/",
        "https://user:word@t.co/",
        "https://",
        "https://a b/",
        "https://[::1",
        "https://t.co:99999/",
        "https://" + "a" * 70 + ".example.org/",
    ],
)
def test_each_hop_is_checked(server: Server, location: str) -> None:
    server.world.fault(HOST, faults.redirect(location))
    endpoints = {HOST: f"{server.base}/{HOST}"}
    with client(endpoints=endpoints) as net, pytest.raises(AddressRefused):
        net.get(URL)
    assert len(server.world.asked) == 1


def test_redirects_are_followed_between_services(server: Server) -> None:
    server.world.fault("publish.x.com", faults.redirect("https://publish.twitter.com/oembed?url=1"))
    with client(server) as net:
        answer = net.get("https://publish.x.com/oembed", params={"url": "1"})
        stopped = net.get("https://publish.x.com/oembed", follow_redirects=False)
    assert answer.status == 400
    assert answer.url == "https://publish.x.com/oembed?url=1"
    assert answer.final_url == "https://publish.twitter.com/oembed?url=1"
    assert stopped.status == 302
    assert stopped.headers["location"] == "https://publish.twitter.com/oembed?url=1"


def test_redirect_loops_and_long_chains_end(server: Server) -> None:
    hops = iter(range(100))
    server.world.fault("loop.example", faults.redirect_loop)
    server.world.fault(
        "chain.example", lambda asked: faults.redirect(f"https://chain.example/{next(hops)}")
    )
    with client(server, max_redirects=4) as net:
        with pytest.raises(AddressRefused, match="loop"):
            net.get("https://loop.example/?a=1")
        with pytest.raises(AddressRefused, match="more than 4"):
            net.get("https://chain.example/")
    assert server.world.count("loop.example") == 1
    assert server.world.count("chain.example") == 5


@pytest.mark.parametrize("base", ["ftp://127.0.0.1", "127.0.0.1:9", "http://", "http://[::1"])
def test_an_unusable_endpoint_is_wrong_use(base: str) -> None:
    with pytest.raises(UsageError):
        client(endpoints={"*": base})


# --- size and time ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        faults.gzip_bomb(),
        Reply(200, b"x" * 2_000_001),
        Reply(200, b"x" * 3_000_000, length=1_000_000_000),
    ],
)
def test_a_body_above_the_cap_is_too_large(server: Server, reply: Reply) -> None:
    server.world.fault(HOST, reply)
    with client(server, max_bytes=2_000_000) as net, pytest.raises(TooLarge):
        net.get(URL)


def test_gzip_is_decoded_and_no_longer_claimed(server: Server) -> None:
    server.world.fault(HOST, faults.gzip_bomb(1))
    with client(server) as net:
        answer = net.get(URL)
    assert answer.body == bytes(1 << 20)
    assert "content-encoding" not in answer.headers
    assert server.world.asked[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip"])
def test_an_encoding_not_asked_for_or_broken_is_unexpected(server: Server, encoding: str) -> None:
    server.world.fault(HOST, faults.encoded(encoding))
    with client(server) as net, pytest.raises(UnexpectedResponse):
        net.get(URL)


def test_a_compressed_body_that_is_cut_is_unexpected(server: Server) -> None:
    bomb = faults.gzip_bomb(1)
    server.world.fault(HOST, Reply(200, bomb.body[:-20], bomb.headers))
    with client(server) as net, pytest.raises(UnexpectedResponse):
        net.get(URL)


def test_the_deadline_is_for_the_whole_request(server: Server) -> None:
    server.world.fault(HOST, faults.drip(0.05))
    with client(server, timeout=0.6) as net:
        begun = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            net.get(URL)
    assert time.monotonic() - begun < 15  # the body alone takes minutes


def test_a_server_that_never_answers_meets_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with client(endpoints={"*": base}, timeout=0.4) as net, pytest.raises(DeadlineExceeded):
            net.get(URL)


# --- failures --------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [faults.closed(), faults.cut_short()])
def test_a_connection_that_breaks_is_tried_again(server: Server, reply: Reply) -> None:
    server.world.fault(HOST, reply, times=2)
    with client(server) as net:
        assert net.get(URL).status == 404
    assert len(server.world.asked) == 3


def test_5xx_is_tried_again_and_then_a_server_failure(server: Server) -> None:
    server.world.fault(HOST, faults.server_error(503))
    with client(server, retries=2) as net, pytest.raises(ServerFailure) as caught:
        net.get(URL)
    assert caught.value.status == 503
    assert caught.value.host == HOST
    assert len(server.world.asked) == 3


def test_a_host_that_only_fails_is_left_alone(server: Server) -> None:
    server.world.fault(HOST, faults.server_error())
    with client(server, retries=0) as net:
        for _ in range(20):
            with pytest.raises((ServerFailure, Unreachable)):
                net.get(URL)
        assert net.get("https://t.co/abcdefghij").status == 404
    assert server.world.count(HOST) == 5


def test_a_client_that_is_closed_in_the_midst_of_requests_leaves_no_connection(
    server: Server,
) -> None:
    server.world.fault(HOST, faults.drip(0.05))
    for wait in (0.0, 0.01, 0.05, 0.2):
        net = client(server, timeout=1, retries=0)
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(net.get, URL) for _ in range(4)]
            time.sleep(wait)
            net.close()
        assert all(one.exception() is not None for one in asked)
        assert net._connections._idle == []
        assert net._guard._open == set()
        with pytest.raises(Unreachable, match="has ended"):
            net.get(URL)
    gc.collect()  # an unclosed socket would be told now


def test_a_connection_that_opens_after_its_client_closed_is_closed(server: Server) -> None:
    net = client(server, retries=0)
    connect = net._guard._sockets.connect_tcp
    is_begun, is_closed = threading.Event(), threading.Event()

    def slow(*arguments: object) -> object:
        stream = connect(*arguments)  # type: ignore[arg-type]  # handed on as they come
        is_begun.set()
        is_closed.wait(5)
        return stream

    net._guard._sockets.connect_tcp = slow  # type: ignore[assignment,method-assign]  # for the test
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(net.get, URL)
        is_begun.wait(5)
        net.close()
        is_closed.set()
        assert isinstance(asked.exception(5), Unreachable)
    assert net._guard._open == set()
    assert server.world.asked == []
    gc.collect()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999", LONGEST_WAIT),
        ("Tue, 01 Sep 2026 12:02:00 GMT", 120),
        ("Tue, 01 Sep 2099 12:02:00 GMT", LONGEST_WAIT),
        ("Tue, 01 Sep 2020 12:02:00 GMT", None),
        ("-5", None),
        ("٣٠", None),
        ("9" * 400, LONGEST_WAIT),
        ("soon", None),
        ("Tue, 99 Sep 99999 99:99:99 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_all_its_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


class States(dict[str, HostState]):
    def host_state(self, host: str) -> HostState | None:
        return self.get(host)

    def set_host_state(self, state: HostState) -> None:
        self[state.host] = state


def test_a_wait_that_was_asked_for_is_kept_over_runs(server: Server) -> None:
    server.world.fault(HOST, faults.rate_limited("600"))
    states = States()
    for run in range(2):
        net = client(server, states=states, clock=lambda: NOW)
        with net, pytest.raises(RateLimited) as caught:
            net.get(URL)
        assert caught.value.retry_after == 600
        assert len(server.world.asked) == 1, run
    assert states[HOST].not_before == NOW + timedelta(seconds=600)
    server.world.heal()
    with client(server, states=states, clock=lambda: NOW + timedelta(seconds=601)) as net:
        assert net.get(URL).status == 404
    assert states[HOST] == HostState(HOST, None, 0)


def test_429_without_a_wait_doubles_a_wait_of_our_own(server: Server) -> None:
    server.world.fault(HOST, faults.rate_limited())
    states, now = States(), NOW
    waits = []
    for _ in range(3):
        with client(server, states=states, clock=lambda moment=now: moment) as net:
            with pytest.raises(RateLimited) as caught:
                net.get(URL)
            assert caught.value.retry_after is None
        waits.append((states[HOST].not_before - now).total_seconds())
        now = states[HOST].not_before
    assert waits == [60, 120, 240]


def test_429s_that_come_together_count_once() -> None:
    states = States()
    hosts = Hosts(pacing=0, longest_wait=9, states=states, clock=lambda: NOW, sleep=time.sleep)
    for _ in range(5):
        hosts.limited(HOST, None)
    assert states[HOST] == HostState(HOST, NOW + timedelta(seconds=60), 1)


def test_a_short_wait_is_simply_waited(server: Server) -> None:
    server.world.fault(HOST, faults.rate_limited("3"), times=1)
    slept: list[float] = []
    with client(server, clock=lambda: NOW, sleep=slept.append) as net:
        with pytest.raises(RateLimited):
            net.get(URL)
        assert net.get(URL).status == 404
    assert sum(slept) == pytest.approx(3)


def test_requests_to_one_host_are_paced(server: Server) -> None:
    slept: list[float] = []
    with client(server, pacing=10, sleep=slept.append) as net:
        for _ in range(3):
            net.get(URL)
        net.get("https://t.co/abcdefghij")
    assert 25 < sum(slept) <= 30


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return gone.getsockname()[1]


def test_a_host_may_want_a_slower_pace_than_others(server: Server) -> None:
    waits: list[float] = []
    with client(server, pacing_of={"web.archive.org": 2.5}, sleep=waits.append, pacing=0.0) as net:
        for host in ("web.archive.org", "t.co", "web.archive.org", "t.co"):
            net.get(f"https://{host}/")
    assert 0.5 < sum(waits) <= 2.5  # what the others took meanwhile is not waited again


RESET = int(NOW.timestamp()) + 90


@pytest.mark.parametrize(
    ("remaining", "reset", "seconds"),
    [
        ("0", str(RESET), 90.0),
        ("1", str(RESET), None),
        ("0", "", None),
        ("0", "-5", None),
        ("0", "\u0661", None),
        ("0", str(RESET - 200), None),
        ("0", "99999999999", LONGEST_WAIT),
        ("0", "9" * 5000, None),
    ],
)
def test_the_reset_of_a_used_up_limit(remaining: str, reset: str, seconds: float | None) -> None:
    headers = {"x-rate-limit-remaining": remaining, "x-rate-limit-reset": reset}
    assert until_reset(headers, NOW) == seconds


def test_a_used_up_limit_is_kept_before_it_is_exceeded(server: Server) -> None:
    states = States()
    headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(RESET)}
    server.world.fault("api.x.com", Reply(200, b"{}", headers))
    with client(server, states=states, clock=lambda: NOW) as net:
        assert net.get("https://api.x.com/2/tweets").status == 200
        with pytest.raises(RateLimited) as caught:
            net.get("https://api.x.com/2/tweets")
    assert caught.value.retry_after == 90
    assert len(server.world.asked) == 1


def test_a_host_that_refuses_is_asked_once_per_run() -> None:
    with client(endpoints={"*": f"http://127.0.0.1:{closed_port()}"}) as net:
        begun = time.monotonic()
        for _ in range(300):
            with pytest.raises(Unreachable):
                net.get(URL)
    assert time.monotonic() - begun < 30  # 300 refusals with their retries take minutes


def no_network(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def black_hole(host: str, port: int) -> list[str]:
    time.sleep(20)
    return []


@pytest.mark.parametrize("resolve", [no_network, black_hole])
def test_without_a_network_any_number_of_requests_ends_soon(resolve: object) -> None:
    hosts = [f"host{number}.example.org" for number in range(50)]
    with client(resolve=resolve) as net:
        begun = time.monotonic()

        def work() -> None:
            for host in hosts:
                with pytest.raises(Unreachable):
                    net.get(f"https://{host}/")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert time.monotonic() - begun < 30  # 200 names that nobody knows take minutes


def test_refused_addresses_are_not_tried_again() -> None:
    asked: list[str] = []

    def inside(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    with client(resolve=inside) as net, pytest.raises(AddressRefused):
        net.get("https://inside.example.org/")
    assert asked == ["inside.example.org"]


def exception_classes() -> list[type[Exception]]:
    return [
        value
        for library in (httpx, httpcore)
        for value in vars(library).values()
        if inspect.isclass(value) and issubclass(value, Exception)
    ]


@pytest.mark.parametrize("kind", exception_classes(), ids=lambda k: f"{k.__module__}.{k.__name__}")
def test_every_exception_of_the_libraries_has_a_type_of_ours(kind: type[Exception]) -> None:
    error = translated(kind.__new__(kind), "https://t.co/x", "t.co")
    assert isinstance(error, UpstreamError)
    assert error.host == "t.co"
    if issubclass(kind, httpx.TimeoutException | httpcore.TimeoutException):
        assert type(error) is DeadlineExceeded
    elif issubclass(kind, httpx.NetworkError | httpcore.NetworkError):
        assert type(error) is Unreachable
    if kind.__module__.startswith("httpcore"):
        assert issubclass(kind, ALL_ERRORS)


# --- what is sent and what is kept -----------------------------------------------------------


def test_no_cookies_are_kept_and_names_are_lower_case(server: Server) -> None:
    cookie = {"Set-Cookie": "guest_id=v1; Path=/", "X-Response-Time": "9"}
    server.world.fault(HOST, Reply(200, b"{}", cookie))
    with client(server) as net:
        answer = net.get(URL)
        net.get(URL, headers={"User-Agent": "Mozilla/5.0"})
    assert dict(answer.headers) == {"x-response-time": "9"}
    first, second = server.world.asked
    assert "cookie" not in second.headers
    assert first.headers["user-agent"] == "embedarchive-tests"
    assert second.headers["user-agent"] == "Mozilla/5.0"


def test_proxies_of_the_environment_are_not_used(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setitem(os.environ, name, f"http://127.0.0.1:{closed_port()}")
    with client(server) as net:
        assert net.get(URL).status == 404


def test_parameters_join_those_of_the_url(server: Server) -> None:
    with client(server) as net:
        net.get("https://t.co/a%2Fb?x=1#part", params={"url": "https://x.com/a?b=c&d=é"})
    assert server.world.asked[0].query == {"x": "1", "url": "https://x.com/a?b=c&d=é"}
    assert server.world.asked[0].path == "/a/b"


def test_a_header_that_would_break_the_request_is_refused(server: Server) -> None:
    with client(server) as net, pytest.raises(AddressRefused):
        net.get(URL, headers={"x": "1\r\ny: 2"})
    assert not server.world.asked


def test_one_client_serves_many_threads(server: Server) -> None:
    for number in range(40):
        server.world.fault("t.co", Reply(200, b"%d" % number), path=f"/{number}/")
    wrong: list[int] = []
    with client(server) as net:

        def work(offset: int) -> None:
            for step in range(40):
                number = (offset + step) % 40
                if net.get(f"https://t.co/{number}/").body != b"%d" % number:
                    wrong.append(number)

        threads = [threading.Thread(target=work, args=(offset,)) for offset in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong
    assert server.world.count("t.co") == 320
