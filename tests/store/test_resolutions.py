"""What was learnt of a reference, and which of it counts."""

from __future__ import annotations

import pytest

from embedarchive.models import (
    Level,
    Resolution,
    Target,
)
from embedarchive.store import Archive

from ..making import make_document
from .making import OTHER_POST, POST, TEXT, count, matched, refused, stub

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


def test_a_person_may_say_it_take_it_back_and_say_it_again(archive: Archive) -> None:
    document = make_document(TEXT)
    (reference,) = archive.add_document(document, [stub(document)], "1")
    said = matched(rule="manual", url="https://x.com/i/status/1787400000000000001")
    undone = Resolution("manual", Level.CLAIMED, None, refused="taken back")
    for word in (said, undone, said):
        assert archive.add_resolution(reference.id, word)
        assert not archive.add_resolution(reference.id, word)
    post = archive.find_post(POST)
    assert post is not None
    assert post.references[0].resolution == said
