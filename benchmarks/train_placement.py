"""Train the scorer of `embedarchive.flattened`; print cross-validated tables; write the weights.

    EMBEDARCHIVE_SHARED=../shared python benchmarks/train_placement.py WORK [--mixes N] [--write]
    ... [--seed N] [--folds N] [--sites SHARE]   # how far the figures can be trusted

WORK is a folder for the flattenings (see flattenings.py; _extractors.py names what to install).
They are made once. Needs besides: pip install numpy scipy lightgbm. Each fold's scorer has seen no
text of the fold's sites, neither as an article nor as a tweet set into another site's article.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import _wording
import flattenings
import lightgbm
import numpy as np

from embedarchive.flattened import placement
from embedarchive.flattened.attributions import find_attributions
from embedarchive.flattened.layout import Layout
from embedarchive.flattened.model import Attribution
from embedarchive.flattened.placement import hindrance
from embedarchive.flattened.places import Place, Window, find_window
from embedarchive.flattened.rows import FEATURES, make_rows
from embedarchive.flattened.sheet import Sheet
from embedarchive.flattened.wording import Tokens, stretches, tokens_of

SHARED = Path(os.environ.get("EMBEDARCHIVE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
WEIGHTS = Path(placement.__file__).with_name("weights.json")
WORDING = WEIGHTS.with_name("wording.json")

# Blanks, quote marks and markup: a start that differs in these only is the same start.
_NOTHING = frozenset(" \n\t\r\u3000\xa0\u200b>*_\\|[]`~<")
_FOLDS = 5
_ROUNDS = 300
_SOURCES = (("pages", 0.5, 0.4), ("mixes", 1.0, 1.0), ("swaps", 1.0, 1.0))
"""Of each kind of flattening, what an attribution weighs against one of the evaluation set's own
texts, and the share that is used."""

# Where it is known beforehand which way a feature can only speak, the trees are held to it: what
# is rare in the training texts would else be bent by the few sites that have it.
_RISING = ("prev_cue", "prev_handle", "overlap_prev", "long_post", "language_change", "wording")
_FALLING = ("line_repeated", "fill", "core_fill", "prev_bare")
_PARAMETERS: dict[str, Any] = {
    "num_leaves": 15,
    "learning_rate": 0.08,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
    "max_bin": 63,
    "use_missing": False,
    "num_threads": 1,
    "verbose": -1,
    "monotone_constraints": [(n in _RISING) - (n in _FALLING) for n in FEATURES],
}


@dataclass
class Case:
    """One attribution with its places and the truth."""

    sites: frozenset[str]
    layout: str
    weight: float
    is_settled: bool
    rows: np.ndarray[Any, Any]
    truth: np.ndarray[Any, Any]
    tokens: list[Tokens]
    """Of the stretch above all places and of each place's; none where code settles the start."""
    scores: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(0))


# --- cases -------------------------------------------------------------------------------------


def same_start(text: str, one: int, other: int) -> bool:
    return _NOTHING.issuperset(text[min(one, other) : max(one, other)])


def layout_name(text: str, layout: Layout, attribution: Attribution) -> str:
    own = layout.lines[layout.line_at(attribution.start)]
    if own.depth:
        return "quoted"
    if layout.is_broken:
        return "broken"
    if layout.is_one_line:
        return "one line"
    if own.start < attribution.start:
        return "glued"
    if own.indent:
        return "indented, blank line" if own.gap else "indented"
    return "blank line" if own.gap else "tight"


def read_cases(job: tuple[str, list[str], float]) -> list[Case]:
    """The cases of some JSON lines."""
    cases = []
    for line in job[1]:
        record = json.loads(line)
        text = record["text"]
        attributions = find_attributions(text)
        if not attributions or not record["tweets"]:
            continue
        sites = frozenset(record.get("sites") or [record["site"]])
        sheet = Sheet(text, attributions)
        for tweet in record["tweets"]:
            at = tweet.get("handle_at", tweet.get("attr_start"))
            found = (n for n, a in enumerate(attributions) if a.start <= at < a.end)
            index = next(found, None)
            if index is None or tweet.get("orphan"):
                continue
            window = find_window(text, sheet.layout, attributions, index)
            rows = make_rows(sheet, attributions, index, window) if window.places else []
            places = window.places[len(window.places) - len(rows) :]
            cases.append(
                Case(
                    sites,
                    layout_name(text, sheet.layout, attributions[index]),
                    job[2],
                    bool(window.settled),
                    np.array(rows, dtype=np.float32).reshape(-1, len(FEATURES)),
                    np.array([same_start(text, p.start, tweet["start"]) for p in places], float),
                    _tokens(text, attributions, index, window, places) if rows else [],
                )
            )
    return cases


def _tokens(
    text: str,
    attributions: Sequence[Attribution],
    index: int,
    window: Window,
    places: Sequence[Place],
) -> list[Tokens]:
    """As the rows' makers see them; each word held once."""
    if window.settled:
        return []
    floor = attributions[index - 1].end if index else 0
    parts = stretches(text, floor, [place.start for place in places], window.end)
    return [Tokens(*(set(map(sys.intern, names)) for names in tokens_of(p))) for p in parts]


def load_cases(path: Path, weight: float, share: float, processes: int) -> list[Case]:
    rng = random.Random(5)
    with open(path, encoding="utf-8") as lines:
        kept = [line for line in lines if rng.random() < share]
    jobs = [(path.name, kept[n : n + 100], weight) for n in range(0, len(kept), 100)]
    with Pool(processes) as pool:
        return [case for cases in pool.imap(read_cases, jobs) for case in cases]


def load_flattenings(work: Path, share: float, processes: int) -> list[Case]:
    """The cases of all flattenings in a folder, or of a share of them."""
    return [
        case
        for name, weight, part in _SOURCES
        for case in load_cases(work / f"{name}.jsonl", weight, part * share, processes)
    ]


# --- training ----------------------------------------------------------------------------------


def _softmax_loss(sizes: Sequence[int]) -> Any:
    """Gradient and Hessian of the likelihood of the true place among a case's places."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)

    def loss(scores: Any, data: Any) -> tuple[Any, Any]:
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        chances = powers / np.add.reduceat(powers, starts)[owner]
        weight = data.get_weight()
        curvature = np.maximum(chances * (1 - chances), 1e-3)
        return (chances - data.get_label()) * weight, curvature * weight

    return loss


def fit(cases: Sequence[Case], rounds: int, seed: int = 0) -> lightgbm.Booster:
    """A scorer; what code settles is left out."""
    cases = [case for case in cases if case.truth.any() and not case.is_settled]
    sizes = [len(case.rows) for case in cases]
    data = lightgbm.Dataset(
        np.concatenate([case.rows for case in cases]),
        np.concatenate([case.truth / case.truth.sum() for case in cases]),
        weight=np.repeat([case.weight for case in cases], sizes),
    )
    parameters = {**_PARAMETERS, "objective": _softmax_loss(sizes), "seed": seed}
    return lightgbm.train(parameters, data, num_boost_round=rounds)


def learn(
    own: Sequence[Case],
    more: Sequence[Case],
    rounds: int,
    judged: Sequence[Case] = (),
    seed: int = 0,
) -> tuple[lightgbm.Booster, dict[str, Any]]:
    """A scorer and the weights of words that it needs, also written into the rows to be judged."""
    vocabulary = _wording.Vocabulary(own)
    cases = [*own, *more]
    weights = _wording.fit(cases, vocabulary)
    _wording.fill(judged, vocabulary, weights)
    _wording.fill_crossed(cases, vocabulary)
    return fit(cases, rounds, seed), vocabulary.as_data(weights)


def folds_of(cases: Sequence[Case], number: int = _FOLDS) -> dict[str, int]:
    """Sites to folds, the largest first, so that folds hold about as many cases."""
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        counts[min(case.sites)] += 1
    loads, folds = [0] * number, {}
    for site in sorted(counts, key=lambda name: (-counts[name], name)):
        folds[site] = loads.index(min(loads))
        loads[folds[site]] += counts[site]
    return folds


def cross_validate(
    own: Sequence[Case], more: Sequence[Case], rounds: int, options: argparse.Namespace
) -> None:
    """Give each case the scores of a scorer that knows nothing of its site."""
    folds = folds_of(own, options.folds)
    draw = random.Random(options.seed)
    for number in range(options.folds):
        held_out = {site for site, fold in folds.items() if fold == number}
        others = sorted(folds.keys() - held_out)
        hidden = set(draw.sample(others, round((1 - options.sites) * len(others))))
        judged = [case for case in own if case.sites & held_out]
        model, _ = learn(
            [case for case in own if not case.sites & (held_out | hidden)],
            [case for case in more if not case.sites & (held_out | hidden)],
            rounds,
            judged,
            options.seed,
        )
        for case in judged:
            if len(case.rows):
                case.scores = model.predict(case.rows) - [hindrance(row) for row in case.rows]


# --- tables ------------------------------------------------------------------------------------


def chances(case: Case, temperature: float) -> np.ndarray[Any, Any]:
    powers = np.exp((case.scores - case.scores.max()) / temperature)
    return powers / powers.sum()


def best_temperature(cases: Sequence[Case]) -> float:
    """The one under which the truth is likeliest."""
    usable = [c for c in cases if len(c.rows) and c.truth.any() and not c.is_settled]

    def loss(temperature: float) -> float:
        return -sum(np.log(chances(c, temperature) @ c.truth + 1e-9) for c in usable)

    return min((t / 100 for t in range(60, 200, 5)), key=loss)


def outcomes(cases: Sequence[Case], temperature: float) -> Iterator[tuple[Case, int, float]]:
    """Each case with the rank of the truth (9 where it is no place) and the first's chance."""
    for case in cases:
        if not len(case.rows):
            yield case, 9, 1.0
        elif case.is_settled:
            yield case, 0 if case.truth[0] else 9, placement.SETTLED_CONFIDENCE
        else:
            chance = chances(case, temperature)
            ranks = np.flatnonzero(case.truth[np.argsort(-chance)])
            yield case, int(ranks[0]) if len(ranks) else 9, float(chance.max())


def print_tables(cases: Sequence[Case], temperature: float) -> None:
    results = list(outcomes(cases, temperature))
    by_site: dict[str, list[int]] = defaultdict(list)
    by_layout: dict[str, list[int]] = defaultdict(list)
    for case, rank, _ in results:
        by_site[min(case.sites)].append(rank == 0)
        by_layout[case.layout].append(rank == 0)
    sites = list(by_site.values())
    rng = np.random.default_rng(0)
    draws = [[sites[n] for n in rng.integers(0, len(sites), len(sites))] for _ in range(1000)]
    for name, measure in (
        ("micro", lambda groups: np.mean(np.concatenate(groups))),
        ("macro", lambda groups: np.mean([np.mean(group) for group in groups])),
    ):
        low, high = np.percentile([measure(draw) for draw in draws], (2.5, 97.5))
        print(f"{name} {measure(sites):.3f}  (95 %: {low:.3f} to {high:.3f})")
    for top in (2, 3):
        print(f"in the top {top}: {np.mean([rank < top for _, rank, _ in results]):.3f}")
    for layout, hits in sorted(by_layout.items(), key=lambda item: -len(item[1])):
        print(f"  {layout:22s} {np.mean(hits):.3f}  of {len(hits)}")
    print(f"calibration (temperature {temperature})")
    bounds = (0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.001)
    for low, high in pairwise(bounds):
        hits = [rank == 0 for _, rank, chance in results if low <= chance < high]
        if hits:
            print(f"  {low:.2f} to {min(high, 1):.2f}: {len(hits):5d}  right {np.mean(hits):.3f}")
    sure = [rank == 0 for _, rank, chance in results if chance >= 0.9]
    print(f"  >= 0.9: {len(sure) / len(results):.3f} of all, right {np.mean(sure):.3f}")


# --- the weights -------------------------------------------------------------------------------


def _node(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return float(f"{node['leaf_value']:.4g}")
    threshold = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], threshold, _node(node["left_child"]), _node(node["right_child"])]


def write_weights(model: lightgbm.Booster, wording: dict[str, Any], temperature: float) -> None:
    trees = [_node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    data = {"features": FEATURES, "temperature": temperature, "trees": trees}
    for path, written in ((WEIGHTS, data), (WORDING, wording)):
        shown = json.dumps(written, separators=(",", ":"), ensure_ascii=False)
        path.write_text(f"{shown}\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("work", type=Path)
    parser.add_argument("--mixes", type=int, default=3800)
    parser.add_argument("--rounds", type=int, default=_ROUNDS)
    parser.add_argument("--share", type=float, default=1.0, help="of the flattenings to use")
    parser.add_argument("--folds", type=int, default=_FOLDS)
    parser.add_argument("--sites", type=float, default=1.0, help="share of them to train on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write weights.json from all sites")
    options = parser.parse_args()
    if not (options.work / "swaps.jsonl").exists():
        flattenings.write_flattenings(SHARED, options.work, options.mixes, options.processes)
    begun = time.monotonic()
    own = load_cases(SHARED / "evalset/dev.jsonl", 1.0, 1.0, options.processes)
    more = load_flattenings(options.work, options.share, options.processes)
    print(
        f"{len(own)} cases, {len(more)} more; read in {time.monotonic() - begun:.0f} s", flush=True
    )
    cross_validate(own, more, options.rounds, options)
    temperature = best_temperature(own)
    print_tables(own, temperature)
    if options.write:
        write_weights(*learn(own, more, options.rounds, seed=options.seed), temperature)
    print(f"done in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
