"""X's API v2: cases, the token, limits, partial errors, hostile changes."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from embedarchive.backends._x_parts import WHOLE, part_of
from embedarchive.backends.api_v2 import BACKEND
from embedarchive.errors import RateLimited, UnexpectedResponse
from embedarchive.models import Answer, Outcome, Response, Target
from embedarchive.net import Client
from tests.backend_cases import cases, check
from tests.command import run
from tests.loopback import Picture, Server, faults, life
from tests.loopback.api_v2 import api_body
from tests.mutations import assert_sound, changes
from tests.shared import shared

NOW = datetime(2026, 9, 1, tzinfo=UTC)
POST = Target("x", "1600000000000000002")
QUOTED = Target("x", "1590000000000000003")
TOKEN = "AAAAcanary%2Btoken0123456789"


def parse(post_id: str, body: bytes, status: int = 200) -> Answer:
    url = f"https://api.x.com/2/tweets?ids={post_id}"
    return BACKEND.parse(Target("x", post_id), Response(url, status, {}, body, NOW))


@pytest.mark.parametrize("case", cases("api_v2"))
def test_case(case: dict[str, Any]) -> None:
    check(case, parse)


def test_documented_samples() -> None:
    partial = shared("recorded/xapi_v2/tweets-partial-error.json").read_bytes()
    assert parse("456", partial).outcome is Outcome.NOT_FOUND
    sample = shared("recorded/xapi_v2/tweet-1228393702244134912.json").read_bytes()
    with pytest.raises(UnexpectedResponse, match="author"):
        parse("1228393702244134912", sample)  # the answer to a question that asked for no author


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        world = running.world
        world.token = TOKEN
        world.add_post(QUOTED.post_id, "quay_nine", "Quay Nine", "Quoted & kept")
        world.add_post(
            POST.post_id,
            "harbour_notes",
            "Harbour Notes",
            "🚢 Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12",
            media=(Picture("Fog", alt="Fog"), Picture("Ferry", "video")),
            code="MediaCode1",
            links={"AbCdEfGh12": "https://harbour.example/fog"},
            quote=QUOTED.post_id,
        )
        yield running


def client(server: Server, **more: object) -> Client:
    tokens = {"api.x.com": TOKEN}
    return Client(
        **{"user_agent": "tests", "endpoints": server.endpoints, "tokens": tokens, **more}
    )


@pytest.mark.parametrize("speaks_posts", [False, True])
def test_a_post_with_all_that_belongs_to_it(server: Server, speaks_posts: bool) -> None:
    server.world.speaks_posts = speaks_posts
    with client(server) as net:
        embed = BACKEND.parse(POST, BACKEND.ask(POST, None, net)).embed
    assert embed is not None
    assert embed.text == "🚢 Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12"
    assert [entity.type for entity in embed.entities] == ["hashtag", "mention", "url"]
    assert [(m.type, m.alt, m.code) for m in embed.media] == [
        ("photo", "Fog", "MediaCode1"),
        ("video", None, "MediaCode1"),
    ]
    assert embed.quote is not None
    assert embed.quote.text == "Quoted & kept"
    assert embed.counts.reposts == 3


def test_one_answer_about_many_posts_is_read_for_each(server: Server) -> None:
    server.world.live(POST.post_id, {0: life.protected()})
    body = json.dumps(api_body(server.world, [POST.post_id, QUOTED.post_id, "17"])).encode()
    found = [parse(number, body).outcome for number in (POST.post_id, QUOTED.post_id, "17")]
    assert found == [Outcome.PROTECTED, Outcome.AVAILABLE, Outcome.NOT_FOUND]


def test_the_limit_is_kept(server: Server) -> None:
    server.world.api_left = 1
    server.world.api_reset = datetime(2026, 9, 1, 0, 10, tzinfo=UTC)
    with client(server, clock=lambda: NOW, retries=0) as net:
        assert BACKEND.ask(POST, None, net).status == 200
        with pytest.raises(RateLimited) as caught:
            BACKEND.ask(POST, None, net)
    assert caught.value.retry_after == 600
    assert server.world.count("api.x.com") == 1


def test_a_wrong_token_is_no_answer(server: Server) -> None:
    with client(server, tokens={}) as net, pytest.raises(UnexpectedResponse, match="auth_file"):
        BACKEND.parse(POST, BACKEND.ask(POST, None, net))


# --- many at once --------------------------------------------------------------------------------

FIRST = 1600000000000001000
MANY = 230


def tell_many(server: Server) -> list[Target]:
    for number in range(MANY):
        server.world.add_post(
            str(FIRST + number),
            *("harbour_notes", "Harbour Notes", f"Secret number {number} of the harbour"),
            media=(Picture(f"P{number}", alt=f"Alt {number}"),) if number % 3 == 0 else (),
            code=f"Code{number:06}",
            quote=QUOTED.post_id if number % 5 == 0 else None,
            gone="This Post was deleted by the Post author." if number % 7 == 0 else None,
        )
    return [Target("x", str(FIRST + number)) for number in range(MANY)]


def test_the_part_for_a_post_says_what_an_answer_for_it_alone_would(server: Server) -> None:
    targets = tell_many(server)[:100]
    with client(server, pacing=0) as net:
        asked = server.world.count("api.x.com")
        parts = BACKEND.ask_many(targets, net)
        assert server.world.count("api.x.com") == asked + 1
        assert list(parts) == targets
        for target in targets[:30]:
            alone = BACKEND.parse(target, BACKEND.ask(target, None, net))
            assert BACKEND.parse(target, parts[target]) == alone
        (whole,) = {part.headers[WHOLE] for part in parts.values()}
        assert whole.startswith("sha256:")
    outcomes = Counter(BACKEND.parse(t, parts[t]).outcome for t in targets)
    assert outcomes == {Outcome.AVAILABLE: 85, Outcome.NOT_FOUND: 15}
    other = [str(FIRST + number).encode() for number in range(1, 100)]
    assert not any(number in parts[targets[0]].body for number in other)


def test_a_part_says_why_related_posts_are_not_included() -> None:
    user = {"id": "55", "name": "Harbour", "username": "harbour_notes"}
    post = {"id": POST.post_id, "text": "Fog", "author_id": "55"}
    post["referenced_tweets"] = [{"type": "quoted", "id": "17"}]  # type: ignore[assignment]  # as JSON may
    errors = [{"resource_id": number, "detail": f"No {number}."} for number in ("17", "18")]
    body = {"data": [post], "includes": {"users": [user]}, "errors": errors}
    whole = Response("https://api.x.com/2/tweets", 200, {}, json.dumps(body).encode(), NOW)
    part = part_of(whole, POST)
    embed = BACKEND.parse(POST, part).embed
    assert embed is not None
    assert embed.quote_reason == "No 17."
    assert b"No 18" not in part.body


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": 1, "errors": "x"}', b"<html>"])
def test_a_part_of_nonsense_is_nonsense(body: bytes) -> None:
    whole = Response("https://api.x.com/2/tweets", 200, {}, body, NOW)
    with pytest.raises(UnexpectedResponse):
        BACKEND.parse(POST, part_of(whole, POST))


def test_no_change_of_one_key_breaks_a_part(server: Server) -> None:
    for body in changes(api_body(server.world, [POST.post_id, QUOTED.post_id])):
        whole = Response("https://a.example/", 200, {}, json.dumps(body).encode(), NOW)
        try:
            answer = BACKEND.parse(POST, part_of(whole, POST))
        except UnexpectedResponse:
            continue
        assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)


def test_a_hundred_posts_are_one_question_and_one_can_be_taken_down(
    tmp_path: Path, server: Server
) -> None:
    targets = tell_many(server)
    links = (f"https://x.com/harbour_notes/status/{target.post_id}" for target in targets)
    extra = "\n".join(links)
    done = archive_with(tmp_path, server, extra=extra)
    assert done.returncode == 0, done.stderr
    assert f"{MANY + 1 - 33} available" in done.stderr
    assert server.world.count("api.x.com") == 3  # of 100, 100 and 31
    assert server.world.count("cdn.syndication.twimg.com") == 33  # what the API does not show
    db = tmp_path / "posts.db"
    down, kept = f"Secret number {1} of", "Secret number 2 of"
    assert run("forget", "--yes", db, targets[1].post_id).returncode == 0
    assert run("check", db).returncode == 0
    assert down not in run("show", db, targets[1].post_id).stdout
    with closing(sqlite3.connect(db)) as conn:
        bodies = [
            zlib.decompress(body) if compression == "zlib" else body
            for compression, body in conn.execute("SELECT compression, body FROM payloads")
            if body is not None
        ]
    assert not any(down.encode() in body for body in bodies)
    assert any(kept.encode() in body for body in bodies)
    assert kept in run("show", db, targets[2].post_id, "--format", "json").stdout


@pytest.mark.parametrize("most", [1, 2, 7])
def test_no_more_requests_are_made_than_allowed_for_a_hundred_posts(
    tmp_path: Path, server: Server, most: int
) -> None:
    links = (f"https://x.com/harbour_notes/status/{t.post_id}" for t in tell_many(server))
    done = archive_with(tmp_path, server, extra="\n".join(links), options=("--max-requests", most))
    assert done.returncode == 0, done.stderr
    assert len(server.world.asked) == most
    assert "left for the next run" in done.stderr


def test_an_api_that_is_down_fails_once_for_all(tmp_path: Path, server: Server) -> None:
    targets = tell_many(server)[:100]
    server.world.fault("api.x.com", faults.server_error(503))
    links = (f"https://x.com/harbour_notes/status/{target.post_id}" for target in targets)
    done = archive_with(tmp_path, server, extra="\n".join(links))
    assert "api.x.com could not be asked" in done.stderr
    assert server.world.count("api.x.com") < 10
    assert server.world.count("cdn.syndication.twimg.com") == 101


# --- the token, from file to wire ----------------------------------------------------------------


def archive_with(
    folder: Path,
    server: Server,
    *,
    mode: int = 0o600,
    extra: str = "",
    options: tuple[object, ...] = (),
) -> Any:
    auth = folder / "auth.json"
    auth.write_text(json.dumps({"api.x.com": TOKEN}))
    auth.chmod(mode)
    article = folder / "article.txt"
    article.write_text(
        f"See https://x.com/harbour_notes/status/{POST.post_id} for more.\n{extra}\n"
    )
    environment = {
        "EMBEDARCHIVE_ENDPOINTS": f"*={server.base}",
        "EMBEDARCHIVE_BACKENDS": "api_v2,syndication",
        "EMBEDARCHIVE_AUTH_FILE": str(auth),
        "EMBEDARCHIVE_PACING": "0",
    }
    return run("archive", folder / "posts.db", article, *map(str, options), env=environment)


def test_the_token_reaches_its_host_and_nothing_else(tmp_path: Path, server: Server) -> None:
    done = archive_with(tmp_path, server)
    assert done.returncode == 0, done.stderr
    assert "1 available" in done.stderr
    told = {
        (asked.host, asked.headers.get("authorization"))
        for asked in server.world.asked
        if "authorization" in asked.headers
    }
    assert told == {("api.x.com", f"Bearer {TOKEN}")}
    assert server.world.count("pbs.twimg.com") > 0
    assert TOKEN not in done.stdout + done.stderr
    for path in tmp_path.iterdir():
        if path.name != "auth.json":
            assert TOKEN.encode() not in path.read_bytes()


def test_a_token_file_that_others_can_read_is_refused(tmp_path: Path, server: Server) -> None:
    done = archive_with(tmp_path, server, mode=0o644)
    assert done.returncode == 2
    assert "chmod 600" in done.stderr
    assert "canary" not in done.stderr
    assert server.world.asked == []


def test_without_a_token_it_cannot_be_chosen(tmp_path: Path, server: Server) -> None:
    (tmp_path / "a.txt").write_text("Nothing")
    done = run(
        *("archive", tmp_path / "posts.db", tmp_path / "a.txt"),
        env={"EMBEDARCHIVE_BACKENDS": "api_v2"},
    )
    assert done.returncode == 2
    assert "no token for api.x.com" in done.stderr


# --- hostile answers -----------------------------------------------------------------------------


def test_no_change_of_one_key_is_a_crash(server: Server) -> None:
    tried = 0
    for body in changes(api_body(server.world, [POST.post_id])):
        tried += 1
        try:
            answer = parse(POST.post_id, json.dumps(body).encode())
        except UnexpectedResponse:
            continue
        assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)
        if answer.embed is not None:
            assert_sound(answer.embed)
    assert tried > 500
