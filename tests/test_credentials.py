"""The file of bearer tokens: who may read it, what it may hold, and where a token never goes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedarchive.credentials import load
from embedarchive.errors import RateLimited, ServerFailure, UnexpectedResponse, UsageError
from embedarchive.net import Client
from tests.loopback import Asked, Reply, Server, faults

CANARY = "AAAAcanary%2Btoken0123456789"
HOST = "api.x.com"


def written(folder: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path = folder / "auth.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def test_tokens_by_host(tmp_path: Path) -> None:
    assert load(written(tmp_path, f'{{"{HOST}": "{CANARY}"}}')) == {HOST: CANARY}
    assert load(tmp_path / "absent.json") == {}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o622])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(UsageError, match="chmod 600"):
        load(written(tmp_path, f'{{"{HOST}": "{CANARY}"}}', mode))


@pytest.mark.parametrize(
    "content",
    [
        CANARY,
        f'"{CANARY}"',
        f'["{CANARY}"]',
        f'{{"api.x.com": ["{CANARY}"]}}',
        f'{{"api.x.com": "{CANARY} two words"}}',
        f'{{"api.x.com": "{CANARY}\\r\\nhost: evil.example"}}',
        f'{{"https://api.x.com/": "{CANARY}"}}',
        f'{{"api.x.com": "{CANARY}"',
        b"\xff\xfe" + CANARY.encode(),
        "[" * 60_000,
    ],
)
def test_what_is_no_file_of_tokens_is_refused_without_a_word_of_it(
    tmp_path: Path, content: str | bytes
) -> None:
    with pytest.raises(UsageError) as caught:
        load(written(tmp_path, content))
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def client(server: Server, **more: object) -> Client:
    return Client(
        **{
            "user_agent": "tests",
            "endpoints": server.endpoints,
            "tokens": {HOST: CANARY},
            "retries": 0,
            **more,
        }
    )


def told(asked: Asked) -> str | None:
    return asked.headers.get("authorization")


def test_a_token_goes_to_its_own_host_alone(server: Server) -> None:
    server.world.fault(HOST, faults.redirect("https://elsewhere.example/2/tweets"), times=1)
    with client(server) as net:
        net.get(f"https://{HOST}/2/tweets")
        net.get("https://t.co/abc")
        net.get("https://api.x.com.evil.example/")
    first, *others = server.world.asked
    assert told(first) == f"Bearer {CANARY}"
    assert {asked.host for asked in others} == {
        "elsewhere.example", "t.co", "api.x.com.evil.example",
    }  # fmt: skip
    assert not any(told(asked) for asked in others)


def test_an_answer_that_repeats_the_token_in_a_header_is_not_handed_on(server: Server) -> None:
    server.world.fault(HOST, Reply(401, b"{}", {"x-echo": f"Bearer {CANARY}"}))
    with client(server) as net, pytest.raises(UnexpectedResponse) as caught:
        net.get(f"https://{HOST}/2/tweets")
    assert CANARY not in repr(vars(caught.value))


def test_a_token_is_never_sent_in_the_clear_but_to_an_endpoint() -> None:
    with (
        Client(user_agent="tests", tokens={HOST: CANARY}, allow_http=True) as net,
        net._guard.within(5),
    ):
        clear = net._request(net._urls.checked(f"http://{HOST}/", None), {})
        safe = net._request(net._urls.checked(f"https://{HOST}/", None), {})
    assert not any(name.lower() == b"authorization" for name, _ in clear.headers)
    assert (b"authorization", f"Bearer {CANARY}".encode()) in safe.headers


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Reply(200, b'{"echo": "Bearer ' + CANARY.encode() + b'"}', faults.JSON), None),
        (faults.rate_limited("5000"), RateLimited),
        (faults.server_error(500), ServerFailure),
    ],
)
def test_no_error_and_no_log_holds_a_token(
    server: Server, caplog: pytest.LogCaptureFixture, fault: Reply, kind: type[Exception] | None
) -> None:
    server.world.fault(HOST, fault)
    with (
        caplog.at_level(logging.DEBUG),
        client(server) as net,
        pytest.raises(kind or UnexpectedResponse) as caught,
    ):
        net.get(f"https://{HOST}/2/tweets", params={"ids": "1"})
    error = caught.value
    assert CANARY not in caplog.text + repr(error) + str(error) + repr(vars(error)) + repr(net)
    assert told(server.world.asked[0])
