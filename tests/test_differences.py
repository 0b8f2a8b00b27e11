"""What changed from visit to visit, as a type and not as words to be read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from embedarchive.differences import Change, Difference, between, differences
from embedarchive.models import (
    Author,
    Capture,
    Counts,
    EditHistory,
    Embed,
    Media,
    Outcome,
    Target,
)
from tests.command import run
from tests.loopback import Picture, Server
from tests.making_records import make_capture
from tests.making_values import values

POST = Target("x", "1657692617044922369")
GONE = "This Post was deleted by the Post author."
AUTHOR = Author("SandholmPort", "Sandholm Harbour", avatar_url="https://img.example/1.jpg")
EMBED = Embed(
    POST,
    AUTHOR,
    "The lens is on the barge.",
    media=(Media("photo", "https://img.example/lens.jpg"),),
    counts=Counts(likes=3, replies=1),
    edits=EditHistory(("1657692617044922369",)),
)


@pytest.mark.parametrize(
    ("kind", "changed", "before", "after"),
    [
        (Change.TEXT, {"text": "No."}, EMBED.text, "No."),
        (Change.NAME, {"author": replace(AUTHOR, name="Port")}, "Sandholm Harbour", "Port"),
        (Change.HANDLE, {"author": replace(AUTHOR, handle="port")}, "SandholmPort", "port"),
        (
            Change.AVATAR,
            {"author": replace(AUTHOR, avatar_url="https://img.example/2.jpg")},
            "https://img.example/1.jpg",
            "https://img.example/2.jpg",
        ),
        (Change.COUNTS, {"counts": Counts(likes=9, replies=1, views=5)}, "3 likes", "9 likes"),
        (Change.MEDIA, {"media": ()}, "https://img.example/lens.jpg available", ""),
        (
            Change.EDITS,
            {"edits": EditHistory(("1657692617044922369", "1657692617044922370"), True, True)},
            "1657692617044922369",
            "1657692617044922369 1657692617044922370 (there is a newer one)",
        ),
    ],
)
def test_each_change_has_its_type(
    kind: Change, changed: dict[str, Any], before: str, after: str
) -> None:
    assert between(EMBED, replace(EMBED, **changed)) == [Difference(kind, before, after)]


def test_what_a_source_does_not_tell_is_no_change() -> None:
    silent = replace(EMBED, counts=Counts(), edits=None, author=replace(AUTHOR, avatar_url=None))
    assert between(EMBED, silent) == between(silent, EMBED) == []


@settings(max_examples=20)
@given(values(Embed))
def test_nothing_differs_from_itself(embed: Embed) -> None:
    assert between(embed, embed) == []


def kinds(*captures: Capture) -> list[list[str]]:
    found = differences(captures, archives={"wayback"})
    return [[one.kind.value for one in changes] for changes in found]


def gone(outcome: Outcome = Outcome.DELETED, **more: Any) -> Capture:
    return make_capture(POST, outcome=outcome, **more)


SEEN = make_capture(POST, EMBED)


@pytest.mark.parametrize(
    ("why", "captures", "expected"),
    [
        ("born, gone, back", [SEEN, gone(), SEEN], [[], ["gone"], ["returned"]]),
        ("gone from the start", [gone(), gone()], [[], []]),
        ("gone in another way", [gone(), gone(Outcome.SUSPENDED)], [[], ["gone"]]),
        ("a 404 proves nothing", [SEEN, gone(Outcome.NOT_FOUND), SEEN], [[], [], []]),
        ("nor does an empty answer",
         [gone(), gone(Outcome.UNKNOWN), SEEN], [[], [], ["returned"]]),
        ("a 404 takes no proof back",
         [gone(), gone(Outcome.NOT_FOUND), gone()], [[], [], []]),
        ("an old copy is no return",
         [SEEN, gone(), make_capture(POST, EMBED, backend="wayback"), gone()],
         [[], ["gone"], [], []]),
        ("another service, other words",
         [SEEN, make_capture(POST, replace(EMBED, text="Cut…"), backend="oembed"), SEEN],
         [[], [], []]),
        ("gone, and back with another name",
         [SEEN, gone(), make_capture(POST, replace(EMBED, author=replace(AUTHOR, name="P")))],
         [[], ["gone"], ["returned", "name"]]),
    ],
)  # fmt: skip
def test_what_became_of_a_post(
    why: str, captures: list[Capture], expected: list[list[str]]
) -> None:
    assert kinds(*captures) == expected, why


def test_history_tells_what_each_visit_found(tmp_path: Path) -> None:
    article, db = tmp_path / "a.txt", tmp_path / "posts.db"
    article.write_text(f"See https://x.com/SandholmPort/status/{POST.post_id}\n", encoding="utf-8")
    always = {"EMBEDARCHIVE_REFRESH": "later: 0h,gone: 0h,losing: 1"}
    lives: list[dict[str, Any]] = [
        {"name": "Sandholm Harbour", "likes": 1},
        {"name": "Sandholm Harbour", "likes": 2, "media": (Picture("Lens"),), "code": "Qw7LmT2xVd"},
        {"name": "Harbour of Sandholm", "likes": 2, "gone": GONE},
        {"name": "Harbour of Sandholm", "likes": 2},
    ]
    with Server() as server:
        for number, life in enumerate(lives):
            server.world.add_post(POST.post_id, "SandholmPort", text="The lens.", **life)
            command = ["refresh", db] if number else ["archive", db, article]
            done = run(*command, endpoints=server.base, env=always)
            assert done.returncode == 0, done.stderr
    rows = [
        json.loads(line) for line in run("history", db, POST.post_id, "--nl").stdout.splitlines()
    ]
    assert [row["changes"] for row in rows] == [
        [],
        ["counts", "media"],
        ["gone"],
        ["returned", "name", "media"],
    ]
    assert rows[3]["differences"][1] == {
        "kind": "name",
        "before": "Sandholm Harbour",
        "after": "Harbour of Sandholm",
    }
    told = run("history", db, POST.post_id, "-t").stdout
    assert "Back again" in told
    assert "- Sandholm Harbour\n    + Harbour of Sandholm" in told
