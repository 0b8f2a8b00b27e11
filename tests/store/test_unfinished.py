"""What visits did not get, and answers that a search may go on with."""

from __future__ import annotations

from datetime import timedelta

from embedarchive.models import Response, Target, Unfinished
from embedarchive.store import Archive
from embedarchive.store.unfinished import MOST_TRIES

from ..making import make_document
from ..making_records import START, make_capture, make_embed
from .making import POST, TEXT, stub

PICTURE = Unfinished("https://pbs.twimg.com/media/A.jpg", "pbs.twimg.com answered 503")
SERVICE = Unfinished("oembed", "publish.x.com: no answer")
LOOKUP = Response(
    url="https://web.archive.org/cdx/search/cdx?url=a",
    status=200,
    headers={"content-type": "application/json"},
    body=b"[]" * 3000,
    received_at=START,
    final_url="https://web.archive.org/cdx/search/cdx?url=a",
)


def held(archive: Archive) -> None:
    document = make_document(TEXT)
    archive.add_document(document, [stub(document, post_id=POST.post_id)], "1")
    archive.add_capture(make_capture(POST, make_embed(POST)))


def again(archive: Archive) -> list[Target]:
    return [target for target, _, _ in archive.uncaptured("x", again=True)]


def listed(archive: Archive) -> list[tuple[str, int]]:
    rows = archive._rows("SELECT what, tries FROM unfinished ORDER BY what")
    return [(row["what"], row["tries"]) for row in rows]


def test_a_post_that_was_not_had_whole_is_asked_for_again(archive: Archive) -> None:
    held(archive)
    assert again(archive) == []
    archive.set_unfinished({POST: [PICTURE, SERVICE]})
    assert again(archive) == [POST]
    assert list(archive.uncaptured("x")) == []
    assert [post.is_unfinished for post in archive.visited("x")] == [True]
    archive.set_unfinished({POST: [PICTURE]})
    assert listed(archive) == [(PICTURE.what, 2)]
    archive.set_unfinished({POST: []})
    assert (again(archive), listed(archive)) == ([], [])


def test_there_is_an_end_to_trying(archive: Archive) -> None:
    held(archive)
    for number in range(MOST_TRIES):
        assert again(archive) == [POST] * (number > 0)
        archive.set_unfinished({POST: [PICTURE]})
    assert again(archive) == []
    assert [post.is_unfinished for post in archive.visited("x")] == [False]


def test_of_posts_that_are_unknown_or_taken_down_nothing_is_kept(archive: Archive) -> None:
    archive.set_unfinished({POST: [PICTURE]})
    assert listed(archive) == []
    held(archive)
    archive.set_unfinished({POST: [PICTURE]})
    archive.remember(LOOKUP.url, LOOKUP)
    archive.forget(POST)
    archive.set_unfinished({POST: [PICTURE]})
    assert listed(archive) == []
    assert archive.recall(LOOKUP.url) is None


def test_an_answer_is_recalled_as_it_was_until_it_is_old(archive: Archive) -> None:
    assert archive.recall(LOOKUP.url) is None
    archive.remember(LOOKUP.url, LOOKUP)
    archive.remember(LOOKUP.url, LOOKUP)
    assert archive.recall(LOOKUP.url) == LOOKUP
    archive.forget_lookups(START)
    assert archive.recall(LOOKUP.url) == LOOKUP
    archive.forget_lookups(START + timedelta(seconds=1))
    assert archive.recall(LOOKUP.url) is None
