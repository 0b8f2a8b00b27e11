"""FxTwitter: cases, the recorded answers, both versions, hostile changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from embedarchive.backends.fxtwitter import BACKEND
from embedarchive.config import Settings
from embedarchive.errors import UnexpectedResponse
from embedarchive.models import Answer, Outcome, Response, Target
from embedarchive.net import Client
from tests.backend_cases import cases, check
from tests.loopback import Picture, Server, World, life
from tests.loopback.fxtwitter import fxtwitter
from tests.loopback.world import Asked
from tests.mutations import assert_sound, changes
from tests.shared import shared

NOW = datetime(2026, 9, 1, tzinfo=UTC)
POST = Target("x", "1600000000000000002")


def parse(post_id: str, body: bytes, status: int = 200) -> Answer:
    url = f"https://api.fxtwitter.com/2/status/{post_id}"
    return BACKEND.parse(Target("x", post_id), Response(url, status, {}, body, NOW))


@pytest.mark.parametrize("case", cases("fxtwitter"))
def test_case(case: dict[str, Any]) -> None:
    check(case, parse)


def test_it_is_off_by_default() -> None:
    assert "fxtwitter" not in Settings().backends


def test_the_recorded_answer_keeps_every_field_that_is_shown() -> None:
    raw = shared("recorded/fxtwitter/status-v1-1548602399862013953.json").read_bytes()
    told = json.loads(raw)["tweet"]
    answer = parse("1548602399862013953", raw)
    embed = answer.embed
    assert embed is not None
    assert embed.text == told["text"]
    assert embed.author.handle == told["author"]["screen_name"]
    assert embed.author.avatar_url == told["author"]["avatar_url"]
    assert embed.created_at is not None
    assert embed.created_at.timestamp() == told["created_timestamp"]
    counts = embed.counts
    assert (counts.likes, counts.reposts, counts.replies, counts.views) == (46, 3, 9, 342)
    [film] = embed.media
    [video] = told["media"]["videos"]
    assert (film.url, film.variants[0].url) == (video["thumbnail_url"], video["url"])
    assert film.duration_ms == 25133


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [("error-401", 401, Outcome.PROTECTED), ("error-404", 404, Outcome.NOT_FOUND)],
)
def test_recorded_refusals(name: str, status: int, expected: Outcome) -> None:
    body = shared(f"recorded/fxtwitter/{name}.json").read_bytes()
    assert parse("1", body, status).outcome is expected


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(rich_world()) as running:
        yield running


def rich_world() -> World:
    world = World()
    world.add_post("1590000000000000003", "quay_nine", "Quay Nine", "Quoted & kept")
    world.add_post("1590000000000000004", "quay_nine", "Quay Nine", "Asked first")
    world.add_post(
        POST.post_id,
        "harbour_notes",
        "Harbour Notes",
        "🚢 Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12",
        media=(Picture("Fog", alt="Fog"), Picture("Ferry", "video"), Picture("G", "animated_gif")),
        code="MediaCode1",
        links={"AbCdEfGh12": "https://harbour.example/fog"},
        quote="1590000000000000003",
        reply_to="1590000000000000004",
    )
    return world


@pytest.mark.parametrize("path", [f"/2/status/{POST.post_id}", f"/a/status/{POST.post_id}/en"])
def test_both_versions_say_the_same(path: str) -> None:
    body = fxtwitter(rich_world(), Asked("api.fxtwitter.com", path, {}, {})).body
    embed = parse(POST.post_id, body).embed
    assert embed is not None
    assert embed.text == "🚢 Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12"
    assert [entity.type for entity in embed.entities] == ["hashtag", "mention", "url"]
    assert [media.type for media in embed.media] == ["photo", "video", "gif"]
    assert embed.quote is not None
    assert embed.quote.text == "Quoted & kept"
    assert (embed.reply_to_handle, embed.reply_to_id) == ("quay_nine", "1590000000000000004")
    assert embed.counts.reposts == 3


def test_a_life(server: Server) -> None:
    world = server.world
    world.live(
        POST.post_id,
        {
            1: life.born(),
            2: life.edited("Fog, still", "1600000000000000001", POST.post_id),
            3: life.renamed("pier_notes", "Pier Notes"),
            4: life.protected(),
            5: life.deleted(),
            6: life.returned(),
        },
    )
    seen = []
    with Client(user_agent="tests", endpoints=server.endpoints) as net:
        for day in range(7):
            world.clock = day
            answer = BACKEND.parse(POST, BACKEND.ask(POST, None, net))
            embed = answer.embed
            seen.append((answer.outcome.value, embed and embed.author.handle, embed and embed.text))
    words = "🚢 Fog & rain #harbour @quay_nine https://t.co/AbCdEfGh12"
    assert seen == [
        ("not_found", None, None),
        ("available", "harbour_notes", words),
        ("available", "harbour_notes", "Fog, still"),
        ("available", "pier_notes", "Fog, still"),
        ("protected", None, None),
        ("not_found", None, None),
        ("available", "pier_notes", "Fog, still"),
    ]


def test_no_change_of_one_key_is_a_crash() -> None:
    asked = Asked("api.fxtwitter.com", f"/2/status/{POST.post_id}", {}, {})
    bodies = [json.loads(fxtwitter(rich_world(), asked).body)]
    bodies += [case.values[0].get("body") for case in cases("fxtwitter")]
    tried = 0
    for changed in (changed for body in bodies if body for changed in changes(body)):
        tried += 1
        try:
            answer = parse(POST.post_id, json.dumps(changed).encode())
        except UnexpectedResponse:
            continue
        assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)
        if answer.embed is not None:
            assert_sound(answer.embed)
    assert tried > 1000
