"""Files damaged in every way: what is whole is brought over, what is lost is said."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from embedarchive.capture import reread
from embedarchive.errors import ArchiveError, UsageError
from embedarchive.models import HostState, RefusedLookup
from embedarchive.store import Archive
from embedarchive.store.rescue import Rescued, rescue
from tests.command import run
from tests.loopback import Picture, Server
from tests.torture import contents

from ..making import make_document
from ..making_records import START, make_capture, make_embed, make_media, make_refused, ticking
from .making import POST, TEXT, stub

FIRST = 1658015607813058999
POSTS = 60
PAGE = 4096
FOLLOWS = ("resolution", "reference", "found", "code", "embed")
"""They follow from other rows: with those, they may read otherwise."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that a run made, with pictures, a post that is gone and one taken down."""
    folder = tmp_path_factory.mktemp("whole")
    articles = folder / "articles"
    articles.mkdir()
    with Server() as server:
        for number in range(POSTS):
            post = str(FIRST + number)
            server.world.add_post(
                post, "norringclocks", "Norring", f"Turn {number} " + "tick tock " * 40,
                media=(Picture(f"P{number}"),) if number % 4 == 0 else (), code=f"Code{number:06}",
                gone="This Post was deleted by the Post author." if number % 9 == 1 else None,
            )  # fmt: skip
            (articles / f"{number}.txt").write_text(
                f"News {number}\n\nhttps://x.com/norringclocks/status/{post}\n" + "Words. " * 90,
                encoding="utf-8",
            )
        db = folder / "posts.db"
        assert run("archive", "-q", db, articles, endpoints=server.base).returncode == 0
    assert run("forget", "--yes", db, f"x-{FIRST + 2}").returncode == 0
    return db


def clock() -> datetime:
    return datetime(2026, 11, 28, tzinfo=UTC)


def rescued(db: Path) -> tuple[Path, Rescued]:
    before = hashlib.sha256(db.read_bytes()).digest()
    new = db.with_name("new.db")
    new.unlink(missing_ok=True)
    done = rescue(db, new, clock=clock, reread=reread)
    assert hashlib.sha256(db.read_bytes()).digest() == before
    assert {path.name for path in db.parent.iterdir()} == {db.name, new.name}
    return new, done


def check(whole: Path, new: Path, done: Rescued) -> float:
    """What was brought over is as it was; the share of it."""
    with Archive.open(new, clock=clock, read_only=True) as archive:
        assert list(archive.verify()) == []
        list(archive.posts())
        list(archive.articles())
    there, here = contents(whole), contents(new)
    new_ones = {row for row in here - there if row[0] not in FOLLOWS}
    stand_ins = {row for row in new_ones if row[0] == "payload" and row[3] is None}
    assert new_ones == stand_ins
    if there - here:
        assert done.losses
    return len(here & there) / len(there)


def test_what_is_whole_comes_over_whole(whole: Path, tmp_path: Path) -> None:
    db = tmp_path / "old.db"
    shutil.copy(whole, db)
    new, done = rescued(db)
    assert done.losses == []
    assert contents(new) == contents(whole)
    assert check(whole, new, done) == 1


def damages(data: bytes, chance: random.Random) -> Iterator[bytes]:
    pages = len(data) // PAGE
    for page in range(1, pages, max(1, pages // 40)):
        yield data[: page * PAGE] + chance.randbytes(PAGE) + data[(page + 1) * PAGE :]
    for _ in range(10):
        at = chance.randrange(PAGE, len(data) - 20)
        yield data[:at] + chance.randbytes(16) + data[at + 16 :]
    for part in (0.3, 0.6, 0.9, 0.99):
        yield data[: int(len(data) * part)]


def test_every_page_may_be_damaged(whole: Path, tmp_path: Path) -> None:
    db, shares, refused = tmp_path / "old.db", [], 0
    for damaged in damages(whole.read_bytes(), random.Random(5)):
        db.write_bytes(damaged)
        try:
            new, done = rescued(db)
        except ArchiveError:
            refused += 1
            continue
        shares.append(check(whole, new, done))
    print(refused, sorted(round(share, 2) for share in shares))
    assert refused <= 2  # where the list of tables itself is lost
    assert sum(shares) / len(shares) > 0.9


DAMAGED = [
    *(("captures", name) for name in ("outcome", "captured_at", "headers")),
    *(("resolutions", name) for name in ("level", "evidence", "resolved_at")),
    *(("refused_answers", name) for name in ("received_at", "headers")),
    *(("refused_lookups", name) for name in ("received_at", "headers")),
    *(("posts", name) for name in ("created_at", "forgotten_at")),
    *(("document_versions", name) for name in ("first_seen", "last_seen")),
    *(("document_references", name) for name in ("details", "kind", "date")),
    *(("runs", name) for name in ("started_at", "finished_at", "report")),
    *(("post_media", "fetched_at"), ("hosts", "not_before")),
]


@pytest.mark.parametrize(("table", "column"), DAMAGED)
@pytest.mark.parametrize("garbage", ["{", "2026-11"])
def test_a_value_that_cannot_be_read_again_is_a_loss_and_nothing_else(
    tmp_path: Path, table: str, column: str, garbage: str
) -> None:
    db = tmp_path / "old.db"
    with Archive.open(db, clock=ticking()) as archive:
        document = make_document(TEXT)
        archive.add_document(document, [stub(document, post_id=POST.post_id)], "1")
        archive.add_capture(make_capture(POST, make_embed(POST)))
        archive.add_media(POST, make_media())
        archive.add_refused([make_refused(POST)])
        payload = make_refused(POST, b"odd").payload
        archive.add_refused_lookups(1, [RefusedLookup("redirect", "odd", START, payload)])
        archive.set_host_state(HostState("x.com", START, 1))
        with archive.run("archive") as a_run:
            a_run.finish({"documents": 1})
    with closing(sqlite3.connect(db)) as conn, conn:
        for (trigger,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            conn.execute(f"DROP TRIGGER {trigger}")
        conn.execute(f"UPDATE {table} SET {column} = ?", (garbage,))
    db.with_name("old.db.lock").unlink()
    new, done = rescued(db)
    assert done.rows["payloads"] == 4
    with Archive.open(new, clock=clock, read_only=True) as archive:
        for record in archive.posts():
            for one in record.references:
                archive.resolutions_of(one.id)
        archive.refused_of(POST)
        archive.media_of(POST)
        list(archive.articles())
        list(archive.visited("x"))
        archive.refused_lookups_of(1)
        archive.host_state("x.com")
        archive.status()
        assert list(archive.verify()) == []


def test_a_file_that_is_none_and_one_that_is_there_are_refused(whole: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("not a database " * 1000, encoding="utf-8")
    new = tmp_path / "new.db"
    for arguments, code in (((text, new), 5), ((tmp_path / "none.db", new), 5), ((whole, text), 2)):
        done = run("repair", *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert not new.exists()
    with pytest.raises(UsageError):
        rescue(whole, text, clock=clock, reread=reread)


def test_the_command_says_what_is_lost(whole: Path, tmp_path: Path) -> None:
    db, new = tmp_path / "old.db", tmp_path / "new.db"
    data = bytearray(whole.read_bytes())
    at = data.index(b"tick tock")  # in an embed, or its index: made again from the bytes
    data[at : at + 4] = b"tack"
    body = data.index(b"\xff\xd8\xff")  # a picture
    data[body + 40] ^= 0xFF
    db.write_bytes(data)
    assert run("check", db).returncode == 7
    done = run("repair", db, new)
    assert done.returncode == 3, done.stderr
    assert "media" in done.stderr
    assert run("check", new).returncode == 0
    assert run("search", new, "tack", "--nl").stdout == ""
    assert run("list", new, "--nl").stdout.count("\n") == POSTS
    assert run("repair", whole, tmp_path / "again.db").returncode == 0
