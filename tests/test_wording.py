"""What words say of where a tweet starts: tokens, weights, chances."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.flattened.wording import (
    Weights,
    Wording,
    log_chances,
    shipped_wording,
    stretches,
    tokens_of,
)
from tests.timing import assert_linear

WEIGHTS = st.builds(Weights, *(st.floats(-9, 9) for _ in range(3)))


@pytest.mark.parametrize(
    ("stretch", "words", "edges"),
    [
        ("", (), {"^", "$", "long 0"}),
        ("Don’t go.", {"don't", "go", "."}, {"^don't", "^don't_go", "$.", "$go_.", "^<capital>"}),
        ("12:30 in 2019", {"<number>", "in", "<year>"}, {"^<digit>", "$<year>", "$in_<year>"}),
        ("👀 pic.twitter.com/abc", {"<symbol>", "<media>"}, {"^<other>", "$<symbol>_<media>"}),
        ("@ann #tag https://t.co/x", {"<mention>", "<hashtag>", "<link>"}, {"$<link>"}),
        ("した。", {"した", "。"}, {"^した", "$。", "$た。", "$した。"}),
        ("@ # x", {"@", "#", "x"}, {"^@", "$#_x"}),
    ],
)
def test_tokens(stretch: str, words: set[str], edges: set[str]) -> None:
    tokens = tokens_of(stretch)
    assert tokens.words == set(words)
    assert edges <= tokens.edges


@given(st.text(), st.text())
def test_blanks_around_a_stretch_change_nothing(stretch: str, tail: str) -> None:
    assert tokens_of(f" \n{stretch}\n ") == tokens_of(stretch)
    assert len(tokens_of(stretch + tail).words) <= 60


def test_more_words_count_less_each() -> None:
    wording = Wording({"words": {"a": [1, 0, 0], "b": [1, 2, 0]}, "edges": {"^a": [0, 5, 0]}})
    assert wording.weigh("a") == (2, 5, 0)
    assert wording.weigh("a b unknown").above == pytest.approx(2 * 2 / math.sqrt(2))
    assert wording.weigh("unknown") == (0, 0, 0)


@given(st.lists(WEIGHTS, min_size=2, max_size=12))
def test_chances_are_those_of_the_sums(weights: list[Weights]) -> None:
    chances = log_chances(weights)
    assert len(chances) == len(weights) - 1
    assert sum(map(math.exp, chances)) == pytest.approx(1)
    sums = [
        weights[place - 1].above
        + weights[place].opening
        + sum(w.inside for w in weights[place + 1 :])
        for place in range(1, len(weights))
    ]
    for chance, total in zip(chances, sums, strict=True):
        assert chance - chances[0] == pytest.approx(total - sums[0], abs=1e-6)


def test_stretches() -> None:
    text = "Above.\nLast line.\nOne. Two.\n— A"
    assert stretches(text, 0, [18, 23], 27) == ["Last line.", "One. ", "Two."]
    assert stretches(text, 12, [18, 23], 27) == ["line.", "One. ", "Two."]
    assert stretches(text, 0, [0], 6) == ["", "Above."]


def test_the_shipped_weights_speak() -> None:
    wording = shipped_wording()
    assert wording.weigh("BREAKING: the bridge is open").opening > 0
    lead = wording.weigh("She wrote on Twitter:")
    assert lead.above > lead.inside


@pytest.mark.parametrize("piece", ["a", "a ", "@", "@a ", "https://", "1.", "字", "'", "a'"])
def test_time_is_linear(piece: str) -> None:
    assert_linear(shipped_wording().weigh, lambda size: piece * (size // len(piece)), 50_000)
