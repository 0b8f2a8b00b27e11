"""The open set's sites in folds → for each fold a scorer that never saw its sites. Trains."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from embedarchive.flattened.rows import FEATURES
from embedarchive.flattened.scorer import Model, shipped_model
from embedarchive.flattened.wording import Wording

_PROCESSES = 2
_OWN_WEIGHT = 1.001
"""LightGBM drops weights that are all 1, and the loss asks for them."""


def fold_models(
    shared: Path, work: Path | None, share: float = 1.0
) -> Iterator[tuple[set[str], Model, Wording]]:
    """Each fold's sites, scorer and weights of words, fitted as `train_placement.py` does.

    `work` holds the flattenings that were made for training, of which `share` is used; without
    them the scorers learn from the set's own texts alone, and know less than the shipped one.
    Raises ImportError where what training needs is not installed.
    """
    train = import_module("train_placement")
    own = train.load_cases(shared / "evalset" / "dev.jsonl", _OWN_WEIGHT, 1.0, _PROCESSES)
    more = train.load_flattenings(work, share, _PROCESSES) if work else []
    folds = train.folds_of(own)
    for number in sorted(set(folds.values())):
        held_out = {site for site, fold in folds.items() if fold == number}
        seen, further = (
            [case for case in cases if not case.sites & held_out] for cases in (own, more)
        )
        booster, wording = train.learn(seen, further, train._ROUNDS)
        yield held_out, _as_model(train, booster), Wording(wording)


def _as_model(train: Any, booster: Any) -> Model:
    trees = [train._node(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    # One number, found on what the scorers had not seen: it shifts confidences, not starts.
    temperature = shipped_model().temperature
    return Model({"features": FEATURES, "temperature": temperature, "trees": trees})
