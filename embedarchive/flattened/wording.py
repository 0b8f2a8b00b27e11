"""What words say of where a tweet starts: they stand above one, open it, or go on inside it. Pure.

Each word of a stretch of text, and how the stretch opens and ends, has three weights, one for each
of the three. They are the coefficients of a conditional logit over the places of an attribution,
fitted by benchmarks/_wording.py, and know words that were met at several sites only.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

_ABOVE = 160
"""Characters that are looked at above all places."""
_LONGEST = 600
"""Characters of a stretch that are read."""
_MOST_TOKENS, _MOST_WORDS = 80, 60
_TOKEN = re.compile(
    r"https?://\S+|pic\.(?:twitter|x)\.com/\w+|[@＠]\w+|[#＃]\w+|\d[\d.,:/]*"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]|_"
)
_UNSEPARATED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_SYMBOLS = 0x2190
"""From here on a code point that is no letter is an arrow, a picture or an emoji."""
_CJK_MARKS = range(0x3000, 0x3100)
_SHAPES = {"h": "<link>", "p": "<media>", "@": "<mention>", "＠": "<mention>"}


class Weights(NamedTuple):
    """Of one word or edge, and of a stretch their sum; larger is likelier."""

    above: float
    """That the tweet starts right behind it."""
    opening: float
    """That the tweet starts with it."""
    inside: float
    """That it stands in the tweet, further down."""


class Tokens(NamedTuple):
    """What a stretch is judged by."""

    words: set[str]
    """In lower case; pairs of characters where words are not separated."""
    edges: set[str]
    """How it opens (`^`) and ends (`$`), and about how long it is."""


def tokens_of(stretch: str) -> Tokens:
    """The words and edges of a stretch of text."""
    stretch = stretch[:_LONGEST].strip()
    tokens = _TOKEN.findall(stretch)[:_MOST_TOKENS]
    is_unseparated = _UNSEPARATED.search(stretch) is not None
    read = _pairs(tokens) if is_unseparated else list(map(_shape, tokens))
    edges = {f"^{'_'.join(read[:most])}" for most in (1, 2)}
    edges |= {f"${'_'.join(read[-most:])}" for most in (1, 2, 3)}
    edges.add(f"long {min(9, math.isqrt(len(stretch)) // 2)}")
    if stretch:
        edges.add(f"^{_case(stretch[0])}")
    if is_unseparated:
        edges |= {f"^{stretch[:2]}", f"${stretch[-2:]}", f"${stretch[-3:]}"}
    words = set(read)
    return Tokens(words if len(words) <= _MOST_WORDS else set(sorted(words)[:_MOST_WORDS]), edges)


def _pairs(tokens: Iterable[str]) -> list[str]:
    """The tokens, those in scripts without blanks in pairs of characters."""
    read: list[str] = []
    for token in tokens:
        if _UNSEPARATED.match(token):
            read += [a + b for a, b in pairwise(token)] or [token]
        else:
            read.append(_shape(token))
    return read


@lru_cache(maxsize=2048)  # a language's usual words, over and over
def _shape(token: str) -> str:
    if token.startswith(("http:", "https:", "pic.")):
        return _SHAPES[token[0]]
    first = token[0]
    if len(token) > 1 and first in "@＠":
        return "<mention>"
    if len(token) > 1 and first in "#＃":
        return "<hashtag>"
    if first.isdigit():
        return "<year>" if len(token) == 4 and token.isdigit() else "<number>"
    if ord(first) > _SYMBOLS and not first.isalpha() and ord(first) not in _CJK_MARKS:
        return "<symbol>"
    return token.lower().replace("’", "'")


def _case(first: str) -> str:
    if first.isupper():
        return "<capital>"
    return "<small>" if first.islower() else "<digit>" if first.isdigit() else "<other>"


class Wording:
    """The weights of words and edges."""

    def __init__(self, data: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
        """Read `{"words": {word: [above, opening, inside]}, "edges": {edge: [...]}}`."""
        self._words = {word: Weights(*weights) for word, weights in data["words"].items()}
        self._edges = {edge: Weights(*weights) for edge, weights in data["edges"].items()}

    def weigh(self, stretch: str) -> Weights:
        """A stretch's own weights: the more words it has, the less each counts."""
        tokens = tokens_of(stretch)
        words = self._words.keys() & tokens.words
        share = word_share(len(words))
        of_words = _sums(self._words, words)
        of_edges = _sums(self._edges, self._edges.keys() & tokens.edges)
        return Weights(
            *(share * one + other for one, other in zip(of_words, of_edges, strict=True))
        )


def _sums(weights: Mapping[str, Weights], names: Iterable[str]) -> tuple[float, float, float]:
    """Of the weights of some names; in their order, so that a sum is always the same."""
    above = opening = inside = 0.0
    for name in sorted(names):
        one, two, three = weights[name]
        above, opening, inside = above + one, opening + two, inside + three
    return above, opening, inside


def word_share(words: int) -> float:
    """What one of a stretch's known words counts, an edge counting 1."""
    return 2 / math.sqrt(words) if words else 0.0


def log_chances(weights: Sequence[Weights]) -> list[float]:
    """How likely a tweet starts with each stretch but the first, by words alone.

    Natural logarithms. The first stretch is the one above all places.
    """
    scores, inside = [], 0.0
    for above, own in reversed(list(pairwise(weights))):
        scores.append(above.above + own.opening + inside)
        inside += own.inside
    best = max(scores)
    total = best + math.log(sum(math.exp(score - best) for score in scores))
    return [score - total for score in reversed(scores)]


def stretches(text: str, floor: int, starts: Sequence[int], end: int) -> list[str]:
    """The line above the first place, not beyond `floor`, and the text from place to place."""
    above = text[max(floor, starts[0] - _ABOVE) : starts[0]].rstrip()
    parts = [text[start:stop] for start, stop in pairwise([*starts, end])]
    return [above[above.rfind("\n") + 1 :], *parts]


@cache
def shipped_wording() -> Wording:
    """The weights that come with the package, read once."""
    return Wording(json.loads(files(__package__).joinpath("wording.json").read_text("utf-8")))
