"""Boosted trees, read from JSON, score rows of numbers in pure Python. Never trains.

All trees of a model are asked at once: each leaf is one bit of a long integer, and each feature's
value rules out, by one AND, the leaves that it cannot reach (the QuickScorer method, Lucchese et
al., SIGIR 2015). In each tree the lowest bit left is the leaf that the walk would end in.
"""

from __future__ import annotations

import json
import struct
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

_LEAVES = 16
"""Of one tree, at most: the width of its slot in the integer."""


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
        self._tests = [
            (index, *_masks(sorted(found), self._full)) for index, found in enumerate(cuts) if found
        ]
        self._slots = struct.Struct(f"<{len(trees)}H")

    def score(self, row: Sequence[float]) -> float:
        """The score of one row of `features` values; larger is likelier."""
        alive = self._full
        for index, thresholds, masks in self._tests:
            alive &= masks[bisect_left(thresholds, row[index])]
        slots = self._slots.unpack(alive.to_bytes(self._slots.size, "little"))
        total = 0.0
        for values, slot in zip(self._values, slots, strict=True):
            total += values[(slot & -slot).bit_length() - 1]
        return total


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
