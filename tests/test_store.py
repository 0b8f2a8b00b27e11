"""The archive gives back what it was given, once, in order, and keeps what was learnt."""

from __future__ import annotations

import dataclasses
import itertools
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedarchive.models import (
    Author,
    Claim,
    Damage,
    Document,
    Embed,
    HostState,
    Kind,
    Level,
    Media,
    Outcome,
    Reference,
    Resolution,
    Target,
)
from embedarchive.store import Archive

from .making import make_document
from .making_records import (
    START,
    make_capture,
    make_embed,
    make_media,
    make_reference,
    ticking,
)
from .making_values import TEXTS, dataclass_values

POST = Target("x", "1787400000000000001")
OTHER_POST = Target("x", "1787400000000000002")
NUMBERS = itertools.count()
TEXT = """Rain at last.
— Vael Kanor (@Vaelkanor) May 6, 2024
Sun at last. pic.twitter.com/QwErTy1234
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "posts.db", clock=ticking()) as opened:
        yield opened
        assert list(opened.verify()) == []


def stub(document: Document, words: str = "Rain at last.", **claim: Any) -> Reference:
    return make_reference(document, words, **{"handle": "Vaelkanor", "text": words} | claim)


def matched(target: Target = POST, rule: str = "redirect", **evidence: object) -> Resolution:
    return Resolution(rule, Level.MATCHED, target, evidence)


def refused(candidate: Target = POST, rule: str = "redirect") -> Resolution:
    evidence = {"candidate": candidate.post_id}
    return Resolution(rule, Level.CLAIMED, None, evidence, refused="another day")


def count(archive: Archive, table: str) -> int:
    with sqlite3.connect(archive.path) as conn:
        (number,) = conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    conn.close()
    return number


# --- documents ---------------------------------------------------------------------------------


def test_an_article_comes_back_with_its_references_in_order(archive: Archive) -> None:
    document = make_document(TEXT)
    references = [stub(document, "Sun at last."), stub(document)]
    added = archive.add_document(document, references, "1")
    article = archive.article(document.uri)
    assert article is not None
    assert article.document == document
    assert article.references == tuple(added)
    assert [one.reference for one in added] == [references[1], references[0]]
    assert [one.post_key for one in added] == ["claim-2", "claim-1"]
    assert added[0].resolution == Resolution("claim", Level.CLAIMED, None)
    assert list(archive.articles()) == [article]
    assert archive.article("nowhere.txt") is None


def references_in(document: Document) -> st.SearchStrategy[Reference]:
    places = st.tuples(st.integers(0, len(document.text)), st.integers(0, len(document.text))).map(
        sorted
    )
    return st.builds(
        lambda place, **rest: Reference(
            place[0], place[1], document.text[place[0] : place[1]], **rest
        ),
        places,
        form=st.sampled_from(["flattened", "blockquote"]),
        kind=st.sampled_from(list(Kind)),
        claim=dataclass_values(Claim),
        url=st.none() | TEXTS,
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_references_of_any_document_come_back(archive: Archive, data: st.DataObject) -> None:
    content = data.draw(st.binary(max_size=40), label="content")
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16-le", "cp1252", "x-ours"]))
    text = data.draw(TEXTS) if encoding == "x-ours" else content.decode(encoding, "replace")
    document = Document(
        uri=f"{next(NUMBERS)}{data.draw(TEXTS)}",
        media_type="text/html",
        encoding=encoding,
        content=content,
        text=text,
        digest=f"sha256:{sha256(content).hexdigest()}",
        damage=tuple(data.draw(st.lists(dataclass_values(Damage), max_size=2))),
        published_at=data.draw(st.none() | st.datetimes(timezones=st.just(UTC))),
    )
    references = data.draw(st.lists(references_in(document), max_size=4))
    added = archive.add_document(document, references, data.draw(TEXTS.map(ascii)))
    article = archive.article(document.uri)
    assert article is not None
    assert article.document == dataclasses.replace(document, uri=stored(document.uri))
    expected = sorted(map(as_stored, references), key=lambda one: (one.start, one.end))
    assert sorted(map(repr, (one.reference for one in added))) == sorted(map(repr, expected))


def stored(text: str | None) -> Any:
    """A text as it comes back: SQLite holds no lone surrogates."""
    return text and text.encode("utf-8", "backslashreplace").decode()


def as_stored(reference: Reference) -> Reference:
    claim = reference.claim
    names = ("network", "post_id", "handle", "name", "text")
    changes = {name: stored(getattr(claim, name)) for name in names}
    return dataclasses.replace(
        reference,
        raw=stored(reference.raw),
        url=stored(reference.url),
        claim=dataclasses.replace(claim, **changes),
    )


def test_the_same_bytes_again_add_no_row_and_move_last_seen(archive: Archive) -> None:
    document = make_document(TEXT)
    first = archive.add_document(document, [stub(document)], "1")
    before = archive.article(document.uri)
    assert archive.add_document(document, [stub(document)], "1") == first
    after = archive.article(document.uri)
    assert before is not None
    assert after is not None
    assert after.first_seen == before.first_seen
    assert after.last_seen > before.last_seen
    tables = ("documents", "document_versions", "document_references", "payloads")
    assert [count(archive, table) for table in tables] == [1, 1, 1, 1]


def test_what_is_known_is_noted_as_seen_when_the_archive_closes(tmp_path: Path) -> None:
    clock, path = ticking(), tmp_path / "posts.db"
    document = make_document(TEXT)
    with Archive.open(path, clock=clock) as archive:
        archive.add_document(document, [], "1")
        assert archive.is_known(document, "1")
        assert not archive.is_known(document, "2")
        assert not archive.is_known(dataclasses.replace(document, encoding="ascii"), "1")
        assert not archive.is_known(dataclasses.replace(document, media_type="text/html"), "1")
        assert not archive.is_known(make_document(TEXT, uri="copy.txt"), "1")
        assert not archive.is_known(make_document(TEXT + "."), "1")
        noted = clock()
    with Archive.open(path, clock=clock, read_only=True) as archive:
        article = archive.article(document.uri)
        assert article is not None
        assert article.first_seen < article.last_seen < noted
        assert archive.is_known(document, "1")


def test_a_changed_article_is_a_new_version_and_the_old_one_stays(archive: Archive) -> None:
    old, new = make_document(TEXT), make_document(TEXT + "Correction: it rained.\n")
    (was,) = archive.add_document(old, [stub(old)], "1")
    (now,) = archive.add_document(new, [stub(new)], "1")
    assert now.id != was.id
    assert count(archive, "document_versions") == 2
    assert [one.id for post in archive.posts() for one in post.references] == [now.id]
    archive.add_document(old, [stub(old)], "1")  # the correction is withdrawn
    article = archive.article(old.uri)
    assert article is not None
    assert article.document.text == old.text
    assert count(archive, "document_versions") == 2
    assert [one.id for post in archive.posts() for one in post.references] == [was.id]


def test_what_only_an_older_version_said_is_still_a_post(archive: Archive) -> None:
    old, new = make_document(TEXT), make_document("The post was withdrawn.")
    (was,) = archive.add_document(old, [stub(old)], "1")
    assert archive.add_document(new, [], "1") == []
    assert [post.references for post in archive.posts()] == [(was,)]
    assert list(archive.unresolved()) == []


def test_what_was_learnt_stays_known_when_the_article_changes(archive: Archive) -> None:
    old, new = make_document(TEXT), make_document("Updated.\n" + TEXT)
    (was,) = archive.add_document(old, [stub(old)], "1")
    archive.add_resolution(was.id, refused(OTHER_POST))
    archive.add_resolution(was.id, matched(location="/status/1/photo/1"))
    (now,) = archive.add_document(new, [stub(new)], "1")
    assert now.resolution == matched(location="/status/1/photo/1")
    assert now.refusals == (refused(OTHER_POST),)
    assert now.post_key == "x-1787400000000000001"


def test_another_scanner_keeps_what_was_learnt_of_unchanged_places(archive: Archive) -> None:
    document = make_document(TEXT)
    sun = stub(document, "Sun at last.")
    rain, was_sun = archive.add_document(document, [stub(document), sun], "1")
    archive.add_resolution(rain.id, matched())
    better = stub(document, codes=("QwErTy1234",))
    (again,) = archive.add_document(document, [better], "2")
    assert (again.id, again.reference, again.resolution) == (rain.id, better, matched())
    assert archive.post(was_sun.post_key) is None
    assert archive.is_known(document, "2")
    (fresh,) = archive.add_document(document, [sun], "3")
    assert fresh.id > was_sun.id  # an address once given is never given again


def test_another_scanner_that_reads_another_id_starts_over(archive: Archive) -> None:
    document = make_document(TEXT)
    (was,) = archive.add_document(document, [stub(document, post_id=POST.post_id)], "1")
    archive.add_resolution(was.id, Resolution("capture", Level.VERIFIED, POST))
    (now,) = archive.add_document(document, [stub(document, post_id=OTHER_POST.post_id)], "2")
    assert now.id == was.id
    assert now.resolution == Resolution("reference", Level.MATCHED, OTHER_POST)
    (none,) = archive.add_document(document, [stub(document)], "3")
    assert none.resolution.target is None


def test_a_persons_word_outlives_the_scanner_that_found_the_place(archive: Archive) -> None:
    document = make_document(TEXT)
    (was,) = archive.add_document(document, [stub(document)], "1")
    archive.add_resolution(was.id, matched(rule="manual"))
    assert [one.id for one in archive.add_document(document, [], "2")] == [was.id]


def test_a_credit_names_no_post(archive: Archive) -> None:
    document = make_document(TEXT)
    credit = stub(document, kind=Kind.CREDIT)
    moment = stub(document, "Sun at last.", kind=Kind.OTHER, post_id="99")
    added = archive.add_document(document, [credit, moment], "1")
    assert [(one.post_key, one.resolution.target) for one in added] == [("", None)] * 2
    assert list(archive.posts()) == []
    assert list(archive.unresolved()) == []


def test_places_may_be_shared(archive: Archive) -> None:
    document = make_document(TEXT)
    twins = [stub(document, post_id="1"), stub(document, post_id="2")]
    first = archive.add_document(document, twins, "1")
    assert archive.add_document(document, twins, "2") == first


# --- resolutions -------------------------------------------------------------------------------

HISTORIES: list[tuple[str, list[Resolution], Resolution | None]] = [
    ("nothing", [], None),
    ("the newest of equals", [matched(), matched(OTHER_POST)], matched(OTHER_POST)),
    (
        "the best level",
        [Resolution("capture", Level.OBSERVED, POST), matched(OTHER_POST)],
        Resolution("capture", Level.OBSERVED, POST),
    ),
    (
        "a dispute is as good as a verification, the newest counts",
        [Resolution("capture", Level.VERIFIED, POST), Resolution("capture", Level.DISPUTED, POST)],
        Resolution("capture", Level.DISPUTED, POST),
    ),
    ("a refusal is none", [refused()], None),
    ("a refusal takes back the same candidate", [matched(), refused()], None),
    ("but no other", [matched(OTHER_POST), refused()], matched(OTHER_POST)),
    ("and no other rule's", [matched(rule="code_join"), refused()], matched(rule="code_join")),
    (
        "a person's word goes first",
        [matched(rule="manual"), Resolution("capture", Level.VERIFIED, OTHER_POST)],
        matched(rule="manual"),
    ),
    (
        "and can be verified",
        [matched(rule="manual"), Resolution("capture", Level.VERIFIED, POST)],
        Resolution("capture", Level.VERIFIED, POST),
    ),
    (
        "a person may change their mind",
        [matched(rule="manual"), matched(OTHER_POST, rule="manual")],
        matched(OTHER_POST, rule="manual"),
    ),
    (
        "and take it back",
        [matched(OTHER_POST), matched(rule="manual"), refused(POST, rule="manual")],
        matched(OTHER_POST),
    ),
]


@pytest.mark.parametrize(("why", "history", "expected"), HISTORIES, ids=[h[0] for h in HISTORIES])
def test_which_resolution_is_in_force(
    archive: Archive, why: str, history: list[Resolution], expected: Resolution | None
) -> None:
    document = make_document(TEXT)
    (reference,) = archive.add_document(document, [stub(document)], "1")
    for resolution in history:
        assert archive.add_resolution(reference.id, resolution), why
    article = archive.article(document.uri)
    assert article is not None
    (now,) = article.references
    assert now.resolution == (expected or Resolution("claim", Level.CLAIMED, None))
    assert now.refusals == tuple(one for one in history if one.refused)
    assert archive.resolutions_of(reference.id) == history
    is_stub = expected is None
    assert bool(list(archive.unresolved())) is is_stub
    post = archive.post(reference.post_key)
    assert post is not None
    assert post.target == (None if expected is None else expected.target)


def test_the_same_finding_again_is_no_news(archive: Archive) -> None:
    document = make_document(TEXT)
    (reference,) = archive.add_document(document, [stub(document)], "1")
    findings = [matched(code="QwErTy1234"), refused(OTHER_POST), refused(Target("x", "7"))]
    for _ in range(2):
        news = [archive.add_resolution(reference.id, finding) for finding in findings]
    assert news == [False, False, False]
    assert count(archive, "resolutions") == 3
    back_and_forth = [matched(OTHER_POST), matched(code="QwErTy1234"), refused(POST)]
    assert all(archive.add_resolution(reference.id, finding) for finding in back_and_forth)


# --- captures ----------------------------------------------------------------------------------


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


# --- records -----------------------------------------------------------------------------------


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
    assert list(archive.uncaptured("x")) == [(POST, "Vaelkanor"), (Target("x", "7"), "sun")]
    assert list(archive.uncaptured("x", since=seen)) == []
    archive.add_capture(make_capture(POST, outcome=Outcome.UNKNOWN))
    assert list(archive.uncaptured("x")) == [(Target("x", "7"), "sun")]
    assert (POST, "Vaelkanor") in list(archive.uncaptured("x", again=True))
    archive.add_capture(make_capture(POST, make_embed(POST)))
    assert list(archive.uncaptured("x", again=True)) == [(Target("x", "7"), "sun")]
    ((reference, snapshot),) = archive.unjudged()
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


# --- search ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("rain", ["x-1787400000000000001", "claim-1"]),
        ("LAST rain", ["x-1787400000000000001", "claim-1"]),
        ("vaelkanor", ["claim-1", "x-1787400000000000001"]),
        ("umbrella", ["x-1787400000000000001"]),
        ("東京", ["x-1787400000000000001"]),
        ("京都", []),
        ("cafe", ["x-1787400000000000001"]),
        ("rain OR snow", []),
        ("rain NOT last", []),
        ("text:rain", []),
        ("ra*", []),
        ('"', []),
        ("' OR 1=1 --", []),
        ("NEAR(rain last)", []),
        ("rain\x00at", ["x-1787400000000000001", "claim-1"]),
        ("\ud800", []),
        ("", []),
        ("   ", []),
        (") (", []),
    ],
)
def test_search_takes_words_and_nothing_but_words(
    archive: Archive, query: str, finds: list[str]
) -> None:
    document = make_document(TEXT)
    archive.add_document(document, [stub(document)], "1")
    media = (Media("photo", "u", alt="A red umbrella in 東京"),)
    archive.add_capture(make_capture(POST, make_embed(POST, "Rain at last, café", media=media)))
    assert sorted(record.key for record in archive.search(query)) == sorted(finds)


def test_a_page_of_findings_after_the_other(archive: Archive) -> None:
    with archive.transaction():
        for n in range(450):
            post = Target("x", str(n))
            archive.add_capture(make_capture(post, make_embed(post)))
    assert len({record.key for record in archive.search("rain")}) == 450


# --- upkeep ------------------------------------------------------------------------------------


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
    assert status.last_run.report == '{"documents":1}'
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
