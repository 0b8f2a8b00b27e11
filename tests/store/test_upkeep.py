"""Counts, runs, pacing, transactions, and damage that is found."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from embedarchive.models import (
    HostState,
    Kind,
    Level,
    Outcome,
)
from embedarchive.store import Archive

from ..making import make_document
from ..making_records import START, make_capture, make_embed, make_media, ticking
from .making import OTHER_POST, POST, TEXT, stub


def test_status_counts_what_is_there(archive: Archive) -> None:
    empty = archive.status()
    assert (empty.documents, empty.posts, empty.last_run) == (0, 0, None)
    document = make_document(TEXT)
    archive.add_document(
        document, [stub(document, post_id=POST.post_id), stub(document, "Sun at last.")], "1"
    )
    archive.add_capture(make_capture(POST, make_embed(POST)))
    archive.add_capture(make_capture(POST))
    archive.add_media(POST, make_media(b"12345"))
    with archive.run("archive") as run:
        assert archive.status().last_run is not None
        run.finish({"documents": 1})
    status = archive.status()
    assert status.references == {Kind.EMBED: 2}
    assert status.levels == {Level.CLAIMED: 1, Level.MATCHED: 1}
    assert status.captures == {Outcome.AVAILABLE: 1, Outcome.DELETED: 1}
    assert (status.documents, status.versions, status.posts, status.stubs) == (1, 1, 1, 1)
    assert (status.unresolved, status.media, status.media_bytes) == (1, 1, 5)
    assert status.last_run is not None
    assert status.last_run.report == {"documents": 1}
    assert status.last_run.finished_at is not None


def test_a_run_cut_short_has_no_end(archive: Archive) -> None:
    def interrupted() -> None:
        with archive.run("archive") as run:
            assert run.started_at > START
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    last = archive.status().last_run
    assert last is not None
    assert (last.command, last.finished_at, last.report) == ("archive", None, None)


def test_pacing_is_remembered_from_any_thread(archive: Archive) -> None:
    assert archive.host_state("x.com") is None
    with archive.transaction():
        state = HostState("x.com", START, 3)
        other = threading.Thread(target=archive.set_host_state, args=(state,))
        other.start()
        other.join(0.05)
        assert archive.host_state("x.com") is None  # it waits for the transaction to end
    other.join()
    assert archive.host_state("x.com") == state
    archive.set_host_state(HostState("x.com", None, 0))
    assert archive.host_state("x.com") == HostState("x.com", None, 0)


def test_a_transaction_is_all_or_nothing(archive: Archive) -> None:
    def fails() -> None:
        with archive.transaction():
            archive.add_capture(make_capture(POST, make_embed(POST)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert archive.timemap(POST) == []
    with archive.transaction():
        archive.add_capture(make_capture(OTHER_POST, make_embed(OTHER_POST)))
        with pytest.raises(ZeroDivisionError):
            fails()
    assert [post.target for post in archive.posts()] == [OTHER_POST]


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("UPDATE payloads SET body = zeroblob(length(body)), compression = 'none'", "payload"),
        ("UPDATE payloads SET compression = 'zlib'", "payload"),
        ("UPDATE payloads SET size = size + 1", "payload"),
        ("UPDATE media SET content = zeroblob(3)", "media"),
        ("DELETE FROM posts", "database"),
    ],
)
def test_damage_is_found(tmp_path: Path, damage: str, place: str) -> None:
    path = tmp_path / "posts.db"
    with Archive.open(path, clock=ticking()) as archive:
        archive.add_capture(make_capture(POST, make_embed(POST), body=b"12345"))
        archive.add_media(POST, make_media())
        assert list(archive.verify()) == []
    conn = sqlite3.connect(path)
    with conn:
        conn.execute("DROP TRIGGER payloads_no_update")
        conn.execute(damage)
    conn.close()
    with Archive.open(path, clock=ticking(), read_only=True) as archive:
        problems = list(archive.verify())
    assert problems
    assert {problem.place.partition(" ")[0] for problem in problems} == {place}
