"""The judge of cards side by side: it finds what is shown, and misses what is not."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.command import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from _facts import Fact, facts_of
from side_by_side import Look, holds, merged, with_one_key_less

sys.path.pop(0)

ANSWER: dict[str, Any] = {
    "__typename": "Tweet",
    "id_str": "1600000000000000001",
    "lang": "en",
    "created_at": "2022-12-06T05:21:05.000Z",
    "text": "Salt &amp; fog at the pier https://t.co/AbCdEfGh12 #fog",
    "display_text_range": [0, 55],
    "entities": {
        "hashtags": [{"indices": [51, 55], "text": "fog"}],
        "urls": [
            {
                "indices": [27, 50],
                "url": "https://t.co/AbCdEfGh12",
                "display_url": "harbour.example/fog",
                "expanded_url": "https://harbour.example/fog",
            }
        ],
    },
    "user": {"name": "Ada Quill", "screen_name": "ada_quill", "is_blue_verified": True},
    "favorite_count": 1203,
}
CARD = Look(
    words="ada quill @ada_quill salt & fog at the pier harbour.example/fog #fog"
    " 6 december 2022, 05:21 utc 1,203 likes",
    names="verified account",
    links=(("harbour.example/fog", "https://harbour.example/fog"), ("#fog", "https://x.com/fog")),
    images={},
    languages=frozenset({"en"}),
    asked=0,
)


def test_a_card_that_shows_all_holds_every_fact() -> None:
    assert [fact for fact in facts_of(ANSWER) if not holds(CARD, fact)] == []
    assert {fact.feature for fact in facts_of(ANSWER)} == {
        "name and handle",
        "verified, in words",
        "text",
        "links",
        "mentions and tags as links",
        "language marked",
        "day, in words",
        "time in UTC, in words",
        "likes, to the last one",
    }


def test_an_empty_card_holds_no_fact() -> None:
    empty = Look("", "", (), {}, frozenset(), 0)
    assert not any(holds(empty, fact) for fact in facts_of(ANSWER))


@pytest.mark.parametrize(
    ("what", "shown", "is_held"),
    [("203", "1,203 likes", False), ("1,203|1203", "1203", True), ("3:24", "13:24", False)],
)
def test_a_number_stands_for_itself(what: str, shown: str, is_held: bool) -> None:
    card = Look(shown, shown, (), {}, frozenset(), 0)
    assert holds(card, Fact("a count", "words", what)) is is_held


def test_a_tombstone_tells_its_reason_alone() -> None:
    tombstone = {"text": {"text": "This Post was deleted by the Post author. Learn more"}}
    (fact,) = facts_of({"__typename": "TweetTombstone", "tombstone": tombstone})
    assert fact.what == "This Post was deleted by the Post author."


def test_parts_are_merged_at_every_depth() -> None:
    base = {"a": [{"b": 1, "c": 2}], "d": 3}
    part = {"a": [{"b": None, "e": 5}], "f": 6}
    assert merged(base, part) == {"a": [{"c": 2, "e": 5}], "d": 3, "f": 6}


def test_each_key_is_left_out_once() -> None:
    assert list(with_one_key_less({"a": {"b": 1}, "c": [{"d": 2}]})) == [
        {"c": [{"d": 2}]},
        {"a": {}, "c": [{"d": 2}]},
        {"a": {"b": 1}},
        {"a": {"b": 1}, "c": [{}]},
    ]
