"""capture: which backends are asked, what is kept of each, and which pictures are fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
import stamina

from embedarchive.capture import MediaFailure, capture, fetch_media, sniff
from embedarchive.config import Settings
from embedarchive.errors import RateLimited, TooLarge, UnexpectedResponse, Unreachable, UsageError
from embedarchive.models import (
    Author,
    Embed,
    LinkCard,
    Media,
    MediaVariant,
    Outcome,
    StoredMedia,
    Target,
)
from embedarchive.net import Client
from tests.loopback import Picture, Reply, Server, faults, pictures, recorded
from tests.shared import shared

SYNDICATION = "cdn.syndication.twimg.com"
POST = "1600000000000000002"
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
WORDS_ONLY = Settings(media=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.world.add_post(POST, "harbour_notes", "Harbour Notes", "Fog over the pier")
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with (
        stamina.set_testing(True, attempts=2, cap=True),
        Client(user_agent="tests", endpoints=server.endpoints, clock=lambda: NOW) as client,
    ):
        yield client


def visit(net: Client, settings: Settings = WORDS_ONLY, post_id: str = POST):  # type: ignore[no-untyped-def]
    return capture(Target("x", post_id), "harbour_notes", fetch=net, settings=settings)


def test_the_first_good_answer_ends_it(server: Server, net: Client) -> None:
    result = visit(net)
    [kept] = result.captures
    assert not result.failures
    assert kept.outcome is Outcome.AVAILABLE
    assert kept.backend == "syndication"
    assert kept.captured_at == NOW
    assert kept.embed is not None
    assert kept.embed.text == "Fog over the pier"
    assert kept.payload.digest == f"sha256:{hashlib.sha256(kept.payload.body).hexdigest()}"
    assert kept.payload.status == 200
    assert kept.payload.headers["content-type"].startswith("application/json")
    assert kept.payload.url.startswith(f"https://{SYNDICATION}/tweet-result?")
    assert f"&id={POST}&token=" in kept.payload.url
    assert {asked.host for asked in server.world.asked} == {SYNDICATION}


def test_the_settings_choose_the_backends_and_their_order(server: Server, net: Client) -> None:
    settings = Settings(media=False, backends=("oembed", "syndication"))
    assert [kept.backend for kept in visit(net, settings).captures] == ["oembed"]
    assert not visit(net, Settings(media=False, backends=())).captures
    assert {asked.host for asked in server.world.asked} == {"publish.x.com"}


def test_a_backend_that_does_not_exist_is_wrong_use(server: Server, net: Client) -> None:
    with pytest.raises(UsageError, match="no such backend: nobody"):
        visit(net, Settings(backends=("syndication", "nobody")))
    assert not server.world.asked


def test_a_post_of_another_network_asks_nobody(server: Server, net: Client) -> None:
    result = capture(Target("bluesky", "3k"), None, fetch=net, settings=WORDS_ONLY)
    assert (result.captures, result.failures) == ((), ())
    assert not server.world.asked


def test_a_post_that_is_proven_gone_is_asked_once(server: Server, net: Client) -> None:
    server.world.add_post(
        "1600000000000000003",
        "gone_gull",
        "Gull",
        "",
        gone="This Post was deleted by the Post author.",
    )
    [kept] = visit(net, post_id="1600000000000000003").captures
    assert kept.outcome is Outcome.DELETED
    assert kept.embed is None
    assert kept.reason == "This Post was deleted by the Post author."
    assert len(server.world.asked) == 1


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        (faults.empty_object(), Outcome.UNKNOWN),
        (faults.html_not_found(), Outcome.NOT_FOUND),
    ],
)
def test_an_answer_that_proves_nothing_is_kept_and_the_next_is_asked(
    server: Server, net: Client, fault: Reply, first: Outcome
) -> None:
    server.world.fault(SYNDICATION, fault)
    kept, second = visit(net).captures
    assert (kept.outcome, second.outcome) == (first, Outcome.AVAILABLE)
    assert kept.payload.body == fault.body
    assert second.backend == "oembed"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.rate_limited("99999"), RateLimited),
        (faults.wrong_id, UnexpectedResponse),
        (faults.closed(), Unreachable),
        (faults.gzip_bomb(), TooLarge),
    ],
)
def test_what_could_not_be_asked_is_a_failure_and_the_next_is_asked(
    server: Server, net: Client, fault: Reply, kind: type[Exception]
) -> None:
    server.world.fault(SYNDICATION, fault)
    result = visit(net)
    assert [type(failure) for failure in result.failures] == [kind]
    assert result.failures[0].host == SYNDICATION
    assert [kept.backend for kept in result.captures] == ["oembed"]


def test_an_answer_for_another_post_is_evidence_and_no_capture(server: Server, net: Client) -> None:
    server.world.fault(SYNDICATION, faults.wrong_id)
    result = visit(net)
    [kept] = result.refused
    assert (kept.target, kept.backend) == (Target("x", POST), "syndication")
    assert kept.reason == f"asked for post {POST}, answered 1500000000000000001"
    assert kept.answered == "1500000000000000001"
    assert b"somebody_else" in kept.payload.body
    assert (kept.payload.status, kept.received_at) == (200, NOW)
    assert kept.payload.digest == f"sha256:{sha256(kept.payload.body).hexdigest()}"
    assert [answer.backend for answer in result.captures] == ["oembed"]


def test_an_index_of_the_archive_that_is_none_is_evidence(server: Server, net: Client) -> None:
    page = Reply(200, b"<title>Down for maintenance</title>", faults.HTML)
    server.world.fault("web.archive.org", page)
    result = visit(net, Settings(media=False, backends=("wayback",)))
    assert [kept.payload.body for kept in result.refused] == [page.body]
    assert [type(failure) for failure in result.failures] == [UnexpectedResponse]


def test_nobody_answers(server: Server, net: Client) -> None:
    server.world.fault("*", faults.server_error())
    result = visit(net)
    assert not result.captures
    assert len(result.failures) == 2


@pytest.mark.parametrize("backend", ["syndication", "oembed", "fxtwitter"])
def test_every_recorded_answer_passes_through(server: Server, net: Client, backend: str) -> None:
    shared("recorded")
    recorded.load(server.world)
    bodies = getattr(server.world, f"{backend}_bodies")
    settings = Settings(media=False, backends=(backend,))
    for post_id, body in bodies.items():
        [kept] = visit(net, settings, post_id).captures
        assert kept.outcome is Outcome.AVAILABLE
        assert kept.payload.body == body


# --- media -----------------------------------------------------------------------------------


def stored(items: object) -> dict[str, StoredMedia]:
    return {item.url: item for item in items if isinstance(item, StoredMedia)}  # type: ignore[attr-defined]


def test_everything_shown_is_fetched_once_at_its_largest(server: Server, net: Client) -> None:
    world = server.world
    world.add_post(
        "1590000000000000003",
        "harbour_notes",
        "Harbour Notes",
        "Quoted",
        media=(Picture("Gull", "animated_gif"),),
        code="GullMedia1",
    )
    world.add_post(
        "1600000000000000004",
        "harbour_notes",
        "Harbour Notes",
        "Fog",
        media=(Picture("Fog", extension="png"), Picture("Ferry", "video")),
        code="FogMedia01",
        quote="1590000000000000003",
    )
    result = visit(net, Settings(), "1600000000000000004")
    assert not result.media_failures
    found = stored(result.media)
    assert len(found) == len(result.media) == 6
    photo = found["https://pbs.twimg.com/media/Fog.png"]
    assert photo.content_type == "image/png"
    assert photo.content == pictures.png(1500, 1000, "/media/Fog.png orig")
    assert photo.sha256 == hashlib.sha256(photo.content).hexdigest()
    avatar = found["https://pbs.twimg.com/profile_images/1/harbour_notes_normal.jpg"]
    assert b"_400x400.jpg" in avatar.content
    best = "https://video.twimg.com/ext_tw_video/1600000000000000004/pu/vid/avc1/1280x720/Ferry.mp4?tag=12"
    assert found[best].content_type == "video/mp4"
    assert found["https://video.twimg.com/tweet_video/Gull.mp4"].content_type == "video/mp4"


def embed_with(**more: object) -> Embed:
    return Embed(Target("x", POST), Author("harbour_notes", "Harbour Notes"), "Fog", **more)  # type: ignore[arg-type]


def test_a_photo_falls_back_from_the_original_down(server: Server, net: Client) -> None:
    server.world.missing |= {"/media/Fog.jpg?name=orig", "/media/Fog.jpg?name=4096x4096"}
    embed = embed_with(media=(Media("photo", "https://pbs.twimg.com/media/Fog.jpg"),))
    [item] = fetch_media(embed, net, 10_000_000)
    assert isinstance(item, StoredMedia)
    assert b"/media/Fog.jpg large" in item.content
    assert item.url == "https://pbs.twimg.com/media/Fog.jpg"


@pytest.mark.parametrize(
    "url",
    [
        "https://pbs.twimg.com/media/Fog?format=png&name=small",
        "https://pbs.twimg.com/media/Fog.png:large",
        "https://pbs.twimg.com/media/Fog.png",
    ],
)
def test_all_forms_of_a_photo_lead_to_its_original(server: Server, net: Client, url: str) -> None:
    [item] = fetch_media(embed_with(media=(Media("photo", url),)), net, 10_000_000)
    assert isinstance(item, StoredMedia)
    assert item.content == pictures.png(1500, 1000, "/media/Fog.png orig")
    assert item.url == url


def test_a_film_too_large_gives_way_to_a_smaller_one(server: Server, net: Client) -> None:
    base = "https://video.twimg.com/v"
    server.world.fault("video.twimg.com", Reply(200, b"x" * 5000), path="/v/large")
    film = Media(
        "video",
        "https://pbs.twimg.com/ext_tw_video_thumb/1/p.jpg",
        variants=(
            MediaVariant(f"{base}/small.mp4", "video/mp4", 1),
            MediaVariant(f"{base}/hevc/huge.mp4", "video/mp4", 9),
            MediaVariant(f"{base}/large.mp4", "video/mp4", 5),
            MediaVariant(f"{base}/list.m3u8", "application/x-mpegURL"),
        ),
    )
    [poster, item] = fetch_media(embed_with(media=(film,)), net, 4500)
    assert isinstance(poster, StoredMedia)
    assert isinstance(item, StoredMedia)
    assert item.url == f"{base}/small.mp4"


@pytest.mark.parametrize(
    "body",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"",
        b"\x00\x00\x00\x18ftypavif",
        pictures.mp4(),
    ],
)
def test_what_is_no_picture_is_not_stored(server: Server, net: Client, body: bytes) -> None:
    server.world.fault("pbs.twimg.com", Reply(200, body, {"content-type": "image/jpeg"}))
    card = LinkCard("summary", image_url="https://pbs.twimg.com/card_img/1/a?name=orig")
    [item] = fetch_media(embed_with(card=card), net, 10_000)
    assert isinstance(item, MediaFailure)
    assert item.url == card.image_url
    assert item.error is None


def test_what_is_gone_or_cannot_be_asked_is_told_apart(server: Server, net: Client) -> None:
    server.world.missing.add("/profile_images/1/a_normal.jpg")
    author = Author("a", "A", avatar_url="https://pbs.twimg.com/profile_images/1/a_normal.jpg")
    server.world.missing.add("/profile_images/1/a_400x400.jpg")
    server.world.fault("video.twimg.com", faults.closed())
    film = Media("gif", "https://pbs.twimg.com/tweet_video_thumb/g.jpg")
    film = replace(film, variants=(MediaVariant("https://video.twimg.com/g.mp4", "video/mp4", 0),))
    embed = replace(embed_with(media=(film,)), author=author)
    gone, still, unreachable = fetch_media(embed, net, 10_000_000)
    assert gone == MediaFailure(author.avatar_url or "", "answered 404")
    assert isinstance(still, StoredMedia)
    assert isinstance(unreachable, MediaFailure)
    assert isinstance(unreachable.error, Unreachable)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pictures.jpeg(8, 8), "image/jpeg"),
        (pictures.png(1, 1), "image/png"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x1a\x00\x00\x00WEBPVP8L", "image/webp"),
        (pictures.mp4(), "video/mp4"),
        (b"RIFF\x1a\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypheic", None),
        (b" \xff\xd8\xff", None),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_sniff(content: bytes, kind: str | None) -> None:
    assert sniff(content) == kind
