"""`explain`: the ladder in plain words, what was answered amiss, and what a person can ask."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from embedarchive.models import Target
from embedarchive.net import Client
from embedarchive.store import Archive
from embedarchive.store.rescue import rescue
from tests.command import run
from tests.loopback import Picture, Reply, Server, faults
from tests.loopback.wayback import archive as hold
from tests.making_records import ticking

ID = "1600000000000000002"  # made on 2022-12-06, 05:31 UTC
OTHER = "1590000000000000003"
CODE = "MediaCode1"
TEXT = "Fog over the pier, and not a boat to be seen before noon."
SEARCHING = {"EMBEDARCHIVE_RESOLVERS": "code_join,cross_article,redirect,wayback_cdx"}
ODD = Reply(200, b"<title>Sign in to the pier</title>", faults.HTML)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        post = running.world.add_post(
            ID, "harbour_notes", "Harbour Notes", TEXT, media=(Picture("Fog"),), code=CODE
        )
        running.world.add_post(OTHER, "quay_nine", "Quay Nine", "Elsewhere")
        hold(running.world, post)
        yield running


def flattened(folder: Path, code: str = f" pic.twitter.com/{CODE}") -> Path:
    path = folder / "flat.txt"
    path.write_text(
        f"Before.\n\n{TEXT}{code}\n\n— Harbour Notes (@harbour_notes) December 6, 2022\n"
    )
    return path


def explained(db: Path, post: str = "claim-1") -> str:
    done = run("explain", db, post)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_rule_is_told_in_words(server: Server, tmp_path: Path) -> None:
    db, article = tmp_path / "posts.db", flattened(tmp_path)
    assert run("archive", db, article, endpoints=server.base).returncode == 0
    told = explained(db)
    assert "the article says: by @harbour_notes, on 2022-12-06, with the codes MediaCode1" in told
    assert f"redirect: matched, x:{ID}. The short link t.co/MediaCode1 leads to https://" in told
    assert "The author agrees (harbour_notes). The day agrees (2022-12-06)." in told
    assert "the handle agrees, the day agrees, the text agrees." in told
    assert "so it is VERIFIED: The post was seen" in told
    assert "ask the Wayback Machine" not in told


def test_the_queries_that_it_prints_find_the_post(server: Server, tmp_path: Path) -> None:
    db, article = tmp_path / "posts.db", flattened(tmp_path, "")
    run("archive", db, article, "--offline")
    told = explained(db)
    first, last = map(int, re.findall(r"ids of that day: from (\d+) up to (\d+)", told)[0])
    assert first <= int(ID) <= last
    queries = re.findall(r"its index: (\S+)", told)
    with Client(user_agent="t", endpoints=server.endpoints) as client:
        found = [client.get(f"{query}&output=json").body.decode() for query in queries]
    assert ID in "".join(found)
    assert "https://web.archive.org/web/*/twitter.com/harbour_notes/status/1" in told
    assert "from%3Aharbour_notes+since%3A2022-12-06+until%3A2022-12-07" in told


def test_a_post_that_no_article_names_says_why_it_is_there(server: Server, tmp_path: Path) -> None:
    server.world.add_post("1600000000000000009", "gull", "Gull", "See", quote=OTHER)
    article, db = tmp_path / "a.txt", tmp_path / "posts.db"
    article.write_text("https://x.com/gull/status/1600000000000000009")
    run("archive", db, article, endpoints=server.base)
    with Archive.open(db, clock=ticking()) as archive:
        archive._post(Target("x", OTHER))
        archive._write(
            "INSERT INTO captures (post, backend, outcome, captured_at, payload, url, http_status,"
            " headers) SELECT (SELECT id FROM posts WHERE post_id = ?), backend, outcome,"
            " captured_at, payload, url, http_status, headers FROM captures LIMIT 1",
            OTHER,
        )
    assert "No article refers to it" in explained(db, f"x-{OTHER}")


# --- answers amiss -------------------------------------------------------------------------------


def amiss(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(
            "SELECT resolver, reason, url, http_status, body FROM refused_lookups"
            " JOIN payloads ON digest = payload ORDER BY refused_lookups.id"
        ).fetchall()


@pytest.mark.parametrize(
    ("host", "resolver"), [("t.co", "redirect"), ("web.archive.org", "wayback_cdx")]
)
def test_an_answer_of_no_known_shape_is_kept_and_told(
    server: Server, tmp_path: Path, host: str, resolver: str
) -> None:
    server.world.fault(host, ODD)
    if resolver == "wayback_cdx":
        server.world.codes.clear()
    db, article = tmp_path / "posts.db", flattened(tmp_path)
    for _ in range(2):
        run("archive", db, article, endpoints=server.base, env=SEARCHING)
    ((name, reason, url, status, body),) = [row for row in amiss(db) if row[0] == resolver]
    assert (name, status, body) == (resolver, 200, ODD.body)
    assert host in str(url)
    told = explained(db, "claim-1")
    assert f"{resolver}: no answer. {url} was not understood on " in told
    assert f"UTC: {reason} (status 200); the bytes are kept, sha256:" in told
    assert run("check", db).returncode == 0
    new = tmp_path / "new.db"
    done = rescue(db, new, clock=ticking(), reread=lambda capture: None)
    assert [loss for loss in done.losses if loss.place == "refused_lookups"] == []
    assert amiss(new) == amiss(db)


def test_a_copy_of_another_post_is_kept_as_well(server: Server, tmp_path: Path) -> None:
    server.world.copies.clear()
    url = f"https://twitter.com/harbour_notes/status/{ID}"
    other = server.world.add_post(OTHER, "quay_nine", "Quay Nine", "Elsewhere")
    hold(server.world, other, url=url)
    server.world.codes.clear()
    db = tmp_path / "posts.db"
    run("archive", db, flattened(tmp_path, ""), endpoints=server.base, env=SEARCHING)
    ((name, reason, *_),) = amiss(db)
    assert (name, reason) == ("wayback_cdx", f"asked for post {ID}, is x:{OTHER}")
    assert "no archived copy shows what it says" in explained(db)


def test_a_takedown_empties_what_nobody_knows_of_whom_it_speaks(
    server: Server, tmp_path: Path
) -> None:
    server.world.fault("t.co", ODD)
    other, db = tmp_path / "b.txt", tmp_path / "posts.db"
    other.write_text(f"https://x.com/quay_nine/status/{OTHER}")
    run("archive", db, flattened(tmp_path), other, endpoints=server.base)
    assert [row[4] for row in amiss(db)] == [ODD.body]
    assert run("forget", "--yes", db, OTHER).returncode == 0
    assert [row[4] for row in amiss(db)] == [None]
    assert run("check", db).returncode == 0
    assert b"Sign in to the pier" not in db.read_bytes()
    assert json.loads(run("list", db, "--json").stdout)


def test_an_index_that_answers_nonsense_for_a_picture_is_kept(
    server: Server, tmp_path: Path
) -> None:
    server.world.fault("pbs.twimg.com", faults.html_not_found())
    server.world.fault("web.archive.org", ODD)
    article, db = tmp_path / "a.txt", tmp_path / "posts.db"
    article.write_text(f"https://x.com/harbour_notes/status/{ID}")
    run("archive", db, article, endpoints=server.base)
    rows = [json.loads(line) for line in run("history", db, ID, "--nl").stdout.splitlines()]
    assert [(row["backend"], row["reason"]) for row in rows if row["outcome"] == "refused"] == [
        ("wayback", "not a table of its index")
    ]
