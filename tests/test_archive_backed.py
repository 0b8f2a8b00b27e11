"""The main job with what is slow or costly: the Wayback Machine, found by handle and day alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import run
from tests.loopback import Server, life
from tests.loopback.wayback import archive

LENS = "1657692617044922369"  # 2023-05-14 10:21:33 UTC
OTHER = "1657692617044922399"
ARTICLE = """\
Lighthouse lens comes home

The harbour office said on Sunday that the lens would be lifted at ten.

The lens is on the barge. Come and see it lifted at ten
— Sandholm Harbour (@SandholmPort) May 14, 2023

The tower is open on Saturdays.
"""
SETTINGS = {
    "EMBEDARCHIVE_RESOLVERS": "code_join,redirect,wayback_cdx",
    "EMBEDARCHIVE_BACKENDS": "syndication,oembed,wayback",
    "EMBEDARCHIVE_WAYBACK_PACING": "0",
    "EMBEDARCHIVE_MEDIA": "no",
}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        world = running.world
        post = world.add_post(
            LENS, "SandholmPort", "Sandholm Harbour",
            "The lens is on the barge. Come and see it lifted at ten",
        )  # fmt: skip
        archive(world, post, "page", at="20230601000000")
        other = world.add_post(OTHER, "SandholmPort", "Sandholm Harbour", "No ferry on Monday")
        archive(world, other, "page", at="20230601000000")
        yield running


def archived(folder: Path, server: Server, **settings: str) -> str:
    article = folder / "article.txt"
    article.write_text(ARTICLE)
    done = run(
        *("archive", folder / "posts.db", article),
        endpoints=server.base,
        env={**SETTINGS, **settings},
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(folder / "posts.db")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_a_post_known_by_its_words_alone_is_identified_and_verified(
    tmp_path: Path, server: Server
) -> None:
    said = archived(tmp_path, server)
    assert "1 identified" in said
    assert "1 verified" in said
    assert rows(tmp_path, "SELECT backend, outcome FROM captures") == [("syndication", "available")]
    taken, refused = rows(
        tmp_path,
        "SELECT rule, level, refused, evidence FROM resolutions"
        " WHERE rule = 'wayback_cdx' ORDER BY refused IS NOT NULL",
    )
    assert taken[:3] == ("wayback_cdx", "matched", None)
    assert json.loads(str(taken[3]))["copy"] == (
        f"https://web.archive.org/web/20230601000000id_/https://twitter.com/SandholmPort/status/{LENS}"
    )
    assert refused[2] == "its archived copy says something else"


def test_a_gone_post_is_shown_as_it_was_and_told_to_be_gone(tmp_path: Path, server: Server) -> None:
    server.world.live(LENS, {0: life.deleted()})
    said = archived(tmp_path, server)
    assert "1 deleted" in said
    assert rows(tmp_path, "SELECT backend, outcome, reason FROM captures ORDER BY id") == [
        ("wayback", "available", "as archived on 2023-06-01 00:00:00 UTC"),
        ("syndication", "deleted", "This Post was deleted by the Post author."),
    ]
    assert rows(tmp_path, "SELECT post_id, outcome FROM gone") == [(LENS, "deleted")]
    assert rows(tmp_path, "SELECT backend FROM snapshots") == [("wayback",)]
    asked = len(server.world.asked)
    archived(tmp_path, server)
    assert len(server.world.asked) == asked


def test_without_it_the_reference_stays_a_stub(tmp_path: Path, server: Server) -> None:
    archived(tmp_path, server, EMBEDARCHIVE_RESOLVERS="code_join,redirect")
    assert server.world.asked == []
    assert rows(tmp_path, "SELECT COUNT(*) FROM captures") == [(0,)]


def test_an_unknown_resolver_is_wrong_use(tmp_path: Path, server: Server) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    done = run(
        *("archive", tmp_path / "posts.db", tmp_path / "a.txt"),
        endpoints=server.base,
        env={"EMBEDARCHIVE_RESOLVERS": "guess"},
    )
    assert done.returncode == 2
    assert "no such resolver: guess" in done.stderr
