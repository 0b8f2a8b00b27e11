"""Where tweets start: invented texts of each layout, bounds that always hold, the real set."""

from __future__ import annotations

import json
from collections.abc import Callable
from operator import add
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.flattened.attributions import find_attributions
from embedarchive.flattened.placement import KEPT, place, place_all
from embedarchive.flattened.places import find_window
from embedarchive.flattened.rows import FEATURES, make_rows
from embedarchive.flattened.sheet import Sheet
from tests.shared import shared
from tests.timing import assert_linear

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/flattened/placement.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
MARKUP = frozenset(" \n\t\r\u3000\xa0\u200b>*_\\|[]`~<")


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """A case's text without its marks, and the places of the tweets between them."""
    text, spans = "", []
    for number, piece in enumerate(marked.replace("⟧", "⟦").split("⟦")):
        if number % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    return text, spans


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_cases(case: dict[str, object]) -> None:
    text, spans = unmark(str(case["text"]))
    attributions = find_attributions(text)
    assert len(attributions) == len(spans)
    for readings, (start, end) in zip(place_all(text, attributions), spans, strict=True):
        found = [text[reading.start : reading.end] for reading in readings]
        assert text[start:end] in found[: case.get("top", 1)]


def test_quotations_and_orphans_say_so() -> None:
    text = (
        "> Words.\n>\n> — Ann Oak (@annoak77) July 1, 2020\n\n— Ben Elm (@benelm77) July 2, 2020\n"
    )
    quoted, orphan = place_all(text, find_attributions(text))
    assert quoted[0].flags == ("block",)
    assert orphan[0].flags == ("orphan",)
    assert orphan[0].start == orphan[0].end


def test_nothing_asked() -> None:
    assert place_all("no tweet here", []) == []


PIECES = st.sampled_from(
    [
        "Words of an article, quite long ones, that end like a sentence.",
        "short heading",
        "> quoted words",
        "    indented words",
        "@someone #tag https://t.co/aB3dE6gH9k",
        "pic.twitter.com/aB3dE6gH9k",
        ".",
        "* an item",
        "1.",
        "今日は雨だった。",
        "— Ann Oak (@annoak77) July 1, 2020",
        "> — Ben Elm (@benelm77) 2. Juni 2016",
        "Cy Fir (@cyfir77) May 3, 2019 and more",
    ]
)
BREAKS = st.sampled_from(["\n", "\n\n", " ", "", " \n", "\r\n", "\n>\n", "\n\n\n\n"])


@given(st.lists(st.tuples(PIECES, BREAKS), min_size=1, max_size=14))
def test_readings_keep_their_bounds(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + end for piece, end in pieces)
    attributions = find_attributions(text)
    floor = 0
    for index, readings in enumerate(place_all(text, attributions)):
        attribution = attributions[index]
        assert 1 <= len(readings) <= KEPT
        chances = [reading.confidence for reading in readings]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1 + 1e-9
        assert min(chances) >= 0
        for reading in readings:
            assert floor <= reading.start <= reading.end <= attribution.start
        assert readings == place(text, attributions, index)
        floor = attribution.end


@pytest.mark.parametrize("seed", range(3))
def test_a_crowd_is_read_as_if_it_ended_with_the_last_that_is_weighed(seed: int) -> None:
    chance = Random(seed)
    words = ["Words of an article, quite long ones, that go on and end like a sentence.", "short"]
    words += ["> quoted words", "    indented words", "@someone #tag https://t.co/aB3dE6gH9k", "1."]
    text = ""
    for _ in range(600):
        above = chance.choices(words, k=chance.randint(1, 3))
        breaks = chance.choices(["\n", "\n\n", " "], k=3)
        text += "".join(map(add, above, breaks)) + "\n" + ATTRIBUTION + "\n"
    attributions = find_attributions(text)
    placed = place_all(text, attributions)
    is_weighed = [readings[0].flags != ("not-weighed",) for readings in placed]
    weighed = is_weighed.index(False)
    assert 0 < weighed < 300 < len(attributions)
    assert not any(is_weighed[weighed:])
    first = attributions[:weighed]
    assert placed[:weighed] == place_all(text[: first[-1].end], first)


@given(st.lists(st.tuples(PIECES, BREAKS), min_size=1, max_size=10))
def test_rows_have_a_number_for_each_feature(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + end for piece, end in pieces)
    attributions = find_attributions(text)
    for index in range(len(attributions)):
        sheet = Sheet(text, attributions)
        window = find_window(text, sheet.layout, attributions, index)
        if window.places:
            rows = make_rows(sheet, attributions, index, window)
            assert 0 < len(rows) <= len(window.places)
            assert {len(row) for row in rows} == {len(FEATURES)}


ATTRIBUTION = "— Ann Oak (@annoak77) July 1, 2020\n"


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "a. " * size + ATTRIBUTION,
        lambda size: ")\n" * size + ATTRIBUTION,
        lambda size: " \t" * size + ATTRIBUTION,
        lambda size: "> " * size + "x\n" + ATTRIBUTION,
        lambda size: "](" * size + ATTRIBUTION,
        lambda size: "https://t.co/ " * (size // 5) + ATTRIBUTION,
        lambda size: "@@@#" * (size // 2) + ATTRIBUTION,
        lambda size: ("word " + ATTRIBUTION) * (size // 50),
        lambda size: "".join(" " * (n % 400) + "x\n" for n in range(size // 50)) + ATTRIBUTION,
    ],
    ids=range(9),
)
def test_hostile_texts_take_linear_time(make: Callable[[int], str]) -> None:
    assert_linear(lambda text: place_all(text, find_attributions(text)), make, 25_000)


def same_start(text: str, one: int, other: int) -> bool:
    return MARKUP.issuperset(text[min(one, other) : max(one, other)])


def test_on_the_evaluation_set() -> None:
    """A guard, not the figure: the shipped scorer was trained on these texts, too."""
    right = total = 0
    for line in shared("evalset/dev.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        attributions = find_attributions(text) if record["tweets"] else []
        truths = {tweet["attr_start"]: tweet for tweet in record["tweets"]}
        for attribution, readings in zip(attributions, place_all(text, attributions), strict=True):
            tweet = truths.get(attribution.start)
            if tweet and not tweet.get("orphan"):
                total += 1
                right += same_start(text, readings[0].start, tweet["start"])
                assert same_start(text, readings[0].end, tweet["end"])
    assert total > 1_400
    assert right / total > 0.95
