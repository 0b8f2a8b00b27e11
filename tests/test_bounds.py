"""How an `archive` run ends before its work does: bounds, interrupts, dead hosts."""

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
from tests.torture import contents

FIRST = 1658015607813058999
SERVICE = "cdn.syndication.twimg.com"
MANY = 40


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        for number in range(MANY):
            running.world.add_post(
                str(FIRST + number), "norringclocks", "Norring", f"Turn {number}"
            )
        yield running


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "many.txt"
    links = (f"https://x.com/norringclocks/status/{FIRST + number}" for number in range(MANY))
    path.write_text("\n\n".join(links), encoding="utf-8")
    return path


def captured(db: Path) -> int:
    return int(sum(json.loads(run("status", db, "--json").stdout)["captures"].values()))


def test_a_run_ends_with_its_requests_and_the_next_goes_on(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    done = run("archive", db, article, "--no-media", "--max-requests", "5", endpoints=server.base)
    assert done.returncode == 0, done.stderr
    assert "5 available" in done.stderr
    assert f"{MANY - 5} left for the next run" in done.stderr
    assert (len(server.world.asked), captured(db)) == (5, 5)
    done = run("archive", db, article, "--max-duration", "0", endpoints=server.base)
    assert (done.returncode, len(server.world.asked)) == (0, 5)
    done = run("archive", db, article, "--no-media", endpoints=server.base)
    assert (done.returncode, captured(db)) == (0, MANY)
    assert "left" not in done.stderr
    assert len(server.world.asked) == MANY


def test_a_run_that_its_requests_end_in_the_midst_of_a_post_is_gone_on_with(
    server: Server, tmp_path: Path
) -> None:
    """No request more than allowed, however many posts and pictures; all is had in the end."""
    article, db = tmp_path / "a.txt", tmp_path / "posts.db"
    for number in range(4):
        pictures = tuple(Picture(f"P{number}x{at}") for at in range(3))
        server.world.add_post(str(FIRST + number), "norringclocks", "Norring", "T", media=pictures)
    links = (f"https://x.com/norringclocks/status/{FIRST + number}" for number in range(4))
    article.write_text("\n\n".join(links), encoding="utf-8")
    for _ in range(12):
        before = len(server.world.asked)
        done = run("archive", db, article, "--max-requests", "3", endpoints=server.base)
        assert done.returncode == 0, done.stderr
        assert "could not be asked" not in done.stderr
        asked = len(server.world.asked) - before
        assert ("left for the next run" in done.stderr) == (asked == 3), done.stderr
        if asked < 3:
            break
        assert asked == 3
    whole = tmp_path / "whole.db"
    assert run("archive", whole, article, endpoints=server.base).returncode == 0
    for table in ("media", "post_media", "embed", "unfinished"):
        rows = [{row for row in contents(path) if row[0] == table} for path in (db, whole)]
        assert rows[0] == rows[1], table


def test_articles_behind_urls_are_requests_too(server: Server, tmp_path: Path) -> None:
    urls = [f"https://harbour.example/{number}" for number in range(5)]
    db = tmp_path / "posts.db"
    done = run("archive", db, *urls, "--max-requests", "2", endpoints=server.base)
    assert len(server.world.asked) == 2
    assert "3 left for the next run" in done.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_interrupt_lets_what_is_under_way_finish(
    server: Server, article: Path, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    db = tmp_path / "posts.db"
    process = subprocess.Popen(
        [sys.executable, "-m", "embedarchive", "archive", db, article, "--no-media"],
        env={
            "PYTHONPATH": str(ROOT),
            "EMBEDARCHIVE_ENDPOINTS": f"*={server.base}",
            "EMBEDARCHIVE_PACING": "0.1",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while server.world.count(SERVICE) < 3:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(sent)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == code
    asked = server.world.count(SERVICE)
    assert asked < MANY
    assert f"{asked} available" in said  # each answer that came is stored
    assert captured(db) == asked
    assert run("check", db).returncode == 0


def test_a_dead_host_is_given_up_at_once_and_its_posts_stay_to_be_asked(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    server.world.fault(SERVICE, faults.server_error(500))
    server.world.fault("publish.x.com", faults.server_error(500))
    server.world.fault("publish.twitter.com", faults.closed())
    done = run("archive", db, article, "--concurrency", "1", endpoints=server.base)
    assert done.returncode == 4
    assert f"{SERVICE} could not be asked" in done.stderr
    for host in (SERVICE, "publish.x.com", "publish.twitter.com"):
        assert server.world.count(host) == 5  # failures in a row, see net/hosts.py
    server.world.heal()
    done = run("archive", db, article, "--no-media", endpoints=server.base)
    assert (done.returncode, captured(db)) == (0, MANY)


def test_what_another_service_had_to_stand_in_for_is_asked_again(
    server: Server, tmp_path: Path
) -> None:
    post, db, article = str(FIRST), tmp_path / "posts.db", tmp_path / "one.txt"
    server.world.add_post(
        post, "norringclocks", "Norring", "Turn", media=(Picture("Turn"),), code="Jd9RfH4uCe"
    )
    article.write_text(f"https://x.com/norringclocks/status/{post}\n", encoding="utf-8")
    server.world.fault(SERVICE, faults.server_error(503))
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    assert f"{SERVICE} could not be asked" in done.stderr
    assert "1 available" in done.stderr  # from oEmbed, which tells no pictures
    server.world.heal()
    server.world.fault("pbs.twimg.com", faults.server_error(503))
    assert run("archive", db, article, endpoints=server.base).returncode == 3
    server.world.heal()
    done = run("archive", db, article, endpoints=server.base)
    assert (done.returncode, "2 media files" in done.stderr) == (0, True), done.stderr
    asked = len(server.world.asked)
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    assert len(server.world.asked) == asked


@pytest.mark.parametrize(("size", "films"), [("1", 0), ("1k", 0), ("1M", 1), ("2G", 1)])
def test_nothing_larger_than_wished_is_stored(
    server: Server, tmp_path: Path, size: str, films: int
) -> None:
    server.world.add_post(
        str(FIRST), "norringclocks", "Norring", "Turn", media=(Picture("Turn", kind="video"),),
        code="Jd9RfH4uCe",
    )  # fmt: skip
    db, article = tmp_path / "posts.db", tmp_path / "one.txt"
    article.write_text(f"https://x.com/norringclocks/status/{FIRST}\n", encoding="utf-8")
    done = run("archive", db, article, "--max-media-size", size, endpoints=server.base)
    assert done.returncode == (0 if films else 3), done.stderr
    status = json.loads(run("status", db, "--json").stdout)
    assert (status["media"] == 3) is bool(films)


def test_a_size_that_is_none_is_refused(article: Path, tmp_path: Path) -> None:
    done = run("archive", tmp_path / "posts.db", article, "--max-media-size", "a lot")
    assert done.returncode == 2
    assert "20M" in done.stderr
