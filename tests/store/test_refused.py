"""Answers that were not taken: they count as nothing, are bounded, and go with a takedown."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import pytest

from embedarchive.capture import capture, reread
from embedarchive.config import Settings
from embedarchive.errors import UnexpectedResponse
from embedarchive.models import Fetcher, Response, Target
from embedarchive.store import Archive
from embedarchive.store.refused import MOST_KEPT
from embedarchive.store.rescue import rescue
from tests.loopback import World
from tests.loopback.syndication import tweet
from tests.mutations import changes
from tests.torture import contents

from ..making import make_document
from ..making_records import START, make_capture, make_embed, make_refused, ticking
from .making import OTHER_POST, POST, TEXT, count, stub


def test_an_answer_comes_back_as_it_was_received(archive: Archive) -> None:
    answers = [
        make_refused(POST, b"{}" * 3000, answered=OTHER_POST.post_id),
        make_refused(POST, b"<html>", backend="oembed"),
    ]
    archive.add_refused(answers)
    assert archive.refused_of(POST) == answers
    assert archive.refused_of(OTHER_POST) == archive.refused_of(Target("x", "7")) == []


def test_it_says_nothing_of_the_post(archive: Archive) -> None:
    """What is held, what is due and what is asked again are as if it had never come."""
    document = make_document(TEXT)
    archive.add_document(document, [stub(document, post_id=POST.post_id)], "1")

    def seen() -> tuple[object, ...]:
        return (
            list(archive.posts()),
            list(archive.visited("x")),
            *(list(archive.uncaptured("x", again=again)) for again in (False, True)),
            archive.is_visited(POST),
            archive.is_visited(OTHER_POST),
            dataclasses.replace(archive.status(), payloads=0),
            list(archive.unjudged()),
        )

    before = seen()
    archive.add_refused([make_refused(POST, b"first", answered=OTHER_POST.post_id)])
    assert seen() == before
    good = archive.add_capture(make_capture(POST, make_embed(POST)))
    before = seen()
    archive.add_refused([make_refused(POST, b"second", answered=OTHER_POST.post_id)])
    assert seen() == before
    assert archive.memento(POST) == good


def test_the_same_bytes_are_kept_once_and_not_more_than_so_many(archive: Archive) -> None:
    for day in range(3):
        archive.add_refused([make_refused(POST, at=START + timedelta(days=day))] * 2)
    assert [one.received_at for one in archive.refused_of(POST)] == [START]
    archive.add_refused([make_refused(POST, b"%d" % n) for n in range(2 * MOST_KEPT)])
    assert len(archive.refused_of(POST)) == MOST_KEPT
    archive.add_refused([make_refused(POST, b"more", answered="77")])
    assert archive.find_post("77") is None
    archive.add_refused([make_refused(OTHER_POST)])
    assert len(archive.refused_of(OTHER_POST)) == 1
    assert count(archive, "payloads") == MOST_KEPT


@pytest.mark.parametrize("forgotten", [POST, OTHER_POST], ids=["asked for", "answered"])
def test_it_goes_with_a_takedown_of_either_post(tmp_path: Path, forgotten: Target) -> None:
    path = tmp_path / "posts.db"
    secret = make_refused(POST, b"Unspeakable raw bytes", answered=OTHER_POST.post_id)
    with Archive.open(path, clock=ticking()) as archive:
        archive.add_refused([secret, make_refused(Target("x", "7"), b"<html>")])
        assert archive.forget(forgotten)
        again = b"Unspeakable second time"
        archive.add_refused([make_refused(POST, again, answered=OTHER_POST.post_id)])
        assert {one.payload.body for one in archive.refused_of(POST)} == {b""}
        assert len(archive.refused_of(POST)) == (1 if forgotten == POST else 2)
        assert [one.payload.body for one in archive.refused_of(Target("x", "7"))] == [b"<html>"]
        assert list(archive.verify()) == []
        for file in (path, path.with_name("posts.db-wal")):
            assert b"nspeakable" not in (file.read_bytes() if file.exists() else b"")
    assert b"nspeakable" not in path.read_bytes()


def test_it_does_not_keep_what_another_post_captured(archive: Archive) -> None:
    """The bytes in which a post was captured are taken down with it, whoever else was sent them;
    those in which another one was captured stay."""
    body = b"the other post"
    archive.add_capture(make_capture(OTHER_POST, make_embed(OTHER_POST), body=body))
    archive.add_refused([make_refused(POST, body, answered=OTHER_POST.post_id)])
    assert archive.forget(POST)
    assert [one.payload.body for one in archive.refused_of(POST)] == [body]
    assert archive.forget(OTHER_POST)
    assert [one.payload.body for one in archive.refused_of(POST)] == [b""]


def test_repair_brings_it_over(tmp_path: Path) -> None:
    old, new = tmp_path / "posts.db", tmp_path / "new.db"
    with Archive.open(old, clock=ticking()) as archive:
        archive.add_capture(make_capture(POST, make_embed(POST)))
        archive.add_refused([make_refused(POST, answered=OTHER_POST.post_id)])
    done = rescue(old, new, clock=ticking(), reread=reread)
    assert done.losses == []
    assert contents(new) == contents(old)


def test_an_archive_that_never_had_the_table_loses_nothing(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "posts.db", tmp_path / "new.db"
    with Archive.open(old, clock=ticking()) as archive:
        archive.add_capture(make_capture(POST, make_embed(POST)))
        archive._write("DROP TABLE refused_answers")
        archive._write("DELETE FROM _sqlite_migrations WHERE name = 'm004_refused_answers'")
    assert rescue(old, new, clock=ticking(), reread=reread).losses == []


class OneAnswer:
    """Answers every question with the same bytes."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(self, url: str, **more: object) -> Response:
        return Response(url, 200, {}, self.body, START, url)


def test_each_change_of_an_answer_is_a_capture_or_evidence(archive: Archive) -> None:
    """Each key dropped or retyped: the bytes are kept either way, and never half a row."""
    world = World()
    post = world.add_post(POST.post_id, "Vaelkanor", "Vael Kanor", "Rain at last.")
    settings = Settings(media=False, backends=("syndication",))
    sent, captured, refused = set(), 0, 0
    for number, changed in enumerate(changes(tweet(world, post))):
        body = json.dumps(changed).encode()
        fetch: Fetcher = OneAnswer(body)  # type: ignore[assignment]  # all that is asked of it
        result = capture(POST, None, fetch=fetch, settings=settings)
        kept = [*result.captures, *result.refused]
        assert [one.payload.body for one in kept] == [body]
        assert len(result.refused) == len(result.failures)
        assert all(isinstance(failure, UnexpectedResponse) for failure in result.failures)
        # The evidence of each is kept under a post of its own, since of one not all is.
        target = Target("x", str(number))
        archive.add_captures(result.captures)
        archive.add_refused([dataclasses.replace(one, target=target) for one in result.refused])
        sent.add(body)
        captured += len(result.captures)
        refused += len(result.refused)
    assert (count(archive, "captures"), count(archive, "refused_answers")) == (captured, refused)
    assert captured > 100
    assert refused > 20
    assert count(archive, "payloads") == len(sent)
    shown = sum(visit.capture.embed is not None for visit in archive.timemap(POST))
    good = archive._rows("SELECT COUNT(*) FROM captures WHERE outcome = 'available'")[0][0]
    assert shown == good
