"""Visits, media, codes and takedowns."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedarchive.models import (
    Author,
    Embed,
    Level,
    Media,
    Outcome,
    Resolution,
    Target,
)
from embedarchive.store import Archive

from ..making import make_document
from ..making_records import START, make_capture, make_embed, make_media, ticking
from ..making_values import TEXTS, dataclass_values
from .making import OTHER_POST, POST, TEXT, count, stored, stub


def test_the_same_bytes_again_are_a_revisit(archive: Archive) -> None:
    embed = make_embed(POST)
    first = archive.add_capture(make_capture(POST, embed))
    again = archive.add_capture(make_capture(POST, embed, at=START + timedelta(days=1)))
    assert again.id > first.id
    assert archive.timemap(POST) == [first, again]
    assert [count(archive, table) for table in ("captures", "payloads", "embeds")] == [2, 1, 1]


def test_gone_never_hides_the_last_good_snapshot(archive: Archive) -> None:
    good = archive.add_capture(make_capture(POST, make_embed(POST)))
    gone = archive.add_capture(make_capture(POST, at=START + timedelta(days=1)))
    record = archive.find_post(POST)
    assert record is not None
    assert (record.snapshot, record.visits) == (good, (good, gone))
    assert record.level is Level.OBSERVED
    assert archive.memento(POST) == good


def test_the_memento_of_a_moment(archive: Archive) -> None:
    days = [START + timedelta(days=n) for n in range(3)]
    first, second, third = (
        archive.add_capture(make_capture(POST, make_embed(POST, f"Version {n}"), at=day))
        for n, day in enumerate(days)
    )
    assert archive.memento(POST, days[0] - timedelta(seconds=1)) is None
    assert archive.memento(POST, days[0]) == first
    assert archive.memento(POST, days[2] - timedelta(seconds=1)) == second
    assert archive.memento(POST) == third
    assert archive.memento(OTHER_POST) is None
    assert archive.timemap(OTHER_POST) == []


def test_a_clock_that_jumps_back_does_not_hide_the_newest(archive: Archive) -> None:
    archive.add_capture(make_capture(POST, make_embed(POST, "before")))
    back = START - timedelta(days=3650)
    newest = archive.add_capture(make_capture(POST, make_embed(POST, "after"), at=back))
    assert archive.memento(POST) == newest


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(embed=dataclass_values(Embed), data=st.data())
def test_any_embed_comes_back(archive: Archive, embed: Embed, data: st.DataObject) -> None:
    target = Target("x", data.draw(TEXTS))
    body = data.draw(st.binary(max_size=30) | st.just(b"a" * 3000))
    at = data.draw(st.datetimes(timezones=st.just(UTC)))
    taken = archive.add_capture(make_capture(target, embed, body=body, at=at))
    back = archive.timemap(target)[-1]
    named = Target("x", stored(target.post_id))
    assert back == dataclasses.replace(
        taken, capture=dataclasses.replace(taken.capture, target=named)
    )


_VISITS = st.tuples(
    st.sampled_from([POST, OTHER_POST, Target("x", "7"), Target("x", "\ud800"), Target("x", "\0")]),
    st.sampled_from([None, "Rain.", "Rain & sun.", "Sun\0."]),
    st.sampled_from([b"{}", b"[]", b"a" * 3000]),
    st.sampled_from(["syndication", "oembed"]),
)


@settings(max_examples=60, deadline=None)
@given(visits=st.lists(_VISITS, max_size=12), cut=st.integers(0, 12))
def test_visits_stored_together_are_those_stored_one_by_one(
    tmp_path_factory: pytest.TempPathFactory,
    visits: list[tuple[Target, str | None, bytes, str]],
    cut: int,
) -> None:
    captures = [
        dataclasses.replace(
            make_capture(
                post, text and make_embed(post, text, codes=("QwErTy1234",)), body=body, at=START
            ),
            backend=backend,
        )
        for post, text, body, backend in visits
    ]
    paths = [tmp_path_factory.mktemp("archives") / "posts.db" for _ in range(2)]
    with Archive.open(paths[0], clock=lambda: START) as archive:
        together = archive.add_captures(captures[:cut]) + archive.add_captures(captures[cut:])
        assert list(archive.verify()) == []
    with Archive.open(paths[1], clock=lambda: START) as archive:
        assert together == [archive.add_capture(capture) for capture in captures]
    for table in ("posts", "captures", "payloads", "embeds", "embeds_fts", "codes"):
        assert rows_of(paths[0], table) == rows_of(paths[1], table), table


def rows_of(path: Path, table: str) -> list[str]:
    """All but the ids of embeds and payloads, which are handed out in another order."""
    columns = {
        "posts": "network, post_id, key, handle, created_at",
        "embeds": "post, payload, backend, embed, handle, name, text",
        "embeds_fts": "text, author, alt",
        "codes": "code, network, post_id, handle",
    }.get(table, "*")
    with closing(sqlite3.connect(path)) as conn:
        return sorted(map(repr, conn.execute(f"SELECT {columns} FROM {table}")))


def test_a_better_reading_of_the_same_payload_takes_its_place(archive: Archive) -> None:
    archive.add_capture(make_capture(POST, make_embed(POST, codes=("QwErTy1234",)), body=b"{}"))
    archive.add_capture(make_capture(POST, make_embed(POST, "Rain & sun."), body=b"{}"))
    memento = archive.memento(POST)
    assert memento is not None
    assert memento.capture.embed == make_embed(POST, "Rain & sun.")
    assert archive.owners_of_code("QwErTy1234") == []
    assert [post.target for post in archive.search("sun")] == [POST]
    assert list(archive.search("last")) == []


def test_one_answer_for_two_posts_stays_two_visits(archive: Archive) -> None:
    for post in (POST, OTHER_POST):
        archive.add_capture(make_capture(post, outcome=Outcome.UNKNOWN, body=b"{}"))
    assert count(archive, "payloads") == 1
    assert [len(post.visits) for post in archive.posts()] == [1, 1]


def test_codes_lead_to_the_posts_that_carry_them(archive: Archive) -> None:
    document = make_document(TEXT)
    known = stub(document, post_id="5", codes=("InArticle1", "Shared1234"))
    unknown = stub(document, "Sun at last.", codes=("Unknown123",))
    archive.add_document(document, [known, unknown], "1")
    quoted = make_embed(OTHER_POST, codes=("InQuote123",), author=Author("other", "Other"))
    media = (Media("photo", "https://img.example/1", code="InMedia123"),)
    embed = make_embed(POST, codes=("InText1234", "Shared1234"), media=media, quote=quoted)
    archive.add_capture(make_capture(POST, embed))

    def owners(code: str) -> list[tuple[str, str | None, str]]:
        found = archive.owners_of_code(code)
        return [(o.target.post_id, o.handle, o.source.partition(":")[0]) for o in found]

    of_post, of_article = (POST.post_id, "Vaelkanor", "payload"), ("5", "Vaelkanor", "document")
    assert owners("InText1234") == owners("InMedia123") == [of_post]
    assert owners("InQuote123") == [(OTHER_POST.post_id, "other", "payload")]
    assert owners("InArticle1") == [of_article]
    assert owners("Shared1234") == [of_post, of_article]
    assert owners("Unknown123") == owners("inarticle1") == owners("") == []


def test_media_are_stored_once(archive: Archive) -> None:
    photo = make_media()
    for post, url in ((POST, "https://img.example/a"), (OTHER_POST, "https://img.example/b")):
        archive.add_capture(make_capture(post, make_embed(post)))
        archive.add_media(post, dataclasses.replace(photo, url=url))
        archive.add_media(post, dataclasses.replace(photo, url=url))
    assert (count(archive, "media"), count(archive, "post_media")) == (1, 2)
    assert archive.media_content(photo.sha256) == photo.content
    record = archive.find_post(POST)
    assert record is not None
    assert {url: file.size for url, file in record.media.items()} == {
        "https://img.example/a": len(photo.content)
    }
    newer = make_media(b"other bytes", "https://img.example/a")
    archive.add_media(POST, newer)
    record = archive.find_post(POST)
    assert record is not None
    assert record.media["https://img.example/a"].sha256 == newer.sha256
    with pytest.raises(KeyError):
        archive.media_content("0" * 64)


def test_a_file_that_is_an_archives_copy_says_so(archive: Archive) -> None:
    memento = "https://web.archive.org/web/20200101000000id_/https://img.example/1"
    own, copy = make_media(url="https://img.example/2"), make_media(b"copy")
    archive.add_media(POST, own)
    archive.add_media(POST, dataclasses.replace(copy, memento=memento))
    archive.add_media(OTHER_POST, make_media(b"of another"))
    assert [(one.sha256, one.memento) for one in archive.media_of(POST)] == [
        (own.sha256, None),
        (copy.sha256, memento),
    ]
    archive.add_capture(make_capture(POST, make_embed(POST)))
    record = archive.find_post(POST)
    assert record is not None
    assert {file.memento for file in record.media.values()} == {None, memento}
    archive.forget(POST)
    assert archive.media_of(POST) == []


def test_a_forgotten_post_leaves_digests_and_no_content(tmp_path: Path) -> None:
    path, document = tmp_path / "posts.db", make_document(TEXT)
    secret = make_embed(POST, "Unspeakable secret", media=(Media("photo", "u", alt="hidden alt"),))
    with Archive.open(path, clock=ticking()) as archive:
        archive.add_document(document, [stub(document, post_id=POST.post_id)], "1")
        archive.add_capture(make_capture(OTHER_POST, make_embed(OTHER_POST)))
        taken = archive.add_capture(make_capture(POST, secret, body=b"Unspeakable raw bytes"))
        archive.add_media(POST, make_media(b"Unspeakable picture"))
        archive.add_media(POST, make_media(b"shared picture"))
        archive.add_media(OTHER_POST, make_media(b"shared picture"))
        assert archive.forget(POST)
        assert archive.forget(POST)
        assert not archive.forget(Target("x", "404"))
        archive.add_capture(make_capture(POST, secret, body=b"Unspeakable second time"))
        archive.add_media(POST, make_media(b"Unspeakable picture"))
        assert list(archive.verify()) == []
        record = archive.find_post(POST)
        assert record is not None
        assert (record.snapshot, len(record.visits)) == (None, 2)
        assert record.forgotten_at is not None
        assert record.level is Level.OBSERVED  # that it was seen stays true
        assert record.visits[0].capture.payload.digest == taken.capture.payload.digest
        assert list(record.media) == ["https://img.example/1"]
        assert list(archive.search("Unspeakable")) == list(archive.search("hidden")) == []
        assert list(archive.uncaptured("x", again=True)) == []
        assert archive.memento(OTHER_POST) is not None
        for file in (path, path.with_name("posts.db-wal")):
            content = file.read_bytes() if file.exists() else b""
            assert b"nspeakable" not in content
            assert b"hidden alt" not in content
    assert b"nspeakable" not in path.read_bytes()


@pytest.mark.parametrize("is_taken_first", [False, True])
@pytest.mark.parametrize(
    "told",
    [
        Resolution(
            "capture", Level.DISPUTED, POST, {"difference": [{"op": "insert"}], "day": True}
        ),
        Resolution("wayback_cdx", Level.MATCHED, POST, {"text": "Secret", "day": True}),
        Resolution(
            "wayback_cdx",
            Level.MATCHED,
            None,
            {"candidate": POST.post_id, "text": "Secret", "day": True},
            "its archived copy says something else",
        ),
    ],
)
def test_evidence_repeats_no_words_of_a_forgotten_post(
    archive: Archive, told: Resolution, is_taken_first: bool
) -> None:
    document = make_document(TEXT)
    (reference,) = archive.add_document(document, [stub(document)], "1")
    archive.add_capture(make_capture(POST, make_embed(POST)))
    other = dataclasses.replace(
        told, target=OTHER_POST, evidence={"text": "Of another"}, refused=None
    )
    archive.add_resolution(reference.id, other)
    if is_taken_first:
        assert archive.forget(POST)
    archive.add_resolution(reference.id, told)
    assert archive.forget(POST)
    kept = {name: told.evidence[name] for name in ("candidate", "day") if name in told.evidence}
    assert archive.resolutions_of(reference.id) == [other, dataclasses.replace(told, evidence=kept)]
    assert not archive.add_resolution(reference.id, told)  # that is no news


def test_bytes_that_others_stand_on_are_not_taken_down(archive: Archive) -> None:
    document = make_document("{}")
    archive.add_document(document, [], "1")
    for post in (POST, OTHER_POST):
        archive.add_capture(make_capture(post, outcome=Outcome.UNKNOWN, body=b"{ }"))
    archive.add_capture(make_capture(POST, outcome=Outcome.UNKNOWN, body=b"{}"))
    assert archive.forget(POST)
    assert [visit.capture.payload.body for visit in archive.timemap(POST)] == [b"{ }", b"{}"]
    assert archive.forget(OTHER_POST)
    assert [visit.capture.payload.body for visit in archive.timemap(POST)] == [b"", b"{}"]


def test_the_links_of_a_repost_are_those_of_the_original(archive: Archive) -> None:
    original = make_embed(OTHER_POST, author=Author("other", "Other"), codes=("InBoth1234",))
    repost = make_embed(POST, repost=original, codes=("InBoth1234",))
    archive.add_capture(make_capture(POST, repost))
    (owner,) = archive.owners_of_code("InBoth1234")
    assert (owner.target, owner.handle) == (OTHER_POST, "other")
