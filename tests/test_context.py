"""Threads, quoted and answered posts: captured step by step, shown together, gaps named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import run
from tests.loopback import Server
from tests.loopback.syndication import tombstone

FIRST = 1658015607813058000
SERVICE = "cdn.syndication.twimg.com"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def tell(server: Server, number: int, **more: object) -> None:
    """A post whose answer only names what it quotes and answers."""
    body = {
        "__typename": "Tweet",
        "id_str": str(FIRST + number),
        "text": f"Step {number} of the stairs",
        "user": {"id_str": "7", "name": "Norring", "screen_name": "norringclocks"},
        **more,
    }
    server.world.syndication_bodies[str(FIRST + number)] = json.dumps(body).encode()


def answers(number: int) -> dict[str, str]:
    return {"in_reply_to_status_id_str": str(FIRST + number)}


def archived(server: Server, folder: Path, number: int, depth: int) -> Path:
    article, db = folder / "a.txt", folder / "posts.db"
    article.write_text(f"https://x.com/norringclocks/status/{FIRST + number}\n", encoding="utf-8")
    names = {"EMBEDARCHIVE_THREAD_DEPTH": str(depth), "EMBEDARCHIVE_BACKENDS": "syndication"}
    done = run("archive", db, article, "--no-media", endpoints=server.base, env=names)
    assert done.returncode == 0, done.stderr
    assert run("check", db).returncode == 0
    return db


def page(db: Path, number: int) -> str:
    site = db.with_name("site")
    assert run("render", db, "-o", site).returncode == 0
    return (site / "posts" / f"x-{FIRST + number}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("depth", [0, 1, 3, 20])
def test_a_thread_is_captured_as_deep_as_is_wished(
    server: Server, tmp_path: Path, depth: int
) -> None:
    for number in range(6):
        tell(server, number, **(answers(number - 1) if number else {}))
    db = archived(server, tmp_path, 5, depth)
    held = min(depth, 5)
    assert server.world.count(SERVICE) == 1 + held
    shown = page(db, 5)
    places = [shown.find(f"Step {number} of the stairs") for number in range(5 - held, 6)]
    assert -1 not in places
    assert places == sorted(places)  # oldest first
    assert f"Step {4 - held} of" not in shown


def test_a_circle_ends(server: Server, tmp_path: Path) -> None:
    for number in range(3):
        tell(server, number, **answers((number + 1) % 3), quoted_status_id_str=str(FIRST + number))
    db = archived(server, tmp_path, 0, 20)
    assert server.world.count(SERVICE) == 3
    shown = page(db, 0)
    assert all(f"Step {number} of" in shown for number in range(3))


def test_a_gap_is_said_to_be_one(server: Server, tmp_path: Path) -> None:
    tell(server, 1, **answers(0), quoted_status_id_str=str(FIRST + 2))
    gone = tombstone("This Post was deleted by the Post author.")
    server.world.syndication_bodies[str(FIRST)] = json.dumps(gone).encode()
    gone = tombstone("This Post is from a suspended account.")
    server.world.syndication_bodies[str(FIRST + 2)] = json.dumps(gone).encode()
    shown = page(archived(server, tmp_path, 1, 1), 1)
    assert "The post it answers is not held: the post was deleted." in shown
    assert "which is not held: the account is suspended" in shown


def test_a_quoted_post_is_shown_whole_and_a_second_run_asks_nothing(
    server: Server, tmp_path: Path
) -> None:
    tell(server, 1, quoted_status_id_str=str(FIRST))
    tell(server, 0)
    db = archived(server, tmp_path, 1, 1)
    shown = page(db, 1)
    assert "Step 0 of the stairs" in shown
    assert "not held" not in shown
    asked = len(server.world.asked)
    archived(server, tmp_path, 1, 1)
    assert len(server.world.asked) == asked


def test_what_was_taken_down_is_not_put_in(server: Server, tmp_path: Path) -> None:
    tell(server, 1, **answers(0))
    tell(server, 0)
    db = archived(server, tmp_path, 1, 1)
    assert run("forget", "--yes", db, str(FIRST)).returncode == 0
    assert "Step 0 of" not in page(db, 1)
