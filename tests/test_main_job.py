"""The main job end to end: the real command line, the real database, services on the loopback."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedarchive.models import Target
from embedarchive.store import Archive
from tests.command import ROOT, run
from tests.loopback import Picture, Server, faults
from tests.making_records import ticking
from tests.shared import shared

LENS = "1657692617044922369"  # 2023-05-14 10:21:33 UTC
WRONG_DAY = "1658015607813058562"  # 2023-05-15
TURN = "1658015607813058999"
ARTICLE = """\
Lighthouse lens comes home

The harbour office said on Sunday that the lens would be lifted at ten.

The lens is on the barge.
Come and see it lifted ☕ pic.twitter.com/Qw7LmT2xVd
— Sandholm Harbour 🚢 (@SandholmPort) May 14, 2023

The firm that restored the clockwork posted a film of it.

First full turn since 1983. pic.twitter.com/Jd9RfH4uCe
— Norring & Daughters (@norringclocks) May 15, 2023

The tower is open on Saturdays.
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        running.world.add_post(
            LENS,
            "SandholmPort",
            "Sandholm Harbour 🚢",
            "The lens is on the barge.\nCome and see it lifted ☕",
            media=(Picture("LensOnBarge", alt="A glass lens on a barge"),),
            code="Qw7LmT2xVd",
        )
        running.world.add_post(
            TURN,
            "norringclocks",
            "Norring & Daughters",
            "First full turn since 1983.",
            media=(Picture("FirstTurn", kind="video", alt="A clockwork"),),
            code="Jd9RfH4uCe",
        )
        yield running


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def listed(db: Path) -> list[dict[str, object]]:
    done = run("list", db, "--json")
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def test_both_posts_are_verified_and_rendered_with_pictures(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    assert "2 references found" in done.stderr
    assert "2 verified" in done.stderr
    rows = {row["key"]: row for row in listed(db)}
    assert set(rows) == {f"x-{LENS}", f"x-{TURN}"}
    assert {row["level"] for row in rows.values()} == {"verified"}
    assert {row["state"] for row in rows.values()} == {"available"}

    done = run("render", db, "-o", tmp_path / "site")
    assert done.returncode == 0, done.stderr
    (page,) = (tmp_path / "site" / "articles").glob("*.html")
    html = page.read_text(encoding="utf-8")
    assert html.count('class="h-cite') >= 2 or html.count("h-cite") >= 2
    assert "— Sandholm Harbour" not in html  # the flattened text made room for the card
    assert "The tower is open on Saturdays." in html
    pictures = re.findall(r'(?:src|poster)="(\.\./media/[^"]+)"', html)
    assert pictures
    assert all((page.parent / picture).resolve().is_file() for picture in pictures)


def test_a_second_run_adds_nothing_and_says_so(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    run("archive", db, article, endpoints=server.base)
    tables = ("document_versions", "document_references", "resolutions", "captures", "payloads")

    def counts() -> list[int]:
        with sqlite3.connect(db) as connection:
            found = [
                connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                for table in tables
            ]
        connection.close()
        return found

    before, asked = counts(), len(server.world.asked)
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 0
    assert "1 unchanged" in done.stderr
    assert counts() == before
    assert len(server.world.asked) == asked


def test_an_id_of_the_wrong_day_is_refused_and_said_so(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    server.world.codes["Qw7LmT2xVd"] = f"https://x.com/SandholmPort/status/{WRONG_DAY}/photo/1"
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    assert "not taken" in done.stderr
    assert "2023-05-14" in done.stderr
    rows = {str(row["key"]): row for row in listed(db)}
    (stub,) = [key for key in rows if key.startswith("claim-")]
    assert rows[stub]["level"] == "claimed"
    shown = run("show", db, stub).stdout
    assert "2023-05-1" in shown
    assert "refused" in run("explain", db, stub).stdout
    assert f"x-{WRONG_DAY}" not in rows


def test_without_a_network_stubs_are_kept(article: Path, tmp_path: Path) -> None:
    db = tmp_path / "posts.db"
    started = time.monotonic()
    run("archive", tmp_path / "offline.db", article, "--offline")
    offline = time.monotonic() - started
    # Nothing listens on port 9: the connection is refused, as without a network.
    done = run("archive", db, article, endpoints="http://127.0.0.1:9")
    assert time.monotonic() - started - offline < 10 * max(offline, 1)
    assert done.returncode == 4, done.stderr
    lines = [line for line in done.stderr.splitlines() if "could not be asked" in line]
    hosts = [line.split()[1] for line in lines]
    assert hosts == sorted(set(hosts))
    assert {row["level"] for row in listed(db)} == {"claimed"}
    assert run("render", db, "-o", tmp_path / "site").returncode == 0


def test_a_stub_is_upgraded_by_a_later_run_and_its_history_stays(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    assert run("archive", db, article, "--offline").returncode == 0
    assert {row["level"] for row in listed(db)} == {"claimed"}
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    assert {row["level"] for row in listed(db)} == {"verified"}
    explained = run("explain", db, LENS).stdout
    assert explained.index("redirect: matched") < explained.index("capture: verified")
    assert run("show", db, "claim-1").returncode == 0  # the old key leads to the post


def test_a_code_seen_with_its_id_elsewhere_needs_no_network(tmp_path: Path, article: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<blockquote class="twitter-tweet"><p lang="en">The lens is on the barge.<br>Come and see'
        ' it lifted ☕ <a href="https://t.co/Qw7LmT2xVd">pic.twitter.com/Qw7LmT2xVd</a></p>&mdash;'
        f' Sandholm Harbour 🚢 (@SandholmPort) <a href="https://x.com/SandholmPort/status/{LENS}">'
        "May 14, 2023</a></blockquote>",
        encoding="utf-8",
    )
    db = tmp_path / "posts.db"
    assert run("archive", db, article, page, "--offline").returncode == 0
    rows = {row["key"]: row for row in listed(db)}
    assert rows[f"x-{LENS}"]["articles"] == sorted([str(article), str(page)])
    assert "code_join" in run("explain", db, LENS).stdout


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.rate_limited("30"), 3),
        (faults.server_error(500), 3),
        (faults.closed(), 3),
        (faults.gzip_bomb(64), 3),
        (faults.redirect("http://169.254.169.254/latest/meta-data"), 3),
        (faults.redirect_loop, 3),
        (faults.wrong_id, 3),
    ],
    ids=["429", "500", "closed", "bomb", "metadata", "loop", "wrong-id"],
)
def test_a_service_at_fault_leaves_matched_stubs(
    server: Server, article: Path, tmp_path: Path, fault: object, code: int
) -> None:
    db = tmp_path / "posts.db"
    for host in ("cdn.syndication.twimg.com", "publish.x.com", "publish.twitter.com"):
        server.world.fault(host, fault)  # type: ignore[arg-type]
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert {row["level"] for row in listed(db)} == {"matched"}
    server.world.heal()
    with sqlite3.connect(db) as connection:  # the pause that a 429 asked for is over
        connection.execute("DELETE FROM hosts")
    connection.close()
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    assert {row["level"] for row in listed(db)} == {"verified"}


def test_an_answer_for_another_post_is_refused_and_kept_as_evidence(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db, other = tmp_path / "posts.db", "1500000000000000001"
    for host in ("cdn.syndication.twimg.com", "publish.x.com", "publish.twitter.com"):
        server.world.fault(host, faults.wrong_id)
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 3, done.stderr
    assert re.search(f"asked for post [0-9]+, answered {other}", done.stderr)
    visits = [json.loads(line) for line in run("history", db, LENS, "--nl").stdout.splitlines()]
    assert [(visit["backend"], visit["outcome"]) for visit in visits][:1] == [
        ("syndication", "refused")
    ]
    assert visits[0]["reason"] == f"asked for post {LENS}, answered {other}"
    told = run("history", db, LENS, "--table").stdout
    assert f"refused: asked for post {LENS}, answered {other}" in " ".join(told.split())
    assert {row["state"] for row in listed(db)} == {"stub"}
    assert {row["visits"] for row in listed(db)} == {0}
    server.world.heal()
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    assert {row["level"] for row in listed(db)} == {"verified"}
    server.world.fault("cdn.syndication.twimg.com", faults.wrong_id)
    settings = {"EMBEDARCHIVE_REFRESH": "later: 0h,gone: 0h,losing: 1"}
    run("refresh", db, endpoints=server.base, env=settings)
    assert {row["state"] for row in listed(db)} == {"available"}  # what was good stays in force
    assert "Somebody Else" not in run("show", db, LENS).stdout

    def evidence() -> list[bytes]:
        with Archive.open(db, clock=ticking(), read_only=True) as archive:
            return [kept.payload.body for kept in archive.refused_of(Target("x", LENS))]

    assert b"somebody_else" in evidence()[0]
    assert run("show", db, other).returncode == 0
    assert run("forget", "--yes", db, other).returncode == 0
    assert evidence()[0] == b""
    assert run("check", db).returncode == 0


def test_a_service_that_another_stood_in_for_is_no_mail_from_cron(
    server: Server, article: Path, tmp_path: Path
) -> None:
    server.world.fault("cdn.syndication.twimg.com", faults.wrong_id)
    done = run("archive", "-q", tmp_path / "quiet.db", article, endpoints=server.base)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = run("archive", tmp_path / "posts.db", article, endpoints=server.base)
    assert done.returncode == 0
    assert "cdn.syndication.twimg.com could not be asked" in done.stderr
    settings = {"EMBEDARCHIVE_REFRESH": "later: 0h,gone: 0h,losing: 1"}
    quiet = tmp_path / "quiet.db"
    done = run("refresh", "-q", quiet, endpoints=server.base, env=settings)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for host in ("publish.x.com", "publish.twitter.com"):
        server.world.fault(host, faults.server_error())
    done = run("refresh", "-q", quiet, endpoints=server.base, env=settings)
    assert done.returncode == 4
    assert "publish.twitter.com could not be asked" in done.stderr


@pytest.mark.parametrize(
    ("fault", "state"),
    [(faults.empty_object(), "unknown"), (faults.html_not_found(), "not_found")],
)
def test_404_and_an_empty_object_prove_nothing(
    server: Server, article: Path, tmp_path: Path, fault: object, state: str
) -> None:
    db = tmp_path / "posts.db"
    for host in ("publish.x.com", "publish.twitter.com"):
        server.world.fault(host, faults.html_not_found())
    server.world.fault("cdn.syndication.twimg.com", fault)  # type: ignore[arg-type]
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    rows = listed(db)
    assert {row["level"] for row in rows} == {"matched"}
    outcomes = {
        json.loads(line)["outcome"] for line in run("history", db, LENS, "--nl").stdout.splitlines()
    }
    assert state in outcomes
    assert "deleted" not in outcomes


def test_a_post_that_is_gone_says_why(server: Server, article: Path, tmp_path: Path) -> None:
    server.world.add_post(
        LENS,
        "SandholmPort",
        "Sandholm Harbour",
        "",
        gone="This Post was deleted by the Post author.",
    )
    server.world.codes["Qw7LmT2xVd"] = f"https://x.com/SandholmPort/status/{LENS}/photo/1"
    db = tmp_path / "posts.db"
    done = run("archive", db, article, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    assert "1 deleted" in done.stderr
    rows = {row["key"]: row for row in listed(db)}
    assert rows[f"x-{LENS}"]["state"] == "deleted"
    assert "deleted" in run("show", db, LENS).stdout
    asked = server.world.count("cdn.syndication.twimg.com")
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    assert server.world.count("cdn.syndication.twimg.com") == asked  # gone is gone until a refresh


def test_a_text_that_differs_is_disputed(server: Server, article: Path, tmp_path: Path) -> None:
    server.world.add_post(
        LENS,
        "SandholmPort",
        "Sandholm Harbour",
        "Nothing of the kind was ever said here, and the barge left empty.",
        media=(Picture("LensOnBarge"),),
        code="Qw7LmT2xVd",
    )
    db = tmp_path / "posts.db"
    done = run("archive", db, article, endpoints=server.base)
    assert "1 disputed" in done.stderr
    assert "disput" in run("show", db, LENS).stdout.lower()


def test_an_unreadable_input_is_one_line_and_the_others_go_on(
    server: Server, article: Path, tmp_path: Path
) -> None:
    db = tmp_path / "posts.db"
    done = run("archive", db, tmp_path / "missing.txt", article, endpoints=server.base)
    assert done.returncode == 3
    assert [line for line in done.stderr.splitlines() if line.startswith("Error:")] == [
        f"Error: {tmp_path / 'missing.txt'}: cannot be read: No such file or directory"
    ]
    assert len(listed(db)) == 2


def test_an_article_is_fetched_and_read(server: Server, tmp_path: Path, article: Path) -> None:
    db = tmp_path / "posts.db"
    done = run("archive", db, "-", endpoints=server.base, stdin=article.read_bytes())
    assert done.returncode == 0, done.stderr
    assert {row["articles"][0] for row in listed(db)} == {"-"}  # type: ignore[index]
    done = run("archive", db, "https://news.example/missing", endpoints=server.base)
    assert done.returncode == 3
    assert "HTTP 404" in done.stderr


def test_two_runs_at_once_do_not_collide(server: Server, article: Path, tmp_path: Path) -> None:
    db = tmp_path / "posts.db"
    server.world.fault("t.co", faults.drip(0.2))
    first = subprocess.Popen(
        [sys.executable, "-m", "embedarchive", "archive", db, article, "-q"],
        env={
            "PYTHONPATH": str(ROOT),
            "EMBEDARCHIVE_ENDPOINTS": f"*={server.base}",
            "EMBEDARCHIVE_TIMEOUT": "15",
            "EMBEDARCHIVE_RETRIES": "0",
        },
    )
    try:
        while not server.world.count("t.co"):
            assert first.poll() is None
            time.sleep(0.05)
        second = run("archive", db, article, "--offline")
        assert second.returncode == 6
        assert "another" in second.stderr.lower() or "lock" in second.stderr.lower()
        assert run("list", db).returncode == 0  # readers need no lock
        first.send_signal(signal.SIGTERM)
        assert first.wait(40) == 143
    finally:
        first.kill()
        first.wait()
    server.world.heal()
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    assert {row["level"] for row in listed(db)} == {"verified"}


def test_the_first_real_article_end_to_end(server: Server, tmp_path: Path) -> None:
    real = shared("articles/pyongyang.txt")
    server.world.add_post(
        "1803136000000000001",
        "_thewavetv",
        "The Wave",
        "Russian President Vladimir Putin visits North Korea for the first time in 24 years for"
        " summit with Kim Jong-Un\nThey later argued over who goes in the car first",
        media=(Picture("CarFirst", alt="Two men and a car"),),
        code="8j2608jiUy",
    )
    server.world.add_post(
        "1803310000000000001",
        "BRICSinfo",
        "BRICS News",
        "JUST IN: 🇰🇵 🇷🇺 North Korea begins welcome ceremony for Russian President Putin.",
        media=(Picture("Ceremony", alt="A ceremony"),),
        code="MWylB4YDQf",
    )
    db = tmp_path / "posts.db"
    done = run("archive", db, real, endpoints=server.base)
    assert done.returncode == 0, done.stderr
    assert [row["level"] for row in listed(db)] == ["verified", "verified"]
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT COUNT(*) FROM media").fetchone()[0] >= 2
    connection.close()
    assert run("render", db, "-o", tmp_path / "site").returncode == 0
    (page,) = (tmp_path / "site" / "articles").glob("*.html")
    assert len(re.findall(r'<img[^>]+src="\.\./media/', page.read_text(encoding="utf-8"))) >= 2


def test_the_end_of_a_pipe_is_no_error(article: Path, tmp_path: Path) -> None:
    db = tmp_path / "posts.db"
    run("archive", db, article, "--offline")
    piped = subprocess.run(
        f"{sys.executable} -m embedarchive list {db} --nl | head -1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert piped.stderr == ""
    assert piped.stdout.splitlines()[-1] == "0"


def test_a_full_disk_behind_stdout_is_one_line(article: Path, tmp_path: Path) -> None:
    db = tmp_path / "posts.db"
    run("archive", db, article, "--offline")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "embedarchive", "list", db],
            env={"PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr.splitlines()) == (
        3,
        ["Error: standard output: No space left on device"],
    )
