"""Boosted trees, read from JSON, score rows of numbers in pure Python. Never trains.

All trees of a model are asked at once: each leaf is one bit of a long integer, and each feature's
value rules out, by one AND, the leaves that it cannot reach (the QuickScorer method, Lucchese et
al., SIGIR 2015). In each tree the lowest bit left is the leaf that the walk would end in; all are
cut out and told apart by a few operations on the whole integer.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from operator import getitem
from typing import Any

_LEAVES = 16
"""Of one tree, at most: the width of its slot in the integer, which is two bytes."""
_NUMBERS = bytes(max(byte.bit_length() - 1, 0) for byte in range(256))
_NUMBERS_ABOVE = bytes(byte and byte.bit_length() + 7 for byte in range(256))
"""The number of the one leaf left in the lower and in the upper byte of a slot; 0 in the other."""


class Model:
    """Trees over named features; a row's score is the sum of one leaf per tree."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Read `{"features": [name], "temperature": number, "trees": [node]}`.

        A node is a leaf's value, or `[feature, threshold, node if value <= threshold, node else]`.
        """
        self.features: tuple[str, ...] = tuple(data["features"])
        self.temperature = float(data["temperature"])
        trees = data["trees"]
        self._values: list[list[float]] = []
        cuts: list[list[tuple[float, int]]] = [[] for _ in self.features]
        for number, tree in enumerate(trees):
            values: list[float] = []
            _number_leaves(tree, values, number * _LEAVES, cuts)
            self._values.append(values)
        self._full = (1 << (_LEAVES * len(trees))) - 1
        self._first_leaves = sum(1 << (_LEAVES * number) for number in range(len(trees)))
        self._tests = [
            (index, min(found)[0], *_masks(sorted(found), self._full))
            for index, found in enumerate(cuts)
            if found
        ]

    def score(self, row: Sequence[float]) -> float:
        """The score of one row of `features` values; larger is likelier."""
        alive = self._full
        for index, lowest, thresholds, masks in self._tests:
            value = row[index]
            if value > lowest:  # half of the values rule out nothing
                alive &= masks[bisect_left(thresholds, value)]
        return sum(map(getitem, self._values, self._leaves(alive)))

    def _leaves(self, alive: int) -> bytes:
        """The number of each tree's first leaf that is alive."""
        count = len(self._values)
        slots = (alive & ~(alive - self._first_leaves)).to_bytes(2 * count, "little")
        lower = int.from_bytes(slots[::2].translate(_NUMBERS), "little")
        upper = int.from_bytes(slots[1::2].translate(_NUMBERS_ABOVE), "little")
        return (lower | upper).to_bytes(count, "little")


def _number_leaves(
    node: Any, values: list[float], base: int, cuts: list[list[tuple[float, int]]]
) -> None:
    """Append the leaves of a subtree from left to right, and each cut with what it rules out."""
    if not isinstance(node, list):
        values.append(float(node))
        return
    feature, threshold, below, above = node
    first = len(values)
    _number_leaves(below, values, base, cuts)
    ruled_out = ((1 << (len(values) - first)) - 1) << (base + first)
    cuts[feature].append((threshold, ruled_out))
    _number_leaves(above, values, base, cuts)


def _masks(cuts: Sequence[tuple[float, int]], full: int) -> tuple[list[float], list[int]]:
    """The thresholds, rising, and what is left where the first n of them lie below the value."""
    masks = [full]
    for _, ruled_out in cuts:
        masks.append(masks[-1] & ~ruled_out)
    return [threshold for threshold, _ in cuts], masks


@cache
def shipped_model() -> Model:
    """The model that comes with the package, read once."""
    return Model(json.loads(files(__package__).joinpath("weights.json").read_text("utf-8")))
