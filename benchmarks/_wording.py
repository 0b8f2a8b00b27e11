"""Learn what words say of where a tweet starts: the weights of `embedarchive.flattened.wording`.

A conditional logit over the places of each attribution: a place's score is what the words above it
say for standing above, its own for opening a tweet, those further down for standing inside. The
loss is convex; L-BFGS finds its least. Needs: pip install numpy scipy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from embedarchive.flattened.wording import Tokens, word_share

_SITES = 3
"""A word counts that was met at so many sites."""
_DAMPING = 100.0
"""Times the weights' squares, on the sum of the cases' losses: 30 to 300 do about as well."""
_STEPS = 40
_GROUPS = 4

Array = np.ndarray[Any, Any]


@dataclass
class Texts:
    """What the words of some cases are fitted to, all cases' stretches one below the other."""

    counts: csr_matrix
    """Stretches by known tokens."""
    first: Array
    """The number of each case's first stretch, the one above all places, and of the last's end."""
    case: Array
    """Of each stretch the number of its case."""


class Vocabulary:
    """The tokens that count: those of several sites."""

    def __init__(self, cases: Sequence[Any]) -> None:
        """Read cases with `sites` and `tokens` (`Tokens` of each stretch)."""
        sites: tuple[dict[str, set[str]], ...] = (defaultdict(set), defaultdict(set))
        for case in cases:
            for tokens in case.tokens:
                for found, names in zip(sites, tokens, strict=True):
                    for name in names:
                        found[name] |= case.sites
        words, edges = (
            sorted(name for name, at in found.items() if len(at) >= _SITES) for found in sites
        )
        self.words = {name: number for number, name in enumerate(words)}
        self.edges = {name: number for number, name in enumerate(edges, len(words))}

    def __len__(self) -> int:
        return len(self.words) + len(self.edges)

    def read(self, cases: Sequence[Any]) -> Texts:
        columns: list[int] = []
        values: list[float] = []
        ends, first = [0], [0]
        for case in cases:
            for tokens in case.tokens:
                self._add(tokens, columns, values)
                ends.append(len(columns))
            first.append(len(ends) - 1)
        shape = (len(ends) - 1, len(self))
        counts = csr_matrix((np.array(values), np.array(columns, int), np.array(ends)), shape=shape)
        return Texts(counts, np.array(first), np.repeat(np.arange(len(cases)), np.diff(first)))

    def _add(self, tokens: Tokens, columns: list[int], values: list[float]) -> None:
        words = sorted(self.words[word] for word in tokens.words if word in self.words)
        edges = sorted(self.edges[edge] for edge in tokens.edges if edge in self.edges)
        columns += words + edges
        values += [word_share(len(words))] * len(words) + [1.0] * len(edges)

    def as_data(self, weights: Array) -> dict[str, dict[str, list[float]]]:
        """What `Wording` reads."""
        rounded = np.round(weights, 2).tolist()
        return {
            "words": {name: rounded[number] for name, number in self.words.items()},
            "edges": {name: rounded[number] for name, number in self.edges.items()},
        }


def _chances(texts: Texts, weights: Array) -> Array:
    """Of each stretch the logarithm of its chance to open the tweet; the first ones have none."""
    own = texts.counts @ weights
    below = np.cumsum(own[:, 2])
    inside = below[texts.first[1:] - 1][texts.case] - below
    scores = np.concatenate(([0.0], own[:-1, 0])) + own[:, 1] + inside
    scores[texts.first[:-1]] = -np.inf
    best = np.maximum.reduceat(scores, texts.first[:-1])[texts.case]
    total = np.add.reduceat(np.exp(scores - best), texts.first[:-1])
    return scores - best - np.log(total)[texts.case]


def fit(cases: Sequence[Any], vocabulary: Vocabulary) -> Array:
    """The three weights of each token, under which the true places are likeliest."""
    cases = [case for case in cases if case.tokens and case.truth.any()]
    texts = vocabulary.read(cases)
    turned = texts.counts.T.tocsr()
    truth = np.concatenate([[0.0, *(case.truth / case.truth.sum())] for case in cases])
    counted = np.array([case.weight for case in cases])[texts.case]

    def loss(flat: Array) -> tuple[float, Array]:
        chances = _chances(texts, flat.reshape(-1, 3))
        value = -(counted * truth * np.where(truth > 0, chances, 0)).sum()
        opening = counted * (np.exp(chances) - truth)
        summed = np.cumsum(opening)
        inside = summed - opening - (summed - opening)[texts.first[:-1]][texts.case]
        above = np.concatenate((opening[1:], [0.0]))
        slope = turned @ np.stack([above, opening, inside], axis=1)
        return value + _DAMPING * (flat**2).sum(), slope.ravel() + 2 * _DAMPING * flat

    start = np.zeros(3 * len(vocabulary))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(found.x.reshape(-1, 3))


def fill(cases: Sequence[Any], vocabulary: Vocabulary, weights: Array) -> None:
    """Write into the cases' rows, at their end, what the words say."""
    cases = [case for case in cases if case.tokens]
    if cases:
        texts = vocabulary.read(cases)
        chances = _chances(texts, weights)
        for case, first, end in zip(cases, texts.first, texts.first[1:], strict=False):
            case.rows[:, -1] = chances[first + 1 : end]


def fill_crossed(cases: Sequence[Any], vocabulary: Vocabulary) -> None:
    """The same for cases that are learned from: by weights that know nothing of their sites."""
    sizes: dict[str, int] = defaultdict(int)
    for case in cases:
        for site in case.sites:
            sizes[site] += 1
    loads, groups = [0] * _GROUPS, {}
    for site in sorted(sizes, key=lambda name: (-sizes[name], name)):
        groups[site] = loads.index(min(loads))
        loads[groups[site]] += sizes[site]
    sets: dict[frozenset[int], list[Any]] = defaultdict(list)
    for case in cases:
        sets[frozenset(groups[site] for site in case.sites)].append(case)
    for held_out, part in sets.items():
        known = [c for c in cases if not any(groups[site] in held_out for site in c.sites)]
        fill(part, vocabulary, fit(known, vocabulary))
