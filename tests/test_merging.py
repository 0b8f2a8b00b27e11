"""What several backends tell of one post, read as one embed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from embedarchive.merging import merged
from embedarchive.models import (
    Author,
    Capture,
    Counts,
    Embed,
    LinkCard,
    Media,
    Outcome,
    Payload,
    Poll,
    PollChoice,
    Target,
)
from tests.command import run
from tests.loopback import Server

HOSTS = ("cdn.syndication.twimg.com", "publish.x.com", "api.fxtwitter.com")
POST = Target("x", "1657692617044922369")
LONG = "The lens is on the barge, and the barge is at the pier. " * 8
CUT = LONG[:275].rstrip()
PHOTO = Media("photo", "https://pbs.twimg.com/media/A.jpg", width=1200, height=800)


def capture(backend: str, text: str = "The lens is on the barge.", **more: Any) -> Capture:
    author = more.pop("author", Author("SandholmPort", "Harbour"))
    embed = Embed(POST, author, text, **more)
    payload = Payload("sha256:0", b"", "https://x.com/", 200, {})
    at = datetime(2026, 9, 1, tzinfo=UTC)
    return Capture(POST, backend, Outcome.AVAILABLE, at, payload, embed)


def read(*captures: Capture) -> tuple[Embed, dict[str, str]]:
    found = merged(captures)
    assert found is not None
    return found.embed, dict(found.told_by)


def test_one_alone_is_as_it_came() -> None:
    only = capture("syndication", media=(PHOTO,))
    assert read(only, only) == (only.embed, {})
    assert merged([]) is None
    gone = replace(only, outcome=Outcome.DELETED, embed=None)
    assert merged([gone]) is None
    assert read(only, gone) == (only.embed, {})


def test_the_whole_text_of_a_long_post() -> None:
    embed, told_by = read(
        capture("fxtwitter", LONG, codes=("AbCdEfGh12",)),
        capture("syndication", CUT, is_truncated=True, counts=Counts(likes=5), media=(PHOTO,)),
    )
    assert (embed.text, embed.is_truncated, told_by) == (LONG, False, {"text": "fxtwitter"})
    assert (embed.counts.likes, embed.media, embed.codes) == (5, (PHOTO,), ("AbCdEfGh12",))


def test_alt_texts_a_poll_and_what_one_says_of_the_author() -> None:
    poll = Poll((PollChoice("Yes", 3), PollChoice("No", 4)))
    told = Author("sandholmport", "Another name", user_id="7", avatar_url="https://a.example/a.jpg")
    embed, told_by = read(
        capture("oembed", lang="en"),
        capture("fxtwitter", poll=poll, media=(replace(PHOTO, alt="A lens"),), author=told),
        capture("syndication", media=(PHOTO,), card=LinkCard("summary", title="A link")),
    )
    assert embed.media == (replace(PHOTO, alt="A lens"),)
    assert embed.poll == poll
    assert embed.author == replace(told, handle="SandholmPort", name="Harbour")
    assert embed.lang == "en"
    assert told_by == {
        "alt": "fxtwitter",
        "poll": "fxtwitter",
        "author": "fxtwitter",
        "lang": "oembed",
    }


def test_pictures_where_the_one_in_force_tells_none() -> None:
    embed, told_by = read(capture("syndication", media=(PHOTO,)), capture("oembed"))
    assert (embed.media, told_by) == ((PHOTO,), {"media": "syndication"})


def test_what_is_in_force_is_never_overruled() -> None:
    ours = {"lang": "en", "counts": Counts(likes=1), "place": "Sandholm"}
    theirs = {"lang": "da", "counts": Counts(likes=9, replies=2), "place": "Norring"}
    embed, told_by = read(capture("fxtwitter", **theirs), capture("syndication", **ours))
    assert (embed.lang, embed.place) == ("en", "Sandholm")
    assert embed.counts == Counts(likes=1, replies=2)
    assert told_by == {"counts": "fxtwitter"}


@pytest.mark.parametrize(
    "other",
    [
        capture("fxtwitter", "Something else altogether was said here.", lang="en"),
        capture("fxtwitter", "The lens is on the barge. Edited.", lang="en"),
        capture("fxtwitter", lang="en", author=Author("somebody", "Somebody")),
    ],
)
def test_of_another_text_or_author_nothing_is_taken(other: Capture) -> None:
    shown = capture("syndication")
    assert read(other, shown) == (shown.embed, {})


def test_other_pictures_are_not_mixed() -> None:
    film = Media("video", "https://pbs.twimg.com/a.jpg", alt="A film")
    shown = capture("syndication", media=(PHOTO,))
    assert read(capture("fxtwitter", media=(film,)), shown) == (shown.embed, {})


def test_a_long_post_is_had_whole_and_shown_with_who_said_what(tmp_path: Path) -> None:
    cut = json.dumps(
        {
            "__typename": "Tweet",
            "id_str": POST.post_id,
            "text": CUT,
            "note_tweet": {"id": "abc"},
            "user": {"id_str": "7", "name": "Harbour", "screen_name": "SandholmPort"},
        }
    )
    db, article = tmp_path / "posts.db", tmp_path / "a.txt"
    article.write_text(f"https://x.com/SandholmPort/status/{POST.post_id}\n", encoding="utf-8")
    with Server() as server:
        server.world.add_post(POST.post_id, "SandholmPort", "Harbour", LONG)
        server.world.syndication_bodies[POST.post_id] = cut.encode()
        names = {"EMBEDARCHIVE_BACKENDS": "syndication,oembed,fxtwitter"}
        done = run("archive", db, article, "--no-media", endpoints=server.base, env=names)
        assert done.returncode == 0, done.stderr
        # oEmbed would cut the text as well.
        assert [server.world.count(host) for host in HOSTS] == [1, 0, 1]
    shown = json.loads(run("show", db, POST.post_id, "--format", "json").stdout)
    assert LONG.strip() in json.dumps(shown, ensure_ascii=False)
    assert run("render", db, "-o", tmp_path / "site").returncode == 0
    page = (tmp_path / "site" / "posts" / f"x-{POST.post_id}.html").read_text(encoding="utf-8")
    assert "the whole text" in page.partition('class="held"')[2].partition("captured")[0]
    assert "The text goes on" not in page
    assert run("check", db).returncode == 0


def test_all_are_asked_where_that_is_wished(tmp_path: Path) -> None:
    db, article = tmp_path / "posts.db", tmp_path / "a.txt"
    article.write_text(f"https://x.com/SandholmPort/status/{POST.post_id}\n", encoding="utf-8")
    with Server() as server:
        server.world.add_post(POST.post_id, "SandholmPort", "Harbour", "Short", likes=4)
        names = {"EMBEDARCHIVE_BACKENDS": "syndication,oembed", "EMBEDARCHIVE_ASK_ALL": "1"}
        done = run("archive", db, article, "--no-media", endpoints=server.base, env=names)
        assert done.returncode == 0, done.stderr
        assert [server.world.count(host) for host in HOSTS] == [1, 1, 0]
    visits = run("history", db, POST.post_id, "--nl").stdout.splitlines()
    assert [json.loads(line)["backend"] for line in visits] == ["oembed", "syndication"]


def test_a_reason_is_told_only_in_the_place_of_a_post() -> None:
    reasons = {"quote_reason": "Suspended.", "parent_reason": "Deleted."}
    quoted = Embed(Target("x", "20"), Author("SandholmPort", "Harbour"), "Setting up")
    embed, told_by = read(capture("fxtwitter", **reasons), capture("syndication", quote=quoted))
    assert (embed.quote_reason, embed.parent_reason) == (None, "Deleted.")
    assert told_by == {"parent_reason": "fxtwitter"}
