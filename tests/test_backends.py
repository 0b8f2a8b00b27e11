"""The shelf of backends: what holds for each entry, whoever wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

import embedarchive.backends as shelf
from embedarchive.backends import BACKENDS
from embedarchive.config import Settings
from embedarchive.errors import (
    AddressRefused,
    DeadlineExceeded,
    RateLimited,
    ServerFailure,
    TooLarge,
    UnexpectedResponse,
    Unreachable,
    UpstreamError,
)
from embedarchive.models import Backend, Outcome, Response, Target
from embedarchive.net import Client
from tests.loopback import Picture, Reply, Server, faults
from tests.loopback.wayback import archive

CASES = Path(__file__).parent / "cases/backends"
POST = Target("x", "1600000000000000002")
FILES = [p.stem for p in Path(shelf.__path__[0]).glob("*.py") if not p.name.startswith("_")]

each_backend = pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.name)


def test_each_file_is_an_entry_named_like_it() -> None:
    assert sorted(FILES) == [backend.name for backend in BACKENDS]
    for name in FILES:
        assert import_module(f"embedarchive.backends.{name}").BACKEND.name == name


def test_the_default_order_names_entries() -> None:
    assert set(Settings().backends) <= {backend.name for backend in BACKENDS}


@each_backend
def test_each_entry_has_cases_and_a_network(backend: Backend) -> None:
    lines = (CASES / f"{backend.name}.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) >= 20
    assert any('"error"' in line for line in lines)
    assert backend.networks


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.world.add_post("1590000000000000003", "quay_nine", "Quay Nine", "Quoted")
        post = running.world.add_post(
            POST.post_id,
            "harbour_notes",
            "Harbour Notes",
            "Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12",
            lang="iw",
            media=(Picture("Fog", alt="A pier"),),
            code="MediaCode1",
            links={"AbCdEfGh12": "https://harbour.example/fog"},
            quote="1590000000000000003",
        )
        archive(running.world, post)
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with (
        stamina.set_testing(True, attempts=1),
        Client(
            user_agent="tests",
            endpoints=server.endpoints,
            tokens={"api.x.com": server.world.token},
            timeout=1,
            retries=0,
        ) as client,
    ):
        yield client


@each_backend
def test_a_post_is_read(backend: Backend, net: Client) -> None:
    answer = backend.parse(POST, backend.ask(POST, "harbour_notes", net))
    embed = answer.embed
    assert answer.outcome is Outcome.AVAILABLE
    assert embed is not None
    assert embed.target == POST
    assert embed.author.handle == "harbour_notes"
    assert embed.text.startswith("Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12")
    assert embed.lang == "he"
    assert {"AbCdEfGh12", "MediaCode1"} <= set(embed.codes)
    kinds = [(entity.type, embed.text[entity.start : entity.end]) for entity in embed.entities]
    assert kinds[:3] == [
        ("hashtag", "#harbour"),
        ("mention", "@quay_nine"),
        ("url", "https://t.co/AbCdEfGh12"),
    ]


@each_backend
def test_reading_is_pure(backend: Backend, net: Client) -> None:
    response = backend.ask(POST, None, net)
    assert backend.parse(POST, response) == backend.parse(POST, response)


FAULTS: tuple[tuple[Reply | Callable[..., Reply], type[UpstreamError] | None], ...] = (
    (faults.rate_limited("5000"), RateLimited),
    (faults.rate_limited(), RateLimited),
    (faults.server_error(500), ServerFailure),
    (faults.server_error(503), ServerFailure),
    (faults.closed(), Unreachable),
    (faults.cut_short(), Unreachable),
    (faults.drip(0.2), DeadlineExceeded),
    (faults.gzip_bomb(), TooLarge),
    (faults.encoded("br"), UnexpectedResponse),
    (faults.redirect("https://169.254.169.254/latest/meta-data/"), AddressRefused),
    (faults.redirect("http://cdn.syndication.twimg.com/"), AddressRefused),
    (faults.redirect_loop, AddressRefused),
    (faults.wrong_id, UnexpectedResponse),
    (Reply(200, b"<!DOCTYPE html><title>Sign in</title>", faults.HTML), UnexpectedResponse),
    (Reply(200, b"", {}), UnexpectedResponse),
    (Reply(400, b"{}", faults.JSON), UnexpectedResponse),
    (Reply(401, b"", {}), UnexpectedResponse),
    (Reply(403, b"<html>Access denied</html>", faults.HTML), UnexpectedResponse),
    (Reply(451, b"", {}), UnexpectedResponse),
    (faults.html_not_found(), None),
    (Reply(404, b"", {}), None),
)


@each_backend
@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_each_http_failure_has_its_outcome_or_error(
    backend: Backend, server: Server, net: Client, fault: Any, kind: type[UpstreamError] | None
) -> None:
    server.world.fault("*", fault)
    if kind is None:
        assert backend.parse(POST, backend.ask(POST, None, net)).outcome is Outcome.NOT_FOUND
        return
    with pytest.raises(kind) as caught:
        backend.parse(POST, backend.ask(POST, None, net))
    assert type(caught.value).__name__ == kind.__name__ or kind is Unreachable
    assert caught.value.host.endswith(
        (".twimg.com", ".x.com", "twitter.com", ".archive.org", "169.254.169.254")
    )


@each_backend
@given(body=st.binary(max_size=300), status=st.sampled_from([200, 400, 403, 404]))
def test_no_bytes_are_a_crash(backend: Backend, body: bytes, status: int) -> None:
    response = Response("https://x.com/", status, {}, body, datetime(2026, 9, 1, tzinfo=UTC))
    try:
        answer = backend.parse(POST, response)
    except UnexpectedResponse as error:
        assert error.payload == body  # noqa: PT017  # both ends are right here
    else:
        assert answer.outcome is not Outcome.AVAILABLE


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["__typename", "tombstone", "text", "user", "id_str", "html", "error", "errors", "tweet", "url"]
)


@each_backend
@given(body=st.dictionaries(KEYS, JSON_VALUES | st.dictionaries(KEYS, JSON_VALUES)))
def test_no_object_is_a_crash(backend: Backend, body: dict[str, object]) -> None:
    raw = json.dumps(body).encode()
    response = Response("https://x.com/", 200, {}, raw, datetime(2026, 9, 1, tzinfo=UTC))
    try:
        answer = backend.parse(POST, response)
    except UnexpectedResponse:
        return
    assert answer.outcome is not Outcome.AVAILABLE
