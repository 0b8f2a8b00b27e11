"""Articles come back as they were, once per content, with what was learnt of them."""

from __future__ import annotations

import dataclasses
import itertools
import random
import tracemalloc
from datetime import UTC, date
from hashlib import sha256
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedarchive.models import (
    Claim,
    Damage,
    Document,
    Kind,
    Level,
    Origin,
    Reference,
    Resolution,
)
from embedarchive.store import Archive

from ..making import make_document
from ..making_records import ticking
from ..making_values import TEXTS, dataclass_values
from .making import OTHER_POST, POST, TEXT, count, matched, refused, stored, stub

NUMBERS = itertools.count()


def test_a_record_comes_back_with_where_it_stands(archive: Archive) -> None:
    origin = Origin("a.jsonl.gz", 7, 1234, "https://news.example/7")
    record = dataclasses.replace(make_document(TEXT, uri="a.jsonl.gz#7"), origin=origin)
    archive.add_document(record, [], "1")
    article = archive.article(record.uri)
    assert article is not None
    assert article.document == record


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


def test_what_two_scanners_cut_out_of_two_versions_is_one_post(archive: Archive) -> None:
    day = date(2024, 5, 6)
    old, new = make_document(TEXT), make_document(TEXT + "Updated.")
    wide, tight = stub(old, TEXT[:-1], date=day), stub(new, date=day)
    archive.add_document(old, [wide, stub(old, "Sun at last.", date=day)], "1")
    archive.add_document(new, [tight], "1")
    assert [post.key for post in archive.posts()] == ["claim-1", "claim-2", "claim-3"]
    archive.add_document(new, [tight], "2")
    assert [post.key for post in archive.posts()] == ["claim-3"]


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


def test_to_know_an_article_is_one_look_and_no_write(archive: Archive) -> None:
    documents = [make_document(TEXT, uri=f"{n}.txt") for n in range(50)]
    for document in documents:
        archive.add_document(document, [stub(document)], "1")
    statements: list[str] = []
    archive._db.conn.set_trace_callback(statements.append)
    assert all(archive.is_known(document, "1") for document in documents)
    archive._db.conn.set_trace_callback(None)
    assert len(statements) == len(documents)


def test_reading_all_articles_holds_one_at_a_time(archive: Archive) -> None:
    for number in range(40):
        content = random.Random(number).randbytes(100_000).hex()
        archive.add_document(make_document(content, uri=f"{number}.txt"), [], "1")
    tracemalloc.start()
    assert sum(len(article.document.text) for article in archive.articles()) == 8_000_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
