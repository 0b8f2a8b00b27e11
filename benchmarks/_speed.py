"""How long reading takes, on one core and in memory. Prints nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from _material import make_document
from _pages import PagesResult
from _tables import lay_out

from embedarchive.models import Document
from embedarchive.scan import scan

_PIECE = 5_000
_ROUNDS = 3
_ENOUGH = 10_000_000
"""Characters read for the throughput."""


def seconds_of(document: Document) -> float:
    """The fastest of a few readings: what disturbs a machine only ever adds."""
    return min(_once(document) for _ in range(_ROUNDS))


def flattened_milliseconds(lines: Sequence[dict[str, Any]]) -> float:
    """The median over the open set's texts with two attributions."""
    pairs = [make_document(line["text"]) for line in lines if len(line["tweets"]) == 2]
    return statistics.median(seconds_of(document) for document in pairs) * 1000


def plain_megabytes_per_second(lines: Sequence[dict[str, Any]]) -> float:
    """Text without references, in documents of 5 kB, cut from the open set's negatives."""
    pieces = [
        make_document(line["text"][at : at + _PIECE])
        for line in lines
        if not line["tweets"]
        for at in range(0, len(line["text"]) - _PIECE + 1, _PIECE)
    ]
    pieces = [piece for piece in pieces if not scan(piece)]
    size = sum(len(piece.content) for piece in pieces)
    rounds = max(1, _ENOUGH // max(size, 1))
    begun = time.perf_counter()
    for _ in range(rounds):
        for piece in pieces:
            scan(piece)
    return rounds * size / 1e6 / (time.perf_counter() - begun)


def table_of_speed(
    lines: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]], pages: Sequence[PagesResult]
) -> str:
    """Goals beside figures; pages a second over the pages that hold embeds, and our lead."""
    with_embeds = [entry["doc"] for entry in gold if entry["embeds"]]
    taken = [sum(result.seconds[doc] for doc in with_embeds) for result in pages]
    rows: list[list[object]] = [
        ["flattened text, 2 attributions", f"{flattened_milliseconds(lines):.2f} ms", "<= 4 ms"],
        ["no reference", f"{plain_megabytes_per_second(lines):.0f} MB/s", ">= 100 MB/s"],
    ]
    for result, seconds in zip(pages, taken, strict=True):
        rate = f"{len(with_embeds) / seconds:.1f} pages/s"
        lead = f"ours is {seconds / taken[0]:.1f} times faster (>= 10)"
        rows.append([f"pages with embeds: {result.name}", rate, "" if result is pages[0] else lead])
    return lay_out("(f) Speed, one core, one run", ("what", "figure", "goal"), rows)


def _once(document: Document) -> float:
    begun = time.perf_counter()
    scan(document)
    return time.perf_counter() - begun
