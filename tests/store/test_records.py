"""Posts and articles as the archive knows them, and what is still to be asked."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from embedarchive.models import (
    Level,
    Outcome,
    Resolution,
    Target,
)
from embedarchive.store import Archive

from ..making import make_document
from ..making_records import make_capture, make_embed, ticking
from .making import POST, TEXT, matched, stub


def test_posts_are_found_by_target_key_and_id(archive: Archive) -> None:
    document = make_document(TEXT)
    added = archive.add_document(
        document, [stub(document, post_id=POST.post_id), stub(document, "Sun at last.")], "1"
    )
    other_network = Target("mastodon", POST.post_id)
    archive.add_capture(make_capture(other_network, make_embed(other_network)))
    post = archive.find_post(POST)
    assert post is not None
    assert post.key == f"x-{POST.post_id}"
    assert post.references == (added[0],)
    assert archive.find_post(POST.post_id) == archive.find_post(post.key) == post
    assert archive.post(post.key) == archive.post("claim-1") == post
    sun = archive.find_post("claim-2")
    assert sun is not None
    assert (sun.key, sun.target, sun.level) == ("claim-2", None, Level.CLAIMED)
    for nothing in ("claim-99", "claim-٢", "x-", "", "claim-" + "9" * 40, "\x00", "\ud800"):
        assert archive.find_post(nothing) is None
    assert archive.find_post(Target("x", "nothing")) is None


@pytest.mark.parametrize(
    ("post_id", "is_readable"),
    [
        ("123", True),
        ("3lbqta5fnik2x", True),
        ("example.social", True),
        ("CamelCase", False),
        ("../../etc/passwd", False),
        ("did:plc:abc/3k", False),
        ("a-b", False),
        ("", False),
        ("٣", False),
        ("9" * 500, False),
        ("\ud800", False),
    ],
)
def test_keys_are_safe_in_paths_and_tell_posts_apart(
    archive: Archive, post_id: str, is_readable: bool
) -> None:
    target = Target("x", post_id)
    archive.add_capture(make_capture(target, make_embed(target)))
    (record,) = archive.posts()
    assert record.key.isascii()
    assert record.key == record.key.lower()
    assert len(record.key) < 90
    assert not set(record.key) & set("/\\:\0 ")
    assert (record.key == f"x-{post_id}") is is_readable


def test_what_is_still_to_ask(archive: Archive) -> None:
    document = make_document(TEXT)
    references = [
        stub(document, post_id=POST.post_id),
        stub(document, "Sun at last.", post_id="7", handle="sun"),
        stub(document, "Vael", post_id="7", network="bluesky"),
    ]
    archive.add_document(document, references, "1")
    seen = datetime(2030, 1, 1, tzinfo=UTC)
    first, second = (POST, "Vaelkanor", False), (Target("x", "7"), "sun", False)
    assert list(archive.uncaptured("x")) == [first, second]
    assert list(archive.uncaptured("x", since=seen)) == []
    archive.add_capture(make_capture(POST, outcome=Outcome.UNKNOWN))
    assert list(archive.uncaptured("x")) == [(Target("x", "7"), "sun", False)]
    assert (POST, "Vaelkanor", True) in list(archive.uncaptured("x", again=True))
    archive.add_capture(make_capture(POST, make_embed(POST)))
    assert list(archive.uncaptured("x", again=True)) == [(Target("x", "7"), "sun", False)]
    ((reference, (snapshot,)),) = archive.unjudged()
    assert reference.resolution == Resolution("reference", Level.MATCHED, POST)
    assert archive.memento(POST) == snapshot
    archive.add_resolution(reference.id, Resolution("capture", Level.VERIFIED, POST))
    assert list(archive.unjudged()) == []


def test_unresolved_since_is_of_what_this_run_saw(tmp_path: Path) -> None:
    clock = ticking()
    with Archive.open(tmp_path / "posts.db", clock=clock) as archive:
        documents = [make_document(TEXT, uri=f"{n}.txt") for n in range(2)]
        for document in documents:
            archive.add_document(document, [stub(document)], "1")
        run_began = clock()
        assert list(archive.unresolved(since=run_began)) == []
        assert archive.is_known(documents[1], "1")
        assert [one.uri for one in archive.unresolved(since=run_began)] == ["1.txt"]
        assert [one.uri for one in archive.unresolved()] == ["0.txt", "1.txt"]


def test_reading_all_takes_few_queries_and_survives_writing(archive: Archive) -> None:
    posts = [Target("x", str(n)) for n in range(450)]
    document = make_document("".join(f"{{{n}}}" for n in range(450)))
    references = [stub(document, f"{{{n}}}", post_id=None if n % 3 else str(n)) for n in range(450)]
    with archive.transaction():
        archive.add_document(document, references, "1")
        for post in posts:
            archive.add_capture(make_capture(post, make_embed(post)))
    statements: list[str] = []
    archive._db.conn.set_trace_callback(statements.append)
    keys = [record.key for record in archive.posts()]
    assert len(keys) == len(set(keys)) == 750
    assert len(statements) < 60
    archive._db.conn.set_trace_callback(None)
    for record in archive.posts():
        if record.target is None:
            archive.add_resolution(record.references[0].id, matched())
    assert list(archive.unresolved()) == []


def test_dates_before_snowflakes_and_of_the_id(archive: Archive) -> None:
    document = make_document(TEXT)
    old = stub(document, post_id="20", date=date(2006, 3, 21))
    new = stub(document, "Sun at last.", post_id="1787400000000000001")
    archive.add_document(document, [old, new], "1")
    with sqlite3.connect(archive.path) as conn:
        made = dict(conn.execute("SELECT post_id, created_at FROM posts").fetchall())
    conn.close()
    assert made["20"] is None
    assert made["1787400000000000001"].startswith("2024-05-06T")
