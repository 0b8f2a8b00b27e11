"""The syndication backend: cases, recorded answers field by field, and hostile changes to them."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.backends.syndication import BACKEND, token
from embedarchive.errors import UnexpectedResponse
from embedarchive.models import Answer, Embed, Outcome, Response, Target
from tests.backend_cases import cases, check
from tests.loopback import Picture, World
from tests.loopback.syndication import tweet
from tests.mutations import assert_sound, changes
from tests.shared import SHARED, shared

URL = "https://cdn.syndication.twimg.com/tweet-result"


def parse(post_id: str, body: bytes, status: int = 200) -> Answer:
    response = Response(f"{URL}?id={post_id}", status, {}, body, datetime(2026, 9, 1, tzinfo=UTC))
    return BACKEND.parse(Target("x", post_id), response)


@pytest.mark.parametrize("case", cases("syndication"))
def test_case(case: dict[str, Any]) -> None:
    check(case, parse)


def test_a_body_nested_beyond_the_stack_is_unexpected() -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        parse("1", b"[" * 200_000)
    assert caught.value.payload.startswith(b"[[")
    assert caught.value.host == "cdn.syndication.twimg.com"


# --- the token -------------------------------------------------------------------------------

# Made with node: ((Number(id) / 1e15) * Math.PI).toString(36).replace(/(0+|\.)/g, '')
TOKENS = {"20": "6dq1a2xwd93", "1697322795510759929": "444aooo9l2p", "12": "3turnd5qv"}


@pytest.mark.parametrize(("post_id", "expected"), TOKENS.items())
def test_token(post_id: str, expected: str) -> None:
    assert token(post_id) == expected


def test_token_as_javascript_makes_it() -> None:
    lines = shared("recorded/token_vectors.tsv").read_text().splitlines()
    vectors = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len(vectors) == 200
    assert [token(post_id) for post_id, _ in vectors] == [expected for _, expected in vectors]


# --- recorded answers ------------------------------------------------------------------------

RECORDED = sorted((SHARED / "recorded/syndication").glob("[0-9]*.json"))

Read = Callable[[dict[str, Any]], object]
Held = Callable[[Embed], object]


def at(*path: str) -> Read:
    def read(body: dict[str, Any]) -> object:
        value: Any = body
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    return read


def held(path: str) -> Held:
    def read(embed: Embed) -> object:
        value: Any = embed
        for name in path.split("."):
            value = getattr(value, name, None)
        return value

    return read


FIELDS: tuple[tuple[Read, Held], ...] = (
    (at("id_str"), held("target.post_id")),
    (at("created_at"), lambda e: e.created_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")),
    (at("user", "name"), held("author.name")),
    (at("user", "screen_name"), held("author.handle")),
    (at("user", "id_str"), held("author.user_id")),
    (at("user", "profile_image_url_https"), held("author.avatar_url")),
    (at("user", "highlighted_label", "description"), held("author.label")),
    (at("user", "highlighted_label", "badge", "url"), held("author.label_badge_url")),
    (at("user", "highlighted_label", "url", "url"), held("author.label_url")),
    (at("in_reply_to_screen_name"), held("reply_to_handle")),
    (at("in_reply_to_status_id_str"), held("reply_to_id")),
    (at("self_thread", "id_str"), held("thread_id")),
    (at("favorite_count"), held("counts.likes")),
    (at("retweet_count"), held("counts.reposts")),
    (at("possibly_sensitive"), held("is_sensitive")),
    (at("isEdited"), held("edits.is_edited")),
    (at("isStaleEdit"), held("edits.is_stale")),
    (at("card", "name"), held("card.name")),
    (at("card", "binding_values", "title", "string_value"), held("card.title")),
    (at("card", "binding_values", "description", "string_value"), held("card.description")),
    (at("card", "binding_values", "vanity_url", "string_value"), held("card.domain")),
)


def test_recorded_answers_are_there() -> None:
    shared("recorded/syndication")
    assert len(RECORDED) == 31


@pytest.mark.parametrize("path", RECORDED, ids=lambda p: p.stem)
def test_a_recorded_answer_keeps_every_field_that_is_shown(path: Path) -> None:
    body = json.loads(path.read_bytes())
    answer = parse(path.stem, path.read_bytes())
    assert answer.outcome is Outcome.AVAILABLE
    assert answer.embed is not None
    assert_held(body, answer.embed)
    for key, inner in (("quoted_tweet", answer.embed.quote), ("parent", answer.embed.parent)):
        assert (key in body) == (inner is not None)
        if inner is not None:
            assert_held(body[key], inner)


def assert_held(body: dict[str, Any], embed: Embed) -> None:
    for read, kept in FIELDS:
        if (value := read(body)) is not None:
            assert kept(embed) == value, value
    assert_text(body, embed)
    assert_media(body, embed)
    assert embed.is_truncated == ("note_tweet" in body)
    assert embed.edits is not None
    assert list(embed.edits.post_ids) == body["edit_control"]["edit_tweet_ids"]
    replies = body.get("reply_count", body.get("conversation_count"))
    assert embed.counts.replies == replies
    if body["user"].get("is_blue_verified"):
        assert embed.author.verified in ("blue", "business", "government")


def assert_text(body: dict[str, Any], embed: Embed) -> None:
    start, end = body["display_text_range"]
    shown = body["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    expected = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").rstrip()
    assert embed.text == expected
    raw_entities = body.get("entities") or {}
    for entity in embed.entities:
        slice_ = embed.text[entity.start : entity.end]
        assert slice_[0] in {"url": "h", "mention": "@", "hashtag": "#"}[entity.type]
        assert entity.url is not None
        assert not entity.label.isspace()
    visible = [
        (kind, item)
        for kind in ("urls", "user_mentions", "hashtags", "symbols")
        for item in raw_entities.get(kind) or []
        if item["indices"][0] >= start
    ]
    assert len(embed.entities) == len(visible)
    for kind, item in visible:
        if kind == "urls":
            [found] = [e for e in embed.entities if e.label == item["display_url"]]
            assert found.url == item["expanded_url"]
            assert f"https://t.co/{found.code}" == item["url"]
    for item in (raw_entities.get("urls") or []) + body.get("mediaDetails", []):
        assert item["url"].rsplit("/", 1)[1] in embed.codes


def assert_media(body: dict[str, Any], embed: Embed) -> None:
    details = body.get("mediaDetails", [])
    assert len(embed.media) == len(details)
    for item, media in zip(details, embed.media, strict=True):
        assert media.url == item["media_url_https"]
        assert media.type == item["type"].replace("animated_", "")
        assert media.alt == item.get("ext_alt_text")
        assert media.page_url == item["expanded_url"]
        assert (media.width, media.height) == (
            item["original_info"]["width"],
            item["original_info"]["height"],
        )
        film = item.get("video_info", {})
        assert media.duration_ms == film.get("duration_millis")
        assert [(v.url, v.content_type, v.bitrate) for v in media.variants] == [
            (v["url"], v["content_type"], v.get("bitrate")) for v in film.get("variants", [])
        ]
        assert media.availability == item["ext_media_availability"]["status"].lower()
        if views := item.get("ext_media_stats", {}).get("view_count"):
            assert media.views == views


def test_recorded_polls_of_the_other_interface_read_the_same() -> None:
    path = shared("recorded/graphql/TweetResultByRestId-1899954694652309701.json")
    legacy = json.loads(path.read_bytes())
    card = next(find(legacy, "card"))
    body = {**tweet(World(), rich_world().posts["1600000000000000002"]), "card": card}
    embed = parse("1600000000000000002", json.dumps(body).encode()).embed
    assert embed is not None
    assert embed.poll is not None
    assert sum(choice.votes or 0 for choice in embed.poll.choices) == 22
    assert embed.poll.is_final


def find(value: Any, key: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from find(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from find(inner, key)


# --- any text --------------------------------------------------------------------------------

PLAIN = st.text("a &<>\"'🚢é\u0301שنب＃\n", max_size=6)
NAME = st.text("abcdefXYZ_09", min_size=1, max_size=12)
LINKS = st.tuples(st.sampled_from(["@", "#", "$"]), NAME)


@given(st.lists(st.tuples(PLAIN, LINKS), max_size=8), PLAIN, st.booleans())
def test_every_link_keeps_its_words(
    pieces: list[tuple[str, tuple[str, str]]], tail: str, is_utf16: bool
) -> None:
    keys = {
        "@": ("user_mentions", "screen_name"),
        "#": ("hashtags", "text"),
        "$": ("symbols", "text"),
    }
    raw, shown, expected = "", "", []
    entities: dict[str, list[dict[str, object]]] = {}
    for plain, (sign, name) in pieces:
        raw += html.escape(plain, quote=False) + " "
        shown += plain + " "
        words = sign + name
        before = len(raw.encode("utf-16-le")) // 2 if is_utf16 else len(raw)
        key, field = keys[sign]
        item = {"indices": [before, before + len(words)], field: name}
        entities.setdefault(key, []).append(item)
        expected.append((len(shown), words))
        raw += words
        shown += words
    raw += " " + html.escape(tail, quote=False)
    shown += " " + tail
    body = {"id_str": "7", "text": raw, "entities": entities, "user": {"screen_name": "a"}}
    embed = parse("7", json.dumps(body).encode()).embed
    assert embed is not None
    assert embed.text == shown.rstrip()
    found = [(entity.start, embed.text[entity.start : entity.end]) for entity in embed.entities]
    if not is_utf16:
        assert found == expected
    assert {words for _, words in found} <= {words for _, words in expected}


# --- hostile answers -------------------------------------------------------------------------


def rich_world() -> World:
    world = World()
    world.add_post("1590000000000000003", "quay_nine", "Quay Nine", "Quoted & kept")
    world.add_post("1590000000000000004", "quay_nine", "Quay Nine", "Asked first")
    world.add_post(
        "1600000000000000002",
        "harbour_notes",
        "Harbour Notes",
        "🚢 Fog & rain #harbour @quay_nine $SHIP https://t.co/AbCdEfGh12",
        media=(Picture("Fog", alt="Fog"), Picture("Ferry", "video"), Picture("G", "animated_gif")),
        code="MediaCode1",
        links={"AbCdEfGh12": "https://harbour.example/fog"},
        quote="1590000000000000003",
        reply_to="1590000000000000004",
    )
    return world


def rich_bodies() -> list[tuple[str, dict[str, Any]]]:
    world = rich_world()
    body = tweet(world, world.posts["1600000000000000002"])
    for case in (case.values[0] for case in cases("syndication")):
        extra = case.get("body") or {}
        for key in ("card", "birdwatch_pivot", "note_tweet"):
            body.setdefault(key, extra[key]) if key in extra else None
    bodies = [("1600000000000000002", body)]
    for name in ("1637770982000582656", "1917264060225044707", "1952223435469566004"):
        path = SHARED / f"recorded/syndication/{name}.json"
        if path.exists():
            bodies.append((name, json.loads(path.read_bytes())))
    return bodies


@pytest.mark.parametrize(("post_id", "body"), rich_bodies(), ids=lambda v: str(v)[:19])
def test_no_change_of_one_key_is_a_crash(post_id: str, body: dict[str, Any]) -> None:
    tried = 0
    palettes = ("palette", "cropCandidates", "focus_rects")
    for changed in changes(body, without=palettes):
        tried += 1
        try:
            answer = parse(post_id, json.dumps(changed).encode())
        except UnexpectedResponse:
            continue
        assert (answer.embed is not None) == (answer.outcome is Outcome.AVAILABLE)
        if answer.embed is not None:
            assert_sound(answer.embed)
    assert tried > 500
