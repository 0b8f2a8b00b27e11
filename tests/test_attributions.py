"""Attributions in flattened text: found whole, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.flattened.attributions import find_attributions
from embedarchive.flattened.model import Attribution
from tests.timing import assert_linear

from .shared import shared

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "flattened" / "attributions.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"] or case["text"][:30])
def test_attributions_are_found_whole(case: dict[str, Any]) -> None:
    text = case["text"]
    found = [_facts(text, a) for a in find_attributions(text)]
    assert [{k: f[k] for k in e} for f, e in zip(found, case["expect"], strict=False)] == case[
        "expect"
    ]
    assert len(found) == len(case["expect"])


def _facts(text: str, found: Attribution) -> dict[str, Any]:
    return {
        "raw": text[found.start : found.end],
        "name": found.name,
        "handle": found.handle,
        "date": found.date.isoformat() if found.date else None,
        "url": found.url,
        "network": found.network,
    }


PIECES = st.sampled_from(
    [
        "— ",
        "-- ",
        " (@ada_q)",
        "(@a.b)",
        " March 3, 2019",
        "[March 3,\n> 2019]",
        "](https://x.com/",
        "a/status/12)",
        "\n\n",
        "\n> ",
        "Ada",
        "(",
        ")",
        "[",
        "]",
        "[8]: https://x.com/a/status/1\n",
        " ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))
def test_any_text_gives_ordered_places(text: str) -> None:
    end = 0
    for found in find_attributions(text):
        assert end <= found.start < found.end <= len(text)
        assert f"@{found.handle}" in text[found.start : found.end].replace("\\", "")
        end = found.end


@pytest.mark.parametrize(
    "pump",
    ["(@a) ", "— a ", "— a (@a) ", "(@a", "(@", "(@a) [", "(@a) [March 3, 2019](https://", "(@a)\n",
     "— a (@a) [March 3, 2019][8]\n", "[8]: https://x.com/a/status/12\n", "(@a) 1 ", "(((@",
     "> ", "- "],
)  # fmt: skip
def test_time_is_linear(pump: str) -> None:
    assert_linear(find_attributions, lambda times: "(@a) " + pump * times, 2_000)


def test_the_open_set() -> None:
    with shared("evalset/dev.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            gold = [(t["attr_start"], t["handle"].lower(), t["date"]) for t in row["tweets"]]
            found = [
                (a.start, a.handle.lower(), str(a.date))
                for a in find_attributions(row["text"])
                if a.network == "x"
            ]
            assert sorted(found) == sorted(gold), row["doc"]


def test_more_attributions_than_any_text_holds_are_left_alone() -> None:
    """They would take for ever; and those of a long list of posts are all there."""
    crowded = "x\n— A (@a) May 2, 2020\n"
    assert len(find_attributions(crowded * 20_000)) < 20_000 * len(crowded) / 100
    post = "The ferry left on time, and nobody at the pier would say why.\n— Ada Quill (@ada_quill)"
    posts = [
        f"{post} May {1 + number % 28}, 2020\n\n{'It was late. ' * 4}\n\n" for number in range(900)
    ]
    assert len(find_attributions("".join(posts))) == 900
