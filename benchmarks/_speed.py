"""How long reading takes, on one core and in memory, in processor time. Prints nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from _material import make_document
from _pages import PagesResult
from _tables import lay_out

from embedarchive import sifting
from embedarchive.models import Document
from embedarchive.scan import scan

ROUNDS = 3
_PIECE = 5_000

_T = TypeVar("_T")


def use_core_packages_alone() -> None:
    """Asks Hyperscan nothing from here on, as if the extra `corpora` were not installed."""
    sifting.is_fast = lambda: False


def seconds(work: Callable[[_T], object], items: Sequence[_T], *, rounds: int = ROUNDS) -> float:
    """The fastest of some rounds over all items: what else a machine does only ever adds."""
    return min(_round(work, items) for _ in range(rounds))


def _round(work: Callable[[_T], object], items: Sequence[_T]) -> float:
    begun = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - begun


def flattened_milliseconds(lines: Sequence[dict[str, Any]]) -> list[float]:
    """The open set's texts with two attributions."""
    pairs = [make_document(line["text"]) for line in lines if len(line["tweets"]) == 2]
    return [seconds(scan, [document]) * 1000 for document in pairs]


def plain_pieces(lines: Sequence[dict[str, Any]]) -> list[Document]:
    """Text without references, in documents of 5 kB, cut from the open set's negatives."""
    pieces = [
        make_document(line["text"][at : at + _PIECE])
        for line in lines
        if not line["tweets"]
        for at in range(0, len(line["text"]) - _PIECE + 1, _PIECE)
    ]
    return [piece for piece in pieces if not scan(piece)]


def megabytes_per_second(
    work: Callable[[Document], object], documents: Sequence[Document]
) -> float:
    """Over all of the documents, the fastest of some rounds."""
    size = sum(len(document.content) for document in documents)
    return size / 1e6 / seconds(work, documents, rounds=2 * ROUNDS)


def table_of_speed(
    lines: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]], pages: Sequence[PagesResult]
) -> str:
    """Goals beside figures; pages a second over the pages that hold embeds, and our lead."""
    with_embeds = [entry["doc"] for entry in gold if entry["embeds"]]
    taken = [sum(result.seconds[doc] for doc in with_embeds) for result in pages]
    flattened = statistics.median(flattened_milliseconds(lines))
    plain = megabytes_per_second(scan, plain_pieces(lines))
    rows: list[list[object]] = [
        ["flattened text, 2 attributions", f"{flattened:.2f} ms", "<= 4 ms"],
        ["no reference", f"{plain:.0f} MB/s", ">= 100 MB/s"],
    ]
    for result, cost in zip(pages, taken, strict=True):
        rate = f"{len(with_embeds) / cost:.1f} pages/s"
        lead = f"ours is {cost / taken[0]:.1f} times faster (>= 10)"
        rows.append([f"pages with embeds: {result.name}", rate, "" if result is pages[0] else lead])
    title = "(f) Speed, one core, core packages alone, processor time"
    return lay_out(title, ("what", "figure", "goal"), rows)
