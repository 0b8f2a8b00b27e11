"""The scorer gives what a plain walk through the trees gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.flattened.rows import FEATURES
from embedarchive.flattened.scorer import Model, shipped_model

NUMBERS = st.integers(-3, 3).map(float)
TREES = st.recursive(
    NUMBERS,
    lambda node: st.tuples(st.integers(0, 2), NUMBERS, node, node).map(list),
    max_leaves=12,
)


def walk(node: Any, row: list[float]) -> float:
    while isinstance(node, list):
        feature, threshold, below, above = node
        node = below if row[feature] <= threshold else above
    return float(node)


@given(st.lists(TREES, min_size=1, max_size=5), st.lists(NUMBERS, min_size=3, max_size=3))
def test_scores_as_a_walk_does(trees: list[Any], row: list[float]) -> None:
    model = Model({"features": ["a", "b", "c"], "temperature": 1, "trees": trees})
    assert model.score(row) == pytest.approx(sum(walk(tree, row) for tree in trees))


def test_the_shipped_model_fits_the_rows() -> None:
    model = shipped_model()
    assert model.features == FEATURES
    assert 0.5 < model.temperature < 2
