"""By which words an author is known, and how often a text says `I`."""

from __future__ import annotations

import pytest

from embedarchive.flattened.words import count_persons, holds_one, telling_parts, words_of


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("The Wave", ["Wave"]),
        ("BRICS News", ["BRICS"]),
        ("ann oak 🌳", ["Ann", "Oak"]),
        ("Cy Fir", ["Fir"]),
        ("Official News Today", []),
        ("灯台もり", ["灯台もり"]),
        ("", []),
    ],
)
def test_only_telling_words_name_an_author(name: str, parts: list[str]) -> None:
    assert telling_parts(name) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Oak said so.", True),
        ("as (Oak) said", True),
        ("Oakley said so.", False),
        ("an oak said so", False),
        ("BigOak said so", False),
        ("", False),
    ],
)
def test_a_name_is_a_word(text: str, found: bool) -> None:
    assert holds_one(text, ["Oak"]) is found


def test_names_stand_inside_words_where_words_are_not_separated() -> None:
    assert holds_one("港の灯台もりさんは", ["灯台もり"])


@pytest.mark.parametrize(
    ("text", "count"),
    [("I think we are late, I'm sorry", 3), ("The mayor apologised.", 0), ("私は行く", 1)],
)
def test_persons(text: str, count: int) -> None:
    assert count_persons(text, words_of(text.lower()), text.startswith("私")) == count
