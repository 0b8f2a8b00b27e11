"""Pictures and films that are gone from their host, out of the Wayback Machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import stamina

from embedarchive.capture import MediaFailure, fetch_media
from embedarchive.errors import ServerFailure
from embedarchive.models import (
    AttachedArticle,
    Author,
    Embed,
    Media,
    MediaVariant,
    StoredMedia,
    Target,
)
from embedarchive.net import Client
from tests.command import run
from tests.loopback import Copy, Picture, Reply, Server, faults, pictures

PHOTO = "https://pbs.twimg.com/media/FogAbCd.jpg"
FILM = "https://video.twimg.com/ext_tw_video/1/pu/vid/640x360/FogFilm.mp4"
AVATAR = "https://pbs.twimg.com/profile_images/1/fog_normal.jpg"
JPEG, MP4 = {"content-type": "image/jpeg"}, {"content-type": "video/mp4"}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.world.fault("pbs.twimg.com", faults.html_not_found())
        running.world.fault("video.twimg.com", faults.html_not_found())
        yield running


@pytest.fixture
def net(server: Server) -> Iterator[Client]:
    with (
        stamina.set_testing(True, attempts=1),
        Client(user_agent="tests", endpoints=server.endpoints, retries=0) as client,
    ):
        yield client


def embed(*media: Media, avatar: str | None = None) -> Embed:
    return Embed(Target("x", "1"), Author("fog", "Fog", avatar_url=avatar), "Fog", media=media)


def held(server: Server, url: str, body: bytes, at: str = "20200101000000", **more: object) -> None:
    reply = Reply(200, body, **({"headers": JPEG} | more))  # type: ignore[arg-type]
    server.world.copies.append(Copy(at, url, reply))


def test_the_largest_copy_is_taken_and_listed_as_the_post_names_it(
    server: Server, net: Client
) -> None:
    small, large = pictures.jpeg(680, 400, "small"), pictures.jpeg(2048, 1200, "large")
    held(server, "http://pbs.twimg.com/media/FogAbCd.jpg", small)
    held(server, "https://pbs.twimg.com/media/FogAbCd?format=jpg&name=large", large)
    held(server, "https://pbs.twimg.com/media/FogAbCe.jpg", b"\xff\xd8\xff another")
    (found,) = fetch_media(embed(Media("photo", PHOTO)), net, 1 << 20)
    assert isinstance(found, StoredMedia)
    assert (found.content, found.url, found.content_type) == (large, PHOTO, "image/jpeg")
    copy = "https://pbs.twimg.com/media/FogAbCd?format=jpg&name=large"
    assert found.memento == f"https://web.archive.org/web/20200101000000id_/{copy}"
    assert server.world.count("web.archive.org") == 2


def test_an_avatar_of_another_size_and_a_film(server: Server, net: Client) -> None:
    held(server, AVATAR.replace("_normal", "_400x400"), pictures.jpeg(400, 400, "face"))
    held(server, f"{FILM}?tag=10", pictures.mp4("film"), headers=MP4)
    film = Media("video", PHOTO, variants=(MediaVariant(FILM, "video/mp4", 832_000),))
    found = list(fetch_media(embed(film, avatar=AVATAR), net, 1 << 20))
    assert [type(one).__name__ for one in found] == ["StoredMedia", "MediaFailure", "StoredMedia"]
    assert [one.url for one in found] == [AVATAR, PHOTO, FILM]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<svg onload=alert(1)>", {"content-type": "image/svg+xml"}),
        Reply(200, b"<html>Not here</html>", faults.HTML),
        Reply(200, b"\xff\xd8\xff" + bytes(5000), JPEG),
        Reply(404, b"", JPEG),
    ],
)
def test_no_copy_that_can_be_kept_is_no_picture(server: Server, net: Client, reply: Reply) -> None:
    server.world.copies.append(Copy("20200101000000", PHOTO, reply))
    (found,) = fetch_media(embed(Media("photo", PHOTO)), net, 4000)
    assert isinstance(found, MediaFailure)
    assert found.error is None  # another try is pointless


def test_an_archive_that_cannot_be_asked_may_be_asked_again(server: Server, net: Client) -> None:
    server.world.fault("web.archive.org", faults.server_error(503))
    (found,) = fetch_media(embed(Media("photo", PHOTO)), net, 1 << 20)
    assert isinstance(found, MediaFailure)
    assert isinstance(found.error, ServerFailure)


def test_other_hosts_are_not_looked_for(server: Server, net: Client) -> None:
    server.world.fault("*", faults.html_not_found())
    (found,) = fetch_media(embed(Media("photo", "https://elsewhere.example/a.jpg")), net, 1 << 20)
    assert isinstance(found, MediaFailure)
    assert server.world.count("web.archive.org") == 0


def test_pictures_of_a_repeated_post_and_of_an_article_are_wanted(
    server: Server, net: Client
) -> None:
    cover = "https://pbs.twimg.com/media/FogCover.jpg"
    held(server, PHOTO, pictures.jpeg(680, 400, "photo"))
    held(server, cover, pictures.jpeg(680, 400, "cover"))
    repeated = replace(
        embed(Media("photo", PHOTO)), article=AttachedArticle("On fog", image_url=cover)
    )
    found = fetch_media(replace(embed(), repost=repeated), net, 1 << 20)
    assert {item.url for item in found if isinstance(item, StoredMedia)} == {PHOTO, cover}


def test_where_a_picture_came_from_is_shown(server: Server, tmp_path: Path) -> None:
    post = "1600000000000000002"
    server.world.add_post(post, "fog", "Fog", "Fog again", media=(Picture("FogAbCd"),))
    held(server, PHOTO, pictures.jpeg(680, 400, "photo"), at="20200131235900")
    article, db = tmp_path / "a.txt", tmp_path / "posts.db"
    article.write_text(f"See https://x.com/fog/status/{post}")
    settings = {"EMBEDARCHIVE_BACKENDS": "syndication"}
    run("archive", "-q", db, article, endpoints=server.base, env=settings)
    when = "31 January 2020, 23:59 UTC"
    card = " ".join(run("show", db, post).stdout.replace("│", " ").split())
    assert f"from the Wayback Machine’s copy of {when}" in card
    rows = [json.loads(line) for line in run("history", db, post, "--nl").stdout.splitlines()]
    (row,) = (row for row in rows if row["outcome"] == "media")
    assert row["backend"] == "wayback"
    assert row["reason"].endswith(f"is https://web.archive.org/web/20200131235900id_/{PHOTO}")
    assert set(row) == set(rows[0])
    assert f"web/20200131235900id_/{PHOTO}" in run("history", db, post, "-t").stdout.replace(
        "\n", ""
    )
    run("render", "-q", db, "-o", tmp_path / "site")
    page = next((tmp_path / "site" / "posts").glob("*.html")).read_text(encoding="utf-8")
    assert f"the Wayback Machine’s copy of {when}" in page
