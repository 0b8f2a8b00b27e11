"""`refresh` end to end: the life of posts after the first visit, with the real command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command import ROOT, run
from tests.loopback import Picture, Server, faults

LENS = "1657692617044922369"  # 2023-05-14
TURN = "1658015607813058999"
ALWAYS = {"EMBEDARCHIVE_REFRESH": "later: 0h,gone: 0h,losing: 1"}
GONE_YEARLY = {"EMBEDARCHIVE_REFRESH": "later: 0h,gone: 1y,losing: 1"}
TEXT = "The lens is on the barge, and the barge is at the pier."
DELETED = "This Post was deleted by the Post author."


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        tell(running)
        yield running


@pytest.fixture
def db(server: Server, tmp_path: Path) -> Path:
    article = tmp_path / "article.txt"
    article.write_text(
        f"News\n\n{TEXT}\n— Sandholm Harbour (@SandholmPort) May 14, 2023 "
        f"https://x.com/SandholmPort/status/{LENS}\n\nThe end.\n",
        encoding="utf-8",
    )
    path = tmp_path / "posts.db"
    done = run("archive", path, article, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    return path


def tell(server: Server, **more: object) -> None:
    facts = {"text": TEXT, "media": (Picture("Barge"),), "code": "Qw7LmT2xVd", **more}
    server.world.add_post(LENS, "SandholmPort", "Sandholm Harbour", **facts)  # type: ignore[arg-type]


def refresh(db: Path, server: Server, *flags: str, env: dict[str, str] | None = None) -> str:
    done = run("refresh", db, *flags, endpoints=server.base, env=env or ALWAYS)
    assert done.returncode == 0, done.stderr
    return done.stderr


def visits(db: Path) -> list[dict[str, object]]:
    lines = run("history", db, LENS, "--nl").stdout.splitlines()
    return [json.loads(line) for line in lines]


def shown(db: Path) -> dict[str, object]:
    (row,) = json.loads(run("list", db, "--json").stdout)
    found: dict[str, object] = row
    return found


def test_nothing_is_due_right_after_the_first_visit(server: Server, db: Path) -> None:
    asked = len(server.world.asked)
    done = run("refresh", db, endpoints=server.base)
    assert (done.returncode, done.stderr) == (0, "nothing visited\n")
    assert len(server.world.asked) == asked


def test_a_post_is_born_changed_deleted_and_returns(server: Server, db: Path) -> None:
    tell(server, likes=7)
    assert "1 available" in refresh(db, server)
    tell(server, text=f"{TEXT} Come and see it.")
    assert "1 changed" in refresh(db, server)
    tell(server, gone=DELETED)
    assert "1 newly gone" in refresh(db, server)
    assert shown(db)["state"] == "deleted"
    assert shown(db)["text"] == f"{TEXT} Come and see it."  # the last good snapshot
    assert "newly gone" not in refresh(db, server)
    asked = len(server.world.asked)
    assert "nothing visited" in refresh(db, server, env=GONE_YEARLY)
    assert len(server.world.asked) == asked
    tell(server)
    assert "1 returned" in refresh(db, server)
    outcomes = [visit["outcome"] for visit in visits(db)]
    assert outcomes == ["available"] * 3 + ["deleted"] * 2 + ["available"]
    assert shown(db)["level"] == "verified"


def test_what_is_stored_is_not_fetched_again_and_what_is_not_is(
    server: Server, tmp_path: Path
) -> None:
    server.world.fault("pbs.twimg.com", faults.server_error(503))
    article = tmp_path / "a.txt"
    article.write_text(f"See https://x.com/SandholmPort/status/{LENS}\n", encoding="utf-8")
    db = tmp_path / "posts.db"
    assert run("archive", db, article, endpoints=server.base).returncode == 3
    server.world.heal()
    tell(server, gone=DELETED)
    assert "2 media files" in refresh(db, server)  # of the last good snapshot
    asked = server.world.count("pbs.twimg.com")
    tell(server)
    assert "media" not in refresh(db, server)
    assert server.world.count("pbs.twimg.com") == asked


def test_a_dispute_is_judged_again_when_the_post_changes(server: Server, db: Path) -> None:
    tell(server, text="Not a word of what the article says was ever said.")
    other = db.with_name("other.db")
    assert run("archive", other, db.with_name("article.txt"), endpoints=server.base).returncode == 0
    assert shown(other)["level"] == "disputed"
    tell(server)
    refresh(other, server)
    assert shown(other)["level"] == "verified"
    tell(server, text="Something else again, which the article could not know.")
    refresh(other, server)
    assert shown(other)["level"] == "verified"  # an older snapshot bears it out


def test_a_service_that_is_down_leaves_the_post_due(server: Server, db: Path) -> None:
    server.world.fault("*", faults.server_error(500))
    done = run("refresh", db, endpoints=server.base, env=ALWAYS)
    assert done.returncode == 4
    assert "could not be asked" in done.stderr
    assert len(visits(db)) == 1
    server.world.heal()
    assert "1 post visited" in refresh(db, server)


def many(server: Server, tmp_path: Path, number: int) -> Path:
    ids = [str(int(TURN) + at) for at in range(number)]
    for post_id in ids:
        server.world.add_post(post_id, "norringclocks", "Norring", f"Turn {post_id}")
    article = tmp_path / "many.txt"
    links = "\n\n".join(f"https://x.com/norringclocks/status/{post_id}" for post_id in ids)
    article.write_text(links, encoding="utf-8")
    path = tmp_path / "many.db"
    assert run("archive", path, article, "--no-media", endpoints=server.base).returncode == 0
    return path


def test_a_run_ends_with_its_requests_and_the_next_goes_on(server: Server, tmp_path: Path) -> None:
    path = many(server, tmp_path, 12)
    asked = len(server.world.asked)
    said = refresh(path, server, "--max-requests", "5", "--no-media")
    assert len(server.world.asked) - asked == 5
    assert "5 posts visited with 5 requests" in said
    assert "7 left for the next run" in said
    assert "nothing visited" in refresh(path, server, "--max-duration", "0", "--no-media")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_interrupt_lets_the_visits_under_way_finish(
    server: Server, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    path = many(server, tmp_path, 40)
    before = server.world.count("cdn.syndication.twimg.com")
    process = subprocess.Popen(
        [sys.executable, "-m", "embedarchive", "refresh", path, "--no-media"],
        env={
            "PYTHONPATH": str(ROOT),
            "EMBEDARCHIVE_ENDPOINTS": f"*={server.base}",
            "EMBEDARCHIVE_PACING": "0.1",
            **ALWAYS,
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while server.world.count("cdn.syndication.twimg.com") < before + 3:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(sent)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == code
    asked = server.world.count("cdn.syndication.twimg.com") - before
    assert asked < 40
    assert f"{asked} posts visited" in said  # each answer that came is stored
    assert "left for the next run" in said
    status = json.loads(run("status", path, "--json").stdout)
    assert sum(status["captures"].values()) == 40 + asked
