"""Connections: lent to one request at a time, used again, never more kept than a few."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress

import httpcore
import pytest

from embedarchive.net.connections import _MOST_KEPT, Connections
from tests.loopback import Server
from tests.test_net import client

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def origin(number: int) -> httpcore.Origin:
    return httpcore.Origin(b"http", b"host-%d.example" % number, 80)


def connections(*sent: bytes) -> Connections:
    return Connections(ssl.create_default_context(), httpcore.MockBackend(list(sent)))


def ask(connection: httpcore.HTTPConnection, number: int) -> bytes:
    answer = connection.handle_request(
        httpcore.Request("GET", f"http://host-{number}.example/", headers={"host": "x"})
    )
    try:
        return b"".join(answer.iter_stream())
    finally:
        answer.close()


def test_a_connection_is_lent_to_one_and_then_to_the_next() -> None:
    kept = connections(ANSWER, ANSWER)
    first = kept.take(origin(1))
    assert ask(first, 1) == b"ok"
    other = kept.take(origin(1))
    assert other is not first
    assert ask(other, 1) == b"ok"
    kept.give_back(first)
    assert kept.take(origin(2)) is not first
    assert kept.take(origin(1)) is first
    kept.give_back(other)
    kept.close()
    assert other.is_closed()


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"),
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_connection_that_can_take_no_more_is_closed(answer: bytes) -> None:
    kept = connections(answer)
    connection = kept.take(origin(1))
    with suppress(httpcore.ProtocolError):
        ask(connection, 1)
    kept.give_back(connection)
    assert connection.is_closed()
    assert kept.take(origin(1)) is not connection


def test_of_many_hosts_the_last_ones_connections_are_kept() -> None:
    kept = connections(*[ANSWER] * 2)
    lent = []
    for number in range(_MOST_KEPT + 5):
        lent.append(kept.take(origin(number)))
        ask(lent[-1], number)
        kept.give_back(lent[-1])
    assert [one.is_closed() for one in lent] == [True] * 5 + [False] * _MOST_KEPT
    kept.close()
    assert all(one.is_closed() for one in lent)


def test_what_a_host_hung_up_on_is_not_used_again() -> None:
    has_hung_up = threading.Semaphore(0)

    def answer_twice(listener: socket.socket) -> None:
        for _ in range(2):
            stream, _ = listener.accept()
            with stream:
                stream.recv(10_000)
                stream.sendall(ANSWER)
            has_hung_up.release()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        host = threading.Thread(target=answer_twice, args=(listener,))
        host.start()
        with client(endpoints={"*": base}, retries=0) as net:
            for _ in range(2):
                assert net.get("https://t.co/a").body == b"ok"
                assert len(net._connections._idle) == 1
                assert has_hung_up.acquire(timeout=5)
        host.join()


def test_a_service_is_asked_over_one_connection() -> None:
    with Server() as server, client(server) as net:
        for path in "abc":
            assert net.get(f"https://t.co/{path}").status == 404
        (held,) = net._connections._idle
        assert "Request Count: 3" in repr(held)


def test_what_comes_back_after_the_end_is_closed() -> None:
    kept = connections(ANSWER)
    connection = kept.take(origin(1))
    ask(connection, 1)
    kept.close()
    kept.give_back(connection)
    assert connection.is_closed()
